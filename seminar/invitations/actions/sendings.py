"""Sending by the outbox, counted and confirmed by whoever calls; handing over in other ways; the record of both."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select

from seminar.access.actor import Actor, Channel
from seminar.audit.models import record
from seminar.invitations import queries, rules
from seminar.invitations.messages import Message, Wording
from seminar.invitations.models import Delivery, Invitation, Occasion, Purpose
from seminar.lib.clock import short_date
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.text import clean, clean_block, shorten
from seminar.mail.actions import STOPPABLE, cancel_mail, enqueue
from seminar.mail.models import Mail
from seminar.planning import queries as plans
from seminar.planning.models import Seminar
from seminar.planning.rules import is_closed

NOUNS = {Purpose.MESSAGE: "message", Purpose.PROXY_REFUSAL: "proxy"}


def occasion_now(seminar: Seminar, now: datetime) -> Occasion | None:
    """The row of day, hour and place as they are told now; a new one where they are not those told last."""
    told = queries.told_now(seminar)
    if told is None:
        return None
    latest = queries.latest_occasion(seminar)
    if latest is not None and queries.told_in(latest) == told:
        return latest
    latest = Occasion(
        seminar_id=seminar.id,
        held_on=told.held_on,
        starts_at=told.starts_at,
        place=told.place,
        first_told_at=now,
    )
    db.session.add(latest)
    db.session.flush()
    return latest


def hand_over(invitation: Invitation, channel: Channel, note: str, by: Actor, now: datetime) -> Delivery:
    """Writes down that the invitation was given on paper or sent by Zalo: by whom, when."""
    return hand_over_all(invitation.delegate.seminar, [invitation], Purpose.INVITATION, channel, note, by, now)[0]


def hand_over_all(
    seminar: Seminar,
    invitations: Sequence[Invitation],
    purpose: Purpose,
    channel: Channel,
    note: str,
    by: Actor,
    now: datetime,
) -> list[Delivery]:
    """Writes down, for each of them, that somebody sent the text or gave the paper."""
    if channel not in rules.HANDED_OVER:
        raise Refused("Choose how it was handed over.")
    if not invitations:
        raise Refused("Tick at least one person.")
    if purpose != Purpose.CANCELLATION and any(one.revoked_at is not None for one in invitations):
        raise Refused("This invitation was revoked: hand over the new one.")
    occasion = occasion_now(seminar, now) if purpose in rules.TELLS_PLACE else None
    found = []
    for one in invitations:
        bearer = one.proxy or one.delegate
        delivery = Delivery(
            invitation_id=one.id,
            purpose=purpose,
            channel=channel,
            to=bearer.phone if channel == Channel.ZALO else "",
            at=now,
            by=by.name[:200],
            note=shorten(clean(note), 300),
            occasion_id=occasion.id if occasion else None,
        )
        db.session.add(delivery)
        found.append(delivery)
        record(
            by,
            now,
            "hand over",
            "invitation",
            seminar_id=seminar.id,
            object_id=one.id,
            summary=one.delegate.name,
            channel=channel.value,
            purpose=purpose.value,
        )
    db.session.flush()
    return found


def send_invitations(seminar: Seminar, messages: Collection[Message], by: Actor, now: datetime) -> str:
    """Puts one message per invitation into the outbox and returns the batch. They were composed before the writing
    transaction; refused if one of their invitations is no longer in force, or day, hour or place changed meanwhile.
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
    return _send(seminar, [message], queries.REFUSES_PROXY, by, now)


def send_notices(seminar: Seminar, purpose: Purpose, messages: Collection[Message], by: Actor, now: datetime) -> str:
    """A change, a text of the office, thanks, or that an invitation is no longer in force; as `send_invitations`."""
    return _send(seminar, messages, purpose, by, now)


def require_timely(seminar: Seminar, purpose: Purpose, now: datetime) -> None:
    """Refuses what asks people to a day that is past (but in the demo, whose day always is), or for an answer that the
    office no longer takes.
    """
    if purpose in rules.TELLS_PLACE and rules.is_over(seminar.held_on, now) and not seminar.is_demo:
        assert seminar.held_on is not None
        raise Refused(
            "The seminar was on %(day)s: no letter, reminder or notice of a change leaves any more. "
            "Where the day is wrong, correct it on the page of the plan.",
            day=short_date(seminar.held_on),
        )
    if purpose == Purpose.REMINDER and is_closed(plans.milestone(seminar, "answers")):
        raise Refused(
            "The office closed the answers, so nobody is asked for one: open them again on the page of the plan."
        )


