"""Day, hour or place change while messages wait in the outbox: what tells the old ones must not leave afterwards."""

from datetime import time

import pytest

from seminar.audit.models import AuditEntry
from seminar.invitations import queries
from seminar.lib.clock import now
from seminar.lib.database import db
from seminar.mail import actions as mailing
from seminar.mail import transport
from seminar.mail.models import Mail, MailStatus
from seminar.planning.models import Venue
from tests import cast
from tests.web.inviting import HERE, count, in_force, invite
from tests.web.test_sendings import PEOPLE, confirm

pytestmark = pytest.mark.usefixtures("at")
PLAN = f"{HERE}/plan"


@pytest.fixture
def waiting(app, office):
    """Two letters wait in the outbox and tell 08:00 in hall A."""
    with app.app_context():
        ids = invite(*PEOPLE)
    assert confirm(office, 2, 1).status_code == 303
    return ids


def details(**values: str) -> dict[str, str]:
    seminar = cast.find_seminar()
    kept = {
        "title": seminar.title,
        "theme": seminar.theme,
        "issuer": seminar.issuer,
        "held_on": seminar.held_on.isoformat(),
        "starts_at": seminar.starts_at.strftime("%H:%M"),
        "plan_number": seminar.plan_number,
        "contact_name": seminar.contact_name,
        "contact_phone": seminar.contact_phone,
    }
    return kept | values


def statuses() -> list[str]:
    return list(db.session.scalars(db.select(Mail.status).order_by(Mail.id)))


@pytest.mark.parametrize("status", [MailStatus.HELD, MailStatus.QUEUED, MailStatus.RETRY, MailStatus.STOPPED])
def test_what_tells_the_old_hour_and_has_not_left_never_leaves(app, office, waiting, status):
    with app.app_context():
        db.session.execute(db.update(Mail).values(status=status))
        first = db.session.scalars(db.select(Mail).order_by(Mail.id)).first()
        first.status = MailStatus.SENT
        db.session.commit()
        data = details(starts_at="09:30")
        assert count(queries.State.NOT_SENT) == 1
    page = office.post(PLAN, data=data, follow_redirects=True).text
    assert "1 thư chưa gửi đi ghi ngày, giờ hoặc địa điểm cũ: đã dừng hẳn" in page
    assert "Văn bản ghi giờ cũ đã phát hành" in page
    with app.app_context():
        assert statuses() == ["sent", "cancelled"]
        assert count(queries.State.NOT_SENT) == 2
        assert db.session.scalars(db.select(AuditEntry.summary).where(AuditEntry.verb == "cancel")).all() == ["1"]
        second = db.session.scalars(db.select(Mail.id).order_by(Mail.id)).all()[1]
    message = office.get(f"{HERE}/outbox/{second}").text
    assert "Thư ghi ngày, giờ hoặc địa điểm đã thay đổi: không gửi." in message
    assert f"{HERE}/outbox/{second}/retry" not in message
    again = office.post(f"{HERE}/outbox/{second}/retry")
    assert again.status_code == 422
    assert "hãy gửi thư mới" in again.text


def test_what_is_just_being_sent_is_not_tried_again_and_counts_where_the_server_took_it(app, office, waiting):
    with app.app_context():
        first, second = db.session.scalars(db.select(Mail).order_by(Mail.id))
        for mail in (first, second):
            mail.status, mail.worker, mail.attempts = MailStatus.SENDING, "w", 1
        ids = [first.id, second.id]
        db.session.commit()
        data = details(starts_at="09:30")
    office.post(PLAN, data=data)
    with app.app_context():
        assert statuses() == ["sending", "sending"]
        later = transport.NotSent(451, "451 later")
        assert mailing.finish(ids[0], "w", now(), 1, later) == MailStatus.CANCELLED
        assert mailing.finish(ids[1], "w", now(), 1, None) == MailStatus.SENT
        db.session.commit()
        assert statuses() == ["cancelled", "sent"]


def test_what_does_not_change_what_people_are_told_stops_nothing(app, office, waiting):
    with app.app_context():
        data = details(title="Tọa đàm đổi tên", dress="áo xanh")
    assert "đã dừng hẳn" not in office.post(PLAN, data=data, follow_redirects=True).text
    with app.app_context():
        assert statuses() == ["held", "held"]


def test_another_venue_and_another_name_of_the_venue_stop_them_too(app, office, waiting):
    with app.app_context():
        here = cast.find_seminar().venue.id
        other = db.session.scalars(db.select(Venue.id).where(Venue.name == "Hội trường B")).one()
    page = office.post(f"{HERE}/venues/{other}", data={"name": "Hội trường Bê", "address": ""}, follow_redirects=True)
    assert "đã dừng hẳn" not in page.text
    page = office.post(f"{HERE}/venues/{here}", data={"name": "Hội trường A1", "address": ""}, follow_redirects=True)
    assert "2 thư chưa gửi đi" in page.text
    with app.app_context():
        assert statuses() == ["cancelled", "cancelled"]
    assert confirm(office, 2, 1, purpose="change").status_code == 303
    assert "2 thư chưa gửi đi" in office.post(f"{HERE}/venues/{other}/confirmation", follow_redirects=True).text
    with app.app_context():
        assert statuses() == ["cancelled"] * 4


def test_a_notice_of_revocation_leaves_all_the_same(app, office, waiting):
    with app.app_context():
        db.session.execute(db.update(Mail).values(status=MailStatus.SENT))
        db.session.commit()
        one = in_force(waiting[PEOPLE[0][0]]).delegate_id
        data = details(starts_at="10:00")
    office.post(f"{HERE}/delegates/{one}/invitation/revocation", data={"reason": "đổi người"})
    assert confirm(office, 1, 0, purpose="cancellation").status_code == 303
    office.post(PLAN, data=data)
    with app.app_context():
        assert statuses() == ["sent", "sent", "held"]
        assert cast.find_seminar().starts_at == time(10)


def test_an_address_that_takes_nothing_is_told_before_the_next_message_is_confirmed(app, office, waiting):
    with app.app_context():
        first, second = db.session.scalars(db.select(Mail).order_by(Mail.id))
        first.status, second.status = MailStatus.FAILED, MailStatus.SENT
        first_id, delegate_id = first.id, first.delegate_id
        db.session.commit()
    for purpose in ("invitation", "reminder", "message"):
        page = office.get(f"{HERE}/sendings?purpose={purpose}").text
        assert "1 địa chỉ trong số này lần trước thư không đến được" in page, purpose
        assert page.count("thư lần trước không đến") == 1
    with app.app_context():
        data = details(starts_at="09:00")
    confirm(office, 2, 1, purpose="reminder")
    office.post(PLAN, data=data)
    with app.app_context():
        assert statuses() == ["failed", "sent", "cancelled", "cancelled"]
    assert (
        "1 địa chỉ trong số này" in office.get(f"{HERE}/sendings?purpose=reminder").text
    )  # what was stopped proves nothing
    assert "không đến" in office.get(f"{HERE}/delegates/{delegate_id}").text
    with app.app_context():
        db.session.get(Mail, first_id).status = MailStatus.SENT
        db.session.commit()
    assert "lần trước thư không đến được" not in office.get(f"{HERE}/sendings?purpose=reminder").text
