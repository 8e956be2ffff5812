"""Groups of the plan: added, changed with their quotas, put in protocol order, removed where nobody ever was in them."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from seminar.access.guard import staff_actor
from seminar.delegates import actions, queries
from seminar.delegates.forms import GroupForm, group_details
from seminar.delegates.views import bp, writers
from seminar.lib.clock import now
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.language import say
from seminar.planning import actions as plan
from seminar.planning import queries as plans
from seminar.planning.models import Audience, Group, Seminar


def _form(group: Group | None, data: Any = None) -> GroupForm:
    is_unassigned = group is not None and group.audience == Audience.UNASSIGNED
    details = group_details(group) if group is not None and data is None else None
    return GroupForm(data, data=details, is_unassigned=is_unassigned)


def _show(seminar: Seminar, form: GroupForm, group: Group | None = None) -> str:
    return render_template(
        "delegates/group.html",
        seminar=seminar,
        form=form,
        group=group,
        cell=queries.allotted(seminar).of_group(group) if group else None,
        ever_in=queries.ever_in(group) if group else 0,
    )


def _saved(form: GroupForm, act: Callable[[], object]) -> bool:
    try:
        if form.validate():
            act()
            db.session.commit()
            return True
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(say(refusal.message))
    return False


def _back(slug: str) -> Any:
    return redirect(url_for("planning.plan", slug=slug, _anchor="groups"), 303)


@bp.get("/groups/new")
@writers
def new_group(slug: str) -> Any:
    seminar = plans.seminar_or_404(slug)
    ranks = [group.protocol_rank for group in plans.groups_of(seminar) if group.audience != Audience.UNASSIGNED]
    form = GroupForm(data={"protocol_rank": min(max(ranks, default=0) + 10, 9999)})
    return _show(seminar, form)


@bp.post("/groups")
@writers
def add_group(slug: str) -> Any:
    seminar = plans.seminar_or_404(slug)
    form = _form(None, request.form)
    if _saved(form, lambda: actions.add_group(seminar, form.values(), staff_actor(), now())):
        flash(_("“%(name)s” was added.", name=form.name.data), "success")
        return _back(slug)
    return _show(plans.seminar_or_404(slug), form), 422


@bp.get("/groups/<int:group_id>")
@writers
def group(slug: str, group_id: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    found = plans.part_or_404(seminar, Group, group_id)
    return _show(seminar, _form(found), found)


@bp.post("/groups/<int:group_id>")
@writers
def change_group(slug: str, group_id: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    found = plans.part_or_404(seminar, Group, group_id)
    form = _form(found, request.form)
    if _saved(form, lambda: actions.change_group(seminar, found, form.values(), staff_actor(), now())):
        flash(_("“%(name)s” was saved.", name=form.name.data), "success")
        return _back(slug)
    seminar = plans.seminar_or_404(slug)
    return _show(seminar, form, plans.part_or_404(seminar, Group, group_id)), 422


@bp.post("/groups/<int:group_id>/order")
@writers
def order_group(slug: str, group_id: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    step = {"up": -1, "down": 1}.get(request.form.get("step", ""), 0)
    plan.move_group(seminar, plans.part_or_404(seminar, Group, group_id), step, staff_actor(), now())
    db.session.commit()
    return _back(slug)


@bp.post("/groups/<int:group_id>/removal")
@writers
def remove_group(slug: str, group_id: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    found = plans.part_or_404(seminar, Group, group_id)
    try:
        actions.remove_group(seminar, found, staff_actor(), now())
    except Refused as refusal:
        db.session.rollback()
        seminar = plans.seminar_or_404(slug)
        found = plans.part_or_404(seminar, Group, group_id)
        form = _form(found)
        form.form_errors.append(say(refusal.message))
        return _show(seminar, form, found), 422
    db.session.commit()
    flash(_("The group was removed."), "success")
    return _back(slug)
