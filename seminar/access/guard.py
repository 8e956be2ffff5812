"""Deny by default: an endpoint says who may use it, or it answers 403. `routes.txt` lists what they say.

The order for a request that changes something: same-site check, who is it (reading, then the transaction ends), may
they, and only then is the body read; the view's writing transaction opens after that (design.md, engine room).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, abort, g, request
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from seminar.access.actor import Actor, ActorKind
from seminar.access.roles import Role
from seminar.lib import csrf
from seminar.lib.database import SAFE_METHODS, reading

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Access:
    """`who` is the word in routes.txt; `roles` are the staff roles that open the door, empty where none is needed."""

    who: str
    roles: frozenset[Role] = frozenset()


def _declares(access: Access) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.access = access  # type: ignore[attr-defined]
        return view

    return mark


public = _declares(Access("public"))
"""Anybody, without any credential."""
by_personal_link = _declares(Access("delegate"))
"""The holder of a delegate's code; the view finds the invitation by the code and answers 404 to strangers."""
by_unit_link = _declares(Access("unit"))
"""The holder of a unit's code; the view finds the link by the code and answers 404 to strangers."""
by_screen_link = _declares(Access("screen"))
"""The holder of the code of a projector's page; the view finds the screen by the code and answers 404 to strangers."""
desk_device = _declares(Access("desk"))
"""A paired desk device; the check-in blueprint authenticates it before the view runs."""


def only(*roles: Role) -> Callable[[View], View]:
    """Signed-in staff with one of the roles; the administrator is not let in silently, name the role."""
    return _declares(Access(" ".join(sorted(roles)), frozenset(roles)))


def access_of(view: Callable[..., Any]) -> Access | None:
    return getattr(view, "access", None)


def staff_actor() -> Actor:
    """The signed-in member of staff as the actor of what follows."""
    return Actor(ActorKind.STAFF, current_user.name, current_user.id)


def has_role(*roles: Role) -> bool:
    return bool(current_user.is_authenticated and set(roles) & current_user.roles)


def _identify() -> tuple[bool, frozenset[Role], bool]:
    """(signed in, roles, second factor still missing) of the visitor."""
    half = bool(getattr(current_user, "needs_second_factor", False))
    if not (current_user.is_authenticated or half):
        return False, frozenset(), False
    return True, frozenset(current_user.roles), half


def _refuse_bytes() -> None:
    """Browsers write in an address what is no ASCII as %XX; bytes that are no text would be an error wherever it is read."""
    try:
        request.query_string.decode()
    except UnicodeDecodeError:
        request.query_string = b""  # the page that says so reads it too
        abort(400)


def _refuse_nul(said: MultiDict[str, str]) -> None:
    """No person types a NUL, and PostgreSQL's text cannot hold one."""
    if any("\0" in text for pair in said.items(multi=True) for text in pair):
        abort(400)


def init_guard(app: Flask) -> None:
    # Endpoints a half signed-in person may use, to give the second factor or to leave.
    half_open = {
        "accounts.second_factor",
        "accounts.give_second_factor",
        "accounts.enrol",
        "accounts.confirm_enrolment",
        "accounts.leave",
    }

    @app.before_request
    def guard() -> Any:
        _refuse_bytes()
        if "\0" in request.path:
            abort(404)
        if request.endpoint is None:
            return None  # 404 or 405, answered by Flask
        access = access_of(app.view_functions[request.endpoint])
        if request.endpoint == "static":
            return None
        if access is None:
            abort(403)
        _refuse_nul(request.args)
        writes = request.method not in SAFE_METHODS
        if writes and not csrf.is_same_site(request):
            abort(403)
        if access.roles:
            if writes:
                with reading():
                    signed_in, roles, half = _identify()
                g.pop("_login_user", None)  # the user is read again inside the writing transaction
            else:
                signed_in, roles, half = _identify()
            if not signed_in:
                return app.extensions["sign_in"]()
            if half and request.endpoint not in half_open:
                return app.extensions["second_factor"]()
            if not roles & access.roles:
                abort(403)
        if writes:
            _refuse_nul(request.form)  # reads the whole body, before any writing transaction
        return None
