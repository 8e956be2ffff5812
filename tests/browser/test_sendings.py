"""A sending as the office does it: looked at, counted, confirmed, stopped in the middle, resumed; texts copied by a button."""

import io
import re

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from tests.browser.test_whole_way import sign_in
from tests.postbox import Postbox, until

REACHED = 118
"""People of the demo with an address; 33 have none."""


@pytest.fixture
def postbox():
    """Slow, so that there is a middle."""
    postbox = Postbox(seconds_per_mail=0.2).open()
    yield postbox
    postbox.close()


def test_a_sending_is_previewed_confirmed_stopped_and_resumed(start_server, postbox, browser):
    server = start_server(demo=True, env={"SEMINAR_MAIL_SERVER": "127.0.0.1", "SEMINAR_MAIL_PORT": str(postbox.port)})
    here = f"{server.url}/seminars/{server.slug}"
    page = browser.new_page(viewport={"width": 1366, "height": 900})
    sign_in(page, server, "vanphong")

    # The states follow the kind chosen at once; the usual one of the new kind is taken, the focus stays.
    page.goto(f"{here}/sendings")
    page.locator("#purpose").focus()
    page.locator("#purpose").select_option("reminder")
    expect(page.locator("#state option")).to_have_text(["Chưa trả lời"])
    expect(page.locator("#sending")).to_contain_text(f"Gửi cho {REACHED} người, 33 người không có e-mail")
    page.locator("#purpose").select_option("invitation")
    expect(page.locator("#state option")).to_have_count(6)
    expect(page.locator("#state")).to_have_value("not_sent")
    expect(page.locator("#purpose")).to_be_focused()

    # The preview is the mail itself, and it says where an answer goes.
    page.get_by_role("link", name="Xem trước như từng người nhận").click()
    letter = page.frame_locator("iframe.message-body")
    expect(letter.get_by_role("link", name="Mở trang và trả lời")).to_be_visible()
    assert letter.get_by_alt_text(re.compile("^Mã QR của ")).evaluate("picture => picture.naturalWidth") > 100
    expect(page.locator("#main")).to_contain_text("Thư trả lời về")
    page.get_by_role("link", name="Trở lại đếm và xác nhận").click()

    # Confirmed as counted; the page follows by itself; stopped, nothing more leaves.
    page.locator('input[name="attach"]').uncheck()
    page.get_by_role("button", name=f"Gửi cho {REACHED} người, 33 người không có e-mail").click()
    expect(page.locator("#batch")).to_contain_text(re.compile(rf"Đã xong [1-9]\d* trên {REACHED} thư"))
    page.get_by_role("button", name="Dừng: không gửi thêm thư nào").click()
    expect(page.locator("#batch")).to_contain_text(re.compile(r"Đã tạm dừng|chưa gửi"))
    expect(page.get_by_role("button", name="Dừng: không gửi thêm thư nào")).to_have_count(0)
    page.wait_for_timeout(600)  # what was in flight arrives
    left = len(postbox.received)
    assert 0 < left < REACHED
    page.wait_for_timeout(1000)
    assert len(postbox.received) == left

    # Resumed: everybody gets it, once, from an address that the office reads.
    postbox.seconds_per_mail = 0
    page.get_by_role("button", name=re.compile(r"Gửi tiếp \d+ thư")).click()
    assert until(lambda: len(postbox.received) >= REACHED, 60)
    expect(page.locator("#batch")).to_contain_text(f"Đã xong cả {REACHED} thư")
    assert len(set(postbox.receivers)) == len(postbox.receivers) == REACHED
    assert {one.message["Reply-To"] for one in postbox.received} == {"vanphong@example.vn"}
    page.close()


def test_a_text_is_copied_by_its_button_and_its_qr_is_a_picture(start_server, browser):
    server = start_server(demo=True)
    address = f"{server.url}/seminars/{server.slug}/texts"
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    sign_in(page, server, "vanphong")
    page.goto(address)
    page.locator("#kind").select_option("bare")
    expect(page.locator("[data-row] textarea").nth(1)).not_to_contain_text("Kính gửi")
    row = page.locator("[data-row]").nth(1)
    row.get_by_role("button", name="Chép").click()
    expect(row.get_by_role("status")).to_have_text("Đã chép.")
    text = row.locator("textarea").input_value()
    assert page.evaluate("() => navigator.clipboard.readText()") == text
    expect(row).to_contain_text("1 tin SMS")
    with page.expect_download() as download:
        row.get_by_role("link", name="Ảnh mã QR").click()
    [found] = zxingcpp.read_barcodes(Image.open(io.BytesIO(download.value.path().read_bytes())).convert("L"))
    assert found.text.lower() in text
    context.close()

    # Without scripts: no button that does nothing, and the states follow by the visible button.
    plain = browser.new_context(java_script_enabled=False)
    page = plain.new_page()
    sign_in(page, server, "vanphong")
    page.goto(address)
    expect(page.locator("[data-copy]").first).to_be_hidden()
    page.locator("#purpose").select_option("reminder")
    page.get_by_role("button", name="Xem và đếm").click()
    expect(page.locator("#state option")).to_have_text(["Chưa trả lời"])
    expect(page.locator("[data-row] textarea").first).to_contain_text("chưa nhận được trả lời")
    plain.close()
