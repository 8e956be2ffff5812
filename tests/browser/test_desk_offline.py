"""The desk without the server: it opens, decides, keeps, and hands everything in, each scan once and in its order."""

import time
from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from seminar.checkin.models import DoubleEntry, Scan
from seminar.lib.database import db
from tests.browser import desks
from tests.browser.conftest import launch
from tests.browser.desks import PHONE, arrived, number, queue_is, ready, verdict


def test_it_opens_scans_and_survives_reload_and_a_killed_tab(start_server, browser):
    server = start_server(fill=desks.fill(3))
    context = browser.new_context(viewport=PHONE)
    page = desks.pair(server, context.new_page())
    server.server.kill_group()
    page.reload()
    expect(page.locator("#desk-name")).to_have_text("Bàn 1")
    started = time.monotonic()
    number(page, 1)
    print(f"\ndecided without the server in {time.monotonic() - started:.2f} s")
    assert page.locator("#verdict").get_attribute("data-tone") == "success"
    number(page, 2)
    page.reload()
    queue_is(page, 2)
    expect(page.locator("#recent li")).to_have_count(2)
    page.close(run_before_unload=False)
    page = context.new_page()
    page.goto(f"{server.url}/desk/{server.slug}/")
    queue_is(page, 2)
    expect(page.locator('[data-count="arrived"]')).to_have_text("2")
    number(page, 1, "already_in")
    expect(page.locator("#verdict")).to_contain_text("vừa vào tại bàn này lúc")
    page.locator("#recent li", has_text="Thử 2").get_by_role("button", name="Hoàn tác").click()
    expect(verdict(page, "annulled")).to_be_visible()
    expect(page.locator('[data-count="arrived"]')).to_have_text("1")
    server.server.start()
    desks.poke(page)
    queue_is(page, 0)
    assert (arrived(server), desks.scan_count(server)) == (1, 4)
    print("queued over two reloads and a closed tab: 4 scans, 4 stored, 1 in after one was taken back")


def test_a_walk_in_without_the_server_gets_its_number_later(start_server, browser):
    server = start_server(fill=desks.fill(2))
    page = desks.pair(server, browser.new_page(viewport=PHONE))
    server.server.kill_group()
    page.reload()
    page.get_by_text("Người không có trong danh sách").click()
    page.get_by_label("Họ và tên").fill("Trần Văn Khách")
    page.get_by_label("Dự thay cho").select_option(index=2)
    page.get_by_role("button", name="Đăng ký và cho vào").click()
    expect(verdict(page, "admitted")).to_contain_text("Trần Văn Khách")
    expect(page.locator("#recent")).to_contain_text("chờ cấp số")
    server.server.start()
    desks.poke(page)
    queue_is(page, 0)
    expect(page.locator("#recent")).not_to_contain_text("chờ cấp số")
    assert arrived(server) == 1


def test_two_desks_offline_let_the_same_person_in_and_the_office_has_one_double(start_server, browser):
    server = start_server(fill=desks.fill(2))
    pages = [desks.pair(server, browser.new_context(viewport=PHONE).new_page(), f"Bàn {n}") for n in (1, 2)]
    server.server.kill_group()
    for page in pages:
        number(page, 1)
    server.server.start()
    for page in pages:
        desks.poke(page)
        queue_is(page, 0)
    doubles = server.within(lambda: db.session.scalar(db.select(db.func.count(DoubleEntry.id))))
    print(f"\ntwo desks offline with one person: {desks.scan_count(server)} scans, {doubles} double listed")
    assert (arrived(server), desks.scan_count(server), doubles) == (1, 2, 1)


