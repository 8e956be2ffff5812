"""A paper that is sent, and sent again as another version."""

from datetime import date, datetime

from sqlalchemy import select

from seminar.access.actor import Actor, ActorKind
from seminar.audit.models import record
from seminar.delegates.models import Delegate
from seminar.lib import files
from seminar.lib.clock import local, short_date
from seminar.lib.database import db
from seminar.lib.errors import Message, Refused
from seminar.lib.text import clean, clean_block
from seminar.papers import queries, rules
from seminar.papers.actions.papers import author_of, known_topic, set_authors
from seminar.papers.actions.renditions import keep_rendition
from seminar.papers.checking import BESIDE_REMARKS, Beside, CheckedFile
from seminar.papers.models import Author, Paper, PaperKind, RenditionKind, Submission
from seminar.papers.queries.results import corrections_due
from seminar.planning.models import Seminar, Unit


def submit_paper(
    seminar: Seminar,
    checked: CheckedFile,
    *,
    title: str | None,
    authors: str | None,
    kind: PaperKind = PaperKind.PAPER,
    topic_id: int | None = None,
    abstract: str | None = None,
    keywords: str | None = None,
    delegate: Delegate | None = None,
    unit: Unit | None = None,
    paper: Paper | None = None,
    beside: Beside | None = None,
    came_on: date | None = None,
    by: Actor,
    now: datetime,
) -> Submission:
    """Keeps the file as the next version of `paper`, or of a new one of the unit or delegate; `beside` is a PDF of it.

    The same bytes again as the latest version are no new version. An empty title, author, abstract or keyword leaves what
    is there; a new paper needs a title. Refuses when the office closed the sender's deadline, a second paper of a unit,
    a paper that was withdrawn, and more versions by a personal link than anybody needs. A correction that vetting asked
    for is never too late; what the office enters is late if it came to it (on `came_on`) too late.
    """
    rules.refuse_day_of_arrival(came_on, now)
    if paper is not None:
        unit, delegate = paper.unit, paper.delegate
        if paper.withdrawn_at is not None:
            raise Refused(rules.WITHDRAWN.msgid)
    deadline = queries.deadline_of(seminar, now, unit=unit, delegate=delegate)
    is_asked = paper is not None and bool(corrections_due([paper]))
    if deadline.is_closed and not is_asked:
        latest = queries.latest_submission(paper) if paper is not None else None
        if latest is not None and latest.file_sha256 == checked.sha256:
            return latest
        raise Refused(_closed_for(by).msgid)
    _hold(unit or delegate)
    title, people = clean(title)[: rules.TITLE_LENGTH], rules.read_authors(authors or "")
    topic_id = known_topic(seminar, topic_id)
    if paper is None:
        again = _same_again(seminar, checked, kind, delegate, unit)
        if again is not None:
            _keep_beside(again, beside, by, now)
            return again
        paper = _add_paper(seminar, title, people, kind, delegate, unit, by, now)
    _take_words(paper, title, people, topic_id, abstract, keywords)
    came_at = now if came_on is None else min(now, rules.end_of_day(came_on))
    submission = _add_version(paper, checked, deadline.is_late(came_at) and not is_asked, came_on, by, now)
    _keep_beside(submission, beside, by, now)
    return submission


def _take_words(
    paper: Paper,
    title: str,
    people: list[Author],
    topic_id: int | None,
    abstract: str | None,
    keywords: str | None,
) -> None:
    if title and people:
        paper.title = title
        set_authors(paper, people)
    if topic_id is not None:
        paper.topic_id = topic_id
    paper.abstract = clean_block(abstract)[: rules.ABSTRACT_LENGTH] or paper.abstract or ""
    paper.keywords = clean(keywords)[: rules.KEYWORDS_LENGTH] or paper.keywords or ""


def _closed_for(by: Actor) -> Message:
    return rules.CLOSED_BY_OFFICE if by.kind == ActorKind.STAFF else rules.CLOSED


def add_beside(
    seminar: Seminar,
    paper: Paper,
    beside: Beside,
    *,
    title: str | None = None,
    authors: str | None = None,
    topic_id: int | None = None,
    abstract: str | None = None,
    keywords: str | None = None,
    by: Actor,
    now: datetime,
) -> Submission:
    """Keeps a PDF beside the latest version, which stays the version it is; the words are as in `submit_paper`.

    Refuses where nothing or a PDF was sent, and of the sender also when the office closed the deadline: the PDF is what
    is printed.
    """
    db.session.execute(select(Paper.id).where(Paper.id == paper.id).with_for_update())
    latest = queries.latest_submission(paper)
    if latest is None or queries.docx_sha256(latest) is None:
        raise Refused("Send the Word file first; the PDF stands beside it.")
    if paper.withdrawn_at is not None:
        raise Refused(rules.WITHDRAWN.msgid)
    deadline = queries.deadline_of(seminar, now, unit=paper.unit, delegate=paper.delegate)
    if by.kind != ActorKind.STAFF and deadline.is_closed and not corrections_due([paper]):
        raise Refused(rules.CLOSED.msgid)
    people = rules.read_authors(authors or "")
    _take_words(paper, clean(title)[: rules.TITLE_LENGTH], people, known_topic(seminar, topic_id), abstract, keywords)
    _keep_beside(latest, beside, by, now)
    return latest


