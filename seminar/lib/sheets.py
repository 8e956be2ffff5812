"""Spreadsheets: strangers' .xlsx, .xls and .csv come in as plain text cells, ours go out without formulas.

What is checked before a reader touches a file, and why, is in recipes.md ("Files from outside"). `read` opens the file
in a child process; `read_here` is for code that already runs in one.
"""

import csv
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from io import BytesIO, StringIO
from typing import Any
from xml.etree import ElementTree  # noqa: S405 - files with a DOCTYPE are refused before they get here

from seminar.lib import fonts, legacy
from seminar.lib.errors import Refused
from seminar.lib.isolated import BROKEN, TOO_MUCH, run_isolated
from seminar.lib.text import INVISIBLE

PACKED_BYTES = 20 * 1024 * 1024
UNPACKED_BYTES = 200 * 1024 * 1024
MEMBERS = 5_000
ROWS = 60_000
COLUMNS = 200

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*)>(\s*<(?:\w+:)?f\b)?")
PLACE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{1,4})(\d{1,9})["']""")
HIDDEN_ROW = re.compile(rb"""<(?:\w+:)?row\b(?=[^>]*\bhidden="(?:1|true)")[^>]*\br="(\d{1,7})\"""")
HIDDEN_COLUMN = re.compile(rb"""<(?:\w+:)?col\b(?=[^>]*\bhidden="(?:1|true)")[^>]*>""")
DECLARATION = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
NOT_TEXT = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
DELIMITERS = ",;\t|"
GUARDED = ("=", "+", "-", "@", "\t", "\r")
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass
class Sheet:
    """One visible sheet. `rows[0]` is row 1 of the sheet; a cell is text as a person reads it, "" where it is empty."""

    name: str
    rows: list[list[str]]
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    """(first row, first column, last row, last column), counted from 0."""
    formulas: set[tuple[int, int]] = field(default_factory=set)
    """(row, column) of cells that hold a formula; their text is the value last computed, or ""."""
    fonts: dict[tuple[int, int], legacy.Legacy] = field(default_factory=dict)
    """(row, column) of cells in a font from before Unicode."""
    hidden_rows: set[int] = field(default_factory=set)
    """Rows that Excel does not show (by hand or by a filter); they are read like the others."""
    hidden_columns: set[int] = field(default_factory=set)
    fractions: set[tuple[int, int]] = field(default_factory=set)
    """(row, column) of numbers that are not whole: the number 1.234 is not the text "1.234", which means thousands."""


@dataclass
class Book:
    sheets: list[Sheet]
    hidden: list[str] = field(default_factory=list)
    """Names of hidden sheets, which were not read."""


def read(content: bytes) -> Book:
    """Opens a stranger's spreadsheet in a child process; refuses with one sentence what is none, or too much."""
    check_size(content)
    return run_isolated(read_here, content)


def check_size(content: bytes) -> None:
    if not content:
        raise Refused("The file is empty. Choose the list again.")
    if len(content) > PACKED_BYTES:
        raise Refused("The file is too large: at most 20 MB.")


def read_here(content: bytes) -> Book:
    """As `read`, in this very process: only for code that runs isolated already."""
    check_size(content)
    if content.startswith(b"PK\x03\x04"):
        return _from_zip(content)
    if content.startswith(OLE):
        return _from_ole(content)
    return Book([_from_text(content)])


