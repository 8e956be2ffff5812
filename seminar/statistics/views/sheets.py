"""Sheets as the office handles them: which there are, a new one, a changed one, and as a file."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from seminar.access.guard import has_role, staff_actor
from seminar.access.roles import Role
from seminar.lib.clock import local, now
from seminar.lib.database import db
from seminar.lib.errors import Message, Refused
from seminar.lib.language import ngettext
from seminar.planning import queries as plans
from seminar.planning.models import MILESTONE_RULE_LABELS, Seminar
from seminar.statistics import actions, queries, rules
from seminar.statistics.documents import headings_of
from seminar.statistics.forms import PeriodForm, QuartersForm
from seminar.statistics.models import Sheet, TargetPlan
from seminar.statistics.queries.sheets import is_behind_targets, typed_keys
from seminar.statistics.queries.targets import target_plan_of
from seminar.statistics.rules.deadlines import holiday_of, is_open, period_due_at
from seminar.statistics.rules.defining import WrongDefinition, definition_file, definition_of_file, seen_of
from seminar.statistics.rules.periods import quarters_from
from seminar.statistics.rules.starters import checks_lacking, starters
from seminar.statistics.rules.typed import TypedSheet, definition_typed, typed_in, typed_sheet
from seminar.statistics.views import STATISTICS, bp, reads_statistics, writes_statistics

SHEETS = f"{STATISTICS}/sheets"
SHEET = f"{SHEETS}/<int(max=2147483647):sheet_id>"


def show_sheets(
    seminar: Seminar,
    *,
    wrong: list[Message] | None = None,
    forms: dict[int, PeriodForm] | None = None,
    quarters: dict[int, QuartersForm] | None = None,
) -> str:
    """`forms` and `quarters` are those of a sheet, by its id, that were sent and are not right."""
    sheets = queries.sheets_of(seminar)
    known = {sheet.code for sheet in sheets}
    plan = target_plan_of(seminar)
    return render_template(
        "statistics/sheets.html",
        seminar=seminar,
        sheets=sheets,
        definitions={sheet.id: rules.read_definition(sheet.definition) for sheet in sheets},
        uses=queries.uses_of(sheets),
        starters=[one for code, one in starters().items() if code not in known],
        wrong=wrong or [],
        planned=plans.milestone(seminar, "returns"),
        period_due_at=period_due_at,
        holiday_of=holiday_of,
        is_open=is_open,
        due_rules=MILESTONE_RULE_LABELS,
        now=now(),
        forms=forms or {},
        quarters={sheet.id: _next_quarters(seminar, sheet, plan) for sheet in sheets} | (quarters or {}),
        new_period=PeriodForm(),
        may_write=has_role(Role.OFFICE),
    )


def _next_quarters(seminar: Seminar, sheet: Sheet, plan: TargetPlan | None) -> QuartersForm:
    """Four behind those that are there; of the targets' sheet from their beginning, of another from the seminar's year."""
    year, quarter = (seminar.held_on or local(now()).date()).year, 1
    if plan is not None and plan.sheet_id == sheet.id:
        year, quarter = plan.first_year, plan.first_quarter
    there = [(one.year, one.quarter) for one in sheet.periods if one.year is not None and one.quarter is not None]
    if there:
        *_, (year, quarter) = quarters_from(*max(there), 2)
    return QuartersForm(data={"year": year, "quarter": quarter, "count": 4})


@bp.get(SHEETS)
@reads_statistics
def sheets(slug: str) -> Any:
    return show_sheets(plans.seminar_or_404(slug))


@bp.post(SHEETS)
@writes_statistics
def begin_sheet(slug: str) -> Any:
    """One of the software's own by `code`, or an own one as a .toml file."""
    seminar = plans.seminar_or_404(slug)
    upload = request.files.get("file")
    try:
        if upload is not None and upload.filename:
            sheet = actions.begin_sheet(seminar, definition_of_file(upload.read()), staff_actor(), now())
        elif request.form.get("code"):
            sheet = actions.begin_starter(seminar, request.form["code"], staff_actor(), now())
        else:
            raise Refused("Choose the .toml file of a sheet.")
        sheet_id = sheet.id
        db.session.commit()
    except Refused as refusal:
        db.session.rollback()
        return show_sheets(plans.seminar_or_404(slug), wrong=_messages(refusal)), 422
    flash(_("The sheet was begun. Units see it once a period of it is open."), "success")
    return redirect(url_for("statistics.sheets", slug=slug, _anchor=f"sheet-{sheet_id}"), 303)


