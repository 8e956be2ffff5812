"""The list of papers, and of units that have sent none."""

from typing import Any

from flask import abort, render_template, request

from seminar.access.guard import has_role
from seminar.access.roles import Role
from seminar.lib.paging import page_asked
from seminar.papers import queries, rules
from seminar.papers.models import PAPER_KIND_LABELS
from seminar.papers.queries import PAGE_SIZE, PAPER_STATE_LABELS, PaperState
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
    )


@bp.get("/seminars/<slug>/papers/missing")
@reads_papers
def missing(slug: str) -> Any:
    """Units that have not sent their paper."""
    seminar = plans.seminar_or_404(slug)
    units = queries.units_without_paper(seminar)
    return render_template("papers/missing.html", seminar=seminar, units=units, may_upload=has_role(Role.OFFICE))
