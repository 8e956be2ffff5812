"""Time: aware UTC in the database, Vietnam's own time on pages and documents. Weekdays are derived, never typed."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")

WEEKDAYS_VI = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")


def now() -> datetime:
    """The present moment, aware, in UTC, to the microsecond."""
    return datetime.now(UTC)


def local(moment: datetime) -> datetime:
    return moment.astimezone(VIETNAM)


def from_local(day: date, hour: int = 0, minute: int = 0) -> datetime:
    """The moment of a wall clock in Vietnam, as aware UTC."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=VIETNAM).astimezone(UTC)


def weekday_vi(day: date) -> str:
    """Weekday as headings print it (domain.md 5.2): "Thứ Sáu", "Chủ nhật"."""
    return WEEKDAYS_VI[day.weekday()]


def short_date(day: date) -> str:
    """dd/mm/yyyy"""
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


def short_time(moment: datetime) -> str:
    """hh:mm of a moment on Vietnam's clock."""
    return f"{local(moment):%H:%M}"


def short_moment(moment: datetime) -> str:
    """hh:mm dd/mm/yyyy of a moment on Vietnam's clock."""
    there = local(moment)
    return f"{there:%H:%M} {short_date(there.date())}"
