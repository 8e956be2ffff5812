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

__all__ = [
    "BoardCell",
    "BoardPeriod",
    "Entry",
    "board_of",
    "board_periods",
    "counted_values",
    "entry_of",
    "period_or_404",
    "return_of",
    "returns_of",
    "sheets_of",
    "unit_board",
    "values_of",
]
