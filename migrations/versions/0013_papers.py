"""Papers from the call to the proceedings: extensions, authors, reviews, and the book with its builds.

What was decided so far was shown to its authors at once, and stays so; authors become rows. An item of the programme
holds only what the office typed itself, and else is called what its paper is called.

Revision ID: 0013
Revises: 0012
Create Date: 2026-11-27 10:36:18.353395+00:00
"""

import sqlalchemy as sa
from alembic import op


revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seminar_id", sa.Integer(), nullable=False),
        sa.Column("words_least", sa.Integer(), nullable=True),
        sa.Column("words_most", sa.Integer(), nullable=True),
        sa.Column("pages_most", sa.Integer(), nullable=True),
        sa.Column("file_kinds", sa.JSON(), nullable=False),
        sa.Column("grace_hours", sa.Integer(), nullable=False),
        sa.Column("guidance", sa.Text(), nullable=False),
        sa.Column("is_released_at_once", sa.Boolean(), nullable=False),
        sa.CheckConstraint("grace_hours >= 0 AND grace_hours <= 720", name=op.f("ck_call_grace_sane")),
        sa.CheckConstraint("pages_most > 0", name=op.f("ck_call_pages_positive")),
        sa.CheckConstraint("words_least > 0 AND words_most >= words_least", name=op.f("ck_call_words_ordered")),
        sa.ForeignKeyConstraint(["seminar_id"], ["seminar.id"], name=op.f("fk_call_seminar_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call")),
        sa.UniqueConstraint("seminar_id", name=op.f("uq_call_seminar_id")),
    )
    op.create_table(
        "proceedings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seminar_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("boards", sa.Text(), nullable=False),
        sa.Column("foreword", sa.Text(), nullable=False),
        sa.Column("licence", sa.String(length=200), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["seminar_id"], ["seminar.id"], name=op.f("fk_proceedings_seminar_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proceedings")),
        sa.UniqueConstraint("seminar_id", name=op.f("uq_proceedings_seminar_id")),
    )
    op.create_table(
        "reviewer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seminar_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("body", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["seminar_id"], ["seminar.id"], name=op.f("fk_reviewer_seminar_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_reviewer_unit_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_reviewer_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviewer")),
        sa.UniqueConstraint("seminar_id", "user_id", name=op.f("uq_reviewer_seminar_id_user_id")),
    )
    op.create_table(
        "build",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proceedings_id", sa.Integer(), nullable=False),
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
        sa.Column("page_count", sa.Integer(), nullable=True),
        sa.Column("pdf_sha256", sa.String(length=64), nullable=False),
        sa.Column("docx_sha256", sa.String(length=64), nullable=False),
        sa.Column("failure", sa.String(length=500), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("contacts", sa.JSON(), nullable=False),
        sa.Column("unread_pages", sa.JSON(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by", sa.String(length=200), nullable=False),
        sa.CheckConstraint("steps_done >= 0 AND steps_done <= step_count", name=op.f("ck_build_steps_in_range")),
        sa.ForeignKeyConstraint(["proceedings_id"], ["proceedings.id"], name=op.f("fk_build_proceedings_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_build")),
    )
    with op.batch_alter_table("build", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_build_proceedings_id"), ["proceedings_id"], unique=False)
        batch_op.create_index(
            "uq_build_published",
            ["proceedings_id"],
            unique=True,
            sqlite_where=sa.text("published_at IS NOT NULL"),
            postgresql_where=sa.text("published_at IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_build_under_way",
            ["proceedings_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('waiting', 'running')"),
            postgresql_where=sa.text("state IN ('waiting', 'running')"),
        )

    op.create_table(
        "extension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seminar_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("delegate_id", sa.Integer(), nullable=True),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=200), nullable=False),
        sa.CheckConstraint("(unit_id IS NULL) <> (delegate_id IS NULL)", name=op.f("ck_extension_one_sender")),
        sa.ForeignKeyConstraint(["delegate_id"], ["delegate.id"], name=op.f("fk_extension_delegate_id")),
        sa.ForeignKeyConstraint(["seminar_id"], ["seminar.id"], name=op.f("fk_extension_seminar_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_extension_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension")),
    )
    with op.batch_alter_table("extension", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_extension_delegate_id"), ["delegate_id"], unique=False)
        batch_op.create_index("ix_extension_seminar_id_unit_id", ["seminar_id", "unit_id"], unique=False)

    op.create_table(
        "part",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proceedings_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("papers", "excerpts", "delegates", "text", name="partkind", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["proceedings_id"], ["proceedings.id"], name=op.f("fk_part_proceedings_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_part")),
    )
    with op.batch_alter_table("part", schema=None) as batch_op:
        batch_op.create_index("ix_part_proceedings_id_position", ["proceedings_id", "position"], unique=False)

    op.create_table(
        "assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("conflict", sa.String(length=300), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=200), nullable=False),
        sa.Column("withdrawn_why", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name=op.f("fk_assignment_paper_id")),
        sa.ForeignKeyConstraint(["reviewer_id"], ["reviewer.id"], name=op.f("fk_assignment_reviewer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
    )
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assignment_reviewer_id"), ["reviewer_id"], unique=False)
        batch_op.create_index(
            "uq_assignment_standing",
            ["paper_id", "reviewer_id"],
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )

    op.create_table(
        "author",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("academic_title", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("duty", sa.String(length=300), nullable=False),
        sa.Column("body", sa.String(length=300), nullable=False),
        sa.Column("is_collective", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name=op.f("fk_author_paper_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_author")),
        sa.UniqueConstraint("paper_id", "position", name=op.f("uq_author_paper_id_position")),
    )
    op.create_table(
        "placement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("part_id", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name=op.f("fk_placement_paper_id")),
        sa.ForeignKeyConstraint(["part_id"], ["part.id"], name=op.f("fk_placement_part_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement")),
        sa.UniqueConstraint("paper_id", name=op.f("uq_placement_paper_id")),
    )
    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_placement_part_id"), ["part_id"], unique=False)

    op.create_table(
        "entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("build_id", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("part_title", sa.String(length=300), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("authors", sa.String(length=500), nullable=False),
        sa.Column("first_page", sa.Integer(), nullable=True),
        sa.Column("page_count", sa.Integer(), nullable=True),
        sa.Column("pdf_sha256", sa.String(length=64), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["build_id"], ["build.id"], name=op.f("fk_entry_build_id")),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name=op.f("fk_entry_paper_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_entry_submission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry")),
        sa.UniqueConstraint("build_id", "paper_id", name=op.f("uq_entry_build_id_paper_id")),
    )
    op.create_table(
        "rendition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("pdf", "docx", "unicode", "book", name="renditionkind", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("page_count", sa.Integer(), nullable=True),
        sa.Column("made_by", sa.String(length=200), nullable=False),
        sa.Column("is_sent", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=200), nullable=False),
        sa.CheckConstraint("size_bytes > 0", name=op.f("ck_rendition_not_empty")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_rendition_submission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rendition")),
    )
    with op.batch_alter_table("rendition", schema=None) as batch_op:
        batch_op.create_index("ix_rendition_submission_id_kind", ["submission_id", "kind"], unique=False)

    op.create_table(
        "review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column(
            "advice",
            sa.Enum("present", "print", "correct", "reject", name="advice", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("for_author", sa.Text(), nullable=False),
        sa.Column("for_office", sa.Text(), nullable=False),
        sa.Column("filename", sa.String(length=300), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"], name=op.f("fk_review_assignment_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_review_submission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
    )
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_review_assignment_id"), ["assignment_id"], unique=False)

    op.create_table(
        "mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.CheckConstraint("value >= 0 AND value <= 3", name=op.f("ck_mark_value_in_range")),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name=op.f("fk_mark_review_id")),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_mark_topic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mark")),
        sa.UniqueConstraint("review_id", "topic_id", name=op.f("uq_mark_review_id_topic_id")),
    )
    op.create_table(
        "decision_delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "page",
                "phone",
                "letter",
                "email",
                "zalo",
                "in_person",
                "desk",
                "command",
                name="channel",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("to", sa.String(length=254), nullable=False),
        sa.Column("batch", sa.String(length=36), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_decision_delivery_decision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_delivery")),
    )
    with op.batch_alter_table("decision_delivery", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decision_delivery_decision_id"), ["decision_id"], unique=False)

    op.create_table(
        "expectation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seminar_id", sa.Integer(), nullable=False),
        sa.Column("delegate_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["delegate_id"], ["delegate.id"], name=op.f("fk_expectation_delegate_id")),
        sa.ForeignKeyConstraint(["seminar_id"], ["seminar.id"], name=op.f("fk_expectation_seminar_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expectation")),
        sa.UniqueConstraint("seminar_id", "delegate_id", name=op.f("uq_expectation_seminar_id_delegate_id")),
    )
    with op.batch_alter_table("expectation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_expectation_delegate_id"), ["delegate_id"], unique=False)

    op.create_table(
        "paper_reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seminar_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("delegate_id", sa.Integer(), nullable=True),
        sa.Column("batch", sa.String(length=36), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.CheckConstraint("(unit_id IS NULL) <> (delegate_id IS NULL)", name=op.f("ck_paper_reminder_one_sender")),
        sa.ForeignKeyConstraint(["delegate_id"], ["delegate.id"], name=op.f("fk_paper_reminder_delegate_id")),
        sa.ForeignKeyConstraint(["seminar_id"], ["seminar.id"], name=op.f("fk_paper_reminder_seminar_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_paper_reminder_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_reminder")),
    )
    with op.batch_alter_table("paper_reminder", schema=None) as batch_op:
        batch_op.create_index("ix_paper_reminder_seminar_id_at", ["seminar_id", "at"], unique=False)

    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.add_column(sa.Column("released_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("released_by", sa.String(length=200), nullable=False, server_default=""))

    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_excerpt", sa.Boolean(), nullable=False, server_default=sa.false()))

    with op.batch_alter_table("paper", schema=None) as batch_op:
        batch_op.add_column(sa.Column("keywords", sa.String(length=500), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("withdrawn_by", sa.String(length=200), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("withdrawn_why", sa.String(length=500), nullable=False, server_default=""))

    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.add_column(sa.Column("legacy", sa.String(length=40), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("remarks", sa.JSON(), nullable=False, server_default="[]"))

    with op.batch_alter_table("topic", schema=None) as batch_op:
        batch_op.add_column(sa.Column("parent_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_topic_parent_id"), ["parent_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_topic_parent_id"), "topic", ["parent_id"], ["id"])
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.alter_column("released_by", server_default=None)
    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.alter_column("is_excerpt", server_default=None)
    with op.batch_alter_table("paper", schema=None) as batch_op:
        batch_op.alter_column("keywords", server_default=None)
        batch_op.alter_column("withdrawn_by", server_default=None)
        batch_op.alter_column("withdrawn_why", server_default=None)
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.alter_column("legacy", server_default=None)
        batch_op.alter_column("remarks", server_default=None)
    op.execute("UPDATE decision SET released_at = at, released_by = by")
    op.execute(
        "INSERT INTO author (paper_id, position, academic_title, name, duty, body, is_collective) "
        "SELECT id, 1, '', authors, '', '', (unit_id IS NOT NULL AND delegate_id IS NULL) FROM paper"
    )
    op.execute("UPDATE item SET title = '' WHERE title = (SELECT title FROM paper WHERE id = paper_id)")
    op.execute(
        "UPDATE item SET presenter = '' WHERE presenter = (SELECT substr(authors, 1, 300) FROM paper WHERE id = paper_id)"
    )


def downgrade():
    op.execute(
        "UPDATE item SET title = (SELECT title FROM paper WHERE id = paper_id) WHERE title = '' AND paper_id IS NOT NULL"
    )
    op.execute(
        "UPDATE item SET presenter = (SELECT substr(authors, 1, 300) FROM paper WHERE id = paper_id) "
        "WHERE presenter = '' AND paper_id IS NOT NULL"
    )
    with op.batch_alter_table("topic", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_topic_parent_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_topic_parent_id"))
        batch_op.drop_column("parent_id")

    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.drop_column("remarks")
        batch_op.drop_column("legacy")

    with op.batch_alter_table("paper", schema=None) as batch_op:
        batch_op.drop_column("withdrawn_why")
        batch_op.drop_column("withdrawn_by")
        batch_op.drop_column("withdrawn_at")
        batch_op.drop_column("keywords")

    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.drop_column("is_excerpt")

    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.drop_column("released_by")
        batch_op.drop_column("released_at")

    with op.batch_alter_table("paper_reminder", schema=None) as batch_op:
        batch_op.drop_index("ix_paper_reminder_seminar_id_at")

    op.drop_table("paper_reminder")
    with op.batch_alter_table("expectation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_expectation_delegate_id"))

    op.drop_table("expectation")
    with op.batch_alter_table("decision_delivery", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_decision_delivery_decision_id"))

    op.drop_table("decision_delivery")
    op.drop_table("mark")
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_review_assignment_id"))

    op.drop_table("review")
    with op.batch_alter_table("rendition", schema=None) as batch_op:
        batch_op.drop_index("ix_rendition_submission_id_kind")

    op.drop_table("rendition")
    op.drop_table("entry")
    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_placement_part_id"))

    op.drop_table("placement")
    op.drop_table("author")
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_assignment_standing",
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_assignment_reviewer_id"))

    op.drop_table("assignment")
    with op.batch_alter_table("part", schema=None) as batch_op:
        batch_op.drop_index("ix_part_proceedings_id_position")

    op.drop_table("part")
    with op.batch_alter_table("extension", schema=None) as batch_op:
        batch_op.drop_index("ix_extension_seminar_id_unit_id")
        batch_op.drop_index(batch_op.f("ix_extension_delegate_id"))

    op.drop_table("extension")
    with op.batch_alter_table("build", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_build_under_way",
            sqlite_where=sa.text("state IN ('waiting', 'running')"),
            postgresql_where=sa.text("state IN ('waiting', 'running')"),
        )
        batch_op.drop_index(
            "uq_build_published",
            sqlite_where=sa.text("published_at IS NOT NULL"),
            postgresql_where=sa.text("published_at IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_build_proceedings_id"))

    op.drop_table("build")
    op.drop_table("reviewer")
    op.drop_table("proceedings")
    op.drop_table("call")
