"""When things happen and in which order: times follow from durations (domain.md 2.3, plan S1.17 to S1.23).

An item of kind `papers` without a paper is a frame: the presented papers right after it take place inside it. The frame
lasts as long as was planned for it, or as long as its papers together where they need more.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from seminar.agenda.models import ItemKind

PAPER_MINUTES = 7
"""What a presented paper gets unless the office says otherwise: twenty papers of 7 minutes are 140 (domain.md Đ15)."""
MOST_PAPER_MINUTES = 120
NO_NUMBER = "–"


class Timed(Protocol):
    """What the timetable needs to know of an item."""

    @property
    def kind(self) -> ItemKind: ...
    @property
    def minutes(self) -> int: ...
    @property
    def paper_id(self) -> int | None: ...


class Known(Timed, Protocol):
    @property
    def id(self) -> int: ...


Row = TypeVar("Row", bound=Timed)


def is_frame(item: Timed) -> bool:
    return item.kind == ItemKind.PAPERS and item.paper_id is None


def blocks(items: Iterable[Row]) -> list[list[Row]]:
    """The items in order, each frame together with the papers that follow it."""
    found: list[list[Row]] = []
    for item in items:
        if item.paper_id is not None and found and is_frame(found[-1][0]):
            found[-1].append(item)
        else:
            found.append([item])
    return found


def minutes_of(block: Sequence[Timed]) -> int:
    return max(block[0].minutes, sum(item.minutes for item in block[1:]))


def total_minutes(items: Iterable[Timed]) -> int:
    """How long all of it takes; papers inside a frame are not counted twice."""
    return sum(minutes_of(block) for block in blocks(items))


def paper_minutes(items: Iterable[Timed]) -> int:
    """How much of it is for papers: frames, and presented papers outside of one."""
    return sum(minutes_of(block) for block in blocks(items) if is_frame(block[0]) or block[0].paper_id is not None)


def timetable(starts_at: datetime, items: Iterable[Row]) -> list[tuple[datetime, datetime, Row]]:
    """(start, end, item) of every item in order; a frame spans the papers inside it, which come after it."""
    rows: list[tuple[datetime, datetime, Row]] = []
    at = starts_at
    for block in blocks(items):
        ends_at = at + timedelta(minutes=minutes_of(block))
        rows.append((at, ends_at, block[0]))
        inside = at
        for item in block[1:]:
            rows.append((inside, inside + timedelta(minutes=item.minutes), item))
            inside += timedelta(minutes=item.minutes)
        at = ends_at
    return rows


def numbered(items: Iterable[Row]) -> list[str]:
    """What stands under STT: 1, 2, 3 and, for the papers inside the frame 3, 3.1, 3.2."""
    labels: list[str] = []
    for number, block in enumerate(blocks(items), 1):
        labels += [str(number), *(f"{number}.{inside}" for inside in range(1, len(block)))]
    return labels


def labels_of(items: Iterable[Known], left_out: Collection[int] = ()) -> dict[int, str]:
    """What stands under STT by id, as if those `left_out` were not there; they have a dash."""
    items = list(items)
    kept = [item for item in items if item.id not in left_out]
    labels = dict(zip((item.id for item in kept), numbered(kept), strict=True))
    return {item.id: labels.get(item.id, NO_NUMBER) for item in items}


def place_for_paper(items: Sequence[Row]) -> int:
    """Where a paper comes in: behind the papers of the last frame, else before the closing items, else at the end."""
    order = blocks(items)
    after = next((number for number in reversed(range(len(order))) if is_frame(order[number][0])), None)
    if after is not None:
        return sum(len(block) for block in order[: after + 1])
    closing = (ItemKind.GUIDANCE, ItemKind.CLOSING)
    return next((number for number, item in enumerate(items) if item.kind in closing), len(items))


def length_minutes(starts_at: datetime, ends_at: datetime) -> int:
    return int((ends_at - starts_at).total_seconds() // 60)


def moved(items: Sequence[Row], item: Row, step: int) -> list[Row]:
    """The items with one moved a step up (-1) or down (+1); at the edge nothing changes.

    A frame takes its papers along, and nothing but a paper stops inside a frame: other items pass it in one step.
    """
    order = blocks(items)
    at = next(number for number, block in enumerate(order) if any(one is item for one in block))
    block = order[at]
    inside = next(number for number, one in enumerate(block) if one is item)
    if inside > 0 and 0 < inside + step < len(block):
        block[inside], block[inside + step] = block[inside + step], block[inside]
    elif inside > 0:  # a paper leaves its frame: upwards before it, downwards past what follows
        if step < 0:
            order.insert(at, [block.pop(inside)])
        elif at + 1 < len(order):
            _enter(order, at + 1, block.pop(inside))
    elif 0 <= at + step < len(order):
        if step > 0 and item.paper_id is not None:
            order.pop(at)
            _enter(order, at, item)
        else:
            order[at], order[at + step] = order[at + step], order[at]
    return [one for block in order for one in block]


def placed(items: Sequence[Row], block: Sequence[Row], after: Row | None) -> list[Row]:
    """The items with a block (an item, or a frame with its papers) put behind `after`, or first where that is None.

    Nothing but a paper stops inside a frame: other items come behind the whole of it. `items` are those of the sitting
    it comes into, with or without the block itself.
    """
    mine = {id(one) for one in block}
    rest = [one for one in items if id(one) not in mine]
    if after is None or id(after) in mine:
        at = 0 if after is None else next(number for number, one in enumerate(items) if id(one) in mine)
        return [*rest[:at], *block, *rest[at:]]
    at = next(number for number, one in enumerate(rest) if one is after) + 1
    if block[0].paper_id is None:
        ends, at_least = 0, at
        for each in blocks(rest):
            ends += len(each)
            if ends >= at_least:
                at = ends
                break
    return [*rest[:at], *block, *rest[at:]]


def block_of(items: Sequence[Row], item: Row) -> list[Row]:
    """What moves with the item: a frame takes its papers along."""
    whole = next(block for block in blocks(items) if any(one is item for one in block))
    return whole if whole[0] is item else [item]


def overlaps(spans: Sequence[tuple[datetime, datetime]]) -> list[tuple[int, int]]:
    """Pairs of sittings, by their place in the list, that are on at the same time."""
    return [
        (first, second)
        for first in range(len(spans))
        for second in range(first + 1, len(spans))
        if spans[first][0] < spans[second][1] and spans[second][0] < spans[first][1]
    ]


def _enter(order: list[list[Row]], at: int, paper: Row) -> None:
    """Puts a paper that moves down inside the frame at `at`, or behind what stands there if it is no frame."""
    if is_frame(order[at][0]):
        order[at].insert(1, paper)
    else:
        order.insert(at + 1, [paper])


def sitting_at(sittings: Sequence[tuple[datetime, datetime]], now: datetime) -> int | None:
    """Which of the sittings (start, end; in order): the one that is on, else the next, else the last, else none."""
    for number, (starts_at, ends_at) in enumerate(sittings):
        if starts_at <= now < ends_at:
            return number
    upcoming = [number for number, (starts_at, _) in enumerate(sittings) if starts_at > now]
    if upcoming:
        return upcoming[0]
    return len(sittings) - 1 if sittings else None
