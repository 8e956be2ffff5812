"""A person who stands at the desk and is on no list."""

from datetime import datetime

from sqlalchemy import select

from seminar.access.actor import Actor, ActorKind, Channel
from seminar.audit.models import record
from seminar.checkin.actions.scans import Answered, Call, Result, record_scans
from seminar.checkin.forms.api import ScanInput, WalkInInput
from seminar.checkin.models import Question, Scan, ScanKind, Source, Verdict, WalkIn
from seminar.checkin.queries import PairedDesk, counts_of, rehearsal_now, sitting_now
from seminar.checkin.queries.roster import REHEARSAL
from seminar.checkin.queries.walk_ins import like_of, represented
from seminar.checkin.rules import code_in
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
    hold_seminar(seminar.id)
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
    rest = {
        "group": "",
        "group_code": "",
        "rank": 0,
        "seat": "",
        "alert": "",
        "answer": None,
        "proxy": None,
        "represented": None,
    }
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
        _require_replaceable(replaced, told)
    by = Actor(ActorKind.DESK, desk.name, desk.id, channel=Channel.DESK)
    body = clean(told.unit)
    unit = units_by_folded_name(seminar.held_on).get(fold(body)) if body else None
    alike = None if told.is_another else like_of(seminar.id, name, body, unit.id if unit else None)
    if alike is not None and not told.offline and not alike.is_in:
        raise _already(alike.delegate)
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
            question=_question(replaced, alike is not None),
            like_id=alike.delegate.id if alike else None,
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


def _question(replaced: Delegate | None, is_like: bool) -> Question | None:
    if replaced is not None and replaced.group.proxy_rule == ProxyRule.NONE:
        return Question.FORBIDDEN_PROXY
    if replaced is not None and replaced.group.proxy_rule == ProxyRule.APPROVAL:
        return Question.PROXY
    return Question.LIKENESS if is_like else None


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
