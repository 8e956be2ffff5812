"""Names and order of periods: the span of a sheet's years, quarters of a year."""

from collections.abc import Iterator
from datetime import date, timedelta

from seminar.planning.rules import UNKNOWN
from seminar.statistics.rules.definitions import Definition

ROMAN = ("I", "II", "III", "IV")
MOST_QUARTERS = 60
QUARTER_DUE_DAYS = 10
"""A quarter's figures are proposed to be due so many days after its end: an assumption of the software."""


def span_name(definition: Definition) -> str:
    """ "giai đoạn 2021 - 2023"; of one year "năm 2023"."""
    years = [row.year for row in definition.rows if row.year is not None]
    if not years:
        return f"giai đoạn {UNKNOWN}"
    return f"giai đoạn {min(years)} - {max(years)}" if len(years) > 1 else f"năm {years[0]}"


def quarter_name(year: int, quarter: int) -> str:
    return f"quý {ROMAN[quarter - 1]}/{year}"


def quarters_from(year: int, quarter: int, count: int) -> Iterator[tuple[int, int]]:
    """(year, quarter), so many one after the other."""
    for step in range(count):
        years, rest = divmod(quarter - 1 + step, 4)
        yield year + years, rest + 1


def quarter_end(year: int, quarter: int) -> date:
    """Its last day, for which stocks are asked."""
    after = date(year + 1, 1, 1) if quarter == 4 else date(year, quarter * 3 + 1, 1)
    return after - timedelta(days=1)
