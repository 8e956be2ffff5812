"""Scans that opened no door, so that "my code did not work" can be answered."""

from typing import Any
from urllib.parse import urlencode

from flask import render_template, request, url_for

from seminar.access.guard import has_role, only
from seminar.access.roles import Role
from seminar.checkin import queries, rules
from seminar.checkin.models import Verdict
from seminar.checkin.queries.refusals import REFUSED, SHOWN, RefusalsWanted, refusal_counts, refusals
from seminar.checkin.views import bp
from seminar.checkin.views.staff import KEEPERS
from seminar.lib.errors import N_
from seminar.lib.numbers import whole
from seminar.lib.paging import page_asked
from seminar.planning.queries import seminar_or_404

ADVICE = {
    Verdict.UNKNOWN: N_("No letter of this installation has this code. Look for the name on the list."),
    Verdict.REVOKED: N_(
        "The letter was replaced or withdrawn: only the newest code opens. Choose the name at the desk."
    ),
    Verdict.OTHER_SEMINAR: N_("A right code, of another seminar here."),
}


@bp.get("/seminars/<slug>/arrivals/refused")
@only(*KEEPERS)
def refused_scans(slug: str) -> Any:
    seminar = seminar_or_404(slug)
    verdict = request.args.get("verdict", "")
    wanted = RefusalsWanted(
        verdict=Verdict(verdict) if verdict in REFUSED else None,
        desk_id=whole(request.args.get("desk", "")),
        search=request.args.get("search", "")[:200],
    )
    page = page_asked()
    total, rows = refusals(seminar, wanted, page)
    here = url_for("checkin.refused_scans", slug=slug)

    def href(**said: Any) -> str:
        return f"{here}?{urlencode({name: value for name, value in said.items() if value})}#listing"

    return render_template(
        "checkin/refused.html",
        seminar=seminar,
        wanted=wanted,
        counts=refusal_counts(seminar),
        rows=rows,
        total=total,
        desks=queries.desks_of(seminar),
        labels=rules.VERDICT_LABELS,
        tones=rules.VERDICT_TONES,
        advice=ADVICE,
        page=page,
        pages=max(1, -(-total // SHOWN)),
        href=href,
        page_href=lambda number: href(verdict=wanted.verdict, desk=wanted.desk_id, search=wanted.search, page=number),
        person_prefix=f"/seminars/{slug}/delegates/",
        may_open=has_role(Role.ADMIN, Role.OFFICE),
    )
