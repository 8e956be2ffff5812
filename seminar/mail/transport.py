"""How a message leaves: Flask-Mail's configuration and connection, made safe, and messages of the standard library.

Flask-Mail 0.10 waits for ever on a silent server, takes any certificate, writes lines of thousands of bytes, lets line
breaks through and drops what the server refused (recipes.md, Mail). So its `Connection` is ours, and its `Message` is
not used. It is not put on the application either, because `app.extensions["mail"]` would offer the unsafe ones again.
"""

import re
import smtplib
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from email.header import Header
from email.headerregistry import Address, HeaderRegistry, UniqueAddressHeader, UniqueUnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

import flask_mail
from flask import current_app

from seminar.lib import files
from seminar.lib.settings import Settings
from seminar.lib.text import clean, shorten
from seminar.mail.rules import has_line_break, sendable

TIMEOUT_SECONDS = 20.0
QR_ID = "qr"
"""HTML bodies show the inline picture by <img src="cid:qr">."""


class LongText(UniqueUnstructuredHeader):
    """A subject that keeps its spaces: Python 3.11 loses one wherever it breaks between two encoded words."""

    def fold(self, *, policy: Any) -> str:
        return _folded(self.name, str(self), policy)  # type: ignore[attr-defined]


class LongName(UniqueAddressHeader):
    """One address, whose name keeps its spaces too."""

    def fold(self, *, policy: Any) -> str:
        address: Address = self.addresses[0]
        if address.display_name.isascii():
            return f"{self.name}: {address}{policy.linesep}"  # type: ignore[attr-defined]
        name = _folded(self.name, address.display_name, policy).removesuffix(policy.linesep)  # type: ignore[attr-defined]
        return f"{name}{policy.linesep} <{address.addr_spec}>{policy.linesep}"


class Unfolded(UniqueUnstructuredHeader):
    """Message-ID: one line, however long the host is, so that every server and reader sees the same."""

    def fold(self, *, policy: Any) -> str:
        return f"{self.name}: {self}{policy.linesep}"  # type: ignore[attr-defined]


def _folded(name: str, text: str, policy: Any) -> str:
    encoded = Header(text, maxlinelen=policy.max_line_length - 2, header_name=name).encode(linesep=policy.linesep)
    return f"{name}: {encoded}{policy.linesep}"


HEADERS = HeaderRegistry()
for header, kind in {"subject": LongText, "from": LongName, "to": LongName, "message-id": Unfolded}.items():
    HEADERS.map_to_type(header, kind)  # type: ignore[arg-type]
POLICY = SMTP.clone(cte_type="7bit", header_factory=HEADERS)


@dataclass(frozen=True)
class Outgoing:
    """What one message is made of: plain values, so that it can be composed outside any transaction."""

    to_name: str
    to_address: str
    subject: str
    text: str
    html: str
    message_id: str
    created_at: datetime
    inline_png: bytes | None = None
    calendar: str = ""
    attachment_sha256: str = ""
    """The file is read only when the message is composed, outside of any transaction."""
    attachment_name: str = ""
    reply_to: str = ""
    """Where an answer goes; the sender's own address where this is empty or no address."""

    @property
    def calendar_method(self) -> str:
        """PUBLISH, or CANCEL where the calendar file itself says so; programs believe the header first."""
        found = re.search(r"^METHOD:([A-Z]+)\s*$", self.calendar, re.MULTILINE)
        return found[1] if found else "PUBLISH"


class NotSent(Exception):
    """The server did not take the message. `code` 0 means that there was no answer at all.

    `is_server` where the cause is the server or our settings, not this message; `maybe_taken` where the connection broke
    after the text had begun to leave, so that the server may have it; `is_final` where no try can ever succeed.
    """

    def __init__(
        self, code: int, text: str, *, is_server: bool = False, maybe_taken: bool = False, is_final: bool = False
    ) -> None:
        self.code = code
        self.text = shorten(clean(f"{code} {text}" if code else text), 500)
        self.is_server = is_server
        self.maybe_taken = maybe_taken
        self.is_final = is_final
        super().__init__(self.text)


def configured() -> Settings:
    """The settings of the running application."""
    settings: Settings = current_app.config["SEMINAR"]
    return settings


def host_of(settings: Settings) -> str:
    """The host that goes behind the @ of Message-ID and into EHLO."""
    return urlsplit(settings.base_url).hostname or "localhost"


def _words(answer: bytes | str) -> str:
    return answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer


