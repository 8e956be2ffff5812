"""How each desk is, in words, and what the office should do about it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from seminar.checkin.models import Desk
from seminar.checkin.rules import SKEW_IS_WRONG
from seminar.lib.clock import short_time
from seminar.lib.errors import Message

SILENT_AFTER = timedelta(minutes=2)
"""A page that is open tells of itself several times in this time, though nobody is scanned."""
BATTERY_IS_LOW = 20


@dataclass(frozen=True)
class DeskState:
    """`word` and `tone` for the pill; `advice` is empty where nothing is to be done."""

    desk: Desk
    word: Message
    tone: str
    symbol: str
    advice: list[Message]


def _is_silent(desk: Desk, now: datetime) -> bool:
    """Only a device that tells of itself can be missed; the plain page is heard when it scans."""
    return bool(desk.told_at and desk.last_seen_at and now - desk.last_seen_at > SILENT_AFTER)


def _has_old_list(desk: Desk, now: datetime, changed_at: datetime | None) -> bool:
    """Somebody came or went since, and the device has had time to hear of it."""
    if _is_silent(desk, now) or not (desk.roster_at and changed_at):
        return False
    return desk.roster_at < changed_at < now - SILENT_AFTER


def _advice(desk: Desk, now: datetime, usual: str, changed_at: datetime | None) -> list[Message]:
    name, queue = desk.name, desk.queue_count or 0
    found = []
    if _is_silent(desk, now) and desk.last_seen_at:
        since = short_time(desk.last_seen_at)
        if queue:
            found.append(
                Message(
                    "%(desk)s: silent since %(since)s with %(count)s scans not sent: do not switch it off, look at its network.",
                    desk=name,
                    since=since,
                    count=queue,
                )  # fmt: skip
            )
        else:
            found.append(
                Message("%(desk)s: silent since %(since)s: see whether its page is open.", desk=name, since=since)
            )
    elif queue:
        found.append(Message("%(desk)s: %(count)s scans not sent yet: do not switch it off.", desk=name, count=queue))
    if desk.told_at and not desk.roster_revision:
        found.append(
            Message("%(desk)s: has no list of names yet: keep it in the network until it has loaded.", desk=name)
        )
    elif desk.roster_at and _has_old_list(desk, now, changed_at):
        since = short_time(desk.roster_at)
        found.append(
            Message(
                "%(desk)s: its list is of %(since)s, others came since: look at its network.", desk=name, since=since
            )
        )
    if desk.storage == "full":
        found.append(Message("%(desk)s: its storage is full: free space, or take another device.", desk=name))
    if desk.battery_percent is not None and desk.battery_percent <= BATTERY_IS_LOW:
        found.append(
            Message("%(desk)s: battery at %(percent)s%%: plug it in.", desk=name, percent=desk.battery_percent)
        )
    if desk.skew_seconds is not None and abs(desk.skew_seconds) >= SKEW_IS_WRONG.total_seconds():
        minutes = round(abs(desk.skew_seconds) / 60)
        found.append(
            Message("%(desk)s: its clock is %(minutes)s minutes off: set it right.", desk=name, minutes=minutes)
        )
    if desk.version and desk.version != usual:
        found.append(Message("%(desk)s: runs another version than most: reload its page when it is quiet.", desk=name))
    return found


def desk_states(desks: Sequence[Desk], now: datetime, changed_at: datetime | None = None) -> list[DeskState]:
    """In the order given; `changed_at` is when somebody last came or went."""
    versions = Counter(desk.version for desk in desks if desk.version and not desk.revoked_at)
    usual = versions.most_common(1)[0][0] if versions else ""
    states = []
    for desk in desks:
        advice = [] if desk.revoked_at else _advice(desk, now, usual, changed_at)
        if desk.revoked_at:
            word, tone, symbol = Message("ended"), "muted", "plug-connected-x"
        elif desk.last_seen_at is None:
            word, tone, symbol = Message("has not called yet"), "muted", "clock"
        elif _is_silent(desk, now):
            word, tone, symbol = Message("silent"), "danger" if desk.queue_count else "warning", "wifi-off"
        elif desk.told_at:
            word, tone, symbol = Message("connected"), "success", "plug-connected"
        else:
            word, tone, symbol = Message("in use"), "success", "plug-connected"
        states.append(DeskState(desk, word, tone, symbol, advice))
    return states
