"""Quotas as the office changes them: of a group, and of single units. What people hold is never taken from under them.

The order of writes matters on both engines: members get their places before the group stops being open, and give them
back only after it is open again, because the database checks both at each statement (delegates/models.py).
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from seminar.access.actor import Actor
from seminar.audit.models import record
from seminar.delegates import queries
from seminar.delegates.actions.people import next_number
from seminar.delegates.models import ImportDraft, Membership, Nomination
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.planning import actions as plan
from seminar.planning import queries as plans
from seminar.planning.models import Allotment, Audience, Group, Place, QuotaKind, Seminar, Unit
from seminar.planning.rules import has_quota

MOST_AT_ONCE = 20_000
QUOTA = ("quota_kind", "quota_count", "unit_kinds")
PLAINLY = {"synchronize_session": False}


def add_group(seminar: Seminar, values: dict[str, Any], by: Actor, now: datetime) -> Group:
    """A new group with its places; refuses a code that is taken, and a quota without a number."""
    _refuse_quota(seminar, values)
    return plan.add_group(seminar, values, by, now)


def change_group(seminar: Seminar, group: Group, values: dict[str, Any], by: Actor, now: datetime) -> None:
    """Changes what differs; the audit keeps before and after. More places are made at once, free ones go where the
    quota shrinks; refused, with the names, where more are held or named than would be left.
    """
    next_number(seminar)  # one at a time: places are taken and given back below
    plan.refuse_code(seminar, values["code"], group)
    if group.audience == Audience.UNASSIGNED:
        kept = {"audience": Audience.UNASSIGNED, "quota_kind": QuotaKind.OPEN, "quota_count": None}
        values = values | kept | {"unit_kinds": []}
    _refuse_quota(seminar, values)
    changed = {name: [_said(getattr(group, name)), _said(value)] for name, value in values.items()
               if getattr(group, name) != value}  # fmt: skip
    if not changed:
        return
    if set(QUOTA) & set(changed):
        _change_quota(seminar, group, values["quota_kind"], values["quota_count"], values["unit_kinds"])
    for name, value in values.items():
        if name not in QUOTA:
            setattr(group, name, value)
    db.session.flush()
    db.session.expire_all()
    summary = f"{group.code} · {group.name}"
    record(by, now, "change", "group", seminar_id=seminar.id, object_id=group.id, summary=summary, **changed)


def remove_group(seminar: Seminar, group: Group, by: Actor, now: datetime) -> None:
    """Only a group in which nobody is or ever was; what is unassigned keeps its group."""
    next_number(seminar)
    if group.audience == Audience.UNASSIGNED:
        raise Refused("“%(name)s” stays: whoever names no group goes there.", name=group.name)
    count = queries.ever_in(group)
    if count:
        raise Refused(
            "“%(name)s” is not removed: %(count)s people are, were or were named to be in it.",
            name=group.name,
            count=count,
        )
    group_id, summary = group.id, f"{group.code} · {group.name}"
    drafts = update(ImportDraft).where(ImportDraft.group_id == group_id).values(group_id=None)
    db.session.execute(drafts, execution_options=PLAINLY)
    for table in (Allotment, Place):
        db.session.execute(delete(table).where(table.group_id == group_id), execution_options=PLAINLY)
    removal = delete(Group).where(Group.id == group_id).returning(Group.id)
    removed = db.session.execute(removal, execution_options=PLAINLY).all()
    db.session.expunge(group)
    db.session.expire_all()
    if removed:
        record(by, now, "remove", "group", seminar_id=seminar.id, object_id=group_id, summary=summary)


@dataclass(frozen=True)
class Changed:
    """What saving the table changed: one unit's places of one group."""

    group: str
    unit: str
    before: int
    after: int


