"""The desk API, the contract of design.md: pairing, roster, scans, walk-ins."""

import logging
from typing import Any

from flask import abort, make_response, request
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from seminar.access.guard import desk_device, public
from seminar.checkin import queries, rules
from seminar.checkin.actions import Call, pair_desk, register_walk_in, tell_status
from seminar.checkin.actions.scans import Result
from seminar.checkin.actions.walk_ins import AlreadyListed
from seminar.checkin.committing import Unpaired, record_and_commit
from seminar.checkin.forms import api as forms
from seminar.checkin.views import bp, this_desk, timed, unpaired
from seminar.lib.clock import now
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.language import say
from seminar.lib.limits import guesses
from seminar.planning.queries import seminar_or_404

log = logging.getLogger("seminar")
Answer = tuple[dict[str, Any], int] | tuple[dict[str, Any], int, dict[str, str]]


def refused(error: str, refusal: Refused, status: int) -> Answer:
    return timed({"error": error, "message": say(refusal.message)}), status


def unavailable() -> Answer:
    """Nothing was acknowledged, so the desk keeps it and tells it again."""
    message = _("The server could not store this. Nothing is lost: the desk will send it again.")
    return timed({"error": "Service Unavailable", "message": message}), 503, {"Retry-After": "2"}


def body_of() -> bytes:
    if (request.content_length or 0) > forms.BODY_BYTES or len(request.get_data()) > forms.BODY_BYTES:
        abort(413)
    return request.get_data()


def as_json(result: Result) -> dict[str, Any]:
    """One result of the contract; sentences in the language of the device."""
    desk = this_desk()
    name = queries.bearer(result.person)
    told = rules.sentence(
        result.verdict, name, result.first_at, result.first_desk, is_same_desk=result.first_desk_id == desk.id
    )
    person = result.person
    if person:
        person = person | {"alert": say(person["alert"]) if person["alert"] else ""}
    first = {"at": result.first_at.isoformat(), "desk": result.first_desk} if result.first_at else None
    return {
        "id": result.id,
        "verdict": result.verdict.value,
        "delegate": person,
        "first": first,
        "message": say(told),
    }


@bp.post("/api/v1/desk/devices")
@public
@guesses
def pair_by_api() -> Any:
    """A wrong code answers 403 and counts against every open pairing; the fifth locks them."""
    try:
        told = forms.read_pairing(body_of())
    except Refused as refusal:
        return refused("Bad Request", refusal, 400)
    paired = pair_desk(told.pairing_code, told.name, request.remote_addr or "", now())
    if paired is None:
        db.session.commit()
        wrong = Refused("This pairing code is wrong, used, too old or locked. Ask the office for a new one.")
        return refused("Forbidden", wrong, 403)
    token, desk = paired
    answer = timed({"token": token, "desk": desk.name, "seminar": desk.seminar.slug, "title": desk.seminar.title})
    db.session.commit()
    return answer


@bp.get("/api/v1/desk/roster")
@desk_device
def roster() -> Any:
    """304 while nothing changed; a 304 has no body, so the desk learns the server's time from its Date header."""
    found = queries.roster(this_desk(), now(), say)
    response = make_response(timed(found))
    response.set_etag(found["revision"])
    response.headers["Cache-Control"] = "private, no-cache"
    return response.make_conditional(request)


@bp.post("/api/v1/desk/scans")
@desk_device
def scans() -> Any:
    try:
        told, device_now = forms.read_batch(body_of())
    except Refused as refusal:
        return refused("Bad Request", refusal, 400)
    try:
        answered = record_and_commit(Call(this_desk(), told, device_now))
    except Unpaired:
        return unpaired()
    except (SQLAlchemyError, TimeoutError):
        log.exception("scans could not be stored")
        return unavailable()
    return timed({"results": [as_json(result) for result in answered.results], "counts": answered.counts.as_dict()})


@bp.post("/api/v1/desk/status")
@desk_device
def status() -> Any:
    """What the device tells of itself; `acknowledged_known` is false where the server lost what it had acknowledged
    (it was restored from a backup): the desk then tells again what it kept.
    """
    try:
        told = forms.read_status(body_of())
    except Refused as refusal:
        return refused("Bad Request", refusal, 400)
    desk, moment = this_desk(), now()
    tell_status(desk.id, told, moment)
    is_known = told.acknowledged is None or queries.is_known_scan(desk.seminar_id, told.acknowledged)
    rehearsal = queries.rehearsal_now(desk.seminar_id, moment)
    answer = timed(
        {
            "acknowledged_known": is_known,
            "rehearsal": {"ends_at": rehearsal.ends_at.isoformat()} if rehearsal else None,
        }
    )
    db.session.commit()
    return answer


@bp.post("/api/v1/desk/walk-ins")
@desk_device
def walk_ins() -> Any:
    try:
        told = forms.read_walk_in(body_of())
    except Refused as refusal:
        return refused("Bad Request", refusal, 400)
    try:
        answered = _register(told)
    except AlreadyListed as refusal:
        db.session.rollback()
        body, status = refused("Unprocessable Content", refusal, 422)[:2]
        return body | {"like": refusal.delegate_id}, status
    except Refused as refusal:
        db.session.rollback()
        return refused("Unprocessable Content", refusal, 422)
    except SQLAlchemyError:
        log.exception("a walk-in could not be stored")
        db.session.rollback()
        return unavailable()
    result = as_json(answered.results[0])
    return timed(result | {"counts": answered.counts.as_dict()})


def _register(told: forms.WalkInInput) -> Any:
    """Registers and commits; two calls with one id at the same moment are one person."""
    for is_last in (False, True):
        try:
            answered = register_walk_in(seminar_or_404(this_desk().slug), this_desk(), told, now())
            db.session.commit()
            return answered
        except IntegrityError:
            db.session.rollback()
            if is_last:
                raise
    raise AssertionError
