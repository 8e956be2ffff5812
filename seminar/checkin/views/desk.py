"""The desk page: plain forms for any browser, and the frame of the desk app where there is JavaScript."""

from typing import Any
from uuid import UUID, uuid4

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.exc import SQLAlchemyError

from seminar.access.actor import Actor, ActorKind, Channel
from seminar.access.guard import desk_device, public
from seminar.checkin import queries, rules
from seminar.checkin.actions import Call, pair_desk, register_walk_in, revoke_desk
from seminar.checkin.actions.scans import Answered
from seminar.checkin.actions.walk_ins import AlreadyListed
from seminar.checkin.committing import record_and_commit
from seminar.checkin.forms.api import MalformedScan, WalkInInput, read_scan
from seminar.checkin.forms.pages import PairForm, WalkInForm
from seminar.checkin.models import Desk, Source, Verdict
from seminar.checkin.views import COOKIE_SECONDS, bp, cookie_name, find_desk, this_desk, token_digest
from seminar.checkin.views.app import module, words
from seminar.lib.clock import now
from seminar.lib.database import db, reading
from seminar.lib.errors import Refused
from seminar.lib.headers import allow_camera
from seminar.lib.language import say
from seminar.lib.limits import guesses
from seminar.lib.numbers import whole
from seminar.lib.text import clean, fold
from seminar.planning.models import Seminar
from seminar.planning.queries import groups_of, seminar_or_404


@bp.get("/desk/<slug>/")
@public
def desk(slug: str) -> Any:
    """The pairing form for a device that is no desk of this seminar, else the desk."""
    paired = find_desk()
    if paired is None or paired.slug != slug:
        is_ended = paired is None and token_digest() is not None
        found = pairing(seminar_or_404(slug), PairForm(), other=paired, is_ended=is_ended)
    else:
        found = page(slug, paired, scan_id=request.args.get("scan", ""))
    return found, {"X-Desk": "page"}  # by which the worker tells our pages from those of others


@bp.post("/desk/<slug>/pairing")
@public
@guesses
def pair(slug: str) -> Any:
    seminar = seminar_or_404(slug)
    form = PairForm(request.form)
    if not form.validate():
        return pairing(seminar, form), 422
    paired = pair_desk(form.pairing_code.data, form.name.data or "", request.remote_addr or "", now(), slug)
    db.session.commit()
    if paired is None:
        form.pairing_code.errors = [
            _("This pairing code is wrong, used, too old or locked. Ask the office for a new one.")
        ]
        seminar = seminar_or_404(slug)
        return pairing(seminar, form), 403
    response = redirect(url_for("checkin.desk", slug=slug), 303)
    response.set_cookie(
        cookie_name(),
        paired[0],
        max_age=COOKIE_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure or cookie_name().startswith("__Host-"),
        path="/",
    )
    return response


@bp.post("/desk/<slug>/leaving")
@desk_device
def leave_desk(slug: str) -> Any:
    """The device stops being a desk: its token is revoked and its cookie goes."""
    paired = this_desk()
    found = db.session.get_one(Desk, paired.id)
    revoke_desk(found, Actor(ActorKind.DESK, paired.name, paired.id, channel=Channel.DESK), now())
    db.session.commit()
    response = redirect(url_for("checkin.desk", slug=slug), 303)
    response.delete_cookie(cookie_name(), path="/", secure=cookie_name().startswith("__Host-"), httponly=True)
    return response


@bp.post("/desk/<slug>/scans")
@desk_device
def scan(slug: str) -> Any:
    """The plain field: a code or a number is recorded, anything else is searched for among the names."""
    said = {name: request.form.get(name, "") for name in ("id", "kind", "what", "delegate_id", "annuls")}
    told: dict[str, Any] = {
        "id": said["id"],
        "kind": said["kind"] or "entry",
        "at": now().isoformat(),
        "offline": False,
        "source": Source.SEARCH,
    }
    chosen = whole(said["delegate_id"])
    if said["annuls"]:
        told |= {"kind": "annul", "annuls": said["annuls"]}
    elif chosen is not None:
        told |= {"delegate_id": chosen}
    else:
        what = clean(said["what"])
        if not what:
            return redirect(url_for("checkin.desk", slug=slug), 303)
        number = rules.number_in(what, Source.NUMBER)
        if rules.is_name(what):
            with reading():
                return page(slug, this_desk(), search=what, kind=told["kind"])
        told |= {"payload": said["what"], "source": Source.SCANNER if number is None else Source.NUMBER}
    scan_input = read_scan(told)
    if isinstance(scan_input, MalformedScan):
        flash(_("The scan could not be understood and was not stored. Scan again."), "danger")
        return redirect(url_for("checkin.desk", slug=slug), 303)
    try:
        result = record_and_commit(Call(this_desk(), [scan_input])).results[0]
    except (SQLAlchemyError, TimeoutError):
        abort(503)
    if result.verdict in (Verdict.CONFLICT, Verdict.MALFORMED):
        flash(say(rules.sentence(result.verdict, "", None, "", is_same_desk=False)), "danger")
        return redirect(url_for("checkin.desk", slug=slug), 303)
    return redirect(url_for("checkin.desk", slug=slug, scan=scan_input.id), 303)


