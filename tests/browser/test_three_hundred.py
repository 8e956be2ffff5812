"""Every desk with 300 rows, a refused row and a dead mail server (the issue's "Not a toy")."""

import re
import time

import pytest
from openpyxl import Workbook
from playwright.sync_api import expect

from tests.browser.test_whole_way import sign_in
from tests.postbox import Postbox

FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Đặng", "Võ")
GIVEN = ("An", "Ánh", "Đạt", "Dung", "Hạnh", "Khánh", "Long", "Mỹ", "Thuỷ", "Yến")


@pytest.fixture
def workbook(tmp_path):
    """300 people with e-mail, and between them one row without a name."""
    book = Workbook()
    sheet = book.active
    sheet.append(["DANH SÁCH KHÁCH MỜI (minh họa)"])
    sheet.append(["STT", "Họ và tên", "Chức vụ", "Đơn vị", "Điện thoại", "Email"])
    for i in range(300):
        name = f"{FAMILIES[i % 6]} Văn {chr(65 + i // 30)}{chr(97 + i % 26)} {GIVEN[i % 10]}"
        sheet.append([i + 1, name, "Giảng viên", f"Trường số {i % 12}", f"09{i:08d}", f"khach{i}@example.vn"])
        if i == 149:
            sheet.append([None, None, "Trưởng khoa", "Trường số 3", "0912345678", None])
    path = tmp_path / "ba-tram-khach.xlsx"
    book.save(path)
    return path


def test_three_hundred_guests_one_refused_row_and_a_mail_server_that_comes_back(start_server, browser, workbook):
    postbox = Postbox()  # a port where nobody listens yet
    server = start_server(demo=True, env={"SEMINAR_MAIL_SERVER": "127.0.0.1", "SEMINAR_MAIL_PORT": str(postbox.port)})
    server.flask("delegates", "clear", "--seminar", server.slug, "--yes")
    here = f"{server.url}/seminars/{server.slug}"
    office = browser.new_page(viewport={"width": 1366, "height": 800})
    sign_in(office, server, "vanphong")

    # The list: 300 good rows and one refused, by its row and with what to do; only the good ones are stored.
    office.goto(f"{here}/imports")
    office.locator('input[type="file"]').set_input_files(workbook)
    office.locator('select[name="group"]').select_option("G7")
    office.locator("form.card .primary").click()
    expect(office.locator('a.figure[href$="verdict=new"]')).to_have_text("300")
    office.locator('a.figure[href$="verdict=error"]').click()
    expect(office.locator("[data-row]")).to_have_count(1)
    expect(office.locator("[data-row]")).to_contain_text("153")
    office.locator("#rows .primary").click()
    expect(office.locator("#flash")).to_contain_text("300")

    # Letters and sending, with the mail server dead: all 300 stay visible, none is called sent.
    office.goto(f"{here}/letters")
    office.once("dialog", lambda dialog: dialog.accept())
    office.get_by_role("button", name="Phát hành").click()
    office.goto(f"{here}/sendings")
    office.get_by_role("button", name="Gửi cho 300 người, 0 người không có e-mail").click()
    office.goto(f"{here}/outbox?status=sent")
    expect(office.locator("[data-total]").first).to_have_attribute("data-total", "0")
    waiting = 0
    for status in ("queued", "sending", "retry"):
        office.goto(f"{here}/outbox?status={status}")
        waiting += int(office.locator("[data-total]").first.get_attribute("data-total"))
    assert waiting == 300

    # Meanwhile the other desks work: search without accents among 300, the third page of the list, the desk.
    began = time.monotonic()
    office.goto(f"{here}/delegates?search=dang+van")
    assert time.monotonic() - began < 10
    expect(office.locator("[data-total]").first).to_have_attribute("data-total", "50")
    office.goto(f"{here}/answers?state=no_answer&page=6")
    expect(office.locator("[data-row]")).to_have_count(50)
    desk = browser.new_page(viewport={"width": 390, "height": 844})
    pairing = server.flask_json("desk", "pair", "--seminar", server.slug, "--name", "Bàn 1", "--format", "json")
    desk.goto(f"{server.url}/desk/{server.slug}/")
    desk.locator('input[name="pairing_code"]').fill(pairing["pairing_code"])
    desk.locator("form.body .primary").click()
    desk.locator("#what").fill("300")
    desk.locator("#what").press("Enter")
    expect(desk.locator('#verdict[data-verdict="admitted"]')).to_be_visible()
    office.goto(f"{here}/arrivals?state=absent")
    expect(office.locator("[data-total]").first).to_have_attribute("data-total", "299")
    office.goto(f"{here}/report")
    expect(office.locator("#main")).to_contain_text(re.compile(r"Danh sách có 300 đại biểu"))

    # The mail server comes back, the office says "now": everything goes out, once.
    postbox.open()
    try:
        office.goto(f"{here}/outbox")
        office.get_by_role("button", name="Thử gửi lại tất cả ngay").click()
        until = time.monotonic() + 150
        while len(postbox.received) < 300 and time.monotonic() < until:
            time.sleep(1)
        assert sorted(one.receivers[0] for one in postbox.received) == sorted(
            f"khach{i}@example.vn" for i in range(300)
        )
        office.goto(f"{here}/outbox?status=sent")
        expect(office.locator("[data-total]").first).to_have_attribute("data-total", "300")
    finally:
        postbox.close()
