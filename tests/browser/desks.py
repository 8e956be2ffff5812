"""What tests of the desk app share: people with codes, a desk that is ready to go offline, what the server has."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from seminar.accounts import passwords
from seminar.accounts.models import User
from seminar.checkin.models import Arrival, Scan
from seminar.delegates.models import Delegate
from seminar.invitations.models import Invitation
from seminar.lib.database import db
from tests import cast, reception

PHONE = {"width": 390, "height": 844}
WIDE = {"width": 1366, "height": 768}


def fill(count: int) -> Callable[[], None]:
    """Makes the seminar of the cast with so many people, each with a code; the numbers are 1…count."""

    def people() -> None:
        cast.add_staff()
        cast.add_units()
        seminar = cast.add_seminar()
        db.session.flush()
        for number in range(1, count + 1):
            reception.invite(cast.add_delegate(seminar, f"Nguyễn Văn Thử {number}", "G2", body=f"Ban Thử {number % 3}"))

    return people


def code_of(server: Any, number: int) -> str:
    query = (
        db.select(Invitation.code)
        .join(Delegate, Delegate.id == Invitation.delegate_id)
        .where(Delegate.number == number, Invitation.revoked_at.is_(None))
    )
    return server.within(lambda: db.session.scalar(query))


def arrived(server: Any) -> int:
    return server.within(lambda: db.session.scalar(db.select(db.func.count(Arrival.id))))


def scan_count(server: Any) -> int:
    return server.within(lambda: db.session.scalar(db.select(db.func.count(Scan.id))))


def pair(server: Any, page: Page, name: str = "Bàn 1", url: str = "") -> Page:
    page.goto(f"{url or server.url}/desk/{server.slug}/")
    page.get_by_label("Mã ghép").fill(server.pairing_code(name))
    page.get_by_label("Tên bàn này").fill(name)
    page.get_by_role("button", name="Ghép thiết bị").click()
    return ready(page)


def ready(page: Page) -> Page:
    """With its list and its worker there: from now on the server may go."""
    page.locator('[data-fact="roster"][data-tone="success"]').wait_for(state="attached")
    page.locator('[data-fact="offline"][data-tone="success"]').wait_for(state="attached", timeout=60000)
    return page


def sign_in(server: Any, page: Page, login: str = "oanh") -> Page:
    """A page of the staff: `login` is one of the cast, who gets a password now."""

    def give_password() -> None:
        user = db.session.scalars(db.select(User).where(User.email == f"{login}@example.vn")).one()
        user.password_hash = passwords.hashed(cast.PASSWORD)

    server.within(give_password)
    page.goto(f"{server.url}/login")
    page.locator("input[name=email]").fill(f"{login}@example.vn")
    page.locator("input[name=password]").fill(cast.PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/login" not in address)
    return page


def verdict(page: Page, name: str) -> Any:
    return page.locator(f'#verdict[data-verdict="{name}"]')


def number(page: Page, figure: int, expected: str = "admitted") -> None:
    page.locator("#what").fill(str(figure))
    page.keyboard.press("Enter")
    expect(verdict(page, expected)).to_be_visible()
    expect(page.locator('#verdict [data-slot="number"]')).to_have_text(str(figure))


def queue_is(page: Page, count: int, timeout: float = 45000) -> None:
    expect(page.locator('[data-fact="queue"] dd')).to_have_text(
        f"{count} lượt chờ gửi" if count else "đã gửi hết", timeout=timeout
    )


def arrived_from(page: Page, server: Any) -> int:
    """How many are in once the device has handed everything in: on a slow machine it may have decided by itself."""
    poke(page)
    queue_is(page, 0)
    return arrived(server)


def poke(page: Page) -> None:
    """What the browser says when the network is back."""
    page.evaluate("() => dispatchEvent(new Event('online'))")


def stored(page: Page) -> str:
    """All that the device keeps, as text."""
    return page.evaluate(
        """async () => {
          const found = { ...localStorage };
          for (const { name } of await indexedDB.databases()) {
            const database = await new Promise((done) => (indexedDB.open(name).onsuccess = (event) => done(event.target.result)));
            for (const store of database.objectStoreNames) {
              const request = database.transaction(store).objectStore(store).getAll();
              found[store] = await new Promise((done) => (request.onsuccess = () => done(request.result)));
            }
            database.close();
          }
          for (const name of await caches.keys()) {
            const cache = await caches.open(name);
            for (const request of await cache.keys()) {
              const answer = await cache.match(request);
              if ((answer.headers.get("content-type") ?? "").includes("html")) found[request.url] = await answer.text();
            }
          }
          return JSON.stringify(found);
        }"""
    )
