"""Recording scans: the log grows, presence follows from it, in one transaction for all calls that came in together.

Nothing is asked row by row: what is known about every scan, code and person of the calls is read at once
(queries/scans.py), decided in memory by rules.py, and written at once. On PostgreSQL ids are locked first, then persons
in the order of their id; on SQLite there is one writer. The clock is asked after that, so that the times of scans made
online follow the order in which they were decided.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Connection, Table, bindparam, delete, insert, update

from seminar.checkin import rules
from seminar.checkin.forms.api import MalformedScan, ScanInput
from seminar.checkin.models import (
    Arrival,
    Desk,
    DoubleEntry,
    RehearsalArrival,
    RehearsalDouble,
    RehearsalScan,
    Scan,
    ScanKind,
    Source,
    Verdict,
)
from seminar.checkin.queries import Counts, PairedDesk, as_entry, counts_of, has_declined, sitting_of_scan
from seminar.checkin.queries import scans as history
from seminar.checkin.rules import Annulment, Event
from seminar.lib import codes

DESK = cast(Table, Desk.__table__)
_SEEN = (
    update(DESK)
    .where(DESK.c.id == bindparam("desk"))
    .values(last_seen_at=bindparam("at"), skew_seconds=bindparam("skew"))
)


@dataclass(frozen=True)
class Log:
    """The tables that scans and what follows from them are kept in."""

    scan: Table
    arrival: Table
    double: Table


DAY = Log(*(cast(Table, model.__table__) for model in (Scan, Arrival, DoubleEntry)))
REHEARSAL = Log(*(cast(Table, model.__table__) for model in (RehearsalScan, RehearsalArrival, RehearsalDouble)))
Place = tuple[int, int | None]
"""A person in a sitting: (delegate id, sitting id)."""


@dataclass(frozen=True)
class Call:
    """What one desk told in one request; `device_now` is its clock at that moment, where it said. `entered_by` is set
    where somebody of the staff copies the list on paper, or reads in what a desk had saved.
    """

    desk: PairedDesk
    scans: Sequence[ScanInput | MalformedScan]
    device_now: datetime | None = None
    entered_by: str = ""


@dataclass(frozen=True)
class Result:
    """The answer to one scan; `first_*` is the entry that an already_in or a double points to."""

    id: str | None
    verdict: Verdict
    person: dict[str, Any] | None = None
    first_at: datetime | None = None
    first_desk: str = ""
    first_desk_id: int | None = None


@dataclass(frozen=True)
class Answered:
    """`is_ended`: the desk's pairing was ended before, nothing was recorded and there are no results."""

    results: list[Result]
    counts: Counts
    is_ended: bool = False


@dataclass
class _Person:
    """What the log says of one person in one sitting; `standing` is what stands of it, once somebody asked."""

    events: list[Event] = field(default_factory=list)
    standing: list[Event] | None = None
    is_plain: bool = True
    is_changed: bool = False

    def add(self, event: Event, is_annulled: bool) -> None:
        """A scanner that is stuck tells one person hundreds of times: what comes last is only added."""
        self.events.append(event)
        if self.standing is None:
            return
        if self.is_plain and not is_annulled and (not self.standing or self.standing[-1].order < event.order):
            self.standing.append(event)
        else:
            self.standing = None


class _Known:
    """What was read for the calls, and what is going to be written."""

    def __init__(self, log: Log, ground: history.Ground) -> None:
        self.log = log
        self.ground = ground
        self.scans: dict[str, dict[str, Any]] = {}
        self.annulments: dict[tuple[int, str], list[Annulment]] = defaultdict(list)
        """By (seminar, annulled scan): nobody takes back a scan of another seminar."""
        self.codes: dict[str, tuple[int, int, bool]] = {}
        """By digest: delegate, seminar, whether it is in force."""
        self.numbers: dict[tuple[int, int], int] = {}
        self.people: dict[int, Any] = {}
        self.places: dict[Place, _Person] = defaultdict(_Person)
        self.latest: dict[int, datetime] = {}
        self.skews: dict[int, timedelta | None] = {}
        self.new: list[dict[str, Any]] = []

    def effective(self, place: Place) -> list[Event]:
        seminar_id, person = self.people[place[0]].seminar_id, self.places[place]
        if person.standing is None:
            some = [
                self.annulments[seminar_id, one.id] for one in person.events if (seminar_id, one.id) in self.annulments
            ]
            person.standing = rules.effective(person.events, [annulment for each in some for annulment in each])
            person.is_plain = not some
        return person.standing


