"""The papers made ready, bound into one Word file between what the book says of itself. In the child."""

from copy import deepcopy
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import nsmap, qn
from docxcompose.composer import Composer

from seminar.documents.layout import Block
from seminar.documents.word.document import WordDocument
from seminar.documents.word.elements import element, twips
from seminar.documents.word.runs import Strong
from seminar.documents.word.tables import Across, Row
from seminar.lib.text import clean, clean_block
from seminar.reports.documents import sections, uniform
from seminar.reports.documents.book import Book, BookPaper, BookPart, Excerpt
from seminar.reports.documents.book_docx import PAGE_MARK
from seminar.reports.documents.book_papers import made_path
from seminar.reports.documents.unlinked import W, find

PART, PAPER, AUTHORS, ENTRIES = "PartTitle", "PaperTitle", "PaperAuthors", ("TOC1", "TOC2")
COLOUR = "B3261E"
CONTENTS = ' TOC \\o "1-2" \\h \\z \\u '
"""By outline levels: only parts and titles of papers have the first two, and no list separator of a language is needed."""
DELEGATE_WIDTHS_MM = (11, 46, 47, 56)
NOTES = (
    f'<w:footnotes xmlns:w="{nsmap["w"]}" xmlns:r="{nsmap["r"]}">'
    '<w:footnote w:type="separator" w:id="-1"><w:p><w:pPr><w:spacing w:after="0" w:line="240" w:lineRule="auto"/></w:pPr>'
    "<w:r><w:separator/></w:r></w:p></w:footnote>"
    '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:pPr><w:spacing w:after="0" w:line="240" '
    'w:lineRule="auto"/></w:pPr><w:r><w:continuationSeparator/></w:r></w:p></w:footnote></w:footnotes>'
)


class Joining(Composer):
    """docxcompose without what is done here, once and at the end."""

    def _nothing(self, *_: Any) -> None:
        """The papers have the book's styles already; sections, bookmarks and ids are the book's."""

    add_styles = add_styles_from_other_parts = add_linked_styles = _nothing
    renumber_bookmarks = renumber_docpr_ids = renumber_nvpicpr_ids = _nothing
    fix_section_types = fix_header_and_footers = _nothing


