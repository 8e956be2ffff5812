"""What is done with the programme on the day: sittings and items begin, end, and are taken back if it was a mistake."""

from datetime import datetime

from seminar.access.actor import Actor
from seminar.agenda import queries
from seminar.agenda.actions.programme import hold
from seminar.agenda.models import Item, Run, Sitting
from seminar.audit.models import record
from seminar.lib.database import db
from seminar.lib.errors import Refused


def begin_item(item: Item, by: Actor, now: datetime) -> Run:
    """The item is on; the one before it has ended, and the sitting has begun. Beginning twice is harmless."""
    sitting = item.sitting
    hold(sitting)
    whole = queries.sitting_run(sitting)
    if whole is None:
        whole = _begin(sitting, None, by, now)
    elif whole.ended_at is not None:
        raise Refused("The sitting has ended. Let it go on first.")
    on = queries.item_on(sitting)
    if on is not None and on.item_id == item.id:
        return on
    if on is not None:
        _end(on, by, now)
    return _begin(sitting, item, by, now)


def end_item(run: Run, by: Actor, now: datetime) -> None:
    """The item has ended and none is on (a break). Ending twice keeps the first time."""
    hold(run.sitting)
    db.session.refresh(run)
    if run.ended_at is None and run.undone_at is None:
        _end(run, by, now)


def undo_run(run: Run, by: Actor, now: datetime) -> None:
    """It was pressed by mistake: the run stays as a record, and what it had ended goes on."""
    hold(run.sitting)
    db.session.refresh(run)
    if run.item_id is None:
        raise Refused("Correct the time of the sitting instead.")
    if run.undone_at is not None:
        return
    before = queries.run_ended_by(run)
    was_on = run.ended_at is None
    run.undone_at, run.undone_by = now, by.name
    db.session.flush()
    if before is not None and was_on:
        before.ended_at, before.ended_by = None, ""
    _record(run, "undo", by, now)


def begin_sitting(sitting: Sitting, by: Actor, now: datetime) -> Run:
    """The sitting has begun, also where no item is on yet. Beginning twice keeps the first time."""
    hold(sitting)
    return queries.sitting_run(sitting) or _begin(sitting, None, by, now)


def end_sitting(sitting: Sitting, by: Actor, now: datetime) -> None:
    """The sitting has ended, and with it the item that was on. Ending twice keeps the first time."""
    hold(sitting)
    whole = queries.sitting_run(sitting)
    if whole is None:
        raise Refused("The sitting has not begun yet.")
    on = queries.item_on(sitting)
    if on is not None:
        _end(on, by, now)
    if whole.ended_at is None:
        _end(whole, by, now)


def resume_sitting(sitting: Sitting, by: Actor, now: datetime) -> None:
    """The sitting goes on although it was ended; harmless where it was not."""
    hold(sitting)
    whole = queries.sitting_run(sitting)
    if whole is not None and whole.ended_at is not None:
        whole.ended_at, whole.ended_by = None, ""
        _record(whole, "resume", by, now)


def correct_sitting_times(
    sitting: Sitting, began_at: datetime, ended_at: datetime | None, by: Actor, now: datetime
) -> None:
    """When the sitting really began and ended, to the minute, as the minutes will say."""
    if ended_at is not None and ended_at <= began_at:
        raise Refused("The sitting must end after it begins.")
    if max(began_at, ended_at or began_at) > now:
        raise Refused("This time is not yet: write when it really was.")
    hold(sitting)
    whole = queries.sitting_run(sitting) or _begin(sitting, None, by, began_at)
    before = {
        "began_at": whole.began_at.isoformat(),
        "ended_at": whole.ended_at.isoformat() if whole.ended_at else None,
    }
    whole.began_at, whole.ended_at = began_at, ended_at
    whole.ended_by = by.name if ended_at else ""
    _record(whole, "change", by, now, before=before)


def _begin(sitting: Sitting, item: Item | None, by: Actor, now: datetime) -> Run:
    run = Run(sitting=sitting, item=item, began_at=now, began_by=by.name)
    db.session.add(run)
    db.session.flush()
    _record(run, "begin", by, now)
    return run


def _end(run: Run, by: Actor, now: datetime) -> None:
    run.ended_at, run.ended_by = max(now, run.began_at), by.name
    db.session.flush()
    _record(run, "end", by, now)


def _record(run: Run, verb: str, by: Actor, now: datetime, **detail: object) -> None:
    noun, object_id = ("item", run.item_id) if run.item_id else ("sitting", run.sitting_id)
    summary = run.item.title if run.item else run.sitting.name
    record(by, now, verb, noun, seminar_id=run.sitting.seminar_id, object_id=object_id, summary=summary, **detail)
