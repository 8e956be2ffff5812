"""The reception desk in a real browser: camera, keyboard scanner, number, name, undo, walk-in, and without JavaScript."""

import pytest
from playwright.sync_api import Page, expect

from seminar.checkin.models import Desk
from seminar.delegates.models import Delegate
from seminar.lib.clock import now
from seminar.lib.database import db
from tests import cast, reception
from tests.browser import desks
from tests.browser.desks import PHONE, arrived, code_of, verdict
from tests.browser.proxy import Proxy


def people():
    cast.add_staff()
    cast.add_units()
    seminar = cast.add_seminar()
    db.session.flush()
    for name, group, more in (
        (
            "Nguyễn Thị Phương Thuỷ",
            "G1",
            {"position": "Phó Bí thư Thường trực", "body": "Thường trực Tỉnh ủy", "seat": "A1"},
        ),
        ("Đặng Quốc Khánh", "G2", {"position": "Trưởng ban", "body": "Ban Tổ chức", "seat": "B7"}),
        (
            "Đỗ Hữu Nghĩa",
            "T5",
            {"position": "Bí thư Chi đoàn", "body": "Huyện Đoàn Thử Hai", "alert": "Trao hoa ở sân khấu"},
        ),
        ("Đỗ Hữu Nghĩa Em", "T5", {"position": "Đoàn viên", "body": "Thành Đoàn Thử Một"}),
    ):
        reception.invite(cast.add_delegate(seminar, name, group, **more))


@pytest.fixture
def server(start_server):
    return start_server(fill=people)


def payload_of(server, number):
    return f"{server.url}/I/{code_of(server, number)}".upper()


def start_desk(server, page: Page, name: str = "Bàn 1") -> Page:
    page.goto(f"{server.url}/desk/{server.slug}/")
    page.get_by_label("Mã ghép").fill(server.pairing_code(name))
    page.get_by_label("Tên bàn này").fill(name)
    page.get_by_role("button", name="Ghép thiết bị").click()
    expect(page.locator(".desk-bar")).to_contain_text(name)
    return page


def test_the_camera_reads_a_code_and_says_who_it_is(server, film):
    page = film.browser_that_sees(payload_of(server, 1)).new_page(viewport=PHONE)
    errors = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    start_desk(server, page)
    expect(verdict(page, "admitted")).to_contain_text("Nguyễn Thị Phương Thuỷ")
    for said in ("Phó Bí thư Thường trực", "Thường trực Tỉnh ủy", "A1", "Báo tổ lễ tân"):
        expect(page.locator("#verdict")).to_contain_text(said)
    expect(page.locator('[data-count="arrived"]')).to_have_text("1")
    page.wait_for_timeout(3000)  # the film holds the code up on and on: it is told once
    expect(verdict(page, "admitted")).to_be_visible()
    assert desks.arrived_from(page, server) == 1
    assert errors == []


def test_two_people_held_up_one_after_the_other_come_in(server, film):
    page = film.browser_that_sees(payload_of(server, 1), payload_of(server, 2), pictures_each=45).new_page(
        viewport=PHONE
    )
    start_desk(server, page)
    expect(page.locator('[data-count="arrived"]')).to_have_text("2")


@pytest.mark.parametrize("ends_with_enter", [True, False])
def test_a_keyboard_scanner_works_wherever_the_focus_is(server, browser, ends_with_enter):
    page = start_desk(server, browser.new_page(viewport=PHONE))
    page.locator("summary").first.focus()
    page.keyboard.type(payload_of(server, 2), delay=4)
    if ends_with_enter:
        page.keyboard.press("Enter")
    expect(verdict(page, "admitted")).to_contain_text("Đặng Quốc Khánh")
    expect(page.locator("#what")).to_have_value("")
    assert desks.arrived_from(page, server) == 1


def test_a_number_and_a_name_without_accents_find_the_person(server, browser):
    page = start_desk(server, browser.new_page(viewport=PHONE))
    page.locator("#what").fill("2")
    page.keyboard.press("Enter")
    expect(verdict(page, "admitted")).to_contain_text("Đặng Quốc Khánh")
    page.locator("#what").press_sequentially("huu nghia do")
    expect(page.locator(".desk-people button")).to_have_count(2)
    page.locator(".desk-people button").first.click()
    expect(verdict(page, "admitted")).to_contain_text("Trao hoa ở sân khấu")
    page.locator("#what").press_sequentially("khong ai ca")
    expect(page.locator("#found")).to_contain_text("không có ai")


