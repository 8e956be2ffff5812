"""A hall's network between browser and server: it forwards, and does what a test tells it to some of the calls."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress

PORTAL = b"<!doctype html><title>Wi-Fi</title><p>Xin moi dang nhap"

Rule = Callable[[str, bytes], str | int | None]
"""(path, body) -> None: forward; "swallow": forward, and lose the answer; "portal": an HTML page; "hold": no answer;
"slow": forward, and answer a second later; a number: that status.
"""


class Proxy:
    def __init__(self, port: int) -> None:
        self._upstream = port
        self.rule: Rule = lambda path, body: None
        self.seen: list[str] = []
        self._loop = asyncio.new_event_loop()
        started = threading.Event()
        threading.Thread(target=self._run, args=(started,), daemon=True).start()
        started.wait()

    def _run(self, started: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._meet, "127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        started.set()
        self._loop.run_forever()

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError, ValueError, IndexError):
            head = await reader.readuntil(b"\r\n\r\n")
            lines = head.decode("latin-1").split("\r\n")
            path = lines[0].split(" ")[1]
            headers = [
                line for line in lines[1:] if line and not line.lower().startswith(("connection:", "keep-alive:"))
            ]
            length = next(
                (int(line.split(":")[1]) for line in headers if line.lower().startswith("content-length:")), 0
            )
            body = await reader.readexactly(length)
            self.seen.append(path)
            writer.write(await self._answer(path, body, lines[0], headers))
            await writer.drain()
        writer.close()

    async def _answer(self, path: str, body: bytes, first: str, headers: list[str]) -> bytes:
        ruled = self.rule(path, body)
        if ruled == "hold":
            await asyncio.sleep(60)
        if ruled == "portal":
            return self._whole(200, PORTAL)
        if isinstance(ruled, int):
            return self._whole(ruled, PORTAL)
        inner, outer = await asyncio.open_connection("127.0.0.1", self._upstream)
        outer.write("\r\n".join([first, *headers, "Connection: close", "", ""]).encode("latin-1") + body)
        answer = await inner.read()
        outer.close()
        if ruled == "slow":
            await asyncio.sleep(1)
        return b"" if ruled == "swallow" else answer

    @staticmethod
    def _whole(status: int, body: bytes) -> bytes:
        head = f"HTTP/1.1 {status} X\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        return head.encode() + body
