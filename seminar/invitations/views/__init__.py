"""The office's pages: letters, sendings, answers, proxies."""

from typing import NamedTuple

from flask import Blueprint, Response, current_app

from seminar.access.guard import only
from seminar.access.roles import Role
from seminar.invitations.queries import State

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


def pdf_response(content: bytes, filename: str) -> Response:
    return Response(
        content, mimetype="application/pdf", headers={"Content-Disposition": f'inline; filename="{filename}"'}
    )


from seminar.invitations.views import answers, letters, on_behalf, proxies, reminders, sendings, texts  # noqa: E402

__all__ = [
    "LOOKS",
    "Look",
    "answers",
    "base_url",
    "bp",
    "holds_codes",
    "letters",
    "on_behalf",
    "pdf_response",
    "proxies",
    "reads",
    "reminders",
    "sendings",
    "texts",
    "writes",
]
