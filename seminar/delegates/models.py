"""One record per person, several group memberships, one primary (domain.md Đ9); places taken; who is named for them."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from seminar.access.actor import ActorKind, Channel
from seminar.lib.database import Model
from seminar.lib.errors import N_
from seminar.planning.models import Group, Place, QuotaKind, Seminar, Unit


class Delegate(Model):
    """A person on the list of a seminar; `number` (1…N) is printed on badge and desk list and typed at the desk.

    `name` is as typed, NFC. `folded` holds name, unit, position and phone without accents, for search; `name_lower`
    keeps the accents, so that exact hits come first; `sort_key` orders by tên, đệm, họ. An unnamed delegate ("Đồng chí đại diện lãnh đạo") is one person of its body, never merged.
    """

    __tablename__ = "delegate"
    __table_args__ = (
        UniqueConstraint("seminar_id", "number"),
        UniqueConstraint("id", "unit_id"),
        Index("ix_delegate_seminar_id_sort_key", "seminar_id", "sort_key"),
        Index("ix_delegate_seminar_id_name_folded", "seminar_id", "name_folded"),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("length(name) > 0", name="name_given"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seminar_id: Mapped[int] = mapped_column(ForeignKey("seminar.id"))
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    is_unnamed: Mapped[bool] = mapped_column(default=False)
    name_folded: Mapped[str] = mapped_column(String(200))
    name_lower: Mapped[str] = mapped_column(String(200), default="")
    sort_key: Mapped[str] = mapped_column(String(400))
    folded: Mapped[str] = mapped_column(Text)
    honorific: Mapped[str] = mapped_column(String(40), default="")
    academic_title: Mapped[str] = mapped_column(String(60), default="")
    position: Mapped[str] = mapped_column(String(300), default="")
    body: Mapped[str] = mapped_column(String(300), default="")
    """Agency or unit as it should print; `unit` is set besides where it is one of the Union's units."""
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    gender: Mapped[str] = mapped_column(String(10), default="")
    birth_year: Mapped[int | None]
    phone: Mapped[str] = mapped_column(String(15), default="")
    phone_2: Mapped[str] = mapped_column(String(15), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    note: Mapped[str] = mapped_column(String(1000), default="")
    alert: Mapped[str] = mapped_column(String(300), default="")
    """Who must meet this person, or what reception must know; shown at the desk."""
    seat: Mapped[str] = mapped_column(String(40), default="")
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(200))
    removed_at: Mapped[datetime | None]
    removed_by: Mapped[str] = mapped_column(String(200), default="")

    seminar: Mapped[Seminar] = relationship()
    unit: Mapped[Unit | None] = relationship()
    memberships: Mapped[list["Membership"]] = relationship(
        back_populates="delegate",
        primaryjoin="Membership.delegate_id == Delegate.id",
        foreign_keys="Membership.delegate_id",
        cascade="all, delete-orphan",
    )

    @property
    def group(self) -> Group:
        """The primary group: it decides letter, badge and seat."""
        return next(membership.group for membership in self.memberships if membership.is_primary)


