"""What a desk tells of itself, and how it learns that the server forgot."""

from uuid import uuid4

import pytest

from seminar.checkin.models import Desk, Scan
from seminar.lib.database import db
from tests import cast, reception
from tests.reception import device, scan


def tell(desk, **told):
    return desk.client.post("/api/v1/desk/status", json=told, headers=desk.headers)


def test_a_desk_tells_of_itself(app, desk):
    told = {"queue": 3, "roster": "abc", "version": "v1", "storage": "kept", "camera": "on", "battery": 71}
    answer = tell(desk, now=reception.earlier(180), **told)
    assert answer.status_code == 200
    assert (answer.json["acknowledged_known"], answer.json["rehearsal"]) == (True, None)
    with app.app_context():
        kept = db.session.get_one(Desk, desk.desk_id)
        assert (kept.queue_count, kept.roster_revision, kept.version) == (3, "abc", "v1")
        assert (kept.storage, kept.camera, kept.battery_percent) == ("kept", "on", 71)
        assert kept.told_at == kept.last_seen_at
        assert 10_790 < kept.skew_seconds < 10_810


@pytest.mark.parametrize(
    "wrong", [{"queue": -1}, {"queue": "3"}, {"battery": 101}, {"version": "x" * 50}, {"acknowledged": "x"}, {"now": 5}]
)
def test_what_is_no_status_is_refused(desk, wrong):
    answer = tell(desk, **wrong)
    assert answer.status_code == 400
    assert next(iter(wrong)) in answer.json["message"]


def test_a_server_that_lost_an_acknowledged_scan_says_so(app, desk):
    with app.app_context():
        _, code = reception.add_person()
    told = scan(code)
    desk.told(told)
    assert tell(desk, acknowledged=told["id"]).json["acknowledged_known"] is True
    assert tell(desk, acknowledged=str(uuid4())).json["acknowledged_known"] is False
    other = device(app, name="Bàn 2")
    assert tell(other, acknowledged=told["id"]).json["acknowledged_known"] is True
    with app.app_context():
        db.session.execute(db.text("DELETE FROM arrival"))
        db.session.execute(db.delete(Scan))
        db.session.commit()
    assert tell(desk, acknowledged=told["id"]).json["acknowledged_known"] is False


def test_two_desks_in_use_never_have_one_name(app):
    names = []
    for _ in range(3):
        made = device(app, name="Bàn 1")
        with app.app_context():
            names.append(db.session.get_one(Desk, made.desk_id).name)
    assert names == ["Bàn 1", "Bàn 1 (2)", "Bàn 1 (3)"]


def test_a_code_is_no_name(app, desk):
    with app.app_context():
        _, code = reception.add_person()
    for told in (
        {"name": f"http://toa-dam/i/{code}"},
        {"name": "Lê A", "unit": code},
        {"name": "Lê A", "position": code},
    ):
        answer = desk.walk_in(**told)
        assert answer.status_code == 422
        assert "không phải họ tên" in answer.json["message"]
    with app.app_context():
        assert db.session.query(cast.Delegate).count() == 1
