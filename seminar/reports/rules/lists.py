"""Lists as the office prints them: which columns there are, and how rows stand in sections, are numbered and summed up.

The habits are those of such offices: thành phần in protocol order and not the alphabet (domain.md 2.9), "Năm sinh" split
into Nam and Nữ, tên apart from họ đệm (5.1), "người" where people and "lượt" where memberships are counted (Đ9).
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from seminar.lib.errors import N_
from seminar.lib.numbers import whole
from seminar.lib.text import clean, clean_block, thousands

Cell = str | int | None


@dataclass(frozen=True)
class Part:
    """One printed column; `width` in characters of a worksheet, of which Word and the page take their share."""

    heading: str
    width: int
    is_centred: bool = False


@dataclass(frozen=True)
class Column:
    """What one may choose: one printed column, or several under the heading `band`."""

    key: str
    label: str
    parts: tuple[Part, ...]
    band: str = ""
    is_private: bool = False
    """Only for those who write to people."""


def _one(key: str, label: str, heading: str, width: int, *, centred: bool = False, private: bool = False) -> Column:
    return Column(key, label, (Part(heading, width, centred),), is_private=private)


COLUMNS: dict[str, Column] = {
    column.key: column
    for column in (
        _one("ordinal", N_("running number"), "STT", 5, centred=True),
        _one("number", N_("number of the delegate"), "Số đại biểu", 8, centred=True),
        _one("honorific", N_("honorific"), "Danh xưng", 11),
        _one("academic_title", N_("academic title"), "Học hàm, học vị", 10),
        _one("name", N_("full name"), "Họ và tên", 26),
        Column("split_name", N_("full name in two columns"), (Part("", 22), Part("", 9)), band="Họ và tên"),
        _one("birth_year", N_("year of birth"), "Năm sinh", 8, centred=True),
        Column(
            "split_birth_year",
            N_("year of birth, men and women"),
            (Part("Nam", 7, True), Part("Nữ", 7, True)),
            band="Năm sinh",
        ),
        _one("gender", N_("gender"), "Giới tính", 7, centred=True),
        _one("position", N_("position"), "Chức vụ", 27),
        _one("body", N_("unit or agency"), "Đơn vị, cơ quan", 28),
        _one("position_body", N_("position and unit"), "Chức vụ, đơn vị", 38),
        _one("group", N_("group"), "Thành phần", 26),
        _one("further_groups", N_("further groups"), "Nhóm khác", 14),
        _one("phone", N_("telephone"), "Điện thoại", 14, centred=True, private=True),
        _one("email", N_("e-mail"), "E-mail", 26, private=True),
        _one("answer", N_("answer"), "Trả lời", 14),
        _one("reason", N_("reason"), "Lý do", 24),
        _one("proxy", N_("proxy with position"), "Người dự thay", 22),
        _one("letter", N_("number of the letter"), "Văn bản mời số", 18),
        _one("arrived_at", N_("came at"), "Có mặt lúc", 14, centred=True),
        _one("seat", N_("seat"), "Chỗ ngồi", 8, centred=True),
        _one("note", N_("note"), "Ghi chú", 16),
        _one("signature", N_("empty column to sign in"), "Ký nhận", 22),
    )
}
ANSWER_COLUMNS = {"answer", "reason", "proxy", "letter"}
ARRIVAL_COLUMNS = {"arrived_at"}


class Grouping(StrEnum):
    NONE = "none"
    GROUP = "group"
    UNIT = "unit"
    GROUP_UNIT = "group_unit"
    TABLE = "table"


class Order(StrEnum):
    PROTOCOL = "protocol"
    NAME = "name"
    NUMBER = "number"


class Numbering(StrEnum):
    THROUGH = "through"
    SECTION = "section"


GROUPING_LABELS = {
    Grouping.NONE: N_("no sections"),
    Grouping.GROUP: N_("by group, in protocol order"),
    Grouping.UNIT: N_("by unit"),
    Grouping.GROUP_UNIT: N_("by group, then by unit"),
    Grouping.TABLE: N_("by reception table, given names from A to Y"),
}
ORDER_LABELS = {
    Order.PROTOCOL: N_("by protocol"),
    Order.NAME: N_("by given name"),
    Order.NUMBER: N_("by number"),
}
NUMBERING_LABELS = {
    Numbering.THROUGH: N_("runs through the list"),
    Numbering.SECTION: N_("begins anew in each section"),
}
COUNTED_AS = ("đồng chí", "đại biểu", "người")
NO_UNIT = "Cơ quan, đơn vị khác"
ATTACHED = "(Kèm theo ………… số …………, ngày … tháng … năm … của …………)"
MOST_TABLES = 20


@dataclass(frozen=True)
class Shape:
    """How a list comes out."""

    title: str = ""
    """What the list is of, under the word DANH SÁCH."""
    names_seminar: bool = True
    """The seminar's own title follows."""
    subtitle: str = ATTACHED
    columns: tuple[str, ...] = ("ordinal", "name", "position", "body", "note")
    grouping: Grouping = Grouping.GROUP
    order: Order = Order.PROTOCOL
    numbering: Numbering = Numbering.THROUGH
    counted_as: str = "đồng chí"
    in_every_group: bool = False
    """In sections of groups each person stands in all their groups: memberships ("lượt"), not people."""
    has_subtotals: bool = False
    has_total: bool = True
    is_landscape: bool = False
    starts_pages: bool = False
    """Each section begins a page: lists for several tables."""
    tables: int = 3

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> "Shape":
        """Of what is stored or typed; what is unknown is as if not said."""
        columns = tuple(dict.fromkeys(key for key in said.get("columns", ()) if key in COLUMNS))
        counted = said.get("counted_as", "")
        return cls(
            title=clean_block(said.get("title", ""))[:300],
            names_seminar=bool(said.get("names_seminar")),
            subtitle=clean(said.get("subtitle", ""))[:300],
            columns=columns or cls.columns,
            grouping=_word(Grouping, said.get("grouping"), Grouping.GROUP),
            order=_word(Order, said.get("order"), Order.PROTOCOL),
            numbering=_word(Numbering, said.get("numbering"), Numbering.THROUGH),
            counted_as=counted if counted in COUNTED_AS else COUNTED_AS[0],
            in_every_group=bool(said.get("in_every_group")),
            has_subtotals=bool(said.get("has_subtotals")),
            has_total=bool(said.get("has_total")),
            is_landscape=bool(said.get("is_landscape")),
            starts_pages=bool(said.get("starts_pages")),
            tables=min(max(whole(str(said.get("tables", ""))) or cls.tables, 1), MOST_TABLES),
        )

    @property
    def printed(self) -> list[Column]:
        return [COLUMNS[key] for key in self.columns]

    @property
    def parts(self) -> list[Part]:
        """The columns as printed, one by one."""
        return [part for column in self.printed for part in column.parts]

    @property
    def is_counting_memberships(self) -> bool:
        return self.in_every_group and self.grouping in (Grouping.GROUP, Grouping.GROUP_UNIT)

    def without_private(self) -> "Shape":
        kept = tuple(key for key in self.columns if not COLUMNS[key].is_private)
        return replace(self, columns=kept or ("ordinal", "name"))

    def moved(self, key: str, by: int) -> "Shape":
        """With the column one or more places further; at the ends it stays."""
        if key not in self.columns:
            return self
        keys = [one for one in self.columns if one != key]
        keys.insert(max(self.columns.index(key) + by, 0), key)
        return replace(self, columns=tuple(keys))


