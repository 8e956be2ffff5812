"""One paper made ready for the Word book, in the child: a Word file in the book's looks, or the pages of a PDF as pictures.

Each answer is written beside the file that was made, as soon as it is made: whoever reads them knows which paper brought
the child down, and goes on without it.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from seminar.documents.layout import Layout, Page
from seminar.lib.errors import Message
from seminar.lib.text import INVISIBLE, clean
from seminar.reports.documents.book import BookPaper

MM = 72 / 25.4
DPI = 150
MOST_PIXELS = 3600
"""On a side; a plan of two metres is drawn coarser."""
QUALITY = 82
PAPER_WHITE = 244
MARGIN_MM = 3
HEADING_MM = 34
"""Room above the first page of a PDF for the paper's title; each further line takes more."""
LINE_MM = 8
LINE_LETTERS = 48
TEXT_MOST = 8000

AS_PICTURES = Message(
    "It came as a PDF only, so its pages are pictures in the Word book; a Word file from the author would be better."
)
WORD_BROKEN = Message(
    "Its Word file could not be bound in, so the pages of its PDF stand in the Word book as pictures."
)
NOT_BOUND = Message(
    "It is not in the Word book: its file could not be opened. Save it anew in Word and send it, then build again."
)
NO_FILE = Message("It is not in the Word book: there is neither a Word file nor a PDF of it.")
OLD_FONT = Message(
    "Parts of it are typed in fonts older than Unicode (.Vn…, VNI-…) and print right only where these fonts are."
)
SCAN = Message(
    "Some of its pages have no text, as scans have none: in the Word book they cannot be searched or corrected."
)


@dataclass
class Ready:
    """What became of a paper. `remarks` are msgids."""

    paper_id: int
    is_made: bool = False
    remarks: list[str] = field(default_factory=list)


def made_path(folder: str, paper_id: int) -> Path:
    return Path(folder) / f"ready-{paper_id}.docx"


def answer_path(folder: str, paper_id: int) -> Path:
    return Path(folder) / f"ready-{paper_id}.json"


def make_ready(folder: str, layout: Layout, papers: Sequence[BookPaper]) -> None:
    """Writes `ready-<id>.docx` and `ready-<id>.json` of each paper into the folder, one after the other."""
    for paper in papers:
        ready = Ready(paper.paper_id)
        if paper.word is not None:
            try:
                ready.remarks += from_word(paper, layout.page, made_path(folder, paper.paper_id))
                ready.is_made = True
            except MemoryError:
                raise
            except Exception:  # noqa: BLE001 - whatever an author's file provokes; the next way is tried
                ready.remarks.append(WORD_BROKEN.msgid if paper.pdf is not None else NOT_BOUND.msgid)
        if not ready.is_made and paper.pdf is not None:
            try:
                remarks = from_pdf(paper, layout, made_path(folder, paper.paper_id))
                ready.remarks += remarks if paper.word is None else [*remarks[1:]]
                ready.is_made = True
            except MemoryError:
                raise
            except Exception:  # noqa: BLE001
                ready.remarks = [NOT_BOUND.msgid]
        if paper.word is None and paper.pdf is None:
            ready.remarks.append(NO_FILE.msgid)
        answer_path(folder, paper.paper_id).write_text(json.dumps(asdict(ready)))


def from_word(paper: BookPaper, page: Page, out: Path) -> list[str]:
    """The author's file cleared and dressed; remarks as msgids."""
    from docx import Document

    from seminar.reports.documents import pictures, uniform, unlinked

    document: Any = Document(str(paper.word))
    notes, remarks = unlinked.cleared(document)
    has_legacy = uniform.dressed(document, notes, page, paper.title)
    unlinked.keep_notes(document, notes)
    pictures.lighten(document)
    document.save(str(out))
    return remarks + [OLD_FONT.msgid] * has_legacy


