"""A unit's statistics return: typed, read from Excel, looked at, sent.

Each press is there twice: under `/u/` for the unit, and under the seminar for the office on the unit's behalf.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import abort, flash, jsonify, redirect, render_template, request
from flask_babel import gettext as _

from seminar.access.actor import CHANNEL_LABELS, ON_BEHALF, Actor, Channel
from seminar.access.guard import by_unit_link, only, staff_actor
from seminar.access.roles import Role
from seminar.lib import files
from seminar.lib.clock import now
from seminar.lib.database import db, reading
from seminar.lib.errors import Message, Refused
from seminar.lib.language import ngettext, say
from seminar.lib.limits import guesses
from seminar.lib.numbers import whole
from seminar.planning import queries as plans
from seminar.planning.models import Seminar, Unit
from seminar.portal.views import bp, unit
from seminar.statistics import actions, queries
from seminar.statistics.documents.form import headings_of
from seminar.statistics.models import Period, ReturnDraft
from seminar.statistics.queries import Entry
from seminar.statistics.queries.sheets import hold_sheet
from seminar.statistics.reading import read_sheet
from seminar.statistics.rules import RETURN_STATE_LABELS, read_definition
from seminar.statistics.rules.deadlines import is_shown
from seminar.statistics.rules.defining import seen_of
from seminar.statistics.rules.returns import misplaced, overlaid, place_label, typed_cells

MINE = "/u/<code>/returns/<int:period_id>"
THEIRS = "/seminars/<slug>/statistics/periods/<int:period_id>/units/<int:unit_id>/entry"
PREFIX = "cell."
REMARKS = "remarks"
"""Beside the cells of what the page showed first, whose keys have a dot."""
writes = only(Role.OFFICE)
reads = only(Role.OFFICE, Role.SECRETARY, Role.VIEWER)


@dataclass(frozen=True)
class Desk:
    """Whose return it is, and who fills it in."""

    here: str
    back: str
    seminar: Seminar
    period: Period
    unit: Unit
    by: Actor
    is_office: bool

    def entry(self, **typed: Any) -> Entry:
        return queries.entry_of(self.period, self.unit, now(), **typed)

    def acting(self, usual: Channel) -> Actor:
        """The unit itself, or the office for it by the channel that the form says."""
        if not self.is_office:
            return self.by
        said = request.form.get("channel", "")
        return self.by.for_(self.unit.name, Channel(said) if said in set(ON_BEHALF) else usual)


@dataclass(frozen=True)
class Shown:
    """What a page adds to the return itself."""

    problem: str = ""
    conflicts: Mapping[str, str] = field(default_factory=dict)
    """ "row.column" -> what the other one typed."""
    found: list[tuple[str, str, str]] | None = None
    """(place, before, after) of what an uploaded spreadsheet changed."""
    remarks: list[Message] = field(default_factory=list)
    """What was not understood of it."""
    base: Mapping[str, str] | None = None
    revision: int | None = None
    began: str | None = None
    """The remarks that the page showed first."""


@dataclass(frozen=True)
class Typed:
    """What stands in the form. `base` is None where it is missing or was tampered with, `began` with it."""

    cells: dict[str, str]
    remarks: str
    revision: int
    base: dict[str, str] | None
    began: str | None

    def shown(self, problem: str) -> Shown:
        """The page as it was sent, so that what others saved since is still merged."""
        return Shown(problem, base=self.base or {}, revision=self.revision, began=self.began)

    def keep(self, desk: Desk) -> ReturnDraft:
        return actions.keep_draft(
            desk.period,
            desk.unit,
            self.cells,
            desk.by,
            now(),
            self.revision,
            base=self.base,
            remarks=self.remarks,
            began=self.began,
        )


def mine(code: str, period_id: int, *, held: bool = False) -> Desk:
    link = unit.find_link(code, held=held)
    period = queries.period_or_404(link.seminar, period_id)
    if not is_shown(period):
        abort(404)
    here = f"/u/{link.code}/returns/{period.id}"
    return Desk(here, f"/u/{link.code}", link.seminar, period, link.unit, unit.unit_actor(link), is_office=False)


def theirs(slug: str, period_id: int, unit_id: int) -> Desk:
    seminar = plans.seminar_or_404(slug)
    period = queries.period_or_404(seminar, period_id)
    if not is_shown(period):
        abort(404)
    found = plans.unit_or_404(unit_id)
    back = f"/seminars/{slug}/statistics/periods/{period.id}/units/{found.id}"
    return Desk(f"{back}/entry", back, seminar, period, found, staff_actor(), is_office=True)


def page(desk: Desk, entry: Entry | None = None, status: int = 200, shown: Shown | None = None) -> Any:
    entry, shown = entry or desk.entry(), shown or Shown()
    is_correcting = "correct" in request.args or bool(shown.problem) or shown.found is not None
    may_type = desk.is_office or entry.may_send
    return render_template(
        "portal/return.html",
        layout="layout/page.html" if desk.is_office else "layout/plain.html",
        desk=desk,
        seminar=desk.seminar,
        entry=entry,
        shown=shown,
        is_typing=may_type and (not entry.versions or entry.returned is not None or entry.is_changed or is_correcting),
        may_type=may_type,
        base=json.dumps(
            {
                **(entry.cells if shown.base is None else shown.base),
                REMARKS: entry.remarks if shown.began is None else shown.began,
            },
            ensure_ascii=False,
        ),
        revision=entry.revision if shown.revision is None else shown.revision,
        **words(entry),
    ), status


def words(entry: Entry) -> dict[str, Any]:
    """What the templates of a return share."""
    return {
        "headings": headings_of(entry.definition),
        "states": RETURN_STATE_LABELS,
        "channels": CHANNEL_LABELS,
        "on_behalf": ON_BEHALF,
    }


def _typed(period: Period) -> Typed:
    definition = read_definition(period.sheet.definition)
    said = {name.removeprefix(PREFIX): text for name, text in request.form.items() if name.startswith(PREFIX)}
    try:
        base = json.loads(request.form.get("base", ""))
    except (ValueError, RecursionError):
        base = None
    is_whole = isinstance(base, dict)
    began = base.get(REMARKS) if is_whole else None
    return Typed(
        typed_cells(definition, said),
        request.form.get("remarks", ""),
        whole(request.form.get("revision", "")) or 0,
        typed_cells(definition, base) if is_whole else None,
        began if isinstance(began, str) else None,
    )


def _refuse_misplaced(period: Period) -> None:
    """What was typed into a column or row that the office took away meanwhile is said, not dropped."""
    hold_sheet(period.sheet)
    said = {name.removeprefix(PREFIX): text for name, text in request.form.items() if name.startswith(PREFIX)}
    lost = misplaced(read_definition(period.sheet.definition), said)
    if lost:
        figures = "; ".join(text[:40] for text in list(lost.values())[:8])
        raise Refused(
            "The office changed the sheet meanwhile, nothing was kept: open the page anew. These figures have no place any more: %(figures)s.",
            figures=figures,
        )


def _wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _json(desk: Desk, entry: Entry, status: int = 200, **more: Any) -> Any:
    """What the page shows anew: cells as they are on the server, marks, sums and sentences."""
    answer = jsonify(
        revision=entry.revision,
        cells=entry.cells,
        remarks=entry.remarks,
        marks={key: level.value for key, level in entry.marks.items()},
        wrong={key: say(message) for key, message in entry.reading.wrong.items()},
        figures=render_template("statistics/_figures.html", entry=entry, **words(entry)),
        **more,
    )
    answer.status_code = status
    return answer


def _keep(enter: Any) -> Any:
    """Keeps what is typed; a script gets what the page shows anew, a plain form the page, or the look before sending.

    Where a spreadsheet was chosen too, it is read first.
    """
    if not _wants_json() and (upload := request.files.get("file")) and upload.filename:
        return _upload(enter)
    desk = enter(held=True)
    typed = _typed(desk.period)
    try:
        _refuse_misplaced(desk.period)
        typed.keep(desk)
        db.session.commit()
    except actions.TypedElsewhere as conflict:
        db.session.rollback()
        return _conflict(desk, conflict, typed)
    except Refused as refusal:
        db.session.rollback()
        if _wants_json():
            return jsonify(problem=say(refusal.message)), 422
        return page(desk, desk.entry(typed=typed.cells, remarks=typed.remarks), 422, typed.shown(say(refusal.message)))
    if _wants_json():
        return _json(desk, desk.entry())
    if request.form.get("then") == "review":
        return redirect(f"{desk.here}/review", 303)
    flash(_("What is typed is kept. It is not sent yet."), "success")
    return redirect(f"{desk.here}?correct=1", 303)


def _conflict(desk: Desk, conflict: actions.TypedElsewhere, typed: Typed) -> Any:
    others = {key: conflict.cells.get(key, "") for key in conflict.conflicts}
    if _wants_json():
        said = {key: _("Somebody else typed: %(text)s", text=text or "…") for key, text in others.items()}
        return _json(desk, desk.entry(), 409, problem=say(conflict.message), conflicts=said, mine=conflict.mine)
    shown = Shown(
        say(conflict.message), others, base=conflict.cells, revision=conflict.revision, began=typed.began or ""
    )
    return page(desk, desk.entry(typed=conflict.mine, remarks=typed.remarks), 409, shown)


def _upload(enter: Any) -> Any:
    """Keeps what is typed, then puts the figures of the spreadsheet over it; nothing is sent."""
    with reading():
        desk = enter()
        typed = _typed(desk.period)
        definition, names = read_definition(desk.period.sheet.definition), (desk.unit.name, desk.period.name)
    upload = request.files.get("file")
    content = upload.read() if upload else b""
    try:
        if not content:
            raise Refused("Choose the Excel file first.")
        found = read_sheet(definition, content, unit=names[0], period=names[1])
        digest = files.keep(content, with_rows=True)
        desk = enter(held=True)
        _refuse_misplaced(desk.period)
        draft = typed.keep(desk)
        before = dict(draft.cells)
        after = overlaid(definition, before, found.cells)
        actions.keep_draft(desk.period, desk.unit, after, desk.by, now(), draft.revision, file_sha256=digest)
        db.session.commit()
    except actions.TypedElsewhere as conflict:
        db.session.rollback()
        return _conflict(enter(), conflict, typed)
    except Refused as refusal:
        db.session.rollback()
        desk = enter()
        return page(desk, desk.entry(typed=typed.cells, remarks=typed.remarks), 422, typed.shown(say(refusal.message)))
    changes = [
        (place_label(definition, key), before.get(key, ""), text)
        for key, text in after.items()
        if before.get(key, "") != text
    ]
    return page(desk, shown=Shown(found=changes, remarks=found.problems))


def _review(desk: Desk, problem: str = "", status: int = 200) -> Any:
    entry = desk.entry()
    if not entry.cells and not problem:
        return redirect(desk.here, 303)
    return render_template(
        "portal/return_review.html",
        is_review=True,
        layout="layout/page.html" if desk.is_office else "layout/plain.html",
        desk=desk,
        seminar=desk.seminar,
        entry=entry,
        sheet_seen=seen_of(entry.definition),
        problem=problem,
        reason=request.form.get("reason", ""),
        channel=request.form.get("channel", ""),
        **words(entry),
    ), status


def _send(desk: Desk) -> Any:
    revision = whole(request.form.get("revision", "")) or 0
    try:
        if desk.is_office and request.form.get("channel") not in set(ON_BEHALF):
            raise Refused("Choose how the unit told the office its figures.")
        version = actions.send_return(
            desk.period,
            desk.unit,
            desk.acting(Channel.PHONE),
            now(),
            revision,
            reason=request.form.get("reason", ""),
            sheet_seen=request.form.get("sheet", ""),
        )
        number, late = version.number, version.late_days
        db.session.commit()
    except Refused as refusal:
        db.session.rollback()
        return _review(desk, say(refusal.message), 422)
    if desk.is_office:
        said = _("The figures are sent for the unit: version %(number)d. Check and accept it below.", number=number)
    else:
        said = _("The figures are sent: version %(number)d. Print the form, sign and stamp it.", number=number)
    flash(said, "success")
    if late:
        flash(
            ngettext("%(num)d day late: accepted and marked.", "%(num)d days late: accepted and marked.", late), "info"
        )
    return redirect(desk.back if desk.is_office else desk.here, 303)


def _undo(desk: Desk) -> Any:
    try:
        actions.undo_draft(desk.period, desk.unit, desk.by, now(), whole(request.form.get("revision", "")) or 0)
        db.session.commit()
        flash(_("Back to the figures as they were sent."), "success")
    except Refused as refusal:
        db.session.rollback()
        flash(say(refusal.message), "danger")
    return redirect(desk.here, 303)


@bp.get(MINE)
@by_unit_link
@guesses
def unit_return(code: str, period_id: int) -> Any:
    return page(mine(code, period_id))


@bp.get(THEIRS)
@writes
def return_entry(slug: str, period_id: int, unit_id: int) -> Any:
    return page(theirs(slug, period_id, unit_id))


@bp.post(f"{MINE}/draft")
@by_unit_link
@guesses
def keep_unit_draft(code: str, period_id: int) -> Any:
    return _keep(lambda held=False: mine(code, period_id, held=held))


@bp.post(f"{THEIRS}/draft")
@writes
def keep_return_draft(slug: str, period_id: int, unit_id: int) -> Any:
    return _keep(lambda held=False: theirs(slug, period_id, unit_id))


@bp.post(f"{MINE}/workbook")
@by_unit_link
@guesses
def read_unit_workbook(code: str, period_id: int) -> Any:
    return _upload(lambda held=False: mine(code, period_id, held=held))


@bp.post(f"{THEIRS}/workbook")
@writes
def read_return_workbook(slug: str, period_id: int, unit_id: int) -> Any:
    return _upload(lambda held=False: theirs(slug, period_id, unit_id))


@bp.get(f"{MINE}/review")
@by_unit_link
@guesses
def review_unit_return(code: str, period_id: int) -> Any:
    return _review(mine(code, period_id))


@bp.get(f"{THEIRS}/review")
@writes
def review_return(slug: str, period_id: int, unit_id: int) -> Any:
    return _review(theirs(slug, period_id, unit_id))


@bp.post(f"{MINE}/versions")
@by_unit_link
@guesses
def send_unit_return(code: str, period_id: int) -> Any:
    return _send(mine(code, period_id, held=True))


@bp.post(f"{THEIRS}/versions")
@writes
def send_return(slug: str, period_id: int, unit_id: int) -> Any:
    return _send(theirs(slug, period_id, unit_id))


@bp.post(f"{MINE}/draft/reversal")
@by_unit_link
@guesses
def undo_unit_draft(code: str, period_id: int) -> Any:
    return _undo(mine(code, period_id, held=True))


@bp.post(f"{THEIRS}/draft/reversal")
@writes
def undo_return_draft(slug: str, period_id: int, unit_id: int) -> Any:
    return _undo(theirs(slug, period_id, unit_id))
