"""The whole way through the user interface: import, issue, send, the mail that arrived, its QR, answer, desk, note, report.

A real server process, a real SMTP server on loopback, Chromium with a camera that films the QR of the mail.
"""

import email
import io
import re
from email import policy
from pathlib import Path

import pytest
import zxingcpp
from docx import Document
from PIL import Image
from playwright.sync_api import expect

DATA = Path(__file__).parents[1] / "data"
LISTS = (
    ("94-dang-vien-tre-tieu-bieu.xlsx", "T5", 94),
    ("dai-bieu-trieu-tap.xlsx", "", 38),
    ("khach-moi.xlsx", "G2", 19),
)
"""(workbook, group of the rows that name none, people in it)"""


@pytest.fixture
def bare_demo(start_server, smtp_server):
    """The demo without its delegates, served with a mail server configured."""
    server = start_server(
        demo=True, env={"SEMINAR_MAIL_SERVER": "127.0.0.1", "SEMINAR_MAIL_PORT": str(smtp_server.port)}
    )
    server.flask("delegates", "clear", "--seminar", server.slug, "--yes")
    return server


def sign_in(page, server, who):
    page.goto(f"{server.url}/login")
    page.locator('input[name="email"]').fill(f"{who}@example.vn")
    page.locator('input[name="password"]').fill(server.demo_password)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("button", name="Đăng xuất")).to_be_visible()


def import_list(page, server, workbook, group, people):
    """Reads the list, looks at the counts of the preview, stores the good rows."""
    page.goto(f"{server.url}/seminars/{server.slug}/imports")
    page.locator('input[type="file"]').set_input_files(DATA / workbook)
    page.locator('select[name="group"]').select_option(group)
    page.locator("form.card .primary").click()
    expect(page.locator('a.figure[href$="verdict=new"]')).to_have_text(str(people))
    page.locator("#rows .primary").click()
    expect(page.locator("#flash")).to_contain_text(str(people))


def qr_of(message):
    """The address in the QR picture of a mail."""
    pictures = [part for part in message.walk() if part.get_content_type() == "image/png"]
    [found] = zxingcpp.read_barcodes(Image.open(io.BytesIO(pictures[0].get_payload(decode=True))).convert("L"))
    return found.text


def test_from_the_lists_of_the_offices_to_the_report(bare_demo, smtp_server, browser, film, tmp_path):
    server, slug = bare_demo, bare_demo.slug
    here = f"{server.url}/seminars/{slug}"
    office = browser.new_page(viewport={"width": 1366, "height": 800})
    sign_in(office, server, "vanphong")
    for workbook, group, people in LISTS:
        import_list(office, server, workbook, group, people)
    office.goto(f"{here}/delegates")
    expect(office.locator("[data-total]").first).to_have_attribute("data-total", "151")

    # Letters: one number for the guests, one for the summoned.
    office.goto(f"{here}/letters")
    office.once("dialog", lambda dialog: dialog.accept())
    office.get_by_role("button", name="Phát hành").click()
    expect(office.locator("#main")).to_contain_text("02-TM/TĐTN-TCKT")
    office.goto(f"{here}/answers?state=invited")
    expect(office.locator("[data-total]").first).to_have_attribute("data-total", "151")

    # Sending: counted before it goes out, 118 with e-mail and 33 without.
    office.goto(f"{here}/sendings")
    office.get_by_role("button", name="Gửi cho 118 người, 33 người không có e-mail").click()
    smtp_server.wait_for(118)
    assert len({message["to"] for message in smtp_server.messages}) == 118

    # The mail of one delegate, its QR, the personal page, the answer.
    [raw] = [m for m in smtp_server.messages if "long.pm486@example.vn" in m["to"]]
    message = email.message_from_bytes(raw.as_bytes(), policy=policy.default)
    assert "Phạm Minh Long" in message.get_body(("plain",)).get_content()
    address = qr_of(message)
    assert address == address.upper()
    phone = browser.new_page(viewport={"width": 390, "height": 844})
    phone.goto(address)
    expect(phone.locator("#main")).to_contain_text("Phạm Minh Long")
    phone.get_by_label("Tôi sẽ tham dự").check()
    phone.get_by_role("button", name="Gửi trả lời").click()
    expect(phone.locator("#flash")).to_contain_text("đồng chí sẽ tham dự")
    office.goto(f"{here}/answers?state=attending")
    expect(office.locator("[data-row]")).to_have_count(1)

    # The desk: paired by code, the camera sees the QR.
    pairing = server.flask_json("desk", "pair", "--seminar", slug, "--name", "Bàn 1", "--format", "json")
    camera = film.browser_that_sees(address)
    desk = camera.new_page(viewport={"width": 390, "height": 844})
    desk.goto(f"{server.url}/desk/{slug}/")
    desk.locator('input[name="pairing_code"]').fill(pairing["pairing_code"])
    desk.locator("form.body .primary").click()
    expect(desk.locator('#verdict[data-verdict="admitted"]')).to_be_visible()
    expect(desk.locator("#verdict")).to_contain_text("Phạm Minh Long")
    office.goto(f"{here}/arrivals?state=arrived")
    expect(office.locator("[data-row]")).to_have_count(1)

    # A note of what was said.
    secretary = browser.new_page(viewport={"width": 1366, "height": 800})
    sign_in(secretary, server, "thuky")
    secretary.goto(f"{here}/notes")
    secretary.locator('textarea[name="text"]').first.fill(
        "Đề nghị có cơ chế phối hợp giữa nhà trường và nơi tiếp nhận."
    )
    secretary.locator('textarea[name="text"]').first.press("Control+Enter")
    expect(secretary.locator("[data-row]").first).to_contain_text("cơ chế phối hợp")

    # The report: the Word file says what the rows say.
    office.goto(f"{here}/report")
    with office.expect_download() as download:
        office.get_by_role("link", name=re.compile("Word")).first.click()
    target = tmp_path / "report.docx"
    download.value.save_as(target)
    document = Document(target)
    text = "\n".join(p.text for p in document.paragraphs)
    cells = [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]
    assert "151" in text or any("151" in row for row in cells)
    assert any("Phạm Minh Long" in cell for row in cells for cell in row)
    assert "0520661125" not in text + str(cells)
