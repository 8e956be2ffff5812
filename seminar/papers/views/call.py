"""The call for papers: what it asks for, by when, and who has a later deadline."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from seminar.access.guard import has_role, staff_actor
from seminar.access.roles import Role
from seminar.delegates.queries import by_number
from seminar.lib.clock import now, short_date
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.language import say
from seminar.papers import actions, converting, queries, rules
from seminar.papers.forms import CallForm, ExtensionForm, call_details
from seminar.papers.models import FileKind
from seminar.papers.views import bp, reads_papers, uploads
from seminar.planning import queries as plans
from seminar.planning.models import Seminar
from seminar.planning.rules import due_at


def _extension_form(seminar: Seminar, data: Any = None, **values: Any) -> ExtensionForm:
    return ExtensionForm(plans.units_on(seminar.held_on), data, **values)


def _show(seminar: Seminar, form: CallForm | None = None, extension_form: ExtensionForm | None = None) -> str:
    milestone, call, moment = plans.milestone(seminar, "papers"), queries.call_of(seminar), now()
    extensions = queries.extensions_of(seminar)
    standing: dict[tuple[int | None, int | None], int] = {}
    for one in extensions:
        if one.withdrawn_at is None:
            standing.setdefault((one.unit_id, one.delegate_id), one.id)
    return render_template(
        "papers/call.html",
        seminar=seminar,
        call=call,
        milestone=milestone,
        due_at=due_at(milestone) if milestone else None,
        deadline=rules.deadline(milestone, call, None, moment),
        now=moment,
        kinds_said=rules.kinds_said(rules.kinds_asked(call, can_convert=converting.program() is not None)),
        can_convert=converting.program() is not None,
        form=form or CallForm(data=call_details(call)),
        extension_form=extension_form or _extension_form(seminar, unit=request.args.get("unit", "")),
        extensions=extensions,
        standing=set(standing.values()),
        may_write=has_role(Role.OFFICE),
    )


@bp.get("/seminars/<slug>/papers/call")
@reads_papers
def call(slug: str) -> Any:
    return _show(plans.seminar_or_404(slug))


@bp.post("/seminars/<slug>/papers/call")
@uploads
def change_call(slug: str) -> Any:
    seminar = plans.seminar_or_404(slug)
    form = CallForm(request.form)
    try:
        if form.validate():
            actions.change_call(
                seminar,
                words_least=form.words_least.data,
                words_most=form.words_most.data,
                pages_most=form.pages_most.data,
                file_kinds=[FileKind(kind) for kind in form.file_kinds.data or ()],
                grace_hours=form.grace_hours.data or 0,
                guidance=form.guidance.data or "",
                is_released_at_once=form.is_released_at_once.data,
                by=staff_actor(),
                now=now(),
            )
            db.session.commit()
            flash(_("The call was saved."), "success")
            return redirect(url_for("papers.call", slug=slug), 303)
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(say(refusal.message))
    return _show(plans.seminar_or_404(slug), form), 422


@bp.post("/seminars/<slug>/papers/extensions")
@uploads
def extend(slug: str) -> Any:
    seminar = plans.seminar_or_404(slug)
    form = _extension_form(seminar, request.form)
    try:
        if form.validate():
            unit = next((one for one in plans.units_on(seminar.held_on) if str(one.id) == form.unit.data), None)
            delegate = by_number(seminar, form.number.data) if form.number.data else None
            if form.number.data and delegate is None:
                raise Refused("There is no delegate with the number %(number)d.", number=form.number.data)
            if unit is not None and delegate is not None:
                raise Refused("Choose a unit or write the number of a delegate, not both: each has its own deadline.")
            sender = unit or delegate
            actions.extend_deadline(seminar, sender, form.until_on.data, form.reason.data, staff_actor(), now())
            name, day = sender.name if sender else "", short_date(form.until_on.data)
            db.session.commit()
            flash(_("%(name)s may send until the end of %(day)s.", name=name, day=day), "success")
            return redirect(url_for("papers.call", slug=slug, _anchor="extensions"), 303)
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(say(refusal.message))
    return _show(plans.seminar_or_404(slug), extension_form=form), 422


@bp.post("/seminars/<slug>/papers/extensions/<int(max=2147483647):extension_id>/withdrawal")
@uploads
def withdraw_extension(slug: str, extension_id: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    actions.withdraw_extension(queries.extension_or_404(seminar, extension_id), staff_actor(), now())
    db.session.commit()
    flash(_("The extension was withdrawn; the deadline of all holds again."), "success")
    return redirect(url_for("papers.call", slug=slug, _anchor="extensions"), 303)
