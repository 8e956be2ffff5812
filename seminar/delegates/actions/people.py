"""What is done with single delegates: added, changed, moved into a group, taken off the list."""

from collections.abc import Sequence
from dataclasses import asdict, fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from seminar.access.actor import Actor
from seminar.audit.models import record
from seminar.delegates import queries
from seminar.delegates.actions.places import Places
from seminar.delegates.models import Delegate, Membership
from seminar.delegates.rules import DelegateRow, People, Person, derived, place_of
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.text import shorten
from seminar.planning.models import Audience, Group, QuotaKind, Seminar, Unit
from seminar.planning.queries import hold_seminar

COLUMNS = tuple(one.name for one in fields(DelegateRow))
FILLABLE = ("position", "unit_id", "gender", "birth_year", "phone", "email")


def next_number(seminar: Seminar) -> int:
    """The next short number; numbers of removed delegates are not used again. Holds other writers off until commit."""
    hold_seminar(seminar.id)
    last = db.session.scalar(select(func.max(Delegate.number)).where(Delegate.seminar_id == seminar.id))
    return (last or 0) + 1


def add_delegate(
    seminar: Seminar,
    values: DelegateRow,
    groups: Sequence[Group],
    by: Actor,
    now: datetime,
    *,
    may_repeat: bool = False,
) -> Delegate:
    """Adds one person; the first of `groups` is the primary one, none means "chưa phân nhóm".

    Refuses somebody who is there already, and a group without a free place. With `may_repeat`, at the desk, nobody is
    sent away: whoever finds no place stands under "chưa phân nhóm", and the note says what was asked for.
    """
    number = next_number(seminar)
    chosen = _chosen(seminar, groups)
    places = Places(chosen)
    if may_repeat and (full := [group for group in chosen if not places.has(group, values.unit_id)]):
        values = replace(values, note=shorten(f"{values.note}; xin vào {full[0].name}: hết suất".strip("; "), 1000))
        chosen = _chosen(seminar, [group for group in chosen if group not in full])
    row = derived(values, _unit_name(values.unit_id))
    if not may_repeat:
        same = People(queries.people(seminar, str(row["name_folded"]))).same_as(_person(values, row))
        if same is not None and not same.is_unnamed:
            raise Refused(
                "%(name)s is on the list already, as number %(number)s.", name=values.name, number=same.number
            )
    delegate = Delegate(
        seminar_id=seminar.id, number=number, created_at=now, created_by=by.name[:200], **(asdict(values) | row)
    )
    delegate.memberships = [
        Membership(group=group, is_primary=group is chosen[0], **places.taken(group, values.unit_id))
        for group in chosen
    ]
    db.session.add(delegate)
    db.session.flush()
    record(
        by, now, "add", "delegate", seminar_id=seminar.id, object_id=delegate.id, summary=delegate.name, number=number
    )
    return delegate


def change_delegate(
    seminar: Seminar, delegate: Delegate, values: DelegateRow, groups: Sequence[Group], by: Actor, now: datetime
) -> None:
    """Writes the details anew; the audit keeps which fields changed. Refuses a group, or another unit, without a free
    place.
    """
    next_number(seminar)  # one at a time: places are taken below
    chosen = _chosen(seminar, groups)
    before = {membership.group.code for membership in delegate.memberships}
    changed = [name for name in COLUMNS if getattr(delegate, name) != getattr(values, name)]
    primary_before = delegate.group.code
    if "unit_id" in changed:
        # Whoever changes the unit gives the places of the old one back and needs places of the new one.
        delegate.memberships = [one for one in delegate.memberships if one.quota_kind != QuotaKind.PER_UNIT]
        db.session.flush()
    for name, value in (asdict(values) | derived(values, _unit_name(values.unit_id))).items():
        setattr(delegate, name, value)
    if (primary_before, before) != (chosen[0].code, {group.code for group in chosen}):
        changed.append("groups")
    if {"groups", "unit_id"} & set(changed):
        _set_groups(delegate, chosen, Places(chosen))
    if changed:
        record(
            by,
            now,
            "change",
            "delegate",
            seminar_id=seminar.id,
            object_id=delegate.id,
            summary=delegate.name,
            fields=changed,
        )


def regroup_delegates(seminar: Seminar, delegates: Sequence[Delegate], group: Group, by: Actor, now: datetime) -> int:
    """Moves each from the primary group into this one; further groups stay. Returns how many moved.

    Refuses all of them where there is not a place for each. Doing it twice is harmless.
    """
    next_number(seminar)  # one at a time: places are taken below
    [group] = _chosen(seminar, [group])
    moving = [delegate for delegate in delegates if delegate.group is not group]
    places = Places([group])
    for delegate in moving:
        further = [one.group for one in delegate.memberships if not one.is_primary]
        _set_groups(delegate, [group, *(one for one in further if one is not group)], places)
    if moving:
        numbers = [delegate.number for delegate in moving]
        summary = f"{len(moving)} → {group.code}"
        record(by, now, "move", "delegate", seminar_id=seminar.id, object_id=group.id, summary=summary, numbers=numbers)
    return len(moving)


