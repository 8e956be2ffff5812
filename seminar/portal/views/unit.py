"""The page of a unit, opened by its link: its quotas, who is named, its paper, what is missing and by when."""

from typing import Any

from flask import Response, abort, flash, redirect, render_template, request
from flask_babel import gettext as _

from seminar.access.actor import Actor, ActorKind
from seminar.access.guard import by_unit_link
from seminar.delegates import actions
from seminar.delegates import queries as delegates
from seminar.delegates.models import Delegate, Nomination
from seminar.delegates.rules import typed_person
from seminar.invitations.queries import STATE_LABELS, State
from seminar.lib import codes
from seminar.lib.clock import now
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.language import say
from seminar.lib.limits import guesses
from seminar.lib.numbers import whole
from seminar.planning import queries as plans
from seminar.planning.models import UnitLink
from seminar.planning.rules import due_at, is_closed, is_late
from seminar.portal import queries
from seminar.portal.forms import NominationForm, PaperDetailsForm, PaperForm
from seminar.portal.queries.programme import programme_part
from seminar.portal.uploads import Sender, paper_part
from seminar.portal.views import bp
from seminar.reports.queries.proceedings import has_published
from seminar.statistics.rules import RETURN_STATE_LABELS
from seminar.statistics.rules.targets import NeedKind, percent, short

LOOKS = {
    State.ATTENDING: ("success", "circle-check"),
    State.PROXIED: ("info", "user-share"),
    State.DECLINED: ("danger", "circle-x"),
    State.NO_ANSWER: ("warning", "clock"),
    State.NO_INVITATION: ("muted", "mail-off"),
}
"""Tone and icon (all of them in the sprite for the office's pages)."""


def find_link(code: str, *, held: bool = False) -> UnitLink:
    """404 for a stranger, 410 for a link that was replaced. `held`: it cannot end before what is done by it is stored."""
    link = plans.unit_link_by_code(code, held=held) if codes.is_link_code(code) else None
    if link is None:
        abort(404)
    if link.revoked_at:
        abort(Response(render_template("portal/revoked.html", seminar=link.seminar), 410))
    return link


def unit_actor(link: UnitLink) -> Actor:
    return Actor(ActorKind.UNIT, link.unit.name, link.unit.id)


def sender_of(link: UnitLink) -> Sender:
    return Sender(f"/u/{link.code}", link.seminar, unit_actor(link), unit=link.unit)


def show(
    link: UnitLink,
    status: int = 200,
    paper_form: PaperForm | None = None,
    details: tuple[int, PaperDetailsForm] | None = None,
    nomination: NominationForm | None = None,
) -> Any:
    """`nomination` is the form that was sent and is not right yet; the page has one for each place."""
    seminar, unit = link.seminar, link.unit
    seen = queries.unit_page(seminar, unit, now())
    problem = ""
    if nomination is not None:
        problem = next((str(error) for errors in nomination.errors.values() for error in errors), "")
        if nomination.place.data and not _is_free(seen, nomination):
            # Somebody was faster: what was typed is offered for the reserve list, so that nothing is lost.
            nomination.place.data, nomination.is_reserve.data = "", "1"

    def nomination_form(**said: Any) -> NominationForm:
        blank = NominationForm(data={name: str(value) for name, value in said.items() if value})
        return nomination if nomination and nomination.key == blank.key else blank

    return render_template(
        "portal/unit.html",
        link=link,
        seminar=seminar,
        unit=unit,
        seen=seen,
        problem=problem,
        due_at=due_at,
        is_late=is_late,
        is_closed=is_closed,
        **paper_part(sender_of(link), now(), paper_form, details),
        **programme_part(seminar, now(), unit=unit),
        has_proceedings=has_published(seminar),
        nomination_form=nomination_form,
        states=STATE_LABELS,
        looks=LOOKS,
        return_states=RETURN_STATE_LABELS,
        percent=percent,
        short=short,
        Need=NeedKind,
    ), status


def _is_free(seen: queries.UnitPage, form: NominationForm) -> bool:
    """The place that the form was for is still free."""
    places = [place for quota in seen.quotas for place in quota.places]
    return any(str(one.place.id) == form.place.data and one.holder is None and one.nomination is None for one in places)


@bp.get("/u/<code>")
@by_unit_link
@guesses
def unit_page(code: str) -> Any:
    return show(find_link(code))


@bp.post("/u/<code>/nominations")
@by_unit_link
@guesses
def name_delegate(code: str) -> Any:
    """Names somebody for a free place, instead of a delegate, on the reserve list, or corrects what waits."""
    link = find_link(code, held=True)
    seminar, unit = link.seminar, link.unit
    form = NominationForm(request.form)
    try:
        if form.validate():
            group = plans.group_by_code(seminar, form.group.data or "")
            if group is None:
                raise Refused("Choose a group.")
            before = _own_nomination(link, form.correcting.data)
            nomination = actions.nominate(
                seminar,
                group,
                unit,
                typed_person(
                    form.name.data,
                    form.position.data,
                    form.phone.data or (before.phone if before else ""),
                    form.email.data or (before.email if before else ""),
                    form.gender.data,
                    form.birth_year.data,
                    unit.id,
                    unit.name,
                ),
                unit_actor(link),
                now(),
                reason=form.reason.data or "",
                is_reserve=bool(form.is_reserve.data),
                instead_of=_own_delegate(link, form.instead_of.data),
                correcting=before,
                preferred_id=whole(form.place.data or ""),
            )
            told = _("%(name)s was named; the office will approve or return it.", name=nomination.name)
            if nomination.place_id is None:
                told = _("%(name)s is on the reserve list.", name=nomination.name)
            db.session.commit()
            flash(told, "success")
            return redirect(f"/u/{code}#{form.group.data}", 303)
    except Refused as refusal:
        db.session.rollback()
        wrong = next((name for name in ("phone", "email", "birth_year") if name in refusal.message.values), "name")
        form[wrong].errors = [say(refusal.message)]
    link = find_link(code)
    return show(link, 422, nomination=form)


@bp.post("/u/<code>/nominations/<int:nomination_id>/withdrawal")
@by_unit_link
@guesses
def withdraw_nomination(code: str, nomination_id: int) -> Any:
    link = find_link(code, held=True)
    nomination = _own_nomination(link, str(nomination_id))
    assert nomination is not None
    try:
        actions.withdraw_nomination(nomination, "", unit_actor(link), now())
    except Refused as refusal:
        db.session.rollback()
        flash(say(refusal.message), "danger")
        return show(find_link(code), 422)
    told = _("%(name)s is withdrawn.", name=nomination.name)
    group = nomination.group.code
    db.session.commit()
    flash(told, "success")
    return redirect(f"/u/{code}#{group}", 303)


def _own_nomination(link: UnitLink, text: str | None) -> Nomination | None:
    """None where none is said; 404 for another unit's."""
    if not text:
        return None
    nomination = delegates.nomination_or_404(link.seminar, whole(text) or 0)
    if nomination.unit_id != link.unit_id:
        abort(404)
    return nomination


def _own_delegate(link: UnitLink, text: str | None) -> Delegate | None:
    if not text:
        return None
    delegate = delegates.delegate_or_404(link.seminar, whole(text) or 0)
    if delegate.unit_id != link.unit_id:
        abort(404)
    return delegate