def from_pdf(paper: BookPaper, layout: Layout, out: Path) -> list[str]:
    """A Word file with a picture of each page, whose alternative text is the page's text."""
    import pypdfium2
    from docx import Document
    from docx.shared import Mm

    from seminar.documents.word.elements import element
    from seminar.reports.documents import sections

    document: Any = Document()
    body = document.element.body
    body.remove(body.sectPr)
    page = layout.page
    has_scan, was_wide = False, None
    with pypdfium2.PdfDocument(str(paper.pdf)) as source:
        if len(source) == 0:
            raise ValueError("no pages")
        for number, one in enumerate(source):
            picture, width, height = drawn(one)
            text = clean_text(one.get_textpage().get_text_range())
            has_scan = has_scan or not text
            is_wide = width > height
            if was_wide not in (None, is_wide):
                sections.end_with(body, sections.section(page, wide=bool(was_wide)))
            room_width = (page.height_mm if is_wide else page.width_mm) - page.left_mm - page.right_mm
            room_height = (page.width_mm if is_wide else page.height_mm) - page.top_mm - page.bottom_mm - 4
            if number == 0:
                room_height -= heading_mm(paper)
            share = min(1, room_width / width, room_height / height)
            paragraph = document.add_paragraph()
            properties = paragraph._p.get_or_add_pPr()
            properties.append(element("spacing", before=0, after=0, line=240, lineRule="auto"))
            properties.append(element("ind", firstLine=0))
            properties.append(element("jc", val="center"))
            paragraph.paragraph_format.page_break_before = was_wide == is_wide
            content = BytesIO()
            picture.save(content, "JPEG", quality=QUALITY, dpi=(DPI, DPI))
            frame = paragraph.add_run().add_picture(content, Mm(width * share), Mm(height * share))
            name = frame._inline.docPr
            name.set("name", clean(f"{paper.title[:80]}, {number + 1}"))
            name.set("descr", text or clean(paper.title))
            was_wide = is_wide
    sections.end_with(body, sections.section(page, wide=bool(was_wide)))
    document.save(str(out))
    return [AS_PICTURES.msgid] + [SCAN.msgid] * has_scan


def heading_mm(paper: BookPaper) -> float:
    """How much of the first page its title and authors take."""
    lines = sum(1 + len(line) // LINE_LETTERS for line in (paper.title, *paper.authors))
    return HEADING_MM + LINE_MM * (lines - 2)


def drawn(page: Any) -> tuple[Any, float, float]:
    """(picture of the page without its white margins, width and height in mm), turned as it is read."""
    from PIL import ImageChops

    width, height = page.get_size()
    scale = min(DPI / 72, MOST_PIXELS / max(width, height))
    picture = page.render(scale=scale).to_pil().convert("RGB")
    small = picture.resize((max(picture.width // 4, 1), max(picture.height // 4, 1)))
    if ImageChops.difference(small, small.convert("L").convert("RGB")).convert("L").point(is_colour).getbbox() is None:
        picture = picture.convert("L")
    grey = picture.convert("L").point(lambda level: 255 if level < PAPER_WHITE else 0)
    box = grey.getbbox() or (0, 0, picture.width, picture.height)
    margin = round(MARGIN_MM * MM * scale)
    box = (
        max(box[0] - margin, 0),
        max(box[1] - margin, 0),
        min(box[2] + margin, picture.width),
        min(box[3] + margin, picture.height),
    )
    if width >= height and box[2] - box[0] <= box[3] - box[1]:  # a wide page stays one
        box = (0, box[1], picture.width, box[3])
    if width < height and box[2] - box[0] > box[3] - box[1]:
        box = (box[0], box[1], box[2], min(box[1] + box[2] - box[0], picture.height))
    picture = picture.crop(box)
    return picture, picture.width / scale / MM, picture.height / scale / MM


def is_colour(level: int) -> int:
    return 255 if level > 12 else 0


def clean_text(text: str) -> str:
    return clean(INVISIBLE.sub("", text.replace("\r", " ").replace("\n", " ")))[:TEXT_MOST]
