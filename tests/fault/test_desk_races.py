"""At the same moment, real server processes, either engine: walk-ins, what is taken back, a desk that is ended."""

import http.client
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from seminar.checkin import actions, rules
from seminar.checkin.models import Arrival, Desk, Scan, ScanKind, Verdict, WalkIn
from seminar.checkin.rules import Annulment, Event
from seminar.delegates.models import Delegate
from seminar.lib.database import db
from tests import cast, reception
from tests.engines import Cluster
from tests.fault.hall import DESKS, PEOPLE, Reception, at_once, build


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory, cluster: Cluster | None) -> Iterator[Reception]:
    """One for all tests of this file: each takes people of its own."""
    folder: Path = tmp_path_factory.mktemp("races")
    hall = build(folder, cluster)
    hall.server.start()
    yield hall
    hall.server.stop()


def register(hall: Reception, desk: int, **told: object) -> tuple[int, dict]:
    connection = http.client.HTTPConnection("127.0.0.1", hall.server.port, timeout=30)
    whole = {"id": str(uuid4()), "at": reception.moment().isoformat()} | told
    headers = {"Authorization": f"Bearer {hall.tokens[desk % DESKS]}", "Content-Type": "application/json"}
    try:
        connection.request("POST", "/api/v1/desk/walk-ins", json.dumps(whole), headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def people_named(hall: Reception, name: str) -> int:
    return hall.count(Delegate, Delegate.name == name)


def test_one_walk_in_told_ten_times_at_once_is_one_person(hall):
    id_, name = str(uuid4()), "Trần Một Lần"
    answers = at_once(10, lambda n: register(hall, n, id=id_, name=name))
    print(f"\none walk-in told ten times at once: {Counter(status for status, _ in answers)}")
    assert {status for status, _ in answers} == {200}
    assert len({answer["delegate"]["number"] for _, answer in answers}) == 1
    assert (people_named(hall, name), hall.count(WalkIn, WalkIn.id == id_)) == (1, 1)


def test_two_people_under_one_id_at_once_are_one_person_and_a_refusal(hall):
    id_, names = str(uuid4()), ("Trần Cùng Mã", "Lê Cùng Mã")
    answers = at_once(10, lambda n: register(hall, n, id=id_, name=names[n % 2]))
    assert Counter(status for status, _ in answers) == {200: 5, 422: 5}
    assert sorted(people_named(hall, name) for name in names) == [0, 1]


def test_five_desks_register_one_person_at_once_and_four_are_asked_who_it_is(hall):
    name = "Trần Năm Bàn"
    answers = at_once(DESKS, lambda n: register(hall, n, name=name, unit="Đoàn xe Thử"))
    registered, doubted = people_named(hall, name), hall.count(WalkIn, WalkIn.question.is_not(None))
    print(f"\nfive desks register one person at once: {registered} on the list, {doubted} for the office to look into")
    assert {status for status, _ in answers} <= {200, 422}
    assert doubted == registered - 1


def test_two_who_come_instead_of_one_at_once_are_one_and_a_refusal(hall):
    replaced = hall.within(lambda: db.session.scalar(db.select(Delegate.id).where(Delegate.number == PEOPLE)))
    answers = at_once(DESKS, lambda n: register(hall, n, name=f"Thay Thế {'ABCDE'[n]}", instead_of=replaced))
    came = hall.count(WalkIn, WalkIn.instead_of_id == replaced)
    print(f"\nfive come instead of one at once: {came} registered")
    assert Counter(status for status, _ in answers) == {200: 1, 422: DESKS - 1}
    assert came == 1


def presence_by_log(code: str) -> tuple[bool, list[Verdict]]:
    """(whether the person is in by the log alone, verdicts of the entries that let in and stand)."""
    from seminar.invitations.models import Invitation

    person = db.session.scalar(db.select(Invitation.delegate_id).where(Invitation.code == code))
    log = db.session.scalars(db.select(Scan).where(Scan.delegate_id == person)).all()
    events = [
        Event(one.id, one.kind, one.desk_id, one.offline, one.corrected_at, one.verdict)
        for one in log
        if one.kind != ScanKind.ANNUL
    ]
    annulments = [Annulment(one.annuls or "", one.corrected_at) for one in log if one.kind == ScanKind.ANNUL]
    stay = rules.stay_of(rules.effective(events, annulments))
    arrival = db.session.scalar(db.select(Arrival).where(Arrival.delegate_id == person))
    assert (stay is None) == (arrival is None)
    assert stay is None or arrival is None or stay.scan_id == arrival.scan_id
    return stay is not None, [one.verdict for one in log if one.kind == ScanKind.ENTRY]


def test_what_is_taken_back_while_others_scan_leaves_what_the_log_says(hall):
    left = 0
    for code in hall.codes[:8]:
        entry = reception.scan(code)
        hall.ask(hall.tokens[0], entry)

        def act(n, code=code, entry=entry):
            told = reception.scan(kind="annul", annuls=entry["id"]) if n % 3 == 0 else reception.scan(code)
            return hall.ask(hall.tokens[n % DESKS], told)[0]["verdict"]

        verdicts = Counter(at_once(9, act))
        is_in, entries = hall.within(lambda code=code: presence_by_log(code))
        left += not is_in
        assert verdicts["annulled"] == 1
        assert verdicts["admitted"] <= 1
        assert is_in == (verdicts["admitted"] == 1), "whoever was told to let in is in, and nobody else"
        assert entries.count(Verdict.ADMITTED) == 1 + verdicts["admitted"]
    print(f"\neight people taken back while six scan them: {8 - left} in, {left} not, as the log says")


def test_a_desk_that_is_ended_in_mid_traffic_stores_what_it_was_told_is_stored(hall):
    token, desk_id = hall.within(lambda: reception.pair(name="Bàn bị thu hồi"))
    acknowledged: list[str] = []
    refused: list[str] = []

    def act(n: int) -> None:
        if n == 0:
            hall.within(end)
            return
        for code in hall.codes[8:30]:
            one = reception.scan(code)
            try:
                hall.ask(token, one)
                acknowledged.append(str(one["id"]))
            except http.client.HTTPException as error:
                assert str(error).startswith("401"), error
                refused.append(str(one["id"]))

    def end() -> None:
        actions.revoke_desk(db.session.get_one(Desk, desk_id), cast.OFFICE, reception.moment())
        db.session.commit()

    at_once(6, act)
    stored = hall.stored()
    print(f"\na desk ended in mid-traffic: {len(acknowledged)} acknowledged, {len(refused)} turned away")
    assert set(acknowledged) <= stored.keys()
    assert not set(refused) & stored.keys()
    with pytest.raises(http.client.HTTPException, match="401"):
        hall.ask(token, reception.scan(hall.codes[30]))