def _send(seminar: Seminar, messages: Collection[Message], purpose: Purpose, by: Actor, now: datetime) -> str:
    if not messages:
        raise Refused("Nobody to send to: nobody chosen has an e-mail address and an invitation in force.")
    require_timely(seminar, purpose, now)
    if purpose not in (Purpose.CANCELLATION, Purpose.THANKS):
        _require_in_force(messages)
    told = queries.told_now(seminar)
    if told is None and purpose in rules.TELLS_PLACE:
        raise Refused("Day, hour or venue is open: settle it on the page of the plan, then tell it.")
    if any(message.told is not None and message.told != told for message in messages):
        raise Refused("Meanwhile day, hour or place changed, nothing was sent: look at the message again.")
    occasion = occasion_now(seminar, now) if any(message.told for message in messages) else None
    batch = str(uuid4())
    put_in: list[tuple[Message, Mail]] = []
    for message in messages:
        mail = enqueue(
            message.to_name,
            message.to_address,
            message.subject,
            message.text,
            message.html,
            purpose.value,
            by,
            now,
            seminar_id=seminar.id,
            delegate_id=message.delegate_id,
            batch=batch,
            inline_png=message.inline_png or None,
            calendar=message.calendar,
            attachment_sha256=message.attachment_sha256,
            attachment_name=message.attachment_name,
        )
        put_in.append((message, mail))
    db.session.flush()
    for message, mail in put_in:
        db.session.add(
            Delivery(
                invitation_id=message.invitation_id,
                purpose=purpose,
                channel=Channel.EMAIL,
                to=mail.to_address,
                at=now,
                by=by.name[:200],
                mail_id=mail.id,
                occasion_id=occasion.id if occasion and message.told else None,
            )
        )
    db.session.flush()
    record(
        by,
        now,
        "send",
        NOUNS.get(purpose, purpose.value),
        seminar_id=seminar.id,
        object_id=batch,
        summary=str(len(messages)),
        count=len(messages),
    )
    return batch


def _require_in_force(messages: Collection[Message]) -> None:
    wanted = [message.invitation_id for message in messages]
    in_force: set[int] = set()
    for start in range(0, len(wanted), 5000):  # PostgreSQL and SQLite both bound the values of a statement
        part = wanted[start : start + 5000]
        query = select(Invitation.id).where(Invitation.id.in_(part), Invitation.revoked_at.is_(None))
        in_force |= set(db.session.scalars(query))
    if len(in_force) != len(wanted):
        raise Refused("Meanwhile an invitation was revoked or re-issued. Look at the list again.")


def stop_waiting(invitation: Invitation, by: Actor, now: datetime) -> None:
    """A code that opens nothing any more: the messages that would bring it and have not left are stopped."""
    query = select(Mail).where(
        Mail.delegate_id == invitation.delegate_id,
        Mail.status.in_(STOPPABLE),
        Mail.text.contains(invitation.code),
    )
    for mail in db.session.scalars(query).all():
        cancel_mail(mail, by, now)


WORDING = "message"
"""Key of the office's own text in `Seminar.settings`."""


def wording_of(seminar: Seminar) -> Wording:
    kept = seminar.settings.get(WORDING, {})
    return Wording(str(kept.get("subject", "")), str(kept.get("body", "")))


def word_message(seminar: Seminar, subject: str, body: str, by: Actor, now: datetime) -> Wording:
    """Keeps the office's own text until it is sent; refuses unknown fields and what is empty."""
    wording = Wording(shorten(clean(subject), 200), shorten(clean_block(body), 5000))
    if not wording.subject or not wording.body:
        raise Refused("Write a subject and a text.")
    for name in rules.unknown_fields(f"{wording.subject}\n{wording.body}"):
        raise Refused("“{%(name)s}” is no field: take one of the list.", name=name)
    if wording != wording_of(seminar):
        kept = {"subject": wording.subject, "body": wording.body}
        seminar.settings = {**seminar.settings, WORDING: kept}
        db.session.flush()
        record(by, now, "write", "message", seminar_id=seminar.id, summary=wording.subject)
    return wording
