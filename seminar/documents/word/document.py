"""Whole documents with their annexes, written from a content (documents/content.py)."""

from collections.abc import Iterable
from datetime import datetime
from io import BytesIO
from typing import Any

from docx.oxml.ns import qn
from docx.oxml.shape import CT_Inline
from docx.oxml.xmlchemy import serialize_for_reading
from docx.shared import Mm

from seminar.documents.content import PAGE_COUNT, Annex, Block, Content, Line, Pictures, Table
from seminar.documents.rules import UNKNOWN, printed_recipients
from seminar.documents.word.elements import element
from seminar.documents.word.frame import Frame
from seminar.documents.word.runs import PageCount, Strong


class WordDocument(Frame):
    """One document, built from the top down."""

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

    def block(self, block: Block) -> None:
        if isinstance(block, Line):
            self.line(block)
        elif isinstance(block, Table):
            self.ruled_table(block)
        else:
            self.pictures(block)

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

    def appendix(self, title: str, subject: str = "", *, landscape: bool = False) -> None:
        """A new page with its own page numbers (HD29: an appendix is numbered on its own)."""
        self._new_section(landscape=landscape)
        self._component(self._document, "title", title)
        if subject:
            self._component(self._document, "subject", subject, after_pt=6)

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
