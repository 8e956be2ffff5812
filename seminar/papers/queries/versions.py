"""The versions of a paper and their other forms."""

from functools import lru_cache

from sqlalchemy import select

from seminar.lib import files
from seminar.lib.database import db
from seminar.papers import converting
from seminar.papers.checking import check_fonts, pdf, word
from seminar.papers.models import Paper, Rendition, RenditionKind, Submission


def submission_or_404(paper: Paper, version: int) -> Submission:
    return db.first_or_404(select(Submission).where(Submission.paper_id == paper.id, Submission.version == version))


def latest_submission(paper: Paper) -> Submission | None:
    query = select(Submission).where(Submission.paper_id == paper.id).order_by(Submission.version.desc()).limit(1)
    return db.session.scalar(query)


def rendition(submission: Submission, kind: RenditionKind) -> Rendition | None:
    """The latest of the kind; a PDF made before the old fonts were converted, or by older rules, no longer counts; one
    that was sent does.
    """
    standing = [one for one in submission.renditions if one.withdrawn_at is None]
    found = [one for one in standing if one.kind == kind]
    if kind == RenditionKind.PDF:
        converted = max((one.id for one in standing if one.kind == RenditionKind.UNICODE), default=0)
        found = [
            one for one in found if one.is_sent or (one.id > converted and not converting.is_outdated(one.made_by))
        ]
    return found[-1] if found else None


def docx_sha256(submission: Submission) -> str | None:
    """The Word file before its old fonts are converted: as sent, or made from .doc or .odt; None for a PDF."""
    made = rendition(submission, RenditionKind.DOCX)
    if made is not None:
        return made.file_sha256
    return submission.file_sha256 if submission.media_type == word.MEDIA_TYPE else None


def legacy_samples(submission: Submission) -> tuple[tuple[str, str], ...]:
    """(as typed, in Unicode) of a few sentences; empty where nothing old was found. Opens the file once per process."""
    digest = docx_sha256(submission) if submission.legacy else None
    return _samples(digest) if digest else ()


@lru_cache(maxsize=200)
def _samples(digest: str) -> tuple[tuple[str, str], ...]:
    return check_fonts(files.read(digest)).samples


def word_sha256(submission: Submission) -> str | None:
    """The file to bind into a Word book: with its fonts converted, made from .doc or .odt, or as sent; None for a PDF."""
    made = rendition(submission, RenditionKind.UNICODE)
    return made.file_sha256 if made is not None else docx_sha256(submission)


def pdf_sha256(submission: Submission) -> str | None:
    """The file to print: the PDF as sent, one sent beside the Word file, or one made of it; None where there is none yet."""
    if submission.media_type == pdf.MEDIA_TYPE:
        return submission.file_sha256
    made = rendition(submission, RenditionKind.PDF)
    return made.file_sha256 if made is not None else None
