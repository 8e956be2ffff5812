"""What reviewers were given, what they say of a version, and what the office lets through to the author."""

from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from flask_login import current_user

from seminar.access.guard import staff_actor
from seminar.lib import files, headers
from seminar.lib.clock import local, now
from seminar.lib.database import db, reading
from seminar.lib.errors import Refused
from seminar.lib.language import say
from seminar.papers import queries
from seminar.papers.actions import vetting as actions
from seminar.papers.checking import CheckedFile, check_upload
from seminar.papers.forms import ReviewForm
from seminar.papers.models import ADVICE_LABELS, Advice
from seminar.papers.queries import vetting
from seminar.papers.rules.vetting import CONFLICT_LABELS
from seminar.papers.views import PAPER, bp, decides, uploads
from seminar.papers.views.reading import VERSION, find, marks_sent, show_reading, why_hidden
from seminar.planning import queries as plans

REVIEW = f"{PAPER}/reviews/<int:review_id>"


@bp.get("/seminars/<slug>/papers/mine")
@decides
def mine(slug: str) -> Any:
    """What the signed-in reviewer was given: open first, by due date."""
    seminar = plans.seminar_or_404(slug)
    reviewer = vetting.reviewer_of(seminar, current_user.id)
    return render_template(
        "papers/mine.html",
        seminar=seminar,
        reviewer=reviewer,
        tasks=vetting.tasks_of(seminar, reviewer) if reviewer else [],
        today=local(now()).date(),
        advice_labels=ADVICE_LABELS,
        conflict_labels=CONFLICT_LABELS,
    )


def _commented() -> tuple[CheckedFile | None, str]:
    """(the checked file or None where none was chosen, what is wrong with it). Not while writing."""
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        return None, ""
    try:
        return check_upload(upload.filename, upload.read()), ""
    except Refused as refusal:
        return None, say(refusal.message)


@bp.post(f"{VERSION}/review")
@decides
def review(slug: str, paper_id: int, version: int) -> Any:
    """Stamped with the version that stood in the address: a newer one may have come while it was read."""
    with reading():
        find(slug, paper_id, version)
    commented, problem = _commented()
    seminar, paper, submission = find(slug, paper_id, version)
    assignment = vetting.assignment_of(paper, vetting.reviewer_of(seminar, current_user.id))
    if assignment is None:
        abort(403)
    form = ReviewForm(request.form)
    if form.validate() and not problem:
        try:
            actions.review_paper(
                assignment,
                submission,
                advice=Advice(form.advice.data),
                marks=marks_sent(seminar),
                for_author=form.for_author.data or "",
                for_office=form.for_office.data or "",
                commented=commented,
                by=staff_actor(),
                now=now(),
            )
            is_newest = queries.latest_submission(paper) == submission
            db.session.commit()
            flash(_("Your review of version %(version)d was kept.", version=version), "success")
            if not is_newest:
                flash(_("A newer version has come meanwhile: see what changed in it."), "warning")
            return redirect(url_for("papers.mine", slug=slug), 303)
        except Refused as refusal:
            db.session.rollback()
            form.for_author.errors = [say(refusal.message)]
            seminar, paper, submission = find(slug, paper_id, version)
    if problem:
        form.file.errors = [problem]
    return show_reading(seminar, paper, submission, form), 422


@bp.get(f"{REVIEW}/file")
@decides
def review_file(slug: str, paper_id: int, review_id: int) -> Response:
    """The paper with the reviewer's comments: only ever saved."""
    seminar = plans.seminar_or_404(slug)
    paper = queries.paper_or_404(seminar, paper_id)
    one = vetting.review_or_404(paper, review_id)
    if not one.file_sha256:
        abort(404)
    if why_hidden(seminar, paper, vetting.assignments_of(paper)):
        abort(403)
    headers.sandbox()
    answer = send_file(
        files.path_of(one.file_sha256),
        mimetype=one.media_type,
        as_attachment=True,
        download_name=one.filename,
        etag=one.file_sha256,
    )
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _words(slug: str, paper_id: int, review_id: int, act: Any, told: str) -> Any:
    paper = queries.paper_or_404(plans.seminar_or_404(slug), paper_id)
    act(vetting.review_or_404(paper, review_id), staff_actor(), now())
    db.session.commit()
    flash(told, "success")
    return redirect(url_for("papers.paper", slug=slug, paper_id=paper_id) + "#reviews", 303)


@bp.post(f"{REVIEW}/release")
@uploads
def release_words(slug: str, paper_id: int, review_id: int) -> Any:
    told = _("The author reads these words, without the reviewer's name, as soon as the decision is released.")
    return _words(slug, paper_id, review_id, actions.release_words, told)


@bp.post(f"{REVIEW}/release/reversal")
@uploads
def hold_words(slug: str, paper_id: int, review_id: int) -> Any:
    return _words(slug, paper_id, review_id, actions.hold_words, _("The author no longer reads these words."))
