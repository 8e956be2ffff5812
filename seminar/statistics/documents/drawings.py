"""Which charts a province's table has: by its definition, whatever sheet it is."""

from collections.abc import Sequence

from seminar.statistics.documents.charts import Chart, ChartKind, Mark, Measure, Series
from seminar.statistics.documents.tables import row_label
from seminar.statistics.queries.tables import PeriodTable
from seminar.statistics.rules import ColumnKind, Definition, label_of
from seminar.statistics.rules.consolidation import (
    ALL_ROWS,
    Asked,
    counted_rows,
    has_years,
    latest_row,
    ratios_of,
    reckoning_of,
    sums_of,
)

MOST_SERIES = 6


def charts_of(table: PeriodTable) -> list[Chart]:
    """Parts of the sum by rows, ratios by rows, the sum and the first ratio by units; those without any figure are left out."""
    made = [_parts(table), _ratios(table), *_units(table)]
    return [chart for chart in made if chart is not None and chart.has_values]


def _coverage(table: PeriodTable, rows: Sequence[str], keys: Sequence[str]) -> str:
    """ " (12–19/20 đơn vị)" where not every total is of all units, else ""."""
    counts = {len(table.whole.total(Asked(row, key)).counted) for row in rows for key in keys}
    least, most, asked = min(counts), max(counts), len(table.units)
    if least == asked:
        return ""
    return f" ({least}–{most}/{asked} đơn vị)" if least < most else f" ({most}/{asked} đơn vị)"


def _rows(table: PeriodTable, key: str) -> Series:
    values = tuple(table.whole.total(Asked(row.key, key)).value for row in table.definition.rows)
    return Series(label_of(table.definition, key), values)


def _flows(definition: Definition) -> list[str]:
    return [column.key for column in definition.columns if column.kind == ColumnKind.FLOW]


def _parts(table: PeriodTable) -> Chart | None:
    definition = table.definition
    labels = tuple(row.label for row in definition.rows)
    sums = sums_of(definition)
    if sums:
        formula = definition.formula(sums[0])
        assert formula is not None
        title, keys = f"{formula.label}, toàn tỉnh", list(formula.of)
    else:
        title, keys = f"{definition.title}, toàn tỉnh", _flows(definition)
    if not keys or len(keys) > MOST_SERIES:
        return None
    title += _coverage(table, [row.key for row in definition.rows], keys)
    return Chart(title, labels, tuple(_rows(table, key) for key in keys))


def _ratios(table: PeriodTable) -> Chart | None:
    keys = ratios_of(table.definition)[:MOST_SERIES]
    if not keys:
        return None
    labels = tuple(row.label for row in table.definition.rows)
    series = tuple(_rows(table, key) for key in keys)
    title = series[0].name if len(series) == 1 else "Các tỷ lệ, toàn tỉnh"
    title += _coverage(table, [row.key for row in table.definition.rows], keys)
    return Chart(title, labels, series, measure=Measure.PERCENT)


def _units(table: PeriodTable) -> list[Chart]:
    """Over all rows where that can be summed, else the last one."""
    definition = table.definition
    found = []
    for keys, measure in (
        (sums_of(definition) or _flows(definition), Measure.COUNT),
        (ratios_of(definition), Measure.PERCENT),
    ):
        if not keys:
            continue
        key = keys[0]
        row = ALL_ROWS if reckoning_of(definition, Asked(ALL_ROWS, key)) else latest_row(definition).key
        asked = Asked(row, key)
        rows = counted_rows(definition)
        if row != ALL_ROWS:
            when = f" ({row_label(definition, row)})"
        else:
            when = f" ({rows[0].label} – {rows[-1].label})" if has_years(definition) else ""
        values = tuple(table.whole.of_unit(unit.id, asked) for unit in table.units)
        whole = table.whole.total(asked).value
        marks = (
            (Mark(f"Toàn tỉnh{_coverage(table, [row], [key])}", whole),)
            if measure == Measure.PERCENT and whole is not None
            else ()
        )
        found.append(
            Chart(
                f"{label_of(definition, key)} theo đơn vị{when}",
                tuple(unit.name for unit in table.units),
                (Series(label_of(definition, key), values),),
                ChartKind.BARS,
                measure,
                marks,
            )
        )
    return found
