"""The order of the papers in the proceedings: by mouse, by finger and by keys, kept by the server each time."""

from playwright.sync_api import Page

from seminar.lib.database import db
from seminar.reports import actions
from tests import cast
from tests.browser.test_whole_way import sign_in
from tests.postbox import until
from tests.web.booking import accept


def fill() -> None:
    seminar = db.session.scalars(db.select(cast.Seminar)).one()
    for title in ("Bài một", "Bài hai", "Bài ba"):
        accept(seminar, title)
    actions.begin_proceedings(seminar, cast.OFFICE, cast.NOW)


def order(page: Page) -> list[str]:
    return page.locator("[data-paper] a.strong").all_inner_texts()


def drag(page: Page, name: str, onto: str, move) -> None:
    """`move(kind, x, y)` of a pointer that takes the handle of one row and lets it go above another."""
    row = page.locator("[data-paper]", has_text=name)
    row.scroll_into_view_if_needed()
    handle = row.locator("[data-handle]").bounding_box()
    target = page.locator("[data-paper]", has_text=onto).bounding_box()
    x, y = handle["x"] + 15, handle["y"] + 15
    move("down", x, y)
    for step in range(1, 9):
        move("move", x, y + (target["y"] + 4 - y) * step / 8)
    move("up", x, target["y"] + 4)


def test_papers_are_put_in_order_by_mouse_finger_and_keys(start_server, browser):
    server = start_server(demo=True)
    server.within(fill)
    context = browser.new_context(viewport={"width": 1366, "height": 900}, has_touch=True)
    page = context.new_page()
    sign_in(page, server, "vanphong")
    page.goto(f"{server.url}/seminars/{server.slug}/proceedings")
    assert order(page) == ["Bài một", "Bài hai", "Bài ba"]

    def mouse(kind: str, x: float, y: float) -> None:
        page.mouse.move(x, y)
        if kind != "move":
            getattr(page.mouse, kind)()

    drag(page, "Bài ba", "Bài một", mouse)
    assert until(lambda: page.locator("#flash", has_text="Đã lưu thứ tự").count(), 10)
    page.reload()
    assert order(page) == ["Bài ba", "Bài một", "Bài hai"]

    devices = context.new_cdp_session(page)

    def finger(kind: str, x: float, y: float) -> None:
        name = {"down": "touchStart", "move": "touchMove", "up": "touchEnd"}[kind]
        devices.send(
            "Input.dispatchTouchEvent", {"type": name, "touchPoints": [] if kind == "up" else [{"x": x, "y": y}]}
        )

    drag(page, "Bài hai", "Bài ba", finger)
    assert until(lambda: page.locator("#flash", has_text="Đã lưu thứ tự").count(), 10)
    page.reload()
    assert order(page) == ["Bài hai", "Bài ba", "Bài một"]

    page.locator("[data-paper]", has_text="Bài hai").locator("[data-handle]").focus()
    page.keyboard.press("ArrowDown")
    assert until(lambda: page.locator("#flash", has_text="Đã lưu thứ tự").count(), 10)
    assert until(lambda: "Bài hai" in page.evaluate("document.activeElement.getAttribute('aria-label') ?? ''"), 5)
    page.reload()
    assert order(page) == ["Bài ba", "Bài hai", "Bài một"]
    context.close()
