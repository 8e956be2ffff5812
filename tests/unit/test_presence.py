"""What scans mean, as tables and as a property: presence is a function of the set of scans alone."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seminar.checkin import rules
from seminar.checkin.models import ScanKind, Source, Verdict
from seminar.checkin.rules import Annulment, Event

START = datetime(2024, 3, 15, 0, 30, tzinfo=UTC)
ENTRY, EXIT = ScanKind.ENTRY, ScanKind.EXIT
CODE = "12345678901234567890"


def at(minute):
    return START + timedelta(minutes=minute)


def event(id_, minute, kind=ENTRY, desk=1, offline=False, verdict=Verdict.ADMITTED):
    return Event(id_, kind, desk, offline, at(minute), verdict)


@pytest.mark.parametrize(
    ("read", "code"),
    [
        (CODE, CODE),
        (f"HTTPS://HOST/I/{CODE}", CODE),
        (f"{CODE}\n{CODE}", CODE),
        (f"\\000026{CODE}", CODE),
        (f"]Q3{CODE}", CODE),
        ("12345 67890 12345 67890", CODE),
        ("12345-67890-12345-67890", CODE),
        (CODE + "1", None),
        (CODE[:-1], None),
        (CODE + CODE, None),
        (f"{CODE} {CODE[::-1]}", None),
        ("", None),
        ("１" * 20, None),
    ],
)
def test_the_code_is_the_one_run_of_twenty_digits(read, code):
    assert rules.code_in(read) == code


@pytest.mark.parametrize(
    ("read", "source", "number"),
    [("7", Source.NUMBER, 7), (" 007 ", Source.NUMBER, 7), ("7", Source.PAPER, 7), ("7", Source.CAMERA, None),
     ("7", Source.SCANNER, None), ("123456", Source.NUMBER, None), ("٣", Source.NUMBER, None), ("", Source.NUMBER, None)],
)  # fmt: skip
def test_a_number_counts_only_where_a_person_typed_or_ticked_it(read, source, number):
    assert rules.number_in(read, source) == number


@pytest.mark.parametrize(
    ("offline", "minute", "skew", "corrected"),
    [
        (False, -180, None, 0),
        (False, 180, 180, 0),
        (True, -30, None, -30),
        (True, 150, -180, -30),
        (True, -210, 180, -30),
        (True, 60, None, 0),
        (True, -1, 5, 0),
    ],
)
def test_the_time_that_orders_is_never_a_device_clock_alone(offline, minute, skew, corrected):
    skew = None if skew is None else timedelta(minutes=skew)
    assert rules.corrected_at(at(minute), offline, skew, at(0)) == at(corrected)


def test_what_the_device_took_for_the_servers_time_stands_above_its_clock_and_never_in_the_future():
    skew = timedelta(hours=3)
    assert rules.corrected_at(at(-600), True, skew, at(0), server_at=at(-30)) == at(-30)
    assert rules.corrected_at(at(-600), True, skew, at(0), server_at=at(30)) == at(0)
    assert rules.corrected_at(at(-600), False, skew, at(0), server_at=at(-30)) == at(0)


def test_a_difference_of_seconds_is_the_way_and_not_the_clock():
    assert rules.corrected_at(at(-10), True, timedelta(seconds=4), at(0)) == at(-10)


@pytest.mark.parametrize(
    ("events", "annulled", "stay"),
    [
        ([], [], None),
        ([event("a", 0)], [], ("a", 0, None)),
        ([event("a", 0), event("b", 1, EXIT)], [], ("a", 0, 1)),
        ([event("a", 0), event("b", 1, EXIT), event("c", 2)], [], ("a", 0, None)),
        ([event("a", 0), event("b", 1, EXIT), event("c", 2, EXIT)], [], ("a", 0, 1)),
        ([event("a", 0, EXIT), event("b", 1)], [], ("b", 1, None)),
        ([event("a", 0)], [("a", 1)], None),
        ([event("a", 0), event("b", 1)], [("a", 2)], None),
        ([event("a", 0), event("b", 1, desk=2)], [("a", 2)], None),
        ([event("a", 0), event("b", 1, desk=2, offline=True)], [("a", 2)], ("b", 1, None)),
        ([event("a", 0), event("b", 3, desk=2)], [("a", 2)], ("b", 3, None)),
        ([event("a", 0), event("b", 3, desk=2)], [("a", 4), ("a", 2)], ("b", 3, None)),
        ([event("a", 0), event("b", 1, EXIT), event("c", 2)], [("a", 3)], ("c", 2, None)),
        ([event("a", 0), event("b", 1, EXIT)], [("b", 2)], ("a", 0, None)),
    ],
)
def test_presence_follows_from_what_stands(events, annulled, stay):
    annulments = [Annulment(id_, at(minute)) for id_, minute in annulled]
    expected = None
    if stay:
        first = next(one for one in events if one.id == stay[0])
        expected = rules.Stay(stay[0], first.desk_id, at(stay[1]), None if stay[2] is None else at(stay[2]))
    for order in permutations(events):
        assert rules.stay_of(rules.effective(order, annulments)) == expected


def test_an_offline_entry_of_another_desk_is_let_in_and_of_the_same_one_is_a_repeat():
    inside = [event("a", 0)]
    assert rules.decide(inside, event("b", 1, desk=2, offline=True), has_declined=False) == (
        Verdict.ADMITTED,
        inside[0],
    )
    assert rules.decide(inside, event("b", 1, desk=2), has_declined=False) == (Verdict.ALREADY_IN, inside[0])
    assert rules.decide(inside, event("b", 1, offline=True), has_declined=False) == (Verdict.ALREADY_IN, inside[0])
    assert rules.decide([], event("b", 1), has_declined=True) == (Verdict.DECLINED, None)


def test_a_double_is_two_desks_that_both_let_in():
    let_in, told = Verdict.ADMITTED, Verdict.ALREADY_IN
    assert rules.doubles_of([event("a", 0), event("b", 1, desk=2, verdict=let_in)]) == {("a", "b")}
    assert rules.doubles_of([event("a", 0), event("b", 1, desk=2, verdict=told)]) == set()
    assert rules.doubles_of([event("a", 0), event("b", 1, EXIT), event("c", 2, desk=2)]) == set()
    three = [event("a", 0), event("b", 1, desk=2), event("c", 2, desk=3)]
    assert rules.doubles_of(three) == {("a", "b"), ("a", "c")}


def test_every_verdict_has_a_word_and_a_tone():
    assert set(rules.VERDICT_LABELS) == set(rules.VERDICT_TONES) == set(Verdict)


scans = st.lists(
    st.builds(
        Event,
        id=st.uuids().map(str),
        kind=st.sampled_from([ENTRY, EXIT]),
        desk_id=st.integers(1, 5),
        offline=st.booleans(),
        at=st.integers(0, 30).map(at),
    ),
    max_size=12,
    unique_by=lambda one: one.id,
)


@settings(max_examples=300, deadline=None)
@given(scans, st.data())
def test_any_order_and_repetition_gives_the_same_presence(events, data):
    annulments = [
        Annulment(one.id, one.at + timedelta(minutes=data.draw(st.integers(0, 10))))
        for one in events
        if data.draw(st.booleans())
    ]
    expected = rules.effective(events, annulments)
    shuffled = data.draw(st.permutations(events))
    repeated = data.draw(st.permutations(annulments + annulments))
    assert rules.effective(shuffled, repeated) == expected
    assert not {one.id for one in expected} & {one.annuls for one in annulments}
