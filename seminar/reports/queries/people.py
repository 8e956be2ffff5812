"""Whom a list names or a figure counts: one description, kept with a shape and said by an address, and its rows.

What is asked of answers and arrivals is asked by the conditions of their own features, never by a second definition.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Select, and_, exists, func, not_, or_, select, true

from seminar.checkin.queries import Absence, Presence, absence_of, is_in_state, is_proxy
from seminar.delegates import queries as delegates
from seminar.delegates.models import Delegate, Membership
from seminar.delegates.queries import NO_UNIT, Wanted
from seminar.invitations.queries import State, condition
from seminar.lib.database import db
from seminar.lib.numbers import whole
from seminar.planning.models import Audience, Group, Seminar
from seminar.reports.rules.credentials import BANDS, UNKNOWN, plausible, years_of

GENDERS = {"male": "Nam", "female": "Nữ"}
"""Words of addresses for what `Delegate.gender` says; `unknown` is everything else."""
KNOWN = "known"
MOST_GROUPS = 100


@dataclass(frozen=True)
class Who:
    """What a list of people is narrowed to; the words of its address are the names of the fields."""

    search: str = ""
    group: tuple[str, ...] = ()
    secondary: bool = False
    """Also those for whom one of the groups is a further one."""
    audience: str = ""
    unit: int | None = None
    state: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    """States of answers that they are not in."""
    presence: str = ""
    absence: str = ""
    """Only the absent, of this way of being absent."""
    instead: bool = False
    """Only those who came in the place of another."""
    gender: str = ""
    age: str = ""
    """Key of a band of ages, or whether it is known at all."""
    birth_year: int | None = None
    several: bool = False
    """Only those in more than one group."""
    lacks: str = ""
    """position: those of whom it is not known."""

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> "Who":
        """Of what is stored; what is unknown is as if not said."""
        unit = said.get("unit")
        return cls(
            search=str(said.get("search", ""))[:200].strip(),
            group=tuple(dict.fromkeys(str(code)[:16] for code in said.get("group", ()) if code))[:MOST_GROUPS],
            secondary=bool(said.get("secondary")),
            audience=_known(said.get("audience"), set(Audience)),
            unit=NO_UNIT if unit in ("none", NO_UNIT) else whole(str(unit)) if unit else None,
            state=tuple(dict.fromkeys(one for one in said.get("state", ()) if one in set(State))),
            without=tuple(dict.fromkeys(one for one in said.get("without", ()) if one in set(State))),
            presence=_known(said.get("presence"), set(Presence)),
            absence=_known(said.get("absence"), set(Absence)),
            instead=bool(said.get("instead")),
            gender=_known(said.get("gender"), {*GENDERS, UNKNOWN}),
            age=_known(said.get("age"), {*BANDS, KNOWN, UNKNOWN}),
            birth_year=whole(str(said.get("birth_year") or ""), 9999),
            several=bool(said.get("several")),
            lacks=_known(said.get("lacks"), {"position"}),
        )

    @classmethod
    def from_args(cls, args: Any) -> "Who":
        """Of the query of an address."""
        several = {name: args.getlist(name) for name in ("group", "state", "without")}
        return cls.of({**args.to_dict(), **several})

    def said(self, **changes: Any) -> dict[str, Any]:
        """The words by which the same is said again, stored or in an address; only what narrows."""
        wanted = replace(self, **changes)
        found = {one.name: getattr(wanted, one.name) for one in fields(wanted)}
        found["unit"] = "none" if wanted.unit == NO_UNIT else wanted.unit
        return {
            name: list(value) if isinstance(value, tuple) else int(value) if isinstance(value, bool) else value
            for name, value in found.items()
            if value
        }

    def to_query(self, **changes: Any) -> str:
        return urlencode(self.said(**changes), doseq=True)


def _known(said: object, words: Iterable[str]) -> str:
    return str(said) if said in set(words) else ""


def matching(seminar: Seminar, who: Who) -> Select[Delegate]:
    """The delegates, in no order and with nothing loaded besides."""
    query = delegates.matching(seminar, Wanted(search=who.search, audience=who.audience, unit_id=who.unit))
    if who.group:
        query = delegates.in_groups(query, who.group, secondary=who.secondary)
    for state in who.state:
        query = query.where(condition(State(state)))
    for state in who.without:
        query = query.where(not_(condition(State(state))))
    if who.presence:
        query = query.where(is_in_state(Presence(who.presence)))
    if who.absence:
        query = query.where(absence_of() == who.absence)
    if who.instead:
        query = query.where(is_proxy())
    if who.several:
        query = query.where(exists().where(Membership.delegate_id == Delegate.id, not_(Membership.is_primary)))
    if who.lacks:
        query = query.where(Delegate.position == "")
    return query.where(*_described(seminar, who))


def _described(seminar: Seminar, who: Who) -> list[Any]:
    """Gender and age. Of those who came, the proxy's are not known, and are not the delegate's."""
    came = who.presence in (Presence.ARRIVED, Presence.PRESENT, Presence.LEFT)
    is_self: Any = not_(condition(State.PROXIED)) if came else true()
    wanted = []
    if who.gender == UNKNOWN:
        wanted.append(or_(Delegate.gender.not_in(GENDERS.values()), not_(is_self)))
    elif who.gender:
        wanted.append(and_(Delegate.gender == GENDERS[who.gender], is_self))
    if who.age:
        first, last = years_of(who.age, year_of(seminar)) if who.age in BANDS else plausible(year_of(seminar))
        is_told = and_(Delegate.birth_year.is_not(None), Delegate.birth_year.between(first, last), is_self)
        wanted.append(not_(is_told) if who.age == UNKNOWN else is_told)
    if who.birth_year:
        wanted.append(and_(Delegate.birth_year == who.birth_year, is_self))
    return wanted


def year_of(seminar: Seminar) -> int:
    """The year by which ages are told: that of the seminar, else of its entry here."""
    return (seminar.held_on or seminar.created_at).year


def memberships_of(seminar: Seminar, who: Who) -> Select[Delegate, Group]:
    """(delegate, group) for each membership of the delegates, in protocol order: counts "lượt"."""
    return (
        select(Delegate, Group)
        .join(Membership, Membership.delegate_id == Delegate.id)
        .join(Group, Group.id == Membership.group_id)
        .where(Delegate.id.in_(matching(seminar, who).with_only_columns(Delegate.id)))
        .order_by(Group.protocol_rank, Delegate.number)
    )


def count_memberships(seminar: Seminar, who: Who) -> int:
    query = memberships_of(seminar, who).order_by(None).with_only_columns(func.count())
    return db.session.scalar(query) or 0
