"""Turns to speak and their clock, items begun from the chair's page, mistakes taken back."""

from datetime import timedelta

import pytest

from seminar.agenda.models import Item, Run, Sitting
from seminar.lib.database import db
from seminar.minutes.models import Turn
from tests import cast
from tests.web.speaking import FLOOR, ask, begin, call, clock, hall, item_id, line, place_paper, turn_id, turns

__all__ = ["clock", "hall"]


def test_the_clock_of_a_turn_from_the_call_to_the_end(app, visitor, staff, hall, clock):
    thu = staff("thu")
    begin(thu, app)
    for name in ("Bình", "Cường"):
        ask(visitor, hall[name][1])
    clock(60)
    call(thu, app, "Bình", 3)
    clock(60 + 125)
    page = thu.get(FLOOR).text
    assert 'data-pace="last_minute"' in page and "<span data-elapsed>02:05</span>" in page
    assert "Mời đồng chí phát biểu: 3 phút" in visitor.get(f"/i/{hall['Bình'][1]}").text
    assert "Đồng chí đang phát biểu. Hãy đăng ký lại" in ask(visitor, hall["Bình"][1]).text
    thu.post(f"{FLOOR}/turns/{turn_id(app)}/extension")
    assert 'data-pace="on_time"' in thu.get(FLOOR).text
    clock(60 + 250)
    page = thu.get(FLOOR).text
    assert 'data-pace="over"' in page and "<b data-over>00:10</b>" in page and "QUÁ GIỜ" in page
    thu.post(f"{FLOOR}/turns/{turn_id(app)}/ending")
    clock(60 + 300)
    thu.post(f"{FLOOR}/turns/{turn_id(app)}/ending")
    assert turns(app) == [("Bình", 4, 250)]
    ask(visitor, hall["Bình"][1])
    assert "hôm nay đã phát biểu 1 lần, 04:10" in thu.get(FLOOR).text
    record = thu.get(f"{FLOOR}/record").text
    assert "04:10" in record and "quá 00:10" in record and "Nguyễn Thị Bình, Bí thư Huyện Đoàn Thử" in record


def test_the_next_speaker_ends_the_one_before(app, visitor, staff, hall, clock):
    thu = staff("thu")
    begin(thu, app)
    for name in ("Bình", "Cường"):
        ask(visitor, hall[name][1])
    call(thu, app, "Bình")
    clock(100)
    call(thu, app, "Cường", 7, turn_id(app))
    assert turns(app) == [("Bình", 5, 100), ("Cường", 7, None)]
    assert line(app) == []


def test_two_who_call_at_once_one_speaks_and_the_other_is_told(app, visitor, staff, hall):
    thu, oanh = staff("thu"), staff("oanh")
    begin(thu, app)
    for name in ("Bình", "Cường"):
        ask(visitor, hall[name][1])
    call(thu, app, "Bình", on=0)
    answer = call(oanh, app, "Cường", on=0)
    assert "“Nguyễn Thị Bình” vừa được Ngô Anh Thu mời phát biểu" in answer.text
    assert turns(app) == [("Bình", 5, None)] and line(app) == ["Cường"]
    call(oanh, app, "Bình", on=0)
    assert turns(app) == [("Bình", 5, None)]


def test_nobody_is_called_before_an_item_is_on(app, visitor, staff, hall):
    thu = staff("thu")
    ask(visitor, hall["Bình"][1])
    assert "Chưa có mục nào của chương trình đang diễn ra" in call(thu, app, "Bình").text
    assert turns(app) == [] and line(app) == ["Bình"]


@pytest.mark.parametrize("minutes", ["", "0", "x", "241"])
def test_a_turn_has_sensible_minutes(app, visitor, staff, hall, minutes):
    thu = staff("thu")
    begin(thu, app)
    ask(visitor, hall["Bình"][1])
    assert "số nguyên từ 1 đến 240" in call(thu, app, "Bình", minutes).text
    assert turns(app) == []


