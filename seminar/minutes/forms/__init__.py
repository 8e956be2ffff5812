"""Shapes of what the secretaries type, and of asking for the floor."""

from seminar.minutes.forms.floor import (
    SpeakerForm,
    topic_of,
    with_topics,
)
from seminar.minutes.forms.notes import (
    TORN,
    UUID,
    DraftForm,
    NoteForm,
    asked,
    note_form,
)
from seminar.minutes.forms.recommendations import (
    RecommendationForm,
    StepForm,
    recommendation_form,
    step_form,
)
from seminar.minutes.forms.versions import (
    AdoptionForm,
    ParticularsForm,
    ReopeningForm,
    particulars_form,
)

__all__ = [
    "AdoptionForm",
    "DraftForm",
    "NoteForm",
    "ParticularsForm",
    "RecommendationForm",
    "ReopeningForm",
    "SpeakerForm",
    "StepForm",
    "TORN",
    "UUID",
    "asked",
    "note_form",
    "particulars_form",
    "recommendation_form",
    "step_form",
    "topic_of",
    "with_topics",
]
