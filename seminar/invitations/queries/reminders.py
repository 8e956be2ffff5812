"""Rules for reminders, whom each would reach, and whom it reached."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, not_, select

from seminar.access.actor import Channel
from seminar.delegates.models import Delegate
from seminar.invitations.models import Delivery, Invitation, Purpose, ReminderRule, Reminding
from seminar.invitations.queries.letters import in_force_query
from seminar.invitations.queries.sendings import GONE
from seminar.invitations.queries.states import State, with_state
from seminar.invitations.rules import is_over, reminds_at
from seminar.lib.database import db
from seminar.mail.models import Mail
from seminar.planning import queries as plans
from seminar.planning.models import Milestone, Seminar
from seminar.planning.rules import due_at, is_closed


@dataclass(frozen=True)
class RuleRow:
    """One rule as the office sees it."""

    rule: ReminderRule
    runs_at: datetime | None
    """None where the plan has no deadline of the answers."""
    count: int
    """How many it would remind if it ran now."""
    reminded: int


def why_not(seminar: Seminar, deadline: Milestone | None, now: datetime) -> str:
    """The word for why no rule reminds anybody any more; "" while they do."""
    if deadline is None:
        return "no deadline"
    if is_closed(deadline):
        return "closed"
    if is_over(seminar.held_on, now):
        return "over"
    return "past" if now > due_at(deadline) else ""


def rules_of(seminar: Seminar) -> list[ReminderRule]:
    query = select(ReminderRule).where(ReminderRule.seminar_id == seminar.id)
    return list(db.session.scalars(query.order_by(ReminderRule.days_before.desc(), ReminderRule.at)))


def rule_or_404(seminar: Seminar, rule_id: int) -> ReminderRule:
    return db.one_or_404(select(ReminderRule).where(ReminderRule.id == rule_id, ReminderRule.seminar_id == seminar.id))


def to_remind(
    seminar: Seminar, rule: ReminderRule | None = None, told_before: datetime | None = None
) -> list[Invitation]:
    """Who has not answered and has an address; of a rule only those whom it has not reminded, and who had the letter
    before the moment at which it runs: nobody is reminded of what came an hour ago.
    """
    query = with_state(in_force_query(seminar), State.NO_ANSWER, State.HAS_EMAIL)
    if rule is not None:
        done = exists().where(Reminding.rule_id == rule.id, Reminding.delegate_id == Delegate.id)
        query = query.where(not_(done))
    if told_before is not None:
        had_it = (
            select(Delivery.id)
            .outerjoin(Mail, Mail.id == Delivery.mail_id)
            .where(
                Delivery.invitation_id == Invitation.id,
                Delivery.purpose == Purpose.INVITATION,
                Delivery.at < told_before,
                (Delivery.channel != Channel.EMAIL) | Mail.status.not_in(GONE),
            )
        )
        query = query.where(had_it.correlate(Invitation).exists())
    return list(db.session.scalars(query))


def rule_rows(seminar: Seminar) -> list[RuleRow]:
    deadline = plans.milestone(seminar, "answers")
    rows = []
    for rule in rules_of(seminar):
        reminded = db.session.scalar(select(func.count()).where(Reminding.rule_id == rule.id)) or 0
        runs_at = reminds_at(deadline, rule.days_before, rule.at) if deadline else None
        rows.append(RuleRow(rule, runs_at, len(to_remind(seminar, rule)), reminded))
    return rows


def due_rules(now: datetime) -> list[ReminderRule]:
    """Of all seminars, those whose moment has come and that still may remind somebody."""
    found = []
    for rule in db.session.scalars(select(ReminderRule).where(ReminderRule.paused_at.is_(None))):
        deadline = plans.milestone(rule.seminar, "answers")
        if deadline is None or why_not(rule.seminar, deadline, now):
            continue
        if reminds_at(deadline, rule.days_before, rule.at) <= now:
            found.append(rule)
    return found
