"""Two desks race for one person, and the server dies in the middle of traffic: real server processes, either engine."""

import http.client
import json
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import pytest

from seminar.checkin.models import Arrival, DoubleEntry, Scan
from seminar.factory import create_app
from seminar.lib.database import db
from seminar.lib.settings import load
from tests import cast, reception
from tests.engines import Cluster
from tests.postbox import until
from tests.servers import Server

DESKS = 5
PEOPLE = 40


class Reception:
    """A server with five desks and forty people who hold their codes."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.codes: list[str] = []
        self.tokens: list[str] = []

    def within(self, action):
        app = create_app(load(self.server.env))
        with app.app_context():
            try:
                return action()
            finally:
                db.session.rollback()
                db.session.remove()
                db.engine.dispose()

    def fill(self) -> None:
        cast.add_staff()
        cast.add_units()
        seminar = cast.add_seminar()
        db.session.flush()
        people = [cast.add_delegate(seminar, f"Người Số {n}", "G2") for n in range(PEOPLE)]
        self.codes = [reception.invite(person) for person in people]
        db.session.commit()
        self.tokens = [reception.pair(name=f"Bàn {n}")[0] for n in range(DESKS)]

    def ask(self, token: str, *scans: dict) -> list[dict]:
        """The results of one call; raises OSError or HTTPException where the server is not there or not well."""
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=15)
        try:
            body = json.dumps({"scans": scans})
            connection.request(
                "POST",
                "/api/v1/desk/scans",
                body,
                {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
            )
            answer = connection.getresponse()
            content = answer.read()
            if answer.status != 200:
                raise http.client.HTTPException(f"{answer.status} {content[:200]!r}")
            return json.loads(content)["results"]
        finally:
            connection.close()

    def count(self, model, *conditions) -> int:
        return self.within(lambda: db.session.scalar(db.select(db.func.count()).select_from(model).where(*conditions)))


@pytest.fixture
def hall(tmp_path: Path, cluster: Cluster | None) -> Iterator[Reception]:
    env = {"SEMINAR_MAIL_WORKER": "0"}
    if cluster:
        cluster.execute('DROP DATABASE IF EXISTS "race" WITH (FORCE)', 'CREATE DATABASE "race"')
        env["SEMINAR_DATABASE_URL"] = cluster.url("race")
    server = Server(tmp_path / "data", **env)
    server.prepare()
    hall = Reception(server)
    hall.within(hall.fill)
    server.start()
    yield hall
    server.stop()


def at_once(count: int, action) -> list:
    """Calls action(n) from so many threads that start together."""
    start = threading.Barrier(count)

    def run(n: int):
        start.wait()
        return action(n)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def test_twenty_clients_at_five_desks_race_for_one_person_and_one_lets_in(hall):
    for code in hall.codes[:5]:
        verdicts = at_once(20, lambda n, code=code: hall.ask(hall.tokens[n % DESKS], reception.scan(code))[0])
        assert Counter(one["verdict"] for one in verdicts) == {"admitted": 1, "already_in": 19}
        assert len({one["first"]["at"] for one in verdicts if one["first"]}) == 1
    assert hall.count(Arrival) == 5
    assert hall.count(DoubleEntry) == 0
    assert hall.count(Scan) == 100


def test_the_same_scan_sent_ten_times_at_once_is_one_row_and_ten_equal_answers(hall):
    one = reception.scan(hall.codes[0])
    answers = at_once(10, lambda n: hall.ask(hall.tokens[n % DESKS], one)[0])
    assert [answer["verdict"] for answer in answers] == ["admitted"] * 10
    assert len({answer["delegate"]["id"] for answer in answers}) == 1
    assert hall.count(Scan) == 1


def test_two_annulments_at_once_take_back_once(hall):
    entry = reception.scan(hall.codes[0])
    hall.ask(hall.tokens[0], entry)
    verdicts = at_once(
        6, lambda n: hall.ask(hall.tokens[n % DESKS], reception.scan(kind="annul", annuls=entry["id"]))[0]["verdict"]
    )
    assert Counter(verdicts) == {"annulled": 1, "nothing_to_annul": 5}
    assert hall.count(Arrival) == 0


def test_desks_that_send_each_other_crossing_batches_all_get_answers(hall):
    """Batches over the same people in opposite orders: row locks in the order of ids, so nobody waits in a circle."""

    def send(n: int) -> list[str]:
        order = hall.codes if n % 2 else list(reversed(hall.codes))
        return [one["verdict"] for one in hall.ask(hall.tokens[n % DESKS], *(reception.scan(code) for code in order))]

    answers = at_once(8, send)
    admitted = sum(verdicts.count("admitted") for verdicts in answers)
    assert (admitted, sum(map(len, answers))) == (PEOPLE, 8 * PEOPLE)
    assert hall.count(Arrival) == PEOPLE


def test_a_server_killed_in_mid_traffic_has_every_acknowledged_scan_once(hall):
    acknowledged: dict[str, str] = {}
    sent: set[str] = set()
    over = threading.Event()

    def traffic(n: int) -> None:
        """Scans on and on; a scan without an answer is told again, with its id, until it has one."""
        turn = n
        while not over.is_set():
            one = reception.scan(hall.codes[turn % PEOPLE], "entry" if turn % 3 else "exit", id=str(uuid4()))
            turn += 7
            sent.add(str(one["id"]))
            while True:
                try:
                    acknowledged[str(one["id"])] = hall.ask(hall.tokens[n % DESKS], one)[0]["verdict"]
                    break
                except (OSError, http.client.HTTPException):
                    one["offline"] = True
                    threading.Event().wait(0.05)

    def verdicts_stored() -> dict[str, str]:
        rows = hall.within(lambda: db.session.execute(db.select(Scan.id, Scan.verdict)).all())
        return {id_: str(verdict) for id_, verdict in rows}

    def wait_for(count: int) -> None:
        assert until(lambda: len(acknowledged) >= count, 60), len(acknowledged)

    threads = [threading.Thread(target=traffic, args=(n,), daemon=True) for n in range(8)]
    for thread in threads:
        thread.start()
    try:
        wait_for(100)
        before = dict(acknowledged)
        hall.server.kill_group()
        stored = verdicts_stored()
        assert {id_: stored.get(id_) for id_ in before} == before, "acknowledged before the kill, and not there"
        hall.server.start()
        wait_for(len(before) + 100)
    finally:
        over.set()
    for thread in threads:
        thread.join(30)
    stored = verdicts_stored()
    assert set(stored) == sent
    assert stored == acknowledged
    print(f"\n{len(before)} acknowledged before the kill, {len(stored)} in all: 0 lost, 0 doubled")
