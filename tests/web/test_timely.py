"""What is past: after the day nothing asks anybody to come, after the deadline no message asks for an answer before it."""

import re
from datetime import UTC, date, datetime

import pytest

from seminar.invitations.rules import answer_by
from seminar.lib.database import db
from seminar.mail.actions import drain_once
from seminar.mail.models import Mail, MailStatus
from seminar.planning.messages import facts_of
from seminar.planning.models import Milestone, MilestoneRule, Unit, UnitLink
from tests import cast, postbox
from tests.web.inviting import HERE, invite, set_deadline
from tests.web.test_sendings import PEOPLE, confirm, run

LAST_DAY = datetime(2024, 3, 7, 3, tzinfo=UTC)
"""In time for "trước ngày 08/3"; the seminar of the cast is on 15/3."""
LATE = datetime(2024, 3, 8, 3, tzinfo=UTC)
ON_THE_DAY = datetime(2024, 3, 15, 16, 59, tzinfo=UTC)
AFTER = datetime(2024, 3, 15, 17, 0, tzinfo=UTC)
"""The 16th in Vietnam."""
OVER = "Tọa đàm đã diễn ra ngày 15/03/2024"


@pytest.fixture
def people(app, at):
    with app.app_context():
        set_deadline()
        return invite(*PEOPLE)


@pytest.mark.parametrize(
    ("now", "rule", "words"),
    [
        (cast.NOW, MilestoneRule.BEFORE, "trước ngày 08 tháng 3 năm 2024"),
        (LAST_DAY, MilestoneRule.BEFORE, "ngay trong hôm nay, ngày 07 tháng 3 năm 2024"),
        (LATE, MilestoneRule.BEFORE, "sớm (đã quá hạn trả lời là trước ngày 08 tháng 3 năm 2024; "),
        (LATE, MilestoneRule.UNTIL, "ngay trong hôm nay, ngày 08 tháng 3 năm 2024"),
    ],
)
def test_until_when_a_message_asks_for_an_answer(now, rule, words):
    milestone = Milestone(rule=rule, due_on=date(2024, 3, 8))
    assert answer_by(milestone, now).startswith(words)
    milestone.closed_at = now
    assert answer_by(milestone, now) == answer_by(None, now) == ""


@pytest.mark.parametrize("purpose", ["invitation", "reminder"])
def test_after_the_day_it_is_refused_and_said_before(app, at, office, people, purpose):
    at(ON_THE_DAY)
    assert OVER not in office.get(f"{HERE}/sendings?purpose={purpose}").text
    at(AFTER)
    for page in ("sendings", "sendings/preview", "texts"):
        assert OVER in office.get(f"{HERE}/{page}?purpose={purpose}").text, page
    assert 'class="button primary" disabled' in office.get(f"{HERE}/sendings?purpose={purpose}").text
    assert "Kính gửi" not in office.get(f"{HERE}/texts?purpose={purpose}").text
    refused = confirm(office, 2, 1, purpose=purpose)
    assert (refused.status_code, refused.text.count(OVER)) == (422, 1)
    word = "send" if purpose == "invitation" else "remind"
    assert OVER in run(app, word).output
    with app.app_context():
        assert db.session.query(Mail).count() == 0


def test_after_the_day_a_change_is_refused_and_a_text_of_the_office_leaves(app, at, office, people):
    assert confirm(office, 2, 1).status_code == 303
    with app.app_context():
        cast.find_seminar().venue.name = "Hội trường khác"
        db.session.commit()
    at(AFTER)
    assert confirm(office, 2, 0, purpose="change").status_code == 422
    said = {"purpose": "message", "subject": "Về kỷ yếu", "body": "Kỷ yếu gửi sau."}
    office.post(f"{HERE}/sendings/wording", data=said)
    page = office.get(f"{HERE}/sendings?purpose=message").text
    digest = page.partition('name="seen_text" value="')[2][:16]
    assert OVER not in page
    assert confirm(office, 2, 1, purpose="message", seen_text=digest).status_code == 303


def test_the_demo_whose_day_is_always_past_sends_and_says_why(app, at, office, people):
    with app.app_context():
        cast.find_seminar().is_demo = True
        db.session.commit()
    at(AFTER)
    assert "Chỉ vì đây là tọa đàm minh họa" in office.get(f"{HERE}/sendings").text
    assert confirm(office, 2, 1).status_code == 303


@pytest.mark.parametrize(
    ("moment", "warns", "says"),
    [
        (cast.NOW, "", "trả lời trước ngày 08 tháng 3 năm 2024."),
        (LAST_DAY, "Hôm nay là ngày cuối nhận trả lời", "trả lời ngay trong hôm nay, ngày 07 tháng 3 năm 2024."),
        (LATE, "Ngày cuối nhận trả lời (07/03/2024) đã qua", "trả lời sớm (đã quá hạn trả lời là trước ngày 08"),
    ],
)
def test_a_reminder_says_the_deadline_as_it_stands(app, at, office, people, moment, warns, says):
    at(moment)
    page = office.get(f"{HERE}/sendings?purpose=reminder").text
    assert warns in page
    assert ("ngày cuối nhận trả lời" in page.casefold()) == bool(warns)
    assert warns in office.get(f"{HERE}/sendings/preview?purpose=reminder").text
    assert says in office.get(f"{HERE}/texts?purpose=reminder").text
    assert confirm(office, 2, 1, purpose="reminder").status_code == 303
    with app.app_context():
        for mail in db.session.scalars(db.select(Mail)):
            assert says in mail.text
            assert says in mail.html


