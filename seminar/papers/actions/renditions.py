"""Other forms of a version: a PDF beside the Word file, one made of it, its old fonts converted."""

from datetime import datetime

from seminar.access.actor import Actor
from seminar.audit.models import record
from seminar.lib import files
from seminar.lib.database import db
from seminar.lib.errors import Refused
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
    digest = files.keep(content, with_rows=True)
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


def keep_unicode(submission: Submission, content: bytes, by: Actor, now: datetime) -> Rendition:
    """Keeps the Word file with its old fonts converted; from then on it is read, printed and bound. What was sent stays."""
    if not submission.legacy:
        raise Refused("No old font was found in this version.")
    standing = queries.rendition(submission, RenditionKind.UNICODE)
    made = keep_rendition(submission, RenditionKind.UNICODE, content, made_by=by.name, now=now)
    if made is not standing:
        paper = submission.paper
        record(
            by,
            now,
            "convert",
            "old fonts",
            seminar_id=paper.seminar_id,
            object_id=paper.id,
            summary=paper.title,
            version=submission.version,
        )
    return made


def undo_unicode(submission: Submission, by: Actor, now: datetime) -> None:
    """The file as it was sent counts again, and what was printed of the conversion does not. Twice is harmless."""
    converted = queries.rendition(submission, RenditionKind.UNICODE)
    if converted is None:
        return
    for one in submission.renditions:
        is_of_it = one.kind == RenditionKind.PDF and not one.is_sent and one.id > converted.id
        if one.withdrawn_at is None and (one.kind == RenditionKind.UNICODE or is_of_it):
            one.withdrawn_at, one.withdrawn_by = now, by.name
    db.session.flush()
    paper = submission.paper
    record(
        by,
        now,
        "undo",
        "old fonts",
        seminar_id=paper.seminar_id,
        object_id=paper.id,
        summary=paper.title,
        version=submission.version,
    )
