"""The office's board of returns: who sent what, how late; accepted, returned, typed on behalf, reminded."""

import re
from datetime import date, timedelta
from html import unescape
from io import BytesIO

import pytest

from seminar.access.actor import Actor, ActorKind, Channel
from seminar.audit.models import AuditEntry
from seminar.lib.clock import now
from seminar.lib.database import db
from seminar.mail.models import Mail
from seminar.planning.models import Unit
from seminar.statistics import actions
from seminar.statistics.models import Period, Return, ReturnVersion, Ruling, SignedScan
from seminar.statistics.queries import counted_values, returns_of
from tests import cast
from tests.web.returning import add_period, cells, units

BASE = f"/seminars/{cast.SLUG}/statistics"


@pytest.fixture
def ids(app):
    """(period, first unit, second unit): the first has sent in time, the second nothing."""
    with app.app_context():
        period = add_period(cast.find_seminar())
        first, second = units()
        send(period, first)
        db.session.commit()
        return period.id, first.id, second.id


def send(period, unit, reason="", **changes):
    by = Actor(ActorKind.UNIT, unit.name, unit.id)
    one = actions.begin_return(period, unit, by, cast.NOW - timedelta(days=30))
    revision = one.draft.revision if one.draft else 0
    draft = actions.keep_draft(period, unit, cells() | changes, by, cast.NOW - timedelta(days=30), revision)
    return actions.send_return(period, unit, by, cast.NOW - timedelta(days=30), draft.revision, reason=reason)


@pytest.fixture
def page(ids):
    return f"{BASE}/periods/{ids[0]}/units/{ids[1]}"


def counted(app):
    with app.app_context():
        period = db.session.scalars(db.select(Period)).one()
        return {key: values["2021", "quota"] for key, values in counted_values(returns_of(period)).items()}


def test_the_board_counts_and_names_the_state_of_every_unit(office, ids):
    board = unescape(office.get(BASE).text)
    assert "1/2 đơn vị" in board
    assert "đã gửi, chờ kiểm tra" in board
    assert "chưa nhập" in board
    assert "Nhắc đơn vị còn thiếu số liệu" in board
    listed = unescape(office.get(f"{BASE}/periods/{ids[0]}/returns").text)
    assert "Thành Đoàn Thử Một" in listed
    late = unescape(office.get(f"{BASE}/periods/{ids[0]}/returns?state=late").text)
    assert 'data-total="1"' in late
    assert "Huyện Đoàn Thử Hai" in late
    assert "ngày nghỉ" in late


def test_the_board_costs_the_same_for_one_return_and_for_many(app, office, ids, query_count):
    one = query_count(lambda: office.get(BASE))
    with app.app_context():
        sheet = db.session.scalars(db.select(Period)).one().sheet
        for number in range(3):
            period = add_period(cast.find_seminar(), sheet=sheet, name=f"kỳ {number}")
            for unit in units():
                send(period, unit)
        db.session.commit()
    assert query_count(lambda: office.get(BASE)) == one


def test_the_return_shows_figures_and_is_accepted_once(app, office, ids, page):
    shown = unescape(office.get(page).text)
    assert "12.000" in shown
    assert "8,53 %" in shown
    assert counted(app) == {}
    assert office.get(f"{page}/versions/1/ruling").status_code == 405
    for _ in range(2):
        assert office.post(f"{page}/versions/1/ruling", data={"kind": "accepted", "seen": 1}).status_code == 303
    assert counted(app) == {ids[1]: 300}
    with app.app_context():
        assert db.session.query(Ruling).count() == 1
        entry = db.session.scalars(db.select(AuditEntry).where(AuditEntry.verb == "accept")).one()
        assert (entry.noun, entry.object_id) == ("return", str(ids[1]))


