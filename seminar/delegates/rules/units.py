"""Which unit a name may mean that is none by its spelling (domain.md Đ10); only proposed, quotas per unit depend on it."""

import re
from collections import defaultdict
from collections.abc import Mapping
from difflib import SequenceMatcher

from seminar.lib.text import fold

ABBREVIATED = {
    "tp": "thanh pho",
    "tx": "thi xa",
    "tt": "thi tran",
    "h": "huyen",
    "d": "doan",
    "td": "doan",
    "hd": "huyen doan",
    "tn": "thanh nien",
    "dh": "dai hoc",
}
OF_EVERY_UNIT = frozenset(
    re.findall(
        r"\w+", "huyen thi thanh pho xa tinh doan ban chap hanh thuong vu bch btv tncs hcm ho chi minh nien dtn don vi"
    )
)
"""Words that say what kind of body it is, not which. Variants as they occur: domain.md Đ10, kinds of units: 4.1."""
NEAR = 0.85


def unit_words(text: str) -> str:
    """Which unit it is: "TĐ Thủ Dầu Một", "BCH Đoàn huyện Bàu Bàng" -> "thu dau mot", "bau bang"."""
    return " ".join(word for word in _whole_words(text) if word not in OF_EVERY_UNIT)


def _whole_words(text: str) -> list[str]:
    folded = re.sub(r"[,-]\s*tinh .*", "", fold(text))  # "…, tỉnh Bình Dương"
    return " ".join(ABBREVIATED.get(word, word) for word in re.findall(r"[a-z0-9]+", folded)).split()


def unit_level(text: str) -> str:
    """ "commune" or "district" where the words say it: the xã Dầu Tiếng of 2025 is not the huyện Dầu Tiếng."""
    words = f" {' '.join(_whole_words(text))} "
    if re.search(r" (huyen|quan|thi xa|thi doan|thanh pho|thanh doan) ", words):
        return "district"
    return "commune" if re.match(r" (ban chap hanh |bch )?(doan )?(thanh nien )?(xa|phuong) ", words) else ""


class UnitFinder:
    """Which unit a name may mean that is none by its spelling; only proposed, because quotas per unit depend on it."""

    def __init__(self, units: Mapping[str, tuple[int, str]]) -> None:
        self._by_words: dict[str, set[int]] = defaultdict(set)
        self._folded = frozenset(units)
        self._levels: dict[int, str] = {}
        for folded, (unit_id, name) in units.items():
            self._levels.setdefault(unit_id, unit_level(name))
            words = unit_words(folded)
            if words:
                self._by_words[words].add(unit_id)
        self._by_initials: dict[str, set[int]] = defaultdict(set)
        for words, ids in self._by_words.items():
            if " " in words:
                self._by_initials["".join(word[0] for word in words.split())] |= ids
        self._known: dict[str, int | None] = {}

    def like(self, text: str) -> int | None:
        """Id of the only unit that is near enough; None for a name that is a unit already."""
        if text not in self._known:
            found = set() if fold(text) in self._folded or len(text) > 100 else self._search(unit_words(text))
            level = unit_level(text)
            found = {one for one in found if not level or self._levels[one] in ("", level)}
            self._known[text] = found.pop() if len(found) == 1 else None
        return self._known[text]

    def _search(self, words: str) -> set[int]:
        if not words:
            return set()
        if words in self._by_words:
            return set(self._by_words[words])
        if len(words) >= 3 and words in self._by_initials:
            return set(self._by_initials[words])
        count = words.count(" ")
        found: set[int] = set()
        for known, ids in self._by_words.items():
            if (
                known.count(" ") == count
                and known[0] == words[0]
                and SequenceMatcher(None, words, known).ratio() >= NEAR
            ):
                found |= ids
        return found
