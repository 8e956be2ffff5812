"""Letters, invitations, answers, proxies. Codes are digits only: scanners type through Telex and VNI (design.md)."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from seminar.access.actor import ActorKind, Channel
from seminar.delegates.models import Delegate
from seminar.documents.models import IssuedDocument
from seminar.lib.database import Model
from seminar.lib.errors import N_


class Invitation(Model):
    """One delegate's copy of a letter, with the personal code; at most one is in force per delegate.

    `code` is kept in clear because letters are printed again; the desk knows only `code_sha256`. `proxy_id` is set
    where the bearer is the approved proxy, not the delegate.
    """

    __tablename__ = "invitation"
    __table_args__ = (
        Index(
            "uq_invitation_in_force",
            "delegate_id",
            unique=True,
            sqlite_where=sql("revoked_at IS NULL"),
            postgresql_where=sql("revoked_at IS NULL"),
        ),
        CheckConstraint("length(code) = 20", name="code_length"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    delegate_id: Mapped[int] = mapped_column(ForeignKey("delegate.id"), index=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("issued_document.id"), index=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    code_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    proxy_id: Mapped[int | None] = mapped_column(ForeignKey("proxy.id"))
    issued_at: Mapped[datetime]
    issued_by: Mapped[str] = mapped_column(String(200))
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str] = mapped_column(String(200), default="")
    revoked_because: Mapped[str] = mapped_column(String(300), default="")

    delegate: Mapped[Delegate] = relationship()
    document: Mapped[IssuedDocument] = relationship(lazy="joined")
    proxy: Mapped["Proxy | None"] = relationship()


class Answer(StrEnum):
    ATTENDING = "attending"
    DECLINED = "declined"


ANSWER_LABELS = {Answer.ATTENDING: N_("comes"), Answer.DECLINED: N_("cannot come")}


class Rsvp(Model):
    """An answer; the latest of a delegate counts, earlier ones stay. Late ones are marked, not refused, until closed."""

    __tablename__ = "rsvp"
    __table_args__ = (Index("ix_rsvp_delegate_id_id", "delegate_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    delegate_id: Mapped[int] = mapped_column(ForeignKey("delegate.id"))
    answer: Mapped[Answer]
    reason: Mapped[str] = mapped_column(String(500), default="")
    at: Mapped[datetime]
    actor_kind: Mapped[ActorKind]
    actor_name: Mapped[str] = mapped_column(String(200))
    channel: Mapped[Channel]
    is_late: Mapped[bool] = mapped_column(default=False)


class ProxyOutcome(StrEnum):
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


PROXY_OUTCOME_LABELS = {
    ProxyOutcome.APPROVED: N_("approved"),
    ProxyOutcome.REFUSED: N_("refused"),
    ProxyOutcome.WITHDRAWN: N_("withdrawn"),
}


class Proxy(Model):
    """A person proposed to come instead. Approved: the old code is revoked, a new one issued, both names stay."""

    __tablename__ = "proxy"
    __table_args__ = (
        Index(
            "uq_proxy_open",
            "delegate_id",
            unique=True,
            sqlite_where=sql("outcome IS NULL"),
            postgresql_where=sql("outcome IS NULL"),
        ),
        CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name="decided"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    delegate_id: Mapped[int] = mapped_column(ForeignKey("delegate.id"))
    name: Mapped[str] = mapped_column(String(200))
    position: Mapped[str] = mapped_column(String(300), default="")
    phone: Mapped[str] = mapped_column(String(15), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    reason: Mapped[str] = mapped_column(String(500))
    proposed_at: Mapped[datetime]
    proposed_by: Mapped[str] = mapped_column(String(200))
    channel: Mapped[Channel]
    outcome: Mapped[ProxyOutcome | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str] = mapped_column(String(200), default="")
    decision_note: Mapped[str] = mapped_column(String(500), default="")

    delegate: Mapped[Delegate] = relationship()


class Delivery(Model):
    """That an invitation was handed over by a channel other than the outbox (print, Zalo): when, by whom."""

    __tablename__ = "delivery"
    __table_args__ = (UniqueConstraint("invitation_id", "channel", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    invitation_id: Mapped[int] = mapped_column(ForeignKey("invitation.id"), index=True)
    channel: Mapped[Channel]
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(String(300), default="")