@bp.post("/desk/<slug>/walk-ins")
@desk_device
def walk_in(slug: str) -> Any:
    form = WalkInForm(request.form)
    with reading():
        choices(form, seminar_or_404(slug))
        replaced = _replaced(form, this_desk().seminar_id) if form.validate() else None
    if form.errors:
        with reading():
            return page(slug, this_desk(), walk_in=form), 422
    try:
        told = WalkInInput.model_validate(
            {
                "id": request.form.get("id", ""),
                "name": form.name.data,
                "position": form.position.data or None,
                "unit": form.unit.data or None,
                "group": form.group.data or None,
                "instead_of": replaced,
                "at": now().isoformat(),
                "is_another": form.is_another.data,
            }
        )
        answered: Answered = register_walk_in(seminar_or_404(slug), this_desk(), told, now())
        db.session.commit()
    except (Refused, ValueError) as refusal:
        db.session.rollback()
        if isinstance(refusal, AlreadyListed):
            form.is_another.errors = [_("Choose the name in the field above, or tick this.")]
        flash(say(refusal.message) if isinstance(refusal, Refused) else _("Send the form again."), "danger")
        with reading():
            return page(slug, this_desk(), walk_in=form), 422
    return redirect(url_for("checkin.desk", slug=slug, scan=answered.results[0].id), 303)


def _replaced(form: WalkInForm, seminar_id: int) -> int | None:
    """Whom the number means; a number that nobody has is an error of its field."""
    typed = clean(form.instead_of_number.data)
    found = queries.id_by_number(seminar_id, whole(typed) or 0) if typed else None
    if typed and found is None:
        form.instead_of_number.errors = [_("Nobody on the list has this number. Look for the name above.")]
    return found


def pairing(
    seminar: Seminar, form: PairForm, other: queries.PairedDesk | None = None, *, is_ended: bool = False
) -> str:
    return render_template(
        "checkin/pairing.html", seminar=seminar, form=form, other=other, is_ended=is_ended, module=module
    )


def choices(form: WalkInForm, seminar: Seminar) -> None:
    form.group.choices = [("", _("not known"))] + [(group.code, group.name) for group in groups_of(seminar)]


def page(
    slug: str,
    paired: queries.PairedDesk,
    *,
    scan_id: str = "",
    search: str = "",
    kind: str = "entry",
    walk_in: WalkInForm | None = None,
) -> str:
    """The desk of a paired device, with the verdict on a scan or the people found."""
    allow_camera()
    seminar = seminar_or_404(slug)
    form = walk_in or WalkInForm()
    choices(form, seminar)
    sitting = queries.sitting_now(seminar.id, now())
    found = queries.people_named(seminar.id, fold(search).split()) if search else []
    return render_template(
        "checkin/desk.html",
        seminar=seminar,
        desk=paired,
        sitting=sitting,
        counts=queries.counts_of(db.session.connection(), seminar.id, sitting.id if sitting else None),
        shown=shown(paired, scan_id),
        search=search,
        kind=kind if kind in ("entry", "exit") else "entry",
        found=[queries.as_entry(person) for person in found],
        form=form,
        fresh_id=lambda: str(uuid4()),
        **words(slug),
    )


def shown(paired: queries.PairedDesk, scan_id: str) -> dict[str, Any] | None:
    """What the page says about a scan that was recorded."""
    try:
        found = queries.shown_scan(paired.seminar_id, str(UUID(scan_id)))
    except ValueError:
        return None
    if found is None:
        return None
    verdict = Verdict(found.scan.verdict)
    name = queries.bearer(found.person)
    return {
        "id": found.scan.id,
        "verdict": verdict,
        "person": found.person,
        "sentence": rules.sentence(
            verdict, name, found.first_at, found.first_desk, is_same_desk=found.first_desk_id == paired.id
        ),
        "may_annul": verdict in rules.COUNTS and not found.is_annulled,
    }
