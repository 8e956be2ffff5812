"""What the office does with the plan: the plan itself and its lists, groups and places, units and their links."""

from seminar.planning.actions.groups import add_group, move_group, refuse_code
from seminar.planning.actions.links import (
    HANDED_OVER,
    hand_over_link,
    issue_missing_unit_links,
    issue_unit_link,
    revoke_unit_link,
    send_unit_links,
)
from seminar.planning.actions.milestones import close_milestone, reopen_milestone
from seminar.planning.actions.parts import add_part, change_part, move_part, propose_milestones, remove_part, tidy
from seminar.planning.actions.places import allot_places, move_place
from seminar.planning.actions.plan import (
    announce,
    change_details,
    confirm_venue,
    create_seminar,
    settle_finding,
    unassigned_group,
)
from seminar.planning.actions.units import (
    add_unit,
    add_unit_alias,
    add_units,
    change_unit,
    end_units,
    move_unit,
    remove_unit,
)

__all__ = [
    "HANDED_OVER",
    "add_group",
    "add_part",
    "add_unit",
    "add_unit_alias",
    "add_units",
    "allot_places",
    "announce",
    "change_details",
    "change_part",
    "change_unit",
    "close_milestone",
    "confirm_venue",
    "create_seminar",
    "end_units",
    "hand_over_link",
    "issue_missing_unit_links",
    "issue_unit_link",
    "move_group",
    "move_part",
    "move_place",
    "move_unit",
    "propose_milestones",
    "refuse_code",
    "remove_part",
    "remove_unit",
    "reopen_milestone",
    "revoke_unit_link",
    "send_unit_links",
    "settle_finding",
    "tidy",
    "unassigned_group",
]
