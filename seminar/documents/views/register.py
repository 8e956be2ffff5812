"""The outgoing register: what was issued in a term, numbers that came to nothing, documents made elsewhere."""

from typing import Any
from urllib.parse import urlencode

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from seminar.access.guard import has_role, staff_actor
from seminar.access.roles import Role
from seminar.audit import queries as log
from seminar.documents import actions, documents, queries, rules
from seminar.documents.forms import CorrectionForm, EntryForm, OutsideForm, StartForm, UnusedForm, addressees_typed
from seminar.documents.models import DOCUMENT_KIND_LABELS, DocumentKind, IssuedDocument
from seminar.documents.views import PDF, WORD, WORKBOOK, bp, file, reads, writes
from seminar.lib import files
from seminar.lib.clock import local, now
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.language import say
from seminar.lib.paging import page_asked
from seminar.planning import queries as plans
from seminar.planning.models import Seminar

PAGE = "/seminars/<slug>/register"
LETTERS = (DocumentKind.INVITATION, DocumentKind.SUMMONS)


def _asked(seminar: Seminar) -> tuple[str, DocumentKind | None]:
    """(term, kind) of the address; the term of the settings, and all kinds, if it says nothing."""
    word = request.args.get("kind", "")
    kind = DocumentKind(word) if word in set(DocumentKind) else None
    return request.args.get("term") or rules.settings_of(seminar.settings).term, kind


