"""The book of a seminar as plain data, as it stands now: words of the office, papers that are printed, excerpts, delegates."""

from datetime import datetime

from seminar.documents import rules
from seminar.documents.layout import rules_for
from seminar.lib import files
from seminar.lib.clock import local
from seminar.minutes.documents import subject_of
from seminar.papers.models import Author, Paper
from seminar.planning.models import Seminar
from seminar.reports.documents.book import Book, BookPaper, BookPart
from seminar.reports.models import Part, PartKind, Proceedings
from seminar.reports.queries.proceedings import Arranged, BookRow

HEADING = "Kỷ yếu"


def book_of(seminar: Seminar, proceedings: Proceedings, arranged: Arranged, now: datetime) -> Book:
    """With the files that are there at this moment; `remarks` of the rows say why a paper is not in it."""
    settings = rules.settings_of(seminar.settings)
    held = f", tháng {seminar.held_on:%m/%Y}" if seminar.held_on else ""
    return Book(
        layout=rules_for(local(now).date()),
        now=local(now),
        issuers=tuple(settings.issuer_lines),
        title=(proceedings.title,) if proceedings.title else (HEADING, subject_of(seminar)),
        theme=seminar.theme,
        place=f"{settings.place}{held}",
        boards=tuple(proceedings.boards.splitlines()),
        foreword=proceedings.foreword,
        licence=proceedings.licence,
        parts=tuple(_part(seminar, part, rows) for part, rows in arranged.parts),
    )


def _part(seminar: Seminar, part: Part, rows: list[BookRow]) -> BookPart:
    return BookPart(
        title=part.title,
        kind=part.kind,
        text=part.text,
        papers=tuple(book_paper(row) for row in rows if row.is_printed),
    )


def book_paper(row: BookRow) -> BookPaper:
    pdf, word = row.pdf, row.word
    return BookPaper(
        paper_id=row.paper.id,
        title=row.paper.title,
        authors=tuple(author_line(one) for one in row.paper.people) or _printed_authors(row.paper),
        word=str(files.path_of(word)) if word else None,
        pdf=str(files.path_of(pdf)) if pdf else None,
        page_count=row.pages or 0 if pdf else 0,
    )


def author_line(one: Author) -> str:
    """ "ThS. Nguyễn Văn An, Phó Bí thư, Huyện Đoàn Thử"; a collective by its name alone (domain.md 2.7)."""
    name = " ".join(part for part in (one.academic_title, one.name) if part)
    return name if one.is_collective else ", ".join(part for part in (name, one.duty, one.body) if part)


def _printed_authors(paper: Paper) -> tuple[str, ...]:
    unit = paper.unit.name if paper.unit and paper.unit.name != paper.authors else ""
    return tuple(part for part in (paper.authors, unit) if part)


__all__ = ["PartKind", "author_line", "book_of", "book_paper"]
