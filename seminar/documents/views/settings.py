"""How the office's documents are signed, numbered and sent: one page, by kind where kinds differ."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from seminar.access.guard import has_role, staff_actor
from seminar.access.roles import Role
from seminar.documents import actions, glyphs, queries, rules
from seminar.documents.forms import MOST_ROWS, SettingsForm, abbreviations_typed, rows_shown, shown
from seminar.documents.layout import rules_for
from seminar.documents.models import DOCUMENT_KIND_LABELS, DocumentKind
from seminar.documents.views import bp, reads, writes
from seminar.lib.clock import local, now
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.language import say
from seminar.planning import queries as plans
from seminar.planning.models import Seminar

PAGE = "/seminars/<slug>/settings/documents"


def _page(seminar: Seminar, form: SettingsForm | None = None, remarks: list[str] | None = None) -> str:
    settings = rules.settings_of(seminar.settings)
    if form is None:
        form = SettingsForm(data=shown(settings))
        said = rules.signing_remarks(settings.authority, settings.signer_title, settings.signer_name)
        remarks = [say(one) for one in said]
    return render_template(
        "documents/settings.html",
        seminar=seminar,
        form=form,
        remarks=remarks or [],
        settings=settings,
        layout=rules_for(local(now()).date()),
        kinds=DOCUMENT_KIND_LABELS,
        defaults=rules.ABBREVIATIONS,
        symbols={kind: rules.symbol(None, kind, settings) for kind in DocumentKind},
        next_numbers=queries.next_numbers(settings),
        rows_of={kind: rules.printed_recipients(settings.rows_for(kind)) for kind in DocumentKind},
        font_is_there=glyphs.is_there(),
        here=url_for("documents.settings", slug=seminar.slug),
        may_write=has_role(Role.ADMIN, Role.OFFICE),
    )


@bp.get(PAGE)
@reads
def settings(slug: str) -> Any:
    return _page(plans.seminar_or_404(slug))


@bp.post(PAGE)
@writes
def change_settings(slug: str) -> Any:
    """What the guidance says against the form of signing is shown first; ticking "keep it" saves it all the same."""
    seminar = plans.seminar_or_404(slug)
    form = SettingsForm(request.form)
    remarks: list[str] = []
    try:
        if form.validate():
            values = form.values() | {"abbreviations": abbreviations_typed(request.form)}
            said = rules.signing_remarks(values["authority"], values["signer_title"], values["signer_name"])
            remarks = [say(one) for one in said]
            if not remarks or form.insists.data:
                actions.change_settings(seminar, values, staff_actor(), now())
                db.session.commit()
                flash(_("Saved. What is issued already stays as it is."), "success")
                return redirect(url_for("documents.settings", slug=slug), 303)
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(say(refusal.message))
        seminar = plans.seminar_or_404(slug)
    return _page(seminar, form, remarks), 422


def _kind_or_404(word: str) -> DocumentKind:
    try:
        return DocumentKind(word)
    except ValueError:
        abort(404)


def _recipients_page(seminar: Seminar, kind: DocumentKind, rows: list[rules.Recipient], refusal: str = "") -> str:
    settings = rules.settings_of(seminar.settings)
    return render_template(
        "documents/recipients.html",
        seminar=seminar,
        kind=kind,
        label=DOCUMENT_KIND_LABELS[kind],
        rows=rows_shown(rows),
        printed=rules.printed_recipients([row for row in rows if row.to]),
        is_own=kind.value in settings.recipients_of,
        refusal=refusal,
        here=url_for("documents.recipients", slug=seminar.slug, kind=kind.value),
        back=url_for("documents.settings", slug=seminar.slug),
    )


@bp.get(f"{PAGE}/recipients/<kind>")
@writes
def recipients(slug: str, kind: str) -> Any:
    seminar = plans.seminar_or_404(slug)
    found = _kind_or_404(kind)
    return _recipients_page(seminar, found, list(rules.settings_of(seminar.settings).rows_for(found)))


@bp.post(f"{PAGE}/recipients/<kind>")
@writes
def change_recipients(slug: str, kind: str) -> Any:
    """The rows of one kind; without any the kind goes back to those that all share."""
    seminar = plans.seminar_or_404(slug)
    found = _kind_or_404(kind)
    rows = rules.read_rows(request.form, MOST_ROWS)
    try:
        rules.require_copies(request.form, MOST_ROWS)
    except Refused as refusal:
        return _recipients_page(seminar, found, rows, say(refusal.message)), 422
    own = dict(rules.settings_of(seminar.settings).recipients_of)
    own.pop(found.value, None)
    if rows:
        own[found.value] = rules.row_data(rows)
    actions.change_settings(seminar, {"recipients_of": own}, staff_actor(), now())
    db.session.commit()
    flash(_("Saved. What is issued already stays as it is."), "success")
    return redirect(url_for("documents.recipients", slug=slug, kind=kind), 303)
