"""A new seminar, with what all parts give it at first: its plan, and the sheet of figures that units are asked for."""

from typing import Any

from flask import redirect, render_template, request, url_for

from seminar.access.guard import only, staff_actor
from seminar.access.roles import Role
from seminar.lib.clock import now
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.language import say
from seminar.planning import actions as planning
from seminar.planning import queries as plans
from seminar.portal.forms import NewSeminarForm
from seminar.portal.views import bp
from seminar.statistics import actions as statistics

begins_seminars = only(Role.ADMIN, Role.OFFICE)


@bp.get("/seminars/new")
@begins_seminars
def new_seminar() -> Any:
    return render_template("portal/new.html", form=NewSeminarForm(), seminars=plans.seminars(), seminar=None)


@bp.post("/seminars/new")
@begins_seminars
def create_seminar() -> Any:
    form = NewSeminarForm(request.form)
    like = plans.seminar_by_slug(request.form.get("like", ""))
    try:
        if form.validate():
            venues, by, moment = (form.venues.data or "").splitlines(), staff_actor(), now()
            seminar = planning.create_seminar(
                form.title.data, form.slug.data, form.held_on.data, venues, like, by, moment
            )
            statistics.begin_usual_sheets(seminar, like, by, moment)
            db.session.commit()
            return redirect(url_for("planning.plan", slug=seminar.slug), 303)
    except Refused as refusal:
        db.session.rollback()
        form.slug.errors = [say(refusal.message)]
    return render_template("portal/new.html", form=form, seminars=plans.seminars(), seminar=None), 422
