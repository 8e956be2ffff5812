"""A delegate in the hall asks for the floor from their own page, sees the place in the line, withdraws."""

from typing import Any

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _

from seminar.access.guard import by_personal_link
from seminar.agenda.queries import day
from seminar.invitations import actions as inviting
from seminar.lib import htmx
from seminar.lib.clock import now
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.language import say
from seminar.lib.limits import guesses
from seminar.minutes import actions, queries
from seminar.portal.forms import FloorForm
from seminar.portal.queries.floor import floor_part
from seminar.portal.views import bp
from seminar.portal.views.personal import find_invitation, show


@bp.get("/i/<code>/floor")
@by_personal_link
@guesses
def floor(code: str) -> Any:
    """The region alone, which asks anew while they wait."""
    invitation = find_invitation(code)
    if not htmx.wants_fragment():
        return redirect(f"/i/{code}#floor", 303)
    delegate, moment = invitation.delegate, now()
    part = floor_part(delegate, day(delegate.seminar, moment), moment)
    form = FloorForm(delegate.seminar.topics)
    return htmx.varied(render_template("portal/_floor.html", here=f"/i/{code}", floor_form=form, **part))


@bp.post("/i/<code>/floor")
@by_personal_link
@guesses
def ask_for_floor(code: str) -> Any:
    invitation = find_invitation(code)
    delegate = invitation.delegate
    seminar = delegate.seminar
    form = FloorForm(seminar.topics, request.form)
    try:
        if form.validate():
            topic = next((one for one in seminar.topics if one.id == form.topic.data), None)
            by = inviting.delegate_actor(invitation)
            made, is_new = actions.ask_for_floor(seminar, delegate, form.subject.data or "", topic, by, now())
            place = queries.place_of(made, seminar)
            db.session.commit()
            if is_new:
                flash(_("You have asked for the floor: place %(place)s in the line.", place=place), "success")
            else:
                flash(_("You wait for the floor already: place %(place)s in the line.", place=place), "info")
            return redirect(f"/i/{code}#floor", 303)
    except Refused as refusal:
        db.session.rollback()
        form.subject.errors = [say(refusal.message)]
    return show(invitation, 422, floor_form=form)


@bp.post("/i/<code>/floor/withdrawal")
@by_personal_link
@guesses
def withdraw_from_floor(code: str) -> Any:
    """Harmless where nothing waits any more."""
    invitation = find_invitation(code)
    waiting = queries.waiting_of(invitation.delegate.id)
    try:
        if waiting is not None:
            actions.withdraw_request(waiting, inviting.delegate_actor(invitation), now())
            db.session.commit()
        flash(_("You no longer wait for the floor."), "success")
    except Refused as refusal:
        db.session.rollback()
        flash(say(refusal.message), "danger")
    return redirect(f"/i/{code}#floor", 303)
