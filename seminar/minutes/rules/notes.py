"""Decisions about notes: who spoke, as typed with a few letters, when it was said, and what may be written."""

import re
import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from seminar.agenda.models import ItemKind
from seminar.lib.clock import from_local, local
from seminar.lib.text import clean_block, fold
from seminar.minutes.models import NoteKind

LONGEST_TEXT = 20_000
LONGEST_SPEECH = 200_000
"""What is split into several notes when asked to; longer is no speech but a book."""
LONGEST_SPEAKER = 300
SPEAKERS_OFFERED = 1_000
LONGEST_WAIT = timedelta(days=30)
FRESH = timedelta(seconds=60)
"""So long after its last sign somebody counts as still writing."""


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
    """A delegate, or who came instead, as the entry form offers them: `text` is what the note and the documents print."""

    delegate_id: int
    number: int
    text: str
    folded_name: str
    is_present: bool
    folded_instead_of: str = ""
    """The name of the delegate where a proxy came: it means the proxy too."""
    is_unique: bool = True
    """False where another delegate has the same text: only the number says who is meant."""

    @property
    def folded_names(self) -> tuple[str, ...]:
        """By which the speaker is found."""
        return (self.folded_name, self.folded_instead_of) if self.folded_instead_of else (self.folded_name,)

    @property
    def typed(self) -> str:
        """What the form fills in: the text, or the number where the text would be ambiguous."""
        return self.text if self.is_unique else str(self.number)


def printed(name: str, position: str, body: str) -> str:
    """Name, position and body on one line, as minutes name a speaker."""
    return ", ".join(part for part in (name, " ".join(part for part in (position, body) if part)) if part)


def names_in(typed: str) -> set[str]:
    """The folded names that the typed text could begin with: all of it, and whatever stands before a comma."""
    return {fold(typed)} | {fold(typed[:at]) for at, sign in enumerate(typed) if sign == ","}


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
    named = [speaker for speaker in speakers if folded in (*speaker.folded_names, fold(speaker.text))]
    return named[0] if len(named) == 1 else None


CLOCK = re.compile(r"(\d{1,2})(?:\s*[:.hHgG]\s*(\d{2})?|(\d{2}))")
BULLET = re.compile(
    r"^[\u2022\u2023\u25cf\u25cb\u25aa\u25ab\u25a0\u25a1\u2043\u00b7\u2219\u27a2\u2714\ue000-\uf8ff]\s*", re.M
)


def clock_of(typed: str) -> tuple[int, int] | None:
    """Hour and minute of "8:05", "8h05", "0805" or "8h"; None for anything else."""
    found = CLOCK.fullmatch(typed.strip())
    if not found:
        return None
    hour, minute = int(found[1]), int(found[2] or found[3] or 0)
    return (hour, minute) if hour < 24 and minute < 60 else None


def said_at(hour: int, minute: int, day: date) -> datetime:
    return from_local(day, hour, minute)


def day_of_new(at: datetime, sitting_starts_at: datetime) -> date:
    """The day a typed time is of: that of the sitting where it is over and somebody writes it down later, else today."""
    return min(local(at).date(), local(sitting_starts_at).date())


def tidied(text: str) -> str:
    """A text as it comes out of Word: one kind of bullet, at most one blank line in a row, no word touched."""
    plain = re.sub(r"[\v\f\u2028\u2029]", "\n", text)
    return re.sub(r"\n{3,}", "\n\n", BULLET.sub("- ", clean_block(plain)))


def parts_of(text: str, longest: int = LONGEST_TEXT) -> list[str]:
    """The text in parts of at most `longest` characters, cut at the end of a paragraph, a sentence or a word."""
    parts = []
    while len(text) > longest:
        head = text[:longest]
        ends = [head.rfind(sign) + len(sign) for sign in ("\n\n", "\n", ". ", " ") if head.rfind(sign) > longest // 2]
        cut = ends[0] if ends else longest
        parts.append(text[:cut].strip())
        text = text[cut:].lstrip()
    return [*parts, text] if text else parts


def key_of_part(key: str, number: int) -> str:
    """The key of the nth part of a split speech (from 1): the same each time it is sent."""
    return key if number == 1 else str(uuid.uuid5(uuid.UUID(key), str(number)))
