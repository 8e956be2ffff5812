"""Targets in the cast's seminar, with quarters open and returns that the office accepted."""

from seminar.access.actor import Actor, ActorKind
from seminar.lib.database import db
from seminar.planning.models import Unit
from seminar.statistics import actions
from seminar.statistics.actions import targets
from seminar.statistics.models import Period, RulingKind, TargetPlan
from tests import cast

HERE = f"/seminars/{cast.SLUG}/statistics/targets"
SCHOOLS = "schools"


def begin(**changes) -> TargetPlan:
    """The targets of the second plan in the cast's seminar."""
    return targets.begin_targets(cast.find_seminar(), targets.Aims(**changes), cast.OFFICE, cast.NOW)


def open_quarters(plan: TargetPlan, count: int) -> None:
    span_of = targets.queries.span_of(plan)
    for number in range(1, count + 1):
        year, quarter = span_of.at(number)
        period = Period(
            sheet_id=plan.sheet_id,
            position=number,
            name=f"quý {quarter}/{year}",
            year=year,
            quarter=quarter,
            opened_at=cast.NOW,
            opened_by="Oanh",
        )
        db.session.add(period)
    db.session.flush()


def units() -> list[Unit]:
    return list(db.session.scalars(db.select(Unit).order_by(Unit.position)))


def give_back(plan: TargetPlan, unit: Unit, number: int, *, accept: bool = True, **cells: int) -> None:
    """The unit sends the figures of its schools ("schools" only) for the quarter; the office accepts them."""
    send(plan, unit, number, {(SCHOOLS, key): value for key, value in cells.items()}, accept=accept)


def send(plan: TargetPlan, unit: Unit, number: int, values: dict[tuple[str, str], int], *, accept: bool = True) -> None:
    year, quarter = targets.queries.span_of(plan).at(number)
    query = db.select(Period).where(Period.sheet_id == plan.sheet_id, Period.year == year, Period.quarter == quarter)
    period = db.session.scalars(query).one()
    by = Actor(ActorKind.UNIT, unit.name, unit.id)
    cells = {f"{row}.{column}": str(value) for (row, column), value in values.items()}
    one = actions.begin_return(period, unit, by, cast.NOW)
    revision = one.draft.revision if one.draft else 0
    draft = actions.keep_draft(period, unit, cells, by, cast.NOW, revision)
    reason = "đính chính" if one.versions else ""
    version = actions.send_return(period, unit, by, cast.NOW, draft.revision, reason=reason)
    if accept:
        actions.rule_on(version, RulingKind.ACCEPTED, "", cast.OFFICE, cast.NOW)
    db.session.flush()
