"""The sections of prose in the result report (domain.md 2.5), what may stand in them, and what changed since they were written."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from seminar.lib.errors import Refused
from seminar.lib.text import clean_block, thousands
from seminar.minutes.models import NoteKind

LONGEST_TEXT = 60_000
LONGEST_REASON = 500
TOPIC = "topic."
PLACEHOLDER = re.compile(r"\{\{|\}\}|\{([^{}\n]{1,60})\}")
"""A figure in prose, `{all.arrived}`; a doubled brace is the brace itself."""
TYPED = re.compile(r"(?<![\d.,/])\d{1,3}(?:\.\d{3})+(?![\d.,/]*\d)|(?<![\d.,/])\d+(?![\d.,/]*\d)")
TOTALS = ("all.", "papers", "units_without_paper", "notes", "asked_for")
LEAST_TYPED = 10
"""Smaller numbers stand in every text; only larger ones hint at a figure that nobody named."""


class Where(StrEnum):
    """In which part of the report a section stands."""

    HELD = "held"
    CONTENT = "content"
    JUDGEMENT = "judgement"
    OUTLOOK = "outlook"


@dataclass(frozen=True)
class Section:
    """`title` as it prints, always Vietnamese."""

    key: str
    title: str
    where: Where

    @property
    def topic_id(self) -> int | None:
        """0 for what belongs to no topic; None where the section is of no topic at all."""
        return int(self.key.removeprefix(TOPIC)) if self.key.startswith(TOPIC) else None


MEDIA = Section("media", "Truyền thông", Where.HELD)
JUDGEMENTS = (
    Section("strengths", "Ưu điểm", Where.JUDGEMENT),
    Section("weaknesses", "Hạn chế", Where.JUDGEMENT),
    Section("causes", "Nguyên nhân", Where.JUDGEMENT),
    Section("lessons", "Bài học kinh nghiệm", Where.JUDGEMENT),
)
OUTLOOK = Section("outlook", "Phương hướng, phân công, thời hạn", Where.OUTLOOK)
OTHER_CONTENT, DROPPED_CONTENT = "Nội dung khác", "Nội dung không còn trong kế hoạch"


def sections(topics: Iterable[tuple[int, str]], *, has_other: bool, dropped: Iterable[int] = ()) -> list[Section]:
    """All of a seminar in the order of the report; `has_other`: something was said on none of its topics. `dropped` are
    topics that the plan no longer has, of which something is written: it prints until somebody moves or empties it.
    """
    of_topics = [*topics, *((topic_id, DROPPED_CONTENT) for topic_id in dropped)]
    of_topics += [(0, OTHER_CONTENT)] if has_other else []
    return [
        MEDIA,
        *(Section(f"{TOPIC}{topic_id}", title, Where.CONTENT) for topic_id, title in of_topics),
        *JUDGEMENTS,
        OUTLOOK,
    ]


def is_source(section: Section, kind: NoteKind, topic_id: int | None) -> bool:
    """Whether a note may begin the text of the section: those of its topic, or what was said of the way ahead."""
    if section.topic_id is not None:
        return (topic_id or 0) == section.topic_id
    return section == OUTLOOK and kind in (NoteKind.GUIDANCE, NoteKind.CONCLUSION)


def begun_with(texts: Iterable[str]) -> str:
    """The notes' texts as the beginning of a section: an item each, braces doubled so that they print as they are."""
    lines = (" ".join(text.split()) for text in texts)
    return "\n".join(f"- {line}" for line in lines if line).replace("{", "{{").replace("}", "}}")


def keys_in(text: str) -> list[str]:
    """The figures that the text names, each once, in their order."""
    return list(dict.fromkeys(match[1].strip() for match in PLACEHOLDER.finditer(text) if match[1] is not None))


def pieces(text: str) -> list[tuple[str, bool]]:
    """The text in pieces: (words, False) or (key of a figure, True)."""
    found: list[tuple[str, bool]] = []
    at, said = 0, ""
    for match in PLACEHOLDER.finditer(text):
        said += text[at : match.start()]
        at = match.end()
        if match[1] is None:
            said += match[0][0]
        else:
            found += [(said, False)] if said else []
            found.append((match[1].strip(), True))
            said = ""
    said += text[at:]
    return found + ([(said, False)] if said else [])


def checked_text(text: str | None, known: Iterable[str]) -> str:
    """The text as it is kept. Refuses what is too long, and a figure that there is not."""
    kept = clean_block(text)
    if len(kept) > LONGEST_TEXT:
        raise Refused("The text is too long: at most %(most)s characters.", most=LONGEST_TEXT)
    unknown = [key for key in keys_in(kept) if key not in set(known)]
    if unknown:
        raise Refused(
            "There is no figure %(keys)s: choose one from “Insert a figure”, or double the braces ({{ and }}) if they are to print.",
            keys=", ".join(f"{{{key}}}" for key in unknown),
        )
    return kept


@dataclass(frozen=True)
class Change:
    """A figure that is no longer what it was; `is_typed`: the older number stands in the text in digits."""

    key: str
    then: int
    now: int
    is_typed: bool = False


def numbers_in(text: str) -> set[str]:
    """Numbers that stand in the text in digits, as they are printed: 251, 9.000; no parts of dates or decimals."""
    return {one if "." in one else thousands(int(one)) for one in TYPED.findall(PLACEHOLDER.sub(" ", text))}


def is_watched(section: Section, key: str, text: str) -> bool:
    """Whether the prose of the section leans on the figure: the totals, those of its own topic, those it names."""
    if key in keys_in(text):
        return True
    if section.topic_id is not None:
        return key == section.key
    return key.startswith(TOTALS)


def differences(section: Section, text: str, then: Mapping[str, int], now: Mapping[str, int]) -> list[Change]:
    """Figures that changed since the section was last written or looked through; those typed in digits come first.

    A figure that is no longer counted is none; one that is new, or that the older snapshot did not know, is not told.
    """
    typed = numbers_in(text)
    found = []
    for key, before in then.items():
        is_typed = thousands(before) in typed
        leans = is_watched(section, key, text) or is_typed and before >= LEAST_TYPED
        if leans and now.get(key, before) != before:
            found.append(Change(key, before, now[key], is_typed))
    return sorted(found, key=lambda one: not one.is_typed)


def moved(then: Mapping[str, int], now: Mapping[str, int]) -> list[Change]:
    """Totals that changed since the report was issued."""
    return [
        Change(key, before, now[key])
        for key, before in then.items()
        if key.startswith((*TOTALS, "data.")) and now.get(key, before) != before
    ]


def lines_of(text: str) -> Sequence[str]:
    """Its paragraphs and "- " items, without empty ones."""
    return [line for line in text.split("\n") if line]
