"""Reads of the reception: desks, the people as a desk sees them, and who is present."""

from seminar.agenda.queries import sitting_now
from seminar.checkin.queries.absences import ABSENCE_LABELS, Absence, absence_counts, absence_of, is_proxy
from seminar.checkin.queries.boards import arrived_since, desk_work, just_arrived
from seminar.checkin.queries.desk_states import DeskState, desk_states
from seminar.checkin.queries.desks import (
    PairedDesk,
    desk_by_token,
    desk_or_404,
    desks_of,
    double_or_404,
    doubles_to_settle,
)
from seminar.checkin.queries.people import (
    SEARCH_SHOWS,
    Shown,
    alert_of,
    as_entry,
    bearer,
    has_declined,
    id_by_number,
    is_known_scan,
    people,
    people_named,
    shown_scan,
)
from seminar.checkin.queries.presence import (
    PRESENCE_LABELS,
    ArrivalCounts,
    Attendance,
    Line,
    Presence,
    arrival_counts,
    attendance_of,
    is_in_state,
    with_presence,
)
from seminar.checkin.queries.rehearsals import rehearsal_now
from seminar.checkin.queries.roster import Counts, counts_of, in_sitting, roster, searchable, sitting_of_scan
from seminar.checkin.queries.walk_ins import refused_inside

__all__ = [
    "ABSENCE_LABELS",
    "Absence",
    "absence_counts",
    "absence_of",
    "is_proxy",
    "is_known_scan",
    "rehearsal_now",
    "ArrivalCounts",
    "Attendance",
    "Counts",
    "DeskState",
    "arrived_since",
    "desk_states",
    "just_arrived",
    "desk_work",
    "Line",
    "PRESENCE_LABELS",
    "PairedDesk",
    "Presence",
    "SEARCH_SHOWS",
    "Shown",
    "alert_of",
    "arrival_counts",
    "as_entry",
    "attendance_of",
    "bearer",
    "counts_of",
    "desk_by_token",
    "desk_or_404",
    "desks_of",
    "double_or_404",
    "doubles_to_settle",
    "has_declined",
    "id_by_number",
    "in_sitting",
    "is_in_state",
    "people",
    "people_named",
    "refused_inside",
    "roster",
    "searchable",
    "shown_scan",
    "sitting_now",
    "sitting_of_scan",
    "with_presence",
]
