"""The result report is issued: a number from the register, a copy that stays as it was, once more with a reason."""

from typing import Any

from flask import Response, abort, flash, redirect, request, send_file, url_for
from flask_babel import gettext as _

from seminar.access.guard import only, staff_actor
from seminar.documents import queries as registers
from seminar.documents.content import Content, content_pdf
from seminar.documents.models import DocumentKind, IssuedDocument
from seminar.lib import files
from seminar.lib.clock import now
from seminar.lib.database import db, reading
from seminar.lib.errors import Refused
from seminar.lib.language import say
from seminar.minutes import queries as minutes
from seminar.minutes.documents import subject_of
from seminar.planning import queries as plans
from seminar.planning.models import Seminar
from seminar.reports import actions
from seminar.reports.documents import result
from seminar.reports.documents.result_lacks import lacks_of
from seminar.reports.forms import ReportIssueForm
from seminar.reports.queries import facts, snapshot
from seminar.reports.queries import wordings as queries
from seminar.reports.views import WORD, bp
from seminar.reports.views.result import ISSUERS, PAGE, READERS, report_page

PDF = "application/pdf"


def _printed(
    seminar: Seminar, reason: str, document: IssuedDocument | None = None
) -> tuple[Content, dict[str, int], list[Any]]:
    """The document as it stands now, its figures, and what it lacks."""
    moment, known = now(), facts(seminar)
    issues = queries.issues_of(seminar)
    opening = result.replaces(issues[-1], reason) if issues else ""
    made = result.blocks(seminar, moment, known)
    printed = result.content_of(seminar, made, moment, document, opening=opening)
    counts = snapshot(known)
    lacks = lacks_of(
        printed,
        known,
        queries.states(seminar, counts),
        minutes.adopted_version(seminar),
        queries.recommendations_by_addressee(seminar),
    )
    return printed, counts, lacks


def _word(printed: Content) -> bytes:
    from seminar.documents.word.document import content_docx

    return content_docx(printed, now())


@bp.post(f"{PAGE}/issues")
@only(*ISSUERS)
def issue_report(slug: str) -> Any:
    """Built once before a number is taken, so that none is lost to a font; then numbered, built, kept."""
    form = ReportIssueForm(request.form)
    try:
        if not form.validate():
            raise Refused("The page is incomplete, or the reason is longer than 500 characters. Look at it again.")
        reason = form.reason.data or ""
        with reading():
            _refuse_unready(slug, form)
        seminar = plans.seminar_or_404(slug)
        document = actions.take_report_number(
            seminar,
            subject_of(seminar, DocumentKind.REPORT),
            form.issue_count.data,
            reason,
            staff_actor(),
            now(),
        )
        document_id, symbol = document.id, document.symbol
        db.session.commit()
    except Refused as refusal:
        db.session.rollback()
        with reading():
            page = report_page(slug, form, say(refusal.message))
        return page, 422
    _keep(slug, document_id, reason)
    flash(_("%(symbol)s is issued and in the register. Print it for signature and seal.", symbol=symbol), "success")
    return redirect(url_for("reports.report", slug=slug, _anchor="issues"), 303)


def _refuse_unready(slug: str, form: ReportIssueForm) -> None:
    printed, _counts, lacks = _printed(plans.seminar_or_404(slug), form.reason.data or "")
    if any(lack.stops for lack in lacks):
        raise Refused("It cannot be issued yet: see what is missing.")
    if lacks and not form.seen.data:
        raise Refused("There are remarks: read them, and tick that it is to be issued all the same.")
    content_pdf(printed)
    _word(printed)


def _keep(slug: str, document_id: int, reason: str) -> None:
    """Built with its number outside of any writing transaction; then kept together with the row that names the files."""
    with reading():
        seminar = plans.seminar_or_404(slug)
        printed, counts, _lacks = _printed(seminar, reason, registers.document_or_404(seminar, document_id))
        pdf, word = content_pdf(printed), _word(printed)
    pdf_sha256, word_sha256 = files.keep(pdf, with_rows=True), files.keep(word, with_rows=True)
    document = registers.document_or_404(plans.seminar_or_404(slug), document_id)
    actions.keep_issue(document, reason, counts, pdf_sha256, word_sha256, staff_actor(), now())
    db.session.commit()


@bp.get(f"{PAGE}/issues/<int:number>/report.pdf")
@only(*READERS)
def issued_pdf(slug: str, number: int) -> Response:
    return _issued(slug, number, PDF)


@bp.get(f"{PAGE}/issues/<int:number>/report.docx")
@only(*READERS)
def issued_word(slug: str, number: int) -> Response:
    return _issued(slug, number, WORD)


def _issued(slug: str, number: int, kind: str) -> Response:
    """As it was issued, whatever changed since."""
    found = queries.issue_or_404(plans.seminar_or_404(slug), number)
    digest, ending = (found.pdf_sha256, "pdf") if kind == PDF else (found.docx_sha256, "docx")
    if not digest or not files.path_of(digest).exists():
        abort(404)
    name = f"bao-cao-{found.document.number:02d}.{ending}"
    answer = send_file(files.path_of(digest), mimetype=kind, download_name=name, as_attachment=True, etag=digest)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
