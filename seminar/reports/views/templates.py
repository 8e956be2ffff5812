"""The office's own Word templates: uploaded, checked as a stranger's file, looked at, taken back."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from seminar.access.guard import only, staff_actor
from seminar.access.roles import Role
from seminar.documents import actions, merging, queries, rules
from seminar.documents.layout import rules_for
from seminar.documents.models import DOCUMENT_KIND_LABELS, DocumentKind
from seminar.invitations import documents as letters
from seminar.invitations import queries as inviting
from seminar.lib import files
from seminar.lib.clock import local, now
from seminar.lib.database import db, reading
from seminar.lib.errors import Refused
from seminar.lib.language import say
from seminar.papers.checking import check_upload, word
from seminar.planning import queries as plans
from seminar.planning.models import Seminar
from seminar.reports.documents import drafts as documents
from seminar.reports.views import WORD, bp, file
from seminar.reports.views.drafts import by_template

PAGE = "/seminars/<slug>/settings/templates"


def _page(seminar: Seminar, refusal: str = "", unknown: list[str] | None = None) -> str:
    return render_template(
        "reports/templates.html",
        seminar=seminar,
        here=url_for("reports.templates", slug=seminar.slug),
        back=url_for("documents.settings", slug=seminar.slug),
        kinds={kind: DOCUMENT_KIND_LABELS[kind] for kind in merging.FIELDS},
        own=queries.templates_of(seminar),
        fields=merging.FIELDS,
        refusal=refusal,
        unknown=unknown or [],
    )


def _kind_or_404(word_of_kind: str) -> DocumentKind:
    if word_of_kind not in {kind.value for kind in merging.FIELDS}:
        abort(404)
    return DocumentKind(word_of_kind)


@bp.get(PAGE)
@only(Role.ADMIN, Role.OFFICE)
def templates(slug: str) -> Any:
    return _page(plans.seminar_or_404(slug))


@bp.post(f"{PAGE}/<kind>")
@only(Role.ADMIN, Role.OFFICE)
def keep_template(slug: str, kind: str) -> Any:
    """Checked in the child process before anything is written; fields that nobody knows are told, and print red."""
    found = _kind_or_404(kind)
    upload = request.files.get("file")
    try:
        checked = check_upload(upload.filename or "" if upload else "", upload.read() if upload else b"")
        if checked.extension != "docx":
            raise Refused("A template is a Word file (.docx).")
        if word.FETCHES in checked.remarks:
            raise Refused(word.FETCHES.msgid)
        asked = merging.asked_fields(checked.content)
        forgotten = merging.forgotten_fields(asked, found)
        unknown = merging.unknown_fields(asked, found)
        merging.try_out(checked.content, found, unknown)
        files.keep(checked.content)
        seminar = plans.seminar_or_404(slug)
        actions.keep_template(seminar, found, checked.filename, checked.sha256, staff_actor(), now())
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        with reading():
            return _page(plans.seminar_or_404(slug), say(refused.message)), 422
    if forgotten:
        flash(
            _(
                "The template has no field %(names)s: what they say is missing in every document by it. Put them in, and upload it again.",
                names=", ".join(forgotten),
            ),
            "warning",
        )
    if merging.is_without_text(asked, found):
        flash(
            _(
                "The template has no field noi_dung: a dispatch by it prints without its text. Put the field in, and upload it again."
            ),
            "warning",
        )
    if unknown:
        flash(
            _(
                "The template is kept, but nobody knows these fields: %(names)s. They are red in the preview.",
                names=", ".join(unknown),
            ),
            "warning",
        )
    else:
        flash(_("The template is kept. Look at the preview."), "success")
    return redirect(url_for("reports.templates", slug=slug), 303)


@bp.post(f"{PAGE}/<kind>/removal")
@only(Role.ADMIN, Role.OFFICE)
def remove_template(slug: str, kind: str) -> Any:
    seminar = plans.seminar_or_404(slug)
    actions.remove_template(seminar, _kind_or_404(kind), staff_actor(), now())
    db.session.commit()
    flash(_("Documents of this kind have the program's own form again."), "success")
    return redirect(url_for("reports.templates", slug=slug), 303)


@bp.get(f"{PAGE}/<kind>/preview.docx")
@only(Role.ADMIN, Role.OFFICE)
def template_preview(slug: str, kind: str) -> Any:
    """The template filled for somebody of the list; what is missing or unknown stands in red."""
    seminar = plans.seminar_or_404(slug)
    found = _kind_or_404(kind)
    template = queries.template_of(seminar, found)
    if template is None:
        abort(404)
    if found in (DocumentKind.PROGRAMME, DocumentKind.DISPATCH):
        made = by_template(template, seminar, documents.sample(seminar, found, now()), is_preview=True)
        return file(made, WORD, f"{found.file_word}-xem-thu.docx")
    sample = [one for one in letters.drafts(seminar, inviting.samples(seminar), now()) if one.document.kind == found]
    if not sample:
        raise Refused("There is nobody on the list yet to whom a letter could be shown.")
    content = files.read(template.sha256)
    made = letters.template_preview(content, sample[0], request.host_url.rstrip("/"))
    return file(made, WORD, f"{found.file_word}-xem-thu.docx")


@bp.get(f"{PAGE}/<kind>/starter.docx")
@only(Role.ADMIN, Role.OFFICE)
def starter(slug: str, kind: str) -> Any:
    """The program's own form with the fields in their places, to be changed in Word."""
    from seminar.documents.starters import starter_docx

    seminar, found = plans.seminar_or_404(slug), _kind_or_404(kind)
    made = starter_docx(found, rules.settings_of(seminar.settings), rules_for(local(now()).date()), now())
    return file(made, WORD, f"{found.file_word}-mau-ban-dau.docx")


@bp.get(f"{PAGE}/<kind>/template.docx")
@only(Role.ADMIN, Role.OFFICE)
def own_template(slug: str, kind: str) -> Any:
    found = _kind_or_404(kind)
    template = queries.template_of(plans.seminar_or_404(slug), found)
    if template is None:
        abort(404)
    return file(files.read(template.sha256), WORD, f"{found.file_word}-mau.docx")
