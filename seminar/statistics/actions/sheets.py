"""What the office does with sheets: begins one, changes it, removes what nobody used."""

from datetime import datetime

from sqlalchemy import func, select

from seminar.access.actor import Actor
from seminar.audit.models import record
from seminar.lib.clock import local
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.planning.models import Seminar
from seminar.planning.queries import hold_seminar
from seminar.statistics.models import Period, Sheet
from seminar.statistics.queries import sheets as queries
from seminar.statistics.queries.returns import sheets_of
from seminar.statistics.rules import Definition, cell_key, read_definition
from seminar.statistics.rules.defining import changed_structure
from seminar.statistics.rules.periods import span_name
from seminar.statistics.rules.starters import OFFICIAL, checks_lacking, starters, with_years_until


def begin_sheet(seminar: Seminar, definition: Definition, by: Actor, now: datetime) -> Sheet:
    """Refused where the seminar has a sheet of that short name."""
    hold_seminar(seminar.id)
    if queries.sheet_by_code(seminar.id, definition.code):
        raise Refused(
            "There is already a sheet with the short name “%(code)s”. Change that one, or choose another short name.",
            code=definition.code,
        )
    last = db.session.scalar(select(func.max(Sheet.position)).where(Sheet.seminar_id == seminar.id))
    sheet = Sheet(
        seminar_id=seminar.id,
        code=definition.code,
        title=definition.title,
        position=(last or 0) + 1,
        definition=definition.model_dump(mode="json"),
        created_at=now,
        created_by=by.name[:200],
    )
    db.session.add(sheet)
    db.session.flush()
    record(by, now, "add", "sheet", seminar_id=seminar.id, object_id=sheet.id, summary=sheet.title)
    return sheet


def begin_starter(seminar: Seminar, code: str, by: Actor, now: datetime) -> Sheet:
    """One of those that the software brings along, for the three years before the seminar; known already: that one."""
    definition = starters().get(code)
    if definition is None:
        raise Refused("There is no such sheet to begin with.")
    return queries.sheet_by_code(seminar.id, code) or begin_sheet(
        seminar, with_years_until(definition, _last_year(seminar, now)), by, now
    )


def _last_year(seminar: Seminar, now: datetime) -> int:
    return (seminar.held_on or local(now).date()).year - 1


def begin_usual_sheets(seminar: Seminar, like: Seminar | None, by: Actor, now: datetime) -> None:
    """What a new seminar asks for: the plan's form, opened; or the sheets of the earlier one that it is made after."""
    earlier_sheets = sheets_of(like) if like is not None else []
    if not earlier_sheets:
        _open_span(begin_starter(seminar, OFFICIAL, by, now), by, now)
    for earlier in earlier_sheets:
        definition = with_years_until(read_definition(earlier.definition), _last_year(seminar, now))
        sheet = begin_sheet(seminar, definition, by, now)
        if any(row.year is not None for row in definition.rows) and any(one.opened_at for one in earlier.periods):
            _open_span(sheet, by, now)


def _open_span(sheet: Sheet, by: Actor, now: datetime) -> None:
    """The one period of a sheet whose rows are years, due by the plan's milestone."""
    name = span_name(read_definition(sheet.definition))
    period = Period(sheet=sheet, position=1, name=name, opened_at=now, opened_by=by.name[:200])
    db.session.add(period)
    db.session.flush()
    record(by, now, "open", "period", seminar_id=sheet.seminar_id, object_id=period.id, summary=name)


def change_sheet(sheet: Sheet, definition: Definition, by: Actor, now: datetime) -> None:
    """Words may always change. Once something was sent the columns, rows, kinds and years stand; before that no cell goes
    in which a unit has typed.
    """
    queries.hold_sheet(sheet)
    before = read_definition(sheet.definition)
    if definition == before:
        return
    if definition.code != before.code:
        raise Refused("The short name stays: returns and files are known by it.")
    if changed_structure(before, definition):
        if queries.was_sent(sheet):
            raise Refused(
                "Units have sent this sheet: its columns, rows, years, and what is a stock or a flow, stand as they are. Only words, formulas and checks can change. For other columns begin a new sheet."
            )
        if queries.is_behind_targets(sheet):
            raise Refused("The targets count with the columns and rows of this sheet: they stand as they are.")
        kept = {cell_key(row.key, column.key) for row in definition.rows for column in definition.columns}
        lost = {key: count for key, count in queries.typed_keys(sheet).items() if key not in kept}
        if lost:
            raise Refused(
                "Units have begun to type into what would go: %(count)s cells. Ask them first, or leave those columns and rows.",
                count=sum(lost.values()),
            )
    sheet.definition, sheet.title = definition.model_dump(mode="json"), definition.title
    record(by, now, "change", "sheet", seminar_id=sheet.seminar_id, object_id=sheet.id, summary=sheet.title)


def add_checks(sheet: Sheet, by: Actor, now: datetime) -> int:
    """Those that the software's own sheet has and this one lacks; how many. Nothing that the office wrote changes."""
    queries.hold_sheet(sheet)
    definition = read_definition(sheet.definition)
    more = checks_lacking(definition)
    if more:
        change_sheet(sheet, definition.model_copy(update={"checks": (*definition.checks, *more)}), by, now)
    return len(more)


def remove_sheet(sheet: Sheet, by: Actor, now: datetime) -> None:
    """Only what nobody typed into, and what no targets count with."""
    queries.hold_sheet(sheet)
    queries.hold_periods(sheet)
    if queries.uses_of([sheet]):
        raise Refused("Units have typed into this sheet or sent it: it stays. Close its periods instead.")
    if queries.is_behind_targets(sheet):
        raise Refused("The targets count with this sheet: it stays.")
    for period in list(sheet.periods):
        for one in list(period.returns):
            db.session.delete(one)
        db.session.delete(period)
    db.session.flush()
    record(by, now, "remove", "sheet", seminar_id=sheet.seminar_id, object_id=sheet.id, summary=sheet.title)
    db.session.delete(sheet)
