"""Units by quarters in one table: how much of each quarter's share was reached, or what was sent. For page, print and Excel."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from seminar.lib.sheets import workbook
from seminar.planning.models import Unit
from seminar.statistics.queries.targets import Gathered
from seminar.statistics.rules import ReturnState
from seminar.statistics.rules.periods import ROMAN, quarter_name
from seminar.statistics.rules.targets import ADMITTED, INTRODUCED, Span, Sum, percent, sum_of

STATE_WORDS = {
    ReturnState.MISSING: "chưa gửi",
    ReturnState.DRAFT: "đang nhập",
    ReturnState.SENT: "chờ duyệt",
    ReturnState.RETURNED: "trả lại",
    ReturnState.ACCEPTED: "đã nhận",
}
NOT_OPENED = "–"
UNKNOWN = "…"


class HeatKind(StrEnum):
    INTRODUCED = INTRODUCED
    ADMITTED = ADMITTED
    RETURNS = "returns"


class Heat(StrEnum):
    """Bands of a cell: of the quarter's share at least 100 %, 80 %, 50 %, or less; the bounds are printed."""

    FULL = "full"
    NEAR = "near"
    HALF = "half"
    LOW = "low"
    NONE = "none"


BOUNDS = ((Heat.FULL, 100), (Heat.NEAR, 80), (Heat.HALF, 50), (Heat.LOW, 0))


@dataclass(frozen=True)
class HeatCell:
    """`count` None: nothing is known. `share` of what an even course asks of the quarter; None: no share was given."""

    state: ReturnState | None
    count: int | None
    share: Fraction | None
    late_days: int = 0

    @property
    def heat(self) -> Heat:
        if self.share is None:
            return Heat.NONE
        return next(band for band, bound in BOUNDS if self.share * 100 >= bound)


@dataclass(frozen=True)
class HeatRow:
    unit: Unit
    cells: tuple[HeatCell, ...]
    total: Sum
    target: int | None
    completion: Fraction | None


@dataclass(frozen=True)
class HeatTable:
    kind: HeatKind
    until: int
    rows: tuple[HeatRow, ...]
    totals: tuple[Sum, ...]
    """Of the province, by quarter."""
    counts: tuple[int, ...]
    """How many units' returns count, by quarter."""
    whole: Sum


def heat_of(gathered: Gathered, kind: HeatKind, until: int) -> HeatTable:
    column = ADMITTED if kind == HeatKind.ADMITTED else INTRODUCED
    numbers = range(1, until + 1)
    whole = gathered.cut(until)
    rows = []
    for unit in gathered.units:
        given = gathered.given(unit.id, column)
        cells = tuple(_cell(gathered, column, unit, number, given) for number in numbers)
        course = gathered.course(column, whole.of(unit.id), unit.id)
        rows.append(HeatRow(unit, cells, course.actual, course.target, course.completion))
    return HeatTable(
        kind,
        until,
        tuple(rows),
        tuple(sum_of(gathered.facts, column, gathered.cut(number).at_its_end()) for number in numbers),
        tuple(sum((unit.id, number) in gathered.facts for unit in gathered.units) for number in numbers),
        sum_of(gathered.facts, column, whole),
    )


def _cell(gathered: Gathered, column: str, unit: Unit, number: int, given: dict[int, int]) -> HeatCell:
    count = sum_of(gathered.facts, column, gathered.cut(number, (unit.id,)).at_its_end()).value
    year, _ = gathered.span.at(number)
    asked = Fraction(given.get(year, 0), gathered.span.quarters_in(year, gathered.span.count))
    one = gathered.returns.get((unit.id, number))
    return HeatCell(
        gathered.state(unit.id, number),
        count,
        Fraction(count) / asked if asked and count is not None else None,
        one.versions[0].late_days if one and one.versions else 0,
    )


def quarter_words(span: Span, number: int) -> str:
    """ "quý III/2021" """
    return quarter_name(*span.at(number))


def quarter_short(span: Span, number: int) -> str:
    """ "III/21" """
    year, quarter = span.at(number)
    return f"{ROMAN[quarter - 1]}/{year % 100:02d}"


TITLES = {
    HeatKind.INTRODUCED: "Giới thiệu theo quý",
    HeatKind.ADMITTED: "Kết nạp theo quý",
    HeatKind.RETURNS: "Nộp số liệu theo quý",
}


def heat_workbook(gathered: Gathered, table: HeatTable) -> bytes:
    """Counts as numbers; what is not known stands as "…", what was not asked as "–"."""
    quarters = [quarter_words(gathered.span, number) for number in range(1, table.until + 1)]
    is_returns = table.kind == HeatKind.RETURNS
    headings = ["TT", "Đơn vị", *quarters] + ([] if is_returns else ["Lũy kế", "Chỉ tiêu cả giai đoạn", "Hoàn thành"])
    rows: list[Sequence[str | int]] = []
    for number, row in enumerate(table.rows, 1):
        if is_returns:
            rows.append([number, row.unit.name, *(state_words(cell) for cell in row.cells)])
            continue
        figures = [_figure(cell) for cell in row.cells]
        ends = [_or_unknown(row.total.value), _or_unknown(row.target), percent(row.completion) or UNKNOWN]
        rows.append([number, row.unit.name, *figures, *ends])
    of = len(table.rows)
    counts = [f"{count}/{of}" for count in table.counts]
    if not is_returns:
        rows.append(
            [
                "",
                "Toàn tỉnh (các bản đã tiếp nhận)",
                *(_or_unknown(one.value) for one in table.totals),
                _or_unknown(table.whole.value),
            ]
        )
    rows.append(["", "Số đơn vị có số liệu được tiếp nhận", *counts])
    return workbook(TITLES[table.kind], headings, rows, (6, 40, *(13 for _ in quarters), 12, 14, 14))


def _figure(cell: HeatCell) -> str | int:
    if cell.count is not None:
        return cell.count
    return NOT_OPENED if cell.state is None else UNKNOWN


def _or_unknown(value: int | None) -> str | int:
    return UNKNOWN if value is None else value


def state_words(cell: HeatCell) -> str:
    """ "đã nhận, trễ 3 ngày" """
    if cell.state is None:
        return NOT_OPENED
    late = f", trễ {cell.late_days} ngày" if cell.late_days else ""
    return f"{STATE_WORDS[cell.state]}{late}"
