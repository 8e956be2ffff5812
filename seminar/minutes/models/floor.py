"""Who asked for the floor, and who had it for how long."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from seminar.agenda.models import Item
from seminar.delegates.models import Delegate
from seminar.lib.database import Model
from seminar.lib.errors import N_
from seminar.planning.models import Topic


class FloorOutcome(StrEnum):
    CALLED = "called"
    WITHDRAWN = "withdrawn"
    PUT_ASIDE = "put_aside"


FLOOR_OUTCOME_LABELS = {
    FloorOutcome.CALLED: N_("was called"),
    FloorOutcome.WITHDRAWN: N_("withdrew"),
    FloorOutcome.PUT_ASIDE: N_("put aside by the chair"),
}


class FloorRequest(Model):
    """That a delegate in the hall asks to speak. One waits at a time for each; a settled one stays as a record."""

    __tablename__ = "floor_request"
    __table_args__ = (
        Index("ix_floor_request_seminar_id_asked_at", "seminar_id", "asked_at"),
        Index(
            "uq_floor_request_waiting",
            "delegate_id",
            unique=True,
            sqlite_where=sql("settled_at IS NULL"),
            postgresql_where=sql("settled_at IS NULL"),
        ),
        CheckConstraint("(settled_at IS NULL) = (outcome IS NULL)", name="settled_whole"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seminar_id: Mapped[int] = mapped_column(ForeignKey("seminar.id"))
    delegate_id: Mapped[int] = mapped_column(ForeignKey("delegate.id"))
    subject: Mapped[str] = mapped_column(String(300), default="")
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topic.id"))
    position: Mapped[int] = mapped_column(default=0)
    """Where the chair put it in the line; equal ones stand in the order in which they came."""
    asked_at: Mapped[datetime]
    asked_by: Mapped[str] = mapped_column(String(200))
    """The delegate, or who entered it for them."""
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[str] = mapped_column(String(200), default="")
    outcome: Mapped[FloorOutcome | None]

    delegate: Mapped[Delegate] = relationship()
    topic: Mapped[Topic | None] = relationship()


class Turn(Model):
    """That somebody had the floor. One speaks at a time; a turn begun by mistake is undone and stays as a record."""

    __tablename__ = "turn"
    __table_args__ = (
        Index("ix_turn_seminar_id_began_at", "seminar_id", "began_at"),
        Index(
            "uq_turn_on",
            "seminar_id",
            unique=True,
            sqlite_where=sql("ended_at IS NULL AND undone_at IS NULL"),
            postgresql_where=sql("ended_at IS NULL AND undone_at IS NULL"),
        ),
        CheckConstraint("minutes > 0 AND minutes <= 240", name="minutes_sane"),
        CheckConstraint("ended_at >= began_at", name="ends_later"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seminar_id: Mapped[int] = mapped_column(ForeignKey("seminar.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    delegate_id: Mapped[int | None] = mapped_column(ForeignKey("delegate.id"), index=True)
    speaker: Mapped[str] = mapped_column(String(300))
    """As printed; also where no delegate of the list is meant."""
    request_id: Mapped[int | None] = mapped_column(ForeignKey("floor_request.id"), unique=True)
    minutes: Mapped[int]
    """How long the chair gave."""
    began_at: Mapped[datetime]
    began_by: Mapped[str] = mapped_column(String(200))
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str] = mapped_column(String(200), default="")
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str] = mapped_column(String(200), default="")

    item: Mapped[Item] = relationship()
    delegate: Mapped[Delegate | None] = relationship()
    request: Mapped[FloorRequest | None] = relationship()
