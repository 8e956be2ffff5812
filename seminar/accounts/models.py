"""Members of staff and their sessions."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from seminar.access.roles import Role
from seminar.lib.database import Model


class User(Model):
    """A member of staff. `email` signs in and is folded to lower case; `roles_held` lists `Role` values."""

    __tablename__ = "user"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str] = mapped_column(String(200))
    roles_held: Mapped[list[str]] = mapped_column(JSON)
    totp_secret: Mapped[str] = mapped_column(String(64), default="")
    totp_last_step: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    disabled_by: Mapped[str] = mapped_column(String(200), default="")

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(Role(role) for role in self.roles_held)


class StaffSession(Model):
    """One sign-in. The cookie holds a random key, the row its sha256: a copied database opens no door."""

    __tablename__ = "staff_session"

    key_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    created_at: Mapped[datetime]
    address: Mapped[str] = mapped_column(String(64), default="")
    agent: Mapped[str] = mapped_column(String(200), default="")
    second_factor_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(lazy="joined")


class SignInFailure(Model):
    """A wrong password or second factor; the throttle counts these, so that a restart forgets none."""

    __tablename__ = "sign_in_failure"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    email: Mapped[str] = mapped_column(String(254), index=True)
    address: Mapped[str] = mapped_column(String(64), index=True)
