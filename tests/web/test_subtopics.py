"""Subtopics on the plan's page: under a topic, in their own order, two levels and no more."""

import pytest

from seminar.lib.database import db
from seminar.planning.models import Topic
from tests import cast

BASE = f"/seminars/{cast.SLUG}"


def topics():
    found = db.session.scalars(db.select(Topic).order_by(Topic.parent_id, Topic.position))
    return {one.title: (one.position, one.parent_id) for one in found}


@pytest.fixture
def parent(app):
    with app.app_context():
        return cast.find_seminar().topics[1].id


def add(office, title, under):
    return office.post(f"{BASE}/topics", data={"title": title, "text": "", "parent_id": str(under)})


def test_subtopics_stand_under_their_topic_in_their_own_order(app, office, parent):
    assert f'value="{parent}" selected' in office.get(f"{BASE}/topics/new?under={parent}").text.replace(
        f'selected value="{parent}"', f'value="{parent}" selected'
    )
    for title in ("Một", "Hai"):
        assert add(office, title, parent).status_code == 303
    page = office.get(f"{BASE}/plan").text
    assert "2.1. Một" in page
    assert "2.2. Hai" in page
    with app.app_context():
        two = db.session.scalars(db.select(Topic.id).where(Topic.title == "Hai")).one()
    assert office.post(f"{BASE}/topics/{two}/order", data={"step": "up"}).status_code == 303
    with app.app_context():
        assert (topics()["Hai"], topics()["Một"]) == ((1, parent), (2, parent))
        assert [one.title for one in cast.find_seminar().topics] == ["Thực trạng", "Giải pháp"]


def test_a_subtopic_moves_to_another_topic_and_out(app, office, parent):
    add(office, "Một", parent)
    add(office, "Hai", parent)
    with app.app_context():
        one = db.session.scalars(db.select(Topic.id).where(Topic.title == "Một")).one()
        first = cast.find_seminar().topics[0].id
    form = {"title": "Một", "text": "", "parent_id": str(first)}
    assert office.post(f"{BASE}/topics/{one}", data=form).status_code == 303
    with app.app_context():
        assert (topics()["Một"], topics()["Hai"]) == ((1, first), (1, parent))
    assert office.post(f"{BASE}/topics/{one}", data=form | {"parent_id": ""}).status_code == 303
    with app.app_context():
        assert topics()["Một"] == (3, None)


def test_two_levels_and_no_more(app, office, parent):
    add(office, "Một", parent)
    with app.app_context():
        one = db.session.scalars(db.select(Topic.id).where(Topic.title == "Một")).one()
        first = cast.find_seminar().topics[0].id
    assert add(office, "Con của con", one).status_code == 422
    down = office.post(f"{BASE}/topics/{parent}", data={"title": "Giải pháp", "text": "", "parent_id": str(first)})
    assert down.status_code == 422
    itself = office.post(f"{BASE}/topics/{first}", data={"title": "x", "text": "", "parent_id": str(first)})
    assert itself.status_code == 422


def test_a_topic_with_subtopics_stays(app, office, parent):
    add(office, "Một", parent)
    answer = office.post(f"{BASE}/topics/{parent}/removal")
    assert answer.status_code == 422
    assert "còn nội dung con" in answer.text
    with app.app_context():
        one = db.session.scalars(db.select(Topic.id).where(Topic.title == "Một")).one()
    assert office.post(f"{BASE}/topics/{one}/removal").status_code == 303
    assert office.post(f"{BASE}/topics/{parent}/removal").status_code == 303


def test_a_new_seminar_like_this_one_has_its_subtopics_too(app, office, parent):
    add(office, "Một", parent)
    form = {"title": "Tọa đàm sau", "slug": "toa-dam-sau", "like": cast.SLUG, "held_on": "2025-03-15"}
    assert office.post("/seminars/new", data=form).status_code == 303
    page = office.get("/seminars/toa-dam-sau/plan").text
    assert "2.1. Một" in page
