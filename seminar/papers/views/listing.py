"""The list of papers, and of units that have sent none."""

from typing import Any

from flask import abort, render_template, request
from flask_login import current_user

from seminar.access.guard import has_role
from seminar.access.roles import Role
from seminar.lib.clock import local, now
from seminar.lib.paging import page_asked
from seminar.papers import queries, rules
from seminar.papers.models import ADVICE_LABELS, PAPER_KIND_LABELS
from seminar.papers.queries import PAGE_SIZE, PAPER_STATE_LABELS, PaperState, vetting
from seminar.papers.rules.vetting import CONFLICT_LABELS
from seminar.papers.views import bp, reads_papers
from seminar.planning import queries as plans


@bp.get("/seminars/<slug>/papers")
@reads_papers
def listing(slug: str) -> Any:
    seminar = plans.seminar_or_404(slug)
    asked = request.args.get("state", "")
    if asked and asked not in set(PaperState):
        abort(404)
    state = PaperState(asked) if asked else None
    counts = {one: queries.count_papers(seminar, one) for one in (None, *PaperState)}
    pages = max(1, -(-counts[state] // PAGE_SIZE))
    page = min(page_asked(), pages)
    reviewer = vetting.reviewer_of(seminar, current_user.id)
    rows, call = queries.board(seminar, state, page), queries.call_of(seminar)
    return render_template(
        "papers/listing.html",
        seminar=seminar,
        rows=rows,
        state=state,
        counts=counts,
        page=page,
        pages=pages,
        withdrawn=queries.withdrawn_papers(seminar),
        remarks={row.paper.id: rules.limit_remarks(call, row.submission) for row in rows if row.submission},
        missing_count=len(queries.units_without_paper(seminar)),
        states=PAPER_STATE_LABELS,
        kinds=PAPER_KIND_LABELS,
        may_upload=has_role(Role.OFFICE),
        may_vet=has_role(Role.OFFICE, Role.REVIEWER),
        open_tasks=[task for task in vetting.tasks_of(seminar, reviewer) if not task.is_done] if reviewer else [],
        today=local(now()).date(),
        advice_labels=ADVICE_LABELS,
        conflict_labels=CONFLICT_LABELS,
    )


@bp.get("/seminars/<slug>/papers/missing")
@reads_papers
def missing(slug: str) -> Any:
    """Units that have not sent their paper."""
    seminar = plans.seminar_or_404(slug)
    units = queries.units_without_paper(seminar)
    return render_template("papers/missing.html", seminar=seminar, units=units, may_upload=has_role(Role.OFFICE))
