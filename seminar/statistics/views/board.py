"""The board of the returns: who has sent what, how late, and what waits for the office."""

from typing import Any

from flask import render_template

from seminar.lib.clock import now
from seminar.planning import queries as plans
from seminar.statistics import queries
from seminar.statistics.rules import RETURN_STATE_LABELS
from seminar.statistics.views import STATISTICS, bp, reads_statistics


@bp.get(STATISTICS)
@reads_statistics
def board(slug: str) -> Any:
    seminar = plans.seminar_or_404(slug)
    units, columns = queries.board_of(seminar, now())
    return render_template(
        "statistics/board.html", seminar=seminar, units=units, columns=columns, states=RETURN_STATE_LABELS
    )
