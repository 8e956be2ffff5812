"""A real server with five desks and forty people, for what happens to scans on the way and when something breaks."""

import http.client
import json
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import NullPool

from seminar.checkin.models import Scan
from seminar.factory import create_app
from seminar.lib.database import db, engine_options
from seminar.lib.settings import load
from tests import cast, reception
from tests.engines import Cluster
from tests.servers import Server

DESKS = 5
PEOPLE = 40


class Reception:
    """A server with five desks and forty people who hold their codes."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.codes: list[str] = []
        self.tokens: list[str] = []

    def within(self, action):
        app = create_app(load(self.server.env))
        with app.app_context():
            try:
                return action()
            finally:
                db.session.rollback()
                db.session.remove()
                db.engine.dispose()

    def fill(self) -> None:
        cast.add_staff()
        cast.add_units()
        seminar = cast.add_seminar()
        db.session.flush()
        people = [cast.add_delegate(seminar, f"Người Số {n}", "G2") for n in range(PEOPLE)]
        self.codes = [reception.invite(person) for person in people]
        db.session.commit()
        self.tokens = [reception.pair(name=f"Bàn {n}")[0] for n in range(DESKS)]

    def ask(self, token: str, *scans: dict, **more: object) -> list[dict]:
        """The results of one call; raises OSError or HTTPException where the server is not there or not well."""
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        try:
            body = json.dumps({"scans": scans} | more)
            connection.request(
                "POST",
                "/api/v1/desk/scans",
                body,
                {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
            )
            answer = connection.getresponse()
            content = answer.read()
            if answer.status != 200:
                raise http.client.HTTPException(f"{answer.status} {content[:200]!r}")
            return json.loads(content)["results"]
        finally:
            connection.close()

    def run(self, *statements: str) -> None:
        with self.engine.begin() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)

    def stored(self) -> dict[str, str]:
        """Verdict of each scan that is in the database, whether a server runs or not."""
        with self.engine.connect() as connection:
            return {id_: str(verdict) for id_, verdict in connection.execute(db.select(Scan.id, Scan.verdict))}

    @cached_property
    def engine(self) -> Engine:
        """The database beside the server, without our locks."""
        url = load(self.server.env).database_url
        return create_engine(url, poolclass=NullPool, **options_of(url))

    def count(self, model, *conditions) -> int:
        return self.within(lambda: db.session.scalar(db.select(db.func.count()).select_from(model).where(*conditions)))


def options_of(url: str) -> dict[str, Any]:
    return {name: engine_options(url)[name] for name in ("module", "connect_args") if name in engine_options(url)}


def build(folder: Path, cluster: Cluster | None, variant: str = "") -> Reception:
    """Not started yet. `variant` is one of tests/fault/variants.py instead of the server as it is."""
    env = {"SEMINAR_MAIL_WORKER": "0"}
    if cluster:
        cluster.execute('DROP DATABASE IF EXISTS "race" WITH (FORCE)', 'CREATE DATABASE "race"')
        env["SEMINAR_DATABASE_URL"] = cluster.url("race")
    server = Server(folder / "data", **env)
    if variant:
        server.program = [sys.executable, "-m", "tests.fault.variants", variant]
    server.prepare()
    hall = Reception(server)
    hall.within(hall.fill)
    return hall


def at_once(count: int, action) -> list:
    """Calls action(n) from so many threads that start together."""
    start = threading.Barrier(count)

    def run(n: int):
        start.wait()
        return action(n)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def while_uncommitted(app: Flask, act: Callable[[], object], ask: Callable[[], Any]) -> Any:
    """The answer to what begins when `act` was done and is not yet committed: it must wait for that."""
    answers: list[Any] = []
    other = threading.Thread(target=lambda: answers.append(ask()))
    with app.app_context():
        act()
        db.session.flush()
        other.start()
        time.sleep(0.7)
        assert answers == [], "it waits"
        db.session.commit()
    other.join(20)
    return answers[0]
