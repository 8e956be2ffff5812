"""A programme to write notes in, and a note as a form sends it."""

import uuid
from datetime import timedelta

from seminar.agenda.models import Item, ItemKind, Sitting
from seminar.lib.database import db
from seminar.minutes.models import Note
from tests import cast

NOTES = f"/seminars/{cast.SLUG}/notes"


def add_programme(seminar):
    sitting = Sitting(
        seminar_id=seminar.id,
        name="Buổi sáng",
        starts_at=cast.NOW + timedelta(days=14),
        ends_at=cast.NOW + timedelta(days=14, hours=4),
    )
    sitting.items = [
        Item(position=1, kind=ItemKind.PAPERS, title="Tham luận", minutes=60),
        Item(position=2, kind=ItemKind.DISCUSSION, title="Trao đổi ý kiến", minutes=45),
    ]
    db.session.add(sitting)
    db.session.flush()
    return sitting


def typed(hall, **changes):
    return {
        "key": str(uuid.uuid4()),
        "revision": "1",
        "item": str(hall["papers"]),
        "kind": "paper",
        "speaker": "Nguyễn Thị Ánh, Trưởng ban Ban Dân vận",
        "topic": str(hall["topic"]),
        "text": "Đề nghị quan tâm thanh niên công nhân.",
        **changes,
    }


def stored(app):
    with app.app_context():
        return list(db.session.scalars(db.select(Note).order_by(Note.id)))


def write_one(app, client, hall, **changes):
    client.post(NOTES, data=typed(hall, **changes))
    return stored(app)[-1].id
