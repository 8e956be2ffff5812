"""Presence on the real database, whatever the way the scans of five desks took: order, splitting, repetition.

Scans made online reach the server as they are made, for the server's clock is their time. Those made offline come any
time later, in any order, in calls of any size, several times; so do repetitions of all. The arrivals are then always the
same. So are the doubles of desks that were all offline. Where a desk was online they may differ, and must: it was told
what the server knew by then. A desk that was told "already in" let nobody in; had the offline entry of the other desk
not come yet, it would have let the person in, and that is a double. What holds in any order is looked at with eyes of
its own (`expected_doubles`): every further desk that let in a person who was inside is listed.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seminar.checkin.actions import Call, record_scans
from seminar.checkin.forms.api import read_scan
from seminar.checkin.models import Arrival, DoubleEntry, Scan, ScanKind, Verdict
from seminar.checkin.queries import PairedDesk
from seminar.lib.database import db
from tests import cast, reception

START = datetime(2024, 3, 15, 0, 0, tzinfo=UTC)
DESKS, PEOPLE = 5, 2
EXAMPLES = settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def at(minute: float) -> datetime:
    return START + timedelta(minutes=minute)


@dataclass(frozen=True)
class Made:
    """A scan as it was made: in the minute of its place in the list."""

    desk: int
    person: int
    kind: str
    is_offline: bool
    annuls: int


def made(offline: st.SearchStrategy[bool]) -> st.SearchStrategy[list[Made]]:
    """Entries, exits and annulments; of any scan made before, or later: a desk may know of one the server has not."""
    one = st.builds(
        Made,
        desk=st.sampled_from([0, 1, 0, 1, 2, 3, 4]),
        person=st.sampled_from([0, 0, 0, 1]),
        kind=st.sampled_from(["entry", "entry", "entry", "entry", "exit", "annul"]),
        is_offline=offline,
        annuls=st.integers(0, 11),
    )
    return st.lists(one, min_size=2, max_size=12)


@st.composite
def ways(draw, scans: list[Made]) -> list[list[tuple[int, bool]]]:
    """For each minute, and one after all, what comes late in it: (scan, whether it says offline)."""
    late: list[list[tuple[int, bool]]] = [[] for _ in range(len(scans) + 1)]
    for number, scan in enumerate(scans):
        if scan.is_offline:
            late[draw(st.integers(number, len(scans)))].append((number, True))
        for again in draw(st.lists(st.integers(number + 1, len(scans)), max_size=2)):
            late[again].append((number, draw(st.booleans()) if not scan.is_offline else True))
    return [draw(st.permutations(bundle)) for bundle in late]


class Hall:
    def __init__(self, people: list[int], desks: list[PairedDesk]) -> None:
        self.people = people
        self.desks = desks

    def told(self, scans: list[Made], number: int, offline: bool):
        scan = scans[number]
        whole = {
            "id": str(UUID(int=number + 1)),
            "kind": scan.kind,
            "source": "search",
            "at": at(number).isoformat(),
            "offline": offline,
        }
        if scan.kind == "annul":
            return read_scan(whole | {"annuls": str(UUID(int=scan.annuls % len(scans) + 1))})
        return read_scan(whole | {"delegate_id": self.people[scan.person]})

    def record(self, scans: list[Made], late: list[list[tuple[int, bool]]], sizes: list[int]):
        """(arrivals, doubles, the log) after the scans came in this way; nothing is kept."""
        with db.engine.connect() as connection, connection.begin() as transaction:
            for minute, bundle in enumerate(late):
                if minute < len(scans) and not scans[minute].is_offline:
                    self._send(connection, scans, [(minute, False)], at(minute), [1])
                if bundle:
                    self._send(connection, scans, bundle, at(minute + 0.5), sizes)
            found = _look(connection)
            transaction.rollback()
        return found

    def _send(self, connection, scans, bundle, clock, sizes) -> None:
        """As calls of one desk each, so many of them recorded together."""
        calls: list[Call] = []
        for number, offline in bundle:
            desk, told = self.desks[scans[number].desk], self.told(scans, number, offline)
            if calls and calls[-1].desk == desk:
                calls[-1] = Call(desk, [*calls[-1].scans, told], clock)
            else:
                calls.append(Call(desk, [told], clock))
        turn = 0
        while calls:
            size = sizes[turn % len(sizes)]
            record_scans(connection, calls[:size], lambda: clock)
            calls, turn = calls[size:], turn + 1


def _look(connection):
    arrivals = {
        (row.delegate_id, row.sitting_id, row.scan_id, row.desk_id, row.arrived_at, row.left_at)
        for row in connection.execute(db.select(Arrival.__table__))
    }
    doubles = {(row.first_scan_id, row.second_scan_id) for row in connection.execute(db.select(DoubleEntry.__table__))}
    log = list(connection.execute(db.select(Scan.__table__).order_by(Scan.corrected_at, Scan.id)))
    return arrivals, doubles, log


def expected_doubles(log) -> set[tuple[str, str]]:
    """Read off the log by hand; only for logs without annulments."""
    pairs = set()
    for person in {row.delegate_id for row in log}:
        first, seen = None, set()
        for row in (row for row in log if row.delegate_id == person):
            if row.kind == ScanKind.EXIT:
                first = None
            elif first is None:
                first, seen = row, {row.desk_id}
            elif row.desk_id not in seen and (row.offline or row.verdict in (Verdict.ADMITTED, Verdict.DECLINED)):
                pairs.add((first.id, row.id))
                seen.add(row.desk_id)
    return pairs


@pytest.fixture
def hall(app):
    with app.app_context():
        seminar = cast.find_seminar()
        people = [cast.add_delegate(seminar, f"Người Số {n}", "G2") for n in range(PEOPLE)]
        db.session.commit()
        desks = [
            PairedDesk(reception.pair(name=f"Bàn {n}")[1], f"Bàn {n}", cast.find_seminar().id, cast.SLUG)
            for n in range(DESKS)
        ]
        found = Hall([person.id for person in people], desks)
        db.session.remove()
        yield found


in_order = [1]


def as_made(scans: list[Made]) -> list[list[tuple[int, bool]]]:
    return [*([(number, True)] if scan.is_offline else [] for number, scan in enumerate(scans)), []]


@EXAMPLES
@given(st.data())
def test_whatever_way_the_scans_take_the_same_people_are_in(hall, data):
    scans = data.draw(made(st.booleans()))
    arrivals, _, log = hall.record(scans, as_made(scans), in_order)
    way, sizes = data.draw(ways(scans)), data.draw(st.lists(st.integers(1, 6), min_size=1, max_size=3))
    found, doubles, found_log = hall.record(scans, way, sizes)
    assert found == arrivals
    assert [row.id for row in found_log] == [row.id for row in log]
    if not any(scan.kind == "annul" for scan in scans):
        assert doubles == expected_doubles(found_log)


@EXAMPLES
@given(st.data())
def test_the_doubles_of_desks_that_were_offline_are_the_same_whatever_way_they_take(hall, data):
    scans = data.draw(made(st.just(True)))
    expected = hall.record(scans, as_made(scans), in_order)
    way, sizes = data.draw(ways(scans)), data.draw(st.lists(st.integers(1, 6), min_size=1, max_size=3))
    assert hall.record(scans, way, sizes)[:2] == expected[:2]


@pytest.mark.parametrize("is_first_known", [False, True])
def test_an_offline_entry_and_one_online_are_a_double_only_if_the_second_desk_was_not_told(hall, is_first_known):
    scans = [Made(0, 0, "entry", True, 0), Made(1, 0, "entry", False, 0)]
    late = [[(0, True)], [], []] if is_first_known else [[], [], [(0, True)]]
    _, doubles, log = hall.record(scans, late, in_order)
    assert log[1].verdict == (Verdict.ALREADY_IN if is_first_known else Verdict.ADMITTED)
    assert len(doubles) == (0 if is_first_known else 1)
