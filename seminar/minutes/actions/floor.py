"""What is done about the floor: people ask for it, the chair calls them, the clock runs, mistakes are taken back."""

from datetime import datetime
from typing import Any

from seminar.access.actor import Actor
from seminar.agenda import actions as agenda
from seminar.agenda.models import Item, Run, Sitting
from seminar.agenda.queries import day, item_on
from seminar.audit.models import record
from seminar.checkin.actions.boards import set_screen
from seminar.checkin.models import Screen
from seminar.checkin.queries.boards import screen_of
from seminar.delegates.models import Delegate
from seminar.lib.clock import short_time
from seminar.lib.database import db
from seminar.lib.errors import N_, Refused
from seminar.lib.text import clean
from seminar.minutes.models import FloorOutcome, FloorRequest, Turn
from seminar.minutes.queries import floor as queries
from seminar.minutes.rules import LONGEST_SPEAKER, LONGEST_SUBJECT, MOST_MINUTES, name_and_rest, stepped, why_not
from seminar.planning.models import Seminar, Topic


class NotPresent(Refused):
    """Staff writes down a request of somebody whom no desk has let in; they may do so, knowing it."""

    def __init__(self, delegate: Delegate) -> None:
        super().__init__(
            N_(
                "%(name)s is not registered as present: send them to the reception desk or enter the paper list first."
                " If you see them in the hall, mark “write it down all the same”."
            ),
            name=delegate.name,
        )


# --- the line


def ask_for_floor(
    seminar: Seminar,
    delegate: Delegate,
    subject: str,
    topic: Topic | None,
    by: Actor,
    now: datetime,
    *,
    for_them: bool = False,
    though_absent: bool = False,
) -> tuple[FloorRequest, bool]:
    """(the request that waits, whether this press made it): of two presses one request is kept.

    `for_them`: staff enters it, at any time. `though_absent`: they were told that the person is not registered as
    present, and enter it all the same; the record keeps that. Raises NotPresent where nobody said so.
    """
    queries.hold_floor(seminar)
    found = queries.waiting_of(delegate.id)
    if found is not None:
        return found, False
    is_present = delegate.id in queries.present_among([delegate.id])
    if not for_them:
        _check_asking(seminar, delegate, is_present, now)
    elif not is_present and not though_absent:
        raise NotPresent(delegate)
    request = FloorRequest(
        seminar_id=seminar.id,
        delegate_id=delegate.id,
        subject=clean(subject)[:LONGEST_SUBJECT],
        topic_id=topic.id if topic else None,
        position=queries.last_position(seminar),
        asked_at=now,
        asked_by=by.name[:200],
    )
    db.session.add(request)
    db.session.flush()
    detail = {} if is_present else {"not_registered_as_present": True}
    _record_request(request, "add", by, now, **detail)
    return request, True


def _check_asking(seminar: Seminar, delegate: Delegate, is_present: bool, now: datetime) -> None:
    stands = day(seminar, now)
    on = queries.turn_speaking(seminar, stands)
    refusal = why_not(
        is_open=queries.may_be_asked_for(stands, now),
        is_paused=queries.is_paused(seminar),
        is_present=is_present,
        is_speaking=on is not None and on.delegate_id == delegate.id,
    )
    if refusal is not None:
        raise Refused(refusal.msgid, **refusal.values)


def withdraw_request(request: FloorRequest, by: Actor, now: datetime) -> None:
    """They do not want to speak any more; withdrawing twice is harmless."""
    _settle(request, FloorOutcome.WITHDRAWN, "withdraw", by, now)


def put_request_aside(request: FloorRequest, by: Actor, now: datetime) -> None:
    """The chair does not call them (no time, or said already); twice is harmless."""
    _settle(request, FloorOutcome.PUT_ASIDE, "put aside", by, now)


def _settle(request: FloorRequest, outcome: FloorOutcome, verb: str, by: Actor, now: datetime) -> None:
    queries.hold_floor(request.delegate.seminar)
    db.session.refresh(request)
    if request.outcome == outcome:
        return
    if request.outcome is not None:
        raise Refused("This request was settled meanwhile. Look at the line again.")
    request.settled_at, request.settled_by, request.outcome = now, by.name[:200], outcome
    _record_request(request, verb, by, now)


def restore_request(request: FloorRequest, by: Actor, now: datetime) -> None:
    """It was put aside or withdrawn by mistake: it waits again where it stood. Harmless where it waits."""
    queries.hold_floor(request.delegate.seminar)
    db.session.refresh(request)
    if request.outcome is None:
        return
    if request.outcome == FloorOutcome.CALLED:
        raise Refused("They were called: take back their turn instead.")
    if queries.waiting_of(request.delegate_id) is not None:
        raise Refused("They have asked for the floor again meanwhile and wait already.")
    request.settled_at, request.settled_by, request.outcome = None, "", None
    _record_request(request, "restore", by, now)


