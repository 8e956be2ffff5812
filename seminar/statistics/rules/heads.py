"""How a unit stands on the form that it fills in: issuer, form of signing, place (domain.md 1.1; S1.76, S1.77, S1.81)."""

import re
from collections.abc import Sequence

from seminar.lib.text import clean, fold

LEVELS = {
    "tinh": "TỈNH",
    "thanh": "THÀNH PHỐ",
    "thi": "THỊ XÃ",
    "huyen": "HUYỆN",
    "quan": "QUẬN",
    "xa": "XÃ",
    "phuong": "PHƯỜNG",
}
UNION_OF_PLACE = re.compile(r"(\w+) đoàn (.+)", re.IGNORECASE)


def _placed(unit: str) -> tuple[str, str] | None:
    """("HUYỆN", "Bàu Bàng") of "Huyện Đoàn Bàu Bàng"; None where the unit is not the Union of a place."""
    found = UNION_OF_PLACE.fullmatch(clean(unit))
    level = LEVELS.get(fold(found[1])) if found else None
    return (level, found[2]) if found and level else None


def issuer_line(unit: str) -> str:
    """ "BCH ĐOÀN HUYỆN BÀU BÀNG" of "Huyện Đoàn Bàu Bàng"; others by their own name: "BCH ĐOÀN TRƯỜNG …"."""
    placed = _placed(unit)
    return f"BCH ĐOÀN {placed[0]} {placed[1].upper()}" if placed else f"BCH {clean(unit).upper()}"


def authority_of(unit: str) -> str:
    """ "TM. BAN THƯỜNG VỤ HUYỆN ĐOÀN": behind it the unit of a place leaves the place away, as HD29 has it."""
    words = clean(unit).upper().split(" ")
    return " ".join(words[:2] if _placed(unit) else words)


def place_of(unit: str, province: str) -> str:
    """Of the date line: the unit's own place; bodies that belong to no district sit where the province does."""
    placed = _placed(unit)
    return placed[1] if placed else province


def province_of(issuer_lines: Sequence[str]) -> str:
    """ "tỉnh Bình Dương" of "BCH ĐOÀN TỈNH BÌNH DƯƠNG"; "" where the lines name none."""
    found = re.search(r"\b(TỈNH|THÀNH PHỐ)(?: ĐOÀN)? (.+)$", " ".join(issuer_lines).upper())
    return f"{found[1].lower()} {found[2].title()}" if found else ""
