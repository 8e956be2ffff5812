"""One delegate: what the office records on their behalf, their code, and what was handed over."""

from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from seminar.access.actor import CHANNEL_LABELS, Actor, Channel
from seminar.access.guard import staff_actor
from seminar.delegates import queries as delegates
from seminar.delegates.models import Delegate
from seminar.invitations import actions, queries
from seminar.invitations.forms import AnswerForm, DeliveryForm, ProxyForm, ReasonForm
from seminar.invitations.messages.phone import texts_of
from seminar.invitations.models import ANSWER_LABELS, PROXY_OUTCOME_LABELS, Answer, Purpose
from seminar.invitations.queries import STATE_LABELS
from seminar.invitations.views import LOOKS, base_url, bp, holds_codes, writes
from seminar.lib import codes
from seminar.lib.clock import from_local, now
from seminar.lib.database import db, reading
from seminar.lib.errors import Refused
from seminar.lib.language import say
from seminar.mail.models import PURPOSE_LABELS
from seminar.planning import queries as plans
from seminar.planning.models import Seminar

DELEGATE = "/seminars/<slug>/delegates/<int(max=2147483647):delegate_id>"


def show_delegate(seminar: Seminar, delegate: Delegate, status: int = 200, refusal: str = "", **forms: Any) -> Any:
    invitation = queries.in_force_of(delegate)
    told, before = queries.told_now(seminar), queries.last_told([invitation] if invitation else [])
    text = texts_of([invitation], base_url(), Purpose.INVITATION, "", before, told)[0] if invitation else None
    page = {
        "answer_form": AnswerForm(),
        "proxy_form": ProxyForm(),
        "reissue_form": ReasonForm(),
        "revoke_form": ReasonForm(),
        "delivery_form": DeliveryForm(),
    } | forms
    return render_template(
        "invitations/answer.html",
        seminar=seminar,
        delegate=delegate,
        invitation=invitation,
        texts=text,
        purposes=PURPOSE_LABELS,
        code=codes.grouped(invitation.code) if invitation else "",
        state=queries.state_of(invitation, queries.current_rsvp(delegate)),
        rsvps=queries.rsvps_of(delegate),
        history=queries.invitations_of(delegate),
        deliveries=queries.deliveries_of(delegate),
        proxy=queries.open_proxy_of(delegate),
        requests=queries.proxies_of_delegate(delegate),
        outcomes=PROXY_OUTCOME_LABELS,
        proxies=url_for("invitations.proxies", slug=seminar.slug),
        refusal=refusal,
        labels=STATE_LABELS,
        looks=LOOKS,
        channels=CHANNEL_LABELS,
        answer_labels=ANSWER_LABELS,
        here=f"/seminars/{seminar.slug}/delegates/{delegate.id}",
        **page,
    ), status


@bp.get(f"{DELEGATE}/answer")
@holds_codes
def answer_of(slug: str, delegate_id: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    return show_delegate(seminar, delegates.delegate_or_404(seminar, delegate_id))


def _act(slug: str, delegate_id: int, name: str, form: Any, act: Any, done: str) -> Any:
    """One action on one delegate: done and back to the page, or the page again with what was typed and why not."""
    seminar = plans.seminar_or_404(slug)
    delegate = delegates.delegate_or_404(seminar, delegate_id)
    problem = ""
    try:
        if form.validate():
            act(delegate)
            db.session.commit()
            flash(done, "success")
            return redirect(f"/seminars/{slug}/delegates/{delegate_id}", 303)
    except Refused as refusal:
        problem = say(refusal.message)
    db.session.rollback()
    with reading():
        seminar = plans.seminar_or_404(slug)
        delegate = delegates.delegate_or_404(seminar, delegate_id)
        return show_delegate(seminar, delegate, 422, problem, **{name: form})


def _for(delegate: Delegate, channel: str) -> Actor:
    return staff_actor().for_(delegate.name, Channel(channel))


def _told(form: AnswerForm | ProxyForm) -> dict[str, Any]:
    """Who told the office and when, where the form says so."""
    wall: datetime | None = form.told_at.data
    return {
        "at": from_local(wall.date(), wall.hour, wall.minute) if wall else None,
        "told_by": form.told_by.data or "",
    }


@bp.post(f"{DELEGATE}/answer")
@writes
def answer_for(slug: str, delegate_id: int) -> Any:
    form = AnswerForm(request.form)

    def act(delegate: Delegate) -> None:
        by = _for(delegate, form.channel.data)
        actions.answer(delegate, Answer(form.answer.data), form.reason.data or "", by, now(), **_told(form))

    return _act(slug, delegate_id, "answer_form", form, act, _("The answer is recorded."))


@bp.post(f"{DELEGATE}/proxy")
@writes
def propose_proxy_for(slug: str, delegate_id: int) -> Any:
    form = ProxyForm(request.form)

    def act(delegate: Delegate) -> None:
        actions.propose_proxy(
            delegate,
            form.name.data or "",
            form.position.data or "",
            form.phone.data or "",
            form.email.data or "",
            form.reason.data or "",
            _for(delegate, form.channel.data),
            now(),
            **_told(form),
        )

    return _act(slug, delegate_id, "proxy_form", form, act, _("The proposal is recorded."))


@bp.post(f"{DELEGATE}/invitation/reissue")
@writes
def reissue(slug: str, delegate_id: int) -> Any:
    form = ReasonForm(request.form)

    def act(delegate: Delegate) -> None:
        actions.reissue(delegate, form.reason.data or "", staff_actor(), now())

    done = _("There is a new code; the old one opens nothing any more.")
    return _act(slug, delegate_id, "reissue_form", form, act, done)


@bp.post(f"{DELEGATE}/invitation/revocation")
@writes
def revoke(slug: str, delegate_id: int) -> Any:
    form = ReasonForm(request.form)

    def act(delegate: Delegate) -> None:
        invitation = queries.in_force_of(delegate)
        if invitation is not None:  # twice is harmless
            actions.revoke(invitation, form.reason.data or "", staff_actor(), now())

    done = _("The invitation is revoked: its code opens nothing any more.")
    return _act(slug, delegate_id, "revoke_form", form, act, done)


@bp.post(f"{DELEGATE}/deliveries")
@writes
def hand_over(slug: str, delegate_id: int) -> Any:
    form = DeliveryForm(request.form)

    def act(delegate: Delegate) -> None:
        invitation = queries.in_force_of(delegate)
        if invitation is None:
            raise Refused("%(name)s has no invitation in force: issue a letter.", name=delegate.name)
        actions.hand_over(invitation, Channel(form.channel.data), form.note.data or "", staff_actor(), now())

    return _act(slug, delegate_id, "delivery_form", form, act, _("It is recorded that the invitation was handed over."))
