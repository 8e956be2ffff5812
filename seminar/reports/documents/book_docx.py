"""The proceedings as a Word file for polishing: cover, boards, foreword, contents, parts, papers, excerpts, delegates.

Papers are made ready one by one in children (book_papers), bound together by docxcompose in another, and counted by
LibreOffice where it is there; Word counts anew when the file is opened. What docxcompose does to styles, sections and ids
is done here instead: it takes the first style of a name, loses the last section and renumbers bookmarks out of step.
"""

import json
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from seminar.lib.errors import Message, Refused
from seminar.lib.isolated import run_isolated
from seminar.lib.scratch import scratch
from seminar.papers import converting
from seminar.reports.documents.book import Book, BookPaper, Made, Problem
from seminar.reports.documents.book_papers import NOT_BOUND, WORD_BROKEN, answer_path, made_path, make_ready

SECONDS = 240
MEMORY_BYTES = 4_000_000_000
BOOK = "book.docx"
PAGE_MARK = "PAGE-OF-%d-"
PIXEL = bytes.fromhex(
    "474946383761010001008700000000000101010202020303030404040505050606060707070808080909090a0a0a0b0b0b0c0c0c0d0d0d0e0e0e0f0f0f1010101111111212121313131414141515151616161717171818181919191a1a1a1b1b1b1c1c1c1d1d1d1e1e1e1f1f1f2020202121212222222323232424242525252626262727272828282929292a2a2a2b2b2b2c2c2c2d2d2d2e2e2e2f2f2f3030303131313232323333333434343535353636363737373838383939393a3a3a3b3b3b3c3c3c3d3d3d3e3e3e3f3f3f4040404141414242424343434444444545454646464747474848484949494a4a4a4b4b4b4c4c4c4d4d4d4e4e4e4f4f4f5050505151515252525353535454545555555656565757575858585959595a5a5a5b5b5b5c5c5c5d5d5d5e5e5e5f5f5f6060606161616262626363636464646565656666666767676868686969696a6a6a6b6b6b6c6c6c6d6d6d6e6e6e6f6f6f7070707171717272727373737474747575757676767777777878787979797a7a7a7b7b7b7c7c7c7d7d7d7e7e7e7f7f7f8080808181818282828383838484848585858686868787878888888989898a8a8a8b8b8b8c8c8c8d8d8d8e8e8e8f8f8f9090909191919292929393939494949595959696969797979898989999999a9a9a9b9b9b9c9c9c9d9d9d9e9e9e9f9f9fa0a0a0a1a1a1a2a2a2a3a3a3a4a4a4a5a5a5a6a6a6a7a7a7a8a8a8a9a9a9aaaaaaabababacacacadadadaeaeaeafafafb0b0b0b1b1b1b2b2b2b3b3b3b4b4b4b5b5b5b6b6b6b7b7b7b8b8b8b9b9b9babababbbbbbbcbcbcbdbdbdbebebebfbfbfc0c0c0c1c1c1c2c2c2c3c3c3c4c4c4c5c5c5c6c6c6c7c7c7c8c8c8c9c9c9cacacacbcbcbcccccccdcdcdcecececfcfcfd0d0d0d1d1d1d2d2d2d3d3d3d4d4d4d5d5d5d6d6d6d7d7d7d8d8d8d9d9d9dadadadbdbdbdcdcdcdddddddedededfdfdfe0e0e0e1e1e1e2e2e2e3e3e3e4e4e4e5e5e5e6e6e6e7e7e7e8e8e8e9e9e9eaeaeaebebebecececedededeeeeeeefefeff0f0f0f1f1f1f2f2f2f3f3f3f4f4f4f5f5f5f6f6f6f7f7f7f8f8f8f9f9f9fafafafbfbfbfcfcfcfdfdfdfefefeffffff2c000000000100010000080400ff0504003b"
)
"""Stands for every picture while LibreOffice counts: how large it prints is said elsewhere."""
NOT_COUNTED = Message(
    "The contents of the Word book have no page numbers yet: open it in Word and answer yes when it asks to update fields."
)


def book_docx(book: Book) -> Made:
    """The whole book. Slow, and every file of an author is opened in a child process only."""
    with scratch("book") as folder:
        problems = _ready(folder, book)
        problems += _bind(folder, book)
        path = Path(folder) / BOOK
        numbers = _numbers(path)
        if not numbers and any(part.papers for part in book.parts):
            problems.append(Problem(None, NOT_COUNTED))
        _fill_in(path, numbers)
        return Made(path.read_bytes(), tuple(problems))


def _limited(function: Callable[..., Any], *arguments: Any) -> Any:
    return run_isolated(function, *arguments, cpu_seconds=SECONDS, wall_seconds=SECONDS, memory_bytes=MEMORY_BYTES)


