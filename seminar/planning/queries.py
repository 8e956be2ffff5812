"""Reads of the plan."""

from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from seminar.lib.database import db
from seminar.lib.text import fold
from seminar.planning.models import Finding, Group, Milestone, Seminar, Unit, UnitAlias, UnitLink, Venue


def seminars() -> list[Seminar]:
    return list(db.session.scalars(select(Seminar).order_by(Seminar.held_on.desc(), Seminar.id)))


def announced_seminars() -> list[Seminar]:
    return [seminar for seminar in seminars() if seminar.is_announced]


def seminar_or_404(slug: str) -> Seminar:
    return db.first_or_404(select(Seminar).where(Seminar.slug == slug))


def seminar_by_slug(slug: str) -> Seminar | None:
    return db.session.scalar(select(Seminar).where(Seminar.slug == slug))


def group_by_code(seminar: Seminar, code: str) -> Group | None:
    return db.session.scalar(select(Group).where(Group.seminar_id == seminar.id, Group.code == code))


def groups_of(seminar: Seminar) -> list[Group]:
    """In protocol order."""
    return list(db.session.scalars(select(Group).where(Group.seminar_id == seminar.id).order_by(Group.protocol_rank)))


def units_on(day: date | None) -> list[Unit]:
    """Units that exist on the day, in their usual order."""
    query = select(Unit).order_by(Unit.position)
    if day is not None:
        query = query.where(
            or_(Unit.valid_from.is_(None), Unit.valid_from <= day), or_(Unit.valid_to.is_(None), Unit.valid_to >= day)
        )
    return list(db.session.scalars(query))


def units_by_folded_name() -> dict[str, Unit]:
    """Every unit under each of its folded names and aliases."""
    rows = db.session.execute(select(UnitAlias.folded, Unit).join(Unit, Unit.id == UnitAlias.unit_id))
    found = dict(rows.all())
    for unit in {unit.id: unit for unit in found.values()}.values():
        found.setdefault(fold(unit.name), unit)
    return found


def milestone(seminar: Seminar, code: str) -> Milestone | None:
    """The milestone that is the deadline of `answers`, `papers`, `returns` or `nominations`."""
    return db.session.scalar(select(Milestone).where(Milestone.seminar_id == seminar.id, Milestone.code == code))


def unit_links(seminar: Seminar) -> list[UnitLink]:
    """Those in force."""
    query = select(UnitLink).where(UnitLink.seminar_id == seminar.id, UnitLink.revoked_at.is_(None))
    return list(db.session.scalars(query))


def unit_link_in_force(seminar: Seminar, unit: Unit) -> UnitLink | None:
    query = select(UnitLink).where(UnitLink.seminar_id == seminar.id, UnitLink.unit_id == unit.id)
    return db.session.scalar(query.where(UnitLink.revoked_at.is_(None)))


def unit_link_by_code(code: str) -> UnitLink | None:
    """The link with the code, revoked ones too."""
    query = select(UnitLink).where(UnitLink.code == code)
    return db.session.scalar(query.options(joinedload(UnitLink.seminar), joinedload(UnitLink.unit)))


def unit_or_404(unit_id: int) -> Unit:
    return db.first_or_404(select(Unit).where(Unit.id == unit_id))


def venue_or_404(seminar: Seminar, venue_id: int) -> Venue:
    return db.first_or_404(select(Venue).where(Venue.seminar_id == seminar.id, Venue.id == venue_id))


def finding_or_404(seminar: Seminar, finding_id: int) -> Finding:
    return db.first_or_404(select(Finding).where(Finding.seminar_id == seminar.id, Finding.id == finding_id))


def milestone_or_404(seminar: Seminar, milestone_id: int) -> Milestone:
    return db.first_or_404(select(Milestone).where(Milestone.seminar_id == seminar.id, Milestone.id == milestone_id))
