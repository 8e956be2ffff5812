"""Papers and versions that the office uploads for somebody, their files and receipts, and old fonts converted."""

from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _

from seminar.access.actor import Actor, Channel
from seminar.access.guard import has_role, staff_actor
from seminar.access.roles import Role
from seminar.delegates.queries import by_number
from seminar.lib import files, headers
from seminar.lib.clock import now
from seminar.lib.database import db, reading
from seminar.lib.errors import Refused
from seminar.lib.language import say
from seminar.papers import actions, converting, messages, queries
from seminar.papers.checking import EXTENSIONS, Sent, check_sent, in_unicode, pdf, word
from seminar.papers.forms import NewPaperForm, VersionForm
from seminar.papers.models import PaperKind, RenditionKind, Submission
from seminar.papers.views import PAPER, bp, reads_papers, uploads
from seminar.papers.views.papers import show
from seminar.planning import queries as plans
from seminar.planning.models import Seminar

VERSION = f"{PAPER}/versions/<int(max=2147483647):version>"
RENDITION_TYPES = {
    RenditionKind.PDF: pdf.MEDIA_TYPE,
    RenditionKind.DOCX: word.MEDIA_TYPE,
    RenditionKind.UNICODE: word.MEDIA_TYPE,
    RenditionKind.BOOK: pdf.MEDIA_TYPE,
}


def _new_form(seminar: Seminar, data: Any = None, **values: Any) -> NewPaperForm:
    return NewPaperForm(plans.units_on(seminar.held_on), seminar.topics, data, **values)


def _new_page(seminar: Seminar, form: NewPaperForm) -> str:
    return render_template("papers/new.html", seminar=seminar, form=form, can_convert=converting.program() is not None)


@bp.get("/seminars/<slug>/papers/new")
@uploads
def new(slug: str) -> Any:
    seminar = plans.seminar_or_404(slug)
    return _new_page(seminar, _new_form(seminar, unit=request.args.get("unit", ""), channel=Channel.EMAIL.value))


def _sent(standing: bytes | None = None) -> Sent:
    """The files of the form, checked. Slow: call it outside of a writing transaction."""
    upload, beside = request.files.get("file"), request.files.get("beside")
    return check_sent(
        upload.filename or "" if upload else "",
        upload.read() if upload else b"",
        beside.read() if beside else b"",
        standing,
    )


def _say_problems(form: VersionForm, sent: Sent) -> None:
    if sent.problem:
        form.file.errors = [say(sent.problem)]
    elif sent.checked:
        form.file.errors = [_("Choose the file once more: it is stored when all the rest is right.")]
    if sent.beside_problem:
        form.beside.errors = [say(sent.beside_problem)]


def _arrived(seminar: Seminar, submission: Submission, is_new: bool) -> None:
    if is_new:
        flash(
            _("“%(file)s” arrived as version %(version)d.", file=submission.filename, version=submission.version),
            "success",
        )
    else:
        flash(_("The PDF is kept beside version %(version)d.", version=submission.version), "success")
    for remark in messages.remarks_of(submission, queries.call_of(seminar)):
        flash(say(remark), "info")


def _on_behalf(somebody: str, channel: str) -> Actor:
    return staff_actor().for_(somebody[:200], Channel(channel))


@bp.post("/seminars/<slug>/papers/new")
@uploads
def create(slug: str) -> Any:
    with reading():
        plans.seminar_or_404(slug)
    sent = _sent()
    seminar = plans.seminar_or_404(slug)
    form = _new_form(seminar, request.form)
    if form.validate() and sent.checked and sent.is_good:
        units = {str(unit.id): unit for unit in plans.units_on(seminar.held_on)}
        unit = units.get(form.unit.data)
        delegate = by_number(seminar, form.number.data) if form.number.data else None
        try:
            if form.number.data and delegate is None:
                raise Refused("There is no delegate with the number %(number)d.", number=form.number.data)
            submission = actions.submit_paper(
                seminar,
                sent.checked,
                title=form.title.data,
                authors=form.authors.data,
                kind=PaperKind(form.kind.data),
                topic_id=form.topic_id,
                abstract=form.abstract.data,
                keywords=form.keywords.data,
                delegate=delegate,
                unit=unit,
                beside=sent.beside,
                came_on=form.came_on.data,
                by=_on_behalf(unit.name if unit else delegate.name if delegate else "", form.channel.data),
                now=now(),
            )
            paper_id = submission.paper_id
            db.session.commit()
            _arrived(seminar, submission, True)
            return redirect(url_for("papers.paper", slug=slug, paper_id=paper_id), 303)
        except Refused as refusal:
            db.session.rollback()
            if "number" in refusal.message.values:
                form.number.errors = [say(refusal.message)]
            else:
                form.form_errors.append(say(refusal.message))
    _say_problems(form, sent)
    return _new_page(plans.seminar_or_404(slug), form), 422


