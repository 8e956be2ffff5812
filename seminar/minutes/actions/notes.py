"""What the secretaries do with notes. Nothing that was typed is lost: every wording is kept, also of removed notes."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from seminar.access.actor import Actor
from seminar.agenda.models import Item
from seminar.audit.models import record
from seminar.lib.database import db
from seminar.lib.errors import N_, Refused
from seminar.lib.text import clean, clean_block
from seminar.minutes.models import Note, NoteKind, NoteRevision
from seminar.minutes.queries import hold_notes, locked, note_by_key, speakers, usual_excerpts_missing
from seminar.minutes.rules import LONGEST_SPEAKER, LONGEST_TEXT, speaker_of
from seminar.planning.models import Seminar, Topic


class Overtaken(Refused):
    """Somebody else changed the note since it was opened; neither wording replaces the other by itself."""

    def __init__(self) -> None:
        super().__init__(
            N_("Somebody else changed this note in the meantime. Both wordings are below: make one of them.")
        )


@dataclass(frozen=True)
class Wording:
    """What was typed, cleaned; `speaker` becomes a delegate of the list where it names exactly one."""

    item: Item
    kind: NoteKind
    speaker: str
    topic: Topic | None
    text: str

    def cleaned(self) -> "Wording":
        text, speaker = clean_block(self.text), clean(self.speaker)
        if not text.strip():
            raise Refused("Write what was said.")
        if len(text) > LONGEST_TEXT:
            raise Refused("A note has at most 20,000 characters: make two of it.")
        if len(speaker) > LONGEST_SPEAKER:
            raise Refused("The speaker has at most 300 characters.")
        return Wording(self.item, self.kind, speaker, self.topic, text)


def _writable(seminar: Seminar) -> None:
    """Asked by every action right before it changes a note: raises `Refused` where the minutes are adopted and locked.

    Until commit no minutes are adopted; who adopts waits, and then sees the note. What prints in the proceedings is
    chosen later and asks nothing here.
    """
    hold_notes(seminar.id)
    if locked(seminar.id):
        raise Refused(
            "The minutes are adopted and locked, so this is not saved. Open them again with a reason on the page Minutes, then save it once more; what you typed stays here."
        )


def write_note(seminar: Seminar, key: str, wording: Wording, by: Actor, now: datetime) -> Note:
    """Keeps a note under the browser's key: the same one sent again is stored once.

    The same key with other words (the answer was lost, and the secretary wrote on) is a new wording of that note, or
    `Overtaken` where somebody changed it meanwhile.
    """
    wording = wording.cleaned()
    known = note_by_key(key)
    if known is None:
        _writable(seminar)
        try:
            with db.session.begin_nested():
                return _add(seminar, key, wording, by, now)
        except IntegrityError:  # the same note came twice at once, and the other was faster
            known = note_by_key(key)
            if known is None:
                raise
    if known.seminar_id != seminar.id:
        raise Refused("This note belongs to another seminar: open its page anew.")
    if _says(known, _speaker(seminar, wording.speaker, known)[1], wording):
        return known
    return rewrite_note(seminar, known, 1, wording, by, now)


def _speaker(seminar: Seminar, typed: str, known: Note | None = None) -> tuple[int | None, str]:
    """(delegate, text) of what was typed; a text that was not touched stays whose it was."""
    if known is not None and known.speaker == typed:
        return known.speaker_id, typed
    found = speaker_of(typed, speakers(seminar)) if typed else None
    return (found.delegate_id, found.text) if found else (None, typed)


def _says(note: Note, speaker: str, wording: Wording) -> bool:
    topic_id = wording.topic.id if wording.topic else None
    return (note.item_id, note.kind, note.speaker, note.topic_id, note.text) == (
        wording.item.id,
        wording.kind,
        speaker,
        topic_id,
        wording.text,
    )


def _add(seminar: Seminar, key: str, wording: Wording, by: Actor, now: datetime) -> Note:
    speaker_id, speaker = _speaker(seminar, wording.speaker)
    note = Note(
        seminar_id=seminar.id,
        item_id=wording.item.id,
        key=key,
        kind=wording.kind,
        speaker_id=speaker_id,
        speaker=speaker,
        topic_id=wording.topic.id if wording.topic else None,
        text=wording.text,
        spoken_at=now,
        created_at=now,
        created_by=by.name,
    )
    db.session.add(note)
    db.session.flush()
    _keep_wording(note, 1, speaker, wording, by, now)
    record(by, now, "write", "note", seminar_id=seminar.id, object_id=note.id, summary=speaker)
    return note


def _keep_wording(note: Note, revision: int, speaker: str, wording: Wording, by: Actor, now: datetime) -> None:
    db.session.add(
        NoteRevision(
            note_id=note.id,
            revision=revision,
            kind=wording.kind,
            speaker=speaker,
            text=wording.text,
            at=now,
            by=by.name,
        )
    )


def rewrite_note(seminar: Seminar, note: Note, revision: int, wording: Wording, by: Actor, now: datetime) -> Note:
    """A new wording of revision `revision`; `Overtaken` where that is no longer the latest. The same words again change nothing."""
    wording = wording.cleaned()
    speaker_id, speaker = _speaker(seminar, wording.speaker, note)
    if note.removed_at:
        raise Refused("This note was removed in the meantime. Put it back first, or write it anew.")
    if _says(note, speaker, wording):
        return note
    _writable(seminar)
    changed = db.session.execute(
        update(Note)
        .where(Note.id == note.id, Note.revision == revision, Note.removed_at.is_(None))
        .values(
            revision=revision + 1,
            item_id=wording.item.id,
            kind=wording.kind,
            speaker_id=speaker_id,
            speaker=speaker,
            topic_id=wording.topic.id if wording.topic else None,
            text=wording.text,
        )
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise Overtaken
    _keep_wording(note, revision + 1, speaker, wording, by, now)
    record(by, now, "rewrite", "note", seminar_id=seminar.id, object_id=note.id, revision=revision + 1)
    db.session.refresh(note)
    return note


def remove_note(seminar: Seminar, note: Note, by: Actor, now: datetime) -> None:
    """Takes it out of the lists and documents; it stays as a record. Removing twice is harmless."""
    if note.removed_at is None:
        _writable(seminar)
        note.removed_at, note.removed_by = now, by.name
        record(by, now, "remove", "note", seminar_id=note.seminar_id, object_id=note.id, summary=note.speaker)


def restore_note(seminar: Seminar, note: Note, by: Actor, now: datetime) -> None:
    """Puts a removed note back; harmless where it is there."""
    if note.removed_at is not None:
        _writable(seminar)
        note.removed_at, note.removed_by = None, ""
        record(by, now, "restore", "note", seminar_id=note.seminar_id, object_id=note.id, summary=note.speaker)


def choose_excerpt(note: Note, by: Actor, now: datetime) -> None:
    """The note will print in the proceedings; choosing it twice is harmless."""
    if note.removed_at is not None:
        raise Refused("This note was removed in the meantime. Put it back first, or write it anew.")
    if not note.is_excerpt:
        note.is_excerpt = True
        record(by, now, "choose", "excerpt", seminar_id=note.seminar_id, object_id=note.id, summary=note.speaker)


def drop_excerpt(note: Note, by: Actor, now: datetime) -> None:
    """The note stays and no longer prints in the proceedings; harmless where it did not."""
    if note.is_excerpt:
        note.is_excerpt = False
        record(by, now, "remove", "excerpt", seminar_id=note.seminar_id, object_id=note.id, summary=note.speaker)


def choose_usual_excerpts(seminar: Seminar, by: Actor, now: datetime) -> int:
    """Every guidance and conclusion will print; how many were added. What was chosen by hand stays."""
    added = usual_excerpts_missing(seminar)
    for note in added:
        choose_excerpt(note, by, now)
    return len(added)
