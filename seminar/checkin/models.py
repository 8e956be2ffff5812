"""Desks, pairings, scans, arrivals."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from seminar.delegates.models import Delegate
from seminar.invitations.models import ProxyOutcome
from seminar.lib.database import Model
from seminar.planning.models import Seminar


class Pairing(Model):
    """A single-use, short-lived code by which a device becomes a desk.

    Five wrong tries lock it for the address they came from, so that a stranger on the internet cannot keep the hall
    from pairing; very many lock it for everybody. `wrong_tries` counts them by address.
    """

    __tablename__ = "pairing"

    id: Mapped[int] = mapped_column(primary_key=True)
    seminar_id: Mapped[int] = mapped_column(ForeignKey("seminar.id"), index=True)
    code_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(100), default="")
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(200))
    expires_at: Mapped[datetime]
    wrong_tries: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    used_at: Mapped[datetime | None]


class Desk(Model):
    """A paired device at a reception table, bound to one seminar. The token is kept only as its sha256.

    `skew_seconds` is how far the server's clock was ahead of the device's at the last call that told. The rest is what
    the device last told of itself, for the board of the desks; `queue_count` is what it has not handed in yet.
    """

    __tablename__ = "desk"

    id: Mapped[int] = mapped_column(primary_key=True)
    seminar_id: Mapped[int] = mapped_column(ForeignKey("seminar.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    paired_at: Mapped[datetime]
    paired_by: Mapped[str] = mapped_column(String(200))
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str] = mapped_column(String(200), default="")
    last_seen_at: Mapped[datetime | None]
    skew_seconds: Mapped[float | None]
    told_at: Mapped[datetime | None]
    queue_count: Mapped[int | None]
    roster_revision: Mapped[str] = mapped_column(String(40), default="")
    roster_at: Mapped[datetime | None]
    """When the device first told of this revision."""
    version: Mapped[str] = mapped_column(String(40), default="")
    storage: Mapped[str] = mapped_column(String(20), default="")
    camera: Mapped[str] = mapped_column(String(20), default="")
    battery_percent: Mapped[int | None]

    seminar: Mapped[Seminar] = relationship()

    @staticmethod
    def paper_token(seminar_id: int) -> str:
        """Stands in `token_sha256` of the list on paper; it is no sha256, so that no device has its token."""
        return f"paper {seminar_id}"


class ScanKind(StrEnum):
    ENTRY = "entry"
    EXIT = "exit"
    ANNUL = "annul"


class Source(StrEnum):
    CAMERA = "camera"
    SCANNER = "scanner"
    SEARCH = "search"
    NUMBER = "number"
    PAPER = "paper"


class Verdict(StrEnum):
    """The closed set of design.md."""

    ADMITTED = "admitted"
    ALREADY_IN = "already_in"
    REVOKED = "revoked"
    UNKNOWN = "unknown"
    OTHER_SEMINAR = "other_seminar"
    DECLINED = "declined"
    LEFT = "left"
    NOT_IN = "not_in"
    ANNULLED = "annulled"
    NOTHING_TO_ANNUL = "nothing_to_annul"
    MALFORMED = "malformed"
    CONFLICT = "conflict"


class ScanColumns:
    """What is kept of a scan, on the day and in a rehearsal."""

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    seminar_id: Mapped[int] = mapped_column(ForeignKey("seminar.id"))
    desk_id: Mapped[int] = mapped_column(ForeignKey("desk.id"))
    kind: Mapped[ScanKind]
    delegate_id: Mapped[int | None] = mapped_column(ForeignKey("delegate.id"))
    sitting_id: Mapped[int | None] = mapped_column(ForeignKey("sitting.id"))
    annuls: Mapped[str | None] = mapped_column(String(36))
    source: Mapped[Source]
    offline: Mapped[bool]
    at: Mapped[datetime]
    received_at: Mapped[datetime]
    corrected_at: Mapped[datetime]
    payload_length: Mapped[int] = mapped_column(default=0)
    payload_sha256: Mapped[str] = mapped_column(String(64), default="")
    payload_digits: Mapped[str] = mapped_column(String(20), default="")
    verdict: Mapped[Verdict]
    first_scan_id: Mapped[str | None] = mapped_column(String(36))
    entered_by: Mapped[str] = mapped_column(String(200), default="")
    """Who of the staff copied it from the list on paper, or read it in from the file of a desk."""


class Scan(ScanColumns, Model):
    """One scan, never changed: what was read, where, when by both clocks, and the verdict that was given.

    `id` is the device's uuid, so that the same scan told again gets the same answer. `at` is the device's time,
    `received_at` the server's, `corrected_at` the one by which scans are ordered (rules.py). Of an unknown payload only
    its length, sha256 and, if exactly 20, its digits are kept. `first_scan_id` is the entry that an `already_in` points
    to.
    """

    __tablename__ = "scan"
    __table_args__ = (
        Index("ix_scan_seminar_id_received_at", "seminar_id", "received_at"),
        Index("ix_scan_delegate_id_sitting_id", "delegate_id", "sitting_id"),
        Index("ix_scan_annuls", "annuls"),
        CheckConstraint("kind IN ('entry','exit','annul')", name="kind"),
    )

    desk: Mapped[Desk] = relationship()
    delegate: Mapped[Delegate | None] = relationship()


class ArrivalColumns:
    """What is kept of a presence, on the day and in a rehearsal."""

    id: Mapped[int] = mapped_column(primary_key=True)
    seminar_id: Mapped[int] = mapped_column(ForeignKey("seminar.id"), index=True)
    delegate_id: Mapped[int] = mapped_column(ForeignKey("delegate.id"))
    sitting_id: Mapped[int | None] = mapped_column(ForeignKey("sitting.id"), index=True)
    desk_id: Mapped[int] = mapped_column(ForeignKey("desk.id"))
    arrived_at: Mapped[datetime]
    left_at: Mapped[datetime | None]


class Arrival(ArrivalColumns, Model):
    """Presence of one delegate in one sitting, derived from the scans in their own transaction (rules.stay_of).

    `left_at` is set while the person is out. Where every entry was taken back there is no row. A seminar without a
    programme has no sitting yet: then `sitting_id` is NULL and the arrival is one in the seminar as a whole. The two
    unique indexes back what the locks already give: two desks race for one person, exactly one is `admitted`.
    """

    __tablename__ = "arrival"
    __table_args__ = (
        UniqueConstraint("delegate_id", "sitting_id"),
        Index(
            "uq_arrival_without_sitting",
            "delegate_id",
            unique=True,
            sqlite_where=sql("sitting_id IS NULL"),
            postgresql_where=sql("sitting_id IS NULL"),
        ),
    )

    scan_id: Mapped[str] = mapped_column(ForeignKey("scan.id"))

    delegate: Mapped[Delegate] = relationship()
    desk: Mapped[Desk] = relationship()


class DoubleColumns:
    """What is kept of a double entry, on the day and in a rehearsal."""

    id: Mapped[int] = mapped_column(primary_key=True)
    seminar_id: Mapped[int] = mapped_column(ForeignKey("seminar.id"), index=True)
    delegate_id: Mapped[int] = mapped_column(ForeignKey("delegate.id"))
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[str] = mapped_column(String(200), default="")
    settlement: Mapped[str] = mapped_column(String(500), default="")


class DoubleEntry(DoubleColumns, Model):
    """Two desks let the same person in while one of them was offline: both stand, and the office looks into it."""

    __tablename__ = "double_entry"
    __table_args__ = (UniqueConstraint("first_scan_id", "second_scan_id"),)

    first_scan_id: Mapped[str] = mapped_column(ForeignKey("scan.id"))
    second_scan_id: Mapped[str] = mapped_column(ForeignKey("scan.id"))

    delegate: Mapped[Delegate] = relationship()
    first: Mapped[Scan] = relationship(foreign_keys=[first_scan_id])
    second: Mapped[Scan] = relationship(foreign_keys=[second_scan_id])


class Question(StrEnum):
    """What a walk-in leaves for the office to decide."""

    PROXY = "proxy"
    FORBIDDEN_PROXY = "forbidden proxy"
    LIKENESS = "likeness"


class WalkIn(Model):
    """A person entered at the desk; `id` is the device's uuid, so that telling it again changes nothing.

    Who comes instead of somebody of the list is told by `instead_of_id` and nowhere else. `question` is what the office
    decides afterwards: a proxy whose group needs its consent, one let in by a desk without connection though the group
    sends none, or somebody like `like_id`. `seen_to` is what was done about a proxy who was in when it was refused.
    """

    __tablename__ = "walk_in"
    __table_args__ = (
        CheckConstraint("(settled_at IS NULL) = (settlement = '')", name="settled"),
        CheckConstraint("(seen_to_at IS NULL) = (seen_to = '')", name="seen_to"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    delegate_id: Mapped[int] = mapped_column(ForeignKey("delegate.id"))
    instead_of_id: Mapped[int | None] = mapped_column(ForeignKey("delegate.id"), index=True)
    desk_id: Mapped[int] = mapped_column(ForeignKey("desk.id"))
    scan_id: Mapped[str] = mapped_column(ForeignKey("scan.id"))
    at: Mapped[datetime]
    received_at: Mapped[datetime]
    question: Mapped[Question | None]
    like_id: Mapped[int | None] = mapped_column(ForeignKey("delegate.id"))
    outcome: Mapped[ProxyOutcome | None]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[str] = mapped_column(String(200), default="")
    settlement: Mapped[str] = mapped_column(String(500), default="")
    seen_to_at: Mapped[datetime | None]
    seen_to_by: Mapped[str] = mapped_column(String(200), default="")
    seen_to: Mapped[str] = mapped_column(String(500), default="")

    delegate: Mapped[Delegate] = relationship(foreign_keys=[delegate_id])
    instead_of: Mapped[Delegate | None] = relationship(foreign_keys=[instead_of_id])
    like: Mapped[Delegate | None] = relationship(foreign_keys=[like_id])
    desk: Mapped[Desk] = relationship()


class Rehearsal(Model):
    """A time in which the desks only practise: what they scan goes into tables of its own, which one click empties.

    At most one runs; it ends by itself at `ends_at`, so that nobody practises into the day.
    """

    __tablename__ = "rehearsal"
    __table_args__ = (
        Index(
            "uq_rehearsal_running",
            "seminar_id",
            unique=True,
            sqlite_where=sql("ended_at IS NULL"),
            postgresql_where=sql("ended_at IS NULL"),
        ),
        CheckConstraint("ends_at > began_at", name="ends_later"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seminar_id: Mapped[int] = mapped_column(ForeignKey("seminar.id"))
    began_at: Mapped[datetime]
    began_by: Mapped[str] = mapped_column(String(200))
    ends_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str] = mapped_column(String(200), default="")


class RehearsalScan(ScanColumns, Model):
    """As `Scan`, of a rehearsal."""

    __tablename__ = "rehearsal_scan"
    __table_args__ = (
        Index("ix_rehearsal_scan_seminar_id", "seminar_id"),
        Index("ix_rehearsal_scan_delegate_id", "delegate_id"),
        Index("ix_rehearsal_scan_annuls", "annuls"),
        CheckConstraint("kind IN ('entry','exit','annul')", name="kind"),
    )


class RehearsalArrival(ArrivalColumns, Model):
    """As `Arrival`, of a rehearsal."""

    __tablename__ = "rehearsal_arrival"
    __table_args__ = (
        UniqueConstraint("delegate_id", "sitting_id"),
        Index(
            "uq_rehearsal_arrival_without_sitting",
            "delegate_id",
            unique=True,
            sqlite_where=sql("sitting_id IS NULL"),
            postgresql_where=sql("sitting_id IS NULL"),
        ),
    )

    scan_id: Mapped[str] = mapped_column(ForeignKey("rehearsal_scan.id"))


class RehearsalDouble(DoubleColumns, Model):
    """As `DoubleEntry`, of a rehearsal."""

    __tablename__ = "rehearsal_double"
    __table_args__ = (UniqueConstraint("first_scan_id", "second_scan_id"),)

    first_scan_id: Mapped[str] = mapped_column(ForeignKey("rehearsal_scan.id"))
    second_scan_id: Mapped[str] = mapped_column(ForeignKey("rehearsal_scan.id"))


class StagePlace(Model):
    """Where somebody who is commended stands: the turn (lượt) that is called, and the place within it, from the left."""

    __tablename__ = "stage_place"
    __table_args__ = (
        UniqueConstraint("seminar_id", "turn", "place"),
        CheckConstraint("turn > 0 AND place > 0", name="numbers_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seminar_id: Mapped[int] = mapped_column(ForeignKey("seminar.id"), index=True)
    delegate_id: Mapped[int] = mapped_column(ForeignKey("delegate.id"), unique=True)
    turn: Mapped[int]
    place: Mapped[int]

    delegate: Mapped[Delegate] = relationship()


class Step(StrEnum):
    IN_PLACE = "in_place"
    CALLED = "called"
    HANDED_OVER = "handed_over"


class StageStep(Model):
    """That somebody stands ready, was called, got the certificate: a record each, taken back by `withdrawn_at`."""

    __tablename__ = "stage_step"
    __table_args__ = (
        Index(
            "uq_stage_step_standing",
            "delegate_id",
            "step",
            unique=True,
            sqlite_where=sql("withdrawn_at IS NULL"),
            postgresql_where=sql("withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seminar_id: Mapped[int] = mapped_column(ForeignKey("seminar.id"), index=True)
    delegate_id: Mapped[int] = mapped_column(ForeignKey("delegate.id"))
    step: Mapped[Step]
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(200))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str] = mapped_column(String(200), default="")


class Greeting(Model):
    """That somebody met an important guest (đã đón) and who it was: a record, taken back by `withdrawn_at`."""

    __tablename__ = "greeting"
    __table_args__ = (
        Index(
            "uq_greeting_standing",
            "delegate_id",
            unique=True,
            sqlite_where=sql("withdrawn_at IS NULL"),
            postgresql_where=sql("withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seminar_id: Mapped[int] = mapped_column(ForeignKey("seminar.id"), index=True)
    delegate_id: Mapped[int] = mapped_column(ForeignKey("delegate.id"))
    met_by: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(200))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str] = mapped_column(String(200), default="")


class Screen(Model):
    """The welcome screen of the projector: groups whose names it shows, seconds for each; `code` opens that page only."""

    __tablename__ = "screen"
    __table_args__ = (
        Index(
            "uq_screen_in_force",
            "seminar_id",
            unique=True,
            sqlite_where=sql("ended_at IS NULL"),
            postgresql_where=sql("ended_at IS NULL"),
        ),
        CheckConstraint("seconds > 0", name="seconds_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seminar_id: Mapped[int] = mapped_column(ForeignKey("seminar.id"))
    code: Mapped[str] = mapped_column(String(20), unique=True)
    groups: Mapped[list[str]] = mapped_column(JSON, default=list)
    seconds: Mapped[int]
    opened_at: Mapped[datetime]
    opened_by: Mapped[str] = mapped_column(String(200))
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str] = mapped_column(String(200), default="")

    seminar: Mapped[Seminar] = relationship()
