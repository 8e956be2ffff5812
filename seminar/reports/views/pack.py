"""The printed pack: which sheets, for whom; counted on the page, built as one PDF."""

from typing import Any

from flask import Response, current_app, render_template, request, url_for

from seminar.access.guard import only
from seminar.access.roles import Role
from seminar.delegates.queries import NO_UNIT, counted
from seminar.invitations.queries import PARTITION, STATE_LABELS
from seminar.planning import queries as plans
from seminar.reports.documents.pack import FILE_WORDS, KINDS, PER_SHEET, pack_pdf
from seminar.reports.queries import people
from seminar.reports.queries.pack import pack_people
from seminar.reports.queries.people import Who
from seminar.reports.views import bp

office = only(Role.ADMIN, Role.OFFICE)
"""Badges carry the personal codes."""


def _kind() -> str:
    return request.args["kind"] if request.args.get("kind") in KINDS else "badge-a6"


@bp.get("/seminars/<slug>/pack")
@office
def pack(slug: str) -> Any:
    seminar = plans.seminar_or_404(slug)
    who, kind = Who.from_args(request.args), _kind()
    count = counted(people.matching(seminar, who))
    return render_template(
        "reports/pack.html",
        seminar=seminar,
        who=who,
        kind=kind,
        kinds=KINDS,
        order=request.args.get("order", "protocol"),
        count=count,
        sheets=-(-count // PER_SHEET[kind]) if kind != "unit-sign" else 0,
        groups=plans.groups_of(seminar),
        units=plans.units_on(seminar.held_on),
        NO_UNIT=NO_UNIT,
        states=PARTITION,
        labels=STATE_LABELS,
        here=url_for("reports.pack", slug=slug),
    )


@bp.get("/seminars/<slug>/pack.pdf")
@office
def pack_file(slug: str) -> Response:
    """Slow for many, and outside of any writing transaction."""
    seminar = plans.seminar_or_404(slug)
    kind = _kind()
    chosen = pack_people(seminar, Who.from_args(request.args), request.args.get("order", "protocol"))
    content = pack_pdf(seminar, kind, chosen, current_app.config["SEMINAR"].base_url)
    return Response(
        content,
        mimetype="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{FILE_WORDS[kind]}.pdf"'},
    )
