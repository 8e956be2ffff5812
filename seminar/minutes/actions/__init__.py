"""What secretaries, chair and office do with notes, minutes and recommendations."""

from seminar.minutes.actions.attachments import (
    attach_file,
    remove_attachment,
)
from seminar.minutes.actions.drafts import (
    TypedElsewhere,
    keep_draft,
)
from seminar.minutes.actions.notes import (
    Overtaken,
    Wording,
    choose_excerpt,
    choose_usual_excerpts,
    drop_excerpt,
    forget_draft,
    remove_note,
    restore_note,
    rewrite_note,
    write_note,
    write_speech,
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
    close_minutes,
    freeze_minutes,
    open_minutes,
)

__all__ = [
    "Asked",
    "Frozen",
    "MinutesChanged",
    "Overtaken",
    "Typed",
    "TypedElsewhere",
    "Wording",
    "add_recommendation",
    "adopt_minutes",
    "attach_file",
    "change_minutes",
    "change_recommendation",
    "choose_excerpt",
    "choose_usual_excerpts",
    "close_minutes",
    "drop_excerpt",
    "forget_draft",
    "freeze_minutes",
    "keep_draft",
    "open_minutes",
    "remove_attachment",
    "remove_note",
    "remove_recommendation",
    "restore_note",
    "restore_recommendation",
    "rewrite_note",
    "take_all_notes",
    "take_note",
    "take_step",
    "write_note",
    "write_speech",
]
