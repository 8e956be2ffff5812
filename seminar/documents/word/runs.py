"""Runs of text and the paragraphs that they make: fonts, spacing, links, headings, numbers that Word counts itself."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from seminar.documents.layout import Block, Layout
from seminar.documents.word.elements import element
from seminar.lib.text import INVISIBLE

HEADINGS = {0: "part", 1: "section", 2: "clause", 3: "point", 4: "subpoint", 5: "subsubpoint"}
"""Levels of HD29: Phần, Mục I., Khoản 1., Điểm 1.1., 1.1.2., 1.1.2.1. Word's outline levels begin at 1."""
RULE_EIGHTHS = 6
LINK_COLOUR = "1B3A6B"


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


class Runs:
    """Text of a document, in the letters of its rule set."""

    layout: Layout
    _document: Any
    _links: dict[tuple[str, str], str]

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

    def _small(self, container: Any, text: str, *, size: float, bold: bool = False, italic: bool = False) -> None:
        paragraph = container.add_paragraph()
        self._spacing(paragraph._p.get_or_add_pPr(), after_pt=0, line=1)
        self._run(paragraph, text, Block(size=size, bold=bold, italic=italic))

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
