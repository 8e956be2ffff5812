"""The board of the office: quotas, names, answers and what is late, by group and by unit, with the rows behind it."""

from typing import Any
from urllib.parse import urlencode

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from seminar.access.guard import only, staff_actor
from seminar.access.roles import Role
from seminar.delegates import actions as delegate_actions
from seminar.delegates import queries as delegates
from seminar.delegates.queries import PAGE_SIZE, Wanted, counted
from seminar.invitations.queries import STATE_LABELS, State
from seminar.lib.clock import now
from seminar.lib.database import db, reading
from seminar.lib.errors import Refused
from seminar.lib.language import say
from seminar.lib.numbers import whole
from seminar.lib.paging import page_asked
from seminar.planning import queries as plans
from seminar.planning.rules import due_at
from seminar.portal import queries
from seminar.portal.queries.places import OF_A_UNIT, PLACE_STATE_LABELS, PlaceState
from seminar.portal.views import bp

office = only(Role.ADMIN, Role.OFFICE)


@bp.get("/seminars/<slug>/board")
@office
def board(slug: str) -> Any:
    """Counts people, or with `count=memberships` memberships; `group` and `only=behind` narrow the table of units."""
    seminar = plans.seminar_or_404(slug)
    in_memberships = request.args.get("count") == "memberships"
    group = request.args.get("group", "")[:16]
    only_behind = request.args.get("only") == "behind"
    here = url_for("portal.board", slug=slug)
    said = {
        "count": "memberships" if in_memberships else "",
        "group": group,
        "only": "behind" if only_behind else "",
    }

    def href(**changes: str) -> str:
        """The address of the board, seen in another way."""
        query = urlencode({name: value for name, value in (said | changes).items() if value})
        return f"{here}?{query}" if query else here

    return render_template(
        "portal/board.html",
        seminar=seminar,
        seen=queries.board_of(seminar, now(), in_memberships, group),
        in_memberships=in_memberships,
        group=group,
        only_behind=only_behind,
        here=here,
        href=href,
        due_at=due_at,
        State=State,
        PlaceState=PlaceState,
    )


@bp.get("/seminars/<slug>/board/places")
@office
def places(slug: str) -> Any:
    """The places of a group, of a unit (or of all units), in a state."""
    return _places_page(slug)


def _places_page(slug: str, refused: int = 0, refusal: str = "") -> str:
    """`refused` is the place that could not be given to another unit, and why."""
    seminar = plans.seminar_or_404(slug)
    wanted = Wanted.from_args(request.args)
    text = request.args.get("state", "")
    state = PlaceState(text) if text in set(PlaceState) else None
    of_units = request.args.get("unit") == OF_A_UNIT
    chosen = queries.places(seminar, wanted.group, OF_A_UNIT if of_units else wanted.unit_id, state)
    total = counted(chosen)
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(page_asked(), pages)
    here = url_for("portal.places", slug=slug)
    said = {"state": text, "group": wanted.group, "unit": request.args.get("unit", "")}
    return render_template(
        "portal/places.html",
        seminar=seminar,
        rows=queries.place_rows(chosen, page, PAGE_SIZE),
        total=total,
        page=page,
        pages=pages,
        wanted=wanted,
        state=state,
        of_units=of_units,
        OF_A_UNIT=OF_A_UNIT,
        labels=PLACE_STATE_LABELS,
        groups=plans.groups_of(seminar),
        units=plans.units_on(seminar.held_on),
        here=here,
        query=request.query_string.decode(),
        href=_pages(here, said),
        PlaceState=PlaceState,
        refused=refused,
        refusal=refusal,
    )


@bp.post("/seminars/<slug>/board/places/<int:place_id>/unit")
@office
def give_place(slug: str, place_id: int) -> Any:
    """A place that its unit does not use goes to another unit."""
    seminar = plans.seminar_or_404(slug)
    place = delegates.place_or_404(seminar, place_id)
    try:
        unit_id = whole(request.form.get("unit", ""))
        if unit_id is None:
            raise Refused("Choose the unit that gets the place.")
        unit = plans.unit_or_404(unit_id)
        delegate_actions.give_place(seminar, place, unit, staff_actor(), now())
    except Refused as refusal:
        db.session.rollback()
        with reading():
            return _places_page(slug, place_id, say(refusal.message)), 422
    told = _("%(unit)s has the place now.", unit=unit.name)
    db.session.commit()
    flash(told, "success")
    return redirect(f"{url_for('portal.places', slug=slug)}?{request.query_string.decode()}", 303)


@bp.get("/seminars/<slug>/board/memberships")
@office
def memberships(slug: str) -> Any:
    """Memberships ("lượt"): whoever is in two groups stands here twice."""
    seminar = plans.seminar_or_404(slug)
    wanted = Wanted.from_args(request.args)
    text = request.args.get("state", "")
    state = State(text) if text in set(State) else None
    chosen = queries.memberships(seminar, state, wanted.group, wanted.unit_id)
    total = counted(chosen)
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(page_asked(), pages)
    said = {"state": text, "group": wanted.group, "unit": request.args.get("unit", "")}
    return render_template(
        "portal/memberships.html",
        seminar=seminar,
        rows=queries.membership_rows(chosen, page, PAGE_SIZE),
        total=total,
        page=page,
        pages=pages,
        state=state,
        labels=STATE_LABELS,
        href=_pages(url_for("portal.memberships", slug=slug), said),
        person=f"/seminars/{seminar.slug}/delegates/",
    )


def _pages(here: str, said: dict[str, str]) -> Any:
    """The address of a page of the list by its number."""
    chosen = {name: value for name, value in said.items() if value}
    return lambda number: f"{here}?{urlencode(chosen | {'page': number})}"
