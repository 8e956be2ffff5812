"""A version of a paper read in the browser, beside the form of whoever vets it, and what changed between two versions."""

from collections.abc import Sequence
from typing import Any

from flask import Response, abort, render_template, request, send_file
from flask_login import current_user
from markupsafe import Markup

from seminar.access.guard import has_role
from seminar.access.roles import Role
from seminar.lib import headers
from seminar.lib.errors import Refused
from seminar.lib.language import say
from seminar.lib.numbers import whole
from seminar.papers import queries
from seminar.papers.forms import ReviewForm
from seminar.papers.models import ADVICE_LABELS, Assignment, Paper, Review, Submission
from seminar.papers.queries import vetting
from seminar.papers.reading import keeping
from seminar.papers.rules.vetting import CONFLICT_LABELS, MARK_LABELS
from seminar.papers.views import PAPER, bp, reads_papers
from seminar.planning import queries as plans
from seminar.planning.models import Seminar

VERSION = f"{PAPER}/versions/<int:version>"


def find(slug: str, paper_id: int, version: int) -> tuple[Seminar, Paper, Submission]:
    seminar = plans.seminar_or_404(slug)
    paper = queries.paper_or_404(seminar, paper_id)
    return seminar, paper, queries.submission_or_404(paper, version)


def why_hidden(seminar: Seminar, paper: Paper, assignments: Sequence[Assignment]) -> str:
    """Of whoever is signed in; the office reads everything."""
    if has_role(Role.OFFICE):
        return ""
    return vetting.why_hidden(paper, assignments, vetting.reviewer_of(seminar, current_user.id))


def show_reading(seminar: Seminar, paper: Paper, submission: Submission, form: ReviewForm | None = None) -> str:
    """The page; a form given is one that was not right yet."""
    assignment = vetting.assignment_of(paper, vetting.reviewer_of(seminar, current_user.id))
    mine = next(reversed(assignment.reviews), None) if assignment else None
    source = keeping.source_of(submission)
    text = pages = None
    problem = ""
    try:
        if source and source.kind == "word":
            text = keeping.word_text(source)
        elif source:
            pages = keeping.page_texts(source)
    except Refused as refusal:
        problem = say(refusal.message)
    marks = {mark.topic_id: mark.value for mark in mine.marks} if mine else {}
    if form is not None:
        marks = marks_sent(seminar)
    return render_template(
        "papers/reading.html",
        seminar=seminar,
        paper=paper,
        submission=submission,
        newest=queries.latest_submission(paper),
        html=Markup(text.html) if text else None,  # noqa: S704 - written anew by reading.word from a closed list
        has_equations=bool(text and text.has_equations),
        pages=pages,
        problem=problem,
        assignment=assignment,
        mine=mine,
        read_before=_read_before(mine, submission),
        form=form or ReviewForm(obj=mine),
        marks=marks,
        mark_labels=MARK_LABELS,
        advice_labels=ADVICE_LABELS,
        conflict_labels=CONFLICT_LABELS,
    )


def marks_sent(seminar: Seminar) -> dict[int, int]:
    """mark-<topic> of the form; an empty one is no mark."""
    found = {topic.id: whole(request.form.get(f"mark-{topic.id}", ""), 3) for topic in seminar.topics}
    return {topic: value for topic, value in found.items() if value is not None}


def _read_before(mine: Review | None, submission: Submission) -> int | None:
    """The version that this reviewer spoke of last, where an older one than this."""
    return mine.submission.version if mine and mine.submission.version < submission.version else None


@bp.get(f"{VERSION}/reading")
@reads_papers
def read(slug: str, paper_id: int, version: int) -> Any:
    return show_reading(*find(slug, paper_id, version))


def _kept(answer: Response) -> Response:
    headers.sandbox()
    answer.headers["Cache-Control"] = "private, max-age=3600"
    return answer


@bp.get(f"{VERSION}/pictures/<int:number>")
@reads_papers
def picture(slug: str, paper_id: int, version: int, number: int) -> Response:
    """A picture of a Word paper, by its number in the text."""
    _, _, submission = find(slug, paper_id, version)
    source = keeping.source_of(submission)
    found = keeping.word_picture(source, number) if source and source.kind == "word" else None
    if found is None:
        abort(404)
    return _kept(send_file(found[0], mimetype=found[1], etag=f"{source.sha256}-{number}" if source else ""))


@bp.get(f"{VERSION}/pages/<int:number>")
@reads_papers
def page(slug: str, paper_id: int, version: int, number: int) -> Response:
    """A page of a PDF as a picture."""
    _, _, submission = find(slug, paper_id, version)
    source = keeping.source_of(submission)
    found = keeping.page_picture(source, number) if source and source.kind == "pdf" else None
    if source is None or found is None:
        abort(404)
    return _kept(send_file(found, mimetype="image/jpeg", etag=f"{source.sha256}-{number}"))


@bp.get(f"{VERSION}/changes")
@reads_papers
def changes(slug: str, paper_id: int, version: int) -> Any:
    """What is otherwise than in the version `since`, or than in the one before."""
    seminar, paper, submission = find(slug, paper_id, version)
    since = whole(request.args.get("since", "")) or version - 1
    if since < 1 or since >= version:
        abort(404)
    before = queries.submission_or_404(paper, since)
    old, new = keeping.source_of(before), keeping.source_of(submission)
    found, problem = [], ""
    try:
        if old and new:
            found = keeping.compare(old, new)
    except Refused as refusal:
        problem = say(refusal.message)
    return render_template(
        "papers/changes.html",
        seminar=seminar,
        paper=paper,
        submission=submission,
        before=before,
        changes=found,
        is_shown=bool(old and new) and not problem,
        problem=problem,
        may_vet=has_role(Role.OFFICE, Role.REVIEWER),
    )
