"""Shapes of what the secretaries type, and of asking for the floor."""

from seminar.minutes.forms.floor import (
    SpeakerForm,
    topic_of,
    with_topics,
)
from seminar.minutes.forms.notes import (
    TORN,
    UUID,
    NoteForm,
    note_form,
)

__all__ = [
    "NoteForm",
    "SpeakerForm",
    "TORN",
    "UUID",
    "note_form",
    "topic_of",
    "with_topics",
]
