"""The boards of the day: who was met, the welcome screen of the projector, how old a desk's list is.

Revision ID: 0010
Revises: 0009
Create Date: 2026-11-27 08:05:00.000000+00:00
"""

import sqlalchemy as sa
from alembic import op


revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "greeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seminar_id", sa.Integer(), nullable=False),
        sa.Column("delegate_id", sa.Integer(), nullable=False),
        sa.Column("met_by", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["delegate_id"], ["delegate.id"], name=op.f("fk_greeting_delegate_id")),
        sa.ForeignKeyConstraint(["seminar_id"], ["seminar.id"], name=op.f("fk_greeting_seminar_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_greeting")),
    )
    with op.batch_alter_table("greeting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_greeting_seminar_id"), ["seminar_id"], unique=False)
        batch_op.create_index(
            "uq_greeting_standing",
            ["delegate_id"],
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )

    op.create_table(
        "screen",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seminar_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("groups", sa.JSON(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.String(length=200), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=200), nullable=False),
        sa.CheckConstraint("seconds > 0", name=op.f("ck_screen_seconds_positive")),
        sa.ForeignKeyConstraint(["seminar_id"], ["seminar.id"], name=op.f("fk_screen_seminar_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screen")),
        sa.UniqueConstraint("code", name=op.f("uq_screen_code")),
    )
    with op.batch_alter_table("screen", schema=None) as batch_op:
        batch_op.create_index(
            "uq_screen_in_force",
            ["seminar_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    with op.batch_alter_table("desk", schema=None) as batch_op:
        batch_op.add_column(sa.Column("roster_at", sa.DateTime(timezone=True), nullable=True))


def downgrade():
    with op.batch_alter_table("desk", schema=None) as batch_op:
        batch_op.drop_column("roster_at")
    op.drop_table("screen")
    op.drop_table("greeting")
