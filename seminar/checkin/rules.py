"""What a scan means: whose code it holds, when it happened, whether it lets somebody in, who is present (design.md).

Presence is a function of the set of scans alone, in the order of their corrected time and then their id: whatever way
the calls of five desks interleave, repeat or overtake each other, the same people are in the hall.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

from seminar.checkin.models import ScanKind, Source, Verdict
from seminar.lib import codes
from seminar.lib.clock import short_moment, short_time
from seminar.lib.errors import N_, Message, Refused

PAIRING_LASTS = timedelta(minutes=15)
WRONG_TRIES = 5
WRONG_TRIES_OF_ALL = 500
BATCH = 500
"""Most scans in one call."""
PAYLOAD_LENGTH = 8192
SKEW_IS_NETWORK = timedelta(seconds=5)
"""A smaller difference between two clocks is the way of the call, not the clock."""
SEEN_LASTS = timedelta(seconds=2)
"""A desk that scans on is written down as seen so often, and at once where its clock moved by a second."""
SKEW_IS_WRONG = timedelta(minutes=2)
"""From here on the office is told to set the device's clock."""

LET_IN = frozenset({Verdict.ADMITTED, Verdict.DECLINED})
COUNTS = LET_IN | {Verdict.LEFT}
"""Verdicts after which something was changed, so that there is something to annul."""

VERDICT_LABELS = {
    Verdict.ADMITTED: N_("Welcome in"),
    Verdict.ALREADY_IN: N_("Already in"),
    Verdict.REVOKED: N_("Code revoked"),
    Verdict.UNKNOWN: N_("Not on the list"),
    Verdict.OTHER_SEMINAR: N_("Another seminar"),
    Verdict.DECLINED: N_("In, though said no"),
    Verdict.LEFT: N_("Has left"),
    Verdict.NOT_IN: N_("Was not in"),
    Verdict.ANNULLED: N_("Taken back"),
    Verdict.NOTHING_TO_ANNUL: N_("Nothing to take back"),
    Verdict.MALFORMED: N_("Not readable"),
    Verdict.CONFLICT: N_("Contradiction"),
}
VERDICT_TONES = {
    Verdict.ADMITTED: "success",
    Verdict.ALREADY_IN: "info",
    Verdict.REVOKED: "danger",
    Verdict.UNKNOWN: "danger",
    Verdict.OTHER_SEMINAR: "danger",
    Verdict.DECLINED: "warning",
    Verdict.LEFT: "muted",
    Verdict.NOT_IN: "warning",
    Verdict.ANNULLED: "muted",
    Verdict.NOTHING_TO_ANNUL: "warning",
    Verdict.MALFORMED: "danger",
    Verdict.CONFLICT: "danger",
}


# --- pairing


def pairing_is_open(
    expires_at: datetime, used_at: datetime | None, wrong_tries: Mapping[str, int], address: str, now: datetime
) -> bool:
    """Single use, a quarter of an hour; five wrong codes from an address lock it there, very many lock it at all."""
    is_locked = wrong_tries.get(address, 0) >= WRONG_TRIES or sum(wrong_tries.values()) >= WRONG_TRIES_OF_ALL
    return used_at is None and now < expires_at and not is_locked


# --- what was read

# What scanners may put before the content: AIM's symbology identifier ("]Q3") and ECI escapes ("\\000026").
_PREFIX = re.compile(r"^\][A-Za-z]\d|\\\d{6}", re.ASCII)
_TYPED_CODE = re.compile(r"[\d\s.\-]+", re.ASCII)
_NUMBER = re.compile(r"\d{1,5}", re.ASCII)


def code_in(payload: str) -> str | None:
    """The twenty digits, wherever they stand and whatever host is around them; typed in groups of five too."""
    payload = _PREFIX.sub(" ", payload)
    found = codes.found_in(payload)
    if found is None and _TYPED_CODE.fullmatch(payload):
        digits = re.sub(r"\D", "", payload)
        found = digits if len(digits) == codes.LINK_DIGITS else None
    return found


def number_in(payload: str, source: Source) -> int | None:
    """The short number of badge and desk list, where a person typed it or ticked it on paper."""
    text = payload.strip()
    if source not in (Source.NUMBER, Source.PAPER) or not _NUMBER.fullmatch(text):
        return None
    return int(text)


def is_name(text: str) -> bool:
    """That what stands in the one field of the desk is to be searched for: words, no code and no address."""
    return code_in(text) is None and "/" not in text and any(character.isalpha() for character in text)


# --- when it happened


def measured_skew(
    received: datetime, device_now: datetime | None, online_ats: Iterable[datetime], last: timedelta | None
) -> timedelta | None:
    """How far the server's clock is ahead of the device's: told by the call, seen on a scan just made, else as before."""
    if device_now is not None:
        return received - device_now
    newest = max(online_ats, default=None)
    return received - newest if newest is not None else last


