"""What is done with lists that come in: kept as a draft, looked at, stored."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import selectinload

from seminar.access.actor import Actor
from seminar.audit.models import record
from seminar.delegates import importing, queries
from seminar.delegates.actions.people import COLUMNS, move_to_unit, next_number
from seminar.delegates.actions.places import Places
from seminar.delegates.models import Delegate, ImportDraft, Membership
from seminar.delegates.rules import STORED, Choice, DelegateRow, GroupFacts, Judged, ListRow, Verdict, derived, judge
from seminar.lib.database import db
from seminar.lib.errors import N_, Refused
from seminar.planning.models import Group, Seminar, Unit
from seminar.planning.queries import groups_of, hold_seminar

STORED_ALREADY = N_("This list was stored already. Read the file again to store what is new in it.")


def draft_import(
    seminar: Seminar,
    filename: str,
    file_sha256: str,
    packed: bytes,
    group: Group | None,
    by: Actor,
    now: datetime,
    *,
    options: Mapping[str, Any] | None = None,
    choices: Mapping[str, Any] | None = None,
) -> ImportDraft:
    """Keeps what was read of a list, to be looked at; no delegate is stored. `options` are those it was read with."""
    draft = ImportDraft(
        seminar_id=seminar.id,
        filename=filename[:300],
        file_sha256=file_sha256,
        group_id=group.id if group else None,
        rows=packed,
        options=dict(options or {}),
        choices=dict(choices or {}),
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
    changed: int
    known: int
    judged: list[Judged]
    """What was done with each row, in the order of the rows."""

    @property
    def wrong_count(self) -> int:
        return sum(one.verdict == Verdict.ERROR for one in self.judged)


def judged_rows(
    seminar: Seminar, rows: Sequence[ListRow], default: str, choices: Mapping[str, Choice] | None = None
) -> list[Judged]:
    """What each row means for the list as it is at this moment."""
    return judge(rows, queries.people(seminar), queries.group_facts(seminar), default, choices)


def _hold(draft: ImportDraft) -> None:
    """The draft as it is once nobody else writes to the seminar; refused once the list is stored."""
    hold_seminar(draft.seminar_id)
    db.session.refresh(draft, ["stored_at", "choices"])
    if draft.stored_at is not None:
        raise Refused(STORED_ALREADY)


def read_again(draft: ImportDraft, packed: bytes, options: Mapping[str, Any], by: Actor, now: datetime) -> None:
    """Replaces what was understood of the file by what the options make of it; refused once the list is stored."""
    _hold(draft)
    draft.rows, draft.options = packed, dict(options)
    record(by, now, "read", "list", seminar_id=draft.seminar_id, object_id=draft.id, summary=draft.filename, again=True)


def decide_rows(draft: ImportDraft, decided: Mapping[str, Mapping[str, Any] | None], by: Actor, now: datetime) -> int:
    """Keeps what was decided on rows, by their key; None takes a decision back. Returns how many rows changed."""
    _hold(draft)
    before = dict(draft.choices)
    after = {key: dict(one) for key, one in {**before, **decided}.items() if one is not None}
    changed = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    if changed:
        draft.choices = after
        record(
            by,
            now,
            "decide",
            "list",
            seminar_id=draft.seminar_id,
            object_id=draft.id,
            summary=draft.filename,
            rows=len(changed),
        )
    return len(changed)


def store_draft(seminar: Seminar, draft_id: int, chosen: Collection[int] | None, by: Actor, now: datetime) -> Stored:
    """Stores all good rows of a draft, or those chosen (positions in the draft); all or none in one transaction.

    The whole list is stored once only; rows that were chosen before are there already and change nothing.
    """
    hold_seminar(seminar.id)
    draft = db.session.scalars(
        select(ImportDraft)
        .where(ImportDraft.id == draft_id, ImportDraft.seminar_id == seminar.id)
        .execution_options(populate_existing=True)
    ).one()
    if draft.stored_at is not None:
        raise Refused(STORED_ALREADY)
    rows = importing.unpack(draft.rows).rows
    group = db.session.get(Group, draft.group_id) if draft.group_id else None
    if chosen is not None:
        rows = [row for index, row in enumerate(rows) if index in chosen]
        if not rows:
            raise Refused("Tick at least one row.")
    else:
        draft.stored_at = now
    choices = queries.choices_of(draft.choices)
    return store_rows(seminar, rows, group.code if group else "", draft.filename, by, now, choices)


def store_rows(
    seminar: Seminar,
    rows: Sequence[ListRow],
    default: str,
    source: str,
    by: Actor,
    now: datetime,
    choices: Mapping[str, Choice] | None = None,
) -> Stored:
    """Stores the rows that are new, join a group or were chosen to change somebody, judged anew under the write lock.

    Tens of thousands take seconds.
    """
    number = next_number(seminar)
    facts = queries.group_facts(seminar)
    judged = judge(rows, queries.people(seminar), facts, default, choices)
    groups = {group.code: group for group in groups_of(seminar)}
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
    changed = _store_changes(rows, judged, source, by, now)
    if values:
        db.session.execute(insert(Delegate), values)
    _store_memberships(seminar, rows, judged, numbers, groups, facts, number)
    added = len(values)
    joined = sum(one.verdict == Verdict.JOINS for one in judged)
    known = sum(one.verdict in (Verdict.KNOWN, Verdict.DIFFERS) for one in judged)
    stored = Stored(added, joined, changed, known, judged)
    if added or joined or changed:
        record(
            by,
            now,
            "import",
            "delegates",
            seminar_id=seminar.id,
            summary=source,
            added=added,
            joined=joined,
            changed=changed,
            known=known,
            wrong=stored.wrong_count,
        )
    return stored


def _store_changes(rows: Sequence[ListRow], judged: Sequence[Judged], source: str, by: Actor, now: datetime) -> int:
    """Writes the chosen fields over those stored, each person with an entry in the log; returns how many people."""
    wanted = [
        (one.same.id, row.delegate, one.takes)
        for row, one in zip(rows, judged, strict=True)
        if one.takes and one.verdict in STORED and one.same is not None and one.same.id and row.delegate
    ]
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        query = (
            select(Delegate)
            .where(Delegate.id.in_([delegate_id for delegate_id, _, _ in part]))
            .options(selectinload(Delegate.memberships))
        )
        delegates = {delegate.id: delegate for delegate in db.session.scalars(query)}
        for delegate_id, given, takes in part:
            _change(delegates[delegate_id], given, takes)
            record(
                by,
                now,
                "change",
                "delegate",
                seminar_id=delegates[delegate_id].seminar_id,
                object_id=delegate_id,
                summary=delegates[delegate_id].name,
                fields=list(takes),
                source=source,
            )
        db.session.flush()
    return len(wanted)


def _change(delegate: Delegate, given: DelegateRow, takes: Collection[str]) -> None:
    if "name" in takes:
        delegate.name = given.name
    if "position" in takes:
        delegate.position = given.position
    if "email" in takes:
        delegate.email = given.email
    if "phone" in takes:
        others = [number for number in (delegate.phone_2,) if number not in ("", given.phone, given.phone_2)]
        delegate.phone, delegate.phone_2 = given.phone, given.phone_2 or next(iter(others), "")
    if "body" in takes:
        known = given.unit_id is not None and db.session.get(Unit, given.unit_id) is not None
        delegate.body = given.body
        move_to_unit(delegate, given.unit_id if known else None)
    unit = db.session.get(Unit, delegate.unit_id) if delegate.unit_id else None
    values = DelegateRow(**{name: getattr(delegate, name) for name in COLUMNS})
    for name, value in derived(values, unit.name if unit else "").items():
        setattr(delegate, name, value)


def _store_memberships(
    seminar: Seminar,
    listed: Sequence[ListRow],
    judged: Sequence[Judged],
    numbers: dict[int, int],
    groups: dict[str, Group],
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
    unit_of: dict[int, int | None] = {}
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
        row = listed[index].delegate
        unit_of.setdefault(delegate_id, one.same.unit_id if one.same else row.unit_id if row else None)
        codes = joined.setdefault(delegate_id, [])
        codes.extend(code for code in one.groups if code not in codes)
        if index in numbers or one.becomes_primary:
            primary[delegate_id] = one.groups[0]
    for start in range(0, len(promoted), 500):
        db.session.execute(
            delete(Membership).where(
                Membership.delegate_id.in_(promoted[start : start + 500]),
                Membership.group_id.in_([groups[code].id for code in unassigned]),
            )
        )
    for delegate_id in promoted:
        joined[delegate_id] = [code for code in joined[delegate_id] if code not in unassigned]
    places = Places(list(groups.values()))
    rows = [
        {
            "delegate_id": delegate_id,
            "group_id": groups[code].id,
            "is_primary": code == primary.get(delegate_id),
            **places.taken(groups[code], unit_of[delegate_id]),
        }
        for delegate_id, codes in joined.items()
        for code in codes
    ]
    if rows:
        db.session.execute(insert(Membership), rows)


def choose_group(draft: ImportDraft, group: Group | None, by: Actor, now: datetime) -> None:
    """Which group the rows go to that name none; refused once the list is stored."""
    _hold(draft)
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
