"""What is done with the list of delegates."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select

from seminar.access.actor import Actor
from seminar.audit.models import record
from seminar.delegates import importing, queries
from seminar.delegates.models import Delegate, ImportDraft, Membership
from seminar.delegates.rules import (
    STORED,
    DelegateRow,
    GroupFacts,
    Judged,
    ListRow,
    People,
    Person,
    Verdict,
    closed_refusal,
    derived,
    judge,
    place_of,
)
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.planning.models import Group, QuotaKind, Seminar, Unit

COLUMNS = tuple(one.name for one in fields(DelegateRow))


def next_number(seminar: Seminar) -> int:
    """The next short number; numbers of removed delegates are not used again. Holds other writers off until commit."""
    db.session.execute(select(Seminar.id).where(Seminar.id == seminar.id).with_for_update())
    last = db.session.scalar(select(func.max(Delegate.number)).where(Delegate.seminar_id == seminar.id))
    return (last or 0) + 1


def add_delegate(
    seminar: Seminar,
    values: DelegateRow,
    groups: Sequence[Group],
    by: Actor,
    now: datetime,
    *,
    may_repeat: bool = False,
) -> Delegate:
    """Adds one person; the first of `groups` is the primary one, none means "chưa phân nhóm".

    Refuses somebody who is there already (unless `may_repeat`: at the desk nobody is sent away) and more than a closed
    list takes.
    """
    number = next_number(seminar)
    chosen = _chosen(seminar, groups)
    _refuse_closed(chosen)
    row = derived(values, _unit_name(values.unit_id))
    if not may_repeat:
        same = People(queries.people(seminar, str(row["name_folded"]))).same_as(_person(values, row))
        if same is not None and not same.is_unnamed:
            raise Refused(
                "%(name)s is on the list already, as number %(number)s.", name=values.name, number=same.number
            )
    delegate = Delegate(
        seminar_id=seminar.id, number=number, created_at=now, created_by=by.name[:200], **(asdict(values) | row)
    )
    delegate.memberships = [Membership(group=group, is_primary=group is chosen[0]) for group in chosen]
    db.session.add(delegate)
    db.session.flush()
    record(
        by, now, "add", "delegate", seminar_id=seminar.id, object_id=delegate.id, summary=delegate.name, number=number
    )
    return delegate


def change_delegate(
    seminar: Seminar, delegate: Delegate, values: DelegateRow, groups: Sequence[Group], by: Actor, now: datetime
) -> None:
    """Writes the details anew; the audit keeps which fields changed. Refuses more than a closed list takes."""
    next_number(seminar)  # one at a time: quotas are counted below
    chosen = _chosen(seminar, groups)
    before = {membership.group.code for membership in delegate.memberships}
    _refuse_closed([group for group in chosen if group.code not in before])
    changed = [name for name in COLUMNS if getattr(delegate, name) != getattr(values, name)]
    for name, value in (asdict(values) | derived(values, _unit_name(values.unit_id))).items():
        setattr(delegate, name, value)
    primary_before = delegate.group.code
    if (primary_before, before) != (chosen[0].code, {group.code for group in chosen}):
        changed.append("groups")
        _set_groups(delegate, chosen)
    if changed:
        record(
            by,
            now,
            "change",
            "delegate",
            seminar_id=seminar.id,
            object_id=delegate.id,
            summary=delegate.name,
            fields=changed,
        )


def regroup_delegates(seminar: Seminar, delegates: Sequence[Delegate], group: Group, by: Actor, now: datetime) -> int:
    """Moves each from the primary group into this one; further groups stay. Returns how many moved.

    Refuses all of them where a closed list cannot take all. Doing it twice is harmless.
    """
    next_number(seminar)  # one at a time: quotas are counted below
    [group] = _chosen(seminar, [group])
    moving = [delegate for delegate in delegates if delegate.group is not group]
    joining = [one for one in moving if all(membership.group is not group for membership in one.memberships)]
    if group.quota_kind == QuotaKind.CLOSED and joining:
        count = queries.membership_count(group) + len(joining) - 1
        refusal = closed_refusal(group.name, group.quota_count or 0, count)
        if refusal:
            raise Refused(refusal.msgid, **refusal.values)
    for delegate in moving:
        further = [one.group for one in delegate.memberships if not one.is_primary]
        _set_groups(delegate, [group, *(one for one in further if one is not group)])
    if moving:
        numbers = [delegate.number for delegate in moving]
        summary = f"{len(moving)} → {group.code}"
        record(by, now, "move", "delegate", seminar_id=seminar.id, object_id=group.id, summary=summary, numbers=numbers)
    return len(moving)


def remove_delegate(delegate: Delegate, reason: str, by: Actor, now: datetime) -> None:
    """Takes the person off the list; number and record stay. Doing it twice is harmless."""
    if delegate.removed_at is None:
        delegate.removed_at, delegate.removed_by = now, by.name[:200]
        record(
            by,
            now,
            "remove",
            "delegate",
            seminar_id=delegate.seminar_id,
            object_id=delegate.id,
            summary=delegate.name,
            reason=reason[:300],
        )


def _chosen(seminar: Seminar, groups: Sequence[Group]) -> list[Group]:
    """The groups without doubles, or "chưa phân nhóm" where none is given."""
    chosen = list(dict.fromkeys(groups))
    if not chosen:
        unassigned = queries.unassigned_group(seminar)
        if unassigned is None:
            raise Refused("Choose a group.")
        chosen = [unassigned]
    if any(group.seminar_id != seminar.id for group in chosen):
        raise Refused("Choose a group.")
    return chosen


def _refuse_closed(groups: Sequence[Group]) -> None:
    for group in groups:
        if group.quota_kind == QuotaKind.CLOSED:
            count = queries.membership_count(group)
            refusal = closed_refusal(group.name, group.quota_count or 0, count)
            if refusal:
                raise Refused(refusal.msgid, **refusal.values)


def _set_groups(delegate: Delegate, groups: Sequence[Group]) -> None:
    """One primary at a time in the database: the old one is written off before the new one is written."""
    for membership in list(delegate.memberships):
        if membership.group not in groups:
            delegate.memberships.remove(membership)
        else:
            membership.is_primary = False
    db.session.flush()
    there = {membership.group: membership for membership in delegate.memberships}
    for group in groups:
        if group not in there:
            there[group] = Membership(group=group, is_primary=False)
            delegate.memberships.append(there[group])
    there[groups[0]].is_primary = True
    db.session.flush()


def _unit_name(unit_id: int | None) -> str:
    unit = db.session.get(Unit, unit_id) if unit_id else None
    return unit.name if unit else ""


def _person(values: DelegateRow, row: dict[str, Any]) -> Person:
    return Person(
        name_folded=row["name_folded"],
        phones=frozenset(phone for phone in (values.phone, values.phone_2) if phone),
        email=values.email.casefold(),
        place=place_of(values.unit_id, values.body),
        is_unnamed=row["is_unnamed"],
    )


# Lists


def draft_import(
    seminar: Seminar, filename: str, file_sha256: str, packed: bytes, group: Group | None, by: Actor, now: datetime
) -> ImportDraft:
    """Keeps what was read of a list, to be looked at; no delegate is stored."""
    draft = ImportDraft(
        seminar_id=seminar.id,
        filename=filename[:300],
        file_sha256=file_sha256,
        group_id=group.id if group else None,
        rows=packed,
        created_at=now,
        created_by=by.name[:200],
    )
    db.session.add(draft)
    db.session.flush()
    record(
        by, now, "read", "list", seminar_id=seminar.id, object_id=draft.id, summary=draft.filename, sha256=file_sha256
    )
    return draft


@dataclass(frozen=True)
class Stored:
    """What storing a list did."""

    added: int
    joined: int
    known: int
    judged: list[Judged]
    """What was done with each row, in the order of the rows."""

    @property
    def wrong_count(self) -> int:
        return sum(one.verdict == Verdict.ERROR for one in self.judged)


def judged_rows(seminar: Seminar, rows: Sequence[ListRow], default: str) -> list[Judged]:
    """What each row means for the list as it is at this moment."""
    return judge(rows, queries.people(seminar), queries.group_facts(seminar), default)


def store_draft(seminar: Seminar, draft_id: int, chosen: Collection[int] | None, by: Actor, now: datetime) -> Stored:
    """Stores all good rows of a draft, or those chosen (positions in the draft); all or none in one transaction.

    The whole list is stored once only; rows that were chosen before are there already and change nothing.
    """
    draft = db.session.scalars(
        select(ImportDraft)
        .where(ImportDraft.id == draft_id, ImportDraft.seminar_id == seminar.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if draft.stored_at is not None:
        raise Refused("This list was stored already. Read the file again to store what is new in it.")
    rows = importing.unpack(draft.rows).rows
    group = db.session.get(Group, draft.group_id) if draft.group_id else None
    if chosen is not None:
        rows = [row for index, row in enumerate(rows) if index in chosen]
        if not rows:
            raise Refused("Tick at least one row.")
    else:
        draft.stored_at = now
    return store_rows(seminar, rows, group.code if group else "", draft.filename, by, now)


def store_rows(
    seminar: Seminar, rows: Sequence[ListRow], default: str, source: str, by: Actor, now: datetime
) -> Stored:
    """Stores the rows that are new or join a group, judged anew under the write lock; tens of thousands in seconds."""
    number = next_number(seminar)
    facts = queries.group_facts(seminar)
    judged = judge(rows, queries.people(seminar), facts, default)
    ids = {group.code: group.id for group in db.session.scalars(select(Group).where(Group.seminar_id == seminar.id))}
    units = set(db.session.scalars(select(Unit.id)))
    values: list[dict[str, Any]] = []
    numbers: dict[int, int] = {}
    for index, (row, one) in enumerate(zip(rows, judged, strict=True)):
        if one.verdict not in (Verdict.NEW, Verdict.ALIKE):
            continue
        assert row.delegate is not None
        numbers[index] = number + len(values)
        given = {name: getattr(row.delegate, name) for name in COLUMNS} | row.derived
        if given["unit_id"] not in units:
            given["unit_id"] = None
        given |= {
            "seminar_id": seminar.id,
            "number": numbers[index],
            "created_at": now,
            "created_by": by.name[:200],
        }
        values.append(given)
    if values:
        db.session.execute(insert(Delegate), values)
    _store_memberships(seminar, judged, numbers, ids, facts, number)
    added = len(values)
    joined = sum(one.verdict == Verdict.JOINS for one in judged)
    known = sum(one.verdict in (Verdict.KNOWN, Verdict.DIFFERS) for one in judged)
    stored = Stored(added, joined, known, judged)
    if added or joined:
        record(
            by,
            now,
            "import",
            "delegates",
            seminar_id=seminar.id,
            summary=source,
            added=added,
            joined=joined,
            known=known,
            wrong=stored.wrong_count,
        )
    return stored


def _store_memberships(
    seminar: Seminar,
    judged: Sequence[Judged],
    numbers: dict[int, int],
    group_ids: dict[str, int],
    facts: dict[str, GroupFacts],
    first_number: int,
) -> None:
    """Memberships of the new, and the further ones of those already there; a promotion replaces "chưa phân nhóm"."""
    query = select(Delegate.number, Delegate.id).where(
        Delegate.seminar_id == seminar.id, Delegate.number >= first_number
    )
    by_number = {row.number: row.id for row in db.session.execute(query)}
    unassigned = {code for code, group in facts.items() if group.is_unassigned}
    joined: dict[int, list[str]] = {}
    primary: dict[int, str] = {}
    promoted = []
    for index, one in enumerate(judged):
        if one.verdict not in STORED:
            continue
        if index in numbers:
            delegate_id = by_number[numbers[index]]
        else:
            assert one.same is not None
            delegate_id = by_number[numbers[one.same.row]] if one.same.row is not None else one.same.id or 0
            if one.becomes_primary:
                promoted.append(delegate_id)
        codes = joined.setdefault(delegate_id, [])
        codes.extend(code for code in one.groups if code not in codes)
        if index in numbers or one.becomes_primary:
            primary[delegate_id] = one.groups[0]
    for start in range(0, len(promoted), 500):
        db.session.execute(
            delete(Membership).where(
                Membership.delegate_id.in_(promoted[start : start + 500]),
                Membership.group_id.in_([group_ids[code] for code in unassigned]),
            )
        )
    for delegate_id in promoted:
        joined[delegate_id] = [code for code in joined[delegate_id] if code not in unassigned]
    rows = [
        {"delegate_id": delegate_id, "group_id": group_ids[code], "is_primary": code == primary.get(delegate_id)}
        for delegate_id, codes in joined.items()
        for code in codes
    ]
    if rows:
        db.session.execute(insert(Membership), rows)


def choose_group(draft: ImportDraft, group: Group | None, by: Actor, now: datetime) -> None:
    """Which group the rows go to that name none; refused once the list is stored."""
    if draft.stored_at is not None:
        raise Refused("This list was stored already. Read the file again to store what is new in it.")
    draft.group_id = group.id if group else None
    record(
        by,
        now,
        "choose",
        "list",
        seminar_id=draft.seminar_id,
        object_id=draft.id,
        summary=group.name if group else "",
    )
