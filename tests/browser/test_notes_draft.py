"""Notes in a real browser: the keyboard alone, and nothing typed is lost to a dead tab, a dead network, an ended session."""

import pytest
from playwright.sync_api import expect

from seminar.accounts import passwords
from seminar.accounts.models import User
from seminar.factory import create_app
from seminar.lib.database import db
from seminar.lib.settings import load
from tests import cast
from tests.servers import Server
from tests.web.test_report import hold

NOTES = f"/seminars/{cast.SLUG}/notes"


@pytest.fixture(scope="module")
def hall(tmp_path_factory):
    """A real server over a seminar that was held, with five notes."""
    server = Server(tmp_path_factory.mktemp("notes") / "data", SEMINAR_MAIL_WORKER="0")
    server.prepare()
    app = create_app(load({name: value for name, value in server.env.items() if name.startswith("SEMINAR_")}))
    with app.app_context():
        cast.add_staff()
        cast.add_units()
        cast.add_seminar()
        db.session.commit()
        hold(20)
        for user in db.session.scalars(db.select(User)):
            user.password_hash = passwords.hashed(cast.PASSWORD)
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    server.start()
    yield server
    server.stop()


def sign_in(page, hall, login):
    page.goto(f"{hall.address}/login")
    page.locator("input[name=email]").fill(f"{login}@example.vn")
    page.locator("input[name=password]").fill(cast.PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/login" not in address)


@pytest.fixture
def thu(hall, browser):
    """Thu's browser, signed in, on the page of notes."""
    context = browser.new_context(viewport={"width": 1366, "height": 800})
    page = context.new_page()
    sign_in(page, hall, "thu")
    page.goto(hall.address + NOTES)
    yield page
    context.close()


def text_of(page):
    return page.locator("textarea[name=text]")


def test_a_note_is_written_with_the_keyboard_alone_the_speaker_by_letters_without_accents(thu):
    thu.locator("input[name=speaker]").focus()
    thu.keyboard.type("nguyen van e")
    expect(thu.locator("#offers").get_by_role("option").first).to_have_text("Nguyễn Văn E, Bí thư")
    thu.keyboard.press("Enter")
    expect(text_of(thu)).to_be_focused()
    thu.keyboard.type("Viết bằng bàn phím.")
    thu.keyboard.press("Control+Enter")
    first = thu.locator("[data-row]").first
    expect(first).to_contain_text("Viết bằng bàn phím.")
    expect(first).to_contain_text("Nguyễn Văn E, Bí thư")
    expect(text_of(thu)).to_have_value("")
    expect(thu.locator("input[name=speaker]")).to_be_focused()
    thu.reload()
    expect(text_of(thu)).to_have_value("")


def test_what_was_typed_is_there_again_after_the_tab_died(hall, thu):
    text_of(thu).fill("Chưa kịp lưu.")
    context = thu.context
    thu.close()
    page = context.new_page()
    page.goto(hall.address + NOTES)
    expect(text_of(page)).to_have_value("Chưa kịp lưu.")
    expect(page.locator("[data-restored]")).to_be_visible()
    page.locator("[data-discard]").click()
    expect(text_of(page)).to_have_value("")
    expect(page.locator("[data-restored]")).to_be_hidden()


def test_without_a_network_the_words_stay_and_are_sent_once_when_it_is_back(thu):
    text_of(thu).fill("Gửi khi mất mạng.")
    expect(thu.locator("[data-unsent]")).to_be_hidden()
    thu.context.set_offline(True)
    text_of(thu).press("Control+Enter")
    expect(thu.locator("[data-unsent]")).to_be_visible()
    expect(text_of(thu)).to_have_value("Gửi khi mất mạng.")
    thu.context.set_offline(False)
    text_of(thu).press("Control+Enter")
    expect(thu.locator("[data-row]").first).to_contain_text("Gửi khi mất mạng.")
    expect(thu.get_by_text("Gửi khi mất mạng.")).to_have_count(1)


def test_an_ended_session_costs_a_sign_in_and_no_word(hall, thu):
    text_of(thu).fill("Phiên đã hết.")
    thu.context.clear_cookies()
    text_of(thu).press("Control+Enter")
    thu.wait_for_url("**/login*")
    sign_in(thu, hall, "thu")
    thu.goto(hall.address + NOTES)
    expect(text_of(thu)).to_have_value("Phiên đã hết.")
    text_of(thu).press("Control+Enter")
    expect(thu.locator("[data-row]").first).to_contain_text("Phiên đã hết.")


def test_two_on_one_note_see_both_wordings(hall, browser, thu):
    text_of(thu).fill("Câu đầu.")
    text_of(thu).press("Control+Enter")
    expect(thu.locator("[data-row]").first).to_contain_text("Câu đầu.")
    thu.locator("[data-row]").first.get_by_role("link").click()
    other = browser.new_context().new_page()
    sign_in(other, hall, "oanh")
    other.goto(thu.url)
    text_of(other).fill("Câu của Oanh.")
    text_of(other).press("Control+Enter")
    expect(other.locator("#flash")).to_contain_text("Đã lưu ghi chép.")
    text_of(thu).fill("Câu của Thu.")
    text_of(thu).press("Control+Enter")
    expect(thu.locator("#theirs")).to_have_text("Câu của Oanh.")
    expect(text_of(thu)).to_have_value("Câu của Thu.")
    text_of(thu).fill("Câu của Oanh. Câu của Thu.")
    text_of(thu).press("Control+Enter")
    expect(thu.locator("#flash")).to_contain_text("Đã lưu ghi chép.")
    expect(thu.locator("[data-row]").first).to_contain_text("Câu của Oanh. Câu của Thu.")
    other.context.close()


def test_without_javascript_the_form_saves_too(hall, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, hall, "thu")
    page.goto(hall.address + NOTES)
    text_of(page).fill("Không có JavaScript.")
    page.get_by_role("button", name="Lưu ghi chép").click()
    expect(page.locator("[data-row]").first).to_contain_text("Không có JavaScript.")
    context.close()
