"""The chair's page: what is on, who speaks, who waits; and the record of who had the floor."""

from collections.abc import Callable
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from seminar.access.actor import Channel
from seminar.access.guard import has_role, only, staff_actor
from seminar.access.roles import Role
from seminar.agenda import actions as agenda
from seminar.agenda import queries as programme
from seminar.agenda.rules import minutes_between
from seminar.checkin.queries.boards import screen_of
from seminar.delegates.models import Delegate
from seminar.lib import htmx
from seminar.lib.clock import now
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.language import say
from seminar.lib.numbers import whole
from seminar.minutes import actions, queries, rules
from seminar.minutes.forms import SpeakerForm, topic_of, with_topics
from seminar.minutes.models import FLOOR_OUTCOME_LABELS
from seminar.minutes.views import WRITERS, bp
from seminar.planning import queries as plans
from seminar.planning.models import Seminar

ENTERERS = (*WRITERS, Role.RECEPTION)
reads_floor = only(*ENTERERS, Role.VIEWER)
runs_floor = only(*WRITERS)
FLOOR = "/seminars/<slug>/floor"
REQUEST = f"{FLOOR}/requests/<int(max=2147483647):request_id>"
TURN = f"{FLOOR}/turns/<int(max=2147483647):turn_id>"
SITTING = f"{FLOOR}/sittings/<int(max=2147483647):sitting_id>"


def _shown(seminar: Seminar) -> dict[str, Any]:
    """What the live region needs."""
    moment = now()
    day = programme.day(seminar, moment)
    floor = queries.floor_now(seminar, moment)
    run = queries.run_on(day)
    usual = queries.minutes_for(seminar, run.item if run else None)
    return {
        "seminar": seminar,
        "moment": moment,
        "day": day,
        "part": day.part,
        "run": run,
        "floor": floor,
        "usual": usual,
        "offered": rules.offered_minutes(usual),
        "is_open": queries.may_be_asked_for(day, moment),
        "is_paused": queries.is_paused(seminar),
        "may_run": has_role(*WRITERS),
        "may_enter": has_role(*ENTERERS),
        "minutes_between": minutes_between,
        "rules": rules,
    }


def _page(
    seminar: Seminar,
    form: SpeakerForm | None = None,
    offered: list[Delegate] | None = None,
    absent: Delegate | None = None,
) -> str:
    """The page; `offered` are the delegates whom the typed letters could mean, `absent` is one who is not let in yet."""
    screen = screen_of(seminar)
    base = current_app.config["SEMINAR"].base_url
    return render_template(
        "minutes/floor.html",
        **_shown(seminar),
        form=form or with_topics(SpeakerForm(), seminar),
        people=[absent] if absent else offered or [],
        absent=absent,
        usual_minutes=queries.usual_minutes(seminar),
        clock=f"{base}{url_for('minutes.clock', code=screen.code)}" if screen else "",
    )


@bp.get(FLOOR)
@reads_floor
def floor(slug: str) -> Any:
    seminar = plans.seminar_or_404(slug)
    if htmx.wants_fragment():
        return htmx.varied(render_template("minutes/_floor.html", **_shown(seminar)))
    return htmx.varied(_page(seminar))


def _done(slug: str, act: Callable[[], object], success: str = "") -> Any:
    try:
        act()
        db.session.commit()
        if success:
            flash(success, "success")
    except Refused as refusal:
        db.session.rollback()
        flash(say(refusal.message), "danger")
    return redirect(url_for("minutes.floor", slug=slug), 303)


def _seen() -> int | None:
    """The turn that was on when the page was made; None where the form does not say."""
    return whole(request.form.get("on", ""))


# --- somebody is written into the line, or called without waiting


def _named(seminar: Seminar, form: SpeakerForm) -> tuple[Delegate | None, list[Delegate]]:
    """(the delegate who was chosen or is the only one meant, all whom the letters could mean)."""
    chosen = whole(request.form.get("delegate", ""))
    found = programme.speakers_found(seminar, form.who.data or "")
    if len(found) == 1:
        return found[0], found
    return next((one for one in found if one.id == chosen), None), found


