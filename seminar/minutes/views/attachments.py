"""Files beside a note."""

from typing import Any

from flask import Response, flash, redirect, request, send_file, url_for
from flask_babel import gettext as _

from seminar.access.guard import only, staff_actor
from seminar.lib import files, headers
from seminar.lib.clock import now
from seminar.lib.database import db, reading
from seminar.lib.errors import Refused
from seminar.lib.language import say
from seminar.minutes import actions, queries
from seminar.minutes.checking import check_file
from seminar.minutes.views import WRITERS, bp, entry
from seminar.minutes.views.notes import opened
from seminar.planning import queries as plans

PLACE = "/seminars/<slug>/notes/<int:note_id>/attachments"


@bp.post(PLACE)
@only(*WRITERS)
def attach(slug: str, note_id: int) -> Any:
    with reading():
        queries.note_or_404(plans.seminar_or_404(slug), note_id)
    upload = request.files.get("file")
    try:
        checked = check_file(upload.filename or "" if upload else "", upload.read() if upload else b"")
        actions.keep_content(checked)
        seminar = plans.seminar_or_404(slug)
        actions.attach_file(seminar, queries.note_or_404(seminar, note_id), checked, staff_actor(), now())
        db.session.commit()
    except Refused as refusal:
        db.session.rollback()
        seminar = plans.seminar_or_404(slug)
        note = queries.note_or_404(seminar, note_id)
        return opened(seminar, note, entry.form_of(seminar, note), file_problem=say(refusal.message)), 422
    flash(_("“%(file)s” is kept beside the note.", file=checked.filename), "success")
    return redirect(url_for("minutes.note", slug=slug, note_id=note_id, _anchor="attachments"), 303)


@bp.get(f"{PLACE}/<int:attachment_id>")
@only(*WRITERS)
def attachment(slug: str, note_id: int, attachment_id: int) -> Response:
    """A picture, which we wrote ourselves, may show; other files are to be saved. Neither runs or loads anything."""
    found = queries.attachment_or_404(queries.note_or_404(plans.seminar_or_404(slug), note_id), attachment_id)
    headers.sandbox()
    answer = send_file(
        files.path_of(found.sha256),
        mimetype=found.media_type,
        as_attachment=not found.media_type.startswith("image/"),
        download_name=found.filename,
        etag=found.sha256,
    )
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@bp.post(f"{PLACE}/<int:attachment_id>/removal")
@only(*WRITERS)
def remove_attachment(slug: str, note_id: int, attachment_id: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    found = queries.attachment_or_404(queries.note_or_404(seminar, note_id), attachment_id)
    try:
        actions.remove_attachment(seminar, found, staff_actor(), now())
        db.session.commit()
        flash(_("The file is taken away; it stays as a record."), "success")
    except Refused as refusal:
        db.session.rollback()
        flash(say(refusal.message), "danger")
    return redirect(url_for("minutes.note", slug=slug, note_id=note_id, _anchor="attachments"), 303)
