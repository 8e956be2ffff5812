"""The programme's page: sittings with their items, what is on, papers that wait for a place."""

from datetime import datetime, timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from seminar.access.guard import has_role, staff_actor
from seminar.agenda import actions, queries, rules
from seminar.agenda.forms import ItemForm, SittingForm
from seminar.agenda.models import ItemKind, Sitting
from seminar.agenda.views import SITTING, WRITERS, bp, reads_programme, writes_programme
from seminar.delegates.models import Delegate
from seminar.lib.clock import local, now, short_moment
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.language import ngettext, say
from seminar.lib.numbers import whole
from seminar.papers import queries as papers
from seminar.planning import queries as plans
from seminar.planning.models import Seminar

RUNS_FROM = timedelta(hours=12)
"""So long before a sitting its items can be begun; earlier the buttons would only be pressed by mistake."""


def show(
    seminar: Seminar,
    sitting_form: SittingForm | None = None,
    item_form: ItemForm | None = None,
    open_sitting: int | None = None,
    offered: list[Delegate] | None = None,
) -> str:
    """The page; `item_form` is the one of the sitting `open_sitting`, with what was typed wrongly into it."""
    moment = now()
    day = queries.day(seminar, moment)
    spans = [(part.sitting.starts_at, part.sitting.ends_at) for part in day.parts]
    clashes = rules.overlaps(spans)
    parts = [
        _part(seminar, part, moment)
        | {
            "announced": _announced_otherwise(seminar, part.sitting) if number == 0 else "",
            "form": item_form if part.sitting.id == open_sitting else None,
            "clashes": [day.parts[sum(pair) - number].sitting for pair in clashes if number in pair],
        }
        for number, part in enumerate(day.parts)
    ]
    return render_template(
        "agenda/programme.html",
        seminar=seminar,
        day=day,
        moment=moment,
        parts=parts,
        waiting=queries.papers_to_place(seminar),
        may_write=has_role(*WRITERS),
        paper_minutes=rules.PAPER_MINUTES,
        most_paper_minutes=rules.MOST_PAPER_MINUTES,
        sitting_form=sitting_form,
        empty_sitting_form=SittingForm(day=seminar.held_on, starts=seminar.starts_at, ends=seminar.ends_at),
        empty_item_form=ItemForm(kind=ItemKind.OTHER.value, minutes=10),
        offered=offered or [],
        minutes_between=rules.minutes_between,
    )


def _part(seminar: Seminar, part: queries.Part, moment: datetime) -> dict[str, Any]:
    sitting, course = part.sitting, part.course
    planned = rules.timetable(sitting.starts_at, sitting.items)
    withdrawn = [line.item for line in course.lines if line.state == rules.State.WITHDRAWN]
    labels = rules.labels_of(sitting.items, {item.id for item in withdrawn})
    return {
        "sitting": sitting,
        "day": local(sitting.starts_at).date(),
        "rows": list(zip((labels[item.id] for item in sitting.items), planned, course.lines, strict=True)),
        "withdrawn": withdrawn,
        "is_unended": part.is_unended,
        "total": rules.total_minutes(sitting.items),
        "for_papers": rules.paper_minutes(sitting.items),
        "length": rules.length_minutes(sitting.starts_at, sitting.ends_at),
        "empty_count": sum(item.minutes == 0 for item in sitting.items),
        "has_begun": course.has_begun,
        "runs": course.has_begun or seminar.is_demo or moment >= sitting.starts_at - RUNS_FROM,
        "on_id": part.run_on.item_id if part.run_on else 0,
    }


def _announced_otherwise(seminar: Seminar, first: Sitting) -> str:
    """What the plan, and so the letters, say of the beginning where the first sitting says something else; else ""."""
    begins = local(first.starts_at)
    if seminar.held_on is None or seminar.starts_at is None:
        return ""
    if (begins.date(), begins.time()) == (seminar.held_on, seminar.starts_at):
        return ""
    return short_moment(datetime.combine(seminar.held_on, seminar.starts_at, begins.tzinfo))


def back(slug: str) -> Any:
    return redirect(url_for("agenda.programme", slug=slug), 303)


@bp.get("/seminars/<slug>/programme")
@reads_programme
def programme(slug: str) -> Any:
    return show(plans.seminar_or_404(slug))