def _keep_beside(submission: Submission, beside: Beside | None, by: Actor, now: datetime) -> None:
    if beside is None:
        return
    before = queries.rendition(submission, RenditionKind.PDF)
    made = keep_rendition(
        submission,
        RenditionKind.PDF,
        beside.content,
        made_by=by.name,
        now=now,
        page_count=beside.page_count,
        is_sent=True,
    )
    if made is before:
        return
    told = [[one.msgid, one.values] for one in beside.remarks]
    submission.remarks = [one for one in submission.remarks if one[0] not in BESIDE_REMARKS] + told
    db.session.flush()
    paper = submission.paper
    record(
        by,
        now,
        "upload",
        "pdf beside",
        seminar_id=paper.seminar_id,
        object_id=paper.id,
        summary=paper.title,
        version=submission.version,
        sha256=made.file_sha256,
    )


def _hold(sender: Unit | Delegate | None) -> None:
    """Two uploads of one sender wait for each other (SQLite has one writer anyway)."""
    if sender is not None:
        db.session.execute(select(type(sender).id).where(type(sender).id == sender.id).with_for_update())


def _same_again(
    seminar: Seminar, checked: CheckedFile, kind: PaperKind, delegate: Delegate | None, unit: Unit | None
) -> Submission | None:
    """The submission that a second click sends again; refuses another paper of a unit that has sent its one."""
    known = queries.papers_of_unit(seminar, unit) if unit else queries.papers_of_delegate(delegate) if delegate else []
    for paper in known:
        if paper.kind == kind and paper.submissions and paper.submissions[-1].file_sha256 == checked.sha256:
            return paper.submissions[-1]
    if unit and kind == PaperKind.PAPER and any(paper.kind == kind for paper in known):
        raise Refused(rules.ANOTHER_OF_UNIT.msgid, unit=unit.name)
    return None


def _add_paper(
    seminar: Seminar,
    title: str,
    people: list[Author],
    kind: PaperKind,
    delegate: Delegate | None,
    unit: Unit | None,
    by: Actor,
    now: datetime,
) -> Paper:
    if not title:
        raise Refused("Write the title of the paper.")
    sender = unit or delegate
    people = people or (author_of(sender) if sender is not None else [])
    if not people:
        raise Refused("Write who the authors are, or choose a unit.")
    paper = Paper(
        seminar_id=seminar.id,
        kind=kind,
        title=title,
        authors="",
        delegate_id=delegate.id if delegate else None,
        unit_id=unit.id if unit else None,
        created_at=now,
        created_by=by.name,
    )
    set_authors(paper, people)
    db.session.add(paper)
    db.session.flush()
    record(by, now, "add", "paper", seminar_id=seminar.id, object_id=paper.id, summary=title)
    return paper


def _add_version(
    paper: Paper, checked: CheckedFile, is_late: bool, came_on: date | None, by: Actor, now: datetime
) -> Submission:
    db.session.execute(select(Paper.id).where(Paper.id == paper.id).with_for_update())
    latest = queries.latest_submission(paper)
    if latest is not None and latest.file_sha256 == checked.sha256:
        return latest
    if latest is not None and latest.version >= rules.VERSIONS and by.kind != ActorKind.STAFF:
        raise Refused(rules.ENOUGH_VERSIONS.msgid, most=rules.VERSIONS)
    remarks = [[one.msgid, one.values] for one in checked.remarks]
    if came_on is not None and came_on < local(now).date():
        remarks.append([rules.CAME_EARLIER.msgid, {"day": short_date(came_on)}])
    submission = Submission(
        paper_id=paper.id,
        version=latest.version + 1 if latest else 1,
        filename=checked.filename,
        media_type=checked.media_type,
        file_sha256=files.keep(checked.content, with_rows=True),
        size_bytes=len(checked.content),
        word_count=checked.word_count,
        page_count=checked.page_count,
        at=now,
        actor_kind=by.kind,
        actor_name=by.name,
        channel=by.channel,
        is_late=is_late,
        legacy=checked.legacy,
        remarks=remarks,
    )
    db.session.add(submission)
    db.session.flush()
    if checked.docx is not None:
        keep_rendition(submission, RenditionKind.DOCX, checked.docx, made_by=checked.made_by, now=now)
    record(
        by,
        now,
        "submit",
        "paper",
        seminar_id=paper.seminar_id,
        object_id=paper.id,
        summary=paper.title,
        version=submission.version,
        filename=submission.filename,
        sha256=submission.file_sha256,
        is_late=is_late,
    )
    return submission
