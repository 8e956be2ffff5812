"""The places of the quotas (suất): free, held by a delegate, or with somebody named who waits for the office."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, not_, or_, select
from sqlalchemy.orm import aliased

from seminar.delegates.models import Delegate, Membership, Nomination
from seminar.lib.database import db
from seminar.lib.errors import N_
from seminar.lib.numbers import LARGEST
from seminar.planning.models import Group, Place, Seminar, Unit


class PlaceState(StrEnum):
    """A place is free or named. Named is what somebody holds or is named for; both where the holder is to be replaced."""

    FREE = "free"
    NAMED = "named"
    HELD = "held"
    PENDING = "pending"


PLACE_STATE_LABELS = {
    PlaceState.FREE: N_("still free"),
    PlaceState.NAMED: N_("somebody is named"),
    PlaceState.HELD: N_("held by a delegate"),
    PlaceState.PENDING: N_("waits for approval"),
}
OF_A_UNIT = "each"
"""`unit` of the address: the places of all units, without those of no unit in particular."""


def _is(state: PlaceState) -> ColumnElement[bool]:
    """The state as a condition on `Place`; the same one counts and lists."""
    held = select(Membership.id).where(Membership.place_id == Place.id).correlate(Place).exists()
    pending = (
        select(Nomination.id)
        .where(Nomination.place_id == Place.id, Nomination.outcome.is_(None))
        .correlate(Place)
        .exists()
    )
    conditions: dict[PlaceState, ColumnElement[bool]] = {
        PlaceState.FREE: not_(or_(held, pending)),
        PlaceState.NAMED: or_(held, pending),
        PlaceState.HELD: held,
        PlaceState.PENDING: pending,
    }
    return conditions[state]


@dataclass(frozen=True)
class Quota:
    """So many places are allotted; of them somebody is named for so many, and so many of those wait for approval."""

    allotted: int = 0
    named: int = 0
    pending: int = 0

    @property
    def free(self) -> int:
        return self.allotted - self.named

    @classmethod
    def of(cls, some: Iterable["Quota"]) -> "Quota":
        """All of them together."""
        listed = list(some)
        return cls(*(sum(getattr(one, name) for one in listed) for name in ("allotted", "named", "pending")))


def place_counts(seminar: Seminar) -> dict[tuple[int, int | None], Quota]:
    """By (id of the group, id of the unit or None where the quota is not per unit), in one statement."""
    sums = [func.sum(case((_is(state), 1), else_=0)) for state in (PlaceState.NAMED, PlaceState.PENDING)]
    query = (
        select(Place.group_id, Place.unit_id, func.count(), *sums)
        .join(Group, Group.id == Place.group_id)
        .where(Group.seminar_id == seminar.id)
        .group_by(Place.group_id, Place.unit_id)
    )
    return {
        (group_id, unit_id): Quota(count, int(named), int(pending))
        for group_id, unit_id, count, named, pending in db.session.execute(query)
    }


def places(
    seminar: Seminar, group: str = "", unit: int | str | None = None, state: PlaceState | None = None
) -> Select[Any]:
    """Ids of the places of a group (by code) and a unit (by id, or `OF_A_UNIT`) in a state; of all without these."""
    query = select(Place.id).join(Group, Group.id == Place.group_id).where(Group.seminar_id == seminar.id)
    if group:
        query = query.where(Group.code == group)
    if unit == OF_A_UNIT:
        query = query.where(Place.unit_id.is_not(None))
    elif unit is not None:
        query = query.where(Place.unit_id == unit)
    if state is not None:
        query = query.where(_is(state))
    return query


@dataclass(frozen=True)
class PlaceRow:
    """One place with its holder and with who is named for it."""

    id: int
    group_code: str
    group_name: str
    unit_id: int | None
    unit: str
    moved_from: str
    contact_name: str
    contact_phone: str
    contact_email: str
    delegate_id: int | None
    delegate: str
    position: str
    nominee: str
    is_late: bool

    @property
    def state(self) -> PlaceState:
        if self.nominee:
            return PlaceState.PENDING
        return PlaceState.HELD if self.delegate_id else PlaceState.FREE


def place_rows(chosen: Select[Any], page: int, size: int) -> list[PlaceRow]:
    """One page of the places, in protocol order and then in the order of the units, in one statement."""
    giver = aliased(Unit)
    query: Any = (
        select(
            Place.id,
            Group.code,
            Group.name,
            Place.unit_id,
            func.coalesce(Unit.name, ""),
            func.coalesce(giver.name, ""),
            func.coalesce(Unit.contact_name, ""),
            func.coalesce(Unit.contact_phone, ""),
            func.coalesce(Unit.contact_email, ""),
            Delegate.id,
            func.coalesce(Delegate.name, ""),
            func.coalesce(Delegate.position, ""),
            func.coalesce(Nomination.name, ""),
            func.coalesce(Nomination.is_late, False),
        )
        .select_from(Place)
        .join(Group, Group.id == Place.group_id)
        .outerjoin(Unit, Unit.id == Place.unit_id)
        .outerjoin(giver, giver.id == Place.moved_from_id)
        .outerjoin(Membership, Membership.place_id == Place.id)
        .outerjoin(Delegate, Delegate.id == Membership.delegate_id)
        .outerjoin(Nomination, and_(Nomination.place_id == Place.id, Nomination.outcome.is_(None)))
        .where(Place.id.in_(chosen))
        .order_by(Group.protocol_rank, Unit.position, Place.id)
        .limit(size)
        .offset(min((max(page, 1) - 1) * size, LARGEST))
    )
    return [PlaceRow(*row) for row in db.session.execute(query)]
