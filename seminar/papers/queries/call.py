"""Reads of the call for papers: what it asks for, and each sender's own deadline."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from seminar.delegates.models import Delegate
from seminar.lib.database import db
from seminar.papers import rules
from seminar.papers.models import Call, Extension
from seminar.planning.models import Milestone, MilestoneRule, Seminar, Unit
from seminar.planning.queries import milestone


def call_of(seminar: Seminar) -> Call:
    """What the office set, or the default, which is not stored."""
    return db.session.scalar(select(Call).where(Call.seminar_id == seminar.id)) or rules.default_call()


def extensions_of(seminar: Seminar) -> list[Extension]:
    """All of them, the latest first; those withdrawn too."""
    query = select(Extension).where(Extension.seminar_id == seminar.id).order_by(Extension.id.desc())
    return list(db.session.scalars(query.options(joinedload(Extension.unit), joinedload(Extension.delegate))))


def extension_or_404(seminar: Seminar, extension_id: int) -> Extension:
    return db.first_or_404(select(Extension).where(Extension.seminar_id == seminar.id, Extension.id == extension_id))


def standing_extension(seminar: Seminar, unit: Unit | None, delegate: Delegate | None) -> Extension | None:
    """The latest that was not withdrawn of the unit, or else of the delegate."""
    query = select(Extension).where(Extension.seminar_id == seminar.id, Extension.withdrawn_at.is_(None))
    if unit is not None:
        query = query.where(Extension.unit_id == unit.id)
    elif delegate is not None:
        query = query.where(Extension.delegate_id == delegate.id)
    else:
        return None
    return db.session.scalar(query.order_by(Extension.id.desc()).limit(1))


def deadline_of(
    seminar: Seminar, now: datetime, *, unit: Unit | None = None, delegate: Delegate | None = None
) -> rules.Deadline:
    """By when this sender's paper is due, with an extension of their own."""
    extension = standing_extension(seminar, unit, delegate)
    return rules.deadline(milestone(seminar, "papers"), call_of(seminar), extension, now)


def own_deadlines(seminar: Seminar, now: datetime) -> Mapping[int, Sequence[Milestone]]:
    """By unit with an extension that counts, the deadline of its paper as if the plan had it; not stored."""
    planned, call = milestone(seminar, "papers"), call_of(seminar)
    found: dict[int, Sequence[Milestone]] = {}
    latest = {
        one.unit_id: one
        for one in reversed(extensions_of(seminar))
        if one.unit_id is not None and one.withdrawn_at is None
    }
    for unit_id, extension in latest.items():
        due = rules.deadline(planned, call, extension, now)
        if due.is_extended:
            closed_at = now if due.is_closed else None
            found[unit_id] = [
                Milestone(code="papers", rule=MilestoneRule.UNTIL, due_on=extension.until_on, closed_at=closed_at)
            ]
    return found