def test_once_the_answers_are_closed_nobody_is_reminded_and_a_letter_asks_for_no_answer(app, at, office, people):
    with app.app_context():
        set_deadline(closed_at=cast.NOW)
    assert "đã khóa nhận trả lời nên không nhắc" in confirm(office, 2, 1, purpose="reminder").text
    assert "thư không đề nghị trả lời nữa" in office.get(f"{HERE}/sendings").text
    assert confirm(office, 2, 1).status_code == 303
    with app.app_context():
        assert all("trả lời" not in mail.text for mail in db.session.scalars(db.select(Mail)))


def test_the_states_are_those_of_the_kind_chosen_also_for_htmx(office, people):
    for page in ("sendings", "texts"):
        text = office.get(f"{HERE}/{page}?purpose=reminder").text
        assert text.count("<option", text.index('id="state"'), text.index("</select>", text.index('id="state"'))) == 1
    again = office.get(f"{HERE}/sendings?purpose=message&was=reminder&state=no_answer").text
    assert re.search(r'<option value="invited" selected>', again)
    partial = {"HX-Request": "true", "HX-Request-Type": "partial"}
    beside = office.get(f"{HERE}/texts?purpose=cancellation", headers=partial).text
    assert 'id="state-field" hx-swap-oob="outerHTML"' in beside


@pytest.mark.parametrize(
    ("address", "goes_to"), [("vanphong@example.vn", "vanphong@example.vn"), ("", None), ("x", None)]
)
def test_an_answer_by_mail_goes_to_the_office(app, at, office, people, monkeypatch, address, goes_to):
    box = postbox.Postbox().open()
    try:
        postbox.use(app, monkeypatch, box.port)
        with app.app_context():
            cast.find_seminar().contact_email = address
            db.session.commit()
        assert confirm(office, 2, 1).status_code == 303
        with app.app_context():
            assert drain_once(app.config["SEMINAR"]).sent == 2
    finally:
        box.close()
    assert [one.message["Reply-To"] for one in box.received] == [goes_to] * 2
    assert "moi@example.vn" in box.received[0].message["From"]


def test_revoking_is_beside_the_invitation_and_leads_to_the_notice(app, at, office, people):
    assert confirm(office, 2, 1).status_code == 303
    with app.app_context():
        for mail in db.session.scalars(db.select(Mail)):
            mail.status = MailStatus.SENT
        db.session.commit()
    one = people[PEOPLE[0][0]]
    person = f"{HERE}/delegates/{one}"
    page = office.get(person).text
    form = page[page.index("/invitation/revocation") :].partition("</form>")[0]
    assert "mã QR ngừng hiệu lực ngay" in form
    assert "cancellation" not in page
    assert office.post(f"{person}/invitation/revocation", data={"reason": ""}).status_code == 422
    assert office.post(f"{person}/invitation/revocation", data={"reason": "nhầm người"}).location == person
    page = office.get(person).text
    assert "chưa được báo là văn bản không còn hiệu lực" in page
    assert "nhầm người" in page
    leads = re.search(r'href="([^"]+/sendings\?purpose=cancellation[^"]+)"', page)[1].replace("&amp;", "&")
    assert "Gửi cho 1 người, 0 người không có e-mail" in office.get(leads).text
    assert confirm(office, 1, 0, purpose="cancellation", delegate=one).status_code == 303
    assert "chưa được báo" not in office.get(person).text


def test_the_link_of_a_unit_asks_for_nothing_before_a_day_that_is_gone(app):
    with app.app_context():
        seminar = cast.find_seminar()
        unit = db.session.scalars(db.select(Unit)).first()
        link = UnitLink(seminar=seminar, unit=unit, code="1" * 20)
        deadlines = [
            Milestone(code="nominations", rule=MilestoneRule.BEFORE, due_on=date(2024, 3, 9)),
            Milestone(code="papers", rule=MilestoneRule.BEFORE, due_on=date(2024, 3, 8)),
            Milestone(code="returns", rule=MilestoneRule.UNTIL, due_on=date(2024, 3, 8), closed_at=LATE),
        ]
        asks = facts_of(link, deadlines, "http://localhost", LATE).asks
        db.session.rollback()
    assert asks == (
        "cử đại biểu trong chỉ tiêu được phân bổ ngay trong hôm nay, ngày 08/03/2024",
        "gửi bài tham luận (hạn trước ngày 08/03/2024 đã qua, vẫn mong nhận được)",
    )
