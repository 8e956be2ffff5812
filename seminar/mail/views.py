"""The outbox: what will leave, what left, what did not and why; each message as its receiver sees it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from seminar.access.actor import Actor
from seminar.access.guard import only, staff_actor
from seminar.access.roles import Role
from seminar.access.scope import Scope, scope_or_404
from seminar.lib import files, headers, htmx
from seminar.lib.clock import now
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.language import ngettext, say
from seminar.lib.paging import page_asked
from seminar.lib.qr import data_url
from seminar.mail import actions, queries, rules, transport
from seminar.mail.models import MAIL_STATUS_LABELS, PURPOSE_LABELS, Mail, MailStatus

bp = Blueprint("mail", __name__)
ROWS = 50


@dataclass(frozen=True)
class Look:
    tone: str
    symbol: str


LOOKS = {
    MailStatus.HELD: Look("gold", symbol="clock-pause"),
    MailStatus.QUEUED: Look("info", symbol="clock"),
    MailStatus.STOPPED: Look("warning", symbol="clock-pause"),
    MailStatus.SENDING: Look("info", symbol="send"),
    MailStatus.RETRY: Look("warning", symbol="refresh"),
    MailStatus.SENT: Look("success", symbol="circle-check"),
    MailStatus.FAILED: Look("danger", symbol="alert-triangle"),
    MailStatus.CANCELLED: Look("muted", symbol="ban"),
}


def _answer(mail: Mail) -> str:
    """What the server said, or our own sentence where it never got there."""
    return say(mail.answer) if mail.answer in rules.OUR_WORDS else mail.answer


@bp.get("/seminars/<slug>/outbox")
@only(Role.ADMIN, Role.OFFICE)
def outbox(slug: str) -> Any:
    seminar = scope_or_404(slug)
    wanted = queries.Wanted.from_args(request.args)
    query = queries.matching(seminar.id, wanted)
    total = queries.counted(query)
    pages = max(1, -(-total // ROWS))
    page = min(page_asked(), pages)
    chosen = {name: value for name, value in request.args.items() if name != "page" and value}
    here = url_for("mail.outbox", slug=slug)
    return render_template(
        "mail/outbox.html",
        seminar=seminar,
        wanted=wanted,
        rows=queries.page_of(query, page, ROWS),
        total=total,
        page=page,
        pages=pages,
        href=lambda number: f"{here}?{urlencode({**chosen, 'page': number})}",
        counts=queries.counts_by_status(seminar.id),
        perhaps_twice=queries.counted(queries.matching(seminar.id, queries.Wanted(maybe_twice=True))),
        labels=MAIL_STATUS_LABELS,
        looks=LOOKS,
        answer=_answer,
        meaning=rules.meaning_of,
        purposes=PURPOSE_LABELS,
        batches=[] if wanted.batch else queries.batches(seminar.id, most=10),
        chosen_batch=queries.batches(seminar.id, wanted.batch)[:1] if wanted.batch else [],
        here=here,
        settings=transport.configured(),
        trouble=queries.last_trouble(),
    )


@bp.get("/seminars/<slug>/outbox/<int:mail_id>")
@only(Role.ADMIN, Role.OFFICE)
def message(slug: str, mail_id: int) -> Any:
    seminar = scope_or_404(slug)
    return _message_page(seminar, queries.mail_or_404(seminar.id, mail_id))


def _message_page(seminar: Scope, mail: Mail, trouble: str = "") -> str:
    headers.allow_frame()
    return render_template(
        "mail/message.html",
        seminar=seminar,
        mail=mail,
        trouble=trouble,
        answer=_answer(mail),
        meaning=rules.meaning_of(mail.answer),
        purpose=PURPOSE_LABELS.get(mail.purpose, ""),
        may_return=mail.status == MailStatus.SENT,
        label=MAIL_STATUS_LABELS[mail.status],
        look=LOOKS[mail.status],
        may_stop=mail.status in actions.STOPPABLE,
        may_retry=mail.status in (MailStatus.RETRY, MailStatus.FAILED, MailStatus.CANCELLED, MailStatus.STOPPED)
        and mail.answer != rules.OUTDATED,
        picture=data_url(mail.inline_png) if mail.inline_png else "",
        sender=transport.sender_of(transport.configured().mail_sender),
        reply_to=queries.office_address(seminar.id),
    )


@bp.get("/seminars/<slug>/outbox/<int:mail_id>/body")
@only(Role.ADMIN, Role.OFFICE)
def body(slug: str, mail_id: int) -> Response:
    """The HTML that was composed, alone in a frame where nothing runs and nothing is fetched."""
    seminar = scope_or_404(slug)
    mail = queries.mail_or_404(seminar.id, mail_id)
    if not mail.html:
        abort(404)
    headers.only_framed()
    picture = data_url(mail.inline_png) if mail.inline_png else ""
    return Response(mail.html.replace(f"cid:{transport.QR_ID}", picture), mimetype="text/html")


@bp.post("/seminars/<slug>/outbox/<int:mail_id>/cancellation")
@only(Role.ADMIN, Role.OFFICE)
def cancel(slug: str, mail_id: int) -> Any:
    seminar = scope_or_404(slug)
    mail = queries.mail_or_404(seminar.id, mail_id)
    try:
        actions.cancel_mail(mail, staff_actor(), now())
    except Refused as refusal:
        return _refused(seminar, mail_id, refusal)
    db.session.commit()
    flash(_("The message is stopped; it will not be sent."), "success")
    return redirect(url_for("mail.message", slug=slug, mail_id=mail_id), 303)


@bp.post("/seminars/<slug>/outbox/<int:mail_id>/retry")
@only(Role.ADMIN, Role.OFFICE)
def retry(slug: str, mail_id: int) -> Any:
    seminar = scope_or_404(slug)
    mail = queries.mail_or_404(seminar.id, mail_id)
    try:
        actions.retry_mail(mail, staff_actor(), now())
    except Refused as refusal:
        return _refused(seminar, mail_id, refusal)
    db.session.commit()
    flash(_("The message is in the queue again."), "success")
    return redirect(url_for("mail.message", slug=slug, mail_id=mail_id), 303)


@bp.post("/seminars/<slug>/outbox/retries")
@only(Role.ADMIN, Role.OFFICE)
def retry_all(slug: str) -> Any:
    """The mail server is back: nobody should have to wait for the next try, or press a button 300 times."""
    seminar = scope_or_404(slug)
    count = actions.retry_all(seminar.id, staff_actor(), now())
    db.session.commit()
    flash(ngettext("%(num)d message is tried again now.", "%(num)d messages are tried again now.", count), "success")
    return redirect(url_for("mail.outbox", slug=slug), 303)


@bp.get("/seminars/<slug>/outbox/<int:mail_id>/attachment.pdf")
@only(Role.ADMIN, Role.OFFICE)
def attachment(slug: str, mail_id: int) -> Response:
    """The file that goes with the message, as its receiver gets it."""
    mail = queries.mail_or_404(scope_or_404(slug).id, mail_id)
    if not mail.attachment_sha256:
        abort(404)
    return Response(files.read(mail.attachment_sha256), mimetype="application/pdf")


@bp.post("/seminars/<slug>/outbox/<int:mail_id>/return")
@only(Role.ADMIN, Role.OFFICE)
def take_back(slug: str, mail_id: int) -> Any:
    """The message came back to the office's own mailbox, hours after the server had taken it."""
    seminar = scope_or_404(slug)
    mail = queries.mail_or_404(seminar.id, mail_id)
    try:
        actions.return_mail(mail, request.form.get("reason", ""), staff_actor(), now())
    except Refused as refusal:
        return _refused(seminar, mail_id, refusal)
    db.session.commit()
    flash(_("It is written down that the message came back."), "success")
    return redirect(url_for("mail.message", slug=slug, mail_id=mail_id), 303)


