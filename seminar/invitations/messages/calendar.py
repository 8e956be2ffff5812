"""The calendar entry of an invitation (RFC 5545, 5546): one UID for good, a sequence that grows, cancelled with it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from seminar.documents import rules as forms
from seminar.invitations import documents, queries, rules
from seminar.invitations.models import Invitation
from seminar.lib.clock import from_local
from seminar.lib.errors import Refused
from seminar.planning.messages import contact_of
from seminar.planning.models import Seminar

LASTS = timedelta(hours=4)
"""A seminar whose end the plan does not say: half a day in calendars."""


@dataclass(frozen=True)
class Stand:
    """How many times day, hour or place were told anew, and since when they are as they are."""

    changes: int
    told_at: datetime | None

    @classmethod
    def of(cls, seminar: Seminar) -> "Stand":
        latest = queries.latest_occasion(seminar)
        return cls(queries.change_count(seminar), latest.first_told_at if latest else None)


def calendar_ics(
    invitation: Invitation, base_url: str, *, stand: Stand | None = None, cancelled_at: datetime | None = None
) -> str:
    """One event, times in UTC. A newer entry replaces the older one instead of standing beside it; with `cancelled_at`
    it takes the event out of the calendar. Refuses while day, hour or place are open. `stand` is given by those who make many.
    """
    from icalendar import Calendar, Event, vText

    seminar = invitation.delegate.seminar
    told = queries.told_now(seminar) or queries.last_told([invitation]).get(invitation.id)
    if told is None:
        raise Refused("Day, hour or place of the seminar is not settled yet.")
    start = from_local(told.held_on, told.starts_at.hour, told.starts_at.minute)
    ends_at = seminar.ends_at
    end = from_local(told.held_on, ends_at.hour, ends_at.minute) if ends_at else start
    stand = stand or Stand.of(seminar)
    event = Event()
    event.add("uid", f"{seminar.slug}-{invitation.delegate_id}@{urlsplit(base_url).hostname or 'localhost'}")
    event.add("dtstart", start)
    event.add("dtend", end if end > start else start + LASTS)
    event.add("summary", rules.quoted_title(seminar.title))
    event.add("location", vText(told.place))
    if cancelled_at:
        event.add("sequence", rules.cancelled_sequence(invitation.id))
        event.add("dtstamp", cancelled_at)
        event.add("status", "CANCELLED")
    else:
        event.add("sequence", rules.calendar_sequence(invitation.id, stand.changes))
        event.add("dtstamp", max(invitation.issued_at, stand.told_at or invitation.issued_at))
        event.add("url", documents.personal_url(base_url, invitation.code))
    title = forms.TITLES[invitation.document.kind].capitalize()
    event.add("description", f"{title} số {invitation.document.symbol}. {contact_of(seminar)}.")
    calendar = Calendar()
    calendar.add("prodid", "-//Seminar//VI")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if cancelled_at else "PUBLISH")
    calendar.add_component(event)
    text: str = calendar.to_ical().decode()
    return text
