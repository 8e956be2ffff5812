"""What a list that comes in is judged by, and the lists read before."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import defer
from werkzeug.exceptions import NotFound

from seminar.delegates.importing import GroupNames
from seminar.delegates.models import Delegate, ImportDraft, Membership
from seminar.delegates.rules import Choice, ListRow, Person, place_of, says
from seminar.lib.database import db
from seminar.lib.numbers import LARGEST
from seminar.planning.models import Group, Seminar
from seminar.planning.queries import groups_of, units_by_folded_name


def group_names(seminar: Seminar) -> list[GroupNames]:
    """How lists name the groups, as plain values."""
    return [GroupNames(group.code, group.name, list(group.aliases)) for group in groups_of(seminar)]


def unit_names(seminar: Seminar) -> dict[str, tuple[int, str]]:
    """(id, name) of every unit under each of its folded names, as plain values. The name of a unit that ended before the
    day of the seminar stands for the unit that succeeded it.
    """
    return {folded: (unit.id, unit.name) for folded, unit in units_by_folded_name(seminar.held_on).items()}


def people(seminar: Seminar, name_folded: str | None = None) -> list[Person]:
    """Those on the list, all or with one name, as identity is decided from; two queries whatever their number."""
    return _people(seminar, *(() if name_folded is None else (Delegate.name_folded == name_folded,)))


def people_with_names(seminar: Seminar, names: Collection[str], phones: Collection[str] = ()) -> list[Person]:
    """Those on the list with one of the folded names or of the telephones."""
    numbers = [phone for phone in phones if phone]
    return _people(
        seminar, or_(Delegate.name_folded.in_(names), Delegate.phone.in_(numbers), Delegate.phone_2.in_(numbers))
    )


def _people(seminar: Seminar, *conditions: ColumnElement[bool]) -> list[Person]:
    here = [Delegate.seminar_id == seminar.id, Delegate.removed_at.is_(None), *conditions]
    groups: dict[int, list[tuple[str, bool]]] = defaultdict(list)
    memberships = (
        select(Membership.delegate_id, Group.code, Membership.is_primary)
        .join(Group, Group.id == Membership.group_id)
        .join(Delegate, Delegate.id == Membership.delegate_id)
        .where(*here)
    )
    for delegate_id, code, is_primary in db.session.execute(memberships):
        groups[delegate_id].append((code, is_primary))
    rows = db.session.execute(
        select(
            Delegate.id,
            Delegate.number,
            Delegate.name_folded,
            Delegate.phone,
            Delegate.phone_2,
            Delegate.email,
            Delegate.unit_id,
            Delegate.body,
            Delegate.position,
            Delegate.is_unnamed,
        )
        .where(*here)
        .order_by(Delegate.number)
    )
    return [
        Person(
            name_folded=row.name_folded,
            phones=frozenset(phone for phone in (row.phone, row.phone_2) if phone),
            email=row.email.casefold(),
            place=place_of(row.unit_id, row.body),
            is_unnamed=row.is_unnamed,
            groups=frozenset(code for code, _ in groups[row.id]),
            primary=next((code for code, is_primary in groups[row.id] if is_primary), ""),
            position=row.position,
            unit_id=row.unit_id,
            id=row.id,
            number=row.number,
        )
        for row in rows
    ]


def draft_or_404(seminar: Seminar, draft_id: int) -> ImportDraft:
    if draft_id > LARGEST:
        raise NotFound
    return db.first_or_404(select(ImportDraft).where(ImportDraft.id == draft_id, ImportDraft.seminar_id == seminar.id))


def recent_drafts(seminar: Seminar, limit: int = 10) -> list[ImportDraft]:
    """The newest lists that were read, without their rows."""
    return list(
        db.session.scalars(
            select(ImportDraft)
            .where(ImportDraft.seminar_id == seminar.id)
            .order_by(ImportDraft.id.desc())
            .limit(limit)
            .options(defer(ImportDraft.rows))
        )
    )


def last_reading(seminar: Seminar, file_sha256: str) -> dict[str, Any]:
    """The options with which this very file was read the last time, so that reading it again means the same."""
    options = db.session.scalars(
        select(ImportDraft.options)
        .where(ImportDraft.seminar_id == seminar.id, ImportDraft.file_sha256 == file_sha256)
        .order_by(ImportDraft.id.desc())
        .limit(1)
    ).first()
    return dict(options or {})


def decided_before(seminar: Seminar) -> dict[str, dict[str, Any]]:
    """What was decided on rows of any list, by what the row says; the newest decision holds.

    Who somebody is and what is kept. What was taken from a list was written once; it is not written over again.
    """
    drafts = db.session.execute(
        select(ImportDraft.choices, ImportDraft.stored_at)
        .where(ImportDraft.seminar_id == seminar.id)
        .order_by(ImportDraft.id)
    )
    return {
        one["of"]: {**one, "take": []}
        for choices, stored_at in drafts
        for one in (choices or {}).values()
        if one.get("of") and (stored_at is not None or not one.get("take"))
    }


def choices_for(rows: Iterable[ListRow], decided: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The decisions of earlier lists for rows that say the same, by the keys of these rows."""
    if not decided:
        return {}
    key_of = {says(row.delegate): row.key for row in rows if row.delegate}
    found = {}
    for said, one in decided.items():
        if said not in key_of or (one.get("same_of") and one["same_of"] not in key_of):
            continue
        found[key_of[said]] = {**one, "same_row": key_of[one["same_of"]]} if one.get("same_of") else one
    return found


def choices_of(kept: dict[str, Any]) -> dict[str, Choice]:
    """What was decided on rows, by their key, out of the JSON of a draft."""
    return {
        key: Choice(
            take=tuple(one.get("take", ())),
            same_id=one.get("same_id"),
            same_row=one.get("same_row", ""),
            is_other=bool(one.get("is_other")),
        )
        for key, one in kept.items()
    }


def delegates_by_id(seminar: Seminar, ids: Iterable[int]) -> dict[int, Delegate]:
    """Those of one page, in one query."""
    wanted = set(ids)
    if not wanted:
        return {}
    query = select(Delegate).where(Delegate.seminar_id == seminar.id, Delegate.id.in_(wanted))
    return {delegate.id: delegate for delegate in db.session.scalars(query)}
