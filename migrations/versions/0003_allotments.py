"""Places that the office allots to single units, deliveries of unit links, aliases as typed, one deadline of a kind.

Revision ID: 0003
Revises: 0002
Create Date: 2026-11-27 04:10:00.000000+00:00
"""

import sqlalchemy as sa
from alembic import op


revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

CHANNEL = sa.Enum(
    *("page", "phone", "letter", "email", "zalo", "in_person", "desk", "command"),
    name="channel",
    native_enum=False,
    length=24,
)


def upgrade():
    op.create_table(
        "allotment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("place_count", sa.Integer(), nullable=False),
        sa.Column("allotted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("allotted_by", sa.String(length=200), nullable=False),
        sa.CheckConstraint("place_count >= 0", name=op.f("ck_allotment_place_count_positive")),
        sa.ForeignKeyConstraint(["group_id"], ["group.id"], name=op.f("fk_allotment_group_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_allotment_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allotment")),
        sa.UniqueConstraint("group_id", "unit_id", name=op.f("uq_allotment_group_id_unit_id")),
    )
    with op.batch_alter_table("allotment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_allotment_unit_id"), ["unit_id"], unique=False)
    op.create_table(
        "link_delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("channel", CHANNEL, nullable=False),
        sa.Column("to", sa.String(length=254), nullable=False),
        sa.Column("batch", sa.String(length=36), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["link_id"], ["unit_link.id"], name=op.f("fk_link_delivery_link_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_delivery")),
    )
    with op.batch_alter_table("link_delivery", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_link_delivery_link_id"), ["link_id"], unique=False)
    with op.batch_alter_table("unit_alias", schema=None) as batch_op:
        batch_op.add_column(sa.Column("name", sa.String(length=200), nullable=False, server_default=""))
    with op.batch_alter_table("unit_alias", schema=None) as batch_op:
        batch_op.alter_column("name", server_default=None)
    one_deadline_of_a_kind(op.get_bind())
    with op.batch_alter_table("milestone", schema=None) as batch_op:
        batch_op.create_index(
            "uq_milestone_deadline",
            ["seminar_id", "code"],
            unique=True,
            sqlite_where=sa.text("code <> ''"),
            postgresql_where=sa.text("code <> ''"),
        )


def one_deadline_of_a_kind(connection):
    """The first milestone of a code was the one that counted: the others stay as dates of the plan."""
    milestone = sa.table("milestone", sa.column("id"), sa.column("seminar_id"), sa.column("code"))
    first = (
        sa.select(sa.func.min(milestone.c.id))
        .where(milestone.c.code != "")
        .group_by(milestone.c.seminar_id, milestone.c.code)
    )
    connection.execute(sa.update(milestone).where(milestone.c.code != "", milestone.c.id.not_in(first)).values(code=""))


def downgrade():
    with op.batch_alter_table("milestone", schema=None) as batch_op:
        batch_op.drop_index("uq_milestone_deadline")
    with op.batch_alter_table("unit_alias", schema=None) as batch_op:
        batch_op.drop_column("name")
    op.drop_table("link_delivery")
    op.drop_table("allotment")
