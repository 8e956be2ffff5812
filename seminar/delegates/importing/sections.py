"""Where in a list a row stands: under which heading of a group or a unit, and whether it is a total or a signature."""

import re
from collections.abc import Mapping

from seminar.delegates.importing.groups import ORDINAL, GroupFinder
from seminar.delegates.importing.guessing import looks_like_name
from seminar.delegates.rules import UnitFinder
from seminar.lib.errors import Message
from seminar.lib.text import clean, fold, shorten

TOTAL = re.compile(
    r"^\W*((tong( cong| so)?|cong)\b[^a-z]*\d|(tong|cong) ?:?$|(tong cong|tong so)\b|"
    r"(an dinh )?danh sach( nay| tren)? (co|gom)\b)"
)
FOOT = re.compile(
    r"^tm\.|nguoi lap|\bngay\b.{0,12}\bthang\b.{0,12}\bnam\b|^noi nhan|xac nhan cua|ky, ?(ghi ro|dong dau)"
)
BULLET = re.compile(r"^\s*[-–+*•●▪]+\s*")
UNIT_BEFORE = re.compile(r"^\s*(đơn vị|cơ quan)\s*:\s*", re.IGNORECASE)
REMARK = re.compile(r"^\W*(ghi chu|luu y|chu thich|chu y|note)\b")


class Sections:
    """The headings of one list, from above; `spans` are the columns that merged cells take, by row and column."""

    def __init__(
        self,
        groups: GroupFinder,
        units: Mapping[str, tuple[int, str]],
        finder: UnitFinder,
        spans: Mapping[tuple[int, int], int],
        first_group: str,
    ) -> None:
        self.groups, self.units, self.finder, self.spans = groups, units, finder, spans
        self.group, self.level = first_group, 1 if first_group else 9
        self.body = ""
        self.count = self.count_of_section = 0
        self.numbered = 0
        self.in_foot = False

    def has_person(self, number: str) -> None:
        self.count += 1
        self.count_of_section += 1
        self.numbered += bool(number)

    def total(self, filled: list[tuple[int, str]]) -> Message:
        said = re.search(r"\d+", " ".join(cell for _, cell in filled))
        if said and int(said[0]) not in (self.count, self.count_of_section):
            return Message(
                "A total that says %(said)s, but %(count)s rows were read above it.",
                said=int(said[0]),
                count=self.count,
            )
        return Message("A total.")

    def is_foot(self, filled: list[tuple[int, str]], number: str) -> bool:
        """Place and date, signatures: what stands below the list until a numbered row comes again."""
        if number.rstrip(".").isdigit() and not self.in_foot:
            return False
        text = joined([(column, cell) for column, cell in filled if not cell.replace(".", "").isdigit()])
        if FOOT.search(text) and not (number and number.rstrip(".").isdigit()):
            self.in_foot = True
        elif self.in_foot and (self.numbered == 0 or number.rstrip(".").isdigit()):
            self.in_foot = bool(FOOT.search(text))
        return self.in_foot and not self._may_follow(text, number)

    def _may_follow(self, text: str, number: str) -> bool:
        """After a subtotal the next section's heading may come."""
        return bool(re.match(r"[ivx]+\s*[.)]|[a-z]\s*[.)]", text)) or bool(re.fullmatch(r"[IVX]+\.?", number))

    def is_heading(self, row: int, filled: list[tuple[int, str]], number: str, fields: Mapping[int, str]) -> bool:
        """A heading of a group or a unit: one text alone in its row, merged, before the names or with a Roman number."""
        if len(filled) > 2:
            return False
        meaning = [(column, cell) for column, cell in filled if fields.get(column) != "number"]
        in_number = [
            (column, cell)
            for column, cell in filled
            if fields.get(column) == "number" and not re.fullmatch(r"[\W]*([IVX]+|[A-ZĐ]|[\d.]+)[\W]*", cell)
        ]
        if in_number:
            return len(filled) == 1
        if len(meaning) != 1:
            return False
        column, cell = meaning[0]
        is_name = fields.get(column) in ("name", "family")
        if self.spans.get((row, column), 1) >= 3 or (not is_name and fields.get(column, "") == "" and not number):
            return True
        if not is_name:
            return False
        roman = re.match(r"^([IVX]+|[A-ZĐ])\s*[.)/:]\s", cell) or re.fullmatch(r"([IVX]+|[A-ZĐ])[.)]?", number)
        return bool(roman or self.groups.find(cell) or self.unit(cell) or self._is_unknown_unit(cell))

    def _is_unknown_unit(self, cell: str) -> bool:
        """ "1. TĐ Thủ Dầu Một" alone in its row: no person, though no unit by its spelling either."""
        return not looks_like_name(cell) and self.finder.like(bare(cell)) is not None

    def unit(self, text: str) -> tuple[int, str] | None:
        return self.units.get(fold(bare(text))) or self.units.get(fold(text))

    def take_heading(self, filled: list[tuple[int, str]], number: str) -> Message:
        text = max((cell for _, cell in filled), key=len)
        self.in_foot = False
        ordinal = ORDINAL.match(text if text != number else number) or ORDINAL.match(f"{number} ")
        level = _level(ordinal[1]) if ordinal else 1
        code = self.groups.find(text)
        unit = self.unit(text)
        if code:
            self.group, self.level, self.body, self.count_of_section = code, level, "", 0
            return Message("Heading of the group “%(group)s”.", group=self.groups.names[code])
        if unit:
            self.body = unit[1]
            return Message("Heading of the unit “%(unit)s”.", unit=unit[1])
        if self.finder.like(bare(text)):
            self.body = bare(text)
            return Message("A heading that may mean a unit: “%(unit)s”.", unit=self.body)
        if len(text) > 150 or REMARK.match(fold(text)):
            return Message("A remark.")
        if level > self.level and self.group:
            return Message("A heading within the group.")
        self.group, self.level, self.body, self.count_of_section = "", 9, "", 0
        return Message(
            "The heading “%(heading)s” names no group of this seminar: the rows below it go where rows without a group go.",
            heading=shorten(text, 80),
        )

    def names_heading(self, row: int, names: list[int], name: str, number: str) -> bool:
        roman = re.match(r"^([IVX]+|[A-ZĐ])\s*[.)/:]\s", name) or re.fullmatch(r"([IVX]+|[A-ZĐ])[.)]?", number)
        wide = any(self.spans.get((row, column), 1) >= 3 for column in names)
        return bool(wide or roman or self.groups.find(clean(name)) or self.unit(clean(name)))


def bare(text: str) -> str:
    """A heading without its number or bullet, "Đơn vị:", what stands in brackets, and its colon."""
    text = BULLET.sub("", text)
    text = re.sub(r"\([^)]*\)", "", ORDINAL.sub("", text, count=1) if ORDINAL.match(text) else text)
    text = UNIT_BEFORE.sub("", text)
    return re.sub(r"[\s:;.]+$", "", text)


def _level(ordinal: str) -> int:
    """A., B. stand above I., II., and these above 1., 2. and 1.1."""
    if re.fullmatch(r"[IVX]+", ordinal):
        return 1
    return 2 + ordinal.count(".") if ordinal[0].isdigit() else 0


def joined(filled: list[tuple[int, str]]) -> str:
    return fold(" ".join(cell for _, cell in filled))
