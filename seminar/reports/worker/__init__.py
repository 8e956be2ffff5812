"""Builds the proceedings and packs dossiers: by a thread beside the server; the book also by `flask report proceedings`.

One builder claims a build, says again and again that it lives, and keeps what it made only while the build is still its
own: a build whose builder was killed is taken up by the next one. All that is slow is done outside of transactions.
"""

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import event

from seminar.access.actor import Actor
from seminar.lib import clock, files
from seminar.lib.database import db, reading
from seminar.lib.errors import Message, Refused
from seminar.lib.isolated import run_isolated
from seminar.lib.scratch import scratch
from seminar.papers import actions as papers
from seminar.papers import converting
from seminar.papers.checking import pdf as pdf_files
from seminar.papers.models import RenditionKind, Submission
from seminar.planning.models import Seminar
from seminar.reports import actions
from seminar.reports.documents.book import Book, BookPaper, Made, Problem
from seminar.reports.documents.book_docx import book_docx
from seminar.reports.documents.book_pages import book_pages, recipe
from seminar.reports.documents.book_pdf import NO_PDF, MadePdf, book_pdf
from seminar.reports.documents.proceedings import book_of, empty_parts
from seminar.reports.models import Build, Proceedings
from seminar.reports.queries import proceedings as queries
from seminar.reports.worker.dossiers import pack_next
from seminar.reports.worker.lives import Overtaken, builder_name, lives

log = logging.getLogger("seminar.proceedings")
LOOKS_SECONDS = 3.0
FILES_A_RUN = 8
"""LibreOffice converts so many in one run; after each the page shows how far it is."""
OTHER_STEPS = 3
"""Beside one step for each file to convert: the PDF, the Word file, keeping them."""
BROKE = Message("Something went wrong while the book was built; it was written down. Build it again.")
NO_PDF_BOOK = Message("The PDF of the book could not be made: %(reason)s")
NO_WORD_BOOK = Message("The Word file of the book could not be made: %(reason)s")
NO_EQUATIONS = Message(
    "LibreOffice on this machine draws no equations, so the PDF has none: have libreoffice-math-nogui installed, then build."
)
NOT_UNIFORM = Message(
    "Its Word file could not be set in the looks of the book, so the PDF has its pages as the author made them."
)
LOST_TEXT = Message(
    "In the looks of the book some text was lost, beginning with “%(text)s”, so the PDF has its pages as the author made them."
)
NOT_CONVERTED = Message(
    "LibreOffice could not turn it into a PDF: open it in Word, save it as PDF and send that beside it."
)


@dataclass(frozen=True)
class Conversion:
    """A version of which LibreOffice makes another form."""

    submission_id: int
    paper_id: int
    sha256: str
    kind: RenditionKind


def build_next(builder: str) -> bool:
    """Builds one book that waits; False where none does."""
    with reading():
        if not queries.builds_wait(clock.now()):
            return False
    build_id = actions.take_up_build(builder, clock.now())
    db.session.commit()
    if build_id is None:
        return False
    build(build_id, builder)
    return True


def build_now(seminar: Seminar, by: Actor) -> int:
    """Builds in this process and answers with the build. Refused while another builder is at work on the same book."""
    builder = builder_name()
    asked = actions.ask_build(actions.begin_proceedings(seminar, by, clock.now()), by, clock.now())
    build_id = actions.take_up_build(builder, clock.now(), asked.id)
    db.session.commit()
    if build_id is None:
        raise Refused("The book is being built at this moment. Wait until that build has ended, then try again.")
    build(build_id, builder)
    return build_id


def build(build_id: int, builder: str) -> None:
    """The whole of one build that `builder` holds; what goes wrong ends it with a sentence."""
    with lives(partial(actions.tell, build_id, builder)):
        try:
            _build(build_id, builder)
        except Overtaken:
            db.session.rollback()
            log.warning("build %s was taken up by another builder", build_id)
        except Exception:
            log.exception("build %s broke", build_id)
            db.session.rollback()
            actions.fail_build(build_id, builder, BROKE.msgid, clock.now())
            db.session.commit()


def _tell(build_id: int, builder: str, **values: int) -> None:
    if not actions.tell(build_id, builder, clock.now(), **values):
        raise Overtaken
    db.session.commit()