class Membership(Model):
    """A delegate in a group. Exactly one of a delegate's memberships is primary.

    The database itself refuses more than a quota allows: a member of a group that is not open must hold a place of that
    very group, a place has one holder, and where the quota is per unit (`unit_id` is set there) it must be a place of
    the delegate's own unit. `quota_kind` is the group's, kept equal by the foreign key. A membership ends, and
    gives its place back, when the delegate is taken off the list.
    """

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("delegate_id", "group_id"),
        UniqueConstraint("place_id"),
        ForeignKeyConstraint(
            ["group_id", "quota_kind"], ["group.id", "group.quota_kind"], name="fk_membership_group", onupdate="CASCADE"
        ),
        ForeignKeyConstraint(["place_id", "group_id"], ["place.id", "place.group_id"], name="fk_membership_place"),
        ForeignKeyConstraint(["place_id", "unit_id"], ["place.id", "place.unit_id"], name="fk_membership_place_unit"),
        ForeignKeyConstraint(
            ["delegate_id", "unit_id"], ["delegate.id", "delegate.unit_id"], name="fk_membership_delegate_unit"
        ),
        Index(
            "uq_membership_primary",
            "delegate_id",
            unique=True,
            sqlite_where=sql("is_primary"),
            postgresql_where=sql("is_primary"),
        ),
        CheckConstraint("quota_kind = 'open' OR place_id IS NOT NULL OR ended_at IS NOT NULL", name="within_quota"),
        CheckConstraint(
            "quota_kind <> 'per_unit' OR unit_id IS NOT NULL OR ended_at IS NOT NULL", name="unit_of_quota"
        ),
        CheckConstraint("ended_at IS NULL OR (place_id IS NULL AND unit_id IS NULL)", name="ended_frees_place"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    delegate_id: Mapped[int] = mapped_column(ForeignKey("delegate.id"))
    group_id: Mapped[int] = mapped_column(index=True)
    quota_kind: Mapped[QuotaKind]
    is_primary: Mapped[bool]
    place_id: Mapped[int | None]
    unit_id: Mapped[int | None]
    ended_at: Mapped[datetime | None]

    delegate: Mapped[Delegate] = relationship(
        back_populates="memberships", primaryjoin="Membership.delegate_id == Delegate.id", foreign_keys=[delegate_id]
    )
    group: Mapped[Group] = relationship(lazy="joined")
    place: Mapped[Place | None] = relationship(
        primaryjoin="Membership.place_id == Place.id", foreign_keys="Membership.place_id"
    )


class NominationOutcome(StrEnum):
    APPROVED = "approved"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


NOMINATION_OUTCOME_LABELS = {
    NominationOutcome.APPROVED: N_("approved"),
    NominationOutcome.RETURNED: N_("returned"),
    NominationOutcome.WITHDRAWN: N_("withdrawn"),
}


class Nomination(Model):
    """A person whom a unit (or the office for it) names for a place of its quota; a delegate only once approved.

    Without a place it stands on the reserve list, in the order of `id`. `instead_of_id` is the holder whom it is to
    replace on the same place. Decisions are records: who was returned is named again by a new row.
    """

    __tablename__ = "nomination"
    __table_args__ = (
        ForeignKeyConstraint(["place_id", "group_id"], ["place.id", "place.group_id"], name="fk_nomination_place"),
        Index(
            "uq_nomination_open",
            "place_id",
            unique=True,
            sqlite_where=sql("outcome IS NULL"),
            postgresql_where=sql("outcome IS NULL"),
        ),
        Index("ix_nomination_seminar_id_unit_id", "seminar_id", "unit_id"),
        CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name="decided"),
        CheckConstraint("length(name) > 0", name="name_given"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seminar_id: Mapped[int] = mapped_column(ForeignKey("seminar.id"))
    group_id: Mapped[int] = mapped_column(ForeignKey("group.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    place_id: Mapped[int | None]
    instead_of_id: Mapped[int | None] = mapped_column(ForeignKey("delegate.id"))
    name: Mapped[str] = mapped_column(String(200))
    name_folded: Mapped[str] = mapped_column(String(200))
    position: Mapped[str] = mapped_column(String(300), default="")
    gender: Mapped[str] = mapped_column(String(10), default="")
    birth_year: Mapped[int | None]
    phone: Mapped[str] = mapped_column(String(15), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    reason: Mapped[str] = mapped_column(String(500), default="")
    """Why the holder of the place is replaced; else a note of the unit."""
    nominated_at: Mapped[datetime]
    nominated_by: Mapped[str] = mapped_column(String(200))
    actor_kind: Mapped[ActorKind]
    channel: Mapped[Channel]
    is_late: Mapped[bool] = mapped_column(default=False)
    outcome: Mapped[NominationOutcome | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str] = mapped_column(String(200), default="")
    decision_note: Mapped[str] = mapped_column(String(500), default="")
    delegate_id: Mapped[int | None] = mapped_column(ForeignKey("delegate.id"))
    """Whom the approval put on the list."""

    group: Mapped[Group] = relationship(foreign_keys=[group_id])
    unit: Mapped[Unit | None] = relationship()
    place: Mapped[Place | None] = relationship(
        primaryjoin="Nomination.place_id == Place.id", foreign_keys="Nomination.place_id"
    )
    instead_of: Mapped[Delegate | None] = relationship(foreign_keys=[instead_of_id])
    delegate: Mapped[Delegate | None] = relationship(foreign_keys=[delegate_id])


class ListShape(Model):
    """How the office wants a list to come out: whom it names, its columns in order, grouping and heading, under a name.

    What stands in `who` and `options` is told in reports (rules/lists.py, queries/people.py).
    """

    __tablename__ = "list_shape"
    __table_args__ = (UniqueConstraint("seminar_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    seminar_id: Mapped[int] = mapped_column(ForeignKey("seminar.id"))
    name: Mapped[str] = mapped_column(String(120))
    title: Mapped[str] = mapped_column(String(300), default="")
    subtitle: Mapped[str] = mapped_column(String(300), default="")
    who: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    columns: Mapped[list[str]] = mapped_column(JSON, default=list)
    grouping: Mapped[str] = mapped_column(String(12), default="")
    order: Mapped[str] = mapped_column(String(12), default="")
    options: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """Numbering, sums, paper and the like."""
    saved_at: Mapped[datetime]
    saved_by: Mapped[str] = mapped_column(String(200))


class ImportDraft(Model):
    """A list that was read and is being looked at before anything is stored; the file is kept under its sha256."""

    __tablename__ = "import_draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    seminar_id: Mapped[int] = mapped_column(ForeignKey("seminar.id"), index=True)
    filename: Mapped[str] = mapped_column(String(300))
    file_sha256: Mapped[str] = mapped_column(String(64))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("group.id"))
    """The group of rows that name none; none chosen means "chưa phân nhóm"."""
    rows: Mapped[bytes] = mapped_column(LargeBinary)
    """The rows as they were read (delegates/importing.py), compressed JSON."""
    options: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """What a person chose of how to read it: columns, encoding, capitals, units; the file is read again with them."""
    choices: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """What a person decided on single rows, by their position: whom it is merged with, or that it is somebody else."""
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(200))
    stored_at: Mapped[datetime | None]
