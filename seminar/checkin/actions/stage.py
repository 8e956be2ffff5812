"""The commendation on stage: turns and places, and for each person in place, called, handed over (domain.md T5)."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from seminar.access.actor import Actor
from seminar.audit.models import record
from seminar.checkin.models import StagePlace, StageStep, Step
from seminar.checkin.queries.stage import STEPS, OnStage, Turn, members_to_place, place_of, places_of, standing_steps
from seminar.delegates.models import Delegate
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.planning.models import Group, Seminar

PER_TURN = (1, 50)
TURNS = 200


def assign_places(seminar: Seminar, group: Group, per_turn: int | None, order: str, by: Actor, now: datetime) -> int:
    """Places the group anew, so many in a turn; returns how many people. Refused once a step of the ceremony stands."""
    least, most = PER_TURN
    if per_turn is None or not least <= per_turn <= most:
        raise Refused("Say from %(least)d to %(most)d people in a turn.", least=least, most=most)
    if standing_steps(seminar.id):
        raise Refused("The ceremony has begun. To arrange everything anew, first take back all its steps.")
    people = members_to_place(seminar, group, order)
    if not people:
        raise Refused("Nobody is in the group “%(name)s”.", name=group.name)
    db.session.execute(delete(StagePlace).where(StagePlace.seminar_id == seminar.id))
    for position, delegate_id in enumerate(people):
        turn, place = divmod(position, per_turn)
        db.session.add(StagePlace(seminar_id=seminar.id, delegate_id=delegate_id, turn=turn + 1, place=place + 1))
    db.session.flush()
    record(by, now, "assign", "stage", seminar_id=seminar.id, summary=group.name, people=len(people), per_turn=per_turn)
    return len(people)


def place_rest(seminar: Seminar, group: Group, by: Actor, now: datetime) -> int:
    """Whoever of the group stands nowhere yet comes into one more turn at the end; the others keep their places."""
    places = places_of(seminar.id)
    placed = {place.delegate_id for place in places}
    rest = [one for one in members_to_place(seminar, group, "listed") if one not in placed]
    turn = max((place.turn for place in places), default=0) + 1
    for position, delegate_id in enumerate(rest, 1):
        db.session.add(StagePlace(seminar_id=seminar.id, delegate_id=delegate_id, turn=turn, place=position))
    if rest:
        db.session.flush()
        record(by, now, "assign", "stage", seminar_id=seminar.id, summary=group.name, people=len(rest), turn=turn)
    return len(rest)


def _renumber(pairs: Iterable[tuple[StagePlace, int, int]]) -> None:
    """Puts each on its (turn, place), by way of turns that nobody uses, so that no two ever stand on one."""
    moved = [pair for pair in pairs if (pair[0].turn, pair[0].place) != pair[1:]]
    for place, _, _ in moved:
        place.turn += 10 * TURNS
    db.session.flush()
    for place, turn, number in moved:
        place.turn, place.place = turn, number
    db.session.flush()


def move_on_stage(delegate: Delegate, turn: int | None, number: int | None, by: Actor, now: datetime) -> None:
    """To another turn and place; whoever stands there changes places with the person."""
    mine = place_of(delegate)
    if mine is None:
        raise Refused("This person stands in no turn yet.")
    if not turn or not number or turn > TURNS or number > PER_TURN[1]:
        raise Refused("Give a turn and a place, both from 1.")
    if (mine.turn, mine.place) == (turn, number):
        return
    there = db.session.scalar(
        select(StagePlace).where(
            StagePlace.seminar_id == mine.seminar_id, StagePlace.turn == turn, StagePlace.place == number
        )
    )
    pairs = [(mine, turn, number)]
    if there:
        pairs.append((there, mine.turn, mine.place))
    _renumber(pairs)
    record(
        by,
        now,
        "move",
        "stage",
        seminar_id=mine.seminar_id,
        object_id=delegate.id,
        summary=delegate.name,
        turn=turn,
        place=number,
    )


def close_up(seminar: Seminar, turns: Sequence[Turn], by: Actor, now: datetime) -> int:
    """In each turn those in the hall move together to the left, in their order; the absent come after them. Turns that
    were called stay as they are. Returns how many people got another place.
    """
    places = {place.delegate_id: place for place in places_of(seminar.id)}
    pairs = []
    for turn in turns:
        if turn.is_called:
            continue
        ordered = sorted(turn.people, key=lambda one: (not one.is_in_hall, one.place))
        pairs += [(places[one.id], turn.number, position) for position, one in enumerate(ordered, 1)]
    theirs = {place.delegate_id for place, _, _ in pairs}
    wanted = {(turn, number) for _, turn, number in pairs}
    for place in places.values():  # of people taken off the list
        if place.delegate_id not in theirs and (place.turn, place.place) in wanted:
            db.session.delete(place)
    db.session.flush()
    moved = sum((place.turn, place.place) != (turn, number) for place, turn, number in pairs)
    _renumber(pairs)
    if moved:
        record(by, now, "change", "stage", seminar_id=seminar.id, closed_up=[turn.number for turn in turns])
    return moved


def _write_down(seminar_id: int, delegate_id: int, step: Step, by: Actor, now: datetime) -> bool:
    """False where the step stands already: the index lets only one be."""
    try:
        with db.session.begin_nested():
            db.session.add(
                StageStep(seminar_id=seminar_id, delegate_id=delegate_id, step=step, at=now, by=by.name[:200])
            )
    except IntegrityError:
        return False
    return True


def take_step(seminar: Seminar, people: Sequence[OnStage], step: Step, by: Actor, now: datetime) -> int:
    """Records the step of each who has not got it; returns of how many. Nothing is ever recorded twice."""
    fresh = [one for one in people if step not in one.steps and _write_down(seminar.id, one.id, step, by, now)]
    if fresh:
        record(
            by,
            now,
            "confirm",
            "stage",
            seminar_id=seminar.id,
            object_id=fresh[0].id if len(fresh) == 1 else "",
            summary=", ".join(one.name for one in fresh),
            step=step,
        )
    return len(fresh)


def take_back_step(seminar: Seminar, delegate: Delegate, step: Step, by: Actor, now: datetime) -> bool:
    """Takes the step back, and what came after it; False where it does not stand (any more)."""
    standing = standing_steps(seminar.id).get(delegate.id, {})
    if step not in standing:
        return False
    for one in STEPS[STEPS.index(step) :]:
        if one in standing:
            standing[one].withdrawn_at, standing[one].withdrawn_by = now, by.name[:200]
    record(
        by,
        now,
        "withdraw",
        "stage",
        seminar_id=seminar.id,
        object_id=delegate.id,
        summary=delegate.name,
        step=step,
    )
    return True


def take_back_all(seminar: Seminar, by: Actor, now: datetime) -> int:
    """After a practice: every step that stands is taken back, the places stay."""
    standing = [step for steps in standing_steps(seminar.id).values() for step in steps.values()]
    for step in standing:
        step.withdrawn_at, step.withdrawn_by = now, by.name[:200]
    if standing:
        record(by, now, "withdraw", "stage", seminar_id=seminar.id, steps=len(standing))
    return len(standing)
