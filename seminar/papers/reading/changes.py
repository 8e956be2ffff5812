"""What changed between two versions of a paper: paragraphs left out, added, or written otherwise, word by word."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any

from seminar.lib.text import fold

MOST = 3000
"""Paragraphs of each that are compared."""
ALIKE = 0.4
"""From here on two paragraphs are one that was rewritten."""


@dataclass(frozen=True)
class Change:
    """`kind`: same (so many paragraphs, in `count`), removed, added or changed; `parts` are (kind, text)."""

    kind: str
    count: int = 1
    parts: Sequence[Sequence[str]] = ()


def paragraphs(text: str) -> list[str]:
    """Of a PDF's text, whose lines are those of the page: a paragraph ends with the sentence that ends a line."""
    found: list[str] = []
    open_ = False
    for line in text.splitlines():
        line = " ".join(line.split())
        if not line:
            open_ = False
        elif open_:
            found[-1] += f" {line}"
        else:
            found.append(line)
        if line:
            open_ = not re.search(r"[.:;!?…”\"]$", line)
    return found


def compare(before: Sequence[str], after: Sequence[str]) -> list[dict[str, Any]]:
    """Changes in the order of the later version, as the fields of `Change`."""
    before, after = list(before[:MOST]), list(after[:MOST])
    found: list[dict[str, Any]] = []
    for tag, low, high, from_, to in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append({"kind": "same", "count": high - low})
        else:
            found += _between(before[low:high], after[from_:to])
    return found


def _between(old: list[str], new: list[str]) -> list[dict[str, Any]]:
    """Paragraphs that stand at the same place, paired where they are alike."""
    found: list[dict[str, Any]] = []
    for one, other in zip_longest(old, new):
        if one is not None and other is not None and _is_alike(one, other):
            found.append({"kind": "changed", "parts": _words(one, other)})
            continue
        if one is not None:
            found.append({"kind": "removed", "parts": [("removed", one)]})
        if other is not None:
            found.append({"kind": "added", "parts": [("added", other)]})
    return found


def _is_alike(one: str, other: str) -> bool:
    return SequenceMatcher(None, fold(one).split(), fold(other).split(), autojunk=False).ratio() >= ALIKE


def _words(one: str, other: str) -> list[tuple[str, str]]:
    old, new = one.split(), other.split()
    parts: list[tuple[str, str]] = []
    for tag, low, high, from_, to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            parts.append(("same", " ".join(new[from_:to])))
            continue
        if high > low:
            parts.append(("removed", " ".join(old[low:high])))
        if to > from_:
            parts.append(("added", " ".join(new[from_:to])))
    return parts
