"""The Excel file of a sheet that a unit fills in without the page: headings as printed, figures as numbers, no formulas."""

from datetime import datetime

from seminar.documents.layout import rules_for
from seminar.lib.clock import local
from seminar.lib.errors import Refused
from seminar.statistics.documents.form import (
    ROW_HEIGHT_MM,
    Filled,
    head_of,
    headings_of,
    printed_cell,
    signature_of,
    subject_of,
)
from seminar.statistics.rules import Column, cell_key, read_count

NUMBER_WIDTH, ROW_WIDTH, COLUMN_WIDTH = 6, 20, 13
PORTRAIT_COLUMNS = 9


def sheet_workbook(filled: Filled, now: datetime) -> bytes:
    """Blank where there is no figure. What is typed and is no number stays as text, to be seen and mended."""
    from seminar.documents.workbook import Worksheet

    definition, layout = filled.definition, rules_for(local(now).date())
    count = len(definition.columns)
    sheet = Worksheet(
        "Biểu mẫu",
        [NUMBER_WIDTH, ROW_WIDTH, *[COLUMN_WIDTH] * count],
        font=layout.font,
        landscape=definition.layout.is_landscape or count > PORTRAIT_COLUMNS,
    )
    superior, issuer, symbol, day = head_of(filled)
    number = [(f"Số: {symbol}", "")] if symbol else []
    sheet.beside(
        [*((line, "") for line in superior), *((line, "b") for line in issuer), *number],
        [(layout.heading, "b"), (day, "i")],
    )
    sheet.gap()
    sheet.across(definition.layout.title, "b", size=16)
    for line in subject_of(filled).split("\n"):
        sheet.across(line, "b", size=14)
    sheet.gap()
    sheet.headings(headings_of(definition))
    centred = [True, False, *[True] * count]
    for number_of_row, row in enumerate(definition.rows, 1):
        figures = [
            _figure(column, filled.cells.get(cell_key(row.key, column.key), "")) for column in definition.columns
        ]
        sheet.row([number_of_row, row.label, *figures], centred, height_mm=ROW_HEIGHT_MM, counts=range(2, count + 2))
    sheet.gap()
    sheet.beside([], [(signature_of(filled), "b")])
    return sheet.save()


def _figure(column: Column, text: str) -> str | int | None:
    if column.is_yes_no:
        return printed_cell(column, text) or None
    try:
        return read_count(text)
    except Refused:
        return text
