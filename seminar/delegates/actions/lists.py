"""What is done with lists that come in: kept as a draft, looked at, stored."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select

from seminar.access.actor import Actor
from seminar.audit.models import record
from seminar.delegates import importing, queries
from seminar.delegates.actions.people import COLUMNS, next_number
from seminar.delegates.actions.places import Places
from seminar.delegates.models import Delegate, ImportDraft, Membership
from seminar.delegates.rules import STORED, GroupFacts, Judged, ListRow, Verdict, judge
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.planning.models import Group, Seminar, Unit
from seminar.planning.queries import groups_of


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
    if values:
        db.session.execute(insert(Delegate), values)
    _store_memberships(seminar, rows, judged, numbers, groups, facts, number)
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
