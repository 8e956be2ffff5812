"""Reads of delegates that pages, actions and documents share."""

from seminar.delegates.queries.delegates import (
    NO_UNIT,
    ORDERS,
    PAGE_SIZE,
    Wanted,
    by_number,
    chosen,
    counted,
    delegate_or_404,
    everyone,
    in_groups,
    matching,
    named_by_group,
    ordered,
    page_of,
    with_groups,
)
from seminar.delegates.queries.lists import draft_or_404, group_names, people, recent_drafts, unit_names
from seminar.delegates.queries.places import free_places, group_facts, unassigned_group

__all__ = [
    "NO_UNIT",
    "ORDERS",
    "PAGE_SIZE",
    "Wanted",
    "by_number",
    "chosen",
    "counted",
    "delegate_or_404",
    "draft_or_404",
    "everyone",
    "free_places",
    "group_facts",
    "group_names",
    "in_groups",
    "matching",
    "named_by_group",
    "ordered",
    "page_of",
    "people",
    "recent_drafts",
    "unassigned_group",
    "unit_names",
    "with_groups",
]
