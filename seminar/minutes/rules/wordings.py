"""What two wordings of a note have in common and where they differ, word by word."""

import re
from difflib import SequenceMatcher
from typing import NamedTuple

MOST_WORDS = 6_000
"""Of longer texts only paragraphs are compared."""


class Piece(NamedTuple):
    text: str
    is_own: bool
    """Stands in this wording only."""


def differences(one: str, other: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts whole, in pieces; joined, the pieces of each are that text again."""
    split = r"\s*\S+\s*|\s+" if max(len(one.split()), len(other.split())) <= MOST_WORDS else r"[^\n]+\n*|\n+"
    ours, theirs = re.findall(split, one), re.findall(split, other)
    left: list[Piece] = []
    right: list[Piece] = []
    bare = [[part.strip() for part in parts] for parts in (ours, theirs)]
    matcher = SequenceMatcher(None, bare[0], bare[1], autojunk=len(ours) > 1_000)
    for tag, a, b, c, d in matcher.get_opcodes():
        for pieces, words in ((left, ours[a:b]), (right, theirs[c:d])):
            if words:
                pieces.append(Piece("".join(words), tag != "equal"))
    return left, right
