"""The board of units and experts, who is late, reminders to those only whose paper is missing, and the programme."""

import io
import re
from datetime import UTC, date, datetime, timedelta

import openpyxl
import pytest

from seminar.agenda.actions import add_item, add_sitting
from seminar.agenda.models import Item, ItemKind
from seminar.delegates.models import Delegate
from seminar.lib import clock
from seminar.lib.database import db
from seminar.mail.models import Mail
from seminar.operations.actions import clear_delegates
from seminar.papers import actions
from seminar.papers.actions.reminders import expect_paper
from seminar.papers.models import Expectation, PaperReminder
from seminar.papers.queries.senders import senders
from seminar.papers.rules.senders import SenderState
from seminar.planning.actions import issue_unit_link
from seminar.planning.models import Milestone, MilestoneRule
from tests import cast
from tests.web import inviting, vetting
from tests.web.vetting import PAPERS

HTMX = {"HX-Request": "true", "HX-Request-Type": "full"}
BOARD, REMINDERS = f"{PAPERS}/board", f"{PAPERS}/reminders"
PROGRAMME = f"/seminars/{cast.SLUG}/programme"


def set_due(day, closed_at=None):
    seminar = cast.find_seminar()
    found = db.session.scalar(db.select(Milestone).where(Milestone.code == "papers"))
    found = found or Milestone(seminar_id=seminar.id, position=9, code="papers", text="tham luận")
    found.rule, found.due_on, found.closed_at = MilestoneRule.UNTIL, day, closed_at
    db.session.add(found)
    db.session.flush()


@pytest.fixture
def people(app):
    """Two experts with invitations, of whom papers are expected, and both units with links and addresses."""
    with app.app_context():
        ids = inviting.invite(("Hồ Văn Ý", "G2", {"email": "y@example.vn"}), ("Lý Thị Xa", "G2", {}))
        seminar = cast.find_seminar()
        for one in ids.values():
            expect_paper(seminar, db.session.get(Delegate, one), cast.OFFICE, cast.NOW)
        for number, name in enumerate(("Thành Đoàn Thử Một", "Huyện Đoàn Thử Hai"), 1):
            unit = vetting.unit(name)
            unit.contact_email = f"donvi{number}@example.vn"
            issue_unit_link(seminar, unit, cast.OFFICE, cast.NOW)
        db.session.commit()
        return ids


def rows_of(answer):
    return answer.text.count("data-row"), int(re.search(r'data-total="(\d+)"', answer.text)[1])


def test_units_and_experts_stand_on_the_board_by_state(app, people):
    with app.app_context():
        seminar = cast.find_seminar()
        first = vetting.submit("Của đơn vị", unit=vetting.unit())
        vetting.assign(first)
        both = vetting.submit("Cả hai", delegate=db.session.get(Delegate, people["Hồ Văn Ý"]))
        vetting.decide(both, in_print=True, on_stage=True)
        vetting.submit("Không của ai", authors="Nhóm nghiên cứu")
        found = [(one.name, list(one.states)) for one in senders(seminar, cast.NOW)]
        assert found == [
            ("Thành Đoàn Thử Một", [SenderState.VETTING]),
            ("Huyện Đoàn Thử Hai", [SenderState.NOT_SENT]),
            ("Hồ Văn Ý", [SenderState.IN_PRINT, SenderState.ON_STAGE]),
            ("Lý Thị Xa", [SenderState.NOT_SENT]),
            ("Nhóm nghiên cứu", [SenderState.RECEIVED]),
        ]


def test_each_count_opens_exactly_those_rows_and_excel_has_them_too(app, office, people):
    with app.app_context():
        set_due(date(2024, 2, 1))
        vetting.assign(vetting.submit("Của đơn vị", unit=vetting.unit()))
        vetting.decide(
            vetting.submit("Sửa", delegate=db.session.get(Delegate, people["Hồ Văn Ý"])), needs_correction=True
        )
        db.session.commit()
    for start in (BOARD, f"{BOARD}?who=units", f"{BOARD}?who=experts"):
        figures = re.findall(r'<a class="figure" href="([^"]+)">(\d+)</a>', office.get(start).text)
        assert len(figures) == 9
        for address, count in figures:
            address = address.replace("&amp;", "&")
            assert rows_of(office.get(address)) == (int(count), int(count))
            book = office.get(address.replace("/board", "/board.xlsx")).data
            sheet = openpyxl.load_workbook(io.BytesIO(book)).active
            assert sheet.max_row == int(count) + 2
    assert office.get(f"{BOARD}?who=x").status_code == 404
    assert office.get(f"{BOARD}?state=x").status_code == 404


