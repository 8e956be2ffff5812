"""What is being typed: kept while somebody types, offered again on any machine, and shown to the colleague."""

from typing import Any

from flask import jsonify, redirect, render_template, request, url_for
from flask_login import current_user

from seminar.access.guard import only, staff_actor
from seminar.lib import htmx
from seminar.lib.clock import now
from seminar.lib.database import db
from seminar.lib.language import say
from seminar.minutes import actions, queries
from seminar.minutes.forms import DraftForm
from seminar.minutes.views import WRITERS, bp, entry
from seminar.planning import queries as plans


@bp.post("/seminars/<slug>/notes/drafts")
@only(*WRITERS)
def keep_draft(slug: str) -> Any:
    if entry.is_anothers():
        return entry.not_theirs()
    seminar = plans.seminar_or_404(slug)
    form = DraftForm(request.form)
    if not form.validate():
        return jsonify(problem=str(next(iter(form.errors.values()))[0])), 422
    note = queries.note_or_404(seminar, int(form.note.data)) if form.note.data else None
    try:
        kept = actions.keep_draft(
            seminar,
            note,
            note.key if note else form.key.data or "",
            form.fields(),
            staff_actor(),
            now(),
            writer=form.writer.data or "",
            base=form.base.data or "",
        )
    except actions.TypedElsewhere as refusal:
        db.session.rollback()
        return entry.problem_json(say(refusal.message), 409)
    saved_at = kept.saved_at.isoformat() if kept else ""
    db.session.commit()
    return jsonify(saved_at=saved_at)


@bp.post("/seminars/<slug>/notes/drafts/removal")
@only(*WRITERS)
def discard_draft(slug: str) -> Any:
    seminar = plans.seminar_or_404(slug)
    actions.forget_draft(request.form.get("key", "")[:36], staff_actor())
    db.session.commit()
    if entry.wants_json():
        return jsonify(saved_at="")
    note_id = request.form.get("note", "")
    if note_id.isascii() and note_id.isdecimal() and len(note_id) <= 10:
        note = queries.note_or_404(seminar, int(note_id))
        return redirect(url_for("minutes.note", slug=slug, note_id=note.id), 303)
    return redirect(url_for("minutes.notes", slug=slug), 303)


@bp.get("/seminars/<slug>/notes/drafts")
@only(*WRITERS)
def live(slug: str) -> Any:
    """Who else is writing, how many notes others added, and what an empty form would begin with now."""
    seminar = plans.seminar_or_404(slug)
    if not htmx.wants_fragment():
        return redirect(url_for("minutes.notes", slug=slug))
    after = request.args.get("after", "")
    since = int(after) if after.isascii() and after.isdecimal() and len(after) <= 10 else 0
    page = render_template(
        "minutes/_live.html",
        seminar=seminar,
        note=None,
        start=entry.beginning(seminar),
        others=queries.drafts_by_others(seminar, current_user.id, now()),
        after=since,
        fresh_count=queries.written_since(seminar, since, current_user.name),
        address=url_for("minutes.notes", slug=slug),
    )
    return htmx.varied(page)


@bp.get("/seminars/<slug>/notes/<int:note_id>/drafts")
@only(*WRITERS)
def live_on_note(slug: str, note_id: int) -> Any:
    """Who else is writing on this note, and whether it was changed since it was opened."""
    seminar = plans.seminar_or_404(slug)
    note = queries.note_or_404(seminar, note_id)
    if not htmx.wants_fragment():
        return redirect(url_for("minutes.note", slug=slug, note_id=note_id))
    page = render_template(
        "minutes/_live.html",
        seminar=seminar,
        note=note,
        others=queries.drafts_by_others(seminar, current_user.id, now(), note),
        address=url_for("minutes.notes", slug=slug),
    )
    return htmx.varied(page)
