"""HTTP of the reception: the desk API, the desk page, the staff's pages. Here: who a device is."""

from typing import Any

from flask import Blueprint, current_app, g, redirect, request, url_for
from flask_babel import gettext as _

from seminar.access.guard import access_of
from seminar.checkin import queries
from seminar.checkin.queries import PairedDesk
from seminar.lib import codes
from seminar.lib.clock import now
from seminar.lib.database import reading

bp = Blueprint("checkin", __name__)
COOKIE_SECONDS = 60 * 24 * 3600
API = "/api/v1/desk/"


def cookie_name() -> str:
    return "__Host-desk" if current_app.config["SEMINAR"].is_production else "desk"


def token_digest() -> str | None:
    """Of the request's Bearer token, or of the cookie of the desk page."""
    authorization = request.headers.get("Authorization", "")
    token = authorization.removeprefix("Bearer ") if authorization.startswith("Bearer ") else ""
    if not authorization:
        token = request.cookies.get(cookie_name(), "")
    return codes.digest(token) if token and len(token) <= 200 else None


def find_desk() -> PairedDesk | None:
    """The desk of the request, as the database has it now."""
    digest = token_digest()
    if digest is None:
        return None
    with reading():
        return queries.desk_by_token(digest)


def recall_desk() -> PairedDesk | None:
    """The desk of the request, from memory after the first time: only where the transaction that follows looks itself
    whether the pairing was ended meanwhile.
    """
    digest = token_digest()
    recalled = current_app.extensions.setdefault("recalled_desks", {})
    if digest not in recalled:
        found = find_desk()
        if found is None:
            return None
        recalled[digest] = found
    return recalled[digest]


def this_desk() -> PairedDesk:
    return g.desk


LOOKS_ITSELF = frozenset({"checkin.scans"})


@bp.before_request
def authenticate() -> Any:
    """For endpoints declared `@desk_device`: 401 in JSON for a device that is not paired or was revoked.

    What is told to the API is JSON and says so: a form of another site can send text, but not that.
    """
    access = access_of(current_app.view_functions[request.endpoint or ""])
    is_api = request.path.startswith(API)
    if access is not None and access.who == "desk":
        g.desk = recall_desk() if request.endpoint in LOOKS_ITSELF else find_desk()
        slug = (request.view_args or {}).get("slug")
        if g.desk is None or slug not in (None, g.desk.slug):
            return unpaired() if is_api else redirect(url_for("checkin.desk", slug=slug), 303)
    if is_api and request.method == "POST" and not request.is_json:
        message = _("The desk API reads JSON only: send the body with Content-Type: application/json.")
        return {"error": "Unsupported Media Type", "message": message}, 415
    return None


def unpaired() -> Any:
    message = _("This device is not paired, or its pairing was ended. Keep what is queued and ask the office.")
    return {"error": "Unauthorized", "message": message}, 401


@bp.after_app_request
def finish(response: Any) -> Any:
    """Every JSON answer of the desk API says the server's time, errors too."""
    if request.path.startswith(API) and response.is_json and response.status_code >= 400:
        body = response.get_json(silent=True)
        if isinstance(body, dict) and "server_time" not in body:
            response.data = current_app.json.dumps(body | {"server_time": now().isoformat()})
    return response


def timed(body: dict[str, Any]) -> dict[str, Any]:
    return body | {"server_time": now().isoformat()}


from seminar.checkin.views import (  # noqa: E402 - they add their routes to bp
    api,  # noqa: F401
    app,  # noqa: F401
    boards,  # noqa: F401
    desk,  # noqa: F401
    guide,  # noqa: F401
    paper,  # noqa: F401
    queues,  # noqa: F401
    refusals,  # noqa: F401
    rehearsals,  # noqa: F401
    staff,  # noqa: F401
    stage,  # noqa: F401
    walk_ins,  # noqa: F401
)
