"""The proceedings with every build of them, the prose of the result report and its issues, and the handover dossier."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from seminar.documents.models import IssuedDocument
from seminar.lib.database import Model
from seminar.lib.errors import N_
from seminar.papers.models import Paper, Submission


class Proceedings(Model):
    """The book of a seminar (domain.md 2.6): one row, made when the office first opens its page."""

    __tablename__ = "proceedings"

    id: Mapped[int] = mapped_column(primary_key=True)
    seminar_id: Mapped[int] = mapped_column(ForeignKey("seminar.id"), unique=True)
    title: Mapped[str] = mapped_column(String(300), default="")
    """Empty: KỶ YẾU with the seminar's title and theme."""
    boards: Mapped[str] = mapped_column(Text, default="")
    """Steering board and editors as they should print, a line each; a line that ends with a colon is a heading."""
    foreword: Mapped[str] = mapped_column(Text, default="")
    licence: Mapped[str] = mapped_column(String(200), default="")
    """Giấy phép xuất bản số …; empty: the book says that it is for internal use."""
    is_open: Mapped[bool] = mapped_column(default=False)
    """Everybody may read the published book; else whoever has an invitation or the link of a unit."""

    parts: Mapped[list["Part"]] = relationship(order_by="Part.position", cascade="all, delete-orphan")


class PartKind(StrEnum):
    PAPERS = "papers"
    EXCERPTS = "excerpts"
    DELEGATES = "delegates"
    TEXT = "text"


PART_KIND_LABELS = {
    PartKind.PAPERS: N_("papers"),
    PartKind.EXCERPTS: N_("excerpts of the discussion"),
    PartKind.DELEGATES: N_("list of the delegates"),
    PartKind.TEXT: N_("a text of the office"),
}


