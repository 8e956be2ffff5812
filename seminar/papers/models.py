"""Papers with every version kept, and the records by which they are accepted."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from seminar.access.actor import ActorKind, Channel
from seminar.delegates.models import Delegate
from seminar.lib.database import Model
from seminar.lib.errors import N_
from seminar.planning.models import Topic, Unit


class PaperKind(StrEnum):
    PAPER = "paper"
    KEYNOTE = "keynote"
    SITUATION = "situation"


PAPER_KIND_LABELS = {
    PaperKind.PAPER: N_("paper"),
    PaperKind.KEYNOTE: N_("opening report"),
    PaperKind.SITUATION: N_("report on the situation"),
}


class Paper(Model):
    """A paper of an author or a unit; `authors` as they should print (people or a collective)."""

    __tablename__ = "paper"
    __table_args__ = (Index("ix_paper_seminar_id_id", "seminar_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    seminar_id: Mapped[int] = mapped_column(ForeignKey("seminar.id"))
    kind: Mapped[PaperKind]
    title: Mapped[str] = mapped_column(String(500))
    authors: Mapped[str] = mapped_column(String(500))
    delegate_id: Mapped[int | None] = mapped_column(ForeignKey("delegate.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topic.id"))
    abstract: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(200))

    delegate: Mapped[Delegate | None] = relationship()
    unit: Mapped[Unit | None] = relationship()
    topic: Mapped[Topic | None] = relationship()
    submissions: Mapped[list["Submission"]] = relationship(order_by="Submission.version", back_populates="paper")
    decisions: Mapped[list["Decision"]] = relationship(order_by="Decision.id")


class Submission(Model):
    """One version of a paper's file, immutable, stored under its sha256."""

    __tablename__ = "submission"
    __table_args__ = (
        UniqueConstraint("paper_id", "version"),
        CheckConstraint("version > 0", name="version_positive"),
        CheckConstraint("size_bytes > 0", name="not_empty"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("paper.id"))
    version: Mapped[int]
    filename: Mapped[str] = mapped_column(String(300))
    media_type: Mapped[str] = mapped_column(String(100))
    file_sha256: Mapped[str] = mapped_column(String(64))
    size_bytes: Mapped[int]
    word_count: Mapped[int | None]
    page_count: Mapped[int | None]
    at: Mapped[datetime]
    actor_kind: Mapped[ActorKind]
    actor_name: Mapped[str] = mapped_column(String(200))
    channel: Mapped[Channel]
    is_late: Mapped[bool] = mapped_column(default=False)

    paper: Mapped[Paper] = relationship(back_populates="submissions")


class Decision(Model):
    """The conclusion of vetting; print and stage are two decisions (domain.md 2.7). The latest counts."""

    __tablename__ = "decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("paper.id"), index=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    in_print: Mapped[bool]
    on_stage: Mapped[bool]
    needs_correction: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(200))