def record_scans(connection: Connection, calls: Sequence[Call], clock: Callable[[], datetime]) -> list[Answered]:
    """Records the scans of the calls in their order and answers each; the caller commits before anybody is answered.

    The same id again is not recorded again and gets the answer it had; with another kind, person, annulled scan or
    sitting it is a conflict. What belongs to a rehearsal goes into the tables of rehearsals; the counts are those of
    what the scans of the call belong to, of an empty call those of the day.
    """
    ground = history.ground_of(connection, {call.desk.seminar_id for call in calls})
    ended = [not call.entered_by and _is_ended(ground, call) for call in calls]
    if any(ended):
        rest = iter(record_scans(connection, [call for call, is_ in zip(calls, ended, strict=True) if not is_], clock))
        return [Answered([], Counts(0, 0, 0, 0), is_ended=True) if is_ else next(rest) for is_ in ended]
    practised = [[_is_practised(call, scan, ground, clock()) for scan in call.scans] for call in calls]
    if not any(any(one) for one in practised):
        return _record_in(DAY, ground, connection, calls, clock)
    parts = {
        log: _record_in(
            log,
            ground,
            connection,
            [
                replace(call, scans=[scan for scan, is_in in zip(call.scans, mask, strict=True) if is_in == wanted])
                for call, mask in zip(calls, practised, strict=True)
            ],
            clock,
        )
        for log, wanted in ((DAY, False), (REHEARSAL, True))
    }
    answers = []
    for mask, day, rehearsal in zip(practised, parts[DAY], parts[REHEARSAL], strict=True):
        of_day, of_rehearsal = iter(day.results), iter(rehearsal.results)
        results = [next(of_rehearsal if is_in else of_day) for is_in in mask]
        answers.append(Answered(results, rehearsal.counts if any(mask) else day.counts))
    return answers


def _is_ended(ground: history.Ground, call: Call) -> bool:
    desk = ground.desks.get(call.desk.id)
    return desk is None or desk.revoked_at is not None


def _is_practised(call: Call, scan: ScanInput | MalformedScan, ground: history.Ground, received: datetime) -> bool:
    if isinstance(scan, MalformedScan) or (call.entered_by and scan.source == Source.PAPER):
        return False
    skew = received - call.device_now if call.device_now is not None else None
    # Whose clock is unknown is believed only of what it did without us.
    at = scan.server_at or rules.corrected_at(scan.at, scan.offline or skew is not None, skew, received)
    return rules.is_practised(scan.rehearsal, at, ground.rehearsals.get(call.desk.seminar_id, ()))


def _record_in(
    log: Log, ground: history.Ground, connection: Connection, calls: Sequence[Call], clock: Callable[[], datetime]
) -> list[Answered]:
    known = _read(log, ground, connection, calls)
    received = clock()
    results = []
    for call in calls:
        known.skews[call.desk.id] = _skew(known, call, received)
        results.append([_record(known, call, scan, received) for scan in call.scans])
    _write(connection, known, calls, received)
    counts: dict[int, Counts] = {}
    for call in calls:
        seminar_id = call.desk.seminar_id
        if seminar_id not in counts:
            sitting_id = sitting_of_scan(ground.sittings[seminar_id], received)
            counts[seminar_id] = counts_of(connection, seminar_id, sitting_id, log.arrival)
    return [
        Answered([_result(known, call, *one) for one in found], counts[call.desk.seminar_id])
        for call, found in zip(calls, results, strict=True)
    ]


# --- reading what is known


def _read(log: Log, ground: history.Ground, connection: Connection, calls: Sequence[Call]) -> _Known:
    known = _Known(log, ground)
    for desk_id, desk in ground.desks.items():
        known.skews[desk_id] = None if desk.skew_seconds is None else timedelta(seconds=desk.skew_seconds)
    scans = [(call, scan) for call in calls for scan in call.scans if isinstance(scan, ScanInput)]
    if not scans:
        return known
    ids = sorted({scan.id for _, scan in scans} | {scan.annuls for _, scan in scans if scan.annuls})
    if connection.dialect.name == "postgresql":
        keys = sorted(int.from_bytes(hashlib.sha256(one.encode()).digest()[:8], "big", signed=True) for one in ids)
        history.lock_ids(connection, keys)
    if any(scan.kind == ScanKind.ANNUL for _, scan in scans):
        for row in history.scans_by_id(connection, log.scan, ids):
            _know(known, row)
    _find_people(connection, known, scans)
    for row in history.scans_around(connection, log.scan, ids, known.people):
        _know(known, row)
    shown = {row["delegate_id"] for row in known.scans.values()} - known.people.keys() - {None}
    if shown:
        known.people |= {person.id: person for person in history.people_meant(connection, (), shown)}
    return known


