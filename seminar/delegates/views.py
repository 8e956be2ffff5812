"""The list of delegates, one delegate's details, and lists that come in and go out."""

from collections import Counter
from math import ceil
from typing import Any, NamedTuple

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from seminar.access.guard import has_role, only, staff_actor
from seminar.access.roles import Role
from seminar.delegates import actions, documents, importing, queries
from seminar.delegates.columns import LABELS
from seminar.delegates.forms import DelegateForm, details_of
from seminar.delegates.queries import PAGE_SIZE, Wanted
from seminar.delegates.rules import STORED, VERDICT_LABELS, Verdict
from seminar.lib import files, htmx
from seminar.lib.clock import now
from seminar.lib.database import db, reading
from seminar.lib.errors import Refused
from seminar.lib.language import say
from seminar.lib.numbers import whole
from seminar.lib.text import clean
from seminar.planning import queries as plans
from seminar.planning.models import AUDIENCE_LABELS, Group, Seminar

bp = Blueprint("delegates", __name__, url_prefix="/seminars/<slug>")

WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Look(NamedTuple):
    """Tone and icon of a verdict's pill."""

    tone: str
    symbol: str


LOOKS = {
    Verdict.NEW: Look("success", symbol="plus"),
    Verdict.ALIKE: Look("warning", symbol="users"),
    Verdict.JOINS: Look("info", symbol="user-plus"),
    Verdict.DIFFERS: Look("warning", symbol="pencil"),
    Verdict.KNOWN: Look("muted", symbol="check"),
    Verdict.ERROR: Look("danger", symbol="alert-triangle"),
    Verdict.SKIPPED: Look("muted", symbol="minus"),
}
writers = only(Role.OFFICE, Role.ADMIN)


def page_asked() -> int:
    """The page of a list, from its address; what is no number is the first."""
    text = request.args.get("page", "1")
    return max(1, min(int(text), 10**6)) if text.isascii() and text.isdecimal() and len(text) < 8 else 1


# The list


@bp.get("/delegates")
@only(Role.ADMIN, Role.OFFICE, Role.SECRETARY)
def listing(slug: str) -> Any:
    """Telephone and e-mail are shown to those who write to people; searching is the same for all."""
    seminar = plans.seminar_or_404(slug)
    wanted = Wanted.from_args(request.args)
    query = queries.matching(seminar, wanted)
    total = queries.counted(query)
    page = min(page_asked(), max(1, ceil(total / PAGE_SIZE)))
    shown = {
        "seminar": seminar,
        "wanted": wanted,
        "rows": queries.page_of(queries.ordered(query, wanted.order), page),
        "total": total,
        "page": page,
        "pages": ceil(total / PAGE_SIZE),
        "may_write": has_role(Role.OFFICE, Role.ADMIN),
        "groups": plans.groups_of(seminar),
    }
    if htmx.wants_fragment():
        return htmx.varied(render_template("delegates/_list.html", **shown))
    return htmx.varied(
        render_template(
            "delegates/listing.html",
            units=plans.units_on(seminar.held_on),
            audiences=AUDIENCE_LABELS,
            **shown,
        )
    )


@bp.post("/delegates/group")
@writers
def regroup(slug: str) -> Any:
    """Moves the ticked rows of the page into one group, and comes back to the same page of the list."""
    seminar = plans.seminar_or_404(slug)
    group = plans.group_by_code(seminar, request.form.get("to", ""))
    ids = [number for text in request.form.getlist("delegate") if (number := whole(text))]
    try:
        if group is None:
            raise Refused("Choose a group.")
        if not ids:
            raise Refused("Tick the delegates to move.")
        count = actions.regroup_delegates(seminar, queries.chosen(seminar, ids), group, staff_actor(), now())
    except Refused as refusal:
        db.session.rollback()
        flash(say(refusal.message), "danger")
        answer = listing(slug)
        answer.status_code = 422
        return answer
    db.session.commit()
    told = ngettext(
        "%(num)d delegate moved to %(group)s.", "%(num)d delegates moved to %(group)s.", count, group=group.name
    )
    flash(told, "success")
    return redirect(f"/seminars/{slug}/delegates?{request.query_string.decode()}", 303)


@bp.get("/delegates.xlsx")
@writers
def export_workbook(slug: str) -> Any:
    seminar = plans.seminar_or_404(slug)
    content = documents.list_workbook(queries.everyone(seminar, Wanted.from_args(request.args)))
    return _file(content, WORKBOOK_TYPE, f"dai-bieu-{seminar.slug}.xlsx")


@bp.get("/delegates.csv")
@writers
def export_csv(slug: str) -> Any:
    seminar = plans.seminar_or_404(slug)
    content = documents.list_csv(queries.everyone(seminar, Wanted.from_args(request.args)))
    return _file(content, "text/csv; charset=utf-8", f"dai-bieu-{seminar.slug}.csv")


