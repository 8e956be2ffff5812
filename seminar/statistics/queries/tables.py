"""The province's table of a period: all units that are asked, what is accepted of them, and the figures made of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from seminar.planning.models import Seminar, Unit
from seminar.planning.queries import units_on
from seminar.statistics.models import Period, Return, ReturnVersion
from seminar.statistics.queries.returns import counted_values, returns_of, sheets_of
from seminar.statistics.rules import Definition, ReturnState, counted_version, read_definition, state_of
from seminar.statistics.rules.consolidation import Asked, Consolidation, Reading


@dataclass(frozen=True)
class PeriodTable:
    """`units` are those that exist on the day of the seminar, and older ones of which something is accepted."""

    slug: str
    period: Period
    definition: Definition
    units: list[Unit]
    returns: dict[int, Return]
    """By unit id."""
    whole: Consolidation
    versions: dict[int, ReturnVersion] = field(repr=False)
    """Those that count, by unit id."""

    @property
    def accepted(self) -> list[Unit]:
        return [unit for unit in self.units if unit.id in self.versions]

    @property
    def missing(self) -> list[Unit]:
        """Units of which nothing counts: they are not zero, they are missing."""
        return [unit for unit in self.units if unit.id not in self.versions]

    @property
    def name(self) -> str:
        return f"{self.period.sheet.title}, {self.period.name}"

    @property
    def address(self) -> str:
        return f"/seminars/{self.slug}/statistics/periods/{self.period.id}"

    def state(self, unit_id: int) -> ReturnState:
        return state_of(self.returns.get(unit_id))

    def figure_address(self, asked: Asked, unit_id: int | None = None) -> str:
        """Of the page that opens the figure down to its cells."""
        query = {"row": asked.row, "key": asked.key}
        if asked.reading != Reading.VALUE:
            query["reading"] = asked.reading.value
        if asked.of:
            query["of"] = asked.of
        if unit_id is not None:
            query["unit"] = str(unit_id)
        return f"{self.address}/figure?{urlencode(query)}"


def opened_periods(seminar: Seminar) -> list[Period]:
    """In the order of the sheets; those never opened have nothing."""
    return [period for sheet in sheets_of(seminar) for period in sheet.periods if period.opened_at is not None]


def table_of(seminar: Seminar, period: Period) -> PeriodTable:
    return tables_of(seminar, [period])[0]


def tables_of(seminar: Seminar, periods: Sequence[Period]) -> list[PeriodTable]:
    """In a number of statements that grows neither with the units nor with the periods."""
    units = units_on(seminar.held_on)
    returns = returns_of(*periods) if periods else []
    return [
        _table(seminar, period, units, [one for one in returns if one.period_id == period.id]) for period in periods
    ]


def _table(seminar: Seminar, period: Period, units: Sequence[Unit], returns: Iterable[Return]) -> PeriodTable:
    by_unit = {one.unit_id: one for one in returns}
    counted = {unit_id: version for unit_id, one in by_unit.items() if (version := counted_version(one)) is not None}
    known = {unit.id for unit in units}
    older = sorted(
        (by_unit[unit_id].unit for unit_id in counted if unit_id not in known),
        key=lambda unit: (unit.position, unit.id),
    )
    everyone = [*units, *older]
    definition = read_definition(period.sheet.definition)
    whole = Consolidation(definition, tuple(unit.id for unit in everyone), counted_values(list(by_unit.values())))
    return PeriodTable(seminar.slug, period, definition, everyone, by_unit, whole, counted)
