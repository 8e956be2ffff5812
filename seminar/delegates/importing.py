"""Reads a list of delegates as offices keep them: title, headings anywhere, groups as headings, totals, signatures.

Pure and slow (a stranger's file, tens of thousands of rows), so `read_list` runs it in a child process. What a row
means for those already on the list is decided later, by rules.judge. Sources: design.md "Import rules", domain.md 5.
"""

import json
import re
import zlib
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any

from seminar.delegates import columns
from seminar.delegates.rules import (
    BODY_LENGTH,
    NAME_LENGTH,
    NOTE_LENGTH,
    POSITION_LENGTH,
    DelegateRow,
    ListRow,
    derived,
    email_of,
    is_unnamed,
)
from seminar.lib import phones, sheets
from seminar.lib.errors import Message, Refused
from seminar.lib.isolated import run_isolated
from seminar.lib.text import clean, fold, shorten

ORDINAL = re.compile(r"^\s*([IVX]+|[A-ZĐ]|\d{1,3}(?:\.\d{1,3})*)\s*(?:[.)/:-]\s*|\s+|$)")
TOTAL = re.compile(
    r"^(tong( cong| so)?|cong|danh sach( nay)? (co|gom))\b[^a-z]*\d|^(tong cong|tong so|tong|cong)\b ?:?$"
)
FOOT = re.compile(
    r"^tm\.|nguoi lap|\bngay\b.{0,12}\bthang\b.{0,12}\bnam\b|^noi nhan|xac nhan cua|ky, ?(ghi ro|dong dau)"
)
NUMBERING = re.compile(r"\(?(\d{1,2}|[A-Z])\)?")
MARKS = {"x", "v", "co", "1", "true", "*", "yes", "✓", "✔", "√"}
FILLER = {"cac", "va", "dong", "chi", "dai", "bieu", "danh", "sach"}
COMRADE = re.compile(r"^(?:đ/\s?c|đc|đồng chí)(?=[\s.:])[\s.:]*", re.IGNORECASE)
SIR_OR_MADAM = re.compile(r"^(ông\s?[/,(]\s?\(?bà\)?)[\s.:]*", re.IGNORECASE)
ADDRESS = re.compile(r"^(ông|bà|anh|chị|thầy|cô)(\s*:\s*|\s+)(?=\S)", re.IGNORECASE)
ACADEMIC = re.compile(r"^((?:(?:GS|PGS|TSKH|TS|ThS|Ths|THS|BSCKI{1,2}|BS|DS|KS|CN|LS|NCS)\b[.,\s]*)+)(?=\S)")
FAMILIES = frozenset(
    re.findall(
        r"[a-z]+",
        "nguyen tran le pham hoang huynh phan vu vo dang bui do ho ngo duong ly "
        "dinh doan lam mai trinh truong cao to ha ta chau luong vuong dao thai la "
        "tang quach kieu tong tu diep luu chu phung thach son kim ton nghiem khuc khuong",
    )
)
"""Before one of these "Ông", "Bà", "Anh" is an address; Ông Ích Khiêm keeps his family name."""


@dataclass
class GroupNames:
    """A group as lists name it: its code, name and folded aliases."""

    code: str
    name: str
    names: list[str]


@dataclass
class SheetRead:
    """What was understood of one sheet; `heading_row` is None where no column of names was found."""

    name: str
    heading_row: int | None = None
    columns: list[tuple[str, str, str]] = field(default_factory=list)
    """(letter, heading, field) of each column, for showing."""
    title: str = ""
    suggested: str = ""
    """Code of the group that the title names; only proposed."""


@dataclass
class ListRead:
    sheets: list[SheetRead]
    rows: list[ListRow]
    hidden: list[str] = field(default_factory=list)


def read_list(content: bytes, groups: list[GroupNames], units: dict[str, tuple[int, str]]) -> bytes:
    """Reads the file in a child process and returns the packed list; refuses with one sentence what cannot be one.

    `units` maps folded names and aliases to (id, name).
    """
    sheets.check_size(content)
    return run_isolated(read_packed, content, groups, units, cpu_seconds=60, wall_seconds=90)


