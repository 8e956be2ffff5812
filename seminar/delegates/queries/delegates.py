"""Who is on the list, by what is asked for. Removed delegates are on no list."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload
from werkzeug.exceptions import NotFound

from seminar.delegates.models import Delegate, Membership
from seminar.lib.database import db
from seminar.lib.numbers import LARGEST, whole
from seminar.lib.text import clean, fold
from seminar.planning.models import Audience, Group, Seminar, Unit, UnitAlias

PAGE_SIZE = 50


ORDERS = ("name", "protocol", "number")
NO_UNIT = -1
"""`Wanted.unit_id` of those who are of no unit; the address says `unit=none`."""


@dataclass(frozen=True)
class Wanted:
    """What a list of delegates is narrowed to, as its address says it."""

    search: str = ""
    group: str = ""
    audience: str = ""
    unit_id: int | None = None
    secondary: bool = False
    """Also those for whom the group is a further one: counts memberships ("lượt"), not people."""
    order: str = "name"

    @classmethod
    def from_args(cls, args: Mapping[str, str]) -> "Wanted":
        """Of an address's query; what is unknown is as if not said."""
        unit = args.get("unit", "")
        order = args.get("order", "name")
        audience = args.get("audience", "")
        return cls(
            search=args.get("search", "")[:200].strip(),
            group=args.get("group", "")[:16],
            audience=audience if audience in set(Audience) else "",
            unit_id=NO_UNIT if unit == "none" else (whole(unit) or 0) if unit.isascii() and unit.isdecimal() else None,
            secondary=args.get("secondary") == "1",
            order=order if order in ORDERS else "name",
        )

    def to_query(self, **changes: Any) -> str:
        """The query of an address that wants the same, or the same but for `changes`."""
        wanted = replace(self, **changes)
        said = {
            "search": wanted.search,
            "group": wanted.group,
            "audience": wanted.audience,
            "unit": "none" if wanted.unit_id == NO_UNIT else wanted.unit_id,
            "secondary": "1" if wanted.secondary else "",
            "order": wanted.order if wanted.order != "name" else "",
        }
        return urlencode({name: value for name, value in said.items() if value})


def matching(seminar: Seminar, wanted: Wanted) -> Select[Delegate]:
    """The delegates wanted, in no order and with nothing loaded besides."""
    query = select(Delegate).where(Delegate.seminar_id == seminar.id, Delegate.removed_at.is_(None))
    for condition in _search(wanted.search):
        query = query.where(condition)
    if wanted.group:
        query = query.where(_belongs(Group.code == wanted.group, wanted.secondary))
    if wanted.audience:
        query = query.where(_belongs(Group.audience == wanted.audience, False))
    if wanted.unit_id == NO_UNIT:
        query = query.where(Delegate.unit_id.is_(None))
    elif wanted.unit_id is not None:
        query = query.where(Delegate.unit_id == wanted.unit_id)
    return query


def holds(word: str) -> ColumnElement[bool]:
    """That the folded word stands in the name, position, agency, telephone, or in a name or alias of the unit."""
    aliases = select(UnitAlias.unit_id).where(UnitAlias.folded.contains(word, autoescape=True))
    return or_(Delegate.folded.contains(word, autoescape=True), Delegate.unit_id.in_(aliases))


def _digits(folded: str) -> str:
    """The digits of a number typed with spaces, dots or +84; "" where it is none."""
    digits = "".join(character for character in folded if character not in " .-+()")
    if not (digits.isdecimal() and digits.isascii()):
        return ""
    return digits[2:] if len(digits) > 9 and digits.startswith("84") else digits


def in_groups(query: Select[Delegate], codes: Collection[str], *, secondary: bool = False) -> Select[Delegate]:
    """The same, narrowed to the members of any of the groups; with `secondary` also those for whom it is a further one."""
    return query.where(_belongs(Group.code.in_(codes), secondary))


def _search(text: str) -> list[ColumnElement[bool]]:
    """One condition per word; digits with spaces or dots between them are one number."""
    folded = fold(text)
    digits = _digits(folded)
    if digits:
        by_number = [Delegate.number == int(digits)] if len(digits) < 7 else []
        return [or_(Delegate.folded.contains(digits, autoescape=True), *by_number)]
    return [holds(word) for word in folded.split()]


