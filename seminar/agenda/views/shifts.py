"""A shift of one sitting: shown with the times before and after (GET), then done as it was shown (POST)."""

from datetime import datetime, timedelta
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from seminar.access.guard import staff_actor
from seminar.agenda import actions, queries, rules
from seminar.agenda.forms import SEEN, ShiftForm, read_seen
from seminar.agenda.models import ItemKind, Sitting
from seminar.agenda.views import bp, writes_programme
from seminar.lib.clock import from_local, local, now
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.language import say
from seminar.lib.numbers import whole
from seminar.planning import queries as plans
from seminar.planning.models import Seminar


def _asked(seminar: Seminar, data: MultiDict[str, str]) -> Sitting:
    """The sitting that the form names, else the one that is on or comes next."""
    named = data.get("sitting", "")
    if named:
        return queries.sitting_or_404(seminar, whole(named) or 0)
    found = queries.sitting_now(seminar.id, now())
    if found is None:
        abort(404)
    return found


def _later(form: ShiftForm, seen: rules.Seen) -> int:
    """Minutes from the planned beginning to the one asked for, on the same day."""
    if not form.at.data:
        return 0
    begins = from_local(local(seen.starts_at).date(), form.at.data.hour, form.at.data.minute)
    return rules.minutes_between(seen.starts_at, begins)


def _show(
    seminar: Seminar,
    sitting: Sitting,
    form: ShiftForm,
    shift: rules.Shift | None,
    *,
    problem: str = "",
    theirs: rules.Seen | None = None,
) -> str:
    """The page; `theirs` is how this person saw the sitting before somebody else changed it."""
    current = rules.seen(sitting.starts_at, sitting.ends_at, sitting.items)
    after = current
    try:
        after = actions.checked(sitting, current, shift) if shift else current
    except Refused as refusal:
        problem, shift = problem or say(refusal.message), None
    lines = rules.changes(current, after)
    late = shift.late_minutes if shift else _late(seminar, sitting)
    known = {row.id for row in current.rows}
    return render_template(
        "agenda/shift.html",
        seminar=seminar,
        sitting=sitting,
        sittings=queries.sittings_of(seminar.id),
        form=form,
        shift=shift if shift and not shift.is_empty else None,
        labels=rules.labels_of(after.rows, queries.withdrawn_items([sitting])),
        withdrawn={item.id for item in sitting.items if item.is_withdrawn},
        before=current,
        after=after,
        lines=lines,
        over=(rules.over_minutes(current, late), rules.over_minutes(after, late)),
        late=late,
        begun=queries.begun_items(sitting),
        clashes=_clashes(seminar, sitting, after, late),
        problem=problem,
        seen_text=SEEN.dump_json(current).decode(),
        mark=rules.fingerprint(current),
        theirs=_times(theirs) if theirs else {},
        gone=[row for row in theirs.rows if row.id not in known] if theirs else [],
        last_change=queries.last_change(seminar) if theirs else None,
    )


def _times(seen: rules.Seen) -> dict[int, tuple[datetime, datetime]]:
    return {row.id: (start, end) for start, end, row in rules.timetable(seen.starts_at, seen.rows)}


def _late(seminar: Seminar, sitting: Sitting) -> int:
    """By how many minutes the sitting, if it is on, is to end behind its items' plan."""
    parts = queries.day(seminar, now()).parts
    part = next(one for one in parts if one.sitting.id == sitting.id)
    return part.course.late_end_minutes if part.course.is_live else 0


def _clashes(seminar: Seminar, sitting: Sitting, after: rules.Seen, late: int) -> list[Sitting]:
    """Other sittings that would be on at the same time: planned to, or run into by items that do not fit."""
    ends_at = max(after.ends_at, after.starts_at + timedelta(minutes=rules.total_minutes(after.rows) + late))
    others = [one for one in queries.sittings_of(seminar.id) if one.id != sitting.id]
    return [one for one in others if rules.overlaps([(after.starts_at, ends_at), (one.starts_at, one.ends_at)])]


@bp.get("/seminars/<slug>/programme/shift")
@writes_programme
def shift(slug: str) -> Any:
    seminar = plans.seminar_or_404(slug)
    sitting = _asked(seminar, request.args)
    current = rules.seen(sitting.starts_at, sitting.ends_at, sitting.items)
    if "mark" not in request.args:
        starts = local(sitting.starts_at).time()
        form = ShiftForm(None, current.rows, at=starts, ends=True, least=rules.LEAST_PAPER_MINUTES)
        if rules.over_minutes(current, _late(seminar, sitting)):  # papers are what mostly is too long (domain.md Đ15)
            begun = queries.begun_items(sitting)
            form.fit = {row.id for row in current.rows if row.kind == ItemKind.PAPERS and row.id not in begun}
        return _show(seminar, sitting, form, None)
    form = ShiftForm(request.args, current.rows)
    if not form.validate():
        return _show(seminar, sitting, form, None), 422
    problem = ""
    if request.args["mark"] != rules.fingerprint(current):
        problem = _("The sitting was changed by somebody since you opened this page: look at the times anew.")
    return _show(seminar, sitting, form, form.shift(_later(form, current), _late(seminar, sitting)), problem=problem)


@bp.post("/seminars/<slug>/programme/shift")
@writes_programme
def do_shift(slug: str) -> Any:
    seminar = plans.seminar_or_404(slug)
    sitting = _asked(seminar, request.form)
    seen = read_seen(request.form.get("seen", ""))
    if seen is None:
        flash(_("The form was not whole. Look at the shift again and confirm it."), "danger")
        return redirect(url_for("agenda.shift", slug=slug, sitting=sitting.id), 303)
    form = ShiftForm(request.form, seen.rows)
    if not form.validate():
        return _show(seminar, sitting, form, None), 422
    wanted = form.shift(_later(form, seen), form.seen_late)
    try:
        actions.shift_sitting(sitting, seen, wanted, staff_actor(), now())
        db.session.commit()
    except actions.Outdated as outdated:
        db.session.rollback()
        current = rules.seen(sitting.starts_at, sitting.ends_at, sitting.items)
        again = form.shift(_later(form, current), _late(seminar, sitting))
        return _show(seminar, sitting, form, again, problem=say(outdated.message), theirs=seen), 409
    except Refused as refusal:
        db.session.rollback()
        return _show(seminar, sitting, form, None, problem=say(refusal.message)), 422
    flash(_("“%(name)s” was shifted: the programme shows the new times.", name=sitting.name), "success")
    return redirect(f"{url_for('agenda.programme', slug=slug)}#sitting-{sitting.id}", 303)
