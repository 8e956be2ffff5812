"""The targets: how far the province and each unit are, and the plan's own numbers."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from seminar.access.guard import has_role, staff_actor
from seminar.access.roles import Role
from seminar.lib.clock import now
from seminar.lib.database import db, reading
from seminar.lib.errors import Refused
from seminar.lib.language import say
from seminar.lib.numbers import whole
from seminar.lib.text import clean_block
from seminar.planning import queries as plans
from seminar.planning.models import Seminar
from seminar.statistics.actions import targets as actions
from seminar.statistics.documents.charts import Chart, ChartKind, Measure, Series, chart_svg
from seminar.statistics.documents.heat import quarter_short
from seminar.statistics.forms.targets import AimsForm, aims_form
from seminar.statistics.queries import targets as reads
from seminar.statistics.queries.target_figures import year_lines
from seminar.statistics.queries.targets import Gathered
from seminar.statistics.rules.indicators import PartyVerdict, sector_shares
from seminar.statistics.rules.periods import ROMAN
from seminar.statistics.rules.targets import ADMITTED, INTRODUCED, NeedKind, linear, percent, short, sum_of
from seminar.statistics.views import STATISTICS, bp, reads_statistics, writes_statistics

TARGETS = f"{STATISTICS}/targets"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def file(content: bytes, kind: str, name: str, *, inline: bool = False) -> Response:
    answer = Response(content, content_type=kind)
    answer.headers["Content-Disposition"] = f'{"inline" if inline else "attachment"}; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def quarter_label(gathered: Gathered, number: int) -> str:
    year, quarter = gathered.span.at(number)
    return _("quarter %(roman)s/%(year)s", roman=ROMAN[quarter - 1], year=year)


@dataclass(frozen=True)
class Look:
    """What is looked at: the seminar, everything gathered, and up to which quarter."""

    seminar: Seminar
    gathered: Gathered
    until: int


def look(slug: str) -> Look:
    """By `?until=`, the number of the quarter; without it, or with a wrong one, the latest that is known."""
    seminar = plans.seminar_or_404(slug)
    gathered = reads.gather(seminar, reads.target_plan_asked(seminar))
    asked = whole(request.args.get("until", ""), gathered.span.count) or gathered.latest
    return Look(seminar, gathered, asked)


def render(template: str, at: Look, page: str, **more: Any) -> str:
    """A page of the targets, with what all of them show."""
    gathered = at.gathered
    return render_template(
        template,
        seminar=at.seminar,
        gathered=gathered,
        plan=gathered.plan,
        until=at.until,
        latest=gathered.latest,
        quarters=[(number, quarter_label(gathered, number)) for number in range(1, gathered.span.count + 1)],
        quarter=quarter_label(gathered, at.until),
        first_quarter=quarter_label(gathered, 1),
        page=page,
        base=url_for("statistics.targets", slug=at.seminar.slug),
        may_write=has_role(Role.OFFICE),
        percent=percent,
        short=short,
        Need=NeedKind,
        Verdict=PartyVerdict,
        **more,
    )


def _overview(slug: str) -> str:
    at = look(slug)
    gathered, until = at.gathered, at.until
    cut = gathered.cut(until)
    introduced, admitted = (sector_shares(gathered.facts, column, cut) for column in (INTRODUCED, ADMITTED))
    return render(
        "statistics/targets.html",
        at,
        "overview",
        standing=gathered.standing(until),
        unit_count=gathered.unit_count(until),
        asked_ratio=percent(Fraction(gathered.plan.admitted_count, gathered.plan.introduced_count)),
        sectors=[(row, (introduced[row.key], admitted[row.key])) for row in gathered.definition.rows],
        charts=[
            Markup(chart_svg(_chart(gathered, until, column), name))  # noqa: S704 - escaped by charts.py
            for column, name in ((INTRODUCED, "introduced"), (ADMITTED, "admitted"))
        ],
        courses=[_course_rows(gathered, until, column) for column in (INTRODUCED, ADMITTED)],
        years=year_lines(at.seminar),
        sheet_periods=len(gathered.periods),
    )


def _course_rows(gathered: Gathered, until: int, column: str) -> list[tuple[int, int | None, Any]]:
    """(quarter, sum up to it, what an even course asks) of the chart's table."""
    target = gathered.plan.introduced_count if column == INTRODUCED else gathered.plan.admitted_count
    return [
        (
            number,
            sum_of(gathered.facts, column, gathered.cut(number)).value,
            linear(target, number, gathered.span.count),
        )
        for number in range(1, until + 1)
    ]


