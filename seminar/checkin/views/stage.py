"""The commendation on stage: arranging the turns, running them by phone, the lists for the MC and for whoever hands over."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from seminar.access.guard import has_role, only, staff_actor
from seminar.access.roles import Role
from seminar.checkin.actions import stage as actions
from seminar.checkin.models import Step
from seminar.checkin.queries import stage as reads
from seminar.checkin.views import bp
from seminar.checkin.views.boards import sitting_shown
from seminar.checkin.views.staff import READERS
from seminar.delegates.queries import delegate_or_404
from seminar.lib import htmx
from seminar.lib.clock import now
from seminar.lib.database import db
from seminar.lib.errors import N_, Refused
from seminar.lib.language import ngettext, say
from seminar.lib.numbers import whole
from seminar.planning.models import Seminar
from seminar.planning.queries import groups_of, hold_seminar, seminar_or_404

RUNNERS = (Role.OFFICE, Role.RECEPTION, Role.SECRETARY)
ARRANGERS = (Role.OFFICE, Role.SECRETARY)
STEP_WORDS = {Step.IN_PLACE: N_("in place"), Step.CALLED: N_("called"), Step.HANDED_OVER: N_("handed over")}
STEP_OF_PATH = {"in-place": Step.IN_PLACE, "called": Step.CALLED, "handed-over": Step.HANDED_OVER}
PATH_OF_STEP = {step: path for path, step in STEP_OF_PATH.items()}
ORDER_LABELS = {
    "listed": N_("in the order of the list"),
    "unit": N_("by unit, then by name"),
    "name": N_("by name"),
}


def _stage(seminar: Seminar) -> reads.Stage:
    _sittings, sitting = sitting_shown(seminar)
    return reads.stage_of(seminar.id, sitting.id if sitting else None)


def _turn_asked() -> int | None:
    return whole(request.args.get("turn", ""), actions.TURNS)


@bp.get("/seminars/<slug>/stage")
@only(*READERS)
def stage(slug: str) -> Any:
    """The turn that is on, or the one asked for."""
    seminar = seminar_or_404(slug)
    whole_stage = _stage(seminar)
    asked = _turn_asked()
    turn = whole_stage.turn(asked) or whole_stage.turn(None)
    template = "checkin/boards/_stage.html" if htmx.wants_fragment() else "checkin/boards/stage.html"
    return htmx.varied(
        render_template(
            template,
            seminar=seminar,
            stage=whole_stage,
            turn=turn,
            asked=asked,
            Step=Step,
            words=STEP_WORDS,
            paths=PATH_OF_STEP,
            may_run=has_role(*RUNNERS),
            may_arrange=has_role(*ARRANGERS),
            address=request.full_path,
            moment=now(),
        )
    )


def _back(slug: str, turn: object = None) -> Any:
    return redirect(url_for("checkin.stage", slug=slug, turn=turn or None), 303)


def _step_or_404(path: str) -> Step:
    if path not in STEP_OF_PATH:
        abort(404)
    return STEP_OF_PATH[path]


@bp.post("/seminars/<slug>/stage/turns/<int:turn>/<step>")
@only(*RUNNERS)
def step_turn(slug: str, turn: int, step: str) -> Any:
    """The whole turn at once; whoever is not in the hall, or not so far yet, is passed over and named."""
    seminar, wanted = seminar_or_404(slug), _step_or_404(step)
    found = _stage(seminar).turn(turn)
    if found is None:
        abort(404)
    count = actions.take_step(seminar, found.ready_for(wanted), wanted, staff_actor(), now())
    db.session.commit()
    said = {"turn": turn, "step": say(STEP_WORDS[wanted])}
    if count:
        flash(
            ngettext("Turn %(turn)s: %(num)d person %(step)s.", "Turn %(turn)s: %(num)d people %(step)s.", count, **said),
            "success",
        )  # fmt: skip
    elif found.count(wanted):
        flash(_("Turn %(turn)s was recorded as %(step)s before; nothing is recorded twice.", **said), "info")
    else:
        flash(_("Turn %(turn)s: nobody is so far yet; nothing was recorded.", **said), "warning")
    return _back(slug, None if wanted == Step.HANDED_OVER and count else turn)


@bp.post("/seminars/<slug>/stage/people/<int:delegate_id>/<step>")
@only(*RUNNERS)
def take_step(slug: str, delegate_id: int, step: str) -> Any:
    seminar, wanted = seminar_or_404(slug), _step_or_404(step)
    one = next((one for one in _stage(seminar).people if one.id == delegate_id), None)
    if one is None:
        abort(404)
    count = actions.take_step(seminar, [one], wanted, staff_actor(), now())
    db.session.commit()
    said = {"name": one.name, "step": say(STEP_WORDS[wanted])}
    if count:
        flash(_("%(name)s: %(step)s.", **said), "success")
    else:
        flash(_("%(name)s was recorded as %(step)s before; nothing is recorded twice.", **said), "info")
    return _back(slug, one.turn if one.turn == whole(request.form.get("turn", "")) else None)


@bp.post("/seminars/<slug>/stage/people/<int:delegate_id>/<step>/reversal")
@only(*RUNNERS)
def take_back_step(slug: str, delegate_id: int, step: str) -> Any:
    seminar, wanted = seminar_or_404(slug), _step_or_404(step)
    delegate = delegate_or_404(seminar, delegate_id)
    name = delegate.name
    if actions.take_back_step(seminar, delegate, wanted, staff_actor(), now()):
        flash(_("%(name)s: taken back.", name=name), "success")
    else:
        flash(_("%(name)s: there was nothing to take back.", name=name), "info")
    db.session.commit()
    return _back(slug, whole(request.form.get("turn", "")))


@bp.post("/seminars/<slug>/stage/reversal")
@only(*ARRANGERS)
def take_back_all(slug: str) -> Any:
    """After a practice."""
    seminar = seminar_or_404(slug)
    count = actions.take_back_all(seminar, staff_actor(), now())
    db.session.commit()
    flash(ngettext("%(num)d step was taken back.", "%(num)d steps were taken back.", count), "success")
    return _back(slug)


@bp.post("/seminars/<slug>/stage/closing")
@only(*RUNNERS)
def close_up(slug: str) -> Any:
    """Closes the gaps of the turn said, or of all that were not called yet."""
    seminar = seminar_or_404(slug)
    hold_seminar(seminar.id)
    whole_stage = _stage(seminar)
    number = whole(request.form.get("turn", ""))
    turns = [turn for turn in whole_stage.turns if number in (None, turn.number)]
    moved = actions.close_up(seminar, turns, staff_actor(), now())
    db.session.commit()
    if moved:
        flash(ngettext("%(num)d person has another place.", "%(num)d people have other places.", moved), "success")
    else:
        flash(_("Nobody had to move: there is no gap, or the turn was called already."), "info")
    return _back(slug, number)


# --- arranging


@bp.get("/seminars/<slug>/stage/places")
@only(*ARRANGERS)
def places(slug: str) -> Any:
    return _places_page(seminar_or_404(slug))


def _places_page(seminar: Seminar, error: str = "") -> str:
    groups, whole_stage = groups_of(seminar), _stage(seminar)
    usual = reads.commended_group(seminar.id, groups)
    wanted = request.form.get("group") or request.args.get("group") or (usual.code if usual else "")
    group = next((one for one in groups if one.code == wanted), usual)
    placed = {place.delegate_id for place in reads.places_of(seminar.id)}
    rest = [one for one in reads.members_to_place(seminar, group, "listed") if one not in placed] if group else []
    return render_template(
        "checkin/boards/places.html",
        seminar=seminar,
        groups=groups,
        group=group,
        stage=whole_stage,
        rest=len(rest),
        order=request.form.get("order", "listed"),
        orders=ORDER_LABELS,
        per_turn=request.form.get("per_turn", "10"),
        has_begun=bool(whole_stage.count(Step.IN_PLACE)),
        error=error,
    )


@bp.post("/seminars/<slug>/stage/places")
@only(*ARRANGERS)
def assign_places(slug: str) -> Any:
    """Everybody anew; or, pressed so, only whoever stands nowhere yet."""
    seminar = seminar_or_404(slug)
    hold_seminar(seminar.id)
    group = next((one for one in groups_of(seminar) if one.code == request.form.get("group", "")), None)
    try:
        if group is None:
            raise Refused("Choose a group.")
        if "rest" in request.form:
            count = actions.place_rest(seminar, group, staff_actor(), now())
        else:
            per_turn = whole(request.form.get("per_turn", "").strip())
            order = request.form.get("order", "")
            count = actions.assign_places(seminar, group, per_turn, order, staff_actor(), now())
    except Refused as refusal:
        db.session.rollback()
        return _places_page(seminar_or_404(slug), say(refusal.message)), 422
    db.session.commit()
    flash(ngettext("%(num)d person was given a place.", "%(num)d people were given places.", count), "success")
    return redirect(url_for("checkin.places", slug=slug), 303)


@bp.post("/seminars/<slug>/stage/places/<int:delegate_id>")
@only(*ARRANGERS)
def move_on_stage(slug: str, delegate_id: int) -> Any:
    seminar = seminar_or_404(slug)
    hold_seminar(seminar.id)
    delegate = delegate_or_404(seminar, delegate_id)
    turn, place = (whole(request.form.get(name, "").strip()) for name in ("turn", "place"))
    try:
        actions.move_on_stage(delegate, turn, place, staff_actor(), now())
    except Refused as refusal:
        db.session.rollback()
        return _places_page(seminar_or_404(slug), say(refusal.message)), 422
    db.session.commit()
    flash(_("Moved to turn %(turn)s, place %(place)s.", turn=turn, place=place), "success")
    return redirect(url_for("checkin.places", slug=slug), 303)


@bp.get("/seminars/<slug>/stage/print")
@only(*READERS)
def stage_on_paper(slug: str) -> Any:
    """The list of each turn, or of one: for the MC in large type, or with certificate boxes for whoever hands over."""
    seminar = seminar_or_404(slug)
    whole_stage = _stage(seminar)
    asked = _turn_asked()
    turns = [turn for turn in whole_stage.turns if asked in (None, turn.number)]
    return render_template(
        "checkin/boards/stage_print.html",
        seminar=seminar,
        stage=whole_stage,
        turns=turns,
        asked=asked,
        for_whom="hand" if request.args.get("for") == "hand" else "mc",
        closes=request.args.get("gaps") == "close",
        moment=now(),
    )
