"""The pages of one paper for the PDF book: its Word file in the book's looks under the book's title, turned into PDF.

The same clearing, dressing and binding as in the Word book, so that both books look alike; only the number of the page is
left to the book. A file of an author is opened in child processes only.
"""

import hashlib
import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from seminar.documents.layout import Layout
from seminar.lib.errors import Refused
from seminar.lib.isolated import run_isolated
from seminar.papers import converting
from seminar.reports.documents.book import Book, BookPaper
from seminar.reports.documents.book_papers import made_path, make_ready
from seminar.reports.documents.book_pdf import halving

RULES = 1
"""Counts on when the same Word file would come out otherwise: pages that were kept are then made anew."""


@dataclass(frozen=True)
class Pages:
    """A paper as PDF, or why its author's own pages are better: the beginning of the first paragraph that was lost."""

    content: bytes
    page_count: int
    lost: str


def recipe(paper: BookPaper, layout: Layout) -> str:
    """What the pages are made of, as 16 letters and figures: the file, title and authors as printed, layout, rules."""
    said = [RULES, converting.RULES, Path(paper.word or "").name, paper.title, paper.authors, asdict(layout)]
    if converting.program() is not None and not converting.draws_equations():
        said.append("no equations")
    return hashlib.sha256(json.dumps(said, default=str).encode()).hexdigest()[:16]


def book_pages(book: Book, papers: Sequence[BookPaper]) -> dict[int, Pages]:
    """{paper: its pages}; what could not be made uniform, or turned into a PDF, is missing. Slow."""
    with TemporaryDirectory(prefix="seminar-book-") as folder:
        halving(bind_alone, folder, [(paper.paper_id, book, paper) for paper in papers])
        bound = {one.paper_id: path for one in papers if (path := alone_path(folder, one.paper_id)).exists()}
        made = converting.convert({str(key): path.read_bytes() for key, path in bound.items()}, "pdf")
        found: dict[int, Pages] = {}
        for paper in papers:
            content = made.get(str(paper.paper_id))
            if content is not None:
                try:
                    count, lost = run_isolated(looked_at, content, paper.word)
                except Refused:
                    continue
                found[paper.paper_id] = Pages(content, count, lost)
        return found


def alone_path(folder: str, paper_id: int) -> Path:
    return Path(folder) / f"alone-{paper_id}.docx"


def bind_alone(folder: str, papers: Sequence[tuple[int, Book, BookPaper]]) -> dict[int, bool]:
    """In the child: writes `alone-<id>.docx` of each paper that can be made uniform."""
    from seminar.reports.documents.binding import Alone

    found = {}
    for paper_id, book, paper in papers:
        make_ready(folder, book.layout, [replace(paper, pdf=None)])
        if made_path(folder, paper_id).exists():
            found[paper_id] = Alone(book).bind_paper(paper, folder, alone_path(folder, paper_id))
    return found


def looked_at(content: bytes, word: str) -> tuple[int, str]:
    """In the child: how many pages, and what of the Word file's text is not in them."""
    import pypdfium2

    from seminar.reports.documents.comparing import first_lost

    with pypdfium2.PdfDocument(io.BytesIO(content)) as document:
        text = "".join(page.get_textpage().get_text_range() for page in document)
        count: Any = len(document)
    return count, first_lost(Path(word).read_bytes(), text)
