"""Letters: issued in runs, printed, previewed."""

from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, url_for

from seminar.access.guard import has_role, staff_actor
from seminar.access.roles import Role
from seminar.delegates.queries import delegate_or_404
from seminar.documents import actions as documents_actions
from seminar.documents import glyphs
from seminar.documents.queries import document_or_404, next_numbers
from seminar.documents.rules import letter_remarks, settings_of
from seminar.documents.rules import symbol as symbol_of
from seminar.invitations import actions, documents, queries, rules
from seminar.invitations.forms import IssueForm
from seminar.invitations.queries import State
from seminar.invitations.views import base_url, bp, holds_codes, pdf_response, reads, writes
from seminar.lib import files
from seminar.lib.clock import now
from seminar.lib.database import db, reading
from seminar.lib.errors import Refused
from seminar.lib.language import ngettext, say
from seminar.planning import queries as plans
from seminar.planning.models import AUDIENCE_LABELS, LETTER_KIND_LABELS, Audience, LetterKind, Seminar

LETTER = "/seminars/<slug>/letters/<int(max=2147483647):document_id>"


def show_letters(seminar: Seminar, form: IssueForm | None = None, refusal: str = "", rewording: int = 0) -> str:
    groups = plans.groups_of(seminar)
    counts = queries.answer_counts(seminar, (State.INVITED, State.NO_INVITATION, State.TO_INVITE))
    nobody = queries.Counts(0, dict.fromkeys((State.INVITED, State.NO_INVITATION, State.TO_INVITE), 0))
    wanted = form.groups.data if form else [group.code for group in groups if group.audience != Audience.UNASSIGNED]
    settings, deadline = settings_of(seminar.settings), plans.milestone(seminar, "answers")
    total = queries.summed(counts.values(), (State.INVITED, State.NO_INVITATION, State.TO_INVITE))
    numbers, outdated = next_numbers(settings), queries.outdated_runs(seminar)
    return render_template(
        "invitations/letters.html",
        seminar=seminar,
        groups=groups,
        counts=counts,
        nobody=nobody,
        total=total,
        wanted=wanted or [],
        refusal=refusal,
        rewording=rewording,
        reason=request.form.get("reason", "") if rewording else "",
        lacks=[
            say(rules.LACK_SENTENCES[lack])
            for lack in rules.what_lacks(seminar.venue is not None, seminar.held_on, seminar.starts_at)
        ],
        remarks=[say(one) for one in letter_remarks(settings, has_font=glyphs.is_there())],
        late=[say(one) for one in rules.late_remarks(seminar.held_on, deadline.due_on if deadline else None, now())]
        if total[State.TO_INVITE] and not seminar.is_demo
        else [],
        runs=queries.runs_of(seminar),
        outdated=outdated,
        gone_out=queries.gone_out_counts(outdated),
        next_symbols=[symbol_of(numbers[kind], kind, settings) for kind in rules.LETTER_KINDS],
        stale_count=queries.told_otherwise_count(seminar),
        kinds=LETTER_KIND_LABELS,
        audiences=AUDIENCE_LABELS,
        NO_LETTER=LetterKind.NONE,
        UNASSIGNED=Audience.UNASSIGNED,
        answers=url_for("invitations.answers", slug=seminar.slug),
        here=url_for("invitations.letters", slug=seminar.slug),
        may_issue=has_role(Role.ADMIN, Role.OFFICE),
    )


@bp.get("/seminars/<slug>/letters")
@reads
def letters(slug: str) -> Any:
    return show_letters(plans.seminar_or_404(slug))


@bp.post("/seminars/<slug>/letters")
@writes
def issue(slug: str) -> Any:
    """Takes the numbers and makes the codes; afterwards the letters are built and kept as they were issued."""
    seminar = plans.seminar_or_404(slug)
    form = IssueForm(request.form)
    form.groups.choices = [(group.code, group.name) for group in plans.groups_of(seminar)]
    try:
        if not form.validate() or not form.groups.data:
            raise Refused("Choose at least one group.")
        chosen = queries.delegates_to_invite(seminar, form.groups.data)
        issued = actions.issue_letters(seminar, chosen, staff_actor(), now())
    except Refused as refusal:
        db.session.rollback()
        with reading():
            return show_letters(plans.seminar_or_404(slug), form, say(refusal.message)), 422
    told = [(one.id, one.symbol, one.addressee_count) for one in issued]
    db.session.commit()
    for _id, symbol, count in told:
        flash(
            ngettext(
                "Letter %(symbol)s was issued to %(num)d person.",
                "Letter %(symbol)s was issued to %(num)d people.",
                count,
                symbol=symbol,
            ),
            "success",
        )
    keep_runs(slug, [one[0] for one in told])
    return redirect(url_for("invitations.letters", slug=slug), 303)