def is_seen_anew(stored: Any, skew: timedelta | None, received: datetime) -> bool:
    """That what is stored of a desk (`last_seen_at`, `skew_seconds`) is worth writing again."""
    if stored.last_seen_at is None or not timedelta(0) <= received - stored.last_seen_at < SEEN_LASTS:
        return True
    if skew is None or stored.skew_seconds is None:
        return (skew is None) != (stored.skew_seconds is None)
    return abs(skew.total_seconds() - stored.skew_seconds) >= 1


def corrected_at(
    at: datetime, offline: bool, skew: timedelta | None, received: datetime, *, server_at: datetime | None = None
) -> datetime:
    """The time that orders scans. A scan made online happened when it came in; one made offline when the device says,
    corrected by the skew of its clock, and never in the future. `server_at` is what the device took for the server's
    time then: it counted on from the last answer, whatever became of its clock meanwhile."""
    if not offline:
        return received
    if server_at is not None:
        return min(server_at, received)
    if skew is not None and abs(skew) >= SKEW_IS_NETWORK:
        at += skew
    return min(at, received)


Period = tuple[datetime, datetime]


def is_practised(is_flagged: bool, at: datetime, periods: Iterable[Period]) -> bool:
    """That a scan belongs to a rehearsal: the desk says so, or it was made during one before the desk knew of it."""
    return is_flagged or any(begin <= at < end for begin, end in periods)


REHEARSAL_MOST = timedelta(hours=6)
BEFORE_SITTING = timedelta(hours=1)
"""From here on people come, and what is scanned counts."""


def require_rehearsable(sittings: Iterable[Period], begins_at: datetime, ends_at: datetime) -> None:
    """Refuses a rehearsal that is too long, or that touches a sitting or the hour before it."""
    if ends_at - begins_at > REHEARSAL_MOST:
        raise Refused("A rehearsal lasts at most 6 hours: choose an earlier end.")
    for begin, end in sittings:
        if begins_at < end and ends_at > begin - BEFORE_SITTING:
            raise Refused(
                "No rehearsal from an hour before a sitting until it ended (%(begin)s to %(end)s): "
                "real people would be let in by practice. Choose another time.",
                begin=short_moment(begin - BEFORE_SITTING),
                end=short_moment(end),
            )


# --- who is present


@dataclass(frozen=True, slots=True)
class Event:
    """One entry or exit of one person in one sitting."""

    id: str
    kind: ScanKind
    desk_id: int
    offline: bool
    at: datetime
    verdict: Verdict = Verdict.ADMITTED
    is_on_paper: bool = False

    @property
    def order(self) -> tuple[datetime, str]:
        return self.at, self.id


_ORDER = attrgetter("at", "id")


@dataclass(frozen=True, slots=True)
class Annulment:
    annuls: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Stay:
    """That somebody came: the first entry that stands, and since when the person is out."""

    scan_id: str
    desk_id: int
    arrived_at: datetime
    left_at: datetime | None


def repeats(entry: Event, of: Event) -> bool:
    """That an entry only read again who was in: by the same desk, or by two desks that both asked the server. A tick
    on paper stands for itself."""
    return not entry.is_on_paper and (entry.desk_id == of.desk_id or not (entry.offline or of.offline))


def effective(events: Iterable[Event], annulments: Iterable[Annulment]) -> list[Event]:
    """What stands of the scans of one person in one sitting, in order.

    Taking back an entry takes back the reads that only repeated it up to then; an entry of a desk that was offline
    meanwhile let the person in by itself and stands. What is taken back once is: a second time changes nothing.
    """
    ordered = sorted(events, key=_ORDER)
    until: dict[str, datetime] = {}
    for annulment in annulments:
        until[annulment.annuls] = min(annulment.at, until.get(annulment.annuls, annulment.at))
    if not until:
        return ordered
    gone = set(until)
    for position, event in enumerate(ordered):
        if event.id not in until or event.kind != ScanKind.ENTRY:
            continue
        for later in ordered[position + 1 :]:
            if later.at > until[event.id] or (later.kind == ScanKind.EXIT and later.id not in until):
                break
            if later.kind == ScanKind.ENTRY and repeats(later, event):
                gone.add(later.id)
    return [event for event in ordered if event.id not in gone]


def stay_of(events: Sequence[Event]) -> Stay | None:
    """Presence, from what is effective; None where nobody came."""
    first: Event | None = None
    left_at: datetime | None = None
    for event in events:
        if event.kind == ScanKind.ENTRY:
            first, left_at = first or event, None
        elif first and left_at is None:
            left_at = event.at
    return Stay(first.id, first.desk_id, first.at, left_at) if first else None


