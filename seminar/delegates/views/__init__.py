"""The pages of the delegates: the list, one person, lists that come in, groups and their quotas."""

from flask import Blueprint

from seminar.access.guard import only
from seminar.access.roles import Role

bp = Blueprint("delegates", __name__, url_prefix="/seminars/<slug>")
writers = only(Role.OFFICE, Role.ADMIN)


from seminar.delegates.views import details, groups, imports, listing, nominations, quotas  # noqa: E402

__all__ = ["bp", "details", "groups", "imports", "listing", "nominations", "quotas", "writers"]
