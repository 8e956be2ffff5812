"""The server process: slow uploads, a second server, a dead master, SIGKILL of everything. Bodies: test_bodies.py."""

import os
import signal
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import HOUSE, Server


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Server:
    server = Server(tmp_path_factory.mktemp("server"))
    server.prepare()
    return server


@pytest.fixture
def server(prepared: Server) -> Iterator[Server]:
    prepared.start()
    yield prepared
    prepared.stop()


def slow_upload(server: Server, length: int = 5_000_000) -> socket.socket:
    """Announces a body, sends its beginning, and then nothing."""
    visitor = socket.create_connection(("127.0.0.1", server.port), timeout=30)
    head = f"POST /login HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nContent-Type: multipart/form-data; boundary=b\r\n"
    visitor.sendall(f"{head}Content-Length: {length}\r\n\r\n--b\r\n".encode())
    return visitor


def test_four_slow_uploads_do_not_stop_the_pages(server):
    visitors = [slow_upload(server) for _ in range(4)]
    time.sleep(1.5)
    began = time.monotonic()
    assert server.answers(10)
    request = urllib.request.Request(f"{server.address}/api/v1/desk/scans", data=b'{"scans": []}', method="POST")
    request.add_header("Content-Type", "application/json")
    request.add_header("Authorization", "Bearer nobody")
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=10)
    assert refused.value.code == 401
    assert time.monotonic() - began < 10
    for visitor in visitors:
        visitor.close()


def test_a_whole_outbox_of_a_desk_does_not_queue_with_slow_uploads(server):
    visitors = [slow_upload(server) for _ in range(4)]
    time.sleep(1.5)
    body = b'{"scans": [' + b",".join([b'{"payload": "' + b"1" * 250 + b'"}'] * 500) + b"]}"
    assert len(body) > 2 * 64 * 1024
    request = urllib.request.Request(f"{server.address}/api/v1/desk/scans", data=body, method="POST")
    request.add_header("Content-Type", "application/json")
    request.add_header("Authorization", "Bearer nobody")
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=10)
    assert refused.value.code == 401
    for visitor in visitors:
        visitor.close()


def test_a_second_server_on_the_folder_is_refused_in_one_sentence(server):
    outcome = server.command("serve", "--port", str(server.port + 1))
    assert outcome.returncode == 1
    assert outcome.stderr.count("\n") == 1
    assert str(server.process.pid) in outcome.stderr


def test_a_taken_port_is_refused_in_one_sentence(server, tmp_path: Path):
    other = Server(tmp_path / "other")
    other.prepare()
    outcome = other.command("serve", "--port", str(server.port))
    assert outcome.returncode == 1
    assert f"{server.port}" in outcome.stderr
    assert outcome.stderr.count("\n") == 1


def test_a_database_that_is_behind_is_not_served(tmp_path: Path):
    fresh = Server(tmp_path / "fresh")
    fresh.data.mkdir()
    outcome = fresh.command("serve", "--port", str(fresh.port))
    assert outcome.returncode == 1
    assert "db upgrade" in outcome.stderr


def test_unsafe_settings_are_not_served(tmp_path: Path):
    unsafe = Server(tmp_path / "unsafe", SEMINAR_SECRET_KEY="")
    unsafe.data.mkdir()
    outcome = unsafe.command("serve", "--port", str(unsafe.port))
    assert outcome.returncode == 1
    assert "SEMINAR_SECRET_KEY" in outcome.stderr


def test_a_worker_ends_with_its_master_and_the_next_start_takes_seconds(server):
    os.kill(server.process.pid, signal.SIGKILL)
    server.process.wait()
    assert server.is_gone(), "an orphan keeps the port"
    server.start()


def test_after_sigkill_of_the_group_nothing_is_left_and_the_next_start_takes_seconds(server):
    assert len(server.processes()) >= 2
    server.kill_group()
    assert server.is_gone()
    server.start()


def test_a_killed_worker_is_replaced(server):
    worker = max(server.processes())
    os.kill(worker, signal.SIGKILL)
    until = time.monotonic() + 45
    while not server.answers():
        assert time.monotonic() < until
        time.sleep(0.1)
    assert worker not in server.processes()


def test_sigterm_ends_the_server_cleanly(server):
    assert server.stop() == 0
    assert server.is_gone()


def test_a_file_is_answered_whole_in_part_and_not_again(server):
    """The server itself sends it from the disk (a book of 50 MB to a whole hall), with the headers of the page."""
    path = HOUSE / "static" / "css" / "seminar.css"
    address = f"{server.address}/static/css/seminar.css"
    with urllib.request.urlopen(address, timeout=10) as answer:
        assert answer.read() == path.read_bytes()
        assert answer.headers["Content-Length"] == str(path.stat().st_size)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        seen = answer.headers["ETag"]
    with urllib.request.urlopen(urllib.request.Request(address, method="HEAD"), timeout=10) as answer:
        assert (answer.read(), answer.headers["Content-Length"]) == (b"", str(path.stat().st_size))
    part = urllib.request.Request(address, headers={"Range": "bytes=5-14"})
    with urllib.request.urlopen(part, timeout=10) as answer:
        assert (answer.status, answer.read()) == (206, path.read_bytes()[5:15])
    again = urllib.request.Request(address, headers={"If-None-Match": seen})
    with pytest.raises(urllib.error.HTTPError) as known:
        urllib.request.urlopen(again, timeout=10)
    assert known.value.code == 304
