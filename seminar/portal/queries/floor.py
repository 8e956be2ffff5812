"""Where a delegate stands with the floor: may ask and how, waits and where, or speaks now."""

from datetime import datetime
from typing import Any

from seminar.agenda.queries import Day
from seminar.delegates.models import Delegate
from seminar.minutes import queries
from seminar.minutes.rules import why_not


def floor_part(delegate: Delegate, day: Day, moment: datetime) -> dict[str, Any]:
    """What `portal/_floor.html` shows; nothing on days on which nobody can ask, unless they wait or speak."""
    seminar = delegate.seminar
    waiting = queries.waiting_of(delegate.id)
    is_day = queries.may_be_asked_for(day, moment)
    if not is_day and waiting is None:
        return {"floor_shown": False}
    turn = queries.turn_speaking(seminar, day)
    is_theirs = turn is not None and turn.delegate_id == delegate.id
    refusal = why_not(
        is_open=is_day,
        is_paused=queries.is_paused(seminar),
        is_present=bool(queries.present_among([delegate.id])) if is_day else False,
        is_speaking=is_theirs,
    )
    return {
        "floor_shown": True,
        "floor_turn": turn if is_theirs else None,
        "floor_waiting": waiting,
        "floor_place": queries.place_of(waiting, seminar) if waiting else 0,
        "floor_refusal": refusal,
    }
