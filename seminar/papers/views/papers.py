"""One paper, whole: its words corrected, withdrawn, taken back in."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from seminar.access.actor import CHANNEL_LABELS, Channel
from seminar.access.guard import has_role, staff_actor
from seminar.access.roles import Role
from seminar.lib.clock import now
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.language import say
from seminar.papers import actions, converting, messages, queries
from seminar.papers.actions.results import HANDED_OVER
from seminar.papers.documents.results import phone_text
from seminar.papers.forms import DecisionForm, DetailsForm, VersionForm, WithdrawalForm, paper_details
from seminar.papers.models import ADVICE_LABELS, PAPER_KIND_LABELS, Paper, PaperKind, RenditionKind
from seminar.papers.queries import PAPER_STATE_LABELS, PaperState, vetting
from seminar.papers.queries.results import corrections_due, results
from seminar.papers.queries.vetting import words_for_author
from seminar.papers.reading import keeping
from seminar.papers.rules.vetting import CONFLICT_LABELS, MARK_LABELS
from seminar.papers.views import PAPER, bp, reads_papers, uploads
from seminar.papers.views.reading import why_hidden
from seminar.planning import queries as plans
from seminar.planning.models import Seminar


def show(
    seminar: Seminar,
    paper: Paper,
    decision_form: DecisionForm | None = None,
    version_form: VersionForm | None = None,
    details_form: DetailsForm | None = None,
    withdrawal_form: WithdrawalForm | None = None,
) -> str:
    row = queries.row_of(paper)
    submission, decision = row.submission, row.decision
    if decision_form is None:
        decision_form = DecisionForm(version=submission.version if submission else "", obj=decision)
    call = queries.call_of(seminar)
    is_withdrawn = paper.withdrawn_at is not None
    return render_template(
        "papers/paper.html",
        seminar=seminar,
        paper=paper,
        submission=submission,
        decision=decision,
        in_states=row.states,
        decision_form=decision_form,
        version_form=version_form or VersionForm(channel=Channel.EMAIL.value),
        details_form=details_form or DetailsForm(seminar.topics, **paper_details(paper)),
        withdrawal_form=withdrawal_form or WithdrawalForm(told=Channel.PHONE.value),
        deadline=queries.deadline_of(seminar, now(), unit=paper.unit, delegate=paper.delegate),
        waits_for_correction=bool(corrections_due([paper])),
        remarks={one.id: messages.remarks_of(one, call) for one in paper.submissions},
        unicode={one.id: queries.rendition(one, RenditionKind.UNICODE) for one in paper.submissions},
        beside={one.id: queries.rendition(one, RenditionKind.PDF) for one in paper.submissions},
        samples=queries.legacy_samples(submission) if submission else (),
        fonts=messages.fonts_said(submission) if submission else "",
        can_convert=converting.program() is not None,
        versions={one.id: one.version for one in paper.submissions},
        states=PAPER_STATE_LABELS,
        kinds=PAPER_KIND_LABELS,
        channels=CHANNEL_LABELS,
        **_vetted(seminar, paper),
        may_upload=has_role(Role.OFFICE) and not is_withdrawn,
        may_readmit=has_role(Role.OFFICE) and is_withdrawn,
        may_decide=has_role(Role.OFFICE, Role.REVIEWER) and not is_withdrawn,
        may_schedule=has_role(Role.OFFICE, Role.SECRETARY) and not is_withdrawn and PaperState.ON_STAGE in row.states,
    )


def _vetted(seminar: Seminar, paper: Paper) -> dict[str, Any]:
    """What the cards of reviews and of the result show; nothing for who neither vets nor decides."""
    if not has_role(Role.OFFICE, Role.REVIEWER):
        return {}
    assignments = vetting.assignments_of(paper)
    result = next(iter(results(seminar, [paper.id])), None)
    words = words_for_author([result.decision] if result else []).get(paper.id, [])
    return {
        "assignments": assignments,
        "kept_files": {
            one.id: problem
            for one in vetting.latest_reviews(assignments)
            if one.file_sha256 and (problem := keeping.why_not_to_author(one))
        },
        "hidden": why_hidden(seminar, paper, assignments),
        "result": result,
        "zalo_text": phone_text(seminar, result, words) if result else "",
        "handed_over": HANDED_OVER,
        "advice_labels": ADVICE_LABELS,
        "conflict_labels": CONFLICT_LABELS,
        "marks": {
            one.id: {mark.topic_id: mark.value for mark in one.reviews[-1].marks} for one in assignments if one.reviews
        },
        "mark_labels": MARK_LABELS,
    }


@bp.get(PAPER)
@reads_papers
def paper(slug: str, paper_id: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    return show(seminar, queries.paper_or_404(seminar, paper_id))


@bp.post(f"{PAPER}/details")
@uploads
def change(slug: str, paper_id: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    found = queries.paper_or_404(seminar, paper_id)
    form = DetailsForm(seminar.topics, request.form)
    try:
        if form.validate():
            actions.change_paper(
                seminar,
                found,
                title=form.title.data or "",
                authors=form.authors.data or "",
                topic_id=form.topic_id,
                abstract=form.abstract.data or "",
                keywords=form.keywords.data or "",
                kind=PaperKind(form.kind.data),
                by=staff_actor(),
                now=now(),
            )
            db.session.commit()
            flash(_("Title, authors and abstract were saved."), "success")
            return redirect(url_for("papers.paper", slug=slug, paper_id=paper_id), 303)
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(say(refusal.message))
    seminar = plans.seminar_or_404(slug)
    return show(seminar, queries.paper_or_404(seminar, paper_id), details_form=form), 422


@bp.post(f"{PAPER}/withdrawal")
@uploads
def withdraw(slug: str, paper_id: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    found = queries.paper_or_404(seminar, paper_id)
    form = WithdrawalForm(request.form)
    if form.validate():
        by, told = staff_actor(), Channel(form.told.data)
        by = by if told == Channel.PAGE else by.for_(found.authors[:200], told)
        try:
            actions.withdraw_paper(found, form.reason.data or "", by, now())
            db.session.commit()
            flash(_("The paper was withdrawn. It is kept, and counted nowhere."), "success")
            return redirect(url_for("papers.paper", slug=slug, paper_id=paper_id), 303)
        except Refused as refusal:
            db.session.rollback()
            form.reason.errors = [say(refusal.message)]
            seminar = plans.seminar_or_404(slug)
    return show(seminar, queries.paper_or_404(seminar, paper_id), withdrawal_form=form), 422


@bp.post(f"{PAPER}/readmission")
@uploads
def readmit(slug: str, paper_id: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    try:
        actions.readmit_paper(seminar, queries.paper_or_404(seminar, paper_id), staff_actor(), now())
        db.session.commit()
    except Refused as refusal:
        db.session.rollback()
        flash(say(refusal.message), "danger")
        seminar = plans.seminar_or_404(slug)
        return show(seminar, queries.paper_or_404(seminar, paper_id)), 422
    flash(_("The paper counts again."), "success")
    return redirect(url_for("papers.paper", slug=slug, paper_id=paper_id), 303)
