"""The units of one seminar, their personal links made, made anew and ended."""

from typing import Any

from flask import Response, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from seminar.access.actor import CHANNEL_LABELS
from seminar.access.guard import staff_actor
from seminar.lib import qr
from seminar.lib.clock import now
from seminar.lib.database import db
from seminar.lib.language import ngettext
from seminar.planning import actions, queries
from seminar.planning.models import UNIT_KIND_LABELS
from seminar.planning.views import bp, writes_plan


@bp.get("/seminars/<slug>/units")
@writes_plan
def units(slug: str) -> Any:
    seminar = queries.seminar_or_404(slug)
    links = queries.unit_links(seminar)
    there = queries.units_on(seminar.held_on)
    known = {unit.id for unit in there}
    return render_template(
        "planning/units.html",
        seminar=seminar,
        units=there + [link.unit for link in links if link.unit_id not in known],
        links={link.unit_id: link for link in links},
        missing=len(known - {link.unit_id for link in links}),
        deliveries=queries.deliveries(links),
        kinds=UNIT_KIND_LABELS,
        channels=CHANNEL_LABELS,
    )


@bp.post("/seminars/<slug>/units/links")
@writes_plan
def issue_unit_links(slug: str) -> Any:
    seminar = queries.seminar_or_404(slug)
    made = actions.issue_missing_unit_links(seminar, staff_actor(), now())
    db.session.commit()
    flash(ngettext("%(num)d link was made.", "%(num)d links were made.", made), "success")
    return redirect(url_for("planning.units", slug=slug), 303)


@bp.get("/seminars/<slug>/units/<int:unit_id>/link/qr.png")
@writes_plan
def unit_qr(slug: str, unit_id: int) -> Response:
    """The link as a picture, for the unit's Zalo group or its board."""
    link = queries.unit_link_in_force(queries.seminar_or_404(slug), queries.unit_or_404(unit_id))
    if link is None:
        raise NotFound
    payload = f"{current_app.config['SEMINAR'].base_url}/u/{link.code}"
    return Response(qr.png(payload), mimetype="image/png")


@bp.post("/seminars/<slug>/units/<int:unit_id>/link")
@writes_plan
def reissue_unit_link(slug: str, unit_id: int) -> Any:
    seminar = queries.seminar_or_404(slug)
    unit = queries.unit_or_404(unit_id)
    had_one = queries.unit_link_in_force(seminar, unit) is not None
    actions.issue_unit_link(seminar, unit, staff_actor(), now())
    db.session.commit()
    if had_one:
        flash(_("%(name)s has a new link; the old one no longer opens.", name=unit.name), "success")
    else:
        flash(_("%(name)s has a link now.", name=unit.name), "success")
    return redirect(url_for("portal.unit_link", slug=slug, unit_id=unit_id), 303)


@bp.post("/seminars/<slug>/units/<int:unit_id>/link/revocation")
@writes_plan
def revoke_unit_link(slug: str, unit_id: int) -> Any:
    seminar = queries.seminar_or_404(slug)
    unit = queries.unit_or_404(unit_id)
    actions.revoke_unit_link(seminar, unit, staff_actor(), now())
    db.session.commit()
    flash(_("The link of %(name)s no longer opens.", name=unit.name), "success")
    return redirect(url_for("portal.unit_link", slug=slug, unit_id=unit_id), 303)
