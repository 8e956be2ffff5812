"""Shapes of what the secretaries type."""

from seminar.minutes.forms.notes import (
    TORN,
    UUID,
    DraftForm,
    NoteForm,
    asked,
    note_form,
)

__all__ = [
    "DraftForm",
    "NoteForm",
    "TORN",
    "UUID",
    "asked",
    "note_form",
]
