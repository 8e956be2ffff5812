"""The boards of the day: who has just come, the important guests, the MC's list, the welcome screen, the desks."""

import re
from datetime import timedelta

import pytest

from seminar.checkin.models import Arrival, Desk, Greeting, Scan, Screen
from seminar.checkin.queries import boards
from seminar.delegates.models import Delegate
from seminar.invitations.models import Invitation, Proxy, ProxyOutcome
from seminar.lib.clock import local, now
from seminar.lib.database import db
from tests import cast, reception
from tests.reception import device, earlier, scan

HERE = f"/seminars/{cast.SLUG}"
GUESTS, ALOUD, SCREEN = f"{HERE}/important-guests", f"{HERE}/introductions", f"{HERE}/welcome-screen"
PHONE = "0919191919"
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def desk(app):
    return device(app, name="Bàn 1")


def person(app, name, group="G1", **values):
    with app.app_context():
        return reception.add_person(name, group, phone=PHONE, **values)


def send_proxy(app, delegate_id, name, position):
    with app.app_context():
        proxy = Proxy(
            delegate_id=delegate_id, name=name, position=position, reason="bận", proposed_at=cast.NOW, proposed_by="x",
            channel="page", outcome=ProxyOutcome.APPROVED, decided_at=cast.NOW, decided_by="Oanh",
        )  # fmt: skip
        db.session.add(proxy)
        db.session.flush()
        db.session.scalars(db.select(Invitation).where(Invitation.delegate_id == delegate_id)).one().proxy_id = proxy.id
        db.session.commit()


def section(page, heading):
    """The text of one section of the guests' board, by its heading."""
    return next(part for part in page.text.split("<section")[1:] if f"<h2>{heading}" in part)


# --- just in


def test_the_last_ten_stand_on_top_newest_first_with_desk_and_rate(app, office, desk):
    codes = [person(app, f"Người Thứ {n}", "G2")[1] for n in range(12)]
    other = device(app, name="Bàn 2")
    desk.told(*(scan(code, offline=True, at=earlier(30 - n)) for n, code in enumerate(codes[:11])))
    other.told(scan(codes[11]))
    page = office.get(f"{HERE}/arrivals").text
    shown = page[page.index('id="just-in"') : page.index('id="listing"')]
    assert re.findall(r"<b>(Người Thứ \d+)</b>", shown) == [f"Người Thứ {n}" for n in range(11, 1, -1)]
    assert shown.index("Bàn 2") < shown.index("Bàn 1")
    assert re.search(r'id="rate">(\d+)<', page)[1] == "1"


# --- important guests


def test_guests_stand_where_they_belong_newest_first(app, office, desk):
    first, second = person(app, "Khách Một", seat="A1"), person(app, "Khách Hai", alert="Anh Minh đón ở cửa")
    person(app, "Khách Chưa Đến")
    third = person(app, "Khách Đã Ra")
    plain = person(app, "Người Thường", "G2")
    alerted = person(app, "Người Có Nhắc", "G2", alert="Đi xe lăn")
    desk.told(*(scan(one[1]) for one in (first, third, plain, second)), scan(third[1], "exit"))
    page = office.get(GUESTS)
    here = section(page, "Vừa đến, cần đón (2)")
    assert here.index("Khách Hai") < here.index("Khách Một")
    assert "Anh Minh đón ở cửa" in here and "Chỗ ngồi A1" in here and "Bàn 1" in here
    expected = section(page, "Chưa đến (2)")
    assert "Khách Chưa Đến" in expected and "Người Có Nhắc" in expected and "Đi xe lăn" in expected
    assert "chưa trả lời" in expected
    assert "Khách Đã Ra" in section(page, "Đã ra (1)")
    assert "Người Thường" not in page.text and not cast.tells(page.text, PHONE)
    desk.told(scan(alerted[1]))
    assert "Người Có Nhắc" in section(office.get(GUESTS), "Vừa đến, cần đón (3)")


def test_a_member_of_a_group_that_is_met_counts_by_a_further_membership_too(app, office):
    with app.app_context():
        cast.add_delegate(cast.find_seminar(), "Đồng Chủ Trì Thêm", "G2", "CT2")
        db.session.commit()
    assert "Đồng Chủ Trì Thêm" in section(office.get(GUESTS), "Chưa đến (1)")