def _exactness(text: str) -> ColumnElement[int] | None:
    """0 for those whose name has the words with the very accents typed, 1 where they are parts of words, else 2 (domain.md 5.1).

    Of a number: those whose telephone ends with it come first. None where nothing is searched.
    """
    digits = _digits(fold(text))
    if digits:
        exact = [column.endswith(digits, autoescape=True) for column in (Delegate.phone, Delegate.phone_2)]
        if len(digits) < 7:
            exact.append(Delegate.number == int(digits))
        return case((or_(*exact), 0), else_=1)
    words = clean(text).casefold().split()
    if not words:
        return None
    spaced = " " + Delegate.name_lower + " "
    whole_words = and_(*(spaced.contains(f" {word} ", autoescape=True) for word in words))
    parts = and_(*(Delegate.name_lower.contains(word, autoescape=True) for word in words))
    return case((whole_words, 0), (parts, 1), else_=2)


def _belongs(condition: Any, secondary: bool) -> Any:
    membership = (
        select(Membership.id)
        .join(Group, Group.id == Membership.group_id)
        .where(Membership.delegate_id == Delegate.id, condition)
    )
    if not secondary:
        membership = membership.where(Membership.is_primary)
    return exists(membership)


def ordered(query: Select[Delegate], order: str, search: str = "") -> Select[Delegate]:
    """By tên, or by the rank of the primary group and then as listed, or by number; of a search the exact hits first."""
    exactness = _exactness(search)
    if exactness is not None:
        query = query.order_by(exactness)
    if order == "protocol":
        primary, group = aliased(Membership), aliased(Group)
        return (
            query.join(primary, and_(primary.delegate_id == Delegate.id, primary.is_primary))
            .join(group, group.id == primary.group_id)
            .order_by(group.protocol_rank, Delegate.number)
        )
    if order == "number":
        return query.order_by(Delegate.number)
    return query.order_by(Delegate.sort_key, Delegate.number)


def counted(query: Select[Delegate]) -> int:
    return db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0


def with_groups(query: Select[Delegate]) -> Select[Delegate]:
    """The same, with memberships, groups and unit loaded at a price that does not grow with the rows."""
    return query.options(selectinload(Delegate.memberships), joinedload(Delegate.unit).lazyload(Unit.aliases))


def page_of(query: Select[Delegate], page: int, size: int = PAGE_SIZE) -> list[Delegate]:
    """One page of an ordered query, with groups and unit."""
    offset = (max(page, 1) - 1) * size
    return list(db.session.scalars(with_groups(query).limit(size).offset(min(offset, LARGEST))))


def everyone(seminar: Seminar, wanted: Wanted | None = None) -> list[Delegate]:
    """All delegates wanted, in their order, with groups and unit."""
    wanted = wanted or Wanted(order="number")
    return list(db.session.scalars(with_groups(ordered(matching(seminar, wanted), wanted.order, wanted.search))))


def chosen(seminar: Seminar, delegate_ids: Collection[int]) -> list[Delegate]:
    """Those of the ids that are on the seminar's list, with their groups; ids of others are passed over."""
    return list(db.session.scalars(with_groups(matching(seminar, Wanted()).where(Delegate.id.in_(delegate_ids)))))


def delegate_or_404(seminar: Seminar, delegate_id: int) -> Delegate:
    if delegate_id > LARGEST:
        raise NotFound
    return db.first_or_404(
        with_groups(select(Delegate)).where(
            Delegate.id == delegate_id, Delegate.seminar_id == seminar.id, Delegate.removed_at.is_(None)
        )
    )


def by_number(seminar: Seminar, number: int) -> Delegate | None:
    """The delegate with the short number printed on badge and desk list."""
    if number > LARGEST:
        return None
    return db.session.scalar(
        with_groups(select(Delegate)).where(
            Delegate.seminar_id == seminar.id, Delegate.number == number, Delegate.removed_at.is_(None)
        )
    )


def named_by_group(seminar: Seminar, unit: Unit) -> dict[int, list[Delegate]]:
    """The delegates of a unit under the id of each of their groups, by name."""
    found: dict[int, list[Delegate]] = defaultdict(list)
    for delegate in everyone(seminar, Wanted(unit_id=unit.id)):
        for membership in delegate.memberships:
            found[membership.group_id].append(delegate)
    return dict(found)
