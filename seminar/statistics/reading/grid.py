"""A worksheet as a grid of texts, upright or turned by 90 degrees, and how two headings are compared."""

import re
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from functools import lru_cache

from seminar.lib import legacy, sheets
from seminar.lib.text import clean, fold

ALIKE, AHEAD = 0.9, 0.04
"""A heading that is nobody's is taken for the one it is most like, if it is that like and no other comes near."""
READ_ROWS, READ_COLUMNS, MOST_TEXT = 400, 60, 200
BESIDE = re.compile(r"\([^()]*\)|^\s*[0-9]{1,2}\s*[.)]")
NO_WORD = re.compile(r"[^a-z0-9]+")


class Grid:
    """Rows and columns count from 0 within the grid; `name` gives the cell's name in the file."""

    def __init__(self, page: sheets.Sheet, *, is_turned: bool, old: legacy.Legacy | None) -> None:
        self.page, self.is_turned = page, is_turned
        height, width = min(len(page.rows), READ_ROWS), min(max(map(len, page.rows), default=0), READ_COLUMNS)
        texts = [[self._text(row, column, old) for column in range(width)] for row in range(height)]
        self.texts = [list(line) for line in zip(*texts, strict=True)] if is_turned else texts
        self.merged = [(*self._there(a, b), *self._there(c, d)) for a, b, c, d in page.merged]
        self.spread = self._spread()

    def _text(self, row: int, column: int, old: legacy.Legacy | None) -> str:
        cells = self.page.rows[row]
        text = cells[column] if column < len(cells) else ""
        kind = self.page.fonts.get((row, column)) or old
        return clean(legacy.decode(text, kind) if kind and not text.isascii() else text)[:MOST_TEXT]

    def _there(self, row: int, column: int) -> tuple[int, int]:
        """From the file to the grid, or back."""
        return (column, row) if self.is_turned else (row, column)

    def _spread(self) -> list[list[str]]:
        """The texts, with that of merged cells in each of them: for headings only."""
        spread = [list(line) for line in self.texts]
        for top, left, bottom, right in self.merged:
            text = self.text(top, left)
            for row in range(top, min(bottom + 1, len(spread))):
                for column in range(left, min(right + 1, self.width)):
                    spread[row][column] = text
        return spread

    @property
    def width(self) -> int:
        return len(self.texts[0]) if self.texts else 0

    def text(self, row: int, column: int) -> str:
        return self.texts[row][column] if row < len(self.texts) and column < self.width else ""

    def name(self, row: int, column: int) -> str:
        """ "D5"."""
        there = self._there(row, column)
        return f"{sheets.column_letter(there[1])}{there[0] + 1}"

    def row_name(self, row: int) -> str:
        return sheets.column_letter(row) if self.is_turned else str(row + 1)

    def column_name(self, column: int) -> str:
        return str(column + 1) if self.is_turned else sheets.column_letter(column)

    def is_formula(self, row: int, column: int) -> bool:
        return self._there(row, column) in self.page.formulas

    def is_fraction(self, row: int, column: int) -> bool:
        return self._there(row, column) in self.page.fractions

    def is_hidden(self, row: int, column: int) -> bool:
        there = self._there(row, column)
        return there[0] in self.page.hidden_rows or there[1] in self.page.hidden_columns

    def merged_with(self, row: int, column: int) -> tuple[int, int, int, int] | None:
        """The merged cells that begin here."""
        return next((one for one in self.merged if one[:2] == (row, column) and one[2:] != one[:2]), None)

    def stacks(self, row: int, column: int) -> Iterator[tuple[str, str]]:
        """(what stands over it, heading) as the cell may be meant with this row as the last one of the headings: alone,
        or with the rows above as one text that was broken over several cells.
        """
        own = self.spread[row][column]
        over = self._over(row - 1, column) if row else ""
        if own:
            yield over, own
        above = own
        for up in range(row - 1, max(row - 4, -1), -1):
            text = self.spread[up][column]
            if text and not above.startswith(text):
                above = f"{text} {above}".strip()
                yield "", above

    def _over(self, row: int, column: int) -> str:
        """The heading over several columns: merged, or written over the first of them only."""
        for at in range(column, -1, -1):
            if self.spread[row][at]:
                return self.spread[row][at]
        return ""


@lru_cache(maxsize=20_000)
def plain(text: str) -> str:
    """What headings are compared by: letters and digits; the plan's "TNCCN" is also written TNCN (domain.md Đ19)."""
    return NO_WORD.sub("", fold(text)).replace("tnccn", "tncn")


@lru_cache(maxsize=20_000)
def bare(text: str) -> str:
    """As `plain`, without a number before it and what stands in brackets: "(1) Tổng số đoàn viên (người)"."""
    return plain(BESIDE.sub(" ", text))


def most_like(text: str, known: Mapping[str, str]) -> str | None:
    """The key whose words the text is most like; None where nothing is near, or two are."""
    if len(text) < 6:
        return None
    near = [key for key, words in known.items() if 2 * min(len(text), len(words)) >= ALIKE * (len(text) + len(words))]
    ranked = sorted(((SequenceMatcher(None, text, known[key]).ratio(), key) for key in near), reverse=True)
    if not ranked or ranked[0][0] < ALIKE:
        return None
    return ranked[0][1] if len(ranked) == 1 or ranked[0][0] - ranked[1][0] >= AHEAD else None