class Part(Model):
    """A part or an appendix of the book, in order; papers stand in parts of the kind `papers`."""

    __tablename__ = "part"
    __table_args__ = (Index("ix_part_proceedings_id_position", "proceedings_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    proceedings_id: Mapped[int] = mapped_column(ForeignKey("proceedings.id"))
    position: Mapped[int]
    kind: Mapped[PartKind]
    role: Mapped[str] = mapped_column(String(24), default="")
    """Which of the usual parts it is (`rules.proceedings.PartRole`), however it is named; empty: the office's own."""
    title: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text, default="")

    placements: Mapped[list["Placement"]] = relationship(order_by="Placement.position", cascade="all, delete-orphan")


class Placement(Model):
    """Where the office put a paper; a paper without one stands where `rules.part_of` puts it, after those with one."""

    __tablename__ = "placement"

    id: Mapped[int] = mapped_column(primary_key=True)
    part_id: Mapped[int] = mapped_column(ForeignKey("part.id"), index=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("paper.id"), unique=True)
    position: Mapped[int]

    paper: Mapped[Paper] = relationship()


class BuildState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


BUILD_STATE_LABELS = {
    BuildState.WAITING: N_("waiting to be built"),
    BuildState.RUNNING: N_("being built"),
    BuildState.DONE: N_("built"),
    BuildState.FAILED: N_("not built"),
}


class Build(Model):
    """One making of the book, kept with its files. At most one of a book is under way, at most one is given out."""

    __tablename__ = "build"
    __table_args__ = (
        Index(
            "uq_build_under_way",
            "proceedings_id",
            unique=True,
            sqlite_where=sql("state IN ('waiting', 'running')"),
            postgresql_where=sql("state IN ('waiting', 'running')"),
        ),
        Index(
            "uq_build_published",
            "proceedings_id",
            unique=True,
            sqlite_where=sql("published_at IS NOT NULL"),
            postgresql_where=sql("published_at IS NOT NULL"),
        ),
        CheckConstraint("steps_done >= 0 AND steps_done <= step_count", name="steps_in_range"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    proceedings_id: Mapped[int] = mapped_column(ForeignKey("proceedings.id"), index=True)
    state: Mapped[BuildState]
    asked_at: Mapped[datetime]
    asked_by: Mapped[str] = mapped_column(String(200))
    builder: Mapped[str] = mapped_column(String(60), default="")
    """Whose it is; a builder that was thought dead and wakes up finds another name here, and leaves it alone."""
    told_at: Mapped[datetime | None]
    """Last sign of life of the builder; one that is silent too long was killed, and its build is taken up again."""
    ended_at: Mapped[datetime | None]
    step_count: Mapped[int] = mapped_column(default=0)
    steps_done: Mapped[int] = mapped_column(default=0)
    page_count: Mapped[int | None]
    pdf_sha256: Mapped[str] = mapped_column(String(64), default="")
    docx_sha256: Mapped[str] = mapped_column(String(64), default="")
    failure: Mapped[str] = mapped_column(String(500), default="")
    """Why the whole was not built, as a msgid."""
    problems: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """[{msgid, values}] of the whole book; those of a paper stand in its entry."""
    contacts: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """[{page, paper_id, kind, text, around}]: telephone numbers and e-mail addresses found in the text of the finished book."""
    unread_pages: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Printed numbers of pages without any text (pictures of paper), which could not be searched for contacts."""
    published_at: Mapped[datetime | None]
    """On the public page since then; taken down: none again."""
    published_by: Mapped[str] = mapped_column(String(200), default="")

    proceedings: Mapped[Proceedings] = relationship()
    entries: Mapped[list["Entry"]] = relationship(order_by="Entry.position", cascade="all, delete-orphan")


class Entry(Model):
    """A paper in one build: which version, on which pages, or why it was left out."""

    __tablename__ = "entry"
    __table_args__ = (UniqueConstraint("build_id", "paper_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    build_id: Mapped[int] = mapped_column(ForeignKey("build.id"))
    paper_id: Mapped[int] = mapped_column(ForeignKey("paper.id"))
    submission_id: Mapped[int | None] = mapped_column(ForeignKey("submission.id"))
    position: Mapped[int]
    part_title: Mapped[str] = mapped_column(String(300))
    title: Mapped[str] = mapped_column(String(500))
    authors: Mapped[str] = mapped_column(String(500))
    first_page: Mapped[int | None]
    page_count: Mapped[int | None]
    pdf_sha256: Mapped[str] = mapped_column(String(64), default="")
    """The paper alone, as it stands in the book; given out one by one on the public page."""
    problems: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """[{msgid, values, is_left_out}]: what its reader should know, or why the paper is not in the book."""

    paper: Mapped[Paper] = relationship()
    submission: Mapped[Submission | None] = relationship()


class ReportWording(Model):
    """One wording of a section of prose in the result report; the latest revision counts."""

    __tablename__ = "report_wording"
    __table_args__ = (UniqueConstraint("seminar_id", "section", "revision"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    seminar_id: Mapped[int] = mapped_column(ForeignKey("seminar.id"))
    section: Mapped[str] = mapped_column(String(40))
    """Which one: `rules.result` names them; a topic's own is "topic.<id>"."""
    revision: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    """{key: count} of the figures as they were when it was written."""
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(200))


class ReportIssue(Model):
    """The result report as it went out: frozen, with the figures of that moment."""

    __tablename__ = "report_issue"
    __table_args__ = (UniqueConstraint("seminar_id", "number"), CheckConstraint("docx_sha256 <> ''", name="kept"))

    id: Mapped[int] = mapped_column(primary_key=True)
    seminar_id: Mapped[int] = mapped_column(ForeignKey("seminar.id"))
    number: Mapped[int]
    """First, second … issue of it; the register's number is the document's."""
    document_id: Mapped[int] = mapped_column(ForeignKey("issued_document.id"), index=True)
    reason: Mapped[str] = mapped_column(String(500), default="")
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    docx_sha256: Mapped[str] = mapped_column(String(64))
    pdf_sha256: Mapped[str] = mapped_column(String(64), default="")
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(200))

    document: Mapped[IssuedDocument] = relationship()


class Dossier(Model):
    """One packing of the whole seminar into a ZIP that opens without the app. At most one is under way."""

    __tablename__ = "dossier"
    __table_args__ = (
        Index(
            "uq_dossier_under_way",
            "seminar_id",
            unique=True,
            sqlite_where=sql("state IN ('waiting', 'running')"),
            postgresql_where=sql("state IN ('waiting', 'running')"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seminar_id: Mapped[int] = mapped_column(ForeignKey("seminar.id"), index=True)
    state: Mapped[BuildState]
    asked_at: Mapped[datetime]
    asked_by: Mapped[str] = mapped_column(String(200))
    builder: Mapped[str] = mapped_column(String(60), default="")
    told_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    step_count: Mapped[int] = mapped_column(default=0)
    steps_done: Mapped[int] = mapped_column(default=0)
    sha256: Mapped[str] = mapped_column(String(64), default="")
    """Empty again once a later one has taken its place: the row stays, the file is gone."""
    size_bytes: Mapped[int | None] = mapped_column(BigInteger)
    failure: Mapped[str] = mapped_column(String(500), default="")
    problems: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """[{msgid, values}]: what could not be packed, and why."""
