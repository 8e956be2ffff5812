"""Who vets the papers of the seminar, and which papers each was given."""

from collections import Counter
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from seminar.access.guard import has_role, staff_actor
from seminar.access.roles import Role
from seminar.lib.clock import local, now
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.language import ngettext, say
from seminar.lib.numbers import whole
from seminar.papers import queries
from seminar.papers.actions import vetting as actions
from seminar.papers.documents.reviewers import reminder_text
from seminar.papers.forms import AssignmentForm, ReviewerForm
from seminar.papers.models import ADVICE_LABELS, Assignment, Paper, Reviewer
from seminar.papers.queries import PAPER_STATE_LABELS, vetting
from seminar.papers.rules.vetting import CONFLICT_LABELS
from seminar.papers.views import bp, decides, uploads
from seminar.planning import queries as plans
from seminar.planning.models import Seminar

ASSIGNMENTS = "/seminars/<slug>/papers/assignments"
REVIEWERS = "/seminars/<slug>/papers/reviewers"


def show(
    seminar: Seminar,
    form: AssignmentForm | None = None,
    reviewer_form: ReviewerForm | None = None,
    refusal: str = "",
    warned: list[tuple[Paper, Reviewer, list[str]]] | None = None,
) -> str:
    """The page; what was ticked stays ticked, and `warned` are the pairs that wait for a confirmation."""
    only_free = request.args.get("only") == "free"
    standing = vetting.standing_assignments(seminar)
    rows = queries.board(seminar)
    may_assign = has_role(Role.OFFICE)
    tasks, today = vetting.tasks_of(seminar), local(now()).date()
    return render_template(
        "papers/assignments.html",
        seminar=seminar,
        rows=[row for row in rows if not only_free or not standing.get(row.paper.id)],
        free_count=sum(not standing.get(row.paper.id) for row in rows),
        only_free=only_free,
        standing=standing,
        hidden=_hidden(seminar, standing),
        reviewers=vetting.reviewers_of(seminar),
        loads=vetting.loads_of(seminar),
        form=form or AssignmentForm(each=1),
        reviewer_form=reviewer_form or _reviewer_form(seminar),
        ticked=set(request.form.getlist("paper")),
        chosen=set(request.form.getlist("reviewer")),
        how=request.form.get("how", "all"),
        which=request.form.get("which", "ticked"),
        refusal=refusal,
        warned=warned or [],
        states=PAPER_STATE_LABELS,
        advice_labels=ADVICE_LABELS,
        conflict_labels=CONFLICT_LABELS,
        today=today,
        tasks={task.assignment.id: task for task in tasks},
        open=Counter(task.assignment.reviewer_id for task in tasks if not task.is_done),
        overdue=Counter(task.assignment.reviewer_id for task in tasks if task.is_overdue(today)),
        reminded=vetting.reminded_at(seminar),
        may_assign=may_assign,
    )


def _hidden(seminar: Seminar, standing: dict[int, list[Assignment]]) -> set[int]:
    """Papers of which whoever is signed in does not read what others advise."""
    if has_role(Role.OFFICE):
        return set()
    reviewer = vetting.reviewer_of(seminar, current_user.id)
    papers = vetting.chosen_papers(seminar, standing.keys())
    return {paper.id for paper in papers if vetting.why_hidden(paper, standing[paper.id], reviewer)}


def _reviewer_form(seminar: Seminar, data: Any = None) -> ReviewerForm:
    return ReviewerForm(vetting.people_to_choose(seminar), plans.units_on(seminar.held_on), data)


def _back(slug: str) -> Any:
    return redirect(url_for("papers.assignments", slug=slug), 303)


@bp.get(ASSIGNMENTS)
@decides
def assignments(slug: str) -> Any:
    return show(plans.seminar_or_404(slug))


