"""Answers: who comes, by state, group and unit."""

from typing import Any
from urllib.parse import urlencode

from flask import render_template, request, url_for
from sqlalchemy.orm import joinedload, selectinload

from seminar.access.actor import CHANNEL_LABELS
from seminar.access.guard import has_role
from seminar.access.roles import Role
from seminar.delegates import queries as delegates
from seminar.delegates.models import Delegate
from seminar.invitations import queries
from seminar.invitations.queries import STATE_LABELS, State
from seminar.invitations.views import LOOKS, bp, reads
from seminar.lib.paging import page_asked
from seminar.planning import queries as plans

CROSS_STATES = (
    *(State.EXCUSED, State.UNEXCUSED, State.LATE, State.ASKS_PROXY),
    *(State.NOT_SENT, State.NO_EMAIL, State.BOUNCED),
)
FILTERS = (
    *queries.PARTITION,
    State.INVITED,
    State.ANSWERED,
    *CROSS_STATES,
    State.HAS_EMAIL,
    State.TO_INVITE,
    State.NO_LETTER,
)
ROWS = 50


def _states(args: Any) -> list[State]:
    return [State(value) for value in dict.fromkeys(args.getlist("state")) if value in set(State)]


@bp.get("/seminars/<slug>/answers")
@reads
def answers(slug: str) -> Any:
    seminar = plans.seminar_or_404(slug)
    wanted = delegates.Wanted.from_args(request.args)
    states = _states(request.args)
    query = queries.with_state(delegates.matching(seminar, wanted), *states)
    letter = number_asked(request.args, "letter")
    if letter:
        query = queries.of_letter(query, letter)
    total = delegates.counted(query)
    pages = max(1, -(-total // ROWS))
    page = min(page_asked(), pages)
    eager = (joinedload(Delegate.unit), selectinload(Delegate.memberships))
    shown = delegates.page_of(delegates.ordered(query, wanted.order).options(*eager), page, ROWS)
    chosen = [(name, value) for name, value in request.args.items(multi=True) if name != "page" and value]
    here = url_for("invitations.answers", slug=slug)
    counts = queries.answer_counts(seminar)
    by_unit = queries.answer_counts_by_unit(seminar)
    return render_template(
        "invitations/answers.html",
        seminar=seminar,
        wanted=wanted,
        states=states,
        rows=queries.answer_rows(shown),
        total=total,
        page=page,
        pages=pages,
        href=lambda number: f"{here}?{urlencode([*chosen, ('page', number)])}",
        here=here,
        NO_UNIT=delegates.NO_UNIT,
        groups=plans.groups_of(seminar),
        units=plans.units_on(seminar.held_on),
        counts=counts,
        by_unit=by_unit,
        all=queries.summed(counts.values()),
        partition=queries.PARTITION,
        cross=CROSS_STATES,
        filters=FILTERS,
        labels=STATE_LABELS,
        looks=LOOKS,
        channels=CHANNEL_LABELS,
        person=f"/seminars/{seminar.slug}/delegates/",
        may_act=has_role(Role.ADMIN, Role.OFFICE),
    )


def number_asked(args: Any, name: str) -> int:
    """A whole number of the address, or 0."""
    text = args.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
