"""Shapes of lists say whom they name, their subtitle, numbering, sums and paper.

Revision ID: 0004
Revises: 0002
Create Date: 2026-11-27 04:15:00+00:00
"""

import sqlalchemy as sa
from alembic import op


revision = "0004"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("list_shape", schema=None) as batch_op:
        batch_op.add_column(sa.Column("subtitle", sa.String(length=300), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("who", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("options", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("list_shape", schema=None) as batch_op:
        for name in ("subtitle", "who", "options"):
            batch_op.alter_column(name, server_default=None)


def downgrade():
    with op.batch_alter_table("list_shape", schema=None) as batch_op:
        for name in ("options", "who", "subtitle"):
            batch_op.drop_column(name)