@bp.post("/seminars/<slug>/programme/sittings")
@writes_programme
def add_sitting(slug: str) -> Any:
    seminar = plans.seminar_or_404(slug)
    form = SittingForm(request.form)
    try:
        if form.validate():
            actions.add_sitting(
                seminar, form.name.data, form.day.data, form.starts.data, form.ends.data, staff_actor(), now()
            )
            db.session.commit()
            return back(slug)
    except Refused as refusal:
        db.session.rollback()
        form.ends.errors = [say(refusal.message)]
    return show(seminar, sitting_form=form), 422


def _show_sitting(seminar: Seminar, sitting: Sitting, form: SittingForm) -> str:
    return render_template("agenda/sitting.html", seminar=seminar, sitting=sitting, form=form)


@bp.get(SITTING)
@writes_programme
def sitting(slug: str, sitting_id: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    found = queries.sitting_or_404(seminar, sitting_id)
    starts, ends = local(found.starts_at), local(found.ends_at)
    form = SittingForm(name=found.name, day=starts.date(), starts=starts.time(), ends=ends.time())
    return _show_sitting(seminar, found, form)


@bp.post(SITTING)
@writes_programme
def change_sitting(slug: str, sitting_id: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    found = queries.sitting_or_404(seminar, sitting_id)
    form = SittingForm(request.form)
    try:
        if form.validate():
            actions.change_sitting(
                found, form.name.data, form.day.data, form.starts.data, form.ends.data, staff_actor(), now()
            )
            db.session.commit()
            return back(slug)
    except Refused as refusal:
        db.session.rollback()
        form.ends.errors = [say(refusal.message)]
    return _show_sitting(seminar, found, form), 422


@bp.post(f"{SITTING}/removal")
@writes_programme
def remove_sitting(slug: str, sitting_id: int) -> Any:
    found = queries.sitting_or_404(plans.seminar_or_404(slug), sitting_id)
    try:
        actions.remove_sitting(found, staff_actor(), now())
        db.session.commit()
    except Refused as refusal:
        db.session.rollback()
        flash(say(refusal.message), "danger")
    return back(slug)


def _minutes() -> int:
    """As the form says; 7 where it says nothing, 0 where it is no number."""
    asked = request.form.get("minutes", "").strip()
    return (whole(asked) or 0) if asked else rules.PAPER_MINUTES


def _warn_of_length(seminar: Seminar) -> None:
    """Twenty papers of 7 minutes are 140, more than most sittings have (domain.md Đ15)."""
    for sitting in queries.programme(seminar):
        over = rules.total_minutes(sitting.items) - rules.length_minutes(sitting.starts_at, sitting.ends_at)
        if over > 0:
            flash(
                _(
                    "“%(name)s” is now %(over)d minutes too long: shorten papers, or print some without presenting them.",
                    name=sitting.name,
                    over=over,
                ),
                "warning",
            )


@bp.post("/seminars/<slug>/programme/papers")
@writes_programme
def schedule(slug: str) -> Any:
    """Places an accepted paper in the programme."""
    seminar = plans.seminar_or_404(slug)
    paper = papers.paper_or_404(seminar, whole(request.form.get("paper_id", "")) or 0)
    title = paper.title
    try:
        actions.schedule_paper(paper, staff_actor(), now(), minutes=_minutes())
        db.session.commit()
        flash(_("“%(title)s” is in the programme.", title=title), "success")
        _warn_of_length(seminar)
    except Refused as refusal:
        db.session.rollback()
        flash(say(refusal.message), "danger")
    return back(slug)


@bp.post("/seminars/<slug>/programme/papers/all")
@writes_programme
def schedule_all(slug: str) -> Any:
    """Places every paper accepted for the stage that has no place yet."""
    seminar = plans.seminar_or_404(slug)
    try:
        placed = actions.schedule_papers(seminar, _minutes(), staff_actor(), now())
        db.session.commit()
        flash(
            ngettext("%(num)d paper is in the programme.", "%(num)d papers are in the programme.", len(placed)),
            "success",
        )
        _warn_of_length(seminar)
    except Refused as refusal:
        db.session.rollback()
        flash(say(refusal.message), "danger")
    return back(slug)
