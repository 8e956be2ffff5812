"""Whom the units name: the office approves, returns with a reason, keeps in reserve, names for a unit, moves places."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from seminar.access.actor import CHANNEL_LABELS, Channel
from seminar.access.guard import staff_actor
from seminar.delegates import actions, queries
from seminar.delegates.forms import NominationForm
from seminar.delegates.models import Delegate, Nomination
from seminar.delegates.queries import NOMINATION_STATE_LABELS, PAGE_SIZE, NominationState, NominationsWanted
from seminar.delegates.views import bp, writers
from seminar.delegates.views.imports import Look
from seminar.lib.clock import from_local, now
from seminar.lib.database import db, reading
from seminar.lib.errors import Refused
from seminar.lib.language import ngettext, say
from seminar.lib.numbers import whole
from seminar.lib.paging import page_asked
from seminar.planning import queries as plans
from seminar.planning.models import QuotaKind, Seminar
from seminar.planning.rules import due_at, is_closed, is_late

NOMINATION = "/nominations/<int:nomination_id>"
LOOKS = {
    NominationState.OPEN: Look("warning", symbol="clock"),
    NominationState.LATE: Look("danger", symbol="alert-triangle"),
    NominationState.RESERVE: Look("info", symbol="users"),
    NominationState.RETURNED: Look("danger", symbol="arrow-back-up"),
    NominationState.APPROVED: Look("success", symbol="check"),
    NominationState.WITHDRAWN: Look("muted", symbol="minus"),
}


def _page(slug: str, refused: int = 0, refusal: str = "", typed: str = "") -> str:
    """The list as its address narrows it; `refused` is the nomination whose decision was refused, with what was typed."""
    seminar = plans.seminar_or_404(slug)
    wanted = NominationsWanted.from_args(request.args)
    chosen = queries.nominations(seminar, wanted)
    total = queries.counted(chosen)
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(page_asked(), pages)
    here = url_for("delegates.nominations", slug=slug)
    milestone = plans.milestone(seminar, "nominations")
    return render_template(
        "delegates/nominations.html",
        seminar=seminar,
        wanted=wanted,
        rows=queries.nomination_rows(seminar, chosen, page, PAGE_SIZE),
        counts=queries.nomination_counts(seminar, wanted),
        total=total,
        page=page,
        pages=pages,
        href=lambda number: f"{here}?{wanted.to_query(page=number)}",
        here=here,
        query=wanted.to_query(page=page if page > 1 else ""),
        milestone=milestone,
        due_at=due_at,
        is_over=is_late(milestone, now()),
        is_closed=is_closed(milestone),
        groups=_groups(seminar),
        units=plans.units_on(seminar.held_on),
        labels=NOMINATION_STATE_LABELS,
        looks=LOOKS,
        channels=CHANNEL_LABELS,
        refused=refused,
        refusal=refusal,
        typed=typed,
    )


def _groups(seminar: Seminar) -> list[Any]:
    return [group for group in plans.groups_of(seminar) if group.quota_kind != QuotaKind.OPEN]


@bp.get("/nominations")
@writers
def nominations(slug: str) -> Any:
    return _page(slug)


def _decided(slug: str, nomination_id: int, act: Callable[[Nomination], str], typed: str = "") -> Any:
    """One decision, and back to the list as it was narrowed; or the list again with why not."""
    nomination = queries.nomination_or_404(plans.seminar_or_404(slug), nomination_id)
    try:
        told = act(nomination)
    except Refused as refusal:
        db.session.rollback()
        with reading():
            return _page(slug, nomination_id, say(refusal.message), typed), 422
    db.session.commit()
    flash(told, "success")
    return _back(slug)


def _back(slug: str) -> Any:
    return redirect(f"/seminars/{slug}/nominations?{request.query_string.decode()}", 303)


@bp.post(f"{NOMINATION}/approval")
@writers
def approve(slug: str, nomination_id: int) -> Any:
    """`same` is the delegate who this is, `other` says that it is somebody else than whoever has the same name."""

    def act(nomination: Nomination) -> str:
        seminar = nomination.group.seminar
        same: Delegate | None = None
        chosen = request.form.get("same", "")
        if chosen == "ask":
            raise Refused("Choose whether this is the same person or somebody else.")
        if (delegate_id := whole(chosen)) is not None:
            same = queries.delegate_or_404(seminar, delegate_id)
        delegate = actions.approve_nomination(nomination, staff_actor(), now(), same)
        return _(
            "%(name)s is on the list, as number %(number)s. Issue the letter next.",
            name=delegate.name,
            number=delegate.number,
        )

    return _decided(slug, nomination_id, act)


@bp.post("/nominations/approval")
@writers
def approve_ticked(slug: str) -> Any:
    """All that are ticked, or none where one of them is refused."""
    seminar = plans.seminar_or_404(slug)
    ticked = map(whole, request.form.getlist("nomination"))
    ids = list(dict.fromkeys(number for number in ticked if number is not None))
    try:
        if not ids:
            raise Refused("Tick the nominations to approve.")
        for nomination_id in ids:
            actions.approve_nomination(queries.nomination_or_404(seminar, nomination_id), staff_actor(), now())
    except Refused as refusal:
        db.session.rollback()
        flash(say(refusal.message), "danger")
        with reading():
            return _page(slug), 422
    db.session.commit()
    told = ngettext(
        "%(num)d person is on the list now. Issue the letters next.",
        "%(num)d people are on the list now. Issue the letters next.",
        len(ids),
    )
    flash(told, "success")
    return _back(slug)


@bp.post(f"{NOMINATION}/return")
@writers
def give_back(slug: str, nomination_id: int) -> Any:
    reason = request.form.get("reason", "")[:500]

    def act(nomination: Nomination) -> str:
        actions.return_nomination(nomination, reason, staff_actor(), now())
        return _("%(name)s is returned; the unit reads why on its page.", name=nomination.name)

    return _decided(slug, nomination_id, act, reason)


@bp.post(f"{NOMINATION}/reserve")
@writers
def reserve(slug: str, nomination_id: int) -> Any:
    def act(nomination: Nomination) -> str:
        actions.reserve_nomination(nomination, staff_actor(), now())
        return _("%(name)s is on the reserve list; the place is free.", name=nomination.name)

    return _decided(slug, nomination_id, act)


@bp.post(f"{NOMINATION}/place")
@writers
def seat(slug: str, nomination_id: int) -> Any:
    def act(nomination: Nomination) -> str:
        actions.seat_reserve(nomination, staff_actor(), now())
        return _("%(name)s has a place now and waits for approval.", name=nomination.name)

    return _decided(slug, nomination_id, act)


@bp.post(f"{NOMINATION}/withdrawal")
@writers
def withdraw(slug: str, nomination_id: int) -> Any:
    def act(nomination: Nomination) -> str:
        by = staff_actor()
        actions.withdraw_nomination(nomination, request.form.get("reason", "")[:500], by, now())
        return _("%(name)s is withdrawn; the place is free.", name=nomination.name)

    return _decided(slug, nomination_id, act)


@bp.get("/nominations/new")
@writers
def new_nomination(slug: str) -> Any:
    """For a unit that telephoned or wrote; `group`, `unit` and `instead_of` may stand in the address."""
    seminar = plans.seminar_or_404(slug)
    form = NominationForm(data={name: request.args.get(name, "") for name in ("group", "unit", "instead_of")})
    return _form_page(seminar, form)


def _form_page(seminar: Seminar, form: NominationForm, refusal: Refused | None = None) -> Any:
    holder = _holder(seminar, form)
    page = render_template(
        "delegates/nomination.html",
        seminar=seminar,
        form=form.offer(_groups(seminar), plans.units_on(seminar.held_on)),
        holder=holder,
        problem=say(refusal.message) if refusal else "",
    )
    return page, 422 if refusal or form.errors else 200


def _holder(seminar: Seminar, form: NominationForm) -> Delegate | None:
    delegate_id = whole(form.instead_of.data or "")
    return queries.delegate_or_404(seminar, delegate_id) if delegate_id is not None else None


@bp.post("/nominations")
@writers
def nominate(slug: str) -> Any:
    seminar = plans.seminar_or_404(slug)
    form = NominationForm(request.form).offer(_groups(seminar), plans.units_on(seminar.held_on))
    try:
        if not form.validate():
            raise Refused("Not everything is right yet: look at the fields marked red.")
        group = plans.group_by_code(seminar, form.group.data)
        assert group is not None
        unit = plans.unit_or_404(int(form.unit.data)) if form.unit.data else None
        wall = form.told_at.data
        by = staff_actor().for_(unit.name if unit else "", Channel(form.channel.data))
        nomination = actions.nominate(
            seminar,
            group,
            unit,
            form.person(unit),
            by,
            now(),
            reason=form.reason.data or "",
            is_reserve=form.is_reserve.data,
            instead_of=_holder(seminar, form),
            at=from_local(wall.date(), wall.hour, wall.minute) if wall else None,
            told_by=form.told_by.data or "",
        )
    except Refused as refusal:
        db.session.rollback()
        with reading():
            return _form_page(plans.seminar_or_404(slug), form, refusal)
    state = "reserve" if nomination.place_id is None else "open"
    name, code, unit_id = nomination.name, group.code, nomination.unit_id or ""
    db.session.commit()
    flash(_("%(name)s is named and waits for approval.", name=name), "success")
    return redirect(url_for("delegates.nominations", slug=slug, state=state, group=code, unit=unit_id), 303)