def set_places(
    seminar: Seminar, wanted: Mapping[tuple[int, int], int], by: Actor, now: datetime
) -> list[Changed]:  # fmt: skip
    """Gives each unit as many places of each group, by (group id, unit id), as the office wrote; returns what changed.

    Refused as a whole where more are held or named; the sentence names them. What differs from the group's count is
    kept as the unit's own `Allotment`, so that changing the count later leaves it alone.
    """
    _refuse_slip(sum(wanted.values()))
    next_number(seminar)
    table = queries.allotted(seminar)
    groups = {group.id: group for group in table.per_unit}
    units = {unit.id: unit for unit in table.units}
    free = queries.free_places(list(groups))
    changes, gone, touched = [], [], set()
    for (group_id, unit_id), after in wanted.items():
        if group_id not in groups or unit_id not in units:
            continue
        group, unit = groups[group_id], units[unit_id]
        cell = table.cell(group, unit)
        if after == cell.allotted:
            continue
        if after < cell.taken:
            raise _held(group, [unit_id], cell.taken, after, unit.name)
        if after > cell.allotted:
            db.session.add_all(Place(group_id=group_id, unit_id=unit_id) for _ in range(after - cell.allotted))
        else:
            gone += free[group_id, unit_id][: cell.allotted - after]
        touched.add((group_id, unit_id))
        changes.append(Changed(group.code, unit.name, cell.allotted, after))
    if not changes:
        return []
    givers = select(Place.group_id, Place.moved_from_id).where(Place.id.in_(gone), Place.moved_from_id.is_not(None))
    touched |= {(group_id, unit_id) for group_id, unit_id in db.session.execute(givers) if unit_id}
    db.session.flush()
    _drop(gone)
    _keep_exceptions(table, touched, by, now)
    detail = {f"{one.group} · {one.unit}": [one.before, one.after] for one in changes}
    record(by, now, "allot", "place", seminar_id=seminar.id, summary=", ".join(list(detail)[:5]), **detail)
    return changes


def make_missing_places(seminar: Seminar, by: Actor, now: datetime) -> int:
    """The places that the plan says and that units which came later do not have yet; returns how many were made."""
    next_number(seminar)
    made = plan.allot_places(seminar)
    if made:
        record(by, now, "allot", "place", seminar_id=seminar.id, summary=str(made))
    return made


def give_place(seminar: Seminar, place: Place, unit: Unit, by: Actor, now: datetime) -> None:
    """Gives a place that its unit does not use to another unit; refused where somebody holds it or is named for it."""
    next_number(seminar)
    if place.id not in queries.free_places([place.group_id]).get((place.group_id, place.unit_id), []):
        raise Refused("Somebody holds this place or is named for it: it cannot be given to another unit.")
    plan.move_place(seminar, place, unit, by, now)


def give_free_place(seminar: Seminar, group: Group, giver: Unit, taker: Unit, by: Actor, now: datetime) -> None:
    """As `give_place`, any free place of the giver; refused where there is none."""
    next_number(seminar)
    free = queries.free_places([group.id]).get((group.id, giver.id)) or []
    if not free:
        raise Refused("%(unit)s has no free place in “%(group)s” to give.", unit=giver.name, group=group.name)
    if giver.id == taker.id:
        raise Refused("Choose another unit to get the place.")
    plan.move_place(seminar, db.session.get_one(Place, free[-1]), taker, by, now)


def _said(value: Any) -> Any:
    """A value as the log keeps it."""
    return value if isinstance(value, list | bool) else "" if value is None else str(value)


def _refuse_quota(seminar: Seminar, values: Mapping[str, Any]) -> None:
    if values["quota_kind"] == QuotaKind.OPEN:
        return
    if values["quota_count"] is None:
        raise Refused("Say how many places the quota has.")
    if values["quota_kind"] == QuotaKind.PER_UNIT:
        kinds = values["unit_kinds"]
        units = [unit for unit in plans.units_on(seminar.held_on) if not kinds or unit.kind in kinds]
        _refuse_slip(values["quota_count"] * len(units))


def _refuse_slip(count: int) -> None:
    """Each place is a row: a slip of the pen, times the units, would hold everybody up for minutes."""
    if count > MOST_AT_ONCE:
        raise Refused("So many places at once are surely a slip of the pen: look at the numbers again.")


