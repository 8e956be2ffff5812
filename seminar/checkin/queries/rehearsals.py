"""When the desks only practise."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from seminar.checkin.models import Desk, Rehearsal, RehearsalArrival, RehearsalDouble, RehearsalScan, ScanKind, Verdict
from seminar.delegates.models import Delegate, Membership
from seminar.lib.database import db
from seminar.planning.models import Group, Seminar


def rehearsal_now(seminar_id: int, now: datetime) -> Rehearsal | None:
    """The rehearsal that runs: begun, not ended by anybody, nor by itself."""
    return db.session.scalar(
        select(Rehearsal).where(
            Rehearsal.seminar_id == seminar_id,
            Rehearsal.ended_at.is_(None),
            Rehearsal.began_at <= now,
            Rehearsal.ends_at > now,
        )
    )


def periods_of(seminar_id: int) -> list[tuple[datetime, datetime]]:
    """When it was practised and is being practised: (beginning, end)."""
    query = select(Rehearsal.began_at, Rehearsal.ended_at, Rehearsal.ends_at).where(Rehearsal.seminar_id == seminar_id)
    return [(began_at, min(ended_at or ends_at, ends_at)) for began_at, ended_at, ends_at in db.session.execute(query)]


def rehearsal_of(slug: str, now: datetime) -> Rehearsal | None:
    """The one that runs in the seminar of the address."""
    seminar_id = db.session.scalar(select(Seminar.id).where(Seminar.slug == slug))
    return rehearsal_now(seminar_id, now) if seminar_id is not None else None


@dataclass(frozen=True)
class Pace:
    """How one desk practised: its scans, the seconds from one to the next in the middle, most in one minute."""

    desk: str
    count: int
    seconds: float | None
    busiest: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True)
class Practice:
    """What was practised and is not cleared yet."""

    scans: int
    people: int
    by_group: Sequence[tuple[str, int, int]]
    """(group, on the list, came)"""
    by_desk: Sequence[Pace]
    by_verdict: Sequence[tuple[Verdict, int]]
    doubles: Sequence[Any]


def practice_of(seminar: Seminar) -> Practice:
    scan = RehearsalScan
    rows = db.session.execute(
        select(Desk.name, scan.corrected_at, scan.verdict, scan.kind)
        .join(Desk, Desk.id == scan.desk_id)
        .where(scan.seminar_id == seminar.id)
        .order_by(scan.corrected_at, scan.id)
    ).all()
    times: dict[str, list[datetime]] = defaultdict(list)
    for desk, at, _, kind in rows:
        if kind != ScanKind.ANNUL:
            times[desk].append(at)
    verdicts = Counter(row.verdict for row in rows)
    groups = db.session.execute(
        select(Group.name, func.count(Delegate.id), func.count(func.distinct(RehearsalArrival.delegate_id)))
        .select_from(Delegate)
        .join(Membership, and_(Membership.delegate_id == Delegate.id, Membership.is_primary))
        .join(Group, Group.id == Membership.group_id)
        .outerjoin(RehearsalArrival, RehearsalArrival.delegate_id == Delegate.id)
        .where(Delegate.seminar_id == seminar.id, Delegate.removed_at.is_(None))
        .group_by(Group.id, Group.name, Group.protocol_rank)
        .order_by(Group.protocol_rank, Group.id)
    )
    came = select(func.count(func.distinct(RehearsalArrival.delegate_id)))
    return Practice(
        scans=len(rows),
        people=db.session.scalar(came.where(RehearsalArrival.seminar_id == seminar.id)) or 0,
        by_group=[(name, total, arrived) for name, total, arrived in groups],
        by_desk=[_pace(desk, times[desk]) for desk in sorted(times)],
        by_verdict=sorted(verdicts.items(), key=lambda pair: -pair[1]),
        doubles=_doubles(seminar),
    )


def _pace(desk: str, times: list[datetime]) -> Pace:
    gaps = [(later - earlier).total_seconds() for earlier, later in zip(times, times[1:], strict=False)]
    busiest = max(Counter(at.replace(second=0, microsecond=0) for at in times).values())
    return Pace(desk, len(times), median(gaps) if gaps else None, busiest, times[0], times[-1])


def _doubles(seminar: Seminar) -> Sequence[Any]:
    """(number, name, first desk and time, second desk and time) of each double entry."""
    first, second = aliased(RehearsalScan), aliased(RehearsalScan)
    first_desk, second_desk = aliased(Desk), aliased(Desk)
    return db.session.execute(
        select(
            Delegate.number,
            Delegate.name,
            first_desk.name.label("first_desk"),
            first.corrected_at.label("first_at"),
            second_desk.name.label("second_desk"),
            second.corrected_at.label("second_at"),
        )
        .select_from(RehearsalDouble)
        .join(Delegate, Delegate.id == RehearsalDouble.delegate_id)
        .join(first, first.id == RehearsalDouble.first_scan_id)
        .join(second, second.id == RehearsalDouble.second_scan_id)
        .join(first_desk, first_desk.id == first.desk_id)
        .join(second_desk, second_desk.id == second.desk_id)
        .where(RehearsalDouble.seminar_id == seminar.id)
        .order_by(RehearsalDouble.id)
    ).all()


def rehearsals_of(seminar: Seminar, limit: int = 10) -> list[Rehearsal]:
    """The latest first."""
    query = select(Rehearsal).where(Rehearsal.seminar_id == seminar.id).order_by(Rehearsal.id.desc())
    return list(db.session.scalars(query.limit(limit)))
