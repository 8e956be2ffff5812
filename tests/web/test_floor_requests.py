"""Who asks for the floor: on their own page or by staff, the line, what the chair does with it."""

import pytest

from seminar.agenda.models import Sitting
from seminar.audit.models import AuditEntry
from seminar.lib.database import db
from tests import cast
from tests.web.speaking import FLOOR, HTMX, ask, begin, call, clock, hall, line, request_of, turns

__all__ = ["clock", "hall"]


@pytest.mark.parametrize("headers", [{}, HTMX | {"HX-Request-Type": "full"}])
def test_a_delegate_in_the_hall_asks_sees_the_place_and_withdraws(app, visitor, staff, hall, headers):
    for name in ("Bình", "Cường"):
        assert visitor.post(
            f"/i/{hall[name][1]}/floor", data={"subject": f"Ý kiến {name}", "topic": "0"}, headers=headers
        ).status_code == 303  # fmt: skip
    page = visitor.get(f"/i/{hall['Cường'][1]}").text
    assert "đứng thứ 2 trong danh sách" in page and "“Ý kiến Cường”" in page
    assert "Đăng ký phát biểu" in visitor.get(f"/i/{hall['Dung'][1]}").text
    shown = staff("thu").get(FLOOR).text
    assert shown.index("“Ý kiến Bình”") < shown.index("“Ý kiến Cường”")
    assert "Bí thư, Huyện Đoàn Thử" in shown and "hôm nay chưa phát biểu" in shown
    assert visitor.post(f"/i/{hall['Bình'][1]}/floor/withdrawal", headers=headers).status_code == 303
    assert visitor.post(f"/i/{hall['Bình'][1]}/floor/withdrawal").status_code == 303
    assert line(app) == ["Cường"]
    assert "đứng thứ 1 trong danh sách" in visitor.get(f"/i/{hall['Cường'][1]}/floor", headers=HTMX).text


def test_the_region_asks_anew_only_where_nothing_is_typed(visitor, hall):
    assert visitor.get(f"/i/{hall['Bình'][1]}/floor").location == f"/i/{hall['Bình'][1]}#floor"
    assert "hx-get" not in visitor.get(f"/i/{hall['Bình'][1]}/floor", headers=HTMX).text
    ask(visitor, hall["Bình"][1])
    part = visitor.get(f"/i/{hall['Bình'][1]}/floor", headers=HTMX).text
    assert "hx-get" in part and "<input" not in part and "<html" not in part


def test_two_presses_are_one_request_and_the_second_is_told_kindly(app, visitor, hall):
    ask(visitor, hall["Bình"][1])
    answer = visitor.post(
        f"/i/{hall['Bình'][1]}/floor", data={"subject": "Lần hai", "topic": "0"}, follow_redirects=True
    )
    assert "đã đăng ký phát biểu rồi: đang đứng thứ 1" in answer.text
    assert line(app) == ["Bình"]


def test_who_is_not_in_the_hall_is_told_what_to_do_and_keeps_what_was_typed(app, visitor, hall):
    page = visitor.get(f"/i/{hall['Em'][1]}").text
    assert "Đồng chí chưa điểm danh" in page and 'action="/i/' + hall["Em"][1] + '/floor"' not in page
    answer = ask(visitor, hall["Em"][1], "Nội dung của tôi")
    assert answer.status_code == 422
    assert "Đồng chí chưa điểm danh" in answer.text and "Nội dung của tôi" in answer.text
    assert line(app) == []


def test_nothing_can_be_asked_on_another_day_unless_the_sitting_is_on(app, visitor, staff, hall, clock):
    clock(60 * 60 * 48)
    assert 'id="floor"' not in visitor.get(f"/i/{hall['Bình'][1]}").text
    answer = ask(visitor, hall["Bình"][1])
    assert answer.status_code == 422 and line(app) == []
    begin(staff("thu"), app)
    assert ask(visitor, hall["Bình"][1]).status_code == 303
    assert line(app) == ["Bình"]


