"""When the desks only practise."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, case, select

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


def rehearsal_times(connection: Connection, seminar_ids: Collection[int]) -> dict[int, list[tuple[datetime, datetime]]]:
    """(began, ended) of all rehearsals by seminar; one that runs ends when it would end by itself."""
    ended = case((Rehearsal.ended_at < Rehearsal.ends_at, Rehearsal.ended_at), else_=Rehearsal.ends_at)
    times: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    for row in connection.execute(
        select(Rehearsal.seminar_id, Rehearsal.began_at, ended).where(Rehearsal.seminar_id.in_(seminar_ids))
    ):
        times[row[0]].append((row[1], row[2]))
    return times
