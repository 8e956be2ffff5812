"""The personal links of the units' contacts: issued, revoked, sent by the outbox, handed over."""

from collections.abc import Collection
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select

from seminar.access.actor import Actor, Channel
from seminar.audit.models import record
from seminar.lib import codes
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.mail.actions import STOPPABLE, cancel_mail, enqueue
from seminar.mail.models import Mail
from seminar.planning.messages import LinkMessage
from seminar.planning.models import LinkDelivery, Seminar, Unit, UnitLink
from seminar.planning.queries import unit_link_in_force, unit_links, units_on
from seminar.planning.rules import what_links_lack

HANDED_OVER = (Channel.ZALO, Channel.LETTER, Channel.IN_PERSON)
"""How a link reaches a unit without the outbox."""
PURPOSE = "unit_link"


def issue_unit_link(seminar: Seminar, unit: Unit, by: Actor, now: datetime) -> UnitLink:
    """A new personal link for the unit's contact; the one before is revoked."""
    before = unit_link_in_force(seminar, unit)
    if before:
        _end(before, by, now)
    return _issue(seminar, unit, by, now)


def issue_missing_unit_links(seminar: Seminar, by: Actor, now: datetime) -> int:
    """A link for each unit that has none; returns how many were made."""
    have = {link.unit_id for link in unit_links(seminar)}
    missing = [unit for unit in units_on(seminar.held_on) if unit.id not in have]
    for unit in missing:
        _issue(seminar, unit, by, now)
    return len(missing)


def _issue(seminar: Seminar, unit: Unit, by: Actor, now: datetime) -> UnitLink:
    link = UnitLink(seminar_id=seminar.id, unit_id=unit.id, code=codes.link_code(), issued_at=now, issued_by=by.name)
    db.session.add(link)
    record(by, now, "issue", "unit_link", seminar_id=seminar.id, object_id=unit.id, summary=unit.name)
    return link


def revoke_unit_link(seminar: Seminar, unit: Unit, by: Actor, now: datetime) -> None:
    """The link no longer opens, and no new one is made. Doing it twice is harmless."""
    link = unit_link_in_force(seminar, unit)
    if link is not None:
        _end(link, by, now)
        record(by, now, "revoke", "unit_link", seminar_id=seminar.id, object_id=unit.id, summary=unit.name)


def _end(link: UnitLink, by: Actor, now: datetime) -> None:
    """The link opens no more, and a message that would bring it and has not left yet is stopped."""
    link.revoked_at, link.revoked_by = now, by.name
    db.session.flush()
    waiting = select(Mail).where(
        Mail.seminar_id == link.seminar_id,
        Mail.purpose == PURPOSE,
        Mail.status.in_(STOPPABLE),
        Mail.text.contains(link.code),
    )
    for mail in db.session.scalars(waiting).all():
        cancel_mail(mail, by, now)


def hand_over_link(link: UnitLink, channel: Channel, to: str, by: Actor, now: datetime) -> None:
    """Writes down that the link was sent by Zalo or SMS, or given on paper or in person."""
    if channel not in HANDED_OVER:
        raise Refused("Choose how it was handed over.")
    db.session.add(LinkDelivery(link_id=link.id, channel=channel, to=to[:254], at=now, by=by.name[:200]))
    record(
        by,
        now,
        "hand over",
        "unit_link",
        seminar_id=link.seminar_id,
        object_id=link.unit_id,
        summary=link.unit.name,
        channel=channel.value,
    )


def send_unit_links(seminar: Seminar, messages: Collection[LinkMessage], by: Actor, now: datetime) -> str:
    """Puts one message per link into the outbox and returns the batch. They were composed before the writing
    transaction; refused if one of their links was replaced or revoked, or an address changed meanwhile.
    """
    if not messages:
        raise Refused("Nobody to send to: no unit chosen has a link and an e-mail address.")
    if what_links_lack(seminar.issuer, seminar.contact_name, seminar.contact_phone):
        raise Refused("Write organiser, contact and telephone on the plan's page first: a unit must know whom to call.")
    wanted = {message.link_id: message.to_address for message in messages}
    query = (
        select(UnitLink.id, Unit.contact_email)
        .join(Unit, Unit.id == UnitLink.unit_id)
        .where(UnitLink.id.in_(wanted), UnitLink.revoked_at.is_(None), UnitLink.seminar_id == seminar.id)
        .order_by(UnitLink.id)
        .with_for_update(of=UnitLink)  # a revocation waits until the mails are there to be stopped
    )
    if dict(db.session.execute(query).all()) != wanted:
        raise Refused("Meanwhile a link or an address changed, nothing was sent: look at the numbers again.")
    batch = str(uuid4())
    for one in messages:
        enqueue(
            one.to_name,
            one.to_address,
            one.subject,
            one.text,
            one.html,
            PURPOSE,
            by,
            now,
            seminar_id=seminar.id,
            batch=batch,
        )
        sent = LinkDelivery(
            link_id=one.link_id, channel=Channel.EMAIL, to=one.to_address, batch=batch, at=now, by=by.name[:200]
        )
        db.session.add(sent)
    db.session.flush()
    record(by, now, "send", "unit_link", seminar_id=seminar.id, object_id=batch, summary=str(len(messages)))
    return batch
