"""The staff's pages of the reception: desks, arrivals, the list on paper."""

import base64
from typing import Any
from urllib.parse import urlencode

from flask import current_app, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _

from seminar.access.guard import has_role, only, staff_actor
from seminar.access.roles import Role
from seminar.agenda.queries import sittings_of
from seminar.checkin import actions, queries, rules
from seminar.checkin.forms.pages import DeskForm, SettlementForm
from seminar.checkin.queries import PRESENCE_LABELS, Presence
from seminar.checkin.queries.boards import RATE_OF, last_change
from seminar.checkin.views import bp
from seminar.delegates import queries as delegates
from seminar.invitations.queries import proxies_in_force
from seminar.lib import htmx, qr
from seminar.lib.clock import now
from seminar.lib.database import db
from seminar.lib.errors import N_, Refused
from seminar.lib.language import say
from seminar.lib.paging import page_asked
from seminar.planning.models import Seminar
from seminar.planning.queries import groups_of, seminar_or_404

KEEPERS = (Role.ADMIN, Role.OFFICE, Role.RECEPTION)
READERS = (Role.OFFICE, Role.RECEPTION, Role.SECRETARY, Role.VIEWER)
PAIRING = "pairing"
"""Where the session keeps a pairing code until the page that shows it once."""


def pairing_address(slug: str, code: str) -> str:
    """What the QR of a pairing holds: the desk page, the code behind # where no server and no log sees it."""
    base = current_app.config["SEMINAR"].base_url
    return f"{base}{url_for('checkin.desk', slug=slug)}#{code}"


@bp.get("/seminars/<slug>/desks")
@only(*KEEPERS)
def desks(slug: str) -> Any:
    """How the devices are is polled by htmx, which gets that region alone; a pairing code stays till the page shows it."""
    seminar = seminar_or_404(slug)
    if htmx.wants_fragment():
        return htmx.varied(render_template("checkin/_desks.html", **_devices(seminar)))
    pairing = session.pop(PAIRING, None)
    return htmx.varied(desks_page(seminar, DeskForm(), pairing if pairing and pairing["slug"] == slug else None))


STORAGE_WORDS = {
    "persisted": N_("kept safe"),
    "best-effort": N_("the browser may clear it"),
    "full": N_("full"),
    "unknown": N_("not known"),
}
CAMERA_WORDS = {"on": N_("on"), "off": N_("off"), "none": N_("none")}
"""Words of a device for itself; an unknown one is shown as it is."""


def _devices(seminar: Seminar) -> dict[str, Any]:
    """What the region of the devices needs."""
    moment = now()
    sitting = queries.sitting_now(seminar.id, moment)
    changed_at = last_change(seminar.id, sitting.id if sitting else None)
    return {
        "seminar": seminar,
        "states": queries.desk_states(queries.desks_of(seminar), moment, changed_at),
        "work": queries.desk_work(seminar.id),
        "rehearsal": queries.rehearsal_now(seminar.id, moment),
        "skew_is_wrong": rules.SKEW_IS_WRONG.total_seconds(),
        "storage_words": STORAGE_WORDS,
        "camera_words": CAMERA_WORDS,
        "address": url_for("checkin.desks", slug=seminar.slug),
        "moment": moment,
    }


