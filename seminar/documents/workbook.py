"""A worksheet as the office prints it: titles, ruled table, headings on every page, A4; text stays text.

openpyxl takes what begins with "=" for a formula, and Excel does so again with "+", "-" and "@" when a cell is edited:
every text is typed as text, in the text format, and marked with the quote that Excel shows only to whoever edits it.
"""

from collections.abc import Sequence
from io import BytesIO
from math import ceil

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, NamedStyle, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break

from seminar.lib.sheets import GUARDED
from seminar.lib.text import INVISIBLE

A4 = 9
TEXT_FORMAT = "@"
LONGEST_TEXT = 32_000
POINTS_PER_MM = 72 / 25.4
LINE_POINTS = 16
SIZE = 12


class Worksheet:
    """Written from the top down."""

    def __init__(self, title: str, widths: Sequence[float], *, font: str, landscape: bool) -> None:
        self.widths, self.font = list(widths), font
        self.book = Workbook()
        self.book.properties.creator, self.book.properties.title = "", title
        self.sheet = self.book.active
        self.sheet.title = title
        self.next = 1
        for index, width in enumerate(self.widths, 1):
            self.sheet.column_dimensions[get_column_letter(index)].width = width
        self._styles()
        self._paper(landscape)

    def _styles(self) -> None:
        thin = Side(style="thin")
        ruled = Border(left=thin, right=thin, top=thin, bottom=thin)
        looks = {
            "list row": (False, False, "left", TEXT_FORMAT),
            "list row centred": (False, False, "center", TEXT_FORMAT),
            "list number": (False, False, "left", "General"),
            "list number centred": (False, False, "center", "General"),
            "count": (False, False, "center", "#,##0"),
            "list heading": (True, False, "center", TEXT_FORMAT),
            "list section": (True, False, "left", TEXT_FORMAT),
            "list second section": (True, True, "left", TEXT_FORMAT),
        }
        for name, (bold, italic, across, form) in looks.items():
            upright = "center" if name == "list heading" else "top"
            self.book.add_named_style(
                NamedStyle(
                    name,
                    font=Font(name=self.font, size=SIZE, bold=bold, italic=italic),
                    alignment=Alignment(horizontal=across, vertical=upright, wrap_text=True),
                    border=ruled,
                    number_format=form,
                )
            )

    def _paper(self, landscape: bool) -> None:
        setup = self.sheet.page_setup
        setup.paperSize, setup.orientation = A4, "landscape" if landscape else "portrait"
        setup.fitToWidth, setup.fitToHeight = 1, 0
        self.sheet.sheet_properties.pageSetUpPr.fitToPage = True
        margins = self.sheet.page_margins
        margins.top = margins.bottom = margins.right = 20 / 25.4
        margins.left, margins.header, margins.footer = 30 / 25.4, 10 / 25.4, 10 / 25.4
        self.sheet.print_options.horizontalCentered = True
        header = self.sheet.HeaderFooter
        header.differentFirst = True
        header.oddHeader.center.text, header.oddHeader.center.size = "&P", 13
        header.oddHeader.center.font = self.font

    def _put(self, column: int, value: str | int | None, style: str = "") -> None:
        cell = self.sheet.cell(self.next, column)
        if style:
            cell.style = style
        if isinstance(value, str):
            text = INVISIBLE.sub("", value)[:LONGEST_TEXT]
            if text:
                cell.value = text
                cell.data_type = "s"
                if text.startswith(GUARDED):
                    cell.quotePrefix = True
        else:
            cell.value = value

    def _merge(self, first: int, last: int, *, rows: int = 1) -> None:
        if last > first or rows > 1:
            self.sheet.merge_cells(
                start_row=self.next, start_column=first, end_row=self.next + rows - 1, end_column=last
            )

    def _free(self, column: int, last: int, text: str, look: str, size: float) -> None:
        """Text outside the table, centred over some columns."""
        self._put(column, text)
        cell = self.sheet.cell(self.next, column)
        cell.font = Font(name=self.font, size=size, bold="b" in look, italic="i" in look)
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        room = sum(self.widths[column - 1 : last]) * SIZE / size
        lines = self._lines(text, room)
        height = self.sheet.row_dimensions[self.next].height or 0
        self.sheet.row_dimensions[self.next].height = max(height, lines * size * 1.35)
        self._merge(column, last)

    def across(self, text: str, look: str = "", *, size: float = SIZE) -> None:
        self._free(1, len(self.widths), text, look, size)
        self.next += 1

    def beside(self, left: Sequence[tuple[str, str]], right: Sequence[tuple[str, str]]) -> None:
        """Two blocks, line by line; `b` is bold, `i` italic. Where there is one column, one under the other."""
        middle = self._middle()
        if middle == len(self.widths):
            for text, look in (*left, *right):
                self.across(text, look)
            return
        for number in range(max(len(left), len(right))):
            for block, first, last in ((left, 1, middle), (right, middle + 1, len(self.widths))):
                if number < len(block):
                    self._free(first, last, *block[number], SIZE)
            self.next += 1

    def _middle(self) -> int:
        """The last column of the left half."""
        half, passed = sum(self.widths) / 2, 0.0
        for index, width in enumerate(self.widths, 1):
            if passed and passed + width > half * 1.15:
                return index - 1
            passed += width
        return len(self.widths)

    def _lines(self, text: str, room: float) -> int:
        """How many lines the text takes in so many characters, told with care: a cut line is worse than an empty one."""
        return sum(max(1, ceil((len(piece) + 1) * 1.1 / room)) for piece in text.split("\n"))

    def gap(self, rows: int = 1) -> None:
        self.next += rows

    def headings(self, rows: Sequence[Sequence[tuple[str, int, int]]]) -> None:
        """(text, columns across, rows down) by row; kept in view, and repeated on every printed page."""
        first = self.next
        taken: set[tuple[int, int]] = set()
        for texts in rows:
            column = 1
            for text, across, down in texts:
                while (self.next, column) in taken:
                    column += 1
                for row in range(self.next, self.next + down):
                    for one in range(column, column + across):
                        self.sheet.cell(row, one).style = "list heading"
                        taken.add((row, one))
                self._put(column, text, "list heading")
                self._merge(column, column + across - 1, rows=down)
                column += across
                room = sum(self.widths[column - across - 1 : column - 1])
                height = self._lines(text, room) * LINE_POINTS / down
                self.sheet.row_dimensions[self.next].height = max(
                    height, LINE_POINTS, self.sheet.row_dimensions[self.next].height or 0
                )
            self.next += 1
        self.sheet.freeze_panes = self.sheet.cell(self.next, 1)
        self.sheet.print_title_rows = f"{first}:{self.next - 1}"

    def row(
        self,
        cells: Sequence[str | int | None],
        centred: Sequence[bool],
        *,
        height_mm: float = 0,
        counts: Sequence[int] = (),
    ) -> None:
        """`counts` are columns of figures, blank ones too: what is typed there by hand gets dots between thousands."""
        lines = 1
        for column, (value, is_centred) in enumerate(zip(cells, centred, strict=True), 1):
            kind = "number" if isinstance(value, int) else "row"
            is_count = column - 1 in counts and not isinstance(value, str)
            self._put(column, value, "count" if is_count else f"list {kind}{' centred' if is_centred else ''}")
            if isinstance(value, str) and value:
                lines = max(lines, self._lines(value, self.widths[column - 1]))
        height = max(lines * LINE_POINTS, height_mm * POINTS_PER_MM)
        if lines > 1 or height_mm:
            self.sheet.row_dimensions[self.next].height = height
        self.next += 1

    def section(self, text: str, *, is_second: bool = False, starts_page: bool = False) -> None:
        style = "list second section" if is_second else "list section"
        if starts_page:
            self.sheet.row_breaks.append(Break(id=self.next - 1))
        for column in range(1, len(self.widths) + 1):
            self.sheet.cell(self.next, column).style = style
        self._put(1, text, style)
        self._merge(1, len(self.widths))
        self.sheet.row_dimensions[self.next].height = self._lines(text, sum(self.widths)) * LINE_POINTS + 2
        self.next += 1

    def save(self) -> bytes:
        self.sheet.print_area = f"A1:{get_column_letter(len(self.widths))}{self.next - 1}"
        out = BytesIO()
        self.book.save(out)
        return out.getvalue()
