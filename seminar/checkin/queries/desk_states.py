"""How each desk is, in words, and what the office should do about it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from seminar.checkin.models import Desk
from seminar.checkin.rules import SKEW_IS_WRONG
from seminar.lib.clock import short_time
from seminar.lib.errors import N_, Message

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
    return bool(desk.roster_at and changed_at and desk.roster_at < changed_at < now - SILENT_AFTER)


def _of_silent(desk: Desk) -> Message:
    """What to do about a device that is not heard any more; the rest that it told is no longer known."""
    since = short_time(desk.last_seen_at) if desk.last_seen_at else ""
    if not desk.queue_count:
        return Message("%(desk)s: silent since %(since)s: see whether its page is open.", desk=desk.name, since=since)
    return Message(
        "%(desk)s: silent since %(since)s with %(count)s scans not sent: do not switch it off, look at its network.",
        desk=desk.name,
        since=since,
        count=desk.queue_count,
    )


def _advice(desk: Desk, now: datetime, usual: str, changed_at: datetime | None) -> list[Message]:
    """Everything that is to be done about the device, the most urgent first."""
    if _is_silent(desk, now):
        return [_of_silent(desk)]
    name, skew = desk.name, abs(desk.skew_seconds or 0)
    is_low = desk.battery_percent is not None and desk.battery_percent <= BATTERY_IS_LOW
    roster_at = short_time(desk.roster_at) if desk.roster_at else ""
    wrongs: list[tuple[object, str, dict[str, object]]] = [
        (desk.queue_count, N_("%(desk)s: %(count)s scans not sent yet: do not switch it off."), {"count": desk.queue_count}),
        (desk.storage == "full", N_("%(desk)s: its storage is full: free space, or take another device."), {}),
        (is_low, N_("%(desk)s: battery at %(percent)s%%: plug it in."), {"percent": desk.battery_percent}),
        (desk.told_at and not desk.roster_revision, N_("%(desk)s: has no list of names yet: keep it in the network until it has loaded."), {}),
        (desk.roster_revision and _has_old_list(desk, now, changed_at), N_("%(desk)s: its list is of %(since)s, others came since: look at its network."), {"since": roster_at}),
        (skew >= SKEW_IS_WRONG.total_seconds(), N_("%(desk)s: its clock is %(minutes)s minutes off: set it right."), {"minutes": round(skew / 60)}),
        (desk.version and desk.version != usual, N_("%(desk)s: runs another version than most: reload its page when it is quiet."), {}),
    ]  # fmt: skip
    return [Message(sentence, desk=name, **values) for is_wrong, sentence, values in wrongs if is_wrong]


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