def test_it_is_returned_with_a_reason_only(app, office, page):
    refused = office.post(f"{page}/versions/1/ruling", data={"kind": "returned", "reason": " ", "seen": 1})
    assert refused.status_code == 422
    assert "Ghi nội dung đơn vị cần sửa" in unescape(refused.text)
    assert office.post(f"{page}/versions/1/ruling", data={"kind": "else"}).status_code == 422
    told = {"kind": "returned", "reason": "năm 2022 chưa khớp", "seen": 1}
    assert office.post(f"{page}/versions/1/ruling", data=told).status_code == 303
    assert "năm 2022 chưa khớp" in unescape(office.get(page).text)
    assert "trả lại để sửa" in unescape(office.get(BASE).text)


def test_a_version_that_came_meanwhile_is_looked_at_first(app, office, ids, page):
    with app.app_context():
        send(db.session.get(Period, ids[0]), db.session.get(Unit, ids[1]), "sửa", **{"2021.quota": "310"})
        db.session.commit()
    refused = office.post(f"{page}/versions/1/ruling", data={"kind": "accepted", "seen": 1})
    assert refused.status_code == 422
    assert "lần nộp 2" in unescape(refused.text)
    assert counted(app) == {}
    office.post(f"{page}/versions/2/ruling", data={"kind": "accepted", "seen": 2})
    assert counted(app) == {ids[1]: 310}
    shown = unescape(office.get(page).text)
    assert "Năm 2021, Chỉ tiêu được giao kết nạp Đảng: 300 → " in shown
    assert "Số liệu của lần nộp này" in shown


def test_what_counts_while_a_correction_waits_can_be_returned_too(app, office, ids, page):
    office.post(f"{page}/versions/1/ruling", data={"kind": "accepted", "seen": 1})
    with app.app_context():
        send(db.session.get(Period, ids[0]), db.session.get(Unit, ids[1]), "sửa", **{"2021.quota": "310"})
        db.session.commit()
    assert "chờ kiểm tra bản sửa" in unescape(office.get(BASE).text)
    assert counted(app) == {ids[1]: 300}
    told = {"kind": "returned", "reason": "sai cả hai", "seen": 2}
    assert office.post(f"{page}/versions/1/ruling", data=told | {"seen": 1}).status_code == 422
    assert office.post(f"{page}/versions/1/ruling", data=told).status_code == 303
    assert counted(app) == {}


def test_many_are_accepted_at_once_by_the_version_that_was_seen(app, office, ids):
    with app.app_context():
        period = db.session.get(Period, ids[0])
        send(period, db.session.get(Unit, ids[2]))
        db.session.commit()
    at = f"{BASE}/periods/{ids[0]}"
    ticks = re.findall(r'name="version" value="(\d+)" checked', office.get(f"{at}/returns").text)
    assert len(ticks) == 2
    with app.app_context():
        send(db.session.get(Period, ids[0]), db.session.get(Unit, ids[2]), "sửa", **{"2021.quota": "310"})
        db.session.commit()
    assert office.post(f"{at}/acceptances", data={"version": [*ticks, "x", "999"]}).status_code == 303
    assert "giữ nguyên" in unescape(office.get(f"{at}/returns").text)
    assert counted(app) == {ids[1]: 300}
    office.post(f"{at}/acceptances")
    assert counted(app) == {ids[1]: 300}


def test_the_office_types_for_a_unit_and_the_record_says_so(app, office, ids):
    entry = f"{BASE}/periods/{ids[0]}/units/{ids[2]}/entry"
    assert "nhập thay đơn vị" in unescape(office.get(entry).text)
    data = {"revision": "0", "base": "{}", "remarks": "", "then": "review"} | cells(prefix="cell.")
    assert office.post(f"{entry}/draft", data=data).headers["Location"] == f"{entry}/review"
    assert "báo số liệu" not in unescape(office.get(f"{entry}/review").text).split("<form")[0]
    refused = office.post(f"{entry}/versions", data={"revision": "1"})
    assert refused.status_code == 422
    assert office.post(f"{entry}/versions", data={"revision": "1", "channel": "phone"}).status_code == 303
    with app.app_context():
        version = db.session.scalars(db.select(ReturnVersion).order_by(ReturnVersion.id.desc())).first()
        assert (version.actor_kind, version.actor_name, version.channel) == (
            ActorKind.STAFF,
            "Trần Thị Oanh",
            Channel.PHONE,
        )
        found = db.session.scalars(db.select(AuditEntry).where(AuditEntry.verb == "send", AuditEntry.noun == "return"))
        assert [one.on_behalf_of for one in found] == ["", "Huyện Đoàn Thử Hai"]
    assert "qua điện thoại" in unescape(office.get(entry.removesuffix("/entry")).text)