def read_packed(content: bytes, groups: list[GroupNames], units: dict[str, tuple[int, str]]) -> bytes:
    return pack(understand(sheets.read_here(content), groups, units))


def understand(book: sheets.Book, groups: list[GroupNames], units: dict[str, tuple[int, str]]) -> ListRead:
    """Every row of every visible sheet as a delegate, an error, or something that is neither; none is lost."""
    reader = Reader(groups, units)
    for sheet in book.sheets:
        reader.read_sheet(sheet)
    if not any(sheet.rows for sheet in book.sheets):
        raise Refused("The file is empty. Choose the list again.")
    if all(sheet.heading_row is None for sheet in reader.sheets):
        raise Refused(
            "No row of headings with a column of names was found. Name the columns in one row, for example “Họ và tên”, “Chức vụ”, “Đơn vị”, “Điện thoại”, and try again."
        )
    return ListRead(reader.sheets, reader.rows, book.hidden)


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


class Reader:
    """Goes through the sheets from above, remembering under which heading it is."""

    def __init__(self, groups: list[GroupNames], units: dict[str, tuple[int, str]]) -> None:
        self.groups = GroupFinder(groups)
        self.units = units
        self._units: dict[str, tuple[int, str] | None] = {}
        self.sheets: list[SheetRead] = []
        self.rows: list[ListRow] = []

    def read_sheet(self, sheet: sheets.Sheet) -> None:
        index = len(self.sheets)
        found = SheetRead(sheet.name)
        self.sheets.append(found)
        heading = next((row for row, cells in enumerate(sheet.rows) if columns.is_heading_row(cells)), None)
        if heading is None:
            for row, cells in enumerate(sheet.rows):
                self._skip(index, row, cells, Message("This sheet has no column of names."))
            return
        for row in range(heading):
            self._skip(index, row, sheet.rows[row], Message("Above the list."))
        found.heading_row = heading + 1
        found.title = shorten(
            " ".join(clean(cell) for cells in sheet.rows[:heading] for cell in cells if cell.strip()), 300
        )
        found.suggested = next(
            (code for cells in sheet.rows[:heading] for cell in cells if cell.strip() and (code := self._titled(cell))),
            "",
        )
        _fill_down(sheet, heading)
        SheetReader(self, index, sheet, found).read(heading)

    def unit_of(self, body: str) -> tuple[int, str] | None:
        """(id, name) of the unit that a cell names."""
        if body not in self._units:
            self._units[body] = self.units.get(fold(body)) if body else None
        return self._units[body]

    def _titled(self, cell: str) -> str:
        words = set(group_words(cell))
        found = {code for name, code in self.groups._exact.items() if len(set(name)) >= 3 and set(name) <= words}
        return found.pop() if len(found) == 1 else ""

    def _skip(self, index: int, row: int, cells: list[str], why: Message) -> None:
        if any(cell.strip() for cell in cells):
            self.rows.append(ListRow(index, row + 1, _shown(cells), skipped=why))


