"""A unit names its people on a phone without JavaScript; the office decides; two phones want the last place."""

from playwright.sync_api import Page, expect

from seminar.access.actor import Actor, ActorKind
from seminar.lib.clock import now
from seminar.lib.database import db
from seminar.planning.actions import issue_missing_unit_links
from seminar.planning.models import UnitLink
from tests import cast
from tests.browser.test_whole_way import sign_in

PHONE = {"width": 390, "height": 844}


def clear_secretaries(server):
    """The demo without anybody in T2 and T3; returns the link of Huyện Đoàn Bàu Bàng."""
    server.flask("delegates", "clear", "--seminar", server.slug, "--yes")

    def link():
        seminar = cast.find_seminar(server.slug)
        issue_missing_unit_links(seminar, Actor(ActorKind.SYSTEM, "tests"), now())
        links = db.session.scalars(db.select(UnitLink).where(UnitLink.revoked_at.is_(None)))
        return next(one.code for one in links if one.unit.name == "Huyện Đoàn Bàu Bàng")

    return server.within(link)


def name(page: Page, group: str, who: str, **more: str) -> None:
    section = page.locator(f"#{group}")
    section.locator("summary").first.click()
    form = section.locator("form").first
    form.locator("[name=name]").fill(who)
    form.locator("[name=position]").fill("Bí thư (minh họa)")
    for field, text in more.items():
        form.locator(f"[name={field}]").fill(text)
    form.locator("button.primary").click()


def test_from_the_phone_of_the_unit_to_the_list_of_the_office(start_server, browser):
    server = start_server(demo=True)
    link = f"{server.url}/u/{clear_secretaries(server)}"
    plain = browser.new_context(viewport=PHONE, java_script_enabled=False)
    first, second = plain.new_page(), plain.new_page()
    for page in (first, second):
        page.goto(link)
        expect(page.locator("#T2")).to_contain_text("đã cử 0/1")
    assert first.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

    # A telephone that is none: said beside its field, what was typed stays. Then it is right.
    name(first, "T2", "Hồ Thị Na", phone="12")
    form = first.locator("#T2 details[open] form")
    expect(form).to_contain_text("“12” không phải là số điện thoại")
    expect(form.locator("[name=name]")).to_have_value("Hồ Thị Na")
    form.locator("[name=phone]").fill("0912 345 678")
    form.locator("button.primary").click()
    expect(first.locator("#T2")).to_contain_text("chờ Tỉnh Đoàn duyệt")

    # The second phone still shows the free place: who was faster is named, what was typed is offered for the reserve.
    name(second, "T2", "Mai Văn Tư", phone="0987 654 321")
    expect(second.locator("#delegates")).to_contain_text("đã đủ người: Hồ Thị Na")
    reserve = second.locator("#T2 details[open] form")
    expect(reserve.locator("[name=name]")).to_have_value("Mai Văn Tư")
    reserve.locator("button.primary").click()
    expect(second.locator("#T2")).to_contain_text("dự bị")
    assert not cast.tells(second.content(), "0912345678")

    # The office returns the first with a reason; the unit reads it and sends another.
    office = browser.new_page(viewport={"width": 1366, "height": 800})
    sign_in(office, server, "vanphong")
    here = f"{server.url}/seminars/{server.slug}"
    office.goto(f"{here}/")
    office.locator("#work a.figure[href$='nominations?state=open']").click()
    row = office.locator("[data-row]")
    expect(row).to_have_count(1)
    row.locator("summary").click()
    row.locator("[name=reason]").fill("Cần cử Bí thư")
    row.locator("button.danger").click()
    expect(office.locator("#flash")).to_contain_text("Đã trả lại Hồ Thị Na")
    first.goto(link)
    expect(first.locator("#T2")).to_contain_text("Cần cử Bí thư")
    first.locator("#T2 summary").first.click()
    form = first.locator("#T2 details[open] form")
    expect(form.locator("[name=name]")).to_have_value("Hồ Thị Na")
    form.locator("[name=name]").fill("Phạm Thị Xuân")
    form.locator("button.primary").click()

    # Approved: on the list, with the telephone that was kept, and on the board nothing waits.
    office.goto(f"{here}/nominations")
    office.get_by_label("Phạm Thị Xuân").check()
    office.get_by_role("button", name="Duyệt các mục đã đánh dấu").click()
    expect(office.locator("#flash")).to_contain_text("1 đồng chí đã vào danh sách")
    office.goto(f"{here}/delegates?group=T2")
    expect(office.locator("[data-row]")).to_have_count(1)
    expect(office.locator("[data-row]")).to_contain_text("0912 345 678")
    first.goto(link)
    expect(first.locator("#T2")).to_contain_text("đã cử 1/1")
    expect(first.locator("#T2")).to_contain_text("Phạm Thị Xuân")
    plain.close()
    office.close()
