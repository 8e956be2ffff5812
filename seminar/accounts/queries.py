"""Reads about staff."""

from datetime import datetime

from sqlalchemy import func, select

from seminar.accounts.models import SignInFailure, StaffSession, User
from seminar.accounts.rules import WRONG_WITHIN
from seminar.lib.codes import digest
from seminar.lib.database import db


def user_by_email(email: str) -> User | None:
    return db.session.scalar(select(User).where(User.email == email.strip().casefold()))


def open_session(key: str) -> StaffSession | None:
    """The session of a cookie's key, with its user; ended ones too, the rule decides."""
    return db.session.get(StaffSession, digest(key))


def wrong_tries(email: str, address: str, now: datetime) -> tuple[int, int]:
    """(of this account from this address, from this address at all) within the last quarter of an hour."""
    recent = select(func.count()).select_from(SignInFailure).where(SignInFailure.at > now - WRONG_WITHIN)
    here = recent.where(SignInFailure.address == address)
    return db.session.scalar(here.where(SignInFailure.email == email.strip().casefold())) or 0, db.session.scalar(
        here
    ) or 0


def users() -> list[User]:
    return list(db.session.scalars(select(User).order_by(User.name)))
