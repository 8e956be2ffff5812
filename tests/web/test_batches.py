"""One sending as a whole: its progress, stopped, let go on, dropped; a message that came back by itself."""

import pytest

from seminar.lib.database import db
from seminar.mail import actions
from seminar.mail.models import Mail, MailStatus
from tests import cast
from tests.postbox import Postbox, use
from tests.web.test_outbox import OUTBOX, put_in, set_status, status_of

BATCH = "00000000-0000-4000-8000-000000000001"
HERE = f"{OUTBOX}/batches/{BATCH}"
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def sending(app, monkeypatch):
    """Three messages of one sending, one of another; there is a mail server."""
    use(app, monkeypatch, 1)
    put_in(app, "other@example.vn", batch="other")
    return put_in(app, "a@example.vn", "b@example.vn", "c@example.vn", batch=BATCH)


def test_the_progress_counts_only_its_own_messages_and_asks_again_while_some_wait(app, office, sending):
    set_status(app, sending[0], MailStatus.SENT)
    page = office.get(HERE).text
    assert "Đã xong 1 trên 3 thư" in page
    assert 'hx-trigger="every 2s"' in page
    region = office.get(HERE, headers=PARTIAL)
    assert region.text.lstrip().startswith("<section")
    assert "HX-Request-Type" in region.headers["Vary"]
    for mail_id in sending[1:]:
        set_status(app, mail_id, MailStatus.FAILED)
    page = office.get(HERE).text
    assert "Đã xong cả 3 thư" in page
    assert "hx-trigger" not in page.split('id="batch"')[1]


def test_stopping_keeps_what_has_not_left_and_going_on_lets_it_leave(app, office, sending, monkeypatch):
    set_status(app, sending[0], MailStatus.SENT)
    assert office.post(f"{HERE}/stop").status_code == 303
    assert [status_of(app, one) for one in sending] == ["sent", "stopped", "stopped"]
    assert "Đang tạm dừng: 2 thư chưa gửi" in office.get(HERE).text
    box = Postbox().open()
    try:
        use(app, monkeypatch, box.port)
        with app.app_context():
            assert actions.drain_once(app.config["SEMINAR"]).sent == 1  # only the other sending's
        assert box.receivers == ["other@example.vn"]
        assert office.post(f"{HERE}/resumption").status_code == 303
        with app.app_context():
            assert actions.drain_once(app.config["SEMINAR"]).sent == 2
        assert sorted(box.receivers) == ["b@example.vn", "c@example.vn", "other@example.vn"]
    finally:
        box.close()


def test_what_was_stopped_can_be_dropped_and_twice_is_harmless(app, office, sending):
    for _ in range(2):
        assert office.post(f"{HERE}/stop").status_code == 303
    assert office.post(f"{HERE}/cancellation").status_code == 303
    assert office.post(f"{HERE}/cancellation").status_code == 303
    assert office.post(f"{HERE}/resumption").status_code == 303
    assert [status_of(app, one) for one in sending] == ["cancelled"] * 3


def test_a_batch_that_is_not_there_and_a_role_that_may_not(app, office, staff, sending):
    assert office.get(f"{OUTBOX}/batches/nothing").status_code == 404
    assert office.post(f"{OUTBOX}/batches/nothing/stop").status_code == 404
    for login in ("thu", "chung", "tam", "vinh"):
        assert staff(login).get(HERE).status_code == 403
        assert staff(login).post(f"{HERE}/stop").status_code == 403
    assert office.get(f"{HERE}/stop").status_code == 405


def test_the_outbox_lists_the_sendings_and_filters_by_purpose(app, office, sending):
    page = office.get(OUTBOX).text
    assert f'href="{HERE}"' in page
    assert office.get(f"{OUTBOX}?purpose=reminder").text.count("<tr data-row") == 0
    assert office.get(f"{OUTBOX}?purpose=invitation").text.count("<tr data-row") == 4
    assert office.get(f"{OUTBOX}?batch={BATCH}").text.count("<tr data-row") == 3


def test_the_answer_of_the_server_stands_in_words(app, office, sending):
    set_status(app, sending[0], MailStatus.FAILED, answer="550 5.1.1 user unknown")
    assert "Địa chỉ không tồn tại" in office.get(f"{OUTBOX}?status=failed").text
    page = office.get(f"{OUTBOX}/{sending[0]}").text
    assert "Địa chỉ không tồn tại" in page
    assert "550 5.1.1 user unknown" in page


def test_a_message_that_came_back_later_is_marked_by_hand_with_what_it_says(app, office, sending):
    set_status(app, sending[0], MailStatus.SENT)
    where = f"{OUTBOX}/{sending[0]}/return"
    assert office.post(where, data={"reason": " "}).status_code == 422
    assert status_of(app, sending[0]) == "sent"
    assert office.post(where, data={"reason": "Hộp thư không còn"}).status_code == 303
    with app.app_context():
        mail = db.session.get(Mail, sending[0])
        assert (mail.status, mail.answer) == (MailStatus.FAILED, "Hộp thư không còn")
    assert office.post(where, data={"reason": "lần nữa"}).status_code == 422


def test_the_file_of_a_message_is_the_files_bytes(app, office):
    from seminar.lib import files

    with app.app_context():
        digest = files.keep(b"%PDF-1.7 letter")
    (mail_id,) = put_in(app, "a@example.vn", attachment_sha256=digest, attachment_name="thu-moi-01.pdf")
    assert office.get(f"{OUTBOX}/{mail_id}/attachment.pdf").data == b"%PDF-1.7 letter"
    assert "thu-moi-01.pdf" in office.get(f"{OUTBOX}/{mail_id}").text
    (plain,) = put_in(app, "b@example.vn")
    assert office.get(f"{OUTBOX}/{plain}/attachment.pdf").status_code == 404
    with app.app_context():
        assert cast.find_seminar()
