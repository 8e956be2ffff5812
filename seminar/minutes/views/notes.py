"""Notes while the seminar runs."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from seminar.access.guard import has_role, only, staff_actor
from seminar.lib.clock import now
from seminar.lib.database import db, reading
from seminar.lib.errors import Refused
from seminar.lib.language import ngettext, say
from seminar.lib.paging import page_asked
from seminar.minutes import actions, queries
from seminar.minutes.forms import NoteForm
from seminar.minutes.models import NOTE_KIND_LABELS, Note, NoteDraft, NoteKind
from seminar.minutes.rules import differences
from seminar.minutes.views import WRITERS, bp, entry
from seminar.planning import queries as plans
from seminar.planning.models import Seminar


def _draft_asked(seminar: Seminar) -> NoteDraft | None:
    asked = request.args.get("draft", "")
    if not (asked.isascii() and asked.isdecimal() and len(asked) <= 10):
        return None
    return queries.draft_in(seminar, current_user.id, int(asked))


def listing(seminar: Seminar, form: NoteForm | None = None) -> str:
    """The page of notes: newest first within one item (they are being written), else as the programme ran."""
    wanted = queries.Wanted.from_args(request.args)
    matching = queries.matching(seminar, wanted)
    total = queries.counted(matching)
    pages = max(1, -(-total // queries.PAGE_SIZE))
    page = min(page_asked(), pages)
    ordered = queries.newest_first(matching) if wanted.item else queries.in_order(matching)
    start = entry.beginning(seminar, wanted.item)
    items = start.items
    may_write = has_role(*WRITERS)
    draft = _draft_asked(seminar) if form is None else None
    if form is None and may_write and items:
        form = entry.form_of_draft(seminar, draft, None) if draft else entry.empty_form(seminar, start)
    address = url_for("minutes.notes", slug=seminar.slug)
    by_item = queries.counts_by(seminar, Note.item_id)

    def href(**changes: Any) -> str:
        query = wanted.but(**changes).query_string()
        return f"{address}?{query}" if query else address

    return render_template(
        "minutes/notes.html",
        seminar=seminar,
        form=form if may_write else None,
        may_write=may_write,
        items=items,
        start=start,
        draft=draft,
        drafts=queries.drafts_of(seminar, current_user.id),
        others=queries.drafts_by_others(seminar, current_user.id, now()),
        after=queries.latest_note_id(seminar),
        fresh_count=0,
        speakers=queries.speakers(seminar) if may_write else [],
        notes=queries.page_of(ordered, page),
        wanted=wanted,
        total=total,
        page=page,
        pages=pages,
        href=href,
        page_href=lambda number: f"{address}?{wanted.query_string()}&page={number}",
        address=address,
        kinds=[(kind, NOTE_KIND_LABELS[kind]) for kind in NoteKind],
        by_kind=queries.counts_by(seminar, Note.kind),
        by_topic=queries.counts_by_topic(seminar),
        by_item=by_item,
        all_count=sum(by_item.values()),
        excerpt_count=queries.counted(queries.matching(seminar, queries.Wanted(excerpt=True))),
        usual_missing=len(queries.usual_excerpts_missing(seminar)) if may_write else 0,
        labels=NOTE_KIND_LABELS,
        is_locked=queries.locked(seminar.id),
        item=next((item for item in items if item.id == wanted.item), None),
    )


@bp.get("/seminars/<slug>/notes")
@only(*WRITERS)
def notes(slug: str) -> Any:
    return listing(plans.seminar_or_404(slug))


def _row(seminar: Seminar, note: Note) -> str:
    """One note as the list of its item shows it."""
    return render_template(
        "minutes/_note.html",
        seminar=seminar,
        note=note,
        address=url_for("minutes.notes", slug=seminar.slug),
        wanted=queries.Wanted(item=note.item_id),
        shows_item=True,
        page=1,
        may_write=True,
        labels=NOTE_KIND_LABELS,
    )


def _saved(seminar: Seminar, written: list[Note]) -> Any:
    """Told without the writer's lock, which the next note is waiting for."""
    with reading():
        return entry.saved_json(seminar, written[0], [_row(seminar, one) for one in written])


