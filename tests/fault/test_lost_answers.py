"""What goes wrong between a desk and a server that is well: answers that never come, clocks that lie, a full disk."""

import http.client
import json
import resource
import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from seminar.checkin.models import Arrival, Desk, DoubleEntry, Scan
from seminar.lib.database import db
from tests import reception
from tests.engines import Cluster
from tests.fault.hall import Reception, build
from tests.postbox import until


@pytest.fixture
def hall(tmp_path: Path, cluster: Cluster | None) -> Iterator[Reception]:
    hall = build(tmp_path, cluster, "plain")
    hall.server.start()
    yield hall
    hall.server.stop()


def tell(hall: Reception, token: str, *scans: dict) -> socket.socket:
    """Sends a call; nobody reads the answer."""
    body = json.dumps({"scans": scans}).encode()
    head = (
        f"POST /api/v1/desk/scans HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    line = socket.create_connection(("127.0.0.1", hall.server.port), timeout=60)
    line.sendall(head.encode() + body)
    return line


def test_scans_whose_answers_were_lost_are_told_again_and_get_the_same_answers(hall):
    scans = [reception.scan(code) for code in hall.codes]
    lines = [tell(hall, hall.tokens[0], one) for one in scans]
    assert until(lambda: len(hall.stored()) == len(scans), 60)
    for line in lines:
        line.close()
    first = hall.stored()
    again = hall.ask(hall.tokens[0], *(one | {"offline": True} for one in scans))
    assert {one["id"]: one["verdict"] for one in again} == first
    assert set(first.values()) == {"admitted"}
    assert (hall.count(Scan), hall.count(Arrival), hall.count(DoubleEntry)) == (len(scans), len(scans), 0)
    print(f"\n{len(scans)} answers lost, {len(first)} scans stored: 0 lost, 0 doubled")


def unavailable(hall: Reception, *scans: dict) -> tuple[int, str | None, dict]:
    connection = http.client.HTTPConnection("127.0.0.1", hall.server.port, timeout=60)
    headers = {"Authorization": f"Bearer {hall.tokens[0]}", "Content-Type": "application/json"}
    connection.request("POST", "/api/v1/desk/scans", json.dumps({"scans": scans}), headers)
    answer = connection.getresponse()
    return answer.status, answer.getheader("Retry-After"), json.loads(answer.read())


def set_full(hall: Reception, cluster: Cluster | None, is_full: bool) -> None:
    """SQLite: no file of the server may grow any more. PostgreSQL: the database takes no change."""
    if cluster:
        value = "on" if is_full else "off"
        cluster.execute(
            f"ALTER DATABASE race SET default_transaction_read_only = {value}",
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'race'",
        )
        return
    for pid in hall.server.processes():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (4096 if is_full else resource.RLIM_INFINITY, -1))


def test_a_disk_that_takes_no_more_is_said_so_and_nothing_is_half_stored(hall, cluster):
    hall.ask(hall.tokens[0], reception.scan(hall.codes[0]))
    before = hall.stored()
    scans = [reception.scan(code) for code in hall.codes[1:21]]
    set_full(hall, cluster, True)
    for _ in range(3):
        status, retry_after, body = unavailable(hall, *scans)
        assert (status, retry_after) == (503, "2")
        assert "server_time" in body
        assert body["message"]
    assert hall.stored() == before
    assert hall.count(Arrival) == 1
    set_full(hall, cluster, False)
    assert until(lambda: unavailable(hall, *scans)[0] == 200, 60)
    assert hall.ask(hall.tokens[0], *scans)[0]["verdict"] == "admitted"
    assert (hall.count(Scan), hall.count(Arrival)) == (21, 21)


def test_clocks_three_hours_off_change_neither_order_nor_presence(hall):
    """Two desks, three hours fast and three hours slow, tell what they did offline a quarter of an hour ago."""
    true_now = reception.moment()
    for desk, hours in ((0, 3), (1, -3)):
        off = timedelta(hours=hours)
        scans = [
            reception.scan(
                hall.codes[person], offline=True, at=(true_now - timedelta(minutes=minutes) + off).isoformat()
            )
            for person, minutes in ((0, 15 - desk), (1 + desk, 10))
        ]
        told = hall.ask(hall.tokens[desk], *scans, now=(reception.moment() + off).isoformat())
        assert [one["verdict"] for one in told] == ["admitted", "admitted"]

    def look():
        arrived = db.session.scalars(db.select(Arrival).order_by(Arrival.id)).all()
        return [abs(one.arrived_at - true_now) for one in arrived], sorted(
            db.session.scalars(db.select(Desk.skew_seconds).where(Desk.skew_seconds.is_not(None)))
        )

    ages, skews = hall.within(look)
    assert [round(age.total_seconds() / 60) for age in ages] == [15, 10, 10]
    assert [round(skew / 3600) for skew in skews] == [-3, 3]
    assert hall.count(DoubleEntry) == 1
    online = hall.ask(hall.tokens[2], reception.scan(hall.codes[0], at=(true_now - timedelta(hours=3)).isoformat()))
    assert online[0]["verdict"] == "already_in"
    assert online[0]["first"]["desk"] == "Bàn 0"


def test_a_stuck_scanner_stops_no_other_desk(hall):
    for _ in range(4):
        stuck = hall.ask(hall.tokens[0], *(reception.scan(hall.codes[0]) for _ in range(500)))
        assert {one["verdict"] for one in stuck[1:]} == {"already_in"}
    others = hall.ask(hall.tokens[1], *(reception.scan(code) for code in hall.codes))
    assert [one["verdict"] for one in others] == ["already_in"] + ["admitted"] * (len(hall.codes) - 1)
    assert (hall.count(Arrival), hall.count(DoubleEntry)) == (len(hall.codes), 0)
