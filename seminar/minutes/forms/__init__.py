"""Shapes of what the secretaries type."""

from seminar.minutes.forms.notes import (
    TORN,
    UUID,
    NoteForm,
    note_form,
)

__all__ = [
    "NoteForm",
    "TORN",
    "UUID",
    "note_form",
]
