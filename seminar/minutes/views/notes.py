"""Notes while the seminar runs."""

import uuid
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from seminar.access.guard import has_role, only, staff_actor
from seminar.lib.clock import now
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.language import say
from seminar.lib.paging import page_asked
from seminar.minutes import actions, queries
from seminar.minutes.forms import NoteForm, note_form
from seminar.minutes.models import NOTE_KIND_LABELS, Note, NoteKind
from seminar.minutes.rules import usual_kind
from seminar.minutes.views import WRITERS, bp
from seminar.planning import queries as plans
from seminar.planning.models import Seminar


def _listing(seminar: Seminar, form: NoteForm | None = None) -> str:
    """The page of notes: newest first within one item (they are being written), else as the programme ran."""
    wanted = queries.Wanted.from_args(request.args)
    matching = queries.matching(seminar, wanted)
    total = queries.counted(matching)
    pages = max(1, -(-total // queries.PAGE_SIZE))
    page = min(page_asked(), pages)
    ordered = queries.newest_first(matching) if wanted.item else queries.in_order(matching)
    items = queries.items_of(seminar)
    may_write = has_role(*WRITERS)
    if form is None and may_write and items:
        known = {item.id: item for item in items}
        asked = wanted.item if wanted.item in known else queries.item_last_noted(seminar)
        here = known.get(asked or 0, items[0])
        form = note_form(seminar, items, key=str(uuid.uuid4()), item=here.id, kind=usual_kind(here.kind))
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
        by_topic=queries.counts_by(seminar, Note.topic_id),
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
    return _listing(plans.seminar_or_404(slug))


def _wording(seminar: Seminar, form: NoteForm) -> actions.Wording:
    item = queries.item_in(seminar, form.item.data)
    assert item is not None  # the form's choices are the seminar's items
    topic = next((topic for topic in seminar.topics if topic.id == form.topic.data), None)
    return actions.Wording(item, NoteKind(form.kind.data), form.speaker.data or "", topic, form.text.data)


@bp.post("/seminars/<slug>/notes")
@only(*WRITERS)
def write(slug: str) -> Any:
    seminar = plans.seminar_or_404(slug)
    form = note_form(seminar, queries.items_of(seminar), request.form)
    if not form.validate():
        return _listing(seminar, form), 422
    try:
        note = actions.write_note(seminar, form.key.data, _wording(seminar, form), staff_actor(), now())
    except Refused as refusal:
        db.session.rollback()
        known = queries.note_by_key(form.key.data)
        if isinstance(refusal, actions.Overtaken) and known is not None:
            return _both(seminar, known, form, refusal), 409
        form.text.errors = [say(refusal.message)]
        return _listing(seminar, form), 422
    db.session.commit()
    return redirect(url_for("minutes.notes", slug=slug, item=note.item_id), 303)


def _opened(seminar: Seminar, note: Note, form: NoteForm, problem: str = "", *, is_conflict: bool = False) -> str:
    return render_template(
        "minutes/note.html",
        seminar=seminar,
        note=note,
        form=form,
        problem=problem,
        is_conflict=is_conflict,
        may_write=has_role(*WRITERS),
        speakers=queries.speakers(seminar),
        revisions=queries.revisions_of(note),
        labels=NOTE_KIND_LABELS,
        is_locked=queries.locked(seminar.id),
    )


def _both(seminar: Seminar, note: Note, form: NoteForm, refusal: Refused) -> str:
    """Both wordings on one page: the saved one to read, the typed one in the form, which now follows the saved one."""
    form.revision.data = str(note.revision)
    return _opened(seminar, note, form, say(refusal.message), is_conflict=True)


@bp.get("/seminars/<slug>/notes/<int:note_id>")
@only(*WRITERS)
def note(slug: str, note_id: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    found = queries.note_or_404(seminar, note_id)
    form = note_form(
        seminar,
        queries.items_of(seminar),
        key=found.key,
        revision=str(found.revision),
        item=found.item_id,
        kind=found.kind,
        speaker=found.speaker,
        topic=found.topic_id or 0,
        text=found.text,
    )
    return _opened(seminar, found, form)


@bp.post("/seminars/<slug>/notes/<int:note_id>")
@only(*WRITERS)
def rewrite(slug: str, note_id: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    found = queries.note_or_404(seminar, note_id)
    form = note_form(seminar, queries.items_of(seminar), request.form)
    if not form.validate():
        return _opened(seminar, found, form), 422
    wording, revision = _wording(seminar, form), int(form.revision.data)
    try:
        actions.rewrite_note(seminar, found, revision, wording, staff_actor(), now())
    except Refused as refusal:
        db.session.rollback()
        found = queries.note_or_404(seminar, note_id)
        if isinstance(refusal, actions.Overtaken):
            return _both(seminar, found, form, refusal), 409
        return _opened(seminar, found, form, say(refusal.message)), 422
    db.session.commit()
    flash(_("The note is saved."), "success")
    return redirect(url_for("minutes.notes", slug=slug, item=found.item_id, _anchor=f"note-{note_id}"), 303)


@bp.post("/seminars/<slug>/notes/<int:note_id>/removal")
@only(*WRITERS)
def remove(slug: str, note_id: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    found = queries.note_or_404(seminar, note_id)
    actions.remove_note(seminar, found, staff_actor(), now())
    db.session.commit()
    flash(_("The note is removed; it stays among the removed notes and can be put back."), "success")
    return redirect(url_for("minutes.notes", slug=slug, item=found.item_id), 303)


@bp.post("/seminars/<slug>/notes/<int:note_id>/removal/reversal")
@only(*WRITERS)
def restore(slug: str, note_id: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    found = queries.note_or_404(seminar, note_id)
    actions.restore_note(seminar, found, staff_actor(), now())
    db.session.commit()
    flash(_("The note is back in its place."), "success")
    return redirect(url_for("minutes.notes", slug=slug, item=found.item_id), 303)


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
