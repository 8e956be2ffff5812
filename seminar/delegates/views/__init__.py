"""The pages of the delegates: the list, one person, lists that come in, groups and their quotas."""

from flask import Blueprint

from seminar.access.guard import only
from seminar.access.roles import Role

bp = Blueprint("delegates", __name__, url_prefix="/seminars/<slug>")
writers = only(Role.OFFICE, Role.ADMIN)


from seminar.delegates.views import (  # noqa: E402
    choices,
    details,
    groups,
    imports,
    listing,
    nominations,
    quotas,
    readings,
)

__all__ = [
    "bp",
    "choices",
    "details",
    "groups",
    "imports",
    "listing",
    "nominations",
    "quotas",
    "readings",
    "writers",
]
