"""The programme on the page of one visitor: what is on, what follows, when they present; it refreshes itself."""

from hashlib import sha256
from typing import Any

from flask import redirect, render_template, request

from seminar.access.guard import by_personal_link, by_unit_link
from seminar.lib import htmx
from seminar.lib.clock import now
from seminar.lib.limits import guesses
from seminar.planning.models import Seminar
from seminar.portal.queries.programme import programme_part
from seminar.portal.views import bp
from seminar.portal.views.personal import find_invitation
from seminar.portal.views.unit import find_link


def _region(here: str, seminar: Seminar, **whose: Any) -> Any:
    """The region, or 304 where it is as the browser has it: three hundred phones ask every twenty seconds."""
    if not htmx.wants_fragment():
        return redirect(f"{here}#programme", 303)
    page = render_template("portal/_live.html", here=here, seminar=seminar, **programme_part(seminar, now(), **whose))
    response = htmx.varied(page)
    response.set_etag(sha256(page.encode()).hexdigest()[:32])
    response.headers["Cache-Control"] = "private, no-cache"
    return response.make_conditional(request)


@bp.get("/i/<code>/programme")
@by_personal_link
@guesses
def delegate_programme(code: str) -> Any:
    invitation = find_invitation(code)
    return _region(f"/i/{code}", invitation.delegate.seminar, delegate=invitation.delegate)


@bp.get("/u/<code>/programme")
@by_unit_link
@guesses
def unit_programme(code: str) -> Any:
    link = find_link(code)
    return _region(f"/u/{code}", link.seminar, unit=link.unit)
