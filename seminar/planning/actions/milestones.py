"""Deadlines that the office closes and opens again."""

from datetime import datetime

from seminar.access.actor import Actor
from seminar.audit.models import record
from seminar.planning.models import Milestone


def close_milestone(milestone: Milestone, by: Actor, now: datetime) -> None:
    """From now on nothing late is accepted; closing twice is harmless."""
    if milestone.closed_at is None:
        milestone.closed_at, milestone.closed_by = now, by.name
        record(
            by,
            now,
            "close",
            "milestone",
            seminar_id=milestone.seminar_id,
            object_id=milestone.id,
            summary=milestone.text,
        )


def reopen_milestone(milestone: Milestone, by: Actor, now: datetime) -> None:
    if milestone.closed_at is not None:
        milestone.closed_at, milestone.closed_by = None, ""
        record(
            by,
            now,
            "reopen",
            "milestone",
            seminar_id=milestone.seminar_id,
            object_id=milestone.id,
            summary=milestone.text,
        )
