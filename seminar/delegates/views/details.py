"""One delegate's details: added, changed, taken off the list."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from seminar.access.guard import staff_actor
from seminar.delegates import actions, queries
from seminar.delegates.forms import DelegateForm, details_of
from seminar.delegates.views import bp, writers
from seminar.lib.clock import now
from seminar.lib.database import db, reading
from seminar.lib.errors import Refused
from seminar.lib.language import say
from seminar.lib.text import clean
from seminar.planning import queries as plans
from seminar.planning.models import Group, Seminar


@bp.get("/delegates/new")
@writers
def new(slug: str) -> Any:
    seminar = plans.seminar_or_404(slug)
    unassigned = queries.unassigned_group(seminar)
    form = DelegateForm(data={"group": unassigned.code if unassigned else ""})
    return render_template("delegates/details.html", seminar=seminar, delegate=None, form=_offer(form, seminar))


@bp.post("/delegates")
@writers
def add(slug: str) -> Any:
    seminar = plans.seminar_or_404(slug)
    form = _offer(DelegateForm(request.form), seminar)
    try:
        if not form.validate():
            return _again(slug, None, form)
        delegate = actions.add_delegate(seminar, form.row(), _groups(seminar, form), staff_actor(), now())
    except Refused as refusal:
        return _again(slug, None, form, refusal)
    address = _address(seminar, delegate.id)
    text = _("%(name)s is on the list now, as number %(number)s.", name=delegate.name, number=delegate.number)
    db.session.commit()
    flash(text, "success")
    return redirect(address, 303)


@bp.get("/delegates/<int:delegate_id>/details")
@writers
def details(slug: str, delegate_id: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    delegate = queries.delegate_or_404(seminar, delegate_id)
    form = _offer(DelegateForm(data=details_of(delegate)), seminar)
    return render_template("delegates/details.html", seminar=seminar, delegate=delegate, form=form)


@bp.post("/delegates/<int:delegate_id>/details")
@writers
def change(slug: str, delegate_id: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    delegate = queries.delegate_or_404(seminar, delegate_id)
    form = _offer(DelegateForm(request.form), seminar)
    try:
        if not form.validate():
            return _again(slug, delegate_id, form)
        actions.change_delegate(seminar, delegate, form.row(), _groups(seminar, form), staff_actor(), now())
    except Refused as refusal:
        return _again(slug, delegate_id, form, refusal)
    db.session.commit()
    flash(_("The details were saved."), "success")
    return redirect(_address(seminar, delegate_id), 303)


@bp.post("/delegates/<int:delegate_id>/removal")
@writers
def remove(slug: str, delegate_id: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    delegate = queries.delegate_or_404(seminar, delegate_id)
    actions.remove_delegate(delegate, clean(request.form.get("reason", "")), staff_actor(), now())
    text = _(
        "%(name)s is no longer on the list; number %(number)s is not given again.",
        name=delegate.name,
        number=delegate.number,
    )
    db.session.commit()
    flash(text, "success")
    return redirect(url_for("delegates.listing", slug=slug), 303)


def _offer(form: DelegateForm, seminar: Seminar) -> DelegateForm:
    return form.offer(plans.groups_of(seminar), plans.units_on(None))


def _groups(seminar: Seminar, form: DelegateForm) -> list[Group]:
    groups = {group.code: group for group in plans.groups_of(seminar)}
    return [groups[code] for code in form.codes()]


def _address(seminar: Seminar, delegate_id: int) -> str:
    return f"/seminars/{seminar.slug}/delegates/{delegate_id}"


def _again(slug: str, delegate_id: int | None, form: DelegateForm, refusal: Refused | None = None) -> Any:
    """The form as it was typed, with what is wrong; nothing is written."""
    db.session.rollback()
    if refusal:
        flash(say(refusal.message), "danger")
    with reading():
        seminar = plans.seminar_or_404(slug)
        delegate = queries.delegate_or_404(seminar, delegate_id) if delegate_id is not None else None
        return render_template("delegates/details.html", seminar=seminar, delegate=delegate, form=form), 422
