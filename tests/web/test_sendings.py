"""Sendings and reminders: counted before, confirmed, and never more than what was seen."""

import json
import re
from datetime import timedelta
from io import BytesIO

import icalendar
import pytest
import zxingcpp
from PIL import Image

from seminar.invitations import actions, documents, messages, queries
from seminar.invitations.messages.calendar import calendar_ics
from seminar.invitations.models import Answer, Invitation
from seminar.invitations.queries import State
from seminar.lib.clock import now
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.mail.models import Mail, MailStatus
from tests import cast
from tests.web.inviting import HERE, count, in_force, invite, set_deadline

pytestmark = pytest.mark.usefixtures("at")
PEOPLE = (
    ("Nguyễn Thị Hồng", "G2", {"email": "hong@example.vn"}),
    ("Trần Quốc Đạt", "T5", {"email": "dat@example.vn"}),
    ("Lê Không Thư", "T5", {}),
)


def confirm(client, seen_count, seen_without, **values):
    data = {"purpose": "invitation", "seen_count": seen_count, "seen_without": seen_without}
    return client.post(f"{HERE}/sendings", data=data | values)


def test_the_office_sends_what_it_saw_counted_and_each_gets_an_own_mail(app, office):
    with app.app_context():
        invite(*PEOPLE)
    page = office.get(f"{HERE}/sendings").text
    assert "Gửi cho 2 người, 1 người không có e-mail" in page
    done = confirm(office, 2, 1)
    assert done.status_code == 303
    assert done.location.startswith(f"{HERE}/outbox/batches/")
    with app.app_context():
        mails = db.session.scalars(db.select(Mail).order_by(Mail.id)).all()
        assert [(one.to_name, one.to_address, one.status, one.purpose) for one in mails] == [
            ("Nguyễn Thị Hồng", "hong@example.vn", MailStatus.HELD, "invitation"),
            ("Trần Quốc Đạt", "dat@example.vn", MailStatus.HELD, "invitation"),
        ]
        assert count(State.NOT_SENT) == 1
    assert "Gửi cho 0 người, 1 người không có e-mail" in office.get(f"{HERE}/sendings").text


@pytest.mark.parametrize("seen", [(3, 1), (2, 0), ("", 1), ("x", 1)])
def test_other_numbers_than_those_seen_send_nothing(app, office, seen):
    with app.app_context():
        invite(*PEOPLE)
    answer = confirm(office, *seen)
    assert answer.status_code == 422
    assert "Số liệu vừa thay đổi nên chưa gửi gì" in answer.text
    assert "Gửi cho 2 người, 1 người không có e-mail" in answer.text
    with app.app_context():
        assert db.session.query(Mail).count() == 0


def test_sending_twice_reaches_nobody_twice(app, office):
    with app.app_context():
        invite(*PEOPLE)
    assert confirm(office, 2, 1).status_code == 303
    assert confirm(office, 2, 1).status_code == 422
    assert confirm(office, 0, 1).status_code == 422
    with app.app_context():
        assert db.session.query(Mail).count() == 2


def test_one_group_alone_is_sent_to(app, office):
    with app.app_context():
        invite(*PEOPLE)
    assert "Gửi cho 1 người, 1 người không có e-mail" in office.get(f"{HERE}/sendings?group=T5").text
    assert confirm(office, 1, 1, group="T5").status_code == 303
    with app.app_context():
        assert [one.to_name for one in db.session.scalars(db.select(Mail))] == ["Trần Quốc Đạt"]


def test_a_reminder_goes_only_to_those_without_an_answer(app, office):
    with app.app_context():
        ids = invite(*PEOPLE)
        actions.answer(in_force(ids["Trần Quốc Đạt"]).delegate, Answer.ATTENDING, "", cast.OFFICE, cast.NOW)
        db.session.commit()
    assert confirm(office, 1, 1, purpose="reminder").status_code == 303
    with app.app_context():
        mail = db.session.scalars(db.select(Mail)).one()
        assert (mail.to_name, mail.purpose) == ("Nguyễn Thị Hồng", "reminder")
        assert mail.subject.startswith("Nhắc trả lời – Thư mời số 01-TM/TĐTN-TCKT")


def test_a_reminder_composed_before_the_answer_came_is_not_sent(app):
    with app.app_context():
        ids = invite(*PEOPLE)
        seminar = cast.find_seminar()
        mails = messages.composed(queries.invitations_in_force(seminar), "http://localhost", queries.REMINDS)
        actions.answer(in_force(ids["Nguyễn Thị Hồng"]).delegate, Answer.ATTENDING, "", cast.OFFICE, cast.NOW)
        with pytest.raises(Refused, match="answered"):
            actions.remind(seminar, mails, cast.OFFICE, cast.NOW)
        db.session.rollback()


def test_a_mail_of_a_code_that_was_replaced_meanwhile_is_not_sent(app):
    with app.app_context():
        ids = invite(*PEOPLE)
        seminar = cast.find_seminar()
        mails = messages.composed(queries.invitations_in_force(seminar), "http://localhost")
        actions.reissue(in_force(ids["Nguyễn Thị Hồng"]).delegate, "mất", cast.OFFICE, cast.NOW)
        with pytest.raises(Refused, match="revoked"):
            actions.send_invitations(seminar, mails, cast.OFFICE, cast.NOW)
        db.session.rollback()


