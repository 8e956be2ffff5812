"""Who is named for which place, what the office has to decide, and the places of one unit as its page shows them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Select, and_, case, func, select
from sqlalchemy.orm import aliased, joinedload
from werkzeug.exceptions import NotFound

from seminar.delegates.models import Delegate, Membership, Nomination, NominationOutcome
from seminar.delegates.queries.lists import people_with_names
from seminar.delegates.queries.places import free_places
from seminar.delegates.rules import People, Person, place_of
from seminar.lib.database import db
from seminar.lib.errors import N_
from seminar.lib.numbers import LARGEST, whole
from seminar.planning.models import Group, Place, QuotaKind, Seminar, Unit


class NominationState(StrEnum):
    """What becomes of a nomination; `late` are those of `open` that came after the day."""

    OPEN = "open"
    LATE = "late"
    RESERVE = "reserve"
    RETURNED = "returned"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


NOMINATION_STATE_LABELS = {
    NominationState.OPEN: N_("waits for approval"),
    NominationState.LATE: N_("waits, came late"),
    NominationState.RESERVE: N_("on the reserve list"),
    NominationState.RETURNED: N_("returned"),
    NominationState.APPROVED: N_("approved"),
    NominationState.WITHDRAWN: N_("withdrawn"),
}


@dataclass(frozen=True)
class NominationsWanted:
    """What the list of nominations is narrowed to, as its address says it."""

    state: NominationState | None = NominationState.OPEN
    group: str = ""
    unit_id: int | None = None

    @classmethod
    def from_args(cls, args: Mapping[str, str]) -> "NominationsWanted":
        state, unit = args.get("state", "open"), args.get("unit", "")
        return cls(
            NominationState(state) if state in set(NominationState) else None, args.get("group", "")[:16], whole(unit)
        )

    def to_query(self, **changes: Any) -> str:
        said = {"state": self.state.value if self.state else "all", "group": self.group, "unit": self.unit_id} | changes
        return urlencode({name: value for name, value in said.items() if value})


def nominations(seminar: Seminar, wanted: NominationsWanted) -> Select[Any]:
    """Ids of the nominations wanted."""
    query = select(Nomination.id).where(Nomination.seminar_id == seminar.id)
    state = wanted.state
    if state in (NominationState.OPEN, NominationState.LATE):
        query = query.where(Nomination.outcome.is_(None), Nomination.place_id.is_not(None))
        if state == NominationState.LATE:
            query = query.where(Nomination.is_late)
    elif state == NominationState.RESERVE:
        query = query.where(Nomination.outcome.is_(None), Nomination.place_id.is_(None))
    elif state is not None:
        query = query.where(Nomination.outcome == NominationOutcome(state.value))
    if wanted.group:
        query = query.where(
            Nomination.group_id.in_(select(Group.id).where(Group.seminar_id == seminar.id, Group.code == wanted.group))
        )
    if wanted.unit_id is not None:
        query = query.where(Nomination.unit_id == wanted.unit_id)
    return query


def nomination_counts(seminar: Seminar, wanted: NominationsWanted) -> dict[NominationState, int]:
    """How many there are in each state, of the same group and unit; one statement a state."""
    return {
        state: db.session.scalar(
            select(func.count()).select_from(
                nominations(seminar, NominationsWanted(state, wanted.group, wanted.unit_id)).subquery()
            )
        )
        or 0
        for state in NominationState
    }


@dataclass(frozen=True)
class NominationRow:
    """A nomination with who on the list it is, or may be."""

    nomination: Nomination
    same: Person | None = None
    """Who it is by the rule of identity: approval adds a group to that delegate."""
    alike: Person | None = None
    """Has the same name or telephone: a person decides."""
    free: int = 0
    """Free places of the group (and unit) that somebody of the reserve list could take."""


def nomination_rows(seminar: Seminar, chosen: Select[Any], page: int, size: int) -> list[NominationRow]:
    """One page, what waits first as it came in, in a number of statements that does not grow with the rows."""
    found = list(
        db.session.scalars(
            select(Nomination)
            .join(Group, Group.id == Nomination.group_id)
            .where(Nomination.id.in_(chosen))
            .options(*_PEOPLE)
            .order_by(Nomination.outcome.is_not(None), Group.protocol_rank, Nomination.id)
            .limit(size)
            .offset(min((max(page, 1) - 1) * size, LARGEST))
        )
    )
    open_ones = [one for one in found if one.outcome is None]
    people = People(
        people_with_names(seminar, {one.name_folded for one in open_ones}, [one.phone for one in open_ones])
    )
    free = _free_counts(seminar) if any(one.place_id is None for one in open_ones) else {}
    rows = []
    for one in found:
        if one.outcome is not None:
            rows.append(NominationRow(one))
            continue
        person = _person(one)
        same = people.same_as(person)
        unit_id = one.unit_id if one.group.quota_kind == QuotaKind.PER_UNIT else None
        rows.append(
            NominationRow(one, same, None if same else people.alike(person), free.get((one.group_id, unit_id), 0))
        )
    return rows


_PEOPLE = (
    joinedload(Nomination.group),
    joinedload(Nomination.unit).lazyload(Unit.aliases),
    joinedload(Nomination.instead_of).selectinload(Delegate.memberships),
    joinedload(Nomination.delegate),
    joinedload(Nomination.place),
)


def _person(nomination: Nomination) -> Person:
    return Person(
        name_folded=nomination.name_folded,
        phones=frozenset(phone for phone in (nomination.phone,) if phone),
        email=nomination.email.casefold(),
        place=place_of(nomination.unit_id, nomination.unit.name if nomination.unit else ""),
    )


def _free_counts(seminar: Seminar) -> dict[tuple[int, int | None], int]:
    ids = db.session.scalars(select(Group.id).where(Group.seminar_id == seminar.id))
    return {key: len(places) for key, places in free_places(list(ids)).items()}


def nomination_or_404(seminar: Seminar, nomination_id: int) -> Nomination:
    if nomination_id > LARGEST:
        raise NotFound
    query = select(Nomination).where(Nomination.id == nomination_id, Nomination.seminar_id == seminar.id)
    return db.first_or_404(query.options(*_PEOPLE))


def open_nomination_for(place_id: int) -> Nomination | None:
    return db.session.scalar(select(Nomination).where(Nomination.place_id == place_id, Nomination.outcome.is_(None)))


def naming_counts(group: Group, unit: Unit) -> tuple[int, int]:
    """(people in reserve now, namings in all) of the unit in the group."""
    in_reserve = and_(Nomination.outcome.is_(None), Nomination.place_id.is_(None))
    reserved, named = db.session.execute(
        select(func.sum(case((in_reserve, 1), else_=0)), func.count()).where(
            Nomination.group_id == group.id, Nomination.unit_id == unit.id
        )
    ).one()
    return reserved or 0, named


def has_places(group: Group, unit: Unit) -> bool:
    query = select(Place.id).where(Place.group_id == group.id, Place.unit_id == unit.id).limit(1)
    return db.session.scalar(query) is not None


@dataclass(frozen=True)
class UnitPlace:
    """One place of a unit: free, held, or with somebody named for it; `returned` is whom the office sent back."""

    place: Place
    holder: Delegate | None = None
    nomination: Nomination | None = None
    returned: Nomination | None = None
    giver: str = ""


@dataclass(frozen=True)
class UnitQuota:
    """The places of a unit in one group, its reserve list there, and whom the office returned."""

    group: Group
    places: list[UnitPlace]
    reserve: list[Nomination] = field(default_factory=list)

    @property
    def free(self) -> int:
        return sum(one.holder is None and one.nomination is None for one in self.places)

    @property
    def named(self) -> int:
        return len(self.places) - self.free


def unit_quotas(seminar: Seminar, unit: Unit) -> list[UnitQuota]:
    """What the unit has to fill, in protocol order, in four statements."""
    giver = aliased(Unit)
    places = db.session.execute(
        select(Place, Group, giver.name)
        .join(Group, Group.id == Place.group_id)
        .outerjoin(giver, giver.id == Place.moved_from_id)
        .where(Group.seminar_id == seminar.id, Place.unit_id == unit.id)
        .order_by(Group.protocol_rank, Place.id)
    ).all()
    ids = [place.id for place, _, _ in places]
    memberships = db.session.scalars(
        select(Membership)
        .where(Membership.place_id.in_(ids))
        .options(joinedload(Membership.delegate).selectinload(Delegate.memberships))
    )
    held = {one.place_id: one.delegate for one in memberships}
    named = list(
        db.session.scalars(
            select(Nomination)
            .where(Nomination.seminar_id == seminar.id, Nomination.unit_id == unit.id)
            .options(joinedload(Nomination.group), joinedload(Nomination.instead_of))
            .order_by(Nomination.id)
        )
    )
    waiting = {one.place_id: one for one in named if one.outcome is None and one.place_id}
    reserve: dict[int, list[Nomination]] = defaultdict(list)
    for one in named:
        if one.outcome is None and one.place_id is None:
            reserve[one.group_id].append(one)
    returned = _returned(named)
    groups: dict[int, tuple[Group, list[UnitPlace]]] = {}
    for place, group, from_unit in places:
        seen = UnitPlace(place, held.get(place.id), waiting.get(place.id), returned.get(place.id), from_unit or "")
        groups.setdefault(group.id, (group, []))[1].append(seen)
    return [UnitQuota(group, some, reserve[group.id]) for group, some in groups.values()]


def returned_names(seminar: Seminar) -> list[Nomination]:
    """Whom the office returned and nobody was named after, of all units, in protocol order."""
    named = db.session.scalars(
        select(Nomination)
        .join(Group, Group.id == Nomination.group_id)
        .where(Nomination.seminar_id == seminar.id)
        .options(joinedload(Nomination.group))
        .order_by(Group.protocol_rank, Nomination.id)
    )
    return list(_returned(list(named)).values())


def _returned(named: Sequence[Nomination]) -> dict[int, Nomination]:
    """Whom the office returned, by place, as long as nobody else was named for it since."""
    latest: dict[int, Nomination] = {}
    for one in named:
        if one.place_id is not None:
            latest[one.place_id] = one
    return {place: one for place, one in latest.items() if one.outcome == NominationOutcome.RETURNED}
