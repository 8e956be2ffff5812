"""Word files in the form of a rule set (documents/layout.py), measured to the twip; offices go on editing them in Word.

Import this module where a file is made, not at start: python-docx is slow to load (recipes.md).
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from docx import Document
from docx.enum.section import WD_SECTION
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsmap, qn
from docx.oxml.shape import CT_Inline
from docx.oxml.xmlchemy import serialize_for_reading
from docx.shared import Mm
from docx.text.paragraph import Paragraph

from seminar.documents.content import PAGE_COUNT, Annex, Content, Line, Pictures, Table
from seminar.documents.content import Block as ContentBlock
from seminar.documents.layout import Block, Layout
from seminar.documents.rules import UNKNOWN, DocumentSettings, RecipientLines, date_line, printed_recipients
from seminar.lib.text import INVISIBLE, unaccented

HEADINGS = {0: "part", 1: "section", 2: "clause", 3: "point", 4: "subpoint", 5: "subsubpoint"}
"""Levels of HD29: Phần, Mục I., Khoản 1., Điểm 1.1., 1.1.2., 1.1.2.1. Word's outline levels begin at 1."""
LEFT_COLUMN_MM = 76
RECIPIENTS_COLUMN_MM = 68
ADDRESS_LABEL_MM = 21
ADDRESS_SHARE = 0.86
"""Of the text's width, which "Kính gửi:" and the names may take at most."""
ADDRESS_SLACK_MM = 3
QR_MM = 31
TIGHT_AFTER_PT = 4
SIGNATURE_GAP_MM = 27
"""Room for signature and seal (domain.md 1.1: some 25 to 30 mm)."""
TABLE_SIZE_PT = 12
RULE_EIGHTHS = 6
LINK_COLOUR = "1B3A6B"
# Widths of Times Bold in thousandths of the size: how long a rule under words is, how wide a block in the middle.
BOLD = dict(
    zip(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ abcdefghijklmnopqrstuvwxyz,.-;:()&/",
        (722, 667, 722, 722, 667, 611, 778, 778, 389, 500, 778, 667, 944)
        + (722, 778, 611, 778, 722, 556, 667, 722, 722, 1000, 722, 722, 667, 250)
        + (500, 556, 444, 556, 444, 333, 500, 556, 278, 333, 556, 278, 833)
        + (556, 500, 556, 556, 444, 389, 333, 556, 500, 722, 500, 500, 444)
        + (250, 250, 333, 333, 333, 333, 333, 833, 278),
        strict=True,
    )
)
DIGIT = 500
MOST_TITLE = 255
"""Characters that the properties of a Word file hold."""


class Link(NamedTuple):
    """Text of a paragraph that opens an address."""

    text: str
    url: str


class Strong(NamedTuple):
    """Text of a paragraph in bold."""

    text: str


class PageCount(NamedTuple):
    """How many pages the document has; Word counts anew, `shown` stands there until then."""

    shown: str


Part = str | Link | Strong | PageCount


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


def twips(mm: float) -> int:
    return round(mm * 1440 / 25.4)


def bold_width_pt(text: str, size: float) -> float:
    """How wide the words are in bold letters of the size."""
    return sum(BOLD.get(letter, DIGIT) for letter in unaccented(text)) * size / 1000


def element(name: str, **attributes: Any) -> Any:
    made = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), str(value))
    return made


