"""The province's figures (domain.md 3.4, "S1 form formulas"): each a sum over the units that have it whole.

Blank is not zero: a unit that lacks one cell of a figure is left out of it and named. Stocks are not summed over years (Đ13).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

from seminar.statistics.rules.definitions import ColumnKind, Definition, FormulaKind, Row, Values

ALL_ROWS = "*"
Number = int | Fraction
Place = tuple[str, str]
"""(row key, column key) of a cell."""


class Reading(StrEnum):
    VALUE = "value"
    """As returned; of a formula, its sum or ratio."""
    GROWTH = "growth"
    """To the row of the year before, in shares of it."""
    SHARE = "share"
    """Of a part in its sum."""
    AVERAGE = "average"
    """Of all rows."""


@dataclass(frozen=True)
class Asked:
    """One figure: of a row or of all of them (`ALL_ROWS`), of a column or a formula; `of` is the sum that a share is of."""

    row: str
    key: str
    reading: Reading = Reading.VALUE
    of: str = ""


@dataclass(frozen=True)
class Reckoning:
    """How a figure comes from cells: the sum of some, or in relation to the sum of others."""

    above: tuple[Place, ...]
    below: tuple[Place, ...] = ()
    reading: Reading = Reading.VALUE
    divisor: int = 1

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """All cells that it needs, each once."""
        return tuple(dict.fromkeys((*self.above, *self.below)))

    @cached_property
    def _needed(self) -> frozenset[Place]:
        return frozenset(self.places)

    def is_whole(self, values: Values) -> bool:
        return self._needed <= values.keys()

    def of(self, those: Sequence[Values]) -> Number | None:
        """None for nobody, and where it would be divided by zero."""
        if not those:
            return None
        above, below = (
            sum(sum(map(values.__getitem__, part)) for values in those) for part in (self.above, self.below)
        )
        if self.below:
            if not below:
                return None
            return Fraction(above - below if self.reading == Reading.GROWTH else above, below)
        return Fraction(above, self.divisor) if self.divisor > 1 else above


@dataclass(frozen=True)
class Total:
    """A figure of the province: of which units it is the sum, and which lack it."""

    value: Number | None
    counted: tuple[int, ...]
    lacking: tuple[int, ...]

    @property
    def is_whole(self) -> bool:
        return not self.lacking


@dataclass(frozen=True)
class Consolidation:
    """`unit_ids` are all that are asked, `values` the figures of those whose return is accepted."""

    definition: Definition
    unit_ids: tuple[int, ...]
    values: Mapping[int, Values]
    _reckonings: dict[Asked, Reckoning | None] = field(default_factory=dict, init=False, repr=False, compare=False)

    def reckoning(self, asked: Asked) -> Reckoning | None:
        """As `reckoning_of`: a table asks for the same figure of every unit."""
        if asked not in self._reckonings:
            self._reckonings[asked] = reckoning_of(self.definition, asked)
        return self._reckonings[asked]

    def of_unit(self, unit_id: int, asked: Asked) -> Number | None:
        reckoning, values = self.reckoning(asked), self.values.get(unit_id, {})
        return reckoning.of([values]) if reckoning and reckoning.is_whole(values) else None

    def total(self, asked: Asked) -> Total:
        reckoning = self.reckoning(asked)
        if reckoning is None:
            return Total(None, (), self.unit_ids)
        counted = tuple(one for one in self.unit_ids if reckoning.is_whole(self.values.get(one, {})))
        known = set(counted)
        lacking = tuple(one for one in self.unit_ids if one not in known)
        return Total(reckoning.of([self.values[one] for one in counted]), counted, lacking)


def columns_of(definition: Definition, key: str) -> tuple[str, ...]:
    """The columns that a column or a sum is made of; nothing for a ratio and for what there is not."""
    if definition.column(key) is not None:
        return (key,)
    formula = definition.formula(key)
    if formula is None or formula.kind != FormulaKind.SUM:
        return ()
    return tuple(column for part in formula.of for column in columns_of(definition, part))


def has_years(definition: Definition) -> bool:
    """Whether the rows are years, over which stocks are not summed; else they are parts of one whole (sectors)."""
    return any(row.year is not None for row in definition.rows)


def counted_rows(definition: Definition) -> tuple[Row, ...]:
    """What is summed over all rows: the years where there are years, so that a row “Tổng” beside them counts nothing twice."""
    return tuple(row for row in definition.rows if row.year is not None) or definition.rows


def latest_row(definition: Definition) -> Row:
    """That of the last year, in whatever order they stand; without years the last one."""
    return (
        max(counted_rows(definition), key=lambda row: row.year or 0) if has_years(definition) else definition.rows[-1]
    )


def is_percent(definition: Definition, asked: Asked) -> bool:
    formula = definition.formula(asked.key)
    is_ratio = formula is not None and formula.kind == FormulaKind.RATIO
    return is_ratio or asked.reading in (Reading.GROWTH, Reading.SHARE)


def year_before(definition: Definition, row: Row | None) -> Row | None:
    if row is None or row.year is None:
        return None
    return next((one for one in definition.rows if one.year == row.year - 1), None)


def reckoning_of(definition: Definition, asked: Asked) -> Reckoning | None:
    """None where there is no such figure: a stock over years, growth of the first year, a share of what is no part."""
    row = definition.row(asked.row)
    if row is None and asked.row != ALL_ROWS:
        return None
    above = _cells(definition, asked.row, asked.key, asked.reading)
    below: tuple[Place, ...] = ()
    divisor = 1
    match asked.reading:
        case Reading.VALUE:
            formula = definition.formula(asked.key)
            if formula is not None and formula.kind == FormulaKind.RATIO:
                above, below = (_cells(definition, asked.row, part) for part in formula.of[:2])
                if not below:
                    return None
        case Reading.GROWTH:
            before = year_before(definition, row)
            below = _cells(definition, before.key, asked.key) if before else ()
            if not below:
                return None
        case Reading.SHARE:
            whole = definition.formula(asked.of)
            if whole is None or whole.kind != FormulaKind.SUM or asked.key not in whole.of:
                return None
            below = _cells(definition, asked.row, asked.of)
            if not below:
                return None
        case Reading.AVERAGE:
            if asked.row != ALL_ROWS:
                return None
            divisor = len(counted_rows(definition))
    return Reckoning(above, below, asked.reading, divisor) if above else None


def _cells(definition: Definition, row: str, key: str, reading: Reading = Reading.VALUE) -> tuple[Place, ...]:
    columns = columns_of(definition, key)
    if row != ALL_ROWS:
        return tuple((row, column) for column in columns)
    may_sum = reading == Reading.AVERAGE or not has_years(definition)
    kinds = {one.key: one.kind for one in definition.columns}
    if not may_sum and any(kinds[column] != ColumnKind.FLOW for column in columns):
        return ()
    return tuple((one.key, column) for one in counted_rows(definition) for column in columns)


def sums_of(definition: Definition) -> list[str]:
    return [one.key for one in definition.formulas if one.kind == FormulaKind.SUM]


def ratios_of(definition: Definition) -> list[str]:
    return [one.key for one in definition.formulas if one.kind == FormulaKind.RATIO]


def shown_keys(definition: Definition) -> list[str]:
    """The columns of the table: those of the sheet, then its sums, then its ratios."""
    return [*(one.key for one in definition.columns), *sums_of(definition), *ratios_of(definition)]


def shown_rows(definition: Definition) -> list[str]:
    """The rows of the table; where there are several, all of them together last."""
    rows = [one.key for one in definition.rows]
    return [*rows, ALL_ROWS] if len(rows) > 1 else rows


def shares_of(definition: Definition) -> Iterator[tuple[str, str]]:
    """(part, sum) of every sum."""
    for formula in definition.formulas:
        if formula.kind == FormulaKind.SUM:
            yield from ((part, formula.key) for part in formula.of)