def column_letter(index: int) -> str:
    """0 -> "A", 26 -> "AA"."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_index(letters: str) -> int:
    index = 0
    for letter in letters.upper():
        index = index * 26 + ord(letter) - 64
    return index - 1


# Reading .xlsx


def _from_zip(content: bytes) -> Book:
    try:
        archive = zipfile.ZipFile(BytesIO(content))
        scans = _checked(archive)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ElementTree.ParseError):
        raise Refused(BROKEN.msgid) from None
    except RuntimeError:  # zipfile's word for an encrypted member
        raise Refused("The file is protected by a password. Save it without the password and try again.") from None
    return _calamine(content, scans)


@dataclass
class Scan:
    """What the reader does not tell of a sheet."""

    formulas: set[tuple[int, int]] = field(default_factory=set)
    fonts: dict[tuple[int, int], legacy.Legacy] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


def _checked(archive: zipfile.ZipFile) -> dict[str, Scan]:
    """Looks through the parts before any reader does; returns what it saw by sheet name."""
    members = archive.infolist()
    names = {member.filename for member in members}
    if len(members) > MEMBERS or sum(member.file_size for member in members) > UNPACKED_BYTES:
        raise Refused(TOO_MUCH.msgid)
    if "word/document.xml" in names:
        raise Refused("This is a Word document. Copy its table into Excel, save it as .xlsx, and try again.")
    if "xl/workbook.xml" not in names:
        raise Refused("This is not a spreadsheet of a kind that can be read. Save it as .xlsx or .csv and try again.")
    left = UNPACKED_BYTES
    scans: dict[str, Scan] = {}
    parts: dict[str, bytes] = {}
    old_fonts = fonts.OldFonts()
    # Styles and texts first: they tell which cells of the sheets are in an old font.
    members.sort(key=lambda member: "worksheets/" in member.filename)
    for member in members:
        if not member.filename.endswith((".xml", ".rels")):
            continue
        with archive.open(member) as part:
            data = part.read(left + 1)  # as much as there really is, whatever the header says
        left -= len(data)
        if left < 0:
            raise Refused(TOO_MUCH.msgid)
        if DECLARATION.search(data) or data.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise Refused(BROKEN.msgid)
        if "worksheets/" in member.filename and member.filename.endswith(".xml"):
            scans[member.filename.rpartition("/")[2]] = _scanned(data, old_fonts)
        elif member.filename in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels"):
            parts[member.filename] = data
        elif member.filename == "xl/styles.xml":
            old_fonts.learn_styles(data)
        elif member.filename == "xl/sharedStrings.xml":
            old_fonts.learn_texts(data)
    return _by_sheet_name(parts, scans)


def _scanned(data: bytes, old_fonts: fonts.OldFonts) -> Scan:
    """What stands in one sheet; refuses a filled cell so far out that reading would fill the memory."""
    formulas = set()
    for cell in CELL.finditer(data):
        if cell[1].endswith(b"/"):
            continue  # formatting without a value, as ghosts far below a list are
        place = PLACE.search(cell[1])
        if place is None:
            continue
        column, row = column_index(place[1].decode()), int(place[2]) - 1
        if row >= ROWS or column >= COLUMNS:
            raise Refused(
                "Cell %(cell)s is too far out: at most %(rows)s rows and %(columns)s columns are read. Delete what stands far below or to the right of the list, save the file, and try again.",
                cell=f"{place[1].decode()}{row + 1}",
                rows=f"{ROWS:,}".replace(",", "."),
                columns=COLUMNS,
            )
        if cell[2]:
            formulas.add((row, column))
    found = {(int(row) - 1, column_index(column.decode())): kind for column, row, kind in old_fonts.cells_of(data)}
    return Scan(formulas, found, *_hidden(data))


def _hidden(data: bytes) -> tuple[set[int], set[int]]:
    """(rows, columns) that Excel does not show."""
    if b"hidden=" not in data:
        return set(), set()
    rows = {int(row) - 1 for row in HIDDEN_ROW.findall(data)}
    columns: set[int] = set()
    for tag in HIDDEN_COLUMN.findall(data):
        first, last = re.search(rb'min="(\d+)"', tag), re.search(rb'max="(\d+)"', tag)
        if first and last:
            columns.update(range(int(first[1]) - 1, min(int(last[1]), COLUMNS)))
    return rows, columns


def _by_sheet_name(parts: dict[str, bytes], scans: dict[str, Scan]) -> dict[str, Scan]:
    relations = parts.get("xl/_rels/workbook.xml.rels", b"<none/>")
    targets = {
        node.get("Id"): (node.get("Target") or "").rpartition("/")[2]
        for node in ElementTree.fromstring(relations)  # noqa: S314 - no DOCTYPE
    }
    book = ElementTree.fromstring(parts["xl/workbook.xml"])  # noqa: S314 - no DOCTYPE
    return {
        node.get("name") or "": scans.get(targets.get(node.get(RELATION)) or "", Scan())
        for node in book.iter()
        if node.tag.rpartition("}")[2] == "sheet"
    }


def _calamine(content: bytes, scans: dict[str, Scan]) -> Book:
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_filelike(BytesIO(content))
        sheets, hidden = [], []
        for found in book.sheets_metadata:
            if found.typ != calamine.SheetTypeEnum.WorkSheet:
                continue
            if found.visible != calamine.SheetVisibleEnum.Visible:
                hidden.append(found.name)
                continue
            sheet = book.get_sheet_by_name(found.name)
            values = sheet.to_python(skip_empty_area=False)
            rows = [[_text(value) for value in row] for row in values]
            fractions = {
                (at, across)
                for at, row in enumerate(values)
                for across, value in enumerate(row)
                if isinstance(value, float) and not value.is_integer()
            }
            while rows and not any(rows[-1]):
                rows.pop()
            merged = [(*first, *last) for first, last in sheet.merged_cell_ranges or []]
            scan = scans.get(found.name, Scan())
            sheets.append(
                Sheet(
                    found.name,
                    rows,
                    merged,
                    scan.formulas,
                    scan.fonts,
                    scan.hidden_rows,
                    scan.hidden_columns,
                    fractions,
                )
            )
    except calamine.PasswordError:
        raise Refused("The file is protected by a password. Save it without the password and try again.") from None
    except (calamine.CalamineError, calamine.XmlError, calamine.ZipError):
        raise Refused(BROKEN.msgid) from None
    return Book(sheets, hidden)


def _text(value: Any) -> str:
    """A cell as a person reads it: 375469480.0 is "375469480", a date is dd/mm/yyyy, TRUE is "x"."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "x" if value else ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return f"{value:%d/%m/%Y}" if value.time() == time() else f"{value:%d/%m/%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, (time, timedelta)):
        return str(value)
    return "" if value is None else str(value)


