"""PDFs as scanners, phones and other countries' programs make them: the pages of `manuscripts.pdf`."""

import io
import random
from collections.abc import Callable, Sequence
from pathlib import Path

import pypdf
import typst
from PIL import Image, ImageDraw, ImageFont
from pypdf.generic import RectangleObject

FONTS = Path(__file__).parents[1] / "static" / "vendor"
Made = tuple[bytes, int, Sequence[str]]
"""(file, pages, the paragraphs that can be read in it)"""


def typeset(paragraphs: Sequence[str], page: str = 'paper: "a4"') -> bytes:
    text = "\n\n".join("#" + repr_of(paragraph) for paragraph in paragraphs)
    source = f'#set page({page}, margin: 20mm)\n#set text(font: ("Tinos", "Libertinus Serif"), size: 13pt)\n{text}'
    return typst.compile(source.encode(), font_paths=[str(FONTS)], ignore_system_fonts=True)


def repr_of(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def scan(paragraphs: Sequence[str]) -> bytes:
    """A page of A4 at 150 dpi with grey noise; no text in it, and none that a font could be asked for."""
    pages = []
    dice = random.Random(1)
    path = FONTS / "Tinos-Regular.ttf"
    font = ImageFont.truetype(str(path), 26) if path.exists() else ImageFont.load_default(26)
    for start in range(0, len(paragraphs), 6):
        page = Image.new("L", (1240, 1754), 246)
        drawing = ImageDraw.Draw(page)
        y = 120
        for paragraph in paragraphs[start : start + 6]:
            words, line = paragraph.split(), ""
            for word in [*words, ""]:
                if not word or drawing.textlength(f"{line} {word}", font) > 1000:
                    drawing.text((120, y), line, fill=30, font=font)
                    line, y = "", y + 38
                line = f"{line} {word}".strip()
            y += 24
        for _ in range(400):
            drawing.point((dice.randrange(1240), dice.randrange(1754)), fill=160)
        pages.append(page.rotate(0.4, fillcolor=246))
    out = io.BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=150)
    return out.getvalue()


def pages_of(content: bytes) -> int:
    return len(pypdf.PdfReader(io.BytesIO(content)).pages)


def plain(page: str) -> Callable[[Sequence[str]], Made]:
    def make(paragraphs: Sequence[str]) -> Made:
        content = typeset(paragraphs, page)
        return content, pages_of(content), paragraphs

    return make


def written(writer: pypdf.PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def rotated(paragraphs: Sequence[str]) -> Made:
    """Landscape pages kept as upright ones with /Rotate, as scanners do; they are read upright."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(typeset(paragraphs, 'paper: "a4", flipped: true')))
    for page in writer.pages:
        page.rotate(90)
        page.transfer_rotation_to_content()
        page.rotate(-90)
    return written(writer), len(writer.pages), paragraphs


def mixed(paragraphs: Sequence[str]) -> Made:
    """Text, a scanned page, an A5 page lying on its side and a Letter page in one file."""
    writer = pypdf.PdfWriter()
    third = len(paragraphs) // 3
    typed = [paragraphs[:third], paragraphs[third : 2 * third], paragraphs[2 * third :]]
    writer.append(io.BytesIO(typeset(typed[0])))
    writer.append(io.BytesIO(scan(["Trang chụp bằng điện thoại, không có chữ để tìm."])))
    writer.append(io.BytesIO(typeset(typed[1], 'paper: "a5", flipped: true')))
    writer.append(io.BytesIO(typeset(typed[2], 'paper: "us-letter"')))
    return written(writer), len(writer.pages), paragraphs


def cropped(paragraphs: Sequence[str]) -> Made:
    """A page on a larger sheet, of which a viewer shows the inner part, whose corner is not 0, 0."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(typeset(paragraphs, "width: 260mm, height: 347mm")))
    for page in writer.pages:
        page.cropbox = RectangleObject((40, 40, float(page.mediabox.width) - 40, float(page.mediabox.height) - 40))
    return written(writer), len(writer.pages), paragraphs


def scanned(paragraphs: Sequence[str]) -> Made:
    content = scan(paragraphs)
    return content, pages_of(content), ()


KINDS: dict[str, Callable[[Sequence[str]], Made]] = {
    "upright": plain('paper: "a4"'),
    "landscape": plain('paper: "a4", flipped: true'),
    "rotated": rotated,
    "letter": plain('paper: "us-letter"'),
    "a5": plain('paper: "a5"'),
    "scan": scanned,
    "mixed": mixed,
    "cropped": cropped,
}
