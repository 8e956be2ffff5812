"""Reads of what is on, what was, and what follows."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from seminar.agenda.models import Item, Run, Sitting
from seminar.agenda.queries.programme import programme
from seminar.lib.database import db
from seminar.planning.models import Seminar


def _standing() -> Select[Run]:
    """Runs that were not taken back."""
    return select(Run).where(Run.undone_at.is_(None)).options(joinedload(Run.item), joinedload(Run.sitting))


def runs_of(seminar: Seminar) -> list[Run]:
    """Of sittings and items, in the order in which they began."""
    query = _standing().join(Run.sitting).where(Sitting.seminar_id == seminar.id)
    return list(db.session.scalars(query.order_by(Run.began_at, Run.id)))


def run_or_404(seminar: Seminar, run_id: int) -> Run:
    query = _standing().join(Run.sitting).where(Run.id == run_id, Sitting.seminar_id == seminar.id)
    return db.first_or_404(query)


def sitting_run(sitting: Sitting) -> Run | None:
    """When the sitting itself really was on."""
    return db.session.scalar(_standing().where(Run.sitting_id == sitting.id, Run.item_id.is_(None)))


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
    """What is on and what follows, by the records of the day; nothing is on before somebody began it."""
    sittings = programme(seminar) if sittings is None else sittings
    runs = [run for run in runs_of(seminar) if run.item_id is not None]
    on = next((run for run in reversed(runs) if run.ended_at is None), None)
    last = on or (runs[-1] if runs else None)
    order = [item for sitting in sittings for item in sitting.items]
    at = next((number for number, item in enumerate(order) if last and item.id == last.item_id), -1)
    following = order[at + 1] if at + 1 < len(order) else None
    if on is not None:
        return Standing(on.sitting, on, following)
    return Standing(following.sitting if following else sittings[-1] if sittings else None, None, following)
