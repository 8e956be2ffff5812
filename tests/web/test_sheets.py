"""Sheets and periods as the office handles them: begun, made on a page, changed, opened, closed, taken away; blank forms."""

import re
from datetime import date
from io import BytesIO

import openpyxl
import pytest
from docx import Document
from pypdf import PdfReader

from seminar.access.actor import Actor, ActorKind
from seminar.audit.models import AuditEntry
from seminar.documents.rules import settings_of
from seminar.lib.database import db
from seminar.planning.models import MilestoneRule
from seminar.reports.documents.annexes import data_form
from seminar.statistics.actions import keep_draft, send_return
from seminar.statistics.models import Period, Sheet, TargetPlan
from seminar.statistics.rules import read_definition
from seminar.statistics.rules.defining import definition_file, seen_of
from seminar.statistics.rules.starters import ANNEX, OFFICIAL, QUARTERLY, starters
from seminar.statistics.rules.typed import typed_sheet
from tests import cast
from tests.web import targeting
from tests.web.returning import add_period, cells, units

STATISTICS = f"/seminars/{cast.SLUG}/statistics"
HERE = f"{STATISTICS}/sheets"
PLAIN, HTMX = {}, {"HX-Request": "true", "HX-Request-Type": "full"}
UNIT = Actor(ActorKind.UNIT, "Thành Đoàn Thử Một", 1)
OWN = {
    "title": "Số chi đoàn",
    "layout-title": "BÁO CÁO",
    "layout-subject": "Số chi đoàn {years}",
    "layout-row_heading": "Năm",
    "column-0-label": "Số chi đoàn",
    "column-0-kind": "stock",
    "column-1-label": "Số chi đoàn mạnh",
    "column-1-kind": "stock",
    "row-0-label": "Năm 2023",
    "check-0-left": "2",
    "check-0-right": "1",
    "check-0-kind": "at_most",
    "check-0-level": "error",
}


@pytest.fixture
def asked(app):
    """(sheet id, period id) of the plan's form, open."""
    with app.app_context():
        period = add_period(cast.find_seminar())
        found = period.sheet_id, period.id
        db.session.commit()
    return found


def send(period_id):
    """The first unit sends the period's figures."""
    period, unit = db.session.get(Period, period_id), units()[0]
    draft = keep_draft(period, unit, cells(), UNIT, cast.NOW, 0)
    send_return(period, unit, UNIT, cast.NOW, draft.revision)
    db.session.commit()


def fields_of(sheet_id):
    """What the page of the sheet would send back unchanged."""
    definition = read_definition(db.session.get(Sheet, sheet_id).definition)
    typed = typed_sheet(definition)
    fields = {"seen": seen_of(definition), "title": typed.title, "note": typed.note}
    fields |= {f"layout-{name}": text for name, text in typed.layout.items()}
    for name in ("column", "row", "formula", "check"):
        for place, line in enumerate(getattr(typed, f"{name}s")):
            fields |= {f"{name}-{place}-{one}": text for one, text in line.items()}
    return fields


def sheets():
    return list(db.session.scalars(db.select(Sheet).order_by(Sheet.position)))


def deeds(kind):
    rows = db.session.scalars(db.select(AuditEntry).where(AuditEntry.noun == kind).order_by(AuditEntry.id))
    return [row.verb for row in rows]


@pytest.mark.parametrize("headers", [PLAIN, HTMX])
@pytest.mark.parametrize("code", [OFFICIAL, ANNEX, QUARTERLY])
def test_one_of_the_softwares_own_sheets_is_begun_and_once_only(app, office, code, headers):
    assert f'value="{code}"' in office.get(HERE).text
    answer = office.post(HERE, data={"code": code}, headers=headers)
    assert answer.status_code == 303
    assert office.post(HERE, data={"code": code}).status_code == 303
    with app.app_context():
        [sheet] = sheets()
        assert (sheet.code, sheet.periods, deeds("sheet")) == (code, [], ["add"])
        assert answer.location == f"{HERE}#sheet-{sheet.id}"
    page = office.get(HERE).text
    assert f'value="{code}"' not in page
    assert "Chưa có kỳ báo cáo" in page


def test_the_years_asked_are_the_three_before_the_seminar(app, office):
    with app.app_context():
        cast.find_seminar().held_on = date(2026, 5, 8)
        db.session.commit()
    office.post(HERE, data={"code": OFFICIAL})
    with app.app_context():
        assert [row["key"] for row in sheets()[0].definition["rows"]] == ["2023", "2024", "2025"]


