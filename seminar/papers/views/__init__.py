"""The call for papers, the board of papers, one paper with its versions, uploads of the office, and decisions."""

from flask import Blueprint

from seminar.access.guard import only
from seminar.access.roles import Role

bp = Blueprint("papers", __name__)

reads_papers = only(Role.OFFICE, Role.REVIEWER, Role.SECRETARY)
decides = only(Role.OFFICE, Role.REVIEWER)
uploads = only(Role.OFFICE)
PAPER = "/seminars/<slug>/papers/<int(max=2147483647):paper_id>"


from seminar.papers.views import (  # noqa: E402
    board,
    call,
    decisions,
    listing,
    papers,
    reading,
    results,
    reviewers,
    reviews,
    versions,
)

__all__ = [
    "PAPER",
    "board",
    "bp",
    "call",
    "decides",
    "decisions",
    "listing",
    "papers",
    "reading",
    "reads_papers",
    "results",
    "reviewers",
    "reviews",
    "uploads",
    "versions",
]
