"""The programme: read by all of the staff who need it, changed and run by office and secretaries."""

from flask import Blueprint

from seminar.access.guard import only
from seminar.access.roles import Role

bp = Blueprint("agenda", __name__)

WRITERS = (Role.OFFICE, Role.SECRETARY)
reads_programme = only(*WRITERS, Role.REVIEWER, Role.VIEWER)
writes_programme = only(*WRITERS)
SITTING = "/seminars/<slug>/programme/sittings/<int(max=2147483647):sitting_id>"
ITEM = "/seminars/<slug>/programme/items/<int(max=2147483647):item_id>"
RUN = "/seminars/<slug>/programme/runs/<int(max=2147483647):run_id>"

from seminar.agenda.views import items, programme, running, shifts  # noqa: E402

__all__ = [
    "ITEM",
    "RUN",
    "SITTING",
    "WRITERS",
    "bp",
    "items",
    "programme",
    "reads_programme",
    "running",
    "shifts",
    "writes_programme",
]
