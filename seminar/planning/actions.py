"""What the office does with the plan."""

from datetime import datetime

from seminar.access.actor import Actor
from seminar.audit.models import record
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.text import clean_block
from seminar.planning.models import Finding, Milestone, Seminar, Venue


def confirm_venue(seminar: Seminar, venue: Venue, by: Actor, now: datetime) -> None:
    """Settles where the seminar is held; the other candidates stay as notes. Confirming the same again is harmless."""
    if venue.confirmed_at:
        return
    for other in seminar.venues:
        other.confirmed_at, other.confirmed_by = None, ""
    db.session.flush()  # the old confirmation goes before the new one comes: one at a time in the database
    venue.confirmed_at, venue.confirmed_by = now, by.name
    record(by, now, "confirm", "venue", seminar_id=seminar.id, object_id=venue.id, summary=venue.name)


def settle_finding(finding: Finding, settlement: str, by: Actor, now: datetime) -> None:
    """Writes down how a contradiction of the plan was decided; deciding again replaces the text, the audit keeps both."""
    settlement = clean_block(settlement)
    if not settlement:
        raise Refused("Write how it was settled.")
    finding.settlement, finding.settled_at, finding.settled_by = settlement, now, by.name
    record(
        by,
        now,
        "settle",
        "finding",
        seminar_id=finding.seminar_id,
        object_id=finding.id,
        summary=finding.code,
        settlement=settlement,
    )


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
