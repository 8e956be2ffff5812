"""The page of the plan, and what is settled on it by one press: day, venue, contradictions, deadlines."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from seminar.access.guard import has_role, staff_actor
from seminar.access.roles import Role
from seminar.lib.clock import now
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.language import ngettext, say
from seminar.planning import actions, queries, rules
from seminar.planning.forms import DetailsForm, SettlementForm
from seminar.planning.models import (
    AUDIENCE_LABELS,
    DEADLINE_LABELS,
    LETTER_KIND_LABELS,
    PROXY_RULE_LABELS,
    QUOTA_KIND_LABELS,
    UNIT_KIND_LABELS,
    Finding,
    Milestone,
    Seminar,
    Venue,
)
from seminar.planning.views import bp, flash_stopped, reads_plan, writes_plan


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
        proxy_rules=PROXY_RULE_LABELS,
        unit_kinds=UNIT_KIND_LABELS,
        may_write=has_role(Role.ADMIN, Role.OFFICE),
        deadlines=DEADLINE_LABELS,
        is_misplaced=rules.is_misplaced,
        misplaced=[one for one in seminar.milestones if rules.is_misplaced(one, seminar.held_on)],
    )


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
            before, hour_before = seminar.held_on, seminar.starts_at
            stopped = actions.change_details(seminar, form.data, staff_actor(), now())
            moved = before is not None and seminar.held_on != before
            is_later = hour_before is not None and seminar.starts_at != hour_before
            was_told = (moved or is_later) and queries.has_issued_letters(seminar)
            dated = len(seminar.milestones)
            db.session.commit()
            flash(_("The plan was changed."), "success")
            if moved and dated:
                flash(
                    ngettext(
                        "The day was moved; %(num)d milestone keeps its own day: look at it below.",
                        "The day was moved; %(num)d milestones keep their own days: look at them below.",
                        dated,
                    ),
                    "warning",
                )
            if was_told and moved:
                flash(_("Letters with the old day are out: everybody who was told must be told again."), "danger")
            elif was_told:
                flash(_("Letters with the old hour are out: everybody who was told must be told again."), "danger")
            flash_stopped(stopped)
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
    venue = queries.part_or_404(seminar, Venue, venue_id)
    was_told, stopped = actions.confirm_venue(seminar, venue, staff_actor(), now())
    db.session.commit()
    flash(_("The venue is confirmed: %(name)s.", name=venue.name), "success")
    if was_told:
        flash(_("Letters with the old venue are out: everybody who was told must be told again."), "danger")
    flash_stopped(stopped)
    return redirect(url_for("planning.plan", slug=slug, _anchor="venues"), 303)


@bp.post("/seminars/<slug>/findings/<int:finding_id>/settlement")
@writes_plan
def settle_finding(slug: str, finding_id: int) -> Any:
    seminar = queries.seminar_or_404(slug)
    finding = queries.part_or_404(seminar, Finding, finding_id)
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
    actions.close_milestone(queries.part_or_404(seminar, Milestone, milestone_id), staff_actor(), now())
    db.session.commit()
    return redirect(url_for("planning.plan", slug=slug, _anchor="milestones"), 303)


@bp.post("/seminars/<slug>/milestones/<int:milestone_id>/reopening")
@writes_plan
def reopen_milestone(slug: str, milestone_id: int) -> Any:
    seminar = queries.seminar_or_404(slug)
    actions.reopen_milestone(queries.part_or_404(seminar, Milestone, milestone_id), staff_actor(), now())
    db.session.commit()
    return redirect(url_for("planning.plan", slug=slug, _anchor="milestones"), 303)


@bp.post("/seminars/<slug>/milestones/proposal")
@writes_plan
def propose_milestones(slug: str) -> Any:
    seminar = queries.seminar_or_404(slug)
    try:
        count = actions.propose_milestones(seminar, staff_actor(), now())
    except Refused as refusal:
        db.session.rollback()
        flash(say(refusal.message), "danger")
        return show_plan(queries.seminar_or_404(slug)), 422
    db.session.commit()
    if count:
        sentence = ngettext(
            "%(num)d milestone was proposed or dated.", "%(num)d milestones were proposed or dated.", count
        )
        flash(sentence, "success")
    else:
        flash(_("There is nothing to propose: every deadline is there."), "info")
    return redirect(url_for("planning.plan", slug=slug, _anchor="milestones"), 303)
