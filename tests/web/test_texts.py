"""Texts for Zalo and SMS: per person and per unit, counted, marked as sent by hand."""

import re

import pytest

from seminar.invitations import queries
from seminar.invitations.models import Delivery, Invitation
from seminar.lib.database import db
from seminar.lib.sms import size_of
from seminar.planning.models import Unit
from tests import cast
from tests.web.inviting import HERE, count, in_force, invite

pytestmark = pytest.mark.usefixtures("at")
PAGE = f"{HERE}/texts"
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def people(app):
    with app.app_context():
        unit_id = db.session.scalars(db.select(Unit.id).order_by(Unit.position)).first()
        ids = invite(
            ("Nguyễn Thị Hồng", "T5", {"email": "hong@example.vn", "phone": "0912345678"}),
            ("Trần Quốc Đạt", "T2", {"unit_id": unit_id, "phone": "0987654321"}),
            ("Lê Văn Ba", "T2", {"unit_id": db.session.scalars(db.select(Unit.id).order_by(Unit.position)).all()[1]}),
        )
        return ids | {"unit": unit_id}


def texts(page: str) -> list[str]:
    import html

    return [
        html.unescape(text)
        for text in re.findall(r'<textarea readonly rows="\d+" lang="vi"[^>]*>(.*?)</textarea>', page, re.S)
    ]


def test_each_text_carries_its_own_link_and_the_words_of_trust(app, office, people):
    page = office.get(PAGE).text
    assert page.count("<tr data-row") == 3
    with app.app_context():
        codes = {one.code for one in db.session.scalars(db.select(Invitation))}
    found = texts(page)
    assert {re.search(r"/i/(\d{20})", text)[1] for text in found} == codes
    assert all("Nếu nghi ngờ, gọi Văn phòng" in text and "Giấy triệu tập số" in text for text in found)
    assert page.count("/qr.png") == 3


def test_the_short_text_without_accents_fits_and_is_counted(app, office, people):
    page = office.get(f"{PAGE}?kind=bare").text
    for text in texts(page):
        assert text.isascii()
        size = size_of(text)
        assert size.is_plain and size.pieces == 1, (size, text)
        assert f"{size.characters} ký tự" in page
    accented = office.get(f"{PAGE}?kind=short").text
    assert "có dấu: 70 ký tự một tin" in accented


def test_a_long_venue_gives_way_before_a_second_sms_is_paid(app, office, people):
    with app.app_context():
        cast.find_seminar().venue.name = "Hội trường lớn tầng hai nhà văn hóa thanh niên tỉnh, khu hành chính mới"
        db.session.commit()
    for text in texts(office.get(f"{PAGE}?kind=bare").text):
        assert size_of(text).pieces == 1
        assert "/i/" in text and "Nghi ngo goi 02740000000" in text and "08:00 15/03/2024" in text


def test_the_count_follows_the_offices_own_words_also_for_htmx(app, office, people):
    asked = f"{PAGE}?purpose=message&kind=bare&wording=Xin+ch%C3%A0o+%7Bh%E1%BB%8D+t%C3%AAn%7D"
    region = office.get(asked, headers=PARTIAL)
    assert region.text.lstrip().startswith("<section")
    assert "Xin chao Dong chi Tran Quoc Dat" in region.text
    wrong = office.get(f"{PAGE}?purpose=message&wording=%7Bl%C6%B0%C6%A1ng%7D").text
    assert "không phải ô điền sẵn" in wrong


def test_one_text_for_the_group_of_a_unit_names_only_its_own_people(app, office, people):
    page = office.get(f"{PAGE}?unit={people['unit']}").text
    bundle = texts(page)[0]
    assert bundle.count("\n1. Trần Quốc Đạt: http://localhost/i/") == 1, bundle
    assert "Lê Văn Ba" not in bundle
    assert "Nếu nghi ngờ, gọi" in bundle
    done = office.post(PAGE, data={"unit": people["unit"], "everybody": "1", "channel": "zalo"})
    assert done.status_code == 303
    with app.app_context():
        sent = db.session.scalars(db.select(Delivery)).one()
        assert (sent.channel, sent.to, sent.by) == ("zalo", "0987654321", "Trần Thị Oanh")
        assert count(queries.State.NOT_SENT) == 2


def test_ticked_people_are_marked_and_leave_the_list(app, office, people):
    with app.app_context():
        ids = [in_force(people[name]).id for name in ("Nguyễn Thị Hồng", "Trần Quốc Đạt")]
    done = office.post(PAGE, data={"channel": "letter", "note": "giao tận tay", "ticked": ids})
    assert done.status_code == 303
    assert office.get(PAGE).text.count("<tr data-row") == 1
    again = office.post(PAGE, data={"channel": "letter", "ticked": ids})  # they are no longer on this list
    assert again.status_code == 422
    assert "chưa ghi gì" in again.text
    with app.app_context():
        assert db.session.query(Delivery).count() == 2


@pytest.mark.parametrize("data", [{"channel": "zalo"}, {"channel": "email", "ticked": 1}, {"ticked": 1}])
def test_nothing_ticked_or_no_channel_writes_nothing(app, office, people, data):
    assert office.post(PAGE, data=data).status_code == 422
    with app.app_context():
        assert db.session.query(Delivery).count() == 0


def test_only_those_without_an_address(app, office, people):
    assert office.get(f"{PAGE}?without=1").text.count("<tr data-row") == 2


def test_only_the_office_sees_the_links(staff, people):
    for login in ("thu", "chung", "tam", "vinh"):
        assert staff(login).get(PAGE).status_code == 403
        assert staff(login).post(PAGE, data={}).status_code == 403


def test_the_link_of_a_unit_as_a_picture(app, office, people):
    assert office.get(f"{HERE}/units/{people['unit']}/link/qr.png").status_code == 404
    assert office.post(f"{HERE}/units/{people['unit']}/link").status_code == 303
    picture = office.get(f"{HERE}/units/{people['unit']}/link/qr.png")
    assert (picture.mimetype, picture.data[:4]) == ("image/png", b"\x89PNG")
    with app.app_context():
        assert cast.find_seminar()


def test_the_sms_are_counted_where_they_are_paid_and_zalo_says_only_that_it_fits(app, office, people):
    assert office.get(f"{PAGE}?kind=short").text.count("tin SMS</span>") == 3
    page = office.get(PAGE).text
    assert page.count("vừa một tin Zalo") == 3
    assert "tin SMS" not in page
    long = office.get(PAGE, query_string={"purpose": "message", "wording": "{tọa đàm} " * 59}).text
    assert long.count("vừa một tin Zalo") == 3
    with app.app_context():
        cast.find_seminar().title = "Tọa đàm " + "rất dài " * 20
        db.session.commit()
    long = office.get(PAGE, query_string={"purpose": "message", "wording": "{tọa đàm} " * 59}).text
    assert long.count("dài hơn một tin Zalo (2.000 ký tự)") == 3
