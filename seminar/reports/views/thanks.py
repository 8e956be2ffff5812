"""Thanks to those who came, with where the proceedings are; counted and confirmed like every sending."""

from typing import Any
from urllib.parse import urlsplit

from flask import current_app, flash, redirect, render_template, request, url_for

from seminar.access.guard import only, staff_actor
from seminar.access.roles import Role
from seminar.invitations import actions as inviting
from seminar.invitations import messages
from seminar.invitations.documents import bearer_email, bearer_name
from seminar.invitations.models import Purpose
from seminar.lib.clock import now
from seminar.lib.database import db, reading
from seminar.lib.errors import Refused
from seminar.lib.language import ngettext, say
from seminar.lib.numbers import whole
from seminar.planning import queries as plans
from seminar.planning.models import Seminar
from seminar.reports.queries.pack import came_without_invitation, to_thank
from seminar.reports.queries.proceedings import has_published
from seminar.reports.rules.proceedings import public_path
from seminar.reports.views import bp

office = only(Role.ADMIN, Role.OFFICE)


def _link(said: str) -> str:
    """The address of the proceedings as typed; refuses what no browser opens."""
    said = said.strip()
    if said and (urlsplit(said).scheme not in ("http", "https") or not urlsplit(said).hostname or len(said) > 300):
        raise Refused("The address of the proceedings begins with https://.")
    return said


def show_thanks(seminar: Seminar, link: str = "", refusal: str = "") -> str:
    chosen = to_thank(seminar)
    reached = [one for one in chosen if bearer_email(one)]
    base_url: str = current_app.config["SEMINAR"].base_url
    try:
        mails = messages.thanked(reached[:1], base_url, _link(link))
    except Refused as wrong:
        mails, refusal = [], say(wrong.message)
    return render_template(
        "reports/thanks.html",
        seminar=seminar,
        link=link,
        reached=reached,
        unreached=[one for one in chosen if not bearer_email(one)],
        uninvited=came_without_invitation(seminar),
        mail=mails[0] if mails else None,
        bearer_name=bearer_name,
        bearer_email=bearer_email,
        refusal=refusal,
        here=url_for("reports.thanks", slug=seminar.slug),
        person=f"/seminars/{seminar.slug}/delegates/",
        has_server=bool(current_app.config["SEMINAR"].mail_server),
    )


@bp.get("/seminars/<slug>/thanks")
@office
def thanks(slug: str) -> Any:
    seminar = plans.seminar_or_404(slug)
    link = request.args.get("link")
    if link is None and has_published(seminar):
        link = current_app.config["SEMINAR"].base_url + public_path(slug)
    return show_thanks(seminar, (link or "")[:300])


@bp.post("/seminars/<slug>/thanks")
@office
def thank(slug: str) -> Any:
    """Composes outside of the writing transaction; sends only what the sender saw counted."""
    link = request.form.get("link", "")[:301]
    seen = (whole(request.form.get("seen_count", "")), whole(request.form.get("seen_without", "")))
    moment = now()
    try:
        with reading():
            seminar = plans.seminar_or_404(slug)
            chosen = to_thank(seminar)
            mails = messages.thanked(chosen, current_app.config["SEMINAR"].base_url, _link(link))
            if seen != (len(mails), len(chosen) - len(mails)):
                raise Refused("Meanwhile the numbers changed, nothing was sent: look at them again and confirm.")
        seminar = plans.seminar_or_404(slug)
        still = {one.id: bearer_email(one) for one in to_thank(seminar) if bearer_email(one)}
        if still != {mail.invitation_id: mail.to_address for mail in mails}:
            raise Refused("Meanwhile the numbers changed, nothing was sent: look at them again and confirm.")
        batch = inviting.send_notices(seminar, Purpose.THANKS, mails, staff_actor(), moment)
    except Refused as refusal:
        db.session.rollback()
        with reading():
            return show_thanks(plans.seminar_or_404(slug), link, say(refusal.message)), 422
    db.session.commit()
    flash(ngettext("%(num)d message is in the outbox.", "%(num)d messages are in the outbox.", len(mails)), "success")
    return redirect(url_for("mail.batch", slug=slug, batch=batch), 303)