def test_a_call_by_mistake_is_taken_back_the_request_waits_and_who_was_cut_off_goes_on(
    app, visitor, staff, hall, clock
):
    thu = staff("thu")
    begin(thu, app)
    for name in ("Bình", "Cường"):
        ask(visitor, hall[name][1])
    call(thu, app, "Bình")
    clock(30)
    call(thu, app, "Cường", on=turn_id(app))
    thu.post(f"{FLOOR}/turns/{turn_id(app)}/reversal")
    thu.post(f"{FLOOR}/turns/{turn_id(app)}/reversal")
    assert turns(app) == [("Bình", 5, None)] and line(app) == ["Cường"]
    clock(60)
    with app.app_context():
        on = db.session.scalar(db.select(db.func.min(Turn.id)))
    call(thu, app, "Cường", on=on)
    assert turns(app) == [("Bình", 5, 60), ("Cường", 5, None)]
    with app.app_context():
        assert db.session.scalar(db.select(db.func.count(Turn.id))) == 3


def test_taking_back_a_call_keeps_a_newer_request(app, visitor, staff, hall):
    thu = staff("thu")
    begin(thu, app)
    ask(visitor, hall["Bình"][1])
    call(thu, app, "Bình")
    thu.post(f"{FLOOR}/turns/{turn_id(app)}/ending")
    ask(visitor, hall["Bình"][1], "Ý kiến thứ hai")
    thu.post(f"{FLOOR}/turns/{turn_id(app)}/reversal")
    assert line(app) == ["Bình"]
    assert "“Ý kiến thứ hai”" in thu.get(FLOOR).text


def test_an_end_by_mistake_is_taken_back_unless_somebody_speaks(app, visitor, staff, hall, clock):
    thu = staff("thu")
    begin(thu, app)
    for name in ("Bình", "Cường"):
        ask(visitor, hall[name][1])
    call(thu, app, "Bình")
    first = turn_id(app)
    thu.post(f"{FLOOR}/turns/{first}/ending")
    assert "Kết thúc nhầm: cho phát biểu tiếp" in thu.get(FLOOR).text
    thu.post(f"{FLOOR}/turns/{first}/continuation")
    thu.post(f"{FLOOR}/turns/{first}/continuation")
    assert turns(app) == [("Bình", 5, None)]
    clock(10)
    call(thu, app, "Cường", on=first)
    answer = thu.post(f"{FLOOR}/turns/{first}/continuation", follow_redirects=True)
    assert "Hiện người khác đang phát biểu" in answer.text
    assert turns(app) == [("Bình", 5, 10), ("Cường", 5, None)]
    assert "Lượt phát biểu này đã kết thúc" in thu.post(f"{FLOOR}/turns/{first}/extension", follow_redirects=True).text


def test_somebody_is_called_without_having_waited_also_a_guest_of_no_list(app, visitor, staff, hall, clock):
    thu = staff("thu")
    begin(thu, app)
    ask(visitor, hall["Dung"][1])
    data = {"who": "dung", "subject": "", "topic": "0", "minutes": "6", "on": "0"}
    assert thu.post(f"{FLOOR}/turns", data=data).status_code == 303
    assert turns(app) == [("Dung", 6, None)] and line(app) == []
    clock(20)
    data = {"who": "Ông Khách Lạ", "subject": "", "topic": "0", "minutes": "", "on": str(turn_id(app))}
    answer = thu.post(f"{FLOOR}/turns", data=data)
    assert answer.status_code == 422 and "khách ngoài danh sách: “Ông Khách Lạ”" in answer.text
    assert thu.post(f"{FLOOR}/turns", data=data | {"delegate": "typed"}).status_code == 303
    assert turns(app) == [("Dung", 6, 20), ("Lạ", 5, None)]
    late = thu.post(f"{FLOOR}/turns", data=data | {"who": "dung", "on": "0"})
    assert late.status_code == 422 and "“Ông Khách Lạ” vừa được" in late.text
    assert thu.post(f"{FLOOR}/turns", data=data | {"who": ""}).status_code == 422
    assert thu.post(f"{FLOOR}/turns", data=data | {"who": "\u200b", "delegate": "typed"}).status_code == 422


