"""Papers as Vietnamese authors really send them, fictional and made when they are needed.

Each says what must be found in a book that holds it (`paragraphs`), what must not (`absent`: deleted text, comments), and
how many notes, tables, pictures, equations and landscape pages it has (`counts`). `missing` compares with a book's text.
"""

import io
import random
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

import docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Cm, Mm, Pt, RGBColor
from PIL import Image, ImageDraw

from seminar.lib.legacy import Legacy, encode
from seminar.papers.checking import pdf as pdf_files
from seminar.papers.checking import word as word_files

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
FOOTNOTES_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
BODIES = ("Chi đoàn Xưởng mộc", "Đoàn trường Bàu Sen", "Chi đoàn Trạm cân", "Đoàn xã Rạch Mít", "Chi đoàn Kho lạnh")
FAMILIES = ("Tống", "Mạc", "Khổng", "Cù", "Ninh", "Giáp", "Lều", "Ông", "Bành", "Thạch")
MIDDLES = ("Quế", "Hạ", "Sơn", "Trúc", "Đông")
GIVEN = ("Lam", "Vân", "Tùng", "Nhiên", "Phổ", "Khuê", "Mẫn", "Diễm", "Toại", "Luyến")
OPENINGS = (
    "Qua khảo sát tại cơ sở",
    "Từ thực tiễn sinh hoạt chi đoàn",
    "Theo số liệu của đơn vị",
    "Đối với công nhân làm ca",
    "Trong năm học vừa qua",
)
MIDDLE = (
    "việc bồi dưỡng đoàn viên ưu tú được giao cho từng đồng chí cấp ủy theo dõi",
    "số đoàn viên được học lớp nhận thức về Đảng tăng lên rõ rệt",
    "nhiều bạn trẻ còn ngại phấn đấu vì lịch làm việc và học tập dày",
    "hồ sơ kết nạp kéo dài do việc thẩm tra lý lịch ở xa",
    "sinh hoạt chuyên đề gắn với việc làm cụ thể đem lại kết quả tốt",
)
ENDINGS = (
    "và cần được nhân rộng.",
    "nên chi bộ phân công đảng viên giúp đỡ.",
    "tuy chưa đều giữa các nơi.",
    "vì thế cần có chỉ tiêu hằng quý.",
    "như các đồng chí đã góp ý tại hội nghị.",
)


@dataclass(frozen=True)
class Manuscript:
    """A paper as it is sent. `page_count` of a PDF; `paragraphs` in Unicode, whatever the file was typed in."""

    number: int
    title: str
    authors: str
    filename: str
    media_type: str
    content: bytes = field(repr=False)
    paragraphs: tuple[str, ...] = field(repr=False)
    absent: tuple[str, ...] = ()
    counts: Counter[str] = field(default_factory=Counter)
    page_count: int | None = None

    @property
    def is_word(self) -> bool:
        return self.media_type == word_files.MEDIA_TYPE


def squeezed(text: str) -> str:
    """Text without spaces, case and invisible marks: line ends and columns of a PDF are not the author's."""
    return re.sub(r"[\s\u00ad\u200b]+", "", unicodedata.normalize("NFKC", text)).casefold()


def missing(paragraphs: Sequence[str], text: str) -> list[str]:
    """The paragraphs that are not in the text; one that goes over the end of a page may stand in two pieces."""
    whole = squeezed(text)
    return [paragraph for paragraph in paragraphs if not _is_in(squeezed(paragraph), whole)]


def _is_in(paragraph: str, whole: str) -> bool:
    if paragraph in whole:
        return True
    least, most = 0, len(paragraph)
    while least < most:  # the longest beginning that is there
        middle = (least + most + 1) // 2
        least, most = (middle, most) if paragraph[:middle] in whole else (least, middle - 1)
    return least >= 12 and any(paragraph[cut:] in whole for cut in range(least, max(least - 6, 0), -1))


