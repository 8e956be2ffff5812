"""Reads of sheets as the office handles them: what was sent by them, and what would be lost by a change."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.orm import selectinload

from seminar.lib.database import db
from seminar.planning.models import Seminar
from seminar.statistics.models import Period, Return, ReturnDraft, ReturnVersion, Sheet, TargetPlan


@dataclass(frozen=True)
class PeriodUse:
    """How many units type and have sent nothing yet, and how many sent something."""

    draft_count: int = 0
    sent_count: int = 0

    @property
    def is_used(self) -> bool:
        return bool(self.draft_count or self.sent_count)


def sheet_or_404(seminar: Seminar, sheet_id: int) -> Sheet:
    return db.first_or_404(
        select(Sheet).where(Sheet.id == sheet_id, Sheet.seminar_id == seminar.id).options(selectinload(Sheet.periods))
    )


def sheet_by_code(seminar_id: int, code: str) -> Sheet | None:
    return db.session.scalar(select(Sheet).where(Sheet.seminar_id == seminar_id, Sheet.code == code))


def hold_sheet(sheet: Sheet) -> None:
    """Other writers of the sheet and its periods wait until commit; what they wrote before is read anew."""
    db.session.execute(select(Sheet.id).where(Sheet.id == sheet.id).with_for_update())
    db.session.refresh(sheet, ["title", "definition", "periods"])


def hold_periods(sheet: Sheet) -> None:
    """Whoever begins a return of one of the periods waits until commit; to be asked before one of them goes."""
    db.session.execute(select(Period.id).where(Period.sheet_id == sheet.id).with_for_update())


def uses_of(sheets: Sequence[Sheet]) -> dict[int, PeriodUse]:
    """By period id; a period that nobody touched is not there."""
    found = db.session.execute(
        select(
            Return.period_id,
            func.count(func.distinct(case((ReturnVersion.id.is_(None), ReturnDraft.return_id)))),
            func.count(func.distinct(ReturnVersion.return_id)),
        )
        .join(Period, Period.id == Return.period_id)
        .outerjoin(ReturnDraft, ReturnDraft.return_id == Return.id)
        .outerjoin(ReturnVersion, ReturnVersion.return_id == Return.id)
        .where(Period.sheet_id.in_([sheet.id for sheet in sheets]))
        .group_by(Return.period_id)
    )
    return {period_id: PeriodUse(drafts, sent) for period_id, drafts, sent in found if drafts or sent}


def was_sent(sheet: Sheet) -> bool:
    query = select(ReturnVersion.id).join(Return).join(Period).where(Period.sheet_id == sheet.id).limit(1)
    return db.session.scalar(query) is not None


def typed_keys(sheet: Sheet) -> dict[str, int]:
    """ "row.column" -> in how many drafts something is typed there."""
    counted: dict[str, int] = {}
    for cells in db.session.scalars(
        select(ReturnDraft.cells).join(Return).join(Period).where(Period.sheet_id == sheet.id)
    ):
        for key, text in cells.items():
            if text:
                counted[key] = counted.get(key, 0) + 1
    return counted


def is_behind_targets(sheet: Sheet) -> bool:
    return db.session.scalar(select(TargetPlan.id).where(TargetPlan.sheet_id == sheet.id)) is not None
