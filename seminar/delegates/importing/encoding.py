"""Which cells of a sheet were typed in an old font, and their text in Unicode (domain.md 5.3).

Decided from the fonts and from all words of the sheet, never from one cell; cells that are Unicode stay as they are.
"""

from collections import Counter

from seminar.delegates.importing.options import CONVERT, LEAVE
from seminar.lib.legacy import UNICODE_ONLY, WORD, Evidence, Legacy, decode, is_syllable
from seminar.lib.sheets import Sheet
from seminar.lib.text import clean

TCVN3_KINDS = (Legacy.TCVN3, Legacy.TCVN3_CAPITALS)


class Typing:
    """The old text of one sheet. `sheet.rows` is in Unicode afterwards; `originals` holds what was typed."""

    def __init__(self, sheet: Sheet, encoding: str) -> None:
        self.originals: dict[tuple[int, int], str] = {}
        self.kinds: dict[tuple[int, int], Legacy] = {}
        self.doubtful: set[tuple[int, int]] = set()
        """Cells beside old text that read either way and were left."""
        forced = Legacy(encoding) if encoding not in ("", CONVERT, LEAVE) else None
        evidence = Evidence(text for row in sheet.rows for text in row)
        if not sheet.fonts and not evidence.kinds and forced is None:
            return
        fonts = sheet.fonts if _are_true(sheet) else {}
        if forced is not None:
            self._force(sheet, forced)
        else:
            self._find(sheet, evidence, fonts)
        for (row, column), kind in list(self.kinds.items()):
            text = sheet.rows[row][column]
            decoded = decode(text, kind)
            if decoded == text:
                del self.kinds[row, column]
                continue
            self.originals[row, column] = text
            sheet.rows[row][column] = decoded

    def _force(self, sheet: Sheet, kind: Legacy) -> None:
        for row, cells in enumerate(sheet.rows):
            for column, text in enumerate(cells):
                font = sheet.fonts.get((row, column))
                if kind == Legacy.TCVN3 and font == Legacy.TCVN3_CAPITALS:
                    self.kinds[row, column] = font
                elif not text.isascii() and (kind == Legacy.MOJIBAKE or not UNICODE_ONLY.search(text)):
                    self.kinds[row, column] = kind

    def _find(self, sheet: Sheet, evidence: Evidence, fonts: dict[tuple[int, int], Legacy]) -> None:
        """First what a cell says itself; then what is letters of either is as its row, else as its column."""
        open_cells = []
        in_row: dict[int, Counter[Legacy | None]] = {}
        in_column: dict[int, Counter[Legacy | None]] = {}
        for row, cells in enumerate(sheet.rows):
            for column, text in enumerate(cells):
                font = fonts.get((row, column))
                if not text or text.isascii() and font != Legacy.TCVN3_CAPITALS:
                    continue
                unicode = bool(UNICODE_ONLY.search(text))
                kind = evidence.kind_of(text)
                if kind is None and not unicode and font or kind == Legacy.TCVN3 and font == Legacy.TCVN3_CAPITALS:
                    kind = font
                if kind:
                    self.kinds[row, column] = kind
                elif not unicode:
                    open_cells.append((row, column, text))
                    continue
                in_row.setdefault(row, Counter())[kind] += 1
                in_column.setdefault(column, Counter())[kind] += 1
        for row, column, text in open_cells:
            beside = in_row.get(row) or Counter()
            said = beside if len(beside) == 1 else in_column.get(column) or Counter()
            kind = next(iter(said), None) if len(said) == 1 else None
            if kind and kind != Legacy.MOJIBAKE and _reads(text, kind):
                self.kinds[row, column] = kind
            elif any(beside_kind and _reads(text, beside_kind) for beside_kind in beside):
                self.doubtful.add((row, column))


def _are_true(sheet: Sheet) -> bool:
    """Text pasted from elsewhere keeps the old font of its cell and is Unicode: then fonts tell nothing."""
    texts = [
        sheet.rows[row][column]
        for row, column in sheet.fonts
        if row < len(sheet.rows) and column < len(sheet.rows[row]) and not sheet.rows[row][column].isascii()
    ]
    pasted = sum(bool(UNICODE_ONLY.search(text)) for text in texts)
    return pasted * 5 <= len(texts)


def _reads(text: str, kind: Legacy) -> bool:
    return all(word.isascii() or is_syllable(decode(word, kind)) for word in WORD.findall(text))


def visible(text: str) -> str:
    """TCVN3 writes ư as a soft hyphen, which no browser shows."""
    return clean(text.replace("\u00ad", "-"))
