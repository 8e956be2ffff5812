"""One paper, whole."""

from typing import Any

from flask import render_template
from flask_login import current_user

from seminar.access.actor import CHANNEL_LABELS, Channel
from seminar.access.guard import has_role
from seminar.access.roles import Role
from seminar.papers import queries
from seminar.papers.actions.results import HANDED_OVER
from seminar.papers.documents.results import phone_text
from seminar.papers.forms import DecisionForm, VersionForm
from seminar.papers.models import ADVICE_LABELS, PAPER_KIND_LABELS, Assignment, Paper
from seminar.papers.queries import PAPER_STATE_LABELS, PaperState, vetting
from seminar.papers.queries.results import results
from seminar.papers.queries.vetting import words_for_author
from seminar.papers.rules.vetting import CONFLICT_LABELS
from seminar.papers.views import PAPER, bp, reads_papers
from seminar.planning import queries as plans
from seminar.planning.models import Seminar


def show(
    seminar: Seminar, paper: Paper, decision_form: DecisionForm | None = None, version_form: VersionForm | None = None
) -> str:
    submission, decision = queries.latest_submission(paper), queries.latest_decision(paper)
    if decision_form is None:
        decision_form = DecisionForm(version=submission.version if submission else "", obj=decision)
    may_decide = has_role(Role.OFFICE, Role.REVIEWER)
    assignments = vetting.assignments_of(paper) if may_decide else []
    result = next(iter(results(seminar, [paper.id])), None)
    return render_template(
        "papers/paper.html",
        seminar=seminar,
        paper=paper,
        submission=submission,
        decision=decision,
        in_states=queries.states_of(submission, decision),
        decision_form=decision_form,
        version_form=version_form or VersionForm(channel=Channel.EMAIL.value),
        versions={one.id: one.version for one in paper.submissions},
        states=PAPER_STATE_LABELS,
        kinds=PAPER_KIND_LABELS,
        channels=CHANNEL_LABELS,
        may_upload=has_role(Role.OFFICE),
        may_decide=may_decide,
        assignments=assignments,
        result=result,
        zalo_text=phone_text(seminar, result, words_for_author([paper.id]).get(paper.id, [])) if result else "",
        handed_over=HANDED_OVER,
        hides_reviews=_waits_for_own(assignments),
        advice_labels=ADVICE_LABELS,
        conflict_labels=CONFLICT_LABELS,
        topic_numbers={topic.id: number for number, topic in enumerate(seminar.topics, 1)},
        may_schedule=has_role(Role.OFFICE, Role.SECRETARY)
        and PaperState.ON_STAGE in queries.states_of(submission, decision),
    )


def _waits_for_own(assignments: list[Assignment]) -> bool:
    """A reviewer whose own word is still to come reads the others' only after it, so that it is the reviewer's own."""
    mine = [one for one in assignments if one.reviewer.user_id == current_user.id and one.withdrawn_at is None]
    return not has_role(Role.OFFICE) and any(not one.reviews for one in mine)


@bp.get(PAPER)
@reads_papers
def paper(slug: str, paper_id: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    return show(seminar, queries.paper_or_404(seminar, paper_id))
