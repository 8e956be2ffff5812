"""Reads of sheets, returns and figures."""

from seminar.statistics.queries.board import BoardCell, BoardPeriod, board_of, board_periods, unit_board
from seminar.statistics.queries.entry import Entry, entry_of
from seminar.statistics.queries.returns import (
    counted_values,
    period_or_404,
    return_of,
    returns_of,
    sheets_of,
    values_of,
)
from seminar.statistics.queries.sheets import PeriodUse, sheet_by_code, sheet_or_404, uses_of, was_sent

__all__ = [
    "BoardCell",
    "BoardPeriod",
    "Entry",
    "PeriodUse",
    "board_of",
    "board_periods",
    "counted_values",
    "entry_of",
    "period_or_404",
    "return_of",
    "returns_of",
    "sheet_by_code",
    "sheet_or_404",
    "sheets_of",
    "unit_board",
    "uses_of",
    "values_of",
    "was_sent",
]
