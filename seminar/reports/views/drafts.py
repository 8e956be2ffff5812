"""Dispatches and the programme: begun from the plan, written on, looked at, issued with a number."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from seminar.access.guard import has_role, only, staff_actor
from seminar.access.roles import Role
from seminar.documents import actions, merging, queries, rules
from seminar.documents.content import Content, Lack, content_pdf
from seminar.documents.models import DOCUMENT_KIND_LABELS, PURPOSE_LABELS, DocumentKind, Draft, WordTemplate
from seminar.lib import files
from seminar.lib.clock import local, now
from seminar.lib.database import db, reading
from seminar.lib.errors import N_, Refused
from seminar.lib.language import say
from seminar.planning import queries as plans
from seminar.planning.models import Seminar
from seminar.reports.documents import drafts as documents
from seminar.reports.documents.annexes import TABLES
from seminar.reports.forms import BeginForm, DraftForm, IssueForm
from seminar.reports.views import WORD, bp, file

WRITERS = (Role.ADMIN, Role.OFFICE)
READERS = (*WRITERS, Role.SECRETARY)
PAGE = "/seminars/<slug>/drafts"
DRAFT = f"{PAGE}/<int:draft_id>"
PDF = "application/pdf"
MOST_ROWS, FREE_ROWS = 40, 3


def _list(seminar: Seminar, form: BeginForm | None = None) -> str:
    found = queries.drafts_of(seminar)
    return render_template(
        "reports/drafts.html",
        seminar=seminar,
        drafts=found,
        form=form or BeginForm(),
        purposes=PURPOSE_LABELS,
        here=url_for("reports.drafts", slug=seminar.slug),
        register=url_for("documents.register", slug=seminar.slug),
        may_write=has_role(*WRITERS),
        outdated={one.id for one in found if one.document and documents.moved_since(one, seminar)},
    )


@bp.get(PAGE)
@only(*READERS)
def drafts(slug: str) -> Any:
    return _list(plans.seminar_or_404(slug))


@bp.post(PAGE)
@only(*WRITERS)
def begin_draft(slug: str) -> Any:
    seminar = plans.seminar_or_404(slug)
    form = BeginForm(request.form)
    if not form.validate():
        return _list(seminar, form), 422
    with_words = documents.beginning(seminar, form.purpose.data)
    draft = actions.begin_draft(
        seminar,
        form.purpose.data,
        with_words.subject,
        with_words.addressees,
        "\n".join(with_words.lines),
        with_words.annexes,
        staff_actor(),
        now(),
    )
    draft_id = draft.id
    db.session.commit()
    return redirect(url_for("reports.draft", slug=slug, draft_id=draft_id), 303)


def _shown(draft: Draft) -> DraftForm:
    names = ("subject", "body", "annexes", "urgency", "meeting_mark", "revision")
    return DraftForm(data={name: getattr(draft, name) for name in names} | {"addressees": "\n".join(draft.addressees)})


PLACES = {
    "subject": N_("to the subject"),
    "addressees": N_("to Kính gửi"),
    "body": N_("to the text"),
    "annexes": N_("to the annexes"),
    "recipients": N_("to Nơi nhận"),
    "settings": N_("to the form of the documents"),
    "plan": N_("to the plan"),
    "venues": N_("to the venue, in the plan"),
    "milestones": N_("to the deadlines, in the plan"),
    "programme": N_("to the programme"),
}
"""Where a lack is mended, as the words of a link."""


def _places(seminar: Seminar) -> dict[str, tuple[str, str]]:
    """(address, words) of each place; what is no page is a part of the draft's own."""
    plan = url_for("planning.plan", slug=seminar.slug)
    pages = {
        "settings": f"{url_for('documents.settings', slug=seminar.slug)}#form",
        "plan": f"{plan}#details",
        "venues": f"{plan}#venues",
        "milestones": f"{plan}#milestones",
        "programme": url_for("agenda.programme", slug=seminar.slug),
    }
    return {where: (pages.get(where, f"#{where}"), say(words)) for where, words in PLACES.items()}


