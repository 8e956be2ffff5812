"""The yearly sheet: resolutions of the Party committees, yes or no or not known (S2.12), members who dropped out (S2.4)."""

import re
from html import unescape
from io import BytesIO

import pytest
from docx import Document
from openpyxl import load_workbook

from seminar.lib.database import db
from seminar.statistics.documents import form_docx, sheet_workbook
from seminar.statistics.documents.form import filled_form
from seminar.statistics.models import Period, RulingKind, Sheet
from seminar.statistics.reading import read_sheet
from seminar.statistics.rules import read_definition
from seminar.statistics.rules.starters import YEARLY
from tests import cast
from tests.web import targeting
from tests.web.returning import add_period, units
from tests.web.targeting import HERE
from tests.web.test_consolidated import accept

PAGE = f"/seminars/{cast.SLUG}/statistics"


@pytest.fixture
def year(app):
    """(id of the period, of the first unit, which says yes, of the second, which says nothing of it)"""
    with app.app_context():
        targeting.begin()
        period = add_period(cast.find_seminar(), starter="yearly", name="năm 2021")
        first, second = units()
        accept(period, first, {"whole.resolution": "Có", "whole.resolutions": "7", "whole.dropped_out": "0"})
        accept(period, second, {"whole.dropped_out": "3"})
        db.session.commit()
        return period.id, first.id, second.id


def years_on(page):
    row = re.search(r"<tr data-year>(.*?)</tr>", page, re.S)[1]
    cells = re.findall(r"<td[^>]*>(.*?)</td>", row, re.S)
    return [" ".join(re.sub(r"<[^>]*>", " ", cell).split()) for cell in cells]


def test_without_the_sheet_the_page_says_how_to_ask_for_it(app, office, staff):
    with app.app_context():
        targeting.begin()
        db.session.commit()
    assert "Muốn theo dõi thì dùng biểu năm" in office.get(HERE).text
    assert "Muốn theo dõi" not in staff("chung").get(HERE).text
    assert office.post(f"{PAGE}/sheets", data={"code": YEARLY}).status_code == 303


def test_blank_is_neither_yes_nor_no(office, year):
    assert years_on(office.get(HERE).text) == ["1", "0", "1", "7 của 1/2 đơn vị", "3"]
    assert years_on(office.get(f"{HERE}/units/{year[1]}").text) == ["có", "7", "0"]
    assert years_on(office.get(f"{HERE}/units/{year[2]}").text) == ["chưa đủ số liệu", "chưa đủ số liệu", "3"]


def test_a_no_that_was_said_is_counted_as_one(app, office, year):
    with app.app_context():
        period, second = db.session.get_one(Period, year[0]), units()[1]
        accept(period, second, {"whole.resolution": "không", "whole.dropped_out": "3"}, reason="bổ sung")
        db.session.commit()
    assert years_on(office.get(HERE).text)[:3] == ["1", "1", "0"]


def test_the_figures_open_down_to_the_answers_of_the_units(office, year):
    page = office.get(HERE).text
    [address] = set(re.findall(r'href="([^"]*key=resolution)"', page))
    opened = office.get(unescape(address)).text
    assert re.search(r'id="value">1 có</span>', opened)
    assert re.findall(r'<td class="num">(có|không)</td>', opened) == ["có"]
    assert "Huyện Đoàn Thử Hai" in opened.split('id="lacking"')[1]


def test_the_province_prints_answers_and_counts_them(office, year):
    base = f"{PAGE}/periods/{year[0]}/table"
    document = Document(BytesIO(office.get(f"{base}.docx").data))
    rows = [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]
    assert next(row for row in rows if "Thành Đoàn Thử Một" in row)[2:] == ["có", "7", "0"]
    assert [row for row in rows if row[1] == "Huyện Đoàn Thử Hai"][0][2:] == ["…", "…", "3"]
    assert [row for row in rows if row[1].startswith("Toàn tỉnh")][0][2] == "1 có\n(1/2)"
    book = load_workbook(BytesIO(office.get(f"{base}.xlsx").data))
    assert [cell.value for cell in book["Theo đơn vị"][4]][3:] == ["có", 7, 0]
    assert ",có," in office.get(f"{base}.csv").data.decode("utf-8-sig")


