"""Notes in a real browser: the keyboard alone, and nothing typed is lost to a dead tab, a dead network, an ended session."""

import pytest
from playwright.sync_api import expect

from seminar.accounts import passwords
from seminar.accounts.models import User
from seminar.factory import create_app
from seminar.lib.database import db
from seminar.lib.settings import load
from tests import cast
from tests.browser.proxy import Proxy
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


def is_draft_kept(answer):
    return answer.url.endswith("/notes/drafts") and answer.request.method == "POST" and answer.ok


def test_a_note_is_written_with_the_keyboard_alone_the_speaker_by_letters_without_accents(thu):
    thu.locator("input[name=speaker]").focus()
    thu.keyboard.type("nguyen van e")
    expect(thu.locator("#offers").get_by_role("option").first).to_have_text("Nguyễn Văn E, Bí thư")
    thu.keyboard.press("ArrowDown")
    thu.keyboard.press("Enter")
    expect(thu.locator("#offers")).to_be_hidden()
    thu.keyboard.press("Tab")
    thu.keyboard.press("5")
    expect(text_of(thu)).to_be_focused()
    thu.keyboard.type("Viết bằng bàn phím.")
    thu.keyboard.press("Control+Enter")
    first = thu.locator("[data-row]").first
    expect(first).to_contain_text("Viết bằng bàn phím.")
    expect(first).to_contain_text("Nguyễn Văn E, Bí thư")
    expect(first).to_contain_text("đề xuất")
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


def waiting(page):
    return page.locator("#queue [data-waiting]")


def test_without_a_network_notes_wait_and_are_sent_once_in_order_when_it_is_back(thu):
    thu.context.set_offline(True)
    for number in range(3):
        text_of(thu).fill(f"Gửi khi mất mạng {number}.")
        text_of(thu).press("Control+Enter")
        expect(text_of(thu)).to_have_value("")
    expect(waiting(thu)).to_contain_text("3 ghi chép chờ gửi")
    expect(waiting(thu)).to_contain_text("Máy chủ chưa trả lời.")
    thu.context.set_offline(False)
    expect(waiting(thu)).to_be_hidden()
    expect(thu.locator("#written [data-row] [data-wording]")).to_have_text(
        [f"Gửi khi mất mạng {number}." for number in (2, 1, 0)]
    )
    thu.reload()
    expect(thu.get_by_text("Gửi khi mất mạng 1.")).to_have_count(1)


