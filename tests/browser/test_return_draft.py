"""A unit fills its statistics sheet in a real browser: nothing is lost with a killed tab or a dead network, two who type
see each other, and the sheet fits a telephone.
"""

from io import BytesIO

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from seminar.factory import create_app
from seminar.lib.database import db
from seminar.lib.settings import load
from seminar.planning.actions import issue_unit_link
from seminar.statistics.models import ReturnDraft, ReturnVersion
from tests import cast
from tests.servers import Server
from tests.web.returning import add_period, units


@pytest.fixture
def hall(tmp_path):
    """(server, its application, address of the first unit's sheet)."""
    server = Server(tmp_path / "data", SEMINAR_MAIL_WORKER="0")
    server.prepare()
    app = create_app(load({name: value for name, value in server.env.items() if name.startswith("SEMINAR_")}))
    with app.app_context():
        cast.add_staff()
        cast.add_units()
        seminar = cast.add_seminar()
        period = add_period(seminar)
        link = issue_unit_link(seminar, units()[0], cast.OFFICE, cast.NOW)
        db.session.commit()
        path = f"/u/{link.code}/returns/{period.id}"
        db.session.remove()
        db.engine.dispose()
    server.start()
    yield server, app, server.address + path
    server.stop()


def opened(context, here):
    page = context.new_page()
    page.goto(here)
    page.locator("#return-form[data-ready]").wait_for()
    return page


def cell(page, key):
    return page.locator(f'[id="c-{key}"]')


def kept(page):
    expect(page.locator("[data-status]")).to_contain_text("đã lưu lúc")


def stored(app):
    with app.app_context():
        draft = db.session.scalar(db.select(ReturnDraft))
        cells = dict(draft.cells) if draft else {}
        db.session.remove()
        db.engine.dispose()
        return cells


def test_a_unit_fills_its_sheet_with_a_killed_tab_on_the_way_and_sends_it(hall, browser):
    _server, app, here = hall
    context = browser.new_context(viewport={"width": 390, "height": 800})
    page = opened(context, here)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    cell(page, "2021.members").fill("9.000")
    cell(page, "2021.outstanding").fill("9001")
    kept(page)
    expect(page.locator("#return-figures")).to_contain_text("lớn hơn “Tổng số đoàn viên” (9.000)")
    expect(page.locator('td[data-cell="2021.outstanding"]')).to_have_attribute("data-mark", "error")
    cell(page, "2021.outstanding").fill("3000")
    kept(page)
    expect(page.locator("#return-figures")).to_contain_text("33,33 %")

    context.set_offline(True)
    cell(page, "2021.quota").fill("300")
    expect(page.locator("[data-status]")).to_contain_text("đang giữ trong trình duyệt này")
    assert "2021.quota" not in stored(app)
    page.close()  # the tab is killed before the server had it
    context.set_offline(False)
    page = opened(context, here)
    expect(cell(page, "2021.quota")).to_have_value("300")
    kept(page)
    assert stored(app) == {"2021.members": "9.000", "2021.outstanding": "3000", "2021.quota": "300"}

    page.get_by_role("button", name="Xem lại và gửi").click()
    expect(page.locator("#review")).to_contain_text("18 ô để trống")
    page.get_by_role("button", name="Gửi như vậy").click()
    expect(page.locator("#versions")).to_contain_text("Lần nộp 1")
    with app.app_context():
        version = db.session.scalars(db.select(ReturnVersion)).one()
        assert {cell.column: cell.value for cell in version.cells} == {
            "members": 9000,
            "outstanding": 3000,
            "quota": 300,
        }
        db.session.remove()
        db.engine.dispose()
    context.close()


def test_two_who_type_get_each_others_cells_and_choose_where_both_typed(hall, browser):
    _server, app, here = hall
    first, second = (opened(browser.new_context(), here) for _ in range(2))
    cell(first, "2021.members").fill("100")
    kept(first)
    cell(second, "2021.pupils").fill("6")
    kept(second)
    expect(cell(second, "2021.members")).to_have_value("100")
    cell(second, "2021.members").fill("300")
    cell(second, "2022.quota").fill("8")
    kept(second)
    cell(first, "2021.members").fill("200")
    expect(first.locator('[id="w-2021.members"]')).to_contain_text("Người khác đã nhập: 300")
    expect(cell(first, "2021.members")).to_have_value("200")
    expect(cell(first, "2022.quota")).to_have_value("8")
    assert stored(app)["2021.members"] == "300"
    first.get_by_role("button", name="Giữ số của tôi").click()
    kept(first)
    assert stored(app) == {"2021.members": "200", "2021.pupils": "6", "2022.quota": "8"}
    for page in (first, second):
        page.context.close()


def test_a_block_copied_from_a_spreadsheet_goes_into_the_cells(hall, browser):
    _server, app, here = hall
    context = browser.new_context(viewport={"width": 1366, "height": 800})
    page = opened(context, here)
    cell(page, "2022.outstanding").focus()
    page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.setData("text/plain", "3.400\\t300\\n3500\\t310\\n");
          const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
          document.activeElement.dispatchEvent(event);
        }"""
    )
    kept(page)
    assert stored(app) == {
        "2022.outstanding": "3.400",
        "2022.quota": "300",
        "2023.outstanding": "3500",
        "2023.quota": "310",
    }
    cell(page, "2023.members").focus()
    page.keyboard.press("Enter")
    expect(cell(page, "2023.outstanding")).to_be_focused()
    context.close()


def test_on_a_telephone_a_chosen_file_is_read_before_sending_and_no_table_is_cut(hall, browser, tmp_path):
    _server, app, here = hall
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = opened(context, here)
    book = load_workbook(BytesIO(context.request.get(f"{here}/sheet.xlsx").body()))
    row = next(row for row in book.active.iter_rows() if row[1].value == "Năm 2021")
    for place, count in ((2, 12000), (3, "3.400"), (4, 300)):
        row[place].value = count
    book.save(tmp_path / "biểu.xlsx")
    page.locator("summary", has_text="tệp Excel").click()
    page.locator("#file").set_input_files(tmp_path / "biểu.xlsx")
    cell(page, "2023.members").fill("11000")
    page.get_by_role("button", name="Xem lại và gửi").click()
    expect(page.locator("#found")).to_contain_text("Đã đọc từ tệp")
    assert stored(app) == {
        "2021.members": "12000",
        "2021.outstanding": "3.400",
        "2021.quota": "300",
        "2023.members": "11000",
    }
    cut = page.evaluate(
        "() => [...document.querySelectorAll('.scroll')].filter((one) => one.scrollWidth > one.clientWidth).length"
    )
    assert cut == 0
    page.get_by_role("button", name="Xem lại và gửi").click()
    page.wait_for_url("**/review")
    context.close()
