"""The call for papers, papers with every version kept, their vetting, and the records by which they are accepted."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from seminar.access.actor import ActorKind, Channel
from seminar.accounts.models import User
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


class FileKind(StrEnum):
    """What a paper may be sent as, by its content."""

    DOCX = "docx"
    PDF = "pdf"
    DOC = "doc"
    ODT = "odt"


class Call(Model):
    """What the call for papers of a seminar asks for; a seminar without a row has `rules.DEFAULT_CALL`. The deadline is a
    milestone of the plan. Limits are told and shown, and refuse nothing: the office decides.
    """

    __tablename__ = "call"
    __table_args__ = (
        CheckConstraint("words_least > 0 AND words_most >= words_least", name="words_ordered"),
        CheckConstraint("pages_most > 0", name="pages_positive"),
        CheckConstraint("grace_hours >= 0 AND grace_hours <= 720", name="grace_sane"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seminar_id: Mapped[int] = mapped_column(ForeignKey("seminar.id"), unique=True)
    words_least: Mapped[int | None]
    words_most: Mapped[int | None]
    pages_most: Mapped[int | None]
    file_kinds: Mapped[list[str]] = mapped_column(JSON)
    """`FileKind` values; .doc and .odt only count where LibreOffice is there to convert them."""
    grace_hours: Mapped[int] = mapped_column(default=0)
    """What comes so many hours after the deadline is not marked late."""
    guidance: Mapped[str] = mapped_column(Text, default="")
    is_released_at_once: Mapped[bool] = mapped_column(default=True)
    """Authors read each decision as soon as it is made; else only when the office releases it."""


class Extension(Model):
    """A later deadline for one unit or one delegate, by their own link. Append-only; the latest that stands counts."""

    __tablename__ = "extension"
    __table_args__ = (
        CheckConstraint("(unit_id IS NULL) <> (delegate_id IS NULL)", name="one_sender"),
        Index("ix_extension_seminar_id_unit_id", "seminar_id", "unit_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seminar_id: Mapped[int] = mapped_column(ForeignKey("seminar.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    delegate_id: Mapped[int | None] = mapped_column(ForeignKey("delegate.id"), index=True)
    until_on: Mapped[date]
    """To the end of this day, in the office's time."""
    reason: Mapped[str] = mapped_column(String(500), default="")
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(200))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str] = mapped_column(String(200), default="")

    unit: Mapped[Unit | None] = relationship()
    delegate: Mapped[Delegate | None] = relationship()


class Paper(Model):
    """A paper of an author or a unit. `authors` is how they print together, made from the rows in `people`."""

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
    keywords: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(200))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str] = mapped_column(String(200), default="")
    withdrawn_why: Mapped[str] = mapped_column(String(500), default="")

    delegate: Mapped[Delegate | None] = relationship()
    unit: Mapped[Unit | None] = relationship()
    topic: Mapped[Topic | None] = relationship()
    submissions: Mapped[list["Submission"]] = relationship(order_by="Submission.version", back_populates="paper")
    decisions: Mapped[list["Decision"]] = relationship(order_by="Decision.id")
    people: Mapped[list["Author"]] = relationship(
        order_by="Author.position", back_populates="paper", cascade="all, delete-orphan"
    )


