"""A figure of the targets opened down to its cells: by unit, and of one unit by quarter and sector."""

from collections.abc import Iterator
from dataclasses import dataclass

from seminar.planning.models import Seminar, Unit
from seminar.statistics.models import Period, ReturnVersion
from seminar.statistics.queries.sheets import sheet_by_code
from seminar.statistics.queries.tables import PeriodTable, tables_of
from seminar.statistics.queries.targets import Gathered
from seminar.statistics.rules import Row
from seminar.statistics.rules.consolidation import Asked, Total
from seminar.statistics.rules.indicators import Parts, Taking, parts_of, taken, used_cells
from seminar.statistics.rules.starters import YEARLY
from seminar.statistics.rules.targets import Cut

RESOLUTION, RESOLUTIONS, DROPPED_OUT = "resolution", "resolutions", "dropped_out"
"""Columns of the yearly sheet (domain.md S2.12, S2.4)."""


@dataclass(frozen=True)
class YearLine:
    """One period of the yearly sheet. Units that said nothing are neither yes nor no."""

    table: PeriodTable
    row: str
    yes: int
    no: int
    resolutions: Total
    dropped_out: Total

    @property
    def unknown(self) -> int:
        return len(self.table.units) - self.yes - self.no

    def address(self, column: str) -> str:
        return self.table.figure_address(Asked(self.row, column))

    def said(self, unit_id: int, column: str) -> str:
        """Of one unit; "" where it said nothing."""
        value = self.table.whole.values.get(unit_id, {}).get((self.row, column))
        asked = self.table.definition.column(column)
        return "" if value is None or asked is None else asked.said(value)


def year_lines(seminar: Seminar) -> list[YearLine] | None:
    """Of the periods that were opened; None where the office asks for no yearly sheet."""
    sheet = sheet_by_code(seminar.id, YEARLY)
    if sheet is None:
        return None
    found = []
    for table in tables_of(seminar, [period for period in sheet.periods if period.opened_at is not None]):
        row = table.definition.rows[0].key
        said = [values[row, RESOLUTION] for values in table.whole.values.values() if (row, RESOLUTION) in values]
        totals = (table.whole.total(Asked(row, column)) for column in (RESOLUTIONS, DROPPED_OUT))
        found.append(YearLine(table, row, sum(map(bool, said)), said.count(0), *totals))
    return found


@dataclass(frozen=True)
class UnitLine:
    """What one unit gives to the figure; None: nothing."""

    unit: Unit
    sums: tuple[int | None, ...]
    return_count: int
    asked_count: int


@dataclass(frozen=True)
class OpenedCell:
    """`is_used`: it counts. A filled cell that does not lacks its counterpart, or is a stock of another quarter."""

    value: int | None
    is_used: bool


@dataclass(frozen=True)
class QuarterPart:
    """One return: its sectors with the cells of each column."""

    number: int
    period: Period
    version: ReturnVersion
    lines: tuple[tuple[Row, tuple[OpenedCell, ...]], ...]


@dataclass(frozen=True)
class Opened:
    parts: Parts
    cut: Cut
    totals: tuple[int | None, ...]


def open_figure(gathered: Gathered, code: str, until: int, unit: Unit | None, sector: str) -> Opened | None:
    """None for no such figure or sector."""
    parts = parts_of(code, gathered.settings.introduction_by, gathered.settings.admission_by)
    if parts is None or (sector and sector not in gathered.sectors):
        return None
    cut = gathered.cut(until, (unit.id,) if unit else None)
    if sector:
        cut = cut.within(sector)
    used = used_cells(gathered.facts, code, parts, cut)
    return Opened(parts, cut, tuple(sum(part.values()) if part else None for part in used))


def lines_of(gathered: Gathered, code: str, opened: Opened) -> Iterator[UnitLine]:
    used = used_cells(gathered.facts, code, opened.parts, opened.cut)
    for unit in gathered.units:
        own = [[value for (one, _, _), value in part.items() if one == unit.id] for part in used]
        cut = opened.cut.of(unit.id)
        if all(taking == Taking.LAST for _, taking in opened.parts):
            cut = cut.at_its_end()
        count = sum(1 for _ in cut.returned(gathered.facts))
        yield UnitLine(unit, tuple(sum(values) if values else None for values in own), count, cut.asked_count)


def quarters_of(gathered: Gathered, code: str, opened: Opened, unit: Unit) -> Iterator[QuarterPart]:
    """Of one unit, the returns that count, in order; those of other quarters are left out where only the last is asked."""
    used = used_cells(gathered.facts, code, opened.parts, opened.cut)
    only_last = all(taking == Taking.LAST for _, taking in opened.parts)
    cut = opened.cut.at_its_end() if only_last else opened.cut
    columns = [taken(gathered.facts, column, Taking.SPAN, cut) for column, _ in opened.parts]
    for _, number in cut.returned(gathered.facts):
        lines = []
        for row in gathered.definition.rows:
            if row.key in cut.sectors:
                place = (unit.id, number, row.key)
                cells = (OpenedCell(all_.get(place), place in part) for all_, part in zip(columns, used, strict=True))
                lines.append((row, tuple(cells)))
        yield QuarterPart(number, gathered.periods[number], gathered.versions[unit.id, number], tuple(lines))