@bp.post(ASSIGNMENTS)
@uploads
def assign(slug: str) -> Any:
    seminar = plans.seminar_or_404(slug)
    form = AssignmentForm(request.form)
    papers = vetting.chosen_papers(seminar, _ids("shown" if request.form.get("which") == "shown" else "paper"))
    reviewers = [one for one in vetting.reviewers_of(seminar) if one.id in _ids("reviewer")]
    is_shared = request.form.get("how") == "even"
    warned: list[tuple[Paper, Reviewer, list[str]]] = []
    refusal = ""
    if form.validate():
        try:
            made = actions.assign_papers(
                seminar,
                papers,
                reviewers,
                form.due_on.data,
                each=(form.each.data or 1) if is_shared else 0,
                confirmed=bool(request.form.get("confirmed")),
                by=staff_actor(),
                now=now(),
            )
            given = {one.paper_id for one in made}
            standing = vetting.standing_assignments(seminar)
            without = [paper.title for paper in papers if not standing.get(paper.id)]
            db.session.commit()
            flash(
                ngettext(
                    "%(num)d paper was given to reviewers.", "%(num)d papers were given to reviewers.", len(given)
                ),
                "success",
            )
            for title in without:
                flash(_("Nobody ticked is free of a conflict for “%(title)s”: choose by hand.", title=title), "warning")
            return _back(slug)
        except Refused as refused:
            db.session.rollback()
            refusal = say(refused.message)
            seminar = plans.seminar_or_404(slug)
            if not is_shared:
                pairs = [(paper, one, vetting.conflict_of(paper, one)) for paper in papers for one in reviewers]
                warned = [pair for pair in pairs if pair[2]]
    return show(seminar, form, refusal=refusal, warned=warned), 422


def _ids(name: str) -> set[int]:
    return {found for text in request.form.getlist(name) if (found := whole(text)) is not None}


@bp.post(f"{ASSIGNMENTS}/<int:assignment_id>/withdrawal")
@uploads
def withdraw_assignment(slug: str, assignment_id: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    found = vetting.assignment_or_404(seminar, assignment_id)
    paper_id = found.paper_id
    try:
        actions.withdraw_assignment(found, request.form.get("why", ""), staff_actor(), now())
    except Refused as refusal:
        db.session.rollback()
        flash(say(refusal.message), "danger")
        return redirect(url_for("papers.paper", slug=slug, paper_id=paper_id) + "#reviews", 303)
    db.session.commit()
    flash(_("The paper was taken back from the reviewer."), "success")
    return redirect(url_for("papers.paper", slug=slug, paper_id=paper_id) + "#reviews", 303)


@bp.post(REVIEWERS)
@uploads
def add_reviewer(slug: str) -> Any:
    seminar = plans.seminar_or_404(slug)
    form = _reviewer_form(seminar, request.form)
    if form.validate():
        users = {str(user.id): user for user in vetting.people_to_choose(seminar)}
        units = {str(unit.id): unit for unit in plans.units_on(seminar.held_on)}
        actions.add_reviewer(
            seminar,
            users.get(form.user.data),
            units.get(form.unit.data),
            form.body.data or "",
            staff_actor(),
            now(),
        )
        db.session.commit()
        return _back(slug)
    return show(seminar, reviewer_form=form), 422


@bp.post(f"{REVIEWERS}/<int:reviewer_id>/reminder")
@uploads
def remind_reviewer(slug: str, reviewer_id: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    found = vetting.reviewer_or_404(seminar, reviewer_id)
    name, moment = found.user.name, now()
    message = reminder_text(seminar, found, _open(seminar, found), current_app.config["SEMINAR"].base_url, moment)
    try:
        actions.remind_reviewer(seminar, found, message, staff_actor(), moment)
    except Refused as refusal:
        db.session.rollback()
        flash(say(refusal.message), "danger")
        return _back(slug)
    db.session.commit()
    flash(_("The reminder to %(name)s is in the outbox.", name=name), "success")
    return _back(slug)


def _open(seminar: Seminar, reviewer: Reviewer) -> list[vetting.Task]:
    return [task for task in vetting.tasks_of(seminar, reviewer) if not task.is_done]


@bp.post(f"{REVIEWERS}/<int:reviewer_id>/removal")
@uploads
def remove_reviewer(slug: str, reviewer_id: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    found = vetting.reviewer_or_404(seminar, reviewer_id)
    try:
        actions.remove_reviewer(found, staff_actor(), now())
    except Refused as refusal:
        db.session.rollback()
        flash(say(refusal.message), "danger")
        return _back(slug)
    db.session.commit()
    return _back(slug)