def _change_quota(seminar: Seminar, group: Group, kind: QuotaKind, count: int | None, unit_kinds: list[str]) -> None:
    before = group.quota_kind
    if kind == QuotaKind.OPEN and before == QuotaKind.OPEN:
        group.quota_count, group.unit_kinds = count, unit_kinds
        return
    if kind == QuotaKind.OPEN:
        _open(group, count)
        return
    per_unit = kind == QuotaKind.PER_UNIT
    if before != kind and (per_unit or before == QuotaKind.PER_UNIT):
        db.session.execute(delete(Allotment).where(Allotment.group_id == group.id), execution_options=PLAINLY)
    if before == QuotaKind.OPEN:
        _close(group, kind, count or 0, unit_kinds)
    elif before != kind and per_unit:
        _spread(group, count or 0, unit_kinds)
    _write_quota(group, kind, count, unit_kinds)
    if before == QuotaKind.PER_UNIT and not per_unit:
        _gather(group)
    _shrink(group)
    plan.allot_places(seminar, group)


def _write_quota(group: Group, kind: QuotaKind, count: int | None, unit_kinds: list[str]) -> None:
    """One statement; the memberships follow by their foreign key, and what is in memory is read again."""
    values = {"quota_kind": kind, "quota_count": count, "unit_kinds": unit_kinds}
    db.session.flush()
    db.session.execute(update(Group).where(Group.id == group.id).values(**values), execution_options=PLAINLY)
    db.session.expire_all()


def _open(group: Group, count: int | None) -> None:
    """No limit any more: members keep their membership, the places go."""
    waiting = queries.open_nominations(group)
    if waiting:
        raise Refused(
            "%(count)s people are named for “%(group)s” and wait: decide on them first.",
            count=len(waiting),
            group=group.name,
        )
    _write_quota(group, QuotaKind.OPEN, count, [])
    let_go = update(Membership).where(Membership.group_id == group.id).values(place_id=None, unit_id=None)
    db.session.execute(let_go, execution_options=PLAINLY)
    db.session.execute(delete(Allotment).where(Allotment.group_id == group.id), execution_options=PLAINLY)
    _drop(list(db.session.scalars(select(Place.id).where(Place.group_id == group.id))))


def _close(group: Group, kind: QuotaKind, count: int, unit_kinds: list[str]) -> None:
    """Everybody in an open group gets a place of the quota to come; refused where there are too few."""
    members = queries.members_with_units(group)
    if kind == QuotaKind.PER_UNIT:
        _refuse_homes(group, [(unit_id, name) for _, unit_id, name in members], count, unit_kinds)
    elif len(members) > count:
        raise _held(group, None, len(members), count, names=[name for _, _, name in members])
    for membership, unit_id, _ in members:
        place = Place(group_id=group.id, unit_id=unit_id if kind == QuotaKind.PER_UNIT else None)
        db.session.add(place)
        db.session.flush()
        membership.place_id, membership.unit_id = place.id, place.unit_id
    db.session.flush()


def _spread(group: Group, count: int, unit_kinds: list[str]) -> None:
    """Places of the whole group become those of the units whose people hold them or are named for them."""
    members = {one.place_id: (unit_id, name) for one, unit_id, name in queries.members_with_units(group)}
    named = {one.place_id: (one.unit_id, one.name) for one in queries.open_nominations(group) if one.place_id}
    homes = named | members
    _refuse_homes(group, list(homes.values()), count, unit_kinds)
    there = select(Place).where(Place.group_id == group.id)
    _drop([place.id for place in db.session.scalars(there) if place.id not in homes])
    for place in db.session.scalars(there):
        place.unit_id = homes[place.id][0]
    db.session.flush()
    for membership, unit_id, _ in queries.members_with_units(group):
        membership.unit_id = unit_id
    db.session.flush()


def _gather(group: Group) -> None:
    """Places of the units become those of the whole group, once its quota says so."""
    let_go = update(Membership).where(Membership.group_id == group.id).values(unit_id=None)
    db.session.execute(let_go, execution_options=PLAINLY)
    gathered = update(Place).where(Place.group_id == group.id).values(unit_id=None, moved_from_id=None)
    db.session.execute(gathered, execution_options=PLAINLY)


