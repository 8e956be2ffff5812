"""Reads of sheets, returns and figures."""

from seminar.statistics.queries.returns import counted_values, period_or_404, returns_of, sheets_of, values_of

__all__ = ["counted_values", "period_or_404", "returns_of", "sheets_of", "values_of"]
