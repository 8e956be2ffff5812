"""Sendings: letter, reminder, notice or own text by mail, to whom the office chose; previewed, counted, confirmed."""

import hashlib
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask import Response, current_app, flash, redirect, render_template, request, url_for

from seminar.access.guard import staff_actor
from seminar.delegates import queries as delegates
from seminar.invitations import actions, documents, messages, queries, rules
from seminar.invitations.forms import SendingForm
from seminar.invitations.messages import LETTER_BYTES, MOST_LETTERS, Message, Wording
from seminar.invitations.models import Invitation, Purpose
from seminar.invitations.queries import STATE_LABELS, STATES_OF, Choice, State
from seminar.invitations.views import base_url, bp, choice_of, timely, writes
from seminar.lib import headers
from seminar.lib.clock import now
from seminar.lib.database import db, reading
from seminar.lib.errors import Refused
from seminar.lib.language import ngettext, say
from seminar.lib.paging import page_asked
from seminar.lib.qr import data_url
from seminar.mail.models import PURPOSE_LABELS
from seminar.mail.transport import QR_ID, sender_of
from seminar.planning import queries as plans
from seminar.planning.models import Seminar

ROWS = 25


def digest_of(wording: Wording) -> str:
    """By which a confirmation says that it is about this very text."""
    return hashlib.sha256(f"{wording.subject}\n{wording.body}".encode()).hexdigest()[:16]


def _address(invitation: Invitation, mailed: dict[int, str]) -> str:
    return mailed.get(invitation.id) or documents.bearer_email(invitation)


