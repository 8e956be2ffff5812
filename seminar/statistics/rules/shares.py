"""Whether what the units were given adds up to the plan (domain.md Đ28), and shares as they are typed."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from seminar.lib.errors import Message, Refused
from seminar.lib.text import thousands
from seminar.statistics.rules.cells import read_count

Pairs = Mapping[tuple[int, int], tuple[int | None, int | None]]
"""(unit id, year) -> (to introduce, to admit)."""


@dataclass(frozen=True)
class SharesCheck:
    """`lacking` below zero: more was given than the plan asks."""

    given: int
    asked: int
    blank: int
    """Units and years without a count."""

    @property
    def lacking(self) -> int:
        return self.asked - self.given


def check_shares(pairs: Pairs, units: Collection[int], years: Sequence[int], asked: Sequence[int]) -> list[SharesCheck]:
    """Of those to introduce, and of those to admit; `asked` by the plan."""
    found = []
    for place in (0, 1):
        given = [pair[place] for pair in pairs.values() if pair[place] is not None]
        found.append(SharesCheck(sum(filter(None, given)), asked[place], len(units) * len(years) - len(given)))
    return found


def sums_by(pairs: Pairs, place: int) -> dict[int, tuple[int | None, int | None]]:
    """(to introduce, to admit) by unit (`place` 0) or by year (1); None where nothing was given."""
    found: dict[int, list[int | None]] = {}
    for key, pair in pairs.items():
        sums = found.setdefault(key[place], [None, None])
        for at, count in enumerate(pair):
            if count is not None:
                sums[at] = (sums[at] or 0) + count
    return {key: (sums[0], sums[1]) for key, sums in found.items()}


def more_admitted(pairs: Pairs) -> list[tuple[int, int]]:
    """(unit, year) with more to admit than to introduce: it can be, since people introduced earlier are admitted."""
    return sorted(
        key for key, (first, second) in pairs.items() if first is not None and second is not None and second > first
    )


def read_pairs(
    typed: Mapping[tuple[int, int, str], str], units: Iterable[int], years: Sequence[int]
) -> tuple[dict[tuple[int, int], tuple[int | None, int | None]], dict[tuple[int, int, str], Message]]:
    """(pairs, what is no count, by its cell)."""
    pairs: dict[tuple[int, int], tuple[int | None, int | None]] = {}
    wrong: dict[tuple[int, int, str], Message] = {}
    for unit in units:
        for year in years:
            read: dict[str, int | None] = {}
            for key in ("i", "a"):
                try:
                    read[key] = read_count(typed.get((unit, year, key), ""))
                except Refused as refused:
                    wrong[unit, year, key] = refused.message
            pairs[unit, year] = (read.get("i"), read.get("a"))
    return pairs, wrong


def typed_of(pairs: Pairs) -> dict[tuple[int, int, str], str]:
    """As they are shown in the fields."""
    return {
        (*key, name): thousands(count)
        for key, pair in pairs.items()
        for name, count in zip(("i", "a"), pair, strict=True)
        if count is not None
    }


def with_file(
    stored: Mapping[tuple[int, int, str], str],
    typed: Mapping[tuple[int, int, str], str],
    read: Mapping[tuple[int, int, str], str],
) -> tuple[dict[tuple[int, int, str], str], dict[tuple[int, int, str], str]]:
    """(what the fields show after a file was read into them, what was typed where the file says something else).

    What was typed and not saved stays where the file is blank or has what is saved.
    """
    shown, overtaken = dict(typed), {}
    for key, text in read.items():
        said, own, old = as_shown(text), as_shown(typed.get(key, "")), stored.get(key, "")
        if own == old:
            shown[key] = said
        elif said not in ("", old, own):
            shown[key], overtaken[key] = said, typed.get(key, "")
    return shown, overtaken


def as_shown(text: str) -> str:
    """A count as the fields show it; what is none as it stands."""
    try:
        count = read_count(text)
    except Refused:
        return text
    return "" if count is None else thousands(count)