class WordDocument:
    """One document, built from the top down. `draft` prints the boxed mark of the rule set."""

    def __init__(
        self,
        layout: Layout,
        *,
        title: str,
        now: datetime,
        draft: bool = False,
        landscape: bool = False,
        double_sided: bool = False,
        archive_mark: str = "",
        tight: bool = False,
    ) -> None:
        """`tight` sets the lines as close as the guidance allows, so that a letter stays on its page."""
        if tight:
            layout = replace(layout, text=replace(layout.text, after_pt=TIGHT_AFTER_PT, line=1))
        self.layout = layout
        self.draft = draft
        self.double_sided = double_sided
        self.archive_mark = archive_mark
        self._pictures = 0
        self._links: dict[tuple[str, str], str] = {}
        self._document: Any = Document()
        self._body = self._document.element.body
        self._styles()
        self._page(self._document.sections[0], landscape=landscape)
        if double_sided:  # the margins at the left are then those at the binding
            self._document.settings.element.insert(1, element("mirrorMargins"))
        properties = self._document.core_properties
        properties.title, properties.author, properties.comments = title[:MOST_TITLE], "", ""
        properties.created = properties.modified = now.replace(tzinfo=None)
        properties.language = "vi-VN"

    # The form: page, styles, page number

    def _page(self, section: Any, *, landscape: bool = False) -> None:
        page = self.layout.page
        size = section._sectPr.get_or_add_pgSz()
        width, height = twips(page.width_mm), twips(page.height_mm)
        if landscape:
            width, height = height, width
        for name, value in (("w", width), ("h", height), ("orient", "landscape" if landscape else "portrait")):
            size.set(qn(f"w:{name}"), str(value))
        margins = section._sectPr.get_or_add_pgMar()
        for name, value in (
            ("top", twips(page.top_mm)),
            ("bottom", twips(page.bottom_mm)),
            ("left", twips(page.left_mm)),
            ("right", twips(page.right_mm)),
            ("header", twips(page.top_mm / 2)),
            ("footer", twips(page.bottom_mm / 2)),
            ("gutter", 0),
        ):
            margins.set(qn(f"w:{name}"), str(value))
        section.different_first_page_header_footer = True
        section.header.is_linked_to_previous = False
        if self.archive_mark:
            for footer in (section.footer, section.first_page_footer):
                footer.is_linked_to_previous = False
                mark = footer.paragraphs[0]
                mark.style = self._document.styles["Normal"]
                self._form(mark, "archive_mark")
                self._run(mark, self.archive_mark, self.layout.blocks["archive_mark"])
        paragraph = section.header.paragraphs[0]
        paragraph.style = self._document.styles["Normal"]
        self._form(paragraph, "page_number", after_pt=0)
        self._counter(paragraph, "PAGE", "2", self.layout.blocks["page_number"])

    def _counter(self, paragraph: Any, code: str, shown: str, block: Block) -> None:
        """A number that Word counts itself: PAGE or NUMPAGES."""
        for kind, text in (("begin", None), (None, code), ("separate", None), (None, shown), ("end", None)):
            run = self._run(paragraph, "", block)
            if kind:
                run.append(element("fldChar", fldCharType=kind))
            else:
                piece = element("instrText" if text == code else "t")
                piece.text = text
                run.append(piece)

    def _styles(self) -> None:
        text, body = self.layout.text, self.layout.blocks["body"]
        styles = self._document.styles
        defaults = styles.element.find(qn("w:docDefaults"))
        if defaults is not None:
            styles.element.remove(defaults)
        normal = styles["Normal"]
        self._style(normal, body, align="left", indent=False, after_pt=0, line=1)
        normal.element.get_or_add_rPr().append(element("lang", val="vi-VN", eastAsia="vi-VN"))
        self._style(styles["Body Text"], body, align=body.align, indent=True, after_pt=text.after_pt, line=text.line)
        for level, name in HEADINGS.items():
            if level:
                block = self.layout.blocks[name]
                style = styles[f"Heading {level}"]
                self._style(style, block, align=block.align, indent=True, after_pt=text.after_pt, line=text.line)
                style.paragraph_format.keep_with_next = True

    def _style(self, style: Any, block: Block, *, align: str, indent: bool, after_pt: float, line: float) -> None:
        for name in ("w:pPr", "w:rPr"):
            old = style.element.find(qn(name))
            if name == "w:pPr" and old is not None:
                outline = old.find(qn("w:outlineLvl"))
                style.element.remove(old)
                if outline is not None:
                    style.element.get_or_add_pPr().append(outline)
            elif old is not None:
                style.element.remove(old)
        properties = style.element.get_or_add_pPr()
        self._spacing(properties, after_pt=after_pt, line=line)
        if indent:
            properties.get_or_add_ind().set(qn("w:firstLine"), str(twips(self.layout.text.first_line_mm)))
        properties.get_or_add_jc().set(qn("w:val"), {"justify": "both"}.get(align, align))
        self._characters(style.element.get_or_add_rPr(), block)

    def _spacing(self, properties: Any, *, after_pt: float, line: float, before_pt: float = 0) -> None:
        spacing = properties.get_or_add_spacing()
        for name, value in (
            ("before", round(before_pt * 20)),
            ("after", round(after_pt * 20)),
            ("line", round(240 * line)),
            ("lineRule", "auto"),
        ):
            spacing.set(qn(f"w:{name}"), str(value))

    def _characters(self, properties: Any, block: Block, colour: str = "") -> None:
        """Font, size and style, complete and in the order that the format asks for."""
        fonts = properties.get_or_add_rFonts()
        for name in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{name}"), self.layout.font)
        flags = (("b", block.bold), ("bCs", block.bold), ("i", block.italic), ("iCs", block.italic))
        for name, is_on in flags:
            properties.append(element(name, val=int(is_on)))
        properties.append(element("caps", val=int(block.caps)))
        if colour:
            properties.append(element("color", val=colour))
        for name in ("sz", "szCs"):
            properties.append(element(name, val=round(block.size * 2)))
        if block.boxed:
            properties.append(element("bdr", val="single", sz=RULE_EIGHTHS, space=1, color="auto"))

    # Paragraphs

    def _form(self, paragraph: Any, name: str, *, after_pt: float = 0, before_pt: float = 0, line: float = 1) -> None:
        properties = paragraph._p.get_or_add_pPr()
        self._spacing(properties, after_pt=after_pt, before_pt=before_pt, line=line)
        align = self.layout.blocks[name].align
        properties.get_or_add_jc().set(qn("w:val"), {"justify": "both"}.get(align, align))

    def _run(
        self, paragraph: Any, text: str, block: Block | None = None, *, parent: Any = None, colour: str = ""
    ) -> Any:
        run = OxmlElement("w:r")
        if block is not None:
            self._characters(run.get_or_add_rPr(), block, colour)
        text = INVISIBLE.sub("", text)
        if text:
            piece = element("t")
            piece.text = text
            piece.set(qn("xml:space"), "preserve")
            run.append(piece)
        (paragraph._p if parent is None else parent).append(run)
        return run

    def _component(self, container: Any, name: str, text: str, **spacing: float) -> Any:
        """One component in its own paragraph; capitals are typed as such, so that searching and copying keep them."""
        block = self.layout.blocks[name]
        paragraph = container.add_paragraph()
        self._form(paragraph, name, **spacing)
        self._run(paragraph, text.upper() if block.caps else text, block)
        return paragraph

    def _fill(self, paragraph: Any, parts: Iterable[Part], block: Block) -> None:
        for part in parts:
            if isinstance(part, Link):
                self.link(paragraph, part.text, part.url, block)
            elif isinstance(part, Strong):
                self._run(paragraph, part.text, Block(size=block.size, bold=True, italic=block.italic))
            elif isinstance(part, PageCount):
                self._counter(paragraph, "NUMPAGES", part.shown, block)
            else:
                self._run(paragraph, part, block)

    def link(self, paragraph: Any, text: str, url: str, block: Block | None = None) -> None:
        """Adds text that opens the address; it prints like the words around it."""
        block = block or self.layout.blocks["body"]
        link = OxmlElement("w:hyperlink")
        link.set(qn("r:id"), self._link_id(paragraph.part, url))
        self._run(paragraph, text, block, parent=link, colour=LINK_COLOUR)
        paragraph._p.append(link)

    def _link_id(self, part: Any, url: str) -> str:
        """python-docx looks through all links for each one, and a wide table has thousands."""
        known = self._links.get((part.partname, url))
        if known is None:
            known = self._links[part.partname, url] = f"link{len(self._links) + 1}"
            part.rels.add_relationship(RELATIONSHIP_TYPE.HYPERLINK, url, known, is_external=True)
        return known

    def paragraph(self, *parts: Part, indent: bool = True, italic: bool = False) -> Any:
        """Running text; line breaks in it begin new paragraphs. Returns the last one."""
        body = self.layout.blocks["body"]
        block = Block(size=body.size, italic=True) if italic else body
        lines: list[list[Part]] = [[]]
        for part in parts:
            if isinstance(part, str) and "\n" in part:
                first, *rest = part.split("\n")
                lines[-1].append(first)
                lines.extend([line] for line in rest)
            else:
                lines[-1].append(part)
        paragraph: Any = None
        for line in lines:
            paragraph = self._body_paragraph()
            if not indent:
                paragraph._p.get_or_add_pPr().get_or_add_ind().set(qn("w:firstLine"), "0")
            self._fill(paragraph, line, block)
        return paragraph

    def _body_paragraph(self) -> Any:
        """In the style of running text, by its id: python-docx looks through all styles for each paragraph."""
        paragraph = self._document.add_paragraph()
        paragraph._p.get_or_add_pPr().get_or_add_pStyle().set(qn("w:val"), "BodyText")
        return paragraph

    def heading(self, level: int, text: str) -> Any:
        """A heading of HD29's level: 0 Phần, 1 Mục (I.), 2 Khoản (1.), 3 Điểm (1.1.), 4 (1.1.1.), 5 (1.1.1.1.)."""
        block = self.layout.blocks[HEADINGS[level]]
        style = "Body Text" if level == 0 else f"Heading {level}"
        paragraph = self._document.add_paragraph(style=style)
        if level == 0:
            paragraph._p.get_or_add_pPr().get_or_add_ind().set(qn("w:firstLine"), "0")
            paragraph._p.get_or_add_pPr().get_or_add_jc().set(qn("w:val"), block.align)
        self._run(paragraph, text.upper() if block.caps else text, block)
        return paragraph

    # Blocks

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

    @property
    def _text_width(self) -> int:
        section = self._body.get_or_add_sectPr()  # the last one; python-docx would list all of them
        size, margins = section.pgSz, section.pgMar
        return sum(
            sign * int(part.get(qn(f"w:{name}")))
            for part, name, sign in ((size, "w", 1), (margins, "left", -1), (margins, "right", -1))
        )

    def head(
        self,
        settings: DocumentSettings,
        symbol: str | None,
        day: date | None,
        *,
        dispatch_subject: str = "",
        meeting_mark: str = "",
        urgency: str = "",
    ) -> None:
        """Issuer, *** and number at the left; the Union's heading with its rule, place and date at the right. Place and
        date are level with the number, the subject of a dispatch and the marks stand under it.

        What goes with another document has no number of its own: `symbol` is None.
        """
        has_marks = bool(dispatch_subject or meeting_mark or urgency or self.draft)
        rows = self._head_rows(
            settings.superior_lines,
            settings.issuer_lines,
            symbol,
            date_line(settings.place, day),
            3 if has_marks else 2,
        )
        if has_marks:
            left, right = rows[2]
            if dispatch_subject:
                self._component(left, "dispatch_subject", dispatch_subject, before_pt=2)
            if meeting_mark:
                self._component(left, "meeting_mark", meeting_mark, before_pt=2)
            if self.draft:
                self._component(left, "draft_mark", self.layout.draft_mark, before_pt=4)
            if urgency:
                self._component(left, "urgency", urgency, before_pt=4)
            self._component(right, "date_line", "")

    def _head_rows(
        self,
        superior: Sequence[str],
        issuer: Sequence[str],
        symbol: str | None,
        day: str,
        count: int = 2,
        *,
        has_asterisks: bool = True,
    ) -> list[tuple[Any, ...]]:
        """The rows of the head block, the first two filled; the others are empty."""
        left_width = twips(LEFT_COLUMN_MM)
        right_width = self._text_width - left_width
        rows = self._cells((left_width, right_width), count)
        left, right = rows[0]
        for line in superior:
            self._component(left, "superior", line)
        for line in issuer:
            self._component(left, "issuer", line)
        if has_asterisks:
            self._component(left, "asterisks", self.layout.asterisks)
        self._ruled(right, self.layout.heading, right_width)
        left, right = rows[1]
        self._component(left, "number", f"Số: {symbol}" if symbol is not None else "")
        self._component(right, "date_line", day)
        return rows

    def _ruled(self, cell: Any, text: str, width: int) -> None:
        """The Union's heading with a rule under it as long as the words."""
        heading = self._component(cell, "heading", text)
        words = round(bold_width_pt(text.upper(), self.layout.blocks["heading"].size) * 20)
        indent = max(0, width - words) // 2
        properties = heading._p.get_or_add_pPr()
        border = element("pBdr")
        border.append(element("bottom", val="single", sz=RULE_EIGHTHS, space=1, color="auto"))
        properties.insert_element_before(border, "w:spacing", "w:ind", "w:jc")
        properties.get_or_add_ind().set(qn("w:left"), str(indent))
        properties.get_or_add_ind().set(qn("w:right"), str(max(0, width - words - indent)))

    def title(self, kind: str, subject: str) -> None:
        """Tên loại and trích yếu with the broken line under it."""
        self._component(self._document, "title", kind, before_pt=12)
        for line in subject.split("\n"):
            self._component(self._document, "subject", line)
        self._component(self._document, "subject_rule", self.layout.subject_rule, after_pt=6)

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
        after = self._document.add_paragraph()
        self._spacing(after._p.get_or_add_pPr(), after_pt=0, line=0.5)

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
        after = self._document.add_paragraph()
        self._spacing(after._p.get_or_add_pPr(), after_pt=0, line=0.5)

    @staticmethod
    def _add_rows(table: Any, rows: Iterable[str]) -> None:
        for row in parse_xml(f'<w:rows xmlns:w="{nsmap["w"]}">{"".join(rows)}</w:rows>'):
            table._tbl.append(row)

    def prepared(self, settings: DocumentSettings) -> None:
        """Who drew the list up, at the left; the form of signing at the right. Names that are unknown print as gaps."""
        self._keep_with_next()
        left_width = twips(RECIPIENTS_COLUMN_MM)
        left, right = self._columns((left_width, self._text_width - left_width))
        gap = SIGNATURE_GAP_MM / 25.4 * 72
        self._component(left, "authority", "Người lập", before_pt=6)
        self._component(left, "signer_name", UNKNOWN, before_pt=gap + 16)
        self._signed(right, settings.authority, settings.signer_title, settings.signer_name)

    def _signed(self, cell: Any, authority: str, title: str, name: str) -> None:
        """The form of signing, the title under it where there is one, room for signature and seal, the name or a gap."""
        self._component(cell, "authority", authority, before_pt=6)
        if title:
            self._component(cell, "signer_title", title)
        self._signed_name(cell, name or UNKNOWN)

    def _signed_name(self, cell: Any, name: str) -> None:
        self._component(cell, "signer_name", name, before_pt=SIGNATURE_GAP_MM / 25.4 * 72)

    def signature(
        self,
        recipients: Sequence[str | RecipientLines],
        settings: DocumentSettings,
        picture: tuple[bytes, str, Sequence[str]] | None = None,
    ) -> None:
        """Nơi nhận at the left, level with the form of signing at the right. An unknown signer prints as a gap. Under the
        recipients a picture may stand, with a label and lines beside it.
        """
        self._keep_with_next()
        left_width = twips(RECIPIENTS_COLUMN_MM)
        left, right = self._columns((left_width, self._text_width - left_width))
        self._component(left, "recipients_label", "Nơi nhận:", before_pt=6)
        for one in recipients:
            if isinstance(one, str):
                self._component(left, "recipients", one)
            elif one.purpose:
                self._under_one_rule(left, one, left_width)
            else:
                for text, raised in one.lines:
                    self._recipient(left, text, raised)
        if picture:
            self._picture_beside(left, *picture, left_width)
        self._signed(right, settings.authority, settings.signer_title, settings.signer_name)

    def _recipient(self, cell: Any, text: str, raised: str) -> None:
        block = self.layout.blocks["recipients"]
        paragraph = self._component(cell, "recipients", text)
        if raised:
            run = self._run(paragraph, raised, block)
            run.rPr.append(element("vertAlign", val="superscript"))

    def _under_one_rule(self, cell: Any, block: RecipientLines, width: int) -> None:
        """Several lines, one rule at their right, and behind it the purpose that they share."""
        purpose_width = twips(20)
        [(lines, purpose)] = self._cells((width - purpose_width, purpose_width), 1, _Within(cell))
        for text, raised in block.lines:
            self._recipient(lines, text, raised)
        borders = element("tcBorders")
        borders.append(element("right", val="single", sz=4, space=0, color="auto"))
        lines._tc.tcPr.append(borders)
        purpose._tc.tcPr.append(element("vAlign", val="center"))
        written = self._component(purpose, "recipients", block.purpose)
        written._p.get_or_add_pPr().get_or_add_ind().set(qn("w:left"), str(twips(2)))

    def _picture_beside(self, cell: Any, png: bytes, label: str, lines: Sequence[str], width: int) -> None:
        [(left, right)] = self._cells((twips(QR_MM + 4), width - twips(QR_MM + 4)), 1, _Within(cell))
        paragraph = left.add_paragraph()
        self._spacing(paragraph._p.get_or_add_pPr(), before_pt=6, after_pt=0, line=1)
        # As `add_picture` does, which looks through the whole document for a free number.
        relation, _image = paragraph.part.get_or_add_image(BytesIO(png))
        self._pictures += 1
        side = Mm(QR_MM)
        picture = CT_Inline.new_pic_inline(self._pictures, relation, f"ma-{self._pictures}.png", side, side)
        paragraph.add_run()._r.add_drawing(picture)
        right._tc.tcPr.append(element("vAlign", val="center"))
        for text, is_strong in ((label, False), *((line, True) for line in lines)):
            self._small(right, text, size=12 if is_strong else 10, bold=is_strong)
        self._small(cell, "", size=2)  # Word asks for a paragraph behind a table within a cell

    def _small(self, container: Any, text: str, *, size: float, bold: bool = False, italic: bool = False) -> None:
        paragraph = container.add_paragraph()
        self._spacing(paragraph._p.get_or_add_pPr(), after_pt=0, line=1)
        self._run(paragraph, text, Block(size=size, bold=bold, italic=italic))

    def notes(self, texts: Sequence[str]) -> None:
        """Small lines at the end of a document."""
        self._small(self._document, "", size=4)
        for text in texts:
            self._small(self._document, text, size=10, italic=True)

    def _keep_with_next(self) -> None:
        """A signature never stands alone on a page: the last paragraph goes with it."""
        last = next((one for one in reversed(self._body) if one.tag == qn("w:p")), None)
        if last is not None:
            Paragraph(last, self._document._body).paragraph_format.keep_with_next = True

    def signed_by_two(self, signers: Sequence[tuple[str, str]]) -> None:
        """Minutes: (title, name) of the secretary at the left, of the chair at the right (domain.md 1.4)."""
        self._keep_with_next()
        half = self._text_width // 2
        for cell, (title, name) in zip(self._columns((half, half)), signers, strict=True):
            for number, line in enumerate(title.split("\n")):
                self._component(cell, "authority", line, before_pt=0 if number else 12)
            self._signed_name(cell, name or UNKNOWN)

    def _new_section(self, *, landscape: bool = False) -> None:
        """A new page with page numbers of its own; on paper printed on both sides it is a front side."""
        kind = WD_SECTION.ODD_PAGE if self.double_sided else WD_SECTION.NEW_PAGE
        section = self._document.add_section(kind)
        self._page(section, landscape=landscape)
        number = section._sectPr.find(qn("w:pgNumType"))
        if number is None:
            number = element("pgNumType")
            section._sectPr.insert_element_before(number, "w:cols", "w:titlePg", "w:docGrid")
        number.set(qn("w:start"), "1")

    def next_letter(self) -> None:
        """The next letter of a run begins: a page of its own, and header and footer of the first."""
        kind = WD_SECTION.ODD_PAGE if self.double_sided else WD_SECTION.NEW_PAGE
        section = self._document.add_section(kind)._sectPr
        if section.find(qn("w:pgNumType")) is None:
            section.insert_element_before(element("pgNumType", start=1), "w:cols", "w:titlePg", "w:docGrid")

    def appendix(self, title: str, subject: str = "", *, landscape: bool = False) -> None:
        """A new page with its own page numbers (HD29: an appendix is numbered on its own)."""
        self._new_section(landscape=landscape)
        self._component(self._document, "title", title)
        if subject:
            self._component(self._document, "subject", subject, after_pt=6)

    def addressee(self, *names: str) -> None:
        """Kính gửi: and to whom, in the middle; several stand below one another, each with a hyphen (domain.md 1.3). One
        name may have further lines, which stand under it.
        """
        ends = [";"] * (len(names) - 1) + ["."]
        lines = (
            names[0].split("\n")
            if len(names) == 1
            else [f"- {name}{end}" for name, end in zip(names, ends, strict=True)]
        )
        size = self.layout.blocks["addressee"].size
        label_width, slack = twips(ADDRESS_LABEL_MM), twips(ADDRESS_SLACK_MM)
        most = round(self._text_width * ADDRESS_SHARE) - label_width
        name_width = round(max(bold_width_pt(line, size) for line in lines) * 20) + slack
        if len(lines) == 1 and name_width <= most:
            paragraph = self._document.add_paragraph()
            self._form(paragraph, "address_label", before_pt=6, after_pt=6)
            paragraph._p.get_or_add_pPr().get_or_add_jc().set(qn("w:val"), "center")
            self._run(paragraph, "Kính gửi: ", self.layout.blocks["address_label"])
            self._run(paragraph, lines[0], self.layout.blocks["addressee"])
            return
        for number, (label, cell) in enumerate(self._cells((label_width, min(name_width, most)), len(lines))):
            spacing = {"before_pt": 6.0 if number == 0 else 0.0, "after_pt": 6.0 if number == len(lines) - 1 else 3.0}
            self._component(label, "address_label", "Kính gửi:" if number == 0 else "", **spacing)
            self._component(cell, "addressee", lines[number], **spacing)

    def line(self, line: Line) -> None:
        """A paragraph of a typed body."""
        if line.style == "section":
            self.heading(1, line.text)
        elif line.style == "point":
            self.heading(3, line.text)
        elif line.style == "closing":
            before, *rest = line.text.split(PAGE_COUNT)
            self.paragraph(before, *(part for text in rest for part in (PageCount(UNKNOWN), text)))
        elif line.strong and not line.text:
            self.heading(2, line.strong).paragraph_format.page_break_before = line.starts_page or None
        elif line.strong:
            self.paragraph(Strong(f"{line.strong} "), line.text)
        else:
            self.paragraph(line.text)

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

    def pictures(self, pictures: Pictures) -> None:
        """In the middle of a line of their own, each with its words for who does not see it."""
        from seminar.documents import pdf

        paragraph = self._document.add_paragraph()
        self._spacing(paragraph._p.get_or_add_pPr(), before_pt=6, after_pt=6, line=1)
        paragraph._p.get_or_add_pPr().get_or_add_jc().set(qn("w:val"), "center")
        wide = pictures.width_mm
        for one in pictures.row:
            relation, _image = paragraph.part.get_or_add_image(BytesIO(pdf.drawn(one.svg, wide)))
            self._pictures += 1
            size = (Mm(wide), Mm(wide * one.height_share))
            inline = CT_Inline.new_pic_inline(self._pictures, relation, f"bieu-do-{self._pictures}.png", *size)
            inline.docPr.set("descr", one.words)
            paragraph.add_run()._r.add_drawing(inline)

    def block(self, block: ContentBlock) -> None:
        if isinstance(block, Line):
            self.line(block)
        elif isinstance(block, Table):
            self.ruled_table(block)
        else:
            self.pictures(block)

    def annex(self, annex: Annex) -> None:
        self._new_section(landscape=annex.is_landscape)
        self.fill_annex(annex)

    def fill_annex(self, annex: Annex) -> None:
        """What stands on the pages of an annex, or of a form that stands alone."""
        if annex.head:
            self._head_rows(*annex.head, has_asterisks=annex.head[2] is not None)
        self._component(self._document, "title", annex.title, before_pt=6)
        for line in annex.subject.split("\n") if annex.subject else ():
            self._component(self._document, "subject", line, after_pt=6)
        if annex.attached_to:
            self.note(annex.attached_to)
        for block in annex.blocks:
            self.block(block)
        if annex.signature:
            half = self._text_width // 2
            left, right = self._columns((half, self._text_width - half))
            self._component(left, "authority", "")
            self._signed(right, *annex.signature, "")

    def write(self, content: Content) -> None:
        """The whole document."""
        self.head(
            content.settings,
            content.symbol,
            content.day,
            dispatch_subject=content.dispatch_subject,
            meeting_mark=content.meeting_mark,
            urgency=content.urgency,
        )
        if content.title:
            self.title(content.title, content.subject)
        if content.addressees:
            self.addressee(*content.addressees)
        for block in content.blocks:
            self.block(block)
        if content.signers:
            self.signed_by_two(content.signers)
        else:
            self.signature(printed_recipients(content.recipients, content.copies), content.settings)
        if content.notes:
            self.notes(content.notes)
        for annex in content.annexes:
            self.annex(annex)

    def note(self, text: str) -> None:
        """A line in brackets under the title: "(Kèm theo Kế hoạch số …)"."""
        for line in text.split("\n"):
            self._component(self._document, "meeting_mark", line, after_pt=6)

    def page_break(self) -> None:
        run = self._run(self._document.add_paragraph(), "")
        run.append(element("br", type="page"))

    def save(self) -> bytes:
        out = BytesIO()
        self._document.save(out)
        return out.getvalue()


