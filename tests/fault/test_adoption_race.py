"""Minutes adopted while notes are being written: each note is in the frozen text, or was refused and is kept by who typed it."""

import http.client
import re
import time
import uuid
from io import BytesIO
from urllib.parse import urlencode

import pytest
from docx import Document
from sqlalchemy import select

from seminar.access.actor import Actor, ActorKind
from seminar.agenda.models import Item
from seminar.factory import create_app
from seminar.lib import files
from seminar.lib.clock import now
from seminar.lib.database import db
from seminar.lib.settings import load
from seminar.minutes import actions
from seminar.minutes.models import MinutesVersion, Note, NoteKind
from tests import cast
from tests.fault import hall as halls
from tests.web.test_notes import NOTES, add_programme, typed

HERE = f"/seminars/{cast.SLUG}/minutes"
MANNER = "đã được thông qua tại hội trường"
CHAIR = Actor(ActorKind.STAFF, "Vũ Thành Chung", 6)
WRITERS, EACH = 3, 16


def seen_on(page):
    return re.search(r'name="seen"[^>]*value="([0-9a-f]{64})"', page)[1]


def told_in(docx):
    return "\n".join(paragraph.text for paragraph in Document(BytesIO(docx)).paragraphs)


@pytest.fixture
def hall(app):
    with app.app_context():
        seminar = cast.find_seminar()
        sitting = add_programme(seminar)
        ids = {
            "papers": sitting.items[0].id,
            "discussion": sitting.items[1].id,
            "topic": seminar.topics[0].id,
        }
        wording = actions.Wording(sitting.items[0], NoteKind.PAPER, "", None, "Lời đầu.")
        actions.write_note(seminar, str(uuid.uuid4()), wording, cast.OFFICE, cast.NOW)
        db.session.commit()
    return ids


@pytest.fixture
def meanwhile(app):
    """The answer to what begins when `act` was done and is not yet committed."""

    return lambda act, ask: halls.while_uncommitted(app, lambda: act(cast.find_seminar()), ask)


def test_a_note_that_comes_while_the_minutes_are_being_adopted_is_refused_and_kept(app, hall, staff, meanwhile):
    secretary = staff("thu")

    def adopt(seminar):
        frozen = actions.freeze_minutes(seminar, MANNER, now())
        actions.adopt_minutes(seminar, frozen, frozen.minutes.seen, CHAIR, now())

    answer = meanwhile(adopt, lambda: secretary.post(NOTES, data=typed(hall, text="Đến muộn một giây.")))
    assert answer.status_code == 422
    assert "đã thông qua và đã khóa" in answer.text
    assert "Đến muộn một giây.</textarea>" in answer.text
    with app.app_context():
        assert db.session.scalars(select(Note.text)).all() == ["Lời đầu."]
        assert db.session.scalars(select(MinutesVersion.note_count)).all() == [1]


def test_minutes_that_would_lack_a_note_on_its_way_are_not_adopted(app, hall, staff, meanwhile):
    chair = staff("chung")
    seen = seen_on(chair.get(HERE).text)

    def write(seminar):
        wording = actions.Wording(db.session.get_one(Item, hall["discussion"]), NoteKind.OPINION, "", None, "Vừa kịp.")
        actions.write_note(seminar, str(uuid.uuid4()), wording, cast.OFFICE, cast.NOW)

    answer = meanwhile(write, lambda: chair.post(f"{HERE}/adoption", data={"seen": seen, "manner": MANNER}))
    assert answer.status_code == 422
    assert "Vừa kịp." in answer.text
    with app.app_context():
        assert db.session.scalars(select(MinutesVersion.id)).all() == []


def test_particulars_that_are_being_corrected_are_waited_for_before_minutes_are_adopted(app, hall, staff, meanwhile):
    chair = staff("chung")
    with app.app_context():
        actions.open_minutes(cast.find_seminar(), "", cast.OFFICE, cast.NOW)
        db.session.commit()
    seen = seen_on(chair.get(HERE).text)

    def correct(seminar):
        actions.change_minutes(seminar, 1, actions.Typed(None, None, "", "Ngô Anh Thu", 3), cast.OFFICE, cast.NOW)

    answer = meanwhile(correct, lambda: chair.post(f"{HERE}/adoption", data={"seen": seen, "manner": MANNER}))
    assert answer.status_code == 422
    with app.app_context():
        assert db.session.execute(select(MinutesVersion.copies, MinutesVersion.adopted_at)).all() == [(3, None)]


class Visitor:
    """Somebody signed in at a real server, one connection for each call."""

    def __init__(self, place: halls.Reception, login: str) -> None:
        app = create_app(load(place.server.env))
        client = app.test_client()
        cast.open_door(client, login)
        name = app.config["SESSION_COOKIE_NAME"]
        self.cookie, self.port = f"{name}={client.get_cookie(name).value}", place.server.port
        with app.app_context():
            db.engine.dispose()

    def ask(self, path: str, data: dict | None = None) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Cookie": self.cookie, "Sec-Fetch-Site": "same-origin"}
        if data is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request("GET" if data is None else "POST", path, urlencode(data) if data else None, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()


@pytest.fixture
def served(tmp_path, cluster):
    """A server (on PostgreSQL with a process for each core) with a programme; and the form's fields."""
    place = halls.build(tmp_path, cluster)

    def prepare():
        seminar = cast.find_seminar()
        sitting = add_programme(seminar)
        ids = {"papers": sitting.items[0].id, "topic": seminar.topics[0].id}
        db.session.commit()
        return ids

    ids = place.within(prepare)
    place.server.start(90)
    yield place, ids
    place.server.stop()


def test_three_secretaries_write_while_the_chair_adopts(served):
    place, hall = served
    secretaries, chair = [Visitor(place, "thu") for _ in range(WRITERS)], Visitor(place, "chung")
    kept, refused = [], []

    def work(number):
        if number == WRITERS:
            return adopting()
        for n in range(EACH):
            time.sleep((number * 7 + n * 13) % 11 / 8)  # people think between two notes, and the chair finds a gap
            text = f"Lời {number}-{n}z."
            status, page = secretaries[number].ask(NOTES, typed(hall, text=text))
            if status == 303:
                kept.append(text)
            else:
                assert (status, f"{text}</textarea>" in page.decode()) == (422, True)
                refused.append(text)
        return 0

    def adopting():
        """Presses until what was read is what stands."""
        for tries in range(400):
            _, page = chair.ask(HERE)
            status, page = chair.ask(f"{HERE}/adoption", {"seen": seen_on(page.decode()), "manner": MANNER})
            if status == 303:
                return tries
            assert status == 422, page.decode()
        raise AssertionError("never adopted")

    tries = halls.at_once(WRITERS + 1, work)[-1]

    def stored():
        version = db.session.scalars(select(MinutesVersion)).one()
        notes = db.session.scalars(select(Note.text)).all()
        return version.note_count, notes, told_in(files.read(version.docx_sha256)), version.facts["notes"]

    count, notes, frozen, facts = place.within(stored)
    print(
        f"\n{len(kept)} notes in the adopted minutes, {len(refused)} refused and kept, adopted after {tries} refusals"
    )
    assert sorted(notes) == sorted(kept)
    assert set(kept) & set(refused) == set()
    assert kept and refused
    assert len(kept) + len(refused) == WRITERS * EACH
    assert sorted(re.findall(r"Lời \d-\d+z\.", frozen)) == sorted(kept)
    assert count == len(facts) == len(kept)