def test_a_new_code_is_not_yet_sent_and_a_proxys_goes_to_the_proxy(app):
    with app.app_context():
        ids = invite(*PEOPLE)
        seminar = cast.find_seminar()
        mails = messages.composed(queries.invitations_in_force(seminar), "http://localhost")
        actions.send_invitations(seminar, mails, cast.OFFICE, cast.NOW)
        later = cast.NOW + timedelta(hours=1)
        actions.propose_proxy(
            in_force(ids["Nguyễn Thị Hồng"]).delegate,
            "Người Thay",
            "",
            "",
            "thay@example.vn",
            "bận",
            cast.OFFICE,
            later,
        )
        unsent = queries.invitations_in_force(seminar, State.NOT_SENT, State.HAS_EMAIL)
        assert [(one.to_name, one.to_address) for one in messages.composed(unsent, "http://localhost")] == [
            ("Người Thay", "thay@example.vn")
        ]
        db.session.rollback()


def test_the_mail_says_who_what_when_where_and_how_to_check(app):
    with app.app_context():
        set_deadline()
        ids = invite(*PEOPLE)
        invitation = in_force(ids["Trần Quốc Đạt"])
        with app.test_request_context():
            mail = messages.composed([invitation], "http://localhost")[0]
        code = invitation.code
        for body in (mail.text, mail.html):
            for expected in (
                "Đồng chí Trần Quốc Đạt",
                "Giấy triệu tập số 01-GTT/TĐTN-TCKT",
                "08 giờ 00, ngày 15 tháng 3 năm 2024 (thứ Sáu)",
                "Hội trường A, Số 1 đường Thử",
                "trước ngày 08 tháng 3 năm 2024",
                f"http://localhost/i/{code}",
                "Nếu nghi ngờ, gọi Văn phòng",
                "localhost/verify",
            ):
                assert expected in body, expected
        assert mail.subject == "Giấy triệu tập số 01-GTT/TĐTN-TCKT: dự Tọa đàm thử toa-dam-thu"
        assert 'src="cid:qr"' in mail.html
        assert [one.text for one in zxingcpp.read_barcodes(Image.open(BytesIO(mail.inline_png)))] == [
            f"HTTP://LOCALHOST/I/{code}"
        ]


def test_the_calendar_entry_keeps_its_name_and_a_newer_letter_replaces_it(app):
    with app.app_context():
        one = invite(PEOPLE[0])["Nguyễn Thị Hồng"]
        entries = []
        for _ in range(2):
            text = calendar_ics(in_force(one), "http://localhost")
            entries.append(icalendar.Calendar.from_ical(text).walk("VEVENT")[0])
            actions.reissue(in_force(one).delegate, "mất", cast.OFFICE, now())
        old, new = entries
        assert old["uid"] == new["uid"]
        assert int(new["sequence"]) > int(old["sequence"])
        assert new["dtstart"].dt.isoformat() == "2024-03-15T01:00:00+00:00"
        assert new["dtend"].dt.isoformat() == "2024-03-15T04:30:00+00:00"
        db.session.rollback()


def test_names_with_markup_stay_words_in_the_mail(app):
    with app.app_context():
        one = invite(("<b>Tên & Họ</b>", "G2", {"email": "x@example.vn"}))["<b>Tên & Họ</b>"]
        with app.test_request_context():
            mail = messages.composed([in_force(one)], "http://localhost")[0]
        assert "&lt;b&gt;Tên &amp; Họ&lt;/b&gt;" in mail.html
        assert "<b>Tên & Họ</b>" in mail.text
        pdf = documents.letters_pdf([in_force(one)], "http://localhost")
        assert pdf.startswith(b"%PDF")


def test_only_the_office_sends(app, staff, visitor):
    for login in ("chung", "thu", "tam", "vinh"):
        assert staff(login).get(f"{HERE}/sendings").status_code == 403
        assert confirm(staff(login), 0, 0).status_code == 403
    assert visitor.get(f"{HERE}/sendings").status_code == 302


def run(app, *arguments):
    return app.test_cli_runner().invoke(args=["invitations", *arguments, "--seminar", cast.SLUG])


def test_the_commands_issue_send_remind_and_export(app):
    with app.app_context():
        for name, group, values in PEOPLE:
            cast.add_delegate(cast.find_seminar(), name, group, **values)
        db.session.commit()
    assert run(app, "issue").output == "01-TM/TĐTN-TCKT\t1\n01-GTT/TĐTN-TCKT\t2\n"
    again = run(app, "issue")
    assert again.exit_code != 0
    assert "Không còn ai để phát hành" in again.output
    assert run(app, "send").output == "2\t1\n"
    assert run(app, "send").exit_code != 0
    assert run(app, "remind", "--group", "T5").output == "1\t1\n"
    exported = json.loads(run(app, "export", "--format", "json").output)
    with app.app_context():
        codes = {one.code for one in db.session.scalars(db.select(Invitation))}
    assert [list(row) for row in exported] == [["number", "name", "code"]] * 3
    assert [row["name"] for row in exported] == [person[0] for person in PEOPLE]
    assert {row["code"] for row in exported} == codes


def test_a_command_for_what_is_not_there_says_so(app):
    missing = app.test_cli_runner().invoke(args=["invitations", "issue", "--seminar", "khong-co"])
    assert (missing.exit_code, "khong-co" in missing.output) == (1, True)
    assert run(app, "issue", "--group", "X9").exit_code == 1


def test_three_hundred_mails_go_into_the_outbox_at_once(app, office):
    with app.app_context():
        invite(*((f"Đại biểu {n}", "G2", {"email": f"d{n}@example.vn"}) for n in range(300)))
    page = office.get(f"{HERE}/sendings").text
    assert re.search(r'name="seen_count" value="300"', page)
    assert confirm(office, 300, 0).status_code == 303
    with app.app_context():
        assert db.session.query(Mail).count() == 300
