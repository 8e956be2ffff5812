"""Decisions of the plan: deadlines, weekdays, which units have a quota; what a list of units says."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from seminar.lib import phones
from seminar.lib.clock import from_local, short_date, weekday_vi
from seminar.lib.errors import N_, Message
from seminar.lib.text import clean, fold
from seminar.planning.models import Group, Milestone, MilestoneRule, QuotaKind, Unit, UnitKind

UNKNOWN = "…………"
"""What is not known stands visibly as a gap, never invented (design.md, documents)."""


def due_at(milestone: Milestone) -> datetime:
    """The last moment that is in time. "Trước ngày D" ends with the day before (domain.md 3.1 g, S1.44 to S1.50)."""
    last_day = milestone.due_on - timedelta(days=1) if milestone.rule == MilestoneRule.BEFORE else milestone.due_on
    return from_local(last_day + timedelta(days=1)) - timedelta(microseconds=1)


def is_late(milestone: Milestone | None, now: datetime) -> bool:
    return milestone is not None and now > due_at(milestone)


def is_closed(milestone: Milestone | None) -> bool:
    """Late things are accepted and marked until the office closes the milestone (design.md, the demo)."""
    return milestone is not None and milestone.closed_at is not None


# Public holidays that a deadline should not fall on: first and last day, and the name (domain.md Đ6, 5.2). Data, by year.
HOLIDAYS: tuple[tuple[date, date, str], ...] = (
    (date(2024, 2, 8), date(2024, 2, 14), "Tết Giáp Thìn"),
    (date(2025, 1, 25), date(2025, 2, 2), "Tết Ất Tỵ"),
    (date(2026, 2, 14), date(2026, 2, 22), "Tết Bính Ngọ"),
    (date(2027, 2, 5), date(2027, 2, 9), "Tết Đinh Mùi"),
    *(
        (day, day, "Giỗ Tổ Hùng Vương")
        for day in (date(2024, 4, 18), date(2025, 4, 7), date(2026, 4, 26), date(2027, 4, 16))
    ),
)
# The same in every year, by month and day (Labour Code 2019, article 112).
YEARLY_HOLIDAYS = {
    (1, 1): "Tết Dương lịch",
    (4, 30): "Ngày Chiến thắng",
    (5, 1): "Quốc tế Lao động",
    (9, 2): "Quốc khánh",
}


def falls_on_holiday(day: date) -> str:
    """The name of the weekend day or holiday, or "" for a working day: "Thứ Bảy, Tết Giáp Thìn"."""
    names = [weekday_vi(day)] if day.weekday() >= 5 else []
    names += [name for first, last, name in HOLIDAYS if first <= day <= last]
    names += [YEARLY_HOLIDAYS[day.month, day.day]] if (day.month, day.day) in YEARLY_HOLIDAYS else []
    return ", ".join(names)


def has_quota(group: Group, unit: Unit) -> bool:
    """ "01/đơn vị cấp huyện" means the units of the kinds that the group names, or every unit (domain.md Đ8, S1.37 to S1.39)."""
    return group.quota_kind == QuotaKind.PER_UNIT and (not group.unit_kinds or unit.kind in group.unit_kinds)


def working_day(day: date) -> date:
    """The day itself, or the last one before that is no weekend and no holiday."""
    while falls_on_holiday(day):
        day -= timedelta(days=1)
    return day


# (deadline, rule, days before the seminar, what, who): what the software proposes where a plan is silent (domain.md Đ7).
# As long before as the deadlines of the plan of Bình Dương, 2024, stand before its day.
DEFAULT_MILESTONES: tuple[tuple[str, MilestoneRule, int, str, str], ...] = (
    ("returns", MilestoneRule.UNTIL, 21, "Các đơn vị gửi số liệu", "Các đơn vị"),
    ("papers", MilestoneRule.UNTIL, 14, "Nhận bài tham luận", "Ban Tổ chức"),
    ("nominations", MilestoneRule.UNTIL, 14, "Các đơn vị cử đại biểu", "Các đơn vị"),
    ("answers", MilestoneRule.UNTIL, 5, "Đại biểu xác nhận tham dự", "Văn phòng"),
    ("", MilestoneRule.ON, 0, "Tổ chức Tọa đàm", "Ban Tổ chức"),
    ("", MilestoneRule.AFTER, 0, "Biên tập và phát hành kỷ yếu Tọa đàm", "Ban Tổ chức"),
    ("", MilestoneRule.AFTER, 0, "Báo cáo kết quả Tọa đàm", "Ban Tổ chức"),
)


def default_milestones(held_on: date) -> list[Milestone]:
    """The milestones that the software proposes for a seminar on the day, none of them due on a weekend or holiday."""
    return [
        Milestone(
            position=position,
            code=code,
            rule=rule,
            due_on=working_day(held_on - timedelta(days=days)) if days else held_on,
            text=text,
            owner=owner,
            is_default=True,
        )
        for position, (code, rule, days, text, owner) in enumerate(DEFAULT_MILESTONES, start=1)
    ]


def is_misplaced(milestone: Milestone, held_on: date | None) -> bool:
    """A deadline that lies after the seminar, or "on the day" that is another day: the day was moved and they were not."""
    if held_on is None:
        return False
    if milestone.rule == MilestoneRule.ON and not milestone.code:
        return milestone.is_default and milestone.due_on != held_on
    if milestone.rule == MilestoneRule.AFTER:
        return milestone.is_default and milestone.due_on < held_on
    return bool(milestone.code) and milestone.due_on > held_on


def deadline_words(milestone: Milestone | None) -> str:
    """Within a Vietnamese sentence: "trước ngày 10/02/2024", "chậm nhất ngày 01/03/2024"."""
    if milestone is None:
        return f"trước ngày {UNKNOWN}"
    word = "trước" if milestone.rule == MilestoneRule.BEFORE else "chậm nhất"
    return f"{word} ngày {short_date(milestone.due_on)}"


def what_links_lack(issuer: str, contact_name: str, contact_phone: str) -> list[str]:
    """What must be known before a unit gets a link by mail: who sends it, and whom to call in doubt (domain.md 5.4)."""
    lacks = {N_("organiser"): issuer, N_("contact"): contact_name, N_("telephone of the contact"): contact_phone}
    return [name for name, value in lacks.items() if not value]


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
    for number, typed in enumerate(text.splitlines(), start=1):
        cells = [clean(cell) for cell in re.split(r"[;\t]", typed)]
        if len(cells) > 1 and re.fullmatch(r"(s?tt|\d+)\.?", fold(cells[0])):
            cells = cells[1:]  # the column "TT" of a table
        cells = [cell for cell in cells if cell]
        if not cells or fold(cells[0]) in ("don vi", "ten don vi"):
            continue
        line = UnitLine(number, cells[0][:200], kind_of_name(cells[0]))
        for place, cell in enumerate(cells[1:]):
            kind = kind_named(cell)
            if kind is not None and place == 0:
                line.kind = kind
            elif "@" in cell:
                line.email = cell[:254]
            elif phones.domestic(cell):
                line.phone = phones.domestic(cell) or ""
            else:
                line.aliases.append(cell[:200])
        line.is_known = taken.get(fold(line.name)) == line.name
        line.error = None if line.is_known else name_refusal([line.name, *line.aliases], {**taken, **here})
        if line.error is None and len(lines) >= MOST_UNITS:
            line.error = Message("At most %(most)s units at once: read the rest as a second list.", most=MOST_UNITS)
        here |= {fold(name): line.name for name in (line.name, *line.aliases) if not line.is_known}
        lines.append(line)
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


def folded_aliases(lines: Iterable[str]) -> list[str]:
    """The headings by which lists name a group, folded, each once."""
    return list(dict.fromkeys(folded for folded in map(fold, lines) if folded))
