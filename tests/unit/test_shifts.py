"""A shift shows before and after, never loses an item, and takes minutes only from those who are to give them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seminar.agenda import rules
from seminar.agenda.models import ItemKind
from seminar.agenda.rules import NEW, Row, Seen, Shift

EIGHT = datetime(2024, 3, 15, 1, 0, tzinfo=UTC)


def row(number, minutes=10, kind=ItemKind.OTHER, paper_id=None):
    return Row(number, kind, minutes, paper_id, f"mục {number}")


def frame(number, minutes=30):
    return row(number, minutes, ItemKind.PAPERS)


def paper(number, minutes=7):
    return row(number, minutes, ItemKind.PAPERS, paper_id=number)


def sitting(*rows, minutes=210):
    return Seen(EIGHT, EIGHT + timedelta(minutes=minutes), rows)


def lengths(seen):
    return {one.id: one.minutes for one in seen.rows}


def starts(seen):
    return [f"{start:%H:%M}" for start, _end, _row in rules.timetable(seen.starts_at, seen.rows)]


def test_a_sitting_later_takes_its_items_and_if_asked_its_end_along():
    before = sitting(row(1), row(2))
    after = rules.shifted(before, Shift(later_minutes=120))
    assert (starts(before), starts(after)) == (["01:00", "01:10"], ["03:00", "03:10"])
    assert after.ends_at - before.ends_at == timedelta(minutes=120)
    assert rules.shifted(before, Shift(later_minutes=120, ends_along=False)).ends_at == before.ends_at


def test_an_item_longer_moves_those_behind_it_only():
    before = sitting(row(1), row(2), row(3))
    after = rules.shifted(before, Shift(minutes={2: 25}))
    assert [(line.row.id, line.is_changed) for line in rules.changes(before, after)] == [
        (1, False),
        (2, True),
        (3, True),
    ]
    assert starts(after)[2] == "01:35"


@pytest.mark.parametrize(
    ("behind", "order"),
    [(None, [NEW, 1, 2, 3, 4]), (1, [1, NEW, 2, 3, 4]), (2, [1, 2, 3, NEW, 4]), (3, [1, 2, 3, NEW, 4])],
)
def test_what_is_put_in_never_parts_a_frame_from_its_papers(behind, order):
    before = sitting(row(1), frame(2), paper(3), row(4))
    after = rules.shifted(before, Shift(insert_after=behind, insert_title="Nghỉ", insert_minutes=15))
    assert [one.id for one in after.rows] == order
    assert [line.before for line in rules.changes(before, after)].count(None) == 1


def test_twenty_papers_give_the_overrun_evenly():
    before = sitting(row(1, 90), frame(2, 0), *(paper(number) for number in range(3, 23)))
    assert rules.over_minutes(before) == 20
    after = rules.shifted(before, Shift(fit=range(3, 23)))
    assert rules.over_minutes(after) == 0
    assert {one.minutes for one in after.rows[2:]} == {6}


def test_a_frame_that_is_longer_than_its_papers_first_gives_what_they_do_not_need():
    before = sitting(frame(1, 60), paper(2), paper(3), row(4, 170))
    after = rules.shifted(before, Shift(fit=(1, 2, 3)))
    assert lengths(after) == {1: 40, 2: 7, 3: 7, 4: 170}


def test_a_frame_that_is_not_chosen_shrinks_with_its_papers():
    before = sitting(frame(1, 20), paper(2, 10), paper(3, 10), row(4, 196))
    after = rules.shifted(before, Shift(fit=(2, 3)))
    assert lengths(after) == {1: 14, 2: 7, 3: 7, 4: 196}
    assert rules.over_minutes(after) == 0


def test_nobody_goes_below_the_least_and_what_cannot_be_given_stays_too_long():
    before = sitting(row(1, 200), paper(2), paper(3), row(4, 3), minutes=200)
    after = rules.shifted(before, Shift(fit=(2, 3, 4), least=5))
    assert lengths(after) == {1: 200, 2: 5, 3: 5, 4: 3}
    assert rules.over_minutes(after) == 13


def test_where_the_items_fit_nobody_gives_anything():
    before = sitting(row(1), row(2))
    assert rules.shifted(before, Shift(fit=(1, 2))) == before


def test_the_mark_of_a_sitting_changes_with_its_times_and_order_and_not_with_a_title():
    before = sitting(row(1), row(2))
    retitled = replace(before, rows=(replace(before.rows[0], title="khác"), before.rows[1]))
    assert rules.same_times(before, retitled)
    assert rules.fingerprint(before) == rules.fingerprint(retitled)
    for other in (
        sitting(row(2), row(1)),
        sitting(row(1)),
        sitting(row(1), row(2, 11)),
        sitting(row(1), row(2), minutes=211),
    ):
        assert not rules.same_times(before, other)
        assert rules.fingerprint(before) != rules.fingerprint(other)


MAKERS = (row, frame, paper)
MINUTES = st.integers(0, 60)
SEATS = st.lists(st.tuples(st.sampled_from(MAKERS), MINUTES), min_size=1, max_size=10)


@st.composite
def shifts(draw, ids):
    return Shift(
        later_minutes=draw(st.integers(-60, 60)),
        ends_along=draw(st.booleans()),
        minutes=draw(st.dictionaries(st.sampled_from(ids), MINUTES, max_size=3)),
        insert_after=draw(st.sampled_from([None, *ids])),
        insert_title=draw(st.sampled_from(["", "Nghỉ"])),
        insert_minutes=draw(MINUTES),
        fit=draw(st.sets(st.sampled_from(ids))),
        least=draw(st.integers(1, 10)),
    )


@given(SEATS, st.integers(10, 240), st.data())
def test_no_series_of_shifts_and_moves_loses_or_doubles_an_item(seats, minutes, data):
    seen = sitting(*(make(number, length) for number, (make, length) in enumerate(seats, 1)), minutes=minutes)
    wanted = {one.id: one for one in seen.rows}
    fresh = 1000
    for _ in range(data.draw(st.integers(1, 4))):
        shift = data.draw(shifts([one.id for one in seen.rows]))
        after = rules.shifted(seen, shift)
        lines = rules.changes(seen, after)
        assert sorted(line.row.id for line in lines) == sorted(one.id for one in after.rows)
        rest = [one for one in after.rows if one.id != NEW]
        assert [one.id for one in rest] == [one.id for one in seen.rows]
        assert all((one.kind, one.paper_id, one.title) == _same(wanted[one.id]) for one in rest)
        seen = after
        if len(rest) < len(after.rows):
            fresh += 1
            seen = replace(after, rows=tuple(replace(one, id=fresh) if one.id == NEW else one for one in after.rows))
            wanted |= {one.id: one for one in seen.rows if one.id == fresh}
        which = data.draw(st.sampled_from(seen.rows))
        block = rules.block_of(seen.rows, which)
        behind = data.draw(st.sampled_from([None, *seen.rows]))
        order = rules.placed(seen.rows, block, behind)
        assert sorted(one.id for one in order) == sorted(one.id for one in seen.rows)
        seen = replace(seen, rows=tuple(order))
        if len(seen.rows) > 1 and data.draw(st.booleans()):
            gone = data.draw(st.sampled_from(seen.rows))
            seen = replace(seen, rows=tuple(one for one in seen.rows if one.id != gone.id))
            del wanted[gone.id]
        assert sorted(one.id for one in seen.rows) == sorted(wanted)


def _same(one):
    return one.kind, one.paper_id, one.title


@given(SEATS, st.integers(10, 240), st.data())
def test_fitting_takes_no_more_than_is_needed_and_only_from_those_chosen(seats, minutes, data):
    before = sitting(*(make(number, length) for number, (make, length) in enumerate(seats, 1)), minutes=minutes)
    ids = [one.id for one in before.rows]
    chosen, least = data.draw(st.sets(st.sampled_from(ids))), data.draw(st.integers(1, 10))
    after = rules.shifted(before, Shift(fit=chosen, least=least))
    heads = {one.id: block[0].id for block in rules.blocks(before.rows) for one in block}
    shrinking = {heads[one] for one in chosen} | chosen
    for old, new in zip(before.rows, after.rows, strict=True):
        assert new.minutes <= old.minutes
        assert new.minutes == old.minutes or old.id in shrinking
        if old.id in chosen and heads[old.id] != old.id:
            assert new.minutes >= min(least, old.minutes)
    given_up = rules.over_minutes(before) - rules.over_minutes(after)
    assert given_up == rules.total_minutes(before.rows) - rules.total_minutes(after.rows)
