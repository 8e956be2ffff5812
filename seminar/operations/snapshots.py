"""The whole database as one file: how it is copied, counted, checked and filled, on either engine.

SQLite is copied by VACUUM INTO, never by copying the file (recipes.md); PostgreSQL by pg_dump from one snapshot.
"""

import os
import shutil
import subprocess
from collections.abc import Container
from pathlib import Path
from typing import Any, NamedTuple

import pysqlite3.dbapi2 as sqlite
from sqlalchemy.engine import make_url

from seminar.lib.errors import Refused
from seminar.lib.settings import Settings

REMADE_FROM = ("dossier",)
"""Tables whose column sha256 names files that are packed anew from everything else."""


class Copied(NamedTuple):
    """What one copy of the database says: how many rows each table has, and which files can be made anew from the rest."""

    rows: dict[str, int]
    remade: set[str]


def is_sqlite(settings: Settings) -> bool:
    return settings.database_url.startswith("sqlite")


def database_file(settings: Settings) -> Path:
    return Path(make_url(settings.database_url).database or "")


def sqlite_rows(path: Path) -> dict[str, int]:
    connection = sqlite.connect(f"file:{path}?mode=ro", uri=True)
    try:
        names = [
            row[0]
            for row in connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
            )
        ]
        return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608
    finally:
        connection.close()


def postgresql_rows(connection: Any) -> dict[str, int]:
    names = connection.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1"
    ).fetchall()
    return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for (name,) in names}  # noqa: S608


def _remade(connection: Any, names: Container[str]) -> set[str]:
    """A database that waits for its upgrade may lack the table."""
    queries = [f"SELECT sha256 FROM {name} WHERE sha256 <> ''" for name in REMADE_FROM if name in names]  # noqa: S608
    return {row[0] for query in queries for row in connection.execute(query).fetchall()}


def copy_sqlite(settings: Settings, target: Path) -> Copied:
    source = database_file(settings)
    if not source.exists():
        raise Refused("There is no database in %(folder)s yet.", folder=str(settings.data))
    connection = sqlite.connect(source, timeout=30)
    try:
        connection.execute("VACUUM INTO ?", (str(target),))
    finally:
        connection.close()
    rows = sqlite_rows(target)
    copy = sqlite.connect(f"file:{target}?mode=ro", uri=True)
    try:
        return Copied(rows, _remade(copy, rows))
    finally:
        copy.close()


def program_path(name: str) -> str:
    found = shutil.which(name) or next(map(str, sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))[-1:]), None)
    if found is None:
        raise Refused("%(program)s is missing on this machine: apt-get install postgresql-client.", program=name)
    return found


def libpq_url(settings: Settings) -> str:
    return make_url(settings.database_url).set(drivername="postgresql").render_as_string(hide_password=False)


def run_postgresql(settings: Settings, program: str, *arguments: str) -> None:
    """The password goes by the environment, never on a command line that others can list."""
    url = make_url(settings.database_url)
    shown = url.set(drivername="postgresql", password=None).render_as_string()
    outcome = subprocess.run(
        [program_path(program), *arguments, f"--dbname={shown}"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PGPASSWORD": str(url.password or "")},
    )
    if outcome.returncode:
        last = (outcome.stderr.strip().splitlines() or ["?"])[-1]
        raise Refused("%(program)s failed: %(reason)s", program=program, reason=last)


def copy_postgresql(settings: Settings, target: Path) -> Copied:
    import psycopg

    program_path("pg_dump")
    with psycopg.connect(libpq_url(settings)) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        snapshot = connection.execute("SELECT pg_export_snapshot()").fetchone()
        assert snapshot is not None
        rows = postgresql_rows(connection)
        remade = _remade(connection, rows)
        run_postgresql(settings, "pg_dump", "--format=custom", f"--snapshot={snapshot[0]}", f"--file={target}")
    return Copied(rows, remade)


def sqlite_fault(copy: Path, rows: dict[str, int]) -> str:
    """What is wrong with the copy, in a word or two; empty for a whole one."""
    try:
        connection = sqlite.connect(f"file:{copy}?mode=ro", uri=True)
        try:
            found = connection.execute("PRAGMA integrity_check").fetchone()[0]
            orphan = connection.execute("PRAGMA foreign_key_check").fetchone()
        finally:
            connection.close()
        if found != "ok" or orphan:
            return found if found != "ok" else f"foreign key: {orphan[0]}"
        return "" if sqlite_rows(copy) == rows else "row counts"
    except sqlite.DatabaseError as error:
        return str(error)


def postgresql_fault(dump: Path) -> str:
    """Whether pg_restore can read the dump; the rows are counted only when it is restored."""
    command = [program_path("pg_restore"), "--list", str(dump)]
    outcome = subprocess.run(command, capture_output=True, check=False)
    return "pg_restore --list" if outcome.returncode else ""


def fill_postgresql(settings: Settings, dump: Path, rows: dict[str, int]) -> None:
    """Fills the empty database in one transaction; refuses one that has tables."""
    import psycopg

    with psycopg.connect(libpq_url(settings)) as connection:
        if postgresql_rows(connection):
            raise Refused("The PostgreSQL database is not empty: restore only into an empty one.")
    options = ("--no-owner", "--no-acl", "--exit-on-error", "--single-transaction")
    run_postgresql(settings, "pg_restore", *options, str(dump))
    with psycopg.connect(libpq_url(settings)) as connection:
        if postgresql_rows(connection) != rows:
            raise Refused("%(program)s failed: %(reason)s", program="pg_restore", reason="row counts")
