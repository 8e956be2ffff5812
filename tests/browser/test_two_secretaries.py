"""Two secretaries, one sitting, 120 notes: a dead network, a killed tab, a killed server, an ended session, one note for two."""

import re
import time
from io import BytesIO

from docx import Document
from playwright.sync_api import expect

from seminar.accounts import passwords
from seminar.accounts.models import User
from seminar.lib.database import db
from seminar.minutes.models import Note, NoteDraft, NoteRevision
from seminar.minutes.queries import notes_of
from tests import cast
from tests.postbox import until
from tests.web.noting import add_programme
from tests.web.test_report import all_text

WORDS = "Đề nghị tỉnh quan tâm nhà ở, việc làm, đời sống văn hóa của thanh niên công nhân; mở thêm lớp học nghề."


def fill():
    cast.add_staff()
    cast.add_units()
    seminar = cast.add_seminar()
    add_programme(seminar)
    for number in range(1, 301):
        cast.add_delegate(seminar, f"Trần Thử {number}", "G1", position="Bí thư", body=f"Đoàn xã {number}")
    for user in db.session.scalars(db.select(User)):
        user.password_hash = passwords.hashed(cast.PASSWORD)


HELD = """async ([words, count]) => {
  const database = await new Promise((done) => (indexedDB.open("notes").onsuccess = (event) => done(event.target.result)));
  const all = (name) =>
    new Promise((done) => (database.transaction(name).objectStore(name).getAll().onsuccess = (event) => done(event.target.result)));
  const [drafts, queue] = [await all("drafts"), await all("queue")];
  database.close();
  return queue.length === count && drafts.some((one) => one.fields.text === words);
}"""
"""Whether the device keeps the words as a draft, and so many notes that wait."""


class Secretary:
    def __init__(self, server, browser, login):
        self.server, self.login = server, login
        self.context = browser.new_context(viewport={"width": 1366, "height": 768})
        self.page = self.context.new_page()
        self.sign_in(self.page)
        self.open()
        self.told: list[str] = []

    def sign_in(self, page):
        page.goto(f"{self.server.url}/login")
        page.locator("input[name=email]").fill(f"{self.login}@example.vn")
        page.locator("input[name=password]").fill(cast.PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda address: "/login" not in address)

    def open(self):
        self.page.goto(f"{self.server.url}/seminars/{cast.SLUG}/notes")
        expect(self.page.locator("form#entry[data-ready]")).to_be_visible()

    @property
    def text(self):
        return self.page.locator("textarea[name=text]")

    def begin(self):
        """Types the next note by the keyboard alone, and does not save it."""
        number = len(self.told) + 1
        expect(self.page.locator("input[name=speaker]")).to_be_focused()
        self.page.keyboard.type(f"thu {number}")
        self.page.keyboard.press("ArrowDown")
        self.page.keyboard.press("Enter")
        self.page.keyboard.press("Tab")
        self.page.keyboard.press(str(number % 2 + 2))
        self.page.keyboard.insert_text(f"{self.login} {number}. {WORDS}")
        self.told.append(f"{self.login} {number}. {WORDS}")

    def write(self, count):
        for _ in range(count):
            self.begin()
            self.page.keyboard.press("Control+Enter")

    def waits(self, count):
        waiting = self.page.locator("#queue [data-waiting]")
        if count:
            expect(waiting).to_contain_text(f"{count} ghi chép chờ gửi")
        else:
            expect(waiting).to_be_hidden()
            expect(self.page.locator("#written .pending")).to_have_count(0)


def stored(server, query):
    return server.within(lambda: list(db.session.scalars(query)))


