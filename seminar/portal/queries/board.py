"""The board: what is allotted and named, who answers and who is late, by group and by unit.

Three things are counted and never mixed (domain.md Đ9): places of a quota ("suất"); people ("người"), each once, by the
primary group; memberships ("lượt"), each in every group that the person belongs to.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager

from seminar.delegates.models import Delegate, Membership
from seminar.delegates.queries import NO_UNIT
from seminar.invitations import queries as invitations
from seminar.invitations.queries import AnswerRow, Counts, State
from seminar.lib.database import db
from seminar.lib.numbers import LARGEST
from seminar.planning.models import Group, Milestone, Seminar, Unit
from seminar.planning.queries import groups_of, units_on
from seminar.planning.rules import is_late
from seminar.portal.queries.places import OF_A_UNIT, PlaceState, Quota, place_counts

SHOWN = (
    State.INVITED,
    State.ANSWERED,
    State.ATTENDING,
    State.PROXIED,
    State.EXCUSED,
    State.UNEXCUSED,
    State.NO_ANSWER,
    State.LATE,
)
ASKED = (*SHOWN, State.ASKS_PROXY)


@dataclass(frozen=True)
class Scope:
    """Whom a line counts, as the addresses of the lists of exactly these say it."""

    base: str
    group: str = ""
    unit: str = ""
    in_memberships: bool = False
    places_of: str = ""
    """Another `unit` for the list of places: those of all units."""

    def _address(self, page: str, **said: str) -> str:
        said = {"state": said.get("state", ""), "group": self.group, "unit": self.unit} | said
        query = urlencode({name: value for name, value in said.items() if value})
        return f"{self.base}/{page}?{query}" if query else f"{self.base}/{page}"

    def _people(self, page: str, **said: str) -> str:
        """A list of people cannot name one twice: memberships of several groups have a list of their own."""
        if not self.in_memberships:
            return self._address(page, **said)
        return self._address(page, **said, secondary="1") if self.group else self._address("board/memberships", **said)

    @property
    def listed(self) -> str:
        return self._people("delegates")

    def answers(self, state: State) -> str:
        return self._people("answers", state=state.value)

    @property
    def allotted(self) -> str:
        return self._address("board/places", unit=self.places_of or self.unit)

    @property
    def pending(self) -> str:
        return self.places(PlaceState.PENDING)

    def places(self, state: PlaceState) -> str:
        return self._address("board/places", state=state.value, unit=self.places_of or self.unit)


@dataclass(frozen=True)
class Line:
    """One group, one unit, or all; `quota` is None where no places are allotted."""

    scope: Scope
    counts: Counts
    quota: Quota | None = None
    group: Group | None = None
    unit: Unit | None = None
    is_late: bool = False
    """Places are free although the day for naming is over."""
    owes_answers: bool = False
    """Answers are missing although their day is over."""

    @property
    def has_rows(self) -> bool:
        return bool(self.counts.total or self.quota)

    @property
    def is_behind(self) -> bool:
        """Something is missing, late or not."""
        return bool((self.quota and self.quota.free) or self.counts[State.NO_ANSWER])


@dataclass(frozen=True)
class Table:
    """Lines with their totals in people and in memberships."""

    lines: list[Line]
    people: Line
    memberships: Line


@dataclass(frozen=True)
class Board:
    groups: Table
    units: Table
    nominations: Milestone | None
    answers: Milestone | None
    nominations_over: bool
    answers_over: bool

    @property
    def units_with_free(self) -> int:
        return sum(1 for line in self.units.lines if line.quota and line.quota.free)


def board_of(seminar: Seminar, now: datetime, in_memberships: bool = False, group_code: str = "") -> Board:
    """The whole board, in a number of statements that grows neither with people nor with units.

    Lines count people, or memberships if asked; the totals are given in both. `group_code` narrows the table of units
    to one group.
    """
    groups, units = groups_of(seminar), units_on(seminar.held_on)
    counting = _Counting(seminar, now)
    units += _others(counting.unit_ids, units)
    only = next((group for group in groups if group.code == group_code), None)
    code = only.code if only else ""
    scope = Scope(f"/seminars/{seminar.slug}", in_memberships=in_memberships)
    by_group = [counting.line(replace(scope, group=group.code), group) for group in groups]
    by_unit = [counting.line(replace(scope, group=code, unit=str(unit.id)), only, unit) for unit in units]
    elsewhere = counting.line(replace(scope, group=code, unit="none"), only, NO_UNIT)
    return Board(
        Table([line for line in by_group if line.has_rows or line.group.quota_count], *counting.totals(scope)),  # type: ignore[union-attr]
        Table(
            [*by_unit, elsewhere] if elsewhere.has_rows else by_unit,
            *counting.totals(replace(scope, group=code), only, of_units=True),
        ),
        counting.nominations,
        counting.answers,
        counting.nominations_over,
        counting.answers_over,
    )


class _Counting:
    """What was counted in the database, once, to be summed up for each line."""

    def __init__(self, seminar: Seminar, now: datetime) -> None:
        self._tallies = invitations.membership_counts(seminar, ASKED)
        self._quotas = place_counts(seminar)
        deadlines = {one.code: one for one in seminar.milestones if one.code}
        self.nominations, self.answers = deadlines.get("nominations"), deadlines.get("answers")
        self.nominations_over, self.answers_over = is_late(self.nominations, now), is_late(self.answers, now)
        found = {key[1] for key in (*self._tallies, *self._quotas)}
        self.unit_ids = {unit_id for unit_id in found if unit_id is not None}

    def line(
        self, scope: Scope, group: Group | None = None, unit: Unit | int | None = None, of_units: bool = False
    ) -> Line:
        """Of a group and a unit (or `NO_UNIT`), or of all; with `of_units` only the places that are allotted to units."""
        unit_id = unit.id if isinstance(unit, Unit) else None

        def fits(group_id: int, of_unit: int | None) -> bool:
            return (group is None or group_id == group.id) and (unit is None or of_unit == unit_id)

        counts = invitations.summed(
            [
                counted
                for (group_id, of_unit, is_primary), counted in self._tallies.items()
                if fits(group_id, of_unit) and (is_primary or scope.in_memberships)
            ],
            ASKED,
        )
        places = [
            quota
            for (group_id, of_unit), quota in self._quotas.items()
            if fits(group_id, of_unit) and unit != NO_UNIT and (of_unit is not None or not of_units)
        ]
        quota = Quota.of(places) if places else None
        return Line(
            replace(scope, places_of=OF_A_UNIT) if of_units else scope,
            counts,
            quota,
            group,
            unit if isinstance(unit, Unit) else None,
            is_late=self.nominations_over and bool(quota and quota.free),
            owes_answers=self.answers_over and counts[State.NO_ANSWER] > 0,
        )

    def totals(self, scope: Scope, group: Group | None = None, of_units: bool = False) -> tuple[Line, Line]:
        """In people and in memberships."""
        return (
            self.line(replace(scope, in_memberships=False), group, of_units=of_units),
            self.line(replace(scope, in_memberships=True), group, of_units=of_units),
        )


def _others(unit_ids: Collection[int], units: Sequence[Unit]) -> list[Unit]:
    """Units that no longer exist on the day, and of which somebody is on the list all the same."""
    missing = set(unit_ids) - {unit.id for unit in units}
    return list(db.session.scalars(select(Unit).where(Unit.id.in_(missing)).order_by(Unit.position)))


def memberships(
    seminar: Seminar, state: State | None = None, group: str = "", unit_id: int | None = None
) -> Select[Any]:
    """Ids of memberships, further ones too, by the group's code, the person's unit (or `NO_UNIT`) and answer."""
    query = (
        select(Membership.id)
        .join(Delegate, Delegate.id == Membership.delegate_id)
        .join(Group, Group.id == Membership.group_id)
        .where(Delegate.seminar_id == seminar.id, Delegate.removed_at.is_(None))
    )
    if state is not None:
        query = invitations.with_state(query, state)
    if group:
        query = query.where(Group.code == group)
    if unit_id is not None:
        query = query.where(Delegate.unit_id.is_(None) if unit_id == NO_UNIT else Delegate.unit_id == unit_id)
    return query


def membership_rows(chosen: Select[Any], page: int, size: int) -> list[tuple[Membership, AnswerRow]]:
    """One page of the memberships in protocol order, each with the answer of the person."""
    found = list(
        db.session.scalars(
            select(Membership)
            .join(Membership.delegate)
            .join(Group, Group.id == Membership.group_id)
            .where(Membership.id.in_(chosen))
            .options(contains_eager(Membership.delegate).joinedload(Delegate.unit).lazyload(Unit.aliases))
            .order_by(Group.protocol_rank, Delegate.sort_key, Membership.id)
            .limit(size)
            .offset(min((max(page, 1) - 1) * size, LARGEST))
        )
    )
    rows = {row.delegate.id: row for row in invitations.answer_rows([one.delegate for one in found])}
    return [(one, rows[one.delegate_id]) for one in found]
