"""The plan of one seminar, and the directory of units that outlives it."""

from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from seminar.access.actor import Channel
from seminar.lib.database import Model
from seminar.lib.errors import N_


class Seminar(Model):
    """One seminar. Title and theme are two fields (domain.md S1.2); the weekday is derived from `held_on`."""

    __tablename__ = "seminar"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(64), unique=True)
    title: Mapped[str] = mapped_column(String(500))
    theme: Mapped[str] = mapped_column(String(300), default="")
    purpose: Mapped[str] = mapped_column(Text, default="")
    issuer: Mapped[str] = mapped_column(String(200), default="")
    plan_number: Mapped[str] = mapped_column(String(60), default="")
    plan_issued_on: Mapped[date | None]
    held_on: Mapped[date | None]
    starts_at: Mapped[time | None]
    ends_at: Mapped[time | None]
    dress: Mapped[str] = mapped_column(String(200), default="")
    contact_name: Mapped[str] = mapped_column(String(200), default="")
    contact_phone: Mapped[str] = mapped_column(String(60), default="")
    contact_email: Mapped[str] = mapped_column(String(254), default="")
    is_demo: Mapped[bool] = mapped_column(default=False)
    is_announced: Mapped[bool] = mapped_column(default=False)
    settings: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """Signing form, place of the date line, recipients of documents (offices, never persons): documents/rules.py."""
    created_at: Mapped[datetime]

    venues: Mapped[list["Venue"]] = relationship(order_by="Venue.id", back_populates="seminar")
    groups: Mapped[list["Group"]] = relationship(order_by="Group.protocol_rank, Group.id", back_populates="seminar")
    topics: Mapped[list["Topic"]] = relationship(
        order_by="Topic.position", primaryjoin="and_(Seminar.id == Topic.seminar_id, Topic.parent_id.is_(None))"
    )
    bases: Mapped[list["LegalBasis"]] = relationship(order_by="LegalBasis.position")
    milestones: Mapped[list["Milestone"]] = relationship(order_by="Milestone.position")
    findings: Mapped[list["Finding"]] = relationship(order_by="Finding.id")

    @property
    def venue(self) -> "Venue | None":
        """The confirmed venue, if one is."""
        return next((venue for venue in self.venues if venue.confirmed_at), None)


