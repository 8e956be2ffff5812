"""What desks scan in a rehearsal never meets what they scan on the day."""

from datetime import timedelta

import pytest

from seminar.checkin.models import Arrival, Rehearsal, RehearsalArrival, RehearsalScan, Scan, WalkIn
from seminar.lib.clock import now
from seminar.lib.database import db
from tests import cast, reception
from tests.reception import device, earlier, scan


@pytest.fixture
def desk(app):
    return device(app)


@pytest.fixture
def person(app):
    with app.app_context():
        return reception.add_person()


def rehearse(app, began: float, ends: float, ended: float | None = None) -> None:
    """A rehearsal, in minutes from now."""
    with app.app_context():
        moment = now()
        db.session.add(
            Rehearsal(
                seminar_id=cast.find_seminar().id,
                began_at=moment + timedelta(minutes=began),
                began_by="tests",
                ends_at=moment + timedelta(minutes=ends),
                ended_at=None if ended is None else moment + timedelta(minutes=ended),
            )
        )
        db.session.commit()


def counts(app) -> tuple[int, ...]:
    """(scans, arrivals) of the day, (scans, arrivals) of rehearsals."""
    with app.app_context():
        return tuple(
            db.session.scalar(db.select(db.func.count()).select_from(model)) or 0
            for model in (Scan, Arrival, RehearsalScan, RehearsalArrival)
        )


def test_a_scan_in_a_rehearsal_is_answered_as_on_the_day_and_kept_apart(app, desk, person):
    rehearse(app, -5, 60)
    first = scan(person[1])
    answer = desk.send(first).json
    assert (answer["results"][0]["verdict"], answer["counts"]["arrived"]) == ("admitted", 1)
    assert desk.verdicts(first, scan(person[1]), scan(person[1], "exit")) == ["admitted", "already_in", "left"]
    assert counts(app) == (0, 0, 3, 1)
    roster = desk.roster().json
    assert roster["rehearsal"]["ends_at"]
    assert roster["delegates"][0]["left_at"]


def test_the_day_begins_with_nobody_in(app, desk, person):
    rehearse(app, -60, 60, ended=-5)
    desk.told(scan(person[1], offline=True, at=earlier(30)))
    assert counts(app) == (0, 0, 1, 1)
    assert desk.roster().json["delegates"][0]["arrived_at"] is None
    assert desk.verdicts(scan(person[1])) == ["admitted"]
    assert counts(app) == (1, 1, 1, 1)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"rehearsal": True}, (0, 0, 1, 1)),  # the desk knew, and hands it in after the end
        ({"offline": True, "at": earlier(30)}, (0, 0, 1, 1)),  # it did not know yet, but was in the middle of it
        ({"offline": True, "at": earlier(200)}, (1, 1, 0, 0)),  # before it began
        ({}, (1, 1, 0, 0)),  # after it ended
        ({"offline": True, "at": earlier(600), "server_at": earlier(30)}, (0, 0, 1, 1)),  # a clock that is wrong
    ],
)
def test_each_scan_belongs_to_the_time_it_was_made(app, desk, person, more, expected):
    rehearse(app, -60, 120, ended=-5)
    assert desk.verdicts(scan(person[1], **more)) == ["admitted"]
    assert counts(app) == expected


def test_one_call_may_hold_both(app, desk, person):
    rehearse(app, -60, 120, ended=-5)
    bad, practised, real = {"id": "x"}, scan(person[1], rehearsal=True), scan(person[1])
    results = desk.told(bad, practised, real)
    assert [one["verdict"] for one in results] == ["malformed", "admitted", "admitted"]
    assert [one["id"] for one in results] == ["x", practised["id"], real["id"]]
    assert counts(app) == (1, 1, 1, 1)


def test_a_rehearsal_ends_by_itself(app, desk, person):
    rehearse(app, -120, -1)
    assert desk.roster().json["rehearsal"] is None
    desk.told(scan(person[1]))
    assert counts(app) == (1, 1, 0, 0)


def test_a_walk_in_of_a_rehearsal_is_put_on_no_list(app, desk):
    rehearse(app, -5, 60)
    answer = desk.walk_in(name="Trần Văn Khách")
    assert (answer.json["verdict"], answer.json["delegate"]["name"]) == ("admitted", "Trần Văn Khách")
    with app.app_context():
        assert db.session.query(WalkIn).count() == 0
        assert db.session.query(cast.Delegate).count() == 0


def test_another_seminar_does_not_rehearse(app, person):
    with app.app_context():
        reception.other_seminar()
        db.session.commit()
    rehearse(app, -5, 60)
    other = device(app, slug="toa-dam-khac")
    assert other.roster().json["rehearsal"] is None
    assert other.verdicts(scan(person[1])) == ["other_seminar"]
    assert counts(app)[0] == 1
