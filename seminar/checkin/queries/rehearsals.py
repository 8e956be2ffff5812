"""When the desks only practise."""

from datetime import datetime

from sqlalchemy import select

from seminar.checkin.models import Rehearsal
from seminar.lib.database import db


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