def test_the_same_person_again_undo_and_leaving(server, browser):
    page = start_desk(server, browser.new_page(viewport=PHONE))

    def number(text):
        page.evaluate("() => new Promise(done => setTimeout(done, 1))")
        page.locator("#what").fill(text)
        page.keyboard.press("Enter")

    number("1")
    expect(verdict(page, "admitted")).to_be_visible()
    page.get_by_role("button", name="Hoàn tác").first.click()
    expect(verdict(page, "annulled")).to_be_visible()
    assert desks.arrived_from(page, server) == 0
    number("1")
    expect(verdict(page, "admitted")).to_be_visible()
    page.wait_for_timeout(4100)
    number("1")
    expect(verdict(page, "already_in")).to_contain_text("vừa vào tại bàn này lúc")
    page.get_by_text("Ra", exact=True).click()
    expect(page.locator("#line")).to_contain_text("CHIỀU RA")
    page.wait_for_timeout(4100)
    number("1")
    expect(verdict(page, "left")).to_be_visible()


def test_somebody_who_is_not_on_the_list_is_registered(server, browser):
    page = start_desk(server, browser.new_page(viewport=PHONE))
    page.get_by_text("Người không có trong danh sách").click()
    page.get_by_label("Họ và tên").fill("Trần Văn Khách")
    page.get_by_label("Chức vụ").fill("Phóng viên")
    page.get_by_role("button", name="Đăng ký và cho vào").click()
    expect(verdict(page, "admitted")).to_contain_text("Trần Văn Khách")
    expect(page.locator('[data-count="delegates"]')).to_have_text("5")
    assert desks.arrived_from(page, server) == 1


def test_a_dead_server_stops_nobody_and_the_scan_counts_once(server, browser):
    page = desks.ready(start_desk(server, browser.new_page(viewport=PHONE)))
    server.server.kill_group()
    desks.number(page, 1)
    expect(page.locator("#net")).to_contain_text("1 lượt đã lưu trên máy")
    server.server.start()
    desks.poke(page)
    desks.queue_is(page, 0)
    assert desks.arrived_from(page, server) == 1


@pytest.mark.parametrize("place", ["name", "group"])
@pytest.mark.parametrize("ends_with", ["Enter", "Tab", ""])
def test_a_scanner_inside_the_form_for_others_scans_and_leaves_the_form_as_it_was(server, browser, place, ends_with):
    page = desks.ready(start_desk(server, browser.new_page(viewport=PHONE)))
    page.get_by_text("Người không có trong danh sách").click()
    page.get_by_label("Họ và tên").fill("Trần Văn")
    page.locator(f"#walk-in-form [name={place}]").focus()
    page.keyboard.type(payload_of(server, 2), delay=3)
    if ends_with:
        page.keyboard.press(ends_with)
    expect(verdict(page, "admitted")).to_contain_text("Đặng Quốc Khánh")
    expect(page.get_by_label("Họ và tên")).to_have_value("Trần Văn")
    expect(page.locator("#walk-in-form [name=group]")).to_have_value("")
    assert page.locator("#walk-in").get_attribute("open") is not None
    assert desks.arrived_from(page, server) == 1


def test_telex_and_shift_cannot_change_the_digits(server, browser):
    """What an input method makes of the keys is no matter: the digits come from where the keys lie."""
    page = desks.ready(start_desk(server, browser.new_page(viewport=PHONE)))
    page.evaluate(
        """code => {
          for (const digit of code) document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'Process', code: `Digit${digit}`, bubbles: true, cancelable: true }));
        }""",
        code_of(server, 2),
    )
    expect(verdict(page, "admitted")).to_contain_text("Đặng Quốc Khánh")


def test_another_code_that_runs_into_the_form_does_not_send_it(server, browser):
    page = desks.ready(start_desk(server, browser.new_page(viewport=PHONE)))
    page.get_by_text("Người không có trong danh sách").click()
    page.get_by_label("Họ và tên").focus()
    page.keyboard.type("079200012345|012345678|Le Van A", delay=3)
    page.keyboard.press("Enter")
    page.wait_for_timeout(500)
    expect(verdict(page, "idle")).to_be_visible()
    assert desks.arrived_from(page, server) == 0


def test_the_same_number_at_once_says_so(server, browser):
    page = desks.ready(start_desk(server, browser.new_page(viewport=PHONE)))
    page.clock.set_fixed_time(now())  # the second time is at once, however slow the machine
    desks.number(page, 2)
    page.locator("#what").fill("2")
    page.keyboard.press("Enter")
    expect(verdict(page, "admitted")).to_contain_text("Vừa đọc lượt này lúc")
    expect(page.locator("#what")).to_have_value("")


