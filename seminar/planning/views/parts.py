"""The lists of the plan: candidate venues, legal bases, topics, milestones. Each has the same six pages and presses."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from wtforms import Form

from seminar.access.guard import staff_actor
from seminar.lib.clock import now
from seminar.lib.database import db
from seminar.lib.errors import N_, Refused
from seminar.lib.language import say
from seminar.lib.numbers import whole
from seminar.planning import actions, queries
from seminar.planning.forms import BasisForm, MilestoneForm, OrderForm, TopicForm, VenueForm
from seminar.planning.models import LegalBasis, Milestone, Seminar, Topic, Venue
from seminar.planning.views import bp, flash_stopped, saved, writes_plan


@dataclass(frozen=True)
class Parts:
    """One of the lists: its noun in addresses, which is its anchor on the plan's page too, and its words."""

    noun: str
    one: str
    kind: type[Any]
    form: type[Form]
    title_of_new: str
    title: str


LISTS = (
    Parts("venues", "venue", Venue, VenueForm, N_("Add a venue"), N_("Change the venue")),
    Parts("bases", "basis", LegalBasis, BasisForm, N_("Add a legal basis"), N_("Change the legal basis")),
    Parts("topics", "topic", Topic, TopicForm, N_("Add a topic"), N_("Change the topic")),
    Parts("milestones", "milestone", Milestone, MilestoneForm, N_("Add a milestone"), N_("Change the milestone")),
)


def _form(parts: Parts, seminar: Seminar, part: Any = None, **given: Any) -> Form:
    form = parts.form(**given)
    if isinstance(form, TopicForm):
        form.offer(seminar.topics, part)
    return form


def _show(parts: Parts, seminar: Seminar, form: Form, part: Any = None) -> str:
    return render_template(
        "planning/part.html",
        seminar=seminar,
        parts=parts,
        part=part,
        form=form,
        action=f"/seminars/{seminar.slug}/{parts.noun}/{part.id}" if part else f"/seminars/{seminar.slug}/{parts.noun}",
    )


def _back(parts: Parts, slug: str) -> Any:
    return redirect(url_for("planning.plan", slug=slug, _anchor=parts.noun), 303)


def _part(parts: Parts, seminar: Seminar, row: Mapping[str, int]) -> Any:
    """The row that the address names: `venue_id`, `basis_id`, `topic_id` or `milestone_id`."""
    return queries.part_or_404(seminar, parts.kind, row[f"{parts.one}_id"])


def new(parts: Parts, slug: str) -> Any:
    seminar = queries.seminar_or_404(slug)
    under = {"parent_id": whole(request.args.get("under", ""))} if parts.kind is Topic else {}
    return _show(parts, seminar, _form(parts, seminar, data=under))


def add(parts: Parts, slug: str) -> Any:
    seminar = queries.seminar_or_404(slug)
    form = _form(parts, seminar, formdata=request.form)

    def act() -> None:
        actions.add_part(seminar, parts.kind(**actions.tidy(form.data)), staff_actor(), now())

    if saved(form, act):
        flash(_("It was added."), "success")
        return _back(parts, slug)
    return _show(parts, queries.seminar_or_404(slug), form), 422


def one(parts: Parts, slug: str, **row: int) -> Any:
    seminar = queries.seminar_or_404(slug)
    part = _part(parts, seminar, row)
    return _show(parts, seminar, _form(parts, seminar, part, obj=part), part)


def change(parts: Parts, slug: str, **row: int) -> Any:
    seminar = queries.seminar_or_404(slug)
    part = _part(parts, seminar, row)
    form = _form(parts, seminar, part, formdata=request.form)
    stopped = 0

    def act() -> None:
        nonlocal stopped
        stopped = actions.change_part(seminar, part, form.data, staff_actor(), now())

    if saved(form, act):
        flash(_("It was saved."), "success")
        flash_stopped(stopped)
        return _back(parts, slug)
    return _show(parts, queries.seminar_or_404(slug), form, part), 422


def order(parts: Parts, slug: str, **row: int) -> Any:
    seminar = queries.seminar_or_404(slug)
    part = _part(parts, seminar, row)
    actions.move_part(part, OrderForm(request.form).steps(), staff_actor(), now())
    db.session.commit()
    return _back(parts, slug)


def remove(parts: Parts, slug: str, **row: int) -> Any:
    seminar = queries.seminar_or_404(slug)
    part = _part(parts, seminar, row)
    try:
        actions.remove_part(part, staff_actor(), now())
    except Refused as refusal:
        db.session.rollback()
        seminar = queries.seminar_or_404(slug)
        part = _part(parts, seminar, row)
        form = _form(parts, seminar, part, obj=part)
        form.form_errors.append(say(refusal.message))
        return _show(parts, queries.seminar_or_404(slug), form, part), 422
    db.session.commit()
    flash(_("It was removed."), "success")
    return _back(parts, slug)


def _register(parts: Parts, path: str, name: str, method: str, view: Callable[..., Any]) -> None:
    address = f"/seminars/<slug>/{parts.noun}{path}".replace("row>", f"{parts.one}_id>")

    def page(**values: Any) -> Any:
        return view(parts, **values)

    page.__name__ = page.__qualname__ = f"{name}_{parts.one}"
    bp.add_url_rule(address, page.__name__, writes_plan(page), methods=[method])


for _parts in LISTS:
    _register(_parts, "/new", "new", "GET", new)
    _register(_parts, "", "add", "POST", add)
    _register(_parts, "/<int:row>", "one", "GET", one)
    _register(_parts, "/<int:row>", "change", "POST", change)
    _register(_parts, "/<int:row>/removal", "remove", "POST", remove)
    if _parts.kind is not Venue:
        _register(_parts, "/<int:row>/order", "order", "POST", order)
