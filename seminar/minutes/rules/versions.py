"""Decisions about the minutes: which answer belongs under which question, when they began and ended, what changed."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from seminar.agenda.models import Item, ItemKind, Run
from seminar.lib.text import clean
from seminar.minutes.models import Note, NoteKind

RECOMMENDING = (NoteKind.PROPOSAL, NoteKind.RECOMMENDATION)
MOST_COPIES = 99
LONGEST_NAMES = 3_000


@dataclass(frozen=True)
class Thread:
    """A note, and what answers it, in the order in which it was spoken."""

    note: Note
    replies: tuple[Note, ...] = ()


def threads(notes: Sequence[Note]) -> list[Thread]:
    """Every note exactly once: answers under the question they belong to, all others by themselves."""
    known = {note.id: note for note in notes}

    def root_of(note: Note) -> Note:
        seen = {note.id}
        while note.reply_to_id in known and note.reply_to_id not in seen:
            note = known[note.reply_to_id]
            seen.add(note.id)
        return note if note.reply_to_id not in known else known[min(seen)]  # two that answer each other

    replies: dict[int, list[Note]] = {}
    roots = []
    for note in notes:
        root = root_of(note)
        if root is note:
            roots.append(note)
        else:
            replies.setdefault(root.id, []).append(note)
    return [Thread(note, tuple(replies.get(note.id, ()))) for note in roots]


def unanswered(notes: Sequence[Note]) -> list[Note]:
    """Questions that nothing answers."""
    answered = {note.reply_to_id for note in notes}
    return [note for note in notes if note.kind == NoteKind.QUESTION and note.id not in answered]


def is_frame(item: Item, items: Sequence[Item]) -> bool:
    """An item "papers" whose papers are items of their own; nothing is said in the frame itself."""
    return item.kind == ItemKind.PAPERS and item.paper_id is None and any(one.paper_id for one in items)


def empty_items(items: Sequence[Item], notes: Sequence[Note]) -> list[Item]:
    """Items of which nobody wrote anything, but for the reception and frames."""
    told = {note.item_id for note in notes}
    return [
        item for item in items if item.id not in told and item.kind != ItemKind.RECEPTION and not is_frame(item, items)
    ]


def followed_sittings(runs: Sequence[Run]) -> set[int]:
    """Ids of sittings that are over and of which somebody recorded what was on."""
    over = {run.sitting_id for run in runs if run.item_id is None and run.ended_at is not None}
    return over & {run.sitting_id for run in runs if run.item_id is not None}


def was_passed_over(item: Item, items: Sequence[Item], began: Container[int | None], is_noted: bool) -> bool:
    """In a sitting that was followed: the item was never on, and nobody wrote anything of it.

    Of papers nothing is known where only their frame was begun.
    """
    if is_noted or item.kind == ItemKind.RECEPTION or is_frame(item, items) or item.id in began:
        return False
    if not item.paper_id or any(one.paper_id and one.id in began for one in items):
        return True
    return not any(is_frame(one, items) and one.id in began for one in items)


@dataclass(frozen=True)
class Hours:
    """When it really began and ended, to the second; None where nobody recorded it."""

    began_at: datetime | None
    ended_at: datetime | None


def hours_of(runs: Sequence[Run], sitting_count: int) -> Hours:
    """By the records of the sittings: the end is known when each of them has ended."""
    whole = [run for run in runs if run.item_id is None]
    ends = [run.ended_at for run in whole if run.ended_at is not None]
    is_over = len(whole) == sitting_count and len(ends) == len(whole)
    return Hours(min((run.began_at for run in whole), default=None), max(ends) if ends and is_over else None)


def same_minute(one: datetime | None, other: datetime | None) -> bool:
    if one is None or other is None:
        return one is other
    return one.replace(second=0, microsecond=0) == other.replace(second=0, microsecond=0)


def lines_of(text: str) -> list[str]:
    """Names as they were typed, one a line."""
    return [line for line in map(clean, text.split("\n")) if line]


@dataclass(frozen=True)
class Differences:
    """What one version of the minutes says otherwise than the one before."""

    added: tuple[int, ...]
    removed: tuple[int, ...]
    rewritten: tuple[tuple[int, int, int], ...]
    """(id of the note, wording before, wording now)."""
    figures: tuple[tuple[str, int, int], ...]
    """(key, count before, count now)."""
    particulars: tuple[tuple[str, str, str], ...] = ()
    """(name, text before, text now)."""
    asked_for: tuple[tuple[str, str, str], ...] = ()
    """(key, row before, row now) of what was asked for; empty where there was or is none."""

    @property
    def count(self) -> int:
        parts = (self.added, self.removed, self.rewritten, self.figures, self.particulars, self.asked_for)
        return sum(map(len, parts))


def _differing(before: dict[str, Any], now: dict[str, Any], nothing: Any) -> tuple[tuple[str, Any, Any], ...]:
    both = ((key, before.get(key, nothing), now.get(key, nothing)) for key in dict.fromkeys((*now, *before)))
    return tuple(one for one in both if one[1] != one[2])


def changes_between(before: dict[str, dict[str, Any]], now: dict[str, dict[str, Any]]) -> Differences:
    """Of the facts of two versions: {"notes": {id: wording}, "figures": {key: count}, "particulars": {name: text}, "asked_for": {key: row}}."""
    had, have = before.get("notes", {}), now.get("notes", {})
    return Differences(
        added=tuple(int(one) for one in have if one not in had),
        removed=tuple(int(one) for one in had if one not in have),
        rewritten=tuple(
            (int(one), had[one], wording) for one, wording in have.items() if one in had and had[one] != wording
        ),
        figures=_differing(before.get("figures", {}), now.get("figures", {}), 0),
        particulars=_differing(before.get("particulars", {}), now.get("particulars", {}), ""),
        asked_for=_differing(before["asked_for"], now.get("asked_for", {}), "") if "asked_for" in before else (),
    )
