"""Which characters the shipped font has: a missing one would vanish from a PDF in silence (recipes.md)."""

import struct
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from seminar.lib.errors import Refused
from seminar.lib.text import shorten

FONT = Path(__file__).parents[2] / "static" / "vendor" / "Tinos-Regular.ttf"
BREAKS = frozenset("\n\r\t")


def is_there() -> bool:
    """False where set-up could not fetch the font: documents then print in another one, and the pages say so."""
    return FONT.exists()


@cache
def covered() -> frozenset[int]:
    """The code points of the font; empty where it is not there."""
    return frozenset(_code_points(FONT.read_bytes())) if is_there() else frozenset()


def _code_points(font: bytes) -> Iterator[int]:
    """By the character map of a TrueType font, formats 4 and 12."""
    [count] = struct.unpack_from(">H", font, 4)
    tables = {font[at : at + 4]: struct.unpack_from(">LL", font, at + 8) for at in range(12, 12 + 16 * count, 16)}
    start, _length = tables[b"cmap"]
    [maps] = struct.unpack_from(">H", font, start + 2)
    for number in range(maps):
        platform, _encoding, offset = struct.unpack_from(">HHL", font, start + 4 + 8 * number)
        at = start + offset
        [kind] = struct.unpack_from(">H", font, at)
        if platform not in (0, 3):
            continue
        if kind == 4:
            [doubled] = struct.unpack_from(">H", font, at + 6)
            ends = struct.unpack_from(f">{doubled // 2}H", font, at + 14)
            starts = struct.unpack_from(f">{doubled // 2}H", font, at + 16 + doubled)
            for first, last in zip(starts, ends, strict=True):
                yield from range(first, min(last, 0xFFFE) + 1)
        elif kind == 12:
            [groups] = struct.unpack_from(">L", font, at + 12)
            for group in range(groups):
                first, last, _glyph = struct.unpack_from(">LLL", font, at + 16 + 12 * group)
                yield from range(first, last + 1)


def unprintable(text: str) -> list[str]:
    """The characters of the text that the font lacks, each once; none where the font itself is not there."""
    have = covered()
    if not have or text.isascii():
        return []
    return [one for one in dict.fromkeys(text) if ord(one) not in have and one not in BREAKS and not one.isspace()]


def texts(data: Any) -> Iterator[str]:
    """Every text in nested plain values."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, Mapping):
        for value in data.values():
            yield from texts(value)
    elif isinstance(data, list | tuple):
        for value in data:
            yield from texts(value)


def refuse_unprintable(data: Any) -> None:
    for text in texts(data):
        missing = unprintable(text)
        if missing:
            raise Refused(
                "The font has no “%(characters)s”, which stands in “%(text)s”. Write it otherwise.",
                characters=" ".join(missing),
                text=shorten(text, 120),
            )
