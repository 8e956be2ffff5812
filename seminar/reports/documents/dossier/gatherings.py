"""Which kept files belong to the dossier, and how they are called in it."""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from seminar.documents.documents import KIND_WORDS
from seminar.documents.models import IssuedDocument
from seminar.lib.clock import short_date, short_moment
from seminar.lib.database import db
from seminar.minutes.models import MinutesVersion, Note, NoteAttachment
from seminar.papers.models import Paper
from seminar.planning.models import Seminar
from seminar.reports.documents.dossier.archive import ending_of, word
from seminar.reports.queries.proceedings import published_build
from seminar.reports.queries.wordings import issues_of
from seminar.statistics.models import Period, Return, ReturnVersion, Sheet, SignedScan


@dataclass(frozen=True)
class Stored:
    """A kept file: its place in the dossier, and what the page says of it."""

    path: str
    sha256: str
    title: str
    note: str = ""


def stored_files(seminar: Seminar) -> list[Stored]:
    """In the order of the folders; nothing is read from the files themselves."""
    return _named_apart(
        [
            *(*_documents(seminar), *_papers(seminar), *_minutes(seminar), *_reports(seminar)),
            *(*_proceedings(seminar), *_signed_returns(seminar)),
        ]
    )


def _named_apart(found: Iterable[Stored]) -> list[Stored]:
    """Two of one name (the same number in two terms) are told apart by the first number that makes a name of its own."""
    seen: set[str] = set()
    apart = []
    for one in found:
        stem, _, ending = one.path.rpartition(".")
        names = itertools.chain([one.path], (f"{stem}-{number}.{ending}" for number in itertools.count(2)))
        path = next(name for name in names if name.casefold() not in seen)
        seen.add(path.casefold())
        apart.append(replace(one, path=path))
    return apart


def _both(path: str, pdf: str, docx: str, title: str, note: str) -> list[Stored]:
    pairs = ((pdf, "pdf"), (docx, "docx"))
    return [Stored(f"{path}.{ending}", digest, title, note) for digest, ending in pairs if digest]


def _title(one: IssuedDocument) -> str:
    return f"{KIND_WORDS[one.kind]} số {one.symbol}: {one.subject}"


def documents_without_file(seminar: Seminar) -> list[str]:
    """What the program issued, and of which no copy was kept; documents made elsewhere never have one."""
    query = select(IssuedDocument).where(
        IssuedDocument.seminar_id == seminar.id,
        IssuedDocument.is_outside.is_(False),
        IssuedDocument.unused_at.is_(None),
        IssuedDocument.file_sha256 == "",
    )
    return [_title(one) for one in db.session.scalars(query.order_by(IssuedDocument.id))]


def _documents(seminar: Seminar) -> list[Stored]:
    query = select(IssuedDocument).where(IssuedDocument.seminar_id == seminar.id)
    found = []
    for one in db.session.scalars(query.order_by(IssuedDocument.issued_on, IssuedDocument.id)):
        path = f"02-van-ban-di/{one.kind.file_word}-{one.number:02d}"
        found += _both(path, one.file_sha256, one.word_sha256, _title(one), short_date(one.issued_on))
    return found


def _papers(seminar: Seminar) -> list[Stored]:
    """The file of every version as it was sent; withdrawn papers too."""
    query = select(Paper).where(Paper.seminar_id == seminar.id).options(selectinload(Paper.submissions))
    return [
        Stored(
            f"04-tham-luan/{number:03d}-{word(paper.title)}/lan-{one.version}{ending_of(one.filename)}",
            one.file_sha256,
            f"{paper.title} (lần {one.version})",
            one.filename,
        )
        for number, paper in enumerate(db.session.scalars(query.order_by(Paper.id)), 1)
        for one in paper.submissions
    ]


def _minutes(seminar: Seminar) -> list[Stored]:
    found = []
    versions = select(MinutesVersion).where(MinutesVersion.seminar_id == seminar.id).order_by(MinutesVersion.number)
    for one in db.session.scalars(versions):
        if one.adopted_at:
            path, note = f"06-bien-ban/bien-ban-lan-{one.number}", f"thông qua {short_moment(one.adopted_at)}"
            found += _both(path, one.pdf_sha256, one.docx_sha256, f"Biên bản, lần {one.number}", note)
    beside = (
        select(NoteAttachment)
        .join(Note, Note.id == NoteAttachment.note_id)
        .where(Note.seminar_id == seminar.id, NoteAttachment.removed_at.is_(None))
        .order_by(NoteAttachment.note_id, NoteAttachment.id)
    )
    for file in db.session.scalars(beside):
        stem = word(file.filename.rpartition(".")[0] or file.filename)
        path = f"06-bien-ban/tep-kem/{file.note_id:04d}-{stem}{ending_of(file.filename)}"
        found.append(Stored(path, file.sha256, f"Tệp kèm ghi chép {file.note_id}", file.filename))
    return found


def _reports(seminar: Seminar) -> list[Stored]:
    found = []
    for one in issues_of(seminar):
        title = f"Báo cáo kết quả, lần {one.number}, số {one.document.symbol}"
        path = f"07-bao-cao/bao-cao-lan-{one.number}"
        found += _both(path, one.pdf_sha256, one.docx_sha256, title, short_date(one.document.issued_on))
    return found


def _signed_returns(seminar: Seminar) -> list[Stored]:
    """The signed scans of the units' statistics, those withdrawn left out."""
    query = (
        select(SignedScan)
        .join(ReturnVersion, ReturnVersion.id == SignedScan.version_id)
        .join(Return, Return.id == ReturnVersion.return_id)
        .join(Period, Period.id == Return.period_id)
        .join(Sheet, Sheet.id == Period.sheet_id)
        .where(Sheet.seminar_id == seminar.id, SignedScan.withdrawn_at.is_(None))
        .order_by(Period.id, Return.unit_id, SignedScan.id)
        .options(joinedload(SignedScan.version).joinedload(ReturnVersion.of).joinedload(Return.unit))
    )
    return [
        Stored(
            f"10-so-lieu/ban-ky/{word(one.version.of.unit.name)}-lan-{one.version.number}{ending_of(one.filename)}",
            one.file_sha256,
            f"Bản ký, đóng dấu của {one.version.of.unit.name}, lần nộp {one.version.number}",
            one.filename,
        )
        for one in db.session.scalars(query)
    ]


def _proceedings(seminar: Seminar) -> list[Stored]:
    book = published_build(seminar)
    if book is None:
        return []
    return _both(
        "08-ky-yeu/ky-yeu", book.pdf_sha256, book.docx_sha256, "Kỷ yếu đã công bố", short_moment(book.asked_at)
    )