# Reading .xls and .csv


def _from_ole(content: bytes) -> Book:
    import olefile

    try:
        file = olefile.OleFileIO(BytesIO(content))
        streams = {"/".join(path) for path in file.listdir()}
    except Exception:  # noqa: BLE001 - olefile raises many kinds on a damaged directory
        raise Refused(BROKEN.msgid) from None
    if "EncryptedPackage" in streams:
        raise Refused("The file is protected by a password. Save it without the password and try again.")
    if not streams & {"Workbook", "Book", "WORKBOOK", "BOOK"}:
        raise Refused("This is not a spreadsheet of a kind that can be read. Save it as .xlsx or .csv and try again.")
    try:
        cells = fonts.cells_of_xls(file.openstream("Workbook").read()) if "Workbook" in streams else {}
    except OSError:  # damaged: the reader will say so
        cells = {}
    return _calamine(content, {name: Scan(fonts=found) for name, found in cells.items()})


def decoded(content: bytes) -> str:
    """Text of a .csv: by its byte order mark or its zeros, else strict UTF-8, else by what gives Vietnamese words.

    Windows-1258 sets its tones apart; bytes of TCVN3 and VNI stay as those fonts see them, in Windows-1252.
    """
    try:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            return content.decode("utf-16")
        beginning = content[:4000]
        for start, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
            if beginning[start::2].count(0) > len(beginning) // 5:
                return content.decode(encoding)
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    readings = []
    for encoding in ("cp1258", "cp1252"):
        try:
            readings.append(content.decode(encoding))
        except UnicodeDecodeError:
            continue
    if not readings:
        raise Refused("This is not a spreadsheet of a kind that can be read. Save it as .xlsx or .csv and try again.")
    return max(readings, key=legacy.likelihood)


def _from_text(content: bytes) -> Sheet:
    text = decoded(content)
    start = text[:2000].lstrip().lower()
    if start.startswith(("<", "%pdf", "{\\rtf")) or NOT_TEXT.search(text[:200_000]):
        raise Refused("This is not a spreadsheet of a kind that can be read. Save it as .xlsx or .csv and try again.")
    if not text.strip():
        raise Refused("The file is empty. Choose the list again.")
    delimiter = _delimiter(text)
    if text[:4].lower() == "sep=":  # Excel does not count this line as a row
        text = text.partition("\n")[2]
    rows: list[list[str]] = []
    try:
        csv.field_size_limit(100_000)
        for row in csv.reader(StringIO(text, newline=""), delimiter=delimiter):
            if len(row) > COLUMNS or len(rows) >= ROWS:
                raise Refused(TOO_MUCH.msgid)
            rows.append([_unguarded(cell) for cell in row])
    except csv.Error:
        raise Refused(BROKEN.msgid) from None
    return Sheet("", rows)


def _delimiter(text: str) -> str:
    """What stands outside quotes in most of the first lines; "sep=;" is Excel's own way to say it."""
    if text[:4].lower() == "sep=" and text[4:5] in DELIMITERS:
        return text[4]
    lines = re.sub(r'"[^"]*"', "", text[:100_000]).splitlines()[:60]
    return max(
        DELIMITERS, key=lambda sign: (sum(sign in line for line in lines), sum(line.count(sign) for line in lines))
    )


def _unguarded(cell: str) -> str:
    """Without the apostrophe that `comma_separated` put before a dangerous sign."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in GUARDED and len(cell) > 1 else cell


# Writing

Cell = str | int | float | None


def comma_separated(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A .csv that Excel opens as UTF-8 and in which nothing is taken for a formula."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(headings)
    for row in rows:
        writer.writerow([_guarded(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig")


def _guarded(cell: Cell) -> Cell:
    if isinstance(cell, str):
        cell = cell.replace("\0", "")
        return f"'{cell}" if cell.startswith(GUARDED) else cell
    return cell


def workbook(title: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]], widths: Sequence[int] = ()) -> bytes:
    """An .xlsx with one sheet: heading row kept in view, text typed as text so that nothing becomes a formula."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\']", " ", title)[:31].strip() or "Sheet")
    for index in range(len(headings)):
        sheet.column_dimensions[get_column_letter(index + 1)].width = widths[index] if index < len(widths) else 18
    sheet.freeze_panes = "A2"

    def typed(value: Cell) -> Any:
        if not isinstance(value, str):
            return value
        cell = WriteOnlyCell(sheet, value=INVISIBLE.sub("", value)[:32_000])
        cell.data_type = "s"
        return cell

    first = [typed(heading) for heading in headings]
    for cell in first:
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor="1B4B9B")
        cell.alignment = Alignment(vertical="center", wrap_text=True)
    sheet.append(first)
    for row in rows:
        sheet.append([typed(value) for value in row])
    if headings:
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(headings))}1"
    out = BytesIO()
    book.save(out)
    return out.getvalue()
