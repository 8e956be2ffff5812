"""What was asked for: to whom it goes, who looks after it, and what came of it."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from seminar.lib.database import Model
from seminar.lib.errors import N_
from seminar.minutes.models.notes import Note


class Addressee(StrEnum):
    """Cơ quan có thẩm quyền, as part IV of the result report orders them (domain.md 2.5)."""

    CENTRAL_UNION = "central_union"
    PROVINCIAL_PARTY = "provincial_party"
    LOCAL_PARTY = "local_party"
    PARTNERS = "partners"
    UNION = "union"


ADDRESSEE_LABELS = {
    Addressee.CENTRAL_UNION: N_("Central Union"),
    Addressee.PROVINCIAL_PARTY: N_("provincial Party committee"),
    Addressee.LOCAL_PARTY: N_("local Party committees"),
    Addressee.PARTNERS: N_("departments, schools, enterprises"),
    Addressee.UNION: N_("within the Union"),
}


class RecommendationStatus(StrEnum):
    RECORDED = "recorded"
    SENT = "sent"
    ANSWERED = "answered"
    UNDER_WAY = "under_way"
    DONE = "done"
    NOT_TAKEN_UP = "not_taken_up"


RECOMMENDATION_STATUS_LABELS = {
    RecommendationStatus.RECORDED: N_("recorded"),
    RecommendationStatus.SENT: N_("sent to the addressee"),
    RecommendationStatus.ANSWERED: N_("answered"),
    RecommendationStatus.UNDER_WAY: N_("under way"),
    RecommendationStatus.DONE: N_("done"),
    RecommendationStatus.NOT_TAKEN_UP: N_("not taken up"),
}


class Recommendation(Model):
    """A proposal or recommendation made ready to be sent and followed; mostly from a note, whose text stays as spoken."""

    __tablename__ = "recommendation"
    __table_args__ = (Index("ix_recommendation_seminar_id_position", "seminar_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    seminar_id: Mapped[int] = mapped_column(ForeignKey("seminar.id"))
    note_id: Mapped[int | None] = mapped_column(ForeignKey("note.id"), unique=True)
    position: Mapped[int] = mapped_column(default=0)
    text: Mapped[str] = mapped_column(Text)
    """Empty: as the note says it."""
    raised_by: Mapped[str] = mapped_column(String(300), default="")
    addressee: Mapped[Addressee | None]
    addressee_name: Mapped[str] = mapped_column(String(300), default="")
    owner: Mapped[str] = mapped_column(String(300), default="")
    """Who in the office looks after it."""
    due_on: Mapped[date | None]
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(200))
    removed_at: Mapped[datetime | None]
    removed_by: Mapped[str] = mapped_column(String(200), default="")

    note: Mapped[Note | None] = relationship()
    steps: Mapped[list["RecommendationStep"]] = relationship(order_by="RecommendationStep.id")


class RecommendationStep(Model):
    """What happened with it, one row after the other; the latest says how it stands."""

    __tablename__ = "recommendation_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    recommendation_id: Mapped[int] = mapped_column(ForeignKey("recommendation.id"), index=True)
    status: Mapped[RecommendationStatus]
    on: Mapped[date]
    note: Mapped[str] = mapped_column(String(500), default="")
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(200))
