"""Reads about staff."""

from datetime import datetime

from sqlalchemy import func, select

from seminar.access.roles import Role
from seminar.accounts.models import SignInFailure, StaffSession, User
from seminar.accounts.rules import SESSION_LASTS, WRONG_WITHIN
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


def users(page: int, size: int = 50) -> list[User]:
    """Those who may sign in first, then the disabled; by name."""
    query = select(User).order_by(User.disabled_at.is_not(None), User.name, User.id)
    return list(db.session.scalars(query.offset((page - 1) * size).limit(size)))


def user_count() -> int:
    return db.session.scalar(select(func.count()).select_from(User)) or 0


def user_or_404(user_id: int) -> User:
    return db.one_or_404(select(User).where(User.id == (user_id if user_id < 2**31 else 0)))


def administrators_locked() -> list[User]:
    """Those who may sign in and are administrators; locked, so that two cannot remove each other at the same time."""
    everyone = select(User).where(User.disabled_at.is_(None)).order_by(User.id).with_for_update()
    return [user for user in db.session.scalars(everyone) if Role.ADMIN in user.roles]


def open_sessions(user: User, now: datetime) -> list[StaffSession]:
    """Newest first."""
    query = select(StaffSession).where(
        StaffSession.user_id == user.id, StaffSession.ended_at.is_(None), StaffSession.created_at > now - SESSION_LASTS
    )
    return list(db.session.scalars(query.order_by(StaffSession.created_at.desc())))


def session_of(user_id: int, digest: str) -> StaffSession:
    """One of the user's own sessions; somebody else's is not found."""
    return db.one_or_404(select(StaffSession).where(StaffSession.key_sha256 == digest, StaffSession.user_id == user_id))
