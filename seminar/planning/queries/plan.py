"""Reads of one seminar's plan."""

from datetime import date
from typing import TypeVar

from sqlalchemy import func, select

from seminar.audit.models import AuditEntry
from seminar.lib.database import db
from seminar.planning.models import Finding, Group, LegalBasis, Milestone, Seminar, Topic, Venue

Part = TypeVar("Part", Venue, LegalBasis, Topic, Milestone, Finding, Group)


def seminars() -> list[Seminar]:
    return list(db.session.scalars(select(Seminar).order_by(Seminar.held_on.desc(), Seminar.id)))


def announced_seminars() -> list[Seminar]:
    return [seminar for seminar in seminars() if seminar.is_announced]


def seminars_to_come(day: date) -> list[Seminar]:
    """Those held on the day or later, or not yet dated; where there is none, the last one held."""
    found = seminars()
    coming = [seminar for seminar in found if seminar.held_on is None or seminar.held_on >= day]
    return coming or found[:1]


def seminar_or_404(slug: str) -> Seminar:
    return db.first_or_404(select(Seminar).where(Seminar.slug == slug))


def hold_seminar(seminar_id: int) -> None:
    """Other writers of the seminar wait until commit. First of all locks, so that no two wait for each other."""
    db.session.execute(select(Seminar.id).where(Seminar.id == seminar_id).with_for_update())


def seminar_by_slug(slug: str) -> Seminar | None:
    return db.session.scalar(select(Seminar).where(Seminar.slug == slug))


def group_by_code(seminar: Seminar, code: str) -> Group | None:
    return db.session.scalar(select(Group).where(Group.seminar_id == seminar.id, Group.code == code))


def groups_of(seminar: Seminar) -> list[Group]:
    """In protocol order."""
    return list(
        db.session.scalars(select(Group).where(Group.seminar_id == seminar.id).order_by(Group.protocol_rank, Group.id))
    )


def milestone(seminar: Seminar, code: str) -> Milestone | None:
    """The milestone that is the deadline of `answers`, `papers`, `returns` or `nominations`."""
    return db.session.scalar(select(Milestone).where(Milestone.seminar_id == seminar.id, Milestone.code == code))


def part_or_404(seminar: Seminar, kind: type[Part], part_id: int) -> Part:
    """The venue, basis, topic, milestone, finding or group with the id, of this very seminar."""
    return db.first_or_404(select(kind).where(kind.seminar_id == seminar.id, kind.id == part_id))


def has_issued_letters(seminar: Seminar) -> bool:
    """Whether documents were ever issued, as the log knows: then people were told day and venue (domain.md Đ2)."""
    query = select(func.count()).where(
        AuditEntry.seminar_id == seminar.id, AuditEntry.verb == "issue", AuditEntry.noun == "document"
    )
    return bool(db.session.scalar(query))
