"""What the secretaries do."""

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

__all__ = [
    "Overtaken",
    "Wording",
    "choose_excerpt",
    "choose_usual_excerpts",
    "drop_excerpt",
    "remove_note",
    "restore_note",
    "rewrite_note",
    "write_note",
]
