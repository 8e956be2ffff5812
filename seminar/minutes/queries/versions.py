"""Reads of the minutes' versions: which is open, which is adopted, whether notes are locked, and the figures in them."""

from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from seminar.agenda.models import Item, Sitting
from seminar.agenda.queries import programme, runs_of
from seminar.lib.database import db
from seminar.lib.errors import N_
from seminar.lib.numbers import LARGEST
from seminar.minutes.models import (
    NOTE_KIND_LABELS,
    MinutesVersion,
    Note,
    NoteDraft,
    NoteKind,
    NoteRevision,
)
from seminar.minutes.queries.attendance import RollCall
from seminar.minutes.rules import Hours, hours_of
from seminar.papers.models import Paper
from seminar.planning.models import Audience, Seminar, Unit


@dataclass(frozen=True)
class Figure:
    """A count and the address (path on this site) of the list of exactly that many rows; empty where it stands there by
    name anyhow.
    """

    key: str
    label: str
    count: int
    href: str
    said: str = ""
    """Of what is no count of rows, as a sum or a ratio: its text; the address opens the cells it is made of."""


def versions_of(seminar: Seminar) -> list[MinutesVersion]:
    """The newest first."""
    query = select(MinutesVersion).where(MinutesVersion.seminar_id == seminar.id)
    return list(db.session.scalars(query.order_by(MinutesVersion.number.desc())))


def newest_version(seminar_id: int) -> MinutesVersion | None:
    query = select(MinutesVersion).where(MinutesVersion.seminar_id == seminar_id)
    return db.session.scalar(query.order_by(MinutesVersion.number.desc()).limit(1))


def open_version(seminar: Seminar) -> MinutesVersion | None:
    """The one that is being written, if one is."""
    newest = newest_version(seminar.id)
    return newest if newest is not None and newest.adopted_at is None else None


def adopted_version(seminar: Seminar) -> MinutesVersion | None:
    """The latest that was adopted: it stands until a newer one is, also while one is open."""
    query = select(MinutesVersion).where(
        MinutesVersion.seminar_id == seminar.id, MinutesVersion.adopted_at.is_not(None)
    )
    return db.session.scalar(query.order_by(MinutesVersion.number.desc()).limit(1))


def version_before(version: MinutesVersion) -> MinutesVersion | None:
    query = select(MinutesVersion).where(
        MinutesVersion.seminar_id == version.seminar_id, MinutesVersion.number == version.number - 1
    )
    return db.session.scalar(query)


def version_or_404(seminar: Seminar, number: int) -> MinutesVersion:
    return db.first_or_404(
        select(MinutesVersion).where(
            MinutesVersion.seminar_id == seminar.id, MinutesVersion.number == min(number, LARGEST)
        )
    )


def locked(seminar_id: int) -> bool:
    """The minutes are adopted and none is open: notes may not change."""
    adopted = (
        select(MinutesVersion.adopted_at)
        .where(MinutesVersion.seminar_id == seminar_id)
        .order_by(MinutesVersion.number.desc())
        .limit(1)
    )
    return db.session.scalar(adopted) is not None


def hold_notes(seminar_id: int, *, whole: bool = False) -> None:
    """Until commit no minutes are adopted; with `whole` nobody writes a note either, and who began to is waited for."""
    row = select(Seminar.id).where(Seminar.id == seminar_id)
    db.session.execute(row.with_for_update(key_share=True) if whole else row.with_for_update(read=True))


def known_hours(seminar: Seminar) -> Hours:
    """When the seminar really began and ended, by the records of the day."""
    return hours_of(runs_of(seminar), len(programme(seminar)))


