"""The programme as one visitor sees it: how it goes, and when they or their unit present."""

from datetime import datetime, timedelta
from typing import Any

from seminar.agenda.models import Item
from seminar.agenda.queries import Day, day
from seminar.agenda.rules import State
from seminar.delegates.models import Delegate
from seminar.planning.models import Seminar, Unit

BEFORE, AFTER = timedelta(hours=12), timedelta(hours=6)
"""Around a sitting the page asks anew by itself; at other times nothing changes that could not wait for a reload."""


def programme_part(
    seminar: Seminar, moment: datetime, delegate: Delegate | None = None, unit: Unit | None = None
) -> dict[str, Any]:
    """What `portal/_live.html` shows: three statements, however long the programme is."""
    whole = day(seminar, moment)
    mine = [
        line
        for part in whole.parts
        for line in part.course.lines
        if line.state in (State.ON, State.COMING, State.PASSED) and _presents(line.item, delegate, unit)
    ]
    return {"day": whole, "mine": mine, "refreshes": seminar.is_demo or _is_near(whole, moment)}


def _presents(item: Item, delegate: Delegate | None, unit: Unit | None) -> bool:
    if unit is not None:
        return item.paper is not None and item.paper.unit_id == unit.id
    if delegate is None:
        return False
    if item.speaker_id is not None:
        return item.speaker_id == delegate.id
    return item.paper is not None and item.paper.delegate_id == delegate.id


def _is_near(whole: Day, moment: datetime) -> bool:
    return any(
        part.course.is_live or part.sitting.starts_at - BEFORE <= moment <= part.sitting.ends_at + AFTER
        for part in whole.parts
    )
