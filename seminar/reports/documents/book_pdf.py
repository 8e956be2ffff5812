"""The proceedings as PDF: pages of the papers in one book with true page numbers (recipes.md "Documents").

Papers in Word come as pages in the book's looks (`book_pages`); a paper that is there as PDF only stands as its author
made it, in a frame and under the book's title if its own is not on it.

Every file of an author is opened in a child process only. What one of them breaks is found and left out, the rest prints.
"""

import re
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from seminar.documents import glyphs
from seminar.lib.errors import Message, Refused
from seminar.lib.isolated import run_isolated
from seminar.lib.text import clean, clean_block
from seminar.reports.documents.book import Book, BookPaper, BookPart, Problem
from seminar.reports.documents.comparing import first_lost, squeezed
from seminar.reports.models import PartKind
from seminar.reports.rules.privacy import contacts

SECONDS = 180
MEMORY_BYTES = 4_000_000_000
"""Typst takes four times the bytes of what it embeds (research: 525 MB of scans took 2.1 GB)."""
POINT_MM = 25.4 / 72
EDGE_MM = 25
"""How far from the edge of the page an author's own page number stands."""
ITS_NUMBER = re.compile(r"[-–—\s]*(?:Trang|Page)?\s*(\d{1,3})(?:\s*/\s*\d{1,3})?[-–—\s]*", re.IGNORECASE)
NO_PDF = Message("There is no PDF of it to print: ask the author for a PDF beside the Word file, or save it as PDF.")
UNREADABLE = Message("Its PDF could not be put into the book: save the Word file as PDF anew and send that.")
NO_GLYPH = Message(
    "The font has no “%(characters)s”, which stands in its title or authors: write it otherwise, then build again."
)
SHOWN_AS_BOX = Message("The font has no “%(characters)s”; in the book it is a “□” (in “%(text)s”).")
LACKS = Message(
    "Its PDF lacks some text of its Word file, beginning with “%(text)s”: compare them, then send a new PDF."
)
BOX = "□"


@dataclass(frozen=True)
class Placed:
    """A paper in the finished book: printed number of its first page, and how many pages it takes."""

    paper_id: int
    first_page: int
    page_count: int


@dataclass(frozen=True)
class MadePdf:
    """What stands in the folder now: `book.pdf` and each paper alone as `paper-<id>.pdf`."""

    page_count: int
    placed: tuple[Placed, ...]
    contacts: tuple[dict[str, Any], ...]
    """{page: as printed, paper_id, kind, text, around} of each telephone number and e-mail address in the text."""
    unread: tuple[str, ...]
    """Printed numbers of pages without text."""
    problems: tuple[Problem, ...] = field(default=())


def book_pdf(book: Book, folder: Path) -> MadePdf:
    """Writes the book and each of its papers into the folder. Slow, and in child processes."""
    book, problems = _printable(book)
    for paper in book.papers:
        if paper.pdf is not None and Path(paper.pdf).exists():
            shutil.copyfile(paper.pdf, folder / _file(paper.paper_id))
    have = [paper.paper_id for paper in book.papers if paper.pdf is not None]
    problems += [
        Problem(paper.paper_id, NO_PDF, is_left_out=True) for paper in book.papers if paper.paper_id not in have
    ]
    printed = [paper for paper in book.papers if paper.pdf is not None]
    seen = halving(look, str(folder), [(one.paper_id, one.title, _compared(one)) for one in printed])
    pages = {number: one["pages"] for number, one in seen.items()}
    titled = {number for number, one in seen.items() if one["is_titled"]}
    problems += [Problem(number, Message(LACKS.msgid, text=one["lost"])) for number, one in seen.items() if one["lost"]]
    try:
        found = _write(book, folder, pages, titled)
    except Refused:
        good = halving(trial, str(folder), [(number, pages[number]) for number in pages])
        pages = {number: pages[number] for number in pages if number in good}
        found = _write(book, folder, pages, titled)
    problems += [Problem(number, UNREADABLE, is_left_out=True) for number in have if number not in pages]
    return MadePdf(
        found["page_count"],
        tuple(Placed(**one) for one in found["placed"]),
        tuple(found["contacts"]),
        tuple(found["unread"]),
        tuple(problems),
    )


def _file(paper_id: int) -> str:
    return f"{paper_id}.pdf"


def _compared(paper: BookPaper) -> str | None:
    """The Word file of which the PDF should have all text; pages in the book's looks were compared when they were made."""
    return None if paper.is_uniform else paper.word


def _limited(function: Callable[..., Any], *arguments: Any) -> Any:
    return run_isolated(function, *arguments, cpu_seconds=SECONDS, wall_seconds=SECONDS, memory_bytes=MEMORY_BYTES)


def halving(function: Callable[..., Any], folder: str, items: Sequence[Any]) -> dict[int, Any]:
    """{paper: what the child found}; where one file brings the child down, the others are done without it."""
    if not items:
        return {}
    try:
        found: dict[int, Any] = _limited(function, folder, list(items))
        return found
    except Refused:
        if len(items) == 1:
            return {}
        middle = len(items) // 2
        return halving(function, folder, items[:middle]) | halving(function, folder, items[middle:])


