"""Answers: by the person on their own page, or by the office on their behalf."""

from datetime import datetime

from seminar.access.actor import Actor, ActorKind, said_by
from seminar.audit.models import record
from seminar.delegates.models import Delegate
from seminar.invitations import queries, rules
from seminar.invitations.models import Answer, Invitation, Rsvp
from seminar.lib.clock import short_moment
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.text import clean, clean_block, shorten
from seminar.planning import queries as plans
from seminar.planning.rules import is_closed, is_late


def require_open(delegate: Delegate) -> Invitation:
    """Refuses where there is nothing in force to answer, or where the office closed the answers."""
    invitation = queries.in_force_of(delegate)
    if invitation is None or delegate.removed_at is not None:
        raise Refused("%(name)s has no invitation in force: issue a letter.", name=delegate.name)
    if is_closed(plans.milestone(delegate.seminar, "answers")):
        raise Refused("Answers are closed. Call the office.")
    return invitation


def said_at(delegate: Delegate, at: datetime | None, now: datetime) -> datetime:
    """When somebody told the office, where that was before now; refuses a time that cannot be."""
    if at is None:
        return now
    if at > now:
        raise Refused("%(moment)s has not come yet: correct the time of the answer.", moment=short_moment(at))
    first = min((one.issued_at for one in queries.invitations_of(delegate)), default=at)
    if at < first:
        raise Refused(
            "The letter was issued at %(moment)s; nobody can have answered before: correct the time of the answer.",
            moment=short_moment(first),
        )
    return at


def answer(
    delegate: Delegate,
    answer: Answer,
    reason: str,
    by: Actor,
    now: datetime,
    *,
    at: datetime | None = None,
    told_by: str = "",
) -> Rsvp:
    """Appends an answer, marked late after the milestone; refused once the office closed the answers.

    The same answer with the same words again changes nothing. Summoned delegates say why they cannot come. `at` is when
    the office was told, if that was before now, and `told_by` who told it, if not the delegate; an answer that was
    given before the one that counts is refused, because the latest counts.
    """
    require_open(delegate)
    reason = shorten(clean_block(reason), 500)
    if rules.must_say_why(delegate.group.audience, answer) and not reason:
        raise Refused("Say why you cannot come.")
    at = said_at(delegate, at, now)
    latest = queries.current_rsvp(delegate)
    if latest is not None and (latest.answer, latest.reason) == (answer, reason):
        return latest
    if latest is not None and at < latest.at:
        raise Refused(
            "A newer answer, of %(moment)s, is recorded already. To correct it, leave the time empty.",
            moment=short_moment(latest.at),
        )
    return append_answer(delegate, answer, reason, by, now, at, told_by)


def append_answer(
    delegate: Delegate,
    answer: Answer,
    reason: str,
    by: Actor,
    now: datetime,
    at: datetime | None = None,
    told_by: str = "",
) -> Rsvp:
    """The answer that counts from now on, whatever was said before."""
    at = at or now
    rsvp = Rsvp(
        delegate_id=delegate.id,
        answer=answer,
        reason=reason,
        at=at,
        actor_kind=by.kind,
        actor_name=said_by(by.name, clean(told_by))[:200],
        channel=by.channel,
        is_late=is_late(plans.milestone(delegate.seminar, "answers"), at),
    )
    db.session.add(rsvp)
    db.session.flush()
    record(
        by,
        now,
        "answer",
        "invitation",
        seminar_id=delegate.seminar_id,
        object_id=delegate.id,
        summary=delegate.name,
        answer=answer.value,
        is_late=rsvp.is_late,
    )
    return rsvp


def delegate_actor(invitation: Invitation) -> Actor:
    """The bearer of a personal link as the actor of what follows: the delegate, or the approved proxy for them."""
    delegate = invitation.delegate
    if invitation.proxy:
        return Actor(ActorKind.DELEGATE, invitation.proxy.name, delegate.id, on_behalf_of=delegate.name)
    return Actor(ActorKind.DELEGATE, delegate.name, delegate.id)
