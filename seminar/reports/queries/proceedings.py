"""Reads of the proceedings: which papers are printed, in which version, where they stand, and the builds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from seminar.delegates.models import Delegate
from seminar.lib.database import db
from seminar.lib.errors import Message
from seminar.lib.language import say
from seminar.papers.checking import pdf
from seminar.papers.models import Decision, Paper, Rendition, RenditionKind, Submission
from seminar.papers.queries import pdf_sha256, rendition, word_sha256
from seminar.planning.models import Seminar
from seminar.reports.models import Build, BuildState, Entry, Part, PartKind, Proceedings
from seminar.reports.rules.proceedings import SILENT_FOR, PartRole, Sender, part_of

WITHDRAWN = Message("It was withdrawn, so it is not printed.")
TO_CORRECT = Message("It is to be corrected first, so it is not printed yet.")
CORRECTED = Message("A corrected version has come: decide on it, then it is printed.")
NEWER = Message("Version %(newer)s came after the decision; version %(version)s, which was decided on, is printed.")
OLD_FONTS = Message(
    "It is typed in fonts older than Unicode: convert it on the page of the paper, else its PDF is unreadable."
)
WITHOUT_PDF = Message(
    "It has no PDF, and this machine has no LibreOffice to make one: ask for a PDF. It stands in the Word book only."
)
NOWHERE = Message("There is no part for papers to put it in, so it is not printed.")
LEAVES_OUT = (WITHDRAWN, TO_CORRECT, CORRECTED, OLD_FONTS, WITHOUT_PDF, NOWHERE)
"""Of the PDF, or of both."""
MOST_BUILDS = 20


@dataclass(frozen=True)
class BookRow:
    """A paper that was accepted for print: the version that is printed is the one that was decided on."""

    paper: Paper
    decision: Decision
    printed: Submission
    latest: Submission

    @property
    def is_printed(self) -> bool:
        return self.paper.withdrawn_at is None and not self.decision.needs_correction

    @property
    def needs_unicode(self) -> bool:
        """Whether LibreOffice would make gibberish of it."""
        return bool(self.printed.legacy) and rendition(self.printed, RenditionKind.UNICODE) is None

    @property
    def pdf(self) -> str | None:
        return pdf_sha256(self.printed)

    @property
    def word(self) -> str | None:
        return word_sha256(self.printed)

    @property
    def uniform(self) -> Rendition | None:
        """Its pages in the looks of the book, as they were made last; of the title and authors of that day."""
        return rendition(self.printed, RenditionKind.BOOK)

    @property
    def is_word(self) -> bool:
        return self.printed.media_type != pdf.MEDIA_TYPE

    @property
    def has_no_pages(self) -> bool:
        """Nothing of it can be put into the PDF yet."""
        return self.pdf is None and self.uniform is None

    @property
    def pages(self) -> int | None:
        made = self.uniform or rendition(self.printed, RenditionKind.PDF)
        return made.page_count if made is not None else self.printed.page_count

    def remarks(self, can_convert: bool) -> list[Message]:
        """What its reader should know or do; of a paper that is not printed, why."""
        if self.paper.withdrawn_at is not None:
            return [WITHDRAWN]
        is_newer = self.latest.id > self.printed.id
        if self.decision.needs_correction:
            return [CORRECTED if is_newer else TO_CORRECT]
        found = []
        if is_newer:
            found.append(Message(NEWER.msgid, newer=self.latest.version, version=self.printed.version))
        if self.has_no_pages and self.needs_unicode:
            found.append(OLD_FONTS)
        elif self.has_no_pages and not can_convert:
            found.append(WITHOUT_PDF)
        return found


@dataclass(frozen=True)
class Arranged:
    """The parts in order with their papers; `homeless` are those for which there is no part of papers."""

    parts: list[tuple[Part, list[BookRow]]]
    homeless: list[BookRow] = field(default_factory=list)


def _book(seminar: Seminar) -> Select[Proceedings]:
    query = select(Proceedings).select_from(Proceedings).where(Proceedings.seminar_id == seminar.id)
    return query.options(selectinload(Proceedings.parts).selectinload(Part.placements))


def proceedings_of(seminar: Seminar) -> Proceedings | None:
    return db.session.scalar(_book(seminar))


def proceedings_or_404(seminar: Seminar) -> Proceedings:
    return db.first_or_404(_book(seminar))


def part_or_404(proceedings: Proceedings, part_id: int) -> Part:
    return db.first_or_404(select(Part).where(Part.proceedings_id == proceedings.id, Part.id == part_id))


def rows_of(seminar: Seminar) -> list[BookRow]:
    """Papers whose last decision says that they are printed, in the order in which they came."""
    decision, printed, latest = aliased(Decision), aliased(Submission), aliased(Submission)
    last_decision = (
        select(func.max(Decision.id)).where(Decision.paper_id == Paper.id).correlate(Paper).scalar_subquery()
    )
    last_version = (
        select(func.max(Submission.id)).where(Submission.paper_id == Paper.id).correlate(Paper).scalar_subquery()
    )
    query = (
        select(Paper, decision, printed, latest)
        .select_from(Paper)
        .join(decision, decision.id == last_decision)
        .join(printed, printed.id == decision.submission_id)
        .join(latest, latest.id == last_version)
        .where(Paper.seminar_id == seminar.id, decision.in_print)
        .options(
            joinedload(Paper.unit),
            joinedload(Paper.delegate).selectinload(Delegate.memberships),
            selectinload(Paper.people),
            selectinload(printed.renditions),
        )
        .order_by(Paper.id)
    )
    return [BookRow(*row) for row in db.session.execute(query).unique()]


def sender_of(paper: Paper) -> Sender:
    if paper.unit_id is not None:
        return Sender(has_unit=True)
    primary = (
        next((one.group for one in paper.delegate.memberships if one.is_primary), None) if paper.delegate else None
    )
    return Sender(group=primary.name, audience=primary.audience) if primary else Sender()


def arrange(proceedings: Proceedings, rows: Sequence[BookRow]) -> Arranged:
    """As the office put them; who was not put stands behind, in the usual part, units in the order of the directory."""
    by_id = {row.paper.id: row for row in rows}
    standing = {
        part.id: [by_id.pop(one.paper_id) for one in part.placements if one.paper_id in by_id]
        for part in proceedings.parts
    }
    of_papers = [part for part in proceedings.parts if part.kind == PartKind.PAPERS]
    usual = {PartRole(part.role): part.id for part in of_papers if part.role}
    if not of_papers:
        return Arranged([(part, []) for part in proceedings.parts], list(by_id.values()))
    for row in sorted(by_id.values(), key=_usual_order):
        role = part_of(row.paper.kind, sender_of(row.paper))
        standing[usual.get(role, of_papers[-1].id)].append(row)
    return Arranged([(part, standing[part.id]) for part in proceedings.parts])


def _usual_order(row: BookRow) -> tuple[str, bool, int, int]:
    """Keynotes before reports on the situation, units before persons."""
    paper = row.paper
    return paper.kind.value, paper.unit is None, paper.unit.position if paper.unit else 0, paper.id


def told(problem: Mapping[str, Any]) -> str:
    """A stored problem in the reader's language; its reason is a sentence of ours too."""
    values = {name: say(value) if name == "reason" else value for name, value in problem["values"].items()}
    return say(Message(problem["msgid"], **values))


