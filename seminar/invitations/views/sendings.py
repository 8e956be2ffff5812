"""Sendings: the letter or a reminder by mail, counted and confirmed before it leaves."""

from typing import Any
from urllib.parse import urlencode

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import ngettext

from seminar.access.guard import has_role, staff_actor
from seminar.access.roles import Role
from seminar.delegates import queries as delegates
from seminar.invitations import actions, documents, messages, queries
from seminar.invitations.forms import SendingForm
from seminar.invitations.queries import State
from seminar.invitations.views import base_url, bp, writes
from seminar.lib.clock import now
from seminar.lib.database import db, reading
from seminar.lib.errors import Refused
from seminar.lib.language import say
from seminar.planning import queries as plans
from seminar.planning.models import Seminar

WHO = {"not_sent": (State.NOT_SENT,), "everybody": (State.INVITED,), "no_answer": (State.NO_ANSWER,)}
"""Whom a sending reaches; those without an answer get a reminder, the others the invitation."""


def _choice(seminar: Seminar, values: Any) -> tuple[str, str]:
    """(who, code of the group or nothing) as asked for; what is unknown falls back to the first choice."""
    who, group = values.get("who", ""), values.get("group", "")
    known = {one.code for one in plans.groups_of(seminar)}
    return who if who in WHO else "not_sent", group if group in known else ""


def show_sendings(seminar: Seminar, who: str, group: str, refusal: str = "") -> str:
    states = WHO[who]
    chosen = delegates.matching(seminar, delegates.Wanted(group=group))
    listing = url_for("invitations.answers", slug=seminar.slug)

    def counted(*more: State) -> tuple[int, str]:
        wanted = [("state", state.value) for state in (*states, *more)] + ([("group", group)] if group else [])
        return delegates.counted(queries.with_state(chosen, *states, *more)), f"{listing}?{urlencode(wanted)}"

    return render_template(
        "invitations/sendings.html",
        seminar=seminar,
        who=who,
        group=group,
        groups=plans.groups_of(seminar),
        with_email=counted(State.HAS_EMAIL),
        without_email=counted(State.NO_EMAIL),
        waiting=delegates.counted(queries.with_state(chosen, State.TO_INVITE)),
        waiting_href=f"{listing}?{urlencode([('state', 'to_invite')] + ([('group', group)] if group else []))}",
        refusal=refusal,
        has_server=bool(current_app.config["SEMINAR"].mail_server),
        may_send=has_role(Role.ADMIN, Role.OFFICE),
    )


@bp.get("/seminars/<slug>/sendings")
@writes
def sendings(slug: str) -> Any:
    seminar = plans.seminar_or_404(slug)
    return show_sendings(seminar, *_choice(seminar, request.args))


@bp.post("/seminars/<slug>/sendings")
@writes
def send(slug: str) -> Any:
    """Composes outside of the writing transaction; sends only what the sender saw counted, to the person."""
    form = SendingForm(request.form)
    moment = now()
    with reading():
        seminar = plans.seminar_or_404(slug)
        who, group = _choice(seminar, request.form)
        purpose = queries.REMINDS if who == "no_answer" else queries.INVITES
        chosen = queries.invitations_in_force(seminar, *WHO[who], group_codes=[group] if group else [])
        mails = messages.composed(chosen, base_url(), purpose)
        seen_now = (len(mails), len(chosen) - len(mails))
    seminar = plans.seminar_or_404(slug)
    try:
        if not form.validate() or seen_now != (form.seen_count.data, form.seen_without.data):
            raise Refused("Meanwhile the numbers changed, nothing was sent: look at them again and confirm.")
        still = queries.invitations_in_force(seminar, *WHO[who], group_codes=[group] if group else [])
        if {one.id for one in still if documents.bearer_email(one)} != {mail.invitation_id for mail in mails}:
            raise Refused("Meanwhile the numbers changed, nothing was sent: look at them again and confirm.")
        act = actions.remind if purpose == queries.REMINDS else actions.send_invitations
        batch = act(seminar, mails, staff_actor(), moment)
    except Refused as refusal:
        db.session.rollback()
        with reading():
            return show_sendings(plans.seminar_or_404(slug), who, group, say(refusal.message)), 422
    db.session.commit()
    flash(ngettext("%(num)d message is in the outbox.", "%(num)d messages are in the outbox.", len(mails)), "success")
    return redirect(url_for("mail.outbox", slug=slug, batch=batch), 303)
