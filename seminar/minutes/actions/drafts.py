"""What is being typed, kept on the server every few seconds: nothing is lost with a browser or a machine."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from seminar.access.actor import Actor
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.minutes.actions.notes import forget_draft
from seminar.minutes.models import Note, NoteDraft, NoteRevision
from seminar.minutes.queries import note_by_key
from seminar.minutes.rules import LONGEST_SPEECH, tidied
from seminar.planning.models import Seminar


class TypedElsewhere(Refused):
    """The same draft was opened on another machine and typed on there; this one does not replace it."""

    def __init__(self) -> None:
        super().__init__("This draft is being typed on another machine or in another tab too; both texts are kept.")


def keep_draft(
    seminar: Seminar,
    note: Note | None,
    key: str,
    fields: Mapping[str, str],
    by: Actor,
    now: datetime,
    *,
    writer: str = "",
    base: str = "",
) -> NoteDraft | None:
    """Keeps the fields as typed under key and person; None where there is nothing to keep, because it is empty or saved.

    `writer` names the form that types, `base` the `saved_at` (ISO) of the draft that it was opened from: another form's
    draft is only replaced by one that began from it, else `TypedElsewhere`.
    """
    kept = {name: str(value)[:LONGEST_SPEECH] for name, value in fields.items()} | {"writer": writer}
    if not kept.get("text", "").strip() or (note is not None and _is_as_saved(note, kept)):
        forget_draft(key, by)
        return None
    if _came_late(note, key, kept):
        return None
    draft = _draft(by, key)
    if draft is not None and draft.fields.get("text") != kept["text"] and not _follows(draft, writer, base):
        raise TypedElsewhere
    return _put(draft, seminar, note, key, kept, by, now)


def keep_losing(seminar: Seminar, note: Note, fields: Mapping[str, str], by: Actor, now: datetime) -> NoteDraft:
    """Keeps the wording that lost a conflict, in place of what this person was typing, until one note is made of both."""
    kept = {name: str(value)[:LONGEST_SPEECH] for name, value in fields.items()} | {"writer": "conflict"}
    return _put(_draft(by, note.key), seminar, note, note.key, kept, by, now)


def _put(
    draft: NoteDraft | None,
    seminar: Seminar,
    note: Note | None,
    key: str,
    kept: dict[str, str],
    by: Actor,
    now: datetime,
) -> NoteDraft:
    if draft is None:
        try:
            with db.session.begin_nested():
                draft = NoteDraft(seminar_id=seminar.id, user_id=by.id, key=key, fields={}, saved_at=now)
                db.session.add(draft)
                db.session.flush()
        except IntegrityError:  # the first two came at once
            draft = _draft(by, key)
            assert draft is not None
    draft.note_id = note.id if note else None
    draft.fields, draft.saved_at = kept, now
    db.session.flush()
    return draft


def _follows(draft: NoteDraft, writer: str, base: str) -> bool:
    """Whether the form that types is the one that typed before, or began from what that one left."""
    return draft.fields.get("writer") == writer or draft.saved_at.isoformat() == base


def _draft(by: Actor, key: str) -> NoteDraft | None:
    return db.session.scalar(select(NoteDraft).where(NoteDraft.user_id == by.id, NoteDraft.key == key))


def _is_as_saved(note: Note, fields: Mapping[str, str]) -> bool:
    """Whether the form says just what is saved: nothing is left to keep."""
    return (
        int(fields.get("revision") or 0) >= note.revision
        and tidied(fields["text"]) == note.text
        and _same_speaker(note, fields)
    )


def _came_late(note: Note | None, key: str, fields: Mapping[str, str]) -> bool:
    """Whether it was typed before the note was saved and arrived after; of a changed note all its words are in a later wording."""
    if note is None:
        return note_by_key(key) is not None
    later = select(NoteRevision.text).where(
        NoteRevision.note_id == note.id, NoteRevision.revision > int(fields.get("revision") or 0)
    )
    return any(text.startswith(tidied(fields["text"])) for text in db.session.scalars(later))


def _same_speaker(note: Note, fields: Mapping[str, str]) -> bool:
    return fields.get("speaker", note.speaker) == note.speaker and fields.get("kind", note.kind) == note.kind
