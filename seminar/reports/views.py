"""The result report on the page and as a Word file."""

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, render_template
from flask_login import current_user
from werkzeug.exceptions import HTTPException

from seminar.access.guard import access_of, only
from seminar.access.roles import Role
from seminar.lib.clock import now
from seminar.planning import queries as plans
from seminar.reports import documents

bp = Blueprint("reports", __name__)
READERS = (Role.OFFICE, Role.SECRETARY, Role.VIEWER)
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class Doors:
    """Which of the lists the visitor's roles open; a figure whose list is shut to them is shown without a link."""

    def __init__(self) -> None:
        self._map = current_app.url_map.bind("")
        self._known: dict[str, bool] = {}

    def open(self, href: str) -> bool:
        path = urlsplit(href).path
        if path not in self._known:
            try:
                endpoint, _ = self._map.match(path)
            except HTTPException:
                self._known[path] = False
            else:
                access = access_of(current_app.view_functions[endpoint])
                self._known[path] = bool(access and access.roles & current_user.roles)
        return self._known[path]


@bp.get("/seminars/<slug>/report")
@only(*READERS)
def report(slug: str) -> Any:
    seminar = plans.seminar_or_404(slug)
    moment = now()
    return render_template(
        "reports/report.html",
        seminar=seminar,
        moment=moment,
        blocks=documents.blocks(seminar, moment),
        opens=Doors().open,
    )


@bp.get("/seminars/<slug>/report.docx")
@only(*READERS)
def document(slug: str) -> Response:
    seminar = plans.seminar_or_404(slug)
    base_url: str = current_app.config["SEMINAR"].base_url
    return Response(
        documents.report_docx(seminar, base_url, now()),
        mimetype=WORD,
        headers={"Content-Disposition": f'attachment; filename="bao-cao-{seminar.slug}.docx"'},
    )
