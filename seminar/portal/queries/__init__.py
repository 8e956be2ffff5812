"""What the office's pages count, composed of the features' own counts, so that each figure equals the list it opens."""

from seminar.portal.queries.board import Board, Line, Scope, board_of, membership_rows, memberships
from seminar.portal.queries.overview import GroupLine, Overview, overview_of
from seminar.portal.queries.places import (
    PLACE_STATE_LABELS,
    PlaceRow,
    PlaceState,
    Quota,
    place_counts,
    place_rows,
    places,
)
from seminar.portal.queries.unit import Missing, UnitPage, unit_page

__all__ = [
    "PLACE_STATE_LABELS",
    "Board",
    "GroupLine",
    "Line",
    "Missing",
    "Overview",
    "PlaceRow",
    "PlaceState",
    "Quota",
    "Scope",
    "UnitPage",
    "board_of",
    "membership_rows",
    "memberships",
    "overview_of",
    "place_counts",
    "place_rows",
    "places",
    "unit_page",
]
