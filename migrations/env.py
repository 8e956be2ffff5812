"""Runs the migrations on the application's own engine, each upgrade in one transaction on SQLite and on PostgreSQL."""

from alembic import context
from flask import current_app

database = current_app.extensions["migrate"].db
settings = current_app.extensions["migrate"].configure_args


def include(item, name, kind, reflected, other):
    """Tables of the models only: a PostgreSQL database may hold others' tables too."""
    return kind != "table" or not reflected or name in database.metadata.tables


def render(kind, item, autogen):
    """Migrations stand alone: they name the database's own types, never those of the program."""
    is_moment = kind == "type" and type(item).__name__ == "Moment"
    return "sa.DateTime(timezone=True)" if is_moment else False


def upgrade(connection):
    context.configure(
        connection=connection,
        target_metadata=database.metadata,
        include_object=include,
        render_item=render,
        **{**settings, "transactional_ddl": True, "compare_type": True, "render_as_batch": True},
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    upgrade(given)
else:
    with database.engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        raw = connection.connection.dbapi_connection
        if is_sqlite:
            # Batch mode makes tables anew and drops the old: with foreign keys on that would take rows along.
            # The pragma does nothing inside a transaction, so it goes before the first statement.
            raw.execute("PRAGMA foreign_keys=OFF")
        try:
            upgrade(connection)
            if is_sqlite and raw.execute("PRAGMA foreign_key_check").fetchone():
                raise RuntimeError("the migration leaves rows that point to nothing; nothing was changed")
            connection.commit()
        finally:
            connection.rollback()
            if is_sqlite:
                raw.execute("PRAGMA foreign_keys=ON")
