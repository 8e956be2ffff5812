"""The suite of the web fails on an endpoint that no test visited."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask, Response, request
from flask.signals import request_finished
from flask.testing import FlaskClient

from seminar.lib.database import db
from tests import cast, reception
from tests.web.noting import add_programme

HERE = Path(__file__).parent
UNKNOWN = {401, 403, 404, 405}
visited: set[str] = set()
endpoints: set[str] = set()


@pytest.fixture(scope="session", autouse=True)
def _watch(built: Flask) -> Iterator[None]:
    endpoints.update(set(built.view_functions) - {"static"})

    def see(sender: Flask, response: Response, **extra: object) -> None:
        if request.endpoint and response.status_code not in UNKNOWN:
            visited.add(request.endpoint)

    request_finished.connect(see, built)
    yield
    request_finished.disconnect(see, built)


READS_CLOCK = (
    "seminar.invitations.cli",
    *(f"seminar.invitations.views.{name}" for name in ("letters", "proxies", "reminders", "sendings", "texts")),
)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """`at(moment)`: it is then for whoever sends; before that, two weeks before the seminar of the cast."""

    def be(moment: datetime) -> None:
        for module in READS_CLOCK:
            monkeypatch.setattr(f"{module}.now", lambda: moment)
        for module in ("worker", "messages"):
            monkeypatch.setattr(f"seminar.invitations.{module}.clock", SimpleNamespace(now=lambda: moment))

    be(cast.NOW)
    return be


@pytest.fixture
def desk(app: Flask) -> reception.Device:
    """A paired device of the cast's seminar."""
    return reception.device(app)


@pytest.fixture
def person(app: Flask) -> tuple[int, str]:
    """(delegate id, code) of somebody on the list with an invitation in force."""
    with app.app_context():
        return reception.add_person()


@pytest.fixture
def hall(app: Flask) -> dict[str, int]:
    """The seminar with a programme of two items and two delegates; gives the ids of the items and topics."""
    with app.app_context():
        seminar = cast.find_seminar()
        sitting = add_programme(seminar)
        cast.add_delegate(seminar, "Nguyễn Thị Ánh", "G1", position="Trưởng ban", body="Ban Dân vận")
        cast.add_delegate(seminar, "Đỗ Văn Đạt", "T2", position="Bí thư", body="Thành Đoàn Thử Một")
        ids = {
            "papers": sitting.items[0].id,
            "discussion": sitting.items[1].id,
            "sitting": sitting.id,
            "topic": seminar.topics[0].id,
        }
        db.session.commit()
    return ids


@pytest.fixture
def secretary(staff: Callable[[str], FlaskClient]) -> FlaskClient:
    return staff("thu")


def is_whole(config: pytest.Config) -> bool:
    """Whether the whole folder was asked for, not a file or a test of it."""
    asked = [Path(argument.split("::")[0]).resolve() for argument in config.args]
    narrowed = (
        config.option.keyword or config.option.markexpr or config.option.lf or any("::" in one for one in config.args)
    )
    return not narrowed and any(path == HERE or path in HERE.parents for path in asked)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    if exitstatus == 0 and is_whole(session.config) and endpoints - visited:
        names = ", ".join(sorted(endpoints - visited))
        session.config.get_terminal_writer().line(f"\nno test visited: {names}", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
