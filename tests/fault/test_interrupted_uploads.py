"""A real server, papers on a bad line: cut anywhere, two at once, the server killed; the version before stands."""

import os
import random
import re
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from seminar.lib import files
from seminar.lib.database import db
from seminar.papers.models import Paper, Rendition, Submission
from seminar.planning.models import UnitLink
from seminar.planning.queries import units_on
from tests import cast, corpus, reception
from tests.engines import Cluster
from tests.fault.hall import Reception, at_once
from tests.servers import Server

KILLS = 8


class Office(Reception):
    """A server, a unit with its link, and what is in the data folder."""

    def fill(self) -> None:
        cast.add_staff()
        cast.add_units()
        seminar = cast.add_seminar()
        db.session.flush()
        for position, unit in enumerate(units_on(seminar.held_on)):
            db.session.add(
                UnitLink(
                    seminar_id=seminar.id,
                    unit_id=unit.id,
                    code=f"{position:020d}",
                    issued_at=cast.NOW,
                    issued_by="Oanh",
                )
            )
        db.session.commit()

    def kept(self) -> set[str]:
        """Names of all that lies in the folders of files and of claims."""
        data = Path(self.server.data)
        found = (
            {path.name for path in (data / "files").rglob("*") if path.is_file()}
            if (data / "files").exists()
            else set()
        )
        return found | {path.name for path in (data / "claims").glob("*.*")}

    def named(self) -> set[str]:
        def ask() -> set[str]:
            return set(db.session.scalars(db.select(Submission.file_sha256))) | set(
                db.session.scalars(db.select(Rendition.file_sha256))
            )

        return self.within(ask)

    def versions(self) -> list[tuple[int, str]]:
        query = db.select(Submission.version, Submission.file_sha256).order_by(Submission.id)
        return self.within(lambda: [(row[0], row[1]) for row in db.session.execute(query)])


@pytest.fixture
def office(tmp_path: Path, cluster: Cluster | None) -> Iterator[Office]:
    env = {"SEMINAR_MAIL_WORKER": "0"}
    if cluster:
        cluster.execute('DROP DATABASE IF EXISTS "race" WITH (FORCE)', 'CREATE DATABASE "race"')
        env["SEMINAR_DATABASE_URL"] = cluster.url("race")
    server = Server(tmp_path / "data", **env)
    server.prepare()
    office = Office(server)
    office.within(office.fill)
    server.start()
    yield office
    server.stop()


def body_of(content: bytes, title: str = "Bài thử") -> bytes:
    fields = {"title": title, "authors": "Ban Thường vụ", "kind": "paper", "topic": ""}
    parts = [
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()
    ]
    head = '--b\r\nContent-Disposition: form-data; name="file"; filename="bai.docx"\r\n\r\n'
    return "".join(parts).encode() + head.encode() + content + b"\r\n--b--\r\n"


def begin(office: Office, length: int, page: str = f"/u/{'0' * 20}") -> socket.socket:
    visitor = socket.create_connection(("127.0.0.1", office.server.port), timeout=60)
    host = f"127.0.0.1:{office.server.port}"
    head = (
        f"POST {page}/paper HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nConnection: close\r\n"
        f"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: {length}\r\n\r\n"
    )
    visitor.sendall(head.encode())
    return visitor


def status_of(visitor: socket.socket) -> int:
    received = b""
    try:
        while piece := visitor.recv(65536):
            received += piece
    except OSError:
        pass
    visitor.close()
    found = re.match(rb"HTTP/1\.1 (\d+)", received)
    return int(found[1]) if found else 0


def send(office: Office, content: bytes, **to: str) -> int:
    body = body_of(content)
    visitor = begin(office, len(body), **to)
    visitor.sendall(body)
    return status_of(visitor)


def paper(number: int) -> bytes:
    """A different file each time, large enough to be sent in pieces."""
    return corpus.rewritten(
        corpus.word(f"Bản thứ {number}"),
        {"word/media/a.bin": random.Random(number).randbytes(200_000)},  # noqa: S311
    )


def test_an_upload_that_breaks_off_at_any_tenth_leaves_the_version_before_and_no_file(office):
    first = paper(1)
    assert send(office, first) == 303
    for tenth in range(10):
        body = body_of(paper(100 + tenth))
        visitor = begin(office, len(body))
        visitor.sendall(body[: len(body) * tenth // 10])
        time.sleep(0.05)
        visitor.close()
    assert office.server.answers()
    second = paper(2)
    assert send(office, second) == 303
    assert office.versions() == [(1, files.sha256(first)), (2, files.sha256(second))]
    assert office.kept() == office.named()


def test_two_uploads_at_once_are_two_versions_and_the_same_twice_is_one(office):
    contents = [paper(1), paper(2)]
    assert at_once(2, lambda number: send(office, contents[number])) == [303, 303]
    assert sorted(office.versions()) == office.versions()
    assert {digest for _, digest in office.versions()} == set(map(files.sha256, contents))
    assert office.count(Paper) == 1
    again = paper(3)
    assert at_once(2, lambda _: send(office, again)) == [303, 303]
    assert [version for version, _ in office.versions()] == [1, 2, 3]
    assert office.kept() == office.named()


def test_two_uploads_of_a_person_at_once_are_two_versions_of_one_paper(office):
    _, code = office.within(reception.add_person)
    contents = [paper(number) for number in range(3)]
    page = f"/i/{code}"
    assert at_once(3, lambda number: send(office, contents[number], page=page)) == [303, 303, 303]
    assert {digest for _, digest in office.versions()} == set(map(files.sha256, contents))
    assert office.count(Paper) == 1


def test_a_server_killed_during_uploads_keeps_what_it_acknowledged_and_no_file_that_no_row_names(office):
    chance = random.Random(7)  # noqa: S311
    first = paper(0)
    assert send(office, first) == 303
    acknowledged = {files.sha256(first)}
    for kill in range(1, KILLS + 1):
        content = paper(kill)
        body, answers = body_of(content), []
        share = 1.0 if kill % 4 else chance.uniform(0.1, 0.9)
        visitor = begin(office, len(body))
        visitor.sendall(body[: int(len(body) * share)])
        waiting = threading.Thread(target=lambda one=visitor, into=answers: into.append(status_of(one)))
        waiting.start()
        time.sleep(chance.uniform(0.0, 0.9))
        office.server.kill_group()
        waiting.join(30)
        if answers == [303]:
            acknowledged.add(files.sha256(content))
        office.server.start()
        digests = {digest for _, digest in office.versions()}
        assert acknowledged <= digests
        assert office.kept() == office.named()
        acknowledged |= digests
    assert send(office, paper(99)) == 303


def test_a_start_takes_away_only_what_a_dead_process_left_and_no_row_names(office):
    assert send(office, paper(1)) == 303
    (digest,) = office.named()
    office.server.kill_group()
    data = Path(office.server.data)
    dead = 2**22 + 1  # beyond the largest number of a process
    orphan = "a" * 64
    for name in (orphan, "b" * 64):
        (data / "files" / name[:2]).mkdir(exist_ok=True)
        (data / "files" / name[:2] / name).write_bytes(b"x")
    (data / "files" / "aa" / f"{orphan}.{dead}.0000").write_bytes(b"half")
    for claimed in (orphan, digest):
        (data / "claims" / f"{claimed}.{dead}.1111").touch()
    (data / "claims" / f"{'b' * 64}.{os.getpid()}.2222").touch()
    office.server.start()
    assert office.kept() == {digest, "b" * 64, f"{'b' * 64}.{os.getpid()}.2222"}
