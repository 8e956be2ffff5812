"""A dispatch from the first word to the paper that is signed, and its entry in the register put right; without JavaScript too."""

import io
import re

from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.test_whole_way import sign_in

PHONE = {"width": 390, "height": 844}


def pdf_of(page: Page, name: str) -> str:
    """What the PDF behind the link says, opened in the browser's own session."""
    address = page.get_by_role("link", name=name).first.evaluate("link => link.href")
    answer = page.request.get(address)
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    return re.sub(r"\s+", " ", " ".join(one.extract_text() for one in PdfReader(io.BytesIO(answer.body())).pages))


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"])


def test_a_dispatch_is_written_issued_and_opened_and_its_entry_corrected(start_server, browser):
    server = start_server(demo=True)
    here = f"{server.url}/seminars/{server.slug}"
    page = browser.new_page(viewport={"width": 1366, "height": 800})
    page.on("dialog", lambda dialog: dialog.accept())
    sign_in(page, server, "vanphong")

    # Begun from the plan; what is missing leads to where it is mended.
    page.goto(f"{here}/drafts")
    page.get_by_label("công văn triệu tập").check()
    page.get_by_role("button", name="Soạn").click()
    expect(page.locator("#copies")).to_contain_text("Số bản: 22")
    page.get_by_role("link", name="Mở kế hoạch").click()
    expect(page.locator("#details")).to_be_visible()
    page.go_back()
    body = page.locator("[name=body]")
    body.fill(body.input_value().replace("Kế hoạch số …………, ngày …………", "Kế hoạch số 15-KH/TĐTN-TCKT, ngày 02/02/2024"))
    page.locator("#words button.primary").click()
    expect(page.locator("#flash")).to_contain_text("Đã lưu")
    assert "15-KH/TĐTN-TCKT" in pdf_of(page, "Xem trước")

    # Issued with more copies than were counted.
    page.locator("[name=seen]").check()
    page.locator("[name=copies]").fill("25")
    page.get_by_role("button", name="Phát hành số 01-CV/TĐTN-TCKT").click()
    expect(page.locator("#flash")).to_contain_text("Đã phát hành 01-CV/TĐTN-TCKT")
    printed = pdf_of(page, "In (PDF)")
    assert "Số: 01-CV/TĐTN-TCKT" in printed
    assert "(Kèm theo Công văn số 01-CV/TĐTN-TCKT" in printed
    assert "DỰ THẢO" not in printed

    # On a telephone the entry is put right; the log keeps what stood there.
    page.set_viewport_size(PHONE)
    page.get_by_role("link", name="Sửa trong sổ").click()
    assert fits(page)
    page.locator("#correction [name=copies]").fill("30")
    page.locator("#correction button").click()
    expect(page.locator("#corrections")).to_contain_text("số bản: 30 (trước là 25)")
    expect(page.locator("#corrections")).to_contain_text("số bản: 25 (trước là 22)")

    # Without JavaScript: another dispatch, a number that came to nothing.
    context = browser.new_context(java_script_enabled=False, storage_state=page.context.storage_state(), viewport=PHONE)
    plain = context.new_page()
    plain.goto(f"{here}/drafts")
    assert fits(plain)
    plain.get_by_label("công văn khác").check()
    plain.get_by_role("button", name="Soạn").click()
    assert fits(plain)
    plain.locator("[name=subject]").fill("mượn hội trường")
    plain.locator("[name=addressees]").fill("Sở Nội vụ")
    plain.locator("#words button.primary").click()
    plain.locator("[name=seen]").check()
    plain.get_by_role("button", name="Phát hành số 02-CV/TĐTN-TCKT").click()
    assert "“V/v mượn hội trường”" in pdf_of(plain, "In (PDF)")
    plain.get_by_role("link", name="Sửa trong sổ").click()
    plain.locator("#unused [name=reason]").fill("Gộp vào công văn khác")
    plain.locator("#unused button").click()
    expect(plain.locator("#entry")).to_contain_text("Gộp vào công văn khác")
    plain.goto(f"{here}/register")
    assert fits(plain)
    expect(plain.locator("[data-row]").first).to_contain_text("không dùng")
    context.close()
    page.close()
