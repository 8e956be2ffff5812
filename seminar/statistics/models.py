"""Sheets as data, the periods they are asked for, what the units returned, and the targets behind the figures."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from seminar.access.actor import ActorKind, Channel
from seminar.lib.database import Model
from seminar.lib.errors import N_
from seminar.planning.models import MilestoneRule, Seminar, Unit


class Sheet(Model):
    """One form to be filled in (biểu mẫu số liệu). `definition` is what `rules.read_definition` reads."""

    __tablename__ = "sheet"
    __table_args__ = (UniqueConstraint("seminar_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    seminar_id: Mapped[int] = mapped_column(ForeignKey("seminar.id"))
    code: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(300))
    position: Mapped[int]
    definition: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(200))

    seminar: Mapped[Seminar] = relationship()
    periods: Mapped[list["Period"]] = relationship(order_by="Period.position, Period.id", back_populates="sheet")


class Period(Model):
    """One time that a sheet is asked for (kỳ báo cáo): the years of the plan's form, or one quarter of the targets.

    Units see a period while it is open; what comes after the deadline is accepted and marked late until it is closed.
    """

    __tablename__ = "period"
    __table_args__ = (
        UniqueConstraint("sheet_id", "name"),
        Index(
            "uq_period_quarter",
            "sheet_id",
            "year",
            "quarter",
            unique=True,
            sqlite_where=sql("quarter IS NOT NULL"),
            postgresql_where=sql("quarter IS NOT NULL"),
        ),
        CheckConstraint("quarter IS NULL OR (quarter BETWEEN 1 AND 4 AND year IS NOT NULL)", name="quarter_of_year"),
        CheckConstraint("closed_at IS NULL OR opened_at IS NOT NULL", name="opened_first"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sheet_id: Mapped[int] = mapped_column(ForeignKey("sheet.id"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(120))
    """ "giai đoạn 2021 - 2023", "quý III/2021"."""
    year: Mapped[int | None]
    quarter: Mapped[int | None]
    as_of_on: Mapped[date | None]
    """The day for which stocks are asked (domain.md Đ13)."""
    due_on: Mapped[date | None]
    """None: the plan's milestone `returns` is the deadline."""
    due_rule: Mapped[MilestoneRule] = mapped_column(default=MilestoneRule.UNTIL)
    opened_at: Mapped[datetime | None]
    opened_by: Mapped[str] = mapped_column(String(200), default="")
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str] = mapped_column(String(200), default="")

    sheet: Mapped[Sheet] = relationship(back_populates="periods")
    returns: Mapped[list["Return"]] = relationship(order_by="Return.id", back_populates="period")


