"""The figures of the summary of the delegates: one row for each person, by the conditions of answers and of arrivals."""

from typing import Any

from sqlalchemy import and_, func, select

from seminar.checkin.queries import Absence, Presence, absence_of, is_in_state, is_proxy
from seminar.delegates.models import Delegate, Membership
from seminar.delegates.queries import NO_UNIT, Wanted
from seminar.delegates.queries import matching as on_the_list
from seminar.invitations.queries import State, condition, membership_counts
from seminar.lib.database import db
from seminar.planning.models import Group, Seminar, Unit
from seminar.planning.queries import units_on
from seminar.reports.queries.people import Who, matching, year_of
from seminar.reports.rules.credentials import Person, Summary, summed_up

STATES = (
    State.INVITED,
    State.ATTENDING,
    State.PROXIED,
    State.DECLINED,
    State.EXCUSED,
    State.UNEXCUSED,
    State.NO_ANSWER,
    State.NO_INVITATION,
)
WHO: dict[str, dict[str, Any]] = {
    "listed": {},
    "invited": {"state": (State.INVITED,)},
    "attending": {"state": (State.ATTENDING,)},
    "proxied": {"state": (State.PROXIED,)},
    "excused": {"state": (State.EXCUSED,)},
    "unexcused": {"state": (State.UNEXCUSED,)},
    "no_answer": {"state": (State.NO_ANSWER,)},
    "arrived": {"presence": Presence.ARRIVED},
    "proxies": {"instead": True},
    "proxy_arrived": {"presence": Presence.ARRIVED, "state": (State.PROXIED,)},
    "absent": {"presence": Presence.ABSENT},
    **{f"absent_{one}": {"absence": one} for one in Absence},
}
"""Whom each count of rules/credentials.py opens."""


def summary(seminar: Seminar) -> Summary:
    """All counts, in one statement whatever the numbers."""
    memberships = (
        select(func.count(Membership.id))
        .where(Membership.delegate_id == Delegate.id)
        .correlate(Delegate)
        .scalar_subquery()
    )
    query = (
        on_the_list(seminar, Wanted())
        .join(Membership, and_(Membership.delegate_id == Delegate.id, Membership.is_primary))
        .join(Group, Group.id == Membership.group_id)
        .with_only_columns(
            Group.code,
            Group.audience,
            Delegate.unit_id,
            Delegate.gender,
            Delegate.birth_year,
            Delegate.position,
            memberships,
            is_in_state(Presence.ARRIVED),
            absence_of(),
            is_proxy(),
            *(condition(state) for state in STATES),
        )
    )
    people = [
        Person(
            group=code,
            audience=audience,
            unit_id=unit_id,
            gender=gender,
            birth_year=birth_year,
            membership_count=count,
            states=frozenset(state.value for state, is_in in zip(STATES, said, strict=True) if is_in),
            came=bool(came),
            absence=absence,
            is_proxy=bool(proxy),
            has_position=bool(position),
        )
        for code, audience, unit_id, gender, birth_year, position, count, came, absence, proxy, *said in db.session.execute(
            query
        )
    ]
    return summed_up(people, year_of(seminar))


def people_address(seminar: Seminar, **who: Any) -> str:
    query = Who(**who).to_query()
    return f"/seminars/{seminar.slug}/credentials/people{'?' if query else ''}{query}"


def memberships_by_group(seminar: Seminar) -> dict[int, int]:
    """How many belong to a group, as their primary one or a further one ("lượt"), by the group's id."""
    found: dict[int, int] = {}
    for (group_id, _unit, _primary), counts in membership_counts(seminar, ()).items():
        found[group_id] = found.get(group_id, 0) + counts.total
    return found


def born_in(seminar: Seminar, year: int, most: int, *, of_those_present: bool) -> list[Delegate]:
    """Those born in the year of the youngest or of the oldest, by name; at most so many."""
    who = Who(birth_year=year, presence=Presence.ARRIVED if of_those_present else "")
    query = matching(seminar, who).order_by(Delegate.sort_key, Delegate.number).limit(most)
    return list(db.session.scalars(query))


def units_of(seminar: Seminar) -> list[Unit]:
    """Units that exist on the day of the seminar, and older ones that have delegates."""
    there = units_on(seminar.held_on)
    known = {unit.id for unit in there}
    used = (
        on_the_list(seminar, Wanted())
        .where(Delegate.unit_id.is_not(None), Delegate.unit_id.not_in(known))
        .with_only_columns(Delegate.unit_id)
    )
    return [*there, *db.session.scalars(select(Unit).where(Unit.id.in_(used)).order_by(Unit.position))]


__all__ = ["NO_UNIT", "WHO", "born_in", "memberships_by_group", "people_address", "summary", "units_of"]
