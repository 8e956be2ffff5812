"""The queue that a desk saved as a file: read, looked at row by row, stored."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from seminar.access.guard import only, staff_actor
from seminar.checkin import queries, rules
from seminar.checkin.actions.queues import HandedIn, hand_in_queue
from seminar.checkin.forms.queues import QUEUE_BYTES, Queue, QueuedRow, read_queue
from seminar.checkin.models import Desk, ScanKind
from seminar.checkin.queries import PairedDesk
from seminar.checkin.views import bp
from seminar.checkin.views.staff import KEEPERS
from seminar.lib.clock import now
from seminar.lib.database import db, reading
from seminar.lib.errors import N_, Refused
from seminar.lib.language import ngettext, say
from seminar.lib.numbers import whole
from seminar.planning.models import Seminar
from seminar.planning.queries import seminar_or_404

KINDS = {
    ScanKind.ENTRY.value: N_("In"),
    ScanKind.EXIT.value: N_("Out"),
    ScanKind.ANNUL.value: N_("Take back"),
    "walk-in": N_("Registered at the desk"),
}


@bp.get("/seminars/<slug>/desks/queue")
@only(*KEEPERS)
def queue(slug: str) -> Any:
    return _page(seminar_or_404(slug))


def _page(seminar: Seminar, error: str = "", **shown: Any) -> str:
    return render_template("checkin/queue.html", seminar=seminar, error=error, **({"told": None} | shown))


def _desk(seminar: Seminar) -> Desk | None:
    """The one chosen for rows whose own desk is not known here."""
    wanted = whole(request.form.get("desk", ""))
    return next((desk for desk in queries.desks_of(seminar) if desk.id == wanted), None)


def _paired(seminar: Seminar, desk: Desk | None) -> PairedDesk | None:
    return PairedDesk(desk.id, desk.name, seminar.id, seminar.slug) if desk else None


def _read(slug: str) -> Queue:
    """From the file just chosen, else from what the page carries of it."""
    upload = request.files.get("file")
    content = upload.read(QUEUE_BYTES + 1) if upload else request.form.get("content", "").encode("utf-8", "replace")
    if not content:
        raise Refused("Choose the file that the desk saved.")
    return read_queue(content, slug)


@bp.post("/seminars/<slug>/desks/queue")
@only(*KEEPERS)
def read_saved_queue(slug: str) -> Any:
    """What each row would do, found by doing it and giving it up: nothing is stored."""
    try:
        told = _read(slug)
    except Refused as refusal:
        with reading():
            return _page(seminar_or_404(slug), say(refusal.message)), 422
    return _preview(slug, told)


def _preview(slug: str, told: Queue, error: str = "") -> str:
    seminar = seminar_or_404(slug)
    desk = _desk(seminar)
    handed = hand_in_queue(seminar, told.rows, _paired(seminar, desk), staff_actor(), now())
    db.session.rollback()
    seminar = seminar_or_404(slug)
    return _page(
        seminar,
        error,
        told=told,
        rows=list(zip(told.rows, handed, strict=True)),
        desks=queries.desks_of(seminar)
        if any(_is_deskless(*one) for one in zip(told.rows, handed, strict=True))
        else [],
        desk_id=desk.id if desk else None,
        kinds=KINDS,
        labels=rules.VERDICT_LABELS,
        tones=rules.VERDICT_TONES,
        bearer=queries.bearer,
        fresh_count=sum(one.verdict is not None and not one.is_known for one in handed),
    )


def _is_deskless(row: QueuedRow, one: HandedIn) -> bool:
    return row.told is not None and (one.desk is None or (one.desk.id, one.desk.name) != (row.desk_id, row.desk))


@bp.post("/seminars/<slug>/desks/queue/scans")
@only(*KEEPERS)
def store_queue(slug: str) -> Any:
    try:
        told = _read(slug)
        chosen = [row for position, row in enumerate(told.rows) if str(position) in set(request.form.getlist("row"))]
    except Refused as refusal:
        with reading():
            return _page(seminar_or_404(slug), say(refusal.message)), 422
    if not chosen:
        return _preview(slug, told, _("Tick the rows to be stored.")), 422
    seminar = seminar_or_404(slug)
    try:
        handed = hand_in_queue(seminar, chosen, _paired(seminar, _desk(seminar)), staff_actor(), now())
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        return _preview(slug, told, _("The desk itself is sending this just now. Look again, then store.")), 422
    _tell(chosen, handed)
    return redirect(url_for("checkin.queue", slug=slug), 303)


def _tell(rows: list[QueuedRow], handed: list[HandedIn]) -> None:
    fresh = sum(one.verdict is not None and not one.is_known for one in handed)
    known = sum(one.is_known for one in handed)
    if fresh:
        flash(
            ngettext("%(num)d scan of the file is stored.", "%(num)d scans of the file are stored.", fresh), "success"
        )
    if known:
        flash(
            ngettext(
                "%(num)d scan was known already and changed nothing.",
                "%(num)d scans were known already and changed nothing.",
                known,
            ),
            "info",
        )
    for row, one in zip(rows, handed, strict=True):
        if one.refusal:
            flash(f"{row.name or '–'}: {say(one.refusal)}", "danger")
