"""How a list is read: its headings, columns, old fonts, capitals and units; chosen on the preview, then read again."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from seminar.access.guard import staff_actor
from seminar.delegates import actions, importing, queries
from seminar.delegates.columns import LABELS
from seminar.delegates.importing.lists import ListRead, SheetRead
from seminar.delegates.importing.options import CAPITALS, ENCODINGS, NO_HEADINGS, Options, SheetOptions
from seminar.delegates.views import bp, writers
from seminar.delegates.views.imports import preview_page
from seminar.lib import files
from seminar.lib.clock import now
from seminar.lib.database import db, reading
from seminar.lib.errors import Refused
from seminar.lib.numbers import whole
from seminar.lib.sheets import column_index
from seminar.lib.text import fold
from seminar.planning import actions as planning
from seminar.planning import queries as plans

SHEETS = 100
UNITS = 300
UNIT_LENGTH = 500
"""Of what a list may call a unit."""


@bp.post("/imports/<int:draft_id>/reading")
@writers
def read_again(slug: str, draft_id: int) -> Any:
    """Each form of the preview sends its part; what it does not send stays as it was chosen before."""
    form = request.form
    with reading():
        seminar = plans.seminar_or_404(slug)
        draft = queries.draft_or_404(seminar, draft_id)
        names, units = queries.group_names(seminar), queries.unit_names(seminar)
        options, digest, is_stored = importing.options_of(draft.options), draft.file_sha256, draft.stored_at
        read = importing.unpack(draft.rows)
    if form.get("afresh"):
        options = Options()
    else:
        _take_words(options, form)
        _take_units(options, form, {unit_id for unit_id, _name in units.values()})
        for index, sheet in enumerate(read.sheets[:SHEETS]):
            _take_sheet(options, index, sheet, form)
    packed = b""
    try:
        if is_stored is None:
            packed = importing.read_list(files.read(digest), names, units, options.as_json())
        seminar = plans.seminar_or_404(slug)
        draft = queries.draft_or_404(seminar, draft_id)
        actions.read_again(draft, packed, options.as_json(), staff_actor(), now())
        _remember(read, options, form)
    except Refused as refusal:
        db.session.rollback()
        with reading():
            return preview_page(slug, draft_id, refusal)
    db.session.commit()
    flash(_("The list was read again as chosen."), "info")
    return redirect(url_for("delegates.preview", slug=slug, draft_id=draft_id), 303)


def _take_words(options: Options, form: MultiDict[str, str]) -> None:
    if form.get("encoding") in ENCODINGS:
        options.encoding = form["encoding"]
    if form.get("capitals") in CAPITALS:
        options.capitals = form["capitals"]


def _take_units(options: Options, form: MultiDict[str, str], known: set[int]) -> None:
    """`text-N` is a name in the list, `unit-N` the unit that it means; 0 says that it is none."""
    for index in range(UNITS):
        text, chosen = form.get(f"text-{index}", "")[:UNIT_LENGTH], whole(form.get(f"unit-{index}", ""))
        if text and chosen is not None and (chosen == 0 or chosen in known):
            options.units[fold(text)] = chosen


def _remember(read: ListRead, options: Options, form: MultiDict[str, str]) -> None:
    """Names that are ticked become aliases of their units, for every list to come."""
    units = {unit.id: unit for unit in plans.units_on(None)} if "remember" in form else {}
    for index in form.getlist("remember"):
        text = form.get(f"text-{index}", "")[:UNIT_LENGTH]
        unit = units.get(options.units.get(fold(text), 0))
        if unit:
            planning.add_unit_alias(unit, text, staff_actor(), now())


def _take_sheet(options: Options, index: int, sheet: SheetRead, form: MultiDict[str, str]) -> None:
    """With another heading row the columns are recognised anew, unless they were guessed; what is changed is kept."""
    if f"sheet-{index}" not in form:
        return
    chosen = options.sheets.setdefault(index, SheetOptions())
    chosen.is_read = f"read-{index}" in form
    fills = form.get(f"fill-{index}", "")
    chosen.fills = {"yes": True, "no": False}.get(fills)
    heading = whole(form.get(f"heading-{index}", ""))
    moves = heading is not None and heading != (sheet.heading_row or 0)
    if moves:
        chosen.heading_row, chosen.fields = heading, {}
        if not sheet.is_guessed:
            return
    if f"guess-{index}" in form:
        chosen.heading_row = NO_HEADINGS
        return
    fields = {}
    for letter, _heading, name in sheet.columns:
        sent = form.get(f"field-{index}-{letter}", name)
        if sent in LABELS:
            fields[column_index(letter)] = sent
    shown = {column_index(letter): name for letter, _heading, name in sheet.columns}
    if sheet.is_guessed and (moves or fields != shown or chosen.fields):
        chosen.fields = fields
        chosen.heading_row = chosen.heading_row or sheet.heading_row or 0
    else:
        chosen.fields |= {column: name for column, name in fields.items() if name != shown[column]}
