"""Is all of a Word file's text in the PDF that stands for it? In the child; whatever made the PDF, program or author."""

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from typing import Any

from seminar.papers.settling import settled

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
PARTS = ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml")
COUNTED = re.compile(r"\b(?:PAGE|PAGEREF|TOC|NUMPAGES|REF|DATE|TIME|SEQ)\b")
"""Fields whose result is made anew by each program."""
LEAST = 25
"""Characters from which a paragraph is worth looking for."""
PIECE = 12
SHOWN = 60


def squeezed(text: str) -> str:
    """Without spaces, case and invisible marks: line ends and columns of a PDF are not the author's."""
    return re.sub(r"[\s\u00ad\u200b]+", "", unicodedata.normalize("NFKC", text)).casefold()


def first_lost(word: bytes, pdf_text: str) -> str:
    """The beginning of the first paragraph that the PDF does not have; empty where all is there, or it has no text."""
    whole = squeezed(pdf_text)
    paragraphs = [one for one in _paragraphs(settled(word)) if len(squeezed(one)) >= LEAST]
    if len(whole) < sum(len(squeezed(one)) for one in paragraphs) / 5:
        return ""  # pictures of paper: told elsewhere
    lost = next((one for one in paragraphs if not _is_in(squeezed(one), whole)), "")
    return lost if len(lost) <= SHOWN else lost[:SHOWN].rstrip() + "…"


def _is_in(paragraph: str, whole: str) -> bool:
    """In one piece, or in two where a page ends in it."""
    if paragraph in whole:
        return True
    least, most = 0, len(paragraph)
    while least < most:  # the longest beginning that is there
        middle = (least + most + 1) // 2
        least, most = (middle, most) if paragraph[:middle] in whole else (least, middle - 1)
    return least >= PIECE and any(paragraph[cut:] in whole for cut in range(least, max(least - 6, 0), -1))


def _paragraphs(content: bytes) -> Iterator[str]:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        for name in PARTS:
            if name in packed.namelist():
                for one in etree.fromstring(packed.read(name), parser).iter(f"{W}p"):
                    if next(one.iterancestors(FALLBACK), None) is None:
                        yield _text(one)


def _text(paragraph: Any) -> str:
    """Of the paragraph itself, not of a text box in it; empty where a field of it counts something."""
    if any(COUNTED.search(one.text or "") for one in paragraph.iter(f"{W}instrText")) or any(
        COUNTED.search(one.get(f"{W}instr", "")) for one in paragraph.iter(f"{W}fldSimple")
    ):
        return ""
    pieces = []
    for one in paragraph.iter(f"{W}t", f"{W}noBreakHyphen"):
        run = next(one.iterancestors(f"{W}r"), None)
        is_hidden = run is not None and run.find(f"{W}rPr/{W}vanish") is not None
        if next(one.iterancestors(f"{W}p")) is paragraph and not is_hidden:
            pieces.append(one.text or "" if one.tag == f"{W}t" else "-")
    return "".join(pieces).strip()
