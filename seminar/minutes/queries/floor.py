"""Reads of the floor: who waits, who speaks, who has spoken how long. The same number of statements for any number."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from seminar.agenda.models import Item, Run, Sitting
from seminar.agenda.queries import Day
from seminar.checkin.queries import Presence, with_presence
from seminar.checkin.queries.people import people
from seminar.delegates.models import Delegate
from seminar.lib.clock import local
from seminar.lib.database import db
from seminar.lib.numbers import LARGEST
from seminar.minutes.models import FloorRequest, Turn
from seminar.minutes.rules import USUAL_MINUTES, in_line, is_open, printed, spoken_seconds, waited
from seminar.planning.models import Seminar

FLOOR = "floor"
"""Where the seminar's settings keep {minutes, paused} of the floor."""


def usual_minutes(seminar: Seminar) -> int:
    """What somebody from the floor gets."""
    return int(seminar.settings.get(FLOOR, {}).get("minutes", USUAL_MINUTES))


def is_paused(seminar: Seminar) -> bool:
    """That the chair takes no requests for the moment."""
    return bool(seminar.settings.get(FLOOR, {}).get("paused", False))


def hold_floor(seminar: Seminar) -> None:
    """Two who call speakers at once wait for each other; scans and answers meanwhile do not wait."""
    db.session.execute(select(Seminar.id).where(Seminar.id == seminar.id).with_for_update(key_share=True))


@dataclass(frozen=True)
class Person:
    """Who stands in the line; where a proxy came it is the proxy, `instead_of` the delegate."""

    id: int
    number: int
    name: str
    position: str
    body: str
    instead_of: str

    @property
    def speaker(self) -> str:
        return printed(self.name, self.position, self.body)


def persons(ids: Collection[int]) -> dict[int, Person]:
    return {row.id: person_of(row) for row in db.session.execute(people().where(Delegate.id.in_(ids)))}


def person_of(row: Any) -> Person:
    """Of a row of `people()`."""
    body = row.body or row.unit or ""
    if row.proxy_name:
        return Person(row.id, row.number, row.proxy_name, row.proxy_position or "", body, row.name)
    return Person(row.id, row.number, row.name, row.position, body, "")


def present_among(ids: Collection[int]) -> set[int]:
    """Those in the hall, in whichever sitting they were let in."""
    return set(db.session.scalars(with_presence(select(Delegate.id).where(Delegate.id.in_(ids)), Presence.PRESENT)))


# --- who speaks, and has spoken


def _standing(seminar: Seminar) -> Select[Turn]:
    return select(Turn).where(Turn.seminar_id == seminar.id, Turn.undone_at.is_(None)).options(joinedload(Turn.item))


def turns_of(seminar: Seminar) -> list[Turn]:
    """Not taken back, in the order in which they began."""
    return list(db.session.scalars(_standing(seminar).order_by(Turn.began_at, Turn.id)))


def turn_on(seminar: Seminar) -> Turn | None:
    """Who has the floor."""
    return db.session.scalar(_standing(seminar).where(Turn.ended_at.is_(None)))


def turn_or_404(seminar: Seminar, turn_id: int) -> Turn:
    """Also one that was taken back."""
    query = select(Turn).where(Turn.id == min(turn_id, LARGEST), Turn.seminar_id == seminar.id)
    return db.first_or_404(query.options(joinedload(Turn.item)))


def turn_ended_at(seminar: Seminar, moment: datetime) -> Turn | None:
    """The one that ended because something else began at that very moment."""
    return db.session.scalar(_standing(seminar).where(Turn.ended_at == moment).order_by(Turn.id.desc()).limit(1))


def is_outlasted(turn: Turn, run: Run | None) -> bool:
    """That the programme went on to another item, and nobody ended the turn."""
    return run is not None and run.item_id != turn.item_id and run.began_at > turn.began_at


def turn_speaking(seminar: Seminar, day: Day) -> Turn | None:
    """Who has the floor, unless the programme went on meanwhile."""
    turn = turn_on(seminar)
    return None if turn is None or is_outlasted(turn, run_on(day)) else turn


def overtaken_at(turn: Turn) -> datetime | None:
    """When the programme went on to another item after the turn had begun; None where it did not."""
    return db.session.scalar(
        select(func.min(Run.began_at))
        .join(Run.sitting)
        .where(
            Sitting.seminar_id == turn.seminar_id,
            Run.item_id.is_not(None),
            Run.item_id != turn.item_id,
            Run.undone_at.is_(None),
            Run.began_at > turn.began_at,
        )
    )


@dataclass
class Spoken:
    """How often, and how many seconds."""

    speaker: str
    count: int = 0
    seconds: int = 0


def spoken(turns: Iterable[Turn], now: datetime) -> dict[int, Spoken]:
    """By the delegate's id, on the day of `now`."""
    today, totals = local(now).date(), dict[int, Spoken]()
    for turn in turns:
        if turn.delegate_id is not None and local(turn.began_at).date() == today:
            _count(totals.setdefault(turn.delegate_id, Spoken(turn.speaker)), turn, now)
    return totals


