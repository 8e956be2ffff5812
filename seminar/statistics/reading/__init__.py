"""A filled-in sheet out of a unit's spreadsheet: found by its headings, wherever rows and columns were moved to.

Nothing is computed: a formula gives the value that the file carries. What is not understood is said, never dropped.
"""

from dataclasses import dataclass, field

from seminar.lib import sheets
from seminar.lib.errors import Message, Refused
from seminar.lib.isolated import run_isolated
from seminar.lib.legacy import Evidence, Legacy
from seminar.statistics.reading.grid import MOST_TEXT, READ_COLUMNS, Grid
from seminar.statistics.reading.table import SEARCHED_ROWS, Table, named
from seminar.statistics.rules import Definition

READ_PAGES = 20


@dataclass(frozen=True)
class Found:
    """`cells`: "row.column" -> text as typed; keys that are not there were blank, or the file has no place for them."""

    cells: dict[str, str]
    problems: list[Message] = field(default_factory=list)
    page: str = ""
    """Name of the worksheet that it was read from."""


def read_sheet(definition: Definition, content: bytes, *, unit: str = "", period: str = "") -> Found:
    """Refuses what is no spreadsheet, or has not the table of this sheet. With `unit` and `period` (their names) it is
    said where the file bears another one's. Whether the texts are figures is not judged here. In a child process.
    """
    sheets.check_size(content)
    found: Found = run_isolated(read_here, definition, content, unit, period)
    return found


def read_here(definition: Definition, content: bytes, unit: str, period: str) -> Found:
    """As `read_sheet`, in this very process: only for code that runs isolated already."""
    book = sheets.read_here(content)
    tables = [table for page in book.sheets[:READ_PAGES] if (table := _table(definition, page)) is not None]
    if not tables:
        raise _strange(definition, book)
    best = max(tables, key=lambda table: (table.score, table.fitness(unit, period), len(table.cells)))
    problems = [*best.strangers(unit, period), *best.problems]
    others = [table.grid.page.name for table in tables if table is not best and table.cells]
    if others:
        problems.append(
            Message(
                "Only the worksheet “%(name)s” was read; such a table also stands in: %(others)s.",
                name=best.grid.page.name,
                others=named(others),
            )
        )
    if len(book.sheets) > READ_PAGES:
        problems.append(Message("Only the first %(most)s worksheets were looked at.", most=READ_PAGES))
    if book.hidden:
        problems.append(Message("Hidden worksheets were not read: %(names)s.", names=named(book.hidden)))
    return Found(best.cells, problems, best.grid.page.name)


def _strange(definition: Definition, book: sheets.Book) -> Refused:
    if not book.sheets:
        return Refused("All worksheets of the file are hidden. Show the one with the figures, save it, and try again.")
    return Refused(
        "The table of “%(title)s” is not in this file: no worksheet has its headings (%(headings)s) and its rows (%(rows)s). Download the Excel file of this sheet, fill it in, and try again.",
        title=definition.title,
        headings=named([column.label for column in definition.columns], 3),
        rows=named([row.label for row in definition.rows], 3),
    )


def _table(definition: Definition, page: sheets.Sheet) -> Table | None:
    """Upright or turned by 90 degrees; as it stands, else in the letters of an old font, if its words look like it."""
    found = _turned(definition, page, None)
    if found is None:
        texts = [text[:MOST_TEXT] for row in page.rows[:SEARCHED_ROWS] for text in row[:READ_COLUMNS] if text]
        for old in sorted(Evidence(texts).kinds):
            found = found or _turned(definition, page, old)
    return found


def _turned(definition: Definition, page: sheets.Sheet, old: Legacy | None) -> Table | None:
    for is_turned in (False, True):
        table = Table(definition, Grid(page, is_turned=is_turned, old=old))
        if table.is_found:
            return table
    return None
