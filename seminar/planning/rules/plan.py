"""Deadlines, holidays, milestones that the software proposes; which units have a quota."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from seminar.lib.clock import from_local, local, short_date, weekday_vi
from seminar.lib.errors import N_
from seminar.lib.text import fold
from seminar.planning.models import Group, Milestone, MilestoneRule, QuotaKind, Topic, Unit

UNKNOWN = "…………"
"""What is not known stands visibly as a gap, never invented (design.md, documents)."""


def is_sensible(day: date) -> bool:
    """A day that people can mean, and from which others can be counted."""
    return 1900 <= day.year <= 2200


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


def asked_until(milestone: Milestone | None, now: datetime) -> str:
    """What a message of that moment says of a deadline, so that nothing is asked for before a day that is gone; "" if none."""
    if milestone is None:
        return ""
    last = local(due_at(milestone)).date()
    if local(now).date() > last:
        return f"(hạn {deadline_words(milestone)} đã qua, vẫn mong nhận được)"
    return f"ngay trong hôm nay, ngày {short_date(last)}" if local(now).date() == last else deadline_words(milestone)


def what_links_lack(issuer: str, contact_name: str, contact_phone: str) -> list[str]:
    """What must be known before a unit gets a link by mail: who sends it, and whom to call in doubt (domain.md 5.4)."""
    lacks = {N_("organiser"): issuer, N_("contact"): contact_name, N_("telephone of the contact"): contact_phone}
    return [name for name, value in lacks.items() if not value]


def folded_aliases(lines: Iterable[str]) -> list[str]:
    """The headings by which lists name a group, folded, each once."""
    return list(dict.fromkeys(folded for folded in map(fold, lines) if folded))


def numbered_topics(topics: Iterable[Topic]) -> list[tuple[str, Topic]]:
    """Topics, each followed by its subtopics, with what a list to choose from says: "2. Giải pháp", "2.1. Mô hình hay"."""
    found = []
    for number, topic in enumerate(topics, start=1):
        found.append((f"{number}. {topic.title}", topic))
        found += [(f"{number}.{at}. {one.title}", one) for at, one in enumerate(topic.subtopics, start=1)]
    return found
