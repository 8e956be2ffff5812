"""Shares of the units: typed or read from Excel, checked against the plan, blank is not zero, two who type see each other."""

import re
from datetime import date
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook

from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.sheets import read_here
from seminar.planning.models import Unit
from seminar.planning.queries import units_by_folded_name
from seminar.statistics.actions.targets import shares_of
from seminar.statistics.documents.shares import read_shares
from seminar.statistics.queries import targets as reads
from seminar.statistics.rules import read_count
from tests import cast
from tests.web import targeting
from tests.web.targeting import HERE

PAGE = f"{HERE}/shares"


@pytest.fixture
def plan(app):
    """(id of the first unit, of the second)"""
    with app.app_context():
        targeting.begin(introduced_count=100, admitted_count=50, last_year=2022)
        db.session.commit()
        return tuple(unit.id for unit in targeting.units())


def seen_on(page):
    return re.search(r'name="seen" value="(\w+)"', page)[1]


def fields(first, second, seen, **changes):
    values = {}
    for unit in (first, second):
        for year in (2021, 2022):
            values[f"share-{unit}-{year}-i"] = "25"
            values[f"share-{unit}-{year}-a"] = ""
    return values | {"seen": seen} | changes


def kept(app):
    with app.app_context():
        return shares_of(reads.target_plan_of(cast.find_seminar()))


def test_shares_are_kept_and_checked_against_the_plan(app, office, plan):
    first, second = plan
    seen = seen_on(office.get(PAGE).text)
    data = fields(first, second, seen) | {f"share-{first}-2021-a": "1.000", f"share-{second}-2022-a": "0"}
    assert office.post(PAGE, data=data).status_code == 303
    assert kept(app) == {
        (first, 2021): (25, 1000),
        (first, 2022): (25, None),
        (second, 2021): (25, None),
        (second, 2022): (25, 0),
    }
    page = office.get(PAGE).text
    assert "khớp" in page
    assert "vượt kế hoạch 950" in page
    assert "2 ô để trống" in page
    assert "Thành Đoàn Thử Một (2021)" in page, "more to admit than to introduce"


def test_a_blank_pair_is_no_share(app, office, plan):
    first, second = plan
    office.post(PAGE, data=fields(first, second, seen_on(office.get(PAGE).text)))
    data = fields(first, second, seen_on(office.get(PAGE).text)) | {f"share-{first}-2021-i": " "}
    assert office.post(PAGE, data=data).status_code == 303
    assert (first, 2021) not in kept(app)
    assert len(kept(app)) == 3


@pytest.mark.parametrize("wrong", ["-1", "1,5", "abc", "9" * 20])
def test_what_is_no_count_is_marked_and_nothing_is_kept(app, office, plan, wrong):
    first, second = plan
    data = fields(first, second, seen_on(office.get(PAGE).text)) | {f"share-{second}-2021-a": wrong}
    answer = office.post(PAGE, data=data)
    assert answer.status_code == 422
    assert f'value="{wrong}"' in answer.text
    assert answer.text.count('aria-invalid="true"') == 1
    assert kept(app) == {}


def test_a_field_that_was_not_on_the_page_stays_as_it_is(app, office, plan):
    first, second = plan
    office.post(PAGE, data=fields(first, second, seen_on(office.get(PAGE).text)))
    data = {"seen": seen_on(office.get(PAGE).text), f"share-{first}-2021-i": "30"}
    assert office.post(PAGE, data=data).status_code == 303
    assert [kept(app)[unit, year][0] for unit in plan for year in (2021, 2022)] == [30, 25, 25, 25]


def test_two_who_type_at_once_see_each_other(app, office, staff, plan):
    first, second = plan
    seen = seen_on(office.get(PAGE).text)
    assert office.post(PAGE, data=fields(first, second, seen)).status_code == 303
    mine = fields(first, second, seen) | {f"share-{first}-2021-i": "99"}
    answer = staff("oanh").post(PAGE, data=mine)
    assert answer.status_code == 422
    assert 'value="99"' in answer.text
    assert "đang lưu: 25" in answer.text
    assert kept(app)[first, 2021] == (25, None)
    assert office.post(PAGE, data=mine | {"seen": seen_on(answer.text)}).status_code == 303
    assert kept(app)[first, 2021] == (99, None)


