"""Files beside a note: put there, taken away; a removed one stays as a record."""

from datetime import datetime

from sqlalchemy import select

from seminar.access.actor import Actor
from seminar.audit.models import record
from seminar.lib import files
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.minutes.actions.notes import _writable
from seminar.minutes.checking import CheckedFile
from seminar.minutes.models import Note, NoteAttachment
from seminar.planning.models import Seminar

MOST_FILES = 20


def keep_content(checked: CheckedFile) -> None:
    """Called before the first statement of the transaction that attaches the file: nobody waits while it is written.

    It goes again where the transaction is not committed.
    """
    files.keep(checked.content, with_rows=True)


def attach_file(seminar: Seminar, note: Note, checked: CheckedFile, by: Actor, now: datetime) -> NoteAttachment:
    """The same file again is kept once; one that was taken away comes back. `keep_content` was called before."""
    _writable(seminar)
    if note.removed_at:
        raise Refused("This note was removed in the meantime. Put it back first, or write it anew.")
    known = db.session.scalar(
        select(NoteAttachment).where(NoteAttachment.note_id == note.id, NoteAttachment.sha256 == checked.sha256)
    )
    if known is not None and known.removed_at is None:
        return known
    if sum(one.removed_at is None for one in note.attachments) >= MOST_FILES:
        raise Refused("A note has at most %(most)d files.", most=MOST_FILES)
    if known is None:
        known = NoteAttachment(
            note_id=note.id,
            sha256=checked.sha256,
            filename=checked.filename,
            media_type=checked.media_type,
            size_bytes=len(checked.content),
            at=now,
            by=by.name,
        )
        db.session.add(known)
    else:
        known.removed_at, known.removed_by = None, ""
    db.session.flush()
    record(by, now, "add", "note file", seminar_id=seminar.id, object_id=known.id, summary=known.filename)
    return known


def remove_attachment(seminar: Seminar, attachment: NoteAttachment, by: Actor, now: datetime) -> None:
    """It is shown no more and stays as a record; removing twice is harmless."""
    _writable(seminar)
    if attachment.removed_at is None:
        attachment.removed_at, attachment.removed_by = now, by.name
        record(
            by, now, "remove", "note file", seminar_id=seminar.id, object_id=attachment.id, summary=attachment.filename
        )
