"""Reads of the reception: desks, the people as a desk sees them, and who is present."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import Connection, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from seminar.agenda.queries import sitting_now
from seminar.agenda.rules import sitting_at
from seminar.checkin.models import Arrival, Desk, DoubleEntry, Scan, WalkIn
from seminar.delegates.models import Delegate, Membership
from seminar.delegates.queries import holds
from seminar.invitations.models import Answer, Invitation, Proxy, Rsvp
from seminar.lib.database import db
from seminar.lib.errors import N_, Message
from seminar.lib.text import fold
from seminar.planning.models import Group, Seminar, Unit, UnitAlias

# --- desks


@dataclass(frozen=True)
class PairedDesk:
    """Who a desk's token belongs to, in plain values."""

    id: int
    name: str
    seminar_id: int
    slug: str


def desk_by_token(token_sha256: str) -> PairedDesk | None:
    """The desk of a token; None where it is unknown or revoked."""
    row = db.session.execute(
        select(Desk.id, Desk.name, Desk.seminar_id, Seminar.slug)
        .join(Seminar, Seminar.id == Desk.seminar_id)
        .where(Desk.token_sha256 == token_sha256, Desk.revoked_at.is_(None))
    ).first()
    return PairedDesk(*row) if row else None


def desks_of(seminar: Seminar) -> list[Desk]:
    """Those in use first, by name."""
    order = (Desk.revoked_at.is_not(None), Desk.name, Desk.id)
    return list(db.session.scalars(select(Desk).where(Desk.seminar_id == seminar.id).order_by(*order)))


def desk_or_404(seminar: Seminar, desk_id: int) -> Desk:
    return db.first_or_404(select(Desk).where(Desk.id == desk_id, Desk.seminar_id == seminar.id))


def doubles_to_settle(seminar: Seminar) -> list[DoubleEntry]:
    """The open ones, with both scans and their desks."""
    first, second = aliased(Scan), aliased(Scan)
    return list(
        db.session.scalars(
            select(DoubleEntry)
            .join(DoubleEntry.first.of_type(first))
            .join(DoubleEntry.second.of_type(second))
            .where(DoubleEntry.seminar_id == seminar.id, DoubleEntry.settled_at.is_(None))
            .options(
                joinedload(DoubleEntry.delegate),
                contains_eager(DoubleEntry.first.of_type(first)).joinedload(first.desk),
                contains_eager(DoubleEntry.second.of_type(second)).joinedload(second.desk),
            )
            .order_by(DoubleEntry.id)
        )
    )


def double_or_404(seminar: Seminar, double_id: int) -> DoubleEntry:
    return db.first_or_404(select(DoubleEntry).where(DoubleEntry.id == double_id, DoubleEntry.seminar_id == seminar.id))


# --- the people as a desk sees them


def people() -> Select[*tuple[Any, ...]]:
    """One row per delegate with what a desk may know: no telephone, no e-mail, no code in clear."""
    latest = select(func.max(Rsvp.id)).where(Rsvp.delegate_id == Delegate.id).correlate(Delegate).scalar_subquery()
    return (
        select(
            Delegate.id,
            Delegate.seminar_id,
            Delegate.number,
            Delegate.name,
            Delegate.name_folded,
            Delegate.position,
            Delegate.body,
            Delegate.seat,
            Delegate.alert,
            Delegate.removed_at,
            Unit.name.label("unit"),
            Delegate.unit_id,
            Group.code.label("group_code"),
            Group.name.label("group_name"),
            Group.protocol_rank.label("rank"),
            Group.is_met,
            Invitation.code_sha256,
            Rsvp.answer,
            Proxy.name.label("proxy_name"),
            Proxy.position.label("proxy_position"),
        )
        .join(Membership, and_(Membership.delegate_id == Delegate.id, Membership.is_primary))
        .join(Group, Group.id == Membership.group_id)
        .outerjoin(Unit, Unit.id == Delegate.unit_id)
        .outerjoin(Invitation, and_(Invitation.delegate_id == Delegate.id, Invitation.revoked_at.is_(None)))
        .outerjoin(Proxy, Proxy.id == Invitation.proxy_id)
        .outerjoin(Rsvp, Rsvp.id == latest)
    )


