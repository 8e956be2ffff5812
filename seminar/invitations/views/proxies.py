"""Requests that somebody else come: decided, told, taken back."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from seminar.access.actor import CHANNEL_LABELS
from seminar.access.guard import has_role, staff_actor
from seminar.access.roles import Role
from seminar.invitations import actions, queries
from seminar.invitations.forms import DecisionForm
from seminar.invitations.models import PROXY_OUTCOME_LABELS
from seminar.invitations.views import bp, reads, writes
from seminar.lib.clock import now
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.language import say
from seminar.planning import queries as plans
from seminar.planning.models import Seminar


def show_proxies(seminar: Seminar, refused: int = 0, refusal: str = "", note: str = "") -> str:
    found = queries.proxies_of(seminar)
    return render_template(
        "invitations/proxies.html",
        seminar=seminar,
        waiting=[proxy for proxy in found if proxy.outcome is None],
        decided=[proxy for proxy in found if proxy.outcome is not None],
        refused=refused,
        refusal=refusal,
        note=note,
        outcomes=PROXY_OUTCOME_LABELS,
        channels=CHANNEL_LABELS,
        person=f"/seminars/{seminar.slug}/delegates/",
        prefix=f"/seminars/{seminar.slug}/proxies/",
        may_decide=has_role(Role.ADMIN, Role.OFFICE),
    )


@bp.get("/seminars/<slug>/proxies")
@reads
def proxies(slug: str) -> Any:
    return show_proxies(plans.seminar_or_404(slug))


@bp.post("/seminars/<slug>/proxies/<int(max=2147483647):proxy_id>/decision")
@writes
def decide(slug: str, proxy_id: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    proxy = queries.proxy_or_404(seminar, proxy_id)
    form = DecisionForm(request.form)
    try:
        if not form.validate():
            raise Refused("Choose: approve or refuse.")
        approved = form.outcome.data == "approve"
        actions.decide_proxy(proxy, approved, form.note.data or "", staff_actor(), now())
    except Refused as refusal:
        db.session.rollback()
        seminar = plans.seminar_or_404(slug)
        return show_proxies(seminar, proxy_id, say(refusal.message), form.note.data or ""), 422
    name = proxy.name
    db.session.commit()
    flash(
        _("%(name)s may come instead and has an own code now: send or print the letter.", name=name)
        if approved
        else _("The request is refused."),
        "success",
    )
    return redirect(url_for("invitations.proxies", slug=slug), 303)