def _know(known: _Known, scan: dict[str, Any]) -> None:
    """Takes a stored scan into what is known; the same one may be met twice."""
    if scan["id"] in known.scans:
        return
    known.scans[scan["id"]] = scan
    if scan["kind"] == ScanKind.ANNUL:
        known.annulments[scan["seminar_id"], scan["annuls"]].append(Annulment(scan["annuls"], scan["corrected_at"]))
        _remember_latest(known, scan)
    elif scan["delegate_id"] is not None and scan["verdict"] != Verdict.REVOKED:
        _happen(known, scan)


def _happen(known: _Known, scan: dict[str, Any]) -> None:
    event = Event(
        scan["id"],
        ScanKind(scan["kind"]),
        scan["desk_id"],
        scan["offline"],
        scan["corrected_at"],
        Verdict(scan["verdict"]),
        scan["source"] == Source.PAPER,
    )
    is_annulled = (scan["seminar_id"], event.id) in known.annulments
    known.places[scan["delegate_id"], scan["sitting_id"]].add(event, is_annulled)
    _remember_latest(known, scan)


def _remember_latest(known: _Known, scan: dict[str, Any]) -> None:
    delegate_id = scan["delegate_id"]
    if delegate_id is not None:
        known.latest[delegate_id] = max(scan["corrected_at"], known.latest.get(delegate_id, scan["corrected_at"]))


def _come_later(known: _Known, row: dict[str, Any]) -> None:
    """What was asked later comes later, within one moment and when the server's clock is set back."""
    latest = known.latest.get(row["delegate_id"])
    if not row["offline"] and latest is not None and latest >= row["corrected_at"]:
        row["corrected_at"] = latest + timedelta(microseconds=1)


def _find_people(connection: Connection, known: _Known, scans: list[tuple[Call, ScanInput]]) -> None:
    """Whom the codes, numbers and ids mean; locks them, so that all of their scans can be read then."""
    digests: set[str] = set()
    numbers: set[tuple[int, int]] = set()
    wanted: set[int] = set()
    for call, scan in scans:
        if scan.delegate_id is not None:
            wanted.add(scan.delegate_id)
        elif scan.payload is not None:
            code = rules.code_in(scan.payload)
            number = None if code else rules.number_in(scan.payload, scan.source)
            if code:
                digests.add(codes.digest(code))
            elif number is not None:
                numbers.add((call.desk.seminar_id, number))
    for seminar_id in {seminar_id for seminar_id, _ in numbers}:
        for one in history.numbered(connection, seminar_id, [number for of, number in numbers if of == seminar_id]):
            known.numbers[seminar_id, one.number] = one.id
            wanted.add(one.id)
    wanted |= {scan["delegate_id"] for scan in known.scans.values() if scan["delegate_id"] is not None}
    if not (digests or wanted):
        return
    for person in history.people_meant(connection, digests, wanted):
        known.people[person.id] = person
        if person.code_sha256 in digests:
            known.codes[person.code_sha256] = person.id, person.seminar_id, True
    for row in history.owners_of(connection, digests - known.codes.keys()) if digests - known.codes.keys() else ():
        known.codes[row.code_sha256] = row.delegate_id, row.seminar_id, row.revoked_at is None


# --- deciding