def _page(
    seminar: Seminar,
    draft: Draft,
    form: DraftForm | None = None,
    rows: list[rules.Recipient] | None = None,
    refusal: str = "",
    issue: IssueForm | None = None,
) -> str:
    printed = documents.content_of(draft, seminar, now())
    lacks = documents.lacks_of(draft, seminar, printed, local(now()).date()) if draft.document is None else []
    counted = documents.copies_of(draft, seminar)
    have = [rules.Recipient(**row) for row in draft.recipients] if rows is None else rows
    return render_template(
        "reports/draft.html",
        seminar=seminar,
        draft=draft,
        document=draft.document,
        form=form or _shown(draft),
        rows=[*have, *[rules.Recipient("")] * FREE_ROWS][:MOST_ROWS],
        printed_rows_of=rules.printed_recipients(printed.recipients, printed.copies),
        counted=counted,
        issue=issue or IssueForm(data={"copies": sum(one.copies for one in counted)}),
        kind=DOCUMENT_KIND_LABELS[draft.kind],
        purpose=PURPOSE_LABELS[draft.purpose],
        is_dispatch=draft.kind == DocumentKind.DISPATCH,
        tables=TABLES,
        next_symbol=rules.symbol(queries.next_number(printed.settings, draft.kind), draft.kind, printed.settings),
        stops={say(lack.message): lack.where for lack in lacks if lack.stops},
        remarks={say(lack.message): lack.where for lack in lacks if not lack.stops},
        places=_places(seminar),
        outdated=[say(one.message) for one in documents.moved_since(draft, seminar)] if draft.document else [],
        without_copy=documents.invited_without_copy(seminar, draft) if draft.document is None else [],
        refusal=refusal,
        here=url_for("reports.draft", slug=seminar.slug, draft_id=draft.id),
        back=url_for("reports.drafts", slug=seminar.slug),
        register=url_for("documents.register", slug=seminar.slug),
        settings=url_for("documents.settings", slug=seminar.slug),
        may_write=has_role(*WRITERS),
    )