def _file(content: bytes, kind: str, name: str) -> Response:
    answer = Response(content, content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


# One delegate


@bp.get("/delegates/new")
@writers
def new(slug: str) -> Any:
    seminar = plans.seminar_or_404(slug)
    unassigned = queries.unassigned_group(seminar)
    form = DelegateForm(data={"group": unassigned.code if unassigned else ""})
    return render_template("delegates/details.html", seminar=seminar, delegate=None, form=_offer(form, seminar))


@bp.post("/delegates")
@writers
def add(slug: str) -> Any:
    seminar = plans.seminar_or_404(slug)
    form = _offer(DelegateForm(request.form), seminar)
    try:
        if not form.validate():
            return _again(slug, None, form)
        delegate = actions.add_delegate(seminar, form.row(), _groups(seminar, form), staff_actor(), now())
    except Refused as refusal:
        return _again(slug, None, form, refusal)
    address = _address(seminar, delegate.id)
    text = _("%(name)s is on the list now, as number %(number)s.", name=delegate.name, number=delegate.number)
    db.session.commit()
    flash(text, "success")
    return redirect(address, 303)


@bp.get("/delegates/<int:delegate_id>/details")
@writers
def details(slug: str, delegate_id: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    delegate = queries.delegate_or_404(seminar, delegate_id)
    form = _offer(DelegateForm(data=details_of(delegate)), seminar)
    return render_template("delegates/details.html", seminar=seminar, delegate=delegate, form=form)


@bp.post("/delegates/<int:delegate_id>/details")
@writers
def change(slug: str, delegate_id: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    delegate = queries.delegate_or_404(seminar, delegate_id)
    form = _offer(DelegateForm(request.form), seminar)
    try:
        if not form.validate():
            return _again(slug, delegate_id, form)
        actions.change_delegate(seminar, delegate, form.row(), _groups(seminar, form), staff_actor(), now())
    except Refused as refusal:
        return _again(slug, delegate_id, form, refusal)
    db.session.commit()
    flash(_("The details were saved."), "success")
    return redirect(_address(seminar, delegate_id), 303)


@bp.post("/delegates/<int:delegate_id>/removal")
@writers
def remove(slug: str, delegate_id: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    delegate = queries.delegate_or_404(seminar, delegate_id)
    actions.remove_delegate(delegate, clean(request.form.get("reason", "")), staff_actor(), now())
    text = _(
        "%(name)s is no longer on the list; number %(number)s is not given again.",
        name=delegate.name,
        number=delegate.number,
    )
    db.session.commit()
    flash(text, "success")
    return redirect(url_for("delegates.listing", slug=slug), 303)


def _offer(form: DelegateForm, seminar: Seminar) -> DelegateForm:
    return form.offer(plans.groups_of(seminar), plans.units_on(None))


def _groups(seminar: Seminar, form: DelegateForm) -> list[Group]:
    groups = {group.code: group for group in plans.groups_of(seminar)}
    return [groups[code] for code in form.codes()]


def _address(seminar: Seminar, delegate_id: int) -> str:
    return f"/seminars/{seminar.slug}/delegates/{delegate_id}"


def _again(slug: str, delegate_id: int | None, form: DelegateForm, refusal: Refused | None = None) -> Any:
    """The form as it was typed, with what is wrong; nothing is written."""
    db.session.rollback()
    if refusal:
        flash(say(refusal.message), "danger")
    with reading():
        seminar = plans.seminar_or_404(slug)
        delegate = queries.delegate_or_404(seminar, delegate_id) if delegate_id is not None else None
        return render_template("delegates/details.html", seminar=seminar, delegate=delegate, form=form), 422


# Lists that come in


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
        names, units = queries.group_names(seminar), queries.unit_names()
    try:
        if upload is None or not upload.filename:
            raise Refused("Choose a file: .xlsx, .xls or .csv.")
        content = upload.read()
        packed = importing.read_list(content, names, units)
    except Refused as refusal:
        with reading():
            return _upload_page(slug, refusal, code)
    digest = files.keep(content)
    seminar = plans.seminar_or_404(slug)
    group = plans.group_by_code(seminar, code) if code else None
    draft = actions.draft_import(seminar, clean(upload.filename), digest, packed, group, staff_actor(), now())
    address = url_for("delegates.preview", slug=slug, draft_id=draft.id)
    db.session.commit()
    return redirect(address, 303)


@bp.get("/imports/<int:draft_id>")
@writers
def preview(slug: str, draft_id: int) -> Any:
    return _preview_page(slug, draft_id)


def _preview_page(slug: str, draft_id: int, refusal: Refused | None = None) -> Any:
    seminar = plans.seminar_or_404(slug)
    draft = queries.draft_or_404(seminar, draft_id)
    read = importing.unpack(draft.rows)
    groups = plans.groups_of(seminar)
    default = next((group for group in groups if group.id == draft.group_id), None)
    judged = actions.judged_rows(seminar, read.rows, default.code if default else "")
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
            return _preview_page(slug, draft_id, refusal)
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
            return _preview_page(slug, draft_id, refusal)
    db.session.commit()
    flash(ngettext("%(num)d delegate was stored.", "%(num)d delegates were stored.", stored.added), "success")
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