def upload(client, content, name="chi-tieu.xlsx"):
    return client.post(f"{PAGE}/file", data={"file": (BytesIO(content), name)})


def saved(book):
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_the_file_of_the_page_comes_back_filled_in(app, office, plan):
    first, second = plan
    office.post(PAGE, data=fields(first, second, seen_on(office.get(PAGE).text)))
    book = load_workbook(BytesIO(office.get(f"{HERE}/shares.xlsx").data))
    sheet = book.active
    assert [cell.value for cell in sheet[1]] == [
        *("TT", "Đơn vị", "Giới thiệu 2021", "Kết nạp 2021", "Giới thiệu 2022", "Kết nạp 2022"),
    ]
    assert [cell.value for cell in sheet[2]] == [1, "Thành Đoàn Thử Một", 25, None, 25, None]
    sheet["D2"], sheet["C3"] = 12, "1.250"
    answer = upload(office, saved(book))
    assert answer.status_code == 200
    assert kept(app)[first, 2021] == (25, None), "nothing is kept before somebody pressed"
    assert "2 ô khác" in answer.text
    assert f'name="share-{second}-2021-i" value="1.250"' in answer.text
    values = dict(re.findall(r'name="(share-[\w-]+)" value="([^"]*)"', answer.text)) | {"seen": seen_on(answer.text)}
    assert office.post(PAGE, data=values).status_code == 303
    assert (kept(app)[first, 2021], kept(app)[second, 2021]) == ((25, 12), (1250, None))


def test_moved_columns_other_names_and_strange_rows_are_understood_or_told(app, plan):
    book = Workbook()
    sheet = book.active
    sheet.append(["CHỈ TIÊU GIAO"])
    sheet.append(["Kết nạp năm 2022", "Giới thiệu (2021)", "ĐƠN VỊ", "Ghi chú", "Giới thiệu 2030"])
    sheet.append([5, 7, "thanh doan thu mot", "x", 1])
    sheet.append([1, 1, "Huyện Đoàn Lạ"])
    sheet.append([2, 2, ""])
    sheet.append([3, 3, "Thành Đoàn Thử Một"])
    sheet.append([9, 9, "Tổng cộng"])
    with app.app_context():
        found = read_shares(read_here(saved(book)), [2021, 2022], units_by_folded_name())
    assert found.cells == {(plan[0], 2022, "a"): "5", (plan[0], 2021, "i"): "7"}
    assert [sorted(problem.values) for problem in found.problems] == [
        ["years"],
        ["name", "row"],
        ["row"],
        ["first", "name", "row"],
    ]


def test_a_fraction_of_excel_is_not_taken_for_thousands(app, office, plan):
    book = Workbook()
    book.active.append(["Đơn vị", "Giới thiệu 2021", "Kết nạp 2021"])
    book.active.append(["Thành Đoàn Thử Một", 1.234, "1.234"])
    with app.app_context():
        found = read_shares(read_here(saved(book)), [2021], units_by_folded_name())
    texts = [found.cells[plan[0], 2021, key] for key in ("i", "a")]
    assert texts == ["1,2340", "1.234"]
    assert read_count(texts[1]) == 1234
    with pytest.raises(Refused):
        read_count(texts[0])


def test_of_thousands_of_strange_rows_a_page_is_said_and_the_rest_counted(app, plan):
    book = Workbook()
    for row in (["Đơn vị", "Giới thiệu 2021"], *([f"Đơn vị lạ {number}", 1] for number in range(2_040))):
        book.active.append(row)
    with app.app_context():
        found = read_shares(read_here(saved(book)), [2021, 2022], units_by_folded_name())
    assert len(found.problems) == 41
    assert found.problems[-1].values == {"count": "2.000"}


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"PK\x03\x04 broken"])
def test_a_file_that_cannot_be_read_is_told(app, office, plan, content):
    assert upload(office, content).status_code == 422
    assert kept(app) == {}


def test_a_file_without_the_headings_is_told(office, plan):
    book = Workbook()
    book.active.append(["TT", "Tên"])
    answer = upload(office, saved(book))
    assert answer.status_code == 422
    assert "Giới thiệu 2021" in answer.text