@bp.get(DRAFT)
@only(*READERS)
def draft(slug: str, draft_id: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    return _page(seminar, queries.draft_or_404(seminar, draft_id))


@bp.post(DRAFT)
@only(*WRITERS)
def change_draft(slug: str, draft_id: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    found = queries.draft_or_404(seminar, draft_id)
    form = DraftForm(request.form)
    rows = rules.read_rows(request.form, MOST_ROWS)
    refusal = ""
    try:
        rules.require_copies(request.form, MOST_ROWS)
        if form.validate():
            values = form.values() | {"recipients": rules.row_data(rows)}
            actions.change_draft(found, values, form.revision.data, staff_actor(), now())
            db.session.commit()
            flash(_("Saved."), "success")
            return redirect(url_for("reports.draft", slug=slug, draft_id=draft_id), 303)
    except Refused as refused:
        db.session.rollback()
        refusal = say(refused.message)
        seminar = plans.seminar_or_404(slug)
        found = queries.draft_or_404(seminar, draft_id)
    return _page(seminar, found, form, rows, refusal), 422


@bp.post(f"{DRAFT}/removal")
@only(*WRITERS)
def remove_draft(slug: str, draft_id: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    actions.remove_draft(queries.draft_or_404(seminar, draft_id), staff_actor(), now())
    db.session.commit()
    flash(_("The draft is gone."), "success")
    return redirect(url_for("reports.drafts", slug=slug), 303)


def word_of(seminar: Seminar, printed: Content) -> bytes:
    """The Word file, by the office's own template if there is one."""
    from seminar.documents.word.document import content_docx

    template = queries.template_of(seminar, printed.kind)
    return by_template(template, seminar, printed) if template else content_docx(printed, now())


def by_template(template: WordTemplate, seminar: Seminar, printed: Content, *, is_preview: bool = False) -> bytes:
    from seminar.documents.word.document import annex_pieces, table_pieces

    values: Any = documents.template_values(seminar, printed)
    return merging.filled(
        files.read(template.sha256),
        [values],
        is_preview=is_preview,
        tables=table_pieces(printed),
        annexes=annex_pieces(printed),
    )


@bp.get(f"{DRAFT}/preview.pdf")
@only(*READERS)
def draft_pdf(slug: str, draft_id: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    found = queries.draft_or_404(seminar, draft_id)
    return file(content_pdf(documents.content_of(found, seminar, now())), PDF, "du-thao.pdf", inline=True)


@bp.get(f"{DRAFT}/draft.docx")
@only(*READERS)
def draft_word(slug: str, draft_id: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    found = queries.draft_or_404(seminar, draft_id)
    printed = documents.content_of(found, seminar, now())
    return file(word_of(seminar, printed), WORD, f"du-thao-{found.kind.file_word}-{found.id}.docx")


@bp.post(f"{DRAFT}/issue")
@only(*WRITERS)
def issue_draft(slug: str, draft_id: int) -> Any:
    """Built once before a number is taken, so that none is lost to a font or a template; then numbered, built, kept."""
    form = IssueForm(request.form)
    try:
        if not form.validate():
            if form.copies.errors:
                raise Refused("Say how many copies are printed: a number of 1 or more.")
            raise Refused("Look at the draft again before it is issued.")
        with reading():
            _refuse_unready(slug, draft_id, form)
        found = queries.draft_or_404(plans.seminar_or_404(slug), draft_id)
        counted = sum(one.copies for one in documents.copies_of(found, found.seminar))
        document = actions.issue_draft(found, form.copies.data or counted, counted, staff_actor(), now())
        symbol = document.symbol
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        with reading():
            seminar = plans.seminar_or_404(slug)
            found = queries.draft_or_404(seminar, draft_id)
            page = _page(seminar, found, refusal=say(refused.message), issue=form)
        return page, 422
    _keep(slug, draft_id)
    flash(_("%(symbol)s is issued and in the register. Print it for signature and seal.", symbol=symbol), "success")
    return redirect(url_for("reports.draft", slug=slug, draft_id=draft_id), 303)


def _refuse_unready(slug: str, draft_id: int, form: IssueForm) -> None:
    seminar = plans.seminar_or_404(slug)
    found = queries.draft_or_404(seminar, draft_id)
    if found.document is not None:
        return
    if form.revision.data != found.revision:
        raise Refused(
            "%(name)s saved this draft while you were writing. Copy your words, open it anew and put them in.",
            name=found.changed_by,
        )
    printed = documents.content_of(found, seminar, now())
    lacks: list[Lack] = documents.lacks_of(found, seminar, printed, local(now()).date())
    if any(lack.stops for lack in lacks):
        raise Refused("It cannot be issued yet: see what is missing.")
    if lacks and not form.seen.data:
        raise Refused("There are remarks: read them, and tick that it is to be issued all the same.")
    content_pdf(printed)
    word_of(seminar, printed)


def _keep(slug: str, draft_id: int) -> None:
    """Builds the document as issued, outside of any writing transaction, and keeps both files."""
    with reading():
        seminar = plans.seminar_or_404(slug)
        found = queries.draft_or_404(seminar, draft_id)
        printed = documents.content_of(found, seminar, now())
        pdf_sha256 = files.keep(content_pdf(printed))
        word_sha256 = files.keep(word_of(seminar, printed))
    found = queries.draft_or_404(plans.seminar_or_404(slug), draft_id)
    assert found.document is not None
    actions.keep_issued(found.document, pdf_sha256, word_sha256)
    db.session.commit()


@bp.post(f"{DRAFT}/files")
@only(*WRITERS)
def build_issued(slug: str, draft_id: int) -> Any:
    """Once more, where the server stopped between the number and the files; what is kept already stays."""
    with reading():
        found = queries.draft_or_404(plans.seminar_or_404(slug), draft_id)
        if found.document is None:
            raise Refused("It is not issued yet.")
    _keep(slug, draft_id)
    return redirect(url_for("reports.draft", slug=slug, draft_id=draft_id), 303)
