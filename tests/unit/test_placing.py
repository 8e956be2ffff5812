"""An item put behind a chosen one: nothing but a paper stops inside a frame, and nothing is lost."""

import pytest

from seminar.agenda import rules
from tests.unit.test_timetable import EIGHT, Row, frame, paper, timedelta


def named():
    return {"A": Row("A"), "B": Row("B"), "P": frame("P"), "Q": frame("Q"), "p": paper("p"), "q": paper("q")}


@pytest.mark.parametrize(
    ("before", "moves", "behind", "after"),
    [
        ("AB", "B", None, "BA"),
        ("AB", "A", "B", "BA"),
        ("AB", "A", "A", "AB"),
        ("PpqA", "A", "P", "PpqA"),
        ("APpqB", "B", "p", "APpqB"),
        ("APpqB", "A", "P", "PpqAB"),
        ("APpqB", "A", "p", "PpqAB"),
        ("APpqB", "P", "B", "ABPpq"),
        ("APpqB", "P", None, "PpqAB"),
        ("APpqB", "P", "p", "APpqB"),
        ("APpqB", "p", "q", "APqpB"),
        ("APpqB", "q", "P", "APqpB"),
        ("APpqB", "p", "A", "ApPqB"),
        ("APpqB", "p", "B", "APqBp"),
        ("APpqBQ", "p", "Q", "APqBQp"),
        ("PpQq", "P", "q", "QqPp"),
    ],
)
def test_an_item_comes_behind_the_chosen_one(before, moves, behind, after):
    rows = named()
    order = [rows[name] for name in before]
    block = rules.block_of(order, rows[moves])
    found = rules.placed(order, block, rows[behind] if behind else None)
    assert "".join(row.name for row in found) == after


def test_a_frame_comes_into_another_sitting_with_its_papers():
    rows = named()
    block = rules.block_of([rows[name] for name in "APpq"], rows["P"])
    found = rules.placed([rows["B"], rows["Q"]], block, rows["B"])
    assert "".join(row.name for row in found) == "BPpqQ"


def test_sittings_at_the_same_time_are_found():
    def span(begins, ends):
        return EIGHT + timedelta(hours=begins), EIGHT + timedelta(hours=ends)

    assert rules.overlaps([span(0, 3), span(3, 5), span(4, 6), span(1, 2)]) == [(0, 3), (1, 2)]
