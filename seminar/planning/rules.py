"""Decisions of the plan: deadlines, weekdays, which units have a quota."""

from datetime import date, datetime, timedelta

from seminar.lib.clock import from_local, weekday_vi
from seminar.planning.models import Group, Milestone, MilestoneRule, QuotaKind, Unit


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
)


def falls_on_holiday(day: date) -> str:
    """The name of the weekend day or holiday, or "" for a working day: "Thứ Bảy, Tết Giáp Thìn"."""
    names = [weekday_vi(day)] if day.weekday() >= 5 else []
    names += [name for first, last, name in HOLIDAYS if first <= day <= last]
    return ", ".join(names)


def has_quota(group: Group, unit: Unit) -> bool:
    """ "01/đơn vị cấp huyện" means the units of the kinds that the group names, or every unit (domain.md Đ8, S1.37 to S1.39)."""
    return group.quota_kind == QuotaKind.PER_UNIT and (not group.unit_kinds or unit.kind in group.unit_kinds)
