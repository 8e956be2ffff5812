"""What the office does with what was asked for: makes it ready from notes, says to whom, sends it and follows it."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select, update

from seminar.access.actor import Actor
from seminar.audit.models import record
from seminar.lib.clock import local
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.text import clean, clean_block, shorten
from seminar.minutes import queries
from seminar.minutes.models import (
    Addressee,
    Note,
    Recommendation,
    RecommendationStatus,
    RecommendationStep,
)
from seminar.minutes.rules import LONGEST_RECOMMENDATION, RECOMMENDING
from seminar.planning.models import Seminar

LONGEST_NAME = 300
LONGEST_WORDS = 500


@dataclass(frozen=True)
class Asked:
    """A recommendation as it was typed; an empty text or raiser is as the note says it."""

    text: str = ""
    raised_by: str = ""
    addressee: Addressee | None = None
    addressee_name: str = ""
    owner: str = ""
    due_on: date | None = None


def take_note(seminar: Seminar, note: Note, by: Actor, now: datetime) -> Recommendation:
    """Makes a recommendation of the note; one that was taken back is there again. Twice is harmless."""
    if note.removed_at is not None:
        raise Refused("This note was removed in the meantime. Put it back first, or write it anew.")
    if note.kind not in RECOMMENDING:
        raise Refused("Only proposals and recommendations are followed: change the kind of the note first.")
    queries.hold_notes(seminar.id, whole=True)
    known = queries.recommendation_of_note(note)
    if known is not None:
        restore_recommendation(known, by, now)
        return known
    return _add(seminar, note, Asked(), by, now)


def take_all_notes(seminar: Seminar, by: Actor, now: datetime) -> int:
    """Every proposal and recommendation that is not followed yet; how many were added."""
    queries.hold_notes(seminar.id, whole=True)
    notes = queries.notes_not_followed(seminar)
    for note in notes:
        _add(seminar, note, Asked(), by, now)
    return len(notes)


def add_recommendation(seminar: Seminar, asked: Asked, by: Actor, now: datetime) -> Recommendation:
    """One that no note holds: handed in on paper, or asked for later."""
    asked = _cleaned(asked)
    if not asked.text:
        raise Refused("Write what is asked for.")
    queries.hold_notes(seminar.id, whole=True)
    return _add(seminar, None, asked, by, now)


def _cleaned(asked: Asked) -> Asked:
    text = clean_block(asked.text)
    short = {name: clean(getattr(asked, name)) for name in ("raised_by", "addressee_name", "owner")}
    if len(text) > LONGEST_RECOMMENDATION:
        raise Refused("A recommendation has at most 20,000 characters.")
    if max(map(len, short.values())) > LONGEST_NAME:
        raise Refused("A name has at most 300 characters.")
    return Asked(text=text, addressee=asked.addressee, due_on=asked.due_on, **short)


def _add(seminar: Seminar, note: Note | None, asked: Asked, by: Actor, now: datetime) -> Recommendation:
    last = select(func.max(Recommendation.position)).where(Recommendation.seminar_id == seminar.id)
    made = Recommendation(
        seminar_id=seminar.id,
        note_id=note.id if note else None,
        position=(db.session.scalar(last) or 0) + 1,
        created_at=now,
        created_by=by.name,
        **vars(asked),
    )
    made.steps = [
        RecommendationStep(status=RecommendationStatus.RECORDED, on=local(now).date(), note="", at=now, by=by.name)
    ]
    db.session.add(made)
    db.session.flush()
    _record(made, "add", asked.text or (note.text if note else ""), by, now)
    return made


def change_recommendation(one: Recommendation, revision: int, asked: Asked, by: Actor, now: datetime) -> None:
    """Corrects what was on the screen in `revision`; words equal to the note's stay the note's."""
    asked = _cleaned(asked)
    if one.note is None and not asked.text:
        raise Refused("Write what is asked for.")
    values = vars(asked) | {"revision": revision + 1}
    if one.note is not None and asked.text == one.note.text:
        values["text"] = ""
    if one.note is not None and asked.raised_by == one.note.speaker:
        values["raised_by"] = ""
    changed = db.session.execute(
        update(Recommendation)
        .where(Recommendation.id == one.id, Recommendation.revision == revision, Recommendation.removed_at.is_(None))
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise Refused(
            "Somebody else changed this recommendation meanwhile. Theirs stands beside yours: look at both, then save again."
        )
    db.session.refresh(one)
    _record(one, "change", queries.wording_of(one), by, now)


def take_step(
    one: Recommendation, status: RecommendationStatus, on: date, words: str, by: Actor, now: datetime
) -> RecommendationStep:
    """What happened with it, on which day and in which words (number of the letter, what was answered)."""
    words = clean(words)
    if one.removed_at is not None:
        raise Refused("This recommendation was taken back. Put it back first.")
    if len(words) > LONGEST_WORDS:
        raise Refused("The words have at most 500 characters.")
    if on > local(now).date():
        raise Refused("This day is not yet: write on which day it happened.")
    step = RecommendationStep(recommendation_id=one.id, status=status, on=on, note=words, at=now, by=by.name)
    db.session.add(step)
    db.session.flush()
    db.session.expire(one, ["steps"])
    record(
        by,
        now,
        "add",
        "step",
        seminar_id=one.seminar_id,
        object_id=one.id,
        summary=shorten(queries.wording_of(one), 200),
        status=status.value,
    )
    return step


def remove_recommendation(one: Recommendation, by: Actor, now: datetime) -> None:
    """It is none after all; the note stays. Removing twice is harmless."""
    if one.removed_at is None:
        one.removed_at, one.removed_by = now, by.name
        _record(one, "remove", queries.wording_of(one), by, now)


def restore_recommendation(one: Recommendation, by: Actor, now: datetime) -> None:
    """Puts it back; harmless where it is there."""
    if one.removed_at is not None:
        one.removed_at, one.removed_by = None, ""
        _record(one, "restore", queries.wording_of(one), by, now)


def _record(one: Recommendation, verb: str, text: str, by: Actor, now: datetime) -> None:
    summary = shorten(clean(text), 200)
    record(by, now, verb, "recommendation", seminar_id=one.seminar_id, object_id=one.id, summary=summary)