class SheetReader:
    """One sheet below its headings."""

    def __init__(self, reader: Reader, index: int, sheet: sheets.Sheet, found: SheetRead) -> None:
        self.reader, self.index, self.sheet, self.found = reader, index, sheet, found
        self.fields: dict[int, str] = {}
        self.headings: dict[int, str] = {}
        self.marks: dict[int, str] = {}
        self.group, self.level = "", 9
        self.body = ""
        self.count = self.count_of_section = 0
        self.numbered = 0
        self.in_foot = False
        self.spans = {(first, left): right - left + 1 for first, left, _, right in sheet.merged if right > left}

    def read(self, heading: int) -> None:
        row = self._take_headings(heading)
        while row < len(self.sheet.rows):
            cells = [clean(cell) for cell in self.sheet.rows[row]]
            if columns.is_heading_row(cells) and len([cell for cell in cells if cell]) > 1:
                row = self._take_headings(row)
                continue
            self._read_row(row, cells, row == self.after_headings)
            row += 1

    def _take_headings(self, row: int) -> int:
        """Learns the columns and returns the first row below."""
        self.fields, self.headings, depth = columns.columns_of(self.sheet, row)
        self.marks = {}
        for column, name in self.fields.items():
            code = self.reader.groups.find(self.headings[column]) if name == "" else ""
            if code:
                self.fields[column], self.marks[column] = "mark", code
        if not self.found.columns:
            self.found.columns = [
                (sheets.column_letter(column), self.headings[column], name) for column, name in self.fields.items()
            ]
        for one in range(row, min(row + depth, len(self.sheet.rows))):
            self.reader._skip(self.index, one, self.sheet.rows[one], Message("Headings."))
        self.after_headings = row + depth
        return row + depth

    def _read_row(self, row: int, cells: list[str], is_first: bool) -> None:
        filled = [(column, cell) for column, cell in enumerate(cells) if cell]
        line = ListRow(self.index, row + 1, _shown(cells))
        if not filled:
            return
        self.reader.rows.append(line)
        given = self._values(filled)
        number = given.pop("number", "")
        if is_first and all(NUMBERING.fullmatch(cell) for _, cell in filled):
            line.skipped = Message("Numbers of the columns.")
        elif not given.get("email") and not given.get("phone") and TOTAL.search(_words(filled)):
            line.skipped = self._total(filled)
            self.in_foot = True
        elif self._is_foot(filled, number):
            line.skipped = Message("Below the list.")
        elif self._is_section(row, filled, number):
            line.skipped = self._take_section(row, filled, number)
        elif not given and number and ORDINAL.fullmatch(number):
            line.skipped = Message("Only a number.")
        else:
            self._take_delegate(line, row, given)
            self.count += 1
            self.count_of_section += 1
            self.numbered += bool(number)

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

    def _total(self, filled: list[tuple[int, str]]) -> Message:
        said = re.search(r"\d+", " ".join(cell for _, cell in filled))
        if said and int(said[0]) not in (self.count, self.count_of_section):
            return Message(
                "A total that says %(said)s, but %(count)s rows were read above it.",
                said=int(said[0]),
                count=self.count,
            )
        return Message("A total.")

    def _is_foot(self, filled: list[tuple[int, str]], number: str) -> bool:
        """Place and date, signatures: what stands below the list until a numbered row comes again."""
        if number.rstrip(".").isdigit() and not self.in_foot:
            return False
        text = _words([(column, cell) for column, cell in filled if not cell.replace(".", "").isdigit()])
        if FOOT.search(text) and not (number and number.rstrip(".").isdigit()):
            self.in_foot = True
        elif self.in_foot and (self.numbered == 0 or number.rstrip(".").isdigit()):
            self.in_foot = bool(FOOT.search(text))
        return self.in_foot and not self._section_of_foot(text, number)

    def _section_of_foot(self, text: str, number: str) -> bool:
        """After a subtotal the next section's heading may come."""
        return bool(re.match(r"[ivx]+\s*[.)]|[a-z]\s*[.)]", text)) or bool(re.fullmatch(r"[IVX]+\.?", number))

    def _is_section(self, row: int, filled: list[tuple[int, str]], number: str) -> bool:
        """A heading of a group or a unit: one text alone in its row, merged, before the names or with a Roman number."""
        if len(filled) > 2:
            return False
        meaning = [(column, cell) for column, cell in filled if self.fields.get(column) != "number"]
        in_number = [
            (column, cell)
            for column, cell in filled
            if self.fields.get(column) == "number" and not re.fullmatch(r"[\W]*([IVX]+|[A-ZĐ]|[\d.]+)[\W]*", cell)
        ]
        if in_number:
            return len(filled) == 1
        if len(meaning) != 1:
            return False
        column, cell = meaning[0]
        is_name = self.fields.get(column) in ("name", "family")
        if self.spans.get((row, column), 1) >= 3 or (not is_name and self.fields.get(column, "") == "" and not number):
            return True
        if not is_name:
            return False
        roman = re.match(r"^([IVX]+|[A-ZĐ])\s*[.)/:]\s", cell) or re.fullmatch(r"([IVX]+|[A-ZĐ])[.)]?", number)
        return bool(roman or self.reader.groups.find(cell) or self._unit(cell))

    def _unit(self, text: str) -> tuple[int, str] | None:
        bare = re.sub(r"[:;.]+$", "", ORDINAL.sub("", text, count=1) if ORDINAL.match(text) else text)
        return self.reader.units.get(fold(bare)) or self.reader.units.get(fold(text))

    def _take_section(self, row: int, filled: list[tuple[int, str]], number: str) -> Message:
        text = max((cell for _, cell in filled), key=len)
        self.in_foot = False
        ordinal = ORDINAL.match(text if text != number else number) or ORDINAL.match(f"{number} ")
        level = _level(ordinal[1]) if ordinal else 1
        code = self.reader.groups.find(text)
        unit = self._unit(text)
        if code:
            self.group, self.level, self.body, self.count_of_section = code, level, "", 0
            return Message("Heading of the group “%(group)s”.", group=self.reader.groups.names[code])
        if unit:
            self.body = unit[1]
            return Message("Heading of the unit “%(unit)s”.", unit=unit[1])
        if len(text) > 150:
            return Message("A remark.")
        if level > self.level and self.group:
            return Message("A heading within the group.")
        self.group, self.level, self.body, self.count_of_section = "", 9, "", 0
        return Message(
            "The heading “%(heading)s” names no group of this seminar: the rows below it go where rows without a group go.",
            heading=shorten(text, 80),
        )

    def _take_delegate(self, line: ListRow, row: int, given: dict[str, str]) -> None:
        name = given.get("name") or " ".join(given[part] for part in ("family", "given") if given.get(part))
        line.error = self._name_error(row, name, given)
        if line.error:
            return
        line.delegate = self._delegate(line, name, given)
        if line.error:
            line.delegate = None
            return
        line.group = self._group(line, given)
        unit = self.reader.unit_of(line.delegate.body)
        line.derived = derived(line.delegate, unit[1] if unit else "")

    def _name_error(self, row: int, name: str, given: dict[str, str]) -> Message | None:
        if not name:
            holders = [column for column, one in self.fields.items() if one in ("name", "family", "given")]
            if any((row, column) in self.sheet.formulas for column in holders):
                return Message(
                    "The name is a formula without a value. Type the name itself into the cell; formulas are not computed here."
                )
            return Message("There is no name in this row. Type it, or delete the row.")
        if name[0] in "=+-@":
            return Message(
                "“%(name)s” begins like a formula and is not a name. Type the name itself.", name=shorten(name, 60)
            )
        if sum(character.isalpha() for character in name) < 2:
            return Message("“%(name)s” is not a name. Type the whole name.", name=shorten(name, 60))
        for label, text, limit in (
            ("name", name, NAME_LENGTH),
            ("position", given.get("position", ""), POSITION_LENGTH),
            ("unit or agency", given.get("body", ""), BODY_LENGTH),
        ):
            if len(text) > limit:
                return Message(
                    "Too long: %(field)s with more than %(limit)s characters.", field=Message(label), limit=limit
                )
        return None

    def _delegate(self, line: ListRow, name: str, given: dict[str, str]) -> DelegateRow:
        notes = [given["note"]] if given.get("note") else []
        name, honorific, academic = split_name(name)
        if sum(character.isalpha() for character in name) < 2:
            line.error = Message("“%(name)s” is not a name. Type the whole name.", name=shorten(name, 60))
        numbers, bad = phones.split(given.get("phone", ""))
        if bad:
            notes.append(f"SĐT: {', '.join(bad)}")
            line.warnings.append(
                Message("“%(text)s” is no telephone number; it is kept in the note.", text=shorten(", ".join(bad), 60))
            )
        if len(numbers) > 2:
            notes.append(f"SĐT: {', '.join(numbers[2:])}")
            line.warnings.append(Message("More than two telephone numbers: the others are kept in the note."))
        email, others = split_emails(given.get("email", ""))
        if others:
            notes.append(f"E-mail: {', '.join(others)}")
            line.warnings.append(
                Message(
                    "“%(text)s” is not used as e-mail; it is kept in the note.", text=shorten(", ".join(others), 60)
                )
            )
        born = given.get("birth") or given.get("birth_male") or given.get("birth_female") or ""
        year = birth_year(born)
        if born and year is None and fold(born) not in MARKS:
            notes.append(f"Năm sinh: {born}")
            line.warnings.append(
                Message("“%(text)s” is no year of birth; it is kept in the note.", text=shorten(born, 60))
            )
        body = given.get("body") or self.body
        unit = self.reader.unit_of(body)
        note = "; ".join(notes)
        if len(note) > NOTE_LENGTH:
            line.warnings.append(
                Message("The note is longer than %(limit)s characters and was cut.", limit=NOTE_LENGTH)
            )
        return DelegateRow(
            name=name,
            honorific=shorten(given.get("honorific") or honorific, 40),
            academic_title=shorten(given.get("academic") or academic, 60),
            position=given.get("position", ""),
            body=body,
            unit_id=unit[0] if unit else None,
            gender=gender(given),
            birth_year=year,
            phone=numbers[0] if numbers else "",
            phone_2=numbers[1] if len(numbers) > 1 else "",
            email=email,
            note=shorten(note, NOTE_LENGTH),
            alert=shorten(given.get("alert", ""), 300),
            seat=shorten(given.get("seat", ""), 40),
        )

    def _group(self, line: ListRow, given: dict[str, str]) -> str:
        """The group of the row's own column, else of the heading above; marks add further ones."""
        row = self.sheet.rows[line.row - 1]
        for column, code in self.marks.items():
            mark = fold(row[column]) if column < len(row) else ""
            if mark in MARKS and code not in line.further:
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
            return self.group
        code = self.reader.groups.find(named)
        if not code:
            line.warnings.append(
                Message("“%(text)s” names no group of this seminar.", text=shorten(named, 60)),
            )
        return code or self.group


