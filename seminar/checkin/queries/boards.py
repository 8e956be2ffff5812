"""What the boards of the day show: who has just come, the important guests, who is introduced, the welcome screen."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from seminar.checkin.models import Arrival, Desk, DoubleEntry, Greeting, Scan, ScanKind, Screen
from seminar.checkin.queries.people import has_declined, people
from seminar.checkin.queries.walk_ins import refused_inside_count
from seminar.checkin.rules import LET_IN
from seminar.delegates.models import Delegate, Membership
from seminar.delegates.rules import protocol_level
from seminar.invitations.rules import addressed
from seminar.lib.database import db
from seminar.lib.text import fold, sort_key
from seminar.planning.models import Audience, Group, Seminar

JUST_IN = 10
"""How many the arrivals page shows as just come."""
RATE_OF = timedelta(minutes=5)
INTRODUCED = "introduced"
"""Where the seminar's settings keep the groups whose people are introduced by name."""


@dataclass(frozen=True)
class DeskWork:
    """What the desks left for the office: double entries, and proxies refused who are in the hall."""

    doubles: int
    refused: int

    @property
    def total(self) -> int:
        return self.doubles + self.refused


def desk_work(seminar_id: int) -> DeskWork:
    """Counts of what nobody has looked into yet, in one statement."""
    doubles = select(func.count(DoubleEntry.id)).where(
        DoubleEntry.seminar_id == seminar_id, DoubleEntry.settled_at.is_(None)
    )
    counts = select(doubles.scalar_subquery(), refused_inside_count(seminar_id).scalar_subquery())
    return DeskWork(*db.session.execute(counts).one())


@dataclass(frozen=True)
class Seen:
    """Somebody of the list as a board shows them; of a proxy the proxy's own name and position, `instead_of` the other's."""

    id: int
    number: int
    name: str
    position: str
    body: str
    instead_of: str
    group_code: str
    group_name: str
    seat: str
    alert: str
    is_met: bool
    answer: str
    has_declined: bool
    arrived_at: datetime | None
    left_at: datetime | None
    desk: str
    read_as: str
    """The name with its address and title, as it is read aloud."""
    order: tuple[Any, ...]
    """Protocol: the group's rank, the level of the own position, whoever came in person before proxies, the name."""

    @property
    def who(self) -> str:
        """Position and body in one line, the body not twice."""
        parts = [self.position] if fold(self.body) in fold(self.position) else [self.position, self.body]
        return ", ".join(part for part in parts if part)


def _shown(row: Any) -> Seen:
    name, position, body = row.name, row.position, row.body or row.unit or ""
    address = "" if row.proxy_name else row.honorific
    title = "" if row.proxy_name else row.academic_title
    level = protocol_level(position)
    if row.proxy_name:
        name, position = row.proxy_name, row.proxy_position or ""
        level = max(level, protocol_level(position))  # a proxy does not take the principal's rank (domain.md 2.9)
    return Seen(
        id=row.id,
        number=row.number,
        name=name,
        position=position,
        body=body,
        instead_of=row.name if row.proxy_name else "",
        group_code=row.group_code,
        group_name=row.group_name,
        seat=row.seat,
        alert=row.alert,
        is_met=row.is_met,
        answer=row.answer or "",
        has_declined=has_declined(row),
        arrived_at=row.arrived_at,
        left_at=row.left_at,
        desk=row.desk or "",
        read_as=addressed(address, title, name),
        order=(row.rank, row.group_code, level, bool(row.proxy_name), sort_key(name), row.number),
    )


def _everybody(seminar_id: int, sitting_id: int | None) -> Select[*tuple[Any, ...]]:
    """Everybody on the list, with the arrival in the sitting where there is one; without a programme in the whole."""
    arrived = Arrival.delegate_id == Delegate.id
    if sitting_id is not None:
        arrived = and_(arrived, Arrival.sitting_id == sitting_id)
    return (
        people()
        .add_columns(
            Delegate.honorific,
            Delegate.academic_title,
            Arrival.arrived_at,
            Arrival.left_at,
            Desk.name.label("desk"),
        )
        .outerjoin(Arrival, arrived)
        .outerjoin(Desk, Desk.id == Arrival.desk_id)
        .where(Delegate.seminar_id == seminar_id, Delegate.removed_at.is_(None))
    )


# --- just come


def just_arrived(
    seminar_id: int, sitting_id: int | None, count: int = JUST_IN, groups: Collection[str] | None = None
) -> list[Seen]:
    """The last that came, newest first; of the groups alone, where these are said."""
    query = _everybody(seminar_id, sitting_id).where(Arrival.id.is_not(None))
    if groups is not None:
        query = query.where(Group.code.in_(groups))
    query = query.order_by(Arrival.arrived_at.desc(), Arrival.id.desc()).limit(count)
    return [_shown(row) for row in db.session.execute(query)]


def arrived_since(seminar_id: int, sitting_id: int | None, moment: datetime) -> int:
    """How many people came since the moment, each counted once."""
    query = (
        select(func.count(func.distinct(Arrival.delegate_id)))
        .join(Delegate, Delegate.id == Arrival.delegate_id)
        .where(Arrival.seminar_id == seminar_id, Arrival.arrived_at >= moment, Delegate.removed_at.is_(None))
    )
    if sitting_id is not None:
        query = query.where(Arrival.sitting_id == sitting_id)
    return db.session.scalar(query) or 0


