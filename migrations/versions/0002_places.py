"""Places of the quotas with their holders, nominations, shapes of lists, choices of an import.

Revision ID: 0002
Revises: 0001
Create Date: 2026-11-24 08:31:09.295034+00:00
"""

import unicodedata

import sqlalchemy as sa
from alembic import op


revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "list_shape",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seminar_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("grouping", sa.String(length=12), nullable=False),
        sa.Column("order", sa.String(length=12), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["seminar_id"], ["seminar.id"], name=op.f("fk_list_shape_seminar_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_shape")),
        sa.UniqueConstraint("seminar_id", "name", name=op.f("uq_list_shape_seminar_id_name")),
    )
    op.create_table(
        "place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("moved_from_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["group.id"], name=op.f("fk_place_group_id")),
        sa.ForeignKeyConstraint(["moved_from_id"], ["unit.id"], name=op.f("fk_place_moved_from_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_place_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place")),
        sa.UniqueConstraint("id", "group_id", name=op.f("uq_place_id_group_id")),
    )
    with op.batch_alter_table("place", schema=None) as batch_op:
        batch_op.create_index("ix_place_group_id_unit_id", ["group_id", "unit_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_place_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "nomination",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seminar_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("place_id", sa.Integer(), nullable=True),
        sa.Column("instead_of_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_folded", sa.String(length=200), nullable=False),
        sa.Column("position", sa.String(length=300), nullable=False),
        sa.Column("gender", sa.String(length=10), nullable=False),
        sa.Column("birth_year", sa.Integer(), nullable=True),
        sa.Column("phone", sa.String(length=15), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("nominated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("nominated_by", sa.String(length=200), nullable=False),
        sa.Column(
            "actor_kind",
            sa.Enum("staff", "delegate", "unit", "desk", "system", name="actorkind", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column(
            "channel",
            sa.Enum(
                "page",
                "phone",
                "letter",
                "email",
                "zalo",
                "desk",
                "command",
                name="channel",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum("approved", "returned", "withdrawn", name="nominationoutcome", native_enum=False, length=24),
            nullable=True,
        ),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=200), nullable=False),
        sa.Column("decision_note", sa.String(length=500), nullable=False),
        sa.Column("delegate_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name=op.f("ck_nomination_decided")),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_nomination_name_given")),
        sa.ForeignKeyConstraint(["delegate_id"], ["delegate.id"], name=op.f("fk_nomination_delegate_id")),
        sa.ForeignKeyConstraint(["group_id"], ["group.id"], name=op.f("fk_nomination_group_id")),
        sa.ForeignKeyConstraint(["instead_of_id"], ["delegate.id"], name=op.f("fk_nomination_instead_of_id")),
        sa.ForeignKeyConstraint(["place_id", "group_id"], ["place.id", "place.group_id"], name="fk_nomination_place"),
        sa.ForeignKeyConstraint(["seminar_id"], ["seminar.id"], name=op.f("fk_nomination_seminar_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_nomination_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nomination")),
    )
    with op.batch_alter_table("nomination", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_nomination_group_id"), ["group_id"], unique=False)
        batch_op.create_index("ix_nomination_seminar_id_unit_id", ["seminar_id", "unit_id"], unique=False)
        batch_op.create_index(
            "uq_nomination_open",
            ["place_id"],
            unique=True,
            sqlite_where=sa.text("outcome IS NULL"),
            postgresql_where=sa.text("outcome IS NULL"),
        )

    with op.batch_alter_table("delegate", schema=None) as batch_op:
        batch_op.add_column(sa.Column("name_lower", sa.String(length=200), nullable=False, server_default=""))
    with op.batch_alter_table("group", schema=None) as batch_op:
        batch_op.create_unique_constraint(batch_op.f("uq_group_id_quota_kind"), ["id", "quota_kind"])
    with op.batch_alter_table("import_draft", schema=None) as batch_op:
        batch_op.add_column(sa.Column("options", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("choices", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.add_column(sa.Column("contact_name", sa.String(length=200), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("contact_phone", sa.String(length=15), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("contact_email", sa.String(length=254), nullable=False, server_default=""))
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.add_column(sa.Column("quota_kind", QUOTA_KIND, nullable=False, server_default="open"))
        batch_op.add_column(sa.Column("place_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))

    connection = op.get_bind()
    lower_names(connection)
    give_places(connection)

    with op.batch_alter_table("delegate", schema=None) as batch_op:
        batch_op.alter_column("name_lower", server_default=None)
    with op.batch_alter_table("import_draft", schema=None) as batch_op:
        batch_op.alter_column("options", server_default=None)
        batch_op.alter_column("choices", server_default=None)
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.alter_column("contact_name", server_default=None)
        batch_op.alter_column("contact_phone", server_default=None)
        batch_op.alter_column("contact_email", server_default=None)
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.alter_column("quota_kind", server_default=None)
        batch_op.create_unique_constraint(batch_op.f("uq_membership_place_id"), ["place_id"])
        batch_op.drop_constraint(batch_op.f("fk_membership_group_id"), type_="foreignkey")
        batch_op.create_foreign_key("fk_membership_place", "place", ["place_id", "group_id"], ["id", "group_id"])
        batch_op.create_foreign_key(
            "fk_membership_group", "group", ["group_id", "quota_kind"], ["id", "quota_kind"], onupdate="CASCADE"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_membership_within_quota"),
            "quota_kind = 'open' OR place_id IS NOT NULL OR ended_at IS NOT NULL",
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_membership_ended_frees_place"), "ended_at IS NULL OR place_id IS NULL"
        )


QUOTA_KIND = sa.Enum("open", "total", "per_unit", "closed", name="quotakind", native_enum=False, length=24)

delegates = sa.table(
    "delegate",
    sa.column("id"),
    sa.column("name"),
    sa.column("name_lower"),
    sa.column("unit_id"),
    sa.column("removed_at"),
)
groups = sa.table(
    "group", sa.column("id"), sa.column("quota_kind"), sa.column("quota_count"), sa.column("unit_kinds", sa.JSON())
)
memberships = sa.table(
    "membership",
    sa.column("id"),
    sa.column("delegate_id"),
    sa.column("group_id"),
    sa.column("quota_kind"),
    sa.column("place_id"),
    sa.column("ended_at"),
)
places = sa.table("place", sa.column("id"), sa.column("group_id"), sa.column("unit_id"))
units = sa.table("unit", sa.column("id"), sa.column("kind"))


def lower_names(connection):
    rows = connection.execute(sa.select(delegates.c.id, delegates.c.name)).all()
    if rows:
        connection.execute(
            sa.update(delegates).where(delegates.c.id == sa.bindparam("of")).values(name_lower=sa.bindparam("lower")),
            [{"of": row.id, "lower": unicodedata.normalize("NFC", row.name).casefold()[:200]} for row in rows],
        )


def give_places(connection):
    """As many places as each quota says, and as many more as it has members already: nobody loses theirs."""
    removed = sa.select(delegates.c.removed_at).where(delegates.c.id == memberships.c.delegate_id).scalar_subquery()
    connection.execute(sa.update(memberships).values(ended_at=removed))
    every_unit = connection.execute(sa.select(units.c.id, units.c.kind)).all()
    next_place = 1
    for group in connection.execute(sa.select(groups).where(groups.c.quota_kind != "open")).all():
        members = connection.execute(
            sa.select(memberships.c.id, delegates.c.unit_id)
            .join(delegates, delegates.c.id == memberships.c.delegate_id)
            .where(memberships.c.group_id == group.id, memberships.c.ended_at.is_(None))
            .order_by(memberships.c.id)
        ).all()
        if group.quota_kind == "per_unit":
            kinds = group.unit_kinds or []
            free = {unit.id: group.quota_count for unit in every_unit if not kinds or unit.kind in kinds}
        else:
            free = {None: group.quota_count}
        rows = []
        for member in members:
            unit_id = member.unit_id if group.quota_kind == "per_unit" else None
            free[unit_id] = free.get(unit_id, 0) - 1
            rows.append({"id": next_place, "group_id": group.id, "unit_id": unit_id})
            connection.execute(sa.update(memberships).where(memberships.c.id == member.id).values(place_id=next_place))
            next_place += 1
        for unit_id, count in free.items():
            for _ in range(max(count, 0)):
                rows.append({"id": next_place, "group_id": group.id, "unit_id": unit_id})
                next_place += 1
        if rows:
            connection.execute(sa.insert(places), rows)
        if group.quota_kind != "per_unit" and len(members) > group.quota_count:
            connection.execute(sa.update(groups).where(groups.c.id == group.id).values(quota_count=len(members)))
        connection.execute(
            sa.update(memberships).where(memberships.c.group_id == group.id).values(quota_kind=group.quota_kind)
        )
    if connection.dialect.name == "postgresql" and next_place > 1:
        connection.execute(
            sa.text("SELECT setval(pg_get_serial_sequence('place', 'id'), :last)"), {"last": next_place - 1}
        )


def downgrade():
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_membership_within_quota"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_membership_ended_frees_place"), type_="check")
        batch_op.drop_constraint("fk_membership_group", type_="foreignkey")
        batch_op.drop_constraint("fk_membership_place", type_="foreignkey")
        batch_op.create_foreign_key(batch_op.f("fk_membership_group_id"), "group", ["group_id"], ["id"])
        batch_op.drop_constraint(batch_op.f("uq_membership_place_id"), type_="unique")
        batch_op.drop_column("ended_at")
        batch_op.drop_column("place_id")
        batch_op.drop_column("quota_kind")
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.drop_column("contact_email")
        batch_op.drop_column("contact_phone")
        batch_op.drop_column("contact_name")
    with op.batch_alter_table("import_draft", schema=None) as batch_op:
        batch_op.drop_column("choices")
        batch_op.drop_column("options")
    with op.batch_alter_table("group", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_group_id_quota_kind"), type_="unique")
    with op.batch_alter_table("delegate", schema=None) as batch_op:
        batch_op.drop_column("name_lower")
    op.drop_table("nomination")
    op.drop_table("place")
    op.drop_table("list_shape")
