"""The clock that the hall sees."""

from datetime import timedelta

from seminar.agenda.models import Item
from seminar.lib.database import db
from tests import cast
from tests.web.speaking import HERE, HTMX, ask, begin, call, clock, hall, item_id, opened

__all__ = ["clock", "hall"]


def test_the_hall_sees_the_item_the_speaker_and_the_clock_and_nothing_to_press(app, visitor, staff, hall, clock):
    thu = staff("thu")
    address = opened(thu)
    page = visitor.get(address)
    assert "Chưa bắt đầu" in page.text and "Tuyên bố lý do" in page.text
    begin(thu, app)
    ask(visitor, hall["Cường"][1], "Bí mật của dòng chờ")
    assert "Cường" not in visitor.get(address).text
    call(thu, app, "Cường")
    clock(301)
    page = visitor.get(address)
    assert "Trần Văn Cường" in page.text and "Bí thư Huyện Đoàn Thử" in page.text and "Trao đổi" in page.text
    assert "Kết luận" in page.text and 'data-pace="over"' in page.text and "05:01" in page.text
    assert "<nav" not in page.text and "<button" not in page.text and "<form" not in page.text
    assert 'http-equiv="refresh"' in page.text
    part = visitor.get(address, headers=HTMX)
    assert part.text.strip().startswith('<div id="clock"') and "HX-Request-Type" in part.headers["Vary"]
    assert (clock.start + timedelta(seconds=301)).isoformat() in part.text


def test_the_hall_forgets_a_turn_when_the_programme_went_on(app, visitor, staff, hall, clock):
    from seminar.agenda import actions as agenda

    thu = staff("thu")
    address = opened(thu)
    begin(thu, app)
    ask(visitor, hall["Cường"][1])
    call(thu, app, "Cường")
    assert "Mời đồng chí phát biểu" in visitor.get(f"/i/{hall['Cường'][1]}").text
    with app.app_context():
        later = clock.start + timedelta(seconds=90)
        agenda.begin_item(db.session.get_one(Item, item_id(app, "Kết luận")), cast.OFFICE, later)
        db.session.commit()
    clock(100)
    assert "Cường" not in visitor.get(address).text
    page = visitor.get(f"/i/{hall['Cường'][1]}").text
    assert "Mời đồng chí phát biểu" not in page and 'name="subject"' in page
    assert ask(visitor, hall["Cường"][1], "Ý nữa").status_code == 303


def test_the_old_address_of_the_clock_shows_nothing(app, office, visitor, hall):
    address = opened(office)
    office.post(f"{HERE}/welcome-screen/renewal")
    assert visitor.get(address).status_code == 410
    assert visitor.get(f"/w/{'1' * 20}/clock").status_code == 404
    assert visitor.get("/w/x/clock").status_code == 404
