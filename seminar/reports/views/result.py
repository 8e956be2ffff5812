"""The result report on the page and as a Word file."""

from typing import Any

from flask import Response, current_app, render_template

from seminar.access.guard import only
from seminar.access.roles import Role
from seminar.lib.clock import now
from seminar.planning import queries as plans
from seminar.reports.documents import result
from seminar.reports.views import WORD, bp, file

READERS = (Role.OFFICE, Role.SECRETARY)


@bp.get("/seminars/<slug>/report")
@only(*READERS)
def report(slug: str) -> Any:
    seminar = plans.seminar_or_404(slug)
    moment = now()
    return render_template(
        "reports/report.html",
        seminar=seminar,
        moment=moment,
        blocks=result.blocks(seminar, moment),
    )


@bp.get("/seminars/<slug>/report.docx")
@only(*READERS)
def document(slug: str) -> Response:
    seminar = plans.seminar_or_404(slug)
    base_url: str = current_app.config["SEMINAR"].base_url
    return file(result.report_docx(seminar, base_url, now()), WORD, f"bao-cao-{seminar.slug}.docx")