def _word(words: Any, said: object, default: Any) -> Any:
    return words(said) if said in set(words) else default


@dataclass(frozen=True)
class Entry:
    """A person as a list may print them, in plain values: large lists are arranged and written in a child process."""

    number: int
    name: str
    sort_key: str
    groups: tuple[tuple[int, str], ...]
    """(rank, name), the primary group first."""
    unit: tuple[int, str] | None = None
    """(position, name) of the unit of the Union."""
    honorific: str = ""
    academic_title: str = ""
    birth_year: int | None = None
    gender: str = ""
    position: str = ""
    body: str = ""
    further_groups: str = ""
    phones: tuple[str, ...] = ()
    email: str = ""
    answer: str = ""
    reason: str = ""
    proxy: str = ""
    letter: str = ""
    arrived_at: str = ""
    seat: str = ""
    note: str = ""


class LineKind(StrEnum):
    SECTION = "section"
    ROW = "row"
    SUBTOTAL = "subtotal"
    TOTAL = "total"


@dataclass(frozen=True)
class Line:
    """One line of the table: a row of cells, or a text across all columns."""

    kind: LineKind
    cells: tuple[Cell, ...] = ()
    text: str = ""
    level: int = 1
    starts_page: bool = False


@dataclass(frozen=True)
class Arranged:
    lines: list[Line]
    people_count: int
    row_count: int
    """More than the people where memberships are counted."""


