"""The outgoing register in full, drafts of documents, the office's own Word templates.

Revision ID: 0006
Revises: 0005
Create Date: 2026-11-27 05:20:00+00:00
"""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op


revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KINDS = sa.Enum(
    "invitation",
    "summons",
    "dispatch",
    "programme",
    "minutes",
    "report",
    "plan",
    "notice",
    name="documentkind",
    native_enum=False,
    length=24,
)
PURPOSES = sa.Enum("summons", "papers", "returns", "programme", "free", name="purpose", native_enum=False, length=24)
TEXTS = (
    ("issuer", 40),
    ("symbol_key", 60),
    ("drafted_by", 200),
    ("signer", 300),
    ("word_sha256", 64),
    ("note", 500),
    ("unused_by", 200),
    ("unused_because", 300),
)


def key_of(symbol):
    """As documents/rules.py had it when this was written."""
    text = unicodedata.normalize("NFD", symbol.replace("đ", "d").replace("Đ", "D"))
    return re.sub(r"[^a-z0-9/-]", "", "".join(c for c in text if not unicodedata.combining(c)).lower()).lstrip("0")


def upgrade():
    with op.batch_alter_table("issued_document", schema=None) as batch_op:
        for name, length in TEXTS:
            batch_op.add_column(sa.Column(name, sa.String(length=length), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("addressees", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("copies", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("is_outside", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("unused_at", sa.DateTime(timezone=True), nullable=True))
    connection = op.get_bind()
    table = sa.table("issued_document", *map(sa.column, ("id", "symbol", "issuer", "symbol_key")))
    for row in connection.execute(sa.select(table.c.id, table.c.symbol)).all():
        issuer = row.symbol.rpartition("/")[2].split("-")[0][:40]
        values = {"issuer": issuer, "symbol_key": key_of(row.symbol)[:60]}
        connection.execute(table.update().where(table.c.id == row.id).values(**values))
    with op.batch_alter_table("issued_document", schema=None) as batch_op:
        for name in [name for name, _ in TEXTS] + ["addressees", "copies", "is_outside"]:
            batch_op.alter_column(name, server_default=None)
        batch_op.drop_constraint("uq_issued_document_term_kind_number", type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_issued_document_term_issuer_kind_number"), ["term", "issuer", "kind", "number"]
        )
        batch_op.create_check_constraint("copies_positive", "copies >= 0")
        batch_op.create_index(batch_op.f("ix_issued_document_symbol_key"), ["symbol_key"], unique=False)
    op.create_table(
        "number_start",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seminar_id", sa.Integer(), nullable=False),
        sa.Column("term", sa.String(length=40), nullable=False),
        sa.Column("issuer", sa.String(length=40), nullable=False),
        sa.Column("kind", KINDS, nullable=False),
        sa.Column("next_number", sa.Integer(), nullable=False),
        sa.Column("after_number", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by", sa.String(length=200), nullable=False),
        sa.CheckConstraint("next_number > 0", name=op.f("ck_number_start_number_positive")),
        sa.ForeignKeyConstraint(["seminar_id"], ["seminar.id"], name=op.f("fk_number_start_seminar_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_number_start")),
    )
    op.create_table(
        "draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seminar_id", sa.Integer(), nullable=False),
        sa.Column("purpose", PURPOSES, nullable=False),
        sa.Column("kind", KINDS, nullable=False),
        sa.Column("subject", sa.String(length=500), nullable=False),
        sa.Column("addressees", sa.JSON(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("annexes", sa.JSON(), nullable=False),
        sa.Column("recipients", sa.JSON(), nullable=False),
        sa.Column("urgency", sa.String(length=20), nullable=False),
        sa.Column("meeting_mark", sa.String(length=200), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_by", sa.String(length=200), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=200), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["issued_document.id"], name=op.f("fk_draft_document_id")),
        sa.ForeignKeyConstraint(["seminar_id"], ["seminar.id"], name=op.f("fk_draft_seminar_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint("document_id", name=op.f("uq_draft_document_id")),
    )
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_draft_seminar_id"), ["seminar_id"], unique=False)
    op.create_table(
        "word_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seminar_id", sa.Integer(), nullable=False),
        sa.Column("kind", KINDS, nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by", sa.String(length=200), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["seminar_id"], ["seminar.id"], name=op.f("fk_word_template_seminar_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_word_template")),
    )
    op.create_index(
        "uq_word_template_in_force",
        "word_template",
        ["seminar_id", "kind"],
        unique=True,
        sqlite_where=sa.text("removed_at IS NULL"),
        postgresql_where=sa.text("removed_at IS NULL"),
    )


def downgrade():
    for name in ("word_template", "draft", "number_start"):
        op.drop_table(name)
    with op.batch_alter_table("issued_document", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_issued_document_symbol_key"))
        batch_op.drop_constraint(batch_op.f("ck_issued_document_copies_positive"), type_="check")
        batch_op.drop_constraint(batch_op.f("uq_issued_document_term_issuer_kind_number"), type_="unique")
        batch_op.create_unique_constraint("uq_issued_document_term_kind_number", ["term", "kind", "number"])
        for name in [name for name, _ in TEXTS] + ["addressees", "copies", "is_outside", "unused_at"]:
            batch_op.drop_column(name)
