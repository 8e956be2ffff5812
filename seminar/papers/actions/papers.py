"""What is done with a paper besides its files: its words corrected, withdrawn, taken back in."""

from datetime import datetime

from sqlalchemy import select

from seminar.access.actor import Actor, ActorKind
from seminar.audit.models import record
from seminar.delegates.models import Delegate
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.text import clean, clean_block
from seminar.papers import queries, rules
from seminar.papers.models import Author, Paper, PaperKind
from seminar.planning.models import Seminar, Topic, Unit


def set_authors(paper: Paper, people: list[Author]) -> None:
    """Keeps the rows and the line that prints. Rows are changed in place, since two may not have one position."""
    for standing, wanted in zip(paper.people, people, strict=False):
        for name in ("academic_title", "name", "duty", "body", "is_collective"):
            setattr(standing, name, getattr(wanted, name))
    there = len(paper.people)
    if there > len(people):
        del paper.people[len(people) :]
    paper.people.extend(people[there:])
    paper.authors = rules.printed(people, rules.TITLE_LENGTH)


def author_of(sender: Unit | Delegate) -> list[Author]:
    """Whoever sends a paper without saying who wrote it."""
    if isinstance(sender, Unit):
        return [Author(position=1, name=sender.name, academic_title="", duty="", body="", is_collective=True)]
    return [
        Author(
            position=1,
            academic_title=(sender.academic_title or "")[:60],
            name=sender.name,
            duty=(sender.position or "")[:300],
            body=(sender.body or "")[:300],
            is_collective=False,
        )
    ]


def known_topic(seminar: Seminar, topic_id: int | None) -> int | None:
    """Refuses a topic of another seminar."""
    if topic_id is not None and not db.session.scalar(
        select(Topic.id).where(Topic.id == topic_id, Topic.seminar_id == seminar.id)
    ):
        raise Refused("Choose one of the topics of the seminar.")
    return topic_id


def change_paper(
    seminar: Seminar,
    paper: Paper,
    *,
    title: str,
    authors: str,
    topic_id: int | None,
    abstract: str,
    keywords: str,
    kind: PaperKind | None = None,
    by: Actor,
    now: datetime,
) -> None:
    """Corrects the words that stand beside the files: the sender until the deadline, the office always."""
    db.session.execute(select(Paper.id).where(Paper.id == paper.id).with_for_update())
    if paper.withdrawn_at is not None:
        raise Refused(rules.WITHDRAWN.msgid)
    if by.kind != ActorKind.STAFF and queries.deadline_of(
        seminar, now, unit=paper.unit, delegate=paper.delegate
    ).is_over(now):
        raise Refused(rules.DETAILS_CLOSED.msgid)
    title = clean(title)[: rules.TITLE_LENGTH]
    if not title:
        raise Refused("Write the title of the paper.")
    people = rules.read_authors(authors)
    if not people:
        raise Refused("Write who the authors are.")
    if kind is not None and kind != paper.kind and kind == PaperKind.PAPER and paper.unit is not None:
        _refuse_another(seminar, paper, kind)
    wanted = {
        "title": title,
        "kind": kind or paper.kind,
        "topic_id": known_topic(seminar, topic_id),
        "abstract": clean_block(abstract)[: rules.ABSTRACT_LENGTH],
        "keywords": clean(keywords)[: rules.KEYWORDS_LENGTH],
    }
    before = {name: getattr(paper, name) for name in (*wanted, "authors")}
    for name, value in wanted.items():
        setattr(paper, name, value)
    set_authors(paper, people)
    changed = {
        name: [str(old or ""), str(getattr(paper, name) or "")]
        for name, old in before.items()
        if old != getattr(paper, name)
    }
    db.session.flush()
    if changed:
        record(by, now, "change", "paper", seminar_id=seminar.id, object_id=paper.id, summary=paper.title, **changed)


def withdraw_paper(paper: Paper, reason: str, by: Actor, now: datetime) -> None:
    """Takes it out of every list and figure, with all its versions kept. Twice is harmless."""
    db.session.execute(select(Paper.id).where(Paper.id == paper.id).with_for_update())
    db.session.refresh(paper, ["withdrawn_at"])
    reason = clean(reason)[: rules.REASON_LENGTH]
    if not reason:
        raise Refused("Write why the paper is withdrawn: it was entered by mistake, or its author takes it back.")
    if paper.withdrawn_at is not None:
        return
    paper.withdrawn_at, paper.withdrawn_by, paper.withdrawn_why = now, by.name, reason
    db.session.flush()
    record(
        by,
        now,
        "withdraw",
        "paper",
        seminar_id=paper.seminar_id,
        object_id=paper.id,
        summary=paper.title,
        reason=reason,
    )


def readmit_paper(seminar: Seminar, paper: Paper, by: Actor, now: datetime) -> None:
    """Takes a withdrawn paper back in, with its versions and decisions; refuses a second paper of a unit."""
    if paper.unit is not None:
        db.session.execute(select(Unit.id).where(Unit.id == paper.unit_id).with_for_update())
    db.session.refresh(paper, ["withdrawn_at"])
    if paper.withdrawn_at is None:
        return
    if paper.unit is not None and paper.kind == PaperKind.PAPER:
        _refuse_another(seminar, paper, paper.kind)
    paper.withdrawn_at, paper.withdrawn_by, paper.withdrawn_why = None, "", ""
    db.session.flush()
    record(by, now, "readmit", "paper", seminar_id=seminar.id, object_id=paper.id, summary=paper.title)


def _refuse_another(seminar: Seminar, paper: Paper, kind: PaperKind) -> None:
    assert paper.unit is not None
    if any(one.kind == kind and one.id != paper.id for one in queries.papers_of_unit(seminar, paper.unit)):
        raise Refused(rules.ANOTHER_OF_UNIT.msgid, unit=paper.unit.name)
