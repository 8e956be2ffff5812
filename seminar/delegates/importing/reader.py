"""Goes through the sheets of a file row by row, remembering under which heading it is."""

import re
from collections import Counter

from seminar.delegates import columns
from seminar.delegates.importing.blocks import spread_merged
from seminar.delegates.importing.encoding import Typing, visible
from seminar.delegates.importing.groups import GroupFinder, GroupNames, group_words
from seminar.delegates.importing.guessing import guessed_fields, looks_like_name
from seminar.delegates.importing.lists import Capitals, ListRead, OldText, SheetRead, UnknownUnit
from seminar.delegates.importing.names import strange_capitals, with_usual_capitals
from seminar.delegates.importing.options import NO_HEADINGS, Options, SheetOptions
from seminar.delegates.importing.rows import SheetReader
from seminar.delegates.rules import ListRow, UnitFinder
from seminar.lib import sheets
from seminar.lib.errors import Message
from seminar.lib.legacy import Legacy
from seminar.lib.text import clean, fold, shorten

EXAMPLES = 6
SHOWN_ROWS = 25
UNKNOWN_UNITS, LOOKED_AT = 300, 5000


class Reader:
    """All sheets; what was found in them is `result`."""

    may_guess = True
    """Whether a sheet without headings is guessed unasked: where another has them, it is rather a remark."""

    def __init__(self, groups: list[GroupNames], units: dict[str, tuple[int, str]], options: Options) -> None:
        self.groups = GroupFinder(groups)
        self.options = options
        by_id = dict(units.values())
        chosen = {text: (unit_id, by_id[unit_id]) for text, unit_id in options.units.items() if unit_id in by_id}
        self.units = units | chosen
        self.finder = UnitFinder(units)
        self._units: dict[str, tuple[int, str] | None] = {}
        self.sheets: list[SheetRead] = []
        self.rows: list[ListRow] = []
        self.capitals = Capitals()
        self.old_rows: dict[Legacy, set[tuple[int, int]]] = {}
        self.old_examples: dict[Legacy, dict[str, str]] = {}
        self.unknown: Counter[str] = Counter()

    def read_sheet(self, sheet: sheets.Sheet) -> None:
        index = len(self.sheets)
        options = self.options.of_sheet(index)
        found = SheetRead(sheet.name)
        self.sheets.append(found)
        typing = Typing(sheet, self.options.encoding)
        found.first_rows = [
            (row + 1, shorten(_shown(cells), 120)) for row, cells in enumerate(sheet.rows) if any(map(str.strip, cells))
        ][:SHOWN_ROWS]
        if options.is_read is False:
            found.is_read = False
            self._skip_all(index, sheet, 0, len(sheet.rows), Message("This sheet is not read."))
            return
        heading = self._heading(sheet, options)
        may_guess = self.may_guess or options.heading_row == NO_HEADINGS
        guessed = guessed_fields(sheet, self.units) if heading is None and not options.fields and may_guess else {}
        if heading is None and not guessed and not options.fields:
            self._skip_all(index, sheet, 0, len(sheet.rows), Message("This sheet has no column of names."))
            return
        found.is_guessed = heading is None
        fields = guessed if heading is None and guessed else options.fields
        first = heading if heading is not None else _first_person(sheet, fields)
        above = self._group_above(sheet, first)
        self._skip_all(index, sheet, 0, first, Message("Above the list."))
        found.heading_row = heading + 1 if heading is not None else None
        found.title = shorten(
            " ".join(clean(cell) for cells in sheet.rows[:first] for cell in cells if cell.strip()), 300
        )
        found.suggested = next(
            (code for cells in sheet.rows[:first] for cell in cells if cell.strip() and (code := self._titled(cell))),
            "",
        )
        spread_merged(sheet, first if heading is not None else first - 1)
        _tell_hidden(sheet, found)
        SheetReader(self, index, sheet, found, typing, options, above).read(first, fields if heading is None else None)
        if above:
            found.notes.append(Message("Heading of the group “%(group)s”.", group=self.groups.names[above]))

    def _heading(self, sheet: sheets.Sheet, options: SheetOptions) -> int | None:
        if options.heading_row is None:
            found = next((row for row, cells in enumerate(sheet.rows) if columns.is_heading_row(cells)), None)
            return found - 1 if found is not None and columns.reaches_up(sheet, found) else found
        row = options.heading_row - 1
        return row if 0 <= row < len(sheet.rows) else None

    def unit_of(self, body: str) -> tuple[int, str] | None:
        """(id, name) of the unit that a cell names."""
        if body not in self._units:
            self._units[body] = self.units.get(fold(body)) if body else None
        return self._units[body]

    def old_text(self, kind: Legacy, index: int, row: int, before: str, after: str) -> None:
        kind = Legacy.TCVN3 if kind == Legacy.TCVN3_CAPITALS else kind
        self.old_rows.setdefault(kind, set()).add((index, row))
        examples = self.old_examples.setdefault(kind, {})
        if len(examples) < EXAMPLES:
            examples[visible(before)] = after

    def seen_capitals(self, name: str) -> None:
        strange = strange_capitals(name)
        if strange:
            if strange == "upper":
                self.capitals.upper += 1
            else:
                self.capitals.lower += 1
            if len(self.capitals.examples) < EXAMPLES:
                self.capitals.examples.append((name, with_usual_capitals(name)))

    def result(self, hidden: list[str]) -> ListRead:
        chosen = self.options.units
        unknown = [
            UnknownUnit(text, count, chosen[fold(text)], True)
            if fold(text) in chosen
            else UnknownUnit(text, count, self.finder.like(text) or 0)
            for text, count in self.unknown.most_common(LOOKED_AT)
            if fold(text) in chosen or self.finder.like(text)
        ][:UNKNOWN_UNITS]
        unknown.sort(key=lambda one: one.is_chosen)
        old = [
            OldText(kind.value, len(rows), list(self.old_examples[kind].items()))
            for kind, rows in self.old_rows.items()
        ]
        return ListRead(self.sheets, self.rows, hidden, old, self.capitals, unknown)

    def _group_above(self, sheet: sheets.Sheet, first: int) -> str:
        """ "I. Khách mời" right above the headings: the first of several lists below each other."""
        above = [cells for cells in sheet.rows[:first] if _filled(cells)][-1:]
        text = " ".join(clean(cell) for cell in above[0] if cell.strip()) if above else ""
        return self.groups.find(text) if re.match(r"([IVX]+|[A-ZĐ])\s*[.)/:]", text) else ""

    def _titled(self, cell: str) -> str:
        words = set(group_words(cell))
        found = {code for name, code in self.groups._exact.items() if len(set(name)) >= 3 and set(name) <= words}
        return found.pop() if len(found) == 1 else ""

    def _skip_all(self, index: int, sheet: sheets.Sheet, first: int, last: int, why: Message) -> None:
        for row in range(first, last):
            self.skip(index, row, sheet.rows[row], why)

    def skip(self, index: int, row: int, cells: list[str], why: Message) -> None:
        if any(cell.strip() for cell in cells):
            self.rows.append(ListRow(index, row + 1, _shown(cells), skipped=why))