def test_the_office_reads_excel_undoes_prints_and_keeps_the_signed_page(app, office, ids, page):
    entry = f"{page}/entry"
    content = office.get(f"{entry}/sheet.xlsx").data
    answer = office.post(
        f"{entry}/workbook", data={"revision": "1", "base": "{}", "file": (BytesIO(content), "a.xlsx")}
    )
    assert answer.status_code == 200
    office.post(f"{entry}/draft", data={"revision": "9", "base": "{}", "cell.2021.quota": "311"})
    assert office.post(f"{entry}/draft/reversal", data={"revision": "2"}).status_code == 303
    assert office.get(f"{entry}/versions/1/form.pdf").data.startswith(b"%PDF")
    pdf = office.get(f"{entry}/versions/1/form.pdf").data
    data = {"file": (BytesIO(pdf), "đã ký.pdf"), "channel": "letter"}
    assert office.post(f"{entry}/versions/1/scans", data=data).status_code == 303
    with app.app_context():
        kept = db.session.scalars(db.select(SignedScan)).one()
        assert (kept.media_type, kept.channel, kept.by) == ("application/pdf", Channel.LETTER, "Trần Thị Oanh")
    assert "đã ký" in unescape(office.get(BASE).text)
    at = f"{entry}/versions/1/scans/{kept.id}"
    assert office.get(at).data == pdf
    assert office.post(f"{at}/withdrawal").status_code == 303
    assert office.get(at).status_code == 404


def owing(app, office):
    """Both units have a link; the second one an address."""
    office.post(f"/seminars/{cast.SLUG}/units/links")
    with app.app_context():
        units()[1].contact_email = "lienhe@example.vn"
        db.session.commit()


def reminding(reached=1, without=0, **more):
    return {"seen_count": reached, "seen_without": without, "again": "", "period": ""} | more


def test_only_those_who_owe_figures_are_reminded_counted_and_once_a_day(app, office, ids):
    owing(app, office)
    shown = unescape(office.get(f"{BASE}/reminders").text)
    assert "Nhắc 1 đơn vị; 0 đơn vị không gửi" in shown
    assert "Huyện Đoàn Thử Hai" in shown
    assert "đã quá hạn ngày 09/02/2024" in shown
    assert office.post(f"{BASE}/reminders", data=reminding(2)).status_code == 422
    assert office.post(f"{BASE}/reminders", data=reminding()).status_code == 303
    with app.app_context():
        mail = db.session.scalars(db.select(Mail)).one()
        assert mail.to_address == "lienhe@example.vn"
        assert "gửi biểu số liệu “Kết quả" in mail.text
        assert "/u/" in mail.text
    assert "đã được nhắc" in unescape(office.get(f"{BASE}/reminders").text)
    assert office.post(f"{BASE}/reminders", data=reminding(0)).status_code == 422
    assert office.post(f"{BASE}/reminders", data=reminding(again="yes")).status_code == 303
    with app.app_context():
        assert db.session.query(Mail).count() == 2


def test_many_periods_of_one_sheet_are_owed_in_one_sentence(app, office, ids):
    owing(app, office)
    with app.app_context():
        sheet = add_period(cast.find_seminar(), starter="quarterly", name="quý I/2021", due_on=date(2021, 4, 9)).sheet
        for number, name in enumerate(("quý II/2021", "quý III/2021"), 2):
            add_period(cast.find_seminar(), sheet=sheet, name=name, position=number, due_on=date(2021, 3 * number, 30))
        db.session.commit()
    assert office.post(f"{BASE}/reminders", data=reminding(1, 1)).status_code == 303
    with app.app_context():
        text = db.session.scalars(db.select(Mail.text)).one()
    assert "của 03 kỳ: quý I/2021, quý II/2021, quý III/2021; kỳ sớm nhất đã quá hạn ngày 09/04/2021" in text
    assert text.count("theo quý”") == 1