def test_who_said_no_is_expected_last_and_a_proxy_by_the_own_name(app, office):
    declined, _ = person(app, "Người Báo Vắng")
    sends, _ = person(app, "Người Cử Thay", position="Bí thư")
    with app.app_context():
        reception.decline(db.session.get_one(Delegate, declined))
        db.session.commit()
    send_proxy(app, sends, "Người Dự Thay", "Phó Bí thư")
    expected = section(office.get(GUESTS), "Chưa đến (2)")
    assert expected.index("Người Dự Thay") < expected.index("dự thay Người Cử Thay") < expected.index("Người Báo Vắng")
    assert "báo vắng" in expected


def test_a_guest_is_met_once_and_the_second_press_is_told_calmly(app, office, staff, desk):
    guest, code = person(app, "Khách Quý")
    desk.told(scan(code))
    answer = office.post(f"{GUESTS}/{guest}/greeting", data={"met_by": " Anh  Minh "}, follow_redirects=True)
    assert "Anh Minh đón lúc" in section(answer, "Đã đón (1)")
    again = staff("tam").post(f"{GUESTS}/{guest}/greeting", data={}, follow_redirects=True)
    assert "đã được Anh Minh đón lúc" in again.text
    with app.app_context():
        kept = db.session.scalars(db.select(Greeting)).one()
        assert (kept.met_by, kept.by) == ("Anh Minh", "Trần Thị Oanh")


def test_nobody_named_means_whoever_pressed_and_it_can_be_taken_back(app, staff, desk):
    guest, code = person(app, "Khách Quý")
    desk.told(scan(code))
    tam = staff("tam")
    tam.post(f"{GUESTS}/{guest}/greeting", data={"met_by": ""})
    back = tam.post(f"{GUESTS}/{guest}/greeting/reversal", follow_redirects=True)
    assert "Khách Quý" in section(back, "Vừa đến, cần đón (1)")
    assert tam.post(f"{GUESTS}/{guest}/greeting/reversal").status_code == 303
    tam.post(f"{GUESTS}/{guest}/greeting", data={"met_by": "x" * 500})
    with app.app_context():
        kept = db.session.scalars(db.select(Greeting).order_by(Greeting.id)).all()
        assert [(one.met_by[:10], one.withdrawn_by) for one in kept] == [
            ("Đỗ Minh Tâ", "Đỗ Minh Tâm"),
            ("xxxxxxxxxx", ""),
        ]


def test_only_one_greeting_stands_whoever_presses(app, desk):
    """The index says so, below all code."""
    from sqlalchemy.exc import IntegrityError

    guest, _ = person(app, "Khách Quý")
    with app.app_context():
        seminar = cast.find_seminar()
        for _ in range(2):
            db.session.add(Greeting(seminar_id=seminar.id, delegate_id=guest, met_by="a", at=cast.NOW, by="a"))
        with pytest.raises(IntegrityError):
            db.session.flush()
        db.session.rollback()


# --- introductions


def names(page):
    return re.findall(r"<b>([^<]+)</b>", page.text[page.text.index('id="introductions"') :])


def test_those_present_are_read_in_protocol_order(app, office, desk):
    people = [
        person(app, "Ủy Viên", position="Ủy viên Ban Thường vụ", body="Tỉnh ủy"),
        person(app, "Phó Bí Thư", position="Phó Bí thư", body="Tỉnh ủy"),
        person(app, "Thường Trực", position="Phó Bí thư Thường trực", body="Tỉnh ủy"),
        person(app, "Bí Thư", position="Bí thư Tỉnh ủy", body="Tỉnh ủy", honorific="Đồng chí"),
        person(app, "Trưởng Ban", "G2", position="Trưởng ban", academic_title="TS."),
        person(app, "Anh Chủ Trì", "CT2"),
        person(app, "Đi Vắng", "CT2"),
        person(app, "Đã Ra", "CT2"),
    ]
    desk.told(*(scan(code) for _, code in people[:6]), scan(people[7][1]), scan(people[7][1], "exit"))
    page = office.get(ALOUD)
    read = ["Anh Chủ Trì", "Bí Thư", "Thường Trực", "Phó Bí Thư", "Ủy Viên", "TS. Trưởng Ban"]
    assert [name.removeprefix("Đồng chí ") for name in names(page)] == read
    assert "</b>, Bí thư Tỉnh ủy</li>" in page.text  # the body is not said twice
    assert not cast.tells(page.text, PHONE)


