"""Reads of the directory of units, and of the links of their contacts."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from seminar.lib.database import db
from seminar.lib.text import fold
from seminar.planning.models import LinkDelivery, Seminar, Unit, UnitAlias, UnitLink
from seminar.planning.rules import successor_on


def all_units() -> list[Unit]:
    """The whole directory, ended ones too, in the usual order."""
    return list(db.session.scalars(select(Unit).order_by(Unit.position, Unit.id)))


def units_on(day: date | None) -> list[Unit]:
    """Units that exist on the day, in their usual order."""
    query = select(Unit).order_by(Unit.position, Unit.id)
    if day is not None:
        query = query.where(
            or_(Unit.valid_from.is_(None), Unit.valid_from <= day), or_(Unit.valid_to.is_(None), Unit.valid_to >= day)
        )
    return list(db.session.scalars(query))


def units_by_folded_name(day: date | None = None) -> dict[str, Unit]:
    """Every unit under each of its folded names and aliases. With a day, the name of a unit that ended before it finds
    the unit that succeeded it, where one is known.
    """
    units = {unit.id: unit for unit in all_units()}
    found = {alias.folded: unit for unit in units.values() for alias in unit.aliases}
    for unit in units.values():
        found.setdefault(fold(unit.name), unit)
    return {folded: successor_on(unit, units, day) for folded, unit in found.items()} if day else found


def names_taken(but: Unit | None = None) -> dict[str, str]:
    """Folded names and aliases in use, with the name of the unit; those of one unit may be left out."""
    query = select(UnitAlias.folded, Unit.name).join(Unit, Unit.id == UnitAlias.unit_id)
    if but is not None:
        query = query.where(Unit.id != but.id)
    return dict(db.session.execute(query).all())


def unit_or_404(unit_id: int) -> Unit:
    return db.first_or_404(select(Unit).where(Unit.id == unit_id))


def unit_links(seminar: Seminar) -> list[UnitLink]:
    """Those in force."""
    query = select(UnitLink).where(UnitLink.seminar_id == seminar.id, UnitLink.revoked_at.is_(None))
    return list(db.session.scalars(query.options(joinedload(UnitLink.unit).lazyload(Unit.aliases))))


def unit_link_in_force(seminar: Seminar, unit: Unit) -> UnitLink | None:
    query = select(UnitLink).where(UnitLink.seminar_id == seminar.id, UnitLink.unit_id == unit.id)
    return db.session.scalar(query.where(UnitLink.revoked_at.is_(None)))


def unit_link_by_code(code: str, *, held: bool = False) -> UnitLink | None:
    """The link with the code, revoked ones too. `held` waits for a revocation under way, and makes the next one wait."""
    query = select(UnitLink).where(UnitLink.code == code)
    if held:
        query = query.with_for_update(of=UnitLink).execution_options(populate_existing=True)
    return db.session.scalar(query.options(joinedload(UnitLink.seminar), joinedload(UnitLink.unit)))


def deliveries(links: Collection[UnitLink]) -> dict[int, list[LinkDelivery]]:
    """How each of the links was sent or handed over, the newest first, by the link's id."""
    query = select(LinkDelivery).where(LinkDelivery.link_id.in_([link.id for link in links]))
    found: dict[int, list[LinkDelivery]] = defaultdict(list)
    for delivery in db.session.scalars(query.order_by(LinkDelivery.id.desc())):
        found[delivery.link_id].append(delivery)
    return found
