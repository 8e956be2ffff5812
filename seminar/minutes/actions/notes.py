"""What the secretaries do with notes. Nothing that was typed is lost: every wording is kept, also of removed notes."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from seminar.access.actor import Actor
from seminar.agenda.models import Item
from seminar.audit.models import record
from seminar.lib.database import db
from seminar.lib.errors import N_, Refused
from seminar.lib.text import clean
from seminar.minutes.models import Note, NoteDraft, NoteKind, NoteRevision
from seminar.minutes.queries import (
    hold_notes,
    locked,
    note_by_key,
    speakers_named,
    usual_excerpts_missing,
    wording_kept,
)
from seminar.minutes.rules import (
    LONGEST_SPEAKER,
    LONGEST_SPEECH,
    LONGEST_TEXT,
    key_of_part,
    parts_of,
    speaker_of,
    tidied,
)
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
    spoken_at: datetime | None = None
    """Where somebody typed a time; else a new note is of the moment at which it was written, an old one keeps its own."""
    reply_to: Note | None = None
    """The question that a reply answers."""

    @property
    def topic_id(self) -> int | None:
        return self.topic.id if self.topic else None

    @property
    def reply_to_id(self) -> int | None:
        return self.reply_to.id if self.reply_to else None

    def cleaned(self, longest: int = LONGEST_TEXT) -> "Wording":
        text, speaker = tidied(self.text), clean(self.speaker)
        if not text.strip():
            raise Refused("Write what was said.")
        if len(text) > longest:
            raise Refused("A note has at most 20,000 characters: make two of it.")
        if len(speaker) > LONGEST_SPEAKER:
            raise Refused("The speaker has at most 300 characters.")
        reply_to = self.reply_to if self.kind == NoteKind.REPLY else None
        return replace(self, speaker=speaker, text=text, reply_to=reply_to)


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


def write_note(
    seminar: Seminar, key: str, wording: Wording, by: Actor, now: datetime, spoken_at: datetime | None = None
) -> Note:
    """Keeps a note under the browser's key: the same one sent again is stored once.

    The same key with other words (the answer was lost, and the secretary wrote on) is a new wording of that note, or
    `Overtaken` where somebody changed it meanwhile. `spoken_at` is when it was written down, where no time was typed.
    """
    wording = wording.cleaned()
    known = note_by_key(key)
    if known is None:
        _writable(seminar)
        try:
            with db.session.begin_nested():
                note = _add(seminar, key, wording, by, now, wording.spoken_at or spoken_at or now)
            forget_draft(key, by)
            return note
        except IntegrityError:  # the same note came twice at once, and the other was faster
            known = note_by_key(key)
            if known is None:
                raise
    if known.seminar_id != seminar.id:
        raise Refused("This note belongs to another seminar: open its page anew.")
    speaker = _speaker(seminar, wording.speaker, known)[1]
    if _says(known, speaker, wording) or _was_kept(known, 1, speaker, wording):
        forget_draft(key, by)
        return known
    return rewrite_note(seminar, known, 1, wording, by, now)


def write_speech(
    seminar: Seminar, key: str, wording: Wording, by: Actor, now: datetime, spoken_at: datetime | None = None
) -> list[Note]:
    """A speech too long for one note, as several, one after the other. Sent again it is stored once."""
    whole = wording.cleaned(LONGEST_SPEECH)
    at = wording.spoken_at or spoken_at or now
    return [
        write_note(
            seminar,
            key_of_part(key, number),
            replace(whole, text=text),
            by,
            now,
            at + timedelta(microseconds=number - 1),
        )
        for number, text in enumerate(parts_of(whole.text), 1)
    ]


def forget_draft(key: str, by: Actor) -> None:
    """What this person was typing under the key is saved, or was discarded."""
    db.session.execute(delete(NoteDraft).where(NoteDraft.user_id == by.id, NoteDraft.key == key))


def _speaker(seminar: Seminar, typed: str, known: Note | None = None) -> tuple[int | None, str]:
    """(delegate, text) of what was typed; a text that was not touched stays whose it was."""
    if known is not None and known.speaker == typed:
        return known.speaker_id, typed
    found = speaker_of(typed, speakers_named(seminar, typed)) if typed else None
    return (found.delegate_id, found.text) if found else (None, typed)


def _says(note: Note, speaker: str, wording: Wording) -> bool:
    return (note.item_id, note.kind, note.speaker, note.topic_id, note.text, note.reply_to_id, note.spoken_at) == (
        wording.item.id,
        wording.kind,
        speaker,
        wording.topic_id,
        wording.text,
        wording.reply_to_id,
        wording.spoken_at or note.spoken_at,
    )


def _was_kept(note: Note, revision: int, speaker: str, wording: Wording) -> bool:
    """Whether this is the wording of that revision, sent again because its answer was lost; others may have gone on since."""
    kept = wording_kept(note, revision)
    return kept is not None and (kept.kind, kept.speaker, kept.text, kept.item_id, kept.topic_id) == (
        wording.kind,
        speaker,
        wording.text,
        wording.item.id,
        wording.topic_id,
    )


def _add(seminar: Seminar, key: str, wording: Wording, by: Actor, now: datetime, spoken_at: datetime) -> Note:
    speaker_id, speaker = _speaker(seminar, wording.speaker)
    note = Note(
        seminar_id=seminar.id,
        item_id=wording.item.id,
        key=key,
        kind=wording.kind,
        speaker_id=speaker_id,
        speaker=speaker,
        topic_id=wording.topic_id,
        text=wording.text,
        reply_to_id=wording.reply_to_id,
        spoken_at=spoken_at,
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
            item_id=wording.item.id,
            topic_id=wording.topic_id,
            spoken_at=wording.spoken_at or note.spoken_at,
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
    if wording.reply_to_id == note.id:
        raise Refused("A note cannot be the reply to itself.")
    if _says(note, speaker, wording) or _was_kept(note, revision + 1, speaker, wording):
        forget_draft(note.key, by)
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
            topic_id=wording.topic_id,
            text=wording.text,
            reply_to_id=wording.reply_to_id,
            spoken_at=wording.spoken_at or note.spoken_at,
        )
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise Overtaken
    _keep_wording(note, revision + 1, speaker, wording, by, now)
    record(by, now, "rewrite", "note", seminar_id=seminar.id, object_id=note.id, revision=revision + 1)
    forget_draft(note.key, by)
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
