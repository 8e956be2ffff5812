"""Reads of periods and returns, each in a number of statements that does not grow with the units."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from seminar.lib.database import db
from seminar.planning.models import Seminar, Unit
from seminar.statistics.models import Period, Return, ReturnVersion, Sheet
from seminar.statistics.rules import Values
from seminar.statistics.rules.states import counted_version


def sheets_of(seminar: Seminar) -> list[Sheet]:
    """In their order, with their periods."""
    return list(
        db.session.scalars(
            select(Sheet)
            .where(Sheet.seminar_id == seminar.id)
            .order_by(Sheet.position, Sheet.id)
            .options(selectinload(Sheet.periods))
        )
    )


def period_or_404(seminar: Seminar, period_id: int) -> Period:
    return db.first_or_404(
        select(Period)
        .join(Sheet)
        .where(Period.id == period_id, Sheet.seminar_id == seminar.id)
        .options(joinedload(Period.sheet))
    )


def returns_of(*periods: Period, unit: Unit | None = None) -> list[Return]:
    """Of all units or of one, with drafts, versions, cells, rulings and scans."""
    query = select(Return).where(Return.period_id.in_([period.id for period in periods]))
    if unit is not None:
        query = query.where(Return.unit_id == unit.id)
    whole = (
        joinedload(Return.unit),
        selectinload(Return.draft),
        selectinload(Return.versions).selectinload(ReturnVersion.cells),
        selectinload(Return.versions).selectinload(ReturnVersion.rulings),
        selectinload(Return.versions).selectinload(ReturnVersion.scans),
    )
    return list(db.session.scalars(query.order_by(Return.id).options(*whole)))


def return_of(period: Period, unit: Unit) -> Return | None:
    return next(iter(returns_of(period, unit=unit)), None)


def values_of(version: ReturnVersion) -> Values:
    return {(cell.row, cell.column): cell.value for cell in version.cells}


def counted_values(returns: list[Return]) -> dict[int, Values]:
    """Unit id -> the figures that count: of those accepted only."""
    found = {}
    for one in returns:
        version = counted_version(one)
        if version is not None:
            found[one.unit_id] = values_of(version)
    return found
