"""What is done with the programme, before the day and on it."""

from seminar.agenda.actions.programme import (
    add_item,
    add_sitting,
    change_item,
    change_sitting,
    move_item,
    place_item,
    remove_item,
    remove_sitting,
    schedule_paper,
    schedule_papers,
)
from seminar.agenda.actions.running import (
    begin_item,
    begin_sitting,
    correct_sitting_times,
    end_item,
    end_sitting,
    resume_sitting,
    undo_run,
)
from seminar.agenda.actions.shifts import Outdated, checked, shift_sitting

__all__ = [
    "Outdated",
    "add_item",
    "add_sitting",
    "begin_item",
    "begin_sitting",
    "change_item",
    "change_sitting",
    "checked",
    "correct_sitting_times",
    "end_item",
    "end_sitting",
    "move_item",
    "place_item",
    "remove_item",
    "remove_sitting",
    "resume_sitting",
    "schedule_paper",
    "schedule_papers",
    "shift_sitting",
    "undo_run",
]
