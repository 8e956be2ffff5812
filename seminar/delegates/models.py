"""One record per person; several group memberships, one of them primary (domain.md Đ9)."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from seminar.lib.database import Model
from seminar.planning.models import Group, Seminar, Unit


class Delegate(Model):
    """A person on the list of a seminar; `number` (1…N) is printed on badge and desk list and typed at the desk.

    `name` is as typed, NFC. `folded` holds name, unit, position and phone without accents, for search; `sort_key`
    orders by tên, đệm, họ. An unnamed delegate ("Đồng chí đại diện lãnh đạo") is one person of its body, never merged.
    """

    __tablename__ = "delegate"
    __table_args__ = (
        UniqueConstraint("seminar_id", "number"),
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
    memberships: Mapped[list["Membership"]] = relationship(back_populates="delegate", cascade="all, delete-orphan")

    @property
    def group(self) -> Group:
        """The primary group: it decides letter, badge and seat."""
        return next(membership.group for membership in self.memberships if membership.is_primary)


class Membership(Model):
    """A delegate in a group. Exactly one of a delegate's memberships is primary."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("delegate_id", "group_id"),
        Index(
            "uq_membership_primary",
            "delegate_id",
            unique=True,
            sqlite_where=sql("is_primary"),
            postgresql_where=sql("is_primary"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    delegate_id: Mapped[int] = mapped_column(ForeignKey("delegate.id"))
    group_id: Mapped[int] = mapped_column(ForeignKey("group.id"), index=True)
    is_primary: Mapped[bool]

    delegate: Mapped[Delegate] = relationship(back_populates="memberships")
    group: Mapped[Group] = relationship(lazy="joined")


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
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(200))
    stored_at: Mapped[datetime | None]
