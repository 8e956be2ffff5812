"""The province's table as lines: the same for the page, Word, PDF, Excel, CSV and the annex of the report. Vietnamese."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from seminar.lib.text import decimal, percent, thousands
from seminar.statistics.queries.tables import PeriodTable
from seminar.statistics.rules import RETURN_STATE_LABELS, Definition, label_of
from seminar.statistics.rules.consolidation import (
    ALL_ROWS,
    Asked,
    Number,
    Reading,
    counted_rows,
    has_years,
    is_percent,
    latest_row,
    ratios_of,
    shares_of,
    shown_keys,
    shown_rows,
    sums_of,
    year_before,
)
from seminar.statistics.rules.definitions import YES, ColumnKind

MISSING = "…"
NO_FIGURE = "x"
"""Where a column has no such figure: stocks are not summed over years."""
TOGETHER = "Cộng"
PROVINCE = "Toàn tỉnh"
GROWTH_WORDS = "Tăng, giảm so với năm trước"
GROUP_WORDS = "Tỷ lệ theo nhóm, từ phụ lục và biểu mẫu của kế hoạch"
STOCK_WORDS = "Số cuối cùng và bình quân"
Heading = tuple[str, int, int]


@dataclass(frozen=True)
class Shown:
    """One figure as it stands in a table. `counted` of `asked` units have it; both are 0 where it is one unit's own."""

    value: Number | None
    text: str
    href: str = ""
    counted: int = 0
    asked: int = 0

    @property
    def coverage(self) -> str:
        """ "12/20" where not all units have it."""
        return f"{self.counted}/{self.asked}" if self.counted < self.asked else ""

    def printed(self, accepted: int, between: str = "\n") -> str:
        """With how many units it is of, where that is not said already for the whole line: not all that are accepted."""
        return f"{self.text}{between}({self.coverage})" if self.coverage and self.counted < accepted else self.text


@dataclass(frozen=True)
class Line:
    label: str
    cells: tuple[Shown, ...]
    is_total: bool = False
    state: str = ""
    """Of a unit of which nothing counts: where its return stands, as a msgid."""


@dataclass(frozen=True)
class Part:
    """The lines of one unit, or of the province."""

    name: str
    lines: tuple[Line, ...]
    state: str = ""
    """Why there are none: the state of the unit's return, as a msgid."""
    unit_id: int | None = None


def said(definition: Definition, asked: Asked, value: Number | None, *, is_own: bool = False) -> str:
    """As it prints; `is_own`: of one unit, whose yes is a yes and not one of so many."""
    if value is None:
        return MISSING
    column = definition.column(asked.key) if asked.reading == Reading.VALUE else None
    if column is not None and column.is_yes_no:
        return column.said(int(value)) if is_own and asked.row != ALL_ROWS else f"{thousands(int(value))} {YES}"
    if is_percent(definition, asked):
        sign = "+" if asked.reading == Reading.GROWTH and value > 0 else ""
        return sign + percent(value)
    return decimal(value, 1) if isinstance(value, Fraction) and value.denominator > 1 else thousands(int(value))


def shown(table: PeriodTable, asked: Asked, unit_id: int | None = None) -> Shown:
    if table.whole.reckoning(asked) is None:
        return Shown(None, NO_FIGURE)
    if unit_id is not None:
        value = table.whole.of_unit(unit_id, asked)
        return Shown(value, said(table.definition, asked, value, is_own=True), table.figure_address(asked, unit_id))
    total = table.whole.total(asked)
    text = said(table.definition, asked, total.value)
    asked_units = len(total.counted) + len(total.lacking)
    return Shown(total.value, text, table.figure_address(asked), len(total.counted), asked_units)


def row_label(definition: Definition, row: str) -> str:
    if row == ALL_ROWS:
        return TOGETHER
    found = definition.row(row)
    return found.label if found else row


def headings(definition: Definition, *first: str) -> tuple[tuple[Heading, ...], ...]:
    """One or two rows of (text, columns across, rows down): `first`, then the columns of the sheet, its sums, its ratios."""
    parts = [(column.heading, column.label) for column in definition.columns] + [
        ("", label_of(definition, key)) for key in (*sums_of(definition), *ratios_of(definition))
    ]
    down = 2 if any(over for over, _ in parts) else 1
    top: list[Heading] = [(word, 1, down) for word in first]
    below: list[Heading] = []
    last = ""
    for over, label in parts:
        if not over:
            top.append((label, 1, down))
        elif over == last:
            top[-1] = (over, top[-1][1] + 1, 1)
            below.append((label, 1, 1))
        else:
            top.append((over, 1, 1))
            below.append((label, 1, 1))
        last = over
    return (tuple(top), tuple(below)) if below else (tuple(top),)