@bp.post("/seminars/<slug>/notes")
@only(*WRITERS)
def write(slug: str) -> Any:
    if entry.is_anothers():
        return entry.not_theirs()
    seminar = plans.seminar_or_404(slug)
    form, at = entry.posted_form(seminar), now()
    if not form.validate():
        if entry.wants_json():
            return entry.problem_json(entry.problem_of(form), 422)
        return listing(seminar, form), 422
    try:
        wording = entry.wording_of(seminar, form, at)
        what = (seminar, form.key.data, wording, staff_actor(), at, entry.written_at(form, at))
        written = actions.write_speech(*what) if form.split.data else [actions.write_note(*what)]
    except Refused as refusal:
        db.session.rollback()
        known = queries.note_by_key(form.key.data)
        if isinstance(refusal, actions.Overtaken) and known is not None:
            return _both(seminar, known, form, refusal), 409
        if entry.wants_json():
            return entry.problem_json(say(refusal.message), 422)
        form.text.errors = [say(refusal.message)]
        return listing(seminar, form), 422
    db.session.commit()
    if entry.wants_json():
        return _saved(seminar, written)
    return redirect(url_for("minutes.notes", slug=slug, item=written[0].item_id), 303)


def opened(seminar: Seminar, note: Note, form: NoteForm, problem: str = "", **more: Any) -> str:
    """The page of one note; `conflict` holds both wordings in pieces, where two changed it."""
    return render_template(
        "minutes/note.html",
        seminar=seminar,
        note=note,
        form=form,
        problem=problem,
        may_write=has_role(*WRITERS),
        drafts=queries.drafts_of(seminar, current_user.id, note),
        others=queries.drafts_by_others(seminar, current_user.id, now(), note),
        speakers=queries.speakers(seminar),
        revisions=queries.revisions_of(note),
        labels=NOTE_KIND_LABELS,
        is_locked=queries.locked(seminar.id),
        **({"conflict": None, "draft": None, "typed_at": ""} | more),
    )


def _both(seminar: Seminar, note: Note, form: NoteForm, refusal: Refused) -> Any:
    """Both wordings beside each other, and the form to make one of them, which now follows the saved one.

    What was typed is kept as a draft, which the form of the page goes on with, until the note is saved.
    """
    typed_at = ""
    if note.removed_at is None:
        kept = actions.keep_losing(seminar, note, entry.as_typed(form), staff_actor(), now())
        typed_at = kept.saved_at.isoformat()
    theirs, note_id = note.text, note.id
    db.session.commit()
    if entry.wants_json():
        return entry.problem_json(
            say(refusal.message), 409, address=url_for("minutes.note", slug=seminar.slug, note_id=note_id)
        )
    slug = seminar.slug
    db.session.rollback()
    conflict = differences(theirs, form.text.data or "")
    with reading():
        seminar = plans.seminar_or_404(slug)
        note = queries.note_or_404(seminar, note_id)
        form.revision.data = str(note.revision)
        return opened(seminar, note, form, say(refusal.message), conflict=conflict, typed_at=typed_at)


