"""How the day ran: sittings and items that were on, the floor, drafts and files of notes, minutes, recommendations, report, dossier.

Revision ID: 0014
Revises: 0013
Create Date: 2026-11-27 13:39:59.825296+00:00
"""

import sqlalchemy as sa
from alembic import op


revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "dossier",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seminar_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("waiting", "running", "done", "failed", name="buildstate", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.String(length=200), nullable=False),
        sa.Column("builder", sa.String(length=60), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("step_count", sa.Integer(), nullable=False),
        sa.Column("steps_done", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=True),
        sa.Column("failure", sa.String(length=500), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["seminar_id"], ["seminar.id"], name=op.f("fk_dossier_seminar_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier")),
    )
    with op.batch_alter_table("dossier", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dossier_seminar_id"), ["seminar_id"], unique=False)
        batch_op.create_index(
            "uq_dossier_under_way",
            ["seminar_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('waiting', 'running')"),
            postgresql_where=sa.text("state IN ('waiting', 'running')"),
        )

    op.create_table(
        "minutes_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seminar_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.String(length=200), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("chairs", sa.Text(), nullable=False),
        sa.Column("secretaries", sa.Text(), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("adopted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("adopted_by", sa.String(length=200), nullable=False),
        sa.Column("manner", sa.String(length=300), nullable=False),
        sa.Column("docx_sha256", sa.String(length=64), nullable=False),
        sa.Column("pdf_sha256", sa.String(length=64), nullable=False),
        sa.Column("note_count", sa.Integer(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.CheckConstraint("adopted_at IS NULL OR docx_sha256 <> ''", name=op.f("ck_minutes_version_adopted_whole")),
        sa.CheckConstraint("number = 1 OR reason <> ''", name=op.f("ck_minutes_version_reason_given")),
        sa.CheckConstraint("copies > 0", name=op.f("ck_minutes_version_copies_positive")),
        sa.CheckConstraint("ended_at >= began_at", name=op.f("ck_minutes_version_ends_later")),
        sa.ForeignKeyConstraint(["seminar_id"], ["seminar.id"], name=op.f("fk_minutes_version_seminar_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes_version")),
        sa.UniqueConstraint("seminar_id", "number", name=op.f("uq_minutes_version_seminar_id_number")),
    )
    with op.batch_alter_table("minutes_version", schema=None) as batch_op:
        batch_op.create_index(
            "uq_minutes_version_open",
            ["seminar_id"],
            unique=True,
            sqlite_where=sa.text("adopted_at IS NULL"),
            postgresql_where=sa.text("adopted_at IS NULL"),
        )

    op.create_table(
        "report_wording",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seminar_id", sa.Integer(), nullable=False),
        sa.Column("section", sa.String(length=40), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["seminar_id"], ["seminar.id"], name=op.f("fk_report_wording_seminar_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_wording")),
        sa.UniqueConstraint(
            "seminar_id", "section", "revision", name=op.f("uq_report_wording_seminar_id_section_revision")
        ),
    )
    op.create_table(
        "floor_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seminar_id", sa.Integer(), nullable=False),
        sa.Column("delegate_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.String(length=200), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.String(length=200), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum("called", "withdrawn", "put_aside", name="flooroutcome", native_enum=False, length=24),
            nullable=True,
        ),
        sa.CheckConstraint("(settled_at IS NULL) = (outcome IS NULL)", name=op.f("ck_floor_request_settled_whole")),
        sa.ForeignKeyConstraint(["delegate_id"], ["delegate.id"], name=op.f("fk_floor_request_delegate_id")),
        sa.ForeignKeyConstraint(["seminar_id"], ["seminar.id"], name=op.f("fk_floor_request_seminar_id")),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_floor_request_topic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_floor_request")),
    )
    with op.batch_alter_table("floor_request", schema=None) as batch_op:
        batch_op.create_index("ix_floor_request_seminar_id_asked_at", ["seminar_id", "asked_at"], unique=False)
        batch_op.create_index(
            "uq_floor_request_waiting",
            ["delegate_id"],
            unique=True,
            sqlite_where=sa.text("settled_at IS NULL"),
            postgresql_where=sa.text("settled_at IS NULL"),
        )

    op.create_table(
        "report_issue",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seminar_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("docx_sha256", sa.String(length=64), nullable=False),
        sa.Column("pdf_sha256", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.CheckConstraint("docx_sha256 <> ''", name=op.f("ck_report_issue_kept")),
        sa.ForeignKeyConstraint(["document_id"], ["issued_document.id"], name=op.f("fk_report_issue_document_id")),
        sa.ForeignKeyConstraint(["seminar_id"], ["seminar.id"], name=op.f("fk_report_issue_seminar_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_issue")),
        sa.UniqueConstraint("seminar_id", "number", name=op.f("uq_report_issue_seminar_id_number")),
    )
    with op.batch_alter_table("report_issue", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_issue_document_id"), ["document_id"], unique=False)

    op.create_table(
        "run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("began_by", sa.String(length=200), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=200), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.String(length=200), nullable=False),
        sa.CheckConstraint("ended_at >= began_at", name=op.f("ck_run_ends_later")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_run_item_id")),
        sa.ForeignKeyConstraint(["sitting_id"], ["sitting.id"], name=op.f("fk_run_sitting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
    )
    with op.batch_alter_table("run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_run_item_id"), ["item_id"], unique=False)
        batch_op.create_index("ix_run_sitting_id_began_at", ["sitting_id", "began_at"], unique=False)
        batch_op.create_index(
            "uq_run_item_on",
            ["sitting_id"],
            unique=True,
            sqlite_where=sa.text("item_id IS NOT NULL AND ended_at IS NULL AND undone_at IS NULL"),
            postgresql_where=sa.text("item_id IS NOT NULL AND ended_at IS NULL AND undone_at IS NULL"),
        )
        batch_op.create_index(
            "uq_run_sitting",
            ["sitting_id"],
            unique=True,
            sqlite_where=sa.text("item_id IS NULL AND undone_at IS NULL"),
            postgresql_where=sa.text("item_id IS NULL AND undone_at IS NULL"),
        )

    op.create_table(
        "turn",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seminar_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("delegate_id", sa.Integer(), nullable=True),
        sa.Column("speaker", sa.String(length=300), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("began_by", sa.String(length=200), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=200), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.String(length=200), nullable=False),
        sa.CheckConstraint("ended_at >= began_at", name=op.f("ck_turn_ends_later")),
        sa.CheckConstraint("minutes > 0 AND minutes <= 240", name=op.f("ck_turn_minutes_sane")),
        sa.ForeignKeyConstraint(["delegate_id"], ["delegate.id"], name=op.f("fk_turn_delegate_id")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_turn_item_id")),
        sa.ForeignKeyConstraint(["request_id"], ["floor_request.id"], name=op.f("fk_turn_request_id")),
        sa.ForeignKeyConstraint(["seminar_id"], ["seminar.id"], name=op.f("fk_turn_seminar_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_turn")),
        sa.UniqueConstraint("request_id", name=op.f("uq_turn_request_id")),
    )
    with op.batch_alter_table("turn", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_turn_delegate_id"), ["delegate_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_turn_item_id"), ["item_id"], unique=False)
        batch_op.create_index("ix_turn_seminar_id_began_at", ["seminar_id", "began_at"], unique=False)
        batch_op.create_index(
            "uq_turn_on",
            ["seminar_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL AND undone_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL AND undone_at IS NULL"),
        )

    op.create_table(
        "note_attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name=op.f("fk_note_attachment_note_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note_attachment")),
        sa.UniqueConstraint("note_id", "sha256", name=op.f("uq_note_attachment_note_id_sha256")),
    )
    op.create_table(
        "note_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seminar_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("note_id", sa.Integer(), nullable=True),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name=op.f("fk_note_draft_note_id")),
        sa.ForeignKeyConstraint(["seminar_id"], ["seminar.id"], name=op.f("fk_note_draft_seminar_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_note_draft_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note_draft")),
        sa.UniqueConstraint("user_id", "key", name=op.f("uq_note_draft_user_id_key")),
    )
    with op.batch_alter_table("note_draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_note_draft_note_id"), ["note_id"], unique=False)
        batch_op.create_index("ix_note_draft_seminar_id_saved_at", ["seminar_id", "saved_at"], unique=False)

    op.create_table(
        "recommendation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seminar_id", sa.Integer(), nullable=False),
        sa.Column("note_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("raised_by", sa.String(length=300), nullable=False),
        sa.Column(
            "addressee",
            sa.Enum(
                "central_union",
                "provincial_party",
                "local_party",
                "partners",
                "union",
                name="addressee",
                native_enum=False,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("addressee_name", sa.String(length=300), nullable=False),
        sa.Column("owner", sa.String(length=300), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=200), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name=op.f("fk_recommendation_note_id")),
        sa.ForeignKeyConstraint(["seminar_id"], ["seminar.id"], name=op.f("fk_recommendation_seminar_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendation")),
        sa.UniqueConstraint("note_id", name=op.f("uq_recommendation_note_id")),
    )
    with op.batch_alter_table("recommendation", schema=None) as batch_op:
        batch_op.create_index("ix_recommendation_seminar_id_position", ["seminar_id", "position"], unique=False)

    op.create_table(
        "recommendation_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recommendation_id", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "recorded",
                "sent",
                "answered",
                "under_way",
                "done",
                "not_taken_up",
                name="recommendationstatus",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["recommendation_id"], ["recommendation.id"], name=op.f("fk_recommendation_step_recommendation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendation_step")),
    )
    with op.batch_alter_table("recommendation_step", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_recommendation_step_recommendation_id"), ["recommendation_id"], unique=False
        )

    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reply_to_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_note_reply_to_id"), ["reply_to_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_note_reply_to_id"), "note", ["reply_to_id"], ["id"])

    with op.batch_alter_table("note_revision", schema=None) as batch_op:
        batch_op.add_column(sa.Column("item_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("topic_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("spoken_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_note_revision_item_id"), "item", ["item_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_note_revision_topic_id"), "topic", ["topic_id"], ["id"])


def downgrade():
    with op.batch_alter_table("note_revision", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_note_revision_topic_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_note_revision_item_id"), type_="foreignkey")
        batch_op.drop_column("spoken_at")
        batch_op.drop_column("topic_id")
        batch_op.drop_column("item_id")

    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_note_reply_to_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_note_reply_to_id"))
        batch_op.drop_column("reply_to_id")

    with op.batch_alter_table("recommendation_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recommendation_step_recommendation_id"))

    op.drop_table("recommendation_step")
    with op.batch_alter_table("recommendation", schema=None) as batch_op:
        batch_op.drop_index("ix_recommendation_seminar_id_position")

    op.drop_table("recommendation")
    with op.batch_alter_table("note_draft", schema=None) as batch_op:
        batch_op.drop_index("ix_note_draft_seminar_id_saved_at")
        batch_op.drop_index(batch_op.f("ix_note_draft_note_id"))

    op.drop_table("note_draft")
    op.drop_table("note_attachment")
    with op.batch_alter_table("turn", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_turn_on",
            sqlite_where=sa.text("ended_at IS NULL AND undone_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL AND undone_at IS NULL"),
        )
        batch_op.drop_index("ix_turn_seminar_id_began_at")
        batch_op.drop_index(batch_op.f("ix_turn_item_id"))
        batch_op.drop_index(batch_op.f("ix_turn_delegate_id"))

    op.drop_table("turn")
    with op.batch_alter_table("run", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_run_sitting",
            sqlite_where=sa.text("item_id IS NULL AND undone_at IS NULL"),
            postgresql_where=sa.text("item_id IS NULL AND undone_at IS NULL"),
        )
        batch_op.drop_index(
            "uq_run_item_on",
            sqlite_where=sa.text("item_id IS NOT NULL AND ended_at IS NULL AND undone_at IS NULL"),
            postgresql_where=sa.text("item_id IS NOT NULL AND ended_at IS NULL AND undone_at IS NULL"),
        )
        batch_op.drop_index("ix_run_sitting_id_began_at")
        batch_op.drop_index(batch_op.f("ix_run_item_id"))

    op.drop_table("run")
    with op.batch_alter_table("report_issue", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_report_issue_document_id"))

    op.drop_table("report_issue")
    with op.batch_alter_table("floor_request", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_floor_request_waiting",
            sqlite_where=sa.text("settled_at IS NULL"),
            postgresql_where=sa.text("settled_at IS NULL"),
        )
        batch_op.drop_index("ix_floor_request_seminar_id_asked_at")

    op.drop_table("floor_request")
    op.drop_table("report_wording")
    with op.batch_alter_table("minutes_version", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_minutes_version_open",
            sqlite_where=sa.text("adopted_at IS NULL"),
            postgresql_where=sa.text("adopted_at IS NULL"),
        )

    op.drop_table("minutes_version")
    with op.batch_alter_table("dossier", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_dossier_under_way",
            sqlite_where=sa.text("state IN ('waiting', 'running')"),
            postgresql_where=sa.text("state IN ('waiting', 'running')"),
        )
        batch_op.drop_index(batch_op.f("ix_dossier_seminar_id"))

    op.drop_table("dossier")
