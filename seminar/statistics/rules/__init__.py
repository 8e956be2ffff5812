"""Decisions about sheets, returns and figures: pure, by the formulas of domain.md 3.4."""

from seminar.statistics.rules.cells import MOST, read_answer, read_count
from seminar.statistics.rules.checks import Problem, count_of, growth, label_of, problems, ratio_of
from seminar.statistics.rules.definitions import (
    Check,
    CheckKind,
    Column,
    ColumnKind,
    Definition,
    Formula,
    FormulaKind,
    Layout,
    Level,
    Row,
    Values,
    cell_key,
    read_definition,
)
from seminar.statistics.rules.states import (
    RETURN_STATE_LABELS,
    ReturnState,
    counted_version,
    is_optional,
    standing_ruling,
    state_of,
)

__all__ = [
    "MOST",
    "RETURN_STATE_LABELS",
    "Check",
    "CheckKind",
    "Column",
    "ColumnKind",
    "Definition",
    "Formula",
    "FormulaKind",
    "Layout",
    "Level",
    "Problem",
    "ReturnState",
    "Row",
    "Values",
    "cell_key",
    "count_of",
    "counted_version",
    "growth",
    "is_optional",
    "label_of",
    "problems",
    "ratio_of",
    "read_answer",
    "read_count",
    "read_definition",
    "standing_ruling",
    "state_of",
]
