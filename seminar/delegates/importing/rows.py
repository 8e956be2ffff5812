"""One sheet below its headings, row by row: its columns, its blocks, its people."""

import re
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from seminar.delegates import columns
from seminar.delegates.importing.blocks import FILLED, gaps_of
from seminar.delegates.importing.ditto import is_ditto, spread_dittos
from seminar.delegates.importing.encoding import TCVN3_KINDS, Typing, visible
from seminar.delegates.importing.groups import ORDINAL
from seminar.delegates.importing.guessing import POSITION, guessed_fields, looks_like_name
from seminar.delegates.importing.lists import SheetRead
from seminar.delegates.importing.names import split_name, with_usual_capitals
from seminar.delegates.importing.options import LEAVE, REPAIR, SheetOptions
from seminar.delegates.importing.person import MARKS, delegate_of, name_error, name_of, split_cell
from seminar.delegates.importing.sections import FOOT, REMARK, TOTAL, Sections, joined
from seminar.delegates.rules import ListRow, derived
from seminar.lib import sheets
from seminar.lib.errors import Message
from seminar.lib.legacy import Legacy, with_capitals
from seminar.lib.text import clean, fold, shorten

if TYPE_CHECKING:
    from seminar.delegates.importing.reader import Reader

NUMBERING = re.compile(r"\(?(\d{1,2}|[A-Z])\)?")
GROUP_ABOVE = re.compile(r"^(thành phần|nhóm|đối tượng)( đại biểu)?( tham dự| dự)?\s+", re.IGNORECASE)
UNIT_OF_ALL = re.compile(r"^(?:đơn vị|cơ quan)\s*[:–-]\s*(\S.{2,})$", re.IGNORECASE)
OWN = ("number", "name", "family", "given", "phone", "email")
"""What nobody shares with the one above."""
FONT_NAMES = {Legacy.TCVN3: "TCVN3", Legacy.TCVN3_CAPITALS: "TCVN3", Legacy.VNI: "VNI"}


