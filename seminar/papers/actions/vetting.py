"""What is done to have papers vetted: reviewers chosen, papers given and taken back, reviews written and let through."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import select

from seminar.access.actor import Actor
from seminar.access.roles import Role
from seminar.accounts.models import User
from seminar.audit.models import record
from seminar.lib import files
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.text import clean, clean_block, shorten
from seminar.mail import rules
from seminar.mail.actions import enqueue
from seminar.papers.checking import CheckedFile
from seminar.papers.models import Advice, Assignment, Mark, Paper, Review, Reviewer, Submission
from seminar.papers.queries import vetting
from seminar.papers.queries.senders import is_today
from seminar.papers.rules.vetting import HIGHEST_MARK, WORDS_LENGTH, shared_out
from seminar.planning.models import Seminar, Unit
from seminar.planning.queries import hold_seminar


def add_reviewer(
    seminar: Seminar, user: User | None, unit: Unit | None, body: str, by: Actor, now: datetime
) -> Reviewer:
    """Adding somebody twice changes unit and body."""
    if user is None or user.disabled_at or not user.roles & {Role.REVIEWER, Role.OFFICE}:
        raise Refused("Choose a member of staff with the role of reviewer or of the office.")
    hold_seminar(seminar.id)
    found = vetting.reviewer_of(seminar, user.id)
    if found is None:
        found = Reviewer(seminar_id=seminar.id, user=user)
        db.session.add(found)
    found.unit_id, found.body = unit.id if unit else None, shorten(clean(body), 300)
    db.session.flush()
    record(by, now, "choose", "reviewer", seminar_id=seminar.id, object_id=found.id, summary=user.name)
    return found


def remove_reviewer(reviewer: Reviewer, by: Actor, now: datetime) -> None:
    """Refused once papers were given: what was said stays with its name."""
    hold_seminar(reviewer.seminar_id)
    if db.session.scalar(select(Assignment.id).where(Assignment.reviewer_id == reviewer.id).limit(1)):
        raise Refused(
            "%(name)s was given papers already, so the name stays. Take the papers back instead.",
            name=reviewer.user.name,
        )
    seminar_id, name = reviewer.seminar_id, reviewer.user.name
    db.session.delete(reviewer)
    record(by, now, "remove", "reviewer", seminar_id=seminar_id, summary=name)


def remind_reviewer(seminar: Seminar, reviewer: Reviewer, text: str, by: Actor, now: datetime) -> None:
    """Puts the reminder of what is still open into the outbox, at most once a day; `text` is empty where nothing is."""
    hold_seminar(seminar.id)
    user = reviewer.user
    if not text:
        raise Refused("%(name)s has reviewed every paper that was given.", name=user.name)
    if user.disabled_at or not rules.sendable(user.email):
        raise Refused("%(name)s cannot be reached: the account is closed or has no e-mail address.", name=user.name)
    if is_today(vetting.reminded_at(seminar).get(user.email), now):
        raise Refused("%(name)s was reminded today already.", name=user.name)
    subject = f"Bài tham luận chờ thẩm định – {clean(seminar.title)}"[:300]
    enqueue(user.name, user.email, subject, text, "", vetting.REMINDER, by, now, seminar_id=seminar.id)
    record(by, now, "remind", "reviewer", seminar_id=seminar.id, object_id=reviewer.id, summary=user.name)


def assign_papers(
    seminar: Seminar,
    papers: Sequence[Paper],
    reviewers: Sequence[Reviewer],
    due_on: date | None,
    *,
    each: int = 0,
    confirmed: bool = False,
    by: Actor,
    now: datetime,
) -> list[Assignment]:
    """Gives every paper to every one of the reviewers; with `each`, shares them out so that each paper has so many.

    Who has a paper already keeps it, with the new due date if one is said. Shared out, nobody gets a paper with a
    conflict; else a conflict is refused until it is confirmed, and kept with the assignment.
    """
    if not papers or not reviewers:
        raise Refused("Tick at least one paper and one reviewer.")
    hold_seminar(seminar.id)
    standing = {
        (one.paper_id, one.reviewer_id): one for some in vetting.standing_assignments(seminar).values() for one in some
    }
    found = {(p.id, r.id): vetting.conflict_of(p, r) for p in papers for r in reviewers}
    pairs = [(paper.id, reviewer.id) for paper in papers for reviewer in reviewers]
    if each:
        unfit = {pair for pair, said in found.items() if said} | set(standing)
        needs = {paper.id: each - sum((paper.id, one.id) in standing for one in reviewers) for paper in papers}
        pairs = shared_out(needs, [one.id for one in reviewers], vetting.loads_of(seminar), unfit)
    elif not confirmed and any(found[pair] and pair not in standing for pair in pairs):
        raise Refused("Some of these reviewers stand close to the paper. Look at the list, and confirm if it is right.")
    made = []
    for paper_id, reviewer_id in pairs:
        known = standing.get((paper_id, reviewer_id))
        if known is not None:
            known.due_on = due_on or known.due_on
            continue
        one = Assignment(
            paper_id=paper_id,
            reviewer_id=reviewer_id,
            due_on=due_on,
            conflict=",".join(found[paper_id, reviewer_id]),
            at=now,
            by=by.name[:200],
        )
        db.session.add(one)
        made.append(one)
    db.session.flush()
    names = {reviewer.id: reviewer.user.name for reviewer in reviewers}
    titles = {paper.id: paper.title for paper in papers}
    for one in made:
        _record(one, "assign", titles[one.paper_id], names[one.reviewer_id], seminar.id, by, now)
    return made


def _record(one: Assignment, verb: str, title: str, name: str, seminar_id: int, by: Actor, now: datetime) -> None:
    record(
        by,
        now,
        verb,
        "paper",
        seminar_id=seminar_id,
        object_id=one.paper_id,
        summary=shorten(f"{name}: {title}", 500),
        conflict=one.conflict,
        why=one.withdrawn_why,
    )


def withdraw_assignment(assignment: Assignment, why: str, by: Actor, now: datetime) -> None:
    """The reviewer no longer has the paper; what was said of it stays. Doing it twice is harmless."""
    if assignment.withdrawn_at is not None:
        return
    why = shorten(clean(why), 300)
    if not why:
        raise Refused("Write why the paper is taken back.")
    assignment.withdrawn_at, assignment.withdrawn_by, assignment.withdrawn_why = now, by.name[:200], why
    paper = assignment.paper
    _record(assignment, "withdraw", paper.title, assignment.reviewer.user.name, paper.seminar_id, by, now)


def review_paper(
    assignment: Assignment,
    submission: Submission,
    *,
    advice: Advice,
    marks: Mapping[int, int],
    for_author: str = "",
    for_office: str = "",
    commented: CheckedFile | None = None,
    by: Actor,
    now: datetime,
) -> Review:
    """Keeps what the reviewer says of the version that was read; earlier words stay, the latest count.

    `marks` are 0 … 3 by topic. The same again changes nothing. A file with comments stays with the version it is of.
    """
    if assignment.withdrawn_at is not None:
        raise Refused("The office took this paper back from you. Nothing was stored; call the office.")
    if submission.paper_id != assignment.paper_id:
        raise Refused("This version is of another paper.")
    for_author, for_office = clean_block(for_author), clean_block(for_office)
    if len(for_author) > WORDS_LENGTH or len(for_office) > WORDS_LENGTH:
        raise Refused("That is too long: at most %(most)d characters.", most=WORDS_LENGTH)
    if advice == Advice.CORRECT and not for_author:
        raise Refused("Write for the author what is to be corrected.")
    if advice == Advice.REJECT and not (for_author or for_office):
        raise Refused("Write why the paper should not be accepted.")
    if any(not 0 <= value <= HIGHEST_MARK for value in marks.values()):
        raise Refused("Marks go from 0 to 3.")
    db.session.execute(select(Assignment.id).where(Assignment.id == assignment.id).with_for_update())
    before = next(reversed(assignment.reviews), None)
    review = Review(
        assignment_id=assignment.id,
        submission_id=submission.id,
        advice=advice,
        for_author=for_author,
        for_office=for_office,
        at=now,
        by=by.name[:200],
        marks=[Mark(topic_id=topic_id, value=value) for topic_id, value in sorted(marks.items())],
    )
    if commented is not None:
        review.filename, review.media_type = commented.filename, commented.media_type
        review.file_sha256 = files.keep(commented.content, with_rows=True)
    elif before is not None and before.submission_id == submission.id:
        review.filename, review.media_type, review.file_sha256 = before.filename, before.media_type, before.file_sha256
    if before is not None and _said(before) == _said(review):
        return before
    db.session.add(review)
    db.session.flush()
    db.session.refresh(assignment, ["reviews"])
    paper = assignment.paper
    record(
        by,
        now,
        "vet",
        "paper",
        seminar_id=paper.seminar_id,
        object_id=paper.id,
        summary=paper.title,
        version=submission.version,
        advice=advice.value,
    )
    return review


def _said(review: Review) -> tuple[object, ...]:
    marks = sorted((mark.topic_id, mark.value) for mark in review.marks)
    return review.submission_id, review.advice, review.for_author, review.for_office, review.file_sha256, marks


def release_words(review: Review, by: Actor, now: datetime) -> None:
    """The author may read the reviewer's words and file below the decision; by whom they are is never said."""
    if not (review.for_author or review.file_sha256):
        raise Refused("The reviewer wrote nothing for the author.")
    if review.released_at is None:
        review.released_at, review.released_by = now, by.name[:200]
        _record_words(review, "open", by, now)


def hold_words(review: Review, by: Actor, now: datetime) -> None:
    if review.released_at is not None:
        review.released_at, review.released_by = None, ""
        _record_words(review, "close", by, now)


def _record_words(review: Review, verb: str, by: Actor, now: datetime) -> None:
    paper = review.assignment.paper
    record(by, now, verb, "review", seminar_id=paper.seminar_id, object_id=paper.id, summary=paper.title)
