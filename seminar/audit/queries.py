"""Reads of the log, newest first. `seminar_id` None is what belongs to no seminar: accounts, sign-ins."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, func, or_, select

from seminar.audit.models import AuditEntry
from seminar.lib.clock import from_local
from seminar.lib.database import db
from seminar.lib.text import clean


@dataclass(frozen=True)
class Wanted:
    """Which entries a list shows; everything empty is all of them."""

    actor: str = ""
    noun: str = ""
    day: date | None = None

    @classmethod
    def from_args(cls, args: Any) -> "Wanted":
        """A day that is none counts as no day."""
        try:
            day = date.fromisoformat(args.get("day", ""))
        except ValueError:
            day = None
        if day and not 1900 < day.year < 9000:
            day = None
        return cls(actor=clean(args.get("actor"))[:200], noun=args.get("noun", "")[:40], day=day)


def _of(seminar_id: int | None) -> Any:
    return AuditEntry.seminar_id.is_(None) if seminar_id is None else AuditEntry.seminar_id == seminar_id


def matching(seminar_id: int | None, wanted: Wanted) -> Select[AuditEntry]:
    query = select(AuditEntry).where(_of(seminar_id))
    if wanted.actor:
        query = query.where(or_(AuditEntry.actor_name == wanted.actor, AuditEntry.on_behalf_of == wanted.actor))
    if wanted.noun:
        query = query.where(AuditEntry.noun == wanted.noun)
    if wanted.day:
        begins = from_local(wanted.day)
        query = query.where(AuditEntry.at >= begins, AuditEntry.at < begins + timedelta(days=1))
    return query


def counted(query: Select[AuditEntry]) -> int:
    return db.session.scalar(select(func.count()).select_from(query.subquery())) or 0


def page_of(query: Select[AuditEntry], page: int, size: int = 50) -> list[AuditEntry]:
    return list(db.session.scalars(query.order_by(AuditEntry.id.desc()).offset((page - 1) * size).limit(size)))


def nouns(seminar_id: int | None) -> list[str]:
    """The nouns that occur."""
    return list(db.session.scalars(select(AuditEntry.noun).where(_of(seminar_id)).distinct().order_by(AuditEntry.noun)))


def actors(seminar_id: int | None, most: int = 300) -> list[str]:
    """The names of those who did something, for the filter."""
    query = select(AuditEntry.actor_name).where(_of(seminar_id)).distinct().order_by(AuditEntry.actor_name)
    return list(db.session.scalars(query.limit(most)))


def entries_of(noun: str, object_id: object, verb: str) -> list[AuditEntry]:
    """What was done with one object, newest first."""
    query = select(AuditEntry).where(
        AuditEntry.noun == noun, AuditEntry.object_id == str(object_id), AuditEntry.verb == verb
    )
    return list(db.session.scalars(query.order_by(AuditEntry.id.desc())))
