"""Shifts of the programme before they are done: a sitting earlier or later, an item longer, shorter or put in, papers fitted."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Protocol

from seminar.agenda.models import ItemKind
from seminar.agenda.rules.programme import Timed, blocks, length_minutes, timetable, total_minutes

LEAST_PAPER_MINUTES = 5
"""Below that a paper is not shortened unless the office says otherwise."""
LONGEST_MINUTES = 600
NEW = 0
"""Id of the item that a shift puts in; it has none yet."""


class Itemlike(Timed, Protocol):
    """What is kept of an item to compute its times again."""

    @property
    def id(self) -> int: ...
    @property
    def title(self) -> str: ...


@dataclass(frozen=True)
class Row:
    """An item as somebody saw it when they chose a shift."""

    id: int
    kind: ItemKind
    minutes: int
    paper_id: int | None
    title: str


@dataclass(frozen=True)
class Seen:
    """A sitting as somebody saw it: what is shifted is this and nothing else."""

    starts_at: datetime
    ends_at: datetime
    rows: tuple[Row, ...]


def seen(starts_at: datetime, ends_at: datetime, items: Iterable[Itemlike]) -> Seen:
    rows = (Row(item.id, item.kind, item.minutes, item.paper_id, item.title) for item in items)
    return Seen(starts_at, ends_at, tuple(rows))


def same_times(one: Seen, other: Seen) -> bool:
    """Whether both give every item the same time; another title alone is no difference."""
    return _bare(one) == _bare(other)


def fingerprint(one: Seen) -> str:
    """Short, the same as long as `same_times` holds."""
    return sha256(repr(_bare(one)).encode()).hexdigest()[:16]


def _bare(one: Seen) -> tuple[object, ...]:
    rows = tuple((row.id, row.kind, row.minutes, row.paper_id) for row in one.rows)
    return (one.starts_at, one.ends_at, rows)


@dataclass(frozen=True)
class Shift:
    """What is to be done with one sitting, in this order: begin, lengthen, put in, fit."""

    later_minutes: int = 0
    """Negative: earlier."""
    ends_along: bool = True
    """The end of the sitting moves with its beginning."""
    minutes: Mapping[int, int] | None = None
    """New lengths by id of the item."""
    insert_after: int | None = None
    """Id of the item behind which one is put in; NEW puts it first."""
    insert_title: str = ""
    insert_minutes: int = 0
    fit: Collection[int] = ()
    """Ids of the items that give what the sitting is too long."""
    least: int = LEAST_PAPER_MINUTES
    late_minutes: int = 0
    """By how much the sitting, which is on, is to end behind the plan; it has to fit in too. Negative: ahead."""

    @property
    def is_empty(self) -> bool:
        return not (self.later_minutes or self.minutes or self.insert_title or self.fit)


def shifted(before: Seen, shift: Shift) -> Seen:
    """The sitting as it would be. Items stay in their order; the one put in has the id NEW."""
    later = timedelta(minutes=shift.later_minutes)
    starts_at, ends_at = before.starts_at + later, before.ends_at + (later if shift.ends_along else timedelta())
    lengths = shift.minutes or {}
    rows = [replace(row, minutes=lengths.get(row.id, row.minutes)) for row in before.rows]
    if shift.insert_title:
        rows = _with_item(rows, shift)
    over = total_minutes(rows) - max(length_minutes(starts_at, ends_at), 0) + shift.late_minutes
    if shift.fit and over > 0:
        given = fitted(rows, shift.fit, shift.least, over)
        rows = [replace(row, minutes=given[row.id]) for row in rows]
    return Seen(starts_at, ends_at, tuple(rows))


def _with_item(rows: list[Row], shift: Shift) -> list[Row]:
    new = Row(NEW, ItemKind.OTHER, shift.insert_minutes, None, shift.insert_title)
    at = 0
    if shift.insert_after:
        for block in blocks(rows):
            at += len(block)
            if any(row.id == shift.insert_after for row in block):
                break
    return [*rows[:at], new, *rows[at:]]


def fitted(rows: Sequence[Row], chosen: Collection[int], least: int, over: int) -> dict[int, int]:
    """Minutes of every row when the chosen ones give `over` minutes, each in proportion and none below `least`.

    Where they cannot give as much, they give what they can. A chosen frame first gives what its papers do not need; a
    frame that is not chosen shrinks with its papers. An item that has less than `least` already keeps what it has.
    """
    given = {row.id: row.minutes for row in rows}
    order = blocks(rows)
    for _ in range(over):
        best: tuple[float, int] | None = None
        found: list[int] = []
        for block in order:
            for row in block:
                lowers = _lowers(block, row, chosen, given, least)
                if lowers:
                    is_spare = row is block[0] and len(block) > 1
                    key = (2.0 if is_spare else given[row.id] / row.minutes, given[row.id])
                    if best is None or key > best:
                        best, found = key, lowers
        if not found:
            break
        for row_id in found:
            given[row_id] -= 1
    return given


def _lowers(block: Sequence[Row], row: Row, chosen: Collection[int], given: Mapping[int, int], least: int) -> list[int]:
    """Ids that go down by a minute when this row gives one and the block becomes shorter by it; none where it cannot."""
    if row.id not in chosen or given[row.id] <= max(least, 0):
        return []
    inside = sum(given[one.id] for one in block[1:])
    frame = block[0]
    if row is frame:
        return [row.id] if given[row.id] > inside else []
    if given[frame.id] < inside:
        return [row.id]
    return [row.id, frame.id]


@dataclass(frozen=True)
class Change:
    """One line of the table before → after; times are None where the item is not there on that side."""

    row: Row
    before: tuple[datetime, datetime] | None
    after: tuple[datetime, datetime] | None
    minutes_before: int | None
    minutes_after: int | None

    @property
    def is_changed(self) -> bool:
        return self.before != self.after


def changes(before: Seen, after: Seen) -> list[Change]:
    """Every item of both sides once: in the order of `after`, then those that are no longer there."""
    old, new = _times(before), _times(after)
    lines = [_change(row, old, new) for row in after.rows]
    return lines + [_change(row, old, new) for row in before.rows if row.id not in new]


Times = Mapping[int, tuple[datetime, datetime, Row]]


def _times(side: Seen) -> Times:
    return {row.id: (start, end, row) for start, end, row in timetable(side.starts_at, side.rows)}


def _change(row: Row, old: Times, new: Times) -> Change:
    was, becomes = old.get(row.id), new.get(row.id)
    return Change(
        row,
        (was[0], was[1]) if was else None,
        (becomes[0], becomes[1]) if becomes else None,
        was[2].minutes if was else None,
        becomes[2].minutes if becomes else None,
    )


def over_minutes(side: Seen, late_minutes: int = 0) -> int:
    """How much longer the items, and the delay so far, are than the sitting; 0 where they fit."""
    return max(total_minutes(side.rows) - length_minutes(side.starts_at, side.ends_at) + late_minutes, 0)