def test_every_word_of_two_secretaries_is_there_in_order_and_none_twice(start_server, browser):
    began = time.monotonic()
    server = start_server(fill=fill)
    thu, oanh = Secretary(server, browser, "thu"), Secretary(server, browser, "oanh")
    for _ in range(4):
        thu.write(5)
        oanh.write(5)
    thu.waits(0)
    oanh.waits(0)

    thu.context.set_offline(True)
    thu.write(15)
    oanh.write(10)
    thu.waits(15)
    thu.begin()
    assert until(lambda: thu.page.evaluate(HELD, [thu.told[-1], 15]))  # what a moment typed dies with any browser
    thu.page.close(run_before_unload=False)
    thu.context.set_offline(False)
    thu.page = thu.context.new_page()
    thu.open()
    expect(thu.text).to_have_value(thu.told[-1])
    thu.text.press("Control+Enter")
    thu.waits(0)

    server.server.kill_group()
    thu.write(10)
    oanh.write(10)
    oanh.waits(10)
    server.server.start()
    thu.waits(0)
    oanh.waits(0)

    oanh.context.clear_cookies()
    oanh.write(10)
    oanh.waits(10)
    out = oanh.page.locator("#queue [data-signed-out]")
    expect(out).to_contain_text("Phiên đăng nhập đã hết.")
    other = oanh.context.new_page()
    oanh.sign_in(other)
    other.close()
    oanh.waits(0)
    expect(out).to_be_hidden()
    thu.write(14)
    oanh.write(10)
    thu.waits(0)
    oanh.waits(0)
    seconds = time.monotonic() - began

    notes = server.within(lambda: [(note.created_by, note.text) for note in notes_of(cast.find_seminar())])
    for secretary, name in ((thu, "Ngô Anh Thu"), (oanh, "Trần Thị Oanh")):
        assert [text for by, text in notes if by == name] == secretary.told
    assert (len(thu.told), len(oanh.told), len(notes)) == (60, 60, 120)
    assert len(stored(server, db.select(NoteRevision.id))) == 120
    assert stored(server, db.select(NoteDraft.id)) == []
    assert stored(server, db.select(Note.id).where(Note.speaker_id.is_(None))) == []
    both_files_say(thu, [text for by, text in notes])
    print(f"\n120 notes by two secretaries through four interruptions in {seconds:.0f} s: none lost, none twice")

    settle_one_note(server, thu, oanh)


def both_files_say(secretary, texts):
    """Minutes and report print every note once, in the order of the database, and count as many."""
    words = re.compile(rf"(?:thu|oanh) \d+\. {re.escape(WORDS)}")
    for name in ("minutes", "report"):
        answer = secretary.context.request.get(f"{secretary.server.url}/seminars/{cast.SLUG}/{name}.docx")
        assert answer.ok
        said = all_text(Document(BytesIO(answer.body())))
        assert words.findall(said) == texts, name
    assert f"Thư ký đã ghi {len(texts)} ý kiến" in said


def settle_one_note(server, thu, oanh):
    """Both change the same note: the second sees both wordings and makes one of them."""
    for one in (thu, oanh):
        one.page.goto(f"{server.url}/seminars/{cast.SLUG}/notes/1")
        expect(one.page.locator("form#entry[data-ready]")).to_be_visible()
    first = thu.told[0]
    oanh.text.fill(f"{first} Oanh thêm.")
    oanh.text.press("Control+Enter")
    expect(oanh.page.locator("#flash")).to_contain_text("Đã lưu ghi chép.")
    thu.text.focus()
    thu.page.keyboard.press("Control+End")
    with thu.page.expect_response(lambda one: one.url.endswith("/notes/drafts") and one.request.method == "POST"):
        thu.page.keyboard.type(" Thu th")
    thu.page.keyboard.type("êm.")
    thu.page.keyboard.press("Control+Enter")
    expect(thu.page.locator("#theirs mark")).to_have_text("Oanh")
    expect(thu.page.locator("#mine mark")).to_have_text("Thu")
    kept = stored(server, db.select(NoteDraft.fields))
    assert [fields["text"] for fields in kept] == [f"{first} Thu thêm."]
    thu.text.fill(f"{first} Oanh thêm. Thu thêm.")
    thu.text.press("Control+Enter")
    expect(thu.page.locator("#flash")).to_contain_text("Đã lưu ghi chép.")
    wordings = stored(
        server, db.select(NoteRevision.text).where(NoteRevision.note_id == 1).order_by(NoteRevision.revision)
    )
    assert wordings == [first, f"{first} Oanh thêm.", f"{first} Oanh thêm. Thu thêm."]
    assert stored(server, db.select(NoteDraft.id)) == []
