"""The office's overview of a seminar, and the page of one delegate with everything known of them."""

from typing import Any

from flask import current_app, render_template

from seminar.access.actor import CHANNEL_LABELS
from seminar.access.guard import has_role, only
from seminar.access.roles import Role
from seminar.checkin import queries as checkin
from seminar.delegates import queries as delegates
from seminar.invitations import queries as invitations
from seminar.invitations.models import ANSWER_LABELS, PROXY_OUTCOME_LABELS, Purpose
from seminar.lib.clock import now
from seminar.mail.models import MAIL_STATUS_LABELS, PURPOSE_LABELS
from seminar.mail.rules import meaning_of
from seminar.papers import queries as papers
from seminar.planning import queries as plans
from seminar.portal import queries
from seminar.portal.views import bp


@bp.get("/seminars/<slug>/")
@only(Role.ADMIN, Role.OFFICE, Role.SECRETARY, Role.REVIEWER, Role.RECEPTION, Role.VIEWER)
def overview(slug: str) -> Any:
    seminar = plans.seminar_or_404(slug)
    return render_template(
        "portal/overview.html",
        seminar=seminar,
        seen=queries.overview_of(seminar, now()),
        is_office=has_role(Role.OFFICE, Role.ADMIN),
        told_otherwise=invitations.told_otherwise_count(seminar),
    )


@bp.get("/seminars/<slug>/delegates/<int:delegate_id>")
@only(Role.ADMIN, Role.OFFICE)
def delegate(slug: str, delegate_id: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    found = delegates.delegate_or_404(seminar, delegate_id)
    return render_template(
        "portal/delegate.html",
        seminar=seminar,
        delegate=found,
        invitation=invitations.in_force_of(found),
        invitations=invitations.invitations_of(found),
        rsvps=invitations.rsvps_of(found),
        proxy=invitations.open_proxy_of(found),
        requests=invitations.proxies_of_delegate(found),
        outcomes=PROXY_OUTCOME_LABELS,
        attendance=checkin.attendance_of([found.id]).get(found.id),
        papers=papers.papers_of_delegate(found),
        deliveries=invitations.deliveries_of(found),
        failed=invitations.failed_for(found),
        untold=invitations.recipients(
            seminar,
            invitations.Choice(Purpose.CANCELLATION, invitations.State.NO_INVITATION, delegate_id=found.id),
        ),
        meaning=meaning_of,
        purposes=PURPOSE_LABELS,
        answer_labels=ANSWER_LABELS,
        channel_labels=CHANNEL_LABELS,
        mail_labels=MAIL_STATUS_LABELS,
        base_url=current_app.config["SEMINAR"].base_url,
    )
