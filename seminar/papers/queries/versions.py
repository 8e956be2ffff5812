"""The versions of a paper and their other forms."""

from sqlalchemy import select

from seminar.lib.database import db
from seminar.papers.checking import pdf, word
from seminar.papers.models import Paper, Rendition, RenditionKind, Submission


def submission_or_404(paper: Paper, version: int) -> Submission:
    return db.first_or_404(select(Submission).where(Submission.paper_id == paper.id, Submission.version == version))


def latest_submission(paper: Paper) -> Submission | None:
    query = select(Submission).where(Submission.paper_id == paper.id).order_by(Submission.version.desc()).limit(1)
    return db.session.scalar(query)


def rendition(submission: Submission, kind: RenditionKind) -> Rendition | None:
    """The latest of the kind; a PDF made before the old fonts were converted no longer counts, one that was sent does."""
    found = [one for one in submission.renditions if one.kind == kind]
    if kind == RenditionKind.PDF:
        converted = max((one.id for one in submission.renditions if one.kind == RenditionKind.UNICODE), default=0)
        found = [one for one in found if one.is_sent or one.id > converted]
    return found[-1] if found else None


def word_sha256(submission: Submission) -> str | None:
    """The file to bind into a Word book: with its fonts converted, made from .doc or .odt, or as sent; None for a PDF."""
    for kind in (RenditionKind.UNICODE, RenditionKind.DOCX):
        if (made := rendition(submission, kind)) is not None:
            return made.file_sha256
    return submission.file_sha256 if submission.media_type == word.MEDIA_TYPE else None


def pdf_sha256(submission: Submission) -> str | None:
    """The file to print: the PDF as sent, one sent beside the Word file, or one made of it; None where there is none yet."""
    if submission.media_type == pdf.MEDIA_TYPE:
        return submission.file_sha256
    made = rendition(submission, RenditionKind.PDF)
    return made.file_sha256 if made is not None else None
