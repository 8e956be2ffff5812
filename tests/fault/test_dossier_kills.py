"""The server dies by SIGKILL while it packs the dossier; the next one begins it anew, and no half file stays."""

import time
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from seminar.access.actor import ActorKind, Channel
from seminar.audit.models import AuditEntry
from seminar.lib import clock, files
from seminar.lib.database import db
from seminar.reports import actions
from seminar.reports.models import BuildState, Dossier
from seminar.reports.rules.proceedings import SILENT_FOR
from tests import cast
from tests.engines import Cluster
from tests.fault.hall import Reception, build
from tests.postbox import until

ENTRIES = 20_000
"""So many rows that the workbook of the log is still being written when the server dies."""


@pytest.fixture
def hall(tmp_path: Path, cluster: Cluster | None) -> Iterator[Reception]:
    hall = build(tmp_path, cluster, "plain")
    yield hall
    hall.server.stop()


def ask() -> tuple[int, Path]:
    seminar = cast.find_seminar()
    entry = {
        "at": cast.NOW,
        "actor_kind": ActorKind.STAFF,
        "actor_name": "Oanh",
        "channel": Channel.PAGE,
        "seminar_id": seminar.id,
        "verb": "change",
        "noun": "delegate",
    }
    db.session.execute(db.insert(AuditEntry), [{**entry, "summary": f"Người số {n}"} for n in range(ENTRIES)])
    dossier = actions.ask_dossier(seminar, cast.OFFICE, clock.now())
    found = dossier.id, files.folder()
    db.session.commit()
    return found


def test_a_dossier_whose_server_was_killed_is_packed_by_the_next_and_once(hall):
    hall.server.start()
    dossier_id, folder = hall.within(ask)

    def state() -> tuple[str, str, str]:
        with hall.engine.connect() as connection:
            query = db.select(Dossier.state, Dossier.builder, Dossier.sha256).where(Dossier.id == dossier_id)
            found = connection.execute(query).one()
            return str(found[0]), str(found[1]), str(found[2])

    def halves() -> list[Path]:
        return list(folder.glob("??/half.*"))

    builders: list[str] = []
    for _ in range(2):
        assert until(lambda: state()[0] == BuildState.RUNNING and state()[1] not in builders, 60), state()
        builders.append(state()[1])
        assert until(lambda: bool(halves()), 30)
        time.sleep(0.2)
        hall.server.kill_group()
        assert state()[0] == BuildState.RUNNING, "killed in the middle"
        assert len(halves()) == 1
        with hall.engine.begin() as connection:  # as if the time of silence had passed
            told_at = clock.now() - SILENT_FOR - timedelta(seconds=1)
            connection.execute(db.update(Dossier).where(Dossier.id == dossier_id).values(told_at=told_at))
        hall.server.start()
    assert until(lambda: state()[0] == BuildState.DONE, 120), state()
    assert hall.count(Dossier) == 1
    assert halves() == []
    with zipfile.ZipFile(folder / state()[2][:2] / state()[2]) as archive:
        assert archive.testzip() is None
        assert archive.read("09-nhat-ky/nhat-ky.csv").count(b"\r\n") > ENTRIES