def test_late_is_by_the_senders_own_deadline(app):
    with app.app_context():
        seminar = cast.find_seminar()
        set_due(date(2024, 2, 20))
        one, other = vetting.unit(), vetting.unit("Huyện Đoàn Thử Hai")
        actions.extend_deadline(seminar, other, date(2024, 3, 4), "Bận", cast.OFFICE, cast.NOW)
        moment = datetime(2024, 3, 1, 2, tzinfo=UTC)
        found = {sender.name: sender for sender in senders(seminar, moment)}
        assert (found[one.name].late_days, found[one.name].is_extended) == (10, False)
        assert (found[other.name].late_days, found[other.name].is_extended) == (0, True)
        vetting.submit("Trễ hai ngày", unit=one, now=datetime(2024, 2, 21, 18, tzinfo=UTC))
        found = {sender.name: sender for sender in senders(seminar, moment + timedelta(days=30))}
        assert (found[one.name].late_days, found[other.name].late_days) == (2, 27)


def test_the_office_says_from_whom_a_paper_is_expected(app, office):
    with app.app_context():
        cast.add_delegate(cast.find_seminar(), "Hồ Văn Ý", "G2")
        db.session.commit()
    for _ in range(2):
        assert office.post(f"{PAPERS}/expected", data={"number": "1"}).status_code == 303
    assert rows_of(office.get(f"{BOARD}?who=experts")) == (1, 1)
    for number, sentence in (
        ("7", "Không có đại biểu mang số 7."),
        ("", "Hãy ghi số in trên thẻ"),
        ("x", "số in trên thẻ"),
    ):
        answer = office.post(f"{PAPERS}/expected", data={"number": number})
        assert answer.status_code == 422
        assert sentence in answer.text
    with app.app_context():
        expected = db.session.scalars(db.select(Expectation)).one().id
    assert office.post(f"{PAPERS}/expected/{expected}/removal").status_code == 303
    assert rows_of(office.get(f"{BOARD}?who=experts")) == (0, 0)
    assert office.post(f"{PAPERS}/expected/{expected}/removal").status_code == 404


def test_the_board_costs_the_same_for_few_and_for_many(app, office, people, query_count):
    with app.app_context():
        vetting.submit("Một", delegate=db.session.get(Delegate, people["Hồ Văn Ý"]))
        db.session.commit()
    office.get(BOARD)
    few = query_count(lambda: office.get(BOARD))
    with app.app_context():
        for number in range(20):
            person = cast.add_delegate(cast.find_seminar(), f"Người Thứ {number}", "G2")
            vetting.assign(vetting.submit(f"Bài {number}", delegate=person))
        db.session.commit()
    assert query_count(lambda: office.get(BOARD)) == few


@pytest.mark.parametrize("login", ["vinh", "thu", "chung"])
def test_only_the_office_reminds_and_expects(staff, people, login):
    client = staff(login)
    for address in (REMINDERS, f"{PAPERS}/expected", f"{PAPERS}/expected/1/removal"):
        assert client.post(address).status_code == 403
    assert client.get(REMINDERS).status_code == 403
    for address in (BOARD, f"{BOARD}.xlsx"):
        assert client.get(address).status_code == (403 if login == "chung" else 200)


# Reminders


def remind(client, count, without, again="", headers=None):
    data = {"seen_count": count, "seen_without": without, "again": again}
    return client.post(REMINDERS, data=data, headers=headers)


@pytest.mark.parametrize("headers", [None, HTMX])
def test_only_those_whose_paper_is_missing_are_reminded_and_once_a_day(app, office, people, headers):
    with app.app_context():
        set_due(clock.now().date() + timedelta(days=3))
        vetting.submit("Đã gửi", unit=vetting.unit())
        db.session.commit()
    page = office.get(REMINDERS).text
    assert "Nhắc 2 nơi; 1 nơi không gửi thư điện tử được" in page
    assert remind(office, 3, 0).status_code == 422
    assert remind(office, 2, 1, headers=headers).status_code == 303
    with app.app_context():
        mails = db.session.scalars(db.select(Mail).order_by(Mail.id)).all()
        assert [one.to_address for one in mails] == ["donvi2@example.vn", "y@example.vn"]
        assert "gửi bài tham luận của đơn vị, chậm nhất ngày" in mails[0].text
        assert "/u/" in mails[0].text
        assert "chưa nhận được bài tham luận của" in mails[1].text
        assert "Hồ Văn Ý" in mails[1].text
        assert "/i/" in mails[1].text
        assert db.session.query(PaperReminder).count() == 2
    page = office.get(REMINDERS).text
    assert "Hôm nay đã nhắc 2 nơi, không nhắc lại." in page
    assert remind(office, 2, 1).status_code == 422
    assert remind(office, 0, 1).status_code == 422
    assert "Nhắc 2 nơi" in office.get(f"{REMINDERS}?again=yes").text
    assert remind(office, 2, 1, again="yes").status_code == 303
    with app.app_context():
        assert db.session.query(Mail).count() == 4