@bp.get("/seminars/<slug>/notes/<int:note_id>")
@only(*WRITERS)
def note(slug: str, note_id: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    found = queries.note_or_404(seminar, note_id)
    draft = _draft_asked(seminar)
    if draft is not None and draft.note_id != found.id:
        draft = None
    form = entry.form_of_draft(seminar, draft, found) if draft else entry.form_of(seminar, found)
    return opened(seminar, found, form, draft=draft)


@bp.post("/seminars/<slug>/notes/<int:note_id>")
@only(*WRITERS)
def rewrite(slug: str, note_id: int) -> Any:
    if entry.is_anothers():
        return entry.not_theirs()
    seminar = plans.seminar_or_404(slug)
    found = queries.note_or_404(seminar, note_id)
    form, at = entry.posted_form(seminar, found), now()
    if not form.validate():
        if entry.wants_json():
            return entry.problem_json(entry.problem_of(form), 422)
        return opened(seminar, found, form), 422
    try:
        wording, revision = entry.wording_of(seminar, form, at, found), int(form.revision.data or 1)
        actions.rewrite_note(seminar, found, revision, wording, staff_actor(), at)
    except Refused as refusal:
        db.session.rollback()
        found = queries.note_or_404(seminar, note_id)
        if isinstance(refusal, actions.Overtaken):
            return _both(seminar, found, form, refusal), 409
        if entry.wants_json():
            return entry.problem_json(say(refusal.message), 422)
        return opened(seminar, found, form, say(refusal.message)), 422
    db.session.commit()
    flash(_("The note is saved."), "success")
    if entry.wants_json():
        return _saved(seminar, [found])
    return redirect(url_for("minutes.notes", slug=slug, item=found.item_id, _anchor=f"note-{note_id}"), 303)


@bp.post("/seminars/<slug>/notes/<int:note_id>/removal")
@only(*WRITERS)
def remove(slug: str, note_id: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    found = queries.note_or_404(seminar, note_id)
    try:
        actions.remove_note(seminar, found, staff_actor(), now())
    except Refused as refusal:
        return _refused(slug, note_id, refusal)
    db.session.commit()
    flash(_("The note is removed; it stays among the removed notes and can be put back."), "success")
    return redirect(url_for("minutes.notes", slug=slug, item=found.item_id), 303)


@bp.post("/seminars/<slug>/notes/<int:note_id>/removal/reversal")
@only(*WRITERS)
def restore(slug: str, note_id: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    found = queries.note_or_404(seminar, note_id)
    try:
        actions.restore_note(seminar, found, staff_actor(), now())
    except Refused as refusal:
        return _refused(slug, note_id, refusal)
    db.session.commit()
    flash(_("The note is back in its place."), "success")
    return redirect(url_for("minutes.notes", slug=slug, item=found.item_id), 303)


def _refused(slug: str, note_id: int, refusal: Refused) -> Any:
    db.session.rollback()
    flash(say(refusal.message), "danger")
    return redirect(url_for("minutes.note", slug=slug, note_id=note_id), 303)


def _back(slug: str, note_id: int | None = None) -> Any:
    """To the page of the list from which the button was pressed."""
    filters: dict[str, Any] = queries.Wanted.from_args(request.args).as_args()
    if (page := page_asked()) > 1:
        filters["page"] = page
    anchor = f"note-{note_id}" if note_id else None
    return redirect(url_for("minutes.notes", slug=slug, **filters, _anchor=anchor), 303)


@bp.post("/seminars/<slug>/notes/<int:note_id>/excerpt")
@only(*WRITERS)
def choose_excerpt(slug: str, note_id: int) -> Any:
    found = queries.note_or_404(plans.seminar_or_404(slug), note_id)
    try:
        actions.choose_excerpt(found, staff_actor(), now())
    except Refused as refusal:
        db.session.rollback()
        flash(say(refusal.message), "danger")
        return _back(slug)
    db.session.commit()
    return _back(slug, note_id)


@bp.post("/seminars/<slug>/notes/<int:note_id>/excerpt/reversal")
@only(*WRITERS)
def drop_excerpt(slug: str, note_id: int) -> Any:
    found = queries.note_or_404(plans.seminar_or_404(slug), note_id)
    actions.drop_excerpt(found, staff_actor(), now())
    db.session.commit()
    return _back(slug, note_id)


@bp.post("/seminars/<slug>/notes/excerpts")
@only(*WRITERS)
def choose_usual_excerpts(slug: str) -> Any:
    added = actions.choose_usual_excerpts(plans.seminar_or_404(slug), staff_actor(), now())
    db.session.commit()
    flash(
        ngettext(
            "%(num)d guidance or conclusion was added to the excerpts.",
            "%(num)d guidances and conclusions were added to the excerpts.",
            added,
        ),
        "success",
    )
    return redirect(url_for("minutes.notes", slug=slug, excerpt=1), 303)
