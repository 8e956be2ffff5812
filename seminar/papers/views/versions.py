"""Papers and versions that the office uploads for somebody, and their files."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _

from seminar.access.actor import Actor, Channel
from seminar.access.guard import staff_actor
from seminar.delegates.queries import by_number
from seminar.lib import files, headers
from seminar.lib.clock import now
from seminar.lib.database import db, reading
from seminar.lib.errors import Refused
from seminar.lib.language import say
from seminar.papers import actions, queries
from seminar.papers.checking import CheckedFile, check_upload
from seminar.papers.forms import NewPaperForm, VersionForm
from seminar.papers.models import PaperKind
from seminar.papers.views import PAPER, bp, reads_papers, uploads
from seminar.papers.views.papers import show
from seminar.planning import queries as plans
from seminar.planning.models import Seminar


def _new_form(seminar: Seminar, data: Any = None, **values: Any) -> NewPaperForm:
    return NewPaperForm(plans.units_on(seminar.held_on), seminar.topics, data, **values)


@bp.get("/seminars/<slug>/papers/new")
@uploads
def new(slug: str) -> Any:
    seminar = plans.seminar_or_404(slug)
    form = _new_form(seminar, unit=request.args.get("unit", ""), channel=Channel.EMAIL.value)
    return render_template("papers/new.html", seminar=seminar, form=form)


def _checked() -> tuple[CheckedFile | None, str]:
    """(the file that was sent, "") or (None, why it is refused). Slow: call it outside of a writing transaction."""
    upload = request.files.get("file")
    try:
        return check_upload(upload.filename or "" if upload else "", upload.read() if upload else b""), ""
    except Refused as refusal:
        return None, say(refusal.message)


def _arrived(checked: CheckedFile, version: int) -> None:
    flash(_("“%(file)s” arrived as version %(version)d.", file=checked.filename, version=version), "success")
    for remark in checked.remarks:
        flash(say(remark), "info")


def _on_behalf(somebody: str, channel: str) -> Actor:
    return staff_actor().for_(somebody, Channel(channel))


@bp.post("/seminars/<slug>/papers/new")
@uploads
def create(slug: str) -> Any:
    with reading():
        plans.seminar_or_404(slug)
    checked, problem = _checked()
    seminar = plans.seminar_or_404(slug)
    form = _new_form(seminar, request.form)
    if form.validate() and checked:
        units = {str(unit.id): unit for unit in plans.units_on(seminar.held_on)}
        unit = units.get(form.unit.data)
        delegate = by_number(seminar, form.number.data) if form.number.data else None
        try:
            if form.number.data and delegate is None:
                raise Refused("There is no delegate with the number %(number)d.", number=form.number.data)
            submission = actions.submit_paper(
                seminar,
                checked,
                title=form.title.data,
                authors=form.authors.data,
                kind=PaperKind(form.kind.data),
                topic_id=int(form.topic.data) if form.topic.data else None,
                delegate=delegate,
                unit=unit,
                by=_on_behalf(unit.name if unit else delegate.name if delegate else "", form.channel.data),
                now=now(),
            )
            paper_id, version = submission.paper_id, submission.version
            db.session.commit()
            _arrived(checked, version)
            return redirect(url_for("papers.paper", slug=slug, paper_id=paper_id), 303)
        except Refused as refusal:
            db.session.rollback()
            form.title.errors = [say(refusal.message)]
    if problem:
        form.file.errors = [problem]
    return render_template("papers/new.html", seminar=plans.seminar_or_404(slug), form=form), 422


@bp.post(f"{PAPER}/versions")
@uploads
def send_version(slug: str, paper_id: int) -> Any:
    with reading():
        queries.paper_or_404(plans.seminar_or_404(slug), paper_id)
    checked, problem = _checked()
    seminar = plans.seminar_or_404(slug)
    found = queries.paper_or_404(seminar, paper_id)
    form = VersionForm(request.form)
    if form.validate() and checked:
        try:
            submission = actions.submit_paper(
                seminar,
                checked,
                title="",
                authors="",
                paper=found,
                by=_on_behalf(found.authors, form.channel.data),
                now=now(),
            )
            version = submission.version
            db.session.commit()
            _arrived(checked, version)
            return redirect(url_for("papers.paper", slug=slug, paper_id=paper_id), 303)
        except Refused as refusal:
            db.session.rollback()
            problem = say(refusal.message)
    if problem:
        form.file.errors = [problem]
    return show(seminar, found, version_form=form), 422


@bp.get(f"{PAPER}/versions/<int(max=2147483647):version>/file")
@reads_papers
def file(slug: str, paper_id: int, version: int) -> Response:
    """One version as it was sent: always to be saved, never opened in the page."""
    found = queries.paper_or_404(plans.seminar_or_404(slug), paper_id)
    submission = queries.submission_or_404(found, version)
    headers.sandbox()
    answer = send_file(
        files.path_of(submission.file_sha256),
        mimetype=submission.media_type,
        as_attachment=True,
        download_name=submission.filename,
        etag=submission.file_sha256,
    )
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
