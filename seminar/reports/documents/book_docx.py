"""The proceedings as a Word file for polishing: cover, boards, foreword, contents, parts, papers, excerpts, delegates.

Papers are made ready one by one in children (book_papers), bound together by docxcompose in another, and counted by
LibreOffice where it is there; Word counts anew when the file is opened. What docxcompose does to styles, sections and ids
is done here instead: it takes the first style of a name, loses the last section and renumbers bookmarks out of step.
"""

import json
import re
import shutil
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from seminar.lib.errors import Message, Refused
from seminar.lib.isolated import run_isolated
from seminar.papers import converting
from seminar.reports.documents.book import Book, BookPaper, Made, Problem
from seminar.reports.documents.book_papers import NOT_BOUND, WORD_BROKEN, answer_path, made_path, make_ready

SECONDS = 240
MEMORY_BYTES = 4_000_000_000
BOOK = "book.docx"
PAGE_MARK = "PAGE-OF-%d-"
NOT_COUNTED = Message(
    "The contents of the Word book have no page numbers yet: open it in Word and answer yes when it asks to update fields."
)


def book_docx(book: Book) -> Made:
    """The whole book. Slow, and every file of an author is opened in a child process only."""
    with TemporaryDirectory(prefix="seminar-book-") as folder:
        problems = _ready(folder, book)
        problems += _bind(folder, book)
        path = Path(folder) / BOOK
        numbers = _numbers(path.read_bytes())
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


def _numbers(content: bytes) -> list[int]:
    """Printed page numbers of the parts and papers in their order, as LibreOffice breaks the pages; [] without it."""
    if converting.program() is None:
        return []
    made = converting.convert({"book": content}, "pdf")
    if "book" not in made:
        return []
    with TemporaryDirectory(prefix="seminar-book-") as folder:
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
    """Writes the page numbers into the contents; without reading the whole book into memory again."""
    filled = path.with_suffix(".filled")
    mark = re.compile(PAGE_MARK.replace("%d", r"(\d+)").encode())

    def number(found: re.Match[bytes]) -> bytes:
        which = int(found[1])
        return str(numbers[which]).encode() if which < len(numbers) else b""

    with zipfile.ZipFile(path) as source, zipfile.ZipFile(filled, "w", zipfile.ZIP_DEFLATED) as target:
        for member in source.infolist():
            copied = zipfile.ZipInfo(member.filename, member.date_time)
            copied.compress_type = zipfile.ZIP_DEFLATED
            if member.filename == "word/document.xml":
                target.writestr(copied, mark.sub(number, source.read(member)))
            else:
                with source.open(member) as reading, target.open(copied, "w") as writing:
                    shutil.copyfileobj(reading, writing)
    filled.replace(path)
