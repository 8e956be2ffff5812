"""Request bodies are read with a time limit, and at most two slow ones at once (design.md, engine room).

A server of four threads is full with four slow uploads. A body that is not there within a moment must hold one of two
places to go on; where none is free the visitor is told to come back, and the other threads keep serving the desks.
A body is read whole, into memory or a temporary file, when the view first asks for it; the guard asks before any
writing transaction. In production a buffering proxy stands in front and every body is there at once.
"""

import threading
from collections.abc import Callable, Iterable
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from werkzeug.exceptions import RequestEntityTooLarge, RequestTimeout, ServiceUnavailable

MOMENT_SECONDS = 1.0
WAIT_SECONDS = 3.0
LIMIT_SECONDS = 120.0
SLOW_AT_ONCE = 2
CHUNK_BYTES = 64 * 1024
IN_MEMORY_BYTES = 1024 * 1024


class Places:
    """How many slow bodies are read at once, and how many more may wait a little for a place."""

    def __init__(self, places: int = SLOW_AT_ONCE, waiting: int = 1) -> None:
        self._places = threading.BoundedSemaphore(places)
        self._waiting = threading.BoundedSemaphore(waiting)

    def take(self, wait_seconds: float) -> bool:
        if self._places.acquire(blocking=False):
            return True
        if not self._waiting.acquire(blocking=False):
            return False
        try:
            return self._places.acquire(timeout=wait_seconds)
        finally:
            self._waiting.release()

    def leave(self) -> None:
        self._places.release()


class Body:
    """`wsgi.input` that is fetched whole at the first read; a read blocks no longer than the limit."""

    def __init__(self, source: Any, most_bytes: int, places: Places, limits: tuple[float, float, float]) -> None:
        self._source = source
        self._most_bytes = most_bytes
        self._places = places
        self._limits = limits
        self._content: IO[bytes] | None = None
        self._gone: Exception | None = None

    def _fetch(self, content: IO[bytes], done: threading.Event, stopped: threading.Event) -> None:
        # In a thread of its own: a read from a silent visitor cannot be interrupted, only left behind. It ends when
        # the server closes the connection after the answer.
        size = 0
        try:
            while not stopped.is_set() and (chunk := self._source.read(CHUNK_BYTES)):
                size += len(chunk)
                if size > self._most_bytes:
                    raise RequestEntityTooLarge
                content.write(chunk)
        except Exception as error:  # noqa: BLE001 - told to the waiting thread
            self._gone = error
        done.set()

    def _whole(self) -> IO[bytes]:
        if self._content is not None:
            return self._content
        moment, wait, limit = self._limits
        content = SpooledTemporaryFile(IN_MEMORY_BYTES)  # noqa: SIM115 - closed with the request
        done, stopped = threading.Event(), threading.Event()
        threading.Thread(target=self._fetch, args=(content, done, stopped), daemon=True, name="body").start()
        if not done.wait(moment):
            if not self._places.take(wait):
                stopped.set()
                raise ServiceUnavailable(retry_after=5)
            try:
                if not done.wait(limit):
                    stopped.set()
                    raise RequestTimeout
            finally:
                self._places.leave()
        if self._gone is not None:
            raise self._gone
        content.seek(0)
        self._content = content
        return content

    def read(self, size: int = -1) -> bytes:
        return self._whole().read(size)

    def readline(self, size: int = -1) -> bytes:
        return self._whole().readline(size)

    def readlines(self, hint: int = -1) -> list[bytes]:
        return self._whole().readlines(hint)

    def __iter__(self) -> Iterable[bytes]:
        return iter(self._whole())


class TimedBodies:
    """WSGI middleware; `limits` are seconds: within a moment, waiting for a place, in all."""

    def __init__(
        self,
        app: Callable[..., Iterable[bytes]],
        most_bytes: int,
        limits: tuple[float, float, float] = (MOMENT_SECONDS, WAIT_SECONDS, LIMIT_SECONDS),
    ) -> None:
        self._app = app
        self._most_bytes = most_bytes
        self._limits = limits
        self._places = Places()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ.get("CONTENT_LENGTH", "0") not in ("", "0") or "HTTP_TRANSFER_ENCODING" in environ:
            environ["wsgi.input"] = Body(environ["wsgi.input"], self._most_bytes, self._places, self._limits)
        return self._app(environ, start_response)
