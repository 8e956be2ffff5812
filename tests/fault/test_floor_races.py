"""The floor when several press at the same moment, on both engines: one speaks, one request waits, nobody is lost."""

import threading

import pytest

from seminar.lib.database import db
from seminar.minutes.models import FloorRequest, Turn
from tests.web.speaking import FLOOR, begin, clock, hall, line, request_of, turns

__all__ = ["clock", "hall"]


def at_once(*presses):
    """What each answers; all begin together."""
    ready, answers = threading.Barrier(len(presses)), [None] * len(presses)

    def press(number):
        ready.wait()
        answers[number] = presses[number]()

    pressing = [threading.Thread(target=press, args=(number,)) for number in range(len(presses))]
    for one in pressing:
        one.start()
    for one in pressing:
        one.join(60)
    return answers


def asking(app, code):
    client = app.test_client()
    return lambda: client.post(f"/i/{code}/floor", data={"subject": "Ý kiến", "topic": "0"}).status_code


def test_two_secretaries_call_two_people_at_once_one_speaks_and_the_other_is_told(app, staff, hall):
    thu, oanh = staff("thu"), staff("oanh")
    begin(thu, app)
    for name in ("Bình", "Cường"):
        assert asking(app, hall[name][1])() == 303
    addresses = [f"{FLOOR}/requests/{request_of(app, name)}/turn" for name in ("Bình", "Cường")]
    for attempt in range(5):
        at_once(
            *(
                lambda client=client, address=address: (
                    client.post(address, data={"minutes": "5", "on": "0"}).status_code
                )
                for client, address in zip((thu, oanh), addresses, strict=True)
            )
        )
        on = turns(app)
        assert len(on) == 1 and on[0][2] is None
        assert line(app) == [name for name in ("Bình", "Cường") if name != on[0][0]]
        told = [client.get(FLOOR).text.count("mời phát biểu lúc") for client in (thu, oanh)]
        assert sorted(told) == [0, 1], attempt
        with app.app_context():
            turn = db.session.scalars(db.select(Turn.id).where(Turn.undone_at.is_(None))).one()
        thu.post(f"{FLOOR}/turns/{turn}/reversal")
        thu.get(FLOOR)


def test_the_same_person_pressed_ten_times_waits_once(app, hall):
    answers = at_once(*(asking(app, hall["Bình"][1]) for _ in range(10)))
    assert answers == [303] * 10
    with app.app_context():
        assert db.session.scalar(db.select(db.func.count(FloorRequest.id))) == 1


def test_called_and_withdrawn_at_once_is_one_of_both(app, staff, hall):
    thu = staff("thu")
    begin(thu, app)
    for _ in range(5):
        asking(app, hall["Bình"][1])()
        address, visitor = f"{FLOOR}/requests/{request_of(app, 'Bình')}", app.test_client()
        at_once(
            lambda address=address: thu.post(f"{address}/turn", data={"minutes": "5", "on": "0"}),
            lambda visitor=visitor: visitor.post(f"/i/{hall['Bình'][1]}/floor/withdrawal"),
        )
        with app.app_context():
            last = db.session.get_one(FloorRequest, int(address.rsplit("/", 1)[1]))
            on = db.session.scalars(db.select(Turn).where(Turn.ended_at.is_(None))).all()
            assert (last.outcome == "called") is (len(on) == 1)
            assert last.outcome in ("called", "withdrawn")
            turn = on[0].id if on else None
        if turn:
            thu.post(f"{FLOOR}/turns/{turn}/ending")


@pytest.mark.parametrize("step", ["-1", "1"])
def test_a_line_moved_by_several_at_once_loses_nobody(app, staff, hall, step):
    for name in ("Bình", "Cường", "Dung"):
        asking(app, hall[name][1])()
    clients = [staff("thu"), staff("oanh"), staff("thu")]
    names = ("Bình", "Cường", "Dung")
    answers = at_once(
        *(
            lambda client=client, name=name: (
                client.post(f"{FLOOR}/requests/{request_of(app, name)}/order", data={"step": step}).status_code
            )
            for client, name in zip(clients, names, strict=True)
        )
    )
    assert answers == [303] * 3
    assert sorted(line(app)) == ["Bình", "Cường", "Dung"]
    with app.app_context():
        places = db.session.scalars(db.select(FloorRequest.position)).all()
        assert len(set(places)) == 3 or set(places) == {0}
