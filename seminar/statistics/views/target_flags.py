"""Units that are looked at: by which thresholds, what was found there, what is done; settings; the printed report."""

from collections import Counter
from datetime import datetime
from typing import Any

from flask import flash, redirect, request, url_for

from seminar.access.guard import staff_actor
from seminar.documents.content import Content
from seminar.lib.clock import local, now
from seminar.lib.database import db, reading
from seminar.lib.errors import N_, Refused
from seminar.lib.language import say
from seminar.planning import queries as plans
from seminar.planning.queries import unit_or_404
from seminar.statistics.actions import remedies as actions
from seminar.statistics.actions import targets as planned
from seminar.statistics.documents import flags as documents
from seminar.statistics.forms.targets import (
    ADMISSION_BASES,
    CLEARING,
    INTRODUCTION_BASES,
    STALE_MODES,
    OutcomeForm,
    RemedyForm,
    TargetSettingsForm,
    remedy_form,
    settings_form,
)
from seminar.statistics.models import FLAG_LABELS, FlagKind, TargetPlan
from seminar.statistics.queries import targets as reads
from seminar.statistics.queries.target_figures import year_lines
from seminar.statistics.rules.flags import FlagState, ThresholdMode
from seminar.statistics.views import bp, reads_statistics, writes_statistics
from seminar.statistics.views.targets import PDF, TARGETS, WORD, Look, _, file, look, render


@bp.get(f"{TARGETS}/flags")
@reads_statistics
def target_flags(slug: str) -> Any:
    at = look(slug)
    flags = at.gathered.flags(at.until)
    remedies = reads.remedies_of(at.gathered.plan)
    return render(
        "statistics/target_flags.html",
        at,
        "flags",
        flags=flags,
        standing=at.gathered.standing(at.until),
        unit_count=at.gathered.unit_count(at.until),
        returned=Counter(unit for unit, number in at.gathered.facts if number <= at.until),
        flagged=[unit for unit in at.gathered.units if any(flag.is_up for flag in flags[unit.id].values())],
        remedies={unit.id: [one for one in remedies if one.unit_id == unit.id] for unit in at.gathered.units},
        **_words(at),
    )


def _words(at: Look) -> dict[str, Any]:
    """What the pages of the flags say of settings and flags."""
    settings = at.gathered.settings
    return {
        "settings": settings,
        "labels": FLAG_LABELS,
        "Kind": FlagKind,
        "State": FlagState,
        "Mode": ThresholdMode,
        "introduction_base": INTRODUCTION_BASES[settings.introduction_by],
        "admission_base": ADMISSION_BASES[settings.admission_by],
        "stale_mode": STALE_MODES[settings.stale_mode],
        "clearing": CLEARING[settings.clears_on],
        "today": local(now()).date(),
    }


def _flags_content(at: Look, moment: datetime) -> Content:
    remedies = reads.remedies_of(at.gathered.plan)
    return documents.flags_content(at.seminar, at.gathered, at.until, remedies, year_lines(at.seminar) or [], moment)


@bp.get(f"{TARGETS}/flags.docx")
@reads_statistics
def target_flags_docx(slug: str) -> Any:
    at, moment = look(slug), now()
    content = _flags_content(at, moment)
    return file(documents.flags_docx(content, moment), WORD, documents.flags_filename(at.seminar, "docx"))


@bp.get(f"{TARGETS}/flags.pdf")
@reads_statistics
def target_flags_pdf(slug: str) -> Any:
    at = look(slug)
    content = _flags_content(at, now())
    return file(documents.flags_pdf(content), PDF, documents.flags_filename(at.seminar, "pdf"), inline=True)


def _settings(slug: str, form: TargetSettingsForm | None = None, refusal: str = "") -> str:
    at = look(slug)
    form = form or settings_form(at.gathered.settings, planned.seen_of(at.gathered.plan.settings))
    return render("statistics/target_settings.html", at, "settings", form=form, refusal=refusal, **_words(at))


@bp.get(f"{TARGETS}/settings")
@reads_statistics
def target_settings(slug: str) -> Any:
    return _settings(slug)


@bp.post(f"{TARGETS}/settings")
@writes_statistics
def set_target_settings(slug: str) -> Any:
    form = TargetSettingsForm(request.form)
    refusal = ""
    if form.validate():
        try:
            plan = reads.target_plan_asked(plans.seminar_or_404(slug))
            planned.set_target_settings(plan, form.settings(), form.seen.data or "", staff_actor(), now())
            db.session.commit()
            flash(_("Saved."), "success")
            return redirect(url_for("statistics.target_settings", slug=slug), 303)
        except Refused as refused:
            db.session.rollback()
            refusal = say(refused.message)
    with reading():
        if refusal:
            plan = reads.target_plan_asked(plans.seminar_or_404(slug))
            form.seen.data = planned.seen_of(plan.settings)
        page = _settings(slug, form, refusal)
    return page, 422


