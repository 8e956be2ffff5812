"""The floor: the chair's page, those who ask for it, the turns and their clock, mistakes taken back."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from seminar.agenda.models import Item, ItemKind, Run, Sitting
from seminar.audit.models import AuditEntry
from seminar.lib.database import db
from seminar.minutes import actions
from seminar.minutes.models import FloorOutcome, FloorRequest, Turn
from tests import cast, reception
from tests.reception import device, scan
from tests.web.test_programme import place

HERE = f"/seminars/{cast.SLUG}"
FLOOR = f"{HERE}/floor"
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
MODULES = ("minutes.views.floor", "minutes.views.clock", "portal.views.floor", "portal.views.personal")


@pytest.fixture
def clock(monkeypatch):
    """`clock(90)`: it is then ninety seconds after the sitting begins, which is on for three hours."""
    start = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=1)

    def be(seconds):
        for module in MODULES:
            monkeypatch.setattr(f"seminar.{module}.now", lambda: start + timedelta(seconds=seconds))
        return start + timedelta(seconds=seconds)

    be(0)
    be.start = start
    return be


@pytest.fixture
def hall(app, clock):
    """A sitting of two items, three delegates in the hall (Bình, Cường, Dung), one not (Em): name -> (id, code)."""
    with app.app_context():
        seminar = cast.find_seminar()
        sitting = Sitting(
            seminar_id=seminar.id, name="Buổi sáng", starts_at=clock.start, ends_at=clock.start + timedelta(hours=3)
        )
        sitting.items = [
            Item(position=1, kind=ItemKind.OPENING, title="Tuyên bố lý do", minutes=10),
            Item(position=2, kind=ItemKind.DISCUSSION, title="Trao đổi", minutes=45, presenter="Chủ trì"),
            Item(position=3, kind=ItemKind.CLOSING, title="Kết luận", minutes=15),
        ]
        db.session.add(sitting)
        db.session.commit()
        people = {
            name.split()[-1]: reception.add_person(name, "G2", position="Bí thư", body="Huyện Đoàn Thử")
            for name in ("Nguyễn Thị Bình", "Trần Văn Cường", "Lê Thị Dung", "Phạm Văn Em")
        }
    device(app).told(*(scan(people[name][1]) for name in ("Bình", "Cường", "Dung")))
    return people


def item_id(app, title):
    with app.app_context():
        return db.session.scalars(db.select(Item.id).where(Item.title == title)).one()


def begin(client, app, title="Trao đổi", **data):
    return client.post(f"{FLOOR}/items/{item_id(app, title)}/beginning", data=data)


def ask(client, code, subject="Góp ý về chuyển đổi số", **data):
    return client.post(f"/i/{code}/floor", data={"subject": subject, "topic": "0"} | data)


def line(app):
    with app.app_context():
        query = db.select(FloorRequest).where(FloorRequest.settled_at.is_(None))
        found = sorted(db.session.scalars(query), key=lambda one: (one.position, one.asked_at, one.id))
        return [one.delegate.name.split()[-1] for one in found]


def request_of(app, name):
    with app.app_context():
        query = db.select(FloorRequest).order_by(FloorRequest.id.desc())
        return next(one.id for one in db.session.scalars(query) if one.delegate.name.split()[-1] == name)


def turns(app):
    """(given name, minutes, seconds or None while on) of those not taken back, as they began."""
    with app.app_context():
        query = db.select(Turn).where(Turn.undone_at.is_(None)).order_by(Turn.began_at, Turn.id)
        return [
            (
                one.speaker.split(",")[0].split()[-1],
                one.minutes,
                None if one.ended_at is None else int((one.ended_at - one.began_at).total_seconds()),
            )
            for one in db.session.scalars(query)
        ]


def turn_id(app):
    with app.app_context():
        return db.session.scalar(db.select(db.func.max(Turn.id)))


def call(client, app, name, minutes=5, on=0):
    address = f"{FLOOR}/requests/{request_of(app, name)}/turn"
    return client.post(address, data={"minutes": str(minutes), "on": str(on)}, follow_redirects=True)


# --- a delegate asks


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


# --- staff enters somebody


@pytest.mark.parametrize("login", ["oanh", "thu", "tam"])
@pytest.mark.parametrize("typed", ["cuong", "2", "tran van"])
def test_staff_puts_somebody_in_the_line_by_a_few_letters_or_the_number(app, staff, hall, login, typed):
    answer = staff(login).post(f"{FLOOR}/requests", data={"who": typed, "subject": "", "topic": "0"})
    assert answer.status_code == 303
    assert line(app) == ["Cường"]
    with app.app_context():
        entry = db.session.scalars(db.select(AuditEntry).where(AuditEntry.noun == "floor request")).one()
        assert (entry.verb, entry.on_behalf_of, entry.channel) == ("add", "Trần Văn Cường", "in_person")


def test_of_several_one_is_chosen_and_what_was_typed_stays(app, staff, hall):
    thu = staff("thu")
    answer = thu.post(f"{FLOOR}/requests", data={"who": "van", "subject": "Đã gõ", "topic": "0"})
    assert answer.status_code == 422 and "Có nhiều người trùng" in answer.text and "Đã gõ" in answer.text
    assert "Trần Văn Cường" in answer.text and "Phạm Văn Em" in answer.text
    chosen = {"who": "van", "subject": "Đã gõ", "topic": "0", "delegate": str(hall["Em"][0])}
    assert thu.post(f"{FLOOR}/requests", data=chosen).status_code == 303
    assert line(app) == ["Em"]
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


# --- the line


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


# --- turns


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


# --- items and sittings from the chair's page


def place_paper(app, hall, name="Bình"):
    """A paper of seven minutes, presented before the closing item."""
    with app.app_context():
        place("Bài của Bình")
        db.session.scalars(db.select(Item).where(Item.title == "Bài của Bình")).one().speaker_id = hall[name][0]
        db.session.commit()


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


# --- the hall's clock


def opened(client):
    client.post(f"{FLOOR}/clock")
    client.post(f"{FLOOR}/clock")
    return "/w/" + re.search(r"/w/(\d{20})/clock", client.get(FLOOR).text)[1] + "/clock"


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
    with app.app_context():
        later = clock.start + timedelta(seconds=90)
        agenda.begin_item(db.session.get_one(Item, item_id(app, "Kết luận")), cast.OFFICE, later)
        db.session.commit()
    clock(100)
    assert "Cường" not in visitor.get(address).text


def test_the_old_address_of_the_clock_shows_nothing(app, office, visitor, hall):
    address = opened(office)
    office.post(f"{HERE}/welcome-screen/renewal")
    assert visitor.get(address).status_code == 410
    assert visitor.get(f"/w/{'1' * 20}/clock").status_code == 404
    assert visitor.get("/w/x/clock").status_code == 404


# --- who may, and what it costs


def test_readers_see_no_presses(app, visitor, staff, hall):
    begin(staff("thu"), app)
    ask(visitor, hall["Bình"][1])
    for login in ("chung", "tam"):
        page = staff(login).get(FLOOR).text
        region = page[page.index('id="floor"') : page.index("</main>")]
        assert "/turn" not in region and "/aside" not in region and "/settings" not in region
        assert ("/requests" in region) is (login == "tam")


def test_rows_of_another_seminar_are_not_found(app, staff, hall, visitor):
    ask(visitor, hall["Bình"][1])
    begin(staff("thu"), app)
    call(staff("thu"), app, "Bình")
    with app.app_context():
        reception.other_seminar()
        db.session.commit()
    thu, other = staff("thu"), "/seminars/toa-dam-khac/floor"
    for path in (f"requests/{request_of(app, 'Bình')}/aside", f"turns/{turn_id(app)}/ending", "turns/999999/ending"):
        assert thu.post(f"{other}/{path}").status_code == 404
    assert "Chương trình chưa có buổi nào" in thu.get(other).text


@pytest.mark.parametrize("page", ["chair", "region", "hall", "record"])
def test_a_page_costs_the_same_for_one_and_for_many(app, visitor, staff, hall, query_count, page):
    thu = staff("thu")
    begin(thu, app)
    hall_address = opened(thu)
    ask(visitor, hall["Bình"][1])
    call(thu, app, "Bình")
    ask(visitor, hall["Cường"][1])
    who, address, headers = {
        "chair": (thu, FLOOR, {}),
        "region": (thu, FLOOR, HTMX),
        "hall": (visitor, hall_address, HTMX),
        "record": (thu, f"{FLOOR}/record", {}),
    }[page]
    before = query_count(lambda: who.get(address, headers=headers))
    with app.app_context():
        seminar = cast.find_seminar()
        for number in range(20):
            delegate = cast.add_delegate(seminar, f"Người Số {number}", "G2")
            made, _ = actions.ask_for_floor(
                seminar, delegate, "Ý", seminar.topics[0], cast.OFFICE, datetime.now(UTC), for_them=True
            )
            if number % 2:
                actions.withdraw_request(made, cast.OFFICE, datetime.now(UTC))
            elif number % 3:
                actions.begin_turn(
                    seminar, request=made, minutes=2, by=cast.OFFICE, now=datetime.now(UTC) + timedelta(seconds=number)
                )
        db.session.commit()
    after = query_count(lambda: who.get(address, headers=headers))
    print(page, before, after)
    assert after <= before + (2 if page == "record" else 1)
    assert after <= {"chair": 20, "region": 18, "hall": 6, "record": 10}[page]


def test_every_deed_is_in_the_log(app, visitor, staff, hall):
    thu = staff("thu")
    begin(thu, app)
    for name in ("Bình", "Cường", "Dung"):
        ask(visitor, hall[name][1])
    thu.post(f"{FLOOR}/requests/{request_of(app, 'Cường')}/aside")
    visitor.post(f"/i/{hall['Dung'][1]}/floor/withdrawal")
    call(thu, app, "Bình")
    for verb in ("extension", "ending", "continuation", "reversal"):
        thu.post(f"{FLOOR}/turns/{turn_id(app)}/{verb}")
    with app.app_context():
        query = db.select(AuditEntry).where(AuditEntry.noun.in_(("turn", "floor request"))).order_by(AuditEntry.id)
        told = [(one.noun.split()[0], one.verb, one.actor_kind) for one in db.session.scalars(query)]
    assert told == [
        *[("floor", "add", "delegate")] * 3,
        ("floor", "put aside", "staff"),
        ("floor", "withdraw", "delegate"),
        ("turn", "begin", "staff"),
        ("turn", "extend", "staff"),
        ("turn", "end", "staff"),
        ("turn", "resume", "staff"),
        ("turn", "undo", "staff"),
    ]
    with app.app_context():
        outcomes = {one.outcome for one in db.session.scalars(db.select(FloorRequest))}
    assert outcomes == {None, FloorOutcome.PUT_ASIDE, FloorOutcome.WITHDRAWN}