def _record(
    known: _Known, call: Call, scan: ScanInput | MalformedScan, received: datetime
) -> tuple[str | None, Verdict, dict[str, Any] | None]:
    """(id, verdict, the stored scan whose person and first entry the answer shows)."""
    if isinstance(scan, MalformedScan):
        return scan.given, Verdict.MALFORMED, None
    digest = hashlib.sha256(scan.payload.encode("utf-8", "replace")).hexdigest() if scan.payload is not None else ""
    told = known.scans.get(scan.id)
    if told is not None:
        if told["seminar_id"] != call.desk.seminar_id or not _is_same(known, call, scan, told, digest):
            return scan.given, Verdict.CONFLICT, None
        return scan.given, Verdict(told["verdict"]), told
    row: dict[str, Any] = {
        "id": scan.id,
        "seminar_id": call.desk.seminar_id,
        "desk_id": call.desk.id,
        "kind": scan.kind.value,
        "delegate_id": None,
        "sitting_id": None,
        "annuls": scan.annuls,
        "source": scan.source.value,
        "offline": scan.offline,
        "at": scan.at,
        "received_at": received,
        "corrected_at": rules.corrected_at(
            scan.at, scan.offline, known.skews[call.desk.id], received, server_at=scan.server_at
        ),
        "payload_length": len(scan.payload) if scan.payload is not None else 0,
        "payload_sha256": digest,
        "payload_digits": "",
        "verdict": "",
        "first_scan_id": None,
        "entered_by": call.entered_by,
    }
    sittings = known.ground.sittings[call.desk.seminar_id]
    if scan.sitting is not None and all(sitting.id != scan.sitting for sitting in sittings):
        return scan.given, Verdict.MALFORMED, None
    row["sitting_id"] = scan.sitting or sitting_of_scan(sittings, row["corrected_at"])
    verdict = _annul(known, call, row) if scan.kind == ScanKind.ANNUL else _decide(known, call, scan, row)
    row["verdict"] = verdict.value
    known.scans[scan.id] = row
    known.new.append(row)
    if scan.kind != ScanKind.ANNUL and row["delegate_id"] is not None and verdict != Verdict.REVOKED:
        _happen(known, row)
        known.places[row["delegate_id"], row["sitting_id"]].is_changed = True
    return scan.given, verdict, row


def _skew(known: _Known, call: Call, received: datetime) -> timedelta | None:
    online = (scan.at for scan in call.scans if isinstance(scan, ScanInput) and not scan.offline)
    return rules.measured_skew(received, call.device_now, online, known.skews.get(call.desk.id))


def _whom(known: _Known, call: Call, scan: ScanInput) -> tuple[int | None, Verdict | None, str]:
    """(delegate id, the verdict if it is settled by that alone, digits to keep)."""
    seminar_id = call.desk.seminar_id
    if scan.delegate_id is not None or scan.payload is None:
        found, code = scan.delegate_id, None
    else:
        code = rules.code_in(scan.payload)
        number = None if code else rules.number_in(scan.payload, scan.source)
        found = known.numbers.get((seminar_id, number)) if number is not None else None
    if code:
        invitation = known.codes.get(codes.digest(code))
        if invitation is None:
            return None, Verdict.UNKNOWN, code
        owner_id, its_seminar_id, is_in_force = invitation
        if its_seminar_id != seminar_id:
            return None, Verdict.OTHER_SEMINAR, code
        if not is_in_force or known.people[owner_id].removed_at is not None:
            return owner_id, Verdict.REVOKED, ""
        return owner_id, None, ""
    person = known.people.get(found) if found is not None else None
    if person is None or person.seminar_id != seminar_id or person.removed_at is not None:
        return None, Verdict.UNKNOWN, ""
    return person.id, None, ""


def _decide(known: _Known, call: Call, scan: ScanInput, row: dict[str, Any]) -> Verdict:
    row["delegate_id"], settled, row["payload_digits"] = _whom(known, call, scan)
    if settled:
        return settled
    _come_later(known, row)
    if (call.desk.seminar_id, scan.id) in known.annulments:
        return Verdict.ANNULLED
    on_paper = scan.source == Source.PAPER
    event = Event(scan.id, scan.kind, call.desk.id, scan.offline, row["corrected_at"], is_on_paper=on_paper)
    verdict, first = rules.decide(
        known.effective((row["delegate_id"], row["sitting_id"])),
        event,
        has_declined=has_declined(known.people[row["delegate_id"]]),
    )
    row["first_scan_id"] = first.id if first else None
    return verdict


def _annul(known: _Known, call: Call, row: dict[str, Any]) -> Verdict:
    """Takes a scan back, also one that has not come in yet: it will count for nothing when it does."""
    key = call.desk.seminar_id, row["annuls"]
    target = known.scans.get(row["annuls"])
    if target and target["seminar_id"] != call.desk.seminar_id:
        target = None
    has_effect = target is not None and target["verdict"] in rules.COUNTS and key not in known.annulments
    if target:
        row["delegate_id"], row["sitting_id"] = target["delegate_id"], target["sitting_id"]
        if target["delegate_id"] is not None:
            place = known.places[target["delegate_id"], target["sitting_id"]]
            place.is_changed, place.standing = True, None
            _come_later(known, row)
            _remember_latest(known, row)
    known.annulments[key].append(Annulment(row["annuls"], row["corrected_at"]))
    return Verdict.ANNULLED if has_effect else Verdict.NOTHING_TO_ANNUL


