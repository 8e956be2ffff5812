"""What people were told of day, hour and place; notices of a change, of a revoked invitation, texts of the office."""

import re
from datetime import time, timedelta
from io import BytesIO

import icalendar
import pytest
from pypdf import PdfReader

from seminar.access.actor import Channel
from seminar.invitations import actions, queries
from seminar.invitations.models import Delivery, Occasion, Purpose
from seminar.lib.clock import now
from seminar.lib.database import db
from seminar.mail import transport
from seminar.mail.models import Mail, MailStatus
from tests import cast
from tests.web.inviting import HERE, in_force, invite
from tests.web.test_sendings import PEOPLE, confirm

pytestmark = pytest.mark.usefixtures("at")
HONG, DAT, NOBODY = (person[0] for person in PEOPLE)


@pytest.fixture
def told(app, office):
    """All three know of 08:00 in hall A: two by mail, one by Zalo."""
    with app.app_context():
        ids = invite(*PEOPLE)
        actions.hand_over(in_force(ids[NOBODY]), Channel.ZALO, "", cast.OFFICE, now())
        db.session.commit()
    assert confirm(office, 2, 0, attach="1").status_code == 303
    return ids


def move_to(hour: int) -> None:
    cast.find_seminar().starts_at = time(hour)
    db.session.commit()


def event_of(mail: Mail):
    return icalendar.Calendar.from_ical(mail.calendar)


def mails(purpose: str) -> list[Mail]:
    return list(db.session.scalars(db.select(Mail).where(Mail.purpose == purpose).order_by(Mail.id)))


def test_each_delivery_says_what_it_told_and_to_whom(app, told):
    with app.app_context():
        rows = db.session.scalars(db.select(Delivery).order_by(Delivery.id)).all()
        assert [(one.channel, one.to, one.purpose) for one in rows] == [
            ("zalo", "", "invitation"),
            ("email", "hong@example.vn", "invitation"),
            ("email", "dat@example.vn", "invitation"),
        ]
        occasion = db.session.scalars(db.select(Occasion)).one()
        assert {one.occasion_id for one in rows} == {occasion.id}
        assert (occasion.starts_at, occasion.place) == (time(8), "Hội trường A, Số 1 đường Thử")


def test_a_change_goes_to_exactly_those_who_were_told_otherwise(app, office, told):
    assert "đã được báo giờ hoặc địa điểm cũ" not in office.get(f"{HERE}/sendings").text
    with app.app_context():
        move_to(9)
        invite(("Người Mới", "G2", {"email": "moi@example.vn"}))
    assert "3 người đã được báo giờ hoặc địa điểm cũ" in office.get(f"{HERE}/sendings").text
    page = office.get(f"{HERE}/sendings?purpose=change").text
    assert "Gửi cho 2 người, 1 người không có e-mail" in page
    assert "đã được báo: 08 giờ 00" in re.sub(r"\s+", " ", page)
    assert confirm(office, 3, 1, purpose="change").status_code == 422
    assert confirm(office, 2, 1, purpose="change").status_code == 303
    with app.app_context():
        notice = mails("change")[0]
        assert notice.subject.startswith("Thay đổi thời gian – Thư mời số 01-TM/TĐTN-TCKT")
        assert "Trước đây đã báo: 08 giờ 00" in notice.text
        assert "09 giờ 00, ngày 15 tháng 3 năm 2024" in notice.text
        assert "Nếu nghi ngờ, gọi Văn phòng" in notice.text
        old, new = event_of(mails("invitation")[0]), event_of(notice)
        assert old.walk("VEVENT")[0]["uid"] == new.walk("VEVENT")[0]["uid"]
        assert int(new.walk("VEVENT")[0]["sequence"]) > int(old.walk("VEVENT")[0]["sequence"])
        assert new.walk("VEVENT")[0]["dtstart"].dt.hour == 2
    # whoever has no mail is told by Zalo, and then nobody is left
    with app.app_context():
        left = queries.recipients(cast.find_seminar(), queries.Choice(Purpose.CHANGE, queries.State.INVITED))
        assert [one.delegate.name for one in left] == [NOBODY]
    text = office.get(f"{HERE}/texts?purpose=change").text
    assert "thay đổi thời gian" in text
    ticked = office.post(f"{HERE}/texts", data={"purpose": "change", "channel": "zalo", "ticked": left[0].id})
    assert ticked.status_code == 303
    assert "đã được báo giờ hoặc địa điểm cũ" not in office.get(f"{HERE}/sendings").text
    with app.app_context():  # and back again is a change again
        move_to(8)
        assert len(queries.recipients(cast.find_seminar(), queries.Choice(Purpose.CHANGE, queries.State.INVITED))) == 4


