"""Reads of sheets, returns and figures."""

from seminar.statistics.queries.board import BoardCell, BoardPeriod, board_cell, board_of, board_periods
from seminar.statistics.queries.returns import counted_values, period_or_404, returns_of, sheets_of, values_of

__all__ = [
    "BoardCell",
    "BoardPeriod",
    "board_cell",
    "board_of",
    "board_periods",
    "counted_values",
    "period_or_404",
    "returns_of",
    "sheets_of",
    "values_of",
]
