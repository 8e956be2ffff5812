"""The boards of the day: an index, the important guests, the MC's list, the welcome screen of the projector."""

from datetime import datetime, timedelta
from typing import Any

from flask import Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from seminar.access.guard import by_screen_link, has_role, only, staff_actor
from seminar.access.roles import Role
from seminar.agenda.queries import sittings_of
from seminar.agenda.rules import sitting_at
from seminar.checkin import queries
from seminar.checkin.actions import boards as actions
from seminar.checkin.queries import boards
from seminar.checkin.views import bp
from seminar.checkin.views.staff import READERS
from seminar.delegates.queries import delegate_or_404
from seminar.lib import clock, codes, htmx
from seminar.lib.clock import now
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.language import say
from seminar.lib.limits import guesses
from seminar.lib.numbers import whole
from seminar.planning.models import Audience, Seminar
from seminar.planning.queries import groups_of, hold_seminar, seminar_or_404

MEETERS = (Role.OFFICE, Role.RECEPTION)
SCREEN_SHOWS = 8
"""How many of the last arrivals take turns on the screen."""
SCREEN_NAMES_FOR = timedelta(hours=12)
"""After that an address that somebody kept names nobody any more."""


def sitting_shown(seminar: Seminar) -> tuple[list[Any], Any]:
    """(all sittings, the one that the board is about): the one asked for, else the one that is on or comes next."""
    sittings = sittings_of(seminar.id)
    wanted = request.args.get("sitting", "")
    found = next((sitting for sitting in sittings if str(sitting.id) == wanted), None)
    if found is None:
        on = sitting_at([(sitting.starts_at, sitting.ends_at) for sitting in sittings], now())
        found = sittings[on] if on is not None else None
    return sittings, found


@bp.get("/seminars/<slug>/day")
@only(*READERS, Role.ADMIN)
def day(slug: str) -> Any:
    """Where the boards of the day are; each visitor sees those that open for them."""
    seminar = seminar_or_404(slug)
    return render_template("checkin/boards/day.html", seminar=seminar, work=queries.desk_work(seminar.id))


# --- important guests


@bp.get("/seminars/<slug>/important-guests")
@only(*READERS)
def guests(slug: str) -> Any:
    seminar = seminar_or_404(slug)
    sittings, sitting = sitting_shown(seminar)
    template = "checkin/boards/_guests.html" if htmx.wants_fragment() else "checkin/boards/guests.html"
    return htmx.varied(
        render_template(
            template,
            seminar=seminar,
            sittings=sittings,
            sitting=sitting,
            guests=boards.important_guests(seminar.id, sitting.id if sitting else None),
            may_meet=has_role(*MEETERS),
            address=request.full_path,
            moment=now(),
        )
    )


@bp.post("/seminars/<slug>/important-guests/<int:delegate_id>/greeting")
@only(*MEETERS)
def greet(slug: str, delegate_id: int) -> Any:
    seminar = seminar_or_404(slug)
    delegate = delegate_or_404(seminar, delegate_id)
    greeting, is_new = actions.greet(delegate, request.form.get("met_by", ""), staff_actor(), now())
    said = {"name": delegate.name, "who": greeting.met_by, "time": clock.short_time(greeting.at)}
    db.session.commit()
    if is_new:
        flash(_("%(name)s: met by %(who)s.", **said), "success")
    else:
        flash(_("%(name)s had been met by %(who)s at %(time)s; that stands.", **said), "info")
    return redirect(url_for("checkin.guests", slug=slug), 303)


@bp.post("/seminars/<slug>/important-guests/<int:delegate_id>/greeting/reversal")
@only(*MEETERS)
def take_back_greeting(slug: str, delegate_id: int) -> Any:
    seminar = seminar_or_404(slug)
    actions.take_back_greeting(delegate_or_404(seminar, delegate_id), staff_actor(), now())
    db.session.commit()
    flash(_("Taken back."), "success")
    return redirect(url_for("checkin.guests", slug=slug), 303)


# --- introductions


def _since(text: str, moment: datetime) -> datetime | None:
    """The last time the clock showed hh:mm, from the beginning of the minute; None for what is no time."""
    try:
        wall = datetime.strptime(text.strip().replace("h", ":").replace("g", ":"), "%H:%M").time()
    except ValueError:
        return None
    found = clock.from_local(clock.local(moment).date(), wall.hour, wall.minute)
    return found if found <= moment else found - timedelta(days=1)