def test_an_own_sheet_comes_as_a_file_and_leaves_as_one(app, office, asked):
    own = definition_file(starters()[ANNEX].model_copy(update={"code": "bieu-rieng", "title": "Biểu riêng"}))
    answer = office.post(HERE, data={"file": (BytesIO(own.encode()), "bieu.toml")})
    assert answer.status_code == 303
    with app.app_context():
        made = sheets()[-1]
        assert (made.code, made.title) == ("bieu-rieng", "Biểu riêng")
        address = f"{HERE}/{made.id}.toml"
    file = office.get(address)
    assert (file.data.decode(), file.headers["Content-Type"]) == (own, "application/toml; charset=utf-8")
    assert file.headers["Content-Disposition"] == 'attachment; filename="bieu-rieng.toml"'
    again = office.post(HERE, data={"file": (BytesIO(own.encode()), "bieu.toml")})
    assert again.status_code == 422
    assert "Đã có biểu với tên ngắn “bieu-rieng”" in again.text


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "Chọn tệp .toml của biểu."),
        ({"code": "la"}, "Không có biểu mẫu sẵn như vậy."),
        ({"file": (b"\x00\x01", "a.toml")}, "Tệp không phải TOML: mời xem lại dòng 1, ký tự thứ 1."),
        ({"file": (b"title = ", "a.toml")}, "Tệp không phải TOML, hoặc hỏng ở cuối tệp."),
        ({"file": (b"", "a.toml")}, "Tệp trống."),
        ({"file": (b'code = "a"', "a.toml")}, "Biểu: thiếu “tên biểu”."),
    ],
)
def test_what_is_no_sheet_is_said_and_nothing_is_begun(app, office, data, sentence):
    data = {name: (BytesIO(value[0]), value[1]) if name == "file" else value for name, value in data.items()}
    answer = office.post(HERE, data=data)
    assert answer.status_code == 422
    assert sentence in answer.text
    with app.app_context():
        assert sheets() == []


@pytest.mark.parametrize("headers", [PLAIN, HTMX])
def test_a_sheet_is_made_on_a_page_and_opened_without_code(app, office, headers):
    assert office.get(f"{HERE}/new").status_code == 200
    answer = office.post(f"{HERE}/new", data=OWN, headers=headers)
    assert answer.status_code == 303
    with app.app_context():
        [sheet] = sheets()
        assert sheet.code == "so-chi-doan"
        sheet_id = sheet.id
    assert answer.location == f"{HERE}/{sheet_id}"
    page = office.get(answer.location).text
    assert 'value="Số chi đoàn mạnh"' in page
    period = {"name": "năm 2023", "due_rule": "before", "due_on": "2024-02-10"}
    assert office.post(f"{HERE}/{sheet_id}/periods", data=period, headers=headers).status_code == 303
    page = office.get(HERE).text
    assert "09/02/2024" in page
    assert "ngày nghỉ: Tết Giáp Thìn" in page
    with app.app_context():
        period_id = sheets()[0].periods[0].id
    base = f"{STATISTICS}/periods/{period_id}"
    assert office.post(f"{base}/opening", headers=headers).status_code == 303
    form = Document(BytesIO(office.get(f"{base}/form.docx").data))
    assert [[cell.text for cell in row.cells] for row in form.tables[1].rows] == [
        ["TT", "Năm", "Số chi đoàn", "Số chi đoàn mạnh"],
        ["1", "Năm 2023", "", ""],
    ]


def test_a_wrong_sheet_stands_on_the_page_as_it_was_typed(app, office):
    wrong = OWN | {
        "column-1-label": "Số chi đoàn",
        "check-0-right": "9",
        "formula-0-label": "Tổng",
        "formula-0-of": "1+z",
    }
    answer = office.post(f"{HERE}/new", data=wrong)
    assert answer.status_code == 422
    assert "Công thức “Tổng”: “z” không phải số của cột" in answer.text
    assert "Kiểm tra: “9” không phải số của cột" in answer.text
    assert 'value="1+z"' in answer.text
    assert 'value="Số chi đoàn {years}"' not in answer.text
    assert "Số chi đoàn {years}</textarea>" in answer.text
    with app.app_context():
        assert sheets() == []
    assert office.post(f"{HERE}/new", data={}).status_code == 422


