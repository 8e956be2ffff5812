"""The province's table as Excel: figures as numbers, no formulas; the province, then every unit in a line for each row.

Import this module where a file is made, not at start: openpyxl is slow to load (recipes.md).
"""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any, NamedTuple

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from seminar.lib import sheets
from seminar.lib.language import say
from seminar.statistics.documents import tables
from seminar.statistics.documents.consolidated import TITLE, standing
from seminar.statistics.documents.tables import Shown
from seminar.statistics.queries.tables import PeriodTable
from seminar.statistics.rules.consolidation import Asked, is_percent, shown_keys, shown_rows
from seminar.statistics.rules.definitions import NO, YES

FONT = "Times New Roman"
NUMBER, PERCENT = "#,##0", "0.0%"
HEAD_ROW = 3
WIDTHS = (6, 36, 14)
FIGURE_WIDTH = 16
A4 = 9
OF_UNITS = "Số đơn vị có số liệu"
THIN = Side(style="thin")
RULED = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)


class Words(NamedTuple):
    """A line: what stands before the figures, the figures, whether it sums up."""

    first: Sequence[str | int]
    cells: tuple[Shown, ...]
    is_total: bool = False
    is_count: bool = False
    """Not the figures, but of how many units each is."""


def table_workbook(table: PeriodTable, now: datetime) -> bytes:
    row_heading = table.definition.layout.row_heading
    book = Workbook()
    book.remove(book.active)
    book.properties.creator, book.properties.title = "", table.name
    whole: list[Words] = []
    for line in tables.province(table).lines:
        whole.append(Words([line.label], line.cells, line.is_total))
        if any(cell.coverage for cell in line.cells):
            whole.append(Words([OF_UNITS], line.cells, is_count=True))
    _page(book.create_sheet(tables.PROVINCE), table, now, (row_heading,), whole)
    units: list[Words] = []
    for number, part in enumerate(tables.units(table), 1):
        units += [Words([number, part.name, line.label], line.cells, line.is_total) for line in part.lines]
        if not part.lines:
            units.append(Words([number, part.name, say(part.state)], ()))
    _page(book.create_sheet("Theo đơn vị"), table, now, ("TT", "Đơn vị", row_heading), units)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _page(page: Any, table: PeriodTable, now: datetime, first: tuple[str, ...], lines: Sequence[Words]) -> None:
    definition = table.definition
    headings = tables.flat_headings(definition, *first)
    asked = [Asked(shown_rows(definition)[0], key) for key in shown_keys(definition)]
    formats = [PERCENT if is_percent(definition, one) else NUMBER for one in asked]
    _put(page, 1, 1, f"{TITLE}: {table.name}").font = Font(name=FONT, size=14, bold=True)
    _put(page, 2, 1, standing(table, now))
    for column, word in enumerate(headings, 1):
        cell = _put(page, HEAD_ROW, column, word, bold=True)
        cell.border, cell.fill = RULED, PatternFill("solid", fgColor="E8EDF5")
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        page.column_dimensions[get_column_letter(column)].width = _width(column, len(first))
    page.row_dimensions[HEAD_ROW].height = 80
    for at, line in enumerate(lines, HEAD_ROW + 1):
        for column, before in enumerate(line.first, 1):
            cell = _put(page, at, column, before, bold=line.is_total)
            cell.border, cell.alignment = RULED, Alignment(vertical="center", wrap_text=True)
        for column, (one, form) in enumerate(zip(line.cells, formats, strict=False), len(first) + 1):
            value = (one.counted if one.asked else None) if line.is_count else _value(one)
            cell = _put(page, at, column, value, bold=line.is_total)
            cell.border, cell.number_format = RULED, NUMBER if line.is_count else form
    page.freeze_panes = page.cell(HEAD_ROW + 1, len(first) + 1)
    page.auto_filter.ref = f"A{HEAD_ROW}:{get_column_letter(len(headings))}{HEAD_ROW + len(lines)}"
    page.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW}"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True


def _width(column: int, first: int) -> int:
    if column > first:
        return FIGURE_WIDTH
    return WIDTHS[column - 1] if first > 1 else FIGURE_WIDTH


def _put(page: Any, row: int, column: int, value: str | float | None, *, bold: bool = False) -> Any:
    cell = page.cell(row, column)
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"  # never a formula
        cell.quotePrefix = value.startswith(sheets.GUARDED)
    cell.font = Font(name=FONT, size=12, bold=bold)
    return cell


def _value(cell: Shown) -> int | float | str | None:
    """What is missing is an empty cell, never a nought."""
    if cell.text.endswith((YES, NO)):
        return cell.text
    if cell.value is None:
        return cell.text if cell.text == tables.NO_FIGURE else None
    return int(cell.value) if cell.value == int(cell.value) else float(cell.value)
