"""Whatever stands in the fields of the desk API: a sentence or an answer, never an error, and nothing half stored."""

import gzip
import json
from uuid import uuid4

import pytest

from seminar.checkin import actions
from seminar.checkin.models import Desk, Scan, WalkIn
from seminar.delegates.models import Delegate
from seminar.lib.database import db
from tests import cast, reception
from tests.reception import device, scan
from tests.web.test_nasty_input import GROWING

VALUES = [
    None, True, 0, -1, 7, 2**31, 2**63, 10**20, 1.5, 1e300, "", " ", "x", "\0", "a\0b", "\u202e", "\ufeff", "7" * 5000,
    "<script>", "{{7*7}}", "'; DROP TABLE scan; --", "%s%n", [], [[]], {}, {"$ne": 1}, [0] * 1000,
    "0001-01-01T00:00:00Z", "1970-01-01T00:00:00+14:00", "2200-12-31T23:59:59-14:00", "9999-12-31T23:59:59-23:59",
    "2024-03-15", "20240315", "24:00", "2024-03-15T07:41:00+99:99", "2024-02-30T00:00:00Z", "NaN", "٢٠٢٤-٠٣-١٥",
    *(letter * 200 for letter in GROWING.values()),
]  # fmt: skip


@pytest.fixture
def desk(app):
    return device(app)


@pytest.fixture
def person(app):
    with app.app_context():
        return reception.add_person()


def count(app, model):
    with app.app_context():
        return db.session.scalar(db.select(db.func.count()).select_from(model))


def post(desk, path, body, **headers):
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return desk.client.post(
        f"/api/v1/desk/{path}", data=content, content_type="application/json", headers=desk.headers | headers
    )


def rows(app):
    return [count(app, model) for model in (Scan, WalkIn, Delegate, Desk)]


@pytest.mark.parametrize("field", [*scan("x"), "delegate_id", "annuls", "sitting", "server_at", "rehearsal"])
def test_any_value_in_any_field_of_a_scan_is_a_verdict(desk, person, field):
    kinds = [scan(person[1]), scan(kind="annul", annuls=str(uuid4())), scan(delegate_id=person[0], offline=True)]
    sent = [one | {"id": str(uuid4())} | {field: value} for one in kinds for value in VALUES]
    answer = post(desk, "scans", {"scans": sent})
    assert answer.status_code == 200
    assert len(answer.json["results"]) == len(sent)
    assert all(one["verdict"] and one["message"] for one in answer.json["results"])


@pytest.mark.parametrize("field", ["id", "name", "unit", "position", "group", "instead_of", "at", "offline", "sitting"])
def test_any_value_in_any_field_of_a_walk_in_is_an_answer(app, desk, field):
    for value in VALUES:
        told = {"id": str(uuid4()), "name": f"Trần {uuid4()}", "at": "2024-03-15T07:41:00Z"} | {field: value}
        before = rows(app)
        answer = post(desk, "walk-ins", told)
        assert answer.status_code in (200, 400, 422), (value, answer.text)
        assert answer.json["message"], value
        if answer.status_code != 200:
            assert rows(app) == before, value


STATUS = ["now", "queue", "roster", "version", "storage", "camera", "battery", "acknowledged"]


@pytest.mark.parametrize("field", STATUS)
def test_any_value_in_any_field_of_a_status_is_an_answer_and_the_board_shows_it(desk, office, field):
    for value in VALUES:
        answer = post(desk, "status", {field: value})
        assert answer.status_code in (200, 400), (value, answer.text)
        if answer.status_code == 200 and value is not None:
            assert office.get(f"/seminars/{cast.SLUG}/desks").status_code == 200, value


@pytest.mark.parametrize("field", ["now", "scans"])
def test_any_value_beside_the_scans_is_an_answer_and_the_board_shows_it(desk, office, field):
    for value in VALUES:
        answer = post(desk, "scans", {"scans": [scan("x")]} | {field: value})
        assert answer.status_code in (200, 400), (value, answer.text)
        if answer.status_code == 200 and value is not None:
            assert office.get(f"/seminars/{cast.SLUG}/desks").status_code == 200, value


@pytest.mark.parametrize("field", ["pairing_code", "name"])
def test_any_value_in_a_pairing_is_an_answer(app, field):
    for value in VALUES:
        client = app.test_client()
        with app.app_context():
            code = actions.open_pairing(cast.find_seminar(), "Bàn 1", cast.OFFICE, reception.moment())
            db.session.commit()
        answer = client.post("/api/v1/desk/devices", json={"pairing_code": code, "name": "Máy"} | {field: value})
        assert answer.status_code in (200, 400, 403), (value, answer.text)


@pytest.mark.parametrize("path", ["scans", "walk-ins", "status", "devices"])
@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[1", b"NaN", b'{"scans":[Infinity]}', b"\xef\xbb\xbf{}", b"\xff", '{"scans":[]}'.encode("utf-16"),
     b'{"scans":' + b"[" * 100_000 + b"]" * 100_000 + b"}", b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
     b'{"scans":[' + b"1" * 100_000 + b"]}", b'{"x":"\\ud800"}', gzip.compress(b'{"scans":[]}'),
     b'{"scans":[' + b",".join([b"1"] * 10_001) + b"]}", b'{"scans":[], "scans":[1]}', b'{"name":"a","name":"b"}'],
)  # fmt: skip
def test_any_body_is_answered_in_json(desk, path, body):
    answer = post(desk, path, body, **{"Content-Encoding": "gzip"} if body[:2] == b"\x1f\x8b" else {})
    assert answer.status_code in (200, 400)
    assert answer.json["server_time"]
