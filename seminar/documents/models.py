"""Numbers of issued documents: per issuer, kind and congress term, taken when issued, never reused (HD29; domain.md 1.1)."""

import re
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column, relationship

from seminar.lib.database import Model
from seminar.lib.errors import N_
from seminar.lib.text import fold
from seminar.planning.models import Seminar


class DocumentKind(StrEnum):
    INVITATION = "invitation"
    SUMMONS = "summons"
    DISPATCH = "dispatch"
    PROGRAMME = "programme"
    MINUTES = "minutes"
    REPORT = "report"
    PLAN = "plan"
    NOTICE = "notice"

    @property
    def file_word(self) -> str:
        """How the names of its files begin: plain letters, since mail programs and archives break others."""
        return FILE_WORDS[self]


FILE_WORDS = {
    DocumentKind.INVITATION: "thu-moi",
    DocumentKind.SUMMONS: "giay-trieu-tap",
    DocumentKind.DISPATCH: "cong-van",
    DocumentKind.PROGRAMME: "chuong-trinh",
    DocumentKind.MINUTES: "bien-ban",
    DocumentKind.REPORT: "bao-cao",
    DocumentKind.PLAN: "ke-hoach",
    DocumentKind.NOTICE: "thong-bao",
}
DOCUMENT_KIND_LABELS = {
    DocumentKind.INVITATION: N_("letter of invitation"),
    DocumentKind.SUMMONS: N_("letter of summons"),
    DocumentKind.DISPATCH: N_("dispatch"),
    DocumentKind.PROGRAMME: N_("programme"),
    DocumentKind.MINUTES: N_("minutes"),
    DocumentKind.REPORT: N_("report"),
    DocumentKind.PLAN: N_("plan as a document"),
    DocumentKind.NOTICE: N_("notice"),
}


def symbol_key(printed: str) -> str:
    """ "Số: 1 - TM/TĐTN-TCKT" and "01-TM/TĐTN-TCKT" are one number."""
    bare = re.sub(r"[^a-z0-9/-]", "", fold(printed).removeprefix("so"))
    return bare.lstrip("0")


def _key_of_row(context: DefaultExecutionContext) -> str:
    key = symbol_key(context.get_current_parameters()["symbol"])
    if not key:
        raise ValueError("a document without a symbol: nobody could verify it")
    return key


