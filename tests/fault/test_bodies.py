"""Bodies that are slow, silent, too large, in pieces: each gets its answer, and the others never wait."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from tests.fault.echo import LIMITS
from tests.servers import HOUSE, free_port


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "granian", "--interface", "rsgi", "--loop", "asyncio", "--http", "1"]
        + ["--port", str(port), "--log-level", "warning", "tests.fault.echo:application"],
        cwd=HOUSE,
    )
    until = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            break
        except OSError:
            assert time.monotonic() < until
            time.sleep(0.05)
    yield port
    process.terminate()
    process.wait(10)


class Visitor:
    def __init__(self, port: int, head: str, body: bytes = b"") -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.socket.sendall(f"{head}\r\nHost: localhost\r\n".encode() + body)

    def send(self, piece: bytes) -> None:
        self.socket.sendall(piece)

    def answer(self) -> tuple[int, str]:
        """Status and text; the connection may stay open."""
        received = b""
        while b"\r\n\r\n" not in received:
            piece = self.socket.recv(65536)
            if not piece:
                break
            received += piece
        head, _, text = received.partition(b"\r\n\r\n")
        self.socket.close()
        return int(head.split(b" ", 2)[1]) if head else 0, text.decode()


def upload(port: int, length: int) -> Visitor:
    return Visitor(port, "POST /papers HTTP/1.1", f"Content-Length: {length}\r\n\r\nbegin".encode())


def is_quick(port: int) -> bool:
    began = time.monotonic()
    status, _ = Visitor(port, "GET /page HTTP/1.1", b"\r\n").answer()
    return status == 200 and time.monotonic() - began < 1.2


def test_a_body_that_arrives_slowly_but_in_time_is_taken_whole(port):
    visitor = upload(port, 5 + 3000)
    for _ in range(3):
        time.sleep(0.2)
        visitor.send(b"x" * 1000)
    assert visitor.answer() == (200, "POST /papers  3005 ")


def test_pages_stay_quick_beside_eight_silent_uploads_which_are_answered_408_or_503(port):
    visitors = [upload(port, 100_000) for _ in range(8)]
    assert is_quick(port)
    time.sleep(2.4)
    assert is_quick(port)
    statuses = sorted(visitor.answer()[0] for visitor in visitors)
    assert statuses == [408] * LIMITS.uploads_at_once + [503] * (8 - LIMITS.uploads_at_once)
    assert is_quick(port)


def test_small_bodies_that_never_come_are_answered_408_and_hold_nobody_up(port):
    visitors = [upload(port, 100) for _ in range(8)]
    assert is_quick(port)
    assert [visitor.answer()[0] for visitor in visitors] == [408] * 8


def test_a_visitor_who_goes_away_frees_the_place(port):
    for _ in range(2):
        upload(port, 100_000).socket.close()
    time.sleep(0.2)
    visitor = upload(port, 5 + 2000)
    visitor.send(b"x" * 2000)
    assert visitor.answer()[0] == 200


@pytest.mark.parametrize("announced", [100, 100_000])
def test_half_a_body_is_never_taken_for_a_whole_one(port, announced):
    visitor = upload(port, announced)
    visitor.socket.shutdown(socket.SHUT_WR)
    assert visitor.answer()[0] in (400, 0)


def test_a_body_that_is_announced_too_large_is_refused_before_it_is_read(port):
    assert upload(port, LIMITS.most_bytes + 1).answer()[0] == 413


def test_a_body_in_pieces_is_taken_and_one_that_grows_too_large_is_refused(port):
    pieces = b"Transfer-Encoding: chunked\r\n\r\n"
    visitor = Visitor(port, "POST /a HTTP/1.1", pieces + b"3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n")
    assert visitor.answer() == (200, "POST /a  6 ")
    large = Visitor(port, "POST /a HTTP/1.1", pieces)
    try:
        for _ in range(20):
            large.send(b"10000\r\n" + b"x" * 65536 + b"\r\n")
    except OSError:
        pass  # the server has hung up
    assert large.answer()[0] in (413, 0)
    assert is_quick(port)


def test_addresses_queries_cookies_and_repeated_headers_arrive_unharmed(port):
    path = "/%C4%91%E1%BA%A1i-bi%E1%BB%83u"
    status, text = Visitor(port, f"GET {path}?q=%C4%91 HTTP/1.1", b"Cookie: a=1\r\n\r\n").answer()
    assert (status, text) == (200, "GET /đại-biểu q=%C4%91 0 1")


def test_letters_in_a_query_that_no_browser_would_send_bare_arrive_too(port):
    visitor = Visitor(port, "GET /page?name=Nguy\u1ec5n HTTP/1.1", b"\r\n")
    assert visitor.answer() == (200, "GET /page name=Nguy\u1ec5n 0 ")
    assert is_quick(port)
