"""The province's table of a period, its files, and each of its figures opened down to the cells of the units."""

from typing import Any

from flask import Response, abort, redirect, render_template, request, url_for

from seminar.lib.clock import now
from seminar.lib.numbers import whole
from seminar.planning import queries as plans
from seminar.planning.models import Seminar
from seminar.statistics import queries
from seminar.statistics.documents import consolidated, drawings, tables
from seminar.statistics.documents.charts import chart_svg
from seminar.statistics.queries.figures import figure_of
from seminar.statistics.queries.tables import PeriodTable, opened_periods, table_of, tables_of
from seminar.statistics.rules import RETURN_STATE_LABELS
from seminar.statistics.rules.consolidation import Asked, Reading, reckoning_of
from seminar.statistics.views import PERIOD, STATISTICS, bp, reads_statistics

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF, CSV = "application/pdf", "text/csv; charset=utf-8"


def file(content: bytes, kind: str, name: str, *, inline: bool = False) -> Response:
    """A file to keep, or to look at; never in a cache."""
    answer = Response(content, content_type=kind)
    answer.headers["Content-Disposition"] = f'{"inline" if inline else "attachment"}; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _table(slug: str, period_id: int) -> tuple[Seminar, PeriodTable]:
    seminar = plans.seminar_or_404(slug)
    return seminar, table_of(seminar, queries.period_or_404(seminar, period_id))


def _name(table: PeriodTable, ending: str) -> str:
    return f"bieu-tong-hop-{table.slug}-{table.period.sheet.code}-{table.period.id}.{ending}"


@bp.get(f"{STATISTICS}/table")
@reads_statistics
def table_index(slug: str) -> Any:
    """Of each period that was opened; where there is only one, its table."""
    seminar = plans.seminar_or_404(slug)
    periods = opened_periods(seminar)
    if len(periods) == 1:
        return redirect(url_for("statistics.table", slug=slug, period_id=periods[0].id), 303)
    return render_template("statistics/tables.html", seminar=seminar, tables=tables_of(seminar, periods))


@bp.get(f"{PERIOD}/table")
@reads_statistics
def table(slug: str, period_id: int) -> Any:
    seminar, found = _table(slug, period_id)
    by_rows = request.args.get("by") == "rows"
    charts = drawings.charts_of(found)
    return render_template(
        "statistics/table.html",
        seminar=seminar,
        table=found,
        moment=now(),
        by_rows=by_rows,
        headings=tables.headings(found.definition, found.definition.layout.row_heading),
        unit_headings=tables.headings(found.definition, "TT", "Đơn vị", found.definition.layout.row_heading),
        row_headings=tables.headings(found.definition, "TT", "Đơn vị"),
        province=tables.province(found),
        parts=list(tables.rows(found) if by_rows else tables.units(found)),
        extracts=tables.extracts(found),
        charts=[(chart, chart_svg(chart, f"chart-{number}")) for number, chart in enumerate(charts, 1)],
        states=RETURN_STATE_LABELS,
        periods=opened_periods(seminar),
    )


@bp.get(f"{PERIOD}/units")
@reads_statistics
def table_units(slug: str, period_id: int) -> Any:
    """The units of which something counts, or with `which=missing` those of which nothing does."""
    seminar, found = _table(slug, period_id)
    is_missing = request.args.get("which") == "missing"
    return render_template(
        "statistics/units.html",
        seminar=seminar,
        table=found,
        is_missing=is_missing,
        units=found.missing if is_missing else found.accepted,
        states=RETURN_STATE_LABELS,
    )


@bp.get(f"{PERIOD}/table.pdf")
@reads_statistics
def table_pdf(slug: str, period_id: int) -> Response:
    seminar, found = _table(slug, period_id)
    return file(consolidated.table_pdf(seminar, found, now()), PDF, _name(found, "pdf"), inline=True)


@bp.get(f"{PERIOD}/table.docx")
@reads_statistics
def table_document(slug: str, period_id: int) -> Response:
    seminar, found = _table(slug, period_id)
    return file(consolidated.table_docx(seminar, found, now()), WORD, _name(found, "docx"))


@bp.get(f"{PERIOD}/table.xlsx")
@reads_statistics
def table_workbook(slug: str, period_id: int) -> Response:
    from seminar.statistics.documents import tables_book

    _, found = _table(slug, period_id)
    return file(tables_book.table_workbook(found, now()), WORKBOOK, _name(found, "xlsx"))


@bp.get(f"{PERIOD}/table.csv")
@reads_statistics
def table_cells(slug: str, period_id: int) -> Response:
    """Every cell that counts in a line of its own."""
    _, found = _table(slug, period_id)
    return file(consolidated.table_csv(found), CSV, _name(found, "csv"))


@bp.get(f"{PERIOD}/figure")
@reads_statistics
def figure(slug: str, period_id: int) -> Any:
    """One figure: how it is made, and the cells of each unit that it is made of. Which one says the query."""
    seminar, found = _table(slug, period_id)
    if "key" not in request.args:
        return redirect(url_for("statistics.table", slug=slug, period_id=period_id), 303)
    if "groups" in request.args:
        found = found.groups or abort(404)
    asked = _asked()
    unit_id = whole(request.args["unit"]) if "unit" in request.args else None
    if reckoning_of(found.definition, asked) is None:
        abort(404)
    if "unit" in request.args and all(unit.id != unit_id for unit in found.units):
        abort(404)
    return render_template(
        "statistics/figure.html",
        seminar=seminar,
        table=found,
        figure=figure_of(found, asked, unit_id),
        shown=tables.shown(found, asked, unit_id),
        states=RETURN_STATE_LABELS,
    )


def _asked() -> Asked:
    reading = request.args.get("reading", Reading.VALUE.value)
    if reading not in set(Reading):
        abort(404)
    return Asked(request.args.get("row", ""), request.args.get("key", ""), Reading(reading), request.args.get("of", ""))
