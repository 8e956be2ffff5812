"""Decisions about papers: one of each unit (plan S1.69), and what a conclusion of vetting must say (domain.md 2.7)."""

from seminar.lib.errors import Message, Refused
from seminar.papers.rules.authors import line_of, named, printed, read_authors
from seminar.papers.rules.call import (
    CAME_EARLIER,
    FILE_KIND_NAMES,
    GRACE_HOURS,
    GUIDANCE_LENGTH,
    REASON_LENGTH,
    Deadline,
    deadline,
    default_call,
    end_of_day,
    kinds_asked,
    kinds_said,
    limit_remarks,
    refuse_day_of_arrival,
    refuse_extension,
)

TITLE_LENGTH = 500
NOTE_LENGTH = 5000
ABSTRACT_LENGTH = 4000
KEYWORDS_LENGTH = 500
VERSIONS = 20
"""So many versions of one paper come by a personal link; more would only fill the disk, and the office can still send."""


def refuse_conclusion(*, in_print: bool, on_stage: bool, needs_correction: bool, note: str) -> None:
    """A paper that is sent back or not accepted is told why; what else is decided needs no words."""
    if needs_correction and not note:
        raise Refused("Write what is to be corrected; the author reads it.")
    if not (in_print or on_stage or needs_correction) and not note:
        raise Refused("Write why the paper is not accepted, or tick what it is accepted for.")
    if len(note) > NOTE_LENGTH:
        raise Refused("The note is too long: at most %(most)d characters.", most=NOTE_LENGTH)


CLOSED = Message("Papers are no longer accepted. Ask the office to open the deadline again.")
CLOSED_BY_OFFICE = Message(
    "Papers are closed. Open the deadline again among the milestones, or extend it for this sender on the page of the call."
)
ANOTHER_OF_UNIT = Message("%(unit)s has already sent its paper. Open it and send a new version there.")
ENOUGH_VERSIONS = Message("This paper came in %(most)d versions already. Send the next one to the office.")
NEWER_VERSION = Message("A newer version has come in the meantime. Read it before you decide.")
DETAILS_CLOSED = Message("The deadline has passed: ask the office to correct title, authors and abstract.")
WITHDRAWN = Message("The paper was withdrawn. Take it back in first.")

__all__ = [
    "ABSTRACT_LENGTH",
    "ANOTHER_OF_UNIT",
    "CAME_EARLIER",
    "CLOSED",
    "CLOSED_BY_OFFICE",
    "DETAILS_CLOSED",
    "ENOUGH_VERSIONS",
    "FILE_KIND_NAMES",
    "GRACE_HOURS",
    "GUIDANCE_LENGTH",
    "KEYWORDS_LENGTH",
    "NEWER_VERSION",
    "NOTE_LENGTH",
    "REASON_LENGTH",
    "TITLE_LENGTH",
    "VERSIONS",
    "WITHDRAWN",
    "Deadline",
    "deadline",
    "default_call",
    "end_of_day",
    "kinds_asked",
    "kinds_said",
    "limit_remarks",
    "line_of",
    "named",
    "printed",
    "read_authors",
    "refuse_conclusion",
    "refuse_day_of_arrival",
    "refuse_extension",
]
