"""Which cells of an .xlsx or .xls are typed in a font from before Unicode: by their style, or by the runs of a text.

Looks into bytes that are checked already (sheets.py), and only where an old font is named at all.
"""

import re
import struct
from collections.abc import Iterator

from seminar.lib.legacy import Legacy, of_font

NAMED = re.compile(rb'"(?:\.Vn|VNI-)', re.IGNORECASE)
FONT = re.compile(rb"<(?:\w+:)?font>.*?</(?:\w+:)?font>|<(?:\w+:)?font ?/>", re.DOTALL)
NAME = re.compile(rb'<(?:\w+:)?(?:name|rFont)\b[^>]*\bval="([^"]*)"')
FORMATS = re.compile(rb"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", re.DOTALL)
FORMAT = re.compile(rb"<(?:\w+:)?xf\b([^>]*)>")
TEXT = re.compile(rb"<(?:\w+:)?si\b[^>]*>(.*?)</(?:\w+:)?si>|<(?:\w+:)?si ?/>", re.DOTALL)
RUN = re.compile(rb"<(?:\w+:)?r>(.*?)</(?:\w+:)?r>", re.DOTALL)
CELL = re.compile(
    rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>(?:<(?:\w+:)?f\b.*?(?:</(?:\w+:)?f>|/>))?(?:<(?:\w+:)?v>(\d*)</)?)", re.DOTALL
)
PLACE = re.compile(rb'\br="([A-Za-z]{1,3})(\d{1,7})"')
STYLE = re.compile(rb'\bs="(\d+)"')


def _of(name: bytes) -> Legacy | None:
    return of_font(name.decode("utf-8", "replace"))


class OldFonts:
    """Learns of styles and shared texts, then names the cells; costs nothing where no old font is named."""

    def __init__(self) -> None:
        self._by_style: dict[int, Legacy] = {}
        self._by_text: dict[int, Legacy | None] = {}

    def learn_styles(self, data: bytes) -> None:
        if not NAMED.search(data):
            return
        kinds = [_of(name[1]) if (name := NAME.search(font[0])) else None for font in FONT.finditer(data)]
        formats = FORMATS.search(data)
        for index, found in enumerate(FORMAT.finditer(formats[0] if formats else b"")):
            number = re.search(rb'\bfontId="(\d+)"', found[1])
            kind = kinds[int(number[1])] if number and int(number[1]) < len(kinds) else None
            if kind:
                self._by_style[index] = kind

    def learn_texts(self, data: bytes) -> None:
        """Texts whose runs are all in one font of their own, old or not: it goes before the style of the cell."""
        if not NAMED.search(data):
            return
        for index, text in enumerate(TEXT.finditer(data)):
            runs = [run for run in RUN.findall(text[1] or b"") if run.strip()]
            kinds = {_of(name[1]) if (name := NAME.search(run)) else None for run in runs if NAME.search(run)}
            if runs and len(kinds) == 1:
                self._by_text[index] = kinds.pop()

    def cells_of(self, data: bytes) -> Iterator[tuple[bytes, bytes, Legacy]]:
        """(column, row, kind) of each cell in an old font."""
        if not self._by_style and not self._by_text:
            return
        for cell in CELL.finditer(data):
            place, style = PLACE.search(cell[1]), STYLE.search(cell[1])
            kind = self._by_style.get(int(style[1])) if style else None
            if cell[2] and b't="s"' in cell[1]:
                kind = self._by_text.get(int(cell[2]), kind)
            if place and kind:
                yield place[1], place[2], kind


# .xls: records of the stream "Workbook" ([MS-XLS] 2.4), each a kind and a length before its data
BOUNDSHEET, FONT_RECORD, XF, TEXT_CELL, LABEL, END = 0x0085, 0x0031, 0x00E0, 0x00FD, 0x0204, 0x000A


def cells_of_xls(stream: bytes) -> dict[str, dict[tuple[int, int], Legacy]]:
    """(row, column) of the cells in an old font by sheet; nothing where the stream is damaged or names none."""
    if not re.search(rb"\.Vn|VNI-|\.\0V\0n\0|V\0N\0I\0-\0", stream, re.IGNORECASE):
        return {}
    try:
        kinds, formats, sheets = _globals(stream)
        styles = {index: kind for index, font in enumerate(formats) if (kind := kinds.get(font))}
        return {name: _styled(stream, start, styles) for name, start in sheets.items()} if styles else {}
    except (struct.error, IndexError):
        return {}


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        if kind == END:
            return
        yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _globals(stream: bytes) -> tuple[dict[int, Legacy], list[int], dict[str, int]]:
    """(kind by font, font of each format, start of each sheet)."""
    fonts: list[Legacy | None] = []
    formats: list[int] = []
    sheets: dict[str, int] = {}
    for kind, data in _records(stream, 0):
        if kind == FONT_RECORD:
            if len(fonts) == 4:
                fonts.append(None)  # there is no font number 4
            fonts.append(of_font(_short_text(data, 14)))
        elif kind == XF:
            formats.append(struct.unpack_from("<H", data)[0])
        elif kind == BOUNDSHEET:
            sheets[_short_text(data, 6)] = struct.unpack_from("<I", data)[0]
    return {index: found for index, found in enumerate(fonts) if found}, formats, sheets


def _short_text(data: bytes, at: int) -> str:
    count, is_wide = data[at], data[at + 1] & 1
    return data[at + 2 : at + 2 + count * (1 + is_wide)].decode("utf-16-le" if is_wide else "latin-1", "replace")


def _styled(stream: bytes, start: int, styles: dict[int, Legacy]) -> dict[tuple[int, int], Legacy]:
    found = {}
    for kind, data in _records(stream, start):
        if kind in (TEXT_CELL, LABEL):
            row, column, style = struct.unpack_from("<HHH", data)
            if style in styles:
                found[row, column] = styles[style]
    return found
