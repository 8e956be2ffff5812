"""Results of vetting: released to the authors, told by mail or Zalo, printed as notices and as one list."""

from dataclasses import replace
from typing import Any, Literal

from flask import Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from seminar.access.actor import CHANNEL_LABELS, Channel
from seminar.access.guard import has_role, staff_actor
from seminar.access.roles import Role
from seminar.documents.content import Content, content_pdf
from seminar.documents.word.document import content_docx
from seminar.lib.clock import now
from seminar.lib.database import db, reading
from seminar.lib.errors import Refused
from seminar.lib.language import ngettext, say
from seminar.lib.numbers import whole
from seminar.papers import queries
from seminar.papers.actions import decisions as deciding
from seminar.papers.actions import results as actions
from seminar.papers.documents import results as documents
from seminar.papers.models import Paper
from seminar.papers.queries import PAPER_STATE_LABELS
from seminar.papers.queries.results import Result, is_released_at_once, results
from seminar.papers.queries.vetting import chosen_papers, words_for_author
from seminar.papers.views import PAPER, bp, decides, uploads
from seminar.planning import queries as plans
from seminar.planning.models import Seminar

RESULTS = "/seminars/<slug>/papers/results"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
WHO = ("all", "held", "untold", "told")
LABELS_TOLD = {channel: CHANNEL_LABELS[channel] for channel in (*actions.HANDED_OVER, Channel.EMAIL)}


def _shown(found: list[Result], which: str) -> list[Result]:
    match which:
        case "held":
            return [one for one in found if not one.is_released]
        case "untold":
            return [one for one in found if one.is_released and not one.told]
        case "told":
            return [one for one in found if one.told]
    return found


@bp.get(RESULTS)
@decides
def all_results(slug: str) -> Any:
    seminar = plans.seminar_or_404(slug)
    which = request.args.get("which", "all")
    if which not in WHO:
        abort(404)
    found = results(seminar)
    return render_template(
        "papers/results.html",
        seminar=seminar,
        results=_shown(found, which),
        which=which,
        counts={one: len(_shown(found, one)) for one in WHO},
        states=PAPER_STATE_LABELS,
        channels=LABELS_TOLD,
        sender_of=documents.sender_of,
        sender_address=documents.sender_address,
        is_released_at_once=is_released_at_once(seminar.id),
        may_tell=has_role(Role.OFFICE),
    )


@bp.post(f"{RESULTS}/release")
@uploads
def release_results(slug: str) -> Any:
    """Those ticked, or with `all` every one that is held."""
    seminar = plans.seminar_or_404(slug)
    if request.form.get("all"):
        papers: list[Paper] = [one.paper for one in results(seminar) if not one.is_released]
    else:
        ticked = {found for text in request.form.getlist("paper") if (found := whole(text)) is not None}
        papers = chosen_papers(seminar, ticked)
    count = deciding.release_decisions(seminar, papers, staff_actor(), now())
    db.session.commit()
    flash(
        ngettext(
            "%(num)d decision was released: its author reads it now.",
            "%(num)d decisions were released: their authors read them now.",
            count,
        ),
        "success" if count else "info",
    )
    return redirect(url_for("papers.all_results", slug=slug), 303)


def _one(slug: str, paper_id: int) -> tuple[Seminar, Paper, Result]:
    """404 where nothing was decided."""
    seminar = plans.seminar_or_404(slug)
    paper = queries.paper_or_404(seminar, paper_id)
    found = results(seminar, [paper.id])
    if not found:
        abort(404)
    return seminar, paper, found[0]


def _to_paper(slug: str, paper_id: int) -> Any:
    return redirect(url_for("papers.paper", slug=slug, paper_id=paper_id) + "#result", 303)


@bp.post(f"{PAPER}/decision/release")
@uploads
def release_result(slug: str, paper_id: int) -> Any:
    seminar, paper, _found = _one(slug, paper_id)
    deciding.release_decisions(seminar, [paper], staff_actor(), now())
    db.session.commit()
    flash(_("The author reads the decision now."), "success")
    return _to_paper(slug, paper_id)


@bp.post(f"{PAPER}/decision/release/reversal")
@uploads
def hold_result(slug: str, paper_id: int) -> Any:
    _seminar, paper, _found = _one(slug, paper_id)
    try:
        deciding.hold_decision(paper, staff_actor(), now())
    except Refused as refusal:
        db.session.rollback()
        flash(say(refusal.message), "danger")
        return _to_paper(slug, paper_id)
    db.session.commit()
    flash(_("The author no longer reads the decision."), "success")
    return _to_paper(slug, paper_id)


