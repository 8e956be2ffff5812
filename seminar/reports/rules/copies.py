"""How many copies of a document are printed, and how that was counted: a group of units is one for each of its units."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from seminar.documents.rules import LIKE_ABOVE, Recipient
from seminar.lib.text import fold
from seminar.planning.models import UnitKind

GROUP_WORD = re.compile("cac|huyen|thi|thanh|xa|pho|phuong|dac|khu|doan|uy|va|truc|thuoc|co|so|don|vi|tinh|quan")
"""Folded words of which the name of a group of units is made: "các Huyện, Thị, Thành Đoàn và Đoàn trực thuộc"."""
KIND_WORDS = {
    UnitKind.DISTRICT: re.compile(r"\b(huyen|quan)\b"),
    UnitKind.TOWN: re.compile(r"\bthi\b"),
    UnitKind.CITY: re.compile(r"\bthanh\b"),
    UnitKind.AFFILIATED: re.compile(r"\btruc thuoc\b"),
    UnitKind.COMMUNE: re.compile(r"(?<!\bthi )\bxa\b"),
    UnitKind.WARD: re.compile(r"\bphuong\b"),
    UnitKind.SPECIAL_ZONE: re.compile(r"\bdac khu\b"),
}


@dataclass(frozen=True)
class Counted:
    """One who gets the document. `units`: so many units of the directory stand behind the name; 0 where it is no group."""

    to: str
    copies: int
    units: int = 0


def kinds_named(name: str) -> set[UnitKind]:
    """The kinds of units that the name means together; none where it does not say "các …" of units only."""
    words = re.findall(r"\w+", fold(name))
    if "cac" not in words:
        return set()
    run = []
    for word in words[words.index("cac") :]:
        if not GROUP_WORD.fullmatch(word):
            break
        run.append(word)
    said = " ".join(run)
    return {kind for kind, pattern in KIND_WORDS.items() if pattern.search(said)}


def counted_copies(
    addressees: Sequence[str], rows: Sequence[Recipient], units_of_kind: Mapping[UnitKind, int]
) -> list[Counted]:
    """One copy for each who is addressed, or for each unit of a group, and those of the other lines of Nơi nhận."""
    found = []
    for name in addressees:
        units = sum(units_of_kind.get(kind, 0) for kind in kinds_named(name))
        found.append(Counted(name, max(units, 1), units))
    return found + [Counted(row.to, row.copies) for row in rows if row.to != LIKE_ABOVE]
