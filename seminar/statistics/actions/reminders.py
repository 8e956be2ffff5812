"""Reminders to those units only whose return is missing or was returned."""

from collections.abc import Sequence
from datetime import datetime

from seminar.access.actor import Actor
from seminar.audit.models import record
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.planning.actions import send_unit_links
from seminar.planning.messages import LinkMessage
from seminar.planning.models import Seminar
from seminar.planning.queries import hold_seminar
from seminar.statistics.models import Period, ReturnReminder
from seminar.statistics.queries.reminders import debtors, is_today


def remind_units(
    seminar: Seminar,
    messages: Sequence[LinkMessage],
    by: Actor,
    now: datetime,
    *,
    period: Period | None = None,
    again: bool = False,
) -> str:
    """Puts the reminders, composed before, into the outbox; returns their batch.

    Refused where a return came meanwhile, and where a unit was reminded today already unless `again` says so.
    """
    if not messages:
        raise Refused("Nobody to remind: no unit that owes figures has a page of its own and an e-mail address.")
    hold_seminar(seminar.id)
    owing = {one.link.id: one for one in debtors(seminar, now, period) if one.link and one.address}
    found = [owing[message.link_id] for message in messages if message.link_id in owing]
    if len(found) != len(messages):
        raise Refused("Meanwhile a return came or an address changed, nothing was sent: look at the list again.")
    if not again and any(is_today(one.reminded_at, now) for one in found):
        raise Refused("Some unit was reminded today already, nothing was sent: look at the list again.")
    batch = send_unit_links(seminar, messages, by, now)
    for one in found:
        db.session.add(
            ReturnReminder(seminar_id=seminar.id, unit_id=one.unit.id, batch=batch, at=now, by=by.name[:200])
        )
    db.session.flush()
    record(by, now, "remind", "return reminder", seminar_id=seminar.id, summary=str(len(found)))
    return batch