def _write(book: Book, folder: Path, pages: Mapping[int, Any], titled: set[int]) -> dict[str, Any]:
    found: dict[str, Any] = _limited(write, str(folder), _data(book, pages, titled))
    return found


# -- what is printed -----------------------------------------------------------------------------------------------


def _printable(book: Book) -> tuple[Book, list[Problem]]:
    """The book without characters that would vanish: a paper is left out by its name, elsewhere a box stands for it."""
    problems: list[Problem] = []

    def shown(text: str) -> str:
        missing = glyphs.unprintable(text)
        if missing:
            values = {"characters": " ".join(missing), "text": clean(text)[:80]}
            problems.append(Problem(None, Message(SHOWN_AS_BOX.msgid, **values)))
            text = "".join(BOX if one in missing else one for one in text)
        return text

    def may_print(paper: BookPaper) -> bool:
        missing = glyphs.unprintable(paper.title + "".join(paper.authors))
        if missing:
            message = Message(NO_GLYPH.msgid, characters=" ".join(missing))
            problems.append(Problem(paper.paper_id, message, is_left_out=True))
        return not missing

    def told(rows: Iterable[Any]) -> tuple[Any, ...]:
        return tuple(replace(row, **{name: shown(value) for name, value in asdict(row).items()}) for row in rows)

    parts = tuple(
        replace(
            part,
            title=shown(part.title),
            text=shown(part.text),
            papers=tuple(paper for paper in part.papers if may_print(paper)),
            excerpts=told(part.excerpts),
            delegates=told(part.delegates),
        )
        for part in book.parts
    )
    words: dict[str, Any] = {name: shown(getattr(book, name)) for name in ("theme", "place", "foreword", "licence")}
    words |= {name: tuple(map(shown, getattr(book, name))) for name in ("issuers", "title", "boards")}
    return replace(book, parts=parts, **words), problems


def _lines(text: str) -> list[str]:
    return [line for line in clean_block(text).split("\n") if line]


def _data(book: Book, pages: Mapping[int, Any], titled: set[int]) -> dict[str, Any]:
    """For the template; parts with nothing in them are not printed."""
    made = f"{book.now:%m/%Y}"
    return {
        "layout": asdict(book.layout) | {"effective_from": ""},
        "issuers": book.issuers,
        "title": book.title,
        "theme": book.theme,
        "place": book.place,
        "printed_as": book.printed_as,
        "boards": [line for line in book.boards if line.strip()],
        "foreword": _lines(book.foreword),
        "parts": [one for part in book.parts if (one := _part(part, pages, titled)) is not None],
        "colophon": [" – ".join(book.title), *book.issuers, book.printed_as, f"Hoàn thành tháng {made}."],
    }


def _part(part: BookPart, pages: Mapping[int, Any], titled: set[int]) -> dict[str, Any] | None:
    papers = [
        {
            "paper_id": paper.paper_id,
            "title": paper.title,
            "authors": paper.authors,
            "file": _file(paper.paper_id),
            "is_uniform": paper.is_uniform,
            "is_titled": paper.is_uniform or paper.paper_id in titled,
            "pages": pages[paper.paper_id],
        }
        for paper in part.papers
        if paper.paper_id in pages
    ]
    lines = _lines(part.text)
    if not (papers or lines or part.excerpts or part.delegates):
        return None
    return {
        "title": part.title,
        "has_papers": part.kind == PartKind.PAPERS,
        "lines": lines,
        "papers": papers,
        "excerpts": [asdict(one) | {"lines": _lines(one.text)} for one in part.excerpts],
        "delegates": [asdict(one) for one in part.delegates],
    }


# -- in the child --------------------------------------------------------------------------------------------------


def look(folder: str, papers: Sequence[tuple[int, str, str | None]]) -> dict[int, dict[str, Any]]:
    """{paper: {pages, lost, is_titled}} of each PDF that opens: sizes in mm of the pages as they are seen, with what covers
    their own numbers, the beginning of the first paragraph of its Word file that it lacks, and whether its title stands on
    its first page, or may stand there, as on a picture of paper.
    """
    import pypdfium2

    found = {}
    for paper_id, title, word in papers:
        try:
            with pypdfium2.PdfDocument(Path(folder, _file(paper_id))) as document:
                pages = _pages(document)
                text = "".join(page.get_textpage().get_text_range() for page in document) if word else ""
                first = squeezed(document[0].get_textpage().get_text_range()) if pages else ""
        except pypdfium2.PdfiumError:
            continue
        if pages:
            is_titled = not first or squeezed(title) in first
            found[paper_id] = {"pages": pages, "lost": _lost(word, text) if word else "", "is_titled": is_titled}
    return found


def _lost(word: str, text: str) -> str:
    """A file that does not open is told by the Word book."""
    try:
        return first_lost(Path(word).read_bytes(), text)
    except Exception:  # noqa: BLE001 - a stranger's file
        return ""


