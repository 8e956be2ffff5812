"""The pages of a document: size and margins, styles, page numbers, sections."""

from dataclasses import replace
from datetime import datetime
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.section import WD_SECTION
from docx.oxml.ns import qn

from seminar.documents.layout import Block, Layout
from seminar.documents.word.elements import element, twips
from seminar.documents.word.runs import HEADINGS, Runs

TIGHT_AFTER_PT = 4
MOST_TITLE = 255
"""Characters that the properties of a Word file hold."""


class Page(Runs):
    """The pages of one document. `draft` prints the boxed mark of the rule set in its head."""

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

    @property
    def _text_width(self) -> int:
        section = self._body.get_or_add_sectPr()  # the last one; python-docx would list all of them
        size, margins = section.pgSz, section.pgMar
        return sum(
            sign * int(part.get(qn(f"w:{name}")))
            for part, name, sign in ((size, "w", 1), (margins, "left", -1), (margins, "right", -1))
        )

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

    def page_break(self) -> None:
        run = self._run(self._document.add_paragraph(), "")
        run.append(element("br", type="page"))

    def save(self) -> bytes:
        out = BytesIO()
        self._document.save(out)
        return out.getvalue()
