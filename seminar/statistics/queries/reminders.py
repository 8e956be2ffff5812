"""Who still owes a return, what a reminder says of it, and who was reminded when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from seminar.lib.clock import local
from seminar.lib.database import db
from seminar.planning.models import Seminar, Unit, UnitLink
from seminar.planning.queries import unit_links
from seminar.statistics.models import Period, ReturnReminder
from seminar.statistics.queries.board import BoardCell, BoardPeriod, board_of, board_periods


@dataclass(frozen=True)
class Debtor:
    """One unit with what it owes."""

    unit: Unit
    owed: list[BoardCell]
    link: UnitLink | None
    reminded_at: datetime | None

    @property
    def address(self) -> str:
        """Where a reminder goes: only with a page to send the figures on; "" where there is no way."""
        return self.unit.contact_email if self.link else ""

    @property
    def late_days(self) -> int:
        return max((cell.late_days for cell in self.owed), default=0)


def debtors(seminar: Seminar, now: datetime, period: Period | None = None) -> list[Debtor]:
    """Units in their usual order, of all open periods or of one; optional sheets only where their period is named."""
    units, columns = board_periods(seminar, [period], now) if period else board_of(seminar, now)
    links = {link.unit_id: link for link in unit_links(seminar)}
    reminded = reminded_at(seminar)
    found = []
    for unit in units:
        owed = _owed(columns, unit, is_named=period is not None)
        if owed:
            found.append(Debtor(unit, owed, links.get(unit.id), reminded.get(unit.id)))
    return found


def _owed(columns: Sequence[BoardPeriod], unit: Unit, *, is_named: bool) -> list[BoardCell]:
    cells = [column.cells[unit.id] for column in columns]
    return [cell for cell in cells if cell.is_owed or (is_named and cell.is_open and cell.latest is None)]


def reminded_at(seminar: Seminar) -> dict[int, datetime]:
    """When each unit was reminded last."""
    query = select(ReturnReminder).where(ReturnReminder.seminar_id == seminar.id).order_by(ReturnReminder.id)
    return {one.unit_id: one.at for one in db.session.scalars(query)}


def is_today(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and local(moment).date() == local(now).date()