def test_who_has_no_group_is_read_as_others_and_named_to_the_office(app, office, desk):
    desk.told(*(scan(person(app, name, "KHAC", position="Giám đốc")[1]) for name in ("Chưa Rõ", "Chưa Xếp")))
    page = office.get(ALOUD)
    aloud, warned = page.text[page.text.index('id="introductions"') :].split('class="notice no-print"')
    assert "cùng 2 đại biểu khác" in aloud
    assert "Chưa phân nhóm" not in aloud
    assert re.findall(r"<b>([^<]+)</b>", warned) == ["Chưa Rõ", "Chưa Xếp"]
    later = office.get(f"{ALOUD}?since={local(now()):%H:%M}").text
    assert "thêm 2 đại biểu khác" in later


def test_a_proxy_is_read_by_the_own_name_at_the_own_rank(app, office, desk):
    first, code = person(app, "Trưởng Cử Thay", "G2", position="Trưởng ban")
    send_proxy(app, first, "Người Thay Mặt", "Phó Trưởng ban")
    _, head = person(app, "Xuân Trưởng", "G2", position="Trưởng ban")
    _, deputy = person(app, "An Phó", "G2", position="Phó Trưởng ban")
    desk.told(scan(code), scan(head), scan(deputy))
    page = office.get(ALOUD)
    assert [name.removeprefix("Đồng chí ") for name in names(page)] == ["Xuân Trưởng", "An Phó", "Người Thay Mặt"]
    assert "dự thay Trưởng Cử Thay" in page.text


def test_summoned_groups_are_one_line_until_the_office_chooses(app, office, staff, desk):
    codes = [person(app, f"Trẻ Tiêu Biểu {n}", "T5")[1] for n in range(3)]
    guest = person(app, "Khách Mời")[1]
    desk.told(*(scan(code) for code in (*codes, guest)))
    page = office.get(ALOUD)
    assert "cùng 3 đồng chí: Đảng viên trẻ tiêu biểu" in page.text
    assert len(names(page)) == 1
    chosen = office.post(f"{ALOUD}/groups", data={"groups": ["T5", "không-có"]}, follow_redirects=True)
    assert len(names(chosen)) == 3 and "cùng 1 đồng chí: Thường trực Tỉnh ủy" in chosen.text
    assert staff("tam").get(ALOUD).status_code == 200
    assert staff("tam").post(f"{ALOUD}/groups", data={"groups": []}).status_code == 403


def test_only_who_the_server_learnt_of_after_the_print(app, office, desk):
    _, early = person(app, "Đến Sớm")
    _, late = person(app, "Đến Muộn")
    _, offline = person(app, "Quét Khi Mất Mạng")
    desk.told(scan(early))
    with app.app_context():
        db.session.execute(db.update(Scan).values(received_at=now() - timedelta(minutes=30)))
        db.session.commit()
    desk.told(scan(late), scan(offline, offline=True, at=earlier(60)), scan(early))
    printed = f"{local(now() - timedelta(minutes=10)):%H:%M}"
    page = office.get(f"{ALOUD}?since={printed}")
    assert sorted(name.removeprefix("Đồng chí ") for name in names(page)) == ["Quét Khi Mất Mạng", "Đến Muộn"]
    assert f"Mới đến sau khi in lúc {printed}" in page.text
    assert "Chưa có ai" not in page.text


@pytest.mark.parametrize("wrong", ["hôm qua", "25:00", "7h99", "0758"])
def test_a_time_that_is_none_is_said_and_everybody_shown(app, office, desk, wrong):
    desk.told(scan(person(app, "Khách Mời")[1]))
    page = office.get(ALOUD, query_string={"since": wrong})
    assert page.status_code == 200
    assert "Hãy ghi giờ in trên giấy" in page.text and "Khách Mời" in page.text


def test_a_time_of_later_today_means_yesterday(app, office, desk):
    desk.told(scan(person(app, "Khách Mời")[1]))
    later = f"{local(now() + timedelta(minutes=3)):%H:%M}"
    assert "Khách Mời" in office.get(f"{ALOUD}?since={later}").text


# --- the welcome screen


def opened(office, groups=("G1",), seconds="10"):
    office.post(SCREEN, data={"groups": list(groups), "seconds": seconds})
    return "/w/" + re.search(r"/w/(\d{20})", office.get(SCREEN).text)[1]