def prose(number: int, count: int, sentences: int = 3) -> list[str]:
    """Paragraphs that no other paper has: each says its own number."""
    dice = random.Random(number * 1000 + count * 10 + sentences)
    made = []
    for one in range(1, count + 1):
        parts = [f"{dice.choice(OPENINGS)}, {dice.choice(MIDDLE)} {dice.choice(ENDINGS)}" for _ in range(sentences)]
        made.append(f"Nhận định {number}.{one}.{sentences}: {' '.join(parts)}")
    return made


def author_of(number: int) -> str:
    return f"{FAMILIES[number % 10]} {MIDDLES[number // 10 % 5]} {GIVEN[number * 7 % 10]}"


def title_of(number: int) -> str:
    return f"Tạo nguồn phát triển Đảng trong đoàn viên trẻ ở cơ sở số {number}"


def picture(width: int = 600, height: int = 360, words: str = "Ảnh minh họa", kind: str = "PNG") -> bytes:
    image = Image.new("RGB", (width, height), "#dfe7f2")
    drawing = ImageDraw.Draw(image)
    drawing.rectangle((20, 20, width - 20, height - 20), outline="#1b4b9b", width=6)
    drawing.ellipse((width // 3, height // 4, width // 2, height // 2), fill="#c8102e")
    drawing.text((40, height - 60), words.encode("ascii", "ignore").decode(), fill="black")
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


class Typed:
    """A Word file being written, which remembers what a reader must find in it."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.document = docx.Document()
        self.paragraphs: list[str] = []
        self.absent: list[str] = []
        self.counts: Counter[str] = Counter()
        self.footnotes: list[str] = []

    def __getitem__(self, name: str):
        return self.document.styles[name]

    def text(self, text: str, style: str | None = None):
        self.paragraphs.append(text)
        return self.document.add_paragraph(text, style)

    def head(self) -> None:
        """As most begin: the word, the title in capitals, who speaks, for whom."""
        for text, is_bold in (("THAM LUẬN", True), (title_of(self.number).upper(), True)):
            paragraph = self.text(text)
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            paragraph.runs[0].bold = is_bold
        author = f"Đồng chí {author_of(self.number)} – Bí thư {BODIES[self.number % 5]} số {self.number}"
        self.text(author).alignment = WD_ALIGN_PARAGRAPH.RIGHT

    def body(self, count: int = 6, sentences: int = 3) -> None:
        for text in prose(self.number, count, sentences):
            paragraph = self.text(text)
            paragraph.paragraph_format.first_line_indent = Cm(1)
            paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY

    def heading(self, text: str, level: int = 1) -> None:
        self.paragraphs.append(text)
        self.document.add_heading(text, level)

    def headings(self) -> None:
        for level, mark in enumerate(("I.", "1.", "a)"), 1):
            self.heading(f"{mark} Phần cấp {level} của bài {self.number}", level)
            self.text(f"Lời dẫn của phần cấp {level} trong bài {self.number}.")

    def lists(self) -> None:
        for style, word in (("List Bullet", "Gạch đầu dòng"), ("List Number", "Bước"), ("List Bullet 2", "Ý nhỏ")):
            for one in range(1, 4):
                self.text(f"{word} thứ {one} của bài {self.number}", style)
        self.counts["lists"] += 3

    def own_list(self) -> None:
        """Numbering of the paper's own, not by a style: 1) 2) 3)."""
        numbering = self.document.part.numbering_part.element
        abstract = parse_xml(
            f'<w:abstractNum {W} w:abstractNumId="77"><w:multiLevelType w:val="hybridMultilevel"/>'
            '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%1)"/>'
            '<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="720" w:hanging="360"/></w:pPr></w:lvl></w:abstractNum>'
        )
        numbering.insert(0, abstract)
        numbering.append(parse_xml(f'<w:num {W} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
        for one in range(1, 4):
            properties = self.text(f"Giải pháp chữ cái {one} của bài {self.number}")._p.get_or_add_pPr()
            properties.append(parse_xml(f'<w:numPr {W}><w:ilvl w:val="0"/><w:numId w:val="77"/></w:numPr>'))
        self.counts["lists"] += 1

    def table(self, rows: int = 5, columns: int = 3, *, is_merged: bool = True) -> None:
        table = self.document.add_table(rows, columns, "Table Grid")
        for row in range(rows):
            for column in range(columns):
                if is_merged and (row, column) in ((0, 1), (2, 0)):
                    continue
                text = f"Ô {self.number}.{self.counts['tables']}.{row}.{column}"
                self.paragraphs.append(text)
                table.cell(row, column).text = text
        if is_merged:
            table.cell(0, 0).merge(table.cell(0, 1))
            table.cell(1, 0).merge(table.cell(2, 0))
        self.counts["tables"] += 1

    def footnote(self) -> None:
        text = f"Chú thích {self.number}.{len(self.footnotes) + 1}: số liệu do đơn vị tự tổng hợp."
        self.footnotes.append(text)
        self.paragraphs.append(text)
        paragraph = self.text(f"Câu có chú thích {self.number}.{len(self.footnotes)} ở cuối trang.")
        paragraph._p.append(
            parse_xml(
                f'<w:r {W}><w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
                f'<w:footnoteReference w:id="{len(self.footnotes)}"/></w:r>'
            )
        )
        self.counts["footnotes"] += 1

    def picture(self, kind: str = "PNG") -> None:
        content = picture(words=f"Anh {self.number}", kind=kind)
        self.document.add_picture(io.BytesIO(content), width=Mm(120))
        self.text(f"Hình {self.number}: Sinh hoạt chi đoàn (ảnh tự vẽ)").alignment = WD_ALIGN_PARAGRAPH.CENTER
        self.counts["pictures"] += 1

    def photo(self) -> None:
        self.picture("JPEG")

    def equation(self) -> None:
        paragraph = self.text(f"Tỷ lệ kết nạp của bài {self.number} tính như sau:")
        paragraph._p.addnext(
            parse_xml(
                f'<w:p {W} xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"><m:oMathPara><m:oMath>'
                "<m:r><m:t>T=</m:t></m:r><m:f><m:num><m:r><m:t>k</m:t></m:r></m:num><m:den><m:r><m:t>u</m:t></m:r></m:den>"
                "</m:f></m:oMath></m:oMathPara></w:p>"
            )
        )
        self.counts["equations"] += 1

    def landscape(self) -> None:
        """A wide table on a page of its own, then upright again."""
        section = self.document.add_section(WD_SECTION.NEW_PAGE)
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = section.page_height, section.page_width
        self.text(f"Biểu số {self.number}: số liệu ba năm")
        self.table(4, 9, is_merged=False)
        self.counts["landscape"] += 1

    def upright(self) -> None:
        section = self.document.add_section(WD_SECTION.NEW_PAGE)
        section.orientation = WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = section.page_height, section.page_width

    def letter(self) -> None:
        for section in self.document.sections:
            section.page_width, section.page_height = Mm(215.9), Mm(279.4)

    def own_pages(self) -> None:
        """A header and a page number of the paper's own; neither belongs into a book."""
        section = self.document.sections[0]
        header = f"Đầu trang riêng của bài {self.number}"
        section.header.paragraphs[0].text = header
        run = section.footer.paragraphs[0].add_run("Trang ")
        for kind in ("begin", None, "end"):
            if kind:
                run._r.append(parse_xml(f'<w:fldChar {W} w:fldCharType="{kind}"/>'))
            else:
                run._r.append(parse_xml(f"<w:instrText {W}> PAGE </w:instrText>"))
        self.absent.append(header)

    def text_box(self) -> None:
        text = f"Khung chữ {self.number}: Mỗi chi đoàn một đảng viên mới"
        self.paragraphs.append(text)
        shape = (
            '<v:shape id="_x0000_s1026" type="#_x0000_t202" style="width:240pt;height:48pt">'
            f"<v:textbox><w:txbxContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape>"
        )
        drawing = (
            '<w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="3048000" cy="609600"/>'
            '<wp:docPr id="1" name="Text Box 1"/><a:graphic><a:graphicData '
            'uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp><wps:cNvSpPr txBox="1"/>'
            '<wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="3048000" cy="609600"/></a:xfrm><a:prstGeom prst="rect"/>'
            f"</wps:spPr><wps:txbx><w:txbxContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:txbxContent></wps:txbx>"
            "<wps:bodyPr/></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing>"
        )
        self.document.element.body.insert_element_before(
            parse_xml(
                f'<w:p {W} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
                'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
                'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
                'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:v="urn:schemas-microsoft-com:vml">'
                f'<w:r><mc:AlternateContent><mc:Choice Requires="wps">{drawing}</mc:Choice>'
                f"<mc:Fallback><w:pict>{shape}</w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
            ),
            "w:sectPr",
        )
        self.counts["text boxes"] += 1

    def hyperlink(self) -> None:
        text = f"trang tin của bài {self.number}"
        paragraph = self.text("Xem thêm tại ")
        key = self.document.part.relate_to(f"https://example.vn/{self.number}", RELATIONSHIP_TYPE.HYPERLINK, True)
        link = parse_xml(
            f'<w:hyperlink {W} xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="{key}">'
            f"<w:r><w:t>{text}</w:t></w:r></w:hyperlink>"
        )
        paragraph._p.append(link)
        self.paragraphs[-1] = f"Xem thêm tại {text}"

    def changes(self) -> None:
        """Somebody corrected it with track changes on, and left a comment."""
        mark = 'w:author="Biên tập" w:date="2024-03-01T00:00:00Z"'
        paragraph = self.text(f"Câu đã sửa của bài {self.number}: ")
        paragraph._p.append(
            parse_xml(f'<w:ins {W} w:id="901" {mark}><w:r><w:t>chữ thêm vào {self.number}.</w:t></w:r></w:ins>')
        )
        paragraph._p.append(
            parse_xml(
                f'<w:del {W} w:id="902" {mark}><w:r><w:delText>chữ đã xóa {self.number}.</w:delText></w:r></w:del>'
            )
        )
        self.paragraphs[-1] = f"Câu đã sửa của bài {self.number}: chữ thêm vào {self.number}."
        remark = f"Góp ý bên lề {self.number}: nên viết gọn"
        self.document.add_comment(paragraph.runs, remark, author="Biên tập", initials="BT")
        self.absent += [f"chữ đã xóa {self.number}.", remark]

    def bookmark(self) -> None:
        """A place with a name and a reference to it; every paper's is called the same."""
        paragraph = self.text(f"Mục có dấu trang của bài {self.number}")
        paragraph._p.append(parse_xml(f'<w:bookmarkStart {W} w:id="0" w:name="_GoBack"/>'))
        paragraph._p.append(parse_xml(f'<w:bookmarkEnd {W} w:id="0"/>'))

    def other_looks(self) -> None:
        """Styles of the usual names that look otherwise, and one of the author's own."""
        for name, font, colour in (("Heading 1", "Comic Sans MS", "FF0000"), ("List Bullet", "Courier New", "00AA00")):
            self[name].font.name, self[name].font.size = font, Pt(19)
            self[name].font.color.rgb = RGBColor.from_string(colour)
        own = self.document.styles.add_style("Chữ của tôi", WD_STYLE_TYPE.PARAGRAPH)
        own.font.name, own.font.size, own.font.italic = "Verdana", Pt(11), True
        self.text(f"Đoạn theo kiểu riêng của bài {self.number}", "Chữ của tôi")

    def arial(self) -> None:
        self["Normal"].font.name, self["Normal"].font.size = "Arial", Pt(11)
        for text in prose(self.number, 2, 2):
            run = self.document.add_paragraph().add_run(text)
            run.font.name, run.font.size = "Arial", Pt(11)
            self.paragraphs.append(text)

    def polluted(self) -> None:
        """Everything in Heading 1 because it looked nice."""
        for text in prose(self.number, 3, 1):
            self.heading(text)

    def legacy(self) -> None:
        for text in prose(self.number, 3, 2):
            self.paragraphs.append(text)
            run = self.document.add_paragraph().add_run(encode(text, Legacy.TCVN3))
            run.font.name = ".VnTime"
            run._r.rPr.rFonts.set(qn("w:cs"), ".VnTime")
        self.counts["legacy"] += 1

    def _footnotes_part(self) -> bytes:
        special = "".join(
            f'<w:footnote w:type="{kind}" w:id="{key}"><w:p><w:r><w:{kind}/></w:r></w:p></w:footnote>'
            for key, kind in ((-1, "separator"), (0, "continuationSeparator"))
        )
        notes = "".join(
            f'<w:footnote w:id="{key}"><w:p><w:pPr><w:pStyle w:val="FootnoteText"/></w:pPr><w:r><w:rPr>'
            f'<w:vertAlign w:val="superscript"/></w:rPr><w:footnoteRef/></w:r><w:r><w:t xml:space="preserve"> {text}</w:t>'
            "</w:r></w:p></w:footnote>"
            for key, text in enumerate(self.footnotes, 1)
        )
        return f'<?xml version="1.0" encoding="UTF-8"?><w:footnotes {W}>{special}{notes}</w:footnotes>'.encode()

    def save(self) -> bytes:
        if self.footnotes:
            style = (
                f'<w:style {W} w:type="paragraph" w:styleId="FootnoteText"><w:name w:val="footnote text"/>'
                '<w:rPr><w:sz w:val="20"/></w:rPr></w:style>'
            )
            self.document.styles.element.append(parse_xml(style))
            name, package = PackURI("/word/footnotes.xml"), self.document.part.package
            part = Part(name, FOOTNOTES_TYPE, self._footnotes_part(), package)
            self.document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
        out = io.BytesIO()
        self.document.save(out)
        return out.getvalue()


KINDS: dict[str, tuple[str, ...]] = {
    "plain": (),
    "headings": ("headings",),
    "lists": ("lists", "own_list"),
    "tables": ("table", "table"),
    "footnotes": ("footnote", "footnote", "footnote"),
    "pictures": ("picture", "photo"),
    "equations": ("equation",),
    "landscape": ("landscape", "upright"),
    "landscape-last": ("landscape",),
    "letter": ("letter", "own_pages"),
    "text-box": ("text_box", "hyperlink"),
    "changes": ("changes", "bookmark"),
    "arial": ("arial",),
    "polluted": ("polluted",),
    "other-looks": ("other_looks", "headings", "lists"),
    "everything": (
        *("own_pages", "footnote", "table", "picture", "equation", "lists", "own_list", "text_box", "changes"),
        *("hyperlink", "bookmark", "footnote", "landscape"),
    ),
    "own-pages": ("own_pages",),
    "legacy": ("legacy",),
}
"""What a Word file of the kind has beside its title and its text."""


def word(kind: str, number: int) -> Manuscript:
    typed = Typed(number)
    typed.head()
    typed.body(6)
    for part in KINDS[kind]:
        getattr(typed, part)()
    typed.body(4, 4)
    return Manuscript(
        number,
        title_of(number),
        author_of(number),
        f"Tham luan {number} - {kind}.docx",
        word_files.MEDIA_TYPE,
        typed.save(),
        tuple(typed.paragraphs),
        tuple(typed.absent),
        typed.counts,
    )


def pdf(kind: str, number: int) -> Manuscript:
    """Kinds: `manuscript_pages.KINDS`."""
    from tests import manuscript_pages

    paragraphs = ["THAM LUẬN", title_of(number).upper(), author_of(number), *prose(number, 8)]
    content, page_count, found = manuscript_pages.KINDS[kind](paragraphs)
    return Manuscript(
        number,
        title_of(number),
        author_of(number),
        f"Tham luan {number} - {kind}.pdf",
        pdf_files.MEDIA_TYPE,
        content,
        tuple(found),
        counts=Counter(landscape=page_count if kind in ("landscape", "rotated") else 0),
        page_count=page_count,
    )


PDF_KINDS = ("upright", "landscape", "rotated", "letter", "a5", "scan", "mixed", "cropped")


@cache
def forty() -> tuple[Manuscript, ...]:
    """Forty papers: 32 in Word of every kind but the old fonts, and a PDF of each kind between them."""
    kinds = [kind for kind in KINDS if kind != "legacy"]
    made = []
    for number in range(1, 41):
        if number % 5 == 0:
            made.append(pdf(PDF_KINDS[number // 5 - 1], number))
        else:
            made.append(word(kinds[(number - number // 5) % len(kinds)], number))
    return tuple(made)