def test_a_reminder_of_yesterday_is_no_hindrance(app, office, people):
    assert remind(office, 3, 1).status_code == 303
    with app.app_context():
        for one in db.session.scalars(db.select(PaperReminder)):
            one.at -= timedelta(days=1)
        db.session.commit()
    assert remind(office, 3, 1).status_code == 303


def test_who_has_sent_meanwhile_is_not_reminded(app, office, people):
    with app.app_context():
        vetting.submit("Vừa gửi", unit=vetting.unit())
        db.session.commit()
    assert remind(office, 3, 1).status_code == 422
    with app.app_context():
        assert db.session.query(Mail).count() == 0


def test_nobody_is_reminded_once_the_office_closed_the_papers(app, office, people):
    with app.app_context():
        set_due(date(2024, 2, 1), closed_at=cast.NOW)
        db.session.commit()
    answer = remind(office, 3, 1)
    assert answer.status_code == 422
    assert "Văn phòng đã đóng hạn nhận tham luận" in answer.text


def test_who_is_cleared_from_the_list_takes_expectation_and_reminder_along(app, office, people):
    assert remind(office, 3, 1).status_code == 303
    with app.app_context():
        cast.find_seminar().is_demo = True
        clear_delegates(cast.find_seminar(), cast.OFFICE, cast.NOW)
        db.session.commit()
        assert db.session.query(Expectation).count() == 0
        assert [one.delegate_id for one in db.session.scalars(db.select(PaperReminder))] == [None, None]


def test_who_cannot_be_reached_is_named_with_what_to_do(office, people):
    row = re.search(r"<tr data-row[^>]*><td class=\"wide\">Lý Thị Xa.*?</tr>", office.get(REMINDERS).text, re.S)[0]
    assert 'data-tone="warning"' in row
    assert "chưa có e-mail" in row


# Into the programme


@pytest.fixture
def staged(app):
    """Three papers accepted for the stage, and a sitting of 40 minutes with a frame for papers."""
    with app.app_context():
        seminar = cast.find_seminar()
        start = datetime(2024, 1, 1, 8, 0)
        sitting = add_sitting(
            seminar,
            "Buổi sáng",
            date(2024, 3, 15),
            start.time(),
            start.replace(minute=40).time(),
            cast.OFFICE,
            cast.NOW,
        )
        add_item(sitting, kind=ItemKind.PAPERS, title="Tham luận", minutes=20, by=cast.OFFICE, now=cast.NOW)
        ids = []
        for number in range(3):
            sent = vetting.submit(f"Bài {number}")
            vetting.decide(sent, in_print=True, on_stage=True)
            ids.append(sent.paper_id)
        db.session.commit()
        return ids


@pytest.mark.parametrize("headers", [None, HTMX])
def test_all_accepted_papers_enter_the_programme_at_once_and_the_length_is_warned_of(app, office, staged, headers):
    assert "3 × 7 phút = 21 phút" in office.get(PROGRAMME).text
    assert office.post(f"{PROGRAMME}/papers/all", data={"minutes": "15"}, headers=headers).status_code == 303
    page = office.get(PROGRAMME).text
    assert "Đã đưa 3 tham luận vào chương trình." in page
    assert "“Buổi sáng” nay vượt 5 phút" in page
    with app.app_context():
        placed = db.session.scalars(db.select(Item).where(Item.paper_id.is_not(None)).order_by(Item.position)).all()
        assert [(one.paper_id, one.minutes) for one in placed] == [(paper, 15) for paper in staged]
    assert office.post(f"{PROGRAMME}/papers/all", headers=headers).status_code == 303
    with app.app_context():
        assert db.session.query(Item).count() == 4


def test_one_paper_enters_with_its_own_minutes(app, office, staged):
    assert office.post(f"{PROGRAMME}/papers", data={"paper_id": staged[1], "minutes": "10"}).status_code == 303
    with app.app_context():
        assert [one.minutes for one in db.session.scalars(db.select(Item).where(Item.paper_id == staged[1]))] == [10]
    assert "nay vượt" not in office.get(PROGRAMME).text


@pytest.mark.parametrize("minutes", ["0", "121", "x", "-1", "9" * 40])
def test_impossible_minutes_are_refused(app, office, staged, minutes):
    for address in (f"{PROGRAMME}/papers", f"{PROGRAMME}/papers/all"):
        office.post(address, data={"paper_id": staged[0], "minutes": minutes})
        assert "Mỗi tham luận từ 1 đến 120 phút." in office.get(PROGRAMME).text
    with app.app_context():
        assert db.session.query(Item).count() == 1


def test_only_office_and_secretary_place_papers(staff, staged):
    assert staff("vinh").post(f"{PROGRAMME}/papers/all").status_code == 403
    assert staff("thu").post(f"{PROGRAMME}/papers/all").status_code == 303
