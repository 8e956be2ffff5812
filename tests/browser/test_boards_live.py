"""The boards of the day follow the desks by themselves, on a phone and on a screen; what to hand out; which sitting."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from seminar.agenda.models import Sitting
from seminar.checkin.actions.boards import choose_introduced, set_screen
from seminar.checkin.actions.stage import assign_places
from seminar.checkin.models import Arrival
from seminar.delegates.models import Delegate
from seminar.lib.database import db
from seminar.planning.models import Group
from seminar.planning.queries import groups_of
from tests import cast, reception
from tests.browser import desks
from tests.browser.desks import PHONE, WIDE, arrived_from, number, queue_is, sign_in, verdict
from tests.web.test_every_page import Shown, english_words

HAND_OUT = "Cặp tài liệu, hoa cài áo"
BY_ITSELF_MS = 20000


def people():
    """1 an important guest, 2 of a plain group with something to hand out, 3 and 4 on stage."""
    cast.add_staff()
    cast.add_units()
    seminar = cast.add_seminar()
    db.session.flush()
    for name, group in (
        ("Nguyễn Thị Phương Thuỷ", "G1"),
        ("Đặng Quốc Khánh", "G2"),
        ("Đỗ Hữu Nghĩa", "T5"),
        ("Lê Thị Mai", "T5"),
    ):
        reception.invite(cast.add_delegate(seminar, name, group))
    db.session.scalars(db.select(Group).where(Group.code == "G2")).one().hand_out = HAND_OUT


def boards() -> str:
    """Everything that the office prepares beforehand; the code of the welcome screen."""
    seminar, moment = cast.find_seminar(), datetime.now(UTC)
    groups = groups_of(seminar)
    closed = next(group for group in groups if group.code == "T5")
    assign_places(seminar, closed, 2, "listed", cast.OFFICE, moment)
    choose_introduced(seminar, groups, ["G1", "G2", "T5"], cast.OFFICE, moment)
    return set_screen(seminar, groups, ["G1", "T5"], 5, cast.OFFICE, moment).code


@pytest.fixture
def server(start_server):
    return start_server(fill=people)


def addresses(server) -> dict[str, str]:
    """(address, the region that lives) by name."""
    staff = f"{server.url}/seminars/{server.slug}"
    return {
        "#arrivals": f"{staff}/arrivals",
        "#guests": f"{staff}/important-guests",
        "#introductions": f"{staff}/introductions",
        "#stage": f"{staff}/stage",
        "#welcome": f"{server.url}/w/{server.within(boards)}",
    }


def said(page) -> set[str]:
    return {word.casefold() for text in Shown(page.content()).words for word in re.findall(r"[^\W\d_]+", text)}


@pytest.mark.parametrize("viewport", [PHONE, WIDE], ids=["390", "1366"])
def test_every_board_follows_the_desk_without_a_reload(server, browser, tmp_path, viewport):
    where = addresses(server)
    desk = desks.pair(server, browser.new_context(viewport=PHONE).new_page())
    context = browser.new_context(viewport=viewport)
    sign_in(server, context.new_page())
    pages = {}
    for region, address in where.items():
        pages[region] = page = context.new_page()
        page.goto(address)
        page.evaluate("window.isTheSame = true")
        expect(page.locator(region)).to_be_visible()
    expect(pages["#guests"].locator(".guest.is-loud")).to_have_count(0)
    expect(pages["#introductions"]).to_have_title(re.compile("."))
    expect(pages["#introductions"].locator("#introductions [data-row]")).to_have_count(0)
    expect(pages["#stage"].locator(".notice.loud")).to_contain_text("Lê Thị Mai")
    for figure in (1, 4):
        number(desk, figure)
    arrived_from(desk, server)
    follows = {
        "#arrivals": ("[data-just-in]", "Nguyễn Thị Phương Thuỷ"),
        "#guests": (".guest.is-loud", "Nguyễn Thị Phương Thuỷ"),
        "#introductions": ("[data-row]", "Nguyễn Thị Phương Thuỷ"),
        "#stage": (".notice:not(.loud)", "Lê Thị Mai"),
        "#welcome": (".welcome-large", "Thị"),
    }
    english = english_words()
    for region, (place, name) in follows.items():
        page = pages[region]
        expect(page.locator(region).locator(place, has_text=name).first).to_be_visible(timeout=BY_ITSELF_MS)
        assert page.evaluate("window.isTheSame"), region
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"], region
        assert said(page) & english == set(), region
        page.screenshot(path=tmp_path / f"board-{region[1:]}-{viewport['width']}.png", full_page=True)
    expect(pages["#stage"].locator(".notice.loud")).not_to_contain_text("Lê Thị Mai")
    desk.locator("#recent li", has_text="Phương Thuỷ").get_by_role("button", name="Hoàn tác").click()
    expect(verdict(desk, "annulled")).to_be_visible()
    arrived_from(desk, server)
    expect(pages["#guests"].locator(".guest.is-loud")).to_have_count(0, timeout=BY_ITSELF_MS)
    expect(pages["#introductions"].locator("#introductions")).not_to_contain_text("Thuỷ", timeout=BY_ITSELF_MS)


def test_the_boards_are_read_without_javascript(server, browser):
    where = addresses(server)
    desk = desks.pair(server, browser.new_context(viewport=PHONE).new_page())
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = sign_in(server, context.new_page())
    alone = {region: context.new_page() for region in ("#stage", "#welcome")}
    for region, waiting in alone.items():
        waiting.goto(where[region])
    number(desk, 1)
    number(desk, 3)
    arrived_from(desk, server)
    for region, address in where.items():
        page.goto(address)
        expect(page.locator(region)).to_be_visible()
        expect(page.locator(region)).to_contain_text(
            "Nghĩa" if region == "#stage" else "Thị" if region != "#welcome" else "2"
        )
        assert page.locator(region).evaluate("(one) => one.scrollWidth <= innerWidth"), region
    # These two reload by themselves, as nothing is typed there.
    expect(alone["#stage"].locator(".notice:not(.loud)", has_text="Nghĩa")).to_be_visible(timeout=BY_ITSELF_MS)
    expect(alone["#welcome"].locator("#welcome")).to_contain_text("Có mặt: 2", timeout=BY_ITSELF_MS)


def test_what_to_hand_out_stands_out_with_the_verdict_also_offline(server, browser):
    page = desks.pair(server, browser.new_page(viewport=PHONE))
    shown = page.locator('#verdict [data-slot="hand-out"]')
    number(page, 1)
    expect(shown).to_be_hidden()
    number(page, 2)
    expect(shown).to_have_text(f"Phát: {HAND_OUT}")
    server.server.kill_group()
    number(page, 1, "already_in")
    expect(shown).to_be_hidden()
    number(page, 2, "already_in")
    expect(shown).to_be_visible()
    weight = page.locator('[data-slot="hand-out-text"]').evaluate("(one) => Number(getComputedStyle(one).fontWeight)")
    assert weight >= 600


def two_sittings():
    people()
    for name, hours in (("Buổi sáng", -1), ("Buổi chiều", 3)):
        starts = datetime.now(UTC) + timedelta(hours=hours)
        ends = starts + timedelta(hours=2)
        db.session.add(Sitting(seminar_id=cast.find_seminar().id, name=name, starts_at=starts, ends_at=ends))


def test_the_sitting_is_chosen_at_the_desk_and_each_is_counted_apart(start_server, browser):
    server = start_server(fill=two_sittings)
    page = desks.pair(server, browser.new_page(viewport=PHONE))
    expect(page.locator("#desk-sitting")).to_have_text("Buổi sáng")
    number(page, 1)
    number(page, 2)
    number(page, 1, "already_in")
    page.locator("#sitting").select_option("Buổi chiều")
    expect(page.locator("#desk-sitting")).to_have_text("Buổi chiều")
    number(page, 1)  # at once after the same number for the morning
    page.reload()
    desks.ready(page)
    expect(page.locator("#desk-sitting")).to_have_text("Buổi chiều")
    page.wait_for_timeout(100)
    with page.expect_response("**/api/v1/desk/status"):  # after a roster, which says who came in the morning only
        desks.poke(page)
    server.server.kill_group()
    number(page, 3)
    number(page, 1, "already_in")
    page.locator("#sitting").select_option("")
    expect(page.locator("#desk-sitting")).to_have_text("Buổi sáng")
    number(page, 3)
    server.server.start()
    desks.poke(page)
    queue_is(page, 0)

    def came():
        query = (
            db.select(Sitting.name, Delegate.number)
            .select_from(Arrival)
            .join(Sitting, Sitting.id == Arrival.sitting_id)
            .join(Delegate, Delegate.id == Arrival.delegate_id)
        )
        return sorted(tuple(one) for one in db.session.execute(query))

    found = server.within(came)
    assert found == [("Buổi chiều", 1), ("Buổi chiều", 3), ("Buổi sáng", 1), ("Buổi sáng", 2), ("Buổi sáng", 3)]
    office = sign_in(server, browser.new_page(viewport=WIDE))
    for name, count in (("Buổi sáng", "3"), ("Buổi chiều", "2")):
        office.goto(f"{server.url}/seminars/{server.slug}/arrivals")
        office.get_by_label("Phiên").first.select_option(label=name)
        office.get_by_role("button", name=re.compile("Xem|Lọc")).first.click()
        expect(office.locator("#arrivals .figure-card").first).to_contain_text(count)
