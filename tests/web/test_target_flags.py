"""Units that are looked at: thresholds printed, both readings, causes and remedies, the printed report."""

import json
import re
from io import BytesIO

import pytest
from docx import Document
from openpyxl import load_workbook
from pypdf import PdfReader

from seminar.audit.models import AuditEntry
from seminar.lib.database import db
from seminar.statistics.models import Remedy
from seminar.statistics.queries import targets as reads
from tests import cast
from tests.web import targeting
from tests.web.targeting import HERE

SETTINGS = {
    "introduction_by": "outstanding",
    "admission_by": "introduced",
    "threshold_mode": "relative",
    "relative_percent": "80",
    "introduction_percent": "20",
    "admission_percent": "56",
    "least_count": "10",
    "stale_count": "5",
    "stale_percent": "20",
    "stale_mode": "consecutive",
    "clears_on": "admission",
}


@pytest.fixture
def flagged(app):
    """The first unit introduces well, the second little, with many stale; ids of both."""
    with app.app_context():
        plan = targeting.begin()
        targeting.open_quarters(plan, 2)
        first, second = targeting.units()
        targeting.give_back(plan, first, 1, members=900, outstanding=100, introduced=60, admitted=40, stale=1)
        targeting.give_back(plan, second, 1, members=900, outstanding=100, introduced=10, admitted=2, stale=30)
        db.session.commit()
        return first.id, second.id


def seen_on(page):
    return re.search(r'name="seen"[^>]* value="(\w+)"', page)[1]


def rows_with(page, word):
    """Names of the units whose row has the word."""
    rows = re.findall(r"<tr data-line.*?</tr>", page, re.S)
    return [re.search(r'scope="row"><a[^>]*>(.*?)</a>', row)[1] for row in rows if word in row]


def test_flagged_units_stand_with_their_figures_and_the_thresholds_are_printed(office, flagged):
    page = office.get(f"{HERE}/flags").text
    assert rows_with(page, "cần xem xét") == ["Huyện Đoàn Thử Hai"]
    assert "1 đơn vị cần xem xét" in page
    assert "10 % (10/100)".replace(" %", "\N{NO-BREAK SPACE}%") in page
    assert "dưới 80 % tỷ lệ chung toàn tỉnh" in page
    assert "tức dưới 28\N{NO-BREAK SPACE}%" in page
    assert "do người dùng đặt" in page
    assert "chưa ghi gì" in page


