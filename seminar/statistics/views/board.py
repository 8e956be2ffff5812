"""The board of the returns: who has sent what, how late, and what waits for the office; many accepted at once."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from seminar.access.guard import has_role, staff_actor
from seminar.access.roles import Role
from seminar.lib.clock import now
from seminar.lib.database import db
from seminar.lib.language import ngettext
from seminar.lib.numbers import whole
from seminar.planning import queries as plans
from seminar.statistics import actions, queries
from seminar.statistics.queries.sheets import hold_sheet
from seminar.statistics.rules import RETURN_STATE_LABELS, ReturnState, read_definition
from seminar.statistics.rules.deadlines import holiday_of
from seminar.statistics.views import PERIOD, STATISTICS, bp, reads_statistics, writes_statistics


@bp.get(STATISTICS)
@reads_statistics
def board(slug: str) -> Any:
    seminar = plans.seminar_or_404(slug)
    units, columns = queries.board_of(seminar, now())
    return render_template(
        "statistics/board.html",
        seminar=seminar,
        units=units,
        columns=columns,
        states=RETURN_STATE_LABELS,
        owing=sum(any(column.cells[unit.id].is_owed for column in columns) for unit in units),
        may_write=has_role(Role.OFFICE),
    )


@bp.get(f"{PERIOD}/returns")
@reads_statistics
def returns_of_period(slug: str, period_id: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    period = queries.period_or_404(seminar, period_id)
    units, (column,) = queries.board_periods(seminar, [period], now())
    state, definition = request.args.get("state", ""), read_definition(period.sheet.definition)
    cells = [column.cells[unit.id] for unit in units]
    return render_template(
        "statistics/period_returns.html",
        seminar=seminar,
        period=period,
        cell_count=len(definition.columns) * len(definition.rows),
        column=column,
        shown=[cell for cell in cells if not state or cell.state == state or (state == "late" and cell.is_late)],
        state=state,
        counts={one: column.count(one) for one in ReturnState} | {"": len(cells), "late": column.late_count},
        holiday=holiday_of(period, plans.milestone(seminar, "returns")),
        states=RETURN_STATE_LABELS,
        may_write=has_role(Role.OFFICE),
    )


@bp.post(f"{PERIOD}/acceptances")
@writes_statistics
def accept_returns(slug: str, period_id: int) -> Any:
    """Those ticked; each by the version that the page showed, so that nothing unseen is accepted."""
    seminar = plans.seminar_or_404(slug)
    period = queries.period_or_404(seminar, period_id)
    hold_sheet(period.sheet)
    ticked = {number for text in request.form.getlist("version") if (number := whole(text)) is not None}
    versions = [version for one in queries.returns_of(period) for version in one.versions if version.id in ticked]
    count = actions.accept_returns(versions, staff_actor(), now())
    db.session.commit()
    if count:
        flash(ngettext("%(num)d return is accepted.", "%(num)d returns are accepted.", count), "success")
    if count < len(ticked):
        flash(_("Some were left as they are: something newer came, or they were ruled on meanwhile."), "warning")
    elif not ticked:
        flash(_("Tick what is to be accepted first."), "warning")
    return redirect(url_for("statistics.returns_of_period", slug=slug, period_id=period.id), 303)
