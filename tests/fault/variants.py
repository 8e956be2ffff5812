"""Servers that differ from ours in one thing, so that a test can be lost: `python -m tests.fault.variants NAME --port N`."""

import os
import sys
import time
from pathlib import Path
from typing import Any

from flask import Flask


def plain() -> Flask:
    """As it is; starts sooner than through the command line."""
    from seminar.factory import create_app

    return create_app()


def unguarded() -> Flask:
    """Records each scan where it comes in, every statement its own transaction, no lock around it.

    A slow disk stands between reading who is in and writing it down; on a quick machine one thread may win every race.
    """
    from sqlalchemy import create_engine, event

    from seminar.checkin.actions import Answered, Call, record_scans
    from seminar.checkin.views import api
    from seminar.lib.clock import now
    from tests.fault.hall import options_of

    app = plain()
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    engine = create_engine(url, isolation_level="AUTOCOMMIT", pool_size=32, **options_of(url))

    def write_slowly(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("INSERT"):
            time.sleep(0.05)

    event.listen(engine, "before_cursor_execute", write_slowly)

    def record(call: Call) -> Answered:
        with engine.connect() as connection:
            return record_scans(connection, [call], now)[0]

    api.record_and_commit = record
    return app


def dies_after_commit() -> Flask:
    """Ends as by SIGKILL after a commit and before the answer, where the file `die` lies in the data folder."""
    from seminar.checkin import committing

    app = plain()
    mark, commit = Path(app.config["SEMINAR"].data) / "die", committing.commit

    def commit_and_die(*arguments: Any) -> Any:
        answers = commit(*arguments)
        if mark.exists():
            mark.unlink()
            os._exit(9)
        return answers

    committing.commit = commit_and_die
    return app


def careless() -> Flask:
    """Does not wait for the disk (synchronous=OFF)."""
    from sqlalchemy import event

    from seminar.lib.database import db

    app = plain()
    with app.app_context():
        event.listen(db.engine, "connect", lambda connection, record: connection.execute("PRAGMA synchronous=OFF"))
    return app


if __name__ == "__main__":
    from seminar.lib.settings import load
    from seminar.operations.serve import serve

    serve(load(), "127.0.0.1", int(sys.argv[3]), [], build=globals()[sys.argv[1]])
