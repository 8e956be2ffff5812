"""The link of one unit with its texts; the links sent by e-mail: whom, counted, and confirmed before it leaves."""

from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from seminar.access.actor import CHANNEL_LABELS, Channel
from seminar.access.guard import only, staff_actor
from seminar.access.roles import Role
from seminar.delegates import queries as delegates
from seminar.lib.clock import now
from seminar.lib.database import db, reading
from seminar.lib.errors import Refused
from seminar.lib.language import ngettext, say
from seminar.lib.sms import size_of
from seminar.papers.queries import own_deadlines
from seminar.planning import actions, messages
from seminar.planning import queries as plans
from seminar.planning.models import Seminar, Unit, UnitLink
from seminar.planning.rules import what_links_lack
from seminar.portal.forms import HandingForm, LinkSendingForm
from seminar.portal.messages import unit_needs
from seminar.portal.views import bp

WHO = ("not_sent", "behind", "free", "everybody")
"""Which units: those whose link went nowhere yet, those that owe something (and are told what), with a free place, all."""


def _who(values: Any) -> str:
    return values["who"] if values.get("who") in WHO else WHO[0]


def _chosen(seminar: Seminar, who: str) -> list[UnitLink]:
    """Links in force, of units that exist on the day or not: who has a link is to know it."""
    links = plans.unit_links(seminar)
    if who == "not_sent":
        sent = plans.deliveries(links)
        return [link for link in links if link.id not in sent]
    if who == "behind":
        owing = unit_needs(seminar, now())
        return [link for link in links if link.unit_id in owing]
    if who == "free":
        groups = [group.id for group in plans.groups_of(seminar)]
        with_free = {unit_id for (_, unit_id), ids in delegates.free_places(groups).items() if ids}
        return [link for link in links if link.unit_id in with_free]
    return links


def show_sendings(seminar: Seminar, who: str, refusal: str = "") -> str:
    chosen = sorted(_chosen(seminar, who), key=lambda link: link.unit.position)
    needs = unit_needs(seminar, now()) if who == "behind" else {}
    first = [link for link in chosen if link.unit.contact_email][:1]
    base_url: str = current_app.config["SEMINAR"].base_url
    own = own_deadlines(seminar, now())
    have = {link.unit_id for link in plans.unit_links(seminar)}
    return render_template(
        "portal/links.html",
        seminar=seminar,
        who=who,
        reached=[link for link in chosen if link.unit.contact_email],
        unreached=[link for link in chosen if not link.unit.contact_email],
        needs=needs,
        mail=next(iter(messages.composed(first, seminar.milestones, base_url, now(), needs, own=own)), None),
        without_link=len({unit.id for unit in plans.units_on(seminar.held_on)} - have),
        refusal=refusal,
        lacks=what_links_lack(seminar.issuer, seminar.contact_name, seminar.contact_phone),
        has_server=bool(current_app.config["SEMINAR"].mail_server),
    )


@bp.get("/seminars/<slug>/units/sendings")
@only(Role.ADMIN, Role.OFFICE)
def unit_sendings(slug: str) -> Any:
    return show_sendings(plans.seminar_or_404(slug), _who(request.args))


@bp.post("/seminars/<slug>/units/sendings")
@only(Role.ADMIN, Role.OFFICE)
def send_unit_links(slug: str) -> Any:
    """Composes outside of the writing transaction; sends only what the sender saw counted, to the unit."""
    form = LinkSendingForm(request.form)
    who, moment = _who(request.form), now()
    with reading():
        seminar = plans.seminar_or_404(slug)
        chosen = _chosen(seminar, who)
        needs = unit_needs(seminar, now()) if who == "behind" else None
        mails = messages.composed(
            chosen,
            seminar.milestones,
            current_app.config["SEMINAR"].base_url,
            moment,
            needs,
            own=own_deadlines(seminar, moment),
        )
        seen_now = (len(mails), len(chosen) - len(mails))
    seminar = plans.seminar_or_404(slug)
    try:
        still = {link.id for link in _chosen(seminar, who) if link.unit.contact_email}
        is_same = form.validate() and seen_now == (form.seen_count.data, form.seen_without.data)
        if not is_same or still != {mail.link_id for mail in mails}:
            raise Refused("Meanwhile the numbers changed, nothing was sent: look at them again and confirm.")
        batch = actions.send_unit_links(seminar, mails, staff_actor(), moment)
    except Refused as refusal:
        db.session.rollback()
        with reading():
            return show_sendings(plans.seminar_or_404(slug), who, say(refusal.message)), 422
    db.session.commit()
    flash(ngettext("%(num)d message is in the outbox.", "%(num)d messages are in the outbox.", len(mails)), "success")
    return redirect(url_for("mail.batch", slug=slug, batch=batch), 303)


def show_link(seminar: Seminar, unit: Unit, form: HandingForm | None = None) -> str:
    """One unit's link with the texts to send; the page holds a secret and is the office's alone."""
    link = plans.unit_link_in_force(seminar, unit)
    base_url: str = current_app.config["SEMINAR"].base_url
    own = own_deadlines(seminar, now()).get(unit.id, ())
    facts = messages.facts_of(link, seminar.milestones, base_url, now(), own=own) if link else None
    return render_template(
        "portal/link.html",
        seminar=seminar,
        unit=unit,
        link=link,
        facts=facts,
        texts=[(text, size_of(text)) for text in (messages.phone_text(facts), messages.bare_text(facts))]
        if facts
        else [],
        deliveries=plans.deliveries([link])[link.id] if link else [],
        form=form or HandingForm(data={"to": unit.contact_name}),
        channels=CHANNEL_LABELS,
    )


@bp.get("/seminars/<slug>/units/<int:unit_id>/link")
@only(Role.ADMIN, Role.OFFICE)
def unit_link(slug: str, unit_id: int) -> Any:
    return show_link(plans.seminar_or_404(slug), plans.unit_or_404(unit_id))


@bp.post("/seminars/<slug>/units/<int:unit_id>/link/deliveries")
@only(Role.ADMIN, Role.OFFICE)
def hand_over_unit_link(slug: str, unit_id: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    link = plans.unit_link_in_force(seminar, plans.unit_or_404(unit_id))
    if link is None:
        abort(404)
    form = HandingForm(request.form)
    try:
        if form.validate():
            actions.hand_over_link(link, Channel(form.channel.data), form.to.data, staff_actor(), now())
            db.session.commit()
            flash(_("It is written down."), "success")
            return redirect(url_for("portal.unit_link", slug=slug, unit_id=unit_id), 303)
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(say(refusal.message))
    return show_link(plans.seminar_or_404(slug), plans.unit_or_404(unit_id), form), 422
