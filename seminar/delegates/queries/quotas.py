"""The quotas as a table: places of each group that is not open, by unit, with how many of them are taken."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select

from seminar.delegates.models import Delegate, Membership, Nomination
from seminar.delegates.queries.places import free_places
from seminar.lib.database import db
from seminar.planning.models import Group, Place, QuotaKind, Seminar, Unit
from seminar.planning.queries import groups_of, units_on
from seminar.planning.rules import has_quota


@dataclass(frozen=True)
class Cell:
    """Places of a group, of one unit or altogether. `said` is what the group's count says of them."""

    allotted: int = 0
    taken: int = 0
    said: int = 0

    @property
    def free(self) -> int:
        return self.allotted - self.taken

    def __add__(self, other: "Cell") -> "Cell":
        return Cell(self.allotted + other.allotted, self.taken + other.taken, self.said + other.said)


@dataclass(frozen=True)
class Allotted:
    """The whole table. Groups in protocol order; units of the day, and those that have a place all the same."""

    groups: list[Group]
    units: list[Unit]
    cells: dict[tuple[int, int | None], Cell]
    gone: frozenset[int]
    """Units that do not exist on the day of the seminar."""

    @property
    def per_unit(self) -> list[Group]:
        return [group for group in self.groups if group.quota_kind == QuotaKind.PER_UNIT]

    def cell(self, group: Group, unit: Unit | None = None) -> Cell:
        return self.cells.get((group.id, unit.id if unit else None), Cell())

    def of_group(self, group: Group) -> Cell:
        return _sum([cell for (group_id, _), cell in self.cells.items() if group_id == group.id])

    def of_unit(self, unit: Unit) -> Cell:
        return _sum([cell for (_, unit_id), cell in self.cells.items() if unit_id == unit.id])

    @property
    def of_units(self) -> Cell:
        return _sum([cell for (_, unit_id), cell in self.cells.items() if unit_id is not None])

    @property
    def whole(self) -> Cell:
        return _sum(list(self.cells.values()))


def _sum(cells: Sequence[Cell]) -> Cell:
    return sum(cells, Cell())


def allotted(seminar: Seminar) -> Allotted:
    """In a number of statements that grows neither with units nor with groups."""
    groups = groups_of(seminar)
    limited = [group for group in groups if group.quota_kind != QuotaKind.OPEN]
    ids = [group.id for group in limited]
    free = free_places(ids)
    counted = select(Place.group_id, Place.unit_id, func.count()).where(Place.group_id.in_(ids))
    have = {
        (group_id, unit_id): count
        for group_id, unit_id, count in db.session.execute(counted.group_by(Place.group_id, Place.unit_id))
    }
    units = units_on(seminar.held_on)
    there = {unit.id for unit in units}
    gone = frozenset(unit_id for _, unit_id in have if unit_id is not None and unit_id not in there)
    if gone:
        units += db.session.scalars(select(Unit).where(Unit.id.in_(gone)).order_by(Unit.position, Unit.id))
    cells = {}
    for group in limited:
        per_unit = group.quota_kind == QuotaKind.PER_UNIT
        for unit in units if per_unit else [None]:
            key = (group.id, unit.id if unit else None)
            said = group.quota_count or 0
            if unit is not None and (unit.id in gone or not has_quota(group, unit)):
                said = 0
            count = have.get(key, 0)
            cells[key] = Cell(count, count - len(free.get(key, ())), said)
    return Allotted(groups, units, cells, gone)


def holders(group_ids: Collection[int], unit_id: int | None = None, *, given: bool = True) -> list[str]:
    """Names of those who hold the places or are named for them, of one unit or of all; with `given` also those on places
    that the unit gave to another.
    """
    held = (
        select(Delegate.name, Place.id)
        .join(Membership, Membership.delegate_id == Delegate.id)
        .join(Place, Place.id == Membership.place_id)
    )
    named = select(Nomination.name, Place.id).join(Place, Place.id == Nomination.place_id)
    wanted: list[ColumnElement[bool]] = [Place.group_id.in_(group_ids)]
    if unit_id is not None:
        own = Place.unit_id == unit_id
        wanted.append(or_(own, Place.moved_from_id == unit_id) if given else own)
    named = named.where(Nomination.outcome.is_(None))
    rows = [row for query in (held, named) for row in db.session.execute(query.where(*wanted).order_by(Place.id))]
    return list(dict.fromkeys(name for name, _ in rows))


def members_with_units(group: Group) -> list[tuple[Membership, int | None, str]]:
    """(membership, unit of the person, name) of everybody who is in the group now, in the order in which they came."""
    query = (
        select(Membership, Delegate.unit_id, Delegate.name)
        .join(Delegate, Delegate.id == Membership.delegate_id)
        .where(Membership.group_id == group.id, Membership.ended_at.is_(None))
        .order_by(Membership.id)
    )
    return [(membership, unit_id, name) for membership, unit_id, name in db.session.execute(query)]


def open_nominations(group: Group) -> list[Nomination]:
    query = select(Nomination).where(Nomination.group_id == group.id, Nomination.outcome.is_(None))
    return list(db.session.scalars(query.order_by(Nomination.id)))


def ever_in(group: Group) -> int:
    """How many are, were or were named to be in the group."""
    members = select(func.count(Membership.id)).where(Membership.group_id == group.id)
    named = select(func.count(Nomination.id)).where(Nomination.group_id == group.id)
    return (db.session.scalar(members) or 0) + (db.session.scalar(named) or 0)
