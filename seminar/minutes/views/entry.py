"""What the pages of notes share: the form with what is on now, what was typed as a wording, answers to the browser's queue."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Response, jsonify, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from seminar.agenda.models import Item
from seminar.agenda.queries import day, programme
from seminar.lib.clock import local, now
from seminar.lib.errors import Refused
from seminar.minutes import actions, queries
from seminar.minutes.forms import NoteForm, asked, note_form
from seminar.minutes.models import Note, NoteDraft, NoteKind
from seminar.minutes.rules import LONGEST_WAIT, clock_of, day_of_new, said_at, speaker_of, usual_kind
from seminar.planning.models import Seminar
from seminar.planning.rules import numbered_topics

SLOWEST = timedelta(minutes=1)
FIELDS = ("revision", "speaker", "kind", "topic", "item", "spoken", "reply_to", "text")


@dataclass(frozen=True)
class Beginning:
    """What an empty form begins with: the item that is on, what is mostly said in it, and who has the floor."""

    items: list[Item]
    item: Item | None
    on: Item | None
    """What is on by the records of the day; `item` may be another one, whose page is open, or which was last noted."""
    speaker: str

    @property
    def kind(self) -> NoteKind:
        return usual_kind(self.item.kind) if self.item else NoteKind.OPINION


def beginning(seminar: Seminar, item_id: int | None = None) -> Beginning:
    """`item_id` is the item whose page is open; it stands before what is on."""
    sittings = programme(seminar)
    items = [item for sitting in sittings for item in sitting.items]
    known = {item.id: item for item in items}
    run, turn = queries.run_on(day(seminar, now(), sittings)), queries.turn_on(seminar)
    if turn is not None and queries.is_outlasted(turn, run):
        turn = None
    on_id = turn.item_id if turn is not None else run.item_id if run is not None else None
    on = known.get(on_id or 0)
    item = known.get(item_id or 0) or on or known.get(queries.item_last_noted(seminar) or 0)
    speaker = ""
    if turn is not None and turn.delegate is not None:
        meant = speaker_of(turn.speaker, queries.speakers_named(seminar, turn.speaker))
        is_clear = meant is not None and meant.delegate_id == turn.delegate_id
        speaker = turn.speaker if is_clear else str(turn.delegate.number)
    elif turn is not None:
        speaker = turn.speaker
    return Beginning(items, item or (items[0] if items else None), on, speaker)


def empty_form(seminar: Seminar, start: Beginning) -> NoteForm:
    assert start.item is not None
    questions = queries.open_questions(seminar)
    values: dict[str, Any] = {"item": start.item.id, "kind": start.kind.value, "speaker": start.speaker}
    question = next((one for one in questions if str(one.id) == request.args.get("reply")), None)
    if question is not None:
        values |= {"kind": NoteKind.REPLY.value, "reply_to": question.key, "item": question.item_id, "speaker": ""}
        values["topic"] = question.topic_id or 0
    return note_form(seminar, start.items, questions, key=str(uuid.uuid4()), **values)


def form_of(seminar: Seminar, note: Note) -> NoteForm:
    """The form filled with a note as it is saved."""
    return note_form(
        seminar,
        queries.items_of(seminar),
        queries.open_questions(seminar),
        known=note,
        key=note.key,
        revision=str(note.revision),
        item=note.item_id,
        kind=note.kind.value,
        speaker=note.speaker,
        topic=note.topic_id or 0,
        spoken=f"{local(note.spoken_at):%H:%M}",
        reply_to=note.reply_to.key if note.reply_to else "",
        text=note.text,
    )


def form_of_draft(seminar: Seminar, draft: NoteDraft, note: Note | None) -> NoteForm:
    values: dict[str, Any] = {name: draft.fields[name] for name in FIELDS if draft.fields.get(name)}
    values |= {name: int(values[name]) for name in ("item", "topic") if values.get(name, "").isdecimal()}
    items, questions = queries.items_of(seminar), queries.open_questions(seminar)
    return note_form(seminar, items, questions, known=note, key=draft.key, **values)


def posted_form(seminar: Seminar, note: Note | None = None) -> NoteForm:
    return note_form(seminar, queries.items_of(seminar), queries.open_questions(seminar), request.form, note)


def as_typed(form: NoteForm) -> dict[str, str]:
    """The fields as a draft keeps them."""
    return {name: str(form[name].data if form[name].data is not None else "") for name in FIELDS}


def written_at(form: NoteForm, at: datetime) -> datetime:
    """When a new note was written down: it may have waited in a browser, whose clock is not asked, only how long it was.

    A slow network does not put it before the note that the same page saved before.
    """
    written = at - min(timedelta(milliseconds=int(form.waited.data or 0)), LONGEST_WAIT)
    before = queries.note_by_key(form.after.data) if form.after.data else None
    if before is not None and timedelta() <= before.spoken_at - written < SLOWEST:
        return min(before.spoken_at + timedelta(microseconds=1), at)
    return written


def wording_of(seminar: Seminar, form: NoteForm, at: datetime, note: Note | None = None) -> actions.Wording:
    """`note` is the one that is changed; a typed time is of its day, or of the day of a new one."""
    item = queries.item_in(seminar, form.item.data)
    assert item is not None  # the form's choices are the seminar's items
    topic = next((topic for _said, topic in numbered_topics(seminar.topics) if topic.id == form.topic.data), None)
    return actions.Wording(
        item,
        NoteKind(form.kind.data),
        form.speaker.data or "",
        topic,
        form.text.data or "",
        spoken_at=_typed_time(form, item, at, note),
        reply_to=_question(seminar, form),
    )


def _typed_time(form: NoteForm, item: Item, at: datetime, note: Note | None) -> datetime | None:
    typed = clock_of(form.spoken.data or "")
    if typed is None:
        return None
    if note is not None:
        before = local(note.spoken_at)
        if (before.hour, before.minute) == typed:
            return None
        moment = said_at(*typed, before.date())
    else:
        moment = said_at(*typed, day_of_new(written_at(form, at), item.sitting.starts_at))
    if moment > at:
        raise Refused("This time is not yet: write when it really was.")
    return moment


def _question(seminar: Seminar, form: NoteForm) -> Note | None:
    if form.kind.data != NoteKind.REPLY.value or not form.reply_to.data:
        return None
    question = queries.note_by_key(form.reply_to.data)
    if question is None or question.seminar_id != seminar.id or question.removed_at is not None:
        raise Refused("The question that this answers is not here, or not any more. Choose it anew, or none.")
    return question


def wants_json() -> bool:
    """Asked by the queue of a browser, which needs only what changed."""
    return request.accept_mimetypes.best == "application/json"


def is_anothers() -> bool:
    """The page belongs to somebody else than who is signed in by now: their words are not sent under another name."""
    claimed = request.headers.get("X-Writer")
    return claimed is not None and claimed != str(current_user.id)


def not_theirs() -> Response:
    return problem_json(_("Somebody else is signed in now. Sign in as who wrote it."), 401)


def problem_of(form: NoteForm) -> str:
    """The first thing that is wrong with the form, as one sentence."""
    return str(next((errors[0] for errors in form.errors.values() if errors), ""))


def problem_json(problem: str, status: int, **more: Any) -> Response:
    answer = jsonify(problem=problem, **more)
    answer.status_code = status
    return answer


def saved_json(seminar: Seminar, note: Note, rows: list[str]) -> Response:
    """What the page shows anew after a note was saved."""
    counts = queries.counts_by(seminar, Note.kind)
    return jsonify(
        key=note.key,
        id=note.id,
        revision=note.revision,
        address=url_for("minutes.notes", slug=seminar.slug, item=note.item_id, _anchor=f"note-{note.id}"),
        rows=rows,
        counts={"all": sum(counts.values()), **{kind.value: count for kind, count in counts.items()}},
        questions=[
            {"key": one.key, "item": one.item_id, "label": asked(one)} for one in queries.open_questions(seminar)
        ],
    )