@bp.post(f"{FLOOR}/requests")
@only(*ENTERERS)
def enter_request(slug: str) -> Any:
    """Staff writes down that somebody in the hall asks for the floor."""
    seminar = plans.seminar_or_404(slug)
    form = with_topics(SpeakerForm(request.form), seminar)
    if not form.validate():
        return _page(seminar, form), 422
    delegate, found = _named(seminar, form)
    if delegate is None:
        form.who.errors = [
            _("Several people could be meant: choose one below.")
            if found
            else _("Nobody on the list is called so. Try fewer letters, or the number on the badge.")
        ]
        return _page(seminar, form, found), 422
    try:
        by = staff_actor().for_(delegate.name, Channel.IN_PERSON)
        made, is_new = actions.ask_for_floor(
            seminar,
            delegate,
            form.subject.data or "",
            topic_of(form, seminar),
            by,
            now(),
            for_them=True,
            though_absent=request.form.get("absent") == str(delegate.id),
        )
        place = queries.place_of(made, seminar)
        db.session.commit()
    except actions.NotPresent as refusal:
        db.session.rollback()
        form.who.errors = [say(refusal.message)]
        return _page(seminar, form, absent=delegate), 422
    except Refused as refusal:
        db.session.rollback()
        form.who.errors = [say(refusal.message)]
        return _page(seminar, form), 422
    if is_new:
        flash(_("%(name)s waits for the floor, place %(place)s.", name=delegate.name, place=place), "success")
    else:
        flash(_("%(name)s waits already, place %(place)s.", name=delegate.name, place=place), "info")
    return redirect(url_for("minutes.floor", slug=slug), 303)


@bp.post(f"{FLOOR}/turns")
@runs_floor
def call_somebody(slug: str) -> Any:
    """Somebody gets the floor who did not wait for it: of the list, or a guest by the name that was typed."""
    seminar = plans.seminar_or_404(slug)
    form = with_topics(SpeakerForm(request.form), seminar)
    if not form.validate():
        return _page(seminar, form), 422
    delegate, found = _named(seminar, form)
    as_typed = request.form.get("delegate") == "typed"
    if delegate is None and not as_typed:
        form.who.errors = [
            _("Several people could be meant: choose one below.")
            if found
            else _("Nobody on the list is called so. Press once more if this is a guest who is not on the list.")
        ]
        return _page(seminar, form, found), 422
    try:
        actions.begin_turn(
            seminar,
            delegate=None if as_typed else delegate,
            speaker=form.who.data or "",
            minutes=whole(request.form.get("minutes", "")) or queries.usual_minutes(seminar),
            seen_on=_seen(),
            by=staff_actor(),
            now=now(),
        )
        db.session.commit()
    except Refused as refusal:
        db.session.rollback()
        form.who.errors = [say(refusal.message)]
        return _page(seminar, form), 422
    return redirect(url_for("minutes.floor", slug=slug), 303)


# --- the line