def test_page_and_report_say_by_how_many_returns_and_cells_of_how_many(office, flagged):
    """Of five sectors the schools alone were filled in, and of two quarters one was sent."""
    page = " ".join(office.get(f"{HERE}/flags?until=2").text.split())
    assert "2/4 bản, của 2/2 đơn vị" in page
    rows = re.findall(r"<tr data-line.*?</tr>", page)
    assert [re.findall(r'<td class="num"[^>]*>(\d/\d)</td>', row) for row in rows] == [["1/2"], ["1/2"]]
    assert [re.findall(r"theo (\d+/\d+) ô", row) for row in rows] == [["1/5", "1/10"]] * 2
    assert "theo 1/10 ô" in office.get(f"{HERE}/units/{flagged[1]}?until=2").text
    document = Document(BytesIO(office.get(f"{HERE}/flags.docx?until=2").data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert "Huyện Đoàn Thử Hai\n(1/2 bản)" in cells
    assert [cell for cell in cells if "theo 1/5 ô có số liệu" in cell]
    assert "2/4 bản của 2/2 đơn vị" in "".join(paragraph.text for paragraph in document.paragraphs)


def test_settings_change_who_is_looked_at(app, office, flagged):
    page = office.get(f"{HERE}/settings").text
    data = SETTINGS | {"threshold_mode": "absolute", "introduction_percent": "70", "seen": seen_on(page)}
    assert office.post(f"{HERE}/settings", data=data).status_code == 303
    assert rows_with(office.get(f"{HERE}/flags").text, "cần xem xét") == ["Thành Đoàn Thử Một", "Huyện Đoàn Thử Hai"]
    data = SETTINGS | {"least_count": "1000", "stale_count": "31", "stale_percent": "31"}
    data["seen"] = seen_on(office.get(f"{HERE}/settings").text)
    assert office.post(f"{HERE}/settings", data=data).status_code == 303
    page = office.get(f"{HERE}/flags").text
    assert rows_with(page, "cần xem xét") == []
    assert rows_with(page, "số nhỏ, không xếp") == ["Thành Đoàn Thử Một", "Huyện Đoàn Thử Hai"]
    with app.app_context():
        entries = db.session.scalars(db.select(AuditEntry).where(AuditEntry.noun == "target settings")).all()
        assert [entry.detail["after"]["least_count"] for entry in entries] == [10, 1000]


def test_both_readings_of_the_plan_are_told_to_the_units(app, office, flagged):
    def sheet_says():
        with app.app_context():
            return json.dumps(reads.target_plan_of(cast.find_seminar()).sheet.definition, ensure_ascii=False)

    assert "02 năm liên tiếp" in sheet_says()
    data = SETTINGS | {"stale_mode": "cumulative", "clears_on": "admission_or_recognition"}
    data["seen"] = seen_on(office.get(f"{HERE}/settings").text)
    assert office.post(f"{HERE}/settings", data=data).status_code == 303
    assert "cộng dồn" in sheet_says()
    assert "đối tượng Đảng" in sheet_says()
    assert "kể cả không liên tiếp" in office.get(f"{HERE}/flags").text


@pytest.mark.parametrize(
    "changes",
    [{"least_count": "0"}, {"relative_percent": "101"}, {"stale_mode": "never"}, {"stale_count": "x"}, {"seen": "old"}],
)
def test_wrong_settings_are_told_and_nothing_changes(app, office, flagged, changes):
    data = SETTINGS | {"seen": seen_on(office.get(f"{HERE}/settings").text), "admission_percent": "77"} | changes
    answer = office.post(f"{HERE}/settings", data=data)
    assert answer.status_code == 422
    assert 'value="77"' in answer.text
    with app.app_context():
        assert reads.target_plan_of(cast.find_seminar()).settings == {}


WORDS = {
    "revision": "1",
    "flag": "introduction",
    "cause": "Ít phong trào",
    "remedy": "Làm việc với cấp ủy",
    "owner": "Đ/c Oanh",
    "due_on": "2021-09-29",
}


def note(client, unit, **changes):
    return client.post(f"{HERE}/units/{unit}/remedies", data=WORDS | changes)


def test_causes_and_remedies_are_noted_changed_settled_and_opened_again(app, office, flagged):
    _first, second = flagged
    assert note(office, second).status_code == 303
    page = office.get(f"{HERE}/units/{second}").text
    assert "Ít phong trào" in page
    assert "29/09/2021" in page
    assert "quá hạn" in page
    with app.app_context():
        one = db.session.scalars(db.select(Remedy)).one().id
    there = f"{HERE}/remedies/{one}"
    assert office.get(there).status_code == 200
    assert office.post(there, data=WORDS | {"cause": "Nguyên nhân khác"}).status_code == 303
    assert office.post(f"{there}/closing", data={"revision": "2", "outcome": ""}).status_code == 422
    assert (
        office.post(f"{there}/closing", data={"revision": "2", "outcome": "Đã kết nạp 10 đồng chí"}).status_code == 303
    )
    assert "Đã kết nạp 10 đồng chí" in office.get(f"{HERE}/units/{second}").text
    assert "0 đang thực hiện, 1 đã xong" in office.get(f"{HERE}/flags").text
    assert office.post(f"{there}/closing", data={"revision": "3", "outcome": "Lại"}).status_code == 422
    for _ in range(2):
        assert office.post(f"{there}/closing/reversal").status_code == 303
    with app.app_context():
        entries = list(
            db.session.scalars(db.select(AuditEntry).where(AuditEntry.noun == "remedy").order_by(AuditEntry.id))
        )
        assert [entry.verb for entry in entries] == ["add", "change", "close", "reopen"]
        assert entries[1].detail["before"] == {"cause": "Ít phong trào"}
        assert db.session.get_one(Remedy, one).closed_at is None
    history = office.get(there).text.split('id="history"')[1]
    assert history.index("mở lại") < history.index("Đã kết nạp 10 đồng chí") < history.index("Ít phong trào")


def test_two_who_change_a_remedy_see_each_other(app, office, flagged):
    note(office, flagged[1])
    with app.app_context():
        one = db.session.scalars(db.select(Remedy)).one().id
    office.post(f"{HERE}/remedies/{one}", data=WORDS | {"owner": "Đ/c An"})
    answer = office.post(f"{HERE}/remedies/{one}", data=WORDS | {"owner": "Đ/c Bình"})
    assert answer.status_code == 422
    assert "Đ/c An" in answer.text.split('id="words"')[0]
    assert 'value="Đ/c Bình"' in answer.text
    assert office.post(f"{HERE}/remedies/{one}", data=WORDS | {"owner": "Đ/c Bình", "revision": "2"}).status_code == 303


@pytest.mark.parametrize(
    "changes",
    [{"cause": "", "remedy": " "}, {"flag": "none"}, {"due_on": "29/9"}, {"owner": "x" * 201}, {"revision": "x"}],
)
def test_a_wrong_remedy_is_told_and_kept(app, office, flagged, changes):
    answer = note(office, flagged[1], **changes)
    assert answer.status_code == 422
    assert ("Làm việc với cấp ủy" in answer.text) == ("remedy" not in changes)
    with app.app_context():
        assert db.session.query(Remedy).count() == 0


def test_the_same_remedy_sent_twice_is_one(app, office, flagged):
    note(office, flagged[1])
    assert note(office, flagged[1]).status_code == 303
    assert note(office, flagged[0]).status_code == 303
    with app.app_context():
        assert db.session.query(Remedy).count() == 2
        assert db.session.query(AuditEntry).filter_by(noun="remedy").count() == 2


def test_strange_remedies_and_units_are_not_found_and_others_do_not_write(office, staff, flagged):
    assert office.get(f"{HERE}/units/999").status_code == 404
    assert office.get(f"{HERE}/remedies/999").status_code == 404
    for path in ("/remedies/999", "/remedies/999/closing", "/remedies/999/closing/reversal", "/units/999/remedies"):
        assert office.post(HERE + path, data=WORDS | {"outcome": "x"}).status_code == 404, path
        assert staff("chung").post(HERE + path, data=WORDS).status_code == 403, path
    assert staff("chung").get(f"{HERE}/units/{flagged[1]}").status_code == 200


def test_the_report_names_units_thresholds_causes_and_gaps(office, flagged):
    note(office, flagged[1])
    answer = office.get(f"{HERE}/flags.docx?until=1")
    document = Document(BytesIO(answer.data))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert "do người dùng đặt" in text.casefold()
    assert "dưới 80 % tỷ lệ chung toàn tỉnh" in text
    assert "2/2 đơn vị" in text
    assert "Huyện Đoàn Thử Hai\n(1/1 bản)" in cells
    assert "Thành Đoàn Thử Một" not in str(cells)
    assert "Ít phong trào" in cells
    assert "…………" in cells, "what was not noted is a gap"
    printed = office.get(f"{HERE}/flags.pdf?until=1")
    pages = PdfReader(BytesIO(printed.data)).pages
    assert "Huyện Đoàn Thử Hai" in " ".join("".join(page.extract_text() for page in pages).split())


def test_the_report_of_nothing_says_so(app, office):
    with app.app_context():
        targeting.begin()
        db.session.commit()
    document = Document(BytesIO(office.get(f"{HERE}/flags.docx").data))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "Không có đơn vị nào chạm ngưỡng." in text
    assert "chưa đủ số liệu: Thành Đoàn Thử Một, Huyện Đoàn Thử Hai" in text
    assert " 0/9.000" not in text


def test_the_table_of_units_and_quarters_goes_out_as_excel(office, flagged):
    sheet = load_workbook(BytesIO(office.get(f"{HERE}/heat.xlsx?until=2").data)).active
    assert [cell.value for cell in sheet[1]][:4] == ["TT", "Đơn vị", "quý I/2021", "quý II/2021"]
    assert [cell.value for cell in sheet[2]] == [1, "Thành Đoàn Thử Một", 60, "…", 60, "…", "…"]
    assert [cell.value for cell in sheet[4]][2:5] == [70, "…", 70]
    assert [cell.value for cell in sheet[5]][2:4] == ["2/2", "0/2"]
    states = load_workbook(BytesIO(office.get(f"{HERE}/heat.xlsx?until=3&show=returns").data)).active
    assert [cell.value for cell in states[2]][2:] == ["đã nhận", "chưa gửi", "–"]
