"""Lists that come in: read, looked at row by row, stored."""

from collections import Counter
from math import ceil
from typing import Any, NamedTuple

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from seminar.access.guard import staff_actor
from seminar.delegates import actions, importing, queries
from seminar.delegates.columns import LABELS
from seminar.delegates.queries import PAGE_SIZE
from seminar.delegates.rules import STORED, VERDICT_LABELS, Verdict
from seminar.delegates.views import bp, writers
from seminar.lib import files
from seminar.lib.clock import now
from seminar.lib.database import db, reading
from seminar.lib.errors import Refused
from seminar.lib.language import ngettext, say
from seminar.lib.numbers import whole
from seminar.lib.paging import page_asked
from seminar.lib.text import clean
from seminar.planning import queries as plans


class Look(NamedTuple):
    """Tone and icon of a verdict's pill."""

    tone: str
    symbol: str


LOOKS = {
    Verdict.NEW: Look("success", symbol="plus"),
    Verdict.ALIKE: Look("warning", symbol="users"),
    Verdict.JOINS: Look("info", symbol="user-plus"),
    Verdict.DIFFERS: Look("warning", symbol="arrows-exchange"),
    Verdict.CHANGES: Look("info", symbol="pencil"),
    Verdict.KNOWN: Look("muted", symbol="check"),
    Verdict.ERROR: Look("danger", symbol="alert-triangle"),
    Verdict.SKIPPED: Look("muted", symbol="minus"),
}


COLUMN_CHOICES = [name for name in LABELS if name]


@bp.get("/imports")
@writers
def imports(slug: str) -> Any:
    return _upload_page(slug)


def _upload_page(slug: str, refusal: Refused | None = None, group: str = "") -> Any:
    seminar = plans.seminar_or_404(slug)
    return render_template(
        "delegates/imports.html",
        seminar=seminar,
        groups=plans.groups_of(seminar),
        drafts=queries.recent_drafts(seminar),
        group=group,
        error=say(refusal.message) if refusal else "",
    ), 422 if refusal else 200


@bp.post("/imports")
@writers
def read_list(slug: str) -> Any:
    """The file is read and understood before any writing transaction; nothing of it is stored but the draft."""
    upload = request.files.get("file")
    code = request.form.get("group", "")
    with reading():
        seminar = plans.seminar_or_404(slug)
        names, units = queries.group_names(seminar), queries.unit_names(seminar)
        content = upload.read() if upload else b""
        options, decided = queries.last_reading(seminar, files.sha256(content)), queries.decided_before(seminar)
    try:
        if upload is None or not upload.filename:
            raise Refused("Choose a file: .xlsx, .xls or .csv.")
        packed = importing.read_list(content, names, units, options)
        choices = queries.choices_for(importing.unpack(packed).rows, decided) if decided else {}
    except Refused as refusal:
        with reading():
            return _upload_page(slug, refusal, code)
    digest = files.keep(content)
    seminar = plans.seminar_or_404(slug)
    group = plans.group_by_code(seminar, code) if code else None
    draft = actions.draft_import(
        seminar, clean(upload.filename), digest, packed, group, staff_actor(), now(), options=options, choices=choices
    )
    address = url_for("delegates.preview", slug=slug, draft_id=draft.id)
    db.session.commit()
    if options or choices:
        flash(_("What was chosen before for this file or these rows is applied again."), "info")
    return redirect(address, 303)


@bp.get("/imports/<int:draft_id>")
@writers
def preview(slug: str, draft_id: int) -> Any:
    return preview_page(slug, draft_id)


