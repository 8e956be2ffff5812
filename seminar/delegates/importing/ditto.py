"""Signs that stand for the cell above: "nt", "-nt-", "như trên", quotation marks, as lists typed by hand have them."""

import re

from seminar.lib.sheets import Sheet
from seminar.lib.text import clean, fold

DITTO = re.compile(r"[\W_]*(?:n\.?t\.?|n/t|ntr|nhu tren)[\W_]*|[\"“”„″〃]+|''|-?//-?|-[\"“”″]-")


def is_ditto(text: str) -> bool:
    return 0 < len(text) <= 20 and DITTO.fullmatch(fold(clean(text))) is not None


def spread_dittos(sheet: Sheet, first: int, breaks: set[int]) -> dict[tuple[int, int], str]:
    """Writes into each such cell what stands above it; {(row, column): text}. Across a row of `breaks` nothing is taken."""
    above: dict[int, str] = {}
    meant: dict[tuple[int, int], str] = {}
    for row in range(first, len(sheet.rows)):
        if row in breaks:
            above.clear()
            continue
        cells = sheet.rows[row]
        for column, cell in enumerate(cells):
            if is_ditto(cell) and column in above:
                cells[column] = meant[row, column] = above[column]
            elif cell.strip() and not is_ditto(cell):
                above[column] = clean(cell)
    return meant
