"""Where a paper of a unit or an expert stands on the board, and by how many days it is late."""

from datetime import datetime, timedelta
from enum import StrEnum

from seminar.lib.errors import N_


class SenderState(StrEnum):
    """As `PaperState`, and where nothing came yet."""

    NOT_SENT = "not-sent"
    RECEIVED = "received"
    VETTING = "vetting"
    TO_CORRECT = "to-correct"
    IN_PRINT = "in-print"
    ON_STAGE = "on-stage"
    NOT_ACCEPTED = "not-accepted"


SENDER_STATE_LABELS = {
    SenderState.NOT_SENT: N_("not sent yet"),
    SenderState.RECEIVED: N_("waiting for vetting"),
    SenderState.VETTING: N_("being vetted"),
    SenderState.TO_CORRECT: N_("to be corrected"),
    SenderState.IN_PRINT: N_("accepted for print"),
    SenderState.ON_STAGE: N_("accepted for the stage"),
    SenderState.NOT_ACCEPTED: N_("not accepted"),
}


def days_late(due_at: datetime | None, at: datetime) -> int:
    """Days begun after the deadline; 0 in time or where there is none."""
    if due_at is None or at <= due_at:
        return 0
    return -(-(at - due_at) // timedelta(days=1))
