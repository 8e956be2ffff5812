"""Reminders to the units whose return is missing or was returned: counted, seen, confirmed; texts for Zalo."""

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for

from seminar.access.guard import staff_actor
from seminar.lib.clock import now
from seminar.lib.database import db, reading
from seminar.lib.errors import Refused
from seminar.lib.language import ngettext, say
from seminar.lib.numbers import whole
from seminar.papers.queries import own_deadlines
from seminar.planning import queries as plans
from seminar.planning.messages import LinkMessage, composed
from seminar.planning.models import Seminar
from seminar.planning.rules import what_links_lack
from seminar.statistics import actions, queries
from seminar.statistics.documents.reminding import group_text, needs_of, unit_text
from seminar.statistics.models import Period
from seminar.statistics.queries.reminders import Debtor, debtors, is_today
from seminar.statistics.views import STATISTICS, bp, writes_statistics

REMINDERS = f"{STATISTICS}/reminders"


def _to_remind(seminar: Seminar, period: Period | None, again: bool) -> tuple[list[Debtor], list[Debtor], list[Debtor]]:
    """(whom a reminder reaches, whom it cannot reach, who was reminded today already and is left out)."""
    moment = now()
    found = debtors(seminar, moment, period)
    today = [] if again else [one for one in found if is_today(one.reminded_at, moment)]
    rest = [one for one in found if one not in today]
    return [one for one in rest if one.address], [one for one in rest if not one.address], today


def _composed(seminar: Seminar, reached: list[Debtor]) -> list[LinkMessage]:
    moment, base_url = now(), current_app.config["SEMINAR"].base_url
    needs = {one.unit.id: needs_of(one.owed, moment) for one in reached}
    links = [one.link for one in reached if one.link]
    return composed(links, seminar.milestones, base_url, moment, needs, own=own_deadlines(seminar, moment))


def _period(seminar: Seminar, text: str | None) -> Period | None:
    """The one that the address names; 404 for a strange one."""
    return queries.period_or_404(seminar, whole(text) or 0) if text else None


def show_reminders(seminar: Seminar, period: Period | None, again: bool, refusal: str = "") -> str:
    reached, unreached, today = _to_remind(seminar, period, again)
    moment, base_url = now(), current_app.config["SEMINAR"].base_url
    everybody = sorted([*reached, *unreached, *today], key=lambda one: one.unit.position)
    return render_template(
        "statistics/reminders.html",
        seminar=seminar,
        period=period,
        reached=reached,
        unreached=unreached,
        today=today,
        again=again,
        mails=_composed(seminar, reached[:1]),
        group_text=group_text(everybody, seminar) if everybody else "",
        texts={one.unit.id: unit_text(one, seminar, base_url, moment) for one in everybody},
        needs_of=lambda owed: needs_of(owed, moment),
        lacks=what_links_lack(seminar.issuer, seminar.contact_name, seminar.contact_phone),
        refusal=refusal,
        has_server=bool(current_app.config["SEMINAR"].mail_server),
    )


@bp.get(REMINDERS)
@writes_statistics
def reminders(slug: str) -> Any:
    seminar = plans.seminar_or_404(slug)
    return show_reminders(seminar, _period(seminar, request.args.get("period")), request.args.get("again") == "yes")


@bp.post(REMINDERS)
@writes_statistics
def remind(slug: str) -> Any:
    """Composes outside of the writing transaction; sends only what the sender saw counted, to the unit."""
    again = request.form.get("again") == "yes"
    asked = request.form.get("period")
    seen = tuple(whole(request.form.get(name, "")) for name in ("seen_count", "seen_without"))
    with reading():
        seminar = plans.seminar_or_404(slug)
        reached, unreached, _today = _to_remind(seminar, _period(seminar, asked), again)
        mails = _composed(seminar, reached)
        is_seen = seen == (len(reached), len(unreached))
    seminar = plans.seminar_or_404(slug)
    try:
        if not is_seen:
            raise Refused("Meanwhile the numbers changed, nothing was sent: look at them again and confirm.")
        period = _period(seminar, asked)
        batch = actions.remind_units(seminar, mails, staff_actor(), now(), period=period, again=again)
    except Refused as refusal:
        db.session.rollback()
        with reading():
            seminar = plans.seminar_or_404(slug)
            return show_reminders(seminar, _period(seminar, asked), again, say(refusal.message)), 422
    db.session.commit()
    flash(ngettext("%(num)d message is in the outbox.", "%(num)d messages are in the outbox.", len(mails)), "success")
    return redirect(url_for("mail.batch", slug=slug, batch=batch), 303)