def test_the_screen_names_the_chosen_groups_only_and_counts_everybody(app, office, visitor, desk):
    guest = person(app, "Khách Một", position="Bí thư", alert="Người quan trọng", seat="A1")
    plain = person(app, "Người Thường", "G2")
    address = opened(office)
    assert "Nhiệt liệt chào mừng quý đại biểu" in visitor.get(address).text
    desk.told(scan(guest[1]), scan(plain[1]))
    page = visitor.get(address)
    assert "Khách Một" in page.text and "Bí thư" in page.text and "Có mặt: 2" in page.text
    assert "Người Thường" not in page.text and "Người quan trọng" not in page.text
    assert not cast.tells(page.text, PHONE)
    assert "<nav" not in page.text and "<button" not in page.text and "<form" not in page.text
    part = visitor.get(address, headers=HTMX)
    assert part.text.strip().startswith('<div id="welcome"')
    desk.told(scan(guest[1], "exit"))
    assert "Khách Một" not in visitor.get(address).text


def test_an_address_that_was_kept_names_nobody_the_day_after(app, office, visitor, desk):
    address = opened(office)
    desk.told(scan(person(app, "Khách Một")[1]))
    assert "Khách Một" in visitor.get(address).text
    with app.app_context():
        db.session.execute(db.update(Arrival).values(arrived_at=now() - timedelta(hours=13)))
        db.session.commit()
    assert "Khách Một" not in visitor.get(address).text


def test_nobody_is_named_where_no_group_is_chosen(app, office, visitor, desk):
    address = opened(office, groups=())
    desk.told(scan(person(app, "Khách Một")[1]))
    assert "Khách Một" not in visitor.get(address).text


def test_a_proxy_is_welcomed_by_the_own_name(app, office, visitor, desk):
    sends, code = person(app, "Người Cử Thay", position="Bí thư")
    send_proxy(app, sends, "Người Dự Thay", "Phó Bí thư")
    desk.told(scan(code))
    page = visitor.get(opened(office)).text
    assert "Người Dự Thay" in page and "Phó Bí thư" in page and "Người Cử Thay" not in page


def test_the_address_opens_this_page_alone_and_ends_when_renewed(app, office, visitor):
    old = opened(office)
    assert visitor.get(GUESTS).status_code == 302
    office.post(f"{SCREEN}/renewal")
    new = "/w/" + re.search(r"/w/(\d{20})", office.get(SCREEN).text)[1]
    assert new != old
    assert visitor.get(old).status_code == 410 and visitor.get(new).status_code == 200
    assert visitor.get("/w/" + "1" * 20).status_code == 404
    assert visitor.get("/w/x").status_code == 404
    with app.app_context():
        assert [bool(one.ended_at) for one in db.session.scalars(db.select(Screen).order_by(Screen.id))] == [
            True,
            False,
        ]


@pytest.mark.parametrize("seconds", ["", "x", "4", "61", "-5", "9" * 30])
def test_wrong_seconds_are_said_and_the_form_is_kept(app, office, seconds):
    answer = office.post(SCREEN, data={"groups": ["G2"], "seconds": seconds})
    assert answer.status_code == 422
    assert "từ 5 đến 60 giây" in answer.text
    assert re.search(r'value="G2" checked', answer.text)
    with app.app_context():
        assert db.session.scalars(db.select(Screen)).all() == []


def test_a_screen_that_is_not_there_cannot_be_renewed(office):
    answer = office.post(f"{SCREEN}/renewal")
    assert answer.status_code == 422 and "Chưa có màn hình chào" in answer.text


def test_the_newest_stands_first_and_then_each_takes_a_turn():
    moment = now()

    class One:
        def __init__(self, ago):
            self.arrived_at = moment - timedelta(seconds=ago)

    assert boards.named_now([], 10, moment) is None
    assert boards.named_now([One(3), One(50), One(90)], 10, moment) == 0
    old = [One(200), One(300), One(400)]
    seen = {boards.named_now(old, 10, moment + timedelta(seconds=10 * n)) for n in range(3)}
    assert seen == {0, 1, 2}


# --- the desks


def tell(desk, **told):
    return desk.client.post("/api/v1/desk/status", json=told, headers=desk.headers)


