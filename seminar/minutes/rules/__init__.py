"""Decisions about notes and speakers."""

from seminar.minutes.rules.notes import (
    LONGEST_SPEAKER,
    LONGEST_TEXT,
    SPEAKERS_OFFERED,
    USUAL_EXCERPTS,
    USUAL_KINDS,
    Speaker,
    printed,
    speaker_of,
    usual_kind,
)

__all__ = [
    "LONGEST_SPEAKER",
    "LONGEST_TEXT",
    "SPEAKERS_OFFERED",
    "Speaker",
    "USUAL_EXCERPTS",
    "USUAL_KINDS",
    "printed",
    "speaker_of",
    "usual_kind",
]
