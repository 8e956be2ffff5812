"""The programme: read by all of the staff who need it, changed by office and secretaries."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from seminar.access.guard import has_role, only, staff_actor
from seminar.access.roles import Role
from seminar.agenda import actions, queries, rules
from seminar.agenda.forms import ItemForm, SittingForm
from seminar.agenda.models import ITEM_KIND_LABELS, Item, ItemKind, Sitting
from seminar.lib.clock import local, now
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.language import say
from seminar.lib.numbers import whole
from seminar.papers import queries as papers
from seminar.planning import queries as plans
from seminar.planning.models import Seminar

bp = Blueprint("agenda", __name__)

WRITERS = (Role.OFFICE, Role.SECRETARY)
reads_programme = only(*WRITERS, Role.REVIEWER, Role.VIEWER)
writes_programme = only(*WRITERS)
SITTING = "/seminars/<slug>/programme/sittings/<int(max=2147483647):sitting_id>"
ITEM = "/seminars/<slug>/programme/items/<int(max=2147483647):item_id>"


def _show(
    seminar: Seminar,
    sitting_form: SittingForm | None = None,
    item_form: ItemForm | None = None,
    open_sitting: int | None = None,
) -> str:
    """The page; `item_form` is the one of the sitting `open_sitting`, with what was typed wrongly into it."""
    may_write = has_role(*WRITERS)
    parts = [
        {
            "sitting": sitting,
            "day": local(sitting.starts_at).date(),
            "rows": list(
                zip(rules.numbered(sitting.items), rules.timetable(sitting.starts_at, sitting.items), strict=True)
            ),
            "total": rules.total_minutes(sitting.items),
            "for_papers": rules.paper_minutes(sitting.items),
            "length": rules.length_minutes(sitting.starts_at, sitting.ends_at),
            "form": item_form if sitting.id == open_sitting else None,
        }
        for sitting in queries.programme(seminar)
    ]
    return render_template(
        "agenda/programme.html",
        seminar=seminar,
        parts=parts,
        kinds=ITEM_KIND_LABELS,
        waiting=queries.papers_to_place(seminar),
        may_write=may_write,
        paper_minutes=rules.PAPER_MINUTES,
        most_paper_minutes=rules.MOST_PAPER_MINUTES,
        sitting_form=sitting_form,
        empty_sitting_form=SittingForm(day=seminar.held_on, starts=seminar.starts_at, ends=seminar.ends_at),
        empty_item_form=ItemForm(kind=ItemKind.OTHER.value, minutes=10),
    )


def _back(slug: str) -> Any:
    return redirect(url_for("agenda.programme", slug=slug), 303)


@bp.get("/seminars/<slug>/programme")
@reads_programme
def programme(slug: str) -> Any:
    return _show(plans.seminar_or_404(slug))


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
            return _back(slug)
    except Refused as refusal:
        db.session.rollback()
        form.ends.errors = [say(refusal.message)]
    return _show(seminar, sitting_form=form), 422


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
            return _back(slug)
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
    return _back(slug)


@bp.post(f"{SITTING}/items")
@writes_programme
def add_item(slug: str, sitting_id: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    found = queries.sitting_or_404(seminar, sitting_id)
    form = ItemForm(request.form)
    try:
        if form.validate():
            actions.add_item(found, **_values(form), by=staff_actor(), now=now())
            db.session.commit()
            return _back(slug)
    except Refused as refusal:
        db.session.rollback()
        form.title.errors = [say(refusal.message)]
    return _show(seminar, item_form=form, open_sitting=sitting_id), 422


def _values(form: ItemForm) -> dict[str, Any]:
    return {
        "kind": ItemKind(form.kind.data),
        "title": form.title.data or "",
        "minutes": form.minutes.data,
        "presenter": form.presenter.data or "",
        "note": form.note.data or "",
    }


def _show_item(seminar: Seminar, item: Item, form: ItemForm) -> str:
    return render_template("agenda/item.html", seminar=seminar, item=item, form=form)


@bp.get(ITEM)
@writes_programme
def item(slug: str, item_id: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    found = queries.item_or_404(seminar, item_id)
    return _show_item(seminar, found, ItemForm(obj=found))


@bp.post(ITEM)
@writes_programme
def change_item(slug: str, item_id: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    found = queries.item_or_404(seminar, item_id)
    form = ItemForm(request.form)
    try:
        if form.validate():
            actions.change_item(found, **_values(form), by=staff_actor(), now=now())
            db.session.commit()
            return _back(slug)
    except Refused as refusal:
        db.session.rollback()
        form.title.errors = [say(refusal.message)]
    return _show_item(seminar, found, form), 422


@bp.post(f"{ITEM}/position")
@writes_programme
def move(slug: str, item_id: int) -> Any:
    found = queries.item_or_404(plans.seminar_or_404(slug), item_id)
    step = {"up": -1, "down": 1}.get(request.form.get("to", ""))
    if step is None:
        abort(400)
    actions.move_item(found, step, staff_actor(), now())
    db.session.commit()
    return _back(slug)


@bp.post(f"{ITEM}/removal")
@writes_programme
def remove(slug: str, item_id: int) -> Any:
    found = queries.item_or_404(plans.seminar_or_404(slug), item_id)
    title, had_paper = found.title, found.paper_id is not None
    try:
        actions.remove_item(found, staff_actor(), now())
        db.session.commit()
        flash(
            _("“%(title)s” left the programme; the paper stays.", title=title)
            if had_paper
            else _("“%(title)s” left the programme.", title=title),
            "success",
        )
    except Refused as refusal:
        db.session.rollback()
        flash(say(refusal.message), "danger")
    return _back(slug)


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
    return _back(slug)


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
    return _back(slug)
