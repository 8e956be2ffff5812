"""Reads of the desks and of the entries that were doubled."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from seminar.checkin.models import Desk, DoubleEntry, Scan
from seminar.lib.database import db
from seminar.planning.models import Seminar


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
    """The devices, those in use first, by name; the list on paper is none."""
    order = (Desk.revoked_at.is_not(None), Desk.name, Desk.id)
    query = select(Desk).where(Desk.seminar_id == seminar.id, Desk.token_sha256 != Desk.paper_token(seminar.id))
    return list(db.session.scalars(query.order_by(*order)))


def desk_or_404(seminar: Seminar, desk_id: int) -> Desk:
    query = select(Desk).where(Desk.id == desk_id, Desk.seminar_id == seminar.id)
    return db.first_or_404(query.where(Desk.token_sha256 != Desk.paper_token(seminar.id)))


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