def units_of_papers(seminar: Seminar) -> dict[int, str]:
    """The unit that sent it, by id of the paper, for papers with a place in the programme."""
    query = (
        select(Paper.id, Unit.name)
        .join(Unit, Unit.id == Paper.unit_id)
        .join(Item, Item.paper_id == Paper.id)
        .join(Sitting, Sitting.id == Item.sitting_id)
        .where(Sitting.seminar_id == seminar.id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def drafts_of_notes(seminar: Seminar) -> list[NoteDraft]:
    """What somebody typed and did not save yet."""
    query: Select[NoteDraft] = select(NoteDraft).where(NoteDraft.seminar_id == seminar.id)
    return list(
        db.session.scalars(query.order_by(NoteDraft.saved_at, NoteDraft.id).options(joinedload(NoteDraft.user)))
    )


def wordings(pairs: set[tuple[int, int]]) -> dict[tuple[int, int], NoteRevision]:
    """Wordings by (note, revision)."""
    if not pairs:
        return {}
    query = select(NoteRevision).where(NoteRevision.note_id.in_({note_id for note_id, _ in pairs}))
    found = {(one.note_id, one.revision): one for one in db.session.scalars(query)}
    return {pair: found[pair] for pair in pairs if pair in found}


def notes_by_id(seminar: Seminar, ids: set[int]) -> dict[int, Note]:
    """Also removed ones."""
    query = select(Note).where(Note.seminar_id == seminar.id, Note.id.in_(ids)).options(joinedload(Note.item))
    return {note.id: note for note in db.session.scalars(query)}


FIGURE_LABELS = {
    "guest.came": N_("invited guests who came"),
    "guest.listed": N_("invited guests on the list"),
    "summoned.came": N_("summoned delegates who came"),
    "summoned.listed": N_("summoned delegates on the list"),
    "organiser.came": N_("chairs, secretaries, organisers who came"),
    "organiser.listed": N_("chairs, secretaries, organisers on the list"),
    "unassigned.came": N_("without a group who came"),
    "unassigned.listed": N_("without a group on the list"),
    "arrived": N_("arrived"),
    "absent": N_("absent"),
    "excused": N_("absent who had said so"),
    "proxies": N_("proxies who came"),
    "notes": N_("notes"),
    "recommendations": N_("proposals and recommendations, as section 4 prints them"),
    **{f"notes.{kind}": label for kind, label in NOTE_KIND_LABELS.items()},
}

PARTICULAR_LABELS = {
    "began_at": N_("Began at"),
    "ended_at": N_("Ended at"),
    "chairs": N_("Who presided"),
    "secretaries": N_("Secretaries of the minutes"),
    "copies": N_("Number of copies"),
}


def figures_of(seminar: Seminar, roll: RollCall, kinds: dict[NoteKind, int], recommendation_count: int) -> list[Figure]:
    """Every figure of the minutes, each with the list it opens."""
    base = f"/seminars/{seminar.slug}"
    counts: dict[str, tuple[int, str]] = {}
    for audience in (Audience.GUEST, Audience.SUMMONED, Audience.ORGANISER, Audience.UNASSIGNED):
        came, listed = roll.by_audience[audience]
        if listed or audience in (Audience.GUEST, Audience.SUMMONED):
            counts[f"{audience}.came"] = came, f"{base}/arrivals?state=arrived&audience={audience}"
            counts[f"{audience}.listed"] = listed, f"{base}/delegates?audience={audience}"
    counts["arrived"] = roll.arrived, f"{base}/arrivals?state=arrived"
    counts["absent"] = roll.absent, f"{base}/arrivals?state=absent"
    counts["excused"] = len(roll.excused), ""  # by name in the text itself
    counts["proxies"] = len(roll.proxies), ""
    counts["notes"] = sum(kinds.values()), f"{base}/notes"
    for kind in NoteKind:
        counts[f"notes.{kind}"] = kinds.get(kind, 0), f"{base}/notes?kind={kind}"
    counts["recommendations"] = recommendation_count, f"{base}/recommendations"
    return [Figure(key, FIGURE_LABELS[key], *value) for key, value in counts.items()]