class Connection(flask_mail.Connection):
    """One SMTP connection with a time limit and a verified certificate; reconnects where the server hung up."""

    def __init__(self, settings: Settings, timeout: float = TIMEOUT_SECONDS) -> None:
        state = flask_mail.Mail().init_mail(
            {
                "MAIL_SERVER": settings.mail_server,
                "MAIL_PORT": settings.mail_port,
                "MAIL_USE_TLS": settings.mail_security == "starttls",
                "MAIL_USE_SSL": settings.mail_security == "tls",
                "MAIL_USERNAME": settings.mail_username or None,
                "MAIL_PASSWORD": settings.mail_password or None,
                "MAIL_DEFAULT_SENDER": settings.mail_sender,
            },
            False,
            False,
        )
        super().__init__(state)  # type: ignore[arg-type]
        self.timeout = timeout
        self.local_host = host_of(settings)

    def __enter__(self) -> "Connection":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        trace: TracebackType | None = None,
    ) -> None:
        self._hang_up()

    def _hang_up(self) -> None:
        host, self.host = self.host, None
        if host is None:
            return
        try:
            host.quit()
        except (OSError, smtplib.SMTPException):
            host.close()

    def configure_host(self) -> smtplib.SMTP | smtplib.SMTP_SSL:
        """Connects, secures, signs in. Never goes on in clear where STARTTLS was asked for."""
        where: dict[str, Any] = {"local_hostname": self.local_host, "timeout": self.timeout}
        server, port = self.mail.server, self.mail.port or 0
        host: smtplib.SMTP | smtplib.SMTP_SSL
        if self.mail.use_ssl:
            host = smtplib.SMTP_SSL(server, port, context=ssl.create_default_context(), **where)
        else:
            host = smtplib.SMTP(server, port, **where)
        try:
            if self.mail.use_tls:
                host.starttls(context=ssl.create_default_context())
            if self.mail.username and self.mail.password:
                host.login(self.mail.username, self.mail.password)
            host.ehlo_or_helo_if_needed()
        except BaseException:
            host.close()
            raise
        return host

    def open(self) -> None:
        """Makes sure that there is a living connection; raises `NotSent` with the server's words."""
        if self.host is not None:
            try:
                if self.host.noop()[0] == 250:
                    return
            except (OSError, smtplib.SMTPException):
                pass
            self._hang_up()
        try:
            self.host = self.configure_host()
        except smtplib.SMTPResponseException as error:
            raise NotSent(error.smtp_code, _words(error.smtp_error), is_server=True) from None
        except (OSError, smtplib.SMTPException) as error:
            raise NotSent(0, str(error) or type(error).__name__, is_server=True) from None

    def send(self, message: EmailMessage) -> None:  # type: ignore[override]
        """Sends to the one address of `To`; returns once the server has taken the message, else raises `NotSent`."""
        content = message.as_bytes()
        self.open()
        assert self.host is not None
        text_leaves = False
        try:
            self._expect(self.host.mail(message["From"].addresses[0].addr_spec), is_about_sender=True)
            self._expect(self.host.rcpt(message["To"].addresses[0].addr_spec))
            text_leaves = True
            self._expect(self.host.data(content))
        except smtplib.SMTPDataError as error:  # the server did not even want the text
            self._reset()
            raise NotSent(error.smtp_code, _words(error.smtp_error), is_server=error.smtp_code == 421) from None
        except (OSError, smtplib.SMTPException) as error:
            self._hang_up()
            words = str(error) or type(error).__name__
            raise NotSent(0, words, is_server=True, maybe_taken=text_leaves) from None

    def _expect(self, answer: tuple[int, bytes], *, is_about_sender: bool = False) -> None:
        code, words = answer
        if 200 <= code < 300:
            return
        self._reset()
        raise NotSent(code, _words(words), is_server=code == 421 or is_about_sender)

    def _reset(self) -> None:
        """Makes the connection ready for the next message, or gives it up."""
        try:
            if self.host is not None and self.host.rset()[0] == 250:
                return
        except (OSError, smtplib.SMTPException):
            pass
        self._hang_up()


def _receiver(name: str, address: str) -> Address:
    ascii_address = sendable(address)
    if ascii_address is None:
        raise ValueError(f"{address!r} is not an e-mail address")
    local, _, domain = ascii_address.rpartition("@")
    return Address(clean(name), local, domain)


def sender_of(sender: str) -> Address:
    """`SEMINAR_MAIL_SENDER`, with or without a name; a bare IP address, as in the demo, is bracketed (RFC 5321 4.1.3)."""
    name, address = parseaddr(sender)
    local, _, domain = (sendable(address) or address).rpartition("@")
    if re.fullmatch(r"[\d.]+", domain):
        domain = f"[{domain}]"
    return Address(clean(name), local, domain)


def compose(mail: Outgoing, sender: str) -> EmailMessage:
    """The message of one person. Refuses (ValueError) line breaks in what becomes a header, and what is no address."""
    if has_line_break(mail.to_name, mail.to_address, mail.subject, mail.message_id, mail.attachment_name, sender):
        raise ValueError("a line break in a header")
    message = EmailMessage(policy=POLICY)
    message["From"] = sender_of(sender)
    message["To"] = _receiver(mail.to_name, mail.to_address)
    if sendable(mail.reply_to):
        message["Reply-To"] = _receiver("", mail.reply_to)
    message["Subject"] = clean(mail.subject)
    message["Date"] = format_datetime(mail.created_at.astimezone(UTC))
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    if mail.html:
        message.add_alternative(mail.html, subtype="html")
        if mail.inline_png:
            html: Any = message.get_payload()[-1]  # type: ignore[index]
            html.add_related(mail.inline_png, "image", "png", cid=f"<{QR_ID}>", disposition="inline", filename="qr.png")
    if mail.calendar:
        method = {"method": mail.calendar_method}
        message.add_attachment(mail.calendar, subtype="calendar", filename="toa-dam.ics", params=method)
    if mail.attachment_sha256:
        content = files.read(mail.attachment_sha256)
        message.add_attachment(content, maintype="application", subtype="pdf", filename=mail.attachment_name)
    return message


def outgoing(mail: Any, reply_to: str = "") -> Outgoing:
    """The plain values of an outbox row."""
    return Outgoing(
        mail.to_name,
        mail.to_address,
        mail.subject,
        mail.text,
        mail.html,
        mail.message_id,
        mail.created_at,
        mail.inline_png,
        mail.calendar,
        mail.attachment_sha256,
        mail.attachment_name,
        reply_to,
    )