def last_change(seminar_id: int, sitting_id: int | None) -> datetime | None:
    """When somebody last came or went: from then on a desk's older list lacks it."""
    query = select(func.max(Arrival.arrived_at), func.max(Arrival.left_at)).where(Arrival.seminar_id == seminar_id)
    if sitting_id is not None:
        query = query.where(Arrival.sitting_id == sitting_id)
    return max((moment for moment in db.session.execute(query).one() if moment), default=None)


# --- important guests


@dataclass(frozen=True)
class Guests:
    """The important ones by what is to be done about them; `greetings` by the delegate's id."""

    to_meet: list[Seen]
    met: list[Seen]
    expected: list[Seen]
    left: list[Seen]
    greetings: dict[int, Greeting]

    @property
    def total(self) -> int:
        return len(self.to_meet) + len(self.met) + len(self.expected) + len(self.left)


def important_guests(seminar_id: int, sitting_id: int | None) -> Guests:
    """Members of groups that are met, and whoever carries an alert; two statements whatever the number."""
    any_of_theirs, group = aliased(Membership), aliased(Group)
    is_met = exists(
        select(any_of_theirs.id)
        .join(group, group.id == any_of_theirs.group_id)
        .where(any_of_theirs.delegate_id == Delegate.id, any_of_theirs.ended_at.is_(None), group.is_met)
    )
    query = _everybody(seminar_id, sitting_id).where(or_(is_met, Delegate.alert != ""))
    seen = [_shown(row) for row in db.session.execute(query)]
    standing = select(Greeting).where(Greeting.seminar_id == seminar_id, Greeting.withdrawn_at.is_(None))
    greetings = {greeting.delegate_id: greeting for greeting in db.session.scalars(standing)}
    came = sorted((one for one in seen if one.arrived_at), key=lambda one: (one.arrived_at, one.id), reverse=True)
    inside = [one for one in came if not one.left_at]
    awaited = (one for one in seen if not one.arrived_at)
    return Guests(
        to_meet=[one for one in inside if one.id not in greetings],
        met=[one for one in inside if one.id in greetings],
        expected=sorted(awaited, key=lambda one: (one.has_declined, one.order)),
        left=[one for one in came if one.left_at],
        greetings=greetings,
    )


# --- introductions


@dataclass(frozen=True)
class Introduced:
    """One group of the MC's list: its people by name, or their count alone."""

    code: str
    name: str
    people: list[Seen]
    is_by_name: bool


def introduced_by_name(seminar: Seminar, groups: Sequence[Group]) -> list[str]:
    """Codes of the groups whose people are read out one by one. Where the office has chosen none: guests, and the
    organisers who stand before all that are summoned, such as the chairs.
    """
    chosen = seminar.settings.get(INTRODUCED)
    if chosen is not None:
        return [group.code for group in groups if group.code in chosen]
    ranks = [group.protocol_rank for group in groups if group.audience == Audience.SUMMONED]
    return [
        group.code
        for group in groups
        if group.audience == Audience.GUEST
        or (group.audience == Audience.ORGANISER and ranks and group.protocol_rank < min(ranks))
    ]


def introductions(
    seminar_id: int, sitting_id: int | None, by_name: Collection[str], since: datetime | None = None
) -> list[Introduced]:
    """Those in the hall in protocol order, by primary group; with `since` only those of whom the server learnt since then
    that they were let in, whatever the time on their desk's clock: they are not on the paper printed before.
    """
    query = _everybody(seminar_id, sitting_id).where(Arrival.id.is_not(None), Arrival.left_at.is_(None))
    if since is not None:
        let_in = exists().where(
            Scan.delegate_id == Delegate.id,
            Scan.kind == ScanKind.ENTRY,
            Scan.received_at >= since,
            or_(Scan.verdict.in_(LET_IN), Scan.id == Arrival.scan_id),
        )
        query = query.where(let_in)
    found: dict[str, list[Seen]] = {}
    for one in sorted((_shown(row) for row in db.session.execute(query)), key=lambda one: one.order):
        found.setdefault(one.group_code, []).append(one)
    return [Introduced(code, seen[0].group_name, seen, code in by_name) for code, seen in found.items()]


# --- the welcome screen


def screen_of(seminar: Seminar) -> Screen | None:
    return db.session.scalar(select(Screen).where(Screen.seminar_id == seminar.id, Screen.ended_at.is_(None)))


def screen_by_code(code: str) -> Screen | None:
    """The one whose address it is, ended or not."""
    return db.session.scalar(select(Screen).where(Screen.code == code))


def present_count(seminar_id: int, sitting_id: int | None) -> int:
    """People in the hall now."""
    query = (
        select(func.count(func.distinct(Arrival.delegate_id)))
        .join(Delegate, Delegate.id == Arrival.delegate_id)
        .where(Arrival.seminar_id == seminar_id, Arrival.left_at.is_(None), Delegate.removed_at.is_(None))
    )
    if sitting_id is not None:
        query = query.where(Arrival.sitting_id == sitting_id)
    return db.session.scalar(query) or 0


def named_now(arrived: Sequence[Seen], seconds: int, now: datetime) -> int | None:
    """Which of the arrived (newest first) stands large on the screen: each for so many seconds, whoever has just come first.

    As a position in the sequence; None where nobody is shown.
    """
    if not arrived:
        return None
    newest = arrived[0].arrived_at
    if newest and now - newest < timedelta(seconds=seconds):
        return 0
    return int(now.timestamp() // seconds) % len(arrived)
