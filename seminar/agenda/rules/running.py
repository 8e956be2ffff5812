"""How the day goes: what was, is and comes, with the times to expect from what was really on."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from seminar.agenda.rules.programme import Timed, blocks, timetable

OTHER_DAY = timedelta(hours=12)
"""A sitting that began farther from its planned time than this is measured from its beginning: a rehearsal, the demo."""
OVER_AFTER = timedelta(hours=6)
"""A sitting that was begun and that nobody ended is over so long after its planned end and its last item."""


class State(StrEnum):
    DONE = "done"
    ON = "on"
    COMING = "coming"
    PASSED = "passed"
    """A later item began first and the sitting goes on: somebody may begin this one yet."""
    SKIPPED = "skipped"
    """The sitting is over without it."""
    WITHDRAWN = "withdrawn"
    """Its paper was withdrawn; it stands in the programme until the office takes it out."""


class Kept(Timed, Protocol):
    """An item by its id, by which runs name it."""

    @property
    def id(self) -> int: ...


Row = TypeVar("Row", bound=Kept)
Thing = TypeVar("Thing")
"""Without the bound: mypy refuses a model as the argument of a bound class."""


class Ran(Protocol):
    """What is needed of a run that was not taken back; without an item it is the sitting's own."""

    @property
    def item_id(self) -> int | None: ...
    @property
    def began_at(self) -> datetime: ...
    @property
    def ended_at(self) -> datetime | None: ...


@dataclass(frozen=True)
class Line(Generic[Thing]):
    """An item with its planned times and those that were or are to be expected; None where it is not expected."""

    item: Thing
    planned: tuple[datetime, datetime]
    state: State
    begins_at: datetime | None
    ends_at: datetime | None

    @property
    def late_minutes(self) -> int:
        """Whole minutes behind the plan; negative where it is ahead."""
        return minutes_between(self.planned[0], self.begins_at) if self.begins_at else 0


@dataclass(frozen=True)
class Course(Generic[Thing]):
    """One sitting: its items in order, the one that is on and the one that follows."""

    lines: Sequence[Line[Thing]]
    on: Line[Thing] | None
    following: Line[Thing] | None
    is_live: bool
    """It has begun and is not over."""
    has_begun: bool

    @property
    def late_minutes(self) -> int:
        """By how much what follows comes behind the plan (negative: ahead); by how much the last item runs over."""
        if self.following is not None:
            return self.following.late_minutes
        if self.on is not None and self.on.ends_at is not None:
            return minutes_between(self.on.planned[1], self.on.ends_at)
        return 0

    @property
    def late_end_minutes(self) -> int:
        """By how much the last of what is still expected ends behind the plan (negative: ahead)."""
        ends = [line.ends_at for line in self.lines if line.ends_at]
        return minutes_between(max(line.planned[1] for line in self.lines), max(ends)) if ends else 0