@bp.get("/seminars/<slug>/introductions")
@only(*READERS)
def introductions(slug: str) -> Any:
    """Those present as the MC reads them; printed as it is. `since` leaves those who were on an earlier print."""
    seminar = seminar_or_404(slug)
    sittings, sitting = sitting_shown(seminar)
    groups, moment = groups_of(seminar), now()
    wanted = request.args.get("since", "")[:8]
    since = _since(wanted, moment) if wanted else None
    by_name = boards.introduced_by_name(seminar, groups)
    template = "checkin/boards/_introductions.html" if htmx.wants_fragment() else "checkin/boards/introductions.html"
    return htmx.varied(
        render_template(
            template,
            seminar=seminar,
            sittings=sittings,
            sitting=sitting,
            groups=groups,
            by_name=by_name,
            unassigned={group.code for group in groups if group.audience == Audience.UNASSIGNED},
            wanted=wanted,
            since=since,
            lines=boards.introductions(seminar.id, sitting.id if sitting else None, by_name, since),
            may_choose=has_role(Role.OFFICE),
            address=request.full_path,
            moment=moment,
        )
    )


@bp.post("/seminars/<slug>/introductions/groups")
@only(Role.OFFICE)
def choose_introduced(slug: str) -> Any:
    seminar = seminar_or_404(slug)
    hold_seminar(seminar.id)
    db.session.refresh(seminar)
    actions.choose_introduced(seminar, groups_of(seminar), request.form.getlist("groups"), staff_actor(), now())
    db.session.commit()
    flash(_("Saved."), "success")
    return redirect(url_for("checkin.introductions", slug=slug), 303)


# --- the welcome screen


@bp.get("/seminars/<slug>/welcome-screen")
@only(Role.OFFICE)
def welcome(slug: str) -> Any:
    return _welcome_page(seminar_or_404(slug))


def _welcome_page(seminar: Seminar, error: str = "") -> str:
    screen, groups = boards.screen_of(seminar), groups_of(seminar)
    base = current_app.config["SEMINAR"].base_url
    return render_template(
        "checkin/boards/welcome.html",
        seminar=seminar,
        screen=screen,
        groups=groups,
        chosen=request.form.getlist("groups") if error else screen.groups if screen else _guest_groups(groups),
        seconds=request.form.get("seconds", "") if error else screen.seconds if screen else 10,
        error=error,
        least=actions.SECONDS_SHOWN[0],
        most=actions.SECONDS_SHOWN[1],
        link=f"{base}{url_for('checkin.welcome_screen', code=screen.code)}" if screen else "",
    )


def _guest_groups(groups: list[Any]) -> list[str]:
    return [group.code for group in groups if group.audience == "guest"]


@bp.post("/seminars/<slug>/welcome-screen")
@only(Role.OFFICE)
def set_welcome(slug: str) -> Any:
    seminar = seminar_or_404(slug)
    seconds = whole(request.form.get("seconds", "").strip())
    try:
        actions.set_screen(
            seminar, groups_of(seminar), request.form.getlist("groups"), seconds, staff_actor(), now()
        )  # fmt: skip
    except Refused as refusal:
        db.session.rollback()
        return _welcome_page(seminar_or_404(slug), say(refusal.message)), 422
    db.session.commit()
    flash(_("Saved."), "success")
    return redirect(url_for("checkin.welcome", slug=slug), 303)


@bp.post("/seminars/<slug>/welcome-screen/renewal")
@only(Role.OFFICE)
def renew_welcome(slug: str) -> Any:
    seminar = seminar_or_404(slug)
    try:
        actions.renew_screen(seminar, staff_actor(), now())
    except Refused as refusal:
        db.session.rollback()
        return _welcome_page(seminar_or_404(slug), say(refusal.message)), 422
    db.session.commit()
    flash(_("The screen has a new address; the old one shows nothing any more."), "success")
    return redirect(url_for("checkin.welcome", slug=slug), 303)


@bp.get("/w/<code>")
@by_screen_link
@guesses
def welcome_screen(code: str) -> Any:
    """The projector's page: no menu, nothing to press, no names but those of the groups chosen."""
    screen = boards.screen_by_code(code) if codes.is_link_code(code) else None
    if screen is None:
        abort(404)
    if screen.ended_at:
        abort(Response(render_template("checkin/boards/ended.html"), 410))
    moment = now()
    _sittings, sitting = sitting_shown(screen.seminar)
    sitting_id = sitting.id if sitting else None
    came = boards.just_arrived(screen.seminar_id, sitting_id, SCREEN_SHOWS, screen.groups)
    inside = [one for one in came if not one.left_at and one.arrived_at and moment - one.arrived_at < SCREEN_NAMES_FOR]
    template = "checkin/boards/_welcome.html" if htmx.wants_fragment() else "checkin/boards/screen.html"
    return htmx.varied(
        render_template(
            template,
            seminar=screen.seminar,
            arrived=inside,
            large=boards.named_now(inside, screen.seconds, moment),
            present=boards.present_count(screen.seminar_id, sitting_id),
            code=code,
            moment=moment,
        )
    )
