"""The speaker's clock in a real browser: it counts by the server's time, goes on without the network and says so."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from seminar.agenda.models import Item, ItemKind, Sitting
from seminar.lib.database import db
from seminar.minutes import actions, queries, rules
from tests import cast
from tests.browser.desks import PHONE, WIDE, sign_in

ELAPSED = "[data-elapsed]"
SKEWED = "const real = Date.now; Date.now = () => real() + 3600e3;"


def people():
    cast.add_staff()
    cast.add_units()
    seminar = cast.add_seminar()
    moment = datetime.now(UTC)
    sitting = Sitting(seminar_id=seminar.id, name="Buổi sáng", starts_at=moment, ends_at=moment + timedelta(hours=3))
    sitting.items = [Item(position=1, kind=ItemKind.DISCUSSION, title="Trao đổi, thảo luận", minutes=60)]
    db.session.add(sitting)
    db.session.flush()
    for name in ("Nguyễn Thị Phương Thuỷ", "Đặng Quốc Khánh"):
        cast.add_delegate(seminar, name, "G1", position="Bí thư")
    actions.take_up_item(sitting.items[0], cast.OFFICE, moment)


@pytest.fixture
def server(start_server):
    return start_server(fill=people)


def speak(server, name, minutes, ago=0.0):
    """Somebody has had the floor for so many seconds."""

    def begin():
        from seminar.delegates.models import Delegate

        seminar = cast.find_seminar()
        delegate = db.session.scalars(db.select(Delegate).where(Delegate.name == name)).one()
        now = datetime.now(UTC)
        turn = actions.begin_turn(seminar, delegate=delegate, minutes=minutes, by=cast.OFFICE, now=now)
        turn.began_at = now - timedelta(seconds=ago)

    server.within(begin)


def end(server):
    server.within(lambda: actions.end_turn(queries.turn_on(cast.find_seminar()), cast.OFFICE, datetime.now(UTC)))


def address(server):
    code = server.within(lambda: actions.open_clock(cast.find_seminar(), cast.OFFICE, datetime.now(UTC)).code)
    return f"{server.url}/w/{code}/clock"


def seconds(page):
    minutes, rest = page.locator(ELAPSED).inner_text().split(":")
    return int(minutes) * 60 + int(rest)


def test_the_hall_counts_on_without_network_says_so_and_follows_the_chair(server, browser):
    speak(server, "Nguyễn Thị Phương Thuỷ", 1, ago=50)
    context = browser.new_context(viewport={"width": 1920, "height": 1080})
    context.add_init_script(SKEWED)
    page = context.new_page()
    page.goto(address(server))
    expect(page.locator(".hall-name")).to_have_text("Nguyễn Thị Phương Thuỷ")
    assert 49 <= seconds(page) <= 110
    expect(page.locator("[data-clock]")).to_have_attribute("data-pace", "over")
    expect(page.locator("[data-when=over]")).to_be_visible()
    expect(page.locator("[data-when=on_time]")).to_be_hidden()
    context.set_offline(True)
    expect(page.locator("[data-offline]")).to_be_visible()
    before, shown = seconds(page), page.locator(ELAPSED).inner_text()
    expect(page.locator(ELAPSED)).not_to_have_text(shown)
    assert seconds(page) > before
    end(server)
    speak(server, "Đặng Quốc Khánh", 5)
    context.set_offline(False)
    expect(page.locator(".hall-name")).to_have_text("Đặng Quốc Khánh")
    expect(page.locator("[data-clock]")).to_have_attribute("data-pace", "on_time")
    expect(page.locator("[data-offline]")).to_be_hidden()
    end(server)
    expect(page.locator(ELAPSED)).to_have_count(0)
    expect(page.locator(".hall-hour")).to_be_visible()


@pytest.mark.parametrize("viewport", [PHONE, WIDE], ids=["390", "1366"])
def test_the_chair_calls_and_sees_the_clock_run_without_reloading(server, browser, viewport):
    context = browser.new_context(viewport=viewport)
    page = sign_in(server, context.new_page(), "thu")
    page.goto(f"{server.url}/seminars/{server.slug}/floor")
    page.locator("input[name=who]").fill("khanh")
    page.get_by_role("button", name="Ghi vào danh sách chờ").click()
    page.get_by_label("vẫn ghi").check()  # no desk has seen him come
    page.get_by_role("button", name="Ghi vào danh sách chờ").click()
    page.get_by_role("button", name="Mời, 5 phút").click()
    expect(page.locator(".floor-name")).to_have_text("Đặng Quốc Khánh")
    expect(page.locator(ELAPSED)).not_to_have_text(page.locator(ELAPSED).inner_text())
    page.locator("input[name=subject]").fill("đang gõ dở")
    speak(server, "Nguyễn Thị Phương Thuỷ", 3)
    expect(page.locator(".floor-name")).to_have_text("Nguyễn Thị Phương Thuỷ")
    expect(page.locator("input[name=subject]")).to_have_value("đang gõ dở")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_without_scripts_the_hall_reloads_and_still_shows_the_clock(server, browser):
    speak(server, "Nguyễn Thị Phương Thuỷ", 5, ago=10)
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(address(server))
    first, shown = seconds(page), page.locator(ELAPSED).inner_text()
    expect(page.locator(ELAPSED)).not_to_have_text(shown)
    assert seconds(page) > first


def test_browser_and_server_judge_the_clock_alike(server, browser):
    page = browser.new_page()
    page.goto(address(server))
    asked = [(number, minutes) for minutes in (1, 2, 5, 61) for number in (0, 29, 30, 59, 60, 61, 240, 299, 300, 3661)]
    source = page.locator("script[type=module]").get_attribute("src")
    judged = page.evaluate(
        """async ([source, asked]) => {
          const { clockText, pace } = await import(source);
          return asked.map(([seconds, minutes]) => [clockText(seconds), pace(seconds, minutes)]);
        }""",
        [source, asked],
    )
    expected = [[rules.clock_text(number), rules.pace(number, minutes).value] for number, minutes in asked]
    assert judged == expected
