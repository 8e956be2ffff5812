"""A link that ends while somebody acts by it, or while it is being sent: the end holds on both engines."""

import threading
import time

import pytest

from seminar.delegates.models import Nomination
from seminar.lib.clock import now
from seminar.lib.database import db
from seminar.mail.models import Mail, MailStatus
from seminar.planning import actions, queries
from seminar.planning.models import Unit, UnitLink
from tests import cast

HERE = f"/seminars/{cast.SLUG}/units"
PERSON = {"group": "T2", "name": "Hồ Thị Na", "position": "Bí thư"}


@pytest.fixture
def code(app, office):
    """Of the link of the first unit, which has an address; the second has none."""
    with app.app_context():
        seminar = cast.find_seminar()
        seminar.contact_name, seminar.contact_phone = "Văn phòng", "02740000000"
        db.session.get_one(Unit, 1).contact_email = "mot@example.vn"
        db.session.commit()
    office.post(f"{HERE}/links")
    with app.app_context():
        return db.session.scalars(db.select(UnitLink.code).where(UnitLink.unit_id == 1)).one()


def while_revoked(app, ask):
    """What `ask` gets that begins when the link is revoked and that is not yet committed."""
    answers = []
    visitor = threading.Thread(target=lambda: answers.append(ask().status_code))
    with app.app_context():
        unit = db.session.get_one(Unit, 1)
        actions.revoke_unit_link(cast.find_seminar(), unit, cast.OFFICE, now())
        db.session.flush()
        visitor.start()
        time.sleep(0.7)
        db.session.commit()
    visitor.join(20)
    return answers


def test_nobody_is_named_by_a_link_that_ended_meanwhile(app, code):
    client = app.test_client()
    assert while_revoked(app, lambda: client.post(f"/u/{code}/nominations", data=PERSON)) == [410]
    with app.app_context():
        assert db.session.scalars(db.select(Nomination)).all() == []


def test_nobody_is_withdrawn_by_a_link_that_ended_meanwhile(app, code):
    client = app.test_client()
    assert client.post(f"/u/{code}/nominations", data=PERSON).status_code == 303
    assert while_revoked(app, lambda: client.post(f"/u/{code}/nominations/1/withdrawal")) == [410]
    with app.app_context():
        assert db.session.scalars(db.select(Nomination)).one().outcome is None


def test_no_message_brings_a_link_that_ended_meanwhile(app, office, code):
    seen = {"who": "everybody", "seen_count": "1", "seen_without": "1"}
    assert while_revoked(app, lambda: office.post(f"{HERE}/sendings", data=seen)) == [422]
    with app.app_context():
        assert queries.unit_link_in_force(cast.find_seminar(), db.session.get_one(Unit, 1)) is None
        waiting = db.select(Mail).where(Mail.status != MailStatus.CANCELLED, Mail.text.contains(code))
        assert db.session.scalars(waiting).all() == []