def show_sheet(
    seminar: Seminar, sheet: Sheet | None, typed: TypedSheet | None = None, wrong: list[Message] | None = None
) -> str:
    definition = rules.read_definition(sheet.definition) if sheet else None
    is_sent = sheet is not None and queries.was_sent(sheet)
    return render_template(
        "statistics/sheet.html",
        seminar=seminar,
        sheet=sheet,
        definition=definition,
        headings=headings_of(definition) if definition else (),
        typed=typed or (typed_sheet(definition) if definition else TypedSheet(layout={"title": "BÁO CÁO"})),
        wrong=wrong or [],
        seen=seen_of(definition) if definition else "",
        is_sent=is_sent,
        is_locked=is_sent or (sheet is not None and is_behind_targets(sheet)),
        typed_count=len(typed_keys(sheet)) if sheet else 0,
        lacking=checks_lacking(definition) if definition else (),
        label_of=rules.label_of,
        is_used=sheet is not None and bool(queries.uses_of([sheet])),
        may_write=has_role(Role.OFFICE),
    )


@bp.get(f"{SHEETS}/new")
@writes_statistics
def new_sheet(slug: str) -> Any:
    return show_sheet(plans.seminar_or_404(slug), None)


@bp.post(f"{SHEETS}/new")
@writes_statistics
def define_sheet(slug: str) -> Any:
    seminar = plans.seminar_or_404(slug)
    typed = typed_in(request.form)
    try:
        sheet = actions.begin_sheet(seminar, definition_typed(typed), staff_actor(), now())
        sheet_id = sheet.id
        db.session.commit()
    except Refused as refusal:
        db.session.rollback()
        return show_sheet(plans.seminar_or_404(slug), None, typed_in(request.form), _messages(refusal)), 422
    flash(_("The sheet was begun. Units see it once a period of it is open."), "success")
    return redirect(url_for("statistics.sheet", slug=slug, sheet_id=sheet_id), 303)


def _messages(refusal: Refused) -> list[Message]:
    return refusal.messages if isinstance(refusal, WrongDefinition) else [refusal.message]


@bp.get(SHEET)
@reads_statistics
def sheet(slug: str, sheet_id: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    return show_sheet(seminar, queries.sheet_or_404(seminar, sheet_id))


@bp.post(SHEET)
@writes_statistics
def change_sheet(slug: str, sheet_id: int) -> Any:
    """What was typed is kept on the page where it cannot be used; `seen` tells whether somebody else was faster."""
    seminar = plans.seminar_or_404(slug)
    one = queries.sheet_or_404(seminar, sheet_id)
    try:
        if request.form.get("seen") != seen_of(rules.read_definition(one.definition)):
            raise Refused(
                "Somebody else changed this sheet meanwhile. Yours stands below and is not stored yet: look at theirs in another window, then save again."
            )
        actions.change_sheet(one, definition_typed(typed_in(request.form), one.code), staff_actor(), now())
        db.session.commit()
    except Refused as refusal:
        db.session.rollback()
        seminar = plans.seminar_or_404(slug)
        one = queries.sheet_or_404(seminar, sheet_id)
        return show_sheet(seminar, one, typed_in(request.form), _messages(refusal)), 422
    flash(_("The sheet was saved."), "success")
    return redirect(url_for("statistics.sheet", slug=slug, sheet_id=sheet_id), 303)


@bp.post(f"{SHEET}/checks")
@writes_statistics
def add_checks(slug: str, sheet_id: int) -> Any:
    count = actions.add_checks(queries.sheet_or_404(plans.seminar_or_404(slug), sheet_id), staff_actor(), now())
    db.session.commit()
    flash(ngettext("%(num)d check was added.", "%(num)d checks were added.", count), "success")
    return redirect(url_for("statistics.sheet", slug=slug, sheet_id=sheet_id), 303)


@bp.post(f"{SHEET}/removal")
@writes_statistics
def remove_sheet(slug: str, sheet_id: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    try:
        actions.remove_sheet(queries.sheet_or_404(seminar, sheet_id), staff_actor(), now())
        db.session.commit()
    except Refused as refusal:
        db.session.rollback()
        seminar = plans.seminar_or_404(slug)
        return show_sheet(seminar, queries.sheet_or_404(seminar, sheet_id), wrong=[refusal.message]), 422
    flash(_("The sheet was removed."), "success")
    return redirect(url_for("statistics.sheets", slug=slug), 303)


@bp.get(f"{SHEET}.toml")
@reads_statistics
def sheet_file(slug: str, sheet_id: int) -> Any:
    one = queries.sheet_or_404(plans.seminar_or_404(slug), sheet_id)
    text = definition_file(rules.read_definition(one.definition))
    answer = Response(text, content_type="application/toml; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{one.code}.toml"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