def _pages(document: Any) -> list[dict[str, Any]]:
    pages, own = [], []
    for number, page in enumerate(document, 1):
        width, height = page.get_size()
        pages.append({"number": number, "width": width * POINT_MM, "height": height * POINT_MM, "covers": []})
        own.append(_own_numbers(page, width, height) if not page.get_rotation() else [])
    # A figure at the edge is a page number where it counts on from page to page at the same edge.
    for edge in ("top", "bottom"):
        seen = [(n, one) for n, ones in enumerate(own) for one in ones if one["edge"] == edge]
        steps = {one["number"] - n for n, one in seen}
        if len(seen) < 2 or len(steps) != 1 or len(seen) < len(pages) - 1:
            continue
        for n, one in seen:
            if _is_on_white(document[n], one["box"]):
                left, low, right, high = one["box"]
                height = pages[n]["height"] / POINT_MM
                box = (left - 1, height - high - 1, right - left + 2, high - low + 2)
                pages[n]["covers"].append([value * POINT_MM for value in box])
    return pages


def _own_numbers(page: Any, width: float, height: float) -> list[dict[str, Any]]:
    """Lines at the edges that are nothing but a number, with their box in points from below."""
    if tuple(page.get_cropbox()) != (0, 0, width, height):
        return []
    text = page.get_textpage()
    lines: list[list[float]] = []
    for n in range(text.count_rects()):
        left, low, right, high = text.get_rect(n)
        same = next((one for one in lines if abs(one[1] - low) < 4), None)
        if same is None:
            lines.append([left, low, right, high])
        else:
            same[:] = [min(same[0], left), min(same[1], low), max(same[2], right), max(same[3], high)]
    found = []
    for edge, line in (
        ("bottom", min(lines, key=lambda one: one[1], default=None)),
        ("top", max(lines, key=lambda one: one[3], default=None)),
    ):
        if line is None:
            continue
        away = line[3] if edge == "bottom" else height - line[1]
        said = ITS_NUMBER.fullmatch(text.get_text_bounded(*line).strip())
        if said and away < EDGE_MM / POINT_MM:
            found.append({"edge": edge, "number": int(said[1]), "box": tuple(line)})
    return found


def _is_on_white(page: Any, box: tuple[float, float, float, float]) -> bool:
    """Whether there is nothing but white around the box, so that covering it leaves no trace."""
    width, height = page.get_size()
    left, low, right, high = box
    crop = (max(left - 4, 0), max(low - 4, 0), max(width - right - 4, 0), max(height - high - 4, 0))
    picture = page.render(scale=1, crop=crop).to_pil().convert("L")
    across, down = picture.size
    edges = [(x, y) for x in range(across) for y in (0, down - 1)] + [
        (x, y) for y in range(down) for x in (0, across - 1)
    ]
    return all(picture.getpixel(one) > 250 for one in edges)


def trial(folder: str, papers: Sequence[tuple[int, list[dict[str, Any]]]]) -> dict[int, bool]:
    """The papers that Typst can embed, each tried alone."""
    import typst

    good = {}
    for paper_id, pages in papers:
        calls = "".join(
            f'#page(width: 10cm, height: 10cm, image("{_file(paper_id)}", format: "pdf", page: {page["number"]}))\n'
            for page in pages
        )
        source = Path(folder) / f"trial-{paper_id}.typ"
        source.write_text(calls)
        try:
            typst.compile(str(source), root=folder)
        except (RuntimeError, ValueError):
            continue
        good[paper_id] = True
    return good


def write(folder: str, data: dict[str, Any]) -> dict[str, Any]:
    """Makes `book.pdf`, reads it again from its first page to its last, and cuts each paper out of it."""
    import pypdfium2

    from seminar.documents import pdf

    whole = Path(folder) / "book.pdf"
    whole.write_bytes(pdf.compile_in(Path(folder), "proceedings.typ", data))
    papers = [paper for part in data["parts"] for paper in part["papers"]]
    with pypdfium2.PdfDocument(whole) as document:
        starts = [mark.get_dest().get_index() for mark in document.get_toc() if mark.level == 1]
        if len(starts) != len(papers):
            raise ValueError("the bookmarks are not the papers")
        owner: dict[int, int] = {}
        placed = []
        for start, paper in zip(starts, papers, strict=True):
            count = len(paper["pages"])
            owner |= dict.fromkeys(range(start, start + count), paper["paper_id"])
            placed.append(
                {
                    "paper_id": paper["paper_id"],
                    "first_page": int(document.get_page_label(start)),
                    "page_count": count,
                }
            )
            with pypdfium2.PdfDocument.new() as alone:
                alone.import_pages(document, list(range(start, start + count)))
                alone.save(Path(folder) / f"paper-{paper['paper_id']}.pdf")
        told, unread = [], []
        for n, page in enumerate(document):
            label = document.get_page_label(n)
            text = page.get_textpage().get_text_range()
            if n in owner and len(text.split()) < 3:
                unread.append(label)
            told += [
                {
                    "page": label,
                    "paper_id": owner.get(n),
                    "kind": one.kind.value,
                    "text": one.text,
                    "around": one.around,
                }
                for one in contacts(text)
            ]
        return {"page_count": len(document), "placed": placed, "contacts": told, "unread": unread}