def test_a_late_answer_never_stands_over_the_next_person(server, browser):
    proxy = Proxy(server.server.port)
    page = browser.new_page(viewport=PHONE)
    page.goto(f"{proxy.url}/desk/{server.slug}/")
    page.get_by_label("Mã ghép").fill(server.pairing_code("Bàn 1"))
    page.get_by_role("button", name="Ghép thiết bị").click()
    desks.ready(page)
    proxy.rule = lambda path, body: "slow" if b'"payload":"1"' in body else None
    page.locator("#what").fill("1")
    page.keyboard.press("Enter")
    page.locator("#what").fill("2")
    page.keyboard.press("Enter")
    expect(page.locator("#recent li")).to_have_count(2)
    expect(verdict(page, "admitted")).to_contain_text("Đặng Quốc Khánh")
    assert desks.arrived_from(page, server) == 2
    proxy.close()


def test_long_words_wrap_and_more_people_than_shown_are_counted(server, browser):
    def more():
        seminar = cast.find_seminar()
        for n in range(12):
            cast.add_delegate(seminar, f"Lý Văn {'x' * 70} {n}", "G2", body="Đoàn xe Thử")

    server.within(more)
    page = desks.ready(start_desk(server, browser.new_page(viewport=PHONE)))
    page.locator("#what").fill("ly van")
    expect(page.locator("#found")).to_contain_text("còn 4 người nữa")
    page.locator(".desk-people button").first.click()
    expect(verdict(page, "admitted")).to_be_visible()
    assert page.evaluate("() => document.documentElement.scrollWidth") == PHONE["width"]


def test_what_is_found_stands_above_the_keyboard_of_a_phone_and_beside_the_verdict_of_a_laptop(server, browser):
    page = desks.ready(start_desk(server, browser.new_page(viewport=PHONE)))
    page.locator("#what").fill("huu nghia")
    expect(page.locator(".desk-people button")).not_to_have_count(0)
    assert page.locator(".desk-people button").first.bounding_box()["y"] < PHONE["height"] / 3
    page.set_viewport_size({"width": 1366, "height": 768})
    expect(page.locator("#verdict")).to_be_visible()
    found, shown = (page.locator(one).first.bounding_box() for one in (".desk-people button", "#verdict"))
    assert shown["x"] + shown["width"] <= found["x"]
    page.locator("#what").fill("")
    page.set_viewport_size(PHONE)
    expect(page.locator("#verdict")).to_be_visible()


def test_a_list_with_nobody_on_it_is_no_ready_desk(server, browser):
    server.within(lambda: db.session.execute(db.update(Delegate).values(removed_at=now())))
    page = browser.new_page(viewport=PHONE)
    start_desk(server, page)
    expect(page.locator("#readiness summary")).to_have_text("Máy này chưa sẵn sàng")
    page.locator("#what").fill("an")
    expect(page.locator("#found")).to_contain_text("chưa có ai trong danh sách")


def test_a_number_typed_right_after_a_scan_is_taken(server, browser):
    page = start_desk(server, browser.new_page(viewport=PHONE))
    page.keyboard.type(payload_of(server, 2))
    page.keyboard.press("Enter")
    page.keyboard.type("1")
    page.keyboard.press("Enter")
    expect(page.locator('#verdict [data-slot="number"]')).to_have_text("1")
    expect(page.locator("#what")).to_have_value("")


def test_a_number_that_nobody_has_is_called_a_number(server, browser):
    page = desks.ready(start_desk(server, browser.new_page(viewport=PHONE)))
    page.locator("#what").fill("9999")
    page.keyboard.press("Enter")
    expect(verdict(page, "unknown")).to_contain_text("Không ai trong danh sách có số này")


def test_way_and_undo_survive_a_reload(server, browser):
    page = desks.ready(start_desk(server, browser.new_page(viewport=PHONE)))
    desks.number(page, 1)
    page.get_by_text("Ra", exact=True).click()
    page.reload()
    expect(page.locator("#line")).to_contain_text("CHIỀU RA")
    page.locator("#recent li").first.get_by_role("button", name="Hoàn tác").click()
    expect(verdict(page, "annulled")).to_be_visible()
    assert desks.arrived_from(page, server) == 0


