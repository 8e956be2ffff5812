"""Rules of the minutes and of what was asked for, as plain tables."""

from datetime import UTC, date, datetime, timedelta

import pytest

from seminar.agenda.models import Item, ItemKind, Run
from seminar.minutes.models import Note, NoteKind, RecommendationStatus
from seminar.minutes.rules import (
    changes_between,
    empty_items,
    followed_sittings,
    hours_of,
    is_overdue,
    lines_of,
    same_minute,
    threads,
    unanswered,
    was_passed_over,
)

EIGHT = datetime(2024, 3, 15, 1, 0, 30, tzinfo=UTC)


def note(number, reply_to=None, kind=NoteKind.OPINION, item=1):
    return Note(id=number, reply_to_id=reply_to, kind=kind, item_id=item, text=f"{number}")


@pytest.mark.parametrize(
    ("notes", "told"),
    [
        ([], []),
        ([note(1), note(2)], [(1, []), (2, [])]),
        ([note(1), note(2), note(3, 1)], [(1, [3]), (2, [])]),
        ([note(3, 1), note(1)], [(1, [3])]),
        ([note(1), note(2, 1), note(3, 2)], [(1, [2, 3])]),
        ([note(2, 1)], [(2, [])]),  # its question was taken back
        ([note(1, 2), note(2, 1)], [(1, [2])]),
        ([note(1, 1)], [(1, [])]),
        ([note(1, 2), note(2, 3), note(3, 2)], [(1, []), (2, [3])]),
    ],
)
def test_answers_stand_under_their_question_and_each_note_stands_once(notes, told):
    assert [(one.note.id, [reply.id for reply in one.replies]) for one in threads(notes)] == told


def test_a_question_is_answered_by_what_names_it():
    question = NoteKind.QUESTION
    notes = [note(1, kind=question), note(2, kind=question), note(3, 1), note(4)]
    assert [one.id for one in unanswered(notes)] == [2]


def item(number, kind=ItemKind.DISCUSSION, paper=None):
    return Item(id=number, kind=kind, title=f"{number}", paper_id=paper)


def test_reception_and_a_frame_of_papers_may_be_empty_and_papers_may_not():
    items = [item(1, ItemKind.RECEPTION), item(2, ItemKind.PAPERS), item(3, ItemKind.PAPERS, 7), item(4), item(5)]
    assert [one.id for one in empty_items(items, [note(1, item=4)])] == [3, 5]
    assert [one.id for one in empty_items([item(2, ItemKind.PAPERS)], [])] == [2]


def test_only_in_a_sitting_that_was_followed_to_its_end_an_item_was_passed_over():
    begun, over = Run(sitting_id=1, item_id=None), Run(sitting_id=1, item_id=None, ended_at=EIGHT)
    on = Run(sitting_id=1, item_id=4)
    assert [followed_sittings(runs) for runs in ([begun, on], [over], [over, on])] == [set(), set(), {1}]
    items = [item(1, ItemKind.RECEPTION), item(2, ItemKind.PAPERS), item(3, ItemKind.PAPERS, 7), item(4), item(5)]
    assert [one.id for one in items if was_passed_over(one, items, {4: on}, one.id == 5)] == [3]
    assert [one.id for one in items if was_passed_over(one, items, {2: on}, False)] == [4, 5], (
        "only the frame was begun"
    )


def run(began, ended=None, item_id=None):
    return Run(sitting_id=1, item_id=item_id, began_at=began, ended_at=ended)


def test_it_is_over_when_every_sitting_is():
    noon, evening = EIGHT + timedelta(hours=4), EIGHT + timedelta(hours=9)
    items = [run(EIGHT - timedelta(hours=1), noon, item_id=3)]
    for runs, sittings, known in (
        ([], 1, (None, None)),
        ([run(EIGHT)], 1, (EIGHT, None)),
        ([run(EIGHT, noon), *items], 1, (EIGHT, noon)),
        ([run(EIGHT, noon)], 2, (EIGHT, None)),
        ([run(noon, evening), run(EIGHT, noon)], 2, (EIGHT, evening)),
        ([run(EIGHT, noon), run(noon)], 2, (EIGHT, None)),
    ):
        hours = hours_of(runs, sittings)
        assert (hours.began_at, hours.ended_at) == known


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (None, None, True),
        (EIGHT, None, False),
        (EIGHT, EIGHT.replace(second=59), True),
        (EIGHT, EIGHT.replace(minute=1), False),
    ],
)
def test_times_agree_to_the_minute(one, other, same):
    assert same_minute(one, other) is same


def test_names_stand_one_a_line():
    assert lines_of(" A,  Bí thư \n\n\tB\n") == ["A, Bí thư", "B"]


def test_versions_differ_in_notes_figures_and_particulars():
    before = {"notes": {"1": 1, "2": 1, "3": 2}, "figures": {"notes": 3, "came": 5}, "particulars": {"copies": "2"}}
    now = {
        "notes": {"1": 2, "3": 2, "4": 1},
        "figures": {"notes": 3, "came": 6, "new": 1},
        "particulars": {"copies": "3"},
    }
    found = changes_between(before, now)
    assert (found.added, found.removed, found.rewritten) == ((4,), (2,), ((1, 1, 2),))
    assert found.figures == (("came", 5, 6), ("new", 0, 1))
    assert found.particulars == (("copies", "2", "3"),)
    before["asked_for"], now["asked_for"] = {"note.1": "a", "note.2": "b"}, {"note.1": "c", "recommendation.1": "d"}
    asked_for = changes_between(before, now).asked_for
    assert asked_for == (("note.1", "a", "c"), ("recommendation.1", "", "d"), ("note.2", "b", ""))
    assert changes_between({}, now).asked_for == (), "older versions did not keep them"
    assert (found.count, changes_between(now, now).count, changes_between({}, {}).count) == (6, 0, 0)


@pytest.mark.parametrize(
    ("due_on", "status", "late"),
    [
        (None, RecommendationStatus.SENT, False),
        (date(2024, 4, 14), RecommendationStatus.SENT, True),
        (date(2024, 4, 15), RecommendationStatus.RECORDED, False),
        (date(2024, 4, 14), RecommendationStatus.ANSWERED, True),
        (date(2024, 4, 14), RecommendationStatus.DONE, False),
        (date(2024, 4, 14), RecommendationStatus.NOT_TAKEN_UP, False),
    ],
)
def test_what_is_settled_is_never_overdue(due_on, status, late):
    assert is_overdue(due_on, status, date(2024, 4, 15)) is late