def minutes_between(earlier: datetime, later: datetime) -> int:
    """Whole minutes on the clock: 08:37 to 08:49:40 are 12."""
    return int((_minute(later) - _minute(earlier)).total_seconds() // 60)


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def is_over(ends_at: datetime, runs: Sequence[Ran], now: datetime, went_on_at: datetime | None = None) -> bool:
    """`went_on_at`: when something of a later sitting began last, which ends one that nobody ended."""
    whole = next((run for run in runs if run.item_id is None), None)
    if whole is not None and whole.ended_at is not None:
        return True
    last = max([ends_at, *(run.ended_at or run.began_at for run in runs)])
    if not runs:
        return False
    has_gone_on = went_on_at is not None and went_on_at > max(run.began_at for run in runs)
    return has_gone_on or now > last + OVER_AFTER


def course(
    starts_at: datetime,
    ends_at: datetime,
    items: Sequence[Row],
    runs: Sequence[Ran],
    now: datetime,
    *,
    went_on_at: datetime | None = None,
    withdrawn: Collection[int] = (),
) -> Course[Row]:
    """Where a sitting stands. `runs` are its own, without those taken back; `withdrawn` are ids of items.

    What is on goes on for its planned minutes, at least until now; what follows comes right after, in its order, for as
    long as planned. What was passed over by a later item is not expected any more, only when somebody begins it.
    """
    whole = next((run for run in runs if run.item_id is None), None)
    of_items = sorted((run for run in runs if run.item_id is not None), key=lambda run: run.began_at)
    origin = _origin(starts_at, [run.began_at for run in runs])
    planned = {id(item): (start, end) for start, end, item in timetable(origin, items)}
    over = is_over(ends_at, runs, now, went_on_at)
    places = {item.id: number for number, item in enumerate(items)}
    begun = [places[run.item_id] for run in of_items if run.item_id in places]
    teller: _Teller[Row] = _Teller(of_items, begun[-1] if begun else -1, places, now, over, withdrawn)
    cursor = _first_moment(origin, ends_at, whole, bool(of_items), now)
    lines: list[Line[Row]] = []
    for block in blocks(items):
        told, cursor = teller.block(block, planned, cursor)
        lines += told
    on = next((line for line in lines if line.state == State.ON and teller.is_on(line.item)), None)
    following = next((line for line in lines if line.state == State.COMING), None)
    return Course(lines, on, following, bool(runs) and not over, bool(runs))


def _origin(starts_at: datetime, begun: Sequence[datetime]) -> datetime:
    first = min(begun, default=starts_at)
    return starts_at if abs(first - starts_at) <= OTHER_DAY else _minute(first)


def _first_moment(origin: datetime, ends_at: datetime, whole: Ran | None, is_begun: bool, now: datetime) -> datetime:
    """When the first item can be expected, before any was on."""
    if whole is not None and not is_begun:
        return max(now, whole.began_at)
    return now if whole is None and not is_begun and origin < now < ends_at else origin


class _Teller(Generic[Row]):
    """Tells the lines of one block after the other; `cursor` is when the next item can begin."""

    def __init__(
        self,
        runs: Sequence[Ran],
        last: int,
        places: dict[int, int],
        now: datetime,
        over: bool,
        withdrawn: Collection[int],
    ) -> None:
        self.runs, self.last, self.places, self.now, self.over = runs, last, places, now, over
        self.withdrawn = withdrawn

    def of(self, item: Row) -> list[Ran]:
        return [run for run in self.runs if run.item_id == item.id]

    def is_on(self, item: Row) -> bool:
        return not self.over and any(run.ended_at is None for run in self.of(item))

    def place(self, item: Row) -> int:
        return self.places[item.id]

    @property
    def left(self) -> State:
        """Of what a later item passed over."""
        return State.SKIPPED if self.over else State.PASSED

    def block(
        self, block: Sequence[Row], planned: dict[int, tuple[datetime, datetime]], cursor: datetime
    ) -> tuple[list[Line[Row]], datetime]:
        head, inside = block[0], block[1:]
        if not inside:
            line, cursor = self.single(head, planned[id(head)], cursor)
            return [line], cursor
        was_on = [run for one in block for run in self.of(one)]
        opens = min((run.began_at for run in was_on), default=max(cursor, self.now) if self.runs else cursor)
        if self.is_on(head):  # the chair opened it: its first paper can begin now
            cursor = max(cursor, self.now)
        lines = []
        for one in inside:
            line, cursor = self.single(one, planned[id(one)], cursor)
            lines.append(line)
        is_passed = self.over or self.last > self.place(block[-1])
        if was_on and is_passed:
            ends = max(run.ended_at or run.began_at for run in was_on)
            return [Line(head, planned[id(head)], State.DONE, opens, ends), *lines], cursor
        if is_passed:
            return [Line(head, planned[id(head)], self.left, None, None), *lines], cursor
        ends = max(cursor, opens + timedelta(minutes=head.minutes))
        if not was_on:
            return [Line(head, planned[id(head)], State.COMING, opens, ends), *lines], ends
        ends = max(ends, self.now) if any(self.is_on(one) for one in block) else ends
        return [Line(head, planned[id(head)], State.ON, opens, ends), *lines], ends

    def single(self, item: Row, planned: tuple[datetime, datetime], cursor: datetime) -> tuple[Line[Row], datetime]:
        runs = self.of(item)
        if self.is_on(item):
            began = runs[-1].began_at
            ends = max(began + timedelta(minutes=item.minutes), self.now)
            return Line(item, planned, State.ON, runs[0].began_at, ends), ends
        if runs:
            ended = max(run.ended_at or run.began_at for run in runs)
            return Line(item, planned, State.DONE, runs[0].began_at, ended), max(cursor, ended)
        if item.id in self.withdrawn:  # before the day the times of the others stay as they are printed
            after = cursor if self.runs or self.over else cursor + timedelta(minutes=item.minutes)
            return Line(item, planned, State.WITHDRAWN, None, None), after
        if self.over or self.place(item) < self.last:
            return Line(item, planned, self.left, None, None), cursor
        begins = max(cursor, self.now) if self.runs else cursor
        ends = begins + timedelta(minutes=item.minutes)
        return Line(item, planned, State.COMING, begins, ends), ends
