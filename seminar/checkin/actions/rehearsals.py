"""A rehearsal begins, ends, and is cleared away; whatever desks practise never meets the day (models.Rehearsal)."""

from datetime import datetime

from sqlalchemy import delete, func, select

from seminar.access.actor import Actor
from seminar.agenda.queries import sittings_of
from seminar.audit.models import record
from seminar.checkin import rules
from seminar.checkin.models import Rehearsal, RehearsalArrival, RehearsalDouble, RehearsalScan
from seminar.lib.clock import from_local, short_moment
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.planning.models import Seminar


def begin_rehearsal(seminar: Seminar, ends_at: datetime, by: Actor, now: datetime) -> Rehearsal:
    """From now on all desks practise, until `ends_at` or until somebody ends it.

    Refused while one runs, for more than six hours, and where it would reach into a sitting or the hour before it.
    """
    db.session.execute(select(Seminar.id).where(Seminar.id == seminar.id).with_for_update(key_share=True))
    for one in db.session.scalars(
        select(Rehearsal).where(Rehearsal.seminar_id == seminar.id, Rehearsal.ended_at.is_(None))
    ):
        if one.ends_at > now:
            raise Refused("A rehearsal runs already, until %(time)s.", time=short_moment(one.ends_at))
        one.ended_at = one.ends_at
    db.session.flush()
    rules.require_rehearsable(_sittings(seminar), now, ends_at)
    rehearsal = Rehearsal(seminar_id=seminar.id, began_at=now, began_by=by.name[:200], ends_at=ends_at)
    db.session.add(rehearsal)
    db.session.flush()
    record(
        by,
        now,
        "begin",
        "rehearsal",
        seminar_id=seminar.id,
        object_id=rehearsal.id,
        summary=f"đến {short_moment(ends_at)}",
    )
    return rehearsal


def _sittings(seminar: Seminar) -> list[rules.Period]:
    """When people really come; without a programme, the hours of the plan."""
    periods = [(sitting.starts_at, sitting.ends_at) for sitting in sittings_of(seminar.id)]
    if periods or seminar.held_on is None or seminar.starts_at is None:
        return periods
    begin = from_local(seminar.held_on, seminar.starts_at.hour, seminar.starts_at.minute)
    last = seminar.ends_at
    return [(begin, from_local(seminar.held_on, last.hour, last.minute) if last else begin + rules.REHEARSAL_MOST)]


def end_rehearsal(rehearsal: Rehearsal | None, by: Actor, now: datetime) -> None:
    """Desks work for the day again. Without one that runs there is nothing to end."""
    if rehearsal is None or rehearsal.ended_at is not None:
        return
    rehearsal.ended_at, rehearsal.ended_by = now, by.name[:200]
    record(by, now, "end", "rehearsal", seminar_id=rehearsal.seminar_id, object_id=rehearsal.id)


def clear_rehearsals(seminar: Seminar, by: Actor, now: datetime) -> int:
    """Removes all that was scanned in rehearsals, and only that; the number of scans.

    When the rehearsals were stays known: a desk that hands in its practice later must not hand it in to the day.
    """
    count = db.session.scalar(select(func.count(RehearsalScan.id)).where(RehearsalScan.seminar_id == seminar.id)) or 0
    for model in (RehearsalDouble, RehearsalArrival, RehearsalScan):
        db.session.execute(delete(model).where(model.seminar_id == seminar.id))
    if count:
        record(by, now, "clear", "rehearsal", seminar_id=seminar.id, summary=f"{count} lượt quét diễn tập")
    return count