def entries_open_at(events: Sequence[Event], moment: tuple[datetime, str]) -> Sequence[Event]:
    """The entries since the person last came in, before the moment; empty where the person is out."""
    end = begin = bisect_left(events, moment, key=_ORDER)
    while begin and events[begin - 1].kind is ScanKind.ENTRY:
        begin -= 1
    return events[begin:end]


def decide(events: Sequence[Event], event: Event, *, has_declined: bool) -> tuple[Verdict, Event | None]:
    """The verdict on an entry or exit, given what is effective, and the entry to point at.

    An entry made offline by another desk than those that let the person in is admitted all the same: the person is
    in the hall, nobody is refused afterwards, and the double becomes work for the office.
    """
    inside = entries_open_at(events, event.order)
    if event.kind == ScanKind.EXIT:
        return (Verdict.LEFT, None) if inside else (Verdict.NOT_IN, None)
    admitted = Verdict.DECLINED if has_declined else Verdict.ADMITTED
    if not inside:
        return admitted, None
    if event.is_on_paper:
        return Verdict.ALREADY_IN, inside[0]
    if event.offline and all(entry.desk_id != event.desk_id for entry in inside):
        return admitted, inside[0]
    return Verdict.ALREADY_IN, inside[0]


def lets_in(entry: Event) -> bool:
    """That the desk let the person in: it decided so by itself, or was told so."""
    return entry.offline or entry.verdict in LET_IN


def may_be_doubled(events: Iterable[Event]) -> bool:
    """False where no double of the person can exist or have existed, whatever was taken back since."""
    entries = [event for event in events if event.kind == ScanKind.ENTRY]
    return len({entry.desk_id for entry in entries}) > 1 and sum(map(lets_in, entries)) > 1


def doubles_of(events: Sequence[Event]) -> set[tuple[str, str]]:
    """Pairs (first, second) of entries by which two desks let the same person in, neither knowing of the other.

    Until the person goes out, the first entry makes a pair with the first by which each other desk let in as well. A
    tick on paper beside a scan is the same coming in, written down twice.
    """
    pairs: set[tuple[str, str]] = set()
    opener: Event | None = None
    desks: set[int] = set()
    for event in events:
        if event.kind == ScanKind.EXIT:
            opener = None
        elif opener is None:
            opener, desks = event, {event.desk_id}
        elif event.is_on_paper or event.desk_id in desks or not lets_in(event):
            continue
        elif opener.is_on_paper:
            opener, desks = event, {event.desk_id}
        else:
            pairs.add((opener.id, event.id))
            desks.add(event.desk_id)
    return pairs


# --- what is said about it


def sentence(verdict: Verdict, name: str, first_at: datetime | None, first_desk: str, is_same_desk: bool) -> Message:
    """One sentence for the volunteer; `name` is empty where nobody was recognised."""
    if verdict == Verdict.ALREADY_IN and first_at:
        if is_same_desk:
            return Message("%(name)s came in at this desk at %(time)s.", name=name, time=short_time(first_at))
        return Message(
            "%(name)s came in at %(desk)s at %(time)s.", name=name, desk=first_desk, time=short_time(first_at)
        )
    if verdict in LET_IN and first_at:
        return Message(
            "%(name)s had also come in at %(desk)s at %(time)s. Both stand; the office looks into it.",
            name=name,
            desk=first_desk,
            time=short_time(first_at),
        )
    sentences = {
        Verdict.ADMITTED: N_("%(name)s is in."),
        Verdict.DECLINED: N_("%(name)s had said not to come, and is in now."),
        Verdict.REVOKED: N_(
            "This code was replaced or withdrawn. Ask for the newest letter, or find %(name)s by name."
        ),
        Verdict.LEFT: N_("%(name)s has gone out."),
        Verdict.NOT_IN: N_("%(name)s was not in; nothing was changed."),
    }
    plain = {
        Verdict.ALREADY_IN: N_("This person is already in."),
        Verdict.UNKNOWN: N_("Nobody has this code. Look for the name, or register the person here."),
        Verdict.OTHER_SEMINAR: N_("This code belongs to another seminar."),
        Verdict.ANNULLED: N_("The scan was taken back."),
        Verdict.NOTHING_TO_ANNUL: N_("There is nothing to take back: it let nobody in, or it is taken back already."),
        Verdict.MALFORMED: N_("The scan could not be understood and was not stored. Scan again."),
        Verdict.CONFLICT: N_(
            "Another scan was stored under this number. Scan again; if it happens again, call the office."
        ),
        Verdict.REVOKED: N_("This code was replaced or withdrawn."),
    }
    if name and verdict in sentences:
        return Message(sentences[verdict], name=name)
    return Message(plain.get(verdict, VERDICT_LABELS[verdict]))