def test_after_the_sitting_nobody_can_ask(app, visitor, staff, hall):
    thu = staff("thu")
    begin(thu, app)
    with app.app_context():
        sitting_id = db.session.scalars(db.select(Sitting.id)).one()
    thu.post(f"{FLOOR}/sittings/{sitting_id}/ending")
    assert ask(visitor, hall["Bình"][1]).status_code == 422


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"subject": ""}, "ghi vắn tắt nội dung"),
        ({"subject": "x" * 301}, "tối đa 300 ký tự"),
        ({"topic": "999"}, "aria-invalid"),
        ({"topic": "x"}, "aria-invalid"),
    ],
)
def test_wrong_input_is_said_and_kept(app, visitor, hall, data, words):
    answer = ask(visitor, hall["Bình"][1], **{"subject": "Giữ lại"} | data)
    assert answer.status_code == 422 and words in answer.text
    assert data.get("subject", "Giữ lại") in answer.text
    assert line(app) == []


def test_the_chair_may_take_no_requests_for_a_while(app, visitor, staff, hall):
    thu = staff("thu")
    thu.post(f"{FLOOR}/settings", data={"minutes": "4"})
    assert "tạm dừng nhận đăng ký" in thu.get(FLOOR).text
    assert "tạm dừng nhận đăng ký phát biểu" in visitor.get(f"/i/{hall['Bình'][1]}").text
    assert ask(visitor, hall["Bình"][1]).status_code == 422
    thu.post(f"{FLOOR}/settings", data={"minutes": "4", "takes": "1"})
    assert ask(visitor, hall["Bình"][1]).status_code == 303
    begin(thu, app)
    assert "Mời, 4 phút" in thu.get(FLOOR).text


@pytest.mark.parametrize("minutes", ["", "0", "x", "241", "9" * 30])
def test_wrong_minutes_are_refused(app, office, hall, minutes):
    answer = office.post(f"{FLOOR}/settings", data={"minutes": minutes, "takes": "1"}, follow_redirects=True)
    assert "số nguyên từ 1 đến 240" in answer.text


def test_a_topic_and_a_subject_reach_the_chair(app, visitor, staff, hall):
    with app.app_context():
        topic = cast.find_seminar().topics[1].id
    ask(visitor, hall["Bình"][1], "Hỗ trợ cơ sở", topic=str(topic))
    page = staff("chung").get(FLOOR).text
    assert "“Hỗ trợ cơ sở”" in page and "Giải pháp" in page[page.index("Hỗ trợ cơ sở") :]


@pytest.mark.parametrize("login", ["oanh", "thu", "tam"])
@pytest.mark.parametrize("typed", ["cuong", "2", "tran van"])
def test_staff_puts_somebody_in_the_line_by_a_few_letters_or_the_number(app, staff, hall, login, typed):
    answer = staff(login).post(f"{FLOOR}/requests", data={"who": typed, "subject": "", "topic": "0"})
    assert answer.status_code == 303
    assert line(app) == ["Cường"]
    with app.app_context():
        entry = db.session.scalars(db.select(AuditEntry).where(AuditEntry.noun == "floor request")).one()
        assert (entry.verb, entry.on_behalf_of, entry.channel) == ("add", "Trần Văn Cường", "in_person")
        assert entry.detail == {}


