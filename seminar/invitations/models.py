"""Letters, invitations, answers, proxies, what was sent. Codes are digits only: scanners type through Telex and VNI (design.md)."""

from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from seminar.access.actor import ActorKind, Channel
from seminar.delegates.models import Delegate
from seminar.documents.models import IssuedDocument
from seminar.lib.database import Model
from seminar.lib.errors import N_
from seminar.mail.models import Mail
from seminar.planning.models import Seminar


class Occasion(Model):
    """Day, hour and place as somebody was told them: a row more each time that people are told something else.

    The place is one line, as messages print it. What is open is never told, since no letter goes out then.
    """

    __tablename__ = "occasion"

    id: Mapped[int] = mapped_column(primary_key=True)
    seminar_id: Mapped[int] = mapped_column(ForeignKey("seminar.id"), index=True)
    held_on: Mapped[date]
    starts_at: Mapped[time]
    place: Mapped[str] = mapped_column(String(620))
    first_told_at: Mapped[datetime]


class LetterParticulars(Model):
    """What letters say of the seminar (`rules.Particulars`), kept when they are issued: they print the same for good.

    Shared by all letters that say the same; a row more where the plan said something else when more were issued.
    """

    __tablename__ = "letter_particulars"

    id: Mapped[int] = mapped_column(primary_key=True)
    seminar_id: Mapped[int] = mapped_column(ForeignKey("seminar.id"), index=True)
    occasion_id: Mapped[int | None] = mapped_column(ForeignKey("occasion.id"))
    """None only for letters of before, whose day, hour or place was open again when this was first kept."""
    said: Mapped[dict[str, Any]] = mapped_column(JSON)
    first_said_at: Mapped[datetime]

    occasion: Mapped[Occasion | None] = relationship()


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
    particulars_id: Mapped[int] = mapped_column(ForeignKey("letter_particulars.id"), index=True)
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
    particulars: Mapped[LetterParticulars] = relationship()
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


class Purpose(StrEnum):
    """What a message is about; the same words are `Mail.purpose`."""

    INVITATION = "invitation"
    REMINDER = "reminder"
    CHANGE = "change"
    CANCELLATION = "cancellation"
    MESSAGE = "message"
    THANKS = "thanks"
    PROXY_REFUSAL = "proxy refusal"


class Delivery(Model):
    """That something was sent to the bearer of an invitation, or handed over: about what, how, to whom, when, by whom.

    What went by the outbox has its message, which says what became of it; the rest is the word of whoever did it.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("invitation_id", "purpose", "channel", "at"),
        CheckConstraint("mail_id IS NULL OR channel = 'email'", name="mail_by_email"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    invitation_id: Mapped[int] = mapped_column(ForeignKey("invitation.id"), index=True)
    purpose: Mapped[Purpose] = mapped_column(default=Purpose.INVITATION)
    channel: Mapped[Channel]
    to: Mapped[str] = mapped_column(String(254), default="")
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(String(300), default="")
    mail_id: Mapped[int | None] = mapped_column(ForeignKey("mail.id"), index=True)
    occasion_id: Mapped[int | None] = mapped_column(ForeignKey("occasion.id"))
    """When and where, as this message said it; none where it said nothing of that."""

    mail: Mapped[Mail | None] = relationship()


class ReminderRule(Model):
    """ "3 days before the deadline at 08:00, to those without an answer": confirmed with the count that was seen.

    That confirmation is the sender's; on the day only those are reminded who have not answered (`Reminding`).
    """

    __tablename__ = "reminder_rule"
    __table_args__ = (
        UniqueConstraint("seminar_id", "days_before", "at"),
        CheckConstraint("days_before >= 0 AND days_before <= 60", name="days_before"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seminar_id: Mapped[int] = mapped_column(ForeignKey("seminar.id"))
    days_before: Mapped[int]
    at: Mapped[time]
    seen_count: Mapped[int]
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(200))
    paused_at: Mapped[datetime | None]
    paused_by: Mapped[str] = mapped_column(String(200), default="")

    seminar: Mapped[Seminar] = relationship()


class Reminding(Model):
    """That a rule reminded a delegate: once, the database itself says so."""

    __tablename__ = "reminding"
    __table_args__ = (UniqueConstraint("rule_id", "delegate_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    rule_id: Mapped[int] = mapped_column(ForeignKey("reminder_rule.id"))
    delegate_id: Mapped[int] = mapped_column(ForeignKey("delegate.id"), index=True)
    mail_id: Mapped[int | None] = mapped_column(ForeignKey("mail.id"))
    at: Mapped[datetime]
