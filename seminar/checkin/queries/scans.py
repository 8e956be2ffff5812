"""What recording scans reads: all that a group of calls needs in few statements, each built once.

SQLAlchemy spends more on building a statement anew than SQLite on running it, so they are constants with lists to bind.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    Connection,
    Float,
    String,
    Table,
    bindparam,
    case,
    cast,
    literal_column,
    null,
    select,
    text,
    union_all,
)

from seminar.agenda.models import Sitting
from seminar.checkin.models import Desk, Rehearsal
from seminar.checkin.queries.people import people
from seminar.delegates.models import Delegate
from seminar.invitations.models import Invitation


def _some(name: str) -> Any:
    return bindparam(name, expanding=True)


# --- the seminars of the calls


@dataclass
class Ground:
    """The desks by id, and by seminar the sittings in order and the times of all rehearsals (began, ended)."""

    desks: dict[int, Any] = field(default_factory=dict)
    sittings: dict[int, list[Any]] = field(default_factory=lambda: defaultdict(list))
    rehearsals: dict[int, list[tuple[datetime, datetime]]] = field(default_factory=lambda: defaultdict(list))


def _what(word: str) -> Any:
    return literal_column(f"'{word}'", String).label("what")


_NO_NUMBER = cast(null(), Float)
_GROUND = union_all(
    select(
        _what("desk"),
        Desk.id,
        Desk.seminar_id,
        Desk.name,
        Desk.revoked_at.label("begins"),
        Desk.last_seen_at.label("ends"),
        Desk.skew_seconds.label("seconds"),
    ).where(Desk.seminar_id.in_(_some("seminars"))),
    select(
        _what("sitting"),
        Sitting.id,
        Sitting.seminar_id,
        Sitting.name,
        Sitting.starts_at,
        Sitting.ends_at,
        _NO_NUMBER,
    ).where(Sitting.seminar_id.in_(_some("seminars"))),
    select(
        _what("rehearsal"),
        Rehearsal.id,
        Rehearsal.seminar_id,
        literal_column("''", String),
        Rehearsal.began_at,
        case((Rehearsal.ended_at < Rehearsal.ends_at, Rehearsal.ended_at), else_=Rehearsal.ends_at),
        _NO_NUMBER,
    ).where(Rehearsal.seminar_id.in_(_some("seminars"))),
)


@dataclass(frozen=True, slots=True)
class GroundDesk:
    name: str
    revoked_at: datetime | None
    last_seen_at: datetime | None
    skew_seconds: float | None


@dataclass(frozen=True, slots=True)
class GroundSitting:
    id: int
    starts_at: datetime
    ends_at: datetime


def ground_of(connection: Connection, seminar_ids: Collection[int]) -> Ground:
    ground = Ground()
    for what, id_, seminar_id, name, begins, ends, seconds in connection.execute(
        _GROUND, {"seminars": list(seminar_ids)}
    ):
        if what == "desk":
            ground.desks[id_] = GroundDesk(name, begins, ends, seconds)
        elif what == "sitting":
            ground.sittings[seminar_id].append(GroundSitting(id_, begins, ends))
        else:
            ground.rehearsals[seminar_id].append((begins, ends))
    for sittings in ground.sittings.values():
        sittings.sort(key=lambda sitting: (sitting.starts_at, sitting.id))
    return ground


# --- who is meant

_MEANT = (
    select(Invitation.delegate_id)
    .where(Invitation.code_sha256.in_(_some("digests")))
    .union_all(select(Delegate.id).where(Delegate.id.in_(_some("ids"))))
)
_PEOPLE = (
    people().where(Delegate.id.in_(_MEANT)).order_by(Delegate.id).with_for_update(of=Delegate.__table__, key_share=True)
)
_OWNERS = (
    select(Invitation.code_sha256, Invitation.delegate_id, Invitation.revoked_at, Delegate.seminar_id)
    .join(Delegate, Delegate.id == Invitation.delegate_id)
    .where(Invitation.code_sha256.in_(_some("digests")))
)
_NUMBERED = select(Delegate.id, Delegate.number).where(
    Delegate.seminar_id == bindparam("seminar"), Delegate.number.in_(_some("numbers"))
)


def people_meant(connection: Connection, digests: Collection[str], ids: Collection[int]) -> list[Any]:
    """The owners of the codes (in force or not) and the people of the ids, as `people()`; PostgreSQL locks them, in the
    order of their ids, so that calls which cross each other never wait in a ring."""
    return list(connection.execute(_PEOPLE, {"digests": list(digests), "ids": list(ids)}))


def owners_of(connection: Connection, digests: Collection[str]) -> list[Any]:
    """Whose codes these are, those no longer in force too."""
    return list(connection.execute(_OWNERS, {"digests": list(digests)}))


def numbered(connection: Connection, seminar_id: int, numbers: Collection[int]) -> list[Any]:
    return list(connection.execute(_NUMBERED, {"seminar": seminar_id, "numbers": list(numbers)}))


# --- what was scanned before


@cache
def _scans_by_id(log: Table) -> Any:
    return union_all(
        select(*_needed(log)).where(log.c.id.in_(_some("ids"))),
        select(*_needed(log)).where(log.c.annuls.in_(_some("ids"))),
    )


@cache
def _scans(log: Table) -> Any:
    """Those with the ids, those that annul them, all of the people, and what annuls one of theirs but came before it."""
    told, early = _needed(log), log.alias()
    return union_all(
        select(*told).where(log.c.delegate_id.in_(_some("people"))),
        select(*told).where(log.c.id.in_(_some("ids"))),
        select(*told).where(log.c.annuls.in_(_some("ids"))),
        select(*_needed(early))
        .join_from(log, early, early.c.annuls == log.c.id)
        .where(log.c.delegate_id.in_(_some("people")), early.c.delegate_id.is_(None)),
    )


_NEEDED = (
    "id",
    "seminar_id",
    "desk_id",
    "kind",
    "delegate_id",
    "sitting_id",
    "annuls",
    "source",
    "offline",
    "corrected_at",
    "payload_sha256",
    "payload_digits",
    "verdict",
    "first_scan_id",
)


def _needed(log: Any) -> list[Any]:
    return [log.c[name] for name in _NEEDED]


def scans_by_id(connection: Connection, log: Table, ids: Collection[str]) -> list[dict[str, Any]]:
    rows = connection.execute(_scans_by_id(log), {"ids": list(ids)})
    return [dict(zip(_NEEDED, row, strict=True)) for row in rows]


def scans_around(
    connection: Connection, log: Table, ids: Collection[str], people: Collection[int]
) -> list[dict[str, Any]]:
    """Every scan that the decision on these ids of these people rests on; one may come twice."""
    rows = connection.execute(_scans(log), {"ids": list(ids), "people": list(people)})
    return [dict(zip(_NEEDED, row, strict=True)) for row in rows]


_LOCK_IDS = text("SELECT pg_advisory_xact_lock(key) FROM (SELECT unnest(CAST(:keys AS bigint[])) AS key) AS asked")


def lock_ids(connection: Connection, keys: list[int]) -> None:
    """On PostgreSQL: until the commit nobody else records scans with these keys, in the order given."""
    connection.execute(_LOCK_IDS, {"keys": keys})


# --- what follows from them


@cache
def _of_people(table: Table) -> Any:
    return select(table).where(table.c.delegate_id.in_(_some("people")))


def kept_of(connection: Connection, table: Table, people: Collection[int]) -> list[Any]:
    """The arrivals or doubles that are stored of these people."""
    return list(connection.execute(_of_people(table), {"people": list(people)}))
