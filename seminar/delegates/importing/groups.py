"""Which group of the seminar a heading or a cell names."""

import re
from dataclasses import dataclass

from seminar.lib.text import fold

ORDINAL = re.compile(r"^\s*([IVX]+|[A-ZĐ]|\d{1,3}(?:\.\d{1,3})*)\s*(?:[.)/:-]\s*|\s+|$)")
FILLER = {"cac", "va", "dong", "chi", "dai", "bieu", "danh", "sach"}


@dataclass
class GroupNames:
    """A group as lists name it: its code, name and folded aliases."""

    code: str
    name: str
    names: list[str]


def group_words(text: str) -> tuple[str, ...]:
    """What counts of a group's name: without ordinal, brackets, accents and words that every group has."""
    text = re.sub(r"\([^)]*\)", " ", ORDINAL.sub("", text, count=1))
    return tuple(word for word in re.findall(r"[a-z0-9]+", fold(text)) if word not in FILLER)


class GroupFinder:
    """Finds the group that a heading or a cell names."""

    def __init__(self, groups: list[GroupNames]) -> None:
        self.names = {group.code: group.name for group in groups}
        self._exact: dict[tuple[str, ...], str] = {}
        for group in groups:
            for name in (group.code, group.name, *group.names):
                words = group_words(f" {name}") if name == group.code else group_words(name)
                if words:
                    self._exact.setdefault(words, group.code)
        self._known: dict[str, str] = {}

    def find(self, text: str) -> str:
        """The code, or "" where none or several could be meant."""
        if text not in self._known:
            self._known[text] = self._search(text)
        return self._known[text]

    def _search(self, text: str) -> str:
        if fold(text) in {fold(code) for code in self.names}:
            return next(code for code in self.names if fold(code) == fold(text))
        words = group_words(text)
        if words in self._exact:
            return self._exact[words]
        some = set(words)
        found = {
            code
            for name, code in self._exact.items()
            if (min(len(some), len(set(name))) >= 3 and (some <= set(name) or set(name) <= some))
            or (len(words) >= 2 and name[: len(words)] == words)
        }
        return found.pop() if len(found) == 1 else ""
