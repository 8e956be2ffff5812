"""Double entries: two desks let the same person in, and the office finds out what happened."""

from datetime import datetime

from seminar.access.actor import Actor
from seminar.audit.models import record
from seminar.checkin.models import DoubleEntry
from seminar.lib.errors import Refused
from seminar.lib.text import clean


def settle_double(double: DoubleEntry, settlement: str, by: Actor, now: datetime) -> None:
    """Writes down what was found; a double that is settled already keeps its first settlement."""
    settlement = clean(settlement)[:500]
    if not settlement:
        raise Refused("Write what was found.")
    if double.settled_at is not None:
        return
    double.settled_at, double.settled_by, double.settlement = now, by.name, settlement
    record(
        by,
        now,
        "settle",
        "double entry",
        seminar_id=double.seminar_id,
        object_id=double.id,
        summary=double.delegate.name,
        settlement=settlement,
    )
