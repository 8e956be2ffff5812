"""Sittings (phiên/buổi), items (mục trong chương trình), and when they were really on."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from seminar.delegates.models import Delegate
from seminar.lib.database import Model
from seminar.lib.errors import N_
from seminar.papers.models import Paper

PRESENTER_LENGTH = 300


class ItemKind(StrEnum):
    RECEPTION = "reception"
    OPENING = "opening"
    KEYNOTE = "keynote"
    PAPERS = "papers"
    DISCUSSION = "discussion"
    GUIDANCE = "guidance"
    CLOSING = "closing"
    OTHER = "other"


ITEM_KIND_LABELS = {
    ItemKind.RECEPTION: N_("reception"),
    ItemKind.OPENING: N_("opening"),
    ItemKind.KEYNOTE: N_("opening report"),
    ItemKind.PAPERS: N_("papers"),
    ItemKind.DISCUSSION: N_("discussion"),
    ItemKind.GUIDANCE: N_("guidance"),
    ItemKind.CLOSING: N_("closing"),
    ItemKind.OTHER: N_("other"),
}


class Sitting(Model):
    """A part of the seminar that people enter and leave; scans belong to one."""

    __tablename__ = "sitting"
    __table_args__ = (CheckConstraint("ends_at > starts_at", name="ends_later"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    seminar_id: Mapped[int] = mapped_column(ForeignKey("seminar.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]

    items: Mapped[list["Item"]] = relationship(order_by="Item.position, Item.id", back_populates="sitting")


class Item(Model):
    """One item; a presented paper is an item with `paper`, below the item of kind `papers` it belongs to."""

    __tablename__ = "item"
    __table_args__ = (
        Index("ix_item_sitting_id_position", "sitting_id", "position"),
        CheckConstraint("minutes >= 0", name="minutes_positive"),
        Index("uq_item_paper_id", "paper_id", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"))
    position: Mapped[int]
    kind: Mapped[ItemKind]
    typed_title: Mapped[str] = mapped_column("title", String(500), default="")
    """Empty where the item is called what its paper is called."""
    minutes: Mapped[int]
    typed_presenter: Mapped[str] = mapped_column("presenter", String(PRESENTER_LENGTH), default="")
    """Empty where whoever wrote the paper presents it."""
    speaker_id: Mapped[int | None] = mapped_column(ForeignKey("delegate.id"))
    paper_id: Mapped[int | None] = mapped_column(ForeignKey("paper.id"))
    note: Mapped[str] = mapped_column(String(500), default="")

    sitting: Mapped[Sitting] = relationship(back_populates="items")
    speaker: Mapped[Delegate | None] = relationship()
    paper: Mapped[Paper | None] = relationship(lazy="joined")

    @property
    def title(self) -> str:
        """As the office typed it, else the present title of the paper."""
        return self.typed_title or (self.paper.title if self.paper else "")

    @title.setter
    def title(self, title: str) -> None:
        self.typed_title = "" if self.paper and title == self.paper.title else title

    @property
    def presenter(self) -> str:
        """As the office typed it, else the present authors of the paper."""
        return self.typed_presenter or (self.paper.authors[:PRESENTER_LENGTH] if self.paper else "")

    @presenter.setter
    def presenter(self, presenter: str) -> None:
        is_authors = self.paper is not None and presenter == self.paper.authors[:PRESENTER_LENGTH]
        self.typed_presenter = "" if is_authors else presenter

    @property
    def who(self) -> str:
        """Who presents, as it prints: as the office wrote it, else the delegate chosen, else the authors of the paper."""
        return (
            self.typed_presenter
            or (self.speaker.name if self.speaker else "")
            or (self.paper.authors if self.paper else "")
        )

    @property
    def is_withdrawn(self) -> bool:
        """Its paper was withdrawn; it stays where it is until the office takes it out."""
        return self.paper is not None and self.paper.withdrawn_at is not None


class Run(Model):
    """That an item, or without an item the sitting itself, was really on, from when to when.

    One item of a sitting is on at a time. A run begun by mistake is undone and stays as a record.
    """

    __tablename__ = "run"
    __table_args__ = (
        Index("ix_run_sitting_id_began_at", "sitting_id", "began_at"),
        Index(
            "uq_run_item_on",
            "sitting_id",
            unique=True,
            sqlite_where=sql("item_id IS NOT NULL AND ended_at IS NULL AND undone_at IS NULL"),
            postgresql_where=sql("item_id IS NOT NULL AND ended_at IS NULL AND undone_at IS NULL"),
        ),
        Index(
            "uq_run_sitting",
            "sitting_id",
            unique=True,
            sqlite_where=sql("item_id IS NULL AND undone_at IS NULL"),
            postgresql_where=sql("item_id IS NULL AND undone_at IS NULL"),
        ),
        CheckConstraint("ended_at >= began_at", name="ends_later"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"))
    item_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"), index=True)
    began_at: Mapped[datetime]
    began_by: Mapped[str] = mapped_column(String(200))
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str] = mapped_column(String(200), default="")
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str] = mapped_column(String(200), default="")

    sitting: Mapped[Sitting] = relationship()
    item: Mapped[Item | None] = relationship()