def flat_headings(definition: Definition, *first: str) -> tuple[str, ...]:
    """The same in one row."""
    return (*first, *(label_of(definition, key) for key in shown_keys(definition)))


def _lines(table: PeriodTable, unit_id: int | None) -> tuple[Line, ...]:
    definition = table.definition
    return tuple(
        Line(
            row_label(definition, row),
            tuple(shown(table, Asked(row, key), unit_id) for key in shown_keys(definition)),
            row == ALL_ROWS,
        )
        for row in shown_rows(definition)
    )


def province(table: PeriodTable) -> Part:
    return Part(PROVINCE, _lines(table, None))


def units(table: PeriodTable) -> Iterator[Part]:
    """Every unit that is asked; one of which nothing counts has no lines and says why."""
    for unit in table.units:
        if unit.id in table.versions:
            yield Part(unit.name, _lines(table, unit.id), unit_id=unit.id)
        else:
            yield Part(unit.name, (), RETURN_STATE_LABELS[table.state(unit.id)], unit.id)


def rows(table: PeriodTable) -> Iterator[Part]:
    """For each row, and for all together, the units one under the other and the province last."""
    definition = table.definition
    for row in shown_rows(definition):
        asked = [Asked(row, key) for key in shown_keys(definition)]
        lines = [
            Line(
                unit.name,
                tuple(shown(table, one, unit.id) for one in asked),
                state="" if unit.id in table.versions else RETURN_STATE_LABELS[table.state(unit.id)],
            )
            for unit in table.units
        ]
        lines.append(Line(total_label(table), tuple(shown(table, one) for one in asked), True))
        yield Part(row_label(definition, row) if row != ALL_ROWS else together_label(definition), tuple(lines))


def total_label(table: PeriodTable) -> str:
    """ "Toàn tỉnh (12/20 đơn vị)": of how many units a total is."""
    return f"{PROVINCE} ({len(table.accepted)}/{len(table.units)} đơn vị)"


def together_label(definition: Definition) -> str:
    """ "Cộng Năm 2021 – Năm 2023"."""
    if not has_years(definition):
        return TOGETHER
    rows = counted_rows(definition)
    return f"{TOGETHER}: {rows[0].label} – {rows[-1].label}"


@dataclass(frozen=True)
class Extract:
    """A small table of the province's figures: how a sum is made up, how figures grew, what stocks are on average."""

    title: str
    rows: tuple[str, ...]
    """Labels of its columns."""
    lines: tuple[Line, ...]


def extracts(table: PeriodTable) -> list[Extract]:
    """Of stocks the latest year and the average, shares of each sum, growth; those without any figure are left out."""
    definition = table.definition
    found = []
    rows = shown_rows(definition)
    if has_years(definition) and len(definition.rows) > 1:
        stocks = [column.key for column in definition.columns if column.kind == ColumnKind.STOCK]
        latest = latest_row(definition)
        asked = [(key, [Asked(latest.key, key), Asked(ALL_ROWS, key, Reading.AVERAGE)]) for key in stocks]
        labels = (latest.label, f"Bình quân {len(counted_rows(definition))} năm")
        found.append(Extract(STOCK_WORDS, labels, _extract(table, "", [], asked).lines))
    for total in sums_of(definition):
        asked = [
            (part, [Asked(row, part, Reading.SHARE, total) for row in rows])
            for part, of in shares_of(definition)
            if of == total
        ]
        found.append(_extract(table, f"Cơ cấu: {label_of(definition, total)}", rows, asked))
    years = [row.key for row in definition.rows if year_before(definition, row)]
    if years:
        keys = [*(one.key for one in definition.columns if not one.is_yes_no), *sums_of(definition)]
        growing = [(key, [Asked(row, key, Reading.GROWTH) for row in years]) for key in keys]
        found.append(_extract(table, GROWTH_WORDS, years, growing))
    if table.groups is not None:
        found.append(_by_groups(table.groups))
    return [one for one in found if any(cell.value is not None for line in one.lines for cell in line.cells)]


def _by_groups(table: PeriodTable) -> Extract:
    rows = shown_rows(table.definition)
    asked = [(key, [Asked(row, key) for row in rows]) for key in ratios_of(table.definition)]
    return _extract(table, GROUP_WORDS, rows, asked)


def _extract(table: PeriodTable, title: str, rows: Sequence[str], asked: Sequence[tuple[str, list[Asked]]]) -> Extract:
    return Extract(
        title,
        tuple(row_label(table.definition, row) for row in rows),
        tuple(Line(label_of(table.definition, key), tuple(shown(table, one) for one in those)) for key, those in asked),
    )
