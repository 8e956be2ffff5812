"""Reads of vetting: reviewers of a seminar, what was given to them, what they said, and what may be read of it."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from seminar.access.roles import Role
from seminar.accounts.models import User
from seminar.lib.database import db
from seminar.mail.models import Mail
from seminar.papers.models import Assignment, Decision, Paper, Review, Reviewer, Submission
from seminar.papers.queries.papers import PaperState, papers_of, states_of
from seminar.papers.rules.vetting import Side, conflicts
from seminar.planning.models import Seminar

REMINDER = "review reminder"


def reviewers_of(seminar: Seminar) -> list[Reviewer]:
    query = select(Reviewer).where(Reviewer.seminar_id == seminar.id).join(Reviewer.user).order_by(User.name, User.id)
    return list(db.session.scalars(query.options(joinedload(Reviewer.user), joinedload(Reviewer.unit))))


def reviewer_or_404(seminar: Seminar, reviewer_id: int) -> Reviewer:
    return db.first_or_404(select(Reviewer).where(Reviewer.id == reviewer_id, Reviewer.seminar_id == seminar.id))


def reviewer_of(seminar: Seminar, user_id: int) -> Reviewer | None:
    return db.session.scalar(select(Reviewer).where(Reviewer.seminar_id == seminar.id, Reviewer.user_id == user_id))


def people_to_choose(seminar: Seminar) -> list[User]:
    """Staff who may vet and do not yet in this seminar."""
    known = select(Reviewer.user_id).where(Reviewer.seminar_id == seminar.id)
    query = select(User).where(User.disabled_at.is_(None), User.id.not_in(known)).order_by(User.name, User.id)
    return [user for user in db.session.scalars(query) if user.roles & {Role.REVIEWER, Role.OFFICE}]


def _standing(seminar: Seminar) -> Select[Assignment]:
    return (
        select(Assignment)
        .join(Paper, Paper.id == Assignment.paper_id)
        .where(Paper.seminar_id == seminar.id, Assignment.withdrawn_at.is_(None))
    )


def standing_assignments(seminar: Seminar) -> dict[int, list[Assignment]]:
    """By paper, with reviewers and reviews, in a constant number of statements."""
    query = _standing(seminar).order_by(Assignment.id)
    query = query.options(
        joinedload(Assignment.reviewer).joinedload(Reviewer.user),
        selectinload(Assignment.reviews).joinedload(Review.submission),
    )
    found: dict[int, list[Assignment]] = defaultdict(list)
    for one in db.session.scalars(query):
        found[one.paper_id].append(one)
    return found


def loads_of(seminar: Seminar) -> dict[int, int]:
    """How many papers each reviewer has."""
    query = _standing(seminar).with_only_columns(Assignment.reviewer_id, func.count()).group_by(Assignment.reviewer_id)
    return dict(db.session.execute(query).all())


def assignment_or_404(seminar: Seminar, assignment_id: int) -> Assignment:
    return db.first_or_404(
        select(Assignment)
        .join(Paper, Paper.id == Assignment.paper_id)
        .where(Assignment.id == assignment_id, Paper.seminar_id == seminar.id)
    )


def assignment_of(paper: Paper, reviewer: Reviewer | None) -> Assignment | None:
    """The standing one of this reviewer."""
    if reviewer is None:
        return None
    return db.session.scalar(
        select(Assignment).where(
            Assignment.paper_id == paper.id, Assignment.reviewer_id == reviewer.id, Assignment.withdrawn_at.is_(None)
        )
    )


def assignments_of(paper: Paper) -> list[Assignment]:
    """All that ever were, with what was said."""
    query = select(Assignment).where(Assignment.paper_id == paper.id).order_by(Assignment.id)
    query = query.options(
        joinedload(Assignment.reviewer).options(joinedload(Reviewer.user), joinedload(Reviewer.unit)),
        selectinload(Assignment.reviews).options(joinedload(Review.submission), selectinload(Review.marks)),
    )
    return list(db.session.scalars(query))


def review_or_404(paper: Paper, review_id: int) -> Review:
    return db.first_or_404(
        select(Review).join(Review.assignment).where(Review.id == review_id, Assignment.paper_id == paper.id)
    )


def chosen_papers(seminar: Seminar, paper_ids: Collection[int]) -> list[Paper]:
    query = papers_of(seminar).where(Paper.id.in_(paper_ids)).order_by(Paper.id)
    return list(db.session.scalars(_with_people(query)))


def _with_people(query: Select[Paper]) -> Select[Paper]:
    return query.options(joinedload(Paper.unit), joinedload(Paper.delegate), selectinload(Paper.people))


def conflict_of(paper: Paper, reviewer: Reviewer) -> list[str]:
    """Keys of `rules.vetting.CONFLICT_LABELS`."""
    delegate = paper.delegate
    mine = Side.of(
        [reviewer.unit_id], [reviewer.user.name], [reviewer.body, reviewer.unit.name if reviewer.unit else ""]
    )
    theirs = Side.of(
        [paper.unit_id, delegate.unit_id if delegate else None],
        [paper.authors, *(one.name for one in paper.people), delegate.name if delegate else ""],
        [*(one.body for one in paper.people), delegate.body if delegate else ""],
    )
    found = conflicts(mine, theirs)
    return [one for one in found if one != "body"] if "unit" in found else found


def why_hidden(paper: Paper, assignments: Sequence[Assignment], reviewer: Reviewer | None) -> str:
    """Why a reviewer may not read what is said of the paper: "own" word still to come, "conflict"; "" where it is open."""
    if reviewer is None:
        return ""
    mine = [one for one in assignments if one.reviewer_id == reviewer.id and one.withdrawn_at is None]
    if mine:
        return "own" if any(not one.reviews for one in mine) else ""
    return "conflict" if conflict_of(paper, reviewer) else ""


@dataclass(frozen=True)
class Task:
    """A paper that a reviewer was given, with its newest version and what the reviewer said last."""

    assignment: Assignment
    submission: Submission | None
    review: Review | None
    is_decided: bool
    """The office waits for nobody's word any more."""

    @property
    def has_spoken(self) -> bool:
        """Of the newest version."""
        return (
            self.review is not None and self.submission is not None and self.review.submission_id == self.submission.id
        )

    @property
    def is_done(self) -> bool:
        return self.has_spoken or self.is_decided

    @property
    def has_newer(self) -> bool:
        """A better version came after the review."""
        return self.review is not None and not self.is_done

    def is_overdue(self, today: date) -> bool:
        due = self.assignment.due_on
        return not self.is_done and due is not None and due < today


