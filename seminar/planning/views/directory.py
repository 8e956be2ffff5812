"""The directory of units of the installation: all seminars take their units from it."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from seminar.access.guard import staff_actor
from seminar.lib.clock import local, now
from seminar.lib.database import db, reading
from seminar.lib.errors import Refused
from seminar.lib.language import ngettext, say
from seminar.planning import actions, queries, rules
from seminar.planning.forms import EndingForm, OrderForm, UnitForm, UnitListForm, other_names_of, unit_details
from seminar.planning.models import UNIT_KIND_LABELS, Seminar, Unit
from seminar.planning.views import bp, saved, writes_plan


@bp.get("/units")
@writes_plan
def directory() -> Any:
    return _show_directory(queries.all_units())


def _show_directory(units: list[Unit], form: EndingForm | None = None) -> str:
    return render_template(
        "planning/directory.html",
        seminar=None,
        seminars=queries.seminars(),
        units=units,
        successors={unit.id: unit.name for unit in units},
        kinds=UNIT_KIND_LABELS,
        other_names=other_names_of,
        today=local(now()).date(),
        form=form or EndingForm(units),
    )


def _form(unit: Unit | None, data: Any = None) -> UnitForm:
    others = [one for one in queries.all_units() if one is not unit]
    return UnitForm(others, data, data=unit_details(unit) if unit and data is None else None)


def _came_from() -> Seminar | None:
    """The seminar from whose page of units somebody came to the directory, and goes back to."""
    return queries.seminar_by_slug(request.args.get("of", ""))


def _show(form: UnitForm, unit: Unit | None = None) -> str:
    return render_template("planning/unit.html", seminar=_came_from(), form=form, unit=unit)


@bp.get("/units/new")
@writes_plan
def new_unit() -> Any:
    return _show(_form(None))


@bp.post("/units")
@writes_plan
def add_unit() -> Any:
    form = _form(None, request.form)
    if saved(form, lambda: actions.add_unit(form.values(), form.other_names(), staff_actor(), now())):
        flash(_("“%(name)s” is in the directory.", name=form.name.data), "success")
        return redirect(url_for("planning.directory"), 303)
    return _show(form), 422


@bp.get("/units/<int:unit_id>")
@writes_plan
def unit(unit_id: int) -> Any:
    found = queries.unit_or_404(unit_id)
    return _show(_form(found), found)


@bp.post("/units/<int:unit_id>")
@writes_plan
def change_unit(unit_id: int) -> Any:
    found = queries.unit_or_404(unit_id)
    form = _form(found, request.form)
    if saved(form, lambda: actions.change_unit(found, form.values(), form.other_names(), staff_actor(), now())):
        flash(_("“%(name)s” was saved.", name=form.name.data), "success")
        came_from = _came_from()
        if came_from:
            return redirect(url_for("planning.units", slug=came_from.slug), 303)
        return redirect(url_for("planning.directory", _anchor=f"unit-{unit_id}"), 303)
    return _show(form, queries.unit_or_404(unit_id)), 422


@bp.post("/units/<int:unit_id>/order")
@writes_plan
def order_unit(unit_id: int) -> Any:
    actions.move_unit(queries.unit_or_404(unit_id), OrderForm(request.form).steps(), staff_actor(), now())
    db.session.commit()
    return redirect(url_for("planning.directory", _anchor=f"unit-{unit_id}"), 303)


@bp.post("/units/<int:unit_id>/removal")
@writes_plan
def remove_unit(unit_id: int) -> Any:
    found = queries.unit_or_404(unit_id)
    try:
        actions.remove_unit(found, staff_actor(), now())
    except Refused as refusal:
        db.session.rollback()
        found = queries.unit_or_404(unit_id)
        form = _form(found)
        form.form_errors.append(say(refusal.message))
        return _show(form, found), 422
    db.session.commit()
    flash(_("The unit was removed."), "success")
    return redirect(url_for("planning.directory"), 303)


def _show_list(form: UnitListForm, lines: list[rules.UnitLine] | None = None) -> str:
    return render_template(
        "planning/unit_list.html", seminar=None, form=form, lines=lines, kinds=UNIT_KIND_LABELS, most=rules.MOST_UNITS
    )


@bp.post("/units/endings")
@writes_plan
def end_units() -> Any:
    units = queries.all_units()
    form, by_id, ended = EndingForm(units, request.form), {str(unit.id): unit for unit in units}, 0

    def act() -> None:
        nonlocal ended
        chosen = [by_id[one] for one in form.unit.data or []]
        successor = by_id.get(form.successor.data or "")
        assert form.last_day.data is not None
        ended = actions.end_units(chosen, form.last_day.data, successor, staff_actor(), now())

    if saved(form, act):
        flash(ngettext("%(num)d unit was ended.", "%(num)d units were ended.", ended), "success")
        return redirect(url_for("planning.directory"), 303)
    return _show_directory(queries.all_units(), form), 422


@bp.get("/units/list")
@writes_plan
def unit_list() -> Any:
    return _show_list(UnitListForm())


@bp.post("/units/list/preview")
@writes_plan
def preview_units() -> Any:
    """What each line would become; nothing is stored."""
    form = UnitListForm(request.form)
    with reading():
        if not form.validate():
            return _show_list(form), 422
        return _show_list(form, rules.read_units(form.text.data or "", queries.names_taken()))


@bp.post("/units/list")
@writes_plan
def add_units() -> Any:
    form = UnitListForm(request.form)
    lines: list[rules.UnitLine] = []
    made = 0

    def act() -> None:
        nonlocal lines, made
        lines = rules.read_units(form.text.data or "", queries.names_taken())
        made = actions.add_units(lines, form.valid_from.data, staff_actor(), now())

    if saved(form, act):
        flash(ngettext("%(num)d unit was added.", "%(num)d units were added.", made), "success")
        return redirect(url_for("planning.directory"), 303)
    return _show_list(form, lines or None), 422