@dataclass
class _Section:
    title: str
    entries: list[Entry] = field(default_factory=list)
    sections: list["_Section"] = field(default_factory=list)

    @property
    def all(self) -> list[Entry]:
        return self.entries + [entry for section in self.sections for entry in section.all]


def arranged(entries: Sequence[Entry], shape: Shape) -> Arranged:
    """The whole table below its headings."""
    sections = _sections(entries, shape)
    lines: list[Line] = []
    ordinal = 0
    for index, section in enumerate(sections):
        if shape.numbering == Numbering.SECTION:
            ordinal = 0
        if section.title:
            starts = shape.starts_pages and index > 0
            lines.append(Line(LineKind.SECTION, text=section.title, starts_page=starts))
        for part in (section, *section.sections):
            if part is not section:
                lines.append(Line(LineKind.SECTION, text=part.title, level=2))
            for entry in part.entries:
                ordinal += 1
                lines.append(Line(LineKind.ROW, cells_of(entry, shape.columns, ordinal)))
        if shape.has_subtotals and section.title:
            lines.append(Line(LineKind.SUBTOTAL, text=f"Cộng: {counted(section.all, shape)}"))
    rows = [entry for section in sections for entry in section.all]
    if shape.has_total:
        lines.append(Line(LineKind.TOTAL, text=f"Tổng cộng: {counted(rows, shape)}"))
    return Arranged(lines, len({entry.number for entry in rows}), len(rows))


def counted(rows: Sequence[Entry], shape: Shape) -> str:
    """ "132 đồng chí"; where memberships are counted "145 lượt (132 người)"."""
    people = len({entry.number for entry in rows})
    if shape.is_counting_memberships:
        return f"{thousands(len(rows))} lượt ({thousands(people)} người)"
    return f"{thousands(people)} {shape.counted_as}"


def _sections(entries: Iterable[Entry], shape: Shape) -> list[_Section]:
    ordered = sorted(entries, key=_key(shape.order))
    match shape.grouping:
        case Grouping.NONE:
            return [_Section("", ordered)]
        case Grouping.TABLE:
            return _tables(sorted(ordered, key=_key(Order.NAME)), shape.tables)
        case Grouping.UNIT:
            return [_Section(f"{roman(n)}. {title}", found) for n, (title, found) in enumerate(_by_unit(ordered), 1)]
    by_group: dict[tuple[int, str], list[Entry]] = {}
    for entry in ordered:
        for group in entry.groups if shape.in_every_group else entry.groups[:1]:
            by_group.setdefault(group, []).append(entry)
    made = []
    for n, (group, found) in enumerate(sorted(by_group.items()), 1):
        section = _Section(f"{roman(n)}. {group[1]}")
        if shape.grouping == Grouping.GROUP:
            section.entries = found
        else:
            section.sections = [_Section(f"{m}. {title}", them) for m, (title, them) in enumerate(_by_unit(found), 1)]
        made.append(section)
    return made


def _key(order: Order) -> Any:
    return {
        Order.PROTOCOL: lambda entry: (entry.groups[0], entry.number),
        Order.NAME: lambda entry: (entry.sort_key, entry.number),
        Order.NUMBER: lambda entry: entry.number,
    }[order]


