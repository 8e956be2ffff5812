"""The shares of the units as an Excel file to fill in, and that file read again: what was typed, and what was not understood."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from seminar.lib.errors import Message, Refused
from seminar.lib.sheets import Book, Sheet, workbook
from seminar.lib.text import fold, thousands
from seminar.planning.models import Unit
from seminar.statistics.rules import read_count

INTRODUCE, ADMIT = "Giới thiệu", "Kết nạp"
UNIT_HEADING = "Đơn vị"
HEADING = re.compile(r"(gioi thieu|ket nap)\D*(\d{4})\D*$")
TOTAL = re.compile(r"(tong|cong|toan tinh)\b")
LOOK_THROUGH = 20
MOST_PROBLEMS = 40
"""Rows in which the headings are looked for."""

Typed = Mapping[tuple[int, int, str], str]
"""(unit id, year, "i" or "a") -> text as typed."""


@dataclass(frozen=True)
class FoundShares:
    cells: dict[tuple[int, int, str], str] = field(default_factory=dict)
    problems: list[Message] = field(default_factory=list)


def shares_workbook(title: str, units: Sequence[Unit], years: Sequence[int], typed: Typed) -> bytes:
    headings = ["TT", UNIT_HEADING]
    for year in years:
        headings += [f"{INTRODUCE} {year}", f"{ADMIT} {year}"]
    rows: list[list[str | int | None]] = []
    for number, unit in enumerate(units, 1):
        cells = [_figure(typed.get((unit.id, year, key), "")) for year in years for key in ("i", "a")]
        rows.append([number, unit.name, *cells])
    return workbook(title, headings, rows, (6, 40, *(14 for _ in years for _key in "ia")))


def _figure(text: str) -> str | int | None:
    try:
        return read_count(text)
    except Refused:
        return text


def read_shares(book: Book, years: Sequence[int], units: Mapping[str, Unit]) -> FoundShares:
    """Columns are found by their headings, wherever they stand, rows by the unit's name or another name of it.

    `units`: folded name -> unit. Refused where no sheet has the headings.
    """
    for sheet in book.sheets:
        for at, row in enumerate(sheet.rows[:LOOK_THROUGH]):
            columns = _columns(row)
            unit_column = next(
                (place for place, text in enumerate(row) if fold(text) in ("don vi", "ten don vi")), None
            )
            if columns and unit_column is not None:
                return _read(sheet, at + 2, unit_column, columns, years, units)
    raise Refused(
        "No sheet of the file has the headings “Đơn vị”, “Giới thiệu 2021”, “Kết nạp 2021” …: take the file of this page, fill it in and upload it."
    )


def _columns(row: Sequence[str]) -> dict[int, tuple[int, str]]:
    """Place -> (year, "i" or "a")."""
    found = {}
    for place, text in enumerate(row):
        match = HEADING.search(fold(text))
        if match:
            found[place] = (int(match[2]), "i" if match[1] == "gioi thieu" else "a")
    return found


def _text(sheet: Sheet, row: int, place: int) -> str:
    """The number 1.234 is no longer like the text "1.234", which means thousands, so that it is seen as what it is."""
    text = sheet.rows[row][place]
    return f"{text.replace('.', ',')}0" if (row, place) in sheet.fractions else text


def _read(
    sheet: Sheet,
    first: int,
    unit_column: int,
    columns: Mapping[int, tuple[int, str]],
    years: Sequence[int],
    units: Mapping[str, Unit],
) -> FoundShares:
    found = FoundShares()
    strange = sorted({year for year, _ in columns.values()} - set(years))
    if strange:
        said = ", ".join(map(str, strange))
        found.problems.append(
            Message("The columns of %(years)s were not read: the plan does not have these years.", years=said)
        )
    seen: dict[int, int] = {}
    for number, row in enumerate(sheet.rows[first - 1 :], first):
        name = row[unit_column] if unit_column < len(row) else ""
        filled = {
            key: _text(sheet, number - 1, place)
            for place, key in columns.items()
            if place < len(row) and row[place].strip()
        }
        if not fold(name):
            if filled:
                found.problems.append(Message("Row %(row)s has figures and no unit: it was not read.", row=number))
            continue
        unit = units.get(fold(name))
        if unit is None:
            if not TOTAL.match(fold(name)):
                found.problems.append(Message("Row %(row)s: there is no unit “%(name)s”.", row=number, name=name[:80]))
            continue
        if unit.id in seen:
            found.problems.append(
                Message(
                    "Row %(row)s: “%(name)s” stands in row %(first)s already; the first was read.",
                    row=number,
                    name=unit.name,
                    first=seen[unit.id],
                )
            )
            continue
        seen[unit.id] = number
        for year, key in columns.values():
            if year in years:
                found.cells[unit.id, year, key] = filled.get((year, key), "")
    return FoundShares(found.cells, _short(found.problems))


def _short(problems: list[Message]) -> list[Message]:
    """A page of them: thousands would say no more."""
    rest = len(problems) - MOST_PROBLEMS
    if rest <= 0:
        return problems
    return [*problems[:MOST_PROBLEMS], Message("%(count)s more rows were not read.", count=thousands(rest))]
