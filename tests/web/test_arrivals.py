"""The page of the arrivals: each figure leads to a list of exactly that many rows; the list on paper."""

import re

import pytest

from seminar.lib.database import db
from tests import cast, reception
from tests.reception import device, earlier, scan

ARRIVALS = f"/seminars/{cast.SLUG}/arrivals"
PHONE = "0919191919"
FIGURE = re.compile(r'<a class="figure" href="([^"#]+)[^"]*">([\d.]+)</a>')


@pytest.fixture
def hall(app):
    """Six people: three came, one of them left again, one was let in twice; and one walk-in."""
    with app.app_context():
        units = dict(db.session.execute(db.select(cast.Unit.name, cast.Unit.id)).all())
        unit = units["Thành Đoàn Thử Một"]
        people = [
            reception.add_person(f"Người Số {n}", group, phone=PHONE, **({"unit_id": unit} if n % 2 else {}))
            for n, group in enumerate(("G1", "G2", "G2", "T2", "T5", "T5"))
        ]
    one, other = device(app, name="Bàn 1"), device(app, name="Bàn 2")
    one.told(scan(people[0][1]), scan(people[1][1]), scan(people[1][1], "exit"))
    one.told(scan(people[2][1], offline=True, at=earlier(20)))
    other.told(scan(people[2][1], offline=True, at=earlier(10)))
    other.walk_in(name="Khách Vãng Lai")
    return people


def rows(page):
    return page.text.count("data-row"), int(re.search(r'data-total="(\d+)"', page.text)[1])


@pytest.mark.parametrize(
    ("state", "count"),
    [("arrived", 4), ("present", 3), ("left", 1), ("absent", 3), ("walk-in", 1), ("double", 1), ("", 7)],
)
def test_each_state_lists_its_people(office, hall, state, count):
    assert rows(office.get(f"{ARRIVALS}?state={state}")) == (count, count)


def test_every_figure_leads_to_a_list_of_that_many_rows(office, hall):
    figures = FIGURE.findall(office.get(ARRIVALS).text)
    assert len(figures) > 20
    for href, shown in figures:
        assert rows(office.get(href.replace("&amp;", "&")))[1] == int(shown), href


def test_filters_narrow_the_list(app, office, hall):
    assert rows(office.get(f"{ARRIVALS}?group=G2")) == (2, 2)
    assert rows(office.get(f"{ARRIVALS}?group=G2&state=left")) == (1, 1)
    assert rows(office.get(f"{ARRIVALS}?search=nguoi+so+4")) == (1, 1)
    assert rows(office.get(f"{ARRIVALS}?state=nonsense&sitting=x&page=x&unit=x")) == (7, 7)
    assert rows(office.get(f"{ARRIVALS}?page=99")) == (0, 0)


def test_the_region_alone_is_what_htmx_polls(office, hall):
    part = office.get(ARRIVALS, headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert part.text.strip().startswith('<div id="arrivals"')
    assert "<html" not in part.text
    assert "HX-Request-Type" in part.headers["Vary"]
    assert "<html" in office.get(ARRIVALS, headers={"HX-Request": "true", "HX-Request-Type": "full"}).text


def test_the_list_costs_the_same_for_few_and_for_many(app, office, query_count):
    with app.app_context():
        reception.add_person()
    few = query_count(lambda: office.get(ARRIVALS))
    desk = device(app)
    with app.app_context():
        codes = [reception.add_person(f"Người {n}", ("G1", "T2", "T5")[n % 3])[1] for n in range(60)]
    desk.told(*(scan(code) for code in codes))
    assert query_count(lambda: office.get(ARRIVALS)) == few
    assert rows(office.get(f"{ARRIVALS}?page=2")) == (11, 61)


def test_sittings_are_counted_apart(app, office):
    from datetime import timedelta

    from seminar.agenda.models import Sitting
    from seminar.lib.clock import now

    with app.app_context():
        seminar = cast.find_seminar()
        sittings = [
            Sitting(seminar_id=seminar.id, name=name, starts_at=now() + timedelta(hours=h), ends_at=now() + timedelta(hours=h + 2))
            for name, h in (("Sáng", -1), ("Chiều", 3))
        ]  # fmt: skip
        db.session.add_all(sittings)
        first, second = reception.add_person("Một")[1], reception.add_person("Hai")[1]
        morning, afternoon = (sitting.id for sitting in sittings)
    device(app).told(scan(first), scan(first, sitting=afternoon), scan(second, sitting=afternoon))
    assert rows(office.get(f"{ARRIVALS}?state=arrived&sitting={morning}")) == (1, 1)
    assert rows(office.get(f"{ARRIVALS}?state=arrived&sitting={afternoon}")) == (2, 2)
    assert rows(office.get(f"{ARRIVALS}?state=arrived")) == (2, 2)


@pytest.mark.parametrize(
    ("login", "status"), [("oanh", 200), ("tam", 200), ("thu", 200), ("chung", 200), ("an", 403), ("vinh", 403)]
)
def test_who_may_read_arrivals(staff, login, status):
    client = staff(login)
    assert client.get(ARRIVALS).status_code == status
    assert client.get(f"{ARRIVALS}/print").status_code == status


def test_a_stranger_and_a_missing_seminar(visitor, office):
    assert visitor.get(ARRIVALS).status_code == 302
    assert office.get("/seminars/khong-co/arrivals").status_code == 404
    assert office.post(ARRIVALS).status_code == 405


def test_the_list_on_paper_has_everybody_with_number_and_box(office, hall):
    page = office.get(f"{ARRIVALS}/print")
    assert rows(page) == (7, 7)
    assert page.text.count('<td class="sign"></td>') == 7 + 10  # and ten rows for whoever is not on the list
    assert rows(office.get(f"{ARRIVALS}/print?group=T5&order=protocol")) == (2, 2)
    assert not cast.tells(page.text, PHONE)