def show_sendings(
    seminar: Seminar, choice: Choice, refusal: str = "", wording: Wording | None = None, attach: bool | None = None
) -> str:
    chosen = queries.recipients(seminar, choice)
    mailed = queries.mailed_to(chosen) if choice.purpose == Purpose.CANCELLATION else {}
    reached = [one for one in chosen if _address(one, mailed)]
    unreached = [one for one in chosen if not _address(one, mailed)]
    bounced = {one.id for one in queries.invitations_in_force(seminar, State.BOUNCED)} & {one.id for one in reached}
    page = min(page_asked(), max(1, -(-len(reached) // ROWS)))
    here = url_for("invitations.sendings", slug=seminar.slug)
    said = choice.said()
    kept = actions.wording_of(seminar)
    by_group = delegates.matching(seminar, delegates.Wanted(unit_id=choice.unit_id))
    if choice.groups:
        by_group = delegates.in_groups(by_group, choice.groups)
    waiting = [("state", State.TO_INVITE.value), *((name, value) for name, value in said if name in ("unit", "group"))]
    needs_words = choice.purpose == Purpose.MESSAGE and not (kept.subject and kept.body)
    is_open = choice.purpose == Purpose.CHANGE and queries.told_now(seminar) is None
    return render_template(
        "invitations/sendings.html",
        seminar=seminar,
        choice=choice,
        said=said,
        query=urlencode(said),
        purposes=[(one, PURPOSE_LABELS[one]) for one in STATES_OF],
        states=[(one, STATE_LABELS[one]) for one in STATES_OF[choice.purpose]],
        groups=plans.groups_of(seminar),
        units=plans.units_on(seminar.held_on),
        NO_UNIT=delegates.NO_UNIT,
        reached=reached[(page - 1) * ROWS : page * ROWS],
        reached_count=len(reached),
        unreached=unreached,
        bounced=bounced,
        bounced_href=f"{url_for('invitations.answers', slug=seminar.slug)}?state={State.BOUNCED.value}",
        first=(page - 1) * ROWS,
        page=page,
        pages=max(1, -(-len(reached) // ROWS)),
        href=lambda number: f"{here}?{urlencode([*said, ('page', number)])}#reached",
        mailed=mailed,
        waiting=0 if choice.delegate_id else delegates.counted(queries.with_state(by_group, State.TO_INVITE)),
        waiting_href=f"{url_for('invitations.answers', slug=seminar.slug)}?{urlencode(waiting)}",
        told_otherwise=queries.told_otherwise_count(seminar),
        revoked=len(queries.recipients(seminar, Choice(Purpose.CANCELLATION, State.NO_INVITATION))),
        before=queries.last_told(chosen) if choice.purpose == Purpose.CHANGE else {},
        told_now=queries.told_now(seminar),
        wording=wording or kept,
        digest=digest_of(kept),
        fields=list(rules.MERGE_FIELDS),
        needs_words=needs_words,
        is_open=is_open,
        may_attach=choice.purpose in (Purpose.INVITATION, Purpose.REMINDER, Purpose.CHANGE),
        attach=choice.purpose == Purpose.INVITATION if attach is None else attach,
        most_letters=MOST_LETTERS,
        letters_megabytes=max(1, round(len(reached) * LETTER_BYTES / 1e6)),
        bearer_name=documents.bearer_name,
        bearer_email=documents.bearer_email,
        timely=timely(seminar, choice.purpose, now()),
        refusal=refusal,
        here=here,
        person=f"/seminars/{seminar.slug}/delegates/",
        texts=url_for("invitations.texts", slug=seminar.slug),
        has_server=bool(current_app.config["SEMINAR"].mail_server),
    )


@bp.get("/seminars/<slug>/sendings")
@writes
def sendings(slug: str) -> Any:
    return show_sendings(plans.seminar_or_404(slug), choice_of(request.args))


@bp.post("/seminars/<slug>/sendings/wording")
@writes
def word(slug: str) -> Any:
    """Keeps the office's own text; it leaves only by a confirmation of its own."""
    seminar = plans.seminar_or_404(slug)
    choice = Choice.of(request.form)
    subject, body = request.form.get("subject", ""), request.form.get("body", "")
    try:
        actions.word_message(seminar, subject, body, staff_actor(), now())
    except Refused as refusal:
        db.session.rollback()
        with reading():
            seminar = plans.seminar_or_404(slug)
            return show_sendings(seminar, choice, say(refusal.message), Wording(subject, body)), 422
    db.session.commit()
    return redirect(f"{url_for('invitations.sendings', slug=slug)}?{urlencode(choice.said())}", 303)


def _one(slug: str) -> tuple[Seminar, Choice, list[Invitation], int, Message | None]:
    """The seminar, the choice, who is reached, which of them is looked at (from 1), and that one's mail."""
    seminar = plans.seminar_or_404(slug)
    choice = Choice.of(request.args)
    chosen = queries.recipients(seminar, choice)
    mailed = queries.mailed_to(chosen) if choice.purpose == Purpose.CANCELLATION else {}
    reached = [one for one in chosen if _address(one, mailed)]
    page = min(page_asked(), max(1, len(reached)))
    wording = actions.wording_of(seminar)
    mails = messages.composed(reached[page - 1 : page], base_url(), choice.purpose, wording=wording, now=now())
    return seminar, choice, reached, page, mails[0] if mails else None


@bp.get("/seminars/<slug>/sendings/preview")
@writes
def preview_sending(slug: str) -> Any:
    """The message as one of the chosen would get it; page by page the others."""
    seminar, choice, reached, page, mail = _one(slug)
    here = url_for("invitations.preview_sending", slug=slug)
    said = choice.said()
    headers.allow_frame()
    return render_template(
        "invitations/preview.html",
        seminar=seminar,
        mail=mail,
        timely=timely(seminar, choice.purpose, now()),
        invitation=reached[page - 1] if reached else None,
        page=page,
        pages=len(reached),
        body=f"{here}/body?{urlencode([*said, ('page', page)])}",
        back=f"{url_for('invitations.sendings', slug=slug)}?{urlencode(said)}",
        href=lambda number: f"{here}?{urlencode([*said, ('page', number)])}",
        sender=sender_of(current_app.config["SEMINAR"].mail_sender),
    )


@bp.get("/seminars/<slug>/sendings/preview/body")
@writes
def preview_body(slug: str) -> Response:
    """The HTML alone, in a frame where nothing runs and nothing is fetched."""
    mail = _one(slug)[4]
    headers.only_framed()
    html = mail.html.replace(f"cid:{QR_ID}", data_url(mail.inline_png) if mail.inline_png else "") if mail else ""
    return Response(html, mimetype="text/html")


@bp.post("/seminars/<slug>/sendings")
@writes
def send(slug: str) -> Any:
    """Composes outside of the writing transaction; sends only what the sender saw counted, to the person and word."""
    form = SendingForm(request.form)
    moment = now()
    choice = Choice.of(request.form)
    try:
        with reading():
            seminar = plans.seminar_or_404(slug)
            chosen = queries.recipients(seminar, choice)
            wording = actions.wording_of(seminar)
            mailed = queries.mailed_to(chosen) if choice.purpose == Purpose.CANCELLATION else {}
            count = sum(bool(_address(one, mailed)) for one in chosen)
            seen_now = (count, len(chosen) - count, digest_of(wording))
            seen = (form.seen_count.data, form.seen_without.data, form.seen_text.data or digest_of(wording))
            if not form.validate() or seen_now != seen:
                raise Refused("Meanwhile the numbers changed, nothing was sent: look at them again and confirm.")
            if choice.purpose == Purpose.MESSAGE and not form.seen_text.data:
                raise Refused("Write a subject and a text.")
            mails = messages.composed(chosen, base_url(), choice.purpose, wording=wording, now=moment)
            if form.attach.data:
                mails = messages.with_letters(mails, chosen, base_url())
        seminar = plans.seminar_or_404(slug)
        still = queries.recipients(seminar, choice)
        again = queries.mailed_to(still) if choice.purpose == Purpose.CANCELLATION else {}
        if {one.id: _address(one, again) for one in still if _address(one, again)} != {
            mail.invitation_id: mail.to_address for mail in mails
        }:
            raise Refused("Meanwhile the numbers changed, nothing was sent: look at them again and confirm.")
        batch = _put_in(seminar, choice, mails, moment)
    except Refused as refusal:
        db.session.rollback()
        with reading():
            page = show_sendings(
                plans.seminar_or_404(slug), choice, say(refusal.message), attach=bool(form.attach.data)
            )
            return page, 422
    db.session.commit()
    flash(ngettext("%(num)d message is in the outbox.", "%(num)d messages are in the outbox.", len(mails)), "success")
    return redirect(url_for("mail.batch", slug=slug, batch=batch), 303)


def _put_in(seminar: Seminar, choice: Choice, mails: list[Message], moment: datetime) -> str:
    if choice.purpose == Purpose.INVITATION:
        return actions.send_invitations(seminar, mails, staff_actor(), moment)
    if choice.purpose == Purpose.REMINDER:
        return actions.remind(seminar, mails, staff_actor(), moment)
    return actions.send_notices(seminar, choice.purpose, mails, staff_actor(), moment)