def _is_same(known: _Known, call: Call, scan: ScanInput, told: dict[str, Any], digest: str) -> bool:
    """That a scan with a known id says what it said before. Time, source and offline may differ; so may the way in
    which the same person is named. A sitting that is not named is the one it was."""
    if told["kind"] != scan.kind or told["annuls"] != scan.annuls:
        return False
    if scan.kind == ScanKind.ANNUL:
        return True
    if scan.sitting is not None and scan.sitting != told["sitting_id"]:
        return False
    if scan.payload is not None and digest == told["payload_sha256"]:
        return True
    found, _, digits = _whom(known, call, scan)
    if found is not None or told["delegate_id"] is not None:
        return found == told["delegate_id"]
    return bool(digits) and digits == told["payload_digits"]


# --- writing


def _write(connection: Connection, known: _Known, calls: Sequence[Call], received: datetime) -> None:
    if known.new:
        connection.execute(insert(known.log.scan), known.new)
        seminar_of = {row["delegate_id"]: row["seminar_id"] for row in known.scans.values()}
        places = [place for place, person in known.places.items() if person.is_changed]
        if places:
            _write_arrivals(connection, known, places, seminar_of)
            _write_doubles(connection, known, places, seminar_of)
    seen = [
        {"desk": desk_id, "at": received, "skew": None if skew is None else skew.total_seconds()}
        for desk_id, skew in (
            (desk_id, known.skews[desk_id])
            for desk_id in sorted({call.desk.id for call in calls if not call.entered_by})
        )
        if rules.is_seen_anew(known.ground.desks[desk_id], skew, received)
    ]
    if seen:
        connection.execute(_SEEN, seen)


def _write_arrivals(connection: Connection, known: _Known, places: list[Place], seminar_of: dict[int, int]) -> None:
    """Makes the arrivals of the places what the scans say; a place nobody came to has none."""
    table = known.log.arrival
    stored: dict[Place, Any] = {
        (row.delegate_id, row.sitting_id): row
        for row in history.kept_of(connection, table, {delegate_id for delegate_id, _ in places})
    }
    fresh = []
    for place in places:
        stay, row = rules.stay_of(known.effective(place)), stored.get(place)
        if stay is None:
            if row is not None:
                connection.execute(delete(table).where(table.c.id == row.id))
            continue
        values = {
            "scan_id": stay.scan_id,
            "desk_id": stay.desk_id,
            "arrived_at": stay.arrived_at,
            "left_at": stay.left_at,
        }
        if row is None:
            fresh.append(
                {"seminar_id": seminar_of[place[0]], "delegate_id": place[0], "sitting_id": place[1], **values}
            )
        elif any(getattr(row, name) != value for name, value in values.items()):
            connection.execute(update(table).where(table.c.id == row.id).values(**values))
    if fresh:
        connection.execute(insert(table), fresh)


def _write_doubles(connection: Connection, known: _Known, places: list[Place], seminar_of: dict[int, int]) -> None:
    """Lists new double entries and drops open ones that an annulment explains; settled ones stay."""
    places = [place for place in places if rules.may_be_doubled(known.places[place].events)]
    if not places:
        return
    table = known.log.double
    wanted = {pair: place for place in places for pair in rules.doubles_of(known.effective(place))}
    ours = {event.id for place in places for event in known.places[place].events}
    stored: dict[tuple[str, str], Any] = {
        (row.first_scan_id, row.second_scan_id): row
        for row in history.kept_of(connection, table, {delegate_id for delegate_id, _ in places})
    }
    for pair, row in stored.items():
        if pair not in wanted and pair[0] in ours and row.settled_at is None:
            connection.execute(delete(table).where(table.c.id == row.id))
    fresh = [
        {
            "seminar_id": seminar_of[place[0]],
            "delegate_id": place[0],
            "first_scan_id": pair[0],
            "second_scan_id": pair[1],
            "settled_by": "",
            "settlement": "",
        }
        for pair, place in wanted.items()
        if pair not in stored
    ]
    if fresh:
        connection.execute(insert(table), fresh)


# --- answering


def _result(known: _Known, call: Call, id_: str | None, verdict: Verdict, scan: dict[str, Any] | None) -> Result:
    if scan is None:
        return Result(id_, verdict)
    person = known.people.get(scan["delegate_id"]) if scan["delegate_id"] is not None else None
    first = known.scans.get(scan["first_scan_id"]) if scan["first_scan_id"] else None
    return Result(
        id_,
        verdict,
        as_entry(person) if person is not None else None,
        first["corrected_at"] if first else None,
        known.ground.desks[first["desk_id"]].name if first else "",
        first["desk_id"] if first else None,
    )