def keep_runs(slug: str, document_ids: list[int]) -> None:
    """Builds each run outside of any writing transaction and keeps it; what fails can be printed again at any time."""
    try:
        with reading():
            seminar = plans.seminar_or_404(slug)
            kept = documents.kept_runs(seminar, document_ids, base_url())
        seminar = plans.seminar_or_404(slug)
        for document_id, digest in kept.items():
            documents_actions.keep_issued(document_or_404(seminar, document_id), digest)
        db.session.commit()
    except Refused as refusal:
        db.session.rollback()
        flash(say(refusal.message), "warning")


@bp.post(f"{LETTER}/reword")
@writes
def reword(slug: str, document_id: int) -> Any:
    """The letters of the run say what the plan says now, with a reason; the file kept as issued stays."""
    seminar = plans.seminar_or_404(slug)
    document = document_or_404(seminar, document_id)
    symbol = document.symbol
    try:
        count = actions.reword(document, seminar, request.form.get("reason", ""), staff_actor(), now())
    except Refused as refusal:
        db.session.rollback()
        with reading():
            return show_letters(plans.seminar_or_404(slug), refusal=say(refusal.message), rewording=document_id), 422
    db.session.commit()
    flash(
        ngettext(
            "%(num)d letter of %(symbol)s says now what the plan says. Print it again.",
            "%(num)d letters of %(symbol)s say now what the plan says. Print them again.",
            count,
            symbol=symbol,
        ),
        "success",
    )
    return redirect(f"{url_for('invitations.letters', slug=slug)}#runs", 303)


@bp.get(f"{LETTER}/print.pdf")
@holds_codes
def print_letters(slug: str, document_id: int) -> Any:
    """The letters of the run that are in force, one after the other, in protocol order."""
    seminar = plans.seminar_or_404(slug)
    document = document_or_404(seminar, document_id)
    invitations = queries.invitations_of_document(document, seminar)
    if not invitations:
        raise Refused("None of these letters is in force any more.")
    return pdf_response(
        documents.letters_pdf(invitations, base_url()), f"{document.kind.file_word}-{document.number:02d}.pdf"
    )


def word_response(content: bytes, filename: str) -> Response:
    return Response(
        content,
        mimetype="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        headers={"Content-Disposition": f'attachment; filename="{filename}"', "Cache-Control": "no-store"},
    )


@bp.get(f"{LETTER}/print.docx")
@holds_codes
def letters_word(slug: str, document_id: int) -> Any:
    """The same letters in one Word file, to be edited before they are printed."""
    seminar = plans.seminar_or_404(slug)
    document = document_or_404(seminar, document_id)
    invitations = queries.invitations_of_document(document, seminar)
    if not invitations:
        raise Refused("None of these letters is in force any more.")
    content = documents.letters_docx(invitations, base_url(), now())
    return word_response(content, f"{document.kind.file_word}-{document.number:02d}.docx")


@bp.get("/seminars/<slug>/delegates/<int:delegate_id>/letter.docx")
@holds_codes
def letter_word(slug: str, delegate_id: int) -> Any:
    """One delegate's letter in force as a Word file."""
    delegate = delegate_or_404(plans.seminar_or_404(slug), delegate_id)
    invitation = queries.in_force_of(delegate)
    if invitation is None:
        abort(404)
    return word_response(
        documents.letters_docx([invitation], base_url(), now()),
        f"{invitation.document.kind.file_word}-{delegate.number}.docx",
    )


@bp.get(f"{LETTER}/issued.pdf")
@holds_codes
def issued_letters(slug: str, document_id: int) -> Any:
    """The run as it was issued, also where codes were revoked since."""
    document = document_or_404(plans.seminar_or_404(slug), document_id)
    if not document.file_sha256:
        abort(404)
    return pdf_response(files.read(document.file_sha256), f"{document.kind.file_word}-{document.number:02d}.pdf")


@bp.get("/seminars/<slug>/letters/preview.docx")
@reads
def preview_word(slug: str) -> Any:
    """The first letter of the preview as a Word file: by the office's own template, if there is one."""
    seminar = plans.seminar_or_404(slug)
    sample = documents.drafts(seminar, queries.samples(seminar)[:1], now())
    if not sample:
        raise Refused("There is nobody on the list yet to whom a letter could be shown.")
    return word_response(documents.letters_docx(sample, base_url(), now()), "du-thao.docx")


@bp.get("/seminars/<slug>/letters/preview.pdf")
@reads
def preview(slug: str) -> Any:
    """One letter of each kind as it would be issued now, marked as a draft and without a code."""
    seminar = plans.seminar_or_404(slug)
    sample = documents.drafts(seminar, queries.samples(seminar), now())
    if not sample:
        raise Refused("There is nobody on the list yet to whom a letter could be shown.")
    return pdf_response(documents.letters_pdf(sample, base_url()), "du-thao.pdf")
