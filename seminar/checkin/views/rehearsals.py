"""The rehearsal of the reception, and its banner on all pages of the staff's reception."""

from datetime import datetime, timedelta
from typing import Any

from flask import current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from seminar.access.guard import access_of, only, staff_actor
from seminar.checkin import queries, rules
from seminar.checkin.actions import rehearsals as actions
from seminar.checkin.forms.paper import time_of_day
from seminar.checkin.queries.rehearsals import practice_of, rehearsal_of, rehearsals_of
from seminar.checkin.views import bp
from seminar.checkin.views.staff import KEEPERS
from seminar.lib import htmx
from seminar.lib.clock import from_local, local, now, short_time
from seminar.lib.database import db, reading
from seminar.lib.errors import Refused
from seminar.lib.language import ngettext, say
from seminar.planning.models import Seminar
from seminar.planning.queries import seminar_or_404


@bp.before_request
def find_rehearsal() -> None:
    """Puts until when the desks practise where the pages of the staff show it (layout/page.html)."""
    access = access_of(current_app.view_functions[request.endpoint or ""])
    if access and access.roles and not htmx.wants_fragment():
        with reading():
            found = rehearsal_of((request.view_args or {}).get("slug", ""), now())
            g.rehearses_until = found.ends_at if found else None


@bp.get("/seminars/<slug>/rehearsal")
@only(*KEEPERS)
def rehearsal(slug: str) -> Any:
    return _page(seminar_or_404(slug), short_time(now() + timedelta(hours=1)))


def _page(seminar: Seminar, until: str, error: str = "") -> str:
    return render_template(
        "checkin/rehearsal.html",
        seminar=seminar,
        running=queries.rehearsal_now(seminar.id, now()),
        practice=practice_of(seminar),
        past=rehearsals_of(seminar),
        labels=rules.VERDICT_LABELS,
        tones=rules.VERDICT_TONES,
        until=until,
        error=error,
        moment=now(),
    )


def _end_asked(text: str) -> datetime:
    """The next moment at which the hall's clock shows this time."""
    hour, minute = time_of_day(text)
    today = local(now()).date()
    moment = from_local(today, hour, minute)
    return moment if moment > now() else from_local(today + timedelta(days=1), hour, minute)


@bp.post("/seminars/<slug>/rehearsal")
@only(*KEEPERS)
def begin_rehearsal(slug: str) -> Any:
    until = request.form.get("until", "").strip()[:20]
    try:
        actions.begin_rehearsal(seminar_or_404(slug), _end_asked(until), staff_actor(), now())
    except Refused as refusal:
        db.session.rollback()
        return _page(seminar_or_404(slug), until, say(refusal.message)), 422
    db.session.commit()
    flash(_("The rehearsal has begun: what desks scan now counts for nothing."), "warning")
    return redirect(url_for("checkin.rehearsal", slug=slug), 303)


@bp.post("/seminars/<slug>/rehearsal/ending")
@only(*KEEPERS)
def end_rehearsal(slug: str) -> Any:
    seminar = seminar_or_404(slug)
    actions.end_rehearsal(queries.rehearsal_now(seminar.id, now()), staff_actor(), now())
    db.session.commit()
    flash(_("The rehearsal has ended: what desks scan now counts."), "success")
    return redirect(url_for("checkin.rehearsal", slug=slug), 303)


@bp.post("/seminars/<slug>/rehearsal/clearance")
@only(*KEEPERS)
def clear_rehearsal(slug: str) -> Any:
    count = actions.clear_rehearsals(seminar_or_404(slug), staff_actor(), now())
    db.session.commit()
    flash(ngettext("%(num)d practised scan cleared.", "%(num)d practised scans cleared.", count), "success")
    return redirect(url_for("checkin.rehearsal", slug=slug), 303)
