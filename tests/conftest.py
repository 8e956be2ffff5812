"""The application under test: one per session, a fresh copy of the small seminar for each test, on either engine."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from seminar.factory import create_app
from seminar.lib.database import db
from seminar.lib.limits import limiter
from seminar.lib.settings import load
from tests import cast, engines


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="seminar-tests-"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="session")
def cluster(folder: Path) -> Iterator[engines.Cluster | None]:
    if engines.ENGINE != "postgresql":
        yield None
        return
    cluster = engines.Cluster(folder / "postgres")
    cluster.start()
    cluster.execute("CREATE DATABASE seminar")
    yield cluster
    cluster.stop()


@pytest.fixture(scope="session")
def built(folder: Path, cluster: engines.Cluster | None) -> Iterator[Flask]:
    """The application over a template database with the cast in it."""
    env = {
        "SEMINAR_DATA": str(folder / "data"),
        "SEMINAR_SECRET_KEY": "k" * 40,
        "SEMINAR_BASE_URL": "http://localhost",
        "SEMINAR_SECOND_FACTOR": "none",
        "SEMINAR_MAIL_WORKER": "0",
    }
    if cluster:
        env["SEMINAR_DATABASE_URL"] = cluster.url("seminar")
    app = create_app(load(env), TESTING=True)
    with app.app_context():
        db.create_all()
        cast.add_staff()
        cast.add_units()
        cast.add_seminar()
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    if cluster:
        cluster.copy("seminar", "template_seminar")
    else:
        shutil.copyfile(folder / "data" / "seminar.db", folder / "template.db")
    yield app


@pytest.fixture
def app(built: Flask, folder: Path, cluster: engines.Cluster | None) -> Iterator[Flask]:
    with built.app_context():
        db.session.remove()
        db.engine.dispose()
        if cluster:
            cluster.copy("template_seminar", "seminar")
        else:
            engines.copy_sqlite(folder / "template.db", folder / "data" / "seminar.db")
        limiter.reset()
    yield built
    with built.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(autouse=True)
def _nothing_left_uncommitted(request: pytest.FixtureRequest) -> Iterator[None]:
    """A view that forgets to commit is a bug that rollback hides: look at the session as each request ends."""
    if "app" not in request.fixturenames:
        yield
        return
    app: Flask = request.getfixturevalue("app")
    left: list[str] = []

    def look(error: BaseException | None) -> None:
        if error is None and (db.session.new or db.session.dirty or db.session.deleted):
            left.extend(map(repr, (*db.session.new, *db.session.dirty, *db.session.deleted)))

    from flask.signals import request_tearing_down

    def receive(sender: Flask, **extra: object) -> None:
        look(extra.get("exc"))  # type: ignore[arg-type]

    request_tearing_down.connect(receive, app)
    yield
    request_tearing_down.disconnect(receive, app)
    assert left == []


@pytest.fixture
def visitor(app: Flask) -> FlaskClient:
    """Somebody without any credential."""
    return app.test_client()


@pytest.fixture
def staff(app: Flask) -> Callable[[str], FlaskClient]:
    """`staff("oanh")` is a client signed in as Oanh of the office; see tests/cast.py."""

    def enter(login: str) -> FlaskClient:
        client = app.test_client()
        cast.open_door(client, login)
        return client

    return enter


@pytest.fixture
def office(staff: Callable[[str], FlaskClient]) -> FlaskClient:
    return staff("oanh")


@pytest.fixture
def query_count(app: Flask) -> Callable[[Callable[[], object]], int]:
    """How many statements a call sends: lists must cost the same for 1 and for 300 rows."""
    from sqlalchemy import event

    def count(call: Callable[[], object]) -> int:
        seen: list[str] = []

        def listen(conn: object, cursor: object, statement: str, *rest: object) -> None:
            if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA")):
                seen.append(statement)

        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", listen)
        try:
            call()
        finally:
            event.remove(engine, "before_cursor_execute", listen)
        return len(seen)

    return count
