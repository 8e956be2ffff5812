"""The pages of the delegates: the list, one person, lists that come in."""

from flask import Blueprint

from seminar.access.guard import only
from seminar.access.roles import Role

bp = Blueprint("delegates", __name__, url_prefix="/seminars/<slug>")
writers = only(Role.OFFICE, Role.ADMIN)


from seminar.delegates.views import choices, details, imports, listing, nominations, readings  # noqa: E402

__all__ = ["bp", "choices", "details", "imports", "listing", "nominations", "readings", "writers"]
