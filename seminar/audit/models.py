"""The audit log: append-only."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from seminar.access.actor import Actor, ActorKind, Channel
from seminar.lib.database import Model, db


class AuditEntry(Model):
    """`verb noun` of one action on one object; `detail` holds no codes, passwords or telephone numbers."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_seminar_id_id", "seminar_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor_kind: Mapped[ActorKind]
    actor_id: Mapped[int | None]
    actor_name: Mapped[str] = mapped_column(String(200))
    on_behalf_of: Mapped[str] = mapped_column(String(200), default="")
    channel: Mapped[Channel]
    seminar_id: Mapped[int | None]
    verb: Mapped[str] = mapped_column(String(40))
    noun: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[str] = mapped_column(String(64), default="")
    summary: Mapped[str] = mapped_column(String(500), default="")
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


def record(
    by: Actor,
    now: datetime,
    verb: str,
    noun: str,
    *,
    seminar_id: int | None = None,
    object_id: object = "",
    summary: str = "",
    **detail: Any,
) -> None:
    """Adds the entry to the transaction of the action that calls it. `summary` is for people, in Vietnamese or a name."""
    db.session.add(
        AuditEntry(
            at=now,
            actor_kind=by.kind,
            actor_id=by.id,
            actor_name=by.name[:200],
            on_behalf_of=by.on_behalf_of[:200],
            channel=by.channel,
            seminar_id=seminar_id,
            verb=verb,
            noun=noun,
            object_id=str(object_id),
            summary=summary[:500],
            detail=detail,
        )
    )
