"""The server dies by SIGKILL again and again in the middle of traffic; what it acknowledged is there, once."""

import http.client
import random
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from tests import reception
from tests.engines import Cluster
from tests.fault.hall import DESKS, PEOPLE, Reception, build
from tests.postbox import until

KILLS = 50


@pytest.fixture
def hall(tmp_path: Path, cluster: Cluster | None) -> Iterator[Reception]:
    hall = build(tmp_path, cluster, "plain")
    hall.server.start()
    yield hall
    hall.server.stop()


class Traffic:
    """Eight desks' worth of scans, on and on; one without an answer is told again with its id until it has one."""

    def __init__(self, hall: Reception) -> None:
        self.hall = hall
        self.acknowledged: dict[str, str] = {}
        self.sent: set[str] = set()
        self.told_again = 0
        self._is_lost = False
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._run, args=(n,), daemon=True) for n in range(8)]

    def __enter__(self) -> "Traffic":
        for thread in self._threads:
            thread.start()
        return self

    def give_up(self) -> None:
        """Sends nothing new and tells nothing again: the server does not come back."""
        self._is_lost = True
        self._over.set()

    def __exit__(self, *error: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(60)

    def _run(self, turn: int) -> None:
        token = self.hall.tokens[turn % DESKS]
        while not self._over.is_set():
            one = reception.scan(self.hall.codes[turn % PEOPLE], "entry" if turn % 3 else "exit", id=str(uuid4()))
            turn += 7
            self.sent.add(str(one["id"]))
            while not self._is_lost:
                try:
                    self.acknowledged[str(one["id"])] = self.hall.ask(token, one)[0]["verdict"]
                    break
                except (OSError, http.client.HTTPException):
                    one["offline"] = True
                    self.told_again += 1
                    time.sleep(0.2)


def test_fifty_kills_in_mid_traffic_lose_nothing_and_double_nothing(hall):
    chance = random.Random(50)  # noqa: S311
    lost: set[str] = set()
    with Traffic(hall) as traffic:
        for _ in range(KILLS):
            count = len(traffic.acknowledged)
            assert until(lambda count=count: len(traffic.acknowledged) > count, 60), "the server did not come back"
            time.sleep(chance.uniform(0.005, 0.3))
            before = dict(traffic.acknowledged)
            hall.server.kill_group()
            stored = hall.stored()
            lost |= {id_ for id_, verdict in before.items() if stored.get(id_) != verdict}
            hall.server.start()
        count = len(traffic.acknowledged)
        assert until(lambda: len(traffic.acknowledged) > count, 60)
    stored = hall.stored()
    print(
        f"\n{KILLS} kills, {len(traffic.acknowledged)} acknowledged, {traffic.told_again} tries without an answer: "
        f"{len(lost)} lost, {len(stored) - len(traffic.acknowledged)} doubled"
    )
    assert lost == set()
    assert stored == traffic.acknowledged
    assert set(stored) == traffic.sent


@pytest.fixture
def dying(tmp_path: Path, cluster: Cluster | None) -> Iterator[Reception]:
    hall = build(tmp_path, cluster, "dies_after_commit")
    hall.server.start()
    yield hall
    hall.server.stop()


def test_a_scan_committed_by_a_server_that_died_before_answering_is_answered_when_told_again(dying):
    told = reception.scan(dying.codes[0])
    (dying.server.data / "die").touch()
    with pytest.raises((OSError, http.client.HTTPException)):
        dying.ask(dying.tokens[0], told)
    assert dying.stored() == {told["id"]: "admitted"}
    answers: list[str] = []

    def tell_again() -> bool:
        try:
            answers.append(dying.ask(dying.tokens[0], told | {"offline": True})[0]["verdict"])
        except (OSError, http.client.HTTPException):
            return False
        return True

    assert until(tell_again, 30)
    assert answers == ["admitted"]
    assert dying.stored() == {told["id"]: "admitted"}