def _by_unit(entries: Iterable[Entry]) -> list[tuple[str, list[Entry]]]:
    """In the usual order of the units; those of none come last."""
    found: dict[tuple[bool, int, str], list[Entry]] = {}
    for entry in entries:
        position, name = entry.unit or (0, NO_UNIT)
        found.setdefault((entry.unit is None, position, name), []).append(entry)
    return [(key[2], them) for key, them in sorted(found.items())]


def _tables(entries: Sequence[Entry], tables: int) -> list[_Section]:
    """Nearly equal shares by the first letter of the tên, never one letter at two tables."""
    letters: dict[str, list[Entry]] = {}
    for entry in entries:
        letters.setdefault(initial(entry.name), []).append(entry)
    shares: list[list[str]] = [[]]
    placed = 0
    for letter, them in letters.items():
        if shares[-1] and len(shares) < tables and placed + len(them) / 2 > len(entries) * len(shares) / tables:
            shares.append([])
        shares[-1].append(letter)
        placed += len(them)
    made = []
    for n, share in enumerate(shares, 1):
        span = share[0] if len(share) == 1 else f"{share[0]} – {share[-1]}" if share else ""
        made.append(
            _Section(
                f"Bàn {n}: tên vần {span}" if span else f"Bàn {n}", [one for letter in share for one in letters[letter]]
            )
        )
    return made


def initial(name: str) -> str:
    """The letter of the alphabet under which the tên stands; tones make no other letter, but "Đ" and "Ô" are their own."""
    given = clean(name).split(" ")[-1][:1].upper()
    parts = unicodedata.normalize("NFD", given)
    return unicodedata.normalize("NFC", "".join(part for part in parts if part not in "\u0300\u0301\u0303\u0309\u0323"))


