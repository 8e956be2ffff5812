"""Reads of the outgoing register."""

from sqlalchemy import select

from seminar.documents.models import IssuedDocument
from seminar.documents.rules import symbol_key
from seminar.lib.database import db
from seminar.planning.models import Seminar


def document_or_404(seminar: Seminar, document_id: int) -> IssuedDocument:
    return db.first_or_404(
        select(IssuedDocument).where(IssuedDocument.seminar_id == seminar.id, IssuedDocument.id == document_id)
    )


def issued_by_symbol(printed: str) -> list[tuple[IssuedDocument, Seminar]]:
    """Documents with the number as somebody typed it from paper: accents, spaces, "Số:" and leading zeros aside."""
    wanted = symbol_key(printed)
    rows = db.session.execute(select(IssuedDocument, Seminar).join(Seminar, Seminar.id == IssuedDocument.seminar_id))
    return [(document, seminar) for document, seminar in rows if symbol_key(document.symbol) == wanted]
