"""What to expect on the day: from what was really on, honestly late or early, never of what was passed over."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seminar.agenda import rules
from seminar.agenda.models import ItemKind
from seminar.agenda.rules import State

EIGHT = datetime(2024, 3, 15, 1, 0, tzinfo=UTC)
ENDS = EIGHT + timedelta(hours=3)


@dataclass(eq=False)
class Row:
    id: int
    minutes: int = 10
    kind: ItemKind = ItemKind.OTHER
    paper_id: int | None = None


@dataclass
class Ran:
    item_id: int | None
    began_at: datetime
    ended_at: datetime | None = None


def at(minutes):
    return EIGHT + timedelta(minutes=minutes)


def ran(item_id, began, ended=None):
    return Ran(item_id, at(began), None if ended is None else at(ended))


def frame(number, minutes=30):
    return Row(number, minutes, ItemKind.PAPERS)


def paper(number, minutes=10):
    return Row(number, minutes, ItemKind.PAPERS, paper_id=number)


def course(items, runs, now, **more):
    return rules.course(EIGHT, ENDS, items, runs, at(now), **more)


def told(found):
    def minute(moment):
        return None if moment is None else rules.minutes_between(EIGHT, moment)

    return [(line.item.id, str(line.state), minute(line.begins_at), minute(line.ends_at)) for line in found.lines]


THREE = [Row(1, 10), Row(2, 15), Row(3, 20)]


def test_weeks_before_the_plan_is_what_to_expect():
    found = course(THREE, [], -20_000)
    assert told(found) == [(1, "coming", 0, 10), (2, "coming", 10, 25), (3, "coming", 25, 45)]
    assert (found.on, found.following.item.id, found.late_minutes, found.is_live) == (None, 1, 0, False)


def test_a_sitting_that_nobody_begins_is_late_until_its_end():
    assert course(THREE, [], 12).late_minutes == 12
    assert course(THREE, [], 100_000).late_minutes == 0


def test_what_is_on_goes_on_as_planned_and_what_follows_comes_right_after():
    found = course(THREE, [ran(None, 12), ran(1, 12)], 15)
    assert told(found) == [(1, "on", 12, 22), (2, "coming", 22, 37), (3, "coming", 37, 57)]
    assert (found.on.item.id, found.following.item.id, found.late_minutes) == (1, 2, 12)


def test_an_item_that_runs_over_pushes_the_others_by_the_minute():
    found = course(THREE, [ran(None, 0), ran(1, 0)], 26)
    assert told(found) == [(1, "on", 0, 26), (2, "coming", 26, 41), (3, "coming", 41, 61)]
    assert found.late_minutes == 16


def test_a_shorter_item_brings_the_programme_ahead():
    found = course(THREE, [ran(None, 0), ran(1, 0, 4), ran(2, 4)], 5)
    assert told(found)[0] == (1, "done", 0, 4)
    assert found.late_minutes == -6


def test_in_a_break_what_follows_can_begin_now():
    found = course(THREE, [ran(None, 0), ran(1, 0, 10)], 30)
    assert found.on is None
    assert told(found)[1] == (2, "coming", 30, 45)
    assert found.late_minutes == 20


def test_what_was_passed_over_is_not_expected_and_what_was_done_does_not_follow_again():
    found = course(THREE, [ran(None, 0), ran(1, 0, 5), ran(3, 5)], 6)
    assert told(found)[1:] == [(2, "passed", None, None), (3, "on", 5, 25)]
    assert found.following is None
    back = course(THREE, [ran(None, 0), ran(3, 0, 5), ran(1, 5)], 6)
    assert [str(line.state) for line in back.lines] == ["on", "coming", "done"]
    assert back.following.item.id == 2


def test_the_last_item_is_late_by_how_much_it_runs_over():
    runs = [ran(None, 0), ran(1, 0, 10), ran(2, 10, 25), ran(3, 25)]
    assert course(THREE, runs, 40).late_minutes == 0
    assert course(THREE, runs, 52).late_minutes == 7


def test_a_sitting_that_has_ended_expects_nothing():
    found = course(THREE, [ran(None, 0, 30), ran(1, 0, 30)], 31)
    assert [str(line.state) for line in found.lines] == ["done", "skipped", "skipped"]
    assert (found.on, found.following, found.is_live, found.late_minutes) == (None, None, False, 0)


def test_a_sitting_that_nobody_ended_is_over_hours_later():
    runs = [ran(None, 0), ran(1, 0)]
    assert course(THREE, runs, 180 + 359).is_live
    assert not course(THREE, runs, 180 + 361).is_live


def test_a_sitting_that_nobody_ended_is_over_when_a_later_one_goes_on():
    runs = [ran(None, 0), ran(1, 0), ran(3, 20)]
    assert course(THREE, runs, 335).is_live
    found = course(THREE, runs, 335, went_on_at=at(330))
    assert [str(line.state) for line in found.lines] == ["done", "skipped", "done"]
    assert (found.is_live, found.on, found.late_minutes) == (False, None, 0)
    rehearsed = course(THREE, runs, 21, went_on_at=at(-60 * 24))
    assert rehearsed.is_live


def test_a_withdrawn_paper_is_never_expected_and_the_others_keep_their_times_until_the_day():
    found = course(THREE, [], -20_000, withdrawn={1})
    assert told(found) == [(1, "withdrawn", None, None), (2, "coming", 10, 25), (3, "coming", 25, 45)]
    assert found.following.item.id == 2
    found = course(THREE, [ran(None, 0), ran(1, 0)], 5, withdrawn={2})
    assert told(found) == [(1, "on", 0, 10), (2, "withdrawn", None, None), (3, "coming", 10, 30)]
    assert course(THREE, [ran(None, 0), ran(2, 0)], 5, withdrawn={2}).on.item.id == 2


def test_how_late_the_sitting_is_to_end():
    assert course(THREE, [], -20_000).late_end_minutes == 0
    assert course(THREE, [ran(None, 12), ran(1, 12)], 15).late_end_minutes == 12
    assert course(PAPERS, [ran(None, 5), ran(1, 5, 25), ran(3, 25)], 26).late_end_minutes == 15
    assert course([], [ran(None, 5)], 26).late_end_minutes == 0


PAPERS = [Row(1, 10), frame(2, 40), paper(3), paper(4), Row(5, 15)]


def test_a_frame_is_on_with_its_papers_and_keeps_the_time_that_they_leave():
    found = course(PAPERS, [ran(None, 0), ran(1, 0, 12), ran(3, 12)], 15)
    assert told(found)[1:] == [(2, "on", 12, 52), (3, "on", 12, 22), (4, "coming", 22, 32), (5, "coming", 52, 67)]
    assert (found.on.item.id, found.following.item.id, found.late_minutes) == (3, 4, 2)


def test_a_frame_that_the_chair_opened_is_followed_by_its_first_paper():
    found = course(PAPERS, [ran(None, 0), ran(1, 0, 10), ran(2, 10)], 13)
    assert (found.on.item.id, found.following.item.id) == (2, 3)
    assert told(found)[2] == (3, "coming", 13, 23)
    assert told(found)[4] == (5, "coming", 50, 65)


def test_a_frame_that_nothing_has_opened_yet_begins_now_at_the_earliest():
    found = course([Row(1, 5), frame(2, 30), paper(3)], [ran(None, 0), ran(1, 0, 5)], 6)
    assert told(found)[1:] == [(2, "coming", 6, 36), (3, "coming", 6, 16)]


def test_a_frame_is_done_when_something_behind_it_began():
    found = course(PAPERS, [ran(None, 0), ran(3, 0, 8), ran(5, 8)], 9)
    assert told(found)[1:4] == [(2, "done", 0, 8), (3, "done", 0, 8), (4, "passed", None, None)]


def test_a_rehearsal_on_another_day_is_measured_from_its_beginning():
    days = 60 * 24 * 900
    found = course(THREE, [ran(None, days), ran(1, days + 3)], days + 5)
    assert found.late_minutes == 3
    assert found.lines[0].planned[0] == at(days)


@pytest.mark.parametrize(("seconds", "minutes"), [(0, 0), (59, 0), (60, 1), (779, 12), (-1, -1), (-60, -1)])
def test_minutes_are_those_of_the_clock(seconds, minutes):
    assert rules.minutes_between(EIGHT, EIGHT + timedelta(seconds=seconds)) == minutes


KINDS = st.lists(st.sampled_from([Row, frame, paper]), min_size=1, max_size=8)


@given(KINDS, st.lists(st.integers(0, 7), max_size=8), st.integers(0, 300), st.booleans())
def test_every_item_is_told_once_and_nothing_to_come_lies_in_the_past(kinds, order, now, is_on):
    items = [make(number) for number, make in enumerate(kinds, 1)]
    runs, clock = [ran(None, 0)], 0
    for number in order:
        item = items[number % len(items)]
        runs.append(ran(item.id, clock, clock + 5))
        clock += 5
    if is_on and len(runs) > 1:
        runs[-1].ended_at = None
    moment = max(now, clock)
    found = course(items, runs, moment)
    assert [line.item.id for line in found.lines] == [item.id for item in items]
    for line in found.lines:
        if line.state == State.COMING:
            assert line.begins_at >= at(moment)
        if line.state in (State.SKIPPED, State.PASSED):
            assert line.begins_at is None
        else:
            assert line.ends_at >= line.begins_at
    coming = [line for line in found.lines if line.state == State.COMING and not rules.is_frame(line.item)]
    assert all(a.begins_at <= b.begins_at for a, b in zip(coming, coming[1:], strict=False))
