"""What one call of a desk costs and needs: few statements, a pairing that still stands, JSON, and a thread that lives."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import event

from seminar.checkin import committing, rules
from seminar.checkin.actions import Call, revoke_desk
from seminar.checkin.forms.api import read_scan
from seminar.checkin.models import Arrival, Desk, Scan
from seminar.checkin.queries import Counts, PairedDesk, counts_of
from seminar.delegates.models import Delegate
from seminar.lib.clock import now
from seminar.lib.database import db
from tests import cast, engines, reception
from tests.web.noting import add_programme

MOST_STATEMENTS = {"sqlite": 7, "postgresql": 8}[engines.ENGINE]
"""On PostgreSQL one locks the ids."""


@pytest.fixture
def hall(app):
    """(a desk that has scanned before, the codes of 120 people)"""
    with app.app_context():
        seminar = cast.find_seminar()
        codes = [reception.invite(cast.add_delegate(seminar, f"Người Số {n}", "G2")) for n in range(120)]
        db.session.commit()
    desk = reception.device(app)
    assert desk.verdicts(reception.scan(codes[0])) == ["admitted"]
    return desk, codes


@pytest.fixture
def sitting(app, hall):
    """Id of the sitting that the scans belong to from now on."""
    with app.app_context():
        found = add_programme(cast.find_seminar()).id
        db.session.commit()
    return found


@pytest.mark.parametrize("has_programme", [False, True])
def test_a_scan_costs_few_statements_with_its_authentication(request, hall, query_count, monkeypatch, has_programme):
    desk, codes = hall
    monkeypatch.setattr(rules, "SEEN_LASTS", timedelta(days=1))
    if has_programme:
        request.getfixturevalue("sitting")
    assert query_count(lambda: desk.told(reception.scan(codes[1]))) <= MOST_STATEMENTS
    assert query_count(lambda: desk.told(reception.scan(codes[1]))) <= MOST_STATEMENTS


def test_a_batch_costs_as_many_statements_as_a_scan(hall, query_count):
    desk, codes = hall
    one = query_count(lambda: desk.told(reception.scan(codes[1])))
    assert query_count(lambda: desk.told(*(reception.scan(code) for code in codes[2:102]))) <= one + 1


def test_people_are_counted_without_reading_anything_over_and_over(app, hall, sitting):
    desk, codes = hall
    assert set(desk.verdicts(*map(reception.scan, codes))) == {"admitted"}
    asked = []

    def listen(connection, cursor, statement, parameters, *rest):
        asked.append((statement, parameters))

    with app.app_context():
        connection = db.session.connection()
        event.listen(connection, "before_cursor_execute", listen)
        counts_of(connection, cast.find_seminar().id, sitting)
        event.remove(connection, "before_cursor_execute", listen)
        explain = "EXPLAIN ANALYZE " if db.engine.name == "postgresql" else "EXPLAIN QUERY PLAN "
        plan = "\n".join(str(row) for row in connection.exec_driver_sql(explain + asked[-1][0], asked[-1][1]))
    assert "arrival" in plan
    assert set(re.findall(r"loops=(\d+)", plan)) <= {"1"}
    assert "CORRELATED" not in plan


def test_people_taken_off_the_list_count_nowhere(app, hall, sitting):
    desk, codes = hall
    desk.told(*map(reception.scan, codes[:5]), *(reception.scan(code, kind="exit") for code in codes[3:5]))
    with app.app_context():
        seminar_id = cast.find_seminar().id
        before = counts_of(db.session.connection(), seminar_id, sitting)
        assert (before.arrived, before.present, before.left) == (5, 3, 2)
        assert counts_of(db.session.connection(), seminar_id, None).arrived == 1
        came = db.session.scalars(
            db.select(Delegate).join(Arrival).where(Arrival.sitting_id == sitting).order_by(Delegate.id)
        ).all()
        came[0].removed_at = came[4].removed_at = now()
        db.session.flush()
        after = counts_of(db.session.connection(), seminar_id, sitting)
        assert after == Counts(before.delegates - 2, 3, 2, 1)
        assert counts_of(db.session.connection(), seminar_id, None).arrived == 0
        db.session.rollback()


def test_a_desk_that_was_revoked_is_refused_at_its_next_scan(app, hall):
    desk, codes = hall
    with app.app_context():
        revoke_desk(db.session.get_one(Desk, desk.desk_id), cast.OFFICE, reception.moment())
        db.session.commit()
    answer = desk.send(reception.scan(codes[1]))
    assert answer.status_code == 401
    assert "server_time" in answer.json
    assert desk.send(reception.scan(codes[1])).status_code == 401
    with app.app_context():
        assert db.session.scalar(db.select(db.func.count()).select_from(Scan)) == 1


def test_a_revoked_desk_takes_no_other_desk_of_its_group_along(app, hall):
    desk, codes = hall
    other = reception.device(app, name="Bàn 2")
    with app.app_context():
        calls = [
            Call(PairedDesk(one.desk_id, "", cast.find_seminar().id, cast.SLUG), [read_scan(reception.scan(codes[1]))])
            for one in (desk, other)
        ]
        revoke_desk(db.session.get_one(Desk, desk.desk_id), cast.OFFICE, reception.moment())
        db.session.commit()
        ended, recorded = committing.commit(db.engine, calls)
    assert (ended.is_ended, ended.results) == (True, [])
    assert [result.verdict for result in recorded.results] == ["admitted"]


def test_the_desk_that_scans_on_is_written_down_as_seen(app, hall):
    desk, codes = hall
    with app.app_context():
        long_ago = reception.moment() - timedelta(minutes=5)
        db.session.get_one(Desk, desk.desk_id).last_seen_at = long_ago
        db.session.commit()
    desk.told(reception.scan(codes[1]))
    with app.app_context():
        assert db.session.get_one(Desk, desk.desk_id).last_seen_at > long_ago + rules.SEEN_LASTS


@pytest.mark.parametrize("path", ["scans", "walk-ins", "status", "devices"])
@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", None])
def test_what_does_not_say_that_it_is_json_is_refused(hall, path, kind):
    desk, _ = hall
    answer = desk.client.post(f"/api/v1/desk/{path}", data=b'{"scans": []}', content_type=kind, headers=desk.headers)
    assert answer.status_code == 415
    assert "application/json" in answer.json["message"]


def test_json_with_a_charset_is_json(hall):
    desk, _ = hall
    kind = "application/json; charset=utf-8"
    answer = desk.client.post("/api/v1/desk/scans", data=b'{"scans": []}', content_type=kind, headers=desk.headers)
    assert answer.status_code == 200


def test_when_the_recording_thread_dies_the_desk_is_told_to_come_again_and_the_next_call_is_stored(
    app, hall, monkeypatch
):
    desk, codes = hall

    def die(*anything):
        monkeypatch.undo()
        raise SystemExit("killed")

    monkeypatch.setattr(committing, "record_scans", die)
    told = reception.scan(codes[1])
    answer = desk.send(told)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert desk.verdicts(told) == ["admitted"]
    with app.app_context():
        assert db.session.scalar(db.select(db.func.count()).select_from(Arrival)) == 2