def totals(turns: Iterable[Turn], now: datetime) -> list[Spoken]:
    """Everybody who spoke, on whichever day, those who spoke longest first."""
    found = dict[Any, Spoken]()
    for turn in turns:
        _count(found.setdefault(turn.delegate_id or turn.speaker, Spoken(turn.speaker)), turn, now)
    return sorted(found.values(), key=lambda one: (-one.seconds, one.speaker))


def _count(total: Spoken, turn: Turn, now: datetime) -> None:
    total.count += 1
    total.seconds += spoken_seconds(turn.began_at, turn.ended_at, now)


# --- the line


@dataclass(frozen=True)
class Waiting:
    """One of the line as the chair sees it; `place` counts from 1."""

    request: FloorRequest
    place: int
    person: Person
    waited_minutes: int
    is_present: bool
    spoken: Spoken


def waiting_requests(seminar: Seminar) -> list[FloorRequest]:
    """In the order of the line; who was taken off the list waits no more."""
    query = (
        select(FloorRequest)
        .join(FloorRequest.delegate)
        .where(FloorRequest.seminar_id == seminar.id, FloorRequest.settled_at.is_(None), Delegate.removed_at.is_(None))
    )
    return in_line(list(db.session.scalars(query.options(joinedload(FloorRequest.topic)))))


def line(seminar: Seminar, turns: Sequence[Turn], now: datetime) -> list[Waiting]:
    """Three statements, however many wait; `turns` are those of the seminar."""
    requests = waiting_requests(seminar)
    ids = {one.delegate_id for one in requests}
    known, present, totals_by_id = persons(ids), present_among(ids), spoken(turns, now)
    return [
        Waiting(
            request=one,
            place=place,
            person=known[one.delegate_id],
            waited_minutes=waited(one.asked_at, now),
            is_present=one.delegate_id in present,
            spoken=totals_by_id.get(one.delegate_id, Spoken(known[one.delegate_id].speaker)),
        )
        for place, one in enumerate(requests, 1)
    ]


def waiting_of(delegate_id: int) -> FloorRequest | None:
    return db.session.scalar(
        select(FloorRequest).where(FloorRequest.delegate_id == delegate_id, FloorRequest.settled_at.is_(None))
    )


def place_of(request: FloorRequest, seminar: Seminar) -> int:
    """From 1."""
    return next(place for place, one in enumerate(waiting_requests(seminar), 1) if one.id == request.id)


def last_position(seminar: Seminar) -> int:
    """Where the last of the line stands; whoever comes stands behind."""
    query = select(func.max(FloorRequest.position))
    query = query.where(FloorRequest.seminar_id == seminar.id, FloorRequest.settled_at.is_(None))
    return db.session.scalar(query) or 0


def request_or_404(seminar: Seminar, request_id: int) -> FloorRequest:
    """Also one that is settled."""
    return db.first_or_404(
        select(FloorRequest).where(FloorRequest.id == min(request_id, LARGEST), FloorRequest.seminar_id == seminar.id)
    )


def settled_requests(seminar: Seminar) -> list[FloorRequest]:
    """Those that waited and did not get the floor, the latest first."""
    query = (
        select(FloorRequest)
        .where(FloorRequest.seminar_id == seminar.id, FloorRequest.settled_at.is_not(None))
        .where(~select(Turn.id).where(Turn.request_id == FloorRequest.id, Turn.undone_at.is_(None)).exists())
        .order_by(FloorRequest.settled_at.desc(), FloorRequest.id.desc())
    )
    return list(db.session.scalars(query.options(joinedload(FloorRequest.delegate), joinedload(FloorRequest.topic))))


# --- where it all stands


def may_be_asked_for(day: Day, now: datetime) -> bool:
    """Whether it is the time to ask for the floor, by the programme as it goes; the chair's word is `is_paused`."""
    sittings = [
        (part.sitting.starts_at, part.whole.ended_at if part.whole else None, part.course.is_live) for part in day.parts
    ]
    return is_open(sittings, now)


def run_on(day: Day) -> Run | None:
    """The item that is on."""
    return day.part.run_on if day.part and day.part.course.is_live else None


def minutes_for(seminar: Seminar, item: Item | None) -> int:
    """What a speaker gets during the item: of a paper its own minutes, else the usual ones."""
    return item.minutes if item is not None and item.paper_id and item.minutes else usual_minutes(seminar)


@dataclass(frozen=True)
class Floor:
    """All that the chair's page shows of the floor."""

    turn: Turn | None
    last: Turn | None
    """The latest turn, where none is on: it can go on, or be taken back."""
    line: list[Waiting] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    totals: dict[int, Spoken] = field(default_factory=dict)


def floor_now(seminar: Seminar, now: datetime) -> Floor:
    turns = turns_of(seminar)
    on = next((turn for turn in turns if turn.ended_at is None), None)
    last = None if on or not turns else turns[-1]
    return Floor(on, last, line(seminar, turns, now), turns, spoken(turns, now))