def test_a_unit_that_has_sent_is_not_counted_as_typing(app, office, asked):
    with app.app_context():
        send(asked[1])
    page = office.get(HERE).text
    assert ("1 đơn vị đã gửi" in page, "đang nhập" in page) == (True, False)


def test_the_words_of_a_sent_sheet_change_and_its_columns_do_not(app, office, asked):
    sheet_id, period_id = asked
    with app.app_context():
        send(period_id)
        fields = fields_of(sheet_id)
    address = f"{HERE}/{sheet_id}"
    page = office.get(address).text
    assert "đơn vị đã gửi: giữ nguyên cột và dòng" in page
    assert 'name="column-7-label"' not in page
    renamed = fields | {
        "column-5-heading": "Số TNCN được kết nạp Đảng",
        "column-6-heading": "Số TNCN được kết nạp Đảng",
    }
    assert office.post(address, data=renamed).status_code == 303
    with app.app_context():
        assert db.session.get(Sheet, sheet_id).definition["columns"][5]["heading"] == "Số TNCN được kết nạp Đảng"
        fields = fields_of(sheet_id)
    for changed in (
        {"column-0-kind": "flow"},
        {"column-7-label": "Cột mới", "column-7-kind": "flow"},
        {"row-0-year": "2020"},
        {"row-3-label": "Năm 2024"},
    ):
        answer = office.post(address, data=fields | changed)
        assert answer.status_code == 422, changed
        assert "Đã có đơn vị gửi biểu này" in answer.text
    with app.app_context():
        assert len(db.session.get(Sheet, sheet_id).definition["columns"]) == 7
        assert deeds("sheet") == ["change"]


def test_the_columns_behind_the_targets_stand_too(app, office):
    office.post(HERE, data={"code": QUARTERLY})
    with app.app_context():
        [sheet] = sheets()
        db.session.add(
            TargetPlan(
                seminar_id=sheet.seminar_id,
                sheet_id=sheet.id,
                title="Chỉ tiêu",
                first_year=2021,
                quarter_count=20,
                introduced_count=9000,
                admitted_count=5000,
                share_percent=70,
            )
        )
        db.session.commit()
        address, fields = f"{HERE}/{sheet.id}", fields_of(sheet.id)
    assert "phần chỉ tiêu tính theo biểu này" in office.get(address).text
    answer = office.post(address, data=fields | {"row-0-label": ""})
    assert answer.status_code == 422
    assert "Phần chỉ tiêu đang tính theo cột và dòng của biểu này" in answer.text
    assert office.post(address, data=fields | {"row-0-label": "Khu dân cư"}).status_code == 303
    assert "Phần chỉ tiêu đang tính theo biểu này nên không bỏ được." in office.post(f"{address}/removal").text


def test_columns_come_and_go_before_anything_was_typed_into_them(app, office, asked):
    sheet_id, period_id = asked
    address = f"{HERE}/{sheet_id}"
    with app.app_context():
        fields = fields_of(sheet_id)
    more = fields | {"column-7-label": "Số đảng viên mới", "column-7-kind": "flow", "column-7-place": "1"}
    assert office.post(address, data=more).status_code == 303
    with app.app_context():
        sheet = db.session.get(Sheet, sheet_id)
        assert [column["label"] for column in sheet.definition["columns"]][:2] == [
            "Tổng số đoàn viên",
            "Số đảng viên mới",
        ]
        keep_draft(db.session.get(Period, period_id), units()[0], {"2021.members": "về sau"}, UNIT, cast.NOW, 0)
        db.session.commit()
        fields = fields_of(sheet_id)
    assert "đơn vị đã bắt đầu nhập" in office.get(address).text
    kept = {name: text for name, text in fields.items() if not name.startswith(("formula", "check"))}
    assert office.post(address, data=kept | {"column-1-label": ""}).status_code == 303
    with app.app_context():
        fields = {name: text for name, text in fields_of(sheet_id).items() if not name.startswith(("formula", "check"))}
    answer = office.post(address, data=fields | {"column-0-label": ""})
    assert answer.status_code == 422
    assert "Đơn vị đã nhập vào phần định bỏ: 1 ô." in answer.text


def test_two_who_change_one_sheet_see_each_other(app, office, asked):
    address = f"{HERE}/{asked[0]}"
    with app.app_context():
        fields = fields_of(asked[0])
    assert office.post(address, data=fields | {"title": "Tên thứ nhất"}).status_code == 303
    answer = office.post(address, data=fields | {"title": "Tên thứ hai"})
    assert answer.status_code == 422
    assert "Trong lúc đó có người khác sửa biểu này." in answer.text
    assert 'value="Tên thứ hai"' in answer.text
    with app.app_context():
        assert db.session.get(Sheet, asked[0]).title == "Tên thứ nhất"


