"""The office's board: every unit and every period that was opened, and where its return stands."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from seminar.planning.models import Milestone, Seminar, Unit
from seminar.planning.queries import milestone, units_on
from seminar.statistics.models import Period, Return, ReturnDraft, ReturnVersion
from seminar.statistics.queries.returns import returns_of, sheets_of
from seminar.statistics.rules import ReturnState, counted_version, is_optional, state_of
from seminar.statistics.rules.deadlines import is_open, is_shown, late_days, may_return, period_due_at


@dataclass(frozen=True)
class BoardCell:
    """One unit's return of one period. `late_days`: as it was first sent, or until now where nothing came."""

    period: Period
    unit: Unit
    state: ReturnState
    late_days: int
    due_at: datetime | None
    is_open: bool
    """The unit may still send, also late; or must, where the office returned it."""
    latest: ReturnVersion | None = None
    counted: ReturnVersion | None = None
    draft: ReturnDraft | None = None
    scan_count: int = 0

    @property
    def is_correction(self) -> bool:
        """A later version waits while an earlier one counts."""
        return self.state == ReturnState.SENT and self.counted is not None

    @property
    def is_owed(self) -> bool:
        """The unit is still to send it, or to correct it; of a sheet that is not optional."""
        owed = self.state in (ReturnState.MISSING, ReturnState.DRAFT, ReturnState.RETURNED)
        return owed and self.is_open and not is_optional(self.period.sheet.title)

    @property
    def is_late(self) -> bool:
        return self.late_days > 0 and (self.latest is not None or not is_optional(self.period.sheet.title))


@dataclass(frozen=True)
class BoardPeriod:
    """A column of the board, and its counts over the units."""

    period: Period
    due_at: datetime | None
    is_open: bool
    cells: dict[int, BoardCell]
    """By unit id."""
    label: str
    """The period's name, with the sheet's title where another sheet has one of the same name."""

    def count(self, *states: ReturnState) -> int:
        return sum(cell.state in states for cell in self.cells.values())

    @property
    def sent_count(self) -> int:
        """Units from whom at least one version came."""
        return sum(cell.latest is not None for cell in self.cells.values())

    @property
    def late_count(self) -> int:
        return sum(cell.is_late for cell in self.cells.values())

    @property
    def waiting(self) -> list[BoardCell]:
        """Sent and not yet ruled on."""
        return [cell for cell in self.cells.values() if cell.state == ReturnState.SENT]


def board_of(seminar: Seminar, now: datetime) -> tuple[list[Unit], list[BoardPeriod]]:
    """(units of the seminar's day and any others that returned something, columns); a constant number of statements."""
    periods = [period for sheet in sheets_of(seminar) for period in sheet.periods if is_shown(period)]
    return board_periods(seminar, periods, now)


def unit_board(seminar: Seminar, unit: Unit, now: datetime) -> list[BoardCell]:
    """What one unit is asked for, in the order of the sheets."""
    periods = [period for sheet in sheets_of(seminar) for period in sheet.periods if is_shown(period)]
    if not periods:
        return []
    planned = milestone(seminar, "returns")
    found = {one.period_id: one for one in returns_of(*periods, unit=unit)}
    return [_cell(period, unit, found.get(period.id), planned, now) for period in periods]


def board_periods(seminar: Seminar, periods: Sequence[Period], now: datetime) -> tuple[list[Unit], list[BoardPeriod]]:
    planned = milestone(seminar, "returns")
    found: dict[int, dict[int, Return]] = {period.id: {} for period in periods}
    for one in returns_of(*periods) if periods else ():
        found[one.period_id][one.unit_id] = one
    units = units_on(seminar.held_on)
    known = {unit.id for unit in units}
    others = {one.unit_id: one.unit for some in found.values() for one in some.values() if one.versions}
    units += [unit for unit in others.values() if unit.id not in known]
    named = Counter(period.name for period in periods)
    columns = [
        BoardPeriod(
            period,
            period_due_at(period, planned),
            is_open(period, planned),
            {unit.id: _cell(period, unit, found[period.id].get(unit.id), planned, now) for unit in units},
            period.name if named[period.name] == 1 else f"{period.name} – {period.sheet.title}",
        )
        for period in periods
    ]
    return units, columns


def _cell(period: Period, unit: Unit, one: Return | None, planned: Milestone | None, now: datetime) -> BoardCell:
    state = state_of(one)
    latest = one.versions[-1] if one and one.versions else None
    return BoardCell(
        period,
        unit,
        state,
        one.versions[0].late_days if one and latest else late_days(period, planned, now),
        period_due_at(period, planned),
        may_return(period, planned, state),
        latest,
        counted_version(one),
        one.draft if one else None,
        sum(scan.withdrawn_at is None for version in one.versions for scan in version.scans) if one else 0,
    )