def test_a_unit_comes_together_and_each_is_a_scan(server, browser):
    def more():
        seminar = cast.find_seminar()
        for name in ("Lý Một", "Lý Hai", "Lý Ba"):
            alert = "Trao hoa ở sân khấu" if name == "Lý Ba" else ""
            body = "Đoàn Xe Thử" if name == "Lý Hai" else "Đoàn xe Thử"  # written in two ways, one bus
            cast.add_delegate(seminar, name, "G2", body=body, alert=alert)
        next(group for group in seminar.groups if group.code == "G2").hand_out = "Túi xanh"

    server.within(more)
    page = desks.ready(start_desk(server, browser.new_page(viewport=PHONE)))
    desks.number(page, 5)
    page.get_by_text("Cả đơn vị cùng đến").click()
    page.locator("#group-unit").select_option("Đoàn xe Thử")
    page.get_by_role("button", name="Đánh dấu tất cả").click()
    expect(page.locator("#group-button")).to_have_text("Cho 2 người vào")
    page.locator("#group-button").click()
    expect(verdict(page, "group")).to_contain_text("2 người đã vào")
    expect(page.locator('[data-slot="alert-text"]')).to_have_text("Lý Ba: Trao hoa ở sân khấu")
    expect(page.locator('[data-slot="hand-out-text"]')).to_have_text("2 × Túi xanh")
    expect(page.locator("#recent li")).to_have_count(3)
    assert desks.arrived_from(page, server) == 3


def test_a_rehearsal_is_told_all_over_the_page_and_never_meets_the_day(server, browser):
    def rehearse():
        from datetime import timedelta

        from seminar.checkin.models import Rehearsal

        db.session.add(
            Rehearsal(
                seminar_id=cast.find_seminar().id,
                began_at=now(),
                began_by="tests",
                ends_at=now() + timedelta(minutes=30),
            )
        )

    server.within(rehearse)
    page = desks.ready(start_desk(server, browser.new_page(viewport=PHONE)))
    expect(page.locator("#rehearsal")).to_contain_text("DIỄN TẬP")
    desks.number(page, 1)
    server.server.kill_group()
    desks.number(page, 2)
    server.server.start()
    desks.poke(page)
    desks.queue_is(page, 0)
    expect(page.locator("#recent li").first).to_contain_text("diễn tập")
    assert (arrived(server), desks.scan_count(server)) == (0, 0)


def test_a_revoked_device_says_so(server, browser):
    page = desks.ready(start_desk(server, browser.new_page(viewport=PHONE)))

    def revoke():
        from seminar.checkin import actions

        actions.revoke_desk(db.session.scalars(db.select(Desk)).one(), cast.OFFICE, now())

    server.within(revoke)
    page.locator("#what").fill("1")
    page.keyboard.press("Enter")
    expect(page.locator("#verdict")).to_contain_text("không còn là bàn đón tiếp")
    assert arrived(server) == 0


def test_a_name_that_is_markup_stays_a_name(server, browser):
    page = start_desk(server, browser.new_page(viewport=PHONE))
    page.get_by_text("Người không có trong danh sách").click()
    page.get_by_label("Họ và tên").fill("<img src=x onerror=alert(1)> Lê")
    page.get_by_role("button", name="Đăng ký và cho vào").click()
    expect(verdict(page, "admitted")).to_contain_text("<img src=x")
    assert page.locator("#verdict img").count() == 0


def test_without_javascript_the_same_desk_works_by_plain_forms(server, browser):
    page = browser.new_context(java_script_enabled=False, viewport=PHONE).new_page()
    start_desk(server, page)
    find = page.get_by_role("button", name="Tìm hoặc cho vào")
    page.locator("#what").fill(payload_of(server, 1))
    find.click()
    expect(verdict(page, "admitted")).to_contain_text("Nguyễn Thị Phương Thuỷ")
    page.locator("#what").fill("huu nghia")
    find.click()
    page.get_by_role("button", name="Đỗ Hữu Nghĩa Em").click()
    expect(verdict(page, "admitted")).to_contain_text("Đỗ Hữu Nghĩa Em")
    page.get_by_role("button", name="Hoàn tác").click()
    expect(verdict(page, "annulled")).to_be_visible()
    page.locator("#what").fill("1")
    find.click()
    expect(verdict(page, "already_in")).to_be_visible()
    assert arrived(server) == 1


def test_the_pairing_qr_fills_the_code_and_leaves_no_trace_in_the_address(server, browser):
    page = browser.new_page(viewport=PHONE)
    page.goto(f"{server.url}/desk/{server.slug}/#{server.pairing_code()}")
    expect(page.get_by_label("Mã ghép")).to_have_value(r := page.get_by_label("Mã ghép").input_value())
    assert len(r) == 8
    assert "#" not in page.url
    page.get_by_role("button", name="Ghép thiết bị").click()
    expect(page.locator(".desk-bar")).to_contain_text("Bàn 1")