def test_a_sheet_is_removed_while_nobody_used_it(app, office, asked):
    sheet_id, period_id = asked
    with app.app_context():
        send(period_id)
    answer = office.post(f"{HERE}/{sheet_id}/removal")
    assert answer.status_code == 422
    assert "Đã có đơn vị nhập hoặc gửi số liệu theo biểu này" in answer.text
    office.post(f"{STATISTICS}/periods/{period_id}/removal")
    office.post(HERE, data={"code": ANNEX})
    with app.app_context():
        annex = sheets()[-1].id
        assert db.session.get(Period, period_id) is not None
    assert office.post(f"{HERE}/{annex}/removal").status_code == 303
    with app.app_context():
        assert [sheet.id for sheet in sheets()] == [sheet_id]
    assert office.post(f"{HERE}/{annex}/removal").status_code == 404


def test_a_period_is_opened_closed_and_opened_again_each_once(app, office, asked):
    period_id = asked[1]
    base = f"{STATISTICS}/periods/{period_id}"
    for verb, is_closed in (("closing", True), ("closing", True), ("opening", False), ("opening", False)):
        assert office.post(f"{base}/{verb}").location == f"{HERE}#sheet-{asked[0]}"
        with app.app_context():
            assert (db.session.get(Period, period_id).closed_at is not None) is is_closed
    with app.app_context():
        assert deeds("period") == ["close", "reopen"]


def test_a_period_that_was_never_opened_cannot_be_closed(app, office, asked):
    office.post(f"{HERE}/{asked[0]}/periods", data={"name": "giai đoạn sau", "due_rule": "until"})
    with app.app_context():
        later = db.session.scalars(db.select(Period.id).order_by(Period.id.desc())).first()
    page = office.post(f"{STATISTICS}/periods/{later}/closing", follow_redirects=True).text
    assert "Kỳ báo cáo này chưa mở nên không có gì để đóng." in page
    assert office.post(f"{STATISTICS}/periods/{later}/removal").status_code == 303
    with app.app_context():
        assert db.session.get(Period, later) is None


def test_the_deadline_is_the_plans_until_the_period_has_its_own(app, office, asked):
    base = f"{STATISTICS}/periods/{asked[1]}"
    page = office.get(f"{base}/terms").text
    assert "09/02/2024" in page
    assert "Tết Giáp Thìn" in page
    values = {"name": "giai đoạn 2021 - 2023", "due_rule": "until", "due_on": "2024-02-24", "as_of_on": "2023-12-31"}
    answer = office.post(f"{base}/terms", data=values, follow_redirects=True)
    assert "Ngày cuối của hạn là ngày nghỉ: Thứ Bảy." in answer.text
    assert "24/02/2024" in answer.text
    assert "số hiện có tính đến 31/12/2023" in answer.text
    with app.app_context():
        period = db.session.get(Period, asked[1])
        assert (period.due_on, period.due_rule) == (date(2024, 2, 24), MilestoneRule.UNTIL)
        entry = db.session.scalars(db.select(AuditEntry).where(AuditEntry.noun == "period")).one()
        assert entry.verb == "change"
    assert office.post(f"{base}/terms", data=values | {"due_on": ""}).status_code == 303
    assert "09/02/2024" in office.get(f"{base}/terms").text


@pytest.mark.parametrize(
    "values",
    [{}, {"name": " "}, {"name": "x", "due_on": "0001-01-01", "due_rule": "until"}, {"name": "x", "due_rule": "never"}],
)
def test_bad_days_and_names_are_kept_in_the_form(app, office, asked, values):
    assert office.post(f"{STATISTICS}/periods/{asked[1]}/terms", data=values).status_code == 422
    assert office.post(f"{HERE}/{asked[0]}/periods", data=values).status_code == 422
    with app.app_context():
        assert [period.name for period in sheets()[0].periods] == ["giai đoạn 2021 - 2023"]


def test_two_periods_of_a_sheet_have_two_names(app, office, asked):
    values = {"name": "giai đoạn 2021 - 2023", "due_rule": "until"}
    answer = office.post(f"{HERE}/{asked[0]}/periods", data=values)
    assert answer.status_code == 422
    assert "Biểu này đã có kỳ “giai đoạn 2021 - 2023”." in answer.text