def test_three_hundred_scans_of_two_hours_come_home_in_order(start_server, browser):
    server = start_server(fill=desks.fill(300))
    page = browser.new_context(viewport=PHONE).new_page()
    begin = datetime.now(UTC) - timedelta(hours=2)
    page.clock.install(time=begin)
    desks.pair(server, page)
    # The last answer of the server came two hours ago.
    page.evaluate(
        "() => localStorage.setItem('desk-server-clock', JSON.stringify({server: Date.now(), wall: Date.now()}))"
    )
    server.server.kill_group()
    page.reload()
    order = [1 + (n * 7) % 300 for n in range(300)]
    for figure in order:
        number(page, figure)
        page.clock.fast_forward(23500)
    queue_is(page, 300)
    page.reload()
    queue_is(page, 300)
    server.server.start()
    started = time.monotonic()
    desks.poke(page)
    queue_is(page, 0)
    seconds = time.monotonic() - started

    def stored():
        from seminar.delegates.models import Delegate

        return db.session.execute(
            db.select(Delegate.number, Scan.corrected_at)
            .join(Delegate, Delegate.id == Scan.delegate_id)
            .order_by(Scan.corrected_at, Scan.id)
        ).all()

    found = server.within(stored)
    span = found[-1].corrected_at - found[0].corrected_at
    print(
        f"\n300 scans of {span} queued offline: {len(found)} stored, home in {seconds:.1f} s after the server is back"
    )
    assert [row.number for row in found] == order
    assert timedelta(minutes=110) < span < timedelta(minutes=125)
    assert seconds < 10


def test_a_clock_three_hours_off_does_not_matter(start_server, browser):
    server = start_server(fill=desks.fill(3))
    page = browser.new_context(viewport=PHONE).new_page()
    page.clock.install(time=datetime.now(UTC) + timedelta(hours=3))
    desks.pair(server, page)
    expect(page.locator('[data-fact="clock"] dd')).to_contain_text("nhanh 180 phút")
    server.server.kill_group()
    number(page, 1)
    page.clock.set_system_time(datetime.now(UTC) - timedelta(hours=5))
    number(page, 2)
    server.server.start()
    desks.poke(page)
    queue_is(page, 0)
    times = server.within(lambda: db.session.scalars(db.select(Scan.corrected_at).order_by(Scan.corrected_at)).all())
    off = max(abs((datetime.now(UTC) - moment).total_seconds()) for moment in times)
    print(f"\nclock three hours fast, then five hours slow: stored times at most {off:.0f} s from the truth")
    assert off < 60
    ready(page)


def test_names_leave_the_device_a_day_after_and_what_is_queued_stays(start_server, browser):
    server = start_server(fill=desks.fill(3))
    page = browser.new_context(viewport=PHONE).new_page()
    page.clock.install(time=datetime.now(UTC))
    desks.pair(server, page)
    server.server.kill_group()
    number(page, 1)
    page.clock.fast_forward(23 * 3600 * 1000)
    page.reload()
    expect(page.locator('[data-fact="roster"] dd')).to_contain_text("3 người")
    page.clock.fast_forward(2 * 3600 * 1000)
    page.reload()
    expect(page.locator('[data-fact="roster"] dd')).to_have_text("máy này chưa có danh sách")
    queue_is(page, 1)
    assert "Nguyễn Văn Thử" not in desks.stored(page)
    page.locator("#what").fill("2")
    page.keyboard.press("Enter")
    expect(verdict(page, "unchecked")).to_be_visible()


def test_on_plain_http_in_the_hall_the_open_page_works_on(start_server, playwright):
    """No worker, no locks, no camera there; the page says so, and keeps what is scanned."""
    server = start_server(fill=desks.fill(3))
    browser = launch(playwright, "--host-resolver-rules=MAP hall.test 127.0.0.1")
    page = browser.new_page(viewport=PHONE)
    page.goto(f"http://hall.test:{server.server.port}/desk/{server.slug}/")
    page.get_by_label("Mã ghép").fill(server.pairing_code("Bàn 1"))
    page.get_by_role("button", name="Ghép thiết bị").click()
    page.locator('[data-fact="roster"][data-tone="success"]').wait_for(state="attached")
    expect(page.locator('[data-fact="offline"] dd')).to_contain_text("phải có https")
    assert page.evaluate("() => window.isSecureContext") is False
    number(page, 1)
    server.server.kill_group()
    number(page, 2)
    server.server.start()
    desks.poke(page)
    queue_is(page, 0)
    assert arrived(server) == 2
    browser.close()
