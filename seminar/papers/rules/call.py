"""What a call for papers asks for, by when, and what is said of a paper that is otherwise (domain.md 2.7, S1.69).

Limits are told and refuse nothing. Within the grace hours nothing is late; an extension is one sender's own deadline.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from seminar.lib.clock import from_local, local, short_date
from seminar.lib.errors import Message, Refused
from seminar.papers.models import Call, Extension, FileKind, Submission
from seminar.planning.models import Milestone
from seminar.planning.rules import due_at, is_closed, is_sensible

REASON_LENGTH = 500
GUIDANCE_LENGTH = 5000
WORDS = 4000
"""HUST's call: at most 4,000 words, about ten A4 pages (domain.md 2.7)."""
PAGES = 10
GRACE_HOURS = 720

FILE_KIND_NAMES = {FileKind.DOCX: ".docx", FileKind.PDF: ".pdf", FileKind.DOC: ".doc", FileKind.ODT: ".odt"}
FILE_KINDS = tuple(FileKind)

TOO_LONG = Message("The paper has %(count)s words; the call asks for at most %(most)s.")
TOO_SHORT = Message("The paper has %(count)s words; the call asks for at least %(least)s.")
TOO_MANY_PAGES = Message("The paper has %(count)s pages; the call asks for at most %(most)s.")
CAME_EARLIER = Message("It came to the office on %(day)s and was entered later.")
OTHER_KIND = Message("The paper came as %(kind)s; the call asks for %(kinds)s.")


def default_call() -> Call:
    """What holds where the office has set nothing; not stored."""
    return Call(
        words_least=None,
        words_most=WORDS,
        pages_most=PAGES,
        file_kinds=[kind.value for kind in FILE_KINDS],
        grace_hours=0,
        guidance="",
        is_released_at_once=True,
    )


def kinds_asked(call: Call, *, can_convert: bool) -> list[FileKind]:
    """The kinds to name on a page; .doc and .odt only where LibreOffice is there."""
    kinds = [kind for kind in FILE_KINDS if kind in call.file_kinds]
    return [kind for kind in kinds if can_convert or kind in (FileKind.DOCX, FileKind.PDF)] or [FileKind.DOCX]


def kinds_said(kinds: Collection[FileKind]) -> str:
    """ ".docx, .pdf" """
    return ", ".join(FILE_KIND_NAMES[kind] for kind in kinds)


def limit_remarks(call: Call, submission: Submission, pages: int | None = None) -> list[Message]:
    """Where the version is longer, shorter or of another kind than the call asks for; `pages` of a PDF beside it."""
    said = []
    words, pages = submission.word_count, submission.page_count or pages
    if words is not None and call.words_most is not None and words > call.words_most:
        said.append(Message(TOO_LONG.msgid, count=_number(words), most=_number(call.words_most)))
    if words is not None and call.words_least is not None and 0 < words < call.words_least:
        said.append(Message(TOO_SHORT.msgid, count=_number(words), least=_number(call.words_least)))
    if pages is not None and call.pages_most is not None and pages > call.pages_most:
        said.append(Message(TOO_MANY_PAGES.msgid, count=pages, most=call.pages_most))
    kind = submission.filename.rpartition(".")[2].lower()
    if kind in set(FileKind) and kind not in call.file_kinds:
        asked = kinds_said([one for one in FILE_KINDS if one in call.file_kinds])
        said.append(Message(OTHER_KIND.msgid, kind=FILE_KIND_NAMES[FileKind(kind)], kinds=asked))
    return said


def _number(count: int) -> str:
    return f"{count:,}".replace(",", ".")


@dataclass(frozen=True)
class Deadline:
    """By when one sender's paper is due. `due_at` is None where the plan has no such milestone and nobody an extension."""

    due_at: datetime | None
    grace_hours: int
    is_closed: bool
    """The office accepts nothing more of this sender, or their extension has run out after it closed."""
    is_extended: bool = False

    @property
    def until(self) -> datetime | None:
        """What comes until then is not late."""
        return self.due_at + timedelta(hours=self.grace_hours) if self.due_at else None

    def is_late(self, now: datetime) -> bool:
        return self.until is not None and now > self.until

    def is_over(self, now: datetime) -> bool:
        """The sender no longer corrects the words of the paper; the office always does."""
        return self.is_closed or self.is_late(now)


def end_of_day(day: date) -> datetime:
    return from_local(day + timedelta(days=1)) - timedelta(microseconds=1)


def deadline(milestone: Milestone | None, call: Call, extension: Extension | None, now: datetime) -> Deadline:
    """An extension holds although the office closed the deadline, and never makes anybody's own day earlier."""
    planned = due_at(milestone) if milestone else None
    if extension is None:
        return Deadline(planned, call.grace_hours, is_closed(milestone))
    extended = end_of_day(extension.until_on)
    if not is_closed(milestone) and planned is not None and planned > extended:
        return Deadline(planned, call.grace_hours, False)
    is_over = now > extended + timedelta(hours=call.grace_hours)
    return Deadline(extended, call.grace_hours, is_closed(milestone) and is_over, is_extended=True)


def refuse_day_of_arrival(day: date | None, now: datetime) -> None:
    if day is not None and (not is_sensible(day) or day > local(now).date()):
        raise Refused("The day on which the paper came cannot be later than today.")


def refuse_extension(milestone: Milestone | None, until_on: date, reason: str, now: datetime) -> None:
    if not is_sensible(until_on):
        raise Refused("Write a day between 1900 and 2200.")
    if until_on < local(now).date():
        raise Refused("%(day)s has passed: extend the deadline to today or later.", day=short_date(until_on))
    if milestone is not None and end_of_day(until_on) <= due_at(milestone) and not is_closed(milestone):
        raise Refused(
            "The deadline of all is %(day)s: choose a later day.", day=short_date(local(due_at(milestone)).date())
        )
    if not reason:
        raise Refused("Write why the deadline is extended.")
