"""`make bench`: how fast desks are served, as ratios, by real server processes over kept connections.

A scan is measured beside a JSON route that does nothing in the same application: it takes the same request through the
same server, guard and headers, reads its JSON and answers a small object without touching the database. That route is
made here (`with_nothing`) and exists nowhere else. Notes are written by one secretary, one after the other, as the page
of notes sends them. Prints a table, writes bench.json.
"""

import argparse
import http.client
import json
import os
import selectors
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import environment

HOUSE = environment.HOUSE
sys.path.insert(0, str(HOUSE))

CLIENTS = 16
DESKS = 8
PEOPLE = 600
BATCH = 100
NOTES = 120
GOALS = {
    "sqlite": {"single_to_nothing": 0.25, "batch_to_single": 6.0, "p99_ms": 25.0, "note_p95_ms": 100.0},
    "postgresql": {"single_to_nothing": 0.10, "note_p95_ms": 100.0},
}
"""At least, but times: at most."""


def with_nothing() -> Any:
    """The application with the route that does nothing."""
    from flask import request

    from seminar.access.guard import public
    from seminar.factory import create_app

    app = create_app()

    @app.post("/nothing")
    @public
    def nothing() -> Any:
        return {"scans": len(request.get_json()["scans"])}

    return app


def run_server(port: int) -> None:
    from seminar.lib.settings import load
    from seminar.operations.serve import serve

    serve(load(), "127.0.0.1", port, [], build=with_nothing)


# --- clients


class Client:
    """One connection that sends its next request when the last one is answered."""

    def __init__(self, port: int, requests: Callable[[], bytes]) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=20)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._requests = requests
        self._began = 0.0
        self._received = b""
        self.seconds: list[float] = []

    def ask(self) -> None:
        request = self._requests()
        self._began = time.perf_counter()
        self.socket.sendall(request)

    def hear(self) -> bool:
        """Reads what came; whether the answer is whole."""
        self._received += self.socket.recv(262144)
        head, end, body = self._received.partition(b"\r\n\r\n")
        if not end:
            return False
        fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
        if len(body) < int(fields[b"content-length"]):
            return False
        if not head.startswith(b"HTTP/1.1 200"):
            raise SystemExit(f"the server answered {head[:60]!r} {body[:300]!r}")
        self.seconds.append(time.perf_counter() - self._began)
        self._received = b""
        return True


@dataclass(frozen=True)
class Measured:
    calls_per_second: float
    p50_ms: float
    p99_ms: float


def measure(port: int, seconds: float, requests: Callable[[int], Callable[[], bytes]]) -> Measured:
    """Sixteen clients, each with one request under way, for so many seconds; all in this one thread."""
    clients = [Client(port, requests(number)) for number in range(CLIENTS)]
    selector = selectors.DefaultSelector()
    for client in clients:
        selector.register(client.socket, selectors.EVENT_READ, client)
    began = time.perf_counter()
    for client in clients:
        client.ask()
    open_ = len(clients)
    while open_:
        for key, _ in selector.select(20):
            if key.data.hear():
                if time.perf_counter() - began < seconds:
                    key.data.ask()
                else:
                    open_ -= 1
    took = time.perf_counter() - began
    times = sorted(one for client in clients for one in client.seconds)
    for client in clients:
        client.socket.close()
    return Measured(
        len(times) / took, times[len(times) // 2] * 1000, times[min(len(times) - 1, int(len(times) * 0.99))] * 1000
    )


def scans_of(codes: list[str], tokens: list[str], path: str, batch: int) -> Callable[[int], Callable[[], bytes]]:
    """What client n sends: the next people of the list, at one of the desks."""
    turn = count()

    def client(number: int) -> Callable[[], bytes]:
        def request() -> bytes:
            at = datetime.now(UTC).isoformat()
            scans = [
                {
                    "id": str(uuid4()),
                    "kind": "entry",
                    "payload": codes[next(turn) % len(codes)],
                    "source": "camera",
                    "at": at,
                    "offline": False,
                }
                for _ in range(batch)
            ]
            body = json.dumps({"scans": scans}).encode()
            head = (
                f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {tokens[number % len(tokens)]}\r\n"
                f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
            )
            return head.encode() + body

        return request

    return client


def note_times(port: int, item: int) -> list[float]:
    """Milliseconds from a note sent to its answer, sorted, over one kept connection."""
    from tests import cast

    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)

    def post(path: str, fields: dict[str, Any], **headers: str) -> http.client.HTTPResponse:
        connection.request(
            "POST", path, urlencode(fields), {"Content-Type": "application/x-www-form-urlencoded", **headers}
        )
        answer = connection.getresponse()
        answer.read()
        return answer

    answer = post("/login", {"email": "thu@example.vn", "password": cast.PASSWORD})
    cookies = "; ".join(one.split(";")[0] for one in answer.headers.get_all("Set-Cookie", []))
    took = []
    for number in range(NOTES):
        fields = {
            "key": str(uuid4()),
            "revision": "1",
            "item": item,
            "kind": "opinion",
            "speaker": f"nguoi so {number}",
            "topic": "0",
            "text": f"Ý kiến {number}. {'lời phát biểu ' * 40}",
        }
        began = time.perf_counter()
        answer = post(f"/seminars/{cast.SLUG}/notes", fields, Accept="application/json", Cookie=cookies)
        took.append((time.perf_counter() - began) * 1000)
        if answer.status != 200:
            raise SystemExit(f"a note was answered with {answer.status}")
    connection.close()
    return sorted(took)


# --- one engine


