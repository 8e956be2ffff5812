"""A shift of a sitting, done as it was shown before."""

from datetime import datetime

from seminar.access.actor import Actor
from seminar.agenda import queries, rules
from seminar.agenda.actions.programme import hold, keep_beginning, renumber
from seminar.agenda.models import Item, ItemKind, Sitting
from seminar.audit.models import record
from seminar.lib.clock import local
from seminar.lib.database import db
from seminar.lib.errors import N_, Refused
from seminar.lib.text import clean


class Outdated(Refused):
    """Somebody else changed the sitting since the shift was shown; nothing was done."""

    def __init__(self) -> None:
        super().__init__(
            N_("Meanwhile somebody else changed this sitting. Nothing was done: look at both and confirm again.")
        )


def checked(sitting: Sitting, seen: rules.Seen, shift: rules.Shift) -> rules.Seen:
    """The sitting as it would be; refuses what no sitting can be, and another plan for what has begun."""
    if shift.later_minutes:
        keep_beginning(sitting)
    begun = queries.begun_items(sitting)
    wrong = next((row for row in seen.rows if row.id in begun & {*(shift.minutes or {}), *shift.fit}), None)
    if wrong is not None:
        raise Refused(
            "“%(title)s” has begun: its planned minutes stay, so that the delay is told honestly.", title=wrong.title
        )
    if shift.minutes and any(not 0 <= minutes <= rules.LONGEST_MINUTES for minutes in shift.minutes.values()):
        raise Refused("Write the minutes as a whole number from 0 to 600.")
    after = rules.shifted(seen, shift)
    if after.ends_at <= after.starts_at:
        raise Refused("The sitting must end after it begins.")
    if local(after.starts_at).date() != local(after.ends_at).date():
        raise Refused("The sitting would go past midnight. Give it another day on its own page.")
    return after


def shift_sitting(sitting: Sitting, seen: rules.Seen, shift: rules.Shift, by: Actor, now: datetime) -> Item | None:
    """Does the shift as it was shown, for the sitting as it was `seen`; returns the item put in, if one was.

    Raises Outdated where the sitting is no longer so. No item is lost: each keeps its id and its place.
    """
    hold(sitting)
    if not rules.same_times(rules.seen(sitting.starts_at, sitting.ends_at, sitting.items), seen):
        raise Outdated
    after = checked(sitting, seen, shift)
    before = {
        "starts_at": sitting.starts_at.isoformat(),
        "ends_at": sitting.ends_at.isoformat(),
        "minutes": {str(row.id): row.minutes for row in seen.rows},
    }
    sitting.starts_at, sitting.ends_at = after.starts_at, after.ends_at
    by_id = {item.id: item for item in sitting.items}
    order, added = [], None
    for row in after.rows:
        if row.id == rules.NEW:
            added = Item(position=0, kind=ItemKind.OTHER, title=clean(row.title), minutes=row.minutes, sitting=sitting)
            db.session.add(added)
            order.append(added)
        else:
            by_id[row.id].minutes = row.minutes
            order.append(by_id[row.id])
    renumber(order)
    db.session.flush()
    record(
        by,
        now,
        "change",
        "sitting",
        seminar_id=sitting.seminar_id,
        object_id=sitting.id,
        summary=sitting.name,
        before=before,
        minutes={str(item.id): item.minutes for item in order},
    )
    return added
