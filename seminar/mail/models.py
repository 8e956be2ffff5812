"""Outgoing mail. A row says what will leave, what left, and what the mail server answered."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from seminar.lib.database import Model
from seminar.lib.errors import N_


class MailStatus(StrEnum):
    HELD = "held"
    QUEUED = "queued"
    STOPPED = "stopped"
    SENDING = "sending"
    RETRY = "retry"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"


MAIL_STATUS_LABELS = {
    MailStatus.HELD: N_("held: no mail server is configured"),
    MailStatus.QUEUED: N_("queued"),
    MailStatus.STOPPED: N_("stopped for now"),
    MailStatus.SENDING: N_("being sent"),
    MailStatus.RETRY: N_("to be tried again"),
    MailStatus.SENT: N_("sent"),
    MailStatus.FAILED: N_("failed"),
    MailStatus.CANCELLED: N_("cancelled"),
}
WAITING = (MailStatus.HELD, MailStatus.QUEUED, MailStatus.SENDING, MailStatus.RETRY)
"""What has not left and still will."""
PURPOSE_LABELS = {
    "invitation": N_("the letter"),
    "reminder": N_("reminder to answer"),
    "change": N_("notice of a change"),
    "cancellation": N_("notice that an invitation was revoked"),
    "message": N_("message of the office"),
    "thanks": N_("thanks"),
    "proxy refusal": N_("refusal of a proxy"),
    "receipt": N_("receipt of a paper"),
    "unit_link": N_("link of a unit"),
    "paper result": N_("result of vetting"),
    "review reminder": N_("papers to vet"),
}
"""What messages are about, by `Mail.purpose`, for those who read the outbox."""


class Mail(Model):
    """One message to one person. `Message-ID` is fixed before the first try, so that a repeat can be told.

    While `sending`, `due_at` is the end of the worker's lease: a dead worker's rows come back by themselves.
    `stopped` waits for a person to let its whole batch go on, or to drop it.
    `maybe_twice` marks a message whose lease ran out while it was being sent: the server may have taken it already.
    """

    __tablename__ = "mail"
    __table_args__ = (
        Index("ix_mail_status_due_at", "status", "due_at"),
        Index("ix_mail_seminar_id_id", "seminar_id", "id"),
        CheckConstraint(
            "status IN ('held','queued','stopped','sending','retry','sent','failed','cancelled')", name="status"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seminar_id: Mapped[int | None]
    purpose: Mapped[str] = mapped_column(String(32))
    delegate_id: Mapped[int | None] = mapped_column(index=True)
    batch: Mapped[str] = mapped_column(String(36), default="", index=True)
    to_name: Mapped[str] = mapped_column(String(200))
    to_address: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text, default="")
    inline_png: Mapped[bytes | None] = mapped_column(LargeBinary)
    calendar: Mapped[str] = mapped_column(Text, default="")
    attachment_sha256: Mapped[str] = mapped_column(String(64), default="")
    """Of a file kept by lib/files, such as the letter in PDF; empty where there is none."""
    attachment_name: Mapped[str] = mapped_column(String(120), default="")
    message_id: Mapped[str] = mapped_column(String(120), unique=True)
    status: Mapped[MailStatus]
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(200))
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    worker: Mapped[str] = mapped_column(String(64), default="")
    answer: Mapped[str] = mapped_column(String(500), default="")
    maybe_twice: Mapped[bool] = mapped_column(default=False)
    sent_at: Mapped[datetime | None]