def move_request(request: FloorRequest, step: int, by: Actor, now: datetime) -> None:
    """One step up (-1) or down (+1) in the line; at the ends, and for one that waits no more, nothing changes."""
    seminar = request.delegate.seminar
    queries.hold_floor(seminar)
    db.session.refresh(request)
    before = queries.waiting_requests(seminar)
    after = stepped(before, request.id, step)
    if after == before:
        return
    for position, one in enumerate(after, 1):
        one.position = position
    _record_request(request, "move", by, now, position=request.position)


def set_floor(seminar: Seminar, minutes: int | None, is_paused: bool, by: Actor, now: datetime) -> None:
    """What a speaker from the floor gets, and whether requests are taken at the moment."""
    _check_minutes(minutes)
    queries.hold_floor(seminar)
    db.session.refresh(seminar)
    settings: dict[str, Any] = {"minutes": minutes, "paused": is_paused}
    if seminar.settings.get(queries.FLOOR) == settings:
        return
    seminar.settings = {**seminar.settings, queries.FLOOR: settings}
    record(by, now, "change", "floor", seminar_id=seminar.id, object_id=seminar.id, **settings)


def _check_minutes(minutes: int | None) -> int:
    if minutes is None or not 0 < minutes <= MOST_MINUTES:
        raise Refused("Write the minutes as a whole number from 1 to %(most)d.", most=MOST_MINUTES)
    return minutes


# --- turns


def begin_turn(
    seminar: Seminar,
    *,
    request: FloorRequest | None = None,
    delegate: Delegate | None = None,
    speaker: str = "",
    minutes: int | None,
    seen_on: int | None = None,
    by: Actor,
    now: datetime,
) -> Turn:
    """They have the floor; whoever spoke has ended. Of a request, a delegate, or a typed name, the first given counts.

    `seen_on` is the id of the turn that the person saw on (0: none): refused where another was begun meanwhile. The
    same request called twice is one turn.
    """
    given = _check_minutes(minutes)
    queries.hold_floor(seminar)
    on = queries.turn_on(seminar)
    if request is not None:
        db.session.refresh(request)
        if on is not None and on.request_id == request.id:
            return on
    if seen_on is not None and on is not None and on.id != seen_on:
        raise Refused(
            "“%(name)s” was called meanwhile by %(who)s at %(time)s. Look, and press again if the floor is to change.",
            name=name_and_rest(on.speaker)[0],
            who=on.began_by,
            time=short_time(on.began_at),
        )
    if request is not None and request.outcome is not None:
        raise Refused("This request was settled meanwhile. Look at the line again.")
    run = queries.run_on(day(seminar, now))
    if run is None or run.item is None:
        raise Refused("No item of the programme is on. Begin the item first, then call the speaker.")
    return _begin(seminar, run.item, request, delegate, speaker, given, by, now)


def _begin(
    seminar: Seminar,
    item: Item,
    request: FloorRequest | None,
    delegate: Delegate | None,
    speaker: str,
    minutes: int,
    by: Actor,
    now: datetime,
) -> Turn:
    delegate = request.delegate if request else delegate
    speaker = clean(speaker)
    if delegate is not None:
        person = queries.persons([delegate.id]).get(delegate.id)
        speaker = person.speaker if person else delegate.name
        request = request or queries.waiting_of(delegate.id)
    if not speaker:
        raise Refused("Write who speaks: a few letters of the name, or the number on the badge.")
    if len(speaker) > LONGEST_SPEAKER:
        raise Refused("The speaker has at most 300 characters.")
    _end_what_is_on(seminar, by, now)
    turn = Turn(
        seminar_id=seminar.id,
        item_id=item.id,
        delegate_id=delegate.id if delegate else None,
        speaker=speaker,
        request_id=request.id if request else None,
        minutes=minutes,
        began_at=now,
        began_by=by.name[:200],
    )
    if request is not None:
        request.settled_at, request.settled_by, request.outcome = now, by.name[:200], FloorOutcome.CALLED
    db.session.add(turn)
    db.session.flush()
    _record_turn(turn, "begin", by, now, minutes=minutes)
    return turn


def end_turn(turn: Turn, by: Actor, now: datetime) -> None:
    """They have spoken; ending twice keeps the first time."""
    _hold(turn)
    if turn.ended_at is None and turn.undone_at is None:
        _end(turn, by, now)


def extend_turn(turn: Turn, by: Actor, now: datetime, minutes: int = 1) -> None:
    """So many minutes more."""
    _hold(turn)
    if turn.ended_at is not None or turn.undone_at is not None:
        raise Refused("This turn has ended already.")
    turn.minutes = _check_minutes(turn.minutes + minutes)
    _record_turn(turn, "extend", by, now, minutes=turn.minutes)