def _first_person(sheet: sheets.Sheet, fields: dict[int, str]) -> int:
    """Where people begin in a list without headings: the first row whose name is one."""
    names = [column for column, name in fields.items() if name in ("name", "family")]
    for row, cells in enumerate(sheet.rows):
        for column in names:
            if column < len(cells) and looks_like_name(cells[column]) and (len(fields) == 1 or _filled(cells) > 1):
                return row
    return 0


def _filled(cells: list[str]) -> int:
    return sum(bool(cell.strip()) for cell in cells)


def _tell_hidden(sheet: sheets.Sheet, found: SheetRead) -> None:
    rows = sum(row < len(sheet.rows) and _filled(sheet.rows[row]) > 0 for row in sheet.hidden_rows)
    if rows:
        found.notes.append(
            Message("%(count)s rows are hidden in the file (by hand or by a filter); they are read too.", count=rows)
        )
    width = max(map(len, sheet.rows), default=0)
    letters = [sheets.column_letter(column) for column in sorted(sheet.hidden_columns) if column < width]
    if letters:
        found.notes.append(Message("Columns hidden in the file are read too: %(letters)s.", letters=", ".join(letters)))


def _shown(cells: list[str]) -> str:
    return shorten(" | ".join(clean(cell) for cell in cells if cell.strip()), 300)
