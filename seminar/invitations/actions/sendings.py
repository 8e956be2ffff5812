"""Sending and reminding by the outbox; handing over in other ways."""

from collections.abc import Collection
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select

from seminar.access.actor import Actor, Channel
from seminar.audit.models import record
from seminar.invitations import queries, rules
from seminar.invitations.messages import Message
from seminar.invitations.models import Delivery, Invitation
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.text import clean, shorten
from seminar.mail.actions import enqueue
from seminar.planning.models import Seminar


def hand_over(invitation: Invitation, channel: Channel, note: str, by: Actor, now: datetime) -> Delivery:
    """Writes down that the invitation was given on paper or sent by Zalo: by whom, when."""
    if channel not in rules.HANDED_OVER:
        raise Refused("Choose how it was handed over.")
    if invitation.revoked_at is not None:
        raise Refused("This invitation was revoked: hand over the new one.")
    delivery = Delivery(
        invitation_id=invitation.id, channel=channel, at=now, by=by.name[:200], note=shorten(clean(note), 300)
    )
    db.session.add(delivery)
    db.session.flush()
    record(
        by,
        now,
        "hand over",
        "invitation",
        seminar_id=invitation.delegate.seminar_id,
        object_id=invitation.id,
        summary=invitation.delegate.name,
        channel=channel.value,
    )
    return delivery


def send_invitations(seminar: Seminar, messages: Collection[Message], by: Actor, now: datetime) -> str:
    """Puts one message per invitation into the outbox and returns the batch. They were composed before the writing
    transaction; refused if one of their invitations is no longer in force.
    """
    return _send(seminar, messages, queries.INVITES, by, now)


def remind(seminar: Seminar, messages: Collection[Message], by: Actor, now: datetime) -> str:
    """As `send_invitations`, to those who have not answered; refused if one of them has answered meanwhile."""
    waiting = {
        one.id for one in queries.invitations_in_force(seminar, queries.State.NO_ANSWER, queries.State.HAS_EMAIL)
    }
    if any(message.invitation_id not in waiting for message in messages):
        raise Refused("Meanwhile somebody answered. Look at the list again.")
    return _send(seminar, messages, queries.REMINDS, by, now)


def tell_refusal(seminar: Seminar, message: Message, by: Actor, now: datetime) -> str:
    """Tells a delegate by mail that nobody may come instead; the own invitation must still be in force."""
    return _send(seminar, [message], queries.REFUSES_PROXY, by, now, noun="proxy")


def _send(
    seminar: Seminar, messages: Collection[Message], purpose: str, by: Actor, now: datetime, noun: str = ""
) -> str:
    if not messages:
        raise Refused("Nobody to send to: nobody chosen has an e-mail address and an invitation in force.")
    in_force = set(
        db.session.scalars(
            select(Invitation.id).where(
                Invitation.id.in_([message.invitation_id for message in messages]), Invitation.revoked_at.is_(None)
            )
        )
    )
    if len(in_force) != len(messages):
        raise Refused("Meanwhile an invitation was revoked or re-issued. Look at the list again.")
    batch = str(uuid4())
    for message in messages:
        enqueue(
            message.to_name,
            message.to_address,
            message.subject,
            message.text,
            message.html,
            purpose,
            by,
            now,
            seminar_id=seminar.id,
            delegate_id=message.delegate_id,
            batch=batch,
            inline_png=message.inline_png or None,
            calendar=message.calendar,
        )
    db.session.flush()
    record(
        by,
        now,
        "send",
        noun or purpose,
        seminar_id=seminar.id,
        object_id=batch,
        summary=str(len(messages)),
        count=len(messages),
    )
    return batch
