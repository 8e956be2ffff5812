"""Other forms of a version: a PDF beside the Word file, one made of it, its old fonts converted."""

from datetime import datetime

from seminar.lib import files
from seminar.lib.database import db
from seminar.papers import queries
from seminar.papers.models import Rendition, RenditionKind, Submission


def keep_rendition(
    submission: Submission,
    kind: RenditionKind,
    content: bytes,
    *,
    made_by: str,
    now: datetime,
    page_count: int | None = None,
    is_sent: bool = False,
) -> Rendition:
    """Keeps another form of the version. The same bytes again as the latest of the kind change nothing."""
    digest = files.keep(content)
    latest = queries.rendition(submission, kind)
    if latest is not None and latest.file_sha256 == digest:
        return latest
    made = Rendition(
        submission=submission,
        kind=kind,
        file_sha256=digest,
        size_bytes=len(content),
        page_count=page_count,
        made_by=made_by,
        is_sent=is_sent,
        at=now,
    )
    db.session.add(made)
    db.session.flush()
    return made
