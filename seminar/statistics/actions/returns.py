"""What a unit does with its return, or the office on its behalf: types it, sends it, sends it corrected."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from seminar.access.actor import Actor, ActorKind
from seminar.audit.models import record
from seminar.lib.database import db
from seminar.lib.errors import N_, Refused
from seminar.planning.models import Unit
from seminar.planning.queries import milestone
from seminar.statistics.models import Cell, Period, Return, ReturnDraft, ReturnVersion
from seminar.statistics.queries import values_of
from seminar.statistics.queries.sheets import hold_sheet
from seminar.statistics.rules import Definition, read_definition, state_of
from seminar.statistics.rules.deadlines import late_days, refuse_closed
from seminar.statistics.rules.defining import seen_of
from seminar.statistics.rules.returns import (
    cells_of,
    merged,
    merged_remarks,
    read_cells,
    read_reason,
    read_remarks,
    typed_cells,
)

TYPED_ELSEWHERE = N_("Somebody else typed into the same cells meanwhile. Both figures are shown: choose.")


class TypedElsewhere(Refused):
    """Others typed something else into the same cells; nothing was stored.

    `cells` are theirs, `mine` both merged with one's own where they differ, `conflicts` the keys of those cells.
    """

    def __init__(self, draft: ReturnDraft, mine: dict[str, str], conflicts: list[str]) -> None:
        super().__init__(TYPED_ELSEWHERE)
        self.cells, self.revision = dict(draft.cells), draft.revision
        self.mine, self.conflicts = mine, conflicts


def begin_return(period: Period, unit: Unit, by: Actor, now: datetime) -> Return:
    """The unit's return of the period, made where there is none. Whoever writes another of the sheet, changes or closes it,
    waits until commit.
    """
    hold_sheet(period.sheet)
    db.session.scalar(select(Period).where(Period.id == period.id).execution_options(populate_existing=True))
    query = select(Return).where(Return.period_id == period.id, Return.unit_id == unit.id)
    found = db.session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        found = Return(period_id=period.id, unit_id=unit.id)
        db.session.add(found)
        db.session.flush()
        record(by, now, "begin", "return", seminar_id=period.sheet.seminar_id, object_id=unit.id, summary=unit.name)
    return found


def keep_draft(
    period: Period,
    unit: Unit,
    cells: Mapping[str, str],
    by: Actor,
    now: datetime,
    revision: int,
    *,
    base: Mapping[str, str] | None = None,
    remarks: str | None = None,
    began: str | None = None,
    file_sha256: str = "",
) -> ReturnDraft:
    """Keeps the cells ("row.column" -> text) as typed, right or wrong.

    `revision` is that of the draft which the page showed (0: none), `base` the cells it showed. Where others saved since,
    both are merged cell by cell, and the remarks by those that it showed (`began`); `TypedElsewhere` where the same cell was
    changed twice, or no base says what was changed. Refused once the office closed the period, except for the office itself
    and for what it returned; and remarks too long. Cells that the sheet has no more are left out: `rules.returns.misplaced`
    names them.
    """
    one = begin_return(period, unit, by, now)
    definition = read_definition(period.sheet.definition)
    mine, said = typed_cells(definition, cells), None if remarks is None else read_remarks(remarks)
    if by.kind != ActorKind.STAFF:
        refuse_closed(period, milestone(period.sheet.seminar, "returns"), state_of(one))
    draft = _draft(one)
    if draft is None:
        theirs = cells_of(definition, values_of(one.versions[-1])) if one.versions else {}
        draft = ReturnDraft(cells=theirs, revision=0, saved_at=now, saved_by=by.name[:200], remarks="")
        one.draft = draft
    if revision != draft.revision:
        mine, conflicts = _with_theirs(definition, draft, mine, base)
        if conflicts:
            raise TypedElsewhere(draft, mine, conflicts)
    words = draft.remarks if said is None else said
    if said is not None and draft.revision and (began is not None or revision != draft.revision):
        words = merged_remarks(began, said, draft.remarks)
    if draft.revision and (mine, words, file_sha256 or draft.file_sha256) == _kept(draft):
        return draft
    draft.cells, draft.remarks, draft.file_sha256 = mine, words, file_sha256 or draft.file_sha256
    draft.revision, draft.saved_at, draft.saved_by = draft.revision + 1, now, by.name[:200]
    db.session.flush()
    return draft


def _with_theirs(
    definition: Definition, draft: ReturnDraft, mine: dict[str, str], base: Mapping[str, str] | None
) -> tuple[dict[str, str], list[str]]:
    began = typed_cells(definition, base) if base is not None else None
    if began is None:
        keys = dict.fromkeys((*draft.cells, *mine))
        return mine, [key for key in keys if draft.cells.get(key, "") != mine.get(key, "")]
    return merged(began, mine, draft.cells)


def _kept(draft: ReturnDraft) -> tuple[dict[str, str], str, str]:
    return draft.cells, draft.remarks, draft.file_sha256


def _draft(one: Return) -> ReturnDraft | None:
    query = select(ReturnDraft).where(ReturnDraft.return_id == one.id)
    return db.session.scalar(query.execution_options(populate_existing=True))


def undo_draft(period: Period, unit: Unit, by: Actor, now: datetime, revision: int) -> ReturnDraft:
    """Back to what was sent last; refused where somebody typed meanwhile, or nothing was sent."""
    one = begin_return(period, unit, by, now)
    draft = _draft(one)
    if draft is None or not one.versions:
        raise Refused("Nothing was sent yet, so there is nothing to go back to.")
    if draft.revision != revision:
        raise Refused("Meanwhile somebody changed the figures, nothing was undone: look at them again.")
    latest = one.versions[-1]
    draft.cells = cells_of(read_definition(period.sheet.definition), values_of(latest))
    draft.remarks, draft.file_sha256 = latest.remarks, latest.file_sha256
    draft.revision, draft.saved_at, draft.saved_by = draft.revision + 1, now, by.name[:200]
    db.session.flush()
    return draft


def send_return(
    period: Period, unit: Unit, by: Actor, now: datetime, revision: int, *, reason: str = "", sheet_seen: str = ""
) -> ReturnVersion:
    """Sends what the draft says as the next version. `revision`: of the draft as the sender saw it; `sheet_seen`: mark of
    the sheet (`defining.seen_of`), whose words may have changed since: then a figure would mean something else.

    Refused: cells that are no counts or cannot be right, nothing typed at all, nothing changed since the version before, a
    later version without a reason, a closed period. Warnings are kept with the version.
    """
    one = begin_return(period, unit, by, now)
    planned, state = milestone(period.sheet.seminar, "returns"), state_of(one)
    if by.kind != ActorKind.STAFF:
        refuse_closed(period, planned, state)
    draft = _draft(one)
    if draft is None or draft.revision != revision:
        raise Refused("Meanwhile somebody changed the figures, nothing was sent: look at them again.")
    definition = read_definition(period.sheet.definition)
    if sheet_seen and sheet_seen != seen_of(definition):
        raise Refused("The office changed the sheet meanwhile, nothing was sent: look at the figures again.")
    reading = read_cells(definition, draft.cells)
    if not reading.is_right:
        raise Refused("Some figures cannot be right yet, nothing was sent: they are marked in the sheet.")
    if not reading.values:
        raise Refused("The sheet is blank: type at least one figure, 0 for none.")
    latest = one.versions[-1] if one.versions else None
    reason = read_reason(reason)
    if latest is not None:
        if values_of(latest) == reading.values and latest.remarks == draft.remarks:
            raise Refused("Nothing has changed since version %(number)d was sent.", number=latest.number)
        if not reason:
            raise Refused("Write why the figures are sent again.")
    version = ReturnVersion(
        number=latest.number + 1 if latest else 1,
        reason=reason if latest else "",
        remarks=draft.remarks,
        warnings=[[problem.message.msgid, problem.message.values] for problem in reading.warnings],
        sent_at=now,
        actor_kind=by.kind,
        actor_name=by.name[:200],
        channel=by.channel,
        late_days=late_days(period, planned, now),
        file_sha256=draft.file_sha256,
        cells=[Cell(row=row, column=column, value=value) for (row, column), value in reading.values.items()],
    )
    one.versions.append(version)
    db.session.flush()
    record(
        by,
        now,
        "send",
        "return",
        seminar_id=period.sheet.seminar_id,
        object_id=unit.id,
        summary=f"{unit.name}: {period.sheet.title}, {period.name}",
        version=version.number,
        late_days=version.late_days,
    )
    return version
