"""Numbers of issued documents: per issuer, kind and congress term, taken when issued, never reused (HD29; domain.md 1.1)."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from seminar.lib.database import Model
from seminar.lib.errors import N_


class DocumentKind(StrEnum):
    INVITATION = "invitation"
    SUMMONS = "summons"
    DISPATCH = "dispatch"
    PROGRAMME = "programme"
    MINUTES = "minutes"
    REPORT = "report"


DOCUMENT_KIND_LABELS = {
    DocumentKind.INVITATION: N_("letter of invitation"),
    DocumentKind.SUMMONS: N_("letter of summons"),
    DocumentKind.DISPATCH: N_("dispatch"),
    DocumentKind.PROGRAMME: N_("programme"),
    DocumentKind.MINUTES: N_("minutes"),
    DocumentKind.REPORT: N_("report"),
}


class IssuedDocument(Model):
    """The outgoing register: one row per number taken. `file_sha256` is the document as it was issued."""

    __tablename__ = "issued_document"
    __table_args__ = (
        UniqueConstraint("term", "kind", "number"),
        CheckConstraint("number > 0", name="number_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seminar_id: Mapped[int] = mapped_column(ForeignKey("seminar.id"), index=True)
    term: Mapped[str] = mapped_column(String(40))
    kind: Mapped[DocumentKind]
    number: Mapped[int]
    symbol: Mapped[str] = mapped_column(String(60))
    """As printed: "01-TM/TĐTN-VP"."""
    subject: Mapped[str] = mapped_column(String(500))
    issued_on: Mapped[date]
    issued_at: Mapped[datetime]
    issued_by: Mapped[str] = mapped_column(String(200))
    addressee_count: Mapped[int] = mapped_column(default=0)
    file_sha256: Mapped[str] = mapped_column(String(64), default="")
