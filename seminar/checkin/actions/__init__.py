"""What is done at the reception: pairing desks, recording scans and walk-ins, settling double entries."""

from seminar.checkin.actions.doubles import settle_double
from seminar.checkin.actions.pairing import open_pairing, pair_desk, revoke_desk
from seminar.checkin.actions.scans import Answered, Call, record_scans
from seminar.checkin.actions.status import tell_status
from seminar.checkin.actions.walk_ins import register_walk_in

__all__ = [
    "Answered",
    "Call",
    "open_pairing",
    "pair_desk",
    "record_scans",
    "register_walk_in",
    "revoke_desk",
    "settle_double",
    "tell_status",
]