def advice(office):
    text = office.get(f"{HERE}/desks", headers=HTMX).text
    return [re.sub(r"<[^>]+>|\s+", " ", one).strip() for one in re.findall(r"<li[^>]*data-advice>(.*?)</li>", text)]


def test_the_office_is_told_what_to_do_about_each_desk(app, office, desk):
    tell(desk, queue=14, roster="abc", version="v1", storage="full", camera="on", battery=12)
    assert advice(office) == [
        "Bàn 1: còn 14 lượt chưa gửi: đừng tắt máy.",
        "Bàn 1: máy đã đầy bộ nhớ: dọn bớt hoặc đổi máy khác.",
        "Bàn 1: pin còn 12%: cắm sạc.",
    ]
    tell(desk, now=earlier(180), queue=0, roster="", version="v1")
    assert advice(office) == [
        "Bàn 1: chưa có danh sách đại biểu: để máy trong vùng có mạng đến khi tải xong.",
        "Bàn 1: đồng hồ lệch 180 phút: chỉnh lại giờ của máy.",
    ]


def test_an_idle_desk_that_tells_of_itself_is_not_silent(app, office, desk):
    tell(desk, queue=0, roster="abc")
    assert advice(office) == [] and "đang kết nối" in office.get(f"{HERE}/desks").text
    with app.app_context():
        row = db.session.get_one(Desk, desk.desk_id)
        row.told_at = row.last_seen_at = now() - timedelta(minutes=9)
        row.queue_count = 3
        since = f"{local(row.last_seen_at):%H:%M}"
        db.session.commit()
    assert advice(office) == [f"Bàn 1: mất liên lạc từ {since}, còn 3 lượt chưa gửi: đừng tắt máy, xem lại mạng."]
    office.post(f"{HERE}/desks/{desk.desk_id}/revocation")
    assert advice(office) == []


def test_a_desk_whose_list_others_have_overtaken_is_named(app, office, desk):
    _, code = person(app, "Đến Sau", "G2")
    tell(desk, queue=0, roster="abc")
    device(app, name="Bàn 2").told(scan(code))
    assert advice(office) == []  # it has not had time to hear of it
    with app.app_context():
        row = db.session.get_one(Desk, desk.desk_id)
        row.roster_at = now() - timedelta(minutes=9)
        since = f"{local(row.roster_at):%H:%M}"
        db.session.execute(db.update(Arrival).values(arrived_at=now() - timedelta(minutes=5)))
        db.session.commit()
    assert advice(office) == [f"Bàn 1: danh sách từ {since}, sau đó đã có người vào, ra: xem lại mạng."]
    tell(desk, queue=0, roster="abc")
    assert len(advice(office)) == 1
    tell(desk, queue=0, roster="def")
    assert advice(office) == []


def test_a_plain_device_that_tells_nothing_is_not_missed(app, office, desk):
    with app.app_context():
        db.session.get_one(Desk, desk.desk_id).last_seen_at = now() - timedelta(hours=2)
        db.session.commit()
    assert advice(office) == [] and "không tự báo gì" in office.get(f"{HERE}/desks").text


def test_who_runs_another_version_than_most_is_named(app, office, desk):
    for name, version in (("Bàn 2", "v2"), ("Bàn 3", "v2")):
        tell(device(app, name=name), queue=0, roster="a", version=version)
    tell(desk, queue=0, roster="a", version="v1")
    assert advice(office) == ["Bàn 1: chạy bản khác đa số các bàn: tải lại trang khi vắng khách."] or advice(
        office
    ) == ["Bàn 1: đang chạy bản khác đa số các bàn: tải lại trang khi vắng khách."]


def test_polling_the_devices_keeps_a_pairing_code_for_the_page(office):
    office.post(f"{HERE}/desks", data={"name": "Cửa B"})
    part = office.get(f"{HERE}/desks", headers=HTMX)
    assert part.text.strip().startswith('<section class="card" id="desks"') and "data-pairing-code" not in part.text
    assert "data-pairing-code" in office.get(f"{HERE}/desks").text


def test_open_doubles_are_counted_in_the_menu(app, office, staff, desk):
    _, code = person(app, "Vào Hai Lần", "G2")
    assert 'class="alarm"' not in office.get(f"{HERE}/arrivals").text
    desk.told(scan(code, offline=True, at=earlier(20)))
    device(app, name="Bàn 2").told(scan(code, offline=True, at=earlier(10)))
    for login in ("oanh", "tam"):
        assert re.search(r'class="alarm"[^>]*>1<', staff(login).get(f"{HERE}/arrivals").text)
    assert "1 người được cho vào hai lần." in office.get(f"{HERE}/day").text
    assert 'class="alarm"' not in staff("chung").get(f"{HERE}/arrivals").text


