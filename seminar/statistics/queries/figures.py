"""A figure of the province's table, opened down to the cells of the units, and to the versions that these stand in."""

from dataclasses import dataclass

from seminar.planning.models import Unit
from seminar.statistics.models import ReturnVersion
from seminar.statistics.queries.tables import PeriodTable
from seminar.statistics.rules import Column, ReturnState, label_of
from seminar.statistics.rules.consolidation import (
    ALL_ROWS,
    Asked,
    Number,
    Place,
    Reckoning,
    reckoning_of,
)


@dataclass(frozen=True)
class UnitCells:
    """What one unit gives to a figure; None are cells that it left blank, which `blanks` names."""

    unit: Unit
    state: ReturnState
    version: ReturnVersion | None
    cells: tuple[int | None, ...]
    value: Number | None
    is_counted: bool
    blanks: tuple[str, ...]


@dataclass(frozen=True)
class OpenedFigure:
    asked: Asked
    reckoning: Reckoning
    label: str
    row: str
    """Label of its row; "" for all rows together."""
    of: str
    places: tuple[Place, ...]
    headings: tuple[str, ...]
    """Of the cells, as "Năm 2021: Tổng số đoàn viên"."""
    columns: tuple[Column, ...]
    """Of the cells."""
    units: tuple[UnitCells, ...]
    unit: Unit | None

    @property
    def counted(self) -> list[UnitCells]:
        return [one for one in self.units if one.is_counted]

    @property
    def lacking(self) -> list[UnitCells]:
        return [one for one in self.units if not one.is_counted]

    @property
    def sums(self) -> tuple[int | None, ...]:
        """Of each cell over the units that count; None where nobody does."""
        those = self.counted
        return tuple(
            sum(one.cells[place] or 0 for one in those) if those else None for place in range(len(self.places))
        )

    def sum_of(self, places: tuple[Place, ...]) -> int | None:
        """Over the units that count, of some of the cells; a cell counts as often as it stands there."""
        at = dict(zip(self.places, self.sums, strict=True))
        return sum(at[place] or 0 for place in places) if self.counted else None


def figure_of(table: PeriodTable, asked: Asked, unit_id: int | None = None) -> OpenedFigure:
    """`asked` is one that there is (`rules.reckoning_of`); with a unit, that unit's own figure."""
    definition = table.definition
    reckoning = reckoning_of(definition, asked)
    assert reckoning is not None
    places = reckoning.places
    headings = tuple(f"{_row(table, row)}: {label_of(definition, column)}" for row, column in places)
    units = [unit for unit in table.units if unit_id in (None, unit.id)]
    return OpenedFigure(
        asked,
        reckoning,
        label_of(definition, asked.key),
        "" if asked.row == ALL_ROWS else _row(table, asked.row),
        label_of(definition, asked.of) if asked.of else "",
        places,
        headings,
        tuple(column for _row, key in places if (column := definition.column(key)) is not None),
        tuple(_unit(table, unit, asked, reckoning, headings) for unit in units),
        units[0] if unit_id is not None else None,
    )


def _row(table: PeriodTable, key: str) -> str:
    row = table.definition.row(key)
    return row.label if row else key


def _unit(table: PeriodTable, unit: Unit, asked: Asked, reckoning: Reckoning, headings: tuple[str, ...]) -> UnitCells:
    values = table.whole.values.get(unit.id, {})
    return UnitCells(
        unit,
        table.state(unit.id),
        table.versions.get(unit.id),
        tuple(values.get(place) for place in reckoning.places),
        table.whole.of_unit(unit.id, asked),
        reckoning.is_whole(values),
        tuple(heading for place, heading in zip(reckoning.places, headings, strict=True) if place not in values),
    )
