"""What the office does with the directory of units, and the links of their contacts."""

from datetime import datetime

from seminar.access.actor import Actor
from seminar.audit.models import record
from seminar.lib import codes
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.text import fold
from seminar.planning.models import Seminar, Unit, UnitAlias, UnitLink
from seminar.planning.queries import unit_link_in_force, unit_links, units_on


def issue_unit_link(seminar: Seminar, unit: Unit, by: Actor, now: datetime) -> UnitLink:
    """A new personal link for the unit's contact; the one before is revoked."""
    before = unit_link_in_force(seminar, unit)
    if before:
        before.revoked_at, before.revoked_by = now, by.name
        db.session.flush()
    link = UnitLink(seminar_id=seminar.id, unit_id=unit.id, code=codes.link_code(), issued_at=now, issued_by=by.name)
    db.session.add(link)
    record(by, now, "issue", "unit_link", seminar_id=seminar.id, object_id=unit.id, summary=unit.name)
    return link


def issue_missing_unit_links(seminar: Seminar, by: Actor, now: datetime) -> int:
    """A link for each unit that has none; returns how many were made."""
    have = {link.unit_id for link in unit_links(seminar)}
    missing = [unit for unit in units_on(seminar.held_on) if unit.id not in have]
    for unit in missing:
        issue_unit_link(seminar, unit, by, now)
    return len(missing)


def add_unit_alias(unit: Unit, text: str, by: Actor, now: datetime) -> None:
    """Another name of the unit, as lists write it; refused where it means another unit. Doing it twice is harmless."""
    folded = fold(text)[:200]
    there = db.session.get(UnitAlias, folded)
    if there is not None and there.unit_id != unit.id:
        raise Refused("“%(text)s” is the name of another unit already.", text=text)
    if there is None and folded and folded != fold(unit.name):
        db.session.add(UnitAlias(folded=folded, unit_id=unit.id))
        db.session.flush()
        record(by, now, "change", "unit", object_id=unit.id, summary=f"{unit.name} = {text}", fields=["aliases"])
