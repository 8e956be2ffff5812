"""The units of one seminar, their personal links and how these reached them."""

from typing import Any

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.exceptions import NotFound

from seminar.access.actor import CHANNEL_LABELS, Channel
from seminar.access.guard import staff_actor
from seminar.lib import qr
from seminar.lib.clock import now
from seminar.lib.database import db
from seminar.lib.sms import size_of
from seminar.lib.text import clean
from seminar.planning import actions, messages, queries
from seminar.planning.forms import HandingForm
from seminar.planning.models import UNIT_KIND_LABELS, Seminar, Unit
from seminar.planning.views import bp, saved, writes_plan


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


def show_link(seminar: Seminar, unit: Unit, form: HandingForm | None = None) -> str:
    """One unit's link with the texts to send; the page holds a secret and is the office's alone."""
    link = queries.unit_link_in_force(seminar, unit)
    base_url = current_app.config["SEMINAR"].base_url
    facts = messages.facts_of(link, seminar.milestones, base_url, now()) if link else None
    return render_template(
        "planning/link.html",
        seminar=seminar,
        unit=unit,
        link=link,
        facts=facts,
        texts=[(text, size_of(text)) for text in (messages.phone_text(facts), messages.bare_text(facts))]
        if facts
        else [],
        deliveries=queries.deliveries([link])[link.id] if link else [],
        form=form or HandingForm(data={"to": unit.contact_name}),
        channels=CHANNEL_LABELS,
    )


@bp.get("/seminars/<slug>/units/<int:unit_id>/link")
@writes_plan
def unit_link(slug: str, unit_id: int) -> Any:
    return show_link(queries.seminar_or_404(slug), queries.unit_or_404(unit_id))


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
    return redirect(url_for("planning.unit_link", slug=slug, unit_id=unit_id), 303)


@bp.post("/seminars/<slug>/units/<int:unit_id>/link/revocation")
@writes_plan
def revoke_unit_link(slug: str, unit_id: int) -> Any:
    seminar = queries.seminar_or_404(slug)
    unit = queries.unit_or_404(unit_id)
    actions.revoke_unit_link(seminar, unit, staff_actor(), now())
    db.session.commit()
    flash(_("The link of %(name)s no longer opens.", name=unit.name), "success")
    return redirect(url_for("planning.unit_link", slug=slug, unit_id=unit_id), 303)


@bp.post("/seminars/<slug>/units/<int:unit_id>/link/deliveries")
@writes_plan
def hand_over_unit_link(slug: str, unit_id: int) -> Any:
    seminar = queries.seminar_or_404(slug)
    unit = queries.unit_or_404(unit_id)
    link = queries.unit_link_in_force(seminar, unit)
    if link is None:
        raise NotFound
    form = HandingForm(request.form)

    def act() -> None:
        actions.hand_over_link(link, Channel(form.channel.data), clean(form.to.data), staff_actor(), now())

    if saved(form, act):
        flash(_("It is written down."), "success")
        return redirect(url_for("planning.unit_link", slug=slug, unit_id=unit_id), 303)
    return show_link(queries.seminar_or_404(slug), queries.unit_or_404(unit_id), form), 422