def resume_turn(turn: Turn, by: Actor, now: datetime) -> None:
    """It was ended by mistake and goes on, the time between counted in. Harmless where it is on."""
    seminar = _hold(turn)
    if turn.undone_at is None and turn.ended_at is None:
        return
    if turn.undone_at is not None or queries.turn_on(seminar) is not None:
        raise Refused("Somebody else has the floor now. Look at the page again.")
    turn.ended_at, turn.ended_by = None, ""
    _record_turn(turn, "resume", by, now)


def undo_turn(turn: Turn, by: Actor, now: datetime) -> None:
    """The wrong person was called: the turn stays as a record, the request waits again, and who was cut off goes on."""
    seminar = _hold(turn)
    if turn.undone_at is not None:
        return
    was_on = turn.ended_at is None
    turn.undone_at, turn.undone_by = now, by.name[:200]
    request = turn.request
    turn.request_id = None
    db.session.flush()
    if request is not None and queries.waiting_of(request.delegate_id) is None:
        request.settled_at, request.settled_by, request.outcome = None, "", None
    if was_on:
        _let_go_on(seminar, turn.began_at)
    _record_turn(turn, "undo", by, now)


def _let_go_on(seminar: Seminar, moment: datetime) -> None:
    """Whoever was ended by the press of that moment has the floor again."""
    before = queries.turn_ended_at(seminar, moment)
    if before is not None and queries.turn_on(seminar) is None:
        before.ended_at, before.ended_by = None, ""


def _hold(turn: Turn) -> Seminar:
    seminar = db.session.get_one(Seminar, turn.seminar_id)
    queries.hold_floor(seminar)
    db.session.refresh(turn)
    return seminar


def _end_what_is_on(seminar: Seminar, by: Actor, now: datetime) -> None:
    on = queries.turn_on(seminar)
    if on is not None:
        _end(on, by, now)


def _end(turn: Turn, by: Actor, now: datetime) -> None:
    """At the latest when the programme went on to another item."""
    turn.ended_at = max(queries.overtaken_at(turn) or now, turn.began_at)
    turn.ended_by = by.name[:200]
    db.session.flush()
    _record_turn(turn, "end", by, now)


# --- items and sittings, from the chair's page


def take_up_item(item: Item, by: Actor, now: datetime, *, seen_on: int | None = None) -> Run:
    """The item is on, whoever spoke has ended, and of a paper its speaker has the floor: one press. Twice is harmless."""
    seminar = db.session.get_one(Seminar, item.sitting.seminar_id)
    queries.hold_floor(seminar)
    on = item_on(item.sitting)
    if on is not None and on.item_id == item.id:
        return on
    run = agenda.begin_item(item, by, now, seen_on=seen_on)
    if item.paper_id and (item.speaker or item.who):
        _begin(seminar, item, None, item.speaker, item.who, queries.minutes_for(seminar, item), by, now)
    else:
        _end_what_is_on(seminar, by, now)
    return run


def close_item(run: Run, by: Actor, now: datetime) -> None:
    """The item has ended, and whoever spoke in it."""
    seminar = db.session.get_one(Seminar, run.sitting.seminar_id)
    queries.hold_floor(seminar)
    agenda.end_item(run, by, now)
    on = queries.turn_on(seminar)
    if on is not None and on.item_id == run.item_id:
        _end(on, by, now)


def take_back_item(run: Run, by: Actor, now: datetime) -> None:
    """It was begun by mistake: what the press began is undone, and what it ended goes on."""
    seminar = db.session.get_one(Seminar, run.sitting.seminar_id)
    queries.hold_floor(seminar)
    db.session.refresh(run)
    if run.undone_at is not None:
        return
    was_on = run.ended_at is None
    agenda.undo_run(run, by, now)
    if not was_on:
        return
    on = queries.turn_on(seminar)
    while on is not None and on.item_id == run.item_id and on.began_at >= run.began_at:
        undo_turn(on, by, now)
        on = queries.turn_on(seminar)
    _let_go_on(seminar, run.began_at)


def close_sitting(sitting: Sitting, by: Actor, now: datetime) -> None:
    """The sitting has ended, and with it the item that was on and whoever spoke."""
    seminar = db.session.get_one(Seminar, sitting.seminar_id)
    queries.hold_floor(seminar)
    agenda.end_sitting(sitting, by, now)
    _end_what_is_on(seminar, by, now)


# --- the hall


def open_clock(seminar: Seminar, by: Actor, now: datetime) -> Screen:
    """The address of the projector; where the office has none yet, one that welcomes nobody by name."""
    return screen_of(seminar) or set_screen(seminar, [], [], 10, by, now)


def _record_request(request: FloorRequest, verb: str, by: Actor, now: datetime, **detail: object) -> None:
    record(
        by,
        now,
        verb,
        "floor request",
        seminar_id=request.seminar_id,
        object_id=request.id,
        summary=request.delegate.name if request.delegate else "",
        **detail,
    )


def _record_turn(turn: Turn, verb: str, by: Actor, now: datetime, **detail: object) -> None:
    record(by, now, verb, "turn", seminar_id=turn.seminar_id, object_id=turn.id, summary=turn.speaker, **detail)
