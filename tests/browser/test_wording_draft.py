"""A section of the report while it is written: nothing typed is lost with the tab, figures are put in at the cursor."""

import pytest
from playwright.sync_api import expect

from seminar.accounts import passwords
from seminar.accounts.models import User
from seminar.factory import create_app
from seminar.lib.database import db
from seminar.lib.settings import load
from tests import cast
from tests.browser.test_notes_draft import sign_in
from tests.servers import Server
from tests.web.test_report import hold

SECTION = f"/seminars/{cast.SLUG}/report/sections/strengths"


@pytest.fixture
def hall(tmp_path):
    """A real server over a seminar that was held."""
    server = Server(tmp_path / "data", SEMINAR_MAIL_WORKER="0")
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


def text_of(page):
    return page.locator("textarea[name=text]")


def test_two_write_a_section_and_no_word_of_either_is_lost(hall, browser):
    oanh, thu = (browser.new_context(viewport={"width": 390, "height": 800}).new_page() for _ in range(2))
    for page, login in ((oanh, "oanh"), (thu, "thu")):
        sign_in(page, hall, login)
        page.goto(hall.address + SECTION)
    text_of(oanh).fill("Có mặt  đại biểu.")
    for _ in range(len(" đại biểu.")):
        oanh.keyboard.press("ArrowLeft")
    oanh.locator("#figures > summary").click()
    oanh.locator("[data-insert='{all.arrived}']").click()
    expect(text_of(oanh)).to_have_value("Có mặt {all.arrived} đại biểu.")

    context = oanh.context
    oanh.close()  # the tab dies before it was saved
    oanh = context.new_page()
    oanh.goto(hall.address + SECTION)
    expect(text_of(oanh)).to_have_value("Có mặt {all.arrived} đại biểu.")
    expect(oanh.locator("[data-restored]")).to_be_visible()

    text_of(thu).fill("Lời của Thu.")
    thu.keyboard.press("Control+Enter")
    thu.wait_for_url("**/report#sections")

    oanh.reload()  # restored over Thu's newer wording: saving shows both
    expect(text_of(oanh)).to_have_value("Có mặt {all.arrived} đại biểu.")
    text_of(oanh).press("Control+Enter")
    expect(oanh.locator("#theirs")).to_have_text("Lời của Thu.")
    expect(text_of(oanh)).to_have_value("Có mặt {all.arrived} đại biểu.")
    text_of(oanh).fill("Lời của Thu.\nCó mặt {all.arrived} đại biểu.")
    text_of(oanh).press("Control+Enter")
    oanh.wait_for_url("**/report#sections")
    expect(oanh.locator("#report")).to_contain_text("Có mặt 22 đại biểu.")

    oanh.goto(hall.address + SECTION)
    expect(text_of(oanh)).to_have_value("Lời của Thu.\nCó mặt {all.arrived} đại biểu.")
    expect(oanh.locator("[data-restored]")).to_be_hidden()
    assert oanh.evaluate("Object.keys(localStorage).length") == 0
