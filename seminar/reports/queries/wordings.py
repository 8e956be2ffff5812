"""Reads of the result report's prose: the latest wording of each section, its history, and the report as it was issued."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import NotFound

from seminar.documents.models import DocumentKind, IssuedDocument
from seminar.lib.database import db
from seminar.minutes import queries as minutes
from seminar.minutes.models import Addressee, NoteKind
from seminar.minutes.queries import counts_by_topic, notes_of, topics_above
from seminar.planning.models import Seminar
from seminar.reports.models import ReportIssue, ReportWording
from seminar.reports.rules.result import TOPIC, Change, Section, begun_with, differences, is_source, sections

WITHOUT_TOPIC = f"{TOPIC}0"


def sections_of(seminar: Seminar, written: Mapping[str, ReportWording] | None = None) -> list[Section]:
    """`written` are the latest wordings, where the caller has them."""
    texts = {key: one.text for key, one in (wordings(seminar) if written is None else written).items()}
    topics = [(topic.id, topic.title) for topic in seminar.topics]
    known = {f"{TOPIC}{topic_id}" for topic_id, _ in topics} | {WITHOUT_TOPIC}
    return sections(
        topics,
        has_other=bool(texts.get(WITHOUT_TOPIC) or counts_by_topic(seminar).get(0)),
        dropped=sorted(
            int(key.removeprefix(TOPIC))
            for key, text in texts.items()
            if text and key.startswith(TOPIC) and key not in known
        ),
    )


def section_or_404(seminar: Seminar, key: str) -> Section:
    found = next((one for one in sections_of(seminar) if one.key == key), None)
    if found is None:
        raise NotFound
    return found


def wordings(seminar: Seminar) -> dict[str, ReportWording]:
    """The latest of each section that was written, by its key."""
    latest = (
        select(ReportWording.section, func.max(ReportWording.revision).label("revision"))
        .where(ReportWording.seminar_id == seminar.id)
        .group_by(ReportWording.section)
        .subquery()
    )
    query = (
        select(ReportWording)
        .join(
            latest,
            (latest.c.section == ReportWording.section) & (latest.c.revision == ReportWording.revision),
        )
        .where(ReportWording.seminar_id == seminar.id)
    )
    return {one.section: one for one in db.session.scalars(query)}


def wording_of(seminar: Seminar, key: str) -> ReportWording | None:
    query = select(ReportWording).where(ReportWording.seminar_id == seminar.id, ReportWording.section == key)
    return db.session.scalars(query.order_by(ReportWording.revision.desc())).first()


def history_of(seminar: Seminar, key: str) -> list[ReportWording]:
    """The newest first."""
    query = select(ReportWording).where(ReportWording.seminar_id == seminar.id, ReportWording.section == key)
    return list(db.session.scalars(query.order_by(ReportWording.revision.desc())))


def start_of(seminar: Seminar, section: Section) -> str:
    """What the notes give the section to begin with; empty where there are none for it."""
    above = topics_above(seminar)
    return begun_with(
        note.text
        for note in notes_of(seminar)
        if is_source(section, NoteKind(note.kind), above.get(note.topic_id or 0))
    )


@dataclass(frozen=True)
class SectionState:
    """A section with its latest wording, and the figures that changed since."""

    section: Section
    wording: ReportWording | None
    changes: list[Change] = field(default_factory=list)

    @property
    def text(self) -> str:
        return self.wording.text if self.wording else ""


def states(seminar: Seminar, now: Mapping[str, int]) -> list[SectionState]:
    """Every section; `now` are the figures as they are."""
    written = wordings(seminar)
    return [state_of(section, written.get(section.key), now) for section in sections_of(seminar, written)]


def state_of(section: Section, wording: ReportWording | None, now: Mapping[str, int]) -> SectionState:
    if wording is None:
        return SectionState(section, None)
    return SectionState(section, wording, differences(section, wording.text, wording.facts, now))


# As it was issued


def issues_of(seminar: Seminar) -> list[ReportIssue]:
    """The first one first."""
    query = select(ReportIssue).where(ReportIssue.seminar_id == seminar.id).options(joinedload(ReportIssue.document))
    return list(db.session.scalars(query.order_by(ReportIssue.number)))


def issue_or_404(seminar: Seminar, number: int) -> ReportIssue:
    query = select(ReportIssue).where(ReportIssue.seminar_id == seminar.id, ReportIssue.number == number)
    return db.first_or_404(query.options(joinedload(ReportIssue.document)))


def issue_of(document: IssuedDocument) -> ReportIssue | None:
    return db.session.scalar(select(ReportIssue).where(ReportIssue.document_id == document.id))


def pending_document(seminar: Seminar) -> IssuedDocument | None:
    """A number that was taken for the report, whose files were not made: the server stopped in between."""
    query = (
        select(IssuedDocument)
        .outerjoin(ReportIssue, ReportIssue.document_id == IssuedDocument.id)
        .where(
            IssuedDocument.seminar_id == seminar.id,
            IssuedDocument.kind == DocumentKind.REPORT,
            IssuedDocument.is_outside.is_(False),
            IssuedDocument.unused_at.is_(None),
            IssuedDocument.file_sha256 == "",
            ReportIssue.id.is_(None),
        )
        .order_by(IssuedDocument.id)
    )
    return db.session.scalars(query).first()


# What was asked for


@dataclass(frozen=True)
class Asked:
    """A proposal or recommendation as the report prints it."""

    text: str
    raised_by: str
    addressee_name: str = ""


def recommendations_by_addressee(seminar: Seminar) -> dict[Addressee | None, list[Asked]]:
    """In the order of domain.md 2.5, without empty ones; None last: nobody has decided yet to whom it goes.

    A note of that kind for which no recommendation was made ready stands there too, so that none is lost; what belongs to
    a note that was taken back does not.
    """
    found = {
        addressee: [Asked(minutes.wording_of(one), minutes.raiser_of(one), one.addressee_name) for one in theirs]
        for addressee, theirs in minutes.recommendations_by_addressee(seminar)
    }
    for note in minutes.notes_not_followed(seminar):
        found.setdefault(None, []).append(Asked(note.text, note.speaker))
    return found
