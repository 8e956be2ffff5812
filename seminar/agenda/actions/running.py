"""What is done with the programme on the day: sittings and items begin, end, and are taken back if it was a mistake."""

from datetime import datetime

from seminar.access.actor import Actor
from seminar.agenda import queries
from seminar.agenda.actions.programme import hold, hold_item
from seminar.agenda.models import Item, Run, Sitting
from seminar.audit.models import record
from seminar.lib.clock import short_time
from seminar.lib.database import db
from seminar.lib.errors import Refused


def begin_item(item: Item, by: Actor, now: datetime, *, seen_on: int | None = None) -> Run:
    """The item is on; the one before it has ended, and the sitting has begun. Beginning twice is harmless.

    `seen_on` is the id of the item that the person saw on (0: none): refused where another was begun meanwhile.
    """
    sitting = item.sitting
    hold_item(item)
    whole = queries.sitting_run(sitting)
    if whole is None:
        whole = _begin(sitting, None, by, now)
    elif whole.ended_at is not None:
        raise Refused("The sitting has ended. Let it go on first.")
    on = queries.item_on(sitting)
    if on is not None and on.item_id == item.id:
        return on
    if seen_on is not None and on is not None and on.item_id != seen_on:
        assert on.item is not None
        raise Refused(
            "“%(title)s” was begun meanwhile by %(who)s. Look, and press again if this item is on now.",
            title=on.item.title,
            who=on.began_by,
        )
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
    """It was pressed by mistake: the run stays as a record, and what it had ended goes on.

    The beginning of a sitting is taken back only when none of its items was on.
    """
    hold(run.sitting)
    db.session.refresh(run)
    if run.item_id is None and queries.item_runs(run.sitting):
        raise Refused("Items of this sitting were on: take those back first, or correct the time of the sitting.")
    if run.undone_at is not None:
        return
    before = queries.run_ended_by(run) if run.item_id else None
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
    """When the sitting really began and ended, to the minute, as the minutes will say.

    Items that were left on end with it at the latest.
    """
    if ended_at is not None and ended_at <= began_at:
        raise Refused("The sitting must end after it begins.")
    if max(began_at, ended_at or began_at) > now:
        raise Refused("This time is not yet: write when it really was.")
    hold(sitting)
    whole = queries.sitting_run(sitting) or _begin(sitting, None, by, now)
    began_at, ended_at = _to_the_minute(whole, began_at, ended_at)
    of_items = queries.item_runs(sitting)
    first = of_items[0] if of_items else None
    if first is not None and first.began_at < began_at:
        raise Refused(
            "An item began at %(time)s: the sitting cannot have begun later.", time=short_time(first.began_at)
        )
    if ended_at is not None:
        for run in of_items:
            if run.began_at > ended_at:
                began = short_time(run.began_at)
                raise Refused("An item began at %(time)s: the sitting cannot have ended before.", time=began)
            if run.ended_at is None or run.ended_at > ended_at:
                run.ended_at, run.ended_by = ended_at, by.name
    before = {
        "began_at": whole.began_at.isoformat(),
        "ended_at": whole.ended_at.isoformat() if whole.ended_at else None,
    }
    whole.began_at, whole.ended_at = began_at, ended_at
    whole.ended_by = by.name if ended_at else ""
    _record(whole, "change", by, now, before=before)


def _to_the_minute(whole: Run, began_at: datetime, ended_at: datetime | None) -> tuple[datetime, datetime | None]:
    """A minute that is not corrected keeps its seconds, so that items begun in it stay inside."""
    if whole.began_at.replace(second=0, microsecond=0) == began_at:
        began_at = whole.began_at
    if ended_at and whole.ended_at and whole.ended_at.replace(second=0, microsecond=0) == ended_at:
        ended_at = whole.ended_at
    return began_at, ended_at


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
