"""A real mail server on loopback (aiosmtpd) that keeps what it takes and misbehaves where a test asks for it."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from flask import Flask

from tests.servers import free_port


@dataclass
class Received:
    sender: str
    receivers: list[str]
    content: bytes

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.content, policy=policy.default)  # type: ignore[return-value]

    @property
    def raw_headers(self) -> list[str]:
        return [name for name, _ in message_from_bytes(self.content).items()]

    def words(self, name: str) -> str:
        """A header as a mail program shows it (the new parser of Python 3.11 puts spaces into long names)."""
        return str(make_header(decode_header(message_from_bytes(self.content)[name])))


@dataclass
class Postbox:
    """`answers` gives the server's answer to the address of RCPT, or to DATA under the key "DATA <address>"."""

    port: int = field(default_factory=free_port)
    answers: dict[str, str] = field(default_factory=dict)
    drops_after_data: set[str] = field(default_factory=set)
    seconds_per_mail: float = 0.0
    received: list[Received] = field(default_factory=list)
    controller: Controller | None = None
    options: dict[str, Any] = field(default_factory=dict)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        answer = self.answers.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        import asyncio

        if self.seconds_per_mail:
            await asyncio.sleep(self.seconds_per_mail)
        answer = self.answers.get(f"DATA {envelope.rcpt_tos[0]}", "250 taken")
        if answer.startswith("250"):
            self.received.append(Received(envelope.mail_from, list(envelope.rcpt_tos), envelope.original_content))
        if self.drops_after_data & set(envelope.rcpt_tos):
            self.drops_after_data -= set(envelope.rcpt_tos)
            server.transport.abort()
        return answer

    def open(self) -> "Postbox":
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port, **self.options)
        self.controller.start()
        return self

    def close(self) -> None:
        if self.controller:
            self.controller.stop(no_assert=True)
            self.controller = None

    @property
    def receivers(self) -> list[str]:
        return [address for one in self.received for address in one.receivers]


def use(app: Flask, monkeypatch: Any, port: int, **changes: Any) -> None:
    """The application sends to this port from now on, until the test ends."""
    settings = replace(
        app.config["SEMINAR"],
        mail_server="127.0.0.1",
        mail_port=port,
        mail_sender="Tỉnh Đoàn thử <moi@example.vn>",
        **changes,
    )
    monkeypatch.setitem(app.config, "SEMINAR", settings)


def until(is_so: Callable[[], bool], seconds: float = 20.0) -> bool:
    """Waits until it is so; False if it never was."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if is_so():
            return True
        time.sleep(0.05)
    return is_so()
