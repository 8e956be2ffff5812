"""What desks scan in a rehearsal never meets what they scan on the day."""

import re
from datetime import timedelta

import pytest

from seminar.agenda.models import Sitting
from seminar.audit.models import AuditEntry
from seminar.checkin.models import Arrival, Rehearsal, RehearsalArrival, RehearsalScan, Scan, WalkIn
from seminar.lib.clock import local, now, short_time
from seminar.lib.database import db
from tests import cast, reception
from tests.reception import device, earlier, scan


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
        ({"offline": True, "at": 30}, (0, 0, 1, 1)),  # it did not know yet, but was in the middle of it
        ({"offline": True, "at": 200}, (1, 1, 0, 0)),  # before it began
        ({}, (1, 1, 0, 0)),  # after it ended
        ({"at": 30}, (1, 1, 0, 0)),  # after it ended, by a clock that is wrong
        ({"offline": True, "at": 600, "server_at": 30}, (0, 0, 1, 1)),  # a clock that is wrong
    ],
)
def test_each_scan_belongs_to_the_time_it_was_made(app, desk, person, more, expected):
    more = {key: earlier(value) if key in ("at", "server_at") else value for key, value in more.items()}
    rehearse(app, -60, 120, ended=-5)
    assert desk.verdicts(scan(person[1], **more)) == ["admitted"]
    assert counts(app) == expected


def test_a_clock_that_is_wrong_takes_no_practice_into_the_day(app, desk, person):
    rehearse(app, -5, 60)
    assert desk.verdicts(scan(person[1], at=earlier(600))) == ["admitted"]
    assert counts(app) == (0, 0, 1, 1)


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


@pytest.mark.parametrize(
    ("told", "status", "sentence"),
    [
        ({"name": "Trần Văn Thay", "instead_of": "T5"}, 422, "không cử người dự thay"),
        ({"name": "Trần Văn Thay", "instead_of": "T5", "offline": True}, 200, ""),
        ({"name": "Nguyễn Văn Bình", "unit": "Sở Thử"}, 422, "số 1"),
        ({"name": "Nguyễn Văn Bình", "unit": "Sở Thử", "is_another": True}, 200, ""),
        ({"name": "Trần Văn Khách", "group": "Không có"}, 422, "Không có"),
        ({"name": "Trần Văn Khách", "instead_of": "nobody"}, 422, "không có trong danh sách"),
    ],
)
def test_a_practised_walk_in_is_refused_as_on_the_day(app, desk, told, status, sentence):
    with app.app_context():
        reception.add_person(body="Sở Thử")
        member, _ = reception.add_person("Lê Văn Tiêu Biểu", "T5")
    if "instead_of" in told:
        told = told | {"instead_of": member if told["instead_of"] == "T5" else 4242}
    answers = []
    for _ in ("rehearsal", "day"):
        rehearse(app, -5, 60) if not answers else end_all(app)
        answers.append(desk.walk_in(**told))
    assert [answer.status_code for answer in answers] == [status, status]
    assert sentence in answers[0].json.get("message", "")
    if status == 422:
        assert answers[0].json["message"] == answers[1].json["message"]
    with app.app_context():
        assert db.session.query(WalkIn).count() == (status == 200)


def end_all(app) -> None:
    """As by a press two minutes ago: what is told now is of the day."""
    with app.app_context():
        for one in db.session.scalars(db.select(Rehearsal)):
            one.ended_at = now() - timedelta(minutes=2)
        db.session.commit()


def test_who_practised_coming_in_is_no_reason_to_refuse_a_namesake(app, desk, person):
    rehearse(app, -5, 60)
    assert desk.walk_in(name="Nguyễn Văn Bình").status_code == 422
    desk.told(scan(person[1]))
    assert desk.walk_in(name="Nguyễn Văn Bình").status_code == 200


def test_a_walk_in_belongs_to_the_time_it_happened(app, desk):
    rehearse(app, -60, -30, -30)
    practised = {"offline": True, "at": earlier(600), "server_at": earlier(45)}
    assert desk.walk_in(**practised).json["verdict"] == "admitted"
    assert counts(app) == (0, 0, 0, 0)
    assert desk.walk_in(at=earlier(45)).json["verdict"] == "admitted"
    assert counts(app) == (1, 1, 0, 0)
    rehearse(app, -5, 60)
    assert desk.walk_in(offline=True, at=earlier(600), server_at=earlier(10)).json["verdict"] == "admitted"
    assert counts(app) == (2, 2, 0, 0)


