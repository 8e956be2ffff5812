"""A person who stands at the desk and is on no list."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from seminar.access.actor import Actor, ActorKind, Channel
from seminar.audit.models import record
from seminar.checkin.actions.scans import Answered, Call, Result, record_scans
from seminar.checkin.forms.api import ScanInput, WalkInInput
from seminar.checkin.models import (
    Arrival,
    Desk,
    Question,
    RehearsalArrival,
    Scan,
    ScanKind,
    Source,
    Verdict,
    WalkIn,
)
from seminar.checkin.queries import PairedDesk, counts_of, sitting_now
from seminar.checkin.queries.rehearsals import periods_of
from seminar.checkin.queries.roster import REHEARSAL
from seminar.checkin.queries.walk_ins import Like, like_of, represented
from seminar.checkin.rules import code_in, corrected_at, is_practised
from seminar.delegates.actions import add_delegate
from seminar.delegates.models import Delegate
from seminar.delegates.rules import DelegateRow, name_key
from seminar.invitations.models import ProxyOutcome
from seminar.invitations.queries import proxies_in_force
from seminar.lib.database import db
from seminar.lib.errors import N_, Refused
from seminar.lib.text import clean, fold
from seminar.planning.models import Group, ProxyRule, Seminar
from seminar.planning.queries import groups_of, hold_seminar, units_by_folded_name


class AlreadyListed(Refused):
    """Somebody of the list has this name and unit and is not in yet; `delegate_id` is who."""

    delegate_id: int


@dataclass(frozen=True)
class _Telling:
    """A walk-in as it is registered: `at` is when it happened by the server's clock, `by` the desk, or who of the
    staff hands in what the desk kept.
    """

    seminar: Seminar
    desk: PairedDesk
    told: WalkInInput
    name: str
    at: datetime
    by: Actor
    entered_by: str = ""


@dataclass(frozen=True)
class _Checked:
    """What the rules said of a walk-in that is not refused."""

    replaced: Delegate | None
    like: Like | None
    unit_id: int | None
    groups: list[Group]

    @property
    def question(self) -> Question | None:
        rule = self.replaced.group.proxy_rule if self.replaced else None
        if rule == ProxyRule.NONE:
            return Question.FORBIDDEN_PROXY
        if rule == ProxyRule.APPROVAL:
            return Question.PROXY
        return Question.LIKENESS if self.like else None


def register_walk_in(
    seminar: Seminar, desk: PairedDesk, told: WalkInInput, now: datetime, *, by: Actor | None = None
) -> Answered:
    """Adds the person to the list and lets them in. The same id again changes nothing and gets the same answer; with
    another name or another person replaced it is refused. Who names no group goes to "chưa phân nhóm". `by` is who of
    the staff hands in what a desk kept, whose pairing may have ended.
    """
    name = clean(told.name)
    if not name:
        raise Refused("Give the person's name.")
    if any(code_in(said or "") for said in (name, told.position, told.unit)):
        raise Refused("This is the code of a letter, no name: scan it into the field for codes.")
    telling = _Telling(
        seminar,
        desk,
        told,
        name,
        _happened_at(desk, told, now),
        by or Actor(ActorKind.DESK, desk.name, desk.id, channel=Channel.DESK),
        by.name[:200] if by else "",
    )
    hold_seminar(seminar.id)
    known = db.session.get(WalkIn, told.id)
    if known is None and is_practised(told.rehearsal, telling.at, periods_of(seminar.id)):
        return _practise(telling, now)
    if known is None:
        _add(telling, now)
    elif not _is_same(known, desk, told, name):
        raise Refused("Another person was registered under this number; register again.")
    delegate_id = db.session.scalar(select(WalkIn.delegate_id).where(WalkIn.id == told.id))
    return _enter(telling, delegate_id or 0, now)


def _happened_at(desk: PairedDesk, told: WalkInInput, now: datetime) -> datetime:
    """By the rule of scans."""
    seconds = db.session.scalar(select(Desk.skew_seconds).where(Desk.id == desk.id))
    skew = None if seconds is None else timedelta(seconds=seconds)
    return corrected_at(told.at, told.offline, skew, now, server_at=told.server_at)


def _practise(telling: _Telling, now: datetime) -> Answered:
    """In a rehearsal nobody comes onto the list: the desk is refused what it would be refused on the day, else it only
    sees what it would see."""
    seminar, told = telling.seminar, telling.told
    checked = _check(telling, RehearsalArrival)
    group = checked.groups[0].name if checked.groups else ""
    person = {
        "id": None,
        "number": None,
        "name": telling.name,
        "position": clean(told.position),
        "unit": clean(told.unit),
    }
    rest = {
        "group": group,
        "group_code": "",
        "rank": 0,
        "seat": "",
        "alert": "",
        "answer": None,
        "proxy": None,
        "represented": None,
        "hand_out": checked.groups[0].hand_out if checked.groups else "",
    }
    sitting = sitting_now(seminar.id, now)
    counts = counts_of(db.session.connection(), seminar.id, sitting.id if sitting else None, REHEARSAL)
    return Answered([Result(told.id, Verdict.ADMITTED, person | rest)], counts)


def _check(telling: _Telling, arrival: type[Arrival | RehearsalArrival]) -> _Checked:
    """Refuses by the rules of the group replaced and of likeness; `arrival` tells who is in."""
    seminar, told = telling.seminar, telling.told
    replaced = None
    if told.instead_of is not None:
        replaced = db.session.scalar(
            select(Delegate).where(
                Delegate.id == told.instead_of, Delegate.seminar_id == seminar.id, Delegate.removed_at.is_(None)
            )
        )
        if replaced is None:
            raise Refused("The person to be replaced is not on the list.")
        _require_replaceable(replaced, told)
    body = clean(told.unit)
    unit = units_by_folded_name(seminar.held_on).get(fold(body)) if body else None
    unit_id = unit.id if unit else None
    alike = None if told.is_another else like_of(seminar.id, telling.name, body, unit_id, arrival)
    if alike is not None and not told.offline and not alike.is_in:
        raise _already(alike.delegate)
    return _Checked(replaced, alike, unit_id, _groups(seminar, clean(told.group)))


def _add(telling: _Telling, now: datetime) -> None:
    seminar, desk, told = telling.seminar, telling.desk, telling.told
    if db.session.get(Scan, told.id) is not None:
        raise Refused("Another person was registered under this number; register again.")
    checked = _check(telling, Arrival)
    replaced = checked.replaced
    row = DelegateRow(
        name=telling.name,
        position=clean(told.position),
        body=clean(told.unit),
        unit_id=checked.unit_id,
        note=(f"Đăng ký tại {desk.name}" + (f", dự thay {replaced.name} (số {replaced.number})" if replaced else "")),
    )
    delegate = add_delegate(seminar, row, checked.groups, telling.by, now, may_repeat=True)
    db.session.flush()
    answered = _enter(telling, delegate.id, now)
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
            question=checked.question,
            like_id=checked.like.delegate.id if checked.like else None,
        )
    )
    db.session.flush()
    record(
        telling.by,
        now,
        "register",
        "walk-in",
        seminar_id=seminar.id,
        object_id=delegate.id,
        summary=delegate.name,
        verdict=answered.results[0].verdict,
        instead_of=replaced.number if replaced else None,
    )


def _require_replaceable(replaced: Delegate, told: WalkInInput) -> None:
    """By the rule of the group (domain.md, "Cử người dự thay"), and once; whom a desk without connection let in is in."""
    if told.offline:
        return
    if replaced.group.proxy_rule == ProxyRule.NONE:
        raise Refused(
            "%(name)s belongs to “%(group)s”, whose members come in person: nobody can come instead. Ask the office.",
            name=replaced.name,
            group=replaced.group.name,
        )
    expected = proxies_in_force([replaced.id]).get(replaced.id)
    if expected is not None and name_key(expected.name) == name_key(told.name):
        raise Refused(
            "%(proxy)s is expected instead of %(name)s already: choose number %(number)s.",
            proxy=expected.name,
            name=replaced.name,
            number=replaced.number,
        )
    standing = represented([replaced.id]).get(replaced.id)
    if standing is not None:
        raise Refused(
            "%(proxy)s (number %(number)s) came instead of %(name)s already. Ask the office.",
            proxy=standing.name,
            number=standing.number,
            name=replaced.name,
        )


def _already(delegate: Delegate) -> AlreadyListed:
    refusal = AlreadyListed(
        N_("On the list already: number %(number)s, %(who)s. Choose the name, or say that it is another person."),
        number=delegate.number,
        who=", ".join(part for part in (delegate.name, delegate.position, delegate.body) if part),
    )
    refusal.delegate_id = delegate.id
    return refusal


def settle_walk_in(walk_in: WalkIn, outcome: ProxyOutcome | None, settlement: str, by: Actor, now: datetime) -> None:
    """What the office decided about a walk-in; the first decision stays. The person stays in the hall either way: who
    was let in wrongly is taken back at the desk."""
    settlement = clean(settlement)[:500]
    is_proxy = walk_in.question in (Question.PROXY, Question.FORBIDDEN_PROXY)
    if is_proxy and outcome not in (ProxyOutcome.APPROVED, ProxyOutcome.REFUSED):
        raise Refused("Say whether this person may stand in: approved or refused.")
    if not settlement and not is_proxy:
        raise Refused("Write what was found.")
    if walk_in.settled_at is not None:
        return
    walk_in.outcome = outcome if is_proxy else None
    walk_in.settled_at, walk_in.settled_by = now, by.name[:200]
    walk_in.settlement = settlement or ("Đồng ý" if outcome == ProxyOutcome.APPROVED else "Không đồng ý")
    record(
        by,
        now,
        "settle",
        "walk-in",
        seminar_id=walk_in.delegate.seminar_id,
        object_id=walk_in.delegate_id,
        summary=walk_in.delegate.name,
        settlement=walk_in.settlement,
        outcome=walk_in.outcome,
    )


def see_to_refused(walk_in: WalkIn, seen_to: str, by: Actor, now: datetime) -> None:
    """What was done about a proxy who was in when it was refused: sent off, or let stay, and why; the first word stays."""
    seen_to = clean(seen_to)[:500]
    if walk_in.outcome != ProxyOutcome.REFUSED:
        raise Refused("Only a proxy who was refused is seen to here.")
    if not seen_to:
        raise Refused("Write what was done.")
    if walk_in.seen_to_at is not None:
        return
    walk_in.seen_to_at, walk_in.seen_to_by, walk_in.seen_to = now, by.name[:200], seen_to
    record(
        by,
        now,
        "settle",
        "walk-in",
        seminar_id=walk_in.delegate.seminar_id,
        object_id=walk_in.delegate_id,
        summary=walk_in.delegate.name,
        seen_to=seen_to,
    )


def _enter(telling: _Telling, delegate_id: int, now: datetime) -> Answered:
    """The entry of the person: a scan under the walk-in's own id, so that it can be taken back like any other."""
    told = telling.told
    entry = ScanInput.model_validate(
        {
            "id": told.id,
            "kind": ScanKind.ENTRY,
            "delegate_id": delegate_id,
            "source": Source.SEARCH,
            "at": told.at.isoformat(),
            "server_at": telling.at.isoformat(),
            "offline": told.offline,
            "sitting": told.sitting,
        }
    )
    call = Call(telling.desk, [entry], entered_by=telling.entered_by)
    answered = record_scans(db.session.connection(), [call], lambda: now)[0]
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
