"""What a device tells of itself between its scans."""

from datetime import datetime

from seminar.checkin.forms.api import StatusInput
from seminar.checkin.models import Desk
from seminar.lib.database import db


def tell_status(desk_id: int, told: StatusInput, now: datetime) -> None:
    """Keeps the latest; also that the device lives, though it scans nothing."""
    desk = db.session.get_one(Desk, desk_id)
    desk.told_at = desk.last_seen_at = now
    if desk.roster_revision != told.roster:
        desk.roster_at = now
    desk.queue_count, desk.battery_percent = told.queue, told.battery
    desk.roster_revision, desk.version = told.roster, told.version
    desk.storage, desk.camera = told.storage, told.camera
    if told.now is not None:
        desk.skew_seconds = (now - told.now).total_seconds()
    db.session.flush()