def _build(build_id: int, builder: str) -> None:
    with reading():
        wanted = _conversions(build_id)
        _, undressed = _to_dress(build_id)
    steps = 2 * len(wanted) + len(undressed) + OTHER_STEPS
    _tell(build_id, builder, step_count=steps)
    _convert(wanted)
    _tell(build_id, builder, steps_done=len(wanted))
    as_sent = _dress(build_id, builder, len(wanted))
    with reading():
        bare = _without_pdf(build_id)
    failed = _convert(bare)
    with reading():
        book, before = _compose(build_id)
    before += [Problem(paper_id, NOT_CONVERTED, is_left_out=True) for paper_id in failed]
    before += [one for one in as_sent if one.paper_id not in failed]
    problems = list(before)
    with scratch("book") as name:
        folder = Path(name)
        made: MadePdf | None = None
        word: Made | None = None
        try:
            made = book_pdf(book, folder)
            told = {one.paper_id for one in before if one.is_left_out}
            problems += [one for one in made.problems if one.message != NO_PDF or one.paper_id not in told]
        except Refused as refusal:
            problems.append(Problem(None, Message(NO_PDF_BOOK.msgid, reason=refusal.message.msgid)))
        _tell(build_id, builder, steps_done=steps - 2)
        try:
            word = book_docx(book)
            problems += word.problems
        except Refused as refusal:
            problems.append(Problem(None, Message(NO_WORD_BOOK.msgid, reason=refusal.message.msgid)))
        _tell(build_id, builder, steps_done=steps - 1)
        if made is None and word is None:
            reason = next(one.message.values["reason"] for one in problems if one.message.values.get("reason"))
            actions.fail_build(build_id, builder, str(reason), clock.now())
            db.session.commit()
            return
        with reading():
            entries = _entries(build_id, made, problems)
        _finish(build_id, builder, folder, made, word, entries, problems=problems, steps_done=steps)


def _finish(
    build_id: int,
    builder: str,
    folder: Path,
    made: MadePdf | None,
    word: Made | None,
    entries: list[dict[str, Any]],
    *,
    problems: Sequence[Problem],
    steps_done: int,
) -> None:
    """Keeps the files together with the rows that name them."""
    values: dict[str, Any] = {"problems": [_said(one) for one in problems if one.paper_id is None]}
    if word is not None:
        values["docx_sha256"] = files.keep(word.content, with_rows=True)
    if made is not None:
        values |= {
            "pdf_sha256": files.keep((folder / "book.pdf").read_bytes(), with_rows=True),
            "page_count": made.page_count,
            "contacts": list(made.contacts),
            "unread_pages": list(made.unread),
        }
    for entry in entries:
        if entry["first_page"] is not None:
            alone = (folder / f"paper-{entry['paper_id']}.pdf").read_bytes()
            entry["pdf_sha256"] = files.keep(alone, with_rows=True)
    if not actions.finish_build(build_id, builder, entries, clock.now(), steps_done=steps_done, **values):
        raise Overtaken
    db.session.commit()


def _said(problem: Problem) -> dict[str, Any]:
    return {
        "msgid": problem.message.msgid,
        "values": problem.message.values,
        "is_left_out": problem.is_left_out,
    }


def _of(build_id: int) -> tuple[Seminar, Proceedings, queries.Arranged]:
    book = db.session.get_one(Build, build_id).proceedings
    seminar = db.session.get_one(Seminar, book.seminar_id)
    return seminar, book, queries.arrange(book, queries.rows_of(seminar))


def _conversions(build_id: int) -> list[Conversion]:
    """.docx to make of .doc and .odt; none where there is no LibreOffice, or in old fonts."""
    _, _, arranged = _of(build_id)
    return [
        Conversion(row.printed.id, row.paper.id, row.printed.file_sha256, RenditionKind.DOCX)
        for row in _converted_rows(arranged)
        if row.word is None and row.printed.media_type != pdf_files.MEDIA_TYPE
    ]


def _converted_rows(arranged: queries.Arranged) -> list[queries.BookRow]:
    if converting.program() is None:
        return []
    rows = (row for _, rows in arranged.parts for row in rows)
    return [row for row in rows if row.is_printed and not row.needs_unicode]


def _to_dress(build_id: int) -> tuple[Book, dict[int, BookPaper]]:
    """The book, and by submission the papers in Word whose pages in its looks are not there yet."""
    seminar, proceedings, arranged = _of(build_id)
    book = book_of(seminar, proceedings, arranged, clock.now())
    papers = {one.paper_id: one for one in book.papers if one.word is not None and not one.is_uniform}
    wanted = {row.printed.id: papers[row.paper.id] for row in _converted_rows(arranged) if row.paper.id in papers}
    return book, wanted


def _without_pdf(build_id: int) -> list[Conversion]:
    """PDFs to make of Word files as their authors set them, where their pages could not be made uniform."""
    seminar, proceedings, arranged = _of(build_id)
    book = book_of(seminar, proceedings, arranged, clock.now())
    bare = {one.paper_id for one in book.papers if one.pdf is None}
    return [
        Conversion(row.printed.id, row.paper.id, row.word or row.printed.file_sha256, RenditionKind.PDF)
        for row in _converted_rows(arranged)
        if row.paper.id in bare
    ]