def test_of_several_one_is_chosen_and_what_was_typed_stays(app, staff, hall):
    thu = staff("thu")
    answer = thu.post(f"{FLOOR}/requests", data={"who": "van", "subject": "Đã gõ", "topic": "0"})
    assert answer.status_code == 422 and "Có nhiều người trùng" in answer.text and "Đã gõ" in answer.text
    assert "Trần Văn Cường" in answer.text and "Phạm Văn Em" in answer.text
    chosen = {"who": "van", "subject": "Đã gõ", "topic": "0", "delegate": str(hall["Em"][0])}
    told = thu.post(f"{FLOOR}/requests", data=chosen)
    assert told.status_code == 422 and "Phạm Văn Em chưa điểm danh" in told.text and "Đã gõ" in told.text
    assert f'name="absent" value="{hall["Em"][0]}"' in told.text and f'value="{hall["Em"][0]}" checked' in told.text
    assert line(app) == []
    assert thu.post(f"{FLOOR}/requests", data=chosen | {"absent": str(hall["Dung"][0])}).status_code == 422
    assert thu.post(f"{FLOOR}/requests", data=chosen | {"absent": str(hall["Em"][0])}).status_code == 303
    assert line(app) == ["Em"]
    with app.app_context():
        entry = db.session.scalars(db.select(AuditEntry).where(AuditEntry.noun == "floor request")).one()
        assert entry.detail == {"not_registered_as_present": True}
    assert "chưa điểm danh hoặc đã ra ngoài" in thu.get(FLOOR).text
    again = thu.post(f"{FLOOR}/requests", data=chosen, follow_redirects=True)
    assert "đã có trong danh sách chờ, thứ 1" in again.text and line(app) == ["Em"]


@pytest.mark.parametrize("who", ["", "khong co ai", "99999"])
def test_nobody_found_is_said(app, staff, hall, who):
    answer = staff("tam").post(f"{FLOOR}/requests", data={"who": who, "subject": "Giữ", "topic": "0"})
    assert answer.status_code == 422 and "Giữ" in answer.text and line(app) == []


def test_a_chosen_person_of_another_search_is_not_taken(app, staff, hall):
    data = {"who": "van", "subject": "", "topic": "0", "delegate": str(hall["Dung"][0])}
    assert staff("thu").post(f"{FLOOR}/requests", data=data).status_code == 422
    assert line(app) == []


def test_the_chair_moves_puts_aside_and_puts_back(app, visitor, staff, hall):
    thu = staff("thu")
    for name in ("Bình", "Cường", "Dung"):
        ask(visitor, hall[name][1])
    address = f"{FLOOR}/requests/{request_of(app, 'Dung')}"
    thu.post(f"{address}/order", data={"step": "-1"})
    assert line(app) == ["Bình", "Dung", "Cường"]
    thu.post(f"{address}/order", data={"step": "1"})
    thu.post(f"{address}/order", data={"step": "1"})
    assert line(app) == ["Bình", "Cường", "Dung"]
    thu.post(f"{FLOOR}/requests/{request_of(app, 'Bình')}/aside")
    assert line(app) == ["Cường", "Dung"]
    assert "chủ trì tạm gác" in thu.get(f"{FLOOR}/record").text
    thu.post(f"{FLOOR}/requests/{request_of(app, 'Bình')}/reversal")
    thu.post(f"{FLOOR}/requests/{request_of(app, 'Bình')}/reversal")
    assert line(app)[0] == "Bình"
    thu.post(f"{FLOOR}/requests/{request_of(app, 'Cường')}/withdrawal")
    assert line(app) == ["Bình", "Dung"]
    ask(visitor, hall["Cường"][1])
    assert line(app) == ["Bình", "Dung", "Cường"]


def test_a_settled_request_cannot_be_settled_otherwise(app, visitor, staff, hall):
    thu = staff("thu")
    begin(thu, app)
    ask(visitor, hall["Bình"][1])
    call(thu, app, "Bình")
    for verb in ("aside", "withdrawal"):
        answer = thu.post(f"{FLOOR}/requests/{request_of(app, 'Bình')}/{verb}", follow_redirects=True)
        assert "vừa được người khác xử lý" in answer.text
    answer = thu.post(f"{FLOOR}/requests/{request_of(app, 'Bình')}/reversal", follow_redirects=True)
    assert "hãy hủy lượt phát biểu" in answer.text
    visitor.post(f"/i/{hall['Bình'][1]}/floor/withdrawal")
    assert turns(app) == [("Bình", 5, None)]
