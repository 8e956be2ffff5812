"""The reception: what desks tell of themselves, rehearsals in tables of their own, the stage, what is handed out.

Revision ID: 0009
Revises: 0008
Create Date: 2026-11-27 07:38:36.422624+00:00
"""

import sqlalchemy as sa
from alembic import op


revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

FILLED = {
    "desk": ("roster_revision", "version", "storage", "camera"),
    "group": ("hand_out",),
    "scan": ("entered_by",),
}


def upgrade():
    op.create_table(
        "rehearsal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seminar_id", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("began_by", sa.String(length=200), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=200), nullable=False),
        sa.CheckConstraint("ends_at > began_at", name=op.f("ck_rehearsal_ends_later")),
        sa.ForeignKeyConstraint(["seminar_id"], ["seminar.id"], name=op.f("fk_rehearsal_seminar_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rehearsal")),
    )
    with op.batch_alter_table("rehearsal", schema=None) as batch_op:
        batch_op.create_index(
            "uq_rehearsal_running",
            ["seminar_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "rehearsal_scan",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("seminar_id", sa.Integer(), nullable=False),
        sa.Column("desk_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind", sa.Enum("entry", "exit", "annul", name="scankind", native_enum=False, length=24), nullable=False
        ),
        sa.Column("delegate_id", sa.Integer(), nullable=True),
        sa.Column("sitting_id", sa.Integer(), nullable=True),
        sa.Column("annuls", sa.String(length=36), nullable=True),
        sa.Column(
            "source",
            sa.Enum("camera", "scanner", "search", "number", "paper", name="source", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("offline", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("payload_length", sa.Integer(), nullable=False),
        sa.Column("payload_sha256", sa.String(length=64), nullable=False),
        sa.Column("payload_digits", sa.String(length=20), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(
                "admitted",
                "already_in",
                "revoked",
                "unknown",
                "other_seminar",
                "declined",
                "left",
                "not_in",
                "annulled",
                "nothing_to_annul",
                "malformed",
                "conflict",
                name="verdict",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("first_scan_id", sa.String(length=36), nullable=True),
        sa.Column("entered_by", sa.String(length=200), nullable=False),
        sa.CheckConstraint("kind IN ('entry','exit','annul')", name=op.f("ck_rehearsal_scan_kind")),
        sa.ForeignKeyConstraint(["delegate_id"], ["delegate.id"], name=op.f("fk_rehearsal_scan_delegate_id")),
        sa.ForeignKeyConstraint(["desk_id"], ["desk.id"], name=op.f("fk_rehearsal_scan_desk_id")),
        sa.ForeignKeyConstraint(["seminar_id"], ["seminar.id"], name=op.f("fk_rehearsal_scan_seminar_id")),
        sa.ForeignKeyConstraint(["sitting_id"], ["sitting.id"], name=op.f("fk_rehearsal_scan_sitting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rehearsal_scan")),
    )
    with op.batch_alter_table("rehearsal_scan", schema=None) as batch_op:
        batch_op.create_index("ix_rehearsal_scan_annuls", ["annuls"], unique=False)
        batch_op.create_index("ix_rehearsal_scan_delegate_id", ["delegate_id"], unique=False)
        batch_op.create_index("ix_rehearsal_scan_seminar_id", ["seminar_id"], unique=False)

    op.create_table(
        "stage_place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seminar_id", sa.Integer(), nullable=False),
        sa.Column("delegate_id", sa.Integer(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.CheckConstraint("turn > 0 AND place > 0", name=op.f("ck_stage_place_numbers_positive")),
        sa.ForeignKeyConstraint(["delegate_id"], ["delegate.id"], name=op.f("fk_stage_place_delegate_id")),
        sa.ForeignKeyConstraint(["seminar_id"], ["seminar.id"], name=op.f("fk_stage_place_seminar_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_place")),
        sa.UniqueConstraint("delegate_id", name=op.f("uq_stage_place_delegate_id")),
        sa.UniqueConstraint("seminar_id", "turn", "place", name=op.f("uq_stage_place_seminar_id_turn_place")),
    )
    with op.batch_alter_table("stage_place", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stage_place_seminar_id"), ["seminar_id"], unique=False)

    op.create_table(
        "stage_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seminar_id", sa.Integer(), nullable=False),
        sa.Column("delegate_id", sa.Integer(), nullable=False),
        sa.Column(
            "step",
            sa.Enum("in_place", "called", "handed_over", name="step", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["delegate_id"], ["delegate.id"], name=op.f("fk_stage_step_delegate_id")),
        sa.ForeignKeyConstraint(["seminar_id"], ["seminar.id"], name=op.f("fk_stage_step_seminar_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_step")),
    )
    with op.batch_alter_table("stage_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stage_step_seminar_id"), ["seminar_id"], unique=False)
        batch_op.create_index(
            "uq_stage_step_standing",
            ["delegate_id", "step"],
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )

    op.create_table(
        "rehearsal_arrival",
        sa.Column("scan_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seminar_id", sa.Integer(), nullable=False),
        sa.Column("delegate_id", sa.Integer(), nullable=False),
        sa.Column("sitting_id", sa.Integer(), nullable=True),
        sa.Column("desk_id", sa.Integer(), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["delegate_id"], ["delegate.id"], name=op.f("fk_rehearsal_arrival_delegate_id")),
        sa.ForeignKeyConstraint(["desk_id"], ["desk.id"], name=op.f("fk_rehearsal_arrival_desk_id")),
        sa.ForeignKeyConstraint(["scan_id"], ["rehearsal_scan.id"], name=op.f("fk_rehearsal_arrival_scan_id")),
        sa.ForeignKeyConstraint(["seminar_id"], ["seminar.id"], name=op.f("fk_rehearsal_arrival_seminar_id")),
        sa.ForeignKeyConstraint(["sitting_id"], ["sitting.id"], name=op.f("fk_rehearsal_arrival_sitting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rehearsal_arrival")),
        sa.UniqueConstraint("delegate_id", "sitting_id", name=op.f("uq_rehearsal_arrival_delegate_id_sitting_id")),
    )
    with op.batch_alter_table("rehearsal_arrival", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rehearsal_arrival_seminar_id"), ["seminar_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_rehearsal_arrival_sitting_id"), ["sitting_id"], unique=False)
        batch_op.create_index(
            "uq_rehearsal_arrival_without_sitting",
            ["delegate_id"],
            unique=True,
            sqlite_where=sa.text("sitting_id IS NULL"),
            postgresql_where=sa.text("sitting_id IS NULL"),
        )

    op.create_table(
        "rehearsal_double",
        sa.Column("first_scan_id", sa.String(length=36), nullable=False),
        sa.Column("second_scan_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seminar_id", sa.Integer(), nullable=False),
        sa.Column("delegate_id", sa.Integer(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.String(length=200), nullable=False),
        sa.Column("settlement", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["delegate_id"], ["delegate.id"], name=op.f("fk_rehearsal_double_delegate_id")),
        sa.ForeignKeyConstraint(
            ["first_scan_id"], ["rehearsal_scan.id"], name=op.f("fk_rehearsal_double_first_scan_id")
        ),
        sa.ForeignKeyConstraint(
            ["second_scan_id"], ["rehearsal_scan.id"], name=op.f("fk_rehearsal_double_second_scan_id")
        ),
        sa.ForeignKeyConstraint(["seminar_id"], ["seminar.id"], name=op.f("fk_rehearsal_double_seminar_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rehearsal_double")),
        sa.UniqueConstraint(
            "first_scan_id", "second_scan_id", name=op.f("uq_rehearsal_double_first_scan_id_second_scan_id")
        ),
    )
    with op.batch_alter_table("rehearsal_double", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rehearsal_double_seminar_id"), ["seminar_id"], unique=False)

    with op.batch_alter_table("desk", schema=None) as batch_op:
        batch_op.add_column(sa.Column("told_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("queue_count", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("roster_revision", sa.String(length=40), server_default="", nullable=False))
        batch_op.add_column(sa.Column("version", sa.String(length=40), server_default="", nullable=False))
        batch_op.add_column(sa.Column("storage", sa.String(length=20), server_default="", nullable=False))
        batch_op.add_column(sa.Column("camera", sa.String(length=20), server_default="", nullable=False))
        batch_op.add_column(sa.Column("battery_percent", sa.Integer(), nullable=True))

    with op.batch_alter_table("group", schema=None) as batch_op:
        batch_op.add_column(sa.Column("hand_out", sa.String(length=200), server_default="", nullable=False))

    with op.batch_alter_table("scan", schema=None) as batch_op:
        batch_op.add_column(sa.Column("entered_by", sa.String(length=200), server_default="", nullable=False))

    for name, columns in FILLED.items():
        with op.batch_alter_table(name, schema=None) as batch_op:
            for column in columns:
                batch_op.alter_column(column, server_default=None)


def downgrade():
    with op.batch_alter_table("scan", schema=None) as batch_op:
        batch_op.drop_column("entered_by")

    with op.batch_alter_table("group", schema=None) as batch_op:
        batch_op.drop_column("hand_out")

    with op.batch_alter_table("desk", schema=None) as batch_op:
        batch_op.drop_column("battery_percent")
        batch_op.drop_column("camera")
        batch_op.drop_column("storage")
        batch_op.drop_column("version")
        batch_op.drop_column("roster_revision")
        batch_op.drop_column("queue_count")
        batch_op.drop_column("told_at")

    with op.batch_alter_table("rehearsal_double", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rehearsal_double_seminar_id"))

    op.drop_table("rehearsal_double")
    with op.batch_alter_table("rehearsal_arrival", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_rehearsal_arrival_without_sitting",
            sqlite_where=sa.text("sitting_id IS NULL"),
            postgresql_where=sa.text("sitting_id IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_rehearsal_arrival_sitting_id"))
        batch_op.drop_index(batch_op.f("ix_rehearsal_arrival_seminar_id"))

    op.drop_table("rehearsal_arrival")
    with op.batch_alter_table("stage_step", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_stage_step_standing",
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_stage_step_seminar_id"))

    op.drop_table("stage_step")
    with op.batch_alter_table("stage_place", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stage_place_seminar_id"))

    op.drop_table("stage_place")
    with op.batch_alter_table("rehearsal_scan", schema=None) as batch_op:
        batch_op.drop_index("ix_rehearsal_scan_seminar_id")
        batch_op.drop_index("ix_rehearsal_scan_delegate_id")
        batch_op.drop_index("ix_rehearsal_scan_annuls")

    op.drop_table("rehearsal_scan")
    with op.batch_alter_table("rehearsal", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_rehearsal_running",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.drop_table("rehearsal")
