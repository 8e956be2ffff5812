"""The menu at the side: which pages there are, and which of them the signed-in person may open."""

from dataclasses import dataclass
from typing import Any

from flask import current_app, request, url_for
from flask_babel import gettext
from flask_login import current_user

from seminar.access.guard import access_of
from seminar.checkin.queries import desk_work
from seminar.lib.errors import N_


@dataclass(frozen=True)
class Entry:
    endpoint: str
    label: str
    symbol: str
    also: tuple[str, ...] = ()
    """Other endpoints that belong to the page."""


PLAN_PAGES = ("delegates.quotas", "delegates.change_quotas", "delegates.give_place") + tuple(
    f"delegates.{verb}group" for verb in ("", "new_", "add_", "change_", "remove_")
)
PLAN_PAGES += tuple(
    f"planning.{verb}_{noun}"
    for noun in ("venue", "basis", "topic", "milestone")
    for verb in ("new", "add", "one", "change", "remove")
)
UNIT_PAGES = (
    *("portal.unit_link", "portal.hand_over_unit_link", "planning.unit", "planning.change_unit"),
    *("portal.unit_sendings", "portal.send_unit_links"),
)
DRAFT_PAGES = tuple(f"reports.{verb}" for verb in ("draft", "begin_draft", "change_draft", "issue_draft"))
PROCEEDINGS_PAGES = tuple(
    f"reports.{page}"
    for page in (
        *("begin_proceedings", "keep_words", "place_papers", "add_part", "change_part"),
        *("build", "publish_build", "proceedings_qr"),
    )
)
REPORT_PAGES = tuple(f"reports.{page}" for page in ("section", "write_section", "look_through", "issue_report"))
REGISTER_PAGES = (
    *(f"documents.{verb}" for verb in ("register_outside", "start_numbers", "settings", "change_settings")),
    *("documents.recipients", "documents.change_recipients", "reports.templates", "reports.keep_template"),
)

DAY_PAGES = tuple(
    f"checkin.{page}"
    for page in (
        *("guests", "introductions", "stage", "stage_on_paper", "places", "assign_places", "move_on_stage"),
        *("welcome", "set_welcome", "renew_welcome", "arrivals_on_paper"),
        *("paper", "enter_paper", "registered", "refused_scans", "rehearsal", "guide"),
    )
)

FLOOR_PAGES = ("minutes.enter_request", "minutes.call_somebody", "minutes.floor_record")
MINUTES_PAGES = tuple(f"minutes.{page}" for page in ("change_minutes", "adopt_minutes", "reopen_minutes", "version"))
RECOMMENDATION_PAGES = tuple(
    f"minutes.{page}" for page in ("recommendation", "add_recommendation", "change_recommendation", "take_step")
)

STATISTICS_PAGES = (
    *(f"statistics.{page}" for page in ("returns_of_period", "unit_return", "rule_on", "reminders", "remind")),
    *(f"portal.{page}" for page in ("return_entry", "keep_return_draft", "read_return_workbook")),
    *("portal.review_return", "portal.send_return"),
    *("statistics.table_index", "statistics.table", "statistics.figure", "statistics.table_units"),
)
"""Those of the statistics below its board."""

SEMINAR_MENU = (
    Entry("portal.overview", N_("Overview"), symbol="layout-dashboard"),
    Entry("portal.board", N_("Board"), symbol="table"),
    Entry("planning.plan", N_("Plan"), symbol="calendar-event", also=PLAN_PAGES),
    Entry("delegates.listing", N_("Delegates"), symbol="users"),
    Entry("reports.lists", N_("Lists"), symbol="printer"),
    Entry("planning.units", N_("Units"), symbol="building-community", also=UNIT_PAGES),
    Entry("invitations.letters", N_("Letters"), symbol="mail"),
    Entry("reports.drafts", N_("Dispatches and programme"), symbol="file-certificate", also=DRAFT_PAGES),
    Entry("documents.register", N_("Outgoing register"), symbol="book", also=REGISTER_PAGES),
    Entry("mail.outbox", N_("Outbox"), symbol="send"),
    Entry("papers.listing", N_("Papers"), symbol="file-text"),
    Entry("agenda.programme", N_("Programme"), symbol="list-check"),
    Entry("checkin.day", N_("Day of the seminar"), symbol="bell-ringing", also=DAY_PAGES),
    Entry("checkin.desks", N_("Desks"), symbol="qrcode"),
    Entry("checkin.arrivals", N_("Arrivals"), symbol="door-enter"),
    Entry("minutes.floor", N_("The floor"), symbol="microphone", also=FLOOR_PAGES),
    Entry("minutes.notes", N_("Notes"), symbol="notes", also=("minutes.note", "minutes.write", "minutes.rewrite")),
    Entry("minutes.minutes", N_("Minutes"), symbol="file-text", also=MINUTES_PAGES),
    Entry("minutes.recommendations", N_("Recommendations"), symbol="checklist", also=RECOMMENDATION_PAGES),
    Entry("statistics.board", N_("Statistics"), symbol="calculator", also=STATISTICS_PAGES),
    Entry("reports.proceedings", N_("Proceedings"), symbol="book", also=PROCEEDINGS_PAGES),
    Entry("reports.report", N_("Report"), symbol="chart-bar", also=REPORT_PAGES),
    Entry("reports.dossier", N_("Handover dossier"), symbol="archive"),
    Entry("audit.log", N_("Audit"), symbol="history"),
)


@dataclass(frozen=True)
class Shown:
    href: str
    label: str
    icon: str
    is_current: bool
    alarm: int = 0
    """How many things there wait for somebody."""


def menu(seminar: Any) -> list[Shown]:
    """Entries of the seminar that the visitor's roles open; nothing outside a seminar."""
    if not seminar or not current_user.is_authenticated:
        return []
    shown = []
    theirs = {endpoint for entry in SEMINAR_MENU for endpoint in entry.also}
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
                    request.endpoint in entry.also if request.endpoint in theirs else exact if several else here,
                    desk_work(seminar.id).total if entry.endpoint == "checkin.desks" else 0,
                )
            )
    return shown
