"""The province's table of a period: all units that are asked, what is accepted of them, and the figures made of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from urllib.parse import quote_plus

from seminar.planning.models import Seminar, Unit
from seminar.planning.queries import units_on
from seminar.statistics.models import Period, Return, ReturnVersion
from seminar.statistics.queries.returns import counted_values, returns_of, sheets_of
from seminar.statistics.rules import Definition, ReturnState, counted_version, read_definition, state_of
from seminar.statistics.rules.consolidation import Asked, Consolidation, Reading
from seminar.statistics.rules.groups import compared
from seminar.statistics.rules.starters import ANNEX, OFFICIAL

_quoted = lru_cache(1000)(quote_plus)
"""Of a row; the keys of columns have no character that would need it."""


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
    groups: "PeriodTable | None" = None
    """Of the annex: itself and the plan's form beside each other, for the ratios by group (`rules.groups`)."""
    form: "PeriodTable | None" = None
    """Of such a table: the plan's form; `period` and `versions` are the annex's."""

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
        query = {"row": _quoted(asked.row), "key": asked.key}
        if self.form is not None:
            query["groups"] = "1"
        if asked.reading != Reading.VALUE:
            query["reading"] = asked.reading.value
        if asked.of:
            query["of"] = asked.of
        if unit_id is not None:
            query["unit"] = str(unit_id)
        return f"{self.address}/figure?{'&'.join(f'{name}={value}' for name, value in query.items())}"


def opened_periods(seminar: Seminar) -> list[Period]:
    """In the order of the sheets; those never opened have nothing."""
    return [period for sheet in sheets_of(seminar) for period in sheet.periods if period.opened_at is not None]


def table_of(seminar: Seminar, period: Period) -> PeriodTable:
    return tables_of(seminar, [period])[0]


def tables_of(seminar: Seminar, periods: Sequence[Period]) -> list[PeriodTable]:
    """In a number of statements that grows neither with the units nor with the periods."""
    units = units_on(seminar.held_on)
    forms = _forms(seminar, periods)
    wanted = {period.id: period for period in (*periods, *forms.values())}
    returns = returns_of(*wanted.values()) if wanted else []
    made = {
        id: _table(seminar, period, units, [one for one in returns if one.period_id == id])
        for id, period in wanted.items()
    }
    for annex_id, form in forms.items():
        made[annex_id] = replace(made[annex_id], groups=_groups(made[annex_id], made[form.id]))
    return [made[period.id] for period in periods]


def _forms(seminar: Seminar, periods: Sequence[Period]) -> dict[int, Period]:
    """Id of a period of the annex -> the period of the plan's form with the same years."""
    annexes = [period for period in periods if period.sheet.code == ANNEX]
    if not annexes:
        return {}
    forms = [period for period in opened_periods(seminar) if period.sheet.code == OFFICIAL]
    fitting = ((annex.id, form) for annex in annexes for form in reversed(forms) if _compared(form, annex) is not None)
    return dict(fitting)


def _compared(form: Period, annex: Period) -> Definition | None:
    return compared(read_definition(form.sheet.definition), read_definition(annex.sheet.definition))


def _groups(annex: PeriodTable, form: PeriodTable) -> PeriodTable:
    """Of the units of which both count; of the others stands the return that does not."""
    definition = compared(form.definition, annex.definition)
    assert definition is not None
    units = list({unit.id: unit for unit in (*annex.units, *form.units)}.values())
    both = annex.versions.keys() & form.versions.keys()
    values = {id: {**form.whole.values[id], **annex.whole.values[id]} for id in both}
    returns = {
        unit.id: one
        for unit in units
        if (one := (annex if unit.id in form.versions else form).returns.get(unit.id)) is not None
    }
    whole = Consolidation(definition, tuple(unit.id for unit in units), values)
    versions = {id: annex.versions[id] for id in both}
    return PeriodTable(annex.slug, annex.period, definition, units, returns, whole, versions, form=form)


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