class Venue(Model):
    """A candidate hall; at most one is confirmed, and no letter is issued before (domain.md Đ2)."""

    __tablename__ = "venue"
    __table_args__ = (
        Index(
            "uq_venue_confirmed",
            "seminar_id",
            unique=True,
            sqlite_where=sql("confirmed_at IS NOT NULL"),
            postgresql_where=sql("confirmed_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seminar_id: Mapped[int] = mapped_column(ForeignKey("seminar.id"), index=True)
    name: Mapped[str] = mapped_column(String(300))
    address: Mapped[str] = mapped_column(String(300), default="")
    capacity: Mapped[int | None]
    note: Mapped[str] = mapped_column(String(500), default="")
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[str] = mapped_column(String(200), default="")

    seminar: Mapped[Seminar] = relationship(back_populates="venues")


class LegalBasis(Model):
    """One "Căn cứ …" of the plan."""

    __tablename__ = "legal_basis"

    id: Mapped[int] = mapped_column(primary_key=True)
    seminar_id: Mapped[int] = mapped_column(ForeignKey("seminar.id"), index=True)
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(60))
    number: Mapped[str] = mapped_column(String(60))
    issued_on: Mapped[date | None]
    issuer: Mapped[str] = mapped_column(String(200))
    subject: Mapped[str] = mapped_column(String(500))


class Topic(Model):
    """One of the contents of the seminar, by which papers and notes are sorted; with a `parent` a subtopic of it."""

    __tablename__ = "topic"

    id: Mapped[int] = mapped_column(primary_key=True)
    seminar_id: Mapped[int] = mapped_column(ForeignKey("seminar.id"), index=True)
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("topic.id"), index=True)

    subtopics: Mapped[list["Topic"]] = relationship(order_by="Topic.position", lazy="selectin", join_depth=2)


class MilestoneRule(StrEnum):
    """How the plan says the date: "trước ngày D" is due at 23:59 of the day before (domain.md 3.1 g)."""

    BEFORE = "before"
    UNTIL = "until"
    ON = "on"
    AFTER = "after"


MILESTONE_RULE_LABELS = {
    MilestoneRule.BEFORE: N_("before the day"),
    MilestoneRule.UNTIL: N_("until the end of the day"),
    MilestoneRule.ON: N_("on the day"),
    MilestoneRule.AFTER: N_("after the day"),
}
DEADLINE_LABELS = {
    "answers": N_("deadline of the answers"),
    "papers": N_("deadline of the papers"),
    "returns": N_("deadline of the statistics returns"),
    "nominations": N_("deadline of the nominations"),
}
"""What a milestone can be the deadline of, by its `code`."""


class Milestone(Model):
    """A date of the plan; at most one of a seminar is the deadline of the same thing."""

    __tablename__ = "milestone"
    __table_args__ = (
        Index(
            "uq_milestone_deadline",
            "seminar_id",
            "code",
            unique=True,
            sqlite_where=sql("code <> ''"),
            postgresql_where=sql("code <> ''"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seminar_id: Mapped[int] = mapped_column(ForeignKey("seminar.id"), index=True)
    position: Mapped[int]
    code: Mapped[str] = mapped_column(String(40), default="")
    """`answers`, `papers`, `returns`, `nominations` where it is the deadline of these; else empty."""
    rule: Mapped[MilestoneRule]
    due_on: Mapped[date]
    text: Mapped[str] = mapped_column(String(500))
    owner: Mapped[str] = mapped_column(String(200), default="")
    is_default: Mapped[bool] = mapped_column(default=False)
    """Proposed by the software where the plan is silent (domain.md Đ7); shown as such."""
    closed_at: Mapped[datetime | None]
    """The office no longer accepts what comes after; until then what is late is accepted and marked so."""
    closed_by: Mapped[str] = mapped_column(String(200), default="")


class Finding(Model):
    """A contradiction or a gap of the plan, to be confirmed by a person (domain.md 3.2)."""

    __tablename__ = "finding"
    __table_args__ = (UniqueConstraint("seminar_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    seminar_id: Mapped[int] = mapped_column(ForeignKey("seminar.id"))
    code: Mapped[str] = mapped_column(String(8))
    text: Mapped[str] = mapped_column(Text)
    proposal: Mapped[str] = mapped_column(Text, default="")
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[str] = mapped_column(String(200), default="")
    settlement: Mapped[str] = mapped_column(Text, default="")


class Audience(StrEnum):
    GUEST = "guest"
    SUMMONED = "summoned"
    ORGANISER = "organiser"
    UNASSIGNED = "unassigned"


AUDIENCE_LABELS = {
    Audience.GUEST: N_("guests"),
    Audience.SUMMONED: N_("summoned delegates"),
    Audience.ORGANISER: N_("organisers"),
    Audience.UNASSIGNED: N_("not yet in a group"),
}


class LetterKind(StrEnum):
    """Which letter calls a member of a group."""

    INVITATION = "invitation"
    SUMMONS = "summons"
    NONE = "none"


LETTER_KIND_LABELS = {
    LetterKind.INVITATION: N_("letter of invitation"),
    LetterKind.SUMMONS: N_("letter of summons"),
    LetterKind.NONE: N_("no letter"),
}


class QuotaKind(StrEnum):
    OPEN = "open"
    TOTAL = "total"
    PER_UNIT = "per_unit"
    CLOSED = "closed"


QUOTA_KIND_LABELS = {
    QuotaKind.OPEN: N_("no limit"),
    QuotaKind.TOTAL: N_("at most so many in all"),
    QuotaKind.PER_UNIT: N_("so many per unit"),
    QuotaKind.CLOSED: N_("closed list of exactly so many"),
}


class ProxyRule(StrEnum):
    FREE = "free"
    APPROVAL = "approval"
    NONE = "none"


PROXY_RULE_LABELS = {
    ProxyRule.FREE: N_("may be sent freely"),
    ProxyRule.APPROVAL: N_("needs approval"),
    ProxyRule.NONE: N_("may not be sent"),
}


class Group(Model):
    """A thành phần: decides protocol rank, letter, quota and whether a proxy may come (domain.md 2.9, 4.2)."""

    __tablename__ = "group"
    __table_args__ = (
        UniqueConstraint("seminar_id", "code"),
        UniqueConstraint("id", "quota_kind"),
        CheckConstraint("quota_kind = 'open' OR quota_count IS NOT NULL", name="quota_count"),
        CheckConstraint("quota_count IS NULL OR quota_count >= 0", name="quota_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seminar_id: Mapped[int] = mapped_column(ForeignKey("seminar.id"))
    code: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(300))
    protocol_rank: Mapped[int]
    audience: Mapped[Audience]
    letter_kind: Mapped[LetterKind]
    quota_kind: Mapped[QuotaKind]
    quota_count: Mapped[int | None]
    """Of an open group only what is expected, not a limit; else as many places are made as it says (`Place`)."""
    unit_kinds: Mapped[list[str]] = mapped_column(JSON, default=list)
    """For `per_unit`: the kinds of unit that have the quota (domain.md Đ8); empty means every unit."""
    proxy_rule: Mapped[ProxyRule]
    is_met: Mapped[bool] = mapped_column(default=False)
    """Somebody must meet them at the door: the desk is alerted."""
    hand_out: Mapped[str] = mapped_column(String(200), default="")
    """What the desk gives them: "Túi tài liệu, thẻ đại biểu, hoa cài áo"."""
    aliases: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Folded headings by which lists name the group."""

    seminar: Mapped[Seminar] = relationship(back_populates="groups")


class Place(Model):
    """One place of a quota (một suất). A group that is not open takes a member only on one of its places (delegates).

    `unit_id` is set where the quota is per unit. `moved_from_id` is the unit that did not use it, where the office gave
    it to another.
    """

    __tablename__ = "place"
    __table_args__ = (
        UniqueConstraint("id", "group_id"),
        UniqueConstraint("id", "unit_id"),
        Index("ix_place_group_id_unit_id", "group_id", "unit_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("group.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    moved_from_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))


class Allotment(Model):
    """So many places of a group the office gives to one unit, other than the group's count; 0 is one too."""

    __tablename__ = "allotment"
    __table_args__ = (
        UniqueConstraint("group_id", "unit_id"),
        CheckConstraint("place_count >= 0", name="place_count_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("group.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    place_count: Mapped[int]
    allotted_at: Mapped[datetime]
    allotted_by: Mapped[str] = mapped_column(String(200))


class UnitKind(StrEnum):
    """The districts were abolished on 1/7/2025 and older seminars still name them (domain.md 4.1); never take one away."""

    CITY = "city"
    TOWN = "town"
    DISTRICT = "district"
    AFFILIATED = "affiliated"
    COMMUNE = "commune"
    WARD = "ward"
    SPECIAL_ZONE = "special_zone"
    OTHER = "other"


UNIT_KIND_LABELS = {
    UnitKind.COMMUNE: N_("commune"),
    UnitKind.WARD: N_("ward"),
    UnitKind.SPECIAL_ZONE: N_("special zone"),
    UnitKind.AFFILIATED: N_("affiliated union"),
    UnitKind.CITY: N_("city"),
    UnitKind.TOWN: N_("town"),
    UnitKind.DISTRICT: N_("district"),
    UnitKind.OTHER: N_("other unit"),
}


class Unit(Model):
    """A Huyện/Thị/Thành Đoàn or Đoàn trực thuộc. Valid from/to: provinces are merged, districts abolished (4.1)."""

    __tablename__ = "unit"

    id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[UnitKind]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    contact_name: Mapped[str] = mapped_column(String(200), default="")
    contact_phone: Mapped[str] = mapped_column(String(15), default="")
    contact_email: Mapped[str] = mapped_column(String(254), default="")

    aliases: Mapped[list["UnitAlias"]] = relationship(
        lazy="selectin", order_by="UnitAlias.folded", cascade="all, delete-orphan"
    )


class UnitAlias(Model):
    """Another name of a unit, folded and as typed; the unit's own folded name is one too."""

    __tablename__ = "unit_alias"

    folded: Mapped[str] = mapped_column(String(200), primary_key=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)


class UnitLink(Model):
    """The personal link of a unit's contact in one seminar; revoked by a new one."""

    __tablename__ = "unit_link"
    __table_args__ = (
        Index(
            "uq_unit_link_in_force",
            "seminar_id",
            "unit_id",
            unique=True,
            sqlite_where=sql("revoked_at IS NULL"),
            postgresql_where=sql("revoked_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seminar_id: Mapped[int] = mapped_column(ForeignKey("seminar.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    code: Mapped[str] = mapped_column(String(20), unique=True)
    issued_at: Mapped[datetime]
    issued_by: Mapped[str] = mapped_column(String(200))
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str] = mapped_column(String(200), default="")

    seminar: Mapped[Seminar] = relationship()
    unit: Mapped[Unit] = relationship()


class LinkDelivery(Model):
    """That a unit's link was sent by the outbox, or handed over on paper or by Zalo: to whom, when, by whom."""

    __tablename__ = "link_delivery"

    id: Mapped[int] = mapped_column(primary_key=True)
    link_id: Mapped[int] = mapped_column(ForeignKey("unit_link.id"), index=True)
    channel: Mapped[Channel]
    to: Mapped[str] = mapped_column(String(254), default="")
    batch: Mapped[str] = mapped_column(String(36), default="")
    """Of the outbox, where it went by e-mail."""
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(200))
