"""The frame of a letter or document: head, title and addressees above the text, recipients and signatures under it."""

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from typing import Any

from docx.oxml.ns import qn
from docx.oxml.shape import CT_Inline
from docx.shared import Mm
from docx.text.paragraph import Paragraph

from seminar.documents.rules import UNKNOWN, DocumentSettings, RecipientLines, date_line
from seminar.documents.word.elements import element, twips
from seminar.documents.word.runs import RULE_EIGHTHS
from seminar.documents.word.tables import Tables
from seminar.lib.text import unaccented

LEFT_COLUMN_MM = 76
RECIPIENTS_COLUMN_MM = 68
ADDRESS_LABEL_MM = 21
ADDRESS_SHARE = 0.86
"""Of the text's width, which "Kính gửi:" and the names may take at most."""
ADDRESS_SLACK_MM = 3
QR_MM = 31
SIGNATURE_GAP_MM = 27
"""Room for signature and seal (domain.md 1.1: some 25 to 30 mm)."""
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


def bold_width_pt(text: str, size: float) -> float:
    """How wide the words are in bold letters of the size."""
    return sum(BOLD.get(letter, DIGIT) for letter in unaccented(text)) * size / 1000


class Frame(Tables):
    """What stands around the text."""

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

    def note(self, text: str) -> None:
        """A line in brackets under the title: "(Kèm theo Kế hoạch số …)"."""
        for line in text.split("\n"):
            self._component(self._document, "meeting_mark", line, after_pt=6)

    def prepared(self, settings: DocumentSettings) -> None:
        """Who drew the list up, at the left; the form of signing at the right. Names that are unknown print as gaps."""
        self._keep_with_next()
        left_width = twips(RECIPIENTS_COLUMN_MM)
        left, right = self._columns((left_width, self._text_width - left_width))
        gap = SIGNATURE_GAP_MM / 25.4 * 72
        self._component(left, "authority", "Người lập", before_pt=6)
        self._component(left, "signer_name", UNKNOWN, before_pt=gap + 16)
        self._signed(right, settings.authority, settings.signer_title, settings.signer_name)

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

    def signed_by_two(self, signers: Sequence[tuple[str, str]]) -> None:
        """Minutes: (title, name) of the secretary at the left, of the chair at the right (domain.md 1.4)."""
        self._keep_with_next()
        half = self._text_width // 2
        for cell, (title, name) in zip(self._columns((half, half)), signers, strict=True):
            for number, line in enumerate(title.split("\n")):
                self._component(cell, "authority", line, before_pt=0 if number else 12)
            self._signed_name(cell, name or UNKNOWN)

    def _signed(self, cell: Any, authority: str, title: str, name: str) -> None:
        """The form of signing, the title under it where there is one, room for signature and seal, the name or a gap."""
        self._component(cell, "authority", authority, before_pt=6)
        if title:
            self._component(cell, "signer_title", title)
        self._signed_name(cell, name or UNKNOWN)

    def _signed_name(self, cell: Any, name: str) -> None:
        self._component(cell, "signer_name", name, before_pt=SIGNATURE_GAP_MM / 25.4 * 72)

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

    def _keep_with_next(self) -> None:
        """A signature never stands alone on a page: the last paragraph goes with it."""
        last = next((one for one in reversed(self._body) if one.tag == qn("w:p")), None)
        if last is not None:
            Paragraph(last, self._document._body).paragraph_format.keep_with_next = True

    def notes(self, texts: Sequence[str]) -> None:
        """Small lines at the end of a document."""
        self._small(self._document, "", size=4)
        for text in texts:
            self._small(self._document, text, size=10, italic=True)


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