def builds_of(proceedings: Proceedings) -> list[Build]:
    """The latest ones, newest first, with their entries."""
    query = select(Build).where(Build.proceedings_id == proceedings.id).order_by(Build.id.desc()).limit(MOST_BUILDS)
    return list(db.session.scalars(query.options(selectinload(Build.entries))))


def is_outdated(builds: Sequence[Build], arranged: Arranged) -> bool:
    """Whether other papers, versions or places would be printed now than stand in the latest book."""
    latest = next((build for build in builds if build.state == BuildState.DONE), None)
    if latest is None:
        return False
    placed = [(part.title, row) for part, rows in arranged.parts for row in rows if row.is_printed]
    now = [(title, row.paper.id, row.printed.id) for title, row in placed]
    known = {row.paper.id for _title, row in placed}
    then = [(one.part_title, one.paper_id, one.submission_id) for one in latest.entries]
    return now != [one for one in then if one[1] in known or _stood(latest, one[1])]


def _stood(build: Build, paper_id: int) -> bool:
    return any(one.paper_id == paper_id and one.first_page for one in build.entries)


def still_public(builds: Sequence[Build], rows: Sequence[BookRow]) -> list[Entry]:
    """Papers that stand in the published book and would no longer be printed: withdrawn, or decided otherwise."""
    printed = {row.paper.id for row in rows if row.is_printed}
    out = next((build for build in builds if build.published_at), None)
    return [one for one in out.entries if one.pdf_sha256 and one.paper_id not in printed] if out else []


def build_or_404(proceedings: Proceedings, build_id: int) -> Build:
    query = select(Build).where(Build.proceedings_id == proceedings.id, Build.id == build_id)
    return db.first_or_404(query.options(selectinload(Build.entries).joinedload(Entry.submission)))


def under_way(proceedings: Proceedings) -> Build | None:
    states = (BuildState.WAITING, BuildState.RUNNING)
    return db.session.scalar(select(Build).where(Build.proceedings_id == proceedings.id, Build.state.in_(states)))


def builds_wait(now: datetime) -> bool:
    """Whether there is a build to take up: one that waits, or whose builder has been silent for too long."""
    query = select(Build.id).where(is_free(now)).limit(1)
    return db.session.scalar(query) is not None


def is_free(now: datetime) -> ColumnElement[bool]:
    is_dead = and_(Build.state == BuildState.RUNNING, Build.told_at < now - SILENT_FOR)
    return or_(Build.state == BuildState.WAITING, is_dead)


def published_build(seminar: Seminar) -> Build | None:
    """The one that is given out, with its entries in the order of the book."""
    query = (
        select(Build)
        .join(Build.proceedings)
        .where(Proceedings.seminar_id == seminar.id, Build.published_at.is_not(None))
        .options(joinedload(Build.proceedings), selectinload(Build.entries))
    )
    return db.session.scalar(query)


def has_published(seminar: Seminar) -> bool:
    query = select(Build.id).join(Build.proceedings).where(Proceedings.seminar_id == seminar.id)
    return db.session.scalar(query.where(Build.published_at.is_not(None)).limit(1)) is not None


def seminars_with_book() -> set[int]:
    """Ids of the seminars whose book is given out."""
    query = select(Proceedings.seminar_id).join(Build, Build.proceedings_id == Proceedings.id)
    return set(db.session.scalars(query.where(Build.published_at.is_not(None))))
