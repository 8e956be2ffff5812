"""The receipt of a version, put into the outbox for whoever sent it."""

from datetime import datetime

from seminar.access.actor import Actor
from seminar.audit.models import record
from seminar.mail.actions import enqueue
from seminar.mail.rules import sendable
from seminar.papers.messages import ReceiptMail
from seminar.papers.models import Submission


def send_receipt(submission: Submission, message: ReceiptMail | None, by: Actor, now: datetime) -> bool:
    """Whether there is an address that mail can be sent to; then the receipt is in the outbox."""
    if message is None or sendable(message.to_address) is None:
        return False
    paper = submission.paper
    enqueue(
        message.to_name,
        message.to_address,
        message.subject,
        message.text,
        message.html,
        "receipt",
        by,
        now,
        seminar_id=paper.seminar_id,
        delegate_id=paper.delegate_id,
    )
    record(
        by,
        now,
        "send",
        "receipt",
        seminar_id=paper.seminar_id,
        object_id=paper.id,
        summary=paper.title,
        version=submission.version,
    )
    return True
