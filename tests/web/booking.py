"""Papers for the proceedings, straight through the actions: sent, decided, in print."""

import hashlib
from typing import Any

from seminar.lib.database import db
from seminar.papers.actions import decide_paper, submit_paper
from seminar.papers.checking import CheckedFile
from seminar.papers.checking import pdf as pdf_files
from seminar.planning.models import Seminar
from seminar.reports.models import Proceedings
from seminar.reports.queries import proceedings as queries
from tests import cast, manuscripts


def checked(content: bytes, name: str, media_type: str, page_count: int | None = None) -> CheckedFile:
    extension = "pdf" if media_type == pdf_files.MEDIA_TYPE else "docx"
    return CheckedFile(name, content, hashlib.sha256(content).hexdigest(), media_type, extension, 500, page_count)


def accept(
    seminar: Seminar,
    title: str,
    file: CheckedFile | None = None,
    *,
    versions: int = 1,
    needs_correction: bool = False,
    **sender: Any,
) -> int:
    """A paper that was decided for print in its first version; its id. Without a file a small one in Word."""
    if not sender.get("unit") and not sender.get("delegate"):
        sender["authors"] = "Tập thể thử"
    authors = sender.pop("authors", None)
    paper = None
    for version in range(1, versions + 1):
        one = file or word_file(f"{title} {version}")
        submission = submit_paper(
            seminar, one, title=title, authors=authors, paper=paper, by=cast.OFFICE, now=cast.NOW, **sender
        )
        paper = submission.paper
        if version == 1:
            decide_paper(
                paper,
                version=1,
                in_print=True,
                on_stage=False,
                needs_correction=needs_correction,
                note="Sửa phần một." if needs_correction else "",
                by=cast.OFFICE,
                now=cast.NOW,
            )
    assert paper is not None
    return paper.id


def word_file(*paragraphs: str) -> CheckedFile:
    import io

    import docx

    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return checked(out.getvalue(), "bai.docx", manuscripts.word_files.MEDIA_TYPE)


def book_of() -> Proceedings:
    book = queries.proceedings_of(cast.find_seminar())
    assert book is not None
    db.session.refresh(book)
    return book


def order_of() -> dict[str, list[int]]:
    """{role of the part: papers in order}, without empty parts."""
    seminar = cast.find_seminar()
    arranged = queries.arrange(book_of(), queries.rows_of(seminar))
    return {part.role: [row.paper.id for row in rows] for part, rows in arranged.parts if rows}