def has_declined(person: Any) -> bool:
    """The answer stands for the person invited, not for an approved proxy."""
    return person.answer == Answer.DECLINED and person.proxy_name is None


def alert_of(person: Any) -> Message | str:
    if person.alert:
        return person.alert
    return Message("Tell the reception party: somebody must meet this delegate.") if person.is_met else ""


def as_entry(person: Any) -> dict[str, Any]:
    """The person in JSON; `alert` may still be a Message, to be said in the reader's language."""
    return {
        "id": person.id,
        "number": person.number,
        "name": person.name,
        "position": person.position,
        "unit": person.body or person.unit or "",
        "group": person.group_name,
        "group_code": person.group_code,
        "rank": person.rank,
        "seat": person.seat,
        "alert": alert_of(person),
        "answer": person.answer,
        "proxy": {"name": person.proxy_name, "position": person.proxy_position} if person.proxy_name else None,
    }


def bearer(person: dict[str, Any] | None) -> str:
    """Who stands at the desk: the proxy, where one comes instead, else the delegate; "" for nobody known."""
    if person is None:
        return ""
    return person["proxy"]["name"] if person["proxy"] else person["name"]


SEARCH_SHOWS = 8


def people_named(seminar_id: int, words: Sequence[str]) -> list[Any]:
    """At most eight whose name, unit (by any of its names) or position holds every folded word, in the order of names."""
    query = people().where(Delegate.seminar_id == seminar_id, Delegate.removed_at.is_(None))
    for word in words:
        query = query.where(holds(word))
    return list(db.session.execute(query.order_by(Delegate.sort_key, Delegate.id).limit(SEARCH_SHOWS)))


@dataclass(frozen=True)
class Counts:
    """People of the list, of them those who came to the sitting, are in now, and went out again."""

    delegates: int
    arrived: int
    present: int
    left: int

    def as_dict(self) -> dict[str, int]:
        return {"delegates": self.delegates, "arrived": self.arrived, "present": self.present, "left": self.left}


def in_sitting(sitting_id: int | None) -> Any:
    return Arrival.sitting_id.is_(None) if sitting_id is None else Arrival.sitting_id == sitting_id


def counts_of(connection: Connection, seminar_id: int, sitting_id: int | None) -> Counts:
    listed = (
        select(func.count(Delegate.id))
        .where(Delegate.seminar_id == seminar_id, Delegate.removed_at.is_(None))
        .scalar_subquery()
    )
    row = connection.execute(
        select(listed, func.count(Arrival.id), func.count(Arrival.left_at))
        .join(Delegate, Delegate.id == Arrival.delegate_id)
        .where(Arrival.seminar_id == seminar_id, in_sitting(sitting_id), Delegate.removed_at.is_(None))
    ).one()
    total, arrived, left = row
    return Counts(total or 0, arrived, arrived - left, left)


def sitting_of_scan(sittings: Sequence[Any], moment: datetime) -> int | None:
    """Id of the sitting a scan belongs to if it names none; None where there is no programme."""
    found = sitting_at([(sitting.starts_at, sitting.ends_at) for sitting in sittings], moment)
    return None if found is None else sittings[found].id