@bp.get("/seminars/<slug>/outbox/batches/<batch>")
@only(Role.ADMIN, Role.OFFICE)
def batch(slug: str, batch: str) -> Any:
    """How far a sending is. Without JavaScript the page is loaded anew by hand; with it the region asks by itself."""
    seminar = scope_or_404(slug)
    page = {
        "seminar": seminar,
        "batch": queries.batch_or_404(seminar.id, batch),
        "labels": MAIL_STATUS_LABELS,
        "purposes": PURPOSE_LABELS,
        "looks": LOOKS,
        "has_server": bool(transport.configured().mail_server),
        "outbox": url_for("mail.outbox", slug=slug),
        "at": now(),
    }
    template = "mail/_batch.html" if htmx.wants_fragment() else "mail/batch.html"
    return htmx.varied(render_template(template, **page))


def _move(slug: str, batch: str, act: Callable[[int, str, Actor, datetime], int]) -> int:
    seminar = scope_or_404(slug)
    queries.batch_or_404(seminar.id, batch)
    count = act(seminar.id, batch, staff_actor(), now())
    db.session.commit()
    return count


@bp.post("/seminars/<slug>/outbox/batches/<batch>/stop")
@only(Role.ADMIN, Role.OFFICE)
def stop_batch(slug: str, batch: str) -> Any:
    count = _move(slug, batch, actions.stop_batch)
    flash(ngettext("%(num)d message is stopped.", "%(num)d messages are stopped.", count), "success")
    return redirect(url_for("mail.batch", slug=slug, batch=batch), 303)


@bp.post("/seminars/<slug>/outbox/batches/<batch>/resumption")
@only(Role.ADMIN, Role.OFFICE)
def resume_batch(slug: str, batch: str) -> Any:
    count = _move(slug, batch, actions.resume_batch)
    flash(ngettext("%(num)d message leaves after all.", "%(num)d messages leave after all.", count), "success")
    return redirect(url_for("mail.batch", slug=slug, batch=batch), 303)


@bp.post("/seminars/<slug>/outbox/batches/<batch>/cancellation")
@only(Role.ADMIN, Role.OFFICE)
def drop_batch(slug: str, batch: str) -> Any:
    count = _move(slug, batch, actions.drop_batch)
    flash(ngettext("%(num)d message is dropped.", "%(num)d messages are dropped.", count), "success")
    return redirect(url_for("mail.batch", slug=slug, batch=batch), 303)


def _refused(seminar: Scope, mail_id: int, refusal: Refused) -> tuple[str, int]:
    db.session.rollback()
    return _message_page(seminar, queries.mail_or_404(seminar.id, mail_id), say(refusal.message)), 422
