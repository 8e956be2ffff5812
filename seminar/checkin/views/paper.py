"""The list on paper, copied after all devices were dead: the people in the order of the printed list."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from seminar.access.guard import only, staff_actor
from seminar.agenda.models import Sitting
from seminar.agenda.queries import sitting_now, sittings_of
from seminar.checkin import queries
from seminar.checkin.actions.paper import enter_ticks, take_back_tick
from seminar.checkin.forms.paper import PaperForm, moments_of, numbers_in
from seminar.checkin.queries.paper import ids_by_number, standing_ticks, tick_or_404
from seminar.checkin.views import bp
from seminar.checkin.views.staff import KEEPERS
from seminar.delegates import queries as delegates
from seminar.invitations.queries import proxies_in_force
from seminar.lib.clock import local, now, short_time
from seminar.lib.database import db, reading
from seminar.lib.errors import Refused
from seminar.lib.language import ngettext, say
from seminar.planning.models import Seminar
from seminar.planning.queries import groups_of, seminar_or_404

TIME = "07:45"
BEFORE = timedelta(minutes=15)
"""When people are asked to be there (domain.md 2.2): what the page offers as their time."""


def _sitting(seminar: Seminar, sittings: list[Sitting]) -> Sitting | None:
    wanted = request.args.get("sitting", "")
    asked = next((sitting for sitting in sittings if str(sitting.id) == wanted), None)
    return asked or sitting_now(seminar.id, now())


def _offered(seminar: Seminar) -> str:
    sitting = _sitting(seminar, sittings_of(seminar.id))
    return short_time(sitting.starts_at - BEFORE) if sitting else TIME


def _day(seminar: Seminar, sitting: Sitting | None) -> date:
    """On which the paper was signed."""
    day = local(sitting.starts_at).date() if sitting else seminar.held_on
    if day is None:
        raise Refused("The seminar has no day yet: set it on the page of the plan.")
    return day


@bp.get("/seminars/<slug>/arrivals/paper")
@only(*KEEPERS)
def paper(slug: str) -> Any:
    seminar = seminar_or_404(slug)
    return _page(seminar, PaperForm.blank(request.args.get("time", "")[:8] or _offered(seminar)))


def _page(seminar: Seminar, form: PaperForm, error: str = "") -> str:
    wanted = delegates.Wanted.from_args(request.args)
    sittings = sittings_of(seminar.id)
    sitting = _sitting(seminar, sittings)
    sitting_id = sitting.id if sitting else None
    rows = delegates.everyone(seminar, wanted)
    ids = [row.id for row in rows]
    return render_template(
        "checkin/paper.html",
        seminar=seminar,
        form=form,
        error=error,
        wanted=wanted,
        day=local(sitting.starts_at).date() if sitting else seminar.held_on,
        sitting=sitting,
        sittings=sittings,
        rows=rows,
        groups=groups_of(seminar),
        attendance=queries.attendance_of(ids, sitting_id),
        proxies=proxies_in_force(ids),
        standing=standing_ticks(seminar.id, sitting_id),
        add_address=f"/seminars/{seminar.slug}/delegates/new",
        here=_address("checkin.paper", seminar.slug),
        print_address=_address("checkin.arrivals_on_paper", seminar.slug),
    )


def _address(endpoint: str, slug: str, **more: str) -> str:
    """The address with the filters of this page, so that both lists show the same people in the same order."""
    said = {name: value for name, value in (request.args.to_dict() | {"time": ""} | more).items() if value}
    return url_for(endpoint, slug=slug) + (f"?{urlencode(said)}" if said else "")


@bp.post("/seminars/<slug>/arrivals/paper")
@only(*KEEPERS)
def enter_paper(slug: str) -> Any:
    form = PaperForm.sent(request.form)
    seminar = seminar_or_404(slug)
    sitting = _sitting(seminar, sittings_of(seminar.id))
    try:
        chosen = _chosen(seminar, form)
        moments = moments_of(form, chosen, _day(seminar, sitting), now())
        entered = enter_ticks(seminar, moments, sitting.id if sitting else None, form.key, staff_actor(), now())
    except Refused as refusal:
        db.session.rollback()
        form.form_id = str(uuid4())
        return _page(seminar_or_404(slug), form, say(refusal.message)), 422
    db.session.commit()
    if entered.fresh:
        flash(
            ngettext("%(num)d person entered from paper.", "%(num)d people entered from paper.", entered.fresh),
            "success",
        )
    if entered.known:
        flash(
            ngettext(
                "%(num)d person had been entered before and stays as entered.",
                "%(num)d people had been entered before and stay as entered.",
                entered.known,
            ),
            "warning",
        )
    return redirect(_address("checkin.paper", slug, time=form.time), 303)


def _chosen(seminar: Seminar, form: PaperForm) -> list[int]:
    """Ids of those ticked, of those whose numbers were written, and of everybody of the groups chosen."""
    numbers = numbers_in(form.numbers)
    by_number = ids_by_number(seminar) if numbers else {}
    unknown = [number for number in numbers if number not in by_number]
    if unknown:
        raise Refused(
            "Nobody on the list has the number %(numbers)s. Nothing was entered; correct it and send again.",
            numbers=", ".join(str(number) for number in unknown[:20]),
        )
    chosen = set(form.ticked) | {by_number[number] for number in numbers}
    for code in form.groups:
        if code:
            chosen |= {one.id for one in delegates.everyone(seminar, delegates.Wanted(group=code))}
    return sorted(chosen)


@bp.post("/seminars/<slug>/arrivals/paper/<scan_uuid>/reversal")
@only(*KEEPERS)
def take_back_paper(slug: str, scan_uuid: str) -> Any:
    """What is ticked and not entered yet comes along, and is shown again: a second time takes nothing more back."""
    form = PaperForm.sent(request.form)
    form.form_id = str(uuid4())
    seminar = seminar_or_404(slug)
    try:
        known = str(UUID(scan_uuid))
    except ValueError:
        abort(404)
    try:
        take_back_tick(tick_or_404(seminar, known), staff_actor(), now())
    except Refused as refusal:
        db.session.rollback()
        seminar = seminar_or_404(slug)
        form.time = form.time or _offered(seminar)
        return _page(seminar, form, say(refusal.message)), 422
    db.session.commit()
    flash(_("Taken back: the entry from paper counts no more. What a device scanned stays."), "success")
    if form.is_marked:
        with reading():
            return _page(seminar_or_404(slug), form)
    return redirect(f"{_address('checkin.paper', slug, time=form.time)}#entered", 303)