@pytest.mark.parametrize("trouble", ["swallow", "portal", 502])
def test_a_lost_answer_a_page_of_the_wifi_or_a_dying_server_cost_no_note_and_store_none_twice(hall, browser, trouble):
    proxy = Proxy(hall.port)
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{proxy.url}/login")
    page.locator("input[name=email]").fill("thu@example.vn")
    page.locator("input[name=password]").fill(cast.PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/login" not in address)
    page.goto(proxy.url + NOTES)
    proxy.rule = lambda path, body: trouble if path == NOTES else None
    for number in range(2):
        text_of(page).fill(f"Qua mạng hỏng {trouble} {number}.")
        text_of(page).press("Control+Enter")
    expect(waiting(page)).to_contain_text("2 ghi chép chờ gửi")
    expect(waiting(page)).to_contain_text("Máy chủ chưa trả lời.")
    proxy.rule = lambda path, body: None
    expect(waiting(page)).to_be_hidden()
    page.goto(proxy.url + NOTES)
    for number in range(2):
        expect(page.locator("[data-row]", has_text=f"Qua mạng hỏng {trouble} {number}.")).to_have_count(1)
    context.close()
    proxy.close()


def test_an_ended_session_costs_a_sign_in_and_no_word(hall, thu):
    thu.context.clear_cookies()
    text_of(thu).fill("Phiên đã hết.")
    text_of(thu).press("Control+Enter")
    out = thu.locator("#queue [data-signed-out]")
    expect(out).to_contain_text("Phiên đăng nhập đã hết.")
    with thu.context.expect_page() as opened:
        out.get_by_role("link").click()
    other = opened.value
    other.locator("input[name=email]").fill("thu@example.vn")
    other.locator("input[name=password]").fill(cast.PASSWORD)
    other.keyboard.press("Enter")
    other.wait_for_url(lambda address: "/login" not in address)
    other.close()
    expect(out).to_be_hidden()
    expect(thu.locator("#written [data-row]").first).to_contain_text("Phiên đã hết.")


def test_what_the_server_refuses_is_shown_kept_and_corrected(thu):
    thu.locator("input[name=spoken]").fill("25:99")
    text_of(thu).fill("Giờ sai.")
    text_of(thu).press("Control+Enter")
    problem = thu.locator("#queue [data-problems] li")
    expect(problem).to_contain_text("Hãy ghi giờ dạng 08:05, hoặc để trống.")
    thu.reload()
    expect(problem).to_contain_text("Giờ sai.")
    problem.get_by_role("button", name="Mở để sửa").click()
    expect(text_of(thu)).to_have_value("Giờ sai.")
    expect(problem).to_have_count(0)
    thu.locator("input[name=spoken]").fill("")
    text_of(thu).press("Control+Enter")
    expect(thu.locator("#written [data-row]").first).to_contain_text("Giờ sai.")


def test_another_machine_offers_the_draft_of_the_server(hall, browser, thu):
    with thu.expect_response(is_draft_kept):
        text_of(thu).fill("Viết dở trên máy một.")
    thu.close(run_before_unload=False)
    context = browser.new_context()
    page = context.new_page()
    sign_in(page, hall, "thu")
    page.goto(hall.address + NOTES)
    text_of(page).fill("Đang gõ trên máy hai.")
    draft = page.locator("#drafts [data-draft-key]", has_text="Viết dở trên máy một.")
    expect(draft).to_contain_text("trên máy chủ")
    draft.get_by_role("link", name="Mở").click()
    expect(text_of(page)).to_have_value("Viết dở trên máy một.")
    text_of(page).press("Control+Enter")
    expect(page.locator("#written [data-row]:not(.pending)").first).to_contain_text("Viết dở trên máy một.")
    page.goto(hall.address + NOTES)
    expect(text_of(page)).to_have_value("Đang gõ trên máy hai.")
    expect(page.locator("#drafts")).not_to_contain_text("Viết dở trên máy một.")
    page.locator("form [data-discard]").click()
    context.close()


def test_a_second_tab_leaves_the_draft_to_the_first(hall, thu):
    text_of(thu).fill("Đang gõ ở thẻ một.")
    second = thu.context.new_page()
    second.goto(hall.address + NOTES)
    expect(second.locator("form#entry[data-ready]")).to_be_visible()
    expect(text_of(second)).to_have_value("")
    expect(second.locator("#drafts")).to_contain_text("Đang gõ ở thẻ một.")
    second.close()
    text_of(thu).press("Control+Enter")
    expect(thu.locator("#written [data-row]:not(.pending)").first).to_contain_text("Đang gõ ở thẻ một.")


def test_a_speech_too_long_for_one_note_is_split_on_request(thu):
    speech = "\n".join(f"•\tĐoạn {number}: {'phát biểu ' * 20}hết." for number in range(100))
    text_of(thu).fill(speech)
    text_of(thu).press("Control+Enter")
    button = thu.get_by_role("button", name="Lưu thành nhiều ghi chép nối tiếp nhau")
    expect(button).to_be_focused()
    thu.keyboard.press("Enter")
    parts = thu.locator("#written [data-row] [data-wording]")
    expect(parts).to_have_count(2)
    expect(parts.first).to_contain_text("- Đoạn 99:")
    expect(text_of(thu)).to_have_value("")


def test_a_reply_is_joined_to_its_question_by_two_keys(thu):
    thu.locator("input[name=speaker]").focus()
    thu.keyboard.press("Alt+3")
    text_of(thu).fill("Bao giờ có nhà ở?")
    text_of(thu).press("Control+Enter")
    expect(thu.locator("[data-reply]")).to_be_hidden()
    thu.keyboard.press("Tab")
    thu.keyboard.press("4")
    answers = thu.locator("select[name=reply_to]")
    expect(answers).to_be_focused()
    answers.select_option(label="Bao giờ có nhà ở?")
    thu.keyboard.press("Enter")
    thu.keyboard.type("Quý sau.")
    thu.keyboard.press("Control+Enter")
    expect(thu.locator("#written [data-row]:not(.pending)").first).to_contain_text("Trả lời cho Bao giờ có nhà ở?")


def test_two_on_one_note_see_both_wordings(hall, browser, thu):
    text_of(thu).fill("Câu đầu.")
    text_of(thu).press("Control+Enter")
    expect(thu.locator("[data-row]").first).to_contain_text("Câu đầu.")
    thu.locator("[data-row]").first.get_by_role("link", name="Sửa").click()
    other = browser.new_context().new_page()
    sign_in(other, hall, "oanh")
    other.goto(thu.url)
    with other.expect_response(is_draft_kept):
        text_of(other).fill("Câu của Oanh.")
    thu.reload()
    expect(thu.locator("#live")).to_contain_text("Trần Thị Oanh cũng đang sửa ghi chép này")
    text_of(other).press("Control+Enter")
    expect(other.locator("#flash")).to_contain_text("Đã lưu ghi chép.")
    text_of(thu).focus()
    thu.keyboard.press("Control+A")
    with thu.expect_response(is_draft_kept):
        thu.keyboard.type("Câu của T")
    thu.keyboard.type("hu.")
    thu.keyboard.press("Control+Enter")
    expect(thu.locator("#theirs")).to_have_text("Câu của Oanh.")
    expect(thu.locator("#theirs mark")).to_have_text("Oanh.")
    expect(thu.locator("#mine mark")).to_have_text("Thu.")
    expect(text_of(thu)).to_have_value("Câu của Thu.")
    with thu.expect_response(is_draft_kept):
        thu.get_by_role("button", name="Nối hai bản").click()
    expect(text_of(thu)).to_have_value("Câu của Oanh.\nCâu của Thu.")
    expect(thu.locator("[data-elsewhere]")).to_be_hidden()
    text_of(thu).fill("Câu của Oanh. Câu của Thu.")
    text_of(thu).press("Control+Enter")
    expect(thu.locator("#flash")).to_contain_text("Đã lưu ghi chép.")
    expect(thu.locator("[data-row]").first).to_contain_text("Câu của Oanh. Câu của Thu.")
    other.context.close()


class Held:
    """The page of a note whose savings wait until they are let go."""

    def __init__(self, page, text):
        self.page, self.routes = page, []
        text_of(page).fill(text)
        text_of(page).press("Control+Enter")
        row = page.locator("[data-row]:not(.pending)", has_text=text).first
        row.get_by_role("link", name="Sửa").click()
        expect(page.locator("form#entry[data-ready]")).to_be_visible()
        self.address = page.url
        page.route(self.address, self.hold)

    def hold(self, route):
        if route.request.method == "POST" and route.request.headers.get("x-writer"):
            self.routes.append(route)
        else:
            route.continue_()

    def type(self, words):
        text_of(self.page).focus()
        self.page.keyboard.press("Control+End")
        self.page.keyboard.type(words)

    def save(self):
        """Pressed, and sent."""
        expect(self.page.locator("form#entry[data-ready]")).to_be_visible()
        self.page.keyboard.press("Control+Enter")
        self.wait()

    def wait(self):
        for _ in range(500):
            if self.routes:
                return
            self.page.wait_for_timeout(20)
        raise AssertionError("nothing was sent")

    def let_go(self):
        self.wait()
        self.routes.pop().continue_()


@pytest.mark.parametrize("is_saved_again_first", [False, True])
def test_words_typed_after_pressing_save_are_the_next_wording(thu, is_saved_again_first):
    held = Held(thu, f"Đoạn đầu {is_saved_again_first}.")
    held.type(" Đoạn hai.")
    held.save()
    held.type(" Đoạn ba.")
    if is_saved_again_first:
        thu.keyboard.press("Control+Enter")
    held.let_go()
    if not is_saved_again_first:
        expect(thu.locator("input[name=revision]")).to_have_value("2")
        expect(text_of(thu)).to_have_value(f"Đoạn đầu {is_saved_again_first}. Đoạn hai. Đoạn ba.")
        held.save()
    held.let_go()
    expect(thu.locator("#flash")).to_contain_text("Đã lưu ghi chép.")
    row = thu.locator("[data-row]", has_text=f"Đoạn đầu {is_saved_again_first}.").first
    expect(row).to_contain_text("Đoạn hai. Đoạn ba.")
    thu.unroute(held.address)
    thu.goto(held.address)
    expect(thu.locator("#note [data-wording]")).to_have_count(3)


def test_words_typed_after_pressing_save_and_a_dead_tab_are_offered_again(thu):
    held = Held(thu, "Trước khi mất máy.")
    held.type(" Đã bấm lưu.")
    held.save()
    held.type(" Chưa bấm lưu.")
    held.let_go()
    expect(thu.locator("input[name=revision]")).to_have_value("2")
    thu.wait_for_timeout(300)  # it is kept in the browser by then
    context = thu.context
    thu.close(run_before_unload=False)
    page = context.new_page()
    page.goto(held.address)
    expect(text_of(page)).to_have_value("Trước khi mất máy. Đã bấm lưu. Chưa bấm lưu.")
    text_of(page).press("Control+Enter")
    expect(page.locator("#flash")).to_contain_text("Đã lưu ghi chép.")


def test_words_typed_after_pressing_save_stand_in_the_merged_note_and_in_the_refused_one(hall, browser, thu):
    held = Held(thu, "Trước khi tranh chấp.")
    other = browser.new_context().new_page()
    sign_in(other, hall, "oanh")
    other.goto(held.address)
    text_of(other).fill("Lời của Oanh.")
    text_of(other).press("Control+Enter")
    expect(other.locator("#flash")).to_contain_text("Đã lưu ghi chép.")
    other.context.close()
    held.type(" Đã bấm lưu.")
    held.save()
    held.type(" Gõ tiếp.")
    held.let_go()
    expect(thu.locator("#mine")).to_have_text("Trước khi tranh chấp. Đã bấm lưu. Gõ tiếp.")
    expect(text_of(thu)).to_have_value("Trước khi tranh chấp. Đã bấm lưu. Gõ tiếp.")
    thu.locator("input[name=spoken]").fill("25:99")
    text_of(thu).focus()
    held.save()
    held.type(" Gõ nữa.")
    held.let_go()
    expect(thu.locator("form#entry .errors").first).to_be_visible()
    expect(text_of(thu)).to_have_value("Trước khi tranh chấp. Đã bấm lưu. Gõ tiếp. Gõ nữa.")
    thu.locator("[data-discard]").click()


def test_without_javascript_the_form_saves_too(hall, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, hall, "thu")
    page.goto(hall.address + NOTES)
    text_of(page).fill("Không có JavaScript.")
    page.get_by_role("button", name="Lưu ghi chép").click()
    expect(page.locator("[data-row]").first).to_contain_text("Không có JavaScript.")
    context.close()