def test_a_unit_that_is_no_more_keeps_its_share(app, office, plan):
    first, second = plan
    office.post(PAGE, data=fields(first, second, seen_on(office.get(PAGE).text)))
    with app.app_context():
        db.session.get_one(Unit, second).valid_to = date(2023, 1, 1)
        db.session.commit()
    assert "Huyện Đoàn Thử Hai" in office.get(PAGE).text


def shares_file(*rows):
    book = Workbook()
    for row in (["Đơn vị", "Giới thiệu 2021", "Kết nạp 2021"], *rows):
        book.active.append(row)
    return saved(book)


def values_of(page):
    return dict(re.findall(r'name="(share-[\w-]+)" value="([^"]*)"', page))


@pytest.mark.parametrize("button", ["", "/file"])
def test_a_chosen_file_is_read_whichever_button_is_pressed_and_what_was_typed_stays(app, office, plan, button):
    first, second = plan
    office.post(PAGE, data=fields(first, second, seen_on(office.get(PAGE).text)))
    content = shares_file(["Thành Đoàn Thử Một", 40, ""], ["Huyện Đoàn Thử Hai", 25, 9])
    typed = {
        f"share-{first}-2021-i": "30",
        f"share-{first}-2021-a": "7",
        f"share-{second}-2021-i": "26",
        f"share-{second}-2022-a": "3",
    }
    data = fields(first, second, seen_on(office.get(PAGE).text)) | typed
    answer = office.post(PAGE + button, data=data | {"file": (BytesIO(content), "chi-tieu.xlsx")})
    assert answer.status_code == 200
    assert {key: text for key, text in values_of(answer.text).items() if text != "25"} == {
        f"share-{first}-2021-i": "40",
        f"share-{first}-2021-a": "7",
        f"share-{first}-2022-a": "",
        f"share-{second}-2021-i": "26",
        f"share-{second}-2021-a": "9",
        f"share-{second}-2022-a": "3",
    }
    assert answer.text.count("đã gõ:") == 1, "only where the file says something else than what was typed"
    assert "đã gõ: 30" in answer.text
    assert kept(app)[first, 2021] == (25, None), "nothing is kept before somebody looked"
    office.post(PAGE, data=values_of(answer.text) | {"seen": seen_on(answer.text)})
    assert (kept(app)[first, 2021], kept(app)[second, 2022]) == ((40, 7), (25, 3))


@pytest.mark.parametrize("button", ["", "/file"])
def test_a_file_that_cannot_be_read_leaves_what_was_typed(app, office, plan, button):
    first, second = plan
    data = fields(first, second, seen_on(office.get(PAGE).text)) | {f"share-{first}-2021-i": "31"}
    answer = office.post(PAGE + button, data=data | {"file": (BytesIO(b"%PDF-1.7"), "chi-tieu.pdf")})
    assert answer.status_code == 422
    assert values_of(answer.text)[f"share-{first}-2021-i"] == "31"
    assert kept(app) == {}


def test_reading_without_a_file_says_so_and_leaves_what_was_typed(office, plan):
    first, second = plan
    data = fields(first, second, seen_on(office.get(PAGE).text)) | {f"share-{first}-2021-i": "31"}
    answer = office.post(f"{PAGE}/file", data=data)
    assert answer.status_code == 422
    assert "Mời chọn tệp Excel trước" in answer.text
    assert values_of(answer.text)[f"share-{first}-2021-i"] == "31"


def test_what_another_changed_meanwhile_is_seen_after_a_file_too(app, office, staff, plan):
    first, second = plan
    seen = seen_on(office.get(PAGE).text)
    staff("oanh").post(PAGE, data=fields(first, second, seen))
    content = shares_file(["Thành Đoàn Thử Một", 40, ""])
    data = {"seen": seen, "file": (BytesIO(content), "chi-tieu.xlsx")}
    answer = office.post(PAGE, data=data)
    assert office.post(PAGE, data=values_of(answer.text) | {"seen": seen_on(answer.text)}).status_code == 422
    assert kept(app)[first, 2021] == (25, None)


def test_a_number_written_another_way_is_no_change(office, plan):
    first, second = plan
    data = fields(first, second, seen_on(office.get(PAGE).text)) | {f"share-{first}-2021-i": "1250"}
    office.post(PAGE, data=data)
    assert "0 ô khác" in upload(office, shares_file(["Thành Đoàn Thử Một", 1250, ""])).text
