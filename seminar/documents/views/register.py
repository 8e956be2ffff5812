"""The outgoing register: what was issued in a term, numbers that came to nothing, documents made elsewhere."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from seminar.access.guard import has_role, staff_actor
from seminar.access.roles import Role
from seminar.documents import actions, documents, queries, rules
from seminar.documents.forms import OutsideForm, StartForm, UnusedForm
from seminar.documents.models import DOCUMENT_KIND_LABELS, DocumentKind, IssuedDocument
from seminar.documents.views import PDF, WORD, WORKBOOK, bp, file, reads, writes
from seminar.lib import files
from seminar.lib.clock import local, now
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.language import say
from seminar.lib.paging import page_asked
from seminar.lib.text import clean
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
        starts=queries.number_starts(term, kind),
        remark_of=documents.remark_of,
        LETTERS=LETTERS,
        outside=outside or OutsideForm(data={"issued_on": local(now()).date(), "kind": DocumentKind.DISPATCH}),
        start=start or StartForm(data={"kind": DocumentKind.DISPATCH}),
        refusal=refusal,
        next_numbers=queries.next_numbers(settings),
        settings_term=settings.term,
        may_write=has_role(Role.ADMIN, Role.OFFICE),
    )


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
        addressees = [clean(line)[:300] for line in (form.addressees.data or "").splitlines() if clean(line)]
        try:
            document = actions.register_outside(
                seminar,
                form.kind.data,
                form.number.data,
                form.subject.data,
                form.issued_on.data,
                addressees,
                form.copies.data or 0,
                form.note.data or "",
                staff_actor(),
                now(),
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


@bp.post(f"{PAGE}/<int:document_id>/unused")
@writes
def leave_unused(slug: str, document_id: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    document = queries.registered_or_404(document_id)
    form = UnusedForm(request.form)
    if not form.validate():
        raise Refused("Say why the number is not used: it stands in the register.")
    actions.leave_unused(document, form.reason.data, staff_actor(), now())
    db.session.commit()
    flash(_("The number stays in the register as not used."), "success")
    return redirect(url_for("documents.register", slug=seminar.slug), 303)


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


@bp.get("/seminars/<slug>/register.xlsx")
@reads
def register_workbook(slug: str) -> Any:
    seminar = plans.seminar_or_404(slug)
    term, kind = _asked(seminar)
    rows = documents.register_rows([document for document, _ in reversed(queries.register(term, kind))])
    return file(documents.register_workbook(term, rows), WORKBOOK, "so-dang-ky-van-ban-di.xlsx")


@bp.get("/seminars/<slug>/register.docx")
@reads
def register_document(slug: str) -> Any:
    seminar = plans.seminar_or_404(slug)
    term, kind = _asked(seminar)
    rows = documents.register_rows([document for document, _ in reversed(queries.register(term, kind))])
    content = documents.register_docx(rules.settings_of(seminar.settings), term, rows, now())
    return file(content, WORD, "so-dang-ky-van-ban-di.docx")
