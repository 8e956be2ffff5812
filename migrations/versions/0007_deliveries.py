"""What was sent to whom and what it said of day and place, rules for reminders, stopped batches, files with messages.

Revision ID: 0007
Revises: 0006
Create Date: 2026-11-27 05:20:00+00:00
"""

import sqlalchemy as sa
from alembic import op


revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

STATES = "'held','queued',{}'sending','retry','sent','failed','cancelled'"
STOPPED = "'stopped',"

seminars = sa.table("seminar", *map(sa.column, ("id", "held_on", "starts_at")))
venues = sa.table("venue", *map(sa.column, ("seminar_id", "name", "address", "confirmed_at")))
delegates = sa.table("delegate", *map(sa.column, ("id", "seminar_id")))
invitations = sa.table("invitation", *map(sa.column, ("id", "delegate_id", "issued_at", "revoked_at")))
mails = sa.table(
    "mail", *map(sa.column, ("id", "seminar_id", "delegate_id", "purpose", "to_address", "created_at", "created_by"))
)
occasions = sa.table(
    "occasion", *map(sa.column, ("id", "seminar_id", "held_on", "starts_at", "place", "first_told_at"))
)
deliveries = sa.table(
    "delivery",
    *map(sa.column, ("invitation_id", "purpose", "channel", "to", "at", "by", "note", "mail_id", "occasion_id")),
)


