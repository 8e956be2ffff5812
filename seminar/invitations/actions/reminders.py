"""Reminders by rule: confirmed by the office once, done on the day to those who still have not answered, each once."""

from collections.abc import Sequence
from datetime import datetime, time

from sqlalchemy import delete, select

from seminar.access.actor import Actor, ActorKind
from seminar.audit.models import record
from seminar.invitations import queries
from seminar.invitations.actions.letters import one_at_a_time
from seminar.invitations.actions.sendings import remind
from seminar.invitations.messages import Message
from seminar.invitations.models import ReminderRule, Reminding
from seminar.invitations.rules import reminds_at
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.mail.models import Mail
from seminar.planning import queries as plans
from seminar.planning.models import Seminar


def add_rule(seminar: Seminar, days_before: int, at: time, seen_count: int, by: Actor, now: datetime) -> ReminderRule:
    """This confirmation is the sender's for what leaves on the day: refused with another count than the one there is."""
    one_at_a_time(seminar.id)
    if seen_count != len(queries.to_remind(seminar)):
        raise Refused("Meanwhile the numbers changed, nothing was sent: look at them again and confirm.")
    deadline = plans.milestone(seminar, "answers")
    if deadline is None or queries.why_not(seminar, deadline, now):
        raise Refused("There is no deadline of the answers to come: set it on the page of the plan.")
    if reminds_at(deadline, days_before, at) <= now:
        raise Refused("That moment has passed: send a reminder by hand, or choose fewer days.")
    if any((one.days_before, one.at) == (days_before, at) for one in queries.rules_of(seminar)):
        raise Refused("There is such a rule already.")
    rule = ReminderRule(
        seminar_id=seminar.id,
        days_before=days_before,
        at=at,
        seen_count=seen_count,
        created_at=now,
        created_by=by.name[:200],
    )
    db.session.add(rule)
    db.session.flush()
    _record(rule, "confirm", by, now)
    return rule


def pause_rule(rule: ReminderRule, by: Actor, now: datetime) -> None:
    """It reminds nobody until it goes on; pausing twice is harmless."""
    if rule.paused_at is None:
        rule.paused_at, rule.paused_by = now, by.name[:200]
        _record(rule, "stop", by, now)


def resume_rule(rule: ReminderRule, seen_count: int, by: Actor, now: datetime) -> None:
    """Goes on, confirmed with the count seen; where its moment has passed, at once, until the deadline."""
    if seen_count != len(queries.to_remind(rule.seminar, rule)):
        raise Refused("Meanwhile the numbers changed, nothing was sent: look at them again and confirm.")
    if rule.paused_at is not None:
        rule.paused_at, rule.paused_by, rule.seen_count = None, "", seen_count
        _record(rule, "resume", by, now)


def remove_rule(rule: ReminderRule, by: Actor, now: datetime) -> None:
    """Refused once it reminded somebody: what it did stays told."""
    if db.session.scalar(select(Reminding.id).where(Reminding.rule_id == rule.id).limit(1)):
        raise Refused("This rule has reminded people already: pause it instead.")
    _record(rule, "remove", by, now)
    db.session.execute(delete(ReminderRule).where(ReminderRule.id == rule.id))


def remind_by_rule(rule_id: int, messages: Sequence[Message], now: datetime) -> int:
    """Puts the reminders of a rule into the outbox: composed before, to those who still wait, each once. Says how many.

    Nobody where the rule was paused or removed, the answers closed or the day passed in the meantime.
    """
    rule = db.session.get(ReminderRule, rule_id)
    if rule is None or rule.paused_at is not None:
        return 0
    seminar = rule.seminar
    one_at_a_time(seminar.id)
    if queries.why_not(seminar, plans.milestone(seminar, "answers"), now):
        return 0
    waiting = {one.id for one in queries.to_remind(seminar, rule)}
    due = [message for message in messages if message.invitation_id in waiting]
    if not due:
        return 0
    by = Actor(ActorKind.SYSTEM, f"theo quy tắc nhắc của {rule.created_by}"[:200], rule.id)
    batch = remind(seminar, due, by, now)
    rows = db.session.execute(select(Mail.delegate_id, Mail.id).where(Mail.batch == batch))
    mails = {row.delegate_id: row.id for row in rows}
    for message in due:
        db.session.add(
            Reminding(rule_id=rule.id, delegate_id=message.delegate_id, mail_id=mails.get(message.delegate_id), at=now)
        )
    db.session.flush()
    return len(due)


def _record(rule: ReminderRule, verb: str, by: Actor, now: datetime) -> None:
    record(
        by,
        now,
        verb,
        "reminder rule",
        seminar_id=rule.seminar_id,
        object_id=rule.id,
        summary=f"{rule.days_before} ngày trước hạn, {rule.at:%H:%M}",
        count=rule.seen_count,
    )