def preview_page(slug: str, draft_id: int, refusal: Refused | None = None) -> Any:
    seminar = plans.seminar_or_404(slug)
    draft = queries.draft_or_404(seminar, draft_id)
    read = importing.unpack(draft.rows)
    groups = plans.groups_of(seminar)
    default = next((group for group in groups if group.id == draft.group_id), None)
    choices = queries.choices_of(draft.choices)
    judged = actions.judged_rows(seminar, read.rows, default.code if default else "", choices)
    options = importing.options_of(draft.options)
    counts = Counter(one.verdict for one in judged)
    wanted = request.args.get("verdict", "")
    indexes = [index for index, one in enumerate(judged) if not wanted or one.verdict == wanted]
    pages = ceil(len(indexes) / PAGE_SIZE)
    page = min(page_asked(), max(1, pages))
    suggested = next((sheet.suggested for sheet in read.sheets if sheet.suggested), "")
    return render_template(
        "delegates/preview.html",
        seminar=seminar,
        draft=draft,
        read=read,
        fields=LABELS,
        groups=groups,
        group_names={group.code: group.name for group in groups},
        default=default,
        unassigned=queries.unassigned_group(seminar),
        options=options,
        units=plans.units_on(None) if read.unknown_units else [],
        left_alone=[unit for unit, is_unit in options.units.items() if not is_unit],
        choosable=COLUMN_CHOICES,
        open_count=sum(one.verdict in (Verdict.DIFFERS, Verdict.ALIKE) for one in judged),
        decided_count=sum(one.is_chosen for one in judged),
        suggested=suggested if default is None else "",
        rows=[(index, read.rows[index], judged[index]) for index in indexes[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]],
        counts=counts,
        row_count=len(judged),
        good_count=sum(counts[verdict] for verdict in STORED),
        stored_verdicts=STORED,
        labels=VERDICT_LABELS,
        looks=LOOKS,
        verdicts=list(Verdict),
        verdict=wanted,
        total=len(indexes),
        page=page,
        pages=pages,
        error=say(refusal.message) if refusal else "",
    ), 422 if refusal else 200


@bp.post("/imports/<int:draft_id>/group")
@writers
def choose_group(slug: str, draft_id: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    draft = queries.draft_or_404(seminar, draft_id)
    code = request.form.get("group", "")
    try:
        actions.choose_group(draft, plans.group_by_code(seminar, code) if code else None, staff_actor(), now())
    except Refused as refusal:
        db.session.rollback()
        with reading():
            return preview_page(slug, draft_id, refusal)
    db.session.commit()
    return redirect(url_for("delegates.preview", slug=slug, draft_id=draft_id), 303)


@bp.post("/imports/<int:draft_id>/rows")
@writers
def store_rows(slug: str, draft_id: int) -> Any:
    """All good rows, or with `only=ticked` those whose `row` was sent.

    With another `group` than was shown nothing is stored: what it means for each row is shown first.
    """
    seminar = plans.seminar_or_404(slug)
    draft = queries.draft_or_404(seminar, draft_id)
    shown = next((group.code for group in plans.groups_of(seminar) if group.id == draft.group_id), "")
    if request.form.get("group", shown) != shown and draft.stored_at is None:
        flash(_("Another group was chosen: look through the rows again, then store them."), "info")
        return choose_group(slug, draft_id)
    chosen = None
    if request.form.get("only") == "ticked":
        chosen = {row for row in map(whole, request.form.getlist("row")) if row is not None}
    try:
        stored = actions.store_draft(seminar, draft_id, chosen, staff_actor(), now())
    except Refused as refusal:
        db.session.rollback()
        with reading():
            return preview_page(slug, draft_id, refusal)
    db.session.commit()
    flash(ngettext("%(num)d delegate was stored.", "%(num)d delegates were stored.", stored.added), "success")
    if stored.changed:
        flash(
            ngettext(
                "%(num)d delegate was changed as chosen.", "%(num)d delegates were changed as chosen.", stored.changed
            ),
            "success",
        )
    if stored.joined:
        flash(
            ngettext("%(num)d delegate joined a group.", "%(num)d delegates joined a group.", stored.joined), "success"
        )
    if stored.wrong_count:
        flash(
            ngettext(
                "%(num)d row is wrong and was not stored.",
                "%(num)d rows are wrong and were not stored.",
                stored.wrong_count,
            ),
            "warning",
        )
    return redirect(url_for("delegates.preview", slug=slug, draft_id=draft_id), 303)