def test_a_paper_begins_with_its_speaker_by_one_press_and_is_taken_back_by_one(app, visitor, staff, hall, clock):
    thu = staff("thu")
    begin(thu, app)
    ask(visitor, hall["Cường"][1])
    call(thu, app, "Cường")
    place_paper(app, hall)
    clock(50)
    on = item_id(app, "Trao đổi")
    begin(thu, app, "Bài của Bình", on=str(on))
    begin(thu, app, "Bài của Bình", on=str(on))
    assert turns(app) == [("Cường", 5, 50), ("Bình", 7, None)]
    assert "Mời, 7 phút" not in thu.get(FLOOR).text
    ask(visitor, hall["Dung"][1])
    assert "Mời, 7 phút" in thu.get(FLOOR).text
    with app.app_context():
        run = db.session.scalar(db.select(db.func.max(Run.id)))
    thu.post(f"{FLOOR}/runs/{run}/reversal")
    thu.post(f"{FLOOR}/runs/{run}/reversal")
    assert turns(app) == [("Cường", 5, None)]
    page = thu.get(FLOOR).text
    assert page.count('<p class="person">Trao đổi</p>') == 1


def test_an_item_taken_back_leaves_none_of_its_speakers_on_the_floor(app, visitor, staff, hall, clock):
    thu = staff("thu")
    begin(thu, app)
    ask(visitor, hall["Cường"][1])
    call(thu, app, "Cường")
    place_paper(app, hall)
    clock(50)
    begin(thu, app, "Bài của Bình", on=str(item_id(app, "Trao đổi")))
    ask(visitor, hall["Dung"][1])
    clock(70)
    call(thu, app, "Dung", on=turn_id(app))
    assert turns(app) == [("Cường", 5, 50), ("Bình", 7, 20), ("Dung", 5, None)]
    with app.app_context():
        run = db.session.scalar(db.select(db.func.max(Run.id)))
    clock(80)
    thu.post(f"{FLOOR}/runs/{run}/reversal")
    assert turns(app) == [("Cường", 5, None)] and line(app) == ["Dung"]


def test_an_item_that_ends_and_a_sitting_that_ends_end_the_turn(app, visitor, staff, hall, clock):
    thu = staff("thu")
    begin(thu, app)
    ask(visitor, hall["Cường"][1])
    call(thu, app, "Cường")
    clock(40)
    with app.app_context():
        run = db.session.scalar(db.select(db.func.max(Run.id)))
        sitting_id = db.session.scalars(db.select(Sitting.id)).one()
    thu.post(f"{FLOOR}/runs/{run}/ending")
    assert turns(app) == [("Cường", 5, 40)]
    assert "Không có mục nào đang diễn ra" in thu.get(FLOOR).text
    thu.post(f"{FLOOR}/turns/{turn_id(app)}/continuation")
    clock(80)
    thu.post(f"{FLOOR}/sittings/{sitting_id}/ending")
    assert turns(app) == [("Cường", 5, 80)]
    thu.post(f"{FLOOR}/sittings/{sitting_id}/continuation")
    thu.post(f"{FLOOR}/sittings/{sitting_id}/beginning")
    assert begin(thu, app, "Kết luận").status_code == 303
    assert '<p class="person">Kết luận</p>' in thu.get(FLOOR).text


def test_a_turn_that_nobody_ended_ends_when_the_programme_went_on(app, visitor, staff, hall, clock):
    """The item was begun on the page of the programme, which knows nothing of turns."""
    from seminar.agenda import actions as agenda

    thu = staff("thu")
    begin(thu, app)
    ask(visitor, hall["Cường"][1])
    call(thu, app, "Cường")
    with app.app_context():
        agenda.begin_item(
            db.session.get_one(Item, item_id(app, "Kết luận")), cast.OFFICE, clock.start + timedelta(seconds=90)
        )
        db.session.commit()
    clock(200)
    assert "Lượt này bắt đầu ở mục “Trao đổi”" in thu.get(FLOOR).text
    thu.post(f"{FLOOR}/turns/{turn_id(app)}/ending")
    assert turns(app) == [("Cường", 5, 90)]