class Return(Model):
    """What one unit returns for one period: a draft while it is typed, then versions, each ruled on by the office."""

    __tablename__ = "return"
    __table_args__ = (UniqueConstraint("period_id", "unit_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)

    period: Mapped[Period] = relationship(back_populates="returns")
    unit: Mapped[Unit] = relationship()
    draft: Mapped["ReturnDraft | None"] = relationship(back_populates="of")
    versions: Mapped[list["ReturnVersion"]] = relationship(order_by="ReturnVersion.number", back_populates="of")


class ReturnDraft(Model):
    """What is being typed, as it was typed, right or wrong: nothing is lost with a browser."""

    __tablename__ = "return_draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    return_id: Mapped[int] = mapped_column(ForeignKey("return.id"), unique=True)
    cells: Mapped[dict[str, str]] = mapped_column(JSON)
    """ "row.column" -> the text as typed."""
    remarks: Mapped[str] = mapped_column(Text, default="")
    """What the unit says about its figures."""
    revision: Mapped[int] = mapped_column(default=1)
    """Counts the saves, so that two who type see each other."""
    saved_at: Mapped[datetime]
    saved_by: Mapped[str] = mapped_column(String(200))
    file_sha256: Mapped[str] = mapped_column(String(64), default="")
    """The spreadsheet that the cells came from, where one was uploaded."""

    of: Mapped[Return] = relationship(back_populates="draft")


class ReturnVersion(Model):
    """One version as it was sent; immutable. A version after the first says why."""

    __tablename__ = "return_version"
    __table_args__ = (
        UniqueConstraint("return_id", "number"),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("number = 1 OR reason <> ''", name="reason_given"),
        CheckConstraint("late_days >= 0", name="late_days_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    return_id: Mapped[int] = mapped_column(ForeignKey("return.id"))
    number: Mapped[int]
    reason: Mapped[str] = mapped_column(String(500), default="")
    remarks: Mapped[str] = mapped_column(Text, default="")
    warnings: Mapped[list[Any]] = mapped_column(JSON, default=list)
    """What the checks found and refused nothing for: [msgid, values] of each sentence."""
    sent_at: Mapped[datetime]
    actor_kind: Mapped[ActorKind]
    actor_name: Mapped[str] = mapped_column(String(200))
    channel: Mapped[Channel]
    late_days: Mapped[int] = mapped_column(default=0)
    """Whole days after the deadline as it was when it was sent; 0: in time."""
    file_sha256: Mapped[str] = mapped_column(String(64), default="")

    of: Mapped[Return] = relationship(back_populates="versions")
    cells: Mapped[list["Cell"]] = relationship(order_by="Cell.id", back_populates="version")
    rulings: Mapped[list["Ruling"]] = relationship(order_by="Ruling.id", back_populates="version")
    scans: Mapped[list["SignedScan"]] = relationship(order_by="SignedScan.id", back_populates="version")


class Cell(Model):
    """One figure of a version. What was left blank has no row: blank is not zero."""

    __tablename__ = "cell"
    __table_args__ = (
        UniqueConstraint("version_id", "row", "column"),
        CheckConstraint('"value" >= 0', name="value_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("return_version.id"))
    row: Mapped[str] = mapped_column(String(40))
    column: Mapped[str] = mapped_column(String(40))
    value: Mapped[int] = mapped_column(BigInteger)

    version: Mapped[ReturnVersion] = relationship(back_populates="cells")


class RulingKind(StrEnum):
    ACCEPTED = "accepted"
    RETURNED = "returned"


RULING_LABELS = {RulingKind.ACCEPTED: N_("accepted"), RulingKind.RETURNED: N_("returned for correction")}


class Ruling(Model):
    """The office accepts a version, or returns it with a reason. Append-only; the latest of a version stands."""

    __tablename__ = "ruling"
    __table_args__ = (CheckConstraint("kind = 'accepted' OR reason <> ''", name="reason_given"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("return_version.id"), index=True)
    kind: Mapped[RulingKind]
    reason: Mapped[str] = mapped_column(String(500), default="")
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(200))

    version: Mapped[ReturnVersion] = relationship(back_populates="rulings")


class SignedScan(Model):
    """The printed form as signed and stamped, scanned or photographed; of the version that was printed."""

    __tablename__ = "signed_scan"
    __table_args__ = (CheckConstraint("size_bytes > 0", name="not_empty"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("return_version.id"), index=True)
    filename: Mapped[str] = mapped_column(String(300))
    media_type: Mapped[str] = mapped_column(String(100))
    file_sha256: Mapped[str] = mapped_column(String(64))
    size_bytes: Mapped[int]
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(200))
    channel: Mapped[Channel]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str] = mapped_column(String(200), default="")

    version: Mapped[ReturnVersion] = relationship(back_populates="scans")


class ReturnReminder(Model):
    """That a unit was reminded of its returns by the outbox, so that nobody is twice on one day."""

    __tablename__ = "return_reminder"
    __table_args__ = (Index("ix_return_reminder_seminar_id_at", "seminar_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    seminar_id: Mapped[int] = mapped_column(ForeignKey("seminar.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    batch: Mapped[str] = mapped_column(String(36))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(200))


class TargetPlan(Model):
    """The targets over several years of one seminar (domain.md 3.3): 9.000 introduced, of them 5.000 admitted, 70 % from members."""

    __tablename__ = "target_plan"
    __table_args__ = (
        CheckConstraint("introduced_count > 0 AND admitted_count > 0", name="counts_positive"),
        CheckConstraint("first_quarter BETWEEN 1 AND 4", name="first_quarter"),
        CheckConstraint("quarter_count BETWEEN 1 AND 60", name="quarter_count"),
        CheckConstraint("share_percent BETWEEN 1 AND 100", name="share_percent"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seminar_id: Mapped[int] = mapped_column(ForeignKey("seminar.id"), unique=True)
    sheet_id: Mapped[int] = mapped_column(ForeignKey("sheet.id"))
    title: Mapped[str] = mapped_column(String(300))
    basis: Mapped[str] = mapped_column(String(500), default="")
    first_year: Mapped[int]
    first_quarter: Mapped[int] = mapped_column(default=1)
    quarter_count: Mapped[int]
    introduced_count: Mapped[int]
    admitted_count: Mapped[int]
    share_percent: Mapped[int]
    settings: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """Thresholds and readings where the plan is silent or says two things (domain.md Đ21 to Đ29): `rules.TargetSettings`."""

    seminar: Mapped[Seminar] = relationship()
    sheet: Mapped[Sheet] = relationship()
    shares: Mapped[list["TargetShare"]] = relationship(order_by="TargetShare.year", back_populates="plan")


class TargetShare(Model):
    """What one unit is to reach in one year; the sum over units and years is checked against the plan's."""

    __tablename__ = "target_share"
    __table_args__ = (
        UniqueConstraint("plan_id", "unit_id", "year"),
        CheckConstraint("introduced_count >= 0 AND admitted_count >= 0", name="counts_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("target_plan.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    year: Mapped[int]
    introduced_count: Mapped[int | None]
    admitted_count: Mapped[int | None]

    plan: Mapped[TargetPlan] = relationship(back_populates="shares")
    unit: Mapped[Unit] = relationship()


class FlagKind(StrEnum):
    """Why a unit is looked at (domain.md S2.39, S2.40)."""

    INTRODUCTION = "introduction"
    ADMISSION = "admission"
    STALE = "stale"


FLAG_LABELS = {
    FlagKind.INTRODUCTION: N_("low rate of introduction"),
    FlagKind.ADMISSION: N_("low rate of admission"),
    FlagKind.STALE: N_("many chosen for two years and not admitted"),
}


class Remedy(Model):
    """What was found at a flagged unit and what is done about it (domain.md S2.41): cause, remedy, owner, day."""

    __tablename__ = "remedy"
    __table_args__ = (
        CheckConstraint("cause <> '' OR remedy <> ''", name="says_something"),
        CheckConstraint("(closed_at IS NULL) = (closed_by = '')", name="closed_whole"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("target_plan.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    flag: Mapped[FlagKind]
    cause: Mapped[str] = mapped_column(Text, default="")
    remedy: Mapped[str] = mapped_column(Text, default="")
    owner: Mapped[str] = mapped_column(String(200), default="")
    due_on: Mapped[date | None]
    revision: Mapped[int] = mapped_column(default=1)
    noted_at: Mapped[datetime]
    noted_by: Mapped[str] = mapped_column(String(200))
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str] = mapped_column(String(200), default="")
    outcome: Mapped[str] = mapped_column(String(500), default="")

    plan: Mapped[TargetPlan] = relationship()
    unit: Mapped[Unit] = relationship()