class _Within:
    """A cell as something that takes a table among its paragraphs, without the paragraph that python-docx adds."""

    def __init__(self, cell: Any) -> None:
        self._cell = cell

    def add_table(self, rows: int, cols: int) -> Any:
        table = self._cell.add_table(rows, cols)
        behind = table._tbl.getnext()
        if behind is not None:
            self._cell._tc.remove(behind)
        return table


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


def content_docx(content: Content, now: datetime) -> bytes:
    """The document as a Word file."""
    settings = content.settings
    word = WordDocument(
        content.layout,
        title=f"{content.title} {content.subject}".strip(),
        now=now,
        draft=content.is_draft,
        landscape=content.is_landscape,
        double_sided=settings.is_double_sided,
        archive_mark=settings.archive_mark,
    )
    word.write(content)
    return word.save()


def table_pieces(content: Content) -> list[str]:
    """The tables of the text as XML, in their order, for the office's own template (merging.py)."""
    found = []
    for block in content.blocks:
        if isinstance(block, Table):
            word = _blank(content)
            word.ruled_table(block)
            found.append(_xml(word._body[:-1]))
    return found


def annex_pieces(content: Content) -> list[str]:
    """Each annex as XML: what stands in it, and the form of its pages, without header and footer of its own."""
    found = []
    for annex in content.annexes:
        word = _blank(content)
        word.annex(annex)
        section = word._body[-1]
        for name in ("w:headerReference", "w:footerReference"):
            for reference in section.findall(qn(name)):
                section.remove(reference)
        found.append(_xml(word._body[1:]))  # the first paragraph ends the section before
    return found


def _blank(content: Content) -> WordDocument:
    return WordDocument(
        content.layout, title="", now=datetime(2024, 1, 1), double_sided=content.settings.is_double_sided
    )


def _xml(elements: Iterable[Any]) -> str:
    whole = element("body")
    for one in elements:
        whole.append(one)
    return str(serialize_for_reading(whole))