def _level(ordinal: str) -> int:
    """A., B. stand above I., II., and these above 1., 2. and 1.1."""
    if re.fullmatch(r"[IVX]+", ordinal):
        return 1
    return 2 + ordinal.count(".") if ordinal[0].isdigit() else 0


def _words(filled: list[tuple[int, str]]) -> str:
    return fold(" ".join(cell for _, cell in filled))


def _shown(cells: list[str]) -> str:
    return shorten(" | ".join(clean(cell) for cell in cells if cell.strip()), 300)


def _fill_down(sheet: sheets.Sheet, heading: int) -> None:
    """Cells merged downwards below the headings (a unit beside its people) stand for each of their rows."""
    for first, left, last, right in sheet.merged:
        if first <= heading or last == first or right > left:
            continue
        value = sheet.rows[first][left] if first < len(sheet.rows) and left < len(sheet.rows[first]) else ""
        for row in range(first + 1, min(last + 1, len(sheet.rows))):
            cells = sheet.rows[row]
            if any(cell.strip() for cell in cells) and left < len(cells):
                cells[left] = value


def split_name(text: str) -> tuple[str, str, str]:
    """(name, honorific, academic title): "Đ/c PGS.TS. Nguyễn Văn A" -> "Nguyễn Văn A", "Đồng chí", "PGS.TS."

    An unnamed delegate ("Đồng chí đại diện lãnh đạo") stays as it is written. Capitals stay as typed.
    """
    if is_unnamed(text):
        return text, "", ""
    honorific = ""
    if found := COMRADE.match(text):
        honorific = "Đồng chí"
    elif found := SIR_OR_MADAM.match(text):
        honorific = "Ông/Bà"
    elif (found := ADDRESS.match(text)) and (":" in found[2] or _family(text[found.end() :])):
        honorific = found[1].capitalize()
    rest = text[found.end() :] if found and honorific else text
    academic = ACADEMIC.match(rest)
    if academic:
        rest = rest[academic.end() :]
    return (rest, honorific, academic[1].strip(" ,") if academic else "") if rest else (text, "", "")


