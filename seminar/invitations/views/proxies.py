"""Requests that somebody else come: decided, told, taken back."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from seminar.access.actor import CHANNEL_LABELS
from seminar.access.guard import has_role, staff_actor
from seminar.access.roles import Role
from seminar.invitations import actions, messages, queries
from seminar.invitations.forms import DecisionForm, WithdrawalForm
from seminar.invitations.messages import Message
from seminar.invitations.models import PROXY_OUTCOME_LABELS, ProxyOutcome
from seminar.invitations.views import base_url, bp, reads, writes
from seminar.lib.clock import now
from seminar.lib.database import db, reading
from seminar.lib.errors import Refused
from seminar.lib.language import say
from seminar.planning import queries as plans
from seminar.planning.models import Seminar

PROXY = "/seminars/<slug>/proxies/<int(max=2147483647):proxy_id>"


def show_proxies(seminar: Seminar, refused: int = 0, refusal: str = "", note: str = "") -> str:
    found = queries.proxy_rows(seminar)
    return render_template(
        "invitations/proxies.html",
        seminar=seminar,
        waiting=[row for row in found if row.proxy.outcome is None],
        decided=[row for row in found if row.proxy.outcome is not None],
        refused=refused,
        refusal=refusal,
        note=note,
        outcomes=PROXY_OUTCOME_LABELS,
        channels=CHANNEL_LABELS,
        person=f"/seminars/{seminar.slug}/delegates/",
        prefix=f"/seminars/{seminar.slug}/proxies/",
        may_decide=has_role(Role.ADMIN, Role.OFFICE),
    )


@bp.get("/seminars/<slug>/proxies")
@reads
def proxies(slug: str) -> Any:
    return show_proxies(plans.seminar_or_404(slug))


def _again(slug: str, proxy_id: int, refusal: Refused, note: str = "") -> Any:
    """The page with what was typed and why not; nothing is written."""
    db.session.rollback()
    with reading():
        return show_proxies(plans.seminar_or_404(slug), proxy_id, say(refusal.message), note), 422


def _back(slug: str, done: str) -> Any:
    db.session.commit()
    flash(done, "success")
    return redirect(url_for("invitations.proxies", slug=slug), 303)


@bp.post(f"{PROXY}/decision")
@writes
def decide(slug: str, proxy_id: int) -> Any:
    proxy = queries.proxy_or_404(plans.seminar_or_404(slug), proxy_id)
    form = DecisionForm(request.form)
    note = form.note.data or ""
    try:
        if not form.validate():
            raise Refused("Choose: approve or refuse.")
        actions.decide_proxy(proxy, form.outcome.data == "approve", note, staff_actor(), now())
    except Refused as refusal:
        return _again(slug, proxy_id, refusal, note)
    if form.outcome.data == "approve":
        done = _("%(name)s may come instead and has an own code now: send or print the letter.", name=proxy.name)
    else:
        done = _("The request is refused: tell %(name)s, by mail or by telephone.", name=proxy.delegate.name)
    return _back(slug, done)


@bp.post(f"{PROXY}/withdrawal")
@writes
def withdraw(slug: str, proxy_id: int) -> Any:
    """The delegate comes in person after all; of an approved proxy the code ends."""
    proxy = queries.proxy_or_404(plans.seminar_or_404(slug), proxy_id)
    form = WithdrawalForm(request.form)
    try:
        if not form.validate():
            raise Refused("Write less: at most 250 characters.")
        actions.withdraw_proxy(proxy, form.reason.data or "", staff_actor(), now())
    except Refused as refusal:
        return _again(slug, proxy_id, refusal)
    if proxy.outcome == ProxyOutcome.APPROVED:
        done = _("%(name)s comes in person and has a new code: send or print the letter.", name=proxy.delegate.name)
    else:
        done = _("The request is withdrawn: %(name)s comes in person.", name=proxy.delegate.name)
    return _back(slug, done)


@bp.post(f"{PROXY}/sending")
@writes
def tell(slug: str, proxy_id: int) -> Any:
    """By mail: the letter to an approved proxy, or the refusal to the delegate. Composed before anything is written."""
    moment = now()
    with reading():
        seminar = plans.seminar_or_404(slug)
        proxy = queries.proxy_or_404(seminar, proxy_id)
        invitation = queries.in_force_of(proxy.delegate)
        is_refusal = proxy.outcome == ProxyOutcome.REFUSED
        mail: Message | None = None
        if invitation is not None and proxy.delegate.removed_at is None:
            if is_refusal and invitation.proxy_id is None:
                mail = messages.proxy_refusal(proxy, invitation, base_url())
            elif invitation.proxy_id == proxy.id:
                mail = next(iter(messages.composed([invitation], base_url(), now=moment)), None)
    seminar = plans.seminar_or_404(slug)
    try:
        if mail is None:
            raise Refused("Nothing can be sent: there is no e-mail address, or the code is no longer in force.")
        if is_refusal:
            actions.tell_refusal(seminar, mail, staff_actor(), moment)
        else:
            actions.send_invitations(seminar, [mail], staff_actor(), moment)
    except Refused as refusal:
        return _again(slug, proxy_id, refusal)
    return _back(slug, _("The message to %(name)s is in the outbox.", name=mail.to_name))
