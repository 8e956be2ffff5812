"""The places of the quotas: made from what the plan says, moved between units by the office."""

from datetime import datetime

from seminar.access.actor import Actor
from seminar.audit.models import record
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.planning.models import Group, Place, QuotaKind, Seminar, Unit
from seminar.planning.queries import missing_places


def allot_places(seminar: Seminar, only: Group | None = None) -> int:
    """Makes the places that the quotas say and that are not there yet; returns how many. Takes none away, and doing it
    twice is harmless (`missing_places`).
    """
    missing = missing_places(seminar, only)
    for (group_id, unit_id), count in missing.items():
        db.session.add_all(Place(group_id=group_id, unit_id=unit_id) for _ in range(count))
    db.session.flush()
    return sum(missing.values())


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