DEEDS = {
    "add": N_("noted"),
    "change": N_("changed"),
    "close": N_("settled"),
    "reopen": N_("opened again"),
}
"""What the history of a remedy calls the verbs of the log."""
UNIT = f"{TARGETS}/units/<int:unit_id>"
REMEDY = f"{TARGETS}/remedies/<int:remedy_id>"


def _unit(slug: str, unit_id: int, form: RemedyForm | None = None, refusal: str = "") -> str:
    at = look(slug)
    unit = unit_or_404(unit_id)
    flags = at.gathered.flags(at.until).get(unit.id, {})
    first = next((kind for kind, flag in flags.items() if flag.is_up), FlagKind.INTRODUCTION)
    return render(
        "statistics/target_unit.html",
        at,
        "unit",
        unit=unit,
        standing=at.gathered.standing(at.until, unit.id),
        own_flags=flags,
        years=year_lines(at.seminar),
        remedies=[one for one in reads.remedies_of(at.gathered.plan) if one.unit_id == unit.id],
        form=form or RemedyForm(data={"revision": "1", "flag": first.value}),
        refusal=refusal,
        asked_ratio=None,
        **_words(at),
    )


@bp.get(UNIT)
@reads_statistics
def target_unit(slug: str, unit_id: int) -> Any:
    return _unit(slug, unit_id)


@bp.post(f"{UNIT}/remedies")
@writes_statistics
def note_remedy(slug: str, unit_id: int) -> Any:
    form = RemedyForm(request.form)
    refusal = ""
    if form.validate():
        try:
            plan = reads.target_plan_asked(plans.seminar_or_404(slug))
            actions.note_remedy(plan, unit_or_404(unit_id), form.words(), staff_actor(), now())
            db.session.commit()
            flash(_("Noted."), "success")
            return _to_unit(slug, unit_id)
        except Refused as refused:
            db.session.rollback()
            refusal = say(refused.message)
    with reading():
        page = _unit(slug, unit_id, form, refusal)
    return page, 422


def _to_unit(slug: str, unit_id: int) -> Any:
    return redirect(url_for("statistics.target_unit", slug=slug, unit_id=unit_id), 303)


def _remedy(
    slug: str, remedy_id: int, form: RemedyForm | None = None, outcome: OutcomeForm | None = None, refusal: str = ""
) -> str:
    at = look(slug)
    one = reads.remedy_or_404(at.gathered.plan, remedy_id)
    for typed in (form, outcome):
        if typed is not None:
            typed.revision.data = str(one.revision)
    return render(
        "statistics/target_remedy.html",
        at,
        "remedy",
        one=one,
        form=form or remedy_form(one),
        outcome=outcome or OutcomeForm(data={"revision": str(one.revision)}),
        was_refused=bool(refusal),
        history=reads.remedy_history(one),
        deeds=DEEDS,
        refusal=refusal,
        here=url_for("statistics.remedy", slug=slug, remedy_id=remedy_id),
        **_words(at),
    )


@bp.get(REMEDY)
@reads_statistics
def remedy(slug: str, remedy_id: int) -> Any:
    return _remedy(slug, remedy_id)


def _plan(slug: str) -> TargetPlan:
    return reads.target_plan_asked(plans.seminar_or_404(slug))


@bp.post(REMEDY)
@writes_statistics
def change_remedy(slug: str, remedy_id: int) -> Any:
    form = RemedyForm(request.form)
    refusal = ""
    if form.validate():
        try:
            plan = _plan(slug)
            one = reads.remedy_or_404(plan, remedy_id)
            actions.change_remedy(plan, one, form.words(), int(form.revision.data), staff_actor(), now())
            unit_id = one.unit_id
            db.session.commit()
            flash(_("Saved."), "success")
            return _to_unit(slug, unit_id)
        except Refused as refused:
            db.session.rollback()
            refusal = say(refused.message)
    with reading():
        page = _remedy(slug, remedy_id, form, refusal=refusal)
    return page, 422


@bp.post(f"{REMEDY}/closing")
@writes_statistics
def close_remedy(slug: str, remedy_id: int) -> Any:
    form = OutcomeForm(request.form)
    refusal = ""
    if form.validate():
        try:
            plan = _plan(slug)
            one = reads.remedy_or_404(plan, remedy_id)
            actions.close_remedy(plan, one, form.outcome.data or "", int(form.revision.data), staff_actor(), now())
            unit_id = one.unit_id
            db.session.commit()
            return _to_unit(slug, unit_id)
        except Refused as refused:
            db.session.rollback()
            refusal = say(refused.message)
    with reading():
        page = _remedy(slug, remedy_id, outcome=form, refusal=refusal)
    return page, 422


@bp.post(f"{REMEDY}/closing/reversal")
@writes_statistics
def reopen_remedy(slug: str, remedy_id: int) -> Any:
    plan = _plan(slug)
    one = reads.remedy_or_404(plan, remedy_id)
    actions.reopen_remedy(plan, one, staff_actor(), now())
    db.session.commit()
    return redirect(url_for("statistics.remedy", slug=slug, remedy_id=remedy_id), 303)
