"""Between the server and the application: a request takes a thread only when its body is there (design.md, engine room).

Under granian's own WSGI interface a slow upload holds one of the four threads, the read cannot be given up, and an
answer given before the body's end freezes the whole worker (tried, 2.8.7). So bodies are read by granian's
asynchronous interface, with a time limit; large ones at most two at once from the first byte to the answer.

Some addresses have a lane: threads of their own, for calls that mostly wait (for the disk, with others), and room for
larger bodies that need not queue with the uploads.
"""

import asyncio
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from granian.rsgi import ProtocolClosed, ProtocolError
from werkzeug.exceptions import BadRequest, HTTPException, RequestTimeout, ServiceUnavailable
from werkzeug.wsgi import FileWrapper

IN_MEMORY_BYTES = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Seconds and bytes. A body of unknown length counts as an upload."""

    most_bytes: int
    upload_bytes: int = 64 * 1024
    uploads_at_once: int = 2
    upload_seconds: float = 120.0
    other_seconds: float = 20.0
    wait_seconds: float = 60.0


@dataclass(frozen=True)
class Lane:
    """Addresses that begin with `prefix`; bodies up to so many bytes do not count as uploads."""

    prefix: str
    threads: int
    most_bytes: int


class Unread:
    """Stands for a body that did not come: whoever reads it gets the reason, as an error page."""

    def __init__(self, reason: HTTPException) -> None:
        self._reason = reason

    def read(self, size: int = -1) -> bytes:
        raise self._reason

    readline = readlines = read


class WholeFile(FileWrapper):
    """An answer that is a file of this machine: the server sends it from the disk, for 300 readers at once."""


class Gateway:
    """The WSGI application as granian's RSGI application, run by a few threads."""

    def __init__(
        self,
        app: Callable[..., Iterable[bytes]],
        threads: int,
        limits: Limits,
        on_end: Callable[[], None] | None = None,
        lane: Lane | None = None,
    ) -> None:
        self._app = app
        self._limits = limits
        self._on_end = on_end
        self._lane = lane
        self._pages = ThreadPoolExecutor(threads, "page")
        self._own = ThreadPoolExecutor(lane.threads, "lane") if lane else self._pages
        self._uploads = asyncio.Semaphore(limits.uploads_at_once)

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        for pool in {self._pages, self._own}:
            pool.shutdown(cancel_futures=True)
        if self._on_end:
            self._on_end()

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        length = declared_length(scope)
        small = self._lane.most_bytes if self._lane and self._in_lane(scope) else self._limits.upload_bytes
        if length == 0:
            await self._answer(scope, protocol, BytesIO(), 0)
        elif length is not None and length > self._limits.most_bytes:
            await self._answer(scope, protocol, BytesIO(), length)  # the application refuses it by its length
        elif length is not None and length <= small:
            await self._answer(scope, protocol, await self._small(protocol, length), length)
        else:
            await self._upload(scope, protocol, length)

    def _in_lane(self, scope: Any) -> bool:
        return self._lane is not None and scope.path.startswith(self._lane.prefix)

    async def _upload(self, scope: Any, protocol: Any, length: int | None) -> None:
        try:
            await asyncio.wait_for(self._uploads.acquire(), self._limits.wait_seconds)
        except TimeoutError:
            await self._answer(scope, protocol, Unread(ServiceUnavailable(retry_after=30)), length or 1)
            return
        try:
            body, size = await self._large(protocol, self._limits.upload_seconds)
            if length is not None and size < length and not isinstance(body, Unread):
                body.close()
                body = Unread(BadRequest())  # the visitor went away in the middle
            await self._answer(scope, protocol, body, size or length or 1)
        finally:
            self._uploads.release()

    async def _small(self, protocol: Any, length: int) -> IO[bytes] | Unread:
        try:
            content = await asyncio.wait_for(protocol(), self._limits.other_seconds)
        except TimeoutError:
            return Unread(RequestTimeout())
        except (ProtocolClosed, ProtocolError):
            content = b""
        return BytesIO(content) if len(content) == length else Unread(BadRequest())

    async def _large(self, protocol: Any, seconds: float) -> tuple[IO[bytes] | Unread, int]:
        """The whole body and its size; stops where it grows larger than anything we take."""
        body: IO[bytes] = SpooledTemporaryFile(IN_MEMORY_BYTES)  # noqa: SIM115 - ends with the request
        size = 0
        try:
            async with asyncio.timeout(seconds):
                async for chunk in protocol:
                    if not chunk:
                        break
                    size += len(chunk)
                    if size > self._limits.most_bytes:
                        break
                    body.write(chunk)
        except TimeoutError:
            return Unread(RequestTimeout()), 0
        body.seek(0)
        return body, size

    async def _answer(self, scope: Any, protocol: Any, body: Any, size: int) -> None:
        environ = environ_of(scope, body, size)
        loop = asyncio.get_running_loop()
        try:
            pool = self._own if self._in_lane(scope) else self._pages
            status, headers, content = await loop.run_in_executor(pool, self._run, environ)
        finally:
            if not isinstance(body, Unread):
                body.close()
        if isinstance(content, str):
            protocol.response_file(status, headers, content)
        else:
            protocol.response_bytes(status, headers, content)

    def _run(self, environ: dict[str, Any]) -> tuple[int, list[tuple[str, str]], bytes | str]:
        """Status, headers and the answer, or the path of the file that is the answer."""
        began: list[tuple[str, list[tuple[str, str]]]] = []
        written: list[bytes] = []

        def start_response(status: str, headers: list[tuple[str, str]], error: Any = None) -> Callable[[bytes], Any]:
            began.append((status, headers))
            return written.append

        answer = self._app(environ, start_response)
        try:
            is_file = isinstance(answer, WholeFile) and isinstance(getattr(answer.file, "name", None), str)
            content = answer.file.name if is_file else b"".join([*written, *answer])  # type: ignore[attr-defined]
        finally:
            if hasattr(answer, "close"):
                answer.close()
        status, headers = began[-1]
        return int(status.split(" ", 1)[0]), headers, content


def declared_length(scope: Any) -> int | None:
    """Bytes of the body as announced; None where it comes in pieces of unknown number."""
    if scope.headers.get("transfer-encoding"):
        return None
    announced = scope.headers.get("content-length") or "0"
    return int(announced) if announced.isdecimal() and announced.isascii() else 0


def environ_of(scope: Any, body: Any, size: int) -> dict[str, Any]:
    """PEP 3333's environ. Header names with an underscore are dropped: they could pass for a proxy's own headers."""
    server, _, port = scope.server.rpartition(":")
    environ: dict[str, Any] = {
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "SERVER_NAME": server.strip("[]"),
        "SERVER_PORT": port,
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string.encode().decode("latin-1"),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": WholeFile,
    }
    for name in dict.fromkeys(scope.headers.keys()):
        if "_" not in name and name not in ("content-length", "transfer-encoding"):
            joint = "; " if name == "cookie" else ","
            key = "CONTENT_TYPE" if name == "content-type" else "HTTP_" + name.upper().replace("-", "_")
            environ[key] = joint.join(scope.headers.get_all(name))
    if size:
        environ["CONTENT_LENGTH"] = str(size)
    return environ
