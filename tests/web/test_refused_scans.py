"""What desks turned away, so that "my code did not work" can be answered."""

import pytest

from seminar.lib.database import db
from tests import cast, reception
from tests.reception import device, scan

PAGE = f"/seminars/{cast.SLUG}/arrivals/refused"
STRANGE = "12345678901234567890"


@pytest.fixture
def desk(app):
    return device(app, name="Cửa A")


def revoked(app) -> str:
    with app.app_context():
        person = cast.add_delegate(cast.find_seminar(), "Nguyễn Văn Cũ", "G2")
        code = reception.invite(person, revoked=True)
        db.session.commit()
        return code


def test_refused_scans_are_listed_with_what_was_kept(app, desk, office):
    old = revoked(app)
    desk.told(scan(STRANGE), scan("không phải mã"), scan(old))
    page = office.get(PAGE).text
    for said in (STRANGE, "13 ký tự", "1 · Nguyễn Văn Cũ", "Cửa A", "chưa vào"):
        assert said in page
    assert 'data-total="3"' in page
    assert old not in page
    desk.told(scan("1", source="number"))
    assert "đã vào lúc" in office.get(PAGE).text


def test_figures_open_their_rows_and_filters_narrow(app, desk, office):
    desk.told(scan(STRANGE), scan("x"), scan(revoked(app)))
    for query, count in (
        ("?verdict=unknown", 2),
        ("?verdict=revoked", 1),
        ("?verdict=other_seminar", 0),
        ("?verdict=admitted", 3),
        (f"?desk={desk.desk_id}", 3),
        ("?desk=4242", 0),
        ("?search=nguyen+cu", 1),
        (f"?search={STRANGE[:9]}", 1),
        (f"?search={STRANGE}", 1),
        ("?search=%25", 0),
        ("?page=99999999999", 3),
    ):
        assert f'data-total="{count}"' in office.get(PAGE + query).text, query


def test_who_came_in_is_not_listed_and_another_seminar_sees_nothing(app, desk, office):
    with app.app_context():
        code = reception.add_person()[1]
        reception.other_seminar()
        db.session.commit()
    desk.told(scan(code), scan(STRANGE))
    assert 'data-total="1"' in office.get(PAGE).text
    assert 'data-total="0"' in office.get("/seminars/toa-dam-khac/arrivals/refused").text


@pytest.mark.parametrize(("login", "status"), [("an", 200), ("tam", 200), ("chung", 403), ("vinh", 403)])
def test_who_may_look(staff, login, status):
    assert staff(login).get(PAGE).status_code == status


def test_the_page_costs_the_same_for_one_and_for_many(desk, office, query_count):
    desk.told(scan(STRANGE))
    few = query_count(lambda: office.get(PAGE))
    desk.told(*(scan(f"x{number}") for number in range(8)))
    assert query_count(lambda: office.get(PAGE)) == few