def roman(number: int) -> str:
    said = ""
    for value, letters in (
        *((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL")),
        *((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")),
    ):
        while number >= value:
            said, number = said + letters, number - value
    return said


def split(name: str) -> tuple[str, str]:
    """(họ đệm, tên) of a name of several words; of a single one only tên."""
    *before, given = clean(name).split(" ")
    return " ".join(before), given


def cells_of(entry: Entry, columns: Sequence[str], ordinal: int) -> tuple[Cell, ...]:
    """The cells in the order of the columns; a column of several parts gives as many cells."""
    found: list[Cell] = []
    for key in columns:
        match key:
            case "ordinal":
                found.append(ordinal)
            case "split_name":
                found += split(entry.name)
            case "split_birth_year":
                year = entry.birth_year
                found += (year if entry.gender == "Nam" else None, year if entry.gender == "Nữ" else None)
            case "position_body":
                found.append(", ".join(part for part in (entry.position, entry.body) if part))
            case "group":
                found.append(entry.groups[0][1])
            case "phone":
                found.append("\n".join(entry.phones))
            case "signature":
                found.append(None)
            case _:
                found.append(getattr(entry, key))
    return tuple(found)


def years_left_out(entries: Iterable[Entry], shape: Shape) -> int:
    """People whose year stands in neither column, because nobody said whether man or woman; never guessed from a name."""
    if "split_birth_year" not in shape.columns:
        return 0
    return sum(1 for entry in entries if entry.birth_year and entry.gender not in ("Nam", "Nữ"))


def heading_rows(columns: Sequence[Column]) -> list[list[tuple[str, int, int]]]:
    """One or two rows of (text, columns across, rows down); two where a column has parts under a band."""
    if not any(column.band for column in columns):
        return [[(column.parts[0].heading, 1, 1) for column in columns]]
    above: list[tuple[str, int, int]] = []
    below: list[tuple[str, int, int]] = []
    for column in columns:
        if not column.band:
            above.append((column.parts[0].heading, 1, 2))
        elif any(part.heading for part in column.parts):
            above.append((column.band, len(column.parts), 1))
            below += [(part.heading, 1, 1) for part in column.parts]
        else:
            above.append((column.band, len(column.parts), 2))
    return [above, below] if below else [[(text, across, 1) for text, across, _ in above]]


NARROWEST_MM = 12.0


def widths_mm(parts: Sequence[Part], whole_mm: float) -> list[float]:
    """The columns' shares of the paper; the narrow ones stay wide enough for "STT" and a year."""
    narrow = [NARROWEST_MM if part.width <= 7 else 15.0 if part.width <= 9 else 0 for part in parts]
    left = whole_mm - sum(narrow)
    wide = sum(part.width for part, width in zip(parts, narrow, strict=True) if not width)
    if not wide or left < 0:
        return [whole_mm * part.width / sum(one.width for one in parts) for part in parts]
    return [width or left * part.width / wide for part, width in zip(parts, narrow, strict=True)]


def shares(parts: Sequence[Part], *, is_landscape: bool) -> list[float]:
    """The same in hundredths of the page's width."""
    whole = 247.0 if is_landscape else 160.0
    return [round(width / whole * 100, 1) for width in widths_mm(parts, whole)]


def text_size(parts: Sequence[Part], *, is_landscape: bool) -> float:
    """In points: smaller where many columns share the paper, never below what is read on paper."""
    room = sum(part.width for part in parts) / (1.5 if is_landscape else 1)
    return 12 if room <= 110 else 11 if room <= 140 else 10


@dataclass(frozen=True)
class ReadyMade:
    """A shape that every seminar has from the start; `who` is what the address of a list says of whom it names."""

    key: str
    name: str
    shape: Shape
    who: Mapping[str, Any] = field(default_factory=dict)
    is_of_closed_groups: bool = False
    """Of the groups with a closed list, whatever their codes."""


EVERYBODY = "all"
"""Key of the ready-made shape for whomever one has chosen elsewhere."""
READY_MADE: dict[str, ReadyMade] = {
    one.key: one
    for one in (
        ReadyMade(
            "summoned",
            "Danh sách đại biểu triệu tập",
            Shape(
                title="Đại biểu triệu tập",
                columns=("ordinal", "split_name", "split_birth_year", "position", "body", "note"),
                has_subtotals=True,
            ),
            {"audience": "summoned"},
        ),
        ReadyMade(
            "guests",
            "Danh sách khách mời (thứ tự nghi thức)",
            Shape(
                title="Đại biểu khách mời",
                columns=("ordinal", "honorific", "academic_title", "name", "position", "body", "answer"),
                counted_as="đại biểu",
                is_landscape=True,
            ),
            {"audience": "guest"},
        ),
        ReadyMade(
            "signatures",
            "Danh sách điểm danh ký nhận theo bàn",
            Shape(
                title="Điểm danh đại biểu",
                subtitle="",
                columns=("ordinal", "number", "name", "position_body", "proxy", "signature"),
                grouping=Grouping.TABLE,
                order=Order.NAME,
                numbering=Numbering.SECTION,
                counted_as="đại biểu",
                has_subtotals=True,
                starts_pages=True,
            ),
        ),
        ReadyMade(
            "exemplary",
            "Danh sách đảng viên trẻ tiêu biểu",
            Shape(
                title="Đảng viên trẻ tiêu biểu",
                columns=("ordinal", "split_name", "split_birth_year", "position", "body", "note"),
                grouping=Grouping.NONE,
                order=Order.NAME,
            ),
            is_of_closed_groups=True,
        ),
        ReadyMade(
            "answers",
            "Danh sách trả lời, vắng mặt có lý do",
            Shape(
                title="Đại biểu trả lời thư mời, giấy triệu tập",
                columns=("ordinal", "name", "position_body", "answer", "reason", "proxy"),
                counted_as="đại biểu",
                is_landscape=True,
                has_subtotals=True,
            ),
            {"state": ["answered"]},
        ),
        ReadyMade(
            EVERYBODY,
            "Danh sách đại biểu (chung)",
            Shape(
                title="Đại biểu",
                columns=("ordinal", "name", "position", "body", "phone", "note"),
                counted_as="đại biểu",
                has_subtotals=True,
            ),
        ),
    )
}