# --- all of them


STATEMENTS = {"important-guests": 8, "introductions": 8, "arrivals": 20, "day": 6, "desks": 11, "screen": 6}
"""Two of them (BEGIN and SELECT) are the banner of a rehearsal, on each page of the staff."""


@pytest.mark.parametrize("page", STATEMENTS)
def test_a_board_costs_the_same_for_few_and_for_many(app, office, desk, query_count, page):
    address = opened(office, ("G1", "G2")) if page == "screen" else f"{HERE}/{page}"
    desk.told(scan(person(app, "Người Đầu", "G1")[1]))
    assert query_count(lambda: office.get(address)) == STATEMENTS[page]
    codes = [person(app, f"Người Số {n}", ("G1", "T5", "CT2")[n % 3], alert="x" * (n % 2))[1] for n in range(30)]
    desk.told(*(scan(code) for code in codes))
    device(app, name="Bàn 2")
    assert query_count(lambda: office.get(address)) == STATEMENTS[page]


@pytest.mark.parametrize(("page", "region"), [("important-guests", "guests"), ("introductions", "introductions")])
def test_the_region_alone_is_what_htmx_polls(office, page, region):
    part = office.get(f"{HERE}/{page}", headers=HTMX)
    assert f'id="{region}"' in part.text and "<html" not in part.text
    assert "HX-Request-Type" in part.headers["Vary"]


@pytest.mark.parametrize(
    ("login", "opens"),
    [
        (
            "oanh",
            {"arrivals", "important-guests", "introductions", "stage", "floor", "welcome-screen", "desks", "rehearsal"},
        ),
        ("tam", {"arrivals", "important-guests", "introductions", "stage", "floor", "desks", "rehearsal"}),
        ("thu", {"arrivals", "important-guests", "introductions", "stage", "floor"}),
        ("chung", {"arrivals", "important-guests", "introductions", "stage", "floor"}),
        ("an", {"desks", "rehearsal"}),
    ],
)
def test_each_role_finds_its_boards_on_the_index(staff, login, opens):
    page = staff(login).get(f"{HERE}/day")
    assert f'href="{HERE}/day"' in page.text
    found = set(re.findall(rf'class="card day-board" href="{HERE}/([a-z-]+)"', page.text))
    assert found - {"credentials"} == opens


def test_several_sittings_are_shown_apart(app, office, desk):
    from seminar.agenda.models import Sitting

    with app.app_context():
        seminar = cast.find_seminar()
        for name, hours in (("Sáng", -1), ("Chiều", 3)):
            starts = now() + timedelta(hours=hours)
            db.session.add(
                Sitting(seminar_id=seminar.id, name=name, starts_at=starts, ends_at=starts + timedelta(hours=2))
            )
        db.session.commit()
        afternoon = db.session.scalars(db.select(Sitting.id).where(Sitting.name == "Chiều")).one()
    _, code = person(app, "Khách Buổi Sáng")
    desk.told(scan(code))
    assert "Khách Buổi Sáng" in section(office.get(GUESTS), "Vừa đến, cần đón (1)")
    assert "Khách Buổi Sáng" in section(office.get(f"{GUESTS}?sitting={afternoon}"), "Chưa đến (1)")
    assert names(office.get(f"{ALOUD}?sitting={afternoon}")) == []
    assert office.get(f"{GUESTS}?sitting=nonsense").status_code == 200


def test_chairs_who_stand_before_the_summoned_are_read_by_name_and_helpers_are_not():
    from types import SimpleNamespace

    def group(code, rank, audience):
        return SimpleNamespace(code=code, protocol_rank=rank, audience=audience)

    groups = [group("CT1", 1, "organiser"), group("G1", 5, "guest"), group("T1", 9, "summoned")]
    groups += [group("PV", 20, "organiser"), group("BC", 21, "guest"), group("KHAC", 99, "unassigned")]
    assert boards.introduced_by_name(SimpleNamespace(settings={}), groups) == ["CT1", "G1", "BC"]
    assert boards.introduced_by_name(SimpleNamespace(settings={"introduced": []}), groups) == []
