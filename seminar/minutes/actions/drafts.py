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
    if not kept.get("text", "").strip() or _is_saved(note, key, kept, by):
        forget_draft(key, by)
        return None
    draft = _draft(by, key)
    if draft is None:
        try:
            with db.session.begin_nested():
                draft = NoteDraft(seminar_id=seminar.id, user_id=by.id, key=key, fields={}, saved_at=now)
                db.session.add(draft)
                db.session.flush()
        except IntegrityError:  # the first two came at once
            draft = _draft(by, key)
            assert draft is not None
    elif draft.fields.get("text") != kept["text"] and not _follows(draft, writer, base):
        raise TypedElsewhere
    draft.note_id = note.id if note else None
    draft.fields, draft.saved_at = kept, now
    db.session.flush()
    return draft


def _follows(draft: NoteDraft, writer: str, base: str) -> bool:
    """Whether the form that types is the one that typed before, or began from what that one left."""
    return draft.fields.get("writer") == writer or draft.saved_at.isoformat() == base


def _draft(by: Actor, key: str) -> NoteDraft | None:
    return db.session.scalar(select(NoteDraft).where(NoteDraft.user_id == by.id, NoteDraft.key == key))


def _is_saved(note: Note | None, key: str, fields: Mapping[str, str], by: Actor) -> bool:
    """Whether a late message tells of words that are saved already: typed before, arrived after."""
    if note is None:
        return note_by_key(key) is not None
    revision = int(fields.get("revision") or 0)
    if revision >= note.revision:
        return tidied(fields["text"]) == note.text and _same_speaker(note, fields)
    later = select(NoteRevision).where(NoteRevision.note_id == note.id, NoteRevision.revision > revision)
    return any(
        one.by == by.name or one.text == tidied(fields["text"])
        for one in db.session.scalars(later.order_by(NoteRevision.revision))
    )


def _same_speaker(note: Note, fields: Mapping[str, str]) -> bool:
    return fields.get("speaker", note.speaker) == note.speaker and fields.get("kind", note.kind) == note.kind