class Hall:
    """A server with people and desks in a folder of its own."""

    def __init__(self, engine: str, folder: Path) -> None:
        from tests.engines import Cluster
        from tests.servers import Server

        self.cluster: Cluster | None = None
        env = {"SEMINAR_MAIL_WORKER": "0"}
        if engine == "postgresql":
            self.cluster = Cluster(folder / "postgres", is_durable=True)
            self.cluster.start()
            self.cluster.execute("CREATE DATABASE bench")
            env["SEMINAR_DATABASE_URL"] = self.cluster.url("bench")
        self.server = Server(folder / "data", **env)
        self.server.prepare()
        self.codes, self.tokens, self.item = self.within(fill)
        self.process = subprocess.Popen(
            [sys.executable, __file__, "serve", str(self.server.port)], cwd=HOUSE, env=self.server.env
        )
        until = time.monotonic() + 30
        while not self.server.answers():
            if time.monotonic() > until or self.process.poll() is not None:
                raise SystemExit("the server did not start")
            time.sleep(0.05)

    def within(self, action: Callable[[], Any]) -> Any:
        from seminar.factory import create_app
        from seminar.lib.database import db
        from seminar.lib.settings import load

        app = create_app(load(self.server.env))
        with app.app_context():
            try:
                return action()
            finally:
                db.session.remove()
                db.engine.dispose()

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(20)
        if self.cluster:
            self.cluster.stop()


def fill() -> tuple[list[str], list[str], int]:
    from seminar.accounts import passwords
    from seminar.accounts.models import User
    from seminar.lib.database import db
    from tests import cast, reception
    from tests.web.noting import add_programme

    cast.add_staff()
    cast.add_units()
    seminar = cast.add_seminar()
    db.session.flush()
    codes = [reception.invite(cast.add_delegate(seminar, f"Người Số {n}", "G2")) for n in range(PEOPLE)]
    item = add_programme(seminar).items[1].id
    db.session.execute(db.update(User).values(password_hash=passwords.hashed(cast.PASSWORD)))
    db.session.commit()
    return codes, [reception.pair(name=f"Bàn {n}")[0] for n in range(DESKS)], item


def empty() -> None:
    """Every round begins before the doors open."""
    from seminar.checkin.models import Arrival, DoubleEntry, Scan
    from seminar.lib.database import db

    for model in (DoubleEntry, Arrival, Scan):
        db.session.execute(db.delete(model))
    db.session.commit()


def bench(engine: str, rounds: int, seconds: float, folder: Path) -> dict[str, Any]:
    hall = Hall(engine, folder)
    port = hall.server.port
    found: dict[str, list[float]] = {}
    try:
        measure(port, 1, scans_of(hall.codes, hall.tokens, "/api/v1/desk/scans", 1))  # warm
        for _ in range(rounds):
            nothing = measure(port, seconds, scans_of(hall.codes, hall.tokens, "/nothing", 1))
            hall.within(empty)
            single = measure(port, seconds, scans_of(hall.codes, hall.tokens, "/api/v1/desk/scans", 1))
            hall.within(empty)
            # A quarter of the time: about as many scans as one by one, so that both find histories of the same length.
            batch = measure(port, seconds / 4, scans_of(hall.codes, hall.tokens, "/api/v1/desk/scans", BATCH))
            notes = note_times(port, hall.item)
            for name, value in {
                "nothing_per_second": nothing.calls_per_second,
                "nothing_p99_ms": nothing.p99_ms,
                "single_per_second": single.calls_per_second,
                "p50_ms": single.p50_ms,
                "p99_ms": single.p99_ms,
                "batch_scans_per_second": batch.calls_per_second * BATCH,
                "batch_p99_ms": batch.p99_ms,
                "single_to_nothing": single.calls_per_second / nothing.calls_per_second,
                "note_p50_ms": notes[NOTES // 2],
                "note_p95_ms": notes[int(NOTES * 0.95)],
                "batch_to_single": batch.calls_per_second * BATCH / single.calls_per_second,
            }.items():
                found.setdefault(name, []).append(value)
    finally:
        hall.close()
    return {
        name: {"median": statistics.median(values), "min": min(values), "max": max(values)}
        for name, values in found.items()
    }


def judged(engine: str, name: str, median: float) -> str:
    goal = GOALS[engine].get(name)
    if goal is None:
        return ""
    if name.endswith("_ms"):
        return f"goal ≤ {goal:g}: {'reached' if median <= goal else 'missed'}"
    return f"goal ≥ {goal:g}: {'reached' if median >= goal else 'missed'}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0)
    options = parser.parse_args()
    environment.prepare("requirements-dev.txt")
    if not Path(sys.prefix).samefile(environment.VENV):
        os.execv(str(environment.PYTHON), [str(environment.PYTHON), *sys.argv])  # noqa: S606
    whole: dict[str, Any] = {"clients": CLIENTS, "desks": DESKS, "people": PEOPLE, "batch": BATCH}
    for engine in ("sqlite", "postgresql") if options.engine == "both" else (options.engine,):
        folder = Path(tempfile.mkdtemp(prefix="seminar-bench-"))
        try:
            whole[engine] = bench(engine, options.rounds, options.seconds, folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        print(f"{engine}: {CLIENTS} clients, {DESKS} desks, {PEOPLE} people; median of {options.rounds} (min, max)")
        for name, values in whole[engine].items():
            figures = f"{values['median']:10.3f} ({values['min']:.3f}, {values['max']:.3f})"
            print(f"  {name:24s} {figures:36s} {judged(engine, name, values['median'])}", flush=True)
    whole["cores"] = os.cpu_count()
    (HOUSE / "bench.json").write_text(json.dumps(whole, indent=1) + "\n")


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        run_server(int(sys.argv[2]))
    else:
        main()
