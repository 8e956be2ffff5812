"""Decisions about notes: who spoke, as typed with a few letters, and what may be written (issue F deepens)."""

from collections.abc import Sequence
from typing import NamedTuple

from seminar.agenda.models import ItemKind
from seminar.lib.text import fold
from seminar.minutes.models import NoteKind

LONGEST_TEXT = 20_000
LONGEST_SPEAKER = 300
SPEAKERS_OFFERED = 1_000


USUAL_KINDS = {
    ItemKind.KEYNOTE: NoteKind.PAPER,
    ItemKind.PAPERS: NoteKind.PAPER,
    ItemKind.GUIDANCE: NoteKind.GUIDANCE,
    ItemKind.CLOSING: NoteKind.CONCLUSION,
}


def usual_kind(kind: ItemKind) -> NoteKind:
    """What is mostly said during such an item; the entry form begins with it."""
    return USUAL_KINDS.get(kind, NoteKind.OPINION)


USUAL_EXCERPTS = (NoteKind.GUIDANCE, NoteKind.CONCLUSION)
"""What the proceedings mostly print of the discussion: phát biểu chỉ đạo, kết luận (domain.md 2.6, part 5)."""


class Speaker(NamedTuple):
    """A delegate as the entry form offers them: `text` is what the note and the documents print."""

    delegate_id: int
    number: int
    text: str
    folded_name: str
    is_present: bool
    is_unique: bool = True
    """False where another delegate has the same text: only the number says who is meant."""

    @property
    def typed(self) -> str:
        """What the form fills in: the text, or the number where the text would be ambiguous."""
        return self.text if self.is_unique else str(self.number)


def printed(name: str, position: str, body: str) -> str:
    """Name, position and body on one line, as minutes name a speaker."""
    return ", ".join(part for part in (name, " ".join(part for part in (position, body) if part)) if part)


def speaker_of(typed: str, speakers: Sequence[Speaker]) -> Speaker | None:
    """The delegate that was meant: the text offered, the number on the badge, or a name that only one person has.

    None where nobody or several could be meant: it is then kept as typed, never guessed.
    """
    typed = typed.strip()
    if typed.isascii() and typed.isdecimal():
        return next((speaker for speaker in speakers if speaker.number == int(typed)), None)
    exact = [speaker for speaker in speakers if speaker.text == typed]
    if len(exact) == 1:
        return exact[0]
    folded = fold(typed)
    named = [speaker for speaker in speakers if folded in (speaker.folded_name, fold(speaker.text))]
    return named[0] if len(named) == 1 else None
