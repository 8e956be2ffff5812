"""Scans that opened no door: unknown codes, withdrawn ones, those of another seminar; what is kept of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import aliased

from seminar.checkin.models import Arrival, Desk, Scan, ScanKind, Verdict
from seminar.delegates.models import Delegate
from seminar.delegates.queries import holds
from seminar.lib import codes
from seminar.lib.database import db
from seminar.lib.text import clean, fold
from seminar.planning.models import Seminar

REFUSED = (Verdict.UNKNOWN, Verdict.REVOKED, Verdict.OTHER_SEMINAR)
SHOWN = 50


@dataclass(frozen=True)
class RefusalsWanted:
    """Filters of the page; `search` is a code, a part of one, or a name."""

    verdict: Verdict | None = None
    desk_id: int | None = None
    search: str = ""


def refusal_counts(seminar: Seminar) -> dict[Verdict, int]:
    rows = db.session.execute(_refusals(seminar, Scan.verdict, func.count()).group_by(Scan.verdict))
    counts = {Verdict(verdict): count for verdict, count in rows}
    return {verdict: counts.get(verdict, 0) for verdict in REFUSED}


def _refusals(seminar: Seminar, *columns: Any) -> Select[Any]:
    return select(*columns).where(Scan.seminar_id == seminar.id, Scan.verdict.in_(REFUSED), Scan.kind != ScanKind.ANNUL)


def _matching(seminar: Seminar, wanted: RefusalsWanted, *columns: Any) -> Select[Any]:
    query = _refusals(seminar, *columns).outerjoin(Delegate, Delegate.id == Scan.delegate_id)
    if wanted.verdict is not None:
        query = query.where(Scan.verdict == wanted.verdict)
    if wanted.desk_id is not None:
        query = query.where(Scan.desk_id == wanted.desk_id)
    digits = "".join(one for one in wanted.search if one in "0123456789")
    if len(digits) >= 4:
        text = codes.digest(digits) if len(digits) == codes.LINK_DIGITS else ""
        query = query.where(or_(Scan.payload_digits.contains(digits), Scan.payload_sha256 == text))
    elif clean(wanted.search):
        for word in fold(wanted.search).split():
            query = query.where(holds(word))
    return query


def refusals(seminar: Seminar, wanted: RefusalsWanted, page: int) -> tuple[int, Sequence[Any]]:
    """(how many, the rows of one page, the latest first); a row tells whose code it was and when that person came."""
    total = db.session.scalar(_matching(seminar, wanted, func.count(Scan.id))) or 0
    came = (
        select(func.min(Arrival.arrived_at))
        .where(Arrival.delegate_id == Scan.delegate_id)
        .correlate(Scan)
        .scalar_subquery()
    )
    desk = aliased(Desk)
    query = (
        _matching(
            seminar,
            wanted,
            Scan.id,
            Scan.corrected_at.label("at"),
            desk.name.label("desk"),
            Scan.verdict,
            Scan.source,
            Scan.payload_length,
            Scan.payload_digits,
            Delegate.id.label("delegate_id"),
            Delegate.number,
            Delegate.name,
            came.label("came_at"),
        )
        .join(desk, desk.id == Scan.desk_id)
        .order_by(Scan.corrected_at.desc(), Scan.id)
        .limit(SHOWN)
        .offset((page - 1) * SHOWN)
    )
    return total, db.session.execute(query).all()
