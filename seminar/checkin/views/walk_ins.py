"""Who was registered at the desk, and what the office decides about it."""

from typing import Any
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from seminar.access.guard import has_role, only, staff_actor
from seminar.access.roles import Role
from seminar.checkin import queries
from seminar.checkin.actions.walk_ins import see_to_refused, settle_walk_in
from seminar.checkin.forms.pages import DeskForm
from seminar.checkin.models import Question
from seminar.checkin.queries.walk_ins import walk_in_or_404, walk_ins_of
from seminar.checkin.views import bp
from seminar.checkin.views.staff import KEEPERS, desks_page
from seminar.invitations.models import PROXY_OUTCOME_LABELS, ProxyOutcome
from seminar.lib.clock import now
from seminar.lib.database import db
from seminar.lib.errors import N_, Refused
from seminar.lib.language import say
from seminar.planning.models import Seminar
from seminar.planning.queries import seminar_or_404

QUESTIONS = {
    Question.PROXY: N_("May this person stand in? The group needs the office's consent."),
    Question.FORBIDDEN_PROXY: N_("Members of this group come in person; a desk without connection let a proxy in."),
    Question.LIKENESS: N_("The same name and unit stand on the list: the same person, entered twice?"),
}


@bp.get("/seminars/<slug>/arrivals/walk-ins")
@only(*KEEPERS)
def registered(slug: str) -> Any:
    return _page(seminar_or_404(slug))


def _page(seminar: Seminar, error: str = "", refused: str = "") -> str:
    found = walk_ins_of(seminar)
    ids = [one.delegate_id for one in found]
    return render_template(
        "checkin/walk_ins.html",
        seminar=seminar,
        walk_ins=found,
        open_count=sum(one.question is not None and one.settled_at is None for one in found),
        attendance=queries.attendance_of(ids),
        questions=QUESTIONS,
        outcomes=PROXY_OUTCOME_LABELS,
        choices=(ProxyOutcome.APPROVED, ProxyOutcome.REFUSED),
        Question=Question,
        error=error,
        refused=refused,
        typed=request.form.get("settlement", ""),
        person_prefix=f"/seminars/{seminar.slug}/delegates/",
        may_open=has_role(Role.ADMIN, Role.OFFICE),
        may_decide=has_role(Role.ADMIN, Role.OFFICE),
    )


def _known(walk_in_uuid: str) -> str:
    try:
        return str(UUID(walk_in_uuid))
    except ValueError:
        abort(404)


@bp.post("/seminars/<slug>/arrivals/walk-ins/<walk_in_uuid>/settlement")
@only(Role.ADMIN, Role.OFFICE)
def settle_registered(slug: str, walk_in_uuid: str) -> Any:
    seminar = seminar_or_404(slug)
    known = _known(walk_in_uuid)
    said = request.form.get("outcome", "")
    outcome = ProxyOutcome(said) if said in set(ProxyOutcome) else None
    walk_in = walk_in_or_404(seminar, known)
    try:
        settle_walk_in(walk_in, outcome, request.form.get("settlement", ""), staff_actor(), now())
    except Refused as refusal:
        db.session.rollback()
        return _page(seminar_or_404(slug), say(refusal.message), known), 422
    is_inside = walk_in in queries.refused_inside(seminar)
    db.session.commit()
    flash(_("Settled."), "success")
    if is_inside:
        flash(_("The person is in the hall all the same: see to it, it is listed on the page “Desks”."), "warning")
    return redirect(url_for("checkin.registered", slug=slug), 303)


@bp.post("/seminars/<slug>/arrivals/walk-ins/<walk_in_uuid>/seeing-to")
@only(Role.ADMIN, Role.OFFICE)
def see_to(slug: str, walk_in_uuid: str) -> Any:
    """From the page of the desks, where whoever was refused and is in the hall is listed."""
    walk_in = walk_in_or_404(seminar_or_404(slug), _known(walk_in_uuid))
    try:
        see_to_refused(walk_in, request.form.get("seen_to", ""), staff_actor(), now())
    except Refused as refusal:
        db.session.rollback()
        flash(say(refusal.message), "danger")
        return desks_page(seminar_or_404(slug), DeskForm()), 422
    db.session.commit()
    flash(_("Settled."), "success")
    return redirect(url_for("checkin.desks", slug=slug), 303)