def test_another_seminar_does_not_rehearse(app, person):
    with app.app_context():
        reception.other_seminar()
        db.session.commit()
    rehearse(app, -5, 60)
    other = device(app, slug="toa-dam-khac")
    assert other.roster().json["rehearsal"] is None
    assert other.verdicts(scan(person[1])) == ["other_seminar"]
    assert counts(app)[0] == 1


# --- the page

PAGE = f"/seminars/{cast.SLUG}/rehearsal"
BANNER = "ĐANG DIỄN TẬP"
RECEPTION = ("desks", "arrivals", "arrivals/paper", "arrivals/refused", "arrivals/walk-ins", "rehearsal", "desks/guide")


def at_hour(hours: float) -> str:
    return short_time(now() + timedelta(hours=hours))


def begin(client, until: str | None = None, headers=None):
    return client.post(PAGE, data={"until": until or at_hour(1)}, headers=headers or {})


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true", "HX-Request-Type": "full"}])
def test_the_office_rehearses_ends_and_clears(app, office, desk, person, headers):
    assert begin(office, headers=headers).status_code == 303
    assert desk.roster().json["rehearsal"]
    for path in RECEPTION:
        assert BANNER in office.get(f"/seminars/{cast.SLUG}/{path}").text, path
    desk.told(scan(person[1]), scan(person[1]))
    page = office.get(PAGE).text
    assert 'data-practised="2"' in page
    assert "Đã vào rồi: 1" in page
    again = begin(office)
    assert (again.status_code, "Đang có một buổi diễn tập" in again.text) == (422, True)
    for _ in range(2):
        assert office.post(f"{PAGE}/ending", headers=headers).status_code == 303
    assert BANNER not in office.get(PAGE).text
    assert desk.roster().json["rehearsal"] is None
    assert office.post(f"{PAGE}/clearance", headers=headers).status_code == 303
    assert "Đã xóa 2 lượt quét diễn tập" in office.get(PAGE).text
    assert office.post(f"{PAGE}/clearance").status_code == 303
    assert counts(app) == (0, 0, 0, 0)
    with app.app_context():
        told = [(one.verb, one.noun) for one in db.session.scalars(db.select(AuditEntry).order_by(AuditEntry.id))]
        assert told[-3:] == [("begin", "rehearsal"), ("end", "rehearsal"), ("clear", "rehearsal")]
    for where in ("ending", "clearance"):
        assert office.get(f"{PAGE}/{where}").status_code == 405


@pytest.mark.parametrize(
    ("until", "sentence"),
    [("", "không phải giờ"), ("mai", "mai"), ("24:00", "24:00"), (at_hour(7), "6 giờ"), (at_hour(-1), "6 giờ")],
)
def test_an_end_that_cannot_be_is_refused_and_stays_in_the_form(app, office, until, sentence):
    answer = office.post(PAGE, data={"until": until})
    assert (answer.status_code, sentence in answer.text, f'value="{until}"' in answer.text) == (422, True, True)
    assert office.post(PAGE).status_code == 422
    with app.app_context():
        assert db.session.query(Rehearsal).count() == 0


@pytest.mark.parametrize(
    ("starts", "ends", "status"),
    [
        (2.5, 4, 303),  # it ends more than an hour before
        (1.5, 4, 422),  # it would reach into the hour before
        (0.5, 3, 422),  # the hour before has begun
        (-1, 1, 422),  # it is on
        (-3, -0.1, 303),  # over
    ],
)
def test_nobody_practises_while_people_come(app, office, starts, ends, status):
    moment = now()
    with app.app_context():
        db.session.add(
            Sitting(
                seminar_id=cast.find_seminar().id,
                name="Buổi sáng",
                starts_at=moment + timedelta(hours=starts),
                ends_at=moment + timedelta(hours=ends),
            )
        )
        db.session.commit()
    answer = begin(office)
    assert answer.status_code == status
    assert ("Không diễn tập" in answer.text) == (status == 422)


