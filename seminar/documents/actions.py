"""Taking numbers from the outgoing register, and keeping the documents as they were issued."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from seminar.access.actor import Actor
from seminar.audit.models import record
from seminar.documents import rules
from seminar.documents.models import DocumentKind, IssuedDocument
from seminar.lib.clock import local
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.planning.models import Seminar

TRIES = 20
"""On PostgreSQL another office may take the same number at the same moment: the unique constraint decides, we ask again."""


def take_number(
    seminar: Seminar,
    kind: DocumentKind,
    subject: str,
    by: Actor,
    now: datetime,
    addressee_count: int = 0,
) -> IssuedDocument:
    """The next number of the kind in the congress term, from 01; the register keeps it for ever, also if unused."""
    settings = rules.settings_of(seminar.settings)
    for _ in range(TRIES):
        last = select(func.max(IssuedDocument.number)).where(
            IssuedDocument.term == settings.term, IssuedDocument.kind == kind
        )
        number = (db.session.scalar(last) or 0) + 1
        document = IssuedDocument(
            seminar_id=seminar.id,
            term=settings.term,
            kind=kind,
            number=number,
            symbol=rules.symbol(number, kind, settings),
            subject=subject[:500],
            issued_on=local(now).date(),
            issued_at=now,
            issued_by=by.name,
            addressee_count=addressee_count,
        )
        try:
            with db.session.begin_nested():
                db.session.add(document)
        except IntegrityError:
            continue
        record(
            by,
            now,
            "issue",
            "document",
            seminar_id=seminar.id,
            object_id=document.id,
            summary=document.symbol,
            addressee_count=addressee_count,
        )
        return document
    raise Refused("The register of numbers is busy. Try again.")


def keep_issued(document: IssuedDocument, file_sha256: str) -> None:
    """Writes down which file is the document as it was issued; the first stays."""
    if not document.file_sha256:
        document.file_sha256 = file_sha256