def _family(text: str) -> bool:
    words = ACADEMIC.sub("", text).split()
    return len(words) > 1 and fold(words[0]) in FAMILIES


def split_emails(text: str) -> tuple[str, list[str]]:
    """(the first address, what else was written)."""
    email, others = "", []
    for piece in re.split(r"[;,\s]+|(?<=\w)/(?=\w)", text):
        if not piece:
            continue
        address = email_of(piece.strip("<>")) if "@" in piece else None
        if address and not email:
            email = address
        elif address is None or address != email:
            others.append(piece)
    return (email, others) if email else ("", [text] if text else [])


def birth_year(text: str) -> int | None:
    """1990, 01/02/1990, or Excel's serial number of a day."""
    if re.fullmatch(r"\d{5}", text):
        text = str((date(1899, 12, 30) + timedelta(days=int(text))).year)
    found = re.search(r"(?<!\d)(19[0-9]{2}|20[0-4][0-9])(?!\d)", text)
    return int(found[1]) if found else None


def gender(given: dict[str, str]) -> str:
    said = fold(given.get("gender", ""))
    if said in ("nam", "male", "m") or given.get("male") or given.get("birth_male"):
        return "Nam"
    if said in ("nu", "female", "f") or given.get("female") or given.get("birth_female"):
        return "Nữ"
    return ""