def upgrade():
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.add_column(sa.Column("attachment_sha256", sa.String(length=64), server_default="", nullable=False))
        batch_op.add_column(sa.Column("attachment_name", sa.String(length=120), server_default="", nullable=False))
        batch_op.drop_constraint(batch_op.f("ck_mail_status"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_mail_status"), f"status IN ({STATES.format(STOPPED)})")
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.alter_column("attachment_sha256", server_default=None)
        batch_op.alter_column("attachment_name", server_default=None)

    op.create_table(
        "occasion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seminar_id", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.Time(), nullable=False),
        sa.Column("place", sa.String(length=620), nullable=False),
        sa.Column("first_told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["seminar_id"], ["seminar.id"], name=op.f("fk_occasion_seminar_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_occasion")),
    )
    op.create_index(op.f("ix_occasion_seminar_id"), "occasion", ["seminar_id"], unique=False)
    op.create_table(
        "reminder_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seminar_id", sa.Integer(), nullable=False),
        sa.Column("days_before", sa.Integer(), nullable=False),
        sa.Column("at", sa.Time(), nullable=False),
        sa.Column("seen_count", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=200), nullable=False),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_by", sa.String(length=200), nullable=False),
        sa.CheckConstraint("days_before >= 0 AND days_before <= 60", name=op.f("ck_reminder_rule_days_before")),
        sa.ForeignKeyConstraint(["seminar_id"], ["seminar.id"], name=op.f("fk_reminder_rule_seminar_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_rule")),
        sa.UniqueConstraint("seminar_id", "days_before", "at", name=op.f("uq_reminder_rule_seminar_id_days_before_at")),
    )
    op.create_table(
        "reminding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rule_id", sa.Integer(), nullable=False),
        sa.Column("delegate_id", sa.Integer(), nullable=False),
        sa.Column("mail_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["rule_id"], ["reminder_rule.id"], name=op.f("fk_reminding_rule_id")),
        sa.ForeignKeyConstraint(["delegate_id"], ["delegate.id"], name=op.f("fk_reminding_delegate_id")),
        sa.ForeignKeyConstraint(["mail_id"], ["mail.id"], name=op.f("fk_reminding_mail_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminding")),
        sa.UniqueConstraint("rule_id", "delegate_id", name=op.f("uq_reminding_rule_id_delegate_id")),
    )
    op.create_index(op.f("ix_reminding_delegate_id"), "reminding", ["delegate_id"], unique=False)

    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.add_column(sa.Column("purpose", sa.String(length=24), server_default="invitation", nullable=False))
        batch_op.add_column(sa.Column("to", sa.String(length=254), server_default="", nullable=False))
        batch_op.add_column(sa.Column("mail_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("occasion_id", sa.Integer(), nullable=True))
        batch_op.drop_constraint(batch_op.f("uq_delivery_invitation_id_channel_at"), type_="unique")
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.alter_column("purpose", server_default=None)
        batch_op.alter_column("to", server_default=None)
        batch_op.create_foreign_key(batch_op.f("fk_delivery_mail_id"), "mail", ["mail_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_delivery_occasion_id"), "occasion", ["occasion_id"], ["id"])
        batch_op.create_index(batch_op.f("ix_delivery_mail_id"), ["mail_id"], unique=False)
        batch_op.create_check_constraint(
            batch_op.f("ck_delivery_mail_by_email"), "mail_id IS NULL OR channel = 'email'"
        )
        batch_op.create_unique_constraint(
            batch_op.f("uq_delivery_invitation_id_purpose_channel_at"), ["invitation_id", "purpose", "channel", "at"]
        )
    tell_what_was_sent(op.get_bind())


def tell_what_was_sent(connection):
    """Messages and deliveries of before said the day, hour and place that the seminar has now, as far as is known."""
    for seminar_id, held_on, starts_at in connection.execute(sa.select(seminars)).all():
        venue = connection.execute(
            sa.select(venues.c.name, venues.c.address).where(
                venues.c.seminar_id == seminar_id, venues.c.confirmed_at.is_not(None)
            )
        ).first()
        mine = sa.select(delegates.c.id).where(delegates.c.seminar_id == seminar_id)
        sent = connection.execute(
            sa.select(mails, invitations.c.id.label("invitation_id"))
            .join(invitations, invitations.c.delegate_id == mails.c.delegate_id)
            .where(
                mails.c.seminar_id == seminar_id,
                mails.c.delegate_id.in_(mine),
                mails.c.purpose.in_(("invitation", "reminder")),
                mails.c.created_at >= invitations.c.issued_at,
                sa.or_(invitations.c.revoked_at.is_(None), mails.c.created_at < invitations.c.revoked_at),
            )
            .order_by(mails.c.id)
        ).all()
        of_these = sa.select(invitations.c.id).where(invitations.c.delegate_id.in_(mine))
        handed = connection.execute(
            sa.select(sa.func.min(deliveries.c.at)).where(deliveries.c.invitation_id.in_(of_these))
        ).scalar()
        if not sent and handed is None:
            continue
        occasion_id = None
        if venue is not None and held_on is not None and starts_at is not None:
            first = min([one.created_at for one in sent] + ([handed] if handed is not None else []))
            values = {
                "seminar_id": seminar_id,
                "held_on": held_on,
                "starts_at": starts_at,
                "place": ", ".join(part for part in venue if part),
                "first_told_at": first,
            }
            connection.execute(sa.insert(occasions).values(**values))
            occasion_id = connection.execute(
                sa.select(sa.func.max(occasions.c.id)).where(occasions.c.seminar_id == seminar_id)
            ).scalar()
        connection.execute(
            sa.update(deliveries).where(deliveries.c.invitation_id.in_(of_these)).values(occasion_id=occasion_id)
        )
        for one in sent:
            values = {
                "invitation_id": one.invitation_id,
                "purpose": one.purpose,
                "channel": "email",
                "to": one.to_address,
                "at": one.created_at,
                "by": one.created_by,
                "note": "",
                "mail_id": one.id,
                "occasion_id": occasion_id,
            }
            connection.execute(sa.insert(deliveries).values(**values))


def downgrade():
    op.execute("DELETE FROM delivery WHERE channel = 'email' OR purpose <> 'invitation'")
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_delivery_invitation_id_purpose_channel_at"), type_="unique")
        batch_op.drop_constraint(batch_op.f("ck_delivery_mail_by_email"), type_="check")
        batch_op.drop_index(batch_op.f("ix_delivery_mail_id"))
        batch_op.drop_constraint(batch_op.f("fk_delivery_occasion_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_delivery_mail_id"), type_="foreignkey")
        for name in ("occasion_id", "mail_id", "to", "purpose"):
            batch_op.drop_column(name)
        batch_op.create_unique_constraint(
            batch_op.f("uq_delivery_invitation_id_channel_at"), ["invitation_id", "channel", "at"]
        )
    op.drop_table("reminding")
    op.drop_table("reminder_rule")
    op.drop_table("occasion")
    op.execute("UPDATE mail SET status = 'cancelled' WHERE status = 'stopped'")
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_mail_status"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_mail_status"), f"status IN ({STATES.format('')})")
        batch_op.drop_column("attachment_name")
        batch_op.drop_column("attachment_sha256")
