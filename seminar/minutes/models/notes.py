"""Notes with every revision kept, what is being typed, and files beside a note."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from seminar.accounts.models import User
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
    reply_to_id: Mapped[int | None] = mapped_column(ForeignKey("note.id"), index=True)
    """The question that this answers."""
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
    reply_to: Mapped["Note | None"] = relationship(remote_side="Note.id")
    attachments: Mapped[list["NoteAttachment"]] = relationship(order_by="NoteAttachment.id")


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
    item_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"))
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topic.id"))
    spoken_at: Mapped[datetime | None]
    """Item, topic and time are unknown for wordings kept before migration 0014."""
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(200))

    item: Mapped[Item | None] = relationship()
    topic: Mapped[Topic | None] = relationship()


class NoteDraft(Model):
    """What somebody is typing, as the server last heard: nothing is lost with the browser. Gone once the note is saved."""

    __tablename__ = "note_draft"
    __table_args__ = (
        UniqueConstraint("user_id", "key"),
        Index("ix_note_draft_seminar_id_saved_at", "seminar_id", "saved_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seminar_id: Mapped[int] = mapped_column(ForeignKey("seminar.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    key: Mapped[str] = mapped_column(String(36))
    """Of the note that it becomes, or whose next wording it is."""
    note_id: Mapped[int | None] = mapped_column(ForeignKey("note.id"), index=True)
    fields: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The fields of the form as typed: {item, kind, speaker, topic, text, revision}."""
    saved_at: Mapped[datetime]

    user: Mapped[User] = relationship()


class NoteAttachment(Model):
    """A file beside a note: the photo of a slide, a speech as it was handed over."""

    __tablename__ = "note_attachment"
    __table_args__ = (UniqueConstraint("note_id", "sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    note_id: Mapped[int] = mapped_column(ForeignKey("note.id"))
    sha256: Mapped[str] = mapped_column(String(64))
    filename: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size_bytes: Mapped[int]
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(200))
    removed_at: Mapped[datetime | None]
    removed_by: Mapped[str] = mapped_column(String(200), default="")
