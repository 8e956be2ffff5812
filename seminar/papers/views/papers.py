"""One paper, whole."""

from typing import Any

from flask import render_template

from seminar.access.actor import CHANNEL_LABELS, Channel
from seminar.access.guard import has_role
from seminar.access.roles import Role
from seminar.papers import queries
from seminar.papers.forms import DecisionForm, VersionForm
from seminar.papers.models import PAPER_KIND_LABELS, Paper
from seminar.papers.queries import PAPER_STATE_LABELS, PaperState
from seminar.papers.views import PAPER, bp, reads_papers
from seminar.planning import queries as plans
from seminar.planning.models import Seminar


def show(
    seminar: Seminar, paper: Paper, decision_form: DecisionForm | None = None, version_form: VersionForm | None = None
) -> str:
    submission, decision = queries.latest_submission(paper), queries.latest_decision(paper)
    if decision_form is None:
        decision_form = DecisionForm(version=submission.version if submission else "", obj=decision)
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
        may_decide=has_role(Role.OFFICE, Role.REVIEWER),
        may_schedule=has_role(Role.OFFICE, Role.SECRETARY)
        and PaperState.ON_STAGE in queries.states_of(submission, decision),
    )


@bp.get(PAPER)
@reads_papers
def paper(slug: str, paper_id: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    return show(seminar, queries.paper_or_404(seminar, paper_id))
