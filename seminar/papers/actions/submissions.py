"""A paper that is sent, and sent again as another version."""

from datetime import datetime

from sqlalchemy import select

from seminar.access.actor import Actor, ActorKind
from seminar.audit.models import record
from seminar.delegates.models import Delegate
from seminar.lib import files
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.text import clean
from seminar.papers import queries, rules
from seminar.papers.checking import CheckedFile
from seminar.papers.models import Paper, PaperKind, Submission
from seminar.planning.models import Seminar, Topic, Unit
from seminar.planning.queries import milestone
from seminar.planning.rules import is_closed, is_late


def submit_paper(
    seminar: Seminar,
    checked: CheckedFile,
    *,
    title: str | None,
    authors: str | None,
    kind: PaperKind = PaperKind.PAPER,
    topic_id: int | None = None,
    delegate: Delegate | None = None,
    unit: Unit | None = None,
    paper: Paper | None = None,
    by: Actor,
    now: datetime,
) -> Submission:
    """Keeps the file as the next version of `paper`, or of a new one of the unit or delegate.

    The same bytes again as the latest version are no new version. An empty title or author leaves what is there; a new
    paper needs a title. Refuses when the office closed the deadline, a second paper of a unit, and
    more versions by a personal link than anybody needs.
    """
    deadline = milestone(seminar, "papers")
    if is_closed(deadline):
        raise Refused(rules.CLOSED.msgid)
    _hold(unit or delegate)
    title, authors = clean(title)[: rules.TITLE_LENGTH], clean(authors)[: rules.TITLE_LENGTH]
    if topic_id is not None and not db.session.scalar(
        select(Topic.id).where(Topic.id == topic_id, Topic.seminar_id == seminar.id)
    ):
        raise Refused("Choose one of the topics of the seminar.")
    if paper is None:
        again = _same_again(seminar, checked, kind, delegate, unit)
        if again is not None:
            return again
        paper = _add_paper(seminar, title, authors, kind, delegate, unit, by, now)
    elif title and authors:
        paper.title, paper.authors = title, authors
    if topic_id is not None:
        paper.topic_id = topic_id
    return _add_version(paper, checked, is_late(deadline, now), by, now)


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
    authors: str,
    kind: PaperKind,
    delegate: Delegate | None,
    unit: Unit | None,
    by: Actor,
    now: datetime,
) -> Paper:
    if not title:
        raise Refused("Write the title of the paper.")
    authors = authors or (unit.name if unit else delegate.name if delegate else "")
    if not authors:
        raise Refused("Write who the authors are, or choose a unit.")
    paper = Paper(
        seminar_id=seminar.id,
        kind=kind,
        title=title,
        authors=authors,
        delegate_id=delegate.id if delegate else None,
        unit_id=unit.id if unit else None,
        created_at=now,
        created_by=by.name,
    )
    db.session.add(paper)
    db.session.flush()
    record(by, now, "add", "paper", seminar_id=seminar.id, object_id=paper.id, summary=title)
    return paper


def _add_version(paper: Paper, checked: CheckedFile, is_late: bool, by: Actor, now: datetime) -> Submission:
    db.session.execute(select(Paper.id).where(Paper.id == paper.id).with_for_update())
    latest = queries.latest_submission(paper)
    if latest is not None and latest.file_sha256 == checked.sha256:
        return latest
    if latest is not None and latest.version >= rules.VERSIONS and by.kind != ActorKind.STAFF:
        raise Refused(rules.ENOUGH_VERSIONS.msgid, most=rules.VERSIONS)
    submission = Submission(
        paper_id=paper.id,
        version=latest.version + 1 if latest else 1,
        filename=checked.filename,
        media_type=checked.media_type,
        file_sha256=files.keep(checked.content),
        size_bytes=len(checked.content),
        word_count=checked.word_count,
        page_count=checked.page_count,
        at=now,
        actor_kind=by.kind,
        actor_name=by.name,
        channel=by.channel,
        is_late=is_late,
    )
    db.session.add(submission)
    db.session.flush()
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