def _chart(gathered: Gathered, until: int, column: str) -> Chart:
    """What was reached beside an even course; the higher line first, so that the figures stand apart."""
    rows = _course_rows(gathered, until, column)
    words = {INTRODUCED: _("Introduced, summed up by quarter"), ADMITTED: _("Admitted, summed up by quarter")}
    lines = (
        Series(_("reached"), tuple(value for _number, value, _even in rows)),
        Series(_("even course"), tuple(even for *_rest, even in rows)),
    )
    _number, value, even = rows[-1]
    return Chart(
        words[column],
        tuple(quarter_short(gathered.span, number) for number, *_rest in rows),
        lines if value is not None and value >= even else lines[::-1],
        ChartKind.LINE,
        Measure.COUNT,
        missing=_("not enough figures"),
    )


LONG_WORDS = ("cause", "remedy", "outcome")
"""Fields in which people write at length: what stands there is given back also where it has no place any more."""


def _begin(seminar: Seminar, form: AimsForm, refusal: str = "") -> str:
    return render_template(
        "statistics/targets_begin.html",
        seminar=seminar,
        form=form,
        refusal=refusal,
        typed=[text for name in LONG_WORDS if (text := clean_block(request.form.get(name, "")))],
        may_write=has_role(Role.OFFICE),
        here=url_for("statistics.targets", slug=seminar.slug),
    )


@bp.errorhandler(reads.NoTargets)
def no_targets(gone: reads.NoTargets) -> Any:
    db.session.rollback()
    with reading():
        seminar = plans.seminar_or_404((request.view_args or {})["slug"])
        return _begin(seminar, aims_form(actions.Aims()), say(gone.message) if request.method == "POST" else ""), 404


@bp.get(TARGETS)
@reads_statistics
def targets(slug: str) -> Any:
    seminar = plans.seminar_or_404(slug)
    if reads.target_plan_of(seminar) is None:
        return _begin(seminar, aims_form(actions.Aims()))
    return _overview(slug)


@bp.post(TARGETS)
@writes_statistics
def begin_targets(slug: str) -> Any:
    form = AimsForm(request.form)
    refusal = ""
    if form.validate():
        try:
            actions.begin_targets(plans.seminar_or_404(slug), form.aims(), staff_actor(), now())
            db.session.commit()
            flash(_("The targets are set up. Next: give the units their shares, and open the quarters."), "success")
            return redirect(url_for("statistics.targets", slug=slug), 303)
        except Refused as refused:
            db.session.rollback()
            refusal = say(refused.message)
    with reading():
        page = _begin(plans.seminar_or_404(slug), form, refusal)
    return page, 422


def _plan(slug: str, form: AimsForm | None = None, refusal: str = "", left_out: str = "") -> str:
    at = look(slug)
    form = form or aims_form(actions.aims_of(at.gathered.plan))
    return render("statistics/targets_plan.html", at, "plan", form=form, refusal=refusal, left_out=left_out)


@bp.get(f"{TARGETS}/plan")
@reads_statistics
def targets_plan(slug: str) -> Any:
    return _plan(slug)


@bp.post(f"{TARGETS}/plan")
@writes_statistics
def change_targets(slug: str) -> Any:
    form = AimsForm(request.form)
    refusal = left_out = ""
    if form.validate():
        try:
            plan = reads.target_plan_asked(plans.seminar_or_404(slug))
            agreed = request.form.get("left_out", "")
            actions.change_targets(plan, form.aims(), staff_actor(), now(), agreed)
            db.session.commit()
            flash(_("Saved."), "success")
            return redirect(url_for("statistics.targets_plan", slug=slug), 303)
        except Refused as refused:
            db.session.rollback()
            refusal = say(refused.message)
            left_out = refused.mark if isinstance(refused, actions.LeavesOut) else ""
    with reading():
        page = _plan(slug, form, refusal, left_out)
    return page, 422


@bp.post(f"{TARGETS}/removal")
@writes_statistics
def remove_targets(slug: str) -> Any:
    """Where the office does not follow them after all."""
    try:
        actions.remove_targets(reads.target_plan_asked(plans.seminar_or_404(slug)), staff_actor(), now())
        db.session.commit()
        flash(_("The targets are taken away; the quarterly sheet stays."), "success")
        return redirect(url_for("statistics.targets", slug=slug), 303)
    except Refused as refused:
        db.session.rollback()
        refusal = say(refused.message)
    with reading():
        page = _plan(slug, refusal=refusal)
    return page, 422
