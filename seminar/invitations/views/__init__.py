"""The office's pages: letters, sendings, answers, proxies."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from flask import Blueprint, Response, current_app
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from seminar.access.guard import only
from seminar.access.roles import Role
from seminar.invitations import actions, rules
from seminar.invitations.models import Purpose
from seminar.invitations.queries import STATES_OF, Choice, State
from seminar.lib.clock import local, short_date
from seminar.lib.errors import Refused
from seminar.lib.language import say
from seminar.planning import queries as plans
from seminar.planning.models import Seminar
from seminar.planning.rules import due_at, is_closed

bp = Blueprint("invitations", __name__)

reads = only(Role.ADMIN, Role.OFFICE, Role.SECRETARY)
writes = only(Role.ADMIN, Role.OFFICE)
holds_codes = writes
"""What shows personal codes or links opens only to those who may issue them."""


class Look(NamedTuple):
    """Colour and icon of a state; the word stands beside them."""

    tone: str
    symbol: str


LOOKS = {
    State.ATTENDING: Look("success", symbol="circle-check"),
    State.PROXIED: Look("info", symbol="user-share"),
    State.DECLINED: Look("danger", symbol="circle-x"),
    State.NO_ANSWER: Look("warning", symbol="clock"),
    State.NO_INVITATION: Look("muted", symbol="mail-off"),
}


def base_url() -> str:
    url: str = current_app.config["SEMINAR"].base_url
    return url


class Timely(NamedTuple):
    """What the office is told of the day and the deadline before something leaves."""

    refusal: str
    warnings: list[str]


def timely(
    seminar: Seminar,
    purpose: Purpose,
    moment: datetime,
    asks: Collection[Purpose] = (Purpose.INVITATION, Purpose.REMINDER),
) -> Timely:
    """`asks` are the purposes whose message names the deadline of the answers."""
    try:
        actions.require_timely(seminar, purpose, moment)
    except Refused as refusal:
        return Timely(say(refusal.message), [])
    warnings = []
    if purpose in rules.TELLS_PLACE and seminar.held_on and rules.is_over(seminar.held_on, moment):
        day = short_date(seminar.held_on)
        warnings.append(
            _("The day of the seminar, %(day)s, is past. Only because it is the demo can this still leave.", day=day)
        )
    answers = plans.milestone(seminar, "answers")
    if answers is None or purpose not in asks:
        return Timely("", warnings)
    words = f"trả lời {rules.answer_by(answers, moment)}"
    last = local(due_at(answers)).date()
    if is_closed(answers):
        warnings.append(_("The office closed the answers: the message does not ask for one."))
    elif moment > due_at(answers):
        day = short_date(last)
        warnings.append(
            _("The last day for answers, %(day)s, is past. The message says: “%(words)s”.", day=day, words=words)
        )
    elif local(moment).date() == last:
        warnings.append(_("Today is the last day for answers. The message says: “%(words)s”.", words=words))
    return Timely("", warnings)


def choice_of(said: MultiDict[str, str]) -> Choice:
    """What a form asks for. With another kind of message than it was made for, the usual people of the new kind."""
    choice = Choice.of(said)
    is_other = said.get("was", choice.purpose.value) != choice.purpose.value
    return replace(choice, state=STATES_OF[choice.purpose][0]) if is_other else choice


def pdf_response(content: bytes, filename: str) -> Response:
    return Response(
        content, mimetype="application/pdf", headers={"Content-Disposition": f'inline; filename="{filename}"'}
    )


from seminar.invitations.views import answers, letters, on_behalf, proxies, reminders, sendings, texts  # noqa: E402

__all__ = [
    "LOOKS",
    "Look",
    "Timely",
    "answers",
    "base_url",
    "bp",
    "choice_of",
    "holds_codes",
    "letters",
    "on_behalf",
    "pdf_response",
    "proxies",
    "reads",
    "reminders",
    "sendings",
    "texts",
    "timely",
    "writes",
]