class Binding(WordDocument):
    """One book, from the cover to the last page."""

    def __init__(self, book: Book) -> None:
        super().__init__(book.layout, title=" – ".join(book.title), now=book.now)
        self.book = book
        self.joining = Joining(self._document)
        self.joining.restart_numbering = False
        self._entries: list[tuple[int, str, str]] = []
        self._mark_count = 0
        part = self._document.part
        notes = Part(PackURI("/word/footnotes.xml"), CONTENT_TYPE.WML_FOOTNOTES, NOTES.encode(), part.package)
        part.relate_to(notes, RELATIONSHIP_TYPE.FOOTNOTES)
        compatible = self._document.settings.element.find(qn("w:compat"))
        compatible.addprevious(element("updateFields", val="true"))
        separators = element("footnotePr")
        for key in ("-1", "0"):
            separators.append(element("footnote", id=key))
        compatible.addprevious(separators)

    def bind(self, folder: str) -> list[int]:
        """Everything that is ready in the folder; the papers that were ready and could not be bound in."""
        parts = [part for part in self.book.parts if self._has_something(part, folder)]
        self._cover()
        self._boards()
        if self.book.foreword.strip():
            self._heading_of_own("Lời nói đầu")
            self._lines(self.book.foreword)
            self.page_break()
        contents = self._heading_of_own("Mục lục")
        self._front_ends()
        left_out = []
        for part in parts:
            left_out += self._part(part, folder)
        self._colophon()
        self._contents(contents)
        self._number_ids()
        return left_out

    def save_to(self, path: Path) -> None:
        self._document.save(str(path))

    # The form

    def _page(self, section: Any, *, landscape: bool = False) -> None:
        """The number of the page stands below, and not on the cover."""
        super()._page(section, landscape=landscape)
        section.header.is_linked_to_previous = True
        section.footer.is_linked_to_previous = False
        paragraph = section.footer.paragraphs[0]
        paragraph.style = self._document.styles["Normal"]
        self._form(paragraph, "page_number")
        self._field(paragraph._p, " PAGE ", "2")

    def _styles(self) -> None:
        super()._styles()
        styles, blocks, text = self._document.styles, self.layout.blocks, self.layout.text
        for level, name in ((3, "clause"), (4, "point"), (5, "subpoint"), (6, "subsubpoint")):
            style = styles[f"Heading {level}"]
            self._style(style, blocks[name], align="left", indent=True, after_pt=text.after_pt, line=text.line)
            style.paragraph_format.keep_with_next = True
        listed = styles["List Paragraph"]
        self._style(listed, blocks["body"], align="justify", indent=False, after_pt=text.after_pt, line=text.line)
        for name, key, block, align, after_pt, outline in (
            ("Tên phần", PART, Block(size=19, bold=True), "center", 12, 0),
            ("Tên tham luận", PAPER, Block(size=16, bold=True), "center", 6, 1),
            ("Tác giả tham luận", AUTHORS, Block(size=13, italic=True), "center", 0, None),
            ("Chữ trong bảng", uniform.CELL, Block(size=12), "left", 0, None),
            ("toc 1", ENTRIES[0], Block(size=13, bold=True), "left", 4, None),
            ("toc 2", ENTRIES[1], Block(size=13), "left", 3, None),
            ("footnote text", uniform.NOTE, Block(size=11), "justify", 0, None),
        ):
            style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=name.startswith(("toc", "foot")))
            style.element.set(qn("w:styleId"), key)
            style.base_style = styles["Normal"]
            self._style(style, block, align=align, indent=False, after_pt=after_pt, line=1)
            if key in (PART, PAPER):
                style.paragraph_format.keep_with_next = True
                style.element.get_or_add_pPr().append(element("outlineLvl", val=outline))
        for key, left in zip(ENTRIES, (0, 340), strict=True):
            properties = next(one for one in styles.element if one.get(qn("w:styleId")) == key).get_or_add_pPr()
            tabs = element("tabs")
            tabs.append(element("tab", val="right", leader="dot", pos=self._text_width_of_page()))
            properties.insert(0, tabs)
            properties.find(qn("w:spacing")).addnext(element("ind", left=left, right=567))
        sign = styles.add_style("footnote reference", WD_STYLE_TYPE.CHARACTER, builtin=True)
        sign.element.set(qn("w:styleId"), uniform.NOTE_SIGN)
        sign.element.get_or_add_rPr().append(element("vertAlign", val="superscript"))

    def _text_width_of_page(self) -> int:
        page = self.layout.page
        return twips(page.width_mm - page.left_mm - page.right_mm)

    def _field(self, parent: Any, code: str, shown: str) -> None:
        for kind, text in (("begin", ""), ("instrText", code), ("separate", ""), ("t", shown), ("end", "")):
            parent.append(self._run_of(kind, text))

    def _styled(self, key: str, text: str) -> Any:
        paragraph = self._document.add_paragraph()
        paragraph._p.get_or_add_pPr().get_or_add_pStyle().set(qn("w:val"), key)
        self._run(paragraph, text)
        return paragraph

    def _lines(self, text: str) -> None:
        for line in clean_block(text).split("\n"):
            if line:
                self.paragraph(line)

    # What the book says of itself

    def _centred(self, text: str, size: float, **form: Any) -> None:
        """`form`: bold, italic, colour, before_pt, after_pt."""
        paragraph = self._document.add_paragraph()
        self._spacing(
            paragraph._p.get_or_add_pPr(),
            before_pt=form.get("before_pt", 0),
            after_pt=form.get("after_pt", 6),
            line=1.1,
        )
        paragraph._p.get_or_add_pPr().get_or_add_jc().set(qn("w:val"), "center")
        block = Block(size=size, bold=form.get("bold", False), italic=form.get("italic", False))
        self._run(paragraph, text, block, colour=form.get("colour", ""))

    def _cover(self) -> None:
        book = self.book
        for line in book.issuers:
            self._centred(line.upper(), 15, bold=True)
        self._centred(self.layout.asterisks, 14)
        first, *rest = book.title if len(book.title) > 1 else ("", *book.title)
        self._centred(first.upper(), 34, bold=True, colour=COLOUR, before_pt=130, after_pt=18)
        for line in rest:
            self._centred(line.upper(), 19, bold=True)
        if book.theme:
            self._centred(f"“{book.theme}”", 16, italic=True, before_pt=12)
        self._centred(book.printed_as, 13, italic=True, before_pt=150)
        self._centred(book.place, 14, bold=True)
        self.page_break()

    def _boards(self) -> None:
        lines = [line.strip() for line in self.book.boards if line.strip()]
        for line in lines:
            if line.endswith(":"):
                self._centred(line.rstrip(":").upper(), 15, bold=True, before_pt=24, after_pt=12)
            else:
                self._centred(line, 14)
        if lines:
            self.page_break()

    def _heading_of_own(self, text: str) -> Any:
        self._centred(text.upper(), 15, bold=True, after_pt=18)
        return self._body[-2]  # the last one is the section's

    def _front_ends(self) -> None:
        """Cover without a number, then i, ii …; from the first part on 1, 2 …"""
        front = self._document.sections[0]._sectPr
        ended = deepcopy(front)
        for name in ("w:headerReference", "w:footerReference"):
            for reference in front.findall(qn(name)):
                front.remove(reference)
        for properties, form, start in ((ended, "lowerRoman", 0), (front, "decimal", None)):
            number = properties.find(qn("w:pgNumType"))
            if number is None:
                number = element("pgNumType")
                properties.insert_element_before(number, "w:cols", "w:titlePg", "w:docGrid")
            number.set(qn("w:fmt"), form)
            if start is not None:
                number.set(qn("w:start"), str(start))
            properties.titlePg_val = properties is ended
        borders = element("pgBorders", display="firstPage", offsetFrom="page")
        for side in ("top", "left", "bottom", "right"):
            borders.append(element(side, val="thinThickSmallGap", sz=24, space=24, color=COLOUR))
        ended.insert_element_before(borders, "w:lnNumType", "w:pgNumType", "w:cols", "w:titlePg", "w:docGrid")
        sections.end_with(self._body, ended)

    def _section_ends(self) -> None:
        sections.end_with(self._body, sections.section(self.layout.page, wide=False))

    def _colophon(self) -> None:
        book = self.book
        self._section_ends()
        for number, line in enumerate((" – ".join(book.title), *book.issuers, book.printed_as)):
            self._centred(line, 12, before_pt=480 if number == 0 else 0)
        self._centred(f"Hoàn thành tháng {book.now:%m/%Y}.", 12)

    # Parts

    @staticmethod
    def _has_something(part: BookPart, folder: str) -> bool:
        is_ready = any(made_path(folder, paper.paper_id).exists() for paper in part.papers)
        return bool(is_ready or part.text.strip() or part.excerpts or part.delegates)

    def _part(self, part: BookPart, folder: str) -> list[int]:
        papers = [paper for paper in part.papers if made_path(folder, paper.paper_id).exists()]
        if self._entries and self._body[-2].find(f"{W}pPr/{W}sectPr") is None:
            self._section_ends()
        title = self._styled(PART, part.title)
        if papers:
            self._spacing(title._p.get_or_add_pPr(), before_pt=210, after_pt=24, line=1.1)
        self._mark(title._p, 0, part.title)
        self._lines(part.text)
        left_out = []
        if papers:
            self._section_ends()
            left_out = [paper.paper_id for paper in papers if not self._paper(paper, folder)]
        for one in part.excerpts:
            self._excerpt(one)
        if part.delegates:
            self._delegates(part)
        return left_out

    def _paper(self, paper: BookPaper, folder: str) -> bool:
        """Whether it could be bound in; if not, nothing of it stays."""
        before = list(self._body)
        entries = list(self._entries)
        try:
            made: Any = Document(str(made_path(folder, paper.paper_id)))
            self._own_names(made, paper.paper_id)
            self._mark(self._styled(PAPER, paper.title)._p, 1, paper.title)
            for number, line in enumerate(paper.authors, 1):
                author = self._styled(AUTHORS, line)
                after_pt = 14 if number == len(paper.authors) else 0
                self._spacing(author._p.get_or_add_pPr(), after_pt=after_pt, line=1)
            self.joining.append(made, remove_property_fields=False)
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 - whatever is left in an author's file
            for one in [one for one in self._body if one not in before]:
                self._body.remove(one)
            self._entries = entries
            return False
        return True

    def _own_names(self, made: Any, paper_id: int) -> None:
        """Bookmarks and diagrams of all papers are called the same; in the book each has a name of its own."""
        names: dict[str, str] = {}
        keys: dict[str, str] = {}
        body = made.element.body
        for one in body.iter(W + "bookmarkStart"):
            self._mark_count += 1
            names[one.get(W + "name")] = f"_P{paper_id}_{self._mark_count}"
            keys[one.get(W + "id")] = str(self._mark_count)
            one.set(W + "name", names[one.get(W + "name")])
            one.set(W + "id", str(self._mark_count))
        for one in body.iter(W + "bookmarkEnd"):
            one.set(W + "id", keys[one.get(W + "id")])
        for one in body.iter(W + "hyperlink"):
            one.set(W + "anchor", names[one.get(W + "anchor")])
        for rel in made.part.rels.values():
            if not rel.is_external and "/diagrams/" in str(rel.target_part.partname):
                path = str(rel.target_part.partname)
                rel.target_part.partname = PackURI(path.replace("/diagrams/", f"/diagrams/p{paper_id}-"))

    def _excerpt(self, one: Excerpt) -> None:
        said = [Strong(one.speaker)] if one.speaker else []
        paragraph = self.paragraph(*said, f", {one.duty}" if one.duty and one.speaker else one.duty)
        if one.kind:
            self._run(paragraph, f" ({one.kind})", Block(size=self.layout.blocks["body"].size, italic=True))
        paragraph.paragraph_format.keep_with_next = True
        self._lines(one.text)

    def _delegates(self, part: BookPart) -> None:
        lines: list[Row | Across] = []
        group = None
        for number, row in enumerate(part.delegates, 1):
            if row.group != group:
                group = row.group
                lines.append(Across(group))
            lines.append(Row((number, row.name, row.position, row.body)))
        headings = [[(text, 1, 1) for text in ("TT", "Họ và tên", "Chức vụ", "Đơn vị")]]
        self.long_table(headings, lines, DELEGATE_WIDTHS_MM, centred=(0,))

    # Contents

    def _mark(self, paragraph: Any, level: int, text: str) -> None:
        """Makes the paragraph a line of the contents."""
        self._mark_count += 1
        name = f"_Toc{900000 + len(self._entries)}"
        first = next(one for one in paragraph if one.tag != W + "pPr")
        start = element("bookmarkStart", id=self._mark_count)
        start.set(W + "name", name)
        first.addprevious(start)
        paragraph.append(element("bookmarkEnd", id=self._mark_count))
        self._entries.append((level, name, clean(text)))

    def _contents(self, heading: Any) -> None:
        """A field whose entries stand there already; `book_docx` puts the numbers in, Word counts anew. The field
        ends before the last paragraph of its section: LibreOffice prints no page numbers in a section that ends within.
        """
        lines = [self._contents_line(number, *entry) for number, entry in enumerate(self._entries)]
        if not lines:
            heading.addnext(self._line_of(self._run_of("t", "Chưa có tham luận nào được chọn in kỷ yếu.")))
            return
        opening = (self._run_of("begin"), self._run_of("instrText", CONTENTS), self._run_of("separate"))
        for number, run in enumerate(opening, 1):
            lines[0].insert(number, run)
        for run in (self._run_of("end"), element("r")):
            lines.append(self._line_of(run))
            lines[-1].insert(0, element("pPr"))
            lines[-1][0].append(element("spacing", before=0, after=0, line=20, lineRule="exact"))
        lines[-1][0].append(heading.find(f"{W}pPr/{W}sectPr"))
        for line in reversed(lines):
            heading.addnext(line)

    def _contents_line(self, number: int, level: int, name: str, text: str) -> Any:
        paragraph = element("p")
        form = element("pPr")
        form.append(element("pStyle", val=ENTRIES[level]))
        paragraph.append(form)
        link = element("hyperlink", anchor=name, history=1)
        link.append(self._run_of("t", text))
        link.append(self._run_of("tab"))
        self._field(link, f" PAGEREF {name} \\h ", PAGE_MARK % number)
        paragraph.append(link)
        return paragraph

    @staticmethod
    def _line_of(run: Any) -> Any:
        paragraph = element("p")
        paragraph.append(run)
        return paragraph

    @staticmethod
    def _run_of(kind: str, text: str = "") -> Any:
        """A run with a text, a code, a tab, or the begin, separate or end of a field."""
        run = element("r")
        if kind in ("begin", "separate", "end"):
            run.append(element("fldChar", fldCharType=kind))
        else:
            piece = element(kind)
            if text:
                piece.text = text
                piece.set(qn("xml:space"), "preserve")
            run.append(piece)
        return run

    def _number_ids(self) -> None:
        """Each drawing has an id of its own, and the pages count from 1 where the first part begins."""
        body = self._body
        for number, one in enumerate(body.iter(qn("wp:docPr")), 1):
            one.set("id", str(number))
        for number, one in enumerate(body.iter(qn("pic:cNvPr")), 1):
            one.set("id", str(number))
        _, first, *_rest = body.iter(W + "sectPr")
        number = find(first, "pgNumType")
        if number is None:
            number = element("pgNumType", fmt="decimal")
            find(first, "cols").addprevious(number)
        number.set(W + "start", "1")


class Alone(Binding):
    """One paper under its title, as it stands in the book, without numbers of pages."""

    def _page(self, section: Any, *, landscape: bool = False) -> None:
        WordDocument._page(self, section, landscape=landscape)
        section.different_first_page_header_footer = False
        section.header.is_linked_to_previous = True

    def bind_paper(self, paper: BookPaper, folder: str, out: Path) -> bool:
        """Writes it where it could be bound; the section of its last paragraph becomes that of the file."""
        if not self._paper(paper, folder):
            return False
        last = find(self._body[-2].pPr, "sectPr")
        self._body[-1].addnext(last)
        self._body.remove(self._body[-2])
        self.save_to(out)
        return True