# Packing: what was read waits in the draft, as compressed JSON.


def pack(read: ListRead) -> bytes:
    whole = {
        "sheets": [asdict(sheet) for sheet in read.sheets],
        "hidden": read.hidden,
        "rows": [_packed(row) for row in read.rows],
    }
    return zlib.compress(json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode(), 1)


def unpack(packed: bytes) -> ListRead:
    whole = json.loads(zlib.decompress(packed))
    found = [
        SheetRead(**{**sheet, "columns": [tuple(column) for column in sheet["columns"]]}) for sheet in whole["sheets"]
    ]
    return ListRead(found, [_unpacked(row) for row in whole["rows"]], whole["hidden"])


def _said(message: Message) -> list[Any]:
    values = {
        key: {"msgid": _said(value)} if isinstance(value, Message) else value for key, value in message.values.items()
    }
    return [message.msgid, values]


def _heard(said: list[Any]) -> Message:
    msgid, values = said
    return Message(
        msgid, **{key: _heard(value["msgid"]) if isinstance(value, dict) else value for key, value in values.items()}
    )


def _packed(row: ListRow) -> dict[str, Any]:
    packed: dict[str, Any] = {"sheet": row.sheet, "row": row.row, "text": row.text}
    if row.skipped:
        packed["skipped"] = _said(row.skipped)
    if row.error:
        packed["error"] = _said(row.error)
    if row.warnings:
        packed["warnings"] = [_said(warning) for warning in row.warnings]
    if row.delegate:
        packed["delegate"] = {key: value for key, value in vars(row.delegate).items() if value}
        packed["derived"] = row.derived
        packed["group"], packed["further"] = row.group, row.further
    return packed


def _unpacked(packed: dict[str, Any]) -> ListRow:
    return ListRow(
        sheet=packed["sheet"],
        row=packed["row"],
        text=packed["text"],
        skipped=_heard(packed["skipped"]) if "skipped" in packed else None,
        error=_heard(packed["error"]) if "error" in packed else None,
        warnings=[_heard(warning) for warning in packed.get("warnings", ())],
        delegate=DelegateRow(**packed["delegate"]) if "delegate" in packed else None,
        group=packed.get("group", ""),
        further=packed.get("further", []),
        derived=packed.get("derived", {}),
    )