class SheetReader:
    """One sheet below its headings."""

    def __init__(
        self,
        reader: "Reader",
        index: int,
        sheet: sheets.Sheet,
        found: SheetRead,
        typing: Typing,
        options: SheetOptions,
        first_group: str,
    ) -> None:
        self.reader, self.index, self.sheet, self.found = reader, index, sheet, found
        self.typing, self.options = typing, options
        self.fields: dict[int, str] = {}
        self.headings: dict[int, str] = {}
        self.marks: dict[int, str] = {}
        self.filled_from: dict[tuple[int, int], int] = {}
        self.main_marks: set[int] = set()
        self.dittos: dict[tuple[int, int], str] = {}
        self.default_body = ""
        spans = {(first, left): right - left + 1 for first, left, _, right in sheet.merged if right > left}
        self.begin = partial(Sections, reader.groups, reader.units, reader.finder, spans, first_group)
        self.sections = self.begin()

    def read(self, first: int, fields: dict[int, str] | None) -> None:
        """From the row of headings; with `fields` given there is none, and people begin at once."""
        if fields is not None:
            self.fields, self.headings = dict(fields), dict.fromkeys(fields, "")
            start, blocks = first, [(0, sheets.COLUMNS)]
            self.after_headings = -1
            self._show_columns(start)
        else:
            start, blocks = self._take_headings(first, shown=True), columns.blocks_of(self.fields)
            self._choose_fields()
            self._show_columns(start)
        self.has_body = "body" in self.fields.values()
        self._find_body()
        self._spread_dittos(start)
        self._fill(start)
        for block, (left, right) in enumerate(blocks):
            self.sections = self.begin()
            self._read_block(start, block, left, right, len(blocks) > 1)
        if len(blocks) > 1:
            self.found.notes.append(
                Message("%(count)s lists stand side by side; they are read one after the other.", count=len(blocks))
            )

    def _read_block(self, start: int, block: int, left: int, right: int, is_part: bool) -> None:
        row, first = start, start
        shared = self._shared(left, right) if block else set()
        if is_part:
            self.sections.group = self.sections.group or self._group_over(left, right)
        while row < len(self.sheet.rows):
            cells = self.sheet.rows[row]
            if is_part:
                own = any(cell.strip() for cell in cells[left : right + 1])
                cells = [
                    cell if left <= column <= right or own and column in shared else ""
                    for column, cell in enumerate(cells)
                ]
            cells = [
                clean(cell if "\n" not in cell else self._in_one_line(column, cell))
                for column, cell in enumerate(cells)
            ]
            if columns.is_heading_row(cells) and len([cell for cell in cells if cell]) > 1:
                if is_part:
                    if block == 0:
                        self.reader.skip(self.index, row, self.sheet.rows[row], Message("Headings."))
                    row += 1
                    continue
                row = first = self._take_headings(row)
                columns.blocks_of(self.fields)
                self._choose_fields()
                continue
            self._read_row(row, cells, row == first == self.after_headings, block)
            row += 1

    def _shared(self, left: int, right: int) -> set[int]:
        """The unit left of several people in one row is that of each of them, unless their own columns say one."""
        own = {name for column, name in self.fields.items() if left <= column <= right}
        names = [column for column, name in self.fields.items() if name in ("name", "family")]
        return {
            column
            for column, name in self.fields.items()
            if name in FILLED and name not in own and column < min(names, default=0)
        }

    def _group_over(self, left: int, right: int) -> str:
        """ "Bí thư Đoàn trường THPT" merged over the name and the telephone of one of several people."""
        row = (self.found.heading_row or 1) - 1
        for first, start, last, end in self.sheet.merged:
            names = [column for column in range(start, end + 1) if self.fields.get(column) in ("name", "family")]
            if first == last == row and names and left <= names[0] <= right:
                return self.reader.groups.find(clean(self.sheet.rows[row][start]))
        return ""

    def _in_one_line(self, column: int, cell: str) -> str:
        """A name with its position in the line below: the lines are kept apart."""
        first, _, rest = cell.partition("\n")
        if self.fields.get(column) == "name" and POSITION.match(fold(rest)):
            return f"{first} - {rest}"
        if self.fields.get(column) == "name" and all(
            looks_like_name(one) and len(split_name(clean(one))[0].split()) >= 3 for one in (first, rest)
        ):
            return f"{first}; {rest}"
        return cell

    def _take_headings(self, row: int, *, shown: bool = False) -> int:
        """Learns the columns and returns the first row below."""
        before = self.headings
        self.fields, self.headings, depth = columns.columns_of(self.sheet, row)
        self.is_first_headings = shown or self.headings == before
        self.marks = {}
        for one in range(row, min(row + depth, len(self.sheet.rows))):
            self.reader.skip(self.index, one, self.sheet.rows[one], Message("Headings."))
        self.after_headings = row + depth
        for column in columns.continued_names(self.sheet, row + depth, self.fields):
            start = next(one for one, name in self.fields.items() if name in ("name", "family"))
            self.fields[start], self.fields[column], self.headings[column] = "family", "given", self.headings[start]
        return row + depth

    def _choose_fields(self) -> None:
        """What a person chose goes before what the headings say; a column named as a group holds marks for it."""
        if self.is_first_headings:
            for column, name in self.options.fields.items():
                self.fields[column] = name
                self.headings.setdefault(column, "")
        if self.options.heading_row and not {"name", "family", "given"} & set(self.fields.values()):
            guessed = guessed_fields(self.sheet, self.reader.units)
            self.found.is_guessed = bool(guessed)
            self.fields |= {column: name for column, name in guessed.items() if not self.fields.get(column)}
            self.headings |= {column: "" for column in guessed if column not in self.headings}
        chosen = self.options.fields
        several = [
            column
            for column, name in self.fields.items()
            if name == "group" and column not in chosen and self._holds_marks(column)
        ]
        if len(several) > 1:  # "Thành phần" merged over a column for each group, marked with x
            self.main_marks = set(several)
            self.fields |= dict.fromkeys(several, "mark")
        for column, name in self.fields.items():
            code = self._marked(column) if name in ("", "mark") else ""
            if name == "mark" and not code:
                self.fields[column] = ""
                note = Message("“%(heading)s” names no group: its marks are not used.", heading=self.headings[column])
                self.found.notes += [note] if note not in self.found.notes else []
            elif code and (name == "mark" or column not in self.options.fields):
                self.fields[column], self.marks[column] = "mark", code

    def _holds_marks(self, column: int) -> bool:
        cells = [fold(row[column]) for row in self.sheet.rows[self.after_headings :] if column < len(row)]
        return all(len(cell) <= 1 or cell in MARKS for cell in cells)

    def _marked(self, column: int) -> str:
        """The group that a heading names, by itself or below "Thành phần"."""
        heading = self.headings[column]
        return self.reader.groups.find(heading) or self.reader.groups.find(GROUP_ABOVE.sub("", heading))

    def _show_columns(self, start: int) -> None:
        """Each column that has a heading or holds something, with examples."""
        samples: dict[int, list[str]] = {}
        for cells in self.sheet.rows[start : start + 200]:
            for column, cell in enumerate(cells):
                texts = samples.setdefault(column, [])
                if cell and len(texts) < 3 and (text := shorten(clean(cell), 40)) and text not in texts:
                    texts.append(text)
        for column in sorted(set(self.fields) | {column for column, texts in samples.items() if texts}):
            letter = sheets.column_letter(column)
            self.found.columns.append((letter, self.headings.get(column, ""), self.fields.get(column, "")))
            self.found.samples.append("; ".join(samples.get(column, ())))

    def _find_body(self) -> None:
        """Where no column holds the unit, the title may ("Đơn vị: …", or the letterhead of one unit), or the sheet's name."""
        if "body" in self.fields.values():
            return
        above = self.sheet.rows[: (self.found.heading_row or 1) - 1]
        for cells in above:
            for cell in cells:
                said = UNIT_OF_ALL.match(clean(cell))
                if said:
                    self.default_body = said[1]
                    self.found.notes.append(
                        Message("The unit of all rows stands above the list: “%(unit)s”.", unit=said[1])
                    )
                    return
        letterhead = {text: self.reader.unit_of(text) for cells in above for cell in cells if (text := clean(cell))}
        named = {unit[1] for unit in letterhead.values() if unit}
        if len(named) == 1:
            self.default_body = named.pop()
            self.found.notes.append(
                Message("The unit of all rows stands above the list: “%(unit)s”.", unit=self.default_body)
            )
            return
        for text in letterhead:
            if len(text) <= 80:
                self.reader.unknown[text] += 0
        name = clean(self.sheet.name)
        unit = self.reader.unit_of(name)
        if unit and fold(name) in self.reader.options.units:
            self.reader.unknown[name] += 0
        if unit:
            self.default_body = unit[1]
            self.found.notes.append(
                Message("The sheet's name is taken as the unit of its rows: “%(unit)s”.", unit=unit[1])
            )
        elif name:
            self.reader.unknown[name] += 0

    def _fill(self, start: int) -> None:
        """Units and groups that stand only in the first row of their block, by evidence or because it was chosen."""
        names = [column for column, name in self.fields.items() if name in ("name", "family")]
        targets = [
            target
            for target, field in self.fields.items()
            if field in FILLED and any(_is_gap(cells, names, target) for cells in self.sheet.rows[start:])
        ]
        if not targets:
            return
        people, breaks = self._people(start)
        for column in targets:
            gaps = gaps_of(self.sheet, start, people, breaks, column)
            self.found.gaps += len(gaps.sources)
            if self.options.fills or (self.options.fills is None and gaps.are_blocks()):
                self.filled_from |= {(row, column): source for row, source in gaps.sources.items()}
        self.found.filled = len({row for row, _ in self.filled_from})

    def _spread_dittos(self, start: int) -> None:
        """ "nt", "-nt-", "như trên" stand for the cell above, not across a heading."""
        rows = range(start, len(self.sheet.rows))
        if any(is_ditto(cell) for row in rows for cell in self.sheet.rows[row]):
            _, breaks = self._people(start)
            own = {column for column, name in self.fields.items() if name in OWN}
            breaks |= {row for row in rows if columns.is_heading_row(self.sheet.rows[row])}
            self.dittos = spread_dittos(self.sheet, start, breaks, own)

    def _people(self, start: int) -> tuple[dict[int, str], set[int]]:
        """(number in the list by row of a person, rows that are headings within the list)."""
        names = [column for column, name in self.fields.items() if name in ("name", "family")]
        number = next((column for column, name in self.fields.items() if name == "number"), None)
        people: dict[int, str] = {}
        breaks: set[int] = set()
        for row in range(start, len(self.sheet.rows)):
            cells = self.sheet.rows[row]
            filled = [(column, cell) for column, cell in enumerate(cells) if cell and cell.strip()]
            if not filled:
                continue
            name = next(
                (cells[column].strip() for column in names if column < len(cells) and cells[column].strip()), ""
            )
            said = cells[number].strip().rstrip(".") if number is not None and number < len(cells) else ""
            if (
                not name
                or len(filled) == 1
                and not looks_like_name(name)
                or name[0].isdigit()
                or TOTAL.search(fold(name))
                or FOOT.search(fold(name))
                or len(filled) <= 2
                and self.sections.names_heading(row, names, name, said)
            ):
                breaks.add(row)
            else:
                people[row] = said
        return people, breaks

    def _read_row(self, row: int, cells: list[str], is_first: bool, block: int) -> None:
        filled = [(column, cell) for column, cell in enumerate(cells) if cell]
        if not filled:
            return
        line = ListRow(self.index, row + 1, shorten(" | ".join(cell for _, cell in filled), 300), block=block)
        self.reader.rows.append(line)
        given = self._values(filled)
        number = given.pop("number", "")
        if is_first and all(NUMBERING.fullmatch(cell) for _, cell in filled):
            line.skipped = Message("Numbers of the columns.")
        elif not given.get("email") and not given.get("phone") and TOTAL.search(joined(filled)):
            line.skipped = self.sections.total(filled)
            self.sections.in_foot = True
        elif self.sections.is_foot(filled, number):
            line.skipped = Message("Below the list.")
        elif self.sections.is_heading(row, filled, number, self.fields):
            line.skipped = self.sections.take_heading(filled, number)
        elif len(given) <= 1 and REMARK.match(joined(filled)):
            line.skipped = Message("A remark.")
        elif not given and number and ORDINAL.fullmatch(number):
            line.skipped = Message("Only a number.")
        else:
            self._take_delegate(line, row, filled, given)
            self.sections.has_person(number)

    def _values(self, filled: list[tuple[int, str]]) -> dict[str, str]:
        """Text by field; a field in several columns is joined."""
        given: dict[str, str] = {}
        for column, cell in filled:
            name = self.fields.get(column, "")
            if name == "mark":
                continue
            if name:
                joint = " / " if name == "phone" else "; " if name == "note" else " "
                given[name] = f"{given[name]}{joint}{cell}" if name in given else cell
        return given

    def _take_delegate(self, line: ListRow, row: int, filled: list[tuple[int, str]], given: dict[str, str]) -> None:
        if self.typing.originals:
            given = self._as_typed(line, row, filled, given)
            if line.error:
                return
        name = name_of(given)
        if not name:
            line.error = self._no_name(row)
            return
        name = split_cell(name, given)
        line.error = name_error(name, given) or self._ditto_error(given)
        if line.error:
            return
        meant = [
            text for column, cell in filled if (text := self.dittos.get((row, column))) and self.fields.get(column)
        ]
        if meant:
            line.warnings.append(
                Message("“As above” is read as what stands above: %(texts)s.", texts=shorten("; ".join(meant), 120))
            )
        self._take_from_above(line, row, given)
        if not self.has_body:
            self._split_position(given)
        given["body"] = given.get("body") or self.sections.body or self.default_body
        unit = self.reader.unit_of(given["body"])
        delegate = delegate_of(line, name, given, unit[0] if unit else None)
        if line.error:
            return
        self.reader.seen_capitals(delegate.name)
        if self.reader.options.capitals == REPAIR:
            delegate = replace(delegate, name=with_usual_capitals(delegate.name))
        if delegate.body and (not unit or fold(delegate.body) in self.reader.options.units):
            self.reader.unknown[delegate.body] += 1
        line.delegate = delegate
        line.group = self._group(line, given)
        line.derived = derived(delegate, unit[1] if unit else "")
        if row in self.sheet.hidden_rows:
            line.warnings.append(Message("This row is hidden in the file."))

    def _split_position(self, given: dict[str, str]) -> None:
        """ "Bí thư, Huyện Đoàn Phú Giáo" in one column: the last part is the unit where it is one by its spelling."""
        position, sign, last = given.get("position", "").rpartition(", ")
        if not sign:
            position, sign, last = given.get("position", "").rpartition(" - ")
        if sign and not given.get("body") and self.reader.unit_of(last):
            given["position"], given["body"] = position.strip(), last.strip()

    def _ditto_error(self, given: dict[str, str]) -> Message | None:
        for name in ("body", "position", "group"):
            if is_ditto(given.get(name, "")):
                return Message("“%(text)s” means what stands above, but nothing does: type it out.", text=given[name])
        return None

    def _no_name(self, row: int) -> Message:
        holders = [column for column, one in self.fields.items() if one in ("name", "family", "given")]
        if any((row, column) in self.sheet.formulas for column in holders):
            return Message(
                "The name is a formula without a value. Type the name itself into the cell; formulas are not computed here."
            )
        return Message("There is no name in this row. Type it, or delete the row.")

    def _as_typed(
        self, line: ListRow, row: int, filled: list[tuple[int, str]], given: dict[str, str]
    ) -> dict[str, str]:
        """The row's old text: an error while nobody decided, else converted or left, as was chosen."""
        old = [
            (column, self.typing.kinds[row, column])
            for column, _ in filled
            if (row, column) in self.typing.originals and self.fields.get(column) not in ("", "mark", "number", None)
        ]
        if not old:
            return given
        line.warnings.extend(
            Message("“%(text)s” may be in the old font too: it reads either way and is left.", text=shorten(cell, 60))
            for column, cell in filled
            if (row, column) in self.typing.doubtful
        )
        cells = dict(filled)
        for column, kind in old:
            name = self.fields[column]
            if kind in TCVN3_KINDS and name in ("name", "family", "given"):
                cells[column] = with_capitals(cells[column])
            self.reader.old_text(kind, self.index, row, self.typing.originals[row, column], cells[column])
        encoding = self.reader.options.encoding
        column, kind = old[0]
        before, after = shorten(visible(self.typing.originals[row, column]), 80), shorten(cells[column], 80)
        if not encoding and kind == Legacy.MOJIBAKE:
            line.error = Message(
                "“%(before)s” was read wrongly once and would be “%(after)s”. Say first whether such text is converted.",
                before=before,
                after=after,
            )
        elif not encoding:
            line.error = Message(
                "“%(before)s” is typed in an old font (%(font)s) and would be “%(after)s”. Say first whether such text is converted.",
                before=before,
                after=after,
                font=FONT_NAMES[kind],
            )
        elif encoding == LEAVE:
            cells |= {column: clean(self.typing.originals[row, column]) for column, _ in old}
            line.warnings.append(Message("Text in an old font is left as it was typed."))
        return self._values(list(cells.items()))

    def _take_from_above(self, line: ListRow, row: int, given: dict[str, str]) -> None:
        for column in [column for column, name in self.fields.items() if name in FILLED]:
            source = self.filled_from.get((row, column))
            if source is None or given.get(self.fields[column]):
                continue
            given[self.fields[column]] = clean(self.sheet.rows[source][column])
            line.warnings.append(
                Message(
                    "The cell for the unit is empty; “%(text)s” is taken from row %(row)s.",
                    text=shorten(given[self.fields[column]], 60),
                    row=source + 1,
                )
                if self.fields[column] == "body"
                else Message(
                    "The cell for the group is empty; “%(text)s” is taken from row %(row)s.",
                    text=shorten(given[self.fields[column]], 60),
                    row=source + 1,
                )
            )

    def _group(self, line: ListRow, given: dict[str, str]) -> str:
        """The group of the row's own column, else of the heading above; marks add further ones.

        Where a column stands for each group, the first mark is the group of the row.
        """
        row = self.sheet.rows[line.row - 1]
        main = ""
        for column, code in self.marks.items():
            mark = fold(row[column]) if column < len(row) else ""
            if mark in MARKS and code not in line.further:
                if column in self.main_marks and not main:
                    main = code
                else:
                    line.further.append(code)
            elif mark and mark not in MARKS and mark not in ("0", "-", "khong", "false", "no"):
                line.warnings.append(
                    Message(
                        "“%(text)s” under “%(heading)s” is no mark; write x.",
                        text=shorten(row[column], 40),
                        heading=self.headings[column],
                    )
                )
        for text in re.split(r"[;,]", given.get("further", "")):
            code = self.reader.groups.find(clean(text)) if text.strip() else ""
            if code and code not in line.further:
                line.further.append(code)
        named = given.get("group", "")
        if not named:
            return main or self.sections.group
        code = self.reader.groups.find(named)
        if not code:
            line.warnings.append(
                Message("“%(text)s” names no group of this seminar.", text=shorten(named, 60)),
            )
        return code or self.sections.group


def _is_gap(cells: list[str], names: list[int], target: int) -> bool:
    if target < len(cells) and cells[target].strip():
        return False
    return any(column < len(cells) and cells[column] for column in names)
