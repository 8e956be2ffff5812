"""Notes with every revision kept."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from seminar.agenda.models import Item
from seminar.delegates.models import Delegate
from seminar.lib.database import Model
from seminar.lib.errors import N_
from seminar.planning.models import Topic


class NoteKind(StrEnum):
    PAPER = "paper"
    OPINION = "opinion"
    QUESTION = "question"
    REPLY = "reply"
    PROPOSAL = "proposal"
    RECOMMENDATION = "recommendation"
    GUIDANCE = "guidance"
    CONCLUSION = "conclusion"


NOTE_KIND_LABELS = {
    NoteKind.PAPER: N_("paper"),
    NoteKind.OPINION: N_("opinion"),
    NoteKind.QUESTION: N_("question"),
    NoteKind.REPLY: N_("reply"),
    NoteKind.PROPOSAL: N_("proposal"),
    NoteKind.RECOMMENDATION: N_("recommendation"),
    NoteKind.GUIDANCE: N_("guidance"),
    NoteKind.CONCLUSION: N_("conclusion"),
}


class Note(Model):
    """What somebody said during an item. `id` text is shown by its latest revision; `removed_at` takes it back.

    `key` is made by the browser, so that a note sent twice on a bad line is stored once.
    """

    __tablename__ = "note"
    __table_args__ = (Index("ix_note_item_id_id", "item_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    seminar_id: Mapped[int] = mapped_column(ForeignKey("seminar.id"), index=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    key: Mapped[str] = mapped_column(String(36), unique=True)
    kind: Mapped[NoteKind]
    speaker_id: Mapped[int | None] = mapped_column(ForeignKey("delegate.id"))
    speaker: Mapped[str] = mapped_column(String(300), default="")
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topic.id"))
    text: Mapped[str] = mapped_column(Text)
    revision: Mapped[int] = mapped_column(default=1)
    is_excerpt: Mapped[bool] = mapped_column(default=False)
    """To be printed in the proceedings."""
    spoken_at: Mapped[datetime]
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(200))
    removed_at: Mapped[datetime | None]
    removed_by: Mapped[str] = mapped_column(String(200), default="")

    item: Mapped[Item] = relationship()
    delegate: Mapped[Delegate | None] = relationship()
    topic: Mapped[Topic | None] = relationship()


class NoteRevision(Model):
    """Every wording a note has had."""

    __tablename__ = "note_revision"
    __table_args__ = (UniqueConstraint("note_id", "revision"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    note_id: Mapped[int] = mapped_column(ForeignKey("note.id"))
    revision: Mapped[int]
    kind: Mapped[NoteKind]
    speaker: Mapped[str] = mapped_column(String(300), default="")
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(200))
