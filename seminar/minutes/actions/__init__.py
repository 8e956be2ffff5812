"""What secretaries, chair and office do with notes, minutes and recommendations."""

from seminar.minutes.actions.notes import (
    Overtaken,
    Wording,
    choose_excerpt,
    choose_usual_excerpts,
    drop_excerpt,
    remove_note,
    restore_note,
    rewrite_note,
    write_note,
)
from seminar.minutes.actions.recommendations import (
    Asked,
    add_recommendation,
    change_recommendation,
    remove_recommendation,
    restore_recommendation,
    take_all_notes,
    take_note,
    take_step,
)
from seminar.minutes.actions.versions import (
    Frozen,
    MinutesChanged,
    Typed,
    adopt_minutes,
    change_minutes,
    freeze_minutes,
    open_minutes,
)

__all__ = [
    "Asked",
    "Frozen",
    "MinutesChanged",
    "Overtaken",
    "Typed",
    "Wording",
    "add_recommendation",
    "adopt_minutes",
    "change_minutes",
    "change_recommendation",
    "choose_excerpt",
    "choose_usual_excerpts",
    "drop_excerpt",
    "freeze_minutes",
    "open_minutes",
    "remove_note",
    "remove_recommendation",
    "restore_note",
    "restore_recommendation",
    "rewrite_note",
    "take_all_notes",
    "take_note",
    "take_step",
    "write_note",
]