def _refuse_homes(group: Group, homes: Sequence[tuple[int | None, str]], count: int, unit_kinds: list[str]) -> None:
    """A quota per unit needs everybody's unit, one that has the quota, and no more people of it than places."""
    units = {unit.id: unit for unit in plans.all_units()}
    for unit_id, name in homes:
        unit = units.get(unit_id or 0)
        if unit is None:
            raise Refused(
                "%(name)s is in “%(group)s” and of no unit of the Union: write the unit first.",
                name=name,
                group=group.name,
            )
        if unit_kinds and unit.kind not in unit_kinds:
            raise Refused(
                "%(name)s is in “%(group)s”, and %(unit)s is of a kind without this quota.",
                name=name,
                group=group.name,
                unit=unit.name,
            )
    for unit_id, number in Counter(unit_id for unit_id, _ in homes).items():
        if number > count and unit_id is not None:
            names = [name for of, name in homes if of == unit_id]
            raise _held(group, None, number, count, units[unit_id].name, names)


def _shrink(group: Group) -> None:
    """Takes free places away where more are allotted than the quota now says, by those to whom they were allotted first."""
    per_unit = group.quota_kind == QuotaKind.PER_UNIT
    exceptions = plans.allotments([group.id])
    units = {unit.id: unit for unit in plans.all_units()}
    free = {place_id for ids in queries.free_places([group.id]).values() for place_id in ids}
    by_origin: dict[int | None, list[Place]] = defaultdict(list)
    for place in db.session.scalars(select(Place).where(Place.group_id == group.id).order_by(Place.id.desc())):
        by_origin[(place.moved_from_id or place.unit_id) if per_unit else None].append(place)
    gone: list[int] = []
    for unit_id, places in by_origin.items():
        said = group.quota_count or 0
        if per_unit and unit_id is not None:
            other = exceptions.get((group.id, unit_id))
            said = other.place_count if other else said if has_quota(group, units[unit_id]) else 0
        surplus = len(places) - said
        droppable = sorted((one for one in places if one.id in free), key=lambda one: one.moved_from_id is not None)
        if surplus > len(droppable):
            taken = len(places) - len(droppable)
            name = units[unit_id].name if unit_id is not None else ""
            raise _held(group, [unit_id] if unit_id is not None else None, taken, said, name)
        gone += [one.id for one in droppable[: max(surplus, 0)]]
    _drop(gone)


def _drop(place_ids: Collection[int]) -> None:
    """Takes the places away. Decisions of the past stay, without the place that they were about."""
    ids = list(place_ids)
    for start in range(0, len(ids), 500):
        some = ids[start : start + 500]
        past = update(Nomination).where(Nomination.place_id.in_(some), Nomination.outcome.is_not(None))
        db.session.execute(past.values(place_id=None), execution_options=PLAINLY)
        db.session.execute(delete(Place).where(Place.id.in_(some)), execution_options=PLAINLY)
    db.session.expire_all()


def _keep_exceptions(
    table: queries.Allotted, touched: Collection[tuple[int, int]], by: Actor, now: datetime
) -> None:  # fmt: skip
    """Writes down, for the units whose places changed, what they were allotted where it is not what the group says."""
    group_ids = sorted({group_id for group_id, _ in touched})
    have, exceptions = plans.origins(group_ids), plans.allotments(group_ids)
    for group_id, unit_id in sorted(touched):
        cell = table.cells.get((group_id, unit_id))
        count, said = have[group_id, unit_id], cell.said if cell else 0
        known = exceptions.get((group_id, unit_id))
        if count == said:
            if known:
                db.session.delete(known)
            continue
        if known is None:
            known = Allotment(group_id=group_id, unit_id=unit_id)
            db.session.add(known)
        known.place_count, known.allotted_at, known.allotted_by = count, now, by.name[:200]
    db.session.flush()


def _held(
    group: Group,
    unit_ids: Sequence[int] | None,
    taken: int,
    count: int,
    unit: str = "",
    names: Sequence[str] | None = None,
) -> Refused:
    """The sentence of who holds the places or is named for them."""
    found = list(names) if names is not None else queries.holders([group.id], unit_ids[0] if unit_ids else None)
    shown = ", ".join(found[:3]) + (" …" if len(found) > 3 else "")
    return Refused(
        "“%(group)s”%(unit)s cannot go down to %(count)s: %(taken)s places are held or named for (%(names)s). Take them off first.",
        group=group.name,
        unit=f", {unit}," if unit else "",
        count=count,
        taken=taken,
        names=shown,
    )
