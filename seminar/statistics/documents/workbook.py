"""The Excel file of a sheet that a unit fills in without the page: headings as printed, figures as numbers, no formulas."""

from io import BytesIO

from seminar.lib.errors import Refused
from seminar.lib.sheets import GUARDED
from seminar.lib.text import INVISIBLE
from seminar.statistics.documents.form import (
    Filled,
    head_of,
    headings_of,
    signature_of,
    subject_of,
)
from seminar.statistics.rules import cell_key, read_count

FONT = "Times New Roman"
NUMBER_WIDTH, ROW_WIDTH, COLUMN_WIDTH = 6, 22, 14
A4 = 9


def sheet_workbook(filled: Filled) -> bytes:
    """Blank where there is no figure. What is typed and is no number stays as text, to be seen and mended."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
    from openpyxl.utils import get_column_letter

    definition = filled.definition
    book = Workbook()
    page = book.active
    page.title = "Biểu mẫu"
    book.properties.creator, book.properties.title = "", definition.title
    width = len(definition.columns) + 2
    thin = Side(style="thin")
    ruled = Border(left=thin, right=thin, top=thin, bottom=thin)
    at = 1

    def put(row: int, column: int, value: str | int | None, *, bold: bool = False, italic: bool = False) -> None:
        cell = page.cell(row, column)
        cell.font = Font(name=FONT, size=12, bold=bold, italic=italic)
        if isinstance(value, int):
            cell.value = value
        elif text := INVISIBLE.sub("", value or ""):
            cell.value, cell.data_type = text, "s"
            cell.quotePrefix = text.startswith(GUARDED)

    def line(left: str, right: str, *, bold: bool = False, italic: bool = False, bold_right: bool = False) -> None:
        nonlocal at
        half = max(2, width // 2)
        for text, first, last, is_bold in ((left, 1, half, bold), (right, half + 1, width, bold_right)):
            put(at, first, text, bold=is_bold, italic=italic)
            page.cell(at, first).alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
            if last > first:
                page.merge_cells(start_row=at, start_column=first, end_row=at, end_column=last)
        at += 1

    def across(text: str, size: int) -> None:
        nonlocal at
        put(at, 1, text, bold=True)
        page.cell(at, 1).font = Font(name=FONT, size=size, bold=True)
        page.cell(at, 1).alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        page.merge_cells(start_row=at, start_column=1, end_row=at, end_column=width)
        if len(text) > 60:
            page.row_dimensions[at].height = 36
        at += 1

    superior, issuer, symbol, day = head_of(filled)
    heading = "ĐOÀN TNCS HỒ CHÍ MINH"
    for text in superior:
        line(text, heading, bold_right=True)
        heading = ""
    for text in issuer:
        line(text, heading, bold=True, bold_right=True)
        heading = ""
    line(f"Số: {symbol}" if symbol else "", day, italic=True)
    at += 1
    across(definition.layout.title, 16)
    for text in subject_of(filled).split("\n"):
        across(text, 13)
    at += 1

    grey = PatternFill("solid", fgColor="E8EDF5")
    taken: set[tuple[int, int]] = set()
    for texts in headings_of(definition):
        column = 1
        for text, over, down in texts:
            while (at, column) in taken:
                column += 1
            for row in range(at, at + down):
                for one in range(column, column + over):
                    taken.add((row, one))
                    page.cell(row, one).border, page.cell(row, one).fill = ruled, grey
            put(at, column, text, bold=True)
            page.cell(at, column).alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
            if over > 1 or down > 1:
                page.merge_cells(start_row=at, start_column=column, end_row=at + down - 1, end_column=column + over - 1)
            column += over
        page.row_dimensions[at].height = 48
        at += 1
    page.freeze_panes = page.cell(at, 3)

    for number, row in enumerate(definition.rows, 1):
        put(at, 1, number)
        put(at, 2, row.label)
        for column, one in enumerate(definition.columns, 3):
            put(at, column, _value(filled.cells.get(cell_key(row.key, one.key), "")))
            page.cell(at, column).number_format = "#,##0"
        for column in range(1, width + 1):
            cell = page.cell(at, column)
            cell.border = ruled
            cell.alignment = Alignment(
                horizontal="left" if column == 2 else "center", vertical="center", wrap_text=True
            )
        page.row_dimensions[at].height = 24
        at += 1
    at += 1
    line("", signature_of(filled), bold_right=True)

    for column in range(1, width + 1):
        wide = {1: NUMBER_WIDTH, 2: ROW_WIDTH}.get(column, COLUMN_WIDTH)
        page.column_dimensions[get_column_letter(column)].width = wide
    page.page_setup.paperSize = A4
    page.page_setup.orientation = "landscape" if definition.layout.is_landscape or width > 10 else "portrait"
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _value(text: str) -> str | int | None:
    try:
        return read_count(text)
    except Refused:
        return text