def test_without_a_programme_the_hours_of_the_plan_count(app, office):
    with app.app_context():
        seminar = cast.find_seminar()
        there = local(now())
        seminar.held_on, seminar.starts_at, seminar.ends_at = there.date(), there.time(), None
        db.session.commit()
    assert begin(office).status_code == 422


def test_one_that_ended_by_itself_is_no_hindrance(app, office):
    rehearse(app, -120, -1)
    assert begin(office).status_code == 303
    assert "tự kết thúc" in office.get(PAGE).text


def test_what_was_practised_is_counted_by_group_desk_and_pace(app, office, person):
    rehearse(app, -60, 60)
    one, other = device(app, name="Cửa A"), device(app, name="Cửa B")
    one.told(scan(person[1], offline=True, at=earlier(20)))
    other.told(scan(person[1], offline=True, at=earlier(10)), scan("x", offline=True, at=earlier(9.5)))
    page = office.get(PAGE).text
    assert "Vào trùng khi diễn tập" in page
    rows = re.findall(r'<tr><td class="strong">(Cửa \w)</td><td class="num">(\d+)</td><td class="num">([^<]+)<', page)
    assert rows == [("Cửa A", "1", "–"), ("Cửa B", "2", "30,0")]
    assert re.search(r'Các ban xây dựng Đảng</td><td class="num">1</td><td class="num">1<', page)
    assert "Vào trùng khi diễn tập" not in office.get(f"/seminars/{cast.SLUG}/desks").text


def figures(client) -> dict[str, list[str]]:
    """All figures that pages and documents show of the day."""
    told = {}
    for path in (
        "/",
        "/arrivals",
        "/credentials",
        "/report",
        "/desks",
        "/board",
        "/arrivals/refused",
        "/arrivals/walk-ins",
    ):
        answer = client.get(f"/seminars/{cast.SLUG}{path}")
        assert answer.status_code == 200, path
        told[path] = re.findall(r'class="(?:figure|value|num|strong)[^"]*"[^>]*>\s*([\d.,%–]+)', answer.text)
        told[path] += re.findall(r'data-total="(\d+)"', answer.text)
    return told


def test_no_figure_of_the_day_changes_by_a_rehearsal(app, office, desk, person):
    with app.app_context():
        second = reception.add_person("Lê Thị Hai", "T5")
    desk.told(scan(second[1]), scan("12345678901234567890"))
    before = figures(office)
    assert sum(map(len, before.values())) > 40
    rehearse(app, -5, 60)
    desk.told(scan(person[1]), scan(second[1], "exit"), scan("98765432109876543210"))
    desk.walk_in(name="Trần Văn Khách")
    assert figures(office) == before
    office.post(f"{PAGE}/clearance")
    office.post(f"{PAGE}/ending")
    assert figures(office) == before
    assert counts(app) == (2, 1, 0, 0)


def test_clearing_leaves_another_seminar_and_what_comes_later_out_of_the_day(app, office, desk, person):
    rehearse(app, -60, 60, ended=-5)
    desk.told(scan(person[1], offline=True, at=earlier(30)))
    office.post(f"{PAGE}/clearance")
    desk.told(scan(person[1], offline=True, at=earlier(20)))
    assert counts(app) == (0, 0, 1, 1)
    with app.app_context():
        reception.other_seminar()
        db.session.commit()
    assert office.post("/seminars/toa-dam-khac/rehearsal/clearance").status_code == 303
    assert counts(app) == (0, 0, 1, 1)


@pytest.mark.parametrize(("login", "status"), [("an", 200), ("oanh", 200), ("tam", 200), ("thu", 403), ("chung", 403)])
def test_who_may_rehearse(staff, login, status):
    client = staff(login)
    assert client.get(PAGE).status_code == status
    assert begin(client).status_code == (303 if status == 200 else 403)


def test_clearing_the_list_of_delegates_takes_what_they_practised(app, desk, person):
    from seminar.operations.actions import clear_delegates

    rehearse(app, -5, 60)
    desk.told(scan(person[1]), scan(person[1]))
    with app.app_context():
        clear_delegates(cast.find_seminar(), cast.COMMAND, now())
        db.session.commit()
    assert counts(app) == (0, 0, 0, 0)
