"""Notes while the seminar runs, the floor, and the minutes."""

from flask import Blueprint

from seminar.access.roles import Role

bp = Blueprint("minutes", __name__)
WRITERS = (Role.SECRETARY, Role.OFFICE)


from seminar.minutes.views import (  # noqa: E402
    document,
    notes,
)

__all__ = [
    "WRITERS",
    "bp",
    "document",
    "notes",
]
