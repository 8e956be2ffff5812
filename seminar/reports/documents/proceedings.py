"""The book of a seminar as plain data, as it stands now: words of the office, papers that are printed, excerpts, delegates."""

from dataclasses import replace
from datetime import datetime

from seminar.checkin.queries import Presence
from seminar.delegates.models import Delegate
from seminar.documents import rules
from seminar.documents.layout import Layout, rules_for
from seminar.invitations.queries import AnswerRow, State, answer_rows
from seminar.lib import files
from seminar.lib.clock import local
from seminar.lib.errors import Message
from seminar.minutes.documents import KIND_WORDS, subject_of
from seminar.minutes.models import Note
from seminar.minutes.queries import excerpts_of
from seminar.papers.models import Author, Paper
from seminar.planning.models import Seminar
from seminar.reports.documents.book import Book, BookPaper, BookPart, DelegateRow, Excerpt, Problem
from seminar.reports.documents.book_pages import recipe
from seminar.reports.models import Part, PartKind, Proceedings
from seminar.reports.queries.lists import people_of
from seminar.reports.queries.people import Who
from seminar.reports.queries.proceedings import Arranged, BookRow

HEADING = "Kỷ yếu"
EMPTY = Message("There is nothing to print in “%(title)s” yet, so the part is left out of the book.")


def book_of(seminar: Seminar, proceedings: Proceedings, arranged: Arranged, now: datetime) -> Book:
    """With the files that are there at this moment; `remarks` of the rows say why a paper is not in it."""
    settings = rules.settings_of(seminar.settings)
    layout = rules_for(local(now).date())
    held = f", tháng {seminar.held_on:%m/%Y}" if seminar.held_on else ""
    return Book(
        layout=layout,
        now=local(now),
        issuers=tuple(settings.issuer_lines),
        title=(proceedings.title,) if proceedings.title else (HEADING, subject_of(seminar)),
        theme=seminar.theme,
        place=f"{settings.place}{held}",
        boards=tuple(proceedings.boards.splitlines()),
        foreword=proceedings.foreword,
        licence=proceedings.licence,
        parts=tuple(_part(seminar, part, rows, layout) for part, rows in arranged.parts),
    )


def _part(seminar: Seminar, part: Part, rows: list[BookRow], layout: Layout) -> BookPart:
    return BookPart(
        title=part.title,
        kind=part.kind,
        text=part.text,
        papers=tuple(book_paper(row, layout) for row in rows if row.is_printed),
        excerpts=tuple(map(excerpt, excerpts_of(seminar))) if part.kind == PartKind.EXCERPTS else (),
        delegates=tuple(delegates_who_came(seminar)) if part.kind == PartKind.DELEGATES else (),
    )


def empty_parts(book: Book) -> list[Problem]:
    """Parts that are asked for and would print nothing: nobody came yet, nothing was chosen, no paper is accepted."""
    return [
        Problem(None, Message(EMPTY.msgid, title=part.title))
        for part in book.parts
        if not (part.text.strip() or part.papers or part.excerpts or part.delegates)
    ]


def excerpt(note: Note) -> Excerpt:
    """Who spoke as the note says it: the name, then position and body; who is not known prints as a gap."""
    speaker, _, duty = (note.speaker or rules.UNKNOWN).partition(", ")
    return Excerpt(speaker, duty, KIND_WORDS[note.kind], note.text)


def delegates_who_came(seminar: Seminar) -> list[DelegateRow]:
    """In protocol order, each in the primary group; where a proxy came, the proxy. Never a telephone or an address."""
    people = people_of(seminar, Who(presence=Presence.ARRIVED))
    people.sort(key=lambda one: (one.group.protocol_rank, one.group.name, one.number))  # groups of one rank stay apart
    invitations = {row.delegate.id: row for row in answer_rows(people)}
    return [_came(delegate, invitations.get(delegate.id)) for delegate in people]


def _came(delegate: Delegate, row: AnswerRow | None) -> DelegateRow:
    invitation = row.invitation if row is not None and row.state == State.PROXIED else None
    body = delegate.body or (delegate.unit.name if delegate.unit else "")
    if invitation is not None and invitation.proxy is not None:
        return DelegateRow(invitation.proxy.name, invitation.proxy.position, body, delegate.group.name)
    name = " ".join(part for part in (delegate.academic_title, delegate.name) if part)
    return DelegateRow(name, delegate.position, body, delegate.group.name)


def book_paper(row: BookRow, layout: Layout) -> BookPaper:
    """With its pages in the book's looks, where they were made of what would be printed now; else its PDF."""
    pdf, word = row.pdf, row.word
    paper = BookPaper(
        paper_id=row.paper.id,
        title=row.paper.title,
        authors=tuple(author_line(one) for one in row.paper.people) or _printed_authors(row.paper),
        word=str(files.path_of(word)) if word else None,
        pdf=str(files.path_of(pdf)) if pdf else None,
        page_count=row.pages or 0 if pdf else 0,
    )
    made = row.uniform
    if word is None or made is None or not made.made_by.endswith(recipe(paper, layout)):
        return paper
    return replace(paper, pdf=str(files.path_of(made.file_sha256)), page_count=made.page_count or 0, is_uniform=True)


def author_line(one: Author) -> str:
    """ "ThS. Nguyễn Văn An, Phó Bí thư, Huyện Đoàn Thử"; a collective by its name alone (domain.md 2.7)."""
    name = " ".join(part for part in (one.academic_title, one.name) if part)
    return name if one.is_collective else ", ".join(part for part in (name, one.duty, one.body) if part)


def _printed_authors(paper: Paper) -> tuple[str, ...]:
    unit = paper.unit.name if paper.unit and paper.unit.name != paper.authors else ""
    return tuple(part for part in (paper.authors, unit) if part)


__all__ = ["PartKind", "author_line", "book_of", "book_paper"]