def roster(desk: PairedDesk, now: datetime, say: Any) -> dict[str, Any]:
    """All that a desk needs to work by itself; `revision` changes when anything in it does."""
    sitting = sitting_now(desk.seminar_id, now)
    sitting_id = sitting.id if sitting else None
    here = and_(Arrival.delegate_id == Delegate.id, in_sitting(sitting_id))
    rows = db.session.execute(
        people()
        .add_columns(Delegate.folded, Arrival.arrived_at, Arrival.left_at, Desk.name.label("arrived_desk"))
        .outerjoin(Arrival, here)
        .outerjoin(Desk, Desk.id == Arrival.desk_id)
        .where(Delegate.seminar_id == desk.seminar_id, Delegate.removed_at.is_(None))
        .order_by(Delegate.number)
    )
    aliases: dict[int, list[str]] = defaultdict(list)
    for alias in db.session.scalars(select(UnitAlias).order_by(UnitAlias.folded)):
        aliases[alias.unit_id].append(alias.folded)
    delegates = []
    for row in rows:
        entry = as_entry(row)
        entry["alert"] = say(entry["alert"]) if entry["alert"] else ""
        entry["code_sha256"] = row.code_sha256
        entry["folded"] = searchable(row, aliases.get(row.unit_id, ()))
        entry["arrived_at"] = row.arrived_at.isoformat() if row.arrived_at else None
        entry["arrived_desk"] = row.arrived_desk
        entry["left_at"] = row.left_at.isoformat() if row.left_at else None
        delegates.append(entry)
    revoked = db.session.scalars(
        select(Invitation.code_sha256)
        .join(Delegate, Delegate.id == Invitation.delegate_id)
        .where(
            Delegate.seminar_id == desk.seminar_id,
            or_(Invitation.revoked_at.is_not(None), Delegate.removed_at.is_not(None)),
        )
        .order_by(Invitation.code_sha256)
    )
    content: dict[str, Any] = {
        "desk": desk.name,
        "seminar": desk.slug,
        "sitting": {"id": sitting.id, "name": sitting.name} if sitting else None,
        "delegates": delegates,
        "revoked": list(revoked),
        "counts": counts_of(db.session.connection(), desk.seminar_id, sitting_id).as_dict(),
    }
    return {"revision": hashlib.sha256(json.dumps(content).encode()).hexdigest()[:20], **content}


def searchable(person: Any, aliases: Iterable[str] = ()) -> str:
    """Folded name, unit with its other names, and position; the column also holds telephone numbers, which stay on the server."""
    parts = (person.name, person.body or person.unit or "", person.position, person.proxy_name or "")
    folded = fold(" ".join(part for part in parts if part))
    return " ".join([folded, *(alias for alias in aliases if alias not in folded)])


# --- who is present

AnySelect = TypeVar("AnySelect", bound=Select[*tuple[Any, ...]])


class Presence(StrEnum):
    """States by which arrivals are counted and listed."""

    ARRIVED = "arrived"
    PRESENT = "present"
    LEFT = "left"
    ABSENT = "absent"
    WALK_IN = "walk-in"
    DOUBLE = "double"


PRESENCE_LABELS = {
    Presence.ARRIVED: N_("came"),
    Presence.PRESENT: N_("in the hall"),
    Presence.LEFT: N_("went out"),
    Presence.ABSENT: N_("not here yet"),
    Presence.WALK_IN: N_("registered at the desk"),
    Presence.DOUBLE: N_("let in twice"),
}


def _arrival(sitting_id: int | None, *conditions: Any) -> Any:
    """That an arrival of the delegate exists, in the sitting or, without one, in any."""
    query = exists().where(Arrival.delegate_id == Delegate.id, *conditions)
    return query.where(Arrival.sitting_id == sitting_id) if sitting_id is not None else query


def is_in_state(state: Presence, sitting_id: int | None = None) -> Any:
    """The state as a condition on Delegate; the same one counts and lists, so that figures and rows agree."""
    inside = _arrival(sitting_id, Arrival.left_at.is_(None))
    return {
        Presence.ARRIVED: _arrival(sitting_id),
        Presence.PRESENT: inside,
        Presence.LEFT: and_(_arrival(sitting_id), ~inside),
        Presence.ABSENT: ~_arrival(sitting_id),
        Presence.WALK_IN: exists().where(WalkIn.delegate_id == Delegate.id),
        Presence.DOUBLE: exists().where(DoubleEntry.delegate_id == Delegate.id),
    }[state]


def with_presence(query: AnySelect, state: Presence, sitting_id: int | None = None) -> AnySelect:
    """The delegates of the query that are in the state."""
    return query.where(is_in_state(state, sitting_id))


@dataclass(frozen=True)
class Line:
    """The counts of one group or unit, or of all; `key` is the group's code or the unit's id."""

    key: str
    name: str
    total: int
    states: dict[Presence, int]

    def __getitem__(self, state: Presence) -> int:
        return self.states[state]


@dataclass(frozen=True)
class ArrivalCounts:
    whole: Line
    by_group: list[Line]
    by_unit: list[Line]


def _sums(sitting_id: int | None) -> list[Any]:
    return [func.count(Delegate.id)] + [
        func.coalesce(func.sum(case((is_in_state(state, sitting_id), 1), else_=0)), 0) for state in Presence
    ]


