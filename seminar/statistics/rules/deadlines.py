"""By when a period's returns are due, and until when they are taken (domain.md Đ6: "trước 10/2/2024" ends with 9/2)."""

from datetime import datetime, timedelta

from seminar.lib.clock import from_local, local
from seminar.lib.errors import Refused
from seminar.papers.rules.senders import days_late
from seminar.planning.models import Milestone, MilestoneRule
from seminar.planning.rules import due_at, falls_on_holiday, is_closed
from seminar.statistics.models import Period
from seminar.statistics.rules.states import ReturnState


def period_due_at(period: Period, planned: Milestone | None) -> datetime | None:
    """The last moment in time; `planned` is the plan's milestone `returns`. None: no day is known."""
    if period.due_on is None:
        return due_at(planned) if planned is not None else None
    last = period.due_on - timedelta(days=1) if period.due_rule == MilestoneRule.BEFORE else period.due_on
    return from_local(last + timedelta(days=1)) - timedelta(microseconds=1)


def is_shown(period: Period) -> bool:
    """Units see it: it was opened once."""
    return period.opened_at is not None


def is_open(period: Period, planned: Milestone | None) -> bool:
    """Also late ones are taken until the office closes the period, or the milestone that is its deadline."""
    is_over = period.due_on is None and is_closed(planned)
    return is_shown(period) and period.closed_at is None and not is_over


def may_return(period: Period, planned: Milestone | None, state: ReturnState) -> bool:
    """What the office returned may be corrected after the period was closed."""
    return is_open(period, planned) or (is_shown(period) and state == ReturnState.RETURNED)


def refuse_closed(period: Period, planned: Milestone | None, state: ReturnState) -> None:
    if not is_shown(period):
        raise Refused("This period is not open yet.")
    if not may_return(period, planned, state):
        raise Refused("The office closed this period: telephone the office.")


def late_days(period: Period, planned: Milestone | None, at: datetime) -> int:
    """Days begun after the deadline; 0 in time."""
    return days_late(period_due_at(period, planned), at)


def holiday_of(period: Period, planned: Milestone | None) -> str:
    """The name of the day off on which the last day falls, or ""."""
    due = period_due_at(period, planned)
    return falls_on_holiday(local(due).date()) if due else ""
