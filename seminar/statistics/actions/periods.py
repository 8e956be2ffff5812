"""What the office does with periods: adds, opens, closes and reopens them, sets by when their returns are due."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from seminar.access.actor import Actor
from seminar.audit.models import record
from seminar.lib.clock import short_date
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.text import clean
from seminar.planning.models import MilestoneRule
from seminar.planning.rules import working_day
from seminar.statistics.models import Period, Sheet
from seminar.statistics.queries import sheets as queries
from seminar.statistics.rules.periods import MOST_QUARTERS, QUARTER_DUE_DAYS, quarter_end, quarter_name, quarters_from


@dataclass(frozen=True)
class Terms:
    """What is said of a period. Without `due_on` the plan's milestone `returns` is the deadline."""

    name: str
    as_of_on: date | None = None
    due_on: date | None = None
    due_rule: MilestoneRule = MilestoneRule.UNTIL


def add_period(sheet: Sheet, terms: Terms, by: Actor, now: datetime) -> Period:
    """Not yet open: units do not see it."""
    queries.hold_sheet(sheet)
    name = _free_name(sheet, terms.name, None)
    period = Period(
        sheet=sheet,
        position=_next_position(sheet),
        name=name,
        as_of_on=terms.as_of_on,
        due_on=terms.due_on,
        due_rule=terms.due_rule,
    )
    db.session.add(period)
    db.session.flush()
    record(by, now, "add", "period", seminar_id=sheet.seminar_id, object_id=period.id, summary=_summary(period))
    return period


def open_quarters(sheet: Sheet, year: int, quarter: int, count: int, by: Actor, now: datetime) -> list[Period]:
    """So many quarters one after the other, opened, each due on the last working day within ten days after its end.
    Those that are there already stay as they are; returns the new ones.
    """
    if not (1 <= quarter <= 4 and 1 <= count <= MOST_QUARTERS and 2000 <= year <= 2200):
        raise Refused("Choose a first quarter, and from 1 to %(most)s quarters.", most=MOST_QUARTERS)
    queries.hold_sheet(sheet)
    known = {(one.year, one.quarter) for one in sheet.periods}
    made = []
    for of_year, number in quarters_from(year, quarter, count):
        if (of_year, number) in known:
            continue
        end = quarter_end(of_year, number)
        period = Period(
            sheet=sheet,
            position=of_year * 4 + number,
            name=_free_name(sheet, quarter_name(of_year, number), None),
            year=of_year,
            quarter=number,
            as_of_on=end,
            due_on=working_day(end + timedelta(days=QUARTER_DUE_DAYS)),
            opened_at=now,
            opened_by=by.name[:200],
        )
        db.session.add(period)
        made.append(period)
    db.session.flush()
    for period in made:
        record(by, now, "open", "period", seminar_id=sheet.seminar_id, object_id=period.id, summary=_summary(period))
    return made


def change_period(period: Period, terms: Terms, by: Actor, now: datetime) -> None:
    """A later deadline does not change what was marked late before: each version keeps the days it had."""
    queries.hold_sheet(period.sheet)
    values = {
        "name": _free_name(period.sheet, terms.name, period),
        "as_of_on": terms.as_of_on,
        "due_on": terms.due_on,
        "due_rule": terms.due_rule,
    }
    changed = {
        name: [_said(getattr(period, name)), _said(value)]
        for name, value in values.items()
        if getattr(period, name) != value
    }
    for name, value in values.items():
        setattr(period, name, value)
    if changed:
        record(
            by,
            now,
            "change",
            "period",
            seminar_id=period.sheet.seminar_id,
            object_id=period.id,
            summary=_summary(period),
            **changed,
        )


def _said(value: object) -> str:
    return short_date(value) if isinstance(value, date) else str(value or "")


def open_period(period: Period, by: Actor, now: datetime) -> None:
    """Units see it and may send; what was closed is open again. Doing it twice changes nothing."""
    queries.hold_sheet(period.sheet)
    db.session.refresh(period)
    if period.opened_at is not None and period.closed_at is None:
        return
    verb = "open" if period.opened_at is None else "reopen"
    if period.opened_at is None:
        period.opened_at, period.opened_by = now, by.name[:200]
    period.closed_at, period.closed_by = None, ""
    record(by, now, verb, "period", seminar_id=period.sheet.seminar_id, object_id=period.id, summary=_summary(period))


def close_period(period: Period, by: Actor, now: datetime) -> None:
    """Nothing more is taken but what the office itself enters, or returned. Doing it twice changes nothing."""
    queries.hold_sheet(period.sheet)
    db.session.refresh(period)
    if period.opened_at is None:
        raise Refused("This period was never opened, so there is nothing to close.")
    if period.closed_at is None:
        period.closed_at, period.closed_by = now, by.name[:200]
        record(
            by,
            now,
            "close",
            "period",
            seminar_id=period.sheet.seminar_id,
            object_id=period.id,
            summary=_summary(period),
        )


def remove_period(period: Period, by: Actor, now: datetime) -> None:
    """Only one that no unit has touched."""
    queries.hold_sheet(period.sheet)
    queries.hold_periods(period.sheet)
    if queries.uses_of([period.sheet]).get(period.id):
        raise Refused("Units have typed into this period or sent it: it stays. Close it instead.")
    for one in list(period.returns):
        db.session.delete(one)
    record(
        by,
        now,
        "remove",
        "period",
        seminar_id=period.sheet.seminar_id,
        object_id=period.id,
        summary=_summary(period),
    )
    db.session.flush()
    db.session.delete(period)


def _next_position(sheet: Sheet) -> int:
    last = db.session.scalar(select(func.max(Period.position)).where(Period.sheet_id == sheet.id))
    return (last or 0) + 1


def _free_name(sheet: Sheet, name: str, own: Period | None) -> str:
    name = clean(name)[:120]
    if not name:
        raise Refused("Write what the period is called, for example “giai đoạn 2021 - 2023”.")
    if any(one.name == name and one is not own for one in sheet.periods):
        raise Refused("There is already a period “%(name)s” of this sheet.", name=name)
    return name


def _summary(period: Period) -> str:
    return f"{period.sheet.title}: {period.name}"[:300]