def tasks_of(seminar: Seminar, reviewer: Reviewer | None = None) -> list[Task]:
    """What is open first, by due date; then what is done. Without a reviewer: of all."""
    query = _standing(seminar).where(Paper.withdrawn_at.is_(None))
    if reviewer is not None:
        query = query.where(Assignment.reviewer_id == reviewer.id)
    query = query.options(
        joinedload(Assignment.paper).options(
            joinedload(Paper.unit),
            joinedload(Paper.topic),
            selectinload(Paper.submissions),
            selectinload(Paper.decisions),
        ),
        selectinload(Assignment.reviews),
    )
    tasks = []
    for one in db.session.scalars(query):
        newest, decision = next(reversed(one.paper.submissions), None), next(reversed(one.paper.decisions), None)
        waits = PaperState.VETTING in states_of(newest, decision, is_given=True)
        tasks.append(Task(one, newest, next(reversed(one.reviews), None), not waits))
    return sorted(tasks, key=lambda one: (one.is_done, one.assignment.due_on or date.max, one.assignment.id))


def reminded_at(seminar: Seminar) -> dict[str, datetime]:
    """When reviewers were reminded last, by e-mail address."""
    query = select(Mail.to_address, func.max(Mail.created_at)).group_by(Mail.to_address)
    query = query.where(Mail.seminar_id == seminar.id, Mail.purpose == REMINDER)
    return dict(db.session.execute(query).all())


def latest_reviews(assignments: Sequence[Assignment]) -> list[Review]:
    """The last word of each reviewer."""
    return [one.reviews[-1] for one in assignments if one.reviews]


def let_through(decisions: Collection[Decision]) -> dict[int, list[Review]]:
    """By paper, what its author may read beside the decision: the last word of each reviewer up to the version decided on,
    if the office let it through. What is said later of a newer version takes nothing of it away.
    """
    decided = {one.paper_id: one.submission_id for one in decisions}
    query = (
        select(Review)
        .join(Review.assignment)
        .where(Assignment.paper_id.in_(decided))
        .options(
            contains_eager(Review.assignment).joinedload(Assignment.reviewer).joinedload(Reviewer.user),
            joinedload(Review.submission),
        )
        .order_by(Review.id)
    )
    last = {
        one.assignment_id: one
        for one in db.session.scalars(query)
        if one.submission_id <= decided[one.assignment.paper_id]
    }
    found: dict[int, list[Review]] = defaultdict(list)
    for one in last.values():
        if one.released_at is not None:
            found[one.assignment.paper_id].append(one)
    return found


def words_for_author(decisions: Collection[Decision]) -> dict[int, list[str]]:
    """Only the words, by paper; never by whom they are."""
    return {
        paper_id: [one.for_author for one in some if one.for_author]
        for paper_id, some in let_through(decisions).items()
    }
