"""A hall in which people ask for the floor: its clock, who is in it, and what the chair presses."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from seminar.agenda.models import Item, ItemKind, Sitting
from seminar.lib.database import db
from seminar.minutes.models import FloorRequest, Turn
from tests import cast, reception
from tests.reception import device, scan
from tests.web.test_programme import place

HERE = f"/seminars/{cast.SLUG}"
FLOOR = f"{HERE}/floor"
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
MODULES = ("minutes.views.floor", "minutes.views.clock", "portal.views.floor", "portal.views.personal")


@pytest.fixture
def clock(monkeypatch):
    """`clock(90)`: it is then ninety seconds after the sitting begins, which is on for three hours."""
    start = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=1)

    def be(seconds):
        for module in MODULES:
            monkeypatch.setattr(f"seminar.{module}.now", lambda: start + timedelta(seconds=seconds))
        return start + timedelta(seconds=seconds)

    be(0)
    be.start = start
    return be


@pytest.fixture
def hall(app, clock):
    """A sitting of two items, three delegates in the hall (Bình, Cường, Dung), one not (Em): name -> (id, code)."""
    with app.app_context():
        seminar = cast.find_seminar()
        sitting = Sitting(
            seminar_id=seminar.id, name="Buổi sáng", starts_at=clock.start, ends_at=clock.start + timedelta(hours=3)
        )
        sitting.items = [
            Item(position=1, kind=ItemKind.OPENING, title="Tuyên bố lý do", minutes=10),
            Item(position=2, kind=ItemKind.DISCUSSION, title="Trao đổi", minutes=45, presenter="Chủ trì"),
            Item(position=3, kind=ItemKind.CLOSING, title="Kết luận", minutes=15),
        ]
        db.session.add(sitting)
        db.session.commit()
        people = {
            name.split()[-1]: reception.add_person(name, "G2", position="Bí thư", body="Huyện Đoàn Thử")
            for name in ("Nguyễn Thị Bình", "Trần Văn Cường", "Lê Thị Dung", "Phạm Văn Em")
        }
    device(app).told(*(scan(people[name][1]) for name in ("Bình", "Cường", "Dung")))
    return people


def titled(title):
    return next(item for item in db.session.scalars(db.select(Item)) if item.title == title)


def item_id(app, title):
    with app.app_context():
        return titled(title).id


def begin(client, app, title="Trao đổi", **data):
    return client.post(f"{FLOOR}/items/{item_id(app, title)}/beginning", data=data)


def ask(client, code, subject="Góp ý về chuyển đổi số", **data):
    return client.post(f"/i/{code}/floor", data={"subject": subject, "topic": "0"} | data)


def line(app):
    with app.app_context():
        query = db.select(FloorRequest).where(FloorRequest.settled_at.is_(None))
        found = sorted(db.session.scalars(query), key=lambda one: (one.position, one.asked_at, one.id))
        return [one.delegate.name.split()[-1] for one in found]


def request_of(app, name):
    with app.app_context():
        query = db.select(FloorRequest).order_by(FloorRequest.id.desc())
        return next(one.id for one in db.session.scalars(query) if one.delegate.name.split()[-1] == name)


def turns(app):
    """(given name, minutes, seconds or None while on) of those not taken back, as they began."""
    with app.app_context():
        query = db.select(Turn).where(Turn.undone_at.is_(None)).order_by(Turn.began_at, Turn.id)
        return [
            (
                one.speaker.split(",")[0].split()[-1],
                one.minutes,
                None if one.ended_at is None else int((one.ended_at - one.began_at).total_seconds()),
            )
            for one in db.session.scalars(query)
        ]


def turn_id(app):
    with app.app_context():
        return db.session.scalar(db.select(db.func.max(Turn.id)))


def call(client, app, name, minutes=5, on=0):
    address = f"{FLOOR}/requests/{request_of(app, name)}/turn"
    return client.post(address, data={"minutes": str(minutes), "on": str(on)}, follow_redirects=True)


def place_paper(app, hall, name="Bình"):
    """A paper of seven minutes, presented before the closing item."""
    with app.app_context():
        place("Bài của Bình")
        titled("Bài của Bình").speaker_id = hall[name][0]
        db.session.commit()


def opened(client):
    client.post(f"{FLOOR}/clock")
    client.post(f"{FLOOR}/clock")
    return "/w/" + re.search(r"/w/(\d{20})/clock", client.get(FLOOR).text)[1] + "/clock"
