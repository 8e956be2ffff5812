"""The personal page of a delegate: opened by the code in the letter, the mail or the QR; no account.

A GET changes nothing, because mail scanners and Zalo previews open links. The page says whose it is.
"""

from typing import Any

from flask import Response, abort, current_app, flash, redirect, render_template, request
from flask_babel import gettext as _

from seminar.access.guard import by_personal_link
from seminar.invitations import actions as inviting
from seminar.invitations import documents as letters
from seminar.invitations import queries as invitations
from seminar.invitations.messages.calendar import calendar_ics
from seminar.invitations.models import Answer, Invitation, ProxyOutcome
from seminar.lib import codes, qr
from seminar.lib.clock import now
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.language import say
from seminar.lib.limits import guesses
from seminar.planning import queries as plans
from seminar.planning import rules as plan_rules
from seminar.portal.forms import AnswerForm, FloorForm, PaperDetailsForm, PaperForm, ProxyForm
from seminar.portal.queries.floor import floor_part
from seminar.portal.queries.programme import programme_part
from seminar.portal.uploads import Sender, paper_part
from seminar.portal.views import bp
from seminar.reports.queries.proceedings import has_published


def base_url() -> str:
    return current_app.config["SEMINAR"].base_url


def find_invitation(code: str) -> Invitation:
    """The invitation of the code: 404 for a stranger, 410 with the office's telephone where it opens nothing any more:
    revoked, or its holder is no longer on the list.
    """
    invitation = invitations.invitation_by_code(code) if codes.is_link_code(code) else None
    if invitation is None:
        abort(404)
    delegate = invitation.delegate
    if invitation.revoked_at or delegate.removed_at:
        newer = None if delegate.removed_at else invitations.in_force_of(delegate)
        page = render_template(
            "portal/revoked.html",
            seminar=delegate.seminar,
            is_removed=bool(delegate.removed_at),
            has_proxy=bool(newer and newer.proxy_id),
            is_withdrawn=newer is None,
        )
        abort(Response(page, 410))
    return invitation


def sender_of(invitation: Invitation) -> Sender:
    delegate = invitation.delegate
    by = inviting.delegate_actor(invitation)
    return Sender(f"/i/{invitation.code}", delegate.seminar, by, delegate=delegate)


def show(
    invitation: Invitation,
    status: int = 200,
    paper_form: PaperForm | None = None,
    details: tuple[int, PaperDetailsForm] | None = None,
    **forms: Any,
) -> Any:
    delegate = invitation.delegate
    seminar = delegate.seminar
    rsvp = invitations.current_rsvp(delegate)
    deadline = plans.milestone(seminar, "answers")
    proxies = invitations.proxies_of_delegate(delegate)
    page = {
        "answer_form": AnswerForm(answer=rsvp.answer if rsvp else None, reason=rsvp.reason if rsvp else ""),
        "proxy_form": ProxyForm(),
        "floor_form": FloorForm(seminar.topics),
    } | forms
    standing = programme_part(seminar, now(), delegate=delegate)
    return render_template(
        "portal/personal.html",
        invitation=invitation,
        delegate=delegate,
        seminar=seminar,
        rsvp=rsvp,
        is_changed=bool(invitations.says_otherwise([invitation], seminar)),
        answers_until=plan_rules.due_at(deadline) if deadline else None,
        answers_closed=plan_rules.is_closed(deadline),
        proxy=next((one for one in proxies if one.outcome is None), None),
        refused=proxies[0] if proxies and proxies[0].outcome == ProxyOutcome.REFUSED else None,
        **paper_part(sender_of(invitation), now(), paper_form, details),
        has_proceedings=has_published(seminar),
        **standing,
        **floor_part(delegate, standing["day"], now()),
        code=codes.grouped(invitation.code),
        base_url=base_url(),
        **page,
    ), status


@bp.get("/i/<code>")
@bp.get("/I/<code>", endpoint="personal_capitals")
@by_personal_link
@guesses
def personal(code: str) -> Any:
    return show(find_invitation(code))


@bp.post("/i/<code>/answer")
@by_personal_link
@guesses
def answer(code: str) -> Any:
    invitation = find_invitation(code)
    form = AnswerForm(request.form)
    try:
        if form.validate():
            given = Answer(form.answer.data)
            inviting.answer(
                invitation.delegate, given, form.reason.data or "", inviting.delegate_actor(invitation), now()
            )
            db.session.commit()
            flash(
                _("Thank you: your answer was recorded. You will come.")
                if given == Answer.ATTENDING
                else _("Thank you: your answer was recorded. You cannot come."),
                "success",
            )
            return redirect(f"/i/{code}#answer", 303)
    except Refused as refusal:
        db.session.rollback()
        form.answer.errors = [say(refusal.message)]
    return show(invitation, 422, answer_form=form)


@bp.post("/i/<code>/proxy")
@by_personal_link
@guesses
def propose_proxy(code: str) -> Any:
    invitation = find_invitation(code)
    form = ProxyForm(request.form)
    try:
        if form.validate():
            proxy = inviting.propose_proxy(
                invitation.delegate,
                form.name.data or "",
                form.position.data or "",
                form.phone.data or "",
                form.email.data or "",
                form.reason.data or "",
                inviting.delegate_actor(invitation),
                now(),
            )
            fresh = invitations.in_force_of(invitation.delegate)
            db.session.commit()
            if proxy.outcome:
                flash(_("%(name)s comes instead. Give this new page and its code to them.", name=proxy.name), "success")
            else:
                flash(_("The proposal was recorded. The office will decide and tell you."), "success")
            return redirect(f"/i/{fresh.code if fresh else code}#proxy", 303)
    except Refused as refusal:
        db.session.rollback()
        form.name.errors = [say(refusal.message)]
    return show(invitation, 422, proxy_form=form)


@bp.get("/i/<code>/letter.pdf")
@by_personal_link
@guesses
def letter(code: str) -> Any:
    invitation = find_invitation(code)
    content = letters.letters_pdf([invitation], base_url())
    return Response(
        content,
        mimetype="application/pdf",
        headers={"Content-Disposition": f'inline; filename="thu-{invitation.delegate.number}.pdf"'},
    )


@bp.get("/i/<code>/calendar.ics")
@by_personal_link
@guesses
def calendar(code: str) -> Any:
    invitation = find_invitation(code)
    return Response(
        calendar_ics(invitation, base_url()),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="toa-dam.ics"'},
    )


@bp.get("/i/<code>/qr.png")
@by_personal_link
@guesses
def picture(code: str) -> Any:
    invitation = find_invitation(code)
    return Response(qr.png(letters.qr_payload(base_url(), invitation.code)), mimetype="image/png")
