"""Reads of the plan and of the directory of units."""

from seminar.planning.queries.places import allotments, missing_places, origins
from seminar.planning.queries.plan import (
    announced_seminars,
    group_by_code,
    groups_of,
    has_issued_letters,
    hold_seminar,
    milestone,
    part_or_404,
    seminar_by_slug,
    seminar_or_404,
    seminars,
    seminars_to_come,
)
from seminar.planning.queries.units import (
    all_units,
    deliveries,
    names_taken,
    unit_link_by_code,
    unit_link_in_force,
    unit_links,
    unit_or_404,
    units_by_folded_name,
    units_on,
)

__all__ = [
    "all_units",
    "allotments",
    "announced_seminars",
    "deliveries",
    "group_by_code",
    "groups_of",
    "has_issued_letters",
    "hold_seminar",
    "milestone",
    "missing_places",
    "names_taken",
    "origins",
    "part_or_404",
    "seminar_by_slug",
    "seminar_or_404",
    "seminars",
    "seminars_to_come",
    "unit_link_by_code",
    "unit_link_in_force",
    "unit_links",
    "unit_or_404",
    "units_by_folded_name",
    "units_on",
]