def test_the_printed_report_says_how_many_say_yes_no_and_nothing(office, year):
    document = Document(BytesIO(office.get(f"{HERE}/flags.docx").data))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert (
        "“năm 2021”: chỉ tiêu kết nạp đảng viên mới có trong Nghị quyết năm của cấp ủy ở 1 đơn vị, không có ở 0" in text
    )
    assert "chưa có số liệu của 1 đơn vị; số nghị quyết: 7 (của 1/2 đơn vị); đảng viên bỏ sinh hoạt Đảng: 3." in text


@pytest.mark.parametrize(
    ("typed", "kept"), [("Có", 1), ("CO", 1), ("x", 1), ("1", 1), ("Không", 0), ("khong", 0), ("0", 0), (" ", None)]
)
def test_answers_are_read_as_people_write_them(app, typed, kept):
    with app.app_context():
        period = add_period(cast.find_seminar(), starter="yearly", name="năm 2021")
        accept(period, units()[0], {"whole.resolution": typed, "whole.resolutions": "1"})
        [one] = period.returns
        assert {cell.column: cell.value for cell in one.versions[0].cells}.get("resolution") == kept


def test_what_is_no_answer_is_told_and_kept_and_the_page_offers_the_two(app, office, year):
    entry = f"{PAGE}/periods/{year[0]}/units/{year[2]}/entry"
    page = office.get(f"{entry}?correct=1").text
    assert re.search(r'name="cell.whole.resolution" value="" list="yes-no"', page)
    assert '<option value="có">' in page
    form = {"revision": "0", "base": "{}", "remarks": "", "channel": "phone", "cell.whole.resolution": "12"}
    answer = office.post(f"{entry}/draft", data=form, follow_redirects=True)
    assert "không phải “có” hay “không”" in answer.text
    assert 'value="12"' in answer.text


def test_form_and_spreadsheet_say_yes_and_come_back_as_yes(app, year):
    with app.app_context():
        period = db.session.get_one(Period, year[0])
        definition = read_definition(period.sheet.definition)
        filled = filled_form(period, "Thành Đoàn Thử Một", {"whole.resolution": "x", "whole.resolutions": "7"})
        tables = Document(BytesIO(form_docx(filled, cast.NOW))).tables
        assert [cell.text for cell in tables[1].rows[1].cells][2:] == ["có", "7", ""]
        found = read_sheet(definition, sheet_workbook(filled, cast.NOW))
        assert found.cells == {"whole.resolution": "có", "whole.resolutions": "7"}


def test_a_later_version_shows_the_answer_that_changed(app, office, year):
    with app.app_context():
        period, first = db.session.get_one(Period, year[0]), units()[0]
        accept(period, first, {"whole.resolution": "không"}, ruled=RulingKind.RETURNED, reason="sửa")
        db.session.commit()
    page = office.get(f"{PAGE}/periods/{year[0]}/units/{year[1]}").text
    assert re.search(r"có → <span class=\"strong\">không</span>", page)


def test_an_own_sheet_may_ask_yes_or_no_and_keeps_it_when_it_is_saved(app, office):
    with app.app_context():
        sheet = add_period(cast.find_seminar(), starter="yearly", name="năm 2021").sheet
        db.session.commit()
        here = f"{PAGE}/sheets/{sheet.id}"
    page = office.get(here).text
    assert page.count('<option value="yes_no" selected>có hoặc không</option>') == 1
    form = page.split('class="body grid sheet-maker"')[1].split("</form>")[0]
    values = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', unescape(form)))
    for name, options in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.findall(r'value="([^"]*)" selected', options)
        values |= {name: chosen[0]} if chosen else {}
    areas = re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', unescape(form), re.S)
    assert office.post(here, data=values | dict(areas) | {"title": "Biểu năm"}).status_code == 303
    with app.app_context():
        [sheet] = db.session.scalars(db.select(Sheet)).all()
        assert (sheet.title, sheet.definition["columns"][0]["kind"]) == ("Biểu năm", "yes_no")