def _page(
    seminar: Seminar,
    outside: OutsideForm | None = None,
    start: StartForm | None = None,
    refusal: str = "",
) -> str:
    settings = rules.settings_of(seminar.settings)
    term, kind = _asked(seminar)
    page, count = page_asked(), queries.register_count(term, kind)
    here = url_for("documents.register", slug=seminar.slug)
    return render_template(
        "documents/register.html",
        seminar=seminar,
        here=here,
        term=term,
        kind=kind,
        terms=list(dict.fromkeys([settings.term, *queries.terms()])),
        kinds=DOCUMENT_KIND_LABELS,
        rows=queries.register(term, kind, page),
        count=count,
        page=page,
        pages=max(1, -(-count // queries.PAGE_SIZE)),
        gaps=queries.gaps(term, kind),
        LETTERS=LETTERS,
        outside=outside or OutsideForm(data=_beginning(settings)),
        start=start or StartForm(data={"kind": DocumentKind.DISPATCH}),
        refusal=refusal,
        next_numbers=queries.next_numbers(settings),
        settings_term=settings.term,
        may_write=has_role(Role.ADMIN, Role.OFFICE),
    )


def _beginning(settings: rules.DocumentSettings) -> dict[str, Any]:
    return {
        "issued_on": local(now()).date(),
        "kind": DocumentKind.DISPATCH,
        "signer": rules.signer_of(settings),
        "drafted_by": staff_actor().name,
    }


@bp.get(PAGE)
@reads
def register(slug: str) -> Any:
    return _page(plans.seminar_or_404(slug))


@bp.post(f"{PAGE}/outside")
@writes
def register_outside(slug: str) -> Any:
    seminar = plans.seminar_or_404(slug)
    form = OutsideForm(request.form)
    refusal = ""
    if form.validate():
        try:
            document = actions.register_outside(
                seminar,
                form.kind.data,
                form.number.data,
                form.subject.data,
                form.issued_on.data,
                addressees_typed(form.addressees.data),
                form.copies.data or 0,
                form.note.data or "",
                staff_actor(),
                now(),
                signer=form.signer.data,
                drafted_by=form.drafted_by.data,
            )
            symbol = document.symbol
            db.session.commit()
            flash(_("%(symbol)s is in the register.", symbol=symbol), "success")
            return redirect(url_for("documents.register", slug=slug), 303)
        except Refused as refused:
            db.session.rollback()
            refusal = say(refused.message)
            seminar = plans.seminar_or_404(slug)
    return _page(seminar, outside=form, refusal=refusal), 422


@bp.post(f"{PAGE}/start")
@writes
def start_numbers(slug: str) -> Any:
    seminar = plans.seminar_or_404(slug)
    form = StartForm(request.form)
    refusal = ""
    if form.validate():
        try:
            actions.start_numbers(
                seminar, form.kind.data, form.next_number.data, form.reason.data, staff_actor(), now()
            )
            db.session.commit()
            flash(_("The register goes on with that number."), "success")
            return redirect(url_for("documents.register", slug=slug), 303)
        except Refused as refused:
            db.session.rollback()
            refusal = say(refused.message)
            seminar = plans.seminar_or_404(slug)
    return _page(seminar, start=form, refusal=refusal), 422


def _document_page(
    slug: str, document_id: int, form: CorrectionForm | None = None, unused: UnusedForm | None = None, refusal: str = ""
) -> str:
    seminar = plans.seminar_or_404(slug)
    document = queries.registered_or_404(document_id)
    register = url_for("documents.register", slug=slug)
    return render_template(
        "documents/document.html",
        seminar=seminar,
        document=document,
        kind=DOCUMENT_KIND_LABELS[document.kind],
        form=form or _correction(document),
        unused=unused or UnusedForm(),
        may_be_unused=document.unused_at is None and (document.kind not in LETTERS or document.is_outside),
        is_of_letters=document.kind in LETTERS and not document.is_outside,
        corrections=log.entries_of("entry", document.id, "change"),
        refusal=refusal,
        here=url_for("documents.document", slug=slug, document_id=document_id),
        register=f"{register}?{urlencode({'term': document.term})}",
        may_write=has_role(Role.ADMIN, Role.OFFICE),
    )


def _correction(document: IssuedDocument, said: Any = None) -> CorrectionForm:
    form = EntryForm if document.is_outside else CorrectionForm
    return form(said, obj=document)


@bp.get(f"{PAGE}/<int:document_id>")
@reads
def document(slug: str, document_id: int) -> Any:
    return _document_page(slug, document_id)


@bp.post(f"{PAGE}/<int:document_id>/correction")
@writes
def correct_document(slug: str, document_id: int) -> Any:
    plans.seminar_or_404(slug)
    found = queries.registered_or_404(document_id)
    form = _correction(found, request.form)
    if not form.validate():
        return _document_page(slug, document_id, form), 422
    if actions.correct_document(found, form.values(), staff_actor(), now()):
        flash(_("Corrected; the log keeps what stood there before."), "success")
    db.session.commit()
    return redirect(url_for("documents.document", slug=slug, document_id=document_id), 303)


@bp.post(f"{PAGE}/<int:document_id>/unused")
@writes
def leave_unused(slug: str, document_id: int) -> Any:
    plans.seminar_or_404(slug)
    found = queries.registered_or_404(document_id)
    form = UnusedForm(request.form)
    refusal = ""
    try:
        if form.validate():
            actions.leave_unused(found, form.reason.data, staff_actor(), now())
            db.session.commit()
            flash(_("The number stays in the register as not used."), "success")
            return redirect(url_for("documents.document", slug=slug, document_id=document_id), 303)
    except Refused as refused:
        db.session.rollback()
        refusal = say(refused.message)
    return _document_page(slug, document_id, unused=form, refusal=refusal), 422


def _issued(slug: str, document_id: int) -> IssuedDocument:
    plans.seminar_or_404(slug)
    return queries.registered_or_404(document_id)


@bp.get(f"{PAGE}/<int:document_id>/issued.pdf")
@writes
def issued_pdf(slug: str, document_id: int) -> Any:
    """As it was issued. Letters carry personal codes: for those who may issue them."""
    document = _issued(slug, document_id)
    if not document.file_sha256:
        abort(404)
    return file(files.read(document.file_sha256), PDF, f"{document.kind.file_word}-{document.number:02d}.pdf")


@bp.get(f"{PAGE}/<int:document_id>/issued.docx")
@writes
def issued_word(slug: str, document_id: int) -> Any:
    document = _issued(slug, document_id)
    if not document.word_sha256:
        abort(404)
    return file(files.read(document.word_sha256), WORD, f"{document.kind.file_word}-{document.number:02d}.docx")


def _rows(term: str, kind: DocumentKind | None) -> list[tuple[str, ...]]:
    """The oldest first, as on paper."""
    found = [document for document, _ in reversed(queries.register(term, kind))]
    return documents.register_rows(found, queries.gaps(term, kind))


@bp.get("/seminars/<slug>/register.xlsx")
@reads
def register_workbook(slug: str) -> Any:
    seminar = plans.seminar_or_404(slug)
    term, kind = _asked(seminar)
    rows = _rows(term, kind)
    return file(documents.register_workbook(term, rows), WORKBOOK, "so-dang-ky-van-ban-di.xlsx")


@bp.get("/seminars/<slug>/register.docx")
@reads
def register_document(slug: str) -> Any:
    seminar = plans.seminar_or_404(slug)
    term, kind = _asked(seminar)
    rows = _rows(term, kind)
    content = documents.register_docx(rules.settings_of(seminar.settings), term, rows, now())
    return file(content, WORD, "so-dang-ky-van-ban-di.docx")
