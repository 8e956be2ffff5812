"""The targets over several years: quarters, sums, completion, pace and need (domain.md 3.4, formulas 1 to 3 and 13)."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from seminar.lib.text import decimal
from seminar.statistics.rules.definitions import Values

SHEET_CODE = "chi-tieu-quy"
MEMBERS, CADRES, OUTSTANDING = "members", "cadres", "outstanding"
INTRODUCED, ADMITTED, ADMITTED_MEMBERS = "introduced", "admitted", "admitted_members"
NEW_PARTY_MEMBERS, STALE, COMMENTED, REACHED = "new_party_members", "stale", "commented", "reached"
COLUMNS = (
    *(MEMBERS, CADRES, OUTSTANDING, INTRODUCED, ADMITTED, ADMITTED_MEMBERS),
    *(NEW_PARTY_MEMBERS, STALE, COMMENTED, REACHED),
)
"""What the quarterly sheet must have."""

Facts = Mapping[tuple[int, int], Values]
"""(unit id, quarter counted from 1) -> the figures that count. A return that is not there is missing, not zero."""
Place = tuple[int, int, str]
"""(unit id, quarter counted from 1, sector) of one cell."""


@dataclass(frozen=True)
class Span:
    """The quarters of a target plan: the plan of 8/2021 counts from quarter I or III of 2021 (domain.md Đ28)."""

    first_year: int
    first_quarter: int
    count: int

    def at(self, number: int) -> tuple[int, int]:
        """(year, quarter) of the quarter with the number, from 1."""
        years, quarter = divmod(self.first_quarter + number - 2, 4)
        return self.first_year + years, quarter + 1

    def number_of(self, year: int, quarter: int) -> int | None:
        """None where it lies outside."""
        number = (year - self.first_year) * 4 + quarter - self.first_quarter + 1
        return number if 1 <= number <= self.count else None

    @property
    def years(self) -> list[int]:
        return list(range(self.first_year, self.at(self.count)[0] + 1))

    def quarters_in(self, year: int, until: int) -> int:
        """How many quarters of the year belong to the plan, of its first `until`."""
        return sum(self.at(number)[0] == year for number in range(1, until + 1))


@dataclass(frozen=True)
class Sum:
    """What is known of a sum; `blank` cells of returns that count were left blank and are not taken for zero."""

    value: int | None
    known: int = 0
    blank: int = 0


@dataclass(frozen=True)
class Cut:
    """What of the facts is looked at: these units and sectors, quarters `since` to `until`."""

    units: Collection[int]
    sectors: tuple[str, ...]
    until: int
    since: int = 1

    def at_its_end(self) -> "Cut":
        """The same in the last quarter only, for stocks: they are never summed over quarters (domain.md Đ13)."""
        return Cut(self.units, self.sectors, self.until, self.until)

    def of(self, unit_id: int) -> "Cut":
        return Cut((unit_id,), self.sectors, self.until, self.since)

    def within(self, sector: str) -> "Cut":
        return Cut(self.units, (sector,), self.until, self.since)

    def returned(self, facts: Facts) -> Iterator[tuple[int, int]]:
        """(unit, quarter) of the returns that count."""
        for number in range(self.since, self.until + 1):
            for unit in self.units:
                if (unit, number) in facts:
                    yield unit, number

    @property
    def asked_count(self) -> int:
        """How many returns there would be if every unit had sent every quarter."""
        return len(self.units) * (self.until - self.since + 1)


def cells_of(facts: Facts, column: str, cut: Cut) -> dict[Place, int]:
    """The cells that are filled in."""
    return {
        (*key, sector): facts[key][sector, column]
        for key in cut.returned(facts)
        for sector in cut.sectors
        if (sector, column) in facts[key]
    }


def sum_of(facts: Facts, column: str, cut: Cut) -> Sum:
    """Of a flow over the quarters, or of a stock where the cut is one quarter."""
    cells = cells_of(facts, column, cut)
    asked = sum(1 for _ in cut.returned(facts)) * len(cut.sectors)
    return Sum(sum(cells.values()) if cells else None, len(cells), asked - len(cells))


class NeedKind(StrEnum):
    UNKNOWN = "unknown"
    REACHED = "reached"
    IMPOSSIBLE = "impossible"
    PER_QUARTER = "per_quarter"


@dataclass(frozen=True)
class Need:
    """What each quarter that is left must bring; nothing where reached, "không thể" where none is left."""

    kind: NeedKind
    per_quarter: Fraction | None = None
    lacking: int = 0


@dataclass(frozen=True)
class Course:
    """One target and how far it is. `target` None: none was given."""

    target: int | None
    actual: Sum
    expected: Fraction | None
    quarters_left: int
    is_comparable: bool = True
    """False: what was reached came also in years for which nothing was given, so it is not measured by what was."""

    @property
    def completion(self) -> Fraction | None:
        """Formula 1. None where nothing was returned or no target was given."""
        if not self.is_comparable or not self.target or self.actual.value is None:
            return None
        return Fraction(self.actual.value, self.target)

    @property
    def pace(self) -> Fraction | None:
        """Formula 2: actual by expected."""
        if not self.is_comparable or not self.expected or self.actual.value is None:
            return None
        return self.actual.value / self.expected

    @property
    def need(self) -> Need:
        """Formula 3."""
        if not self.is_comparable or self.target is None or self.actual.value is None:
            return Need(NeedKind.UNKNOWN)
        lacking = self.target - self.actual.value
        if lacking <= 0:
            return Need(NeedKind.REACHED)
        if self.quarters_left <= 0:
            return Need(NeedKind.IMPOSSIBLE, None, lacking)
        return Need(NeedKind.PER_QUARTER, Fraction(lacking, self.quarters_left), lacking)


def linear(target: int, until: int, count: int) -> Fraction:
    """What an even course would have reached: 9000·k/20 = 450 a quarter. The plan gives none; an assumption of ours."""
    return Fraction(target * until, count)


def course_of(target: int, actual: Sum, until: int, span: Span) -> Course:
    """Of the province: even over all quarters."""
    return Course(target, actual, linear(target, until, span.count), span.count - until)


def course_of_unit(shares: Mapping[int, int], actual: Sum, until: int, span: Span) -> Course:
    """Of one unit: even within each year, by what the unit was given for it. `shares`: year -> count.

    Years that were not given yet ask nothing: what is lacking is to be reached in those that were, while one is left.
    """
    if not shares:
        return Course(None, actual, None, span.count - until)
    expected = Fraction(0)
    for year, count in shares.items():
        whole = span.quarters_in(year, span.count)
        if whole:
            expected += Fraction(count * span.quarters_in(year, until), whole)
    years = [span.at(number)[0] for number in range(1, span.count + 1)]
    left = sum(year in shares for year in years[until:]) or span.count - until
    return Course(sum(shares.values()), actual, expected, left, all(year in shares for year in years[:until]))


def percent(value: Fraction | None, places: int = 2) -> str:
    """5/9 -> "55,56 %"; "" for None. What lies below a whole percent is not shown as reaching it: 69,996 -> "69,99 %"."""
    if value is None:
        return ""
    scale = 10**places
    parts = value * 100 * scale
    rounded = int(parts + Fraction(1, 2))
    if rounded % scale == 0 and parts < rounded:
        rounded -= 1
    return f"{short(Fraction(rounded, scale), places)}\N{NO-BREAK SPACE}%"


def short(number: int | Fraction, places: int = 1) -> str:
    """2500/9 -> "277,8", 1800 -> "1.800": at most so many places."""
    text = decimal(number, places)
    return text.rstrip("0").rstrip(",") if "," in text else text
