"""Items of the programme put elsewhere by mouse and by finger, also into another sitting; the server keeps it each time."""

from datetime import time

from playwright.sync_api import Page

from seminar.agenda import actions
from seminar.agenda.models import ItemKind
from seminar.lib.database import db
from tests import cast
from tests.browser.test_whole_way import sign_in


def fill() -> None:
    seminar = db.session.scalars(db.select(cast.Seminar)).one()
    assert seminar.held_on
    sitting = actions.add_sitting(
        seminar, "Buổi chiều", seminar.held_on, time(13, 30), time(16), by=cast.OFFICE, now=cast.NOW
    )
    for title in ("Chiều một", "Chiều hai"):
        actions.add_item(sitting, kind=ItemKind.OTHER, title=title, minutes=10, by=cast.OFFICE, now=cast.NOW)


def titles(page: Page) -> list[str]:
    return page.locator("[data-sitting] [data-item] td.wide > .strong").all_inner_texts()


def drag(page: Page, name: str, onto: str, move) -> None:
    """`move(kind, x, y)` of a pointer that takes the handle of one row and lets it go above another."""
    row = page.locator("[data-item]", has_text=name)
    grip = row.locator("[data-grip]").bounding_box()
    target = page.locator("[data-item]", has_text=onto).bounding_box()
    x, y = grip["x"] + 15, grip["y"] + 15
    move("down", x, y)
    for step in range(1, 9):
        move("move", x, y + (target["y"] + 4 - y) * step / 8)
    with page.expect_navigation():
        move("up", x, target["y"] + 4)


def test_items_are_put_elsewhere_by_mouse_and_finger(start_server, browser):
    server = start_server(demo=True)
    server.within(fill)
    context = browser.new_context(viewport={"width": 1366, "height": 1800}, has_touch=True)
    page = context.new_page()
    sign_in(page, server, "vanphong")
    page.goto(f"{server.url}/seminars/{server.slug}/programme")
    before = titles(page)
    assert before[-2:] == ["Chiều một", "Chiều hai"]

    def mouse(kind: str, x: float, y: float) -> None:
        page.mouse.move(x, y)
        if kind != "move":
            getattr(page.mouse, kind)()

    drag(page, "Chiều hai", "Chiều một", mouse)
    assert titles(page) == [*before[:-2], "Chiều hai", "Chiều một"]

    devices = context.new_cdp_session(page)

    def finger(kind: str, x: float, y: float) -> None:
        name = {"down": "touchStart", "move": "touchMove", "up": "touchEnd"}[kind]
        devices.send(
            "Input.dispatchTouchEvent", {"type": name, "touchPoints": [] if kind == "up" else [{"x": x, "y": y}]}
        )

    drag(page, before[1], "Chiều một", finger)
    page.reload()
    assert titles(page) == [before[0], *before[2:-2], "Chiều hai", before[1], "Chiều một"]
    context.close()
