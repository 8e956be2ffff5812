"""Pages of the statistics for the office, and what the unit's page shows of them."""

from flask import Blueprint

from seminar.access.guard import only
from seminar.access.roles import Role
from seminar.statistics import models as models

bp = Blueprint("statistics", __name__)

reads_statistics = only(Role.OFFICE, Role.SECRETARY, Role.VIEWER)
writes_statistics = only(Role.OFFICE)
STATISTICS = "/seminars/<slug>/statistics"
PERIOD = f"{STATISTICS}/periods/<int(max=2147483647):period_id>"


from seminar.statistics.views import (  # noqa: E402
    board,
    periods,
    reminders,
    returns,
    sheets,
    tables,
    target_figures,
    target_flags,
    target_shares,
    targets,
)

__all__ = [
    "PERIOD",
    "STATISTICS",
    "board",
    "bp",
    "periods",
    "reads_statistics",
    "reminders",
    "returns",
    "sheets",
    "tables",
    "target_figures",
    "target_flags",
    "target_shares",
    "targets",
    "writes_statistics",
]
