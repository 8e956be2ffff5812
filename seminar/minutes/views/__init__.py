"""Notes while the seminar runs, the floor, and the minutes."""

from flask import Blueprint

from seminar.access.roles import Role

bp = Blueprint("minutes", __name__)
WRITERS = (Role.SECRETARY, Role.OFFICE)


from seminar.minutes.views import (  # noqa: E402
    clock,
    document,
    floor,
    notes,
)

__all__ = [
    "WRITERS",
    "bp",
    "clock",
    "document",
    "floor",
    "notes",
]
