"""Units and groups written once for a block of people: cells merged downwards, or simply empty below the first.

An empty cell may as well mean "not known", so it takes what stands above only where the whole sheet shows blocks.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from seminar.lib.sheets import Sheet

FILLED = ("body", "group")


@dataclass
class Gaps:
    """Of one column: which rows have an empty cell, and from which row each would take its text."""

    sources: dict[int, int] = field(default_factory=dict)
    """row -> row above that holds the text"""
    numbers: list[tuple[bool, str]] = field(default_factory=list)
    """(whether the cell is filled, number in the list) of each person, from above"""
    runs: list[tuple[str, int]] = field(default_factory=list)
    """(text, empty cells below it) of each block"""
    orphans: int = 0
    """Empty cells with nothing above them."""

    def are_blocks(self) -> bool:
        """Numbers start anew with each filled cell, or stand at filled cells only; or most cells are empty, below
        different names, each of which has empty cells.
        """
        if not self.sources or self.orphans:
            return False
        filled = [number for is_filled, number in self.numbers if is_filled]
        empty = [number for is_filled, number in self.numbers if not is_filled]
        if (
            len(filled) >= 2
            and all(number == "1" for number in filled)
            and all(number not in ("", "1") for number in empty)
        ):
            return True
        if len(filled) >= 2 and all(filled) and not any(empty):
            return True
        names = [text for text, _ in self.runs]
        wide = sum(count > 0 for _, count in self.runs)
        return (
            len(names) >= 2
            and len(set(names)) == len(names)
            and len(self.sources) * 2 >= len(self.numbers)
            and wide * 4 >= len(names) * 3
        )


def gaps_of(sheet: Sheet, first: int, people: Mapping[int, str], breaks: set[int], column: int) -> Gaps:
    """`people` are the rows of persons with their numbers; nothing is taken across a row of `breaks` (headings)."""
    gaps = Gaps()
    source: int | None = None
    for row in range(first, len(sheet.rows)):
        if row in breaks:
            source = None
        if row not in people:
            continue
        cells = sheet.rows[row]
        text = cells[column].strip() if column < len(cells) else ""
        gaps.numbers.append((bool(text), people[row]))
        if text:
            is_same_block = source is not None and bool(gaps.runs) and gaps.runs[-1][0] == text
            if not is_same_block:
                gaps.runs.append((text, 0))
            source = row
        elif source is None:
            gaps.orphans += 1
        else:
            gaps.sources[row] = source
            gaps.runs[-1] = (gaps.runs[-1][0], gaps.runs[-1][1] + 1)
    return gaps


def spread_merged(sheet: Sheet, heading: int) -> None:
    """Cells merged downwards below the headings (a unit beside its people) stand for each of their rows."""
    for first, left, last, right in sheet.merged:
        if first <= heading or last == first or right > left:
            continue
        value = sheet.rows[first][left] if first < len(sheet.rows) and left < len(sheet.rows[first]) else ""
        for row in range(first + 1, min(last + 1, len(sheet.rows))):
            cells = sheet.rows[row]
            if any(cell.strip() for cell in cells) and left < len(cells):
                cells[left] = value