@bp.post(f"{PAPER}/decision/deliveries")
@uploads
def hand_over_result(slug: str, paper_id: int) -> Any:
    _seminar, _paper, found = _one(slug, paper_id)
    asked = request.form.get("channel", "")
    try:
        if asked not in set(Channel):
            raise Refused("Choose how it was handed over.")
        actions.hand_over_result(found, Channel(asked), staff_actor(), now())
    except Refused as refusal:
        db.session.rollback()
        flash(say(refusal.message), "danger")
        return _to_paper(slug, paper_id)
    db.session.commit()
    flash(_("Written down: the result was told."), "success")
    return _to_paper(slug, paper_id)


def _to_mail(seminar: Seminar, who: str) -> list[Result]:
    found = [one for one in results(seminar) if one.is_released]
    return found if who == "all" else [one for one in found if not one.told]


def _show_mails(slug: str, who: str, refusal: str = "") -> str:
    seminar = plans.seminar_or_404(slug)
    found = _to_mail(seminar, who)
    reached = [one for one in found if documents.sender_address(one)]
    words = words_for_author([one.decision for one in found])
    return render_template(
        "papers/result_mails.html",
        seminar=seminar,
        who=who,
        reached=reached,
        unreached=[one for one in found if not documents.sender_address(one)],
        mail=next(iter(documents.result_messages(seminar, reached[:1], words)), None),
        sender_of=documents.sender_of,
        sender_address=documents.sender_address,
        states=PAPER_STATE_LABELS,
        refusal=refusal,
        has_server=bool(current_app.config["SEMINAR"].mail_server),
    )


@bp.get(f"{RESULTS}/mails")
@uploads
def result_mails(slug: str) -> Any:
    return _show_mails(slug, "all" if request.args.get("who") == "all" else "untold")


@bp.post(f"{RESULTS}/mails")
@uploads
def send_results(slug: str) -> Any:
    """Composes and prints outside of the writing transaction; sends only what the sender saw counted."""
    who, moment = "all" if request.form.get("who") == "all" else "untold", now()
    seen = tuple(whole(request.form.get(name, "")) for name in ("seen_count", "seen_without"))
    with reading():
        seminar = plans.seminar_or_404(slug)
        found = _to_mail(seminar, who)
        words = words_for_author([one.decision for one in found])
        messages = documents.result_messages(seminar, found, words)
        is_seen = seen == (len(messages), len(found) - len(messages))
        notices = {
            one.decision.id: documents.notice(seminar, one, words.get(one.paper.id, []), moment) for one in found
        }
    if is_seen:
        messages = [replace(one, notice=content_pdf(notices[one.decision_id])) for one in messages]
    seminar = plans.seminar_or_404(slug)
    try:
        still = {one.decision.id for one in _to_mail(seminar, who) if documents.sender_address(one)}
        if not is_seen or still != {message.decision_id for message in messages}:
            raise Refused("Meanwhile the numbers changed, nothing was sent: look at them again and confirm.")
        batch = actions.send_results(seminar, messages, staff_actor(), moment)
    except Refused as refusal:
        db.session.rollback()
        with reading():
            return _show_mails(slug, who, say(refusal.message)), 422
    db.session.commit()
    flash(
        ngettext("%(num)d message is in the outbox.", "%(num)d messages are in the outbox.", len(messages)), "success"
    )
    return redirect(url_for("mail.batch", slug=slug, batch=batch), 303)


def _file(content: Content, form: Literal["docx", "pdf"], name: str) -> Response:
    made = content_docx(content, now()) if form == "docx" else content_pdf(content)
    return Response(
        made,
        mimetype=WORD if form == "docx" else "application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}.{form}"', "Cache-Control": "private, no-store"},
    )


def _notice(slug: str, paper_id: int, form: Literal["docx", "pdf"]) -> Response:
    seminar, paper, found = _one(slug, paper_id)
    words = words_for_author([found.decision]).get(paper.id, [])
    return _file(documents.notice(seminar, found, words, now()), form, f"ket-qua-tham-dinh-{paper.id}")


@bp.get(f"{PAPER}/result.docx")
@decides
def notice(slug: str, paper_id: int) -> Response:
    return _notice(slug, paper_id, "docx")


@bp.get(f"{PAPER}/result.pdf")
@decides
def notice_pdf(slug: str, paper_id: int) -> Response:
    return _notice(slug, paper_id, "pdf")


def _list(slug: str, form: Literal["docx", "pdf"]) -> Response:
    """Only what was released: the list goes out."""
    seminar = plans.seminar_or_404(slug)
    found = [one for one in results(seminar) if one.is_released]
    return _file(documents.results_list(seminar, found, now()), form, f"ket-qua-tham-dinh-{seminar.slug}")


@bp.get(f"{RESULTS}.docx")
@decides
def results_list(slug: str) -> Response:
    return _list(slug, "docx")


@bp.get(f"{RESULTS}.pdf")
@decides
def results_list_pdf(slug: str) -> Response:
    return _list(slug, "pdf")
