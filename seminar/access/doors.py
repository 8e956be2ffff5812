"""Whether an address of this site opens for the signed-in person: figures are links only to those who may follow them."""

from urllib.parse import urlsplit

from flask import Flask, current_app, g
from flask_login import current_user
from werkzeug.exceptions import HTTPException

from seminar.access.guard import access_of


def opens(href: str) -> bool:
    """By the path alone, remembered for the length of the request."""
    known: dict[str, bool] = g.setdefault("doors", {})
    path = urlsplit(href).path
    if path not in known:
        try:
            endpoint, _ = current_app.url_map.bind("").match(path)
        except HTTPException:
            known[path] = False
        else:
            access = access_of(current_app.view_functions[endpoint])
            roles = current_user.roles if current_user.is_authenticated else frozenset()
            known[path] = bool(access and access.roles & roles)
    return known[path]


def init_doors(app: Flask) -> None:
    app.jinja_env.globals["opens"] = opens
