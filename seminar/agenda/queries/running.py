"""Reads of what is on, what was, and what follows."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import joinedload

from seminar.agenda.models import Item, Run, Sitting
from seminar.agenda.queries.programme import programme
from seminar.agenda.rules import Course, Line, course
from seminar.lib.database import db
from seminar.planning.models import Seminar


def _standing() -> Select[Run]:
    """Runs that were not taken back."""
    return select(Run).where(Run.undone_at.is_(None)).options(joinedload(Run.item), joinedload(Run.sitting))


def runs_of(seminar: Seminar) -> list[Run]:
    """Of sittings and items, in the order in which they began."""
    query = _standing().join(Run.sitting).where(Sitting.seminar_id == seminar.id)
    return list(db.session.scalars(query.order_by(Run.began_at, Run.id)))


def any_was_on(items: Collection[Item]) -> bool:
    """Whether one of them was ever begun, also by mistake: its record stays."""
    return bool(db.session.scalar(select(exists().where(Run.item_id.in_([item.id for item in items])))))


def was_on(sitting: Sitting) -> bool:
    return bool(db.session.scalar(select(exists().where(Run.sitting_id == sitting.id))))


def run_or_404(seminar: Seminar, run_id: int) -> Run:
    """Also one that was taken back."""
    query = select(Run).join(Run.sitting).where(Run.id == run_id, Sitting.seminar_id == seminar.id)
    return db.first_or_404(query.options(joinedload(Run.item), joinedload(Run.sitting)))


def sitting_run(sitting: Sitting) -> Run | None:
    """When the sitting itself really was on."""
    return db.session.scalar(_standing().where(Run.sitting_id == sitting.id, Run.item_id.is_(None)))


def item_runs(sitting: Sitting) -> list[Run]:
    """Of the items of one sitting, in the order in which they began."""
    query = _standing().where(Run.sitting_id == sitting.id, Run.item_id.is_not(None))
    return list(db.session.scalars(query.order_by(Run.began_at, Run.id)))


def withdrawn_items(sittings: Iterable[Sitting]) -> set[int]:
    """Ids of items whose paper was withdrawn and that were never on: delegates and prints do without them."""
    found = _withdrawn(sittings)
    if not found:
        return found
    query = select(Run.item_id).where(Run.item_id.in_(found), Run.undone_at.is_(None))
    return found - set(db.session.scalars(query))


def _withdrawn(sittings: Iterable[Sitting]) -> set[int]:
    return {item.id for sitting in sittings for item in sitting.items if item.is_withdrawn}


def begun_items(sitting: Sitting) -> set[int]:
    """Ids of the items of the sitting that are or were on."""
    return {run.item_id for run in item_runs(sitting) if run.item_id is not None}


def item_on(sitting: Sitting) -> Run | None:
    """The item of the sitting that is on."""
    query = _standing().where(Run.sitting_id == sitting.id, Run.item_id.is_not(None), Run.ended_at.is_(None))
    return db.session.scalar(query)


def run_ended_by(run: Run) -> Run | None:
    """The item that ended because this one began."""
    query = _standing().where(
        Run.sitting_id == run.sitting_id, Run.item_id.is_not(None), Run.ended_at == run.began_at, Run.id < run.id
    )
    return db.session.scalar(query.order_by(Run.id.desc()).limit(1))


@dataclass(frozen=True)
class Part:
    """A sitting and how it goes."""

    sitting: Sitting
    course: Course[Item]
    runs: list[Run]
    """Not taken back, in the order in which they began; the one without an item is the sitting's own."""

    @property
    def whole(self) -> Run | None:
        return next((run for run in self.runs if run.item_id is None), None)

    @property
    def is_unended(self) -> bool:
        """It is over and nobody recorded when it ended."""
        return self.course.has_begun and not self.course.is_live and not (self.whole and self.whole.ended_at)

    @property
    def run_on(self) -> Run | None:
        return next((run for run in self.runs if run.item_id and run.ended_at is None), None)

    @property
    def last(self) -> Run | None:
        """What can be taken back: the item begun last, or the sitting where none was on."""
        return next((run for run in reversed(self.runs) if run.item_id), self.whole)


@dataclass(frozen=True)
class Day:
    """All sittings in order of time; `part` is the one that is on, else the next, else the first that nobody began."""

    parts: list[Part]
    part: Part | None

    @property
    def on(self) -> Line[Item] | None:
        return self.part.course.on if self.part else None

    @property
    def following(self) -> Line[Item] | None:
        return self.part.course.following if self.part else None


def day(seminar: Seminar, now: datetime, sittings: Sequence[Sitting] | None = None) -> Day:
    """How the whole programme stands, in three statements, however long it is."""
    sittings = programme(seminar) if sittings is None else sittings
    runs = defaultdict(list)
    for run in runs_of(seminar):
        runs[run.sitting_id].append(run)
    parts = [_part(one, sittings, runs, now) for one in sittings]
    live = [part for part in parts if part.course.is_live]
    if live:
        return Day(parts, max(live, key=lambda part: runs[part.sitting.id][-1].began_at))
    waiting = [part for part in parts if not part.course.has_begun]
    coming = next((part for part in waiting if part.sitting.ends_at > now), None)
    left = waiting or parts[-1:]
    return Day(parts, coming or (left[0] if left else None))


def _part(sitting: Sitting, sittings: Sequence[Sitting], runs: Mapping[int, list[Run]], now: datetime) -> Part:
    later = [run.began_at for one in sittings if one.starts_at > sitting.starts_at for run in runs.get(one.id, [])]
    own = runs.get(sitting.id, [])
    went_on_at = max(later, default=None)
    told = course(
        sitting.starts_at,
        sitting.ends_at,
        sitting.items,
        own,
        now,
        went_on_at=went_on_at,
        withdrawn=_withdrawn([sitting]),
    )
    return Part(sitting, told, own)


@dataclass(frozen=True)
class Standing:
    """Where the day stands: the item that is on, if one is, and the item that follows."""

    sitting: Sitting | None
    run: Run | None
    """Of the item that is on."""
    following: Item | None

    @property
    def item(self) -> Item | None:
        return self.run.item if self.run else None


def standing(seminar: Seminar, sittings: Sequence[Sitting] | None = None) -> Standing:
    """What is on and what follows, by the records of the day; nothing is on before somebody began it.

    What was on already does not follow again.
    """
    sittings = programme(seminar) if sittings is None else sittings
    of_all = runs_of(seminar)
    runs = [run for run in of_all if run.item_id is not None]
    latest = [run for run in runs if run.ended_at is None and run.sitting_id == of_all[-1].sitting_id]
    on = latest[-1] if latest else None
    last = on or (runs[-1] if runs else None)
    been = {run.item_id for run in runs}
    order = [item for sitting in sittings for item in sitting.items]
    at = next((number for number, item in enumerate(order) if last and item.id == last.item_id), -1)
    following = next((item for item in order[at + 1 :] if item.id not in been), None)
    if on is not None:
        return Standing(on.sitting, on, following)
    return Standing(following.sitting if following else sittings[-1] if sittings else None, None, following)
