"""What is done with delegates: single ones, the places of quotas, lists that come in."""

from seminar.delegates.actions.lists import (
    Stored,
    choose_group,
    decide_rows,
    draft_import,
    judged_rows,
    read_again,
    store_draft,
    store_rows,
)
from seminar.delegates.actions.people import (
    add_delegate,
    change_delegate,
    next_number,
    regroup_delegates,
    remove_delegate,
)
from seminar.delegates.actions.places import Places

__all__ = [
    "Places",
    "Stored",
    "add_delegate",
    "change_delegate",
    "choose_group",
    "decide_rows",
    "draft_import",
    "judged_rows",
    "next_number",
    "read_again",
    "regroup_delegates",
    "remove_delegate",
    "store_draft",
    "store_rows",
]
