"""Two desks race for one person: real server processes, either engine; first without the guard, so that it can be lost."""

import http.client
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from seminar.checkin.models import Arrival, DoubleEntry, Scan
from tests import reception
from tests.engines import Cluster
from tests.fault.hall import DESKS, PEOPLE, Reception, at_once, build


@pytest.fixture
def hall(tmp_path: Path, cluster: Cluster | None) -> Iterator[Reception]:
    hall = build(tmp_path, cluster)
    hall.server.start()
    yield hall
    hall.server.stop()


@pytest.fixture
def unguarded(tmp_path: Path, cluster: Cluster | None) -> Iterator[Reception]:
    """Records without a lock, without a transaction around reading and writing, without the unique index."""
    hall = build(tmp_path, cluster, "unguarded")
    hall.run("DROP INDEX uq_arrival_without_sitting")
    hall.server.start()
    yield hall
    hall.server.stop()


def race(hall: Reception, code: str) -> Counter[str]:
    """What twenty clients at five desks are told who scan one person at the same moment."""

    def ask(n: int) -> str:
        try:
            return hall.ask(hall.tokens[n % DESKS], reception.scan(code))[0]["verdict"]
        except http.client.HTTPException:
            return "no answer"

    return Counter(at_once(20, ask))


def test_without_the_guard_twenty_clients_let_one_person_in_several_times(unguarded):
    raced = [race(unguarded, code) for code in unguarded.codes[:5]]
    print(f"\nadmitted without the guard, five races: {[one['admitted'] for one in raced]}")
    assert max(one["admitted"] for one in raced) > 1, "a race that nobody can lose shows nothing"


def test_twenty_clients_at_five_desks_race_for_one_person_and_one_lets_in(hall):
    for code in hall.codes[:5]:
        assert race(hall, code) == {"admitted": 1, "already_in": 19}
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