def test_whoever_has_a_printed_letter_and_nothing_else_was_told_by_it(app, office):
    with app.app_context():
        invite(*PEOPLE)
        move_to(9)
    assert "3 người đã được báo giờ hoặc địa điểm cũ" in office.get(f"{HERE}/sendings").text
    page = re.sub(r"\s+", " ", office.get(f"{HERE}/sendings?purpose=change").text)
    assert "Gửi cho 2 người, 1 người không có e-mail" in page
    assert page.count("đã được báo: 08 giờ 00") == 2
    assert office.get(f"{HERE}/texts?purpose=change").text.count("thay đổi thời gian") >= 3


def test_a_message_that_never_arrived_told_nothing(app, office, told):
    with app.app_context():
        move_to(9)
    assert confirm(office, 2, 1, purpose="change").status_code == 303
    with app.app_context():
        mails("change")[0].status = MailStatus.FAILED
        db.session.commit()
    assert "Gửi cho 1 người, 1 người không có e-mail" in office.get(f"{HERE}/sendings?purpose=change").text


def test_while_the_venue_is_open_nothing_can_be_told(app, office, told):
    with app.app_context():
        cast.find_seminar().venue.confirmed_at = None
        db.session.commit()
    page = office.get(f"{HERE}/sendings?purpose=change").text
    assert "Ngày, giờ hoặc địa điểm chưa chốt" in page
    assert confirm(office, 2, 1, purpose="change").status_code == 422


def test_who_holds_a_revoked_invitation_is_told_and_the_calendar_entry_goes(app, office, told):
    with app.app_context():
        actions.revoke(in_force(told[HONG]), "nhầm", cast.OFFICE, now())
        db.session.commit()
    with app.app_context():  # it had not left: it never leaves, and there is nothing to take back
        assert [one.status for one in mails("invitation")] == ["cancelled", "held"]
        assert (
            queries.recipients(cast.find_seminar(), queries.Choice(Purpose.CANCELLATION, queries.State.NO_INVITATION))
            == []
        )
        mails("invitation")[0].status = MailStatus.SENT
        db.session.commit()
    assert "1 người giữ văn bản mời đã hết hiệu lực" in office.get(f"{HERE}/sendings").text
    assert confirm(office, 1, 0, purpose="cancellation").status_code == 303
    with app.app_context():
        notice = mails("cancellation")[0]
        calendar = event_of(notice)
        assert calendar["method"] == "CANCEL"
        assert calendar.walk("VEVENT")[0]["status"] == "CANCELLED"
        before = event_of(mails("invitation")[0]).walk("VEVENT")[0]
        assert calendar.walk("VEVENT")[0]["uid"] == before["uid"]
        assert int(calendar.walk("VEVENT")[0]["sequence"]) > int(before["sequence"])
        composed = transport.compose(transport.outgoing(notice), "moi@example.vn")
        part = next(one for one in composed.walk() if one.get_content_type() == "text/calendar")
        assert part.get_param("method") == "CANCEL"
        assert notice.inline_png is None
    assert "hết hiệu lực mà chưa được báo" not in office.get(f"{HERE}/sendings").text


def test_a_reissued_invitation_is_no_reason_to_take_anything_back(app, office, told):
    with app.app_context():
        mails("invitation")[0].status = MailStatus.SENT
        actions.reissue(in_force(told[HONG]).delegate, "mất", cast.OFFICE, now())
        db.session.commit()
    assert "hết hiệu lực mà chưa được báo" not in office.get(f"{HERE}/sendings").text


def test_the_letter_goes_along_as_it_is_printed(app, told, visitor):
    with app.app_context():
        mail = mails("invitation")[0]
        composed = transport.compose(transport.outgoing(mail), "moi@example.vn")
        parts = [one for one in composed.walk() if one.get_content_type() == "application/pdf"]
        code = in_force(told[HONG]).code
        printed = visitor.get(f"/i/{code}/letter.pdf").data
        assert [part.get_payload(decode=True) for part in parts] == [printed]
        assert parts[0].get_filename() == "thu-moi-01-1.pdf"
        assert HONG in PdfReader(BytesIO(printed)).pages[0].extract_text()


def test_a_text_of_the_office_is_kept_previewed_and_confirmed_as_it_stands(app, office):
    with app.app_context():
        invite(*PEOPLE)
    page = f"{HERE}/sendings?purpose=message"
    assert re.search(r'<button class="button primary" disabled>', office.get(page).text)
    said = {
        "purpose": "message",
        "subject": "Về nơi đỗ xe",
        "body": "{họ tên} đỗ xe ở cổng sau.\n\nĐến trước {thời gian}.",
    }
    wrong = office.post(f"{HERE}/sendings/wording", data=said | {"body": "{lương}"})
    assert (wrong.status_code, "{lương}" in wrong.text) == (422, True)
    assert office.post(f"{HERE}/sendings/wording", data=said).status_code == 303
    shown = office.get(f"{HERE}/sendings/preview?purpose=message&page=2").text
    assert "Trần Quốc Đạt đỗ xe ở cổng sau." in shown
    assert "Đến trước 08 giờ 00" in office.get(f"{HERE}/sendings/preview/body?purpose=message").text
    digest = re.search(r'name="seen_text" value="(\w+)"', office.get(page).text)[1]
    assert confirm(office, 2, 1, purpose="message", seen_text="0" * 16).status_code == 422
    assert confirm(office, 2, 1, purpose="message", seen_text=digest).status_code == 303
    with app.app_context():
        assert [one.subject for one in mails("message")] == ["Về nơi đỗ xe"] * 2


