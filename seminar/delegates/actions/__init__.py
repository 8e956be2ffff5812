"""What is done with delegates: single ones, groups and the places of quotas, who is named for them, lists that come in."""

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
from seminar.delegates.actions.nominations import (
    approve_nomination,
    nominate,
    reserve_nomination,
    return_nomination,
    seat_reserve,
    withdraw_nomination,
)
from seminar.delegates.actions.people import (
    add_delegate,
    change_delegate,
    next_number,
    regroup_delegates,
    remove_delegate,
)
from seminar.delegates.actions.places import Places
from seminar.delegates.actions.quotas import (
    add_group,
    change_group,
    give_free_place,
    give_place,
    make_missing_places,
    remove_group,
    set_places,
)

__all__ = [
    "Places",
    "Stored",
    "add_delegate",
    "approve_nomination",
    "add_group",
    "change_delegate",
    "change_group",
    "choose_group",
    "decide_rows",
    "draft_import",
    "give_free_place",
    "give_place",
    "judged_rows",
    "make_missing_places",
    "next_number",
    "read_again",
    "nominate",
    "regroup_delegates",
    "remove_delegate",
    "reserve_nomination",
    "return_nomination",
    "seat_reserve",
    "remove_group",
    "set_places",
    "store_draft",
    "store_rows",
    "withdraw_nomination",
]
