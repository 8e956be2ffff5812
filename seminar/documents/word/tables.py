"""Tables: borderless ones that hold a block in its place, bordered ones of a few rows and of thousands."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsmap, qn
from docx.text.paragraph import Paragraph

from seminar.documents.content import Table
from seminar.documents.layout import Block
from seminar.documents.word.elements import element, twips
from seminar.documents.word.page import Page
from seminar.documents.word.runs import Part
from seminar.lib.text import INVISIBLE

TABLE_SIZE_PT = 12


class Row(NamedTuple):
    """A line of a long table with a text or a number for each column."""

    cells: Sequence[str | int | None]


class Across(NamedTuple):
    """A line of a long table that is one text over all columns."""

    text: str
    italic: bool = False
    starts_page: bool = False


Heading = tuple[str, int, int]
"""A cell of the headings: text, columns across, rows down."""


class Tables(Page):
    """Whatever stands in rows and columns."""

    def _columns(self, widths: Sequence[int]) -> tuple[Any, ...]:
        """A borderless table of one row."""
        return self._cells(widths, 1)[0]

    def _cells(self, widths: Sequence[int], rows: int, container: Any = None) -> list[tuple[Any, ...]]:
        """A borderless table; its cells have no margins, so that lengths are those of the rule set. They are empty: each
        must get a paragraph.
        """
        if container is None:
            self._part_tables()
        table = (container or self._document).add_table(rows=rows, cols=len(widths))
        self._table_properties(table._tbl, widths, bordered=False)
        found = []
        for row in table.rows:
            cells = tuple(row.cells)
            for cell, width in zip(cells, widths, strict=True):
                cell._tc.get_or_add_tcPr().get_or_add_tcW().set(qn("w:w"), str(width))
                cell._tc.tcPr.get_or_add_tcW().set(qn("w:type"), "dxa")
                cell._tc.remove(cell._tc.p_lst[0])
            row._tr.get_or_add_trPr().append(element("cantSplit"))
            found.append(cells)
        return found

    def _part_tables(self) -> None:
        """Word makes one table of two that touch each other: a line of no height stands between them."""
        last = next((one for one in reversed(self._body) if one.tag in (qn("w:p"), qn("w:tbl"))), None)
        if last is not None and last.tag == qn("w:tbl"):
            self._small(self._document, "", size=1)

    def _table_properties(self, table: Any, widths: Sequence[int], *, bordered: bool) -> None:
        properties = table.tblPr
        for old in list(properties):
            properties.remove(old)
        properties.append(element("tblW", w=sum(widths), type="dxa"))
        properties.append(element("jc", val="center"))
        borders = element("tblBorders")
        for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
            borders.append(element(side, val="single" if bordered else "nil", sz=4, space=0, color="auto"))
        properties.append(borders)
        properties.append(element("tblLayout", type="fixed"))
        margins = element("tblCellMar")
        for side in ("left", "right"):
            margins.append(element(side, w=85 if bordered else 0, type="dxa"))
        properties.append(margins)
        for column, width in zip(table.tblGrid.findall(qn("w:gridCol")), widths, strict=True):
            column.set(qn("w:w"), str(width))

    def table(
        self,
        headings: Sequence[str] | Sequence[Sequence[Heading]],
        rows: Iterable[Sequence[Part | int]],
        widths_mm: Sequence[float],
        *,
        centred: Sequence[int] = (),
        strong_rows: Sequence[int] = (),
        size: float = TABLE_SIZE_PT,
    ) -> None:
        """A bordered table; its headings, in one or two rows, are repeated on every page. `centred` are columns,
        `strong_rows` rows in bold.
        """
        widths = [twips(width) for width in widths_mm]
        table = self._document.add_table(rows=0, cols=len(widths))
        self._table_properties(table._tbl, widths, bordered=True)
        plain = Block(size=size)
        strong = Block(size=size, bold=True)
        words = [one for one in headings if isinstance(one, str)]
        if words:
            self._row(table, words, widths, strong, range(len(widths)), is_heading=True)
        else:
            writer = RowWriter(self.layout.font, size, widths, set(centred), 0)
            self._add_rows(table, writer.headings([one for one in headings if not isinstance(one, str)]))
        for number, row in enumerate(rows):
            self._row(table, row, widths, strong if number in strong_rows else plain, centred)
        self._space_behind()

    def _space_behind(self) -> None:
        """A paragraph one point high: behind a table that fills its page, a higher one would begin an empty page."""
        properties = self._document.add_paragraph()._p.get_or_add_pPr()
        self._spacing(properties, after_pt=7, line=1 / 12)
        properties.get_or_add_spacing().set(qn("w:lineRule"), "exact")

    def _row(
        self,
        table: Any,
        cells: Sequence[Part | int],
        widths: Sequence[int],
        block: Block,
        centred: Iterable[int],
        *,
        is_heading: bool = False,
    ) -> None:
        """Built as XML: python-docx takes seconds for a table of 300 rows."""
        row = element("tr")
        properties = element("trPr")
        properties.append(element("cantSplit"))
        if is_heading:
            properties.append(element("tblHeader"))
        row.append(properties)
        middle = set(centred)
        for column, (value, width) in enumerate(zip(cells, widths, strict=True)):
            cell = element("tc")
            cell_properties = element("tcPr")
            cell_properties.append(element("tcW", w=width, type="dxa"))
            cell_properties.append(element("vAlign", val="center" if is_heading else "top"))
            cell.append(cell_properties)
            part: Part = str(value) if isinstance(value, int) else value
            for piece in part.split("\n") if isinstance(part, str) else (part,):
                p = OxmlElement("w:p")
                self._spacing(p.get_or_add_pPr(), before_pt=1, after_pt=1, line=1)
                p.get_or_add_pPr().get_or_add_jc().set(qn("w:val"), "center" if column in middle else "left")
                cell.append(p)
                self._fill(Paragraph(p, self._document._body), (piece,), block)
            row.append(cell)
        table._tbl.append(row)

    def long_table(
        self,
        headings: Sequence[Sequence[Heading]],
        lines: Iterable[Row | Across],
        widths_mm: Sequence[float],
        *,
        centred: Sequence[int] = (),
        strong_rows: Sequence[int] = (),
        row_height_mm: float = 0,
        size: float = TABLE_SIZE_PT,
    ) -> None:
        """As `table`, for lists of thousands: headings in one or two rows, lines across all columns, written as XML text."""
        widths = [twips(width) for width in widths_mm]
        table = self._document.add_table(rows=0, cols=len(widths))
        self._table_properties(table._tbl, widths, bordered=True)
        writer = RowWriter(self.layout.font, size, widths, set(centred), twips(row_height_mm))
        strong = set(strong_rows)
        rows = [*writer.headings(headings), *(writer.line(line, n in strong) for n, line in enumerate(lines))]
        self._add_rows(table, rows)
        self._space_behind()

    @staticmethod
    def _add_rows(table: Any, rows: Iterable[str]) -> None:
        for row in parse_xml(f'<w:rows xmlns:w="{nsmap["w"]}">{"".join(rows)}</w:rows>'):
            table._tbl.append(row)

    def ruled_table(self, table: Table) -> None:
        """A table of plain values with headings in one or two rows."""
        room = self._text_width / 1440 * 25.4
        self.long_table(
            table.headings,
            [Row(row) for row in table.rows],
            table.widths_mm(room),
            centred=table.centred,
            strong_rows=table.strong_rows,
            row_height_mm=table.row_height_mm,
            size=table.size,
        )


class RowWriter:
    """Rows of a long table as text of XML: thousands of them cost a second, where building each element takes ten."""

    def __init__(self, font: str, size: float, widths: Sequence[int], centred: set[int], height: int) -> None:
        self.widths, self.centred = widths, centred
        fonts = "".join(f' w:{name}="{font}"' for name in ("ascii", "hAnsi", "cs", "eastAsia"))
        end = f'<w:sz w:val="{round(size * 2)}"/><w:szCs w:val="{round(size * 2)}"/></w:rPr>'
        self.looks = {
            (bold, italic): f"<w:rPr><w:rFonts{fonts}/>"
            + ("<w:b/><w:bCs/>" if bold else "")
            + ("<w:i/><w:iCs/>" if italic else "")
            + end
            for bold in (False, True)
            for italic in (False, True)
        }
        tall = f'<w:trHeight w:val="{height}" w:hRule="atLeast"/>' if height else ""
        self.row_start = f"<w:tr><w:trPr><w:cantSplit/>{tall}</w:trPr>"

    def _text(self, text: str, align: str, *, bold: bool = False, italic: bool = False, form: str = "") -> str:
        look = self.looks[bold, italic]
        form = f'<w:pPr>{form}<w:spacing w:before="20" w:after="20"/><w:jc w:val="{align}"/></w:pPr>'
        pieces = INVISIBLE.sub("", text).split("\n")
        return "".join(
            f'<w:p>{form}<w:r>{look}<w:t xml:space="preserve">{escape(piece)}</w:t></w:r></w:p>' for piece in pieces
        )

    def _cell(self, width: int, content: str, form: str = "", align: str = "top") -> str:
        form = f'<w:tcW w:w="{width}" w:type="dxa"/>{form}<w:vAlign w:val="{align}"/>'
        return f"<w:tc><w:tcPr>{form}</w:tcPr>{content}</w:tc>"

    def headings(self, rows: Sequence[Sequence[Heading]]) -> list[str]:
        """Repeated on every page. A cell that reaches down is merged with an empty one in the row below."""
        written = []
        reaching: dict[int, int] = {}
        for texts in rows:
            cells, column, given = "", 0, iter(texts)
            while column < len(self.widths):
                if column in reaching:
                    across, text, merge = reaching.pop(column), "", "<w:vMerge/>"
                else:
                    text, across, down = next(given)
                    merge = '<w:vMerge w:val="restart"/>' if down > 1 else ""
                    if down > 1:
                        reaching[column] = across
                width = sum(self.widths[column : column + across])
                span = f'<w:gridSpan w:val="{across}"/>' if across > 1 else ""
                cells += self._cell(width, self._text(text, "center", bold=True), span + merge, "center")
                column += across
            written.append(f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{cells}</w:tr>")
        return written

    def line(self, line: Row | Across, is_strong: bool = False) -> str:
        if isinstance(line, Across):
            form = "<w:keepNext/>" + ("<w:pageBreakBefore/>" if line.starts_page else "")
            text = self._text(line.text, "left", bold=True, italic=line.italic, form=form)
            span = f'<w:gridSpan w:val="{len(self.widths)}"/>'
            return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{self._cell(sum(self.widths), text, span)}</w:tr>"
        cells = [
            self._cell(
                width,
                self._text(
                    "" if value is None else str(value), "center" if n in self.centred else "left", bold=is_strong
                ),
            )
            for n, (value, width) in enumerate(zip(line.cells, self.widths, strict=True))
        ]
        return f"{self.row_start}{''.join(cells)}</w:tr>"
