"""The server dies by SIGKILL while it builds the proceedings; the next one takes the build up, and there is one book."""

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from seminar.lib import clock
from seminar.lib.database import db
from seminar.reports import actions
from seminar.reports.models import Build, BuildState, Entry
from seminar.reports.queries import proceedings as queries
from seminar.reports.rules.proceedings import SILENT_FOR
from tests import cast, manuscript_pages
from tests.engines import Cluster
from tests.fault.hall import Reception, build
from tests.postbox import until
from tests.web.booking import accept, checked

PAPERS = 6
PDF = "application/pdf"


@pytest.fixture
def hall(tmp_path: Path, cluster: Cluster | None) -> Iterator[Reception]:
    hall = build(tmp_path, cluster, "plain")
    (tmp_path / "work").mkdir()
    hall.server.env["TMPDIR"] = str(tmp_path / "work")
    yield hall
    hall.server.stop()


def write_papers() -> None:
    seminar = cast.find_seminar()
    for n in range(PAPERS):
        content = manuscript_pages.typeset([f"BÀI SỐ {n}", *["Nội dung của bài. " * 60] * 12])
        accept(seminar, f"Bài số {n}", checked(content, "bai.pdf", PDF, manuscript_pages.pages_of(content)))
    actions.begin_proceedings(seminar, cast.OFFICE, cast.NOW)
    db.session.commit()


def ask() -> int:
    book = queries.proceedings_of(cast.find_seminar())
    assert book is not None
    build_id = actions.ask_build(book, cast.OFFICE, clock.now()).id
    db.session.commit()
    return build_id


def test_a_build_whose_server_was_killed_is_taken_up_by_the_next_and_ends_once(hall, tmp_path):
    hall.within(write_papers)
    hall.server.start()
    builders = []
    build_id = hall.within(ask)

    def state() -> tuple[str, str]:
        with hall.engine.connect() as connection:
            query = db.select(Build.state, Build.builder).where(Build.id == build_id)
            found = connection.execute(query).one()
            return str(found[0]), str(found[1])

    for _ in range(3):
        assert until(lambda: state()[0] == BuildState.RUNNING and state()[1] not in builders, 60), state()
        builders.append(state()[1])
        time.sleep(0.3)
        hall.server.kill_group()
        assert state()[0] == BuildState.RUNNING, "killed in the middle"
        with hall.engine.begin() as connection:  # as if the time of silence had passed
            told_at = clock.now() - SILENT_FOR - timedelta(seconds=1)
            connection.execute(db.update(Build).where(Build.id == build_id).values(told_at=told_at))
        hall.server.start()
    assert until(lambda: state()[0] == BuildState.DONE, 120), state()
    assert hall.count(Build) == 1
    assert list((tmp_path / "work").glob("seminar-*")) == [], "nor does a folder of work of the killed stay"
    assert hall.count(Entry, Entry.build_id == build_id, Entry.first_page.is_not(None)) == PAPERS
