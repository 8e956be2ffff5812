"""A real server process and a real Chromium, for what only they can show."""

import gc
import json
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from seminar.checkin import actions as checkin
from seminar.factory import create_app
from seminar.lib.database import db
from seminar.lib.settings import load
from seminar.operations.demo.actions import PASSWORD
from tests import cast
from tests.browser.film import make_film
from tests.postbox import Postbox, until
from tests.servers import Server

CHROMIUM = "/usr/bin/chromium"
PATIENCE_MS = 45_000
"""A busy machine gets there too: whatever is expected must come, and what comes sooner is not waited for."""
expect.set_options(timeout=PATIENCE_MS)
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class Served:
    """A running server with a seminar in it: the small one of the cast, or the demo."""

    def __init__(self, server: Server, slug: str) -> None:
        self.server = server
        self.url = server.address
        self.slug = slug
        self.demo_password = PASSWORD
        self._made: Flask | None = None

    def flask(self, *arguments: str) -> str:
        """What a command beside the server prints."""
        outcome = self.server.command(*arguments)
        assert outcome.returncode == 0, outcome.stderr
        return outcome.stdout

    def flask_json(self, *arguments: str) -> Any:
        return json.loads(self.flask(*arguments))

    def _app(self) -> Flask:
        """Made once: Python 3.11's compiler trips over Playwright's greenlets if a collection falls into it."""
        if self._made is None:
            gc.disable()
            try:
                self._made = create_app(load(self.server.env))
            finally:
                gc.enable()
        return self._made

    def within(self, action: Callable[[], Any]) -> Any:
        """Does something to the server's database from here, and commits."""
        with self._app().app_context():
            try:
                found = action()
                db.session.commit()
                return found
            finally:
                db.session.remove()
                db.engine.dispose()

    def pairing_code(self, name: str = "Bàn 1") -> str:
        return self.within(
            lambda: checkin.open_pairing(cast.find_seminar(self.slug), name, cast.OFFICE, datetime.now(UTC))
        )


def _fill() -> None:
    cast.add_staff()
    cast.add_units()
    cast.add_seminar()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database as the migrations make it, to be copied."""
    server = Server(tmp_path_factory.mktemp("migrated"))
    server.prepare()
    return server.data / "seminar.db"


@pytest.fixture
def start_server(tmp_path: Path, migrated: Path) -> Iterator[Callable[..., Served]]:
    started: list[Server] = []

    def start(*, demo: bool = False, env: dict[str, str] | None = None, fill: Callable[[], Any] = _fill) -> Served:
        more = {"SEMINAR_DEMO": "1"} if demo else {"SEMINAR_MAIL_WORKER": "0"}
        server = Server(tmp_path / f"data{len(started)}", **more, **(env or {}))
        server.data.mkdir(mode=0o700)
        shutil.copyfile(migrated, server.data / "seminar.db")
        served = Served(server, cast.SLUG)
        if demo:
            served.flask("demo", "load")
            served.slug = served.flask_json("seminars", "list", "--format", "json")[0]["slug"]
        else:
            served.within(fill)
        started.append(server)
        server.start()
        return served

    yield start
    for server in started:
        server.stop()


@pytest.fixture
def server(start_server: Callable[..., Served]) -> Served:
    return start_server()


class Mailbox:
    """The mail server of a journey, seen from the receivers."""

    def __init__(self, postbox: Postbox) -> None:
        self.port = postbox.port
        self._postbox = postbox

    @property
    def messages(self) -> list[EmailMessage]:
        return [one.message for one in self._postbox.received]

    def wait_for(self, count: int, seconds: float = 60.0) -> None:
        arrived = until(lambda: len(self._postbox.received) >= count, seconds)
        assert arrived, f"{len(self._postbox.received)} of {count} messages after {seconds} s"
        time.sleep(0.5)  # one too many would come now


@pytest.fixture
def smtp_server() -> Iterator[Mailbox]:
    postbox = Postbox().open()
    yield Mailbox(postbox)
    postbox.close()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as found:
        yield found


def launch(playwright: Playwright, *more: str) -> Browser:
    return playwright.chromium.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, *more])


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Without a camera; pages are made by `browser.new_page(...)`, each in a context of its own."""
    browser = launch(playwright)
    yield browser
    browser.close()


class Film:
    """Makes browsers whose camera sees what a test holds up."""

    def __init__(self, playwright: Playwright, folder: Path) -> None:
        self._playwright = playwright
        self._folder = folder
        self.browsers: list[Browser] = []

    def browser_that_sees(self, *payloads: str, **options: int) -> Browser:
        path = make_film(self._folder / f"film{len(self.browsers)}.mjpeg", *payloads, **options)
        browser = launch(
            self._playwright,
            "--use-fake-ui-for-media-stream",
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-video-capture={path}",
        )
        self.browsers.append(browser)
        return browser


@pytest.fixture
def film(playwright: Playwright, tmp_path: Path) -> Iterator[Film]:
    film = Film(playwright, tmp_path)
    yield film
    for browser in film.browsers:
        browser.close()
