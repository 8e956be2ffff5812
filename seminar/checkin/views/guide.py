"""The volunteers' guide: one sheet, printed on both sides."""

from typing import Any

from flask import render_template

from seminar.access.guard import only
from seminar.checkin.views import bp
from seminar.checkin.views.staff import READERS
from seminar.planning.queries import seminar_or_404


@bp.get("/seminars/<slug>/desks/guide")
@only(*READERS)
def guide(slug: str) -> Any:
    return render_template("checkin/guide.html", seminar=seminar_or_404(slug))
