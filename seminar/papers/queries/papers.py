"""Reads of papers; which state a paper is in is said once, in SQL, for lists, figures and reports."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from seminar.delegates.models import Delegate
from seminar.lib.database import db
from seminar.lib.errors import N_
from seminar.papers.models import Assignment, Decision, Paper, PaperKind, Submission
from seminar.planning.models import Seminar, Unit
from seminar.planning.queries import units_on

PAGE_SIZE = 50


class PaperState(StrEnum):
    """Where a paper stands. In print and on stage are two decisions, so a paper may be in both (domain.md 2.7).

    A paper that waits is being vetted once a reviewer has it. A paper to be corrected waits again as soon as a newer
    version has come.
    """

    RECEIVED = "received"
    VETTING = "vetting"
    TO_CORRECT = "to-correct"
    IN_PRINT = "in-print"
    ON_STAGE = "on-stage"
    NOT_ACCEPTED = "not-accepted"


PAPER_STATE_LABELS = {
    PaperState.RECEIVED: N_("waiting for vetting"),
    PaperState.VETTING: N_("being vetted"),
    PaperState.TO_CORRECT: N_("to be corrected"),
    PaperState.IN_PRINT: N_("accepted for print"),
    PaperState.ON_STAGE: N_("accepted for the stage"),
    PaperState.NOT_ACCEPTED: N_("not accepted"),
}

_latest_submission = (
    select(func.max(Submission.id)).where(Submission.paper_id == Paper.id).correlate(Paper).scalar_subquery()
)
_latest_decision = select(func.max(Decision.id)).where(Decision.paper_id == Paper.id).correlate(Paper).scalar_subquery()
_is_given = exists().where(Assignment.paper_id == Paper.id, Assignment.withdrawn_at.is_(None)).correlate(Paper)


def papers_of(seminar: Seminar) -> Select[Paper]:
    """Those that count: a paper that was withdrawn is in no list and no figure."""
    return select(Paper).select_from(Paper).where(Paper.seminar_id == seminar.id, Paper.withdrawn_at.is_(None))


def withdrawn_papers(seminar: Seminar) -> list[Paper]:
    """Kept and counted nowhere, the latest withdrawn first."""
    query = select(Paper).where(Paper.seminar_id == seminar.id, Paper.withdrawn_at.is_not(None))
    query = query.options(joinedload(Paper.unit), joinedload(Paper.delegate)).order_by(Paper.withdrawn_at.desc())
    return list(db.session.scalars(query))


def with_state(query: Select[Paper], state: PaperState | None) -> Select[Paper]:
    """The papers of the query that are in the state; all of them where none is asked for."""
    if state is None:
        return query
    latest = aliased(Decision)
    query = query.outerjoin(latest, latest.id == _latest_decision)
    is_corrected = latest.submission_id < _latest_submission
    match state:
        case PaperState.RECEIVED | PaperState.VETTING:
            is_given = _is_given if state == PaperState.VETTING else ~_is_given
            return query.where(or_(latest.id.is_(None), and_(latest.needs_correction, is_corrected)), is_given)
        case PaperState.TO_CORRECT:
            return query.where(latest.needs_correction, ~is_corrected)
        case PaperState.IN_PRINT:
            return query.where(latest.in_print, ~latest.needs_correction)
        case PaperState.ON_STAGE:
            return query.where(latest.on_stage, ~latest.needs_correction)
        case PaperState.NOT_ACCEPTED:
            return query.where(~latest.in_print, ~latest.on_stage, ~latest.needs_correction)


def count_papers(seminar: Seminar, state: PaperState | None = None) -> int:
    query = with_state(papers_of(seminar), state).order_by(None).subquery()
    return db.session.scalar(select(func.count()).select_from(query)) or 0


def states_of(submission: Submission | None, decision: Decision | None, *, is_given: bool = False) -> list[PaperState]:
    """The states of one paper whose latest records these are; the same as `with_state` says in SQL."""
    waiting = PaperState.VETTING if is_given else PaperState.RECEIVED
    if decision is None:
        return [waiting]
    if decision.needs_correction:
        is_corrected = submission is not None and decision.submission_id < submission.id
        return [waiting if is_corrected else PaperState.TO_CORRECT]
    found = [PaperState.IN_PRINT] * decision.in_print + [PaperState.ON_STAGE] * decision.on_stage
    return found or [PaperState.NOT_ACCEPTED]


@dataclass(frozen=True)
class BoardRow:
    """A paper with its latest version, the decision that counts, and whether a reviewer has it."""

    paper: Paper
    submission: Submission | None
    decision: Decision | None
    is_given: bool

    @property
    def states(self) -> list[PaperState]:
        return states_of(self.submission, self.decision, is_given=self.is_given)


def board(seminar: Seminar, state: PaperState | None = None, page: int | None = None) -> list[BoardRow]:
    """Papers in the order in which they came, with what counts of each; one query for any number of papers."""
    query = with_state(papers_of(seminar), state).order_by(Paper.id)
    if page is not None:
        query = query.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)
    return _rows(query)


def row_of(paper: Paper) -> BoardRow:
    """The paper as the lists have it; one that was withdrawn too."""
    return _rows(select(Paper).select_from(Paper).where(Paper.id == paper.id))[0]


def _rows(query: Select[Paper]) -> list[BoardRow]:
    submission, decision = aliased(Submission), aliased(Decision)
    query = (
        query.outerjoin(submission, submission.id == _latest_submission)
        .outerjoin(decision, decision.id == _latest_decision)
        .add_columns(submission, decision, _is_given.label("is_given"))
        .options(joinedload(Paper.unit), joinedload(Paper.delegate), joinedload(Paper.topic))
    )
    rows: Iterable[Any] = db.session.execute(query).unique()
    return [BoardRow(*row) for row in rows]


def paper_or_404(seminar: Seminar, paper_id: int) -> Paper:
    """A paper that was withdrawn is found too: its page says so."""
    query = select(Paper).where(Paper.seminar_id == seminar.id, Paper.id == paper_id)
    return db.first_or_404(query.options(joinedload(Paper.unit), joinedload(Paper.delegate)))


def latest_decision(paper: Paper) -> Decision | None:
    query = select(Decision).where(Decision.paper_id == paper.id).order_by(Decision.id.desc()).limit(1)
    return db.session.scalar(query)


def papers_of_unit(seminar: Seminar, unit: Unit) -> list[Paper]:
    """What came in the unit's name; the one paper that the plan asks of each unit (S1.69) first."""
    query = papers_of(seminar).where(Paper.unit_id == unit.id).options(selectinload(Paper.submissions))
    return list(db.session.scalars(query.order_by(Paper.kind != PaperKind.PAPER, Paper.id)))


def papers_of_units(seminar: Seminar) -> list[Paper]:
    """What came in the name of any unit."""
    query = papers_of(seminar).where(Paper.unit_id.is_not(None)).options(selectinload(Paper.submissions))
    return list(db.session.scalars(query.order_by(Paper.id)))


def papers_of_delegate(delegate: Delegate) -> list[Paper]:
    query = select(Paper).where(Paper.delegate_id == delegate.id, Paper.withdrawn_at.is_(None))
    query = query.options(selectinload(Paper.submissions))
    return list(db.session.scalars(query.order_by(Paper.id)))


def units_without_paper(seminar: Seminar) -> list[Unit]:
    """Units of the plan that have not sent their paper, in their usual order."""
    sent = set(
        db.session.scalars(
            select(Paper.unit_id).where(
                Paper.seminar_id == seminar.id,
                Paper.unit_id.is_not(None),
                Paper.kind == PaperKind.PAPER,
                Paper.withdrawn_at.is_(None),
            )
        )
    )
    return [unit for unit in units_on(seminar.held_on) if unit.id not in sent]
