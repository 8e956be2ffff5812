"""What the secretaries do."""

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

__all__ = [
    "Overtaken",
    "TypedElsewhere",
    "Wording",
    "attach_file",
    "choose_excerpt",
    "choose_usual_excerpts",
    "drop_excerpt",
    "forget_draft",
    "keep_draft",
    "remove_attachment",
    "remove_note",
    "restore_note",
    "rewrite_note",
    "write_note",
    "write_speech",
]
