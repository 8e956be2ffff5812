"""The file that a desk saves of what it could not send, read in by the office, with the desk coming back afterwards."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from seminar.checkin import actions
from seminar.checkin.models import Desk, Scan
from seminar.lib.clock import now
from seminar.lib.database import db
from tests import cast
from tests.browser import desks
from tests.browser.desks import PHONE, WIDE, arrived, number, queue_is, scan_count, sign_in, verdict


def end_all_desks():
    for desk in db.session.scalars(db.select(Desk)):
        actions.revoke_desk(desk, cast.OFFICE, now())


def saved(page, button, path):
    with page.expect_download() as waiting:
        button.click()
    assert waiting.value.suggested_filename.startswith("hang-cho-")
    waiting.value.save_as(path)
    return path


@pytest.mark.parametrize(("viewport", "javascript"), [(PHONE, True), (WIDE, False)])
def test_a_saved_queue_is_read_in_and_the_desk_comes_back(start_server, browser, tmp_path, viewport, javascript):
    server = start_server(fill=desks.fill(3))
    context = browser.new_context(viewport=PHONE, accept_downloads=True)
    page = context.new_page()
    page.clock.install(time=datetime.now(UTC) + timedelta(hours=3))
    desks.pair(server, page)
    number(page, 1)
    server.server.kill_group()
    number(page, 2)
    number(page, 3)
    page.locator("#recent li", has_text="Thử 3").get_by_role("button", name="Hoàn tác").click()
    expect(verdict(page, "annulled")).to_be_visible()
    page.get_by_text("Người không có trong danh sách").click()
    page.get_by_label("Họ và tên").fill("Trần Văn Khách")
    page.get_by_role("button", name="Đăng ký và cho vào").click()
    expect(verdict(page, "admitted")).to_contain_text("Trần Văn Khách")
    page.locator("#readiness summary").click()
    file = saved(
        page, page.locator("#readiness").get_by_role("button", name="Lưu hàng chờ"), tmp_path / "hang-cho.json"
    )
    rows = json.loads(file.read_text())
    assert [row["kind"] for row in rows] == ["entry", "entry", "annul", "walk-in"]
    assert {row["desk"] for row in rows} == {"Bàn 1"}

    server.server.start()
    server.within(end_all_desks)
    office = sign_in(server, browser.new_context(viewport=viewport, java_script_enabled=javascript).new_page())
    office.goto(f"{server.url}/seminars/{server.slug}/desks")
    office.get_by_role("link", name="Nhập tệp hàng chờ").click()
    office.get_by_label("Tệp do bàn lưu").set_input_files(file)
    office.get_by_role("button", name="Xem tệp sẽ làm gì").click()
    shown = office.locator("#queue")
    for said in ("Nguyễn Văn Thử 2", "Nguyễn Văn Thử 3", "Trần Văn Khách", "Bàn 1", "4 dòng"):
        expect(shown).to_contain_text(said)
    assert office.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    office.screenshot(path=tmp_path / f"queue-{viewport['width']}.png", full_page=True)
    assert scan_count(server) == 1
    office.get_by_role("button", name="Ghi các dòng đã đánh dấu").click()
    expect(office.get_by_text("Đã ghi 4 lượt từ tệp")).to_be_visible()
    assert (scan_count(server), arrived(server)) == (5, 3)
    times = server.within(lambda: list(db.session.scalars(db.select(Scan.corrected_at))))
    off = max(abs((datetime.now(UTC) - moment).total_seconds()) for moment in times)
    print(f"\nread in from a desk whose clock was 3 hours fast: 4 rows, times at most {off:.0f} s from the truth")
    assert off < 60

    office.get_by_label("Tệp do bàn lưu").set_input_files(file)
    office.get_by_role("button", name="Xem tệp sẽ làm gì").click()
    expect(office.locator("#queue")).to_contain_text("không có gì mà máy chủ chưa có")
    desks.poke(page)
    expect(page.locator("#ended")).to_be_visible()
    page.goto(f"{server.url}/desk/{server.slug}/")
    expect(page.locator("#queued")).to_contain_text("còn giữ 4 lượt")
    again = saved(page, page.locator("#queued button"), tmp_path / "again.json")
    assert [row["id"] for row in json.loads(again.read_text())] == [row["id"] for row in rows]
    desks.pair(server, page, "Bàn 1 lại")
    queue_is(page, 0)
    assert (scan_count(server), arrived(server)) == (5, 3)