def test_a_return_that_came_meanwhile_is_not_reminded_of(app, office, ids):
    owing(app, office)
    with app.app_context():
        send(db.session.get(Period, ids[0]), db.session.get(Unit, ids[2]))
        db.session.commit()
    assert "Không đơn vị nào còn thiếu" in unescape(office.get(f"{BASE}/reminders?period={ids[0]}").text)
    assert office.post(f"{BASE}/reminders", data=reminding()).status_code == 422
    with app.app_context():
        assert db.session.query(Mail).count() == 0


def test_what_was_returned_is_reminded_of_with_its_reason(app, office, ids, page):
    owing(app, office)
    with app.app_context():
        units()[0].contact_email = "mot@example.vn"
        db.session.commit()
    office.post(f"{page}/versions/1/ruling", data={"kind": "returned", "reason": "năm 2022 chưa khớp", "seen": 1})
    assert office.post(f"{BASE}/reminders", data=reminding(2)).status_code == 303
    with app.app_context():
        first = db.session.scalars(db.select(Mail).where(Mail.to_address == "mot@example.vn")).one()
        assert "sửa và gửi lại biểu số liệu" in first.text
        assert "năm 2022 chưa khớp" in first.text


def test_an_optional_sheet_is_owed_by_nobody(app, office, ids):
    owing(app, office)
    with app.app_context():
        period = db.session.get(Period, ids[0])
        period.sheet.title = "Phụ lục bổ sung (không bắt buộc)"
        db.session.commit()
    assert "Không đơn vị nào còn thiếu" in unescape(office.get(f"{BASE}/reminders").text)
    assert "Nhắc 1 đơn vị" in unescape(office.get(f"{BASE}/reminders?period={ids[0]}").text)


def test_periods_of_one_name_are_told_apart_by_their_sheets(app, office, ids):
    with app.app_context():
        add_period(cast.find_seminar(), starter="annex")
        add_period(cast.find_seminar(), name="quý I/2024", sheet=db.session.get(Period, ids[0]).sheet)
        db.session.commit()
        titles = [db.session.get(Period, ids[0]).sheet.title, "Phụ lục bổ sung (không bắt buộc)"]
    shown = unescape(office.get(BASE).text)
    for title in titles:
        assert f"<th>giai đoạn 2021 - 2023 – {title}</th>" in shown
    assert "<th>quý I/2024</th>" in shown


def test_who_may(app, staff, visitor, ids, page):
    for login in ("chung", "thu"):
        for path in (BASE, f"{BASE}/periods/{ids[0]}/returns", page, f"{page}/entry/versions/1/form.docx"):
            assert staff(login).get(path).status_code == 200
        assert "Trả lại để sửa" not in unescape(staff(login).get(page).text)
        for path in (f"{page}/versions/1/ruling", f"{BASE}/reminders", f"{page}/entry/draft", f"{page}/entry/versions"):
            assert staff(login).post(path, data={"kind": "accepted"}).status_code == 403
        assert staff(login).get(f"{page}/entry").status_code == 403
    for login in ("vinh", "tam", "an"):
        assert staff(login).get(BASE).status_code == 403
    assert visitor.get(BASE).status_code == 302
    assert counted(app) == {}


def test_what_is_not_there_is_404(app, office, ids, page):
    with app.app_context():
        hidden = add_period(cast.find_seminar(), starter="quarterly", name="quý I/2021", opened_at=None).id
        db.session.commit()
    for path in (
        f"{BASE}/periods/999/returns",
        f"{BASE}/periods/{ids[0]}/units/999",
        f"{BASE}/periods/{hidden}/units/{ids[1]}",
        f"{BASE}/reminders?period=999",
    ):
        assert office.get(path).status_code == 404
    assert office.post(f"{page}/versions/7/ruling", data={"kind": "accepted"}).status_code == 404
    with app.app_context():
        assert db.session.query(Return).count() == 1
        assert now() > cast.NOW