class Author(Model):
    """One author as it should print: a person with title, position and body, or a collective by its name alone."""

    __tablename__ = "author"
    __table_args__ = (UniqueConstraint("paper_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("paper.id"))
    position: Mapped[int]
    academic_title: Mapped[str] = mapped_column(String(60), default="")
    name: Mapped[str] = mapped_column(String(500))
    duty: Mapped[str] = mapped_column(String(300), default="")
    body: Mapped[str] = mapped_column(String(300), default="")
    is_collective: Mapped[bool] = mapped_column(default=False)

    paper: Mapped[Paper] = relationship(back_populates="people")


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
    legacy: Mapped[str] = mapped_column(String(40), default="")
    """Encodings older than Unicode that were found in it, by `lib.legacy.Legacy` values with commas; empty: none."""
    remarks: Mapped[list[Any]] = mapped_column(JSON, default=list)
    """What the check found and refused nothing for: [msgid, values] of each sentence."""

    paper: Mapped[Paper] = relationship(back_populates="submissions")
    renditions: Mapped[list["Rendition"]] = relationship(order_by="Rendition.id", back_populates="submission")


class RenditionKind(StrEnum):
    PDF = "pdf"
    """To read and to print: sent by the author beside the Word file, or made by LibreOffice."""
    DOCX = "docx"
    """To bind into the Word book: made from a .doc or .odt by LibreOffice."""
    UNICODE = "unicode"
    """The Word file with its old fonts turned into Unicode; stands before the file that was sent."""
    BOOK = "book"
    """A PDF in the looks of the book; `made_by` ends with what it was made of (`reports.documents.book_pages.recipe`)."""


class Rendition(Model):
    """Another form of the same version, immutable, made by a program or sent beside it. The latest of a kind that stands
    counts; what was withdrawn is kept and never used again.
    """

    __tablename__ = "rendition"
    __table_args__ = (
        Index("ix_rendition_submission_id_kind", "submission_id", "kind"),
        CheckConstraint("size_bytes > 0", name="not_empty"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    kind: Mapped[RenditionKind]
    file_sha256: Mapped[str] = mapped_column(String(64))
    size_bytes: Mapped[int]
    page_count: Mapped[int | None]
    made_by: Mapped[str] = mapped_column(String(200))
    """The program with its version, or who sent it."""
    is_sent: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str] = mapped_column(String(200), default="")

    submission: Mapped[Submission] = relationship(back_populates="renditions")


class Reviewer(Model):
    """A member of staff who vets papers of the seminar, with the unit or body that stands for a conflict of interest."""

    __tablename__ = "reviewer"
    __table_args__ = (UniqueConstraint("seminar_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    seminar_id: Mapped[int] = mapped_column(ForeignKey("seminar.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    body: Mapped[str] = mapped_column(String(300), default="")

    user: Mapped[User] = relationship()
    unit: Mapped[Unit | None] = relationship()


class Assignment(Model):
    """A paper given to a reviewer. `conflict` says what the office was warned of and confirmed."""

    __tablename__ = "assignment"
    __table_args__ = (
        Index(
            "uq_assignment_standing",
            "paper_id",
            "reviewer_id",
            unique=True,
            sqlite_where=sql("withdrawn_at IS NULL"),
            postgresql_where=sql("withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("paper.id"))
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("reviewer.id"), index=True)
    due_on: Mapped[date | None]
    conflict: Mapped[str] = mapped_column(String(300), default="")
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(200))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str] = mapped_column(String(200), default="")
    withdrawn_why: Mapped[str] = mapped_column(String(300), default="")

    paper: Mapped[Paper] = relationship()
    reviewer: Mapped[Reviewer] = relationship()
    reviews: Mapped[list["Review"]] = relationship(order_by="Review.id", back_populates="assignment")


class Advice(StrEnum):
    """What a reviewer proposes (domain.md 2.7); deciding is another's act."""

    PRESENT = "present"
    PRINT = "print"
    CORRECT = "correct"
    REJECT = "reject"


ADVICE_LABELS = {
    Advice.PRESENT: N_("print and present"),
    Advice.PRINT: N_("print, not present"),
    Advice.CORRECT: N_("print after correction"),
    Advice.REJECT: N_("not accept"),
}


class Review(Model):
    """What a reviewer says of one version. Append-only: a changed mind is another row, and the latest counts."""

    __tablename__ = "review"

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"), index=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    advice: Mapped[Advice]
    for_author: Mapped[str] = mapped_column(Text, default="")
    for_office: Mapped[str] = mapped_column(Text, default="")
    filename: Mapped[str] = mapped_column(String(300), default="")
    media_type: Mapped[str] = mapped_column(String(100), default="")
    file_sha256: Mapped[str] = mapped_column(String(64), default="")
    """The paper with the reviewer's comments in it, if one was sent."""
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(200))
    released_at: Mapped[datetime | None]
    """The office lets the author read `for_author` below the decision; never by whom it is."""
    released_by: Mapped[str] = mapped_column(String(200), default="")

    assignment: Mapped[Assignment] = relationship(back_populates="reviews")
    submission: Mapped[Submission] = relationship()
    marks: Mapped[list["Mark"]] = relationship(order_by="Mark.id", cascade="all, delete-orphan")


class Mark(Model):
    """How far a paper speaks to one of the plan's topics: 0 not at all … 3 thoroughly."""

    __tablename__ = "mark"
    __table_args__ = (
        UniqueConstraint("review_id", "topic_id"),
        CheckConstraint("value >= 0 AND value <= 3", name="value_in_range"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id"))
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id"))
    value: Mapped[int]


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
    released_at: Mapped[datetime | None]
    """From then on the author reads it on the personal page."""
    released_by: Mapped[str] = mapped_column(String(200), default="")


class DecisionDelivery(Model):
    """That the result of vetting was told to the sender: by the outbox, by Zalo, on paper."""

    __tablename__ = "decision_delivery"

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), index=True)
    channel: Mapped[Channel]
    to: Mapped[str] = mapped_column(String(254), default="")
    batch: Mapped[str] = mapped_column(String(36), default="")
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(200))


class Expectation(Model):
    """A delegate of whom the office expects a paper; of the units one each is expected by the plan (S1.69)."""

    __tablename__ = "expectation"
    __table_args__ = (UniqueConstraint("seminar_id", "delegate_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    seminar_id: Mapped[int] = mapped_column(ForeignKey("seminar.id"))
    delegate_id: Mapped[int] = mapped_column(ForeignKey("delegate.id"), index=True)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(200))

    delegate: Mapped[Delegate] = relationship()


class PaperReminder(Model):
    """That a unit or a delegate was reminded of the paper by the outbox, so that nobody is twice on one day."""

    __tablename__ = "paper_reminder"
    __table_args__ = (
        CheckConstraint("(unit_id IS NULL) <> (delegate_id IS NULL)", name="one_sender"),
        Index("ix_paper_reminder_seminar_id_at", "seminar_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seminar_id: Mapped[int] = mapped_column(ForeignKey("seminar.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    delegate_id: Mapped[int | None] = mapped_column(ForeignKey("delegate.id"))
    batch: Mapped[str] = mapped_column(String(36))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(200))
