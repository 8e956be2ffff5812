"""What a list that comes in is judged by, and the lists read before."""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import defer
from werkzeug.exceptions import NotFound

from seminar.delegates.importing import GroupNames
from seminar.delegates.models import Delegate, ImportDraft, Membership
from seminar.delegates.rules import Person, place_of
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