def _line(key: object, name: str, total: int, *counts: int) -> Line:
    return Line(str(key), name, total, {state: int(count) for state, count in zip(Presence, counts, strict=True)})


def arrival_counts(seminar: Seminar, sitting_id: int | None = None) -> ArrivalCounts:
    """People ("người") by primary group in protocol order and by unit, in three queries whatever the numbers."""
    listed = (Delegate.seminar_id == seminar.id, Delegate.removed_at.is_(None))
    whole = db.session.execute(select(*_sums(sitting_id)).where(*listed)).one()
    groups = db.session.execute(
        select(Group.code, Group.name, *_sums(sitting_id))
        .select_from(Delegate)
        .join(Membership, and_(Membership.delegate_id == Delegate.id, Membership.is_primary))
        .join(Group, Group.id == Membership.group_id)
        .where(*listed)
        .group_by(Group.id, Group.code, Group.name, Group.protocol_rank)
        .order_by(Group.protocol_rank, Group.id)
    )
    units = db.session.execute(
        select(Unit.id, Unit.name, *_sums(sitting_id))
        .select_from(Delegate)
        .join(Unit, Unit.id == Delegate.unit_id)
        .where(*listed)
        .group_by(Unit.id, Unit.name, Unit.position)
        .order_by(Unit.position, Unit.id)
    )
    return ArrivalCounts(_line("", "", *whole), [_line(*row) for row in groups], [_line(*row) for row in units])


@dataclass(frozen=True)
class Attendance:
    """What the list says of one delegate beside the name."""

    arrived_at: datetime | None = None
    left_at: datetime | None = None
    desk: str = ""
    is_walk_in: bool = False
    is_double: bool = False


def attendance_of(delegate_ids: Iterable[int], sitting_id: int | None = None) -> dict[int, Attendance]:
    """First arrival, and since when out, per delegate; of several sittings the first arrival and the last leaving."""
    ids = list(delegate_ids)
    query = (
        select(Arrival.delegate_id, Arrival.arrived_at, Arrival.left_at, Desk.name)
        .join(Desk, Desk.id == Arrival.desk_id)
        .where(Arrival.delegate_id.in_(ids))
        .order_by(Arrival.arrived_at, Arrival.id)
    )
    if sitting_id is not None:
        query = query.where(Arrival.sitting_id == sitting_id)
    came: dict[int, tuple[datetime, datetime | None, str]] = {}
    for delegate_id, arrived_at, left_at, desk in db.session.execute(query):
        if delegate_id in came:
            first, out, name = came[delegate_id]
            came[delegate_id] = first, (max(out, left_at) if out and left_at else None), name
        else:
            came[delegate_id] = arrived_at, left_at, desk
    walked = set(db.session.scalars(select(WalkIn.delegate_id).where(WalkIn.delegate_id.in_(ids))))
    double = set(db.session.scalars(select(DoubleEntry.delegate_id).where(DoubleEntry.delegate_id.in_(ids))))
    return {
        id_: Attendance(*came.get(id_, (None, None, "")), id_ in walked, id_ in double)  # type: ignore[call-arg]
        for id_ in ids
    }


# --- one scan as it was answered


@dataclass(frozen=True)
class Shown:
    """A stored scan with the person and the entry it points to, for the page that shows it again."""

    scan: Scan
    person: dict[str, Any] | None
    first_at: datetime | None
    first_desk: str
    first_desk_id: int | None
    is_annulled: bool


def shown_scan(seminar_id: int, scan_id: str) -> Shown | None:
    scan = db.session.scalar(select(Scan).where(Scan.id == scan_id, Scan.seminar_id == seminar_id))
    if scan is None:
        return None
    person = db.session.execute(people().where(Delegate.id == scan.delegate_id)).first() if scan.delegate_id else None
    first = db.session.scalar(select(Scan).where(Scan.id == scan.first_scan_id).options(joinedload(Scan.desk)))
    annulled = db.session.scalar(select(exists().where(Scan.annuls == scan.id, Scan.seminar_id == seminar_id)))
    return Shown(
        scan,
        as_entry(person) if person else None,
        first.corrected_at if first else None,
        first.desk.name if first else "",
        first.desk_id if first else None,
        bool(annulled),
    )
