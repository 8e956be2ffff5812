"""Reads of what is being typed: a person's own drafts, and who else is writing now."""

from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from seminar.lib.database import db
from seminar.lib.numbers import LARGEST
from seminar.minutes.models import Note, NoteDraft
from seminar.minutes.rules import FRESH
from seminar.planning.models import Seminar


def _drafts(seminar: Seminar) -> Select[NoteDraft]:
    return select(NoteDraft).where(NoteDraft.seminar_id == seminar.id).options(joinedload(NoteDraft.user))


def drafts_of(seminar: Seminar, user_id: int, note: Note | None = None) -> list[NoteDraft]:
    """This person's own, the latest first; of one note where it is named."""
    query = _drafts(seminar).where(NoteDraft.user_id == user_id)
    if note is not None:
        query = query.where(NoteDraft.note_id == note.id)
    return list(db.session.scalars(query.order_by(NoteDraft.saved_at.desc(), NoteDraft.id.desc())))


def draft_in(seminar: Seminar, user_id: int, draft_id: int) -> NoteDraft | None:
    """None for a stranger's, and where it is saved or discarded."""
    query = _drafts(seminar).where(NoteDraft.user_id == user_id, NoteDraft.id == min(draft_id, LARGEST))
    return db.session.scalar(query)


def drafts_by_others(seminar: Seminar, user_id: int, now: datetime, note: Note | None = None) -> list[NoteDraft]:
    """Of others who wrote within the last minute; of one note where it is named."""
    query = _drafts(seminar).where(NoteDraft.user_id != user_id, NoteDraft.saved_at >= now - FRESH)
    if note is not None:
        query = query.where(NoteDraft.note_id == note.id)
    return list(db.session.scalars(query.order_by(NoteDraft.saved_at.desc(), NoteDraft.id)))
