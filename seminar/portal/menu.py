"""The menu at the side: which pages there are, and which of them the signed-in person may open."""

from dataclasses import dataclass
from typing import Any

from flask import current_app, request, url_for
from flask_babel import gettext
from flask_login import current_user

from seminar.access.guard import access_of
from seminar.lib.errors import N_


@dataclass(frozen=True)
class Entry:
    endpoint: str
    label: str
    symbol: str


SEMINAR_MENU = (
    Entry("portal.overview", N_("Overview"), symbol="layout-dashboard"),
    Entry("portal.board", N_("Board"), symbol="table"),
    Entry("planning.plan", N_("Plan"), symbol="calendar-event"),
    Entry("delegates.listing", N_("Delegates"), symbol="users"),
    Entry("reports.lists", N_("Lists"), symbol="printer"),
    Entry("planning.units", N_("Units"), symbol="building-community"),
    Entry("invitations.letters", N_("Letters"), symbol="mail"),
    Entry("mail.outbox", N_("Outbox"), symbol="send"),
    Entry("papers.listing", N_("Papers"), symbol="file-text"),
    Entry("agenda.programme", N_("Programme"), symbol="list-check"),
    Entry("checkin.desks", N_("Desks"), symbol="qrcode"),
    Entry("checkin.arrivals", N_("Arrivals"), symbol="door-enter"),
    Entry("minutes.notes", N_("Notes"), symbol="notes"),
    Entry("reports.report", N_("Report"), symbol="chart-bar"),
    Entry("audit.log", N_("Audit"), symbol="history"),
)


@dataclass(frozen=True)
class Shown:
    href: str
    label: str
    icon: str
    is_current: bool


def menu(seminar: Any) -> list[Shown]:
    """Entries of the seminar that the visitor's roles open; nothing outside a seminar."""
    if not seminar or not current_user.is_authenticated:
        return []
    shown = []
    for entry in SEMINAR_MENU:
        view = current_app.view_functions.get(entry.endpoint)
        access = access_of(view) if view else None
        if access and access.roles & current_user.roles:
            here = (request.endpoint or "").split(".")[0] == entry.endpoint.split(".")[0]
            exact = request.endpoint == entry.endpoint
            several = sum(e.endpoint.split(".")[0] == entry.endpoint.split(".")[0] for e in SEMINAR_MENU) > 1
            shown.append(
                Shown(
                    url_for(entry.endpoint, slug=seminar.slug),
                    gettext(entry.label),
                    entry.symbol,
                    exact if several else here,
                )
            )
    return shown
