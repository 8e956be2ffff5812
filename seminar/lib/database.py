"""The database: typed models over SQLite (WAL, FULL) or PostgreSQL, and one writer at a time on SQLite.

Measured reasons are in recipes.md: a plain BEGIN loses updates or answers "database is locked" at once, SQLite's busy
handler starves waiters for a second, and Debian 12's own SQLite corrupts WAL files (3.7.0-3.51.2).
"""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask, has_request_context, request
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Engine, MetaData, event
from sqlalchemy import Enum as SqlEnum
from sqlalchemy.orm import DeclarativeBase, registry
from sqlalchemy.types import TypeDecorator

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
# First version without the WAL-reset bug, and the two back-ports.
FIXED_SQLITE = (3, 51, 3)
FIXED_BACKPORTS = ((3, 44, 6), (3, 50, 7))


class Moment(TypeDecorator[datetime]):
    """An aware datetime, stored in UTC; a naive one is a bug and is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    registry = registry(
        metadata=MetaData(naming_convention=NAMES),
        type_annotation_map={
            datetime: Moment(),
            # A StrEnum is kept as its value, in a plain string column on both engines, and read back as the enum.
            Enum: SqlEnum(
                Enum, native_enum=False, length=24, values_callable=lambda words: [one.value for one in words]
            ),
        },
    )


db = SQLAlchemy(model_class=Base)
migrate = Migrate()
if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model

_reading: ContextVar[bool] = ContextVar("reading", default=False)


@contextmanager
def reading() -> Iterator[None]:
    """Look-ups of a writing request before its slow part (argon2, a stranger's file): a plain BEGIN, ended on leaving.

    Objects loaded inside are expired by the rollback; take plain values out.
    """
    token = _reading.set(True)
    try:
        yield
    finally:
        db.session.rollback()
        _reading.reset(token)


def _is_writing() -> bool:
    if _reading.get():
        return False
    return not has_request_context() or request.method not in SAFE_METHODS


class WriteLock:
    """One writer at a time, among the threads of this process and among processes on this machine."""

    def __init__(self, path: Path) -> None:
        self._thread = threading.Lock()
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def acquire(self) -> None:
        self._thread.acquire()
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def release(self) -> None:
        fcntl.flock(self._file, fcntl.LOCK_UN)
        self._thread.release()


def sqlite_is_fixed(version: tuple[int, ...]) -> bool:
    """False for a SQLite whose WAL mode can corrupt the file."""
    return version >= FIXED_SQLITE or any(version[:2] == fixed[:2] and version >= fixed for fixed in FIXED_BACKPORTS)


def engine_options(url: str) -> dict[str, Any]:
    if url.startswith("sqlite"):
        import pysqlite3.dbapi2 as sqlite  # its SQLite is new enough for WAL; Debian's is not

        return {
            "module": sqlite,
            "connect_args": {"timeout": 10, "check_same_thread": False},
            "pool_size": 40,  # threads of pages, desks and workers; opening a connection anew costs more than a look-up
            "hide_parameters": True,  # else telephone numbers and codes stand in the log beside each error
        }
    return {
        "pool_pre_ping": True,
        "pool_use_lifo": True,  # each connection plans its statements anew, so a few that stay in use serve best
        "pool_size": 8,
        "max_overflow": 8,
        "hide_parameters": True,
    }


def _tune_sqlite(engine: Engine, lock: WriteLock) -> None:
    version = tuple(engine.dialect.dbapi.sqlite_version_info)  # type: ignore[union-attr]
    journal = ("WAL", "FULL") if sqlite_is_fixed(version) else ("TRUNCATE", "EXTRA")

    @event.listens_for(engine, "connect")
    def connect(connection: Any, record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        for pragma in (
            f"journal_mode={journal[0]}",
            f"synchronous={journal[1]}",
            "foreign_keys=ON",
            "busy_timeout=10000",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        if not _is_writing():
            connection.exec_driver_sql("BEGIN")
            return
        if not connection.info.get("writes"):
            lock.acquire()
            connection.info["writes"] = True
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    def release(connection: Any, record: Any, *_: Any) -> None:
        if record.info.pop("writes", False):
            lock.release()

    event.listen(engine, "checkin", release)
    event.listen(engine, "invalidate", release)


def init_database(app: Flask, url: str, folder: Path) -> None:
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(url)
    db.init_app(app)
    migrate.init_app(app, db, directory=str(Path(__file__).parents[2] / "migrations"), render_as_batch=True)
    if url.startswith("sqlite"):
        with app.app_context():
            _tune_sqlite(db.engine, WriteLock(folder / "write.lock"))
