"""Times of the programme follow from durations; moving an item never loses one."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seminar.agenda import rules
from seminar.agenda.models import ItemKind

EIGHT = datetime(2024, 3, 15, 1, 0, tzinfo=UTC)


@dataclass(eq=False)
class Row:
    name: str
    minutes: int = 10
    kind: ItemKind = ItemKind.OTHER
    paper_id: int | None = None


def frame(name="P", minutes=30):
    return Row(name, minutes, ItemKind.PAPERS)


def paper(name, minutes=10):
    return Row(name, minutes, ItemKind.PAPERS, paper_id=1)


def clock(rows):
    return [(f"{start:%H:%M}", f"{end:%H:%M}", row.name) for start, end, row in rules.timetable(EIGHT, rows)]


def test_each_item_begins_when_the_one_before_ends():
    assert clock([Row("a", 30), Row("b", 10), Row("c", 15)]) == [
        ("01:00", "01:30", "a"),
        ("01:30", "01:40", "b"),
        ("01:40", "01:55", "c"),
    ]


def test_papers_take_place_inside_their_frame_and_are_not_counted_twice():
    rows = [Row("a", 10), frame(minutes=30), paper("p"), paper("q"), Row("b", 5)]
    assert clock(rows) == [
        ("01:00", "01:10", "a"),
        ("01:10", "01:40", "P"),
        ("01:10", "01:20", "p"),
        ("01:20", "01:30", "q"),
        ("01:40", "01:45", "b"),
    ]
    assert rules.total_minutes(rows) == 45
    assert rules.paper_minutes(rows) == 30


def test_a_frame_grows_when_its_papers_need_more_than_was_planned():
    rows = [frame(minutes=30), *(paper(f"p{n}", 7) for n in range(20)), Row("b", 5)]
    assert rules.total_minutes(rows) == 145
    assert rules.paper_minutes(rows) == 140
    assert clock(rows)[-1] == ("03:20", "03:25", "b")


def test_a_paper_outside_of_a_frame_has_its_own_time():
    rows = [paper("p", 10), Row("a", 5)]
    assert rules.total_minutes(rows) == 15
    assert rules.paper_minutes(rows) == 10


def test_an_empty_sitting_takes_no_time():
    assert rules.timetable(EIGHT, []) == []
    assert rules.total_minutes([]) == 0


A, B, P, Q, p, q, r = Row("A"), Row("B"), frame("P"), frame("Q"), paper("p"), paper("q"), paper("r")


@pytest.mark.parametrize(
    ("before", "item", "step", "after"),
    [
        ("AB", A, 1, "BA"),
        ("AB", B, -1, "BA"),
        ("AB", A, -1, "AB"),
        ("AB", B, 1, "AB"),
        ("APpqB", P, 1, "ABPpq"),
        ("APpqB", B, -1, "ABPpq"),
        ("APpqB", A, 1, "PpqAB"),
        ("APpqB", p, 1, "APqpB"),
        ("APpqB", q, -1, "APqpB"),
        ("APpqB", p, -1, "ApPqB"),
        ("APpqB", q, 1, "APpBq"),
        ("Ppq", q, 1, "Ppq"),
        ("pPqB", p, 1, "PpqB"),
        ("PpqQr", q, 1, "PpQqr"),
        ("PpQqr", q, -1, "PpqQr"),
        ("APpBq", q, -1, "APpqB"),
    ],
)
def test_a_move_of_one_step(before, item, step, after):
    named = {"A": A, "B": B, "P": P, "Q": Q, "p": p, "q": q, "r": r}
    assert "".join(row.name for row in rules.moved([named[name] for name in before], item, step)) == after


SITTING = st.lists(st.sampled_from(["other", "frame", "paper"]), min_size=1, max_size=12)
MAKERS = {"other": Row, "frame": frame, "paper": paper}


@given(SITTING, st.lists(st.tuples(st.integers(0, 11), st.sampled_from([-1, 1])), max_size=30))
def test_no_series_of_moves_loses_or_doubles_an_item(kinds, moves):
    rows = [MAKERS[kind](str(number)) for number, kind in enumerate(kinds)]
    order = rows
    for number, step in moves:
        order = rules.moved(order, rows[number % len(rows)], step)
        assert sorted(order, key=id) == sorted(rows, key=id)
    assert [one for block in rules.blocks(order) for one in block] == order


@given(SITTING)
def test_an_item_moved_down_often_enough_comes_to_the_end(kinds):
    rows = [MAKERS[kind](str(number)) for number, kind in enumerate(kinds)]
    order = rows
    for _ in range(len(rows) * 2):
        order = rules.moved(order, rows[0], 1)
    assert any(one is rows[0] for one in rules.blocks(order)[-1])


MORNING = (EIGHT, EIGHT + timedelta(hours=3))
AFTERNOON = (EIGHT + timedelta(hours=5), EIGHT + timedelta(hours=8))


@pytest.mark.parametrize(
    ("sittings", "hours", "found"),
    [
        ([], 0, None),
        ([MORNING, AFTERNOON], -24, 0),
        ([MORNING, AFTERNOON], 1, 0),
        ([MORNING, AFTERNOON], 4, 1),
        ([MORNING, AFTERNOON], 6, 1),
        ([MORNING, AFTERNOON], 100, 1),
    ],
)
def test_the_sitting_that_is_on_else_the_next_else_the_last(sittings, hours, found):
    assert rules.sitting_at(sittings, EIGHT + timedelta(hours=hours)) == found
