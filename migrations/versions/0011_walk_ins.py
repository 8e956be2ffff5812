"""What a walk-in leaves for the office to decide, and what it decided.

Revision ID: 0011
Revises: 0010
Create Date: 2026-11-27 08:10:00+00:00
"""

import sqlalchemy as sa
from alembic import op


revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("walk_in", schema=None) as batch_op:
        batch_op.add_column(sa.Column("question", sa.String(length=24), nullable=True))
        batch_op.add_column(sa.Column("like_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("outcome", sa.String(length=24), nullable=True))
        batch_op.add_column(sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("settled_by", sa.String(length=200), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("settlement", sa.String(length=500), nullable=False, server_default=""))
        batch_op.create_index(batch_op.f("ix_walk_in_instead_of_id"), ["instead_of_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_walk_in_like_id"), "delegate", ["like_id"], ["id"])
        batch_op.create_check_constraint(batch_op.f("ck_walk_in_settled"), "(settled_at IS NULL) = (settlement = '')")
    with op.batch_alter_table("walk_in", schema=None) as batch_op:
        batch_op.alter_column("settled_by", server_default=None)
        batch_op.alter_column("settlement", server_default=None)


def downgrade():
    with op.batch_alter_table("walk_in", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_walk_in_settled"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_walk_in_like_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_walk_in_instead_of_id"))
        batch_op.drop_column("settlement")
        batch_op.drop_column("settled_by")
        batch_op.drop_column("settled_at")
        batch_op.drop_column("outcome")
        batch_op.drop_column("like_id")
        batch_op.drop_column("question")
