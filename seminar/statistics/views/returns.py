"""One unit's return of one period as the office sees it: versions, figures, scans, and the ruling."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from seminar.access.actor import CHANNEL_LABELS, ON_BEHALF
from seminar.access.guard import has_role, staff_actor
from seminar.access.roles import Role
from seminar.lib.clock import now
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.language import say
from seminar.lib.numbers import whole
from seminar.planning import queries as plans
from seminar.planning.models import Unit
from seminar.statistics import actions, queries
from seminar.statistics.documents.form import headings_of
from seminar.statistics.models import Period, RulingKind
from seminar.statistics.queries.reminders import reminded_at
from seminar.statistics.queries.sheets import hold_sheet
from seminar.statistics.rules import RETURN_STATE_LABELS, read_definition
from seminar.statistics.rules.deadlines import is_shown
from seminar.statistics.rules.returns import cells_of
from seminar.statistics.views import PERIOD, bp, reads_statistics, writes_statistics

UNIT = f"{PERIOD}/units/<int:unit_id>"


def _found(slug: str, period_id: int, unit_id: int) -> tuple[Period, Unit]:
    period = queries.period_or_404(plans.seminar_or_404(slug), period_id)
    if not is_shown(period):
        abort(404)
    return period, plans.unit_or_404(unit_id)


def show_return(period: Period, unit: Unit, problem: str = "", status: int = 200) -> Any:
    seminar, moment = period.sheet.seminar, now()
    one = queries.return_of(period, unit)
    definition = read_definition(period.sheet.definition)
    sent = cells_of(definition, queries.values_of(one.versions[-1])) if one and one.versions else {}
    entry = queries.entry_of(period, unit, moment, typed=sent)
    return render_template(
        "statistics/return.html",
        seminar=seminar,
        entry=entry,
        draft=one.draft if one else None,
        is_unsent=queries.entry_of(period, unit, moment).is_changed,
        headings=headings_of(entry.definition),
        states=RETURN_STATE_LABELS,
        channels=CHANNEL_LABELS,
        on_behalf=ON_BEHALF,
        reminded_at=reminded_at(seminar).get(unit.id),
        reason=request.form.get("reason", ""),
        problem=problem,
        may_write=has_role(Role.OFFICE),
        here=url_for("statistics.unit_return", slug=seminar.slug, period_id=period.id, unit_id=unit.id),
    ), status


@bp.get(UNIT)
@reads_statistics
def unit_return(slug: str, period_id: int, unit_id: int) -> Any:
    return show_return(*_found(slug, period_id, unit_id))


@bp.post(f"{UNIT}/versions/<int:number>/ruling")
@writes_statistics
def rule_on(slug: str, period_id: int, unit_id: int, number: int) -> Any:
    period, unit = _found(slug, period_id, unit_id)
    hold_sheet(period.sheet)
    one = queries.return_of(period, unit)
    version = next((version for version in one.versions if version.number == number), None) if one else None
    if one is None or version is None:
        abort(404)
    said = request.form.get("kind", "")
    try:
        if said not in set(RulingKind):
            raise Refused("Choose whether it is accepted or returned.")
        if whole(request.form.get("seen", "")) != one.versions[-1].number:
            raise Refused("Version %(number)d came meanwhile: look at it first.", number=one.versions[-1].number)
        seen = whole(request.form.get("ruling", ""))
        actions.rule_on(version, RulingKind(said), request.form.get("reason", ""), staff_actor(), now(), seen=seen)
        db.session.commit()
    except Refused as refusal:
        db.session.rollback()
        return show_return(*_found(slug, period_id, unit_id), say(refusal.message), 422)
    if said == RulingKind.ACCEPTED:
        flash(_("Version %(number)d of %(unit)s is accepted and counts.", number=number, unit=unit.name), "success")
    else:
        flash(_("Version %(number)d is returned; the unit sees why on its page.", number=number), "success")
    return redirect(url_for("statistics.unit_return", slug=slug, period_id=period_id, unit_id=unit_id), 303)
