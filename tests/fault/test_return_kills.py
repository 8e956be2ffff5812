"""The server dies by SIGKILL between what a unit sends and the answer: what was told is there, whole, and nothing twice."""

import http.client
import random
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from seminar.audit.models import AuditEntry
from seminar.lib.database import db
from seminar.planning.models import UnitLink
from seminar.statistics.models import Cell, ReturnDraft, ReturnVersion
from tests import cast
from tests.engines import Cluster
from tests.fault.hall import Reception, build
from tests.web.returning import add_period, cells, units

KILLS = 5
CODE = "31415926535897932384"
FIRST = 20_000


@pytest.fixture
def hall(tmp_path: Path, cluster: Cluster | None) -> Iterator[Reception]:
    hall = build(tmp_path, cluster, "plain")
    yield hall
    hall.server.stop()


def ask_for_figures() -> str:
    seminar = cast.find_seminar()
    period = add_period(seminar)
    db.session.add(
        UnitLink(seminar_id=seminar.id, unit_id=units()[0].id, code=CODE, issued_at=cast.NOW, issued_by="Oanh")
    )
    db.session.commit()
    return f"/u/{CODE}/returns/{period.id}"


def press(hall: Reception, address: str, **fields: object) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", hall.server.port, timeout=20)
    try:
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": hall.server.address}
        connection.request("POST", address, urlencode(fields), headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


def test_no_version_that_was_told_is_lost_halved_or_doubled(hall):
    here = hall.within(ask_for_figures)
    told: set[int] = set()
    kept: dict[int, int] = {}
    lot = random.Random(8)  # noqa: S311
    number, pending = FIRST, None

    def revision() -> int:
        with hall.engine.connect() as connection:
            return connection.execute(db.select(ReturnDraft.revision)).scalar() or 0

    for _ in range(KILLS):
        hall.server.start()
        if pending is not None:  # the answer was lost: pressed again, it is sent or told, never twice
            value, seen = pending
            if press(hall, f"{here}/versions", revision=seen, reason="số mới") == 303:
                told.add(value)
            pending = None
        killer = threading.Timer(lot.uniform(0.2, 1.2), hall.server.kill_group)
        killer.start()
        try:
            while True:
                number += 1
                typed = cells(prefix="cell.") | {"cell.2021.members": str(number)}
                seen = revision()
                assert press(hall, f"{here}/draft", revision=seen, base="{}", **typed) == 303
                kept[number] = seen + 1
                pending = (number, seen + 1)
                assert press(hall, f"{here}/versions", revision=seen + 1, reason="số mới") == 303
                told.add(number)
                pending = None
        except (OSError, http.client.HTTPException):
            killer.join()
        assert hall.server.is_gone()
        time.sleep(0.1)
    hall.server.start()

    with hall.engine.connect() as connection:
        query = db.select(ReturnVersion.id, ReturnVersion.number).order_by(ReturnVersion.number)
        versions = connection.execute(query).all()
        members = connection.execute(
            db.select(Cell.value)
            .join(ReturnVersion)
            .where(Cell.row == "2021", Cell.column == "members")
            .order_by(ReturnVersion.number)
        ).scalars()
        sent = list(members)
        sizes = connection.execute(db.select(db.func.count()).group_by(Cell.version_id).select_from(Cell)).scalars()
        assert set(sizes) == {21}
        logged = connection.execute(
            db.select(db.func.count())
            .select_from(AuditEntry)
            .where(AuditEntry.verb == "send", AuditEntry.noun == "return")
        ).scalar()
    assert len(told) >= KILLS
    assert told <= set(sent)
    assert sent == sorted(set(sent)) and set(sent) <= set(kept)
    assert [one.number for one in versions] == list(range(1, len(sent) + 1))
    assert logged == len(versions)