def test_the_preview_pages_through_exactly_those_chosen_and_writes_nothing(app, office):
    with app.app_context():
        invite(*PEOPLE)
    for page, name in ((1, HONG), (2, DAT), (9, DAT)):
        text = office.get(f"{HERE}/sendings/preview?page={page}").text
        assert f"<h2>{name}</h2>" in text
        assert "Trang 1/2" in text or "Trang 2/2" in text
    body = office.get(f"{HERE}/sendings/preview/body")
    assert 'src="data:image/png;base64,' in body.text
    assert "sandbox" in body.headers["Content-Security-Policy"]
    with app.app_context():
        assert mails("invitation") == []


def test_a_changed_hour_between_composing_and_sending_sends_nothing(app):
    from seminar.invitations import messages
    from seminar.lib.errors import Refused

    with app.app_context():
        invite(*PEOPLE)
        seminar = cast.find_seminar()
        composed = messages.composed(queries.invitations_in_force(seminar), "http://localhost")
        seminar.starts_at = time(10)
        with pytest.raises(Refused, match="day, hour or place"):
            actions.send_invitations(seminar, composed, cast.OFFICE, cast.NOW)
        db.session.rollback()


def test_a_permanent_failure_shows_on_the_person_and_the_new_address_is_offered(app, office, told):
    person = f"{HERE}/delegates/{told[HONG]}"
    with app.app_context():
        mail = mails("invitation")[0]
        mail.status, mail.answer = MailStatus.FAILED, "550 5.1.1 no such user"
        db.session.commit()
    assert "thư không đến được: <a" in re.sub(r"\s+", " ", office.get(f"{HERE}/answers").text)
    listed = office.get(f"{HERE}/answers?state=bounced").text
    assert (listed.count("<tr data-row"), HONG in listed) == (1, True)
    page = office.get(person).text
    assert "Thư gần nhất gửi đến hong@example.vn không đến được" in page
    assert "địa chỉ không tồn tại" in page.casefold()
    assert "Sửa địa chỉ" in page
    with app.app_context():
        in_force(told[HONG]).delegate.email = "hong.moi@example.vn"
        db.session.commit()
    page = office.get(person).text
    assert "Gửi lại đến địa chỉ mới" in page
    again = re.search(r'href="([^"]+delegate=\d+)"', page)[1].replace("&amp;", "&")
    assert "Gửi cho 1 người, 0 người không có e-mail" in office.get(again).text
    assert office.get(f"{HERE}/answers?state=bounced").text.count("<tr data-row") == 0


def test_the_log_of_a_person_says_what_when_to_whom_by_whom_and_what_became_of_it(app, office, told):
    page = re.sub(r"<[^>]+>|\s+", " ", office.get(f"{HERE}/delegates/{told[HONG]}").text)
    page = re.sub(r"\s+", " ", page)
    assert "Thư mời, giấy triệu tập , qua thư điện tử (hong@example.vn)" in page or "(hong@example.vn)" in page
    assert "Trần Thị Oanh" in page
    zalo = office.get(f"{HERE}/delegates/{told[NOBODY]}").text
    assert "Zalo" in zalo


def test_whoever_was_told_another_hour_reads_so_in_a_reminder_too(app, at, office, told):
    with app.app_context():
        move_to(10)
    at(cast.NOW + timedelta(hours=1))
    assert confirm(office, 2, 1, purpose="reminder", state="no_answer").status_code == 303
    said = "Xin lưu ý: thời gian có thay đổi. Trước đây đã báo: 08 giờ 00, ngày 15 tháng 3 năm 2024 (thứ Sáu); Hội trường A"
    with app.app_context():
        latest = mails("reminder")[-2:]
        assert all(said in mail.text and said in mail.html for mail in latest)
    again = office.get(f"{HERE}/sendings/preview?purpose=reminder").text
    assert "Xin lưu ý" not in again  # told now
    texts = office.get(f"{HERE}/texts?purpose=reminder").text
    assert texts.count("Xin lưu ý: thời gian có thay đổi (trước đây: 08 giờ 00") == 1  # the one on paper was not mailed
    assert office.get(f"{HERE}/texts?purpose=reminder&kind=bare").text.count("Bao thay doi") == 1
