"""Who is present: the states, their counts, and what lists say of each delegate."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import Select, and_, case, exists, func, select

from seminar.checkin.models import Arrival, Desk, DoubleEntry, WalkIn
from seminar.checkin.queries.walk_ins import Represented, represented
from seminar.delegates.models import Delegate, Membership
from seminar.lib.database import db
from seminar.lib.errors import N_
from seminar.planning.models import Group, Seminar, Unit

AnySelect = TypeVar("AnySelect", bound=Select[*tuple[Any, ...]])


class Presence(StrEnum):
    """States by which arrivals are counted and listed."""

    ARRIVED = "arrived"
    PRESENT = "present"
    LEFT = "left"
    ABSENT = "absent"
    WALK_IN = "walk-in"
    DOUBLE = "double"


PRESENCE_LABELS = {
    Presence.ARRIVED: N_("came"),
    Presence.PRESENT: N_("in the hall"),
    Presence.LEFT: N_("went out"),
    Presence.ABSENT: N_("not here yet"),
    Presence.WALK_IN: N_("registered at the desk"),
    Presence.DOUBLE: N_("let in twice"),
}


def _arrival(sitting_id: int | None, *conditions: Any) -> Any:
    """That an arrival of the delegate exists, in the sitting or, without one, in any."""
    query = exists().where(Arrival.delegate_id == Delegate.id, *conditions)
    return query.where(Arrival.sitting_id == sitting_id) if sitting_id is not None else query


def is_in_state(state: Presence, sitting_id: int | None = None) -> Any:
    """The state as a condition on Delegate; the same one counts and lists, so that figures and rows agree."""
    inside = _arrival(sitting_id, Arrival.left_at.is_(None))
    return {
        Presence.ARRIVED: _arrival(sitting_id),
        Presence.PRESENT: inside,
        Presence.LEFT: and_(_arrival(sitting_id), ~inside),
        Presence.ABSENT: ~_arrival(sitting_id),
        Presence.WALK_IN: exists().where(WalkIn.delegate_id == Delegate.id),
        Presence.DOUBLE: exists().where(DoubleEntry.delegate_id == Delegate.id),
    }[state]


def with_presence(query: AnySelect, state: Presence, sitting_id: int | None = None) -> AnySelect:
    """The delegates of the query that are in the state."""
    return query.where(is_in_state(state, sitting_id))


@dataclass(frozen=True)
class Line:
    """The counts of one group or unit, or of all; `key` is the group's code or the unit's id."""

    key: str
    name: str
    total: int
    states: dict[Presence, int]

    def __getitem__(self, state: Presence) -> int:
        return self.states[state]


@dataclass(frozen=True)
class ArrivalCounts:
    whole: Line
    by_group: list[Line]
    by_unit: list[Line]


def _sums(sitting_id: int | None) -> list[Any]:
    return [func.count(Delegate.id)] + [
        func.coalesce(func.sum(case((is_in_state(state, sitting_id), 1), else_=0)), 0) for state in Presence
    ]


def _line(key: object, name: str, total: int, *counts: int) -> Line:
    return Line(str(key), name, total, {state: int(count) for state, count in zip(Presence, counts, strict=True)})


def arrival_counts(seminar: Seminar, sitting_id: int | None = None) -> ArrivalCounts:
    """People ("người") by primary group in protocol order and by unit, in three queries whatever the numbers."""
    listed = (Delegate.seminar_id == seminar.id, Delegate.removed_at.is_(None))
    whole = db.session.execute(select(*_sums(sitting_id)).where(*listed)).one()
    groups = db.session.execute(
        select(Group.code, Group.name, *_sums(sitting_id))
        .select_from(Delegate)
        .join(Membership, and_(Membership.delegate_id == Delegate.id, Membership.is_primary))
        .join(Group, Group.id == Membership.group_id)
        .where(*listed)
        .group_by(Group.id, Group.code, Group.name, Group.protocol_rank)
        .order_by(Group.protocol_rank, Group.id)
    )
    units = db.session.execute(
        select(Unit.id, Unit.name, *_sums(sitting_id))
        .select_from(Delegate)
        .join(Unit, Unit.id == Delegate.unit_id)
        .where(*listed)
        .group_by(Unit.id, Unit.name, Unit.position)
        .order_by(Unit.position, Unit.id)
    )
    return ArrivalCounts(_line("", "", *whole), [_line(*row) for row in groups], [_line(*row) for row in units])


@dataclass(frozen=True)
class Attendance:
    """What the list says of one delegate beside the name."""

    arrived_at: datetime | None = None
    left_at: datetime | None = None
    desk: str = ""
    is_walk_in: bool = False
    is_double: bool = False
    represented: Represented | None = None
    """Who came instead, by the word of a desk."""


def attendance_of(delegate_ids: Iterable[int], sitting_id: int | None = None) -> dict[int, Attendance]:
    """First arrival, and since when out, per delegate; of several sittings the first arrival and the last leaving."""
    ids = list(delegate_ids)
    query = (
        select(Arrival.delegate_id, Arrival.arrived_at, Arrival.left_at, Desk.name)
        .join(Desk, Desk.id == Arrival.desk_id)
        .where(Arrival.delegate_id.in_(ids))
        .order_by(Arrival.arrived_at, Arrival.id)
    )
    if sitting_id is not None:
        query = query.where(Arrival.sitting_id == sitting_id)
    came: dict[int, tuple[datetime, datetime | None, str]] = {}
    for delegate_id, arrived_at, left_at, desk in db.session.execute(query):
        if delegate_id in came:
            first, out, name = came[delegate_id]
            came[delegate_id] = first, (max(out, left_at) if out and left_at else None), name
        else:
            came[delegate_id] = arrived_at, left_at, desk
    walked = set(db.session.scalars(select(WalkIn.delegate_id).where(WalkIn.delegate_id.in_(ids))))
    double = set(db.session.scalars(select(DoubleEntry.delegate_id).where(DoubleEntry.delegate_id.in_(ids))))
    instead = represented(ids)
    return {
        id_: Attendance(*came.get(id_, (None, None, "")), id_ in walked, id_ in double, instead.get(id_))  # type: ignore[call-arg]
        for id_ in ids
    }
