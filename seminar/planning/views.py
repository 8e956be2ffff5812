"""The plan's pages: the plan itself, new seminars, units and their links."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from seminar.access.guard import only, staff_actor
from seminar.access.roles import Role
from seminar.lib.clock import now
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.language import say
from seminar.planning import actions, queries, rules
from seminar.planning.forms import DetailsForm, NewSeminarForm, SettlementForm
from seminar.planning.models import AUDIENCE_LABELS, LETTER_KIND_LABELS, QUOTA_KIND_LABELS, UNIT_KIND_LABELS, Seminar

bp = Blueprint("planning", __name__)

reads_plan = only(Role.ADMIN, Role.OFFICE, Role.SECRETARY, Role.REVIEWER)
writes_plan = only(Role.ADMIN, Role.OFFICE)


def show_plan(seminar: Seminar, form: DetailsForm | None = None, settlement: SettlementForm | None = None) -> str:
    return render_template(
        "planning/plan.html",
        seminar=seminar,
        form=form or DetailsForm(obj=seminar),
        settlement=settlement or SettlementForm(),
        due_at=rules.due_at,
        is_late=rules.is_late,
        falls_on_holiday=rules.falls_on_holiday,
        now=now(),
        audiences=AUDIENCE_LABELS,
        letter_kinds=LETTER_KIND_LABELS,
        quota_kinds=QUOTA_KIND_LABELS,
    )


@bp.get("/seminars/new")
@writes_plan
def new_seminar() -> Any:
    return render_template("planning/new.html", form=NewSeminarForm(), seminars=queries.seminars(), seminar=None)


@bp.post("/seminars/new")
@writes_plan
def create_seminar() -> Any:
    form = NewSeminarForm(request.form)
    like = queries.seminar_by_slug(request.form.get("like", ""))
    try:
        if form.validate():
            venues = (form.venues.data or "").splitlines()
            seminar = actions.create_seminar(
                form.title.data, form.slug.data, form.held_on.data, venues, like, staff_actor(), now()
            )
            db.session.commit()
            return redirect(url_for("planning.plan", slug=seminar.slug), 303)
    except Refused as refusal:
        db.session.rollback()
        form.slug.errors = [say(refusal.message)]
    return render_template("planning/new.html", form=form, seminars=queries.seminars(), seminar=None), 422


@bp.get("/seminars/<slug>/plan")
@reads_plan
def plan(slug: str) -> Any:
    return show_plan(queries.seminar_or_404(slug))


@bp.post("/seminars/<slug>/plan")
@writes_plan
def change_plan(slug: str) -> Any:
    seminar = queries.seminar_or_404(slug)
    form = DetailsForm(request.form)
    try:
        if form.validate():
            actions.change_details(seminar, form.data, staff_actor(), now())
            db.session.commit()
            flash(_("The plan was changed."), "success")
            return redirect(url_for("planning.plan", slug=slug), 303)
    except Refused as refusal:
        db.session.rollback()
        form.ends_at.errors = [say(refusal.message)]
    return show_plan(seminar, form=form), 422


@bp.post("/seminars/<slug>/announcement")
@writes_plan
def announce(slug: str) -> Any:
    seminar = queries.seminar_or_404(slug)
    actions.announce(seminar, request.form.get("is_announced") == "yes", staff_actor(), now())
    db.session.commit()
    return redirect(url_for("planning.plan", slug=slug), 303)


@bp.post("/seminars/<slug>/venues/<int:venue_id>/confirmation")
@writes_plan
def confirm_venue(slug: str, venue_id: int) -> Any:
    seminar = queries.seminar_or_404(slug)
    venue = queries.venue_or_404(seminar, venue_id)
    actions.confirm_venue(seminar, venue, staff_actor(), now())
    db.session.commit()
    flash(_("The venue is confirmed: %(name)s.", name=venue.name), "success")
    return redirect(url_for("planning.plan", slug=slug), 303)


@bp.post("/seminars/<slug>/findings/<int:finding_id>/settlement")
@writes_plan
def settle_finding(slug: str, finding_id: int) -> Any:
    seminar = queries.seminar_or_404(slug)
    finding = queries.finding_or_404(seminar, finding_id)
    form = SettlementForm(request.form)
    if not form.validate():
        flash(_("Write how %(code)s was settled.", code=finding.code), "danger")
        return show_plan(seminar, settlement=form), 422
    actions.settle_finding(finding, form.settlement.data or "", staff_actor(), now())
    db.session.commit()
    return redirect(url_for("planning.plan", slug=slug, _anchor="findings"), 303)


@bp.post("/seminars/<slug>/milestones/<int:milestone_id>/closing")
@writes_plan
def close_milestone(slug: str, milestone_id: int) -> Any:
    seminar = queries.seminar_or_404(slug)
    actions.close_milestone(queries.milestone_or_404(seminar, milestone_id), staff_actor(), now())
    db.session.commit()
    return redirect(url_for("planning.plan", slug=slug, _anchor="milestones"), 303)


@bp.post("/seminars/<slug>/milestones/<int:milestone_id>/reopening")
@writes_plan
def reopen_milestone(slug: str, milestone_id: int) -> Any:
    seminar = queries.seminar_or_404(slug)
    actions.reopen_milestone(queries.milestone_or_404(seminar, milestone_id), staff_actor(), now())
    db.session.commit()
    return redirect(url_for("planning.plan", slug=slug, _anchor="milestones"), 303)


@bp.get("/seminars/<slug>/units")
@writes_plan
def units(slug: str) -> Any:
    seminar = queries.seminar_or_404(slug)
    return render_template(
        "planning/units.html",
        seminar=seminar,
        units=queries.units_on(seminar.held_on),
        links={link.unit_id: link for link in queries.unit_links(seminar)},
        kinds=UNIT_KIND_LABELS,
        base_url=current_app.config["SEMINAR"].base_url,
    )


@bp.post("/seminars/<slug>/units/links")
@writes_plan
def issue_unit_links(slug: str) -> Any:
    seminar = queries.seminar_or_404(slug)
    made = actions.issue_missing_unit_links(seminar, staff_actor(), now())
    db.session.commit()
    flash(ngettext("%(num)d link was made.", "%(num)d links were made.", made), "success")
    return redirect(url_for("planning.units", slug=slug), 303)


@bp.post("/seminars/<slug>/units/<int:unit_id>/link")
@writes_plan
def reissue_unit_link(slug: str, unit_id: int) -> Any:
    seminar = queries.seminar_or_404(slug)
    unit = queries.unit_or_404(unit_id)
    actions.issue_unit_link(seminar, unit, staff_actor(), now())
    db.session.commit()
    flash(_("%(name)s has a new link; the old one no longer opens.", name=unit.name), "success")
    return redirect(url_for("planning.units", slug=slug), 303)
