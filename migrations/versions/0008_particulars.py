"""What letters say of the seminar is kept with them; what was issued before says what the plan says now.

Revision ID: 0008
Revises: 0007
Create Date: 2026-11-27 07:40:00+00:00
"""

import sqlalchemy as sa
from alembic import op


revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

FORM = (
    *("term", "agency", "drafting_unit", "place", "superior_lines", "issuer_lines", "authority", "signer_title"),
    *("signer_name", "recipients", "recipients_of", "abbreviations", "urgency", "archive_mark"),
)
PLAIN = ("title", "theme", "issuer", "plan_number", "dress", "contact_name", "contact_phone")
DATED = ("plan_issued_on", "held_on", "starts_at")


def table(name, *columns):
    return sa.table(name, *(sa.column(one) if isinstance(one, str) else one for one in columns))


seminars = table(
    "seminar",
    *("id", *PLAIN),
    sa.column("plan_issued_on", sa.Date()),
    sa.column("held_on", sa.Date()),
    sa.column("starts_at", sa.Time()),
    sa.column("settings", sa.JSON()),
)
venues = table("venue", "seminar_id", "name", "address", sa.column("confirmed_at", sa.DateTime(timezone=True)))
groups = table("group", "id", "seminar_id", "name", "proxy_rule")
milestones = table("milestone", "seminar_id", "code", "rule", sa.column("due_on", sa.Date()))
delegates = table("delegate", "id", "seminar_id")
invitations = table(
    "invitation", "id", "delegate_id", "particulars_id", sa.column("issued_at", sa.DateTime(timezone=True))
)
occasions = table(
    "occasion",
    *("id", "seminar_id", "place"),
    sa.column("held_on", sa.Date()),
    sa.column("starts_at", sa.Time()),
    sa.column("first_told_at", sa.DateTime(timezone=True)),
)
particulars = table(
    "letter_particulars",
    *("id", "seminar_id", "occasion_id"),
    sa.column("said", sa.JSON()),
    sa.column("first_said_at", sa.DateTime(timezone=True)),
)


def upgrade():
    op.create_table(
        "letter_particulars",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seminar_id", sa.Integer(), nullable=False),
        sa.Column("occasion_id", sa.Integer(), nullable=True),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("first_said_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["seminar_id"], ["seminar.id"], name=op.f("fk_letter_particulars_seminar_id")),
        sa.ForeignKeyConstraint(["occasion_id"], ["occasion.id"], name=op.f("fk_letter_particulars_occasion_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_particulars")),
    )
    op.create_index(op.f("ix_letter_particulars_seminar_id"), "letter_particulars", ["seminar_id"], unique=False)
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("particulars_id", sa.Integer(), nullable=True))
    keep_what_letters_say(op.get_bind())
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.alter_column("particulars_id", existing_type=sa.Integer(), nullable=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_invitation_particulars_id"), "letter_particulars", ["particulars_id"], ["id"]
        )
        batch_op.create_index(batch_op.f("ix_invitation_particulars_id"), ["particulars_id"], unique=False)


def keep_what_letters_say(connection):
    """Until now every letter printed the plan of the day: that is what those who hold one can look up."""
    for seminar in connection.execute(sa.select(seminars)).mappings().all():
        mine = sa.select(delegates.c.id).where(delegates.c.seminar_id == seminar["id"])
        issued = sa.select(sa.func.min(invitations.c.issued_at)).where(invitations.c.delegate_id.in_(mine))
        first = connection.execute(issued).scalar()
        if first is None:
            continue
        said = what_is_said(connection, seminar)
        values = {
            "seminar_id": seminar["id"],
            "occasion_id": occasion_of(connection, seminar, said["place"], first),
            "said": said,
            "first_said_at": first,
        }
        connection.execute(sa.insert(particulars).values(**values))
        kept = connection.execute(sa.select(sa.func.max(particulars.c.id))).scalar()
        connection.execute(
            sa.update(invitations).where(invitations.c.delegate_id.in_(mine)).values(particulars_id=kept)
        )


def what_is_said(connection, seminar):
    venue = connection.execute(
        sa.select(venues.c.name, venues.c.address).where(
            venues.c.seminar_id == seminar["id"], venues.c.confirmed_at.is_not(None)
        )
    ).first()
    answers = connection.execute(
        sa.select(milestones.c.rule, milestones.c.due_on).where(
            milestones.c.seminar_id == seminar["id"], milestones.c.code == "answers"
        )
    ).first()
    named = connection.execute(sa.select(groups).where(groups.c.seminar_id == seminar["id"])).all()
    settings = seminar["settings"] or {}
    return {
        **{name: seminar[name] for name in PLAIN},
        **{name: seminar[name].isoformat() if seminar[name] else None for name in DATED},
        "place": ", ".join(part for part in (venue or ()) if part),
        "answers_rule": answers.rule if answers else None,
        "answers_due_on": answers.due_on.isoformat() if answers else None,
        "groups": {str(one.id): [one.name, one.proxy_rule] for one in named},
        "form": {name: settings[name] for name in FORM if name in settings},
    }


def occasion_of(connection, seminar, place, first):
    if seminar["held_on"] is None or seminar["starts_at"] is None or not place:
        return None
    told = {"held_on": seminar["held_on"], "starts_at": seminar["starts_at"], "place": place}
    latest = sa.select(occasions).where(occasions.c.seminar_id == seminar["id"]).order_by(occasions.c.id.desc())
    found = connection.execute(latest).mappings().first()
    if found is not None and all(found[name] == value for name, value in told.items()):
        return found["id"]
    connection.execute(sa.insert(occasions).values(seminar_id=seminar["id"], first_told_at=first, **told))
    return connection.execute(sa.select(sa.func.max(occasions.c.id))).scalar()


def downgrade():
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitation_particulars_id"))
        batch_op.drop_constraint(batch_op.f("fk_invitation_particulars_id"), type_="foreignkey")
        batch_op.drop_column("particulars_id")
    op.drop_table("letter_particulars")
