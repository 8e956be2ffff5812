"""What reports and lists are counted and made of."""

from seminar.reports.queries.result import (
    Column,
    Facts,
    Figure,
    UnitFigures,
    facts,
    figures,
    names,
    people_who_came,
    represented,
    snapshot,
)

__all__ = [
    "Column",
    "Facts",
    "Figure",
    "UnitFigures",
    "facts",
    "figures",
    "names",
    "people_who_came",
    "represented",
    "snapshot",
]
