"""What of a return is a file: the printed form, the spreadsheet, the signed page. For the unit, and for the office."""

import re
from typing import Any

from flask import Response, abort, flash, redirect, request, send_file
from flask_babel import gettext as _

from seminar.access.actor import Channel
from seminar.access.guard import by_unit_link
from seminar.lib import files, headers
from seminar.lib.clock import now
from seminar.lib.database import db, reading
from seminar.lib.errors import Refused
from seminar.lib.language import say
from seminar.lib.limits import guesses
from seminar.lib.text import fold
from seminar.portal.views import bp
from seminar.portal.views.returns import MINE, THEIRS, Desk, mine, reads, theirs, writes
from seminar.statistics import actions, documents, queries
from seminar.statistics.models import ReturnVersion, SignedScan
from seminar.statistics.rules import read_definition
from seminar.statistics.rules.returns import cells_of

VERSION = "versions/<int:number>"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _version(desk: Desk, number: int) -> ReturnVersion:
    one = queries.return_of(desk.period, desk.unit)
    found = next((version for version in one.versions if version.number == number), None) if one else None
    if found is None:
        abort(404)
    return found


def _scan(desk: Desk, number: int, scan_id: int) -> SignedScan:
    found = next((one for one in _version(desk, number).scans if one.id == scan_id and not one.withdrawn_at), None)
    if found is None:
        abort(404)
    return found


def _attach(enter: Any, number: int) -> Any:
    with reading():
        desk = enter()
        _version(desk, number)
        here = desk.back if desk.is_office else desk.here
    upload = request.files.get("file")
    try:
        checked = actions.check_scan(upload.filename or "" if upload else "", upload.read() if upload else b"")
        actions.keep_scan(checked)
        desk = enter(held=True)
        kept = actions.attach_scan(_version(desk, number), checked, desk.acting(Channel.LETTER), now())
        name = kept.filename
        db.session.commit()
        if name == checked.filename[:300]:
            flash(_("“%(file)s” is kept beside version %(number)d.", file=name, number=number), "success")
        else:
            flash(_("This page is there already, as “%(file)s”: nothing was added.", file=name), "info")
    except Refused as refusal:
        db.session.rollback()
        flash(say(refusal.message), "danger")
        return redirect(here, 303)  # to its top, where the sentence stands
    return redirect(f"{here}#version-{number}", 303)


def _withdraw(desk: Desk, number: int, scan_id: int) -> Any:
    actions.withdraw_scan(_scan(desk, number, scan_id), desk.acting(Channel.LETTER), now())
    db.session.commit()
    flash(_("The scan is withdrawn; it stays as a record."), "success")
    return redirect(f"{desk.back if desk.is_office else desk.here}#version-{number}", 303)


def _scan_file(desk: Desk, number: int, scan_id: int) -> Response:
    found = _scan(desk, number, scan_id)
    headers.sandbox()
    answer = send_file(
        files.path_of(found.file_sha256),
        mimetype=found.media_type,
        as_attachment=not found.media_type.startswith("image/"),
        download_name=found.filename,
        etag=found.file_sha256,
    )
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _printed(desk: Desk, number: int | None = None) -> Response:
    """The form of one version, or the blank one with the unit's name; the spreadsheet has what is typed now."""
    kind = request.path.rpartition(".")[2]
    if kind == "xlsx":
        cells = desk.entry().cells
    else:
        definition = read_definition(desk.period.sheet.definition)
        cells = cells_of(definition, queries.values_of(_version(desk, number))) if number is not None else {}
    filled = documents.filled_form(desk.period, desk.unit.name, cells)
    stem = re.sub(r"[^a-z0-9]+", "-", fold(f"{desk.period.sheet.code} {desk.unit.name}")).strip("-")
    if kind == "pdf":
        content, media = documents.form_pdf(filled, now()), "application/pdf"
    elif kind == "docx":
        content, media = documents.form_docx(filled, now()), WORD
    else:
        content, media = documents.sheet_workbook(filled, now()), EXCEL
    name = f"{stem}{f'-lan-{number}' if number else ''}.{kind}"
    where = "inline" if kind == "pdf" else "attachment"
    return Response(content, mimetype=media, headers={"Content-Disposition": f'{where}; filename="{name}"'})


@bp.get(f"{MINE}/sheet.xlsx")
@by_unit_link
@guesses
def unit_workbook(code: str, period_id: int) -> Response:
    return _printed(mine(code, period_id))


@bp.get(f"{THEIRS}/sheet.xlsx")
@reads
def return_workbook(slug: str, period_id: int, unit_id: int) -> Response:
    return _printed(theirs(slug, period_id, unit_id))


@bp.get(f"{MINE}/form.pdf")
@bp.get(f"{MINE}/form.docx")
@by_unit_link
@guesses
def blank_unit_form(code: str, period_id: int) -> Response:
    return _printed(mine(code, period_id))


@bp.get(f"{MINE}/{VERSION}/form.pdf")
@bp.get(f"{MINE}/{VERSION}/form.docx")
@by_unit_link
@guesses
def unit_form(code: str, period_id: int, number: int) -> Response:
    return _printed(mine(code, period_id), number)


@bp.get(f"{THEIRS}/{VERSION}/form.pdf")
@bp.get(f"{THEIRS}/{VERSION}/form.docx")
@reads
def return_form(slug: str, period_id: int, unit_id: int, number: int) -> Response:
    return _printed(theirs(slug, period_id, unit_id), number)


@bp.post(f"{MINE}/{VERSION}/scans")
@by_unit_link
@guesses
def attach_unit_scan(code: str, period_id: int, number: int) -> Any:
    return _attach(lambda held=False: mine(code, period_id, held=held), number)


@bp.post(f"{THEIRS}/{VERSION}/scans")
@writes
def attach_scan(slug: str, period_id: int, unit_id: int, number: int) -> Any:
    return _attach(lambda held=False: theirs(slug, period_id, unit_id), number)


@bp.get(f"{MINE}/{VERSION}/scans/<int:scan_id>")
@by_unit_link
@guesses
def unit_scan(code: str, period_id: int, number: int, scan_id: int) -> Response:
    return _scan_file(mine(code, period_id), number, scan_id)


@bp.get(f"{THEIRS}/{VERSION}/scans/<int:scan_id>")
@reads
def scan(slug: str, period_id: int, unit_id: int, number: int, scan_id: int) -> Response:
    return _scan_file(theirs(slug, period_id, unit_id), number, scan_id)


@bp.post(f"{MINE}/{VERSION}/scans/<int:scan_id>/withdrawal")
@by_unit_link
@guesses
def withdraw_unit_scan(code: str, period_id: int, number: int, scan_id: int) -> Any:
    return _withdraw(mine(code, period_id, held=True), number, scan_id)


@bp.post(f"{THEIRS}/{VERSION}/scans/<int:scan_id>/withdrawal")
@writes
def withdraw_scan(slug: str, period_id: int, unit_id: int, number: int, scan_id: int) -> Any:
    return _withdraw(theirs(slug, period_id, unit_id), number, scan_id)
