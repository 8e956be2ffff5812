"""Who is expected to send a paper, and reminders to those only whose paper is missing."""

from collections.abc import Sequence
from datetime import datetime

from seminar.access.actor import Actor
from seminar.audit.models import record
from seminar.delegates.models import Delegate
from seminar.invitations.actions import send_notices
from seminar.invitations.messages import Message
from seminar.invitations.models import Purpose
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.papers.models import Expectation, PaperReminder
from seminar.papers.queries.senders import expectations, is_today, senders
from seminar.planning.actions import send_unit_links
from seminar.planning.messages import LinkMessage
from seminar.planning.models import Seminar
from seminar.planning.queries import hold_seminar, milestone
from seminar.planning.rules import is_closed


def expect_paper(seminar: Seminar, delegate: Delegate, by: Actor, now: datetime) -> Expectation:
    """From now on the board lists the delegate. Doing it twice is harmless."""
    hold_seminar(seminar.id)
    known = {one.delegate_id: one for one in expectations(seminar)}
    if delegate.id in known:
        return known[delegate.id]
    one = Expectation(seminar_id=seminar.id, delegate=delegate, at=now, by=by.name[:200])
    db.session.add(one)
    db.session.flush()
    record(by, now, "add", "expectation", seminar_id=seminar.id, object_id=delegate.id, summary=delegate.name)
    return one


def expect_no_paper(expectation: Expectation, by: Actor, now: datetime) -> None:
    seminar_id, delegate = expectation.seminar_id, expectation.delegate
    db.session.delete(expectation)
    record(by, now, "remove", "expectation", seminar_id=seminar_id, object_id=delegate.id, summary=delegate.name)


def remind_missing(
    seminar: Seminar,
    to_units: Sequence[LinkMessage],
    to_delegates: Sequence[Message],
    by: Actor,
    now: datetime,
    *,
    again: bool = False,
) -> list[str]:
    """Puts the reminders, composed before, into the outbox; returns their batches, units first.

    Refused where a paper came meanwhile, and where somebody was reminded today already unless `again` says so.
    """
    if not to_units and not to_delegates:
        raise Refused("Nobody to remind: nobody whose paper is missing has a page of their own and an e-mail address.")
    hold_seminar(seminar.id)
    if is_closed(milestone(seminar, "papers")):
        raise Refused("The office closed the deadline of the papers, so nobody is asked for one: open it again first.")
    missing = [one for one in senders(seminar, now) if one.is_missing and one.address]
    links = {one.link.id: one for one in missing if one.unit and one.link}
    people = {one.delegate.id: one for one in missing if one.delegate}
    wanted = [links.get(one.link_id) for one in to_units] + [people.get(one.delegate_id) for one in to_delegates]
    found = [one for one in wanted if one is not None]
    if len(found) != len(wanted):
        raise Refused("Meanwhile a paper came or an address changed, nothing was sent: look at the list again.")
    if not again and any(is_today(one.reminded_at, now) for one in found):
        raise Refused("Somebody was reminded today already, nothing was sent: look at the list again.")
    batches = []
    if to_units:
        batches.append(send_unit_links(seminar, to_units, by, now))
        _remember(seminar, [links[one.link_id].key for one in to_units], batches[-1], by, now)
    if to_delegates:
        batches.append(send_notices(seminar, Purpose.MESSAGE, to_delegates, by, now))
        _remember(seminar, [people[one.delegate_id].key for one in to_delegates], batches[-1], by, now)
    db.session.flush()
    record(by, now, "remind", "paper reminder", seminar_id=seminar.id, summary=str(len(found)))
    return batches


def _remember(
    seminar: Seminar, keys: Sequence[tuple[int | None, int | None]], batch: str, by: Actor, now: datetime
) -> None:
    for unit_id, delegate_id in keys:
        db.session.add(
            PaperReminder(
                seminar_id=seminar.id,
                unit_id=unit_id,
                delegate_id=delegate_id,
                batch=batch,
                at=now,
                by=by.name[:200],
            )
        )
