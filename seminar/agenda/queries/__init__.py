"""Reads of the programme and of where the day stands."""

from seminar.agenda.queries.programme import (
    item_of,
    item_or_404,
    papers_to_place,
    programme,
    sitting_now,
    sitting_or_404,
    sittings_of,
)
from seminar.agenda.queries.running import (
    Standing,
    item_on,
    run_ended_by,
    run_or_404,
    runs_of,
    sitting_run,
    standing,
)

__all__ = [
    "Standing",
    "item_of",
    "item_on",
    "item_or_404",
    "papers_to_place",
    "programme",
    "run_ended_by",
    "run_or_404",
    "runs_of",
    "sitting_now",
    "sitting_or_404",
    "sitting_run",
    "sittings_of",
    "standing",
]
