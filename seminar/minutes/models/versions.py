"""The minutes (biên bản): versions, each open until it is adopted and then locked."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from seminar.lib.database import Model


class MinutesVersion(Model):
    """One version of the minutes. While none is adopted, or one is open, notes may change; an adopted one is frozen.

    A version after the first says why it was opened (domain.md 2.4). What is left empty prints as the desk and the run
    of the programme know it.
    """

    __tablename__ = "minutes_version"
    __table_args__ = (
        UniqueConstraint("seminar_id", "number"),
        Index(
            "uq_minutes_version_open",
            "seminar_id",
            unique=True,
            sqlite_where=sql("adopted_at IS NULL"),
            postgresql_where=sql("adopted_at IS NULL"),
        ),
        CheckConstraint("number = 1 OR reason <> ''", name="reason_given"),
        CheckConstraint("adopted_at IS NULL OR docx_sha256 <> ''", name="adopted_whole"),
        CheckConstraint("ended_at >= began_at", name="ends_later"),
        CheckConstraint("copies > 0", name="copies_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seminar_id: Mapped[int] = mapped_column(ForeignKey("seminar.id"))
    number: Mapped[int]
    reason: Mapped[str] = mapped_column(String(500), default="")
    opened_at: Mapped[datetime]
    opened_by: Mapped[str] = mapped_column(String(200))
    began_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    chairs: Mapped[str] = mapped_column(Text, default="")
    secretaries: Mapped[str] = mapped_column(Text, default="")
    copies: Mapped[int | None]
    revision: Mapped[int] = mapped_column(default=1)
    """Counts the changes of these fields, so that two who change them see each other."""
    adopted_at: Mapped[datetime | None]
    adopted_by: Mapped[str] = mapped_column(String(200), default="")
    manner: Mapped[str] = mapped_column(String(300), default="")
    """How it was adopted: "đọc tại hội trường, các đại biểu nhất trí"."""
    docx_sha256: Mapped[str] = mapped_column(String(64), default="")
    pdf_sha256: Mapped[str] = mapped_column(String(64), default="")
    note_count: Mapped[int | None]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """As they were when it was adopted: {"figures": {key: count}, "notes": {id: wording}, "particulars": {name: text},
    "asked_for": {key: row}}.
    """