def proposed(page, sheet_id):
    """(year, quarter) from which the page offers to open quarters."""
    year = re.search(rf'<input[^>]*id="year-{sheet_id}"[^>]*>', page)[0]
    quarter = re.search(rf'<select[^>]*id="quarter-{sheet_id}".*?<option selected value="(.)"', page, re.DOTALL)[1]
    return re.search(r'value="(\d+)"', year)[1], quarter


def test_quarters_are_offered_from_the_beginning_of_the_targets_or_of_the_year(app, office):
    office.post(HERE, data={"code": QUARTERLY})
    with app.app_context():
        sheet_id = sheets()[0].id
        assert proposed(office.get(HERE).text, sheet_id) == ("2024", "1"), "the year of the seminar"
        plan = targeting.begin(first_quarter=3)
        db.session.commit()
        assert plan.sheet_id == sheet_id
    assert proposed(office.get(HERE).text, sheet_id) == ("2021", "3")


def test_twenty_quarters_are_opened_in_one_go_and_twice_changes_nothing(app, office):
    office.post(HERE, data={"code": QUARTERLY})
    with app.app_context():
        sheet_id = sheets()[0].id
    values = {"year": "2021", "quarter": "1", "count": "20"}
    page = office.post(f"{HERE}/{sheet_id}/quarters", data=values, follow_redirects=True).text
    assert "Đã mở 20 quý." in page
    page = office.post(f"{HERE}/{sheet_id}/quarters", data=values, follow_redirects=True).text
    assert "Các quý này đã có sẵn" in page
    assert proposed(page, sheet_id) == ("2026", "1"), "behind those that are there"
    with app.app_context():
        periods = sheets()[0].periods
        assert len(periods) == 20
        assert [(one.name, one.as_of_on, one.due_on) for one in periods[:2]] == [
            ("quý I/2021", date(2021, 3, 31), date(2021, 4, 9)),
            ("quý II/2021", date(2021, 6, 30), date(2021, 7, 9)),
        ]
        assert (periods[-1].year, periods[-1].quarter, periods[-1].opened_by) == (2025, 4, "Trần Thị Oanh")
    earlier = {"year": "2020", "quarter": "3", "count": "3"}
    office.post(f"{HERE}/{sheet_id}/quarters", data=earlier)
    with app.app_context():
        assert [one.name for one in sheets()[0].periods][:3] == ["quý III/2020", "quý IV/2020", "quý I/2021"]
    for wrong in ({}, {"year": "2021", "quarter": "5", "count": "1"}, {"year": "21", "quarter": "1", "count": "0"}):
        assert office.post(f"{HERE}/{sheet_id}/quarters", data=wrong).status_code == 422


def test_the_blank_form_comes_as_pdf_word_and_excel(app, office, asked):
    base = f"{STATISTICS}/periods/{asked[1]}"
    pdf = office.get(f"{base}/form.pdf")
    assert pdf.content_type == "application/pdf"
    text = PdfReader(BytesIO(pdf.data)).pages[0].extract_text()
    assert "năm 2024" in text
    page = openpyxl.load_workbook(BytesIO(office.get(f"{base}/form.xlsx").data)).active
    assert "giai đoạn 2021 - 2023" in [cell.value for row in page.iter_rows() for cell in row]
    assert Document(BytesIO(office.get(f"{base}/form.docx").data)).tables[1].cell(2, 1).text == "Năm 2021"


def test_the_list_costs_the_same_for_one_period_and_for_twenty(app, office, query_count):
    office.post(HERE, data={"code": QUARTERLY})
    with app.app_context():
        sheet_id = sheets()[0].id
    office.post(f"{HERE}/{sheet_id}/quarters", data={"year": "2021", "quarter": "1", "count": "1"})
    office.get(HERE)
    one = query_count(lambda: office.get(HERE))
    office.post(f"{HERE}/{sheet_id}/quarters", data={"year": "2021", "quarter": "1", "count": "20"})
    assert query_count(lambda: office.get(HERE)) == one


