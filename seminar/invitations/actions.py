"""Issuing letters, revoking and re-issuing codes, sending, reminding."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select

from seminar.access.actor import Actor, ActorKind, Channel
from seminar.audit.models import record
from seminar.delegates.models import Delegate
from seminar.documents.actions import take_number
from seminar.documents.models import DocumentKind, IssuedDocument
from seminar.invitations import queries, rules
from seminar.invitations.messages import Message
from seminar.invitations.models import Answer, Delivery, Invitation, Proxy, ProxyOutcome, Rsvp
from seminar.lib import codes, phones
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.text import clean, clean_block, shorten
from seminar.mail.actions import enqueue
from seminar.mail.rules import sendable
from seminar.planning import queries as plans
from seminar.planning.models import ProxyRule, Seminar
from seminar.planning.rules import is_closed, is_late


def _one_at_a_time(seminar_id: int) -> None:
    """On PostgreSQL two people of the office wait for each other here; SQLite has one writer anyway."""
    db.session.execute(select(Seminar.id).where(Seminar.id == seminar_id).with_for_update())


def _invite(delegate_id: int, document_id: int, by: Actor, now: datetime, proxy_id: int | None = None) -> Invitation:
    code = codes.link_code()
    invitation = Invitation(
        delegate_id=delegate_id,
        document_id=document_id,
        code=code,
        code_sha256=codes.digest(code),
        proxy_id=proxy_id,
        issued_at=now,
        issued_by=by.name,
    )
    db.session.add(invitation)
    return invitation


def issue_letters(seminar: Seminar, delegates: Sequence[Delegate], by: Actor, now: datetime) -> list[IssuedDocument]:
    """One number per kind of letter for the whole run, and a personal code for each delegate.

    Whoever has an invitation in force, or is in a group without a letter, gets none; refused where nobody is left, and
    as long as venue, date or hour are open.
    """
    for lack in rules.what_lacks(seminar.venue is not None, seminar.held_on, seminar.starts_at):
        raise Refused(rules.LACK_SENTENCES[lack])
    _one_at_a_time(seminar.id)
    has_one = set(
        db.session.scalars(
            select(Invitation.delegate_id).where(
                Invitation.delegate_id.in_([delegate.id for delegate in delegates]), Invitation.revoked_at.is_(None)
            )
        )
    )
    runs: dict[DocumentKind, list[Delegate]] = {}
    for delegate in delegates:
        kind = rules.DOCUMENT_OF.get(delegate.group.letter_kind)
        if kind and delegate.id not in has_one and delegate.removed_at is None:
            runs.setdefault(kind, []).append(delegate)
    if not runs:
        raise Refused("Nobody is left to issue a letter to: all chosen have one, or their group has none.")
    subject = f"Dự {rules.quoted_title(seminar.title)}"
    documents = []
    for kind in rules.LETTER_KINDS:
        if kind in runs:
            document = take_number(seminar, kind, subject, by, now, addressee_count=len(runs[kind]))
            for delegate in runs[kind]:
                _invite(delegate.id, document.id, by, now)
            documents.append(document)
    db.session.flush()
    return documents


def revoke(invitation: Invitation, reason: str, by: Actor, now: datetime) -> None:
    """The code opens nothing any more, and the desk says so; revoking twice is harmless."""
    if invitation.revoked_at is not None:
        return
    invitation.revoked_at, invitation.revoked_by = now, by.name
    invitation.revoked_because = shorten(clean(reason), 300)
    record(
        by,
        now,
        "revoke",
        "invitation",
        seminar_id=invitation.delegate.seminar_id,
        object_id=invitation.id,
        summary=invitation.delegate.name,
        reason=invitation.revoked_because,
    )
    db.session.flush()  # the old one goes before a new one comes: one in force at a time


def reissue(delegate: Delegate, reason: str, by: Actor, now: datetime) -> Invitation:
    """A new code on the same letter, for the same bearer; the old code is revoked. Refused where none is in force."""
    _one_at_a_time(delegate.seminar_id)
    old = queries.in_force_of(delegate)
    if old is None:
        raise Refused("%(name)s has no invitation in force: issue a letter.", name=delegate.name)
    revoke(old, reason, by, now)
    new = _invite(delegate.id, old.document_id, by, now, old.proxy_id)
    db.session.flush()
    record(by, now, "reissue", "invitation", seminar_id=delegate.seminar_id, object_id=new.id, summary=delegate.name)
    return new


def require_in_force(invitation: Invitation | None) -> Invitation:
    """The invitation of a code that somebody holds; refuses one that is revoked or unknown."""
    if invitation is None:
        raise Refused("This code is not known. Check the digits, or call the office.")
    if invitation.revoked_at is not None:
        raise Refused("This code is no longer valid: a newer letter replaced it. Call the office if you have none.")
    return invitation


def _require_open(delegate: Delegate) -> Invitation:
    """Refuses where there is nothing in force to answer, or where the office closed the answers."""
    invitation = queries.in_force_of(delegate)
    if invitation is None or delegate.removed_at is not None:
        raise Refused("%(name)s has no invitation in force: issue a letter.", name=delegate.name)
    if is_closed(plans.milestone(delegate.seminar, "answers")):
        raise Refused("Answers are closed. Call the office.")
    return invitation


def answer(delegate: Delegate, answer: Answer, reason: str, by: Actor, now: datetime) -> Rsvp:
    """Appends an answer, marked late after the milestone; refused once the office closed the answers.

    The same answer with the same words again changes nothing. Summoned delegates say why they cannot come.
    """
    _require_open(delegate)
    reason = shorten(clean_block(reason), 500)
    if rules.must_say_why(delegate.group.audience, answer) and not reason:
        raise Refused("Say why you cannot come.")
    latest = queries.current_rsvp(delegate)
    if latest is not None and (latest.answer, latest.reason) == (answer, reason):
        return latest
    return _append_answer(delegate, answer, reason, by, now)


def _append_answer(delegate: Delegate, answer: Answer, reason: str, by: Actor, now: datetime) -> Rsvp:
    rsvp = Rsvp(
        delegate_id=delegate.id,
        answer=answer,
        reason=reason,
        at=now,
        actor_kind=by.kind,
        actor_name=by.name[:200],
        channel=by.channel,
        is_late=is_late(plans.milestone(delegate.seminar, "answers"), now),
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


def propose_proxy(
    delegate: Delegate,
    name: str,
    position: str,
    phone: str,
    email: str,
    reason: str,
    by: Actor,
    now: datetime,
) -> Proxy:
    """Asks that somebody else come. By the rule of the group it is approved at once, waits for the office, or is refused.

    A proxy who cannot come either is replaced by the office, never by the holder of the proxy's own code.
    """
    invitation = _require_open(delegate)
    rule = delegate.group.proxy_rule
    if rule == ProxyRule.NONE:
        raise Refused("Members of this group come in person: nobody can come instead. Say that you cannot come.")
    if invitation.proxy_id is not None and by.kind == ActorKind.DELEGATE:
        raise Refused("Whoever comes instead cannot name somebody else. Call the office.")
    if not clean(name):
        raise Refused("Give the name of the person who comes instead.")
    number = phones.domestic(phone) if clean(phone) else ""
    if number is None:
        raise Refused("“%(phone)s” is not a telephone number.", phone=phone)
    address = email.strip()
    if address and sendable(address) is None:
        raise Refused("“%(email)s” is not an e-mail address.", email=address)
    if queries.open_proxy_of(delegate) is not None:
        raise Refused("Somebody was already proposed to come instead; the office has not decided yet.")
    proxy = Proxy(
        delegate_id=delegate.id,
        name=shorten(clean(name), 200),
        position=shorten(clean(position), 300),
        phone=number,
        email=address[:254],
        reason=shorten(clean_block(reason), 500),
        proposed_at=now,
        proposed_by=by.name[:200],
        channel=by.channel,
    )
    proxy.delegate = delegate
    db.session.add(proxy)
    db.session.flush()
    record(
        by,
        now,
        "propose",
        "proxy",
        seminar_id=delegate.seminar_id,
        object_id=proxy.id,
        summary=f"{delegate.name}: {proxy.name}",
    )
    if rule == ProxyRule.FREE:
        _approve(proxy, invitation, "", by, now)
    return proxy


def decide_proxy(proxy: Proxy, approve: bool, note: str, by: Actor, now: datetime) -> None:
    """Approved: the old code is revoked, the proxy gets an own one, both names stay. A decision is made once."""
    _one_at_a_time(proxy.delegate.seminar_id)
    db.session.refresh(proxy, ["outcome"])
    if proxy.outcome is not None:
        raise Refused("This request was decided already.")
    if not approve:
        _decide(proxy, ProxyOutcome.REFUSED, note, by, now)
        return
    invitation = queries.in_force_of(proxy.delegate)
    if invitation is None:
        raise Refused("%(name)s has no invitation in force: issue a letter.", name=proxy.delegate.name)
    _approve(proxy, invitation, note, by, now)


def _approve(proxy: Proxy, invitation: Invitation, note: str, by: Actor, now: datetime) -> None:
    _decide(proxy, ProxyOutcome.APPROVED, note, by, now)
    revoke(invitation, f"Người dự thay: {proxy.name}", by, now)
    _invite(proxy.delegate_id, invitation.document_id, by, now, proxy.id)
    _append_answer(proxy.delegate, Answer.ATTENDING, "", by, now)


def _decide(proxy: Proxy, outcome: ProxyOutcome, note: str, by: Actor, now: datetime) -> None:
    proxy.outcome, proxy.decided_at, proxy.decided_by = outcome, now, by.name[:200]
    proxy.decision_note = shorten(clean_block(note), 500)
    db.session.flush()
    record(
        by,
        now,
        "approve" if outcome == ProxyOutcome.APPROVED else "refuse",
        "proxy",
        seminar_id=proxy.delegate.seminar_id,
        object_id=proxy.id,
        summary=f"{proxy.delegate.name}: {proxy.name}",
    )


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


def _send(seminar: Seminar, messages: Collection[Message], purpose: str, by: Actor, now: datetime) -> str:
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
            inline_png=message.inline_png,
            calendar=message.calendar,
        )
    db.session.flush()
    record(
        by,
        now,
        "send",
        purpose,
        seminar_id=seminar.id,
        object_id=batch,
        summary=str(len(messages)),
        count=len(messages),
    )
    return batch


def delegate_actor(invitation: Invitation) -> Actor:
    """The bearer of a personal link as the actor of what follows: the delegate, or the approved proxy for them."""
    delegate = invitation.delegate
    if invitation.proxy:
        return Actor(ActorKind.DELEGATE, invitation.proxy.name, delegate.id, on_behalf_of=delegate.name)
    return Actor(ActorKind.DELEGATE, delegate.name, delegate.id)
