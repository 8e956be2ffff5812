"""Decisions about signing in (security.md V6, V7)."""

from datetime import datetime, timedelta

SESSION_LASTS = timedelta(hours=12)
IDLE_LASTS = timedelta(minutes=30)
"""Kept by the signed cookie's own time stamp, renewed with each answer."""
WRONG_WITHIN = timedelta(minutes=15)
WRONG_PER_ACCOUNT = 5
WRONG_PER_ADDRESS = 20


def session_is_open(created_at: datetime, ended_at: datetime | None, now: datetime) -> bool:
    return ended_at is None and now < created_at + SESSION_LASTS


def may_try(wrong_on_account_and_address: int, wrong_on_address: int) -> bool:
    """No permanent lock: a right person at another address still gets in."""
    return wrong_on_account_and_address < WRONG_PER_ACCOUNT and wrong_on_address < WRONG_PER_ADDRESS
