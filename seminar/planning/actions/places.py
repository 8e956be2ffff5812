"""The places of the quotas: made from what the plan says, moved between units by the office."""

from collections import Counter
from datetime import datetime

from sqlalchemy import select

from seminar.access.actor import Actor
from seminar.audit.models import record
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.planning.models import Group, Place, QuotaKind, Seminar, Unit
from seminar.planning.queries import groups_of, units_on
from seminar.planning.rules import has_quota


def allot_places(seminar: Seminar) -> int:
    """Makes the places that the quotas say and that are not there yet; returns how many. Takes none away.

    A unit that got or gave places by `move_place` counts with what it was allotted, so doing it twice is harmless.
    """
    made = 0
    units = units_on(seminar.held_on)
    for group in groups_of(seminar):
        if group.quota_kind == QuotaKind.OPEN:
            continue
        have: Counter[int | None] = Counter()
        for place in db.session.scalars(select(Place).where(Place.group_id == group.id)):
            have[place.moved_from_id or place.unit_id] += 1
        per_unit = group.quota_kind == QuotaKind.PER_UNIT
        holders = [unit.id for unit in units if has_quota(group, unit)] if per_unit else [None]
        for unit_id in holders:
            missing = (group.quota_count or 0) - have[unit_id]
            db.session.add_all(Place(group_id=group.id, unit_id=unit_id) for _ in range(missing))
            made += max(missing, 0)
    db.session.flush()
    return made


def move_place(seminar: Seminar, place: Place, unit: Unit, by: Actor, now: datetime) -> None:
    """Gives a place that its unit does not use to another unit. The caller has made sure that nobody holds it."""
    group = db.session.get_one(Group, place.group_id)
    if group.quota_kind != QuotaKind.PER_UNIT or place.unit_id is None:
        raise Refused("Only places of a quota per unit can be given to another unit.")
    if place.unit_id == unit.id:
        return
    giver = db.session.get_one(Unit, place.unit_id)
    place.moved_from_id = place.moved_from_id or place.unit_id
    place.unit_id = unit.id
    if place.moved_from_id == unit.id:
        place.moved_from_id = None
    db.session.flush()
    record(
        by,
        now,
        "move",
        "place",
        seminar_id=seminar.id,
        object_id=place.id,
        summary=f"{group.code}: {giver.name} → {unit.name}",
    )
