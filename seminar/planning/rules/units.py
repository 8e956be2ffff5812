"""Which name leads to which unit, who succeeds whom, and what a list of units says (domain.md 4.1)."""

import re
from collections import ChainMap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from seminar.lib import phones
from seminar.lib.errors import Message
from seminar.lib.text import clean, fold
from seminar.mail.rules import sendable
from seminar.planning.models import Unit, UnitKind


def successor_on(unit: Unit, units: Mapping[int, Unit], day: date) -> Unit:
    """The unit itself while it exists on the day, else the first of those that succeeded it and still exist then; where
    none is known, the last that is.
    """
    seen = set()
    while unit.valid_to is not None and unit.valid_to < day and unit.id not in seen:
        seen.add(unit.id)
        unit = units.get(unit.successor_id or 0, unit)
    return unit


def succeeds_itself(unit_id: int, successor_id: int | None, successors: Mapping[int, int | None]) -> bool:
    """Whether following the successors from here comes back to the unit. `successors`: of each unit, by id."""
    seen = {unit_id}
    while successor_id is not None:
        if successor_id in seen:
            return True
        seen.add(successor_id)
        successor_id = successors.get(successor_id)
    return False


KIND_WORDS = {
    UnitKind.COMMUNE: ("xa", "doan xa"),
    UnitKind.WARD: ("phuong", "doan phuong"),
    UnitKind.SPECIAL_ZONE: ("dac khu", "doan dac khu"),
    UnitKind.CITY: ("thanh pho", "thanh doan", "tp"),
    UnitKind.TOWN: ("thi xa", "thi doan", "tx"),
    UnitKind.DISTRICT: ("huyen", "huyen doan", "quan", "quan doan"),
    UnitKind.AFFILIATED: ("truc thuoc", "doan truc thuoc", "doan truong", "doan khoi", "cong ty"),
    UnitKind.OTHER: ("khac", "don vi khac"),
}
"""How a list may write the kind, folded; the name of a unit often begins with it too."""
NUMBER_BEFORE = re.compile(r"^(?:\d{1,3}\s*[.)/]|[-–+*•])\s+(?=[^\W\d_])")
TOTAL = re.compile(r"(tong cong|tong so|cong)\b[^a-z]*(\d|$)|(tong cong|tong so)\b")
MOST_UNITS = 500
"""Of one list; a province has some hundred communes."""


def kind_named(word: str) -> UnitKind | None:
    """The kind that the word is, in Vietnamese or as the program writes it."""
    folded = fold(word)
    for kind, words in KIND_WORDS.items():
        if folded in (*words, kind.value):
            return kind
    return None


def kind_of_name(name: str) -> UnitKind:
    """What the first words of a unit's name say: "Đoàn phường Thuận Giao" is a ward. A proposal, shown before it is kept."""
    folded = fold(name)
    for kind, words in KIND_WORDS.items():
        if any(folded.startswith(f"{word} ") for word in words):
            return kind
    return UnitKind.AFFILIATED


@dataclass
class UnitLine:
    """One line of a list of units as it was read; with an error nothing of the list is kept."""

    number: int
    name: str
    kind: UnitKind = UnitKind.AFFILIATED
    aliases: list[str] = field(default_factory=list)
    email: str = ""
    phone: str = ""
    error: Message | None = None
    is_known: bool = False
    """A unit of exactly this name is there already: the line changes nothing."""


def read_units(text: str, taken: Mapping[str, str]) -> list[UnitLine]:
    """A unit on each line: name; kind; other names…, parted by semicolons or tabs, an e-mail address or telephone among
    them being the contact's. `taken` are the folded names in use, with the name of the unit.
    """
    lines: list[UnitLine] = []
    here: dict[str, str] = {}
    known = ChainMap(here, dict(taken))
    for number, typed in enumerate(text.splitlines(), start=1):
        cells = [clean(cell) for cell in re.split(r"[;\t]", typed)]
        if len(cells) > 1 and re.fullmatch(r"(s?tt|\d+)\.?", fold(cells[0])):
            cells = cells[1:]  # the column "TT" of a table
        cells = [cell for cell in cells if cell]
        if cells:
            cells[0] = NUMBER_BEFORE.sub("", cells[0])
        if not cells or fold(cells[0]) in ("don vi", "ten don vi") or TOTAL.match(fold(cells[0])):
            continue
        line = UnitLine(number, cells[0][:200], kind_of_name(cells[0]))
        for place, cell in enumerate(cells[1:]):
            kind = kind_named(cell)
            if kind is not None and place == 0:
                line.kind = kind
            elif "@" in cell:
                line.email = cell
            elif phones.domestic(cell):
                line.phone = phones.domestic(cell) or ""
            else:
                line.aliases.append(cell[:200])
        if line.email and sendable(line.email) is None:
            wrong, line.email = line.email, ""
            line.error = Message("“%(email)s” is not an e-mail address.", email=wrong[:60])
        line.is_known = taken.get(fold(line.name)) == line.name
        if line.is_known:
            line.error = None
        elif line.error is None:
            line.error = name_refusal([line.name, *line.aliases], known)
        if line.error is None and len(lines) >= MOST_UNITS:
            line.error = Message("At most %(most)s units at once: read the rest as a second list.", most=MOST_UNITS)
        here |= {fold(name): line.name for name in (line.name, *line.aliases) if not line.is_known}
        lines.append(line)
        if len(lines) > MOST_UNITS:
            break  # the list is refused
    return lines


def name_refusal(names: Sequence[str], taken: Mapping[str, str]) -> Message | None:
    """Why a unit cannot bear the names, the first of which is its own: each may lead to one unit only."""
    own, *aliases = names
    if sum(character.isalpha() for character in own) < 2:
        return Message("Type the name of the unit.")
    for name in (own, *aliases):
        other = taken.get(fold(name))
        if other is None:
            continue
        if fold(other) == fold(name):
            return Message("There is a unit “%(name)s” already.", name=other)
        return Message("“%(name)s” is another name of “%(other)s”.", name=name, other=other)
    return None
