"""The pages of one visitor each: front, personal, unit, and the office's overview and delegate page."""

from typing import Any

from flask import Blueprint

from seminar.portal.menu import menu

bp = Blueprint("portal", __name__)


@bp.record_once
def install(state: Any) -> None:
    state.app.jinja_env.globals["menu"] = menu


from seminar.portal.views import (  # noqa: E402
    board,
    certificate,
    floor,
    front,
    links,
    live,
    office,
    papers,
    personal,
    proceedings,
    return_files,
    returns,
    seminars,
    unit,
)

__all__ = [
    "board",
    "bp",
    "certificate",
    "floor",
    "front",
    "links",
    "live",
    "office",
    "papers",
    "personal",
    "proceedings",
    "return_files",
    "returns",
    "seminars",
    "unit",
]
