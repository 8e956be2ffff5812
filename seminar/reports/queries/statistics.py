"""The units' statistics as figures of the report: how many units, and the province's sums, each opened down to its cells."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from seminar.lib.database import db
from seminar.lib.errors import N_
from seminar.lib.text import thousands
from seminar.minutes.queries import Figure
from seminar.planning.models import Seminar
from seminar.statistics.documents.tables import row_label
from seminar.statistics.models import TargetPlan
from seminar.statistics.queries.tables import PeriodTable, opened_periods, tables_of
from seminar.statistics.rules import is_optional, label_of
from seminar.statistics.rules.consolidation import Asked, shown_keys, shown_rows

KEY = "data."
LONGEST_KEY = 60
"""What a placeholder in prose takes (rules/result.py)."""


@dataclass(frozen=True)
class PeriodFigures:
    """`sums` by row and column; those that no unit has are missing, not zero."""

    table: PeriodTable
    accepted: Figure
    missing: Figure
    sums: dict[Asked, Figure]

    @property
    def is_owed(self) -> bool:
        """False of a sheet that nobody has to return (domain.md Đ12): who did not is not named."""
        return not is_optional(self.table.period.sheet.title)

    def __iter__(self) -> Iterator[Figure]:
        yield self.accepted
        yield self.missing
        yield from self.sums.values()


def period_figures(seminar: Seminar) -> list[PeriodFigures]:
    """Of all opened periods but those of the targets."""
    of_targets = set(db.session.scalars(select(TargetPlan.sheet_id).where(TargetPlan.seminar_id == seminar.id)))
    periods = [period for period in opened_periods(seminar) if period.sheet_id not in of_targets]
    return [_figures(table) for table in tables_of(seminar, periods)]


def _figures(table: PeriodTable) -> PeriodFigures:
    key = f"{KEY}{table.period.id}"
    accepted, missing = len(table.accepted), len(table.missing)
    return PeriodFigures(
        table,
        Figure(f"{key}.units", N_("units with figures"), accepted, f"{table.address}/units"),
        Figure(f"{key}.missing", N_("units without figures"), missing, f"{table.address}/units?which=missing"),
        dict(_sums(table, key)),
    )


def _sums(table: PeriodTable, key: str) -> Iterator[tuple[Asked, Figure]]:
    definition = table.definition
    for row in shown_rows(definition):
        for column in shown_keys(definition):
            asked, name = Asked(row, column), f"{key}.{row}.{column}"
            value = table.whole.total(asked).value
            if isinstance(value, int) and len(name) <= LONGEST_KEY:
                label = f"{row_label(definition, row)}: {label_of(definition, column)}"
                yield asked, Figure(name, label, value, table.figure_address(asked), thousands(value))