class IssuedDocument(Model):
    """The outgoing register: one row per number taken, by the program or by hand (`is_outside`).

    `file_sha256` (PDF) and `word_sha256` are the document as it was issued. A number that came to nothing stays, with
    `unused_at`.
    """

    __tablename__ = "issued_document"
    __table_args__ = (
        UniqueConstraint("term", "issuer", "kind", "number"),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("copies >= 0", name="copies_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seminar_id: Mapped[int] = mapped_column(ForeignKey("seminar.id"), index=True)
    term: Mapped[str] = mapped_column(String(40))
    issuer: Mapped[str] = mapped_column(String(40), default="")
    """Whose register it is: "TĐTN", or the ban's own, "BTC" (HD29: each issuer has its numbers)."""
    kind: Mapped[DocumentKind]
    number: Mapped[int]
    symbol: Mapped[str] = mapped_column(String(60))
    """As printed: "01-TM/TĐTN-VP"."""
    symbol_key: Mapped[str] = mapped_column(String(60), default=_key_of_row, index=True)
    """The symbol as somebody may type it from paper; always from the symbol, so that /verify finds every row."""
    subject: Mapped[str] = mapped_column(String(500))
    issued_on: Mapped[date]
    issued_at: Mapped[datetime]
    issued_by: Mapped[str] = mapped_column(String(200))
    drafted_by: Mapped[str] = mapped_column(String(200), default="")
    signer: Mapped[str] = mapped_column(String(300), default="")
    addressees: Mapped[str] = mapped_column(Text, default="")
    """Who gets it, one on each line: Kính gửi, else the places of Nơi nhận."""
    addressee_count: Mapped[int] = mapped_column(default=0)
    copies: Mapped[int] = mapped_column(default=0)
    file_sha256: Mapped[str] = mapped_column(String(64), default="")
    word_sha256: Mapped[str] = mapped_column(String(64), default="")
    is_outside: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(String(500), default="")
    unused_at: Mapped[datetime | None]
    unused_by: Mapped[str] = mapped_column(String(200), default="")
    unused_because: Mapped[str] = mapped_column(String(300), default="")


class NumberStart(Model):
    """That a register goes on with another number, because the office's paper register is ahead: the latest counts."""

    __tablename__ = "number_start"
    __table_args__ = (CheckConstraint("next_number > 0", name="number_positive"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    seminar_id: Mapped[int] = mapped_column(ForeignKey("seminar.id"))
    """On whose page it was set; it holds for the whole register."""
    term: Mapped[str] = mapped_column(String(40))
    issuer: Mapped[str] = mapped_column(String(40))
    kind: Mapped[DocumentKind]
    next_number: Mapped[int]
    after_number: Mapped[int]
    """The last number taken until then: those between are in the paper register."""
    reason: Mapped[str] = mapped_column(String(300))
    set_at: Mapped[datetime]
    set_by: Mapped[str] = mapped_column(String(200))


class Purpose(StrEnum):
    """What a draft is for; it says which words it begins with."""

    SUMMONS = "summons"
    PAPERS = "papers"
    RETURNS = "returns"
    PROGRAMME = "programme"
    FREE = "free"


PURPOSE_LABELS = {
    Purpose.SUMMONS: N_("dispatch that summons, to the units"),
    Purpose.PAPERS: N_("dispatch that calls for papers"),
    Purpose.RETURNS: N_("dispatch that calls for the data"),
    Purpose.PROGRAMME: N_("programme of the seminar"),
    Purpose.FREE: N_("dispatch on anything else"),
}


class Draft(Model):
    """A document that the office is writing. Issued, it has its `document` and changes no more."""

    __tablename__ = "draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    seminar_id: Mapped[int] = mapped_column(ForeignKey("seminar.id"), index=True)
    purpose: Mapped[Purpose]
    kind: Mapped[DocumentKind]
    subject: Mapped[str] = mapped_column(String(500))
    addressees: Mapped[list[str]] = mapped_column(JSON, default=list)
    body: Mapped[str] = mapped_column(Text, default="")
    """A paragraph on each line; documents/content.py says what a line may be."""
    annexes: Mapped[list[str]] = mapped_column(JSON, default=list)
    recipients: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    urgency: Mapped[str] = mapped_column(String(20), default="")
    meeting_mark: Mapped[str] = mapped_column(String(200), default="")
    revision: Mapped[int] = mapped_column(default=1)
    """Grows with each change: who saves an older one is told instead of undoing the newer."""
    begun_at: Mapped[datetime]
    begun_by: Mapped[str] = mapped_column(String(200))
    changed_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(String(200))
    document_id: Mapped[int | None] = mapped_column(ForeignKey("issued_document.id"), unique=True)

    seminar: Mapped[Seminar] = relationship()
    document: Mapped[IssuedDocument | None] = relationship()


class WordTemplate(Model):
    """The office's own Word template of a kind of document; at most one is in force, earlier ones stay."""

    __tablename__ = "word_template"
    __table_args__ = (
        Index(
            "uq_word_template_in_force",
            "seminar_id",
            "kind",
            unique=True,
            sqlite_where=sql("removed_at IS NULL"),
            postgresql_where=sql("removed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seminar_id: Mapped[int] = mapped_column(ForeignKey("seminar.id"))
    kind: Mapped[DocumentKind]
    filename: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    uploaded_at: Mapped[datetime]
    uploaded_by: Mapped[str] = mapped_column(String(200))
    removed_at: Mapped[datetime | None]
    removed_by: Mapped[str] = mapped_column(String(200), default="")