def _ready(folder: str, book: Book) -> list[Problem]:
    """Makes every paper ready; one that brings the child down is tried as its PDF, or left out, and the rest goes on."""
    waiting: list[BookPaper] = book.papers
    broken: set[int] = set()
    while waiting:
        try:
            _limited(make_ready, folder, book.layout, waiting)
        except Refused:
            pass
        waiting = [paper for paper in waiting if not answer_path(folder, paper.paper_id).exists()]
        if waiting:
            culprit = waiting.pop(0)
            if culprit.word is not None and culprit.pdf is not None:
                broken.add(culprit.paper_id)
                waiting.append(replace(culprit, word=None))
            else:
                said = {"paper_id": culprit.paper_id, "is_made": False, "remarks": [NOT_BOUND.msgid]}
                answer_path(folder, culprit.paper_id).write_text(json.dumps(said))
    problems = []
    for paper in book.papers:
        answer = json.loads(answer_path(folder, paper.paper_id).read_text())
        remarks = [WORD_BROKEN.msgid, *answer["remarks"][1:]] if paper.paper_id in broken else answer["remarks"]
        if not answer["is_made"]:
            made_path(folder, paper.paper_id).unlink(missing_ok=True)
            remarks = remarks or [NOT_BOUND.msgid]
        problems += [Problem(paper.paper_id, Message(one), not answer["is_made"]) for one in remarks]
    return problems


def _bind(folder: str, book: Book) -> list[Problem]:
    """Writes the book of what is ready; where it cannot be bound, each paper is tried alone and the guilty left out."""
    try:
        left_out = _limited(bind, folder, book)
    except Refused:
        left_out = []
        for part in book.parts:
            for paper in part.papers:
                alone = replace(book, parts=(replace(part, papers=(paper,), excerpts=(), delegates=()),))
                try:
                    left_out += _limited(bind, folder, alone)
                except Refused:
                    made_path(folder, paper.paper_id).unlink(missing_ok=True)
                    left_out.append(paper.paper_id)
        left_out += [one for one in _limited(bind, folder, book) if one not in left_out]
    return [Problem(paper_id, NOT_BOUND, is_left_out=True) for paper_id in left_out]


def bind(folder: str, book: Book) -> list[int]:
    """In the child: writes the book into the folder; the papers that could not be bound in."""
    from seminar.reports.documents.binding import Binding

    binding = Binding(book)
    left_out = binding.bind(folder)
    binding.save_to(Path(folder) / BOOK)
    return left_out


def _numbers(path: Path) -> list[int]:
    """Printed page numbers of the parts and papers in their order, as LibreOffice breaks the pages; [] without it."""
    if converting.program() is None:
        return []
    light = path.with_suffix(".light")
    _copy(path, light, lambda name, content: PIXEL if name.startswith("word/media/") else content)
    made = converting.convert({"book": light.read_bytes()}, "pdf")
    if "book" not in made:
        return []
    with scratch("book") as folder:
        path = Path(folder) / "book.pdf"
        path.write_bytes(made["book"])
        try:
            found: list[int] = _limited(outline, str(path))
        except Refused:
            return []
        return found


def outline(path: str) -> list[int]:
    """In the child: the page of each bookmark of the first two levels, counted from the first of them."""
    import pypdfium2

    with pypdfium2.PdfDocument(path) as document:
        pages = [mark.get_dest().get_index() for mark in document.get_toc(max_depth=2) if mark.level < 2]
    return [page - pages[0] + 1 for page in pages]


def _fill_in(path: Path, numbers: Sequence[int]) -> None:
    """Writes the page numbers into the contents."""
    mark = re.compile(PAGE_MARK.replace("%d", r"(\d+)").encode())

    def number(found: re.Match[bytes]) -> bytes:
        which = int(found[1])
        return str(numbers[which]).encode() if which < len(numbers) else b""

    def put_in(name: str, content: bytes) -> bytes:
        return mark.sub(number, content) if name == "word/document.xml" else content

    filled = path.with_suffix(".filled")
    _copy(path, filled, put_in)
    filled.replace(path)


def _copy(path: Path, to: Path, change: Callable[[str, bytes], bytes]) -> None:
    """The archive with its parts changed, one after the other; pictures are packed already."""
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(to, "w") as target:
        for member in source.infolist():
            copied = zipfile.ZipInfo(member.filename, member.date_time)
            is_packed = member.filename.lower().endswith((".jpg", ".jpeg", ".png", ".gif"))
            copied.compress_type = zipfile.ZIP_STORED if is_packed else zipfile.ZIP_DEFLATED
            target.writestr(copied, change(member.filename, source.read(member)))
