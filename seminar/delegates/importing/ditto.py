"""Signs that stand for the cell above: "nt", "-nt-", "như trên", quotation marks, as lists typed by hand have them."""

import re
import unicodedata

from seminar.lib.sheets import Sheet
from seminar.lib.text import clean

DITTO = re.compile(r"[\W_]*(?:n\.?t\.?|n/t|ntr|như trên|nhu tren)[\W_]*|[\"“”„″〃]+|''|-?//-?|-[\"“”″]-", re.IGNORECASE)


def is_ditto(text: str) -> bool:
    """Asked of every cell of a long list, so that nothing is folded for it."""
    return 0 < len(text) <= 20 and DITTO.fullmatch(unicodedata.normalize("NFC", text.strip())) is not None


def spread_dittos(sheet: Sheet, first: int, breaks: set[int], but: set[int]) -> dict[tuple[int, int], str]:
    """Writes into each such cell what stands above it; {(row, column): text}.

    Nothing is taken across a row of `breaks`, nor in the columns of `but`: nobody has the name of the one above.
    """
    above: dict[int, str] = {}
    meant: dict[tuple[int, int], str] = {}
    for row in range(first, len(sheet.rows)):
        if row in breaks:
            above.clear()
            continue
        cells = sheet.rows[row]
        for column, cell in enumerate(cells):
            if column in but:
                continue
            if is_ditto(cell) and column in above:
                cells[column] = meant[row, column] = above[column]
            elif cell.strip() and not is_ditto(cell):
                above[column] = clean(cell)
    return meant
