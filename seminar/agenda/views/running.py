"""The programme on the day: items and sittings begin, end, and are taken back."""

from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from seminar.access.guard import has_role, staff_actor
from seminar.agenda import actions, queries, rules
from seminar.agenda.forms import TimesForm
from seminar.agenda.models import Sitting
from seminar.agenda.views import ITEM, RUN, SITTING, WRITERS, bp, reads_programme, writes_programme
from seminar.lib import htmx
from seminar.lib.clock import from_local, local, now
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.language import say
from seminar.lib.numbers import whole
from seminar.planning import queries as plans
from seminar.planning.models import Seminar


def _done(slug: str, act: Callable[[], object], success: str = "") -> Any:
    try:
        act()
        db.session.commit()
        if success:
            flash(success, "success")
    except Refused as refusal:
        db.session.rollback()
        flash(say(refusal.message), "danger")
    return redirect(f"{url_for('agenda.programme', slug=slug)}#running", 303)


@bp.get("/seminars/<slug>/programme/running")
@reads_programme
def running(slug: str) -> Any:
    """What is on, as a region that refreshes itself; opened plainly it is on the programme's page."""
    seminar = plans.seminar_or_404(slug)
    if not htmx.wants_fragment():
        return redirect(f"{url_for('agenda.programme', slug=slug)}#running", 303)
    moment = now()
    day = queries.day(seminar, moment)
    if day.part is None:
        abort(404)
    page = render_template(
        "agenda/_running.html",
        seminar=seminar,
        day=day,
        moment=moment,
        may_write=has_role(*WRITERS),
        minutes_between=rules.minutes_between,
    )
    return htmx.varied(page)


@bp.post(f"{ITEM}/beginning")
@writes_programme
def begin(slug: str, item_id: int) -> Any:
    found = queries.item_or_404(plans.seminar_or_404(slug), item_id)
    seen_on = whole(request.form.get("on", ""))
    return _done(slug, lambda: actions.begin_item(found, staff_actor(), now(), seen_on=seen_on))


@bp.post(f"{RUN}/ending")
@writes_programme
def end(slug: str, run_id: int) -> Any:
    found = queries.run_or_404(plans.seminar_or_404(slug), run_id)
    return _done(slug, lambda: actions.end_item(found, staff_actor(), now()))


@bp.post(f"{RUN}/reversal")
@writes_programme
def take_back(slug: str, run_id: int) -> Any:
    found = queries.run_or_404(plans.seminar_or_404(slug), run_id)
    return _done(slug, lambda: actions.undo_run(found, staff_actor(), now()), _("Taken back; the record of it stays."))


@bp.post(f"{SITTING}/beginning")
@writes_programme
def begin_sitting(slug: str, sitting_id: int) -> Any:
    found = queries.sitting_or_404(plans.seminar_or_404(slug), sitting_id)
    return _done(slug, lambda: actions.begin_sitting(found, staff_actor(), now()))


@bp.post(f"{SITTING}/ending")
@writes_programme
def end_sitting(slug: str, sitting_id: int) -> Any:
    found = queries.sitting_or_404(plans.seminar_or_404(slug), sitting_id)
    return _done(slug, lambda: actions.end_sitting(found, staff_actor(), now()))


@bp.post(f"{SITTING}/continuation")
@writes_programme
def resume_sitting(slug: str, sitting_id: int) -> Any:
    found = queries.sitting_or_404(plans.seminar_or_404(slug), sitting_id)
    return _done(slug, lambda: actions.resume_sitting(found, staff_actor(), now()))


def _show_times(seminar: Seminar, sitting: Sitting, form: TimesForm) -> str:
    return render_template("agenda/times.html", seminar=seminar, sitting=sitting, form=form)


@bp.get(f"{SITTING}/times")
@writes_programme
def times(slug: str, sitting_id: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    found = queries.sitting_or_404(seminar, sitting_id)
    whole_run = queries.sitting_run(found)
    began = local(whole_run.began_at if whole_run else found.starts_at)
    ended = local(whole_run.ended_at) if whole_run and whole_run.ended_at else None
    form = TimesForm(day=began.date(), began=began.time(), ended=ended.time() if ended else None)
    return _show_times(seminar, found, form)


@bp.post(f"{SITTING}/times")
@writes_programme
def correct_times(slug: str, sitting_id: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    found = queries.sitting_or_404(seminar, sitting_id)
    form = TimesForm(request.form)
    try:
        if form.validate():
            day, began, ended = form.day.data, form.began.data, form.ended.data
            actions.correct_sitting_times(
                found,
                from_local(day, began.hour, began.minute),
                from_local(day, ended.hour, ended.minute) if ended else None,
                staff_actor(),
                now(),
            )
            db.session.commit()
            flash(_("The real times of “%(name)s” are corrected.", name=found.name), "success")
            return redirect(f"{url_for('agenda.programme', slug=slug)}#running", 303)
    except Refused as refusal:
        db.session.rollback()
        form.ended.errors = [*form.ended.errors, say(refusal.message)]
    return _show_times(seminar, found, form), 422