@bp.post(f"{REQUEST}/turn")
@runs_floor
def call_request(slug: str, request_id: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    found = queries.request_or_404(seminar, request_id)
    minutes, seen = whole(request.form.get("minutes", "")), _seen()
    return _done(
        slug,
        lambda: actions.begin_turn(
            seminar, request=found, minutes=minutes, seen_on=seen, by=staff_actor(), now=now()
        ),
    )  # fmt: skip


@bp.post(f"{REQUEST}/order")
@runs_floor
def move_request(slug: str, request_id: int) -> Any:
    found = queries.request_or_404(plans.seminar_or_404(slug), request_id)
    step = -1 if request.form.get("step") == "-1" else 1
    return _done(slug, lambda: actions.move_request(found, step, staff_actor(), now()))


@bp.post(f"{REQUEST}/aside")
@runs_floor
def put_request_aside(slug: str, request_id: int) -> Any:
    found = queries.request_or_404(plans.seminar_or_404(slug), request_id)
    return _done(
        slug,
        lambda: actions.put_request_aside(found, staff_actor(), now()),
        _("%(name)s is put aside; the record can put them back.", name=found.delegate.name),
    )


@bp.post(f"{REQUEST}/withdrawal")
@only(*ENTERERS)
def withdraw_request(slug: str, request_id: int) -> Any:
    found = queries.request_or_404(plans.seminar_or_404(slug), request_id)
    by = staff_actor().for_(found.delegate.name, Channel.IN_PERSON)
    return _done(slug, lambda: actions.withdraw_request(found, by, now()))


@bp.post(f"{REQUEST}/reversal")
@runs_floor
def restore_request(slug: str, request_id: int) -> Any:
    found = queries.request_or_404(plans.seminar_or_404(slug), request_id)
    return _done(
        slug,
        lambda: actions.restore_request(found, staff_actor(), now()),
        _("%(name)s waits again.", name=found.delegate.name),
    )


# --- the turn


@bp.post(f"{TURN}/ending")
@runs_floor
def end_turn(slug: str, turn_id: int) -> Any:
    found = queries.turn_or_404(plans.seminar_or_404(slug), turn_id)
    return _done(slug, lambda: actions.end_turn(found, staff_actor(), now()))


@bp.post(f"{TURN}/extension")
@runs_floor
def extend_turn(slug: str, turn_id: int) -> Any:
    found = queries.turn_or_404(plans.seminar_or_404(slug), turn_id)
    return _done(slug, lambda: actions.extend_turn(found, staff_actor(), now()))


@bp.post(f"{TURN}/continuation")
@runs_floor
def resume_turn(slug: str, turn_id: int) -> Any:
    found = queries.turn_or_404(plans.seminar_or_404(slug), turn_id)
    return _done(slug, lambda: actions.resume_turn(found, staff_actor(), now()))


@bp.post(f"{TURN}/reversal")
@runs_floor
def take_back_turn(slug: str, turn_id: int) -> Any:
    found = queries.turn_or_404(plans.seminar_or_404(slug), turn_id)
    return _done(
        slug, lambda: actions.undo_turn(found, staff_actor(), now()), _("Taken back; the record of it stays.")
    )  # fmt: skip


# --- items and sittings


@bp.post(f"{FLOOR}/items/<int(max=2147483647):item_id>/beginning")
@runs_floor
def take_up_item(slug: str, item_id: int) -> Any:
    found = programme.item_or_404(plans.seminar_or_404(slug), item_id)
    seen = _seen()
    return _done(slug, lambda: actions.take_up_item(found, staff_actor(), now(), seen_on=seen))


@bp.post(f"{FLOOR}/runs/<int(max=2147483647):run_id>/ending")
@runs_floor
def close_item(slug: str, run_id: int) -> Any:
    found = programme.run_or_404(plans.seminar_or_404(slug), run_id)
    return _done(slug, lambda: actions.close_item(found, staff_actor(), now()))


@bp.post(f"{FLOOR}/runs/<int(max=2147483647):run_id>/reversal")
@runs_floor
def take_back_item(slug: str, run_id: int) -> Any:
    found = programme.run_or_404(plans.seminar_or_404(slug), run_id)
    return _done(
        slug, lambda: actions.take_back_item(found, staff_actor(), now()), _("Taken back; the record of it stays.")
    )  # fmt: skip


@bp.post(f"{SITTING}/beginning")
@runs_floor
def begin_sitting(slug: str, sitting_id: int) -> Any:
    found = programme.sitting_or_404(plans.seminar_or_404(slug), sitting_id)
    return _done(slug, lambda: agenda.begin_sitting(found, staff_actor(), now()))


@bp.post(f"{SITTING}/ending")
@runs_floor
def close_sitting(slug: str, sitting_id: int) -> Any:
    found = programme.sitting_or_404(plans.seminar_or_404(slug), sitting_id)
    return _done(slug, lambda: actions.close_sitting(found, staff_actor(), now()))


@bp.post(f"{SITTING}/continuation")
@runs_floor
def resume_sitting(slug: str, sitting_id: int) -> Any:
    found = programme.sitting_or_404(plans.seminar_or_404(slug), sitting_id)
    return _done(slug, lambda: agenda.resume_sitting(found, staff_actor(), now()))


# --- settings, the hall, the record


@bp.post(f"{FLOOR}/settings")
@runs_floor
def set_floor(slug: str) -> Any:
    seminar = plans.seminar_or_404(slug)
    minutes = whole(request.form.get("minutes", "").strip())
    paused = request.form.get("takes") != "1"
    return _done(slug, lambda: actions.set_floor(seminar, minutes, paused, staff_actor(), now()), _("Saved."))


@bp.post(f"{FLOOR}/clock")
@runs_floor
def open_clock(slug: str) -> Any:
    seminar = plans.seminar_or_404(slug)
    return _done(slug, lambda: actions.open_clock(seminar, staff_actor(), now()))


@bp.get(f"{FLOOR}/record")
@reads_floor
def floor_record(slug: str) -> Any:
    """Who had the floor, when and how long; and who asked for it and did not get it."""
    seminar, moment = plans.seminar_or_404(slug), now()
    turns = queries.turns_of(seminar)
    settled = queries.settled_requests(seminar)
    return render_template(
        "minutes/floor_record.html",
        seminar=seminar,
        moment=moment,
        turns=turns,
        totals=queries.totals(turns, moment),
        settled=settled,
        people=queries.persons({one.delegate_id for one in settled}),
        outcomes=FLOOR_OUTCOME_LABELS,
        rules=rules,
        may_run=has_role(*WRITERS),
    )
