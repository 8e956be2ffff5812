"""Notes while the seminar runs, the floor, and the minutes."""

from flask import Blueprint

from seminar.access.roles import Role

bp = Blueprint("minutes", __name__)
WRITERS = (Role.SECRETARY, Role.OFFICE)
READERS = (*WRITERS, Role.VIEWER)
ADOPTERS = (Role.OFFICE, Role.VIEWER)
"""The chair adopts, or the office for the chair."""


from seminar.minutes.views import (  # noqa: E402
    attachments,
    clock,
    document,
    drafts,
    floor,
    modules,
    notes,
    recommendations,
    versions,
)

__all__ = [
    "ADOPTERS",
    "READERS",
    "WRITERS",
    "attachments",
    "bp",
    "clock",
    "document",
    "drafts",
    "floor",
    "modules",
    "notes",
    "recommendations",
    "versions",
]
