"""What was done about a proxy who was let in and refused afterwards.

Revision ID: 0012
Revises: 0011
Create Date: 2026-11-27 10:50:00+00:00
"""

import sqlalchemy as sa
from alembic import op


revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("walk_in", schema=None) as batch_op:
        batch_op.add_column(sa.Column("seen_to_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("seen_to_by", sa.String(length=200), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("seen_to", sa.String(length=500), nullable=False, server_default=""))
        batch_op.create_check_constraint(batch_op.f("ck_walk_in_seen_to"), "(seen_to_at IS NULL) = (seen_to = '')")
    with op.batch_alter_table("walk_in", schema=None) as batch_op:
        batch_op.alter_column("seen_to_by", server_default=None)
        batch_op.alter_column("seen_to", server_default=None)


def downgrade():
    with op.batch_alter_table("walk_in", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_walk_in_seen_to"), type_="check")
        batch_op.drop_column("seen_to")
        batch_op.drop_column("seen_to_by")
        batch_op.drop_column("seen_to_at")
