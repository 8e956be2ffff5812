"""The result of vetting is told: by the outbox, or handed over by Zalo, by telephone, on paper."""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from seminar.access.actor import Actor, Channel
from seminar.audit.models import record
from seminar.lib import files
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.mail.actions import enqueue
from seminar.papers.documents.results import ResultMessage, sender_address, sender_of
from seminar.papers.models import DecisionDelivery
from seminar.papers.queries.results import Result, results
from seminar.planning.models import Seminar
from seminar.planning.queries import hold_seminar

PURPOSE = "paper result"
HANDED_OVER = (Channel.ZALO, Channel.PHONE, Channel.LETTER, Channel.IN_PERSON)


def send_results(seminar: Seminar, messages: Sequence[ResultMessage], by: Actor, now: datetime) -> str:
    """Puts one message per paper into the outbox and returns the batch. They were composed before the writing
    transaction; refused if one of the decisions no longer is the latest, is not released, or an address changed.
    """
    if not messages:
        raise Refused("Nobody to send to: no paper chosen has a released decision and a sender with an e-mail address.")
    hold_seminar(seminar.id)
    standing = {one.decision.id: one for one in results(seminar) if one.is_released}
    if any(
        message.decision_id not in standing or sender_address(standing[message.decision_id]) != message.to_address
        for message in messages
    ):
        raise Refused("Meanwhile a decision or an address changed, nothing was sent: look at the list again.")
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
            delegate_id=one.delegate_id,
            batch=batch,
            attachment_sha256=files.keep(one.notice, with_rows=True) if one.notice else "",
            attachment_name="thong-bao-ket-qua-tham-dinh.pdf" if one.notice else "",
        )
        db.session.add(
            DecisionDelivery(
                decision_id=one.decision_id,
                channel=Channel.EMAIL,
                to=one.to_address,
                batch=batch,
                at=now,
                by=by.name[:200],
            )
        )
    db.session.flush()
    record(by, now, "send", "decision", seminar_id=seminar.id, object_id=batch, summary=str(len(messages)))
    return batch


def hand_over_result(result: Result, channel: Channel, by: Actor, now: datetime) -> None:
    """Writes down that the result was told without the outbox; the decision must have been released."""
    if channel not in HANDED_OVER:
        raise Refused("Choose how it was handed over.")
    if not result.is_released:
        raise Refused("Release the decision first: the author should read the same on the page.")
    db.session.add(DecisionDelivery(decision_id=result.decision.id, channel=channel, at=now, by=by.name[:200]))
    record(
        by,
        now,
        "hand over",
        "decision",
        seminar_id=result.paper.seminar_id,
        object_id=result.paper.id,
        summary=sender_of(result),
        channel=channel.value,
    )
