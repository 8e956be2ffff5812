"""A person who stands at the desk and is on no list."""

from datetime import datetime

from sqlalchemy import select

from seminar.access.actor import Actor, ActorKind, Channel
from seminar.audit.models import record
from seminar.checkin.actions.scans import Answered, Call, Result, record_scans
from seminar.checkin.forms.api import ScanInput, WalkInInput
from seminar.checkin.models import Scan, ScanKind, Source, Verdict, WalkIn
from seminar.checkin.queries import PairedDesk, counts_of, rehearsal_now, sitting_now
from seminar.checkin.queries.roster import REHEARSAL
from seminar.checkin.rules import code_in
from seminar.delegates.actions import add_delegate
from seminar.delegates.models import Delegate
from seminar.delegates.rules import DelegateRow, name_key
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.text import clean, fold
from seminar.planning.models import Group, Seminar
from seminar.planning.queries import groups_of, units_by_folded_name


def register_walk_in(seminar: Seminar, desk: PairedDesk, told: WalkInInput, now: datetime) -> Answered:
    """Adds the person to the list and lets them in. The same id again changes nothing and gets the same answer; with
    another name or another person replaced it is refused. Who names no group goes to "chưa phân nhóm".
    """
    name = clean(told.name)
    if not name:
        raise Refused("Give the person's name.")
    if any(code_in(said or "") for said in (name, told.position, told.unit)):
        raise Refused("This is the code of a letter, no name: scan it into the field for codes.")
    if rehearsal_now(seminar.id, now) is not None or told.rehearsal:
        return _practise(seminar, told, name, now)
    known = db.session.get(WalkIn, told.id)
    if known is None:
        _add(seminar, desk, told, name, now)
    elif not _is_same(known, desk, told, name):
        raise Refused("Another person was registered under this number; register again.")
    delegate_id = db.session.scalar(select(WalkIn.delegate_id).where(WalkIn.id == told.id))
    return _enter(desk, told, delegate_id or 0, now)


def _practise(seminar: Seminar, told: WalkInInput, name: str, now: datetime) -> Answered:
    """In a rehearsal nobody comes onto the list: the desk only sees what it would see."""
    person = {"id": None, "number": None, "name": name, "position": clean(told.position), "unit": clean(told.unit)}
    rest = {"group": "", "group_code": "", "rank": 0, "seat": "", "alert": "", "answer": None, "proxy": None}
    sitting = sitting_now(seminar.id, now)
    counts = counts_of(db.session.connection(), seminar.id, sitting.id if sitting else None, REHEARSAL)
    return Answered([Result(told.id, Verdict.ADMITTED, person | rest)], counts)


def _add(seminar: Seminar, desk: PairedDesk, told: WalkInInput, name: str, now: datetime) -> None:
    if db.session.get(Scan, told.id) is not None:
        raise Refused("Another person was registered under this number; register again.")
    replaced = None
    if told.instead_of is not None:
        replaced = db.session.scalar(
            select(Delegate).where(
                Delegate.id == told.instead_of, Delegate.seminar_id == seminar.id, Delegate.removed_at.is_(None)
            )
        )
        if replaced is None:
            raise Refused("The person to be replaced is not on the list.")
    by = Actor(ActorKind.DESK, desk.name, desk.id, channel=Channel.DESK)
    body = clean(told.unit)
    unit = units_by_folded_name(seminar.held_on).get(fold(body)) if body else None
    row = DelegateRow(
        name=name,
        position=clean(told.position),
        body=body,
        unit_id=unit.id if unit else None,
        note=(f"Đăng ký tại {desk.name}" + (f", dự thay {replaced.name} (số {replaced.number})" if replaced else "")),
    )
    delegate = add_delegate(seminar, row, _groups(seminar, clean(told.group)), by, now, may_repeat=True)
    db.session.flush()
    answered = _enter(desk, told, delegate.id, now)
    scan = db.session.get_one(Scan, told.id)
    db.session.add(
        WalkIn(
            id=told.id,
            delegate_id=delegate.id,
            instead_of_id=replaced.id if replaced else None,
            desk_id=desk.id,
            scan_id=scan.id,
            at=told.at,
            received_at=scan.received_at,
        )
    )
    db.session.flush()
    record(
        by,
        now,
        "register",
        "walk-in",
        seminar_id=seminar.id,
        object_id=delegate.id,
        summary=delegate.name,
        verdict=answered.results[0].verdict,
        instead_of=replaced.number if replaced else None,
    )


def _enter(desk: PairedDesk, told: WalkInInput, delegate_id: int, now: datetime) -> Answered:
    """The entry of the person: a scan under the walk-in's own id, so that it can be taken back like any other."""
    entry = ScanInput.model_validate(
        {
            "id": told.id,
            "kind": ScanKind.ENTRY,
            "delegate_id": delegate_id,
            "source": Source.SEARCH,
            "at": told.at.isoformat(),
            "offline": told.offline,
            "sitting": told.sitting,
        }
    )
    answered = record_scans(db.session.connection(), [Call(desk, [entry])], lambda: now)[0]
    if answered.is_ended:
        raise Refused("This device is not paired, or its pairing was ended. Keep what is queued and ask the office.")
    if answered.results[0].person is None:
        raise Refused("The sitting is not one of this seminar.")
    return answered


def _is_same(known: WalkIn, desk: PairedDesk, told: WalkInInput, name: str) -> bool:
    delegate = db.session.get_one(Delegate, known.delegate_id)
    return (
        delegate.seminar_id == desk.seminar_id
        and delegate.name_folded == name_key(name)
        and known.instead_of_id == told.instead_of
    )


def _groups(seminar: Seminar, wanted: str) -> list[Group]:
    """The group by code or name; none for whoever names none: never guessed."""
    if not wanted:
        return []
    for group in groups_of(seminar):
        if fold(wanted) in (fold(group.code), fold(group.name)):
            return [group]
    raise Refused("There is no group “%(name)s”.", name=wanted)