def desks_page(seminar: Seminar, form: DeskForm, pairing: dict[str, str] | None = None) -> str:
    picture = ""
    if pairing:
        png = qr.png(pairing_address(seminar.slug, pairing["code"]))
        picture = "data:image/png;base64," + base64.b64encode(png).decode()
    devices = _devices(seminar)
    refused = queries.refused_inside(seminar) if devices["work"].refused else []
    return render_template(
        "checkin/desks.html",
        **devices,
        form=form,
        pairing=pairing,
        picture=picture,
        desk_address=pairing_address(seminar.slug, "").rstrip("#"),
        minutes=int(rules.PAIRING_LASTS.total_seconds() // 60),
        doubles=queries.doubles_to_settle(seminar),
        refused=refused,
        attendance=queries.attendance_of([one.delegate_id for one in refused]) if refused else {},
        may_decide=has_role(Role.ADMIN, Role.OFFICE),
    )


@bp.post("/seminars/<slug>/desks")
@only(*KEEPERS)
def open_pairing(slug: str) -> Any:
    seminar = seminar_or_404(slug)
    form = DeskForm(request.form)
    if not form.validate():
        return desks_page(seminar, form), 422
    try:
        code = actions.open_pairing(seminar, form.name.data, staff_actor(), now())
    except Refused as refusal:
        db.session.rollback()
        form.name.errors = [say(refusal.message)]
        return desks_page(seminar_or_404(slug), form), 422
    db.session.commit()
    session[PAIRING] = {"slug": slug, "code": code, "name": form.name.data}
    return redirect(url_for("checkin.desks", slug=slug), 303)


@bp.post("/seminars/<slug>/desks/<int:desk_id>/revocation")
@only(*KEEPERS)
def revoke(slug: str, desk_id: int) -> Any:
    seminar = seminar_or_404(slug)
    actions.revoke_desk(queries.desk_or_404(seminar, desk_id), staff_actor(), now())
    db.session.commit()
    flash(_("The device is no desk any more."), "success")
    return redirect(url_for("checkin.desks", slug=slug), 303)


@bp.post("/seminars/<slug>/doubles/<int:double_id>/settlement")
@only(*KEEPERS)
def settle(slug: str, double_id: int) -> Any:
    seminar = seminar_or_404(slug)
    double = queries.double_or_404(seminar, double_id)
    form = SettlementForm(request.form)
    try:
        if not form.validate():
            raise Refused("Write what was found.")
        actions.settle_double(double, form.settlement.data, staff_actor(), now())
    except Refused as refusal:
        db.session.rollback()
        flash(say(refusal.message), "danger")
        return desks_page(seminar_or_404(slug), DeskForm()), 422
    db.session.commit()
    flash(_("Settled."), "success")
    return redirect(url_for("checkin.desks", slug=slug), 303)


def _state(args: Any) -> Presence | None:
    wanted = args.get("state", "")
    return Presence(wanted) if wanted in set(Presence) else None


def _sitting_id(seminar: Seminar, sittings: list[Any]) -> int | None:
    wanted = request.args.get("sitting", "")
    return next((sitting.id for sitting in sittings if str(sitting.id) == wanted), None)


@bp.get("/seminars/<slug>/arrivals")
@only(*READERS)
def arrivals(slug: str) -> Any:
    """Counts and list; polled by htmx, which gets the region alone."""
    seminar = seminar_or_404(slug)
    wanted = delegates.Wanted.from_args(request.args)
    state, sittings = _state(request.args), sittings_of(seminar.id)
    sitting_id = _sitting_id(seminar, sittings)
    query = delegates.matching(seminar, wanted)
    if state:
        query = queries.with_presence(query, state, sitting_id)
    total = delegates.counted(query)
    page, moment = page_asked(), now()
    rows = delegates.page_of(delegates.ordered(query, wanted.order), page)
    counts = queries.arrival_counts(seminar, sitting_id)
    here = url_for("checkin.arrivals", slug=slug)
    own = {"state": state or "", "sitting": sitting_id or ""}

    def href(**changes: Any) -> str:
        """The address of the list with these filters alone (and the sitting): what a figure links to."""
        said = {"sitting": own["sitting"]} | changes
        return f"{here}?{urlencode({name: value for name, value in said.items() if value})}#listing"

    def page_href(number: int) -> str:
        said = {name: value for name, value in own.items() if value}
        return f"{here}?{wanted.to_query()}&{urlencode(said | {'page': number})}#listing"

    template = "checkin/_arrivals.html" if htmx.wants_fragment() else "checkin/arrivals.html"
    return htmx.varied(
        render_template(
            template,
            seminar=seminar,
            wanted=wanted,
            state=state,
            sitting_id=sitting_id,
            sittings=sittings,
            groups=groups_of(seminar),
            counts=counts,
            rows=rows,
            attendance=queries.attendance_of([row.id for row in rows], sitting_id),
            just_in=queries.just_arrived(seminar.id, sitting_id),
            rate=queries.arrived_since(seminar.id, sitting_id, moment - RATE_OF),
            proxies=proxies_in_force(row.id for row in rows),
            total=total,
            page=page,
            pages=max(1, -(-total // delegates.PAGE_SIZE)),
            href=href,
            page_href=page_href,
            labels=PRESENCE_LABELS,
            Presence=Presence,
            person_prefix=f"/seminars/{slug}/delegates/",
            may_open=has_role(Role.ADMIN, Role.OFFICE),
            may_keep=has_role(*KEEPERS),
            address=request.full_path,
            moment=moment,
        )
    )


@bp.get("/seminars/<slug>/arrivals/print")
@only(*READERS)
def arrivals_on_paper(slug: str) -> Any:
    """The desk list with number and signature box: the way on when all devices are dead."""
    seminar = seminar_or_404(slug)
    wanted = delegates.Wanted.from_args(request.args)
    rows = delegates.everyone(seminar, wanted)
    group = next((group for group in groups_of(seminar) if group.code == wanted.group), None)
    proxies = proxies_in_force(row.id for row in rows)
    query = request.query_string.decode("ascii", "ignore")
    paper_address = url_for("checkin.paper", slug=slug) + (f"?{query}" if query else "")
    return render_template(
        "checkin/print.html",
        seminar=seminar,
        rows=rows,
        wanted=wanted,
        group=group,
        proxies=proxies,
        paper_address=paper_address if has_role(*KEEPERS) else "",
    )
