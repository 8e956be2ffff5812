"""What a unit or a delegate does with its paper on its own page: sends it, corrects its words, converts old fonts.

Each press is there twice, once for `/u/` and once for `/i/`; what they do is the same.
"""

from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, render_template, request, send_file
from flask_babel import gettext as _
from sqlalchemy import select

from seminar.access.guard import by_personal_link, by_unit_link
from seminar.delegates.models import Delegate
from seminar.lib import files, headers
from seminar.lib.clock import now
from seminar.lib.database import db, reading
from seminar.lib.errors import Refused
from seminar.lib.language import say
from seminar.lib.limits import guesses
from seminar.lib.numbers import whole
from seminar.papers import actions, messages, queries
from seminar.papers.checking import EXTENSIONS, in_unicode
from seminar.papers.models import Paper, PaperKind
from seminar.papers.queries.results import outcomes
from seminar.papers.reading import keeping
from seminar.portal.forms import PaperDetailsForm
from seminar.portal.uploads import Sender, paper_form, receive_paper, say_problems, tell_receipt
from seminar.portal.views import bp, personal, unit

PAPER = "papers/<int(max=2147483647):paper_id>"


def by_invitation(code: str, *, held: bool = False) -> tuple[Sender, Callable[..., Any]]:
    """`held`: another upload of the same person waits, and then finds the paper that this one made."""
    invitation = personal.find_invitation(code)
    if held:
        db.session.execute(select(Delegate.id).where(Delegate.id == invitation.delegate_id).with_for_update())
    return personal.sender_of(invitation), lambda status, **forms: personal.show(
        personal.find_invitation(code), status, **forms
    )


def by_link(code: str, *, held: bool = False) -> tuple[Sender, Callable[..., Any]]:
    link = unit.find_link(code, held=held)
    return unit.sender_of(link), lambda status, **forms: unit.show(unit.find_link(code), status, **forms)


Entered = Callable[..., tuple[Sender, Callable[..., Any]]]


def _back(here: str) -> Any:
    return redirect(f"{here}#paper", 303)


def _paper_or_404(sender: Sender, paper_id: int) -> Paper:
    """Of this very sender, and not withdrawn."""
    found = sender.paper(paper_id)
    if found is None:
        abort(404)
    return found


def _target(sender: Sender) -> Paper | None:
    """The paper that the form is a better version of."""
    if paper := request.form.get("paper", ""):
        return _paper_or_404(sender, whole(paper) or 0)
    asked = request.form.get("kind", "")
    return sender.standing(PaperKind(asked) if asked in set(sender.kinds) else sender.kinds[0])


def _send(enter: Entered, code: str) -> Any:
    with reading():
        sender, _show = enter(code)
        standing = _target(sender)
        latest = queries.latest_submission(standing) if standing else None
        digest = queries.docx_sha256(latest) if latest else None
    sent = receive_paper(files.read(digest) if digest else None)
    sender, show = enter(code, held=True)
    standing = _target(sender)
    form = paper_form(sender, request.form, standing if request.form.get("paper") else None)
    try:
        if form.validate() and sent.is_good:
            moment = now()
            if sent.checked is not None:
                submission = actions.submit_paper(
                    sender.seminar,
                    sent.checked,
                    kind=PaperKind(form.kind.data),
                    unit=sender.unit,
                    delegate=sender.delegate,
                    paper=standing,
                    beside=sent.beside,
                    **form.words,
                    by=sender.by,
                    now=moment,
                )
            else:
                assert standing is not None and sent.beside is not None
                submission = actions.add_beside(
                    sender.seminar, standing, sent.beside, **form.words, by=sender.by, now=moment
                )
            is_mailed, is_new = False, submission.at == moment
            if is_new or sent.beside is not None:
                message = messages.receipt_mail(sender.seminar, submission, queries.call_of(sender.seminar))
                is_mailed = actions.send_receipt(submission, message, sender.by, moment)
            db.session.commit()
            tell_receipt(submission, is_new=is_new, has_pdf=sent.beside is not None, is_mailed=is_mailed)
            return _back(sender.here)
    except Refused as refusal:
        db.session.rollback()
        form.file.errors = [say(refusal.message)]
    say_problems(form, sent)
    return show(422, paper_form=form)


def _change(enter: Entered, code: str, paper_id: int) -> Any:
    sender, show = enter(code, held=True)
    paper = _paper_or_404(sender, paper_id)
    form = PaperDetailsForm.of(paper, sender.seminar.topics, request.form)
    try:
        if form.validate():
            actions.change_paper(
                sender.seminar,
                paper,
                **form.words,
                by=sender.by,
                now=now(),
            )
            db.session.commit()
            flash(_("Title, authors and abstract were saved."), "success")
            return _back(sender.here)
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(say(refusal.message))
    return show(422, details=(paper_id, form))


