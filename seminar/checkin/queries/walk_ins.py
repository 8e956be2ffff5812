"""Who was registered at the desk: instead of whom, like whom, and what the office still decides."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, String, cast, exists, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from seminar.checkin.models import Arrival, RehearsalArrival, Scan, WalkIn
from seminar.delegates.models import Delegate
from seminar.delegates.rules import name_key
from seminar.invitations.models import ProxyOutcome
from seminar.lib.database import db
from seminar.lib.text import fold
from seminar.planning.models import Seminar

PROXY_OF_DESK = aliased(Delegate)


def has_come_for_another() -> Any:
    """Condition on WalkIn: registered instead of somebody, in the hall, and not refused by the office afterwards."""
    came = exists().where(Arrival.delegate_id == WalkIn.delegate_id)
    return (
        WalkIn.instead_of_id.is_not(None) & came & or_(WalkIn.outcome.is_(None), WalkIn.outcome != ProxyOutcome.REFUSED)
    )


def represented_by() -> Any:
    """Column of a query on Delegate: "Trần Văn Thay (số 152)", who came instead by the word of a desk; else NULL."""
    text = PROXY_OF_DESK.name + " (số " + cast(PROXY_OF_DESK.number, String) + ")"
    return (
        select(text)
        .join(WalkIn, WalkIn.delegate_id == PROXY_OF_DESK.id)
        .where(WalkIn.instead_of_id == Delegate.id, PROXY_OF_DESK.removed_at.is_(None), has_come_for_another())
        .order_by(WalkIn.received_at, WalkIn.id)
        .limit(1)
        .correlate(Delegate)
        .scalar_subquery()
    )


@dataclass(frozen=True)
class Represented:
    """Who came instead, and when by the hall's clock."""

    delegate_id: int
    name: str
    number: int
    at: datetime


def represented(delegate_ids: Iterable[int]) -> dict[int, Represented]:
    """Whom somebody registered at a desk came instead of, by the id of the delegate who is replaced."""
    query = (
        select(WalkIn.instead_of_id, Delegate.id, Delegate.name, Delegate.number, Scan.corrected_at)
        .join(Delegate, Delegate.id == WalkIn.delegate_id)
        .join(Scan, Scan.id == WalkIn.scan_id)
        .where(WalkIn.instead_of_id.in_(list(delegate_ids)), Delegate.removed_at.is_(None), has_come_for_another())
        .order_by(WalkIn.received_at.desc(), WalkIn.id.desc())
    )
    return {one[0]: Represented(*one[1:]) for one in db.session.execute(query) if one[0] is not None}


def proxies_of_desks(seminar: Seminar) -> list[tuple[Delegate, Delegate]]:
    """(who is replaced, who came instead), by the word of a desk; both names are told."""
    query = (
        select(WalkIn)
        .join(Delegate, Delegate.id == WalkIn.delegate_id)
        .where(
            Delegate.seminar_id == seminar.id,
            Delegate.removed_at.is_(None),
            has_come_for_another(),
        )
        .options(joinedload(WalkIn.delegate), joinedload(WalkIn.instead_of))
        .order_by(Delegate.sort_key, Delegate.id)
    )
    return [(one.instead_of, one.delegate) for one in db.session.scalars(query) if one.instead_of is not None]


@dataclass(frozen=True)
class Like:
    """Somebody of the list with the same folded name and unit."""

    delegate: Delegate
    is_in: bool


def like_of(
    seminar_id: int, name: str, body: str, unit_id: int | None, arrival: type[Arrival | RehearsalArrival] = Arrival
) -> Like | None:
    """One who is not in yet before one who is, by the arrivals of the day or of rehearsals."""
    rows = db.session.execute(
        select(Delegate, exists().where(arrival.delegate_id == Delegate.id))
        .where(
            Delegate.seminar_id == seminar_id,
            Delegate.removed_at.is_(None),
            Delegate.name_folded == name_key(name),
        )
        .options(joinedload(Delegate.unit), selectinload(Delegate.memberships))
        .order_by(Delegate.number)
    )
    same = [Like(delegate, bool(is_in)) for delegate, is_in in rows if _is_of(delegate, body, unit_id)]
    return min(same, key=lambda one: one.is_in, default=None)


def _is_of(delegate: Delegate, body: str, unit_id: int | None) -> bool:
    theirs = {fold(one) for one in (delegate.body, delegate.unit.name if delegate.unit else "") if one}
    if unit_id is not None and unit_id == delegate.unit_id:
        return True
    return fold(body) in theirs if body else not theirs


def _walk_ins(seminar: Seminar) -> Select[WalkIn]:
    return (
        select(WalkIn)
        .join(Delegate, Delegate.id == WalkIn.delegate_id)
        .where(Delegate.seminar_id == seminar.id)
        .options(
            joinedload(WalkIn.delegate), joinedload(WalkIn.instead_of), joinedload(WalkIn.like), joinedload(WalkIn.desk)
        )
    )


def walk_ins_of(seminar: Seminar) -> list[WalkIn]:
    """Those to decide first, then the latest."""
    order = (WalkIn.question.is_(None) | WalkIn.settled_at.is_not(None), WalkIn.received_at.desc(), WalkIn.id)
    return list(db.session.scalars(_walk_ins(seminar).order_by(*order)))


def _refused_inside() -> Any:
    """Refused as somebody's proxy, in the hall all the same, and nobody has written what was done about it."""
    inside = exists().where(Arrival.delegate_id == WalkIn.delegate_id, Arrival.left_at.is_(None))
    return (WalkIn.outcome == ProxyOutcome.REFUSED) & WalkIn.seen_to_at.is_(None) & inside


def refused_inside(seminar: Seminar) -> list[WalkIn]:
    """Proxies who were let in, were refused afterwards, and are still in the hall: work for the office."""
    query = _walk_ins(seminar).where(Delegate.removed_at.is_(None), _refused_inside())
    return list(db.session.scalars(query.order_by(WalkIn.settled_at, WalkIn.id)))


def refused_inside_count(seminar_id: int) -> Select[int]:
    """How many there are, as a part of another statement."""
    return (
        select(func.count(WalkIn.id))
        .join(Delegate, Delegate.id == WalkIn.delegate_id)
        .where(Delegate.seminar_id == seminar_id, Delegate.removed_at.is_(None), _refused_inside())
    )


def walk_in_or_404(seminar: Seminar, walk_in_id: str) -> WalkIn:
    return db.first_or_404(_walk_ins(seminar).where(WalkIn.id == walk_in_id))
