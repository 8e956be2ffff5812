"""Who presided, who came, who did not and why: what minutes and report say of the people, by the records of the desk."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, select

from seminar.checkin.queries import (
    Absence,
    ArrivalCounts,
    Presence,
    absence_counts,
    absence_of,
    arrival_counts,
    with_presence,
)
from seminar.checkin.queries.walk_ins import proxies_of_desks
from seminar.delegates.models import Delegate, Membership
from seminar.invitations.models import Invitation, Proxy, Rsvp
from seminar.invitations.queries import State, with_state
from seminar.lib.database import db
from seminar.lib.text import fold
from seminar.minutes.rules import printed
from seminar.planning.models import Audience, Group, Seminar


def chairs_and_secretaries(seminar: Seminar) -> tuple[list[Delegate], list[Delegate]]:
    """Members of the groups named so who came, in protocol order; an absent person did not preside."""
    query: Any = (
        select(Delegate, Group.name)
        .join(Membership, Membership.delegate_id == Delegate.id)
        .join(Group, Group.id == Membership.group_id)
        .where(Group.seminar_id == seminar.id, Delegate.removed_at.is_(None))
        .order_by(Group.protocol_rank, Delegate.sort_key, Delegate.id)
    )
    members = db.session.execute(with_presence(query, Presence.ARRIVED)).all()

    def named(word: str) -> list[Delegate]:
        return list(dict.fromkeys(delegate for delegate, group in members if word in fold(group)))

    return named("chu tri"), named("thu ky")


def absent_with_notice(seminar: Seminar) -> list[tuple[Delegate, str]]:
    """Who answered that they cannot come, and neither came nor sent anybody, with the reason given."""
    latest = select(func.max(Rsvp.id)).where(Rsvp.delegate_id == Delegate.id).correlate(Delegate).scalar_subquery()
    query: Any = (
        select(Delegate, Rsvp.reason)
        .join(Rsvp, Rsvp.id == latest)
        .where(Delegate.seminar_id == seminar.id, Delegate.removed_at.is_(None))
        .where(absence_of().in_([Absence.EXCUSED.value, Absence.UNEXCUSED.value]))
        .order_by(Delegate.sort_key, Delegate.id)
    )
    return [(row[0], row[1]) for row in db.session.execute(query)]


def proxies_who_came(seminar: Seminar) -> list[tuple[Delegate, Proxy]]:
    """Approved proxies in the hall, each with the delegate in whose place they came; both names are told."""
    query: Any = (
        select(Delegate, Proxy)
        .join(Invitation, and_(Invitation.delegate_id == Delegate.id, Invitation.revoked_at.is_(None)))
        .join(Proxy, Proxy.id == Invitation.proxy_id)
        .where(Delegate.seminar_id == seminar.id, Delegate.removed_at.is_(None))
        .order_by(Delegate.sort_key, Delegate.id)
    )
    rows = db.session.execute(with_presence(with_state(query, State.PROXIED), Presence.ARRIVED))
    return [(row[0], row[1]) for row in rows]


@dataclass(frozen=True)
class RollCall:
    """Who came and who did not, as the minutes count them: in people, each by their primary group."""

    by_audience: dict[Audience, tuple[int, int]]
    """(came, on the list) of the groups of guests, of summoned delegates, of those without a group."""
    arrived: int
    absent: int
    absences: dict[Absence, int]
    """Of the absent, each counted once."""
    excused: list[tuple[Delegate, str]]
    """Those of them who said so, with the reason given."""
    proxies: list[tuple[str, Delegate]]
    """(who came, as printed; in whose place): by an approved request, or by the word of a desk."""


def roll_call(seminar: Seminar) -> RollCall:
    counts = arrival_counts(seminar)
    return RollCall(
        by_audience={audience: _of_audience(seminar, counts, audience) for audience in Audience},
        arrived=counts.whole[Presence.ARRIVED],
        absent=counts.whole[Presence.ABSENT],
        absences=absence_counts(seminar),
        excused=absent_with_notice(seminar),
        proxies=[
            *((printed(proxy.name, proxy.position, ""), one) for one, proxy in proxies_who_came(seminar)),
            *((printed(proxy.name, proxy.position, proxy.body), one) for one, proxy in proxies_of_desks(seminar)),
        ],
    )


def _of_audience(seminar: Seminar, counts: ArrivalCounts, audience: Audience) -> tuple[int, int]:
    codes = {group.code for group in seminar.groups if group.audience == audience}
    lines = [line for line in counts.by_group if line.key in codes]
    return sum(line[Presence.ARRIVED] for line in lines), sum(line.total for line in lines)
