"""The stage: who stands in which turn, who of them is in the hall, how far each has come."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select

from seminar.checkin.models import Arrival, StagePlace, StageStep, Step
from seminar.delegates.models import Delegate, Membership
from seminar.lib.database import db
from seminar.planning.models import Group, QuotaKind, Seminar, Unit

STEPS = (Step.IN_PLACE, Step.CALLED, Step.HANDED_OVER)
ORDERS = ("listed", "unit", "name")


@dataclass(frozen=True)
class OnStage:
    """One person of a turn; `place` counts from the left."""

    id: int
    number: int
    name: str
    who: str
    unit: str
    turn: int
    place: int
    arrived_at: datetime | None
    left_at: datetime | None
    steps: dict[Step, StageStep]

    @property
    def is_in_hall(self) -> bool:
        """By the desks, or because somebody has seen the person stand ready."""
        return bool(self.steps) or self.is_present

    @property
    def is_present(self) -> bool:
        return self.arrived_at is not None and self.left_at is None

    @property
    def last(self) -> Step | None:
        return next((step for step in reversed(STEPS) if step in self.steps), None)

    @property
    def next(self) -> Step | None:
        last = self.last
        if last is None:
            return STEPS[0]
        return STEPS[STEPS.index(last) + 1] if last != STEPS[-1] else None

    def has(self, step: Step) -> bool:
        """That the step, or a later one, was recorded."""
        return self.last is not None and STEPS.index(self.last) >= STEPS.index(step)


@dataclass(frozen=True)
class Turn:
    """One lượt, with its people from the left to the right."""

    number: int
    people: list[OnStage]

    @property
    def absent(self) -> list[OnStage]:
        return [one for one in self.people if not one.is_in_hall]

    @property
    def not_in_place(self) -> list[OnStage]:
        """In the hall, but not where they are to stand."""
        return [one for one in self.people if one.is_in_hall and not one.steps]

    def ready_for(self, step: Step) -> list[OnStage]:
        """Whom a press for the whole turn records: those whose next step it is, and for the first those in the hall alone."""
        return [one for one in self.people if one.is_in_hall and one.next == step]

    def count(self, step: Step) -> int:
        return sum(one.has(step) for one in self.people)

    @property
    def is_called(self) -> bool:
        return any(one.has(Step.CALLED) for one in self.people)


@dataclass(frozen=True)
class Stage:
    """The whole ceremony; `current` is the number of the turn to be worked on."""

    turns: list[Turn]
    current: int | None

    def turn(self, number: int | None) -> Turn | None:
        wanted = self.current if number is None else number
        return next((turn for turn in self.turns if turn.number == wanted), None)

    @property
    def afterwards(self) -> list[OnStage]:
        """Those passed over: their turn was called without them, or a later turn before they were handed anything."""
        called = [turn for turn in self.turns if turn.is_called]
        return [
            one
            for turn in called
            for one in turn.people
            if not one.has(Step.CALLED) or (one.last == Step.CALLED and turn is not called[-1])
        ]

    @property
    def people(self) -> list[OnStage]:
        return [one for turn in self.turns for one in turn.people]

    def count(self, step: Step) -> int:
        return sum(turn.count(step) for turn in self.turns)


def current_turn(turns: list[Turn]) -> int | None:
    """The turn to be worked on: the last that was called, until everybody called in it was handed something; then the next."""
    if not turns:
        return None
    called = [position for position, turn in enumerate(turns) if turn.is_called]
    if not called:
        return turns[0].number
    last = turns[called[-1]]
    if any(one.last == Step.CALLED for one in last.people):
        return last.number
    return turns[min(called[-1] + 1, len(turns) - 1)].number


def stage_of(seminar_id: int, sitting_id: int | None) -> Stage:
    """Two statements whatever the number of people."""
    arrived = Arrival.delegate_id == Delegate.id
    if sitting_id is not None:
        arrived = and_(arrived, Arrival.sitting_id == sitting_id)
    query = (
        select(
            Delegate.id,
            Delegate.number,
            Delegate.name,
            Delegate.position,
            Delegate.body,
            Unit.name.label("unit"),
            StagePlace.turn,
            StagePlace.place,
            Arrival.arrived_at,
            Arrival.left_at,
        )
        .join(StagePlace, StagePlace.delegate_id == Delegate.id)
        .outerjoin(Unit, Unit.id == Delegate.unit_id)
        .outerjoin(Arrival, arrived)
        .where(StagePlace.seminar_id == seminar_id, Delegate.removed_at.is_(None))
        .order_by(StagePlace.turn, StagePlace.place)
    )
    standing = standing_steps(seminar_id)
    turns: dict[int, list[OnStage]] = defaultdict(list)
    for row in db.session.execute(query):
        unit = row.body or row.unit or ""
        who = ", ".join(part for part in (row.position, unit) if part)
        turns[row.turn].append(
            OnStage(
                row.id, row.number, row.name, who, unit, row.turn, row.place, row.arrived_at, row.left_at,
                standing.get(row.id, {}),
            )
        )  # fmt: skip
    whole = [Turn(number, people) for number, people in turns.items()]
    return Stage(whole, current_turn(whole))


def standing_steps(seminar_id: int) -> dict[int, dict[Step, StageStep]]:
    """Steps that are not taken back, by the delegate's id."""
    found: dict[int, dict[Step, StageStep]] = defaultdict(dict)
    query = select(StageStep).where(StageStep.seminar_id == seminar_id, StageStep.withdrawn_at.is_(None))
    for step in db.session.scalars(query):
        found[step.delegate_id][step.step] = step
    return dict(found)


def place_of(delegate: Delegate) -> StagePlace | None:
    return db.session.scalar(select(StagePlace).where(StagePlace.delegate_id == delegate.id))


def places_of(seminar_id: int) -> list[StagePlace]:
    """All places, in the order in which they are called."""
    query = select(StagePlace).where(StagePlace.seminar_id == seminar_id).order_by(StagePlace.turn, StagePlace.place)
    return list(db.session.scalars(query))


def commended_group(seminar_id: int, groups: list[Group]) -> Group | None:
    """The group that most of those on stage are of; where nobody is placed yet the closed list."""
    most = db.session.execute(
        select(Membership.group_id, func.count())
        .join(StagePlace, StagePlace.delegate_id == Membership.delegate_id)
        .where(StagePlace.seminar_id == seminar_id)
        .group_by(Membership.group_id)
        .order_by(func.count().desc(), Membership.group_id)
    ).first()
    if most:
        return next((group for group in groups if group.id == most.group_id), None)
    return next((group for group in groups if group.quota_kind == QuotaKind.CLOSED), None)


def members_to_place(seminar: Seminar, group: Group, order: str) -> list[int]:
    """Ids of everybody in the group (as a further group too), as listed, by unit and then name, or by name."""
    by = {
        "unit": (Unit.position.is_(None), Unit.position, Delegate.sort_key, Delegate.number),
        "name": (Delegate.sort_key, Delegate.number),
    }.get(order, (Delegate.number,))
    query = (
        select(Delegate.id)
        .join(Membership, Membership.delegate_id == Delegate.id)
        .outerjoin(Unit, Unit.id == Delegate.unit_id)
        .where(
            Delegate.seminar_id == seminar.id,
            Delegate.removed_at.is_(None),
            Membership.group_id == group.id,
            Membership.ended_at.is_(None),
        )
        .order_by(*by)
    )
    return list(db.session.scalars(query))
