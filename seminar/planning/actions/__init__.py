"""What the office does with the plan: the plan itself, the places of its quotas, the directory of units."""

from seminar.planning.actions.places import allot_places, move_place
from seminar.planning.actions.plan import (
    announce,
    change_details,
    close_milestone,
    confirm_venue,
    create_seminar,
    reopen_milestone,
    settle_finding,
    unassigned_group,
)
from seminar.planning.actions.units import add_unit_alias, issue_missing_unit_links, issue_unit_link

__all__ = [
    "add_unit_alias",
    "allot_places",
    "announce",
    "change_details",
    "close_milestone",
    "confirm_venue",
    "create_seminar",
    "issue_missing_unit_links",
    "issue_unit_link",
    "move_place",
    "reopen_milestone",
    "settle_finding",
    "unassigned_group",
]
