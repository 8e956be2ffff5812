"""A power cut, simulated: of the database's files only what had been synced is left, and every acknowledged scan is in it.

`kill -9` cannot show this, since the kernel writes on. A small library (unsynced.c) loaded into the server copies each
file at its fsync; after the kill the server starts from the copies. The same without waiting for the disk must lose.
"""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.fault.hall import Reception, build
from tests.fault.test_kills import Traffic
from tests.postbox import until

SOURCE = Path(__file__).with_name("unsynced.c")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    assert shutil.which("cc"), "a C compiler is needed: apt-get install gcc libc6-dev"
    target = tmp_path_factory.mktemp("library") / "unsynced.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-O2", "-o", str(target), str(SOURCE), "-ldl"], check=True)
    return target


def cut(tmp_path: Path, library: Path, variant: str) -> tuple[Reception, dict[str, str]]:
    """The hall as it is after the cut, and what was acknowledged before."""
    hall = build(tmp_path, None, variant)
    data, synced = hall.server.data, tmp_path / "synced"
    shutil.copytree(data, synced)
    own = {"LD_PRELOAD": str(library), "SYNCED_FROM": str(data), "SYNCED_TO": str(synced)}
    hall.server.env |= own
    hall.server.start()
    with Traffic(hall) as traffic:
        assert until(lambda: len(traffic.acknowledged) > 300, 60)
        before = dict(traffic.acknowledged)
        hall.server.kill_group()
        traffic.give_up()
    for name in own:
        del hall.server.env[name]
    for path in data.glob("seminar.db*"):
        path.unlink()
    for path in synced.glob("seminar.db*"):
        if path.suffix != ".new":
            path.replace(data / path.name)
    (data / "seminar.db-shm").unlink(missing_ok=True)
    return hall, before


def test_every_acknowledged_scan_survives_a_power_cut(tmp_path, library):
    hall, before = cut(tmp_path, library, "plain")
    hall.server.start()
    stored = hall.stored()
    lost = [id_ for id_, verdict in before.items() if stored.get(id_) != verdict]
    print(f"\n{len(before)} acknowledged before the cut, {len(stored)} on the disk after it: {len(lost)} lost")
    hall.server.stop()
    assert lost == []


def test_a_server_that_does_not_wait_for_the_disk_loses_in_the_same_cut(tmp_path, library):
    hall, before = cut(tmp_path, library, "careless")
    lost = before.keys() - hall.stored().keys()
    print(f"\nwithout waiting for the disk: {len(lost)} of {len(before)} lost")
    assert lost