@pytest.mark.parametrize("login", ["chung", "thu"])
def test_readers_read_and_change_nothing(app, staff, asked, login):
    reader = staff(login)
    page = reader.get(HERE).text
    assert "Lập biểu" not in page
    assert reader.get(f"{HERE}/{asked[0]}").status_code == 200
    assert 'name="column-0-label"' not in reader.get(f"{HERE}/{asked[0]}").text
    assert reader.get(f"{STATISTICS}/periods/{asked[1]}/terms").status_code == 200
    assert reader.get(f"{STATISTICS}/periods/{asked[1]}/form.pdf").status_code == 200
    assert reader.get(f"{HERE}/new").status_code == 403
    for address in (
        HERE,
        f"{HERE}/new",
        f"{HERE}/{asked[0]}",
        f"{HERE}/{asked[0]}/removal",
        f"{HERE}/{asked[0]}/periods",
        f"{HERE}/{asked[0]}/quarters",
        *(f"{STATISTICS}/periods/{asked[1]}/{verb}" for verb in ("terms", "opening", "closing", "removal")),
    ):
        assert reader.post(address, data={"code": ANNEX}).status_code == 403


@pytest.mark.parametrize("login", ["tam", "vinh"])
def test_the_door_and_the_reviewers_have_no_business_there(staff, asked, login):
    for address in (HERE, f"{HERE}/{asked[0]}", f"{HERE}/{asked[0]}.toml", f"{STATISTICS}/periods/{asked[1]}/form.pdf"):
        assert staff(login).get(address).status_code == 403


def test_a_row_of_another_seminar_or_none_is_not_found(app, office, asked):
    with app.app_context():
        cast.add_seminar("toa-dam-khac")
        db.session.commit()
    elsewhere = "/seminars/toa-dam-khac/statistics"
    for address in (
        f"{elsewhere}/sheets/{asked[0]}",
        f"{elsewhere}/sheets/{asked[0]}.toml",
        f"{elsewhere}/periods/{asked[1]}/terms",
        f"{elsewhere}/periods/{asked[1]}/form.pdf",
        f"{HERE}/99999",
        f"{STATISTICS}/periods/99999/form.xlsx",
    ):
        assert office.get(address).status_code == 404
    for address in (f"{elsewhere}/sheets/{asked[0]}/removal", f"{elsewhere}/periods/{asked[1]}/closing"):
        assert office.post(address).status_code == 404
    assert office.get(f"{HERE}/{asked[0]}/quarters").status_code == 405


def test_a_new_seminar_asks_for_the_plans_form_at_once(app, office):
    office.post("/seminars/new", data={"title": "Tọa đàm 2026", "slug": "toa-dam-2026", "held_on": "2026-05-08"})
    with app.app_context():
        [sheet] = db.session.scalars(db.select(Sheet).where(Sheet.seminar_id == cast.find_seminar("toa-dam-2026").id))
        assert sheet.code == OFFICIAL
        [period] = sheet.periods
        assert (period.name, period.due_on, period.opened_by) == ("giai đoạn 2023 - 2025", None, "Trần Thị Oanh")
    again = office.post("/seminars/new", data={"title": "Khác", "slug": "toa-dam-2026"})
    assert again.status_code == 422
    with app.app_context():
        assert len(sheets()) == 1


def test_a_seminar_like_an_earlier_one_asks_for_its_sheets(app, office, asked):
    office.post(f"{HERE}/new", data=OWN)
    values = {"title": "Tọa đàm 2027", "slug": "toa-dam-2027", "held_on": "2027-05-08", "like": cast.SLUG}
    office.post("/seminars/new", data=values)
    with app.app_context():
        made = db.session.scalars(
            db.select(Sheet).where(Sheet.seminar_id == cast.find_seminar("toa-dam-2027").id).order_by(Sheet.position)
        ).all()
        assert [(sheet.code, [one.name for one in sheet.periods]) for sheet in made] == [
            (OFFICIAL, ["giai đoạn 2024 - 2026"]),
            ("so-chi-doan", []),
        ]


def test_the_form_attached_to_a_letter_is_the_sheet_as_it_is_asked_for(app, office):
    with app.app_context():
        seminar = cast.find_seminar()
        annex = data_form(settings_of(seminar.settings), seminar)
        assert annex.subject.endswith("giai đoạn 2021 - 2023")
        assert [row[1] for row in annex.blocks[0].rows] == ["Năm 2021", "Năm 2022", "Năm 2023"]
        add_period(seminar)
        sheets()[0].definition = (
            starters()[OFFICIAL].model_copy(update={"rows": starters()[ANNEX].rows[:1]}).model_dump(mode="json")
        )
        db.session.commit()
        annex = data_form(settings_of(seminar.settings), seminar)
        assert [row[1] for row in annex.blocks[0].rows] == ["Năm 2021"]