def _convert(enter: Entered, code: str, paper_id: int) -> Any:
    with reading():
        sender, _show = enter(code)
        here, latest = sender.here, queries.latest_submission(_paper_or_404(sender, paper_id))
        digest = queries.docx_sha256(latest) if latest and latest.legacy else None
        version = latest.version if latest else 0
    if digest is None:
        abort(404)
    try:
        made = in_unicode(files.read(digest))
        sender, _show = enter(code, held=True)
        paper = _paper_or_404(sender, paper_id)
        actions.keep_unicode(queries.submission_or_404(paper, version), made, sender.by, now())
        db.session.commit()
        flash(_("The old fonts were converted. The file as you sent it is kept."), "success")
    except Refused as refusal:
        db.session.rollback()
        flash(say(refusal.message), "danger")
    return _back(here)


def _undo(enter: Entered, code: str, paper_id: int) -> Any:
    sender, _show = enter(code, held=True)
    latest = queries.latest_submission(_paper_or_404(sender, paper_id))
    if latest is not None:
        actions.undo_unicode(latest, sender.by, now())
    db.session.commit()
    flash(_("The file as you sent it counts again."), "success")
    return _back(sender.here)


def _receipt(enter: Entered, code: str, paper_id: int, version: int) -> Any:
    sender, _show = enter(code)
    submission = queries.submission_or_404(_paper_or_404(sender, paper_id), version)
    return render_template(
        "portal/receipt.html",
        seminar=sender.seminar,
        here=sender.here,
        receipt=messages.receipt(sender.seminar, submission, queries.call_of(sender.seminar)),
    )


def _comments(enter: Entered, code: str, paper_id: int, review_id: int) -> Any:
    """The file with comments that was let through, named by the paper: its own name may say whose it is."""
    sender, _show = enter(code)
    paper = _paper_or_404(sender, paper_id)
    outcome = outcomes([paper]).get(paper.id)
    found = next((one for one in outcome.comments if one.id == review_id), None) if outcome else None
    if found is None:
        abort(404)
    try:
        path = keeping.without_names(found)
    except Refused:
        abort(404)
    headers.sandbox()
    answer = send_file(
        path,
        mimetype=found.media_type,
        as_attachment=True,
        download_name=f"gop-y-ban-{found.submission.version}.{EXTENSIONS[found.media_type]}",
    )
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@bp.post("/u/<code>/paper")
@by_unit_link
@guesses
def send_unit_paper(code: str) -> Any:
    return _send(by_link, code)


@bp.post("/i/<code>/paper")
@by_personal_link
@guesses
def send_paper(code: str) -> Any:
    return _send(by_invitation, code)


@bp.post(f"/u/<code>/{PAPER}/details")
@by_unit_link
@guesses
def change_unit_paper(code: str, paper_id: int) -> Any:
    return _change(by_link, code, paper_id)


@bp.post(f"/i/<code>/{PAPER}/details")
@by_personal_link
@guesses
def change_paper(code: str, paper_id: int) -> Any:
    return _change(by_invitation, code, paper_id)


@bp.post(f"/u/<code>/{PAPER}/unicode")
@by_unit_link
@guesses
def convert_unit_paper(code: str, paper_id: int) -> Any:
    return _convert(by_link, code, paper_id)


@bp.post(f"/i/<code>/{PAPER}/unicode")
@by_personal_link
@guesses
def convert_paper(code: str, paper_id: int) -> Any:
    return _convert(by_invitation, code, paper_id)


@bp.post(f"/u/<code>/{PAPER}/unicode/reversal")
@by_unit_link
@guesses
def undo_unit_conversion(code: str, paper_id: int) -> Any:
    return _undo(by_link, code, paper_id)


@bp.post(f"/i/<code>/{PAPER}/unicode/reversal")
@by_personal_link
@guesses
def undo_conversion(code: str, paper_id: int) -> Any:
    return _undo(by_invitation, code, paper_id)


@bp.get(f"/u/<code>/{PAPER}/versions/<int(max=2147483647):version>/receipt")
@by_unit_link
@guesses
def unit_receipt(code: str, paper_id: int, version: int) -> Any:
    return _receipt(by_link, code, paper_id, version)


@bp.get(f"/i/<code>/{PAPER}/versions/<int(max=2147483647):version>/receipt")
@by_personal_link
@guesses
def receipt(code: str, paper_id: int, version: int) -> Any:
    return _receipt(by_invitation, code, paper_id, version)


@bp.get(f"/u/<code>/{PAPER}/comments/<int(max=2147483647):review_id>")
@by_unit_link
@guesses
def unit_comments(code: str, paper_id: int, review_id: int) -> Any:
    return _comments(by_link, code, paper_id, review_id)


@bp.get(f"/i/<code>/{PAPER}/comments/<int(max=2147483647):review_id>")
@by_personal_link
@guesses
def comments(code: str, paper_id: int, review_id: int) -> Any:
    return _comments(by_invitation, code, paper_id, review_id)
