"""Periods of the sheets: added, opened, closed, removed; their days; and the blank form of each as PDF, Word and Excel."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from seminar.access.guard import has_role, staff_actor
from seminar.access.roles import Role
from seminar.lib.clock import now
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.language import ngettext, say
from seminar.planning import queries as plans
from seminar.planning.models import Seminar
from seminar.statistics import actions, documents, queries
from seminar.statistics.forms import PeriodForm, QuartersForm
from seminar.statistics.models import Period
from seminar.statistics.rules.deadlines import holiday_of, period_due_at
from seminar.statistics.views import PERIOD, bp, reads_statistics, writes_statistics
from seminar.statistics.views.sheets import SHEET, show_sheets

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _back(slug: str, sheet_id: int) -> Any:
    return redirect(url_for("statistics.sheets", slug=slug, _anchor=f"sheet-{sheet_id}"), 303)


@bp.post(f"{SHEET}/periods")
@writes_statistics
def add_period(slug: str, sheet_id: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    sheet = queries.sheet_or_404(seminar, sheet_id)
    form = PeriodForm(request.form)
    try:
        if form.validate():
            actions.add_period(sheet, form.terms(), staff_actor(), now())
            db.session.commit()
            flash(_("The period was added. Open it when units are to see it."), "success")
            return _back(slug, sheet_id)
    except Refused as refusal:
        db.session.rollback()
        form.name.errors = [say(refusal.message)]
    return show_sheets(plans.seminar_or_404(slug), forms={sheet_id: form}), 422


@bp.post(f"{SHEET}/quarters")
@writes_statistics
def open_quarters(slug: str, sheet_id: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    sheet = queries.sheet_or_404(seminar, sheet_id)
    form = QuartersForm(request.form)
    try:
        if form.validate():
            made = actions.open_quarters(
                sheet, form.year.data, form.quarter.data, form.count.data, staff_actor(), now()
            )
            db.session.commit()
            if made:
                said = ngettext("%(num)d quarter was opened.", "%(num)d quarters were opened.", len(made))
                flash(said, "success")
            else:
                flash(_("All these quarters are there already; nothing was changed."), "info")
            return _back(slug, sheet_id)
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(say(refusal.message))
    return show_sheets(plans.seminar_or_404(slug), quarters={sheet_id: form}), 422


def _show(seminar: Seminar, period: Period, form: PeriodForm | None = None) -> str:
    planned = plans.milestone(seminar, "returns")
    return render_template(
        "statistics/period.html",
        seminar=seminar,
        period=period,
        form=form or PeriodForm(obj=period),
        planned=planned,
        due_at=period_due_at(period, planned),
        holiday=holiday_of(period, planned),
        is_used=period.id in queries.uses_of([period.sheet]),
        may_write=has_role(Role.OFFICE),
    )


@bp.get(f"{PERIOD}/terms")
@reads_statistics
def terms(slug: str, period_id: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    return _show(seminar, queries.period_or_404(seminar, period_id))


@bp.post(f"{PERIOD}/terms")
@writes_statistics
def change_period(slug: str, period_id: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    period = queries.period_or_404(seminar, period_id)
    form = PeriodForm(request.form)
    try:
        if form.validate():
            actions.change_period(period, form.terms(), staff_actor(), now())
            holiday, sheet_id = holiday_of(period, plans.milestone(seminar, "returns")), period.sheet_id
            db.session.commit()
            flash(_("The period was saved."), "success")
            if holiday:
                flash(_("The last day is a day off: %(name)s.", name=holiday), "warning")
            return _back(slug, sheet_id)
    except Refused as refusal:
        db.session.rollback()
        form.name.errors = [say(refusal.message)]
    seminar = plans.seminar_or_404(slug)
    return _show(seminar, queries.period_or_404(seminar, period_id), form), 422


def _press(slug: str, period_id: int, act: Callable[..., None], said: str) -> Any:
    seminar = plans.seminar_or_404(slug)
    period = queries.period_or_404(seminar, period_id)
    sheet_id = period.sheet_id
    try:
        act(period, staff_actor(), now())
        db.session.commit()
        flash(said, "success")
    except Refused as refusal:
        db.session.rollback()
        flash(say(refusal.message), "danger")
    return _back(slug, sheet_id)


@bp.post(f"{PERIOD}/opening")
@writes_statistics
def open_period(slug: str, period_id: int) -> Any:
    return _press(slug, period_id, actions.open_period, _("The period is open: units see it on their pages."))


@bp.post(f"{PERIOD}/closing")
@writes_statistics
def close_period(slug: str, period_id: int) -> Any:
    said = _("The period is closed: only what you returned for correction still comes in.")
    return _press(slug, period_id, actions.close_period, said)


@bp.post(f"{PERIOD}/removal")
@writes_statistics
def remove_period(slug: str, period_id: int) -> Any:
    return _press(slug, period_id, actions.remove_period, _("The period was removed."))


def _blank(slug: str, period_id: int, ending: str, kind: str, make: Callable[[Any, datetime], bytes]) -> Response:
    period = queries.period_or_404(plans.seminar_or_404(slug), period_id)
    answer = Response(make(documents.filled_form(period), now()), content_type=kind)
    name = f"bieu-mau-{period.sheet.code}-{period.id}.{ending}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get(f"{PERIOD}/form.pdf")
@reads_statistics
def blank_pdf(slug: str, period_id: int) -> Response:
    return _blank(slug, period_id, "pdf", PDF, documents.form_pdf)


@bp.get(f"{PERIOD}/form.docx")
@reads_statistics
def blank_docx(slug: str, period_id: int) -> Response:
    return _blank(slug, period_id, "docx", WORD, documents.form_docx)


@bp.get(f"{PERIOD}/form.xlsx")
@reads_statistics
def blank_workbook(slug: str, period_id: int) -> Response:
    return _blank(slug, period_id, "xlsx", WORKBOOK, documents.sheet_workbook)
