"""Results of vetting: what authors may read of them, what was told to whom, and what still waits."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import aliased, joinedload

from seminar.lib.database import db
from seminar.papers.models import Call, Decision, DecisionDelivery, Paper, Review, Submission
from seminar.papers.queries.papers import PaperState, papers_of, states_of
from seminar.papers.queries.vetting import let_through
from seminar.planning.models import Seminar


def is_released_at_once(seminar_id: int) -> bool:
    said = db.session.scalar(select(Call.is_released_at_once).where(Call.seminar_id == seminar_id))
    return True if said is None else said


@dataclass(frozen=True)
class Outcome:
    """What the author of a paper may read: the latest decision that was released, and the words let through."""

    decision: Decision
    version: int
    states: list[PaperState]
    words: list[str]
    comments: list[Review]
    """Whose file the author gets, without names."""


def outcomes(papers: Sequence[Paper]) -> dict[int, Outcome]:
    """By paper; without those of which nothing may be read yet."""
    ids = [paper.id for paper in papers]
    last = (
        select(func.max(Decision.id))
        .where(Decision.paper_id.in_(ids), Decision.released_at.is_not(None))
        .group_by(Decision.paper_id)
    )
    query = select(Decision, Submission).join(Submission, Submission.id == Decision.submission_id)
    found = db.session.execute(query.where(Decision.id.in_(last))).all()
    reviews = let_through([decision for decision, _ in found])
    return {
        decision.paper_id: Outcome(
            decision,
            submission.version,
            states_of(submission, decision),
            [one.for_author for one in reviews.get(decision.paper_id, ()) if one.for_author],
            [one for one in reviews.get(decision.paper_id, ()) if one.file_sha256],
        )
        for decision, submission in found
    }


def corrections_due(papers: Sequence[Paper]) -> list[Paper]:
    """Those whose author reads that the newest version is to be corrected."""
    found = outcomes(papers)
    return [
        paper
        for paper in papers
        if paper.id in found
        and PaperState.TO_CORRECT in found[paper.id].states
        and paper.submissions[-1].version == found[paper.id].version
    ]


@dataclass(frozen=True)
class Result:
    """A paper with its latest decision, on which version it was, and how it was told."""

    paper: Paper
    decision: Decision
    decided_on: Submission
    newest: Submission
    told: Sequence[DecisionDelivery]

    @property
    def states(self) -> list[PaperState]:
        return states_of(self.decided_on, self.decision)

    @property
    def is_released(self) -> bool:
        return self.decision.released_at is not None


def results(seminar: Seminar, paper_ids: Collection[int] | None = None) -> list[Result]:
    """Of every paper that was decided on (or of those named), in the order in which they came."""
    decided, newest = aliased(Submission), aliased(Submission)
    last = select(func.max(Decision.id)).where(Decision.paper_id == Paper.id).correlate(Paper).scalar_subquery()
    latest = select(func.max(Submission.id)).where(Submission.paper_id == Paper.id).correlate(Paper).scalar_subquery()
    query = (
        papers_of(seminar)
        .join(Decision, Decision.id == last)
        .join(decided, decided.id == Decision.submission_id)
        .join(newest, newest.id == latest)
        .add_columns(Decision, decided, newest)
        .options(joinedload(Paper.unit), joinedload(Paper.delegate))
        .order_by(Paper.id)
    )
    if paper_ids is not None:
        query = query.where(Paper.id.in_(paper_ids))
    rows = db.session.execute(query).unique().all()
    told = deliveries_of([row[1].id for row in rows])
    return [Result(paper, one, on, new, told.get(one.id, [])) for paper, one, on, new in rows]


def deliveries_of(decision_ids: Collection[int]) -> dict[int, list[DecisionDelivery]]:
    """The newest first, by decision."""
    query = select(DecisionDelivery).where(DecisionDelivery.decision_id.in_(decision_ids))
    found: dict[int, list[DecisionDelivery]] = defaultdict(list)
    for one in db.session.scalars(query.order_by(DecisionDelivery.id.desc())):
        found[one.decision_id].append(one)
    return found