def remove_delegate(delegate: Delegate, reason: str, by: Actor, now: datetime) -> None:
    """Takes the person off the list and frees the places held; number and record stay. Doing it twice is harmless."""
    if delegate.removed_at is None:
        delegate.removed_at, delegate.removed_by = now, by.name[:200]
        for membership in delegate.memberships:
            membership.ended_at, membership.place_id, membership.unit_id = now, None, None
        record(
            by,
            now,
            "remove",
            "delegate",
            seminar_id=delegate.seminar_id,
            object_id=delegate.id,
            summary=delegate.name,
            reason=reason[:300],
        )


def join_group(
    seminar: Seminar, delegate: Delegate, group: Group, known: DelegateRow, by: Actor, now: datetime
) -> None:
    """One group more for somebody on the list, in place of "chưa phân nhóm"; what was not known of them is written too.

    Refused where the group has no free place of the unit in `known`.
    """
    next_number(seminar)  # one at a time: places are taken below
    filled = [name for name in FILLABLE if getattr(known, name) and not getattr(delegate, name)]
    for name in filled:
        setattr(delegate, name, getattr(known, name))
    if filled:
        values = DelegateRow(**{name: getattr(delegate, name) for name in COLUMNS})
        delegate.folded = str(derived(values, _unit_name(delegate.unit_id))["folded"])
    kept = sorted(delegate.memberships, key=lambda one: not one.is_primary)
    groups = [one.group for one in kept if one.group.audience != Audience.UNASSIGNED]
    _set_groups(delegate, list(dict.fromkeys([*groups, group])), Places([group]))
    record(
        by,
        now,
        "move",
        "delegate",
        seminar_id=seminar.id,
        object_id=delegate.id,
        summary=f"{delegate.name} → {group.code}",
        fields=filled,
    )


def drop_group(seminar: Seminar, delegate: Delegate, group: Group, reason: str, by: Actor, now: datetime) -> None:
    """Takes the person out of the group, and off the list where it was their only one; the place is free then."""
    kept = sorted(delegate.memberships, key=lambda one: (not one.is_primary, one.group.protocol_rank))
    groups = [one.group for one in kept if one.group is not group]
    if not groups:
        remove_delegate(delegate, reason, by, now)
        return
    _set_groups(delegate, groups, Places([]))
    summary = f"{delegate.name} ← {group.code}"
    record(
        by, now, "move", "delegate", seminar_id=seminar.id, object_id=delegate.id, summary=summary, reason=reason[:300]
    )


def _chosen(seminar: Seminar, groups: Sequence[Group]) -> list[Group]:
    """The groups without doubles, or "chưa phân nhóm" where none is given."""
    chosen = list(dict.fromkeys(groups))
    if not chosen:
        unassigned = queries.unassigned_group(seminar)
        if unassigned is None:
            raise Refused("Choose a group.")
        chosen = [unassigned]
    if any(group.seminar_id != seminar.id for group in chosen):
        raise Refused("Choose a group.")
    return chosen


def _set_groups(delegate: Delegate, groups: Sequence[Group], places: Places) -> None:
    """One primary at a time in the database: the old one is written off before the new one is written."""
    for membership in list(delegate.memberships):
        if membership.group not in groups:
            delegate.memberships.remove(membership)
        else:
            membership.is_primary = False
    db.session.flush()
    there = {membership.group: membership for membership in delegate.memberships}
    for group in groups:
        if group not in there:
            there[group] = Membership(group=group, is_primary=False, **places.taken(group, delegate.unit_id))
            delegate.memberships.append(there[group])
    there[groups[0]].is_primary = True
    db.session.flush()


def move_to_unit(delegate: Delegate, unit_id: int | None) -> None:
    """Gives the places of the old unit back and takes those of the new one; refused where none is free."""
    groups = [delegate.group, *(one.group for one in delegate.memberships if not one.is_primary)]
    kept = [one for one in delegate.memberships if one.quota_kind != QuotaKind.PER_UNIT]
    if len(kept) == len(groups):
        delegate.unit_id = unit_id
        return
    delegate.memberships = kept
    db.session.flush()
    delegate.unit_id = unit_id
    _set_groups(delegate, groups, Places(groups))


def _unit_name(unit_id: int | None) -> str:
    unit = db.session.get(Unit, unit_id) if unit_id else None
    return unit.name if unit else ""


def _person(values: DelegateRow, row: dict[str, Any]) -> Person:
    return Person(
        name_folded=row["name_folded"],
        phones=frozenset(phone for phone in (values.phone, values.phone_2) if phone),
        email=values.email.casefold(),
        place=place_of(values.unit_id, values.body),
        is_unnamed=row["is_unnamed"],
    )