@bp.post(f"{PAPER}/versions")
@uploads
def send_version(slug: str, paper_id: int) -> Any:
    with reading():
        latest = queries.latest_submission(queries.paper_or_404(plans.seminar_or_404(slug), paper_id))
        digest = queries.docx_sha256(latest) if latest else None
    sent = _sent(files.read(digest) if digest else None)
    seminar = plans.seminar_or_404(slug)
    found = queries.paper_or_404(seminar, paper_id)
    form = VersionForm(request.form)
    if form.validate() and sent.is_good:
        by = _on_behalf(found.authors, form.channel.data)
        try:
            if sent.checked:
                submission = actions.submit_paper(
                    seminar,
                    sent.checked,
                    title="",
                    authors="",
                    paper=found,
                    beside=sent.beside,
                    came_on=form.came_on.data,
                    by=by,
                    now=now(),
                )
            else:
                assert sent.beside is not None
                submission = actions.add_beside(seminar, found, sent.beside, by=by, now=now())
            db.session.commit()
            _arrived(seminar, submission, sent.checked is not None)
            return redirect(url_for("papers.paper", slug=slug, paper_id=paper_id), 303)
        except Refused as refusal:
            db.session.rollback()
            form.form_errors.append(say(refusal.message))
            seminar = plans.seminar_or_404(slug)
            found = queries.paper_or_404(seminar, paper_id)
    _say_problems(form, sent)
    return show(seminar, found, version_form=form), 422


def _to_keep(digest: str, media_type: str, name: str) -> Response:
    """A stranger's file: always to be saved, never opened in the page."""
    headers.sandbox()
    answer = send_file(files.path_of(digest), mimetype=media_type, as_attachment=True, download_name=name, etag=digest)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@bp.get(f"{VERSION}/file")
@reads_papers
def file(slug: str, paper_id: int, version: int) -> Response:
    """One version as it was sent."""
    found = queries.paper_or_404(plans.seminar_or_404(slug), paper_id)
    submission = queries.submission_or_404(found, version)
    return _to_keep(submission.file_sha256, submission.media_type, submission.filename)


@bp.get(f"{VERSION}/renditions/<form>")
@reads_papers
def rendition(slug: str, paper_id: int, version: int, form: str) -> Response:
    """Another form of the version: the PDF beside it, or the Word file that was made of it."""
    found = queries.paper_or_404(plans.seminar_or_404(slug), paper_id)
    submission = queries.submission_or_404(found, version)
    made = queries.rendition(submission, RenditionKind(form)) if form in set(RenditionKind) else None
    if made is None:
        abort(404)
    stem = submission.filename.rpartition(".")[0]
    mark = "-unicode" if made.kind == RenditionKind.UNICODE else ""
    media_type = RENDITION_TYPES[made.kind]
    return _to_keep(made.file_sha256, media_type, f"{stem}{mark}.{EXTENSIONS[media_type]}")


@bp.get(f"{VERSION}/receipt")
@reads_papers
def receipt(slug: str, paper_id: int, version: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    paper = queries.paper_or_404(seminar, paper_id)
    submission = queries.submission_or_404(paper, version)
    return render_template(
        "papers/receipt.html",
        seminar=seminar,
        paper=paper,
        submission=submission,
        receipt=messages.receipt(seminar, submission, queries.call_of(seminar)),
        address=messages.address_of(submission)[1],
        may_send=has_role(Role.OFFICE),
    )


@bp.post(f"{VERSION}/receipt")
@uploads
def send_receipt(slug: str, paper_id: int, version: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    submission = queries.submission_or_404(queries.paper_or_404(seminar, paper_id), version)
    message = messages.receipt_mail(seminar, submission, queries.call_of(seminar))
    if actions.send_receipt(submission, message, staff_actor(), now()):
        db.session.commit()
        flash(_("The receipt is in the outbox."), "success")
    else:
        db.session.rollback()
        flash(_("No e-mail address is known of whoever sent it. Print the receipt instead."), "warning")
    return redirect(url_for("papers.receipt", slug=slug, paper_id=paper_id, version=version), 303)


@bp.post(f"{VERSION}/unicode")
@uploads
def convert(slug: str, paper_id: int, version: int) -> Any:
    """Turns the old fonts of the version into Unicode; the file as it was sent stays."""
    with reading():
        submission = queries.submission_or_404(queries.paper_or_404(plans.seminar_or_404(slug), paper_id), version)
        digest = queries.docx_sha256(submission) if submission.legacy else None
    if digest is None:
        abort(404)
    try:
        made = in_unicode(files.read(digest))
        submission = queries.submission_or_404(queries.paper_or_404(plans.seminar_or_404(slug), paper_id), version)
        actions.keep_unicode(submission, made, staff_actor(), now())
        db.session.commit()
        flash(_("The old fonts were converted. Look through the result; it can be undone."), "success")
    except Refused as refusal:
        db.session.rollback()
        flash(say(refusal.message), "danger")
    return redirect(url_for("papers.paper", slug=slug, paper_id=paper_id, _anchor="fonts"), 303)


@bp.post(f"{VERSION}/unicode/reversal")
@uploads
def undo_conversion(slug: str, paper_id: int, version: int) -> Any:
    submission = queries.submission_or_404(queries.paper_or_404(plans.seminar_or_404(slug), paper_id), version)
    actions.undo_unicode(submission, staff_actor(), now())
    db.session.commit()
    flash(_("The file as it was sent counts again."), "success")
    return redirect(url_for("papers.paper", slug=slug, paper_id=paper_id, _anchor="fonts"), 303)
