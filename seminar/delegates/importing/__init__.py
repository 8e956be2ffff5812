"""Reads a list of delegates as offices keep them: title, headings anywhere, groups as headings, totals, signatures.

Pure and slow (a stranger's file, tens of thousands of rows), so `read_list` runs it in a child process. What a row
means for those already on the list is decided later, by rules.judge. Sources: design.md "Import rules", domain.md 5.
"""

from collections.abc import Mapping
from typing import Any

from seminar.delegates import columns
from seminar.delegates.importing.groups import GroupFinder, GroupNames
from seminar.delegates.importing.lists import ListRead, OldText, SheetRead, UnknownUnit, pack, unpack
from seminar.delegates.importing.names import split_name, strange_capitals, with_usual_capitals
from seminar.delegates.importing.options import Options, SheetOptions, options_of
from seminar.delegates.importing.reader import Reader
from seminar.delegates.importing.values import birth_year, split_emails
from seminar.lib import sheets
from seminar.lib.errors import Refused
from seminar.lib.isolated import run_isolated

__all__ = [
    "GroupFinder",
    "GroupNames",
    "ListRead",
    "OldText",
    "Options",
    "SheetOptions",
    "SheetRead",
    "UnknownUnit",
    "birth_year",
    "options_of",
    "pack",
    "read_list",
    "split_emails",
    "split_name",
    "strange_capitals",
    "understand",
    "unpack",
    "with_usual_capitals",
]


def read_list(
    content: bytes,
    groups: list[GroupNames],
    units: dict[str, tuple[int, str]],
    options: Mapping[str, Any] | None = None,
) -> bytes:
    """Reads the file in a child process and returns the packed list; refuses with one sentence what cannot be one.

    `units` maps folded names and aliases to (id, name); `options` are those of the draft.
    """
    sheets.check_size(content)
    return run_isolated(read_packed, content, groups, units, dict(options or {}), cpu_seconds=60, wall_seconds=90)


def read_packed(
    content: bytes, groups: list[GroupNames], units: dict[str, tuple[int, str]], options: dict[str, Any]
) -> bytes:
    return pack(understand(sheets.read_here(content), groups, units, options_of(options)))


def understand(
    book: sheets.Book,
    groups: list[GroupNames],
    units: dict[str, tuple[int, str]],
    options: Options | None = None,
) -> ListRead:
    """Every row of every visible sheet as a delegate, an error, or something that is neither; none is lost."""
    if not any(sheet.rows for sheet in book.sheets):
        raise Refused("The file is empty. Choose the list again.")
    reader = Reader(groups, units, options or Options())
    reader.may_guess = not any(columns.is_heading_row(row) for sheet in book.sheets for row in sheet.rows[:100])
    for sheet in book.sheets:
        reader.read_sheet(sheet)
    if not any(sheet.is_list for sheet in reader.sheets):
        if any(columns.is_on_its_side(sheet) for sheet in book.sheets):
            raise Refused(
                "This list lies on its side: each person is a column. Copy it in Excel, paste it with “Transpose”, save the file, and try again."
            )
        if options and options.sheets:
            raise Refused("No sheet has a column of names. Choose which column holds the names.")
        raise Refused(
            "No row of headings with a column of names was found. Name the columns in one row, for example “Họ và tên”, “Chức vụ”, “Đơn vị”, “Điện thoại”, and try again."
        )
    return reader.result(book.hidden)
