"""The list of delegates: looked through, moved into groups, taken out as a file."""

from math import ceil
from typing import Any

from flask import Response, flash, redirect, render_template, request

from seminar.access.guard import has_role, only, staff_actor
from seminar.access.roles import Role
from seminar.delegates import actions, documents, queries
from seminar.delegates.queries import PAGE_SIZE, Wanted
from seminar.delegates.views import bp, writers
from seminar.lib import htmx
from seminar.lib.clock import now
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.language import ngettext, say
from seminar.lib.numbers import whole
from seminar.lib.paging import page_asked
from seminar.planning import queries as plans
from seminar.planning.models import AUDIENCE_LABELS

WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/delegates")
@only(Role.ADMIN, Role.OFFICE, Role.SECRETARY)
def listing(slug: str) -> Any:
    """Telephone and e-mail are shown to those who write to people; searching is the same for all."""
    seminar = plans.seminar_or_404(slug)
    wanted = Wanted.from_args(request.args)
    query = queries.matching(seminar, wanted)
    total = queries.counted(query)
    page = min(page_asked(), max(1, ceil(total / PAGE_SIZE)))
    shown = {
        "seminar": seminar,
        "wanted": wanted,
        "rows": queries.page_of(queries.ordered(query, wanted.order, wanted.search), page),
        "total": total,
        "page": page,
        "pages": ceil(total / PAGE_SIZE),
        "may_write": has_role(Role.OFFICE, Role.ADMIN),
        "groups": plans.groups_of(seminar),
    }
    if htmx.wants_fragment():
        return htmx.varied(render_template("delegates/_list.html", **shown))
    return htmx.varied(
        render_template(
            "delegates/listing.html",
            units=plans.units_on(seminar.held_on),
            audiences=AUDIENCE_LABELS,
            **shown,
        )
    )


@bp.post("/delegates/group")
@writers
def regroup(slug: str) -> Any:
    """Moves the ticked rows of the page into one group, and comes back to the same page of the list."""
    seminar = plans.seminar_or_404(slug)
    group = plans.group_by_code(seminar, request.form.get("to", ""))
    ids = [number for text in request.form.getlist("delegate") if (number := whole(text))]
    try:
        if group is None:
            raise Refused("Choose a group.")
        if not ids:
            raise Refused("Tick the delegates to move.")
        count = actions.regroup_delegates(seminar, queries.chosen(seminar, ids), group, staff_actor(), now())
    except Refused as refusal:
        db.session.rollback()
        flash(say(refusal.message), "danger")
        answer = listing(slug)
        answer.status_code = 422
        return answer
    db.session.commit()
    told = ngettext(
        "%(num)d delegate moved to %(group)s.", "%(num)d delegates moved to %(group)s.", count, group=group.name
    )
    flash(told, "success")
    return redirect(f"/seminars/{slug}/delegates?{request.query_string.decode()}", 303)


@bp.get("/delegates.xlsx")
@writers
def export_workbook(slug: str) -> Any:
    seminar = plans.seminar_or_404(slug)
    content = documents.list_workbook(queries.everyone(seminar, Wanted.from_args(request.args)))
    return _file(content, WORKBOOK_TYPE, f"dai-bieu-{seminar.slug}.xlsx")


@bp.get("/delegates.csv")
@writers
def export_csv(slug: str) -> Any:
    seminar = plans.seminar_or_404(slug)
    content = documents.list_csv(queries.everyone(seminar, Wanted.from_args(request.args)))
    return _file(content, "text/csv; charset=utf-8", f"dai-bieu-{seminar.slug}.csv")


def _file(content: bytes, kind: str, name: str) -> Response:
    answer = Response(content, content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
