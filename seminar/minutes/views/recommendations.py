"""Recommendations: made of notes, addressed, sent, followed."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from seminar.access.guard import has_role, only, staff_actor
from seminar.lib.clock import local, now
from seminar.lib.database import db, reading
from seminar.lib.errors import Refused
from seminar.lib.language import ngettext, say
from seminar.minutes import actions, documents, queries
from seminar.minutes.forms import RecommendationForm, StepForm, recommendation_form, step_form
from seminar.minutes.models import ADDRESSEE_LABELS, RECOMMENDATION_STATUS_LABELS, RecommendationStatus
from seminar.minutes.queries import RecommendationsWanted
from seminar.minutes.rules import is_overdue
from seminar.minutes.views import READERS, WRITERS, bp
from seminar.minutes.views.document import WORD, WORKBOOK, file
from seminar.planning import queries as plans
from seminar.planning.models import Seminar

LIST = "/seminars/<slug>/recommendations"
ONE = f"{LIST}/<int:recommendation_id>"
WORDS = {"wording_of": queries.wording_of, "raiser_of": queries.raiser_of, "status_of": queries.status_of}


def _listing(seminar: Seminar, form: RecommendationForm | None = None, refusal: str = "") -> str:
    wanted, today = RecommendationsWanted.from_args(request.args), local(now()).date()
    address = url_for("minutes.recommendations", slug=seminar.slug)

    def href(**changes: Any) -> str:
        """The list with these filters alone: what a figure links to."""
        query = RecommendationsWanted(**changes).query_string()
        return f"{address}?{query}" if query else address

    return render_template(
        "minutes/recommendations.html",
        seminar=seminar,
        wanted=wanted,
        found=queries.recommendations_of(seminar, wanted, today),
        counts=queries.recommendation_counts(seminar, today),
        not_followed=queries.notes_not_followed(seminar),
        addressees=ADDRESSEE_LABELS,
        statuses=RECOMMENDATION_STATUS_LABELS,
        nobody=queries.NOBODY,
        is_overdue=lambda one: is_overdue(one.due_on, queries.status_of(one), today),
        form=form or RecommendationForm(),
        refusal=refusal,
        here=address,
        href=href,
        query=wanted.query_string(),
        may_write=has_role(*WRITERS),
        **WORDS,
    )


@bp.get(LIST)
@only(*READERS)
def recommendations(slug: str) -> Any:
    return _listing(plans.seminar_or_404(slug))


@bp.post(LIST)
@only(*WRITERS)
def add_recommendation(slug: str) -> Any:
    form = RecommendationForm(request.form)
    refusal = ""
    if form.validate():
        try:
            made = actions.add_recommendation(plans.seminar_or_404(slug), form.asked(), staff_actor(), now())
            made_id = made.id
            db.session.commit()
            return _to(slug, made_id)
        except Refused as refused:
            db.session.rollback()
            refusal = say(refused.message)
    with reading():
        page = _listing(plans.seminar_or_404(slug), form, refusal)
    return page, 422


@bp.post(f"{LIST}/notes")
@only(*WRITERS)
def take_all_notes(slug: str) -> Any:
    added = actions.take_all_notes(plans.seminar_or_404(slug), staff_actor(), now())
    db.session.commit()
    flash(
        ngettext("%(num)d recommendation was added.", "%(num)d recommendations were added.", added),
        "success",
    )
    return redirect(url_for("minutes.recommendations", slug=slug), 303)


@bp.post(f"{LIST}/notes/<int:note_id>")
@only(*WRITERS)
def take_note(slug: str, note_id: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    made_id = actions.take_note(seminar, queries.note_or_404(seminar, note_id), staff_actor(), now()).id
    db.session.commit()
    return _to(slug, made_id)


def _to(slug: str, recommendation_id: int) -> Any:
    return redirect(url_for("minutes.recommendation", slug=slug, recommendation_id=recommendation_id), 303)


def _opened(
    slug: str,
    recommendation_id: int,
    form: RecommendationForm | None = None,
    step: StepForm | None = None,
    refusal: str = "",
) -> str:
    seminar = plans.seminar_or_404(slug)
    found = queries.recommendation_or_404(seminar, recommendation_id)
    today = local(now()).date()
    if form is not None:
        form.revision.data = str(found.revision)
    return render_template(
        "minutes/recommendation.html",
        seminar=seminar,
        one=found,
        form=form or recommendation_form(found),
        step=step or step_form(queries.status_of(found), today),
        refusal=refusal,
        is_overdue=is_overdue(found.due_on, queries.status_of(found), today),
        addressees=ADDRESSEE_LABELS,
        statuses=RECOMMENDATION_STATUS_LABELS,
        back=url_for("minutes.recommendations", slug=slug),
        here=url_for("minutes.recommendation", slug=slug, recommendation_id=recommendation_id),
        may_write=has_role(*WRITERS),
        was_refused=bool(refusal) and form is not None,
        **WORDS,
    )


@bp.get(ONE)
@only(*READERS)
def recommendation(slug: str, recommendation_id: int) -> Any:
    return _opened(slug, recommendation_id)


@bp.post(ONE)
@only(*WRITERS)
def change_recommendation(slug: str, recommendation_id: int) -> Any:
    form = RecommendationForm(request.form)
    refusal = ""
    if form.validate():
        try:
            found = queries.recommendation_or_404(plans.seminar_or_404(slug), recommendation_id)
            revision = int(form.revision.data)
            actions.change_recommendation(found, revision, form.asked(), staff_actor(), now())
            db.session.commit()
            flash(_("Saved."), "success")
            return _to(slug, recommendation_id)
        except Refused as refused:
            db.session.rollback()
            refusal = say(refused.message)
    with reading():
        page = _opened(slug, recommendation_id, form, refusal=refusal)
    return page, 422


@bp.post(f"{ONE}/steps")
@only(*WRITERS)
def take_step(slug: str, recommendation_id: int) -> Any:
    form = StepForm(request.form)
    refusal = ""
    if form.validate():
        try:
            found = queries.recommendation_or_404(plans.seminar_or_404(slug), recommendation_id)
            status = RecommendationStatus(form.status.data)
            actions.take_step(found, status, form.on.data, form.note.data or "", staff_actor(), now())
            db.session.commit()
            return _to(slug, recommendation_id)
        except Refused as refused:
            db.session.rollback()
            refusal = say(refused.message)
    with reading():
        page = _opened(slug, recommendation_id, step=form, refusal=refusal)
    return page, 422


@bp.post(f"{ONE}/removal")
@only(*WRITERS)
def remove_recommendation(slug: str, recommendation_id: int) -> Any:
    found = queries.recommendation_or_404(plans.seminar_or_404(slug), recommendation_id)
    actions.remove_recommendation(found, staff_actor(), now())
    db.session.commit()
    flash(_("The recommendation is taken back; it can be put back."), "success")
    return redirect(url_for("minutes.recommendations", slug=slug), 303)


@bp.post(f"{ONE}/removal/reversal")
@only(*WRITERS)
def restore_recommendation(slug: str, recommendation_id: int) -> Any:
    found = queries.recommendation_or_404(plans.seminar_or_404(slug), recommendation_id)
    actions.restore_recommendation(found, staff_actor(), now())
    db.session.commit()
    return _to(slug, recommendation_id)


def _rows(seminar: Seminar) -> list[tuple[str, ...]]:
    moment = now()
    wanted = RecommendationsWanted.from_args(request.args)
    found = queries.recommendations_of(seminar, wanted, local(moment).date())
    noted = queries.notes_not_followed(seminar) if wanted.has_noted else []
    return documents.following_rows(found, moment, noted)


@bp.get(f"{LIST}.docx")
@only(*READERS)
def recommendations_docx(slug: str) -> Response:
    seminar = plans.seminar_or_404(slug)
    content = documents.following_docx(seminar, _rows(seminar), now())
    return file(content, WORD, f"theo-doi-kien-nghi-{seminar.slug}.docx")


@bp.get(f"{LIST}.xlsx")
@only(*READERS)
def recommendations_workbook(slug: str) -> Response:
    seminar = plans.seminar_or_404(slug)
    content = documents.following_workbook(_rows(seminar))
    return file(content, WORKBOOK, f"theo-doi-kien-nghi-{seminar.slug}.xlsx")
