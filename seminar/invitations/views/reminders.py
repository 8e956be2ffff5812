"""Reminders by rule: which there are, when they run next, whom they would reach now; confirmed, paused, removed."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from seminar.access.guard import staff_actor
from seminar.invitations import actions, queries
from seminar.invitations.forms import ReminderRuleForm
from seminar.invitations.models import ReminderRule
from seminar.invitations.views import bp, writes
from seminar.lib.clock import now
from seminar.lib.database import db, reading
from seminar.lib.errors import N_, Refused
from seminar.lib.language import say
from seminar.lib.numbers import whole
from seminar.planning import queries as plans
from seminar.planning.models import Seminar
from seminar.planning.rules import due_at

RULE = "/seminars/<slug>/reminders/<int:rule_id>"
REASONS = {
    "no deadline": N_("The plan has no deadline of the answers: no rule reminds anybody until it has one."),
    "closed": N_("The office closed the answers: no rule reminds anybody any more."),
    "over": N_("The seminar is over: no rule reminds anybody any more."),
    "past": N_("The deadline of the answers has passed: no rule reminds anybody any more. Send a reminder by hand."),
}


def show_reminders(seminar: Seminar, form: ReminderRuleForm | None = None, refusal: str = "") -> str:
    deadline = plans.milestone(seminar, "answers")
    moment = now()
    reason = queries.why_not(seminar, deadline, moment)
    return render_template(
        "invitations/reminders.html",
        seminar=seminar,
        rows=queries.rule_rows(seminar),
        form=form or ReminderRuleForm(data={"days_before": 3}),
        count=len(queries.to_remind(seminar)),
        deadline=due_at(deadline) if deadline else None,
        reason=REASONS.get(reason, ""),
        moment=moment,
        refusal=refusal,
        here=url_for("invitations.reminders", slug=seminar.slug),
    )


@bp.get("/seminars/<slug>/reminders")
@writes
def reminders(slug: str) -> Any:
    return show_reminders(plans.seminar_or_404(slug))


@bp.post("/seminars/<slug>/reminders")
@writes
def add_reminder(slug: str) -> Any:
    seminar = plans.seminar_or_404(slug)
    form = ReminderRuleForm(request.form)
    try:
        if not form.validate():
            raise Refused("Say how many days before the deadline, and at what time.")
        actions.add_rule(seminar, form.days_before.data, form.at.data, form.seen_count.data, staff_actor(), now())
    except Refused as refusal:
        db.session.rollback()
        with reading():
            return show_reminders(plans.seminar_or_404(slug), form, say(refusal.message)), 422
    db.session.commit()
    flash(_("The rule is confirmed; it reminds only those who still have not answered then."), "success")
    return redirect(url_for("invitations.reminders", slug=slug), 303)


def _change(slug: str, rule_id: int, act: Any, done: str) -> Any:
    rule = queries.rule_or_404(plans.seminar_or_404(slug), rule_id)
    try:
        act(rule)
    except Refused as refusal:
        db.session.rollback()
        with reading():
            return show_reminders(plans.seminar_or_404(slug), refusal=say(refusal.message)), 422
    db.session.commit()
    flash(done, "success")
    return redirect(url_for("invitations.reminders", slug=slug), 303)


@bp.post(f"{RULE}/pause")
@writes
def pause_reminder(slug: str, rule_id: int) -> Any:
    def act(rule: ReminderRule) -> None:
        actions.pause_rule(rule, staff_actor(), now())

    return _change(slug, rule_id, act, _("The rule is paused; it reminds nobody."))


@bp.post(f"{RULE}/resumption")
@writes
def resume_reminder(slug: str, rule_id: int) -> Any:
    def act(rule: ReminderRule) -> None:
        seen = whole(request.form.get("seen_count", ""))
        actions.resume_rule(rule, -1 if seen is None else seen, staff_actor(), now())

    return _change(slug, rule_id, act, _("The rule goes on."))


@bp.post(f"{RULE}/removal")
@writes
def remove_reminder(slug: str, rule_id: int) -> Any:
    def act(rule: ReminderRule) -> None:
        actions.remove_rule(rule, staff_actor(), now())

    return _change(slug, rule_id, act, _("The rule is removed."))
