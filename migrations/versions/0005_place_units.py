"""A place of a quota per unit is held only by somebody of that unit: the database itself says so.

Revision ID: 0005
Revises: 0004
Create Date: 2026-11-27 04:40:00+00:00
"""

import sqlalchemy as sa
from alembic import op


revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

delegates = sa.table("delegate", sa.column("id"), sa.column("unit_id"), sa.column("note"))
groups = sa.table("group", sa.column("id"), sa.column("seminar_id"), sa.column("code"), sa.column("audience"))
memberships = sa.table(
    "membership",
    *(sa.column(name) for name in ("id", "delegate_id", "group_id", "quota_kind", "place_id", "unit_id", "ended_at")),
)
places = sa.table("place", sa.column("id"), sa.column("unit_id"))


def upgrade():
    with op.batch_alter_table("delegate", schema=None) as batch_op:
        batch_op.create_unique_constraint(batch_op.f("uq_delegate_id_unit_id"), ["id", "unit_id"])
    with op.batch_alter_table("place", schema=None) as batch_op:
        batch_op.create_unique_constraint(batch_op.f("uq_place_id_unit_id"), ["id", "unit_id"])
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.add_column(sa.Column("unit_id", sa.Integer(), nullable=True))

    say_the_units(op.get_bind())

    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_foreign_key("fk_membership_place_unit", "place", ["place_id", "unit_id"], ["id", "unit_id"])
        batch_op.create_foreign_key(
            "fk_membership_delegate_unit", "delegate", ["delegate_id", "unit_id"], ["id", "unit_id"]
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_membership_unit_of_quota"),
            "quota_kind <> 'per_unit' OR unit_id IS NOT NULL OR ended_at IS NOT NULL",
        )
        batch_op.drop_constraint(batch_op.f("ck_membership_ended_frees_place"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_membership_ended_frees_place"),
            "ended_at IS NULL OR (place_id IS NULL AND unit_id IS NULL)",
        )


def say_the_units(connection):
    """Whoever has no unit stands under "chưa phân nhóm" from now on, and the note says where they stood."""
    rows = connection.execute(
        sa.select(memberships.c.id, memberships.c.place_id, memberships.c.group_id, delegates)
        .join(delegates, delegates.c.id == memberships.c.delegate_id)
        .where(memberships.c.quota_kind == "per_unit", memberships.c.ended_at.is_(None))
    ).all()
    for membership_id, place_id, group_id, delegate_id, unit_id, note in rows:
        here = memberships.c.id == membership_id
        if unit_id is not None:
            connection.execute(sa.update(places).where(places.c.id == place_id).values(unit_id=unit_id))
            connection.execute(sa.update(memberships).where(here).values(unit_id=unit_id))
            continue
        group = connection.execute(sa.select(groups).where(groups.c.id == group_id)).one()
        unassigned = connection.scalar(
            sa.select(groups.c.id).where(groups.c.seminar_id == group.seminar_id, groups.c.audience == "unassigned")
        )
        told = f"{note}; thành phần trước đây: {group.code} (chưa rõ đơn vị)".strip("; ")[:1000]
        connection.execute(sa.update(delegates).where(delegates.c.id == delegate_id).values(note=told))
        values = {"group_id": unassigned, "quota_kind": "open", "place_id": None}
        connection.execute(sa.update(memberships).where(here).values(**values))


def downgrade():
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_membership_ended_frees_place"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_membership_ended_frees_place"), "ended_at IS NULL OR place_id IS NULL"
        )
        batch_op.drop_constraint(batch_op.f("ck_membership_unit_of_quota"), type_="check")
        batch_op.drop_constraint("fk_membership_delegate_unit", type_="foreignkey")
        batch_op.drop_constraint("fk_membership_place_unit", type_="foreignkey")
        batch_op.drop_column("unit_id")
    with op.batch_alter_table("place", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_place_id_unit_id"), type_="unique")
    with op.batch_alter_table("delegate", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_delegate_id_unit_id"), type_="unique")