def _dress(build_id: int, builder: str, done: int) -> list[Problem]:
    """Makes and keeps the pages in the book's looks; why some papers keep their authors'."""
    with reading():
        book, wanted = _to_dress(build_id)
    problems: list[Problem] = []
    keys = list(wanted)
    for start in range(0, len(keys), FILES_A_RUN):
        some = keys[start : start + FILES_A_RUN]
        there = [wanted[key] for key in some if Path(wanted[key].word or "").exists()]
        made = book_pages(book, there)
        for content in (one.content for one in made.values()):
            files.keep(content, with_rows=True)
        for key in some:
            paper = wanted[key]
            pages = made.get(paper.paper_id)
            if pages is None:
                problems.append(Problem(paper.paper_id, NOT_UNIFORM))
            elif pages.lost:
                problems.append(Problem(paper.paper_id, Message(LOST_TEXT.msgid, text=pages.lost)))
            else:
                papers.keep_rendition(
                    db.session.get_one(Submission, key),
                    RenditionKind.BOOK,
                    pages.content,
                    made_by=f"{converting.version()}, {recipe(paper, book.layout)}",
                    now=clock.now(),
                    page_count=pages.page_count,
                )
        done += len(some)
        _tell(build_id, builder, steps_done=done)
    return problems


def _convert(wanted: Sequence[Conversion]) -> list[int]:
    """Keeps the form that LibreOffice made; the papers of which it made none."""
    failed: list[int] = []
    for start in range(0, len(wanted), FILES_A_RUN):
        some = wanted[start : start + FILES_A_RUN]
        kind = some[0].kind
        there = [one for one in some if files.path_of(one.sha256).exists()]
        made = converting.convert({str(one.submission_id): files.read(one.sha256) for one in there}, kind.value)
        counts = run_isolated(page_counts, made) if kind == RenditionKind.PDF and made else {}
        for content in made.values():
            files.keep(content, with_rows=True)
        for one in some:
            key = str(one.submission_id)
            if key in made and (kind != RenditionKind.PDF or key in counts):
                papers.keep_rendition(
                    db.session.get_one(Submission, one.submission_id),
                    kind,
                    made[key],
                    made_by=converting.made_by(),
                    now=clock.now(),
                    page_count=counts.get(key),
                )
            else:
                failed.append(one.paper_id)
        db.session.commit()
    return failed


def page_counts(made: dict[str, bytes]) -> dict[str, int]:
    """In the child: pages of each PDF that opens."""
    import pypdfium2

    found = {}
    for key, content in made.items():
        try:
            with pypdfium2.PdfDocument(content) as document:
                found[key] = len(document)
        except pypdfium2.PdfiumError:
            continue
    return found


def _compose(build_id: int) -> tuple[Book, list[Problem]]:
    """The book as data, and what the office should know of its papers."""
    seminar, proceedings, arranged = _of(build_id)
    can_convert = converting.program() is not None
    problems = [Problem(row.paper.id, queries.NOWHERE, is_left_out=True) for row in arranged.homeless]
    for row in (row for _, rows in arranged.parts for row in rows):
        problems += [Problem(row.paper.id, one, one in queries.LEAVES_OUT) for one in row.remarks(can_convert)]
    if can_convert and not converting.draws_equations():
        problems.append(Problem(None, NO_EQUATIONS))
    book = book_of(seminar, proceedings, arranged, clock.now())
    return book, problems + empty_parts(book)


def _entries(build_id: int, made: MadePdf | None, problems: Sequence[Problem]) -> list[dict[str, Any]]:
    """One for each paper that was accepted for print, in the order of the book."""
    _, _, arranged = _of(build_id)
    placed = {one.paper_id: one for one in (made.placed if made else ())}
    rows = [(part.title, row) for part, rows in arranged.parts for row in rows]
    rows += [("", row) for row in arranged.homeless]
    entries = []
    for position, (title, row) in enumerate(rows, 1):
        paper, place = row.paper, placed.get(row.paper.id)
        entries.append(
            {
                "paper_id": paper.id,
                "submission_id": row.printed.id,
                "position": position,
                "part_title": title,
                "title": paper.title,
                "authors": paper.authors,
                "first_page": place.first_page if place else None,
                "page_count": place.page_count if place else None,
                "problems": [_said(one) for one in problems if one.paper_id == paper.id],
            }
        )
    return entries


class Worker:
    """A daemon thread that survives everything but the end of the process."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.wake = threading.Event()
        self.ends = threading.Event()
        self.thread = threading.Thread(target=self._run, name="proceedings", daemon=True)

    def stop(self, seconds: float = 10.0) -> None:
        """A build that is under way is left to whoever comes next."""
        self.ends.set()
        self.wake.set()
        self.thread.join(seconds)

    def _run(self) -> None:
        while not self.ends.is_set():
            self.wake.wait(LOOKS_SECONDS)
            self.wake.clear()
            try:
                with self.app.app_context():
                    while not self.ends.is_set() and (build_next(builder_name()) or pack_next(builder_name())):
                        pass
            except Exception:
                log.exception("the builder goes on after an error")


def start(app: Flask) -> Worker:
    worker = Worker(app)

    def committed(session: Any) -> None:
        if session.info.pop("build", False):
            worker.wake.set()

    event.listen(db.session, "after_commit", committed)
    worker.thread.start()
    return worker
