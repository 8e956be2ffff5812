"""Reads of files beside a note."""

from sqlalchemy import select

from seminar.lib.database import db
from seminar.lib.numbers import LARGEST
from seminar.minutes.models import Note, NoteAttachment


def attachment_or_404(note: Note, attachment_id: int) -> NoteAttachment:
    """Also one that was taken away."""
    return db.first_or_404(
        select(NoteAttachment).where(
            NoteAttachment.note_id == note.id, NoteAttachment.id == min(attachment_id, LARGEST)
        )
    )
