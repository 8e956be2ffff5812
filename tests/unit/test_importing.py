"""What is understood of lists as offices keep them; the three workbooks of the plan with every person right."""

import csv
import unicodedata
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from seminar.delegates.columns import field_of
from seminar.delegates.importing import (
    GroupFinder,
    GroupNames,
    birth_year,
    pack,
    split_emails,
    split_name,
    understand,
    unpack,
)
from seminar.lib import phones, sheets
from seminar.lib.errors import Refused
from seminar.lib.sheets import Book, Sheet
from seminar.lib.text import clean

DATA = Path(__file__).parents[1] / "data"
GROUPS = [
    GroupNames("CT2", "Đồng chủ trì", []),
    GroupNames("G1", "Thường trực Tỉnh ủy", []),
    GroupNames("T2", "Bí thư các Huyện, Thị, Thành đoàn và Đoàn trực thuộc", []),
    GroupNames("T3", "Bí thư Đoàn trường THPT", []),
    GroupNames("T4", "Cán bộ chuyên trách Đề án 03", ["chuyen trach de an 03"]),
    GroupNames("T5", "Đảng viên trẻ tiêu biểu", []),
    GroupNames("KHAC", "Chưa phân nhóm", []),
]
UNITS = {"thanh doan di an": (3, "Thành Đoàn Dĩ An"), "huyen doan phu giao": (9, "Huyện Đoàn Phú Giáo")}


def listed(*rows, merged=(), formulas=()):
    """What is understood of one sheet with these rows."""
    sheet = Sheet("Tờ 1", [list(row) for row in rows], list(merged), set(formulas))
    return understand(Book([sheet]), GROUPS, UNITS).rows


def people(rows):
    return [row.delegate.name for row in rows if row.delegate]


def workbook_rows(name):
    return [
        [cell.value for cell in row] for row in openpyxl.load_workbook(DATA / name).worksheets[0].iter_rows(min_row=1)
    ]


HEAD = ("STT", "Họ và tên", "Chức vụ", "Đơn vị", "Điện thoại", "Email")


def test_the_94_of_the_closed_list_are_each_read_as_they_stand():
    read = understand(sheets.read_here((DATA / "94-dang-vien-tre-tieu-bieu.xlsx").read_bytes()), GROUPS, UNITS)
    found = [row for row in read.rows if row.delegate]
    stand = workbook_rows("94-dang-vien-tre-tieu-bieu.xlsx")[6:]
    assert len(found) == len(stand) == 94
    for row, (_, name, born, sex, position, unit, phone, email, note) in zip(found, stand, strict=True):
        assert row.delegate.name == clean(name)
        assert (row.delegate.birth_year, row.delegate.gender) == (born, sex)
        assert (row.delegate.position, row.delegate.body) == (clean(position), clean(unit))
        assert row.delegate.phone == phones.domestic(str(phone))
        assert (row.delegate.email, row.delegate.note) == (email or "", note or "")
        assert (row.group, row.warnings, row.error) == ("", [], None)
        assert all(unicodedata.is_normalized("NFC", text) for text in (row.delegate.name, row.delegate.body))
    assert read.sheets[0].suggested == "T5"


def test_the_38_who_are_summoned_stand_under_their_groups():
    read = understand(sheets.read_here((DATA / "dai-bieu-trieu-tap.xlsx").read_bytes()), GROUPS, UNITS)
    found = [row for row in read.rows if row.delegate]
    stand = [row for row in workbook_rows("dai-bieu-trieu-tap.xlsx")[5:] if isinstance(row[0], int)]
    assert len(found) == len(stand) == 38
    for row, (_, name, position, unit, phone, email) in zip(found, stand, strict=True):
        given = row.delegate
        assert (given.name, given.position, given.body) == (name, position, unit)
        assert (given.phone, given.email) == (phones.domestic(phone), email or "")
    assert [row.group for row in found] == ["T2"] * 20 + ["T3"] * 9 + ["T4"] * 9
    assert [row.delegate.unit_id for row in found if "Dĩ An" in row.delegate.body] == [3, 3, 3]
    assert [(row.row, row.skipped.msgid) for row in read.rows if row.skipped] == [
        (1, "Above the list."),
        (2, "Above the list."),
        (3, "Above the list."),
        (5, "Headings."),
        (6, "Heading of the group “%(group)s”."),
        (28, "Heading of the group “%(group)s”."),
        (39, "Heading of the group “%(group)s”."),
        (50, "A total."),
        (1, "This sheet has no column of names."),
    ]


def test_the_19_guests_are_read_and_the_broken_row_is_reported():
    read = understand(sheets.read_here((DATA / "khach-moi.xlsx").read_bytes()), GROUPS, UNITS)
    found = [row for row in read.rows if row.delegate]
    stand = workbook_rows("khach-moi.xlsx")[1:20]
    assert len(found) == 19
    for row, (_, name, position, body, phone, email, mark) in zip(found, stand, strict=True):
        given = row.delegate
        assert f"{given.honorific} {given.name}".strip() == name.replace("Đ/c", "Đồng chí").replace(":", "")
        assert (given.position, given.body, given.email) == (position, body, email or "")
        numbers = [phones.domestic(one) for one in phone.split("/")]
        assert [number for number in (given.phone, given.phone_2) if number] == numbers
        assert row.further == (["CT2"] if mark else [])
    assert [row.row for row in found if row.derived["is_unnamed"]] == [7, 13, 19]
    (broken,) = [row for row in read.rows if row.error]
    assert broken.row == 21
    assert "formula" in broken.error.msgid


def test_what_was_read_survives_packing():
    read = understand(sheets.read_here((DATA / "khach-moi.xlsx").read_bytes()), GROUPS, UNITS)
    assert unpack(pack(read)) == read


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Họ và tên", "name"),
        ("HỌ TÊN", "name"),
        ("ho va ten", "name"),
        ("H ọ  v à  t ê n", "name"),
        ("Họ và tên đại biểu tham dự", "name"),
        ("Kính gửi", "name"),
        ("Họ đệm", "family"),
        ("Chức vụ, nghề nghiệp", "position"),
        ("Chức danh", "position"),
        ("Đơn vị công tác", "body"),
        ("Cơ quan", "body"),
        ("SĐT", "phone"),
        ("Số điện thoại liên hệ", "phone"),
        ("ĐTDĐ", "phone"),
        ("E-mail", "email"),
        ("Thư điện tử", "email"),
        ("Hòm thư công vụ", "email"),
        ("Nam/Nữ", "gender"),
        ("Ngày, tháng, năm sinh", "birth"),
        ("Thành phần", "group"),
        ("Ghi chú", "note"),
        ("ĐT liên lạc", "phone"),
        ("Liên hệ", "phone"),
        ("Địa chỉ liên hệ", ""),
        ("SN", "birth"),
        ("Trường", "body"),
        ("Ký tên", ""),
        ("Chữ ký", ""),
        ("Số CCCD", ""),
        ("", ""),
    ],
)
def test_a_heading_names_its_field(heading, field):
    assert field_of(heading) == field


@pytest.mark.parametrize(
    ("typed", "name", "honorific", "title"),
    [
        ("Đ/c Trần Thanh Châu", "Trần Thanh Châu", "Đồng chí", ""),
        ("đ/c: Trần Thanh Châu", "Trần Thanh Châu", "Đồng chí", ""),
        ("Đồng chí Trần Thanh Châu", "Trần Thanh Châu", "Đồng chí", ""),
        ("Ông/Bà: Huỳnh Minh Thắng", "Huỳnh Minh Thắng", "Ông/Bà", ""),
        ("Ông (bà) Huỳnh Minh Thắng", "Huỳnh Minh Thắng", "Ông/Bà", ""),
        ("Bà Nguyễn Thị Hoa", "Nguyễn Thị Hoa", "Bà", ""),
        ("Bà: Hoa", "Hoa", "Bà", ""),
        ("Ông Ích Khiêm", "Ông Ích Khiêm", "", ""),
        ("Anh Đào", "Anh Đào", "", ""),
        ("PGS.TS. Nguyễn Văn An", "Nguyễn Văn An", "", "PGS.TS."),
        ("Đ/c TS Lê Anh", "Lê Anh", "Đồng chí", "TS"),
        ("Đồng chí đại diện lãnh đạo", "Đồng chí đại diện lãnh đạo", "", ""),
        ("Đại diện Ban Giám hiệu", "Đại diện Ban Giám hiệu", "", ""),
        ("Đồng Chí", "Đồng Chí", "", ""),
        ("DƯƠNG PHƯƠNG DUYÊN", "DƯƠNG PHƯƠNG DUYÊN", "", ""),
    ],
)
def test_an_honorific_is_taken_off_the_name(typed, name, honorific, title):
    assert split_name(typed) == (name, honorific, title)


def test_addresses_beyond_the_first_and_what_is_none_are_kept_apart():
    assert split_emails("a@example.vn; b@example.vn") == ("a@example.vn", ["b@example.vn"])
    assert split_emails("khong-phai-email") == ("", ["khong-phai-email"])
    assert split_emails("chưa có; hỏi sau") == ("", ["chưa có; hỏi sau"])
    assert split_emails("") == ("", [])


@pytest.mark.parametrize(
    ("typed", "year"),
    [("1990", 1990), ("01/02/1990", 1990), ("32999", 1990), ("7-5-90", 1990), ("7-5-20", None), ("abc", None)],
)
def test_a_year_of_birth_is_found(typed, year):
    assert birth_year(typed) == year


@pytest.mark.parametrize(
    ("heading", "code"),
    [
        ("I. Bí thư các Huyện, Thị, Thành đoàn và Đoàn trực thuộc (20 đồng chí)", "T2"),
        ("2/ Bí thư Đoàn trường THPT:", "T3"),
        ("CHUYÊN TRÁCH ĐỀ ÁN 03", "T4"),
        ("94 đảng viên trẻ tiêu biểu được tuyên dương", "T5"),
        ("t5", "T5"),
        ("Bí thư", ""),
        ("Hội Liên hiệp Phụ nữ", ""),
    ],
)
def test_a_group_is_found_by_its_heading(heading, code):
    assert GroupFinder(GROUPS).find(heading) == code


def test_a_bad_telephone_and_e_mail_go_to_the_note_and_the_row_is_good():
    (row,) = [row for row in listed(HEAD, ("1", "Lê Văn A", "", "", "@so", "khong-phai-email")) if row.delegate]
    assert (row.delegate.phone, row.delegate.email) == ("", "")
    assert row.delegate.note == "SĐT: @so; E-mail: khong-phai-email"
    assert len(row.warnings) == 2


def test_a_row_without_a_name_is_an_error_that_knows_its_row():
    rows = listed(("Danh sách",), HEAD, ("1", "Lê Văn A", "", "", "", ""), ("2", "", "Bí thư", "Ban X", "", ""))
    (wrong,) = [row for row in rows if row.error]
    assert (wrong.row, wrong.error.msgid) == (4, "There is no name in this row. Type it, or delete the row.")


@pytest.mark.parametrize("name", ['=HYPERLINK("x")', "+84", "@so", "x", "12", "-Nguyễn", "A" * 201])
def test_what_is_no_name_is_an_error(name):
    (row,) = [row for row in listed(HEAD, ("1", name, "Bí thư", "", "", "")) if row.error]
    assert row.delegate is None


def test_a_computed_name_with_its_value_is_taken():
    assert people(listed(HEAD, ("1", "Lê Văn A", "", "", "", ""), formulas={(1, 1)})) == ["Lê Văn A"]


def test_only_a_number_is_a_prepared_row_and_no_delegate():
    rows = listed(HEAD, ("1", "Lê Văn A", "", "", "", ""), ("2", "", "", "", "", ""))
    assert [row.skipped.msgid for row in rows if row.skipped] == ["Headings.", "Only a number."]


def test_the_headings_may_come_again_on_each_printed_page():
    rows = listed(HEAD, ("1", "Lê Văn A", "", "", "", ""), HEAD, ("2", "Lê Văn B", "", "", "", ""))
    assert people(rows) == ["Lê Văn A", "Lê Văn B"]


def test_a_heading_may_hold_a_date():
    assert people(listed(("Họ và tên", "Đơn vị", "Ký nhận ngày 15/3/2024"), ("Lê Văn A", "Ban X", ""))) == ["Lê Văn A"]


def test_headings_over_two_rows_with_men_and_women_apart():
    rows = listed(
        ("TT", "Họ và tên", "", "Năm sinh", "", "Đơn vị"),
        ("", "", "", "Nam", "Nữ", ""),
        ("(1)", "(2)", "(3)", "(4)", "(5)", "(6)"),
        ("1", "Lê Văn", "A", "1990", "", "Ban X"),
        ("2", "Trần Thị", "B", "", "1991", "Ban Y"),
        merged=[(0, 0, 1, 0), (0, 1, 1, 2), (0, 3, 0, 4), (0, 5, 1, 5)],
    )
    given = [row.delegate for row in rows if row.delegate]
    assert [(one.name, one.gender, one.birth_year, one.body) for one in given] == [
        ("Lê Văn A", "Nam", 1990, "Ban X"),
        ("Trần Thị B", "Nữ", 1991, "Ban Y"),
    ]


def test_cells_merged_downwards_stand_for_each_row():
    rows = listed(
        HEAD,
        ("1", "Lê Văn A", "", "Thành đoàn Dĩ An", "", ""),
        ("2", "Lê Văn B", "", "", "", ""),
        merged=[(1, 3, 2, 3)],
    )
    assert [row.delegate.unit_id for row in rows if row.delegate] == [3, 3]


def test_a_heading_that_names_no_group_ends_the_group_above():
    rows = listed(
        HEAD,
        ("I. Bí thư Đoàn trường THPT", "", "", "", "", ""),
        ("1", "Lê Văn A", "", "", "", ""),
        ("II. Những người khác", "", "", "", "", ""),
        ("1", "Lê Văn B", "", "", "", ""),
    )
    assert [row.group for row in rows if row.delegate] == ["T3", ""]


def test_units_as_headings_within_a_group():
    rows = listed(
        HEAD,
        ("I", "Bí thư Đoàn trường THPT", "", "", "", ""),
        ("", "Thành đoàn Dĩ An", "", "", "", ""),
        ("1", "Lê Văn A", "", "", "", ""),
        ("", "Huyện Đoàn Phú Giáo", "", "", "", ""),
        ("2", "Lê Văn B", "", "", "", ""),
    )
    assert [(row.group, row.delegate.unit_id) for row in rows if row.delegate] == [("T3", 3), ("T3", 9)]


@pytest.mark.parametrize(
    "heading", ["* Đơn vị: Thành đoàn Dĩ An", "- Thành đoàn Dĩ An:", "1. Thành Đoàn Dĩ An (2 đ/c)"]
)
def test_a_unit_as_a_heading_may_have_a_bullet(heading):
    rows = listed(HEAD, (heading, "", "", "", "", ""), ("1", "Lê Văn A", "", "", "", ""))
    assert [(row.delegate.body, row.delegate.unit_id) for row in rows if row.delegate] == [("Thành Đoàn Dĩ An", 3)]


def test_totals_signatures_and_dates_below_are_no_delegates():
    rows = listed(
        HEAD,
        ("1", "Lê Văn A", "Bí thư", "", "", ""),
        ("", "Cộng: 1 đồng chí", "", "", "", ""),
        ("", "", "", "Bình Dương, ngày 01 tháng 3 năm 2024", "", ""),
        ("", "NGƯỜI LẬP BIỂU", "", "TM. BAN THƯỜNG VỤ", "", ""),
        ("", "Trần Thị B", "", "Phạm Văn C", "", ""),
    )
    assert people(rows) == ["Lê Văn A"]
    assert len([row for row in rows if row.skipped]) == 5


def test_a_total_that_disagrees_says_so():
    (_, _, total) = listed(HEAD, ("1", "Lê Văn A", "", "", "", ""), ("", "Tổng cộng: 2", "", "", "", ""))
    assert (total.skipped.values["said"], total.skipped.values["count"]) == (2, 1)


def test_a_section_may_follow_a_subtotal():
    rows = listed(
        HEAD,
        ("I. Bí thư Đoàn trường THPT", "", "", "", "", ""),
        ("1", "Lê Văn A", "", "", "", ""),
        ("", "Cộng: 1", "", "", "", ""),
        ("II. Cán bộ chuyên trách Đề án 03", "", "", "", "", ""),
        ("1", "Lê Văn B", "", "", "", ""),
    )
    assert [(row.delegate.name, row.group) for row in rows if row.delegate] == [("Lê Văn A", "T3"), ("Lê Văn B", "T4")]


def test_a_column_of_groups_and_one_of_marks():
    rows = listed(
        ("Họ và tên", "Thành phần", "Đồng chủ trì"),
        ("Lê Văn A", "Thường trực Tỉnh ủy", "X"),
        ("Lê Văn B", "không rõ", "chưa"),
    )
    first, second = [row for row in rows if row.delegate]
    assert (first.group, first.further, first.warnings) == ("G1", ["CT2"], [])
    assert (second.group, second.further, len(second.warnings)) == ("", [], 2)


def test_several_people_in_one_row_are_of_its_unit_and_their_groups():
    rows = listed(
        ("STT", "Đơn vị", "Bí thư Đoàn trường THPT", "", "Cán bộ chuyên trách Đề án 03", ""),
        ("", "", "Họ và tên", "SĐT", "Họ và tên", "SĐT"),
        ("1", "Thành đoàn Dĩ An", "Lê Văn A", "0912000021", "Lê Văn B", "0912000022"),
        ("2", "Huyện Đoàn Phú Giáo", "Lê Văn C", "0912000023", "", ""),
        merged=[(0, 2, 0, 3), (0, 4, 0, 5), (0, 0, 1, 0), (0, 1, 1, 1)],
    )
    assert [(row.delegate.name, row.delegate.unit_id, row.group) for row in rows if row.delegate] == [
        ("Lê Văn A", 3, "T3"),
        ("Lê Văn C", 9, "T3"),
        ("Lê Văn B", 3, "T4"),
    ]
    assert [row for row in rows if row.error] == []


def test_marks_below_one_heading_of_groups_name_them():
    rows = listed(
        ("Họ và tên", "Đơn vị", "Thành phần tham dự", "", ""),
        ("", "", "Bí thư Đoàn trường THPT", "Cán bộ chuyên trách Đề án 03", "Đồng chủ trì"),
        ("Lê Văn A", "Ban X", "x", "", ""),
        ("Lê Văn B", "Ban X", "", "X", "x"),
        merged=[(0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 4)],
    )
    assert [(row.group, row.further, row.warnings) for row in rows if row.delegate] == [
        ("T3", [], []),
        ("T4", ["CT2"], []),
    ]


def test_a_mark_that_names_no_group_is_said():
    sheet = Sheet(
        "", [["Họ và tên", "Thành phần", "Thành phần"], ["", "Nhóm lạ", "Đồng chủ trì"], ["Lê Văn A", "x", ""]]
    )
    sheet.merged = [(0, 0, 1, 0), (0, 1, 0, 2)]
    (found,) = understand(Book([sheet]), GROUPS, UNITS).sheets
    assert [note.values for note in found.notes] == [{"heading": "Thành phần Nhóm lạ"}]


@pytest.mark.parametrize("sign", ["nt", "-nt-", "n.t", "Như trên", '"', "”", "//", "-//-"])
def test_a_sign_for_as_above_is_what_stands_above(sign):
    first, second, third = [
        row
        for row in listed(
            HEAD,
            ("1", "Lê Văn A", "Bí thư", "Thành đoàn Dĩ An", "", ""),
            ("2", "Lê Văn B", "Phó Bí thư", sign, "", ""),
            ("3", "Lê Văn C", sign, sign, "", ""),
        )
        if row.delegate
    ]
    assert (first.delegate.unit_id, first.warnings) == (3, [])
    assert (second.delegate.position, second.delegate.unit_id) == ("Phó Bí thư", 3)
    assert (third.delegate.position, third.delegate.unit_id) == ("Phó Bí thư", 3)
    assert [warning.values for warning in third.warnings] == [{"texts": "Phó Bí thư; Thành đoàn Dĩ An"}]


def test_nobody_has_the_name_or_the_telephone_of_the_one_above():
    rows = listed(HEAD, ("1", "Lê Văn A", "Bí thư", "Ban X", "0912000021", ""), ("2", "-nt-", "nt", "nt", "", ""))
    assert people(rows) == ["Lê Văn A"]
    assert rows[2].error.msgid == "“%(name)s” is not a name. Type the whole name."


def test_a_number_of_people_is_no_name_but_one_of_a_body_is():
    rows = listed(
        HEAD, ("1", "Mời 02 đồng chí", "", "", "", ""), ("2", "01 đ/c đại diện lãnh đạo", "", "Ban X", "", "")
    )
    assert rows[1].error is not None
    assert people(rows) == ["đ/c đại diện lãnh đạo"]


def test_as_above_below_a_heading_or_nothing_is_an_error():
    rows = listed(
        HEAD,
        ("1", "Lê Văn A", "Bí thư", "nt", "", ""),
        ("2", "Lê Văn B", "Bí thư", "Thành đoàn Dĩ An", "", ""),
        ("I. Bí thư Đoàn trường THPT", "", "", "", "", ""),
        ("3", "Lê Văn C", "nt", "", "", ""),
    )
    assert [row.row for row in rows if row.error] == [2, 5]
    assert people(rows) == ["Lê Văn B"]


@pytest.mark.parametrize(
    "text",
    [
        "Tổng cộng danh sách có 06 đồng chí",
        "Tổng cộng: sáu đồng chí",
        "(Danh sách này có 06 đồng chí)",
        "Ấn định danh sách này gồm 6 người",
        "Ghi chú: đ/c A đi thay đ/c B",
    ],
)
def test_what_is_written_below_the_names_is_no_delegate(text):
    assert people(listed(HEAD, ("1", "Lê Văn A", "Bí thư", "", "", ""), ("", text, "", "", "", ""))) == ["Lê Văn A"]


@pytest.mark.parametrize("name", ["Chưa có", "(khuyết)", "Chưa cử", "Bổ sung sau", "Đang cập nhật"])
def test_a_place_without_a_person_is_an_error(name):
    (_, row) = listed(HEAD, ("1", name, "Bí thư", "Thành đoàn Dĩ An", "", ""))
    assert row.error.msgid == "“%(name)s”: nobody is named in this row yet."


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Đ/c Lê Văn Lợi; Đ/c Trần Thị Diễm", 2),
        ("Lê Văn Lợi, Trần Thị Diễm", 2),
        ("Lê Văn Lợi\nTrần Thị Diễm", 2),
        ("Lê Lợi và Trần Diễm", 2),
        ("Lê Văn Lợi, Hà Nội", 1),
        ("Lê Văn Lợi, Cao đẳng Việt Hàn", 1),
        ("Nguyễn Thị\nHồng Vân", 1),
    ],
)
def test_several_people_in_one_cell_are_an_error(cell, names):
    (_, row) = listed(HEAD, ("1", cell, "Bí thư", "", "", ""))
    assert (row.error is not None) == (names > 1)


def test_what_stands_behind_a_name_goes_where_it_belongs():
    first, second, third = [
        row.delegate
        for row in listed(
            HEAD,
            ("1", "Lê Văn A - 0912345639", "", "", "", ""),
            ("2", "Lê Thị Bé (thay đ/c Hùng)", "", "", "", ""),
            ("3", "Lê Văn Cảnh*", "", "", "0912345638 - canh@example.vn", ""),
        )
        if row.delegate
    ]
    assert (first.name, first.phone) == ("Lê Văn A", "0912345639")
    assert (second.name, second.note) == ("Lê Thị Bé", "thay đ/c Hùng")
    assert (third.name, third.phone, third.email) == ("Lê Văn Cảnh", "0912345638", "canh@example.vn")


def test_a_number_and_an_address_in_the_column_of_addresses_are_parted():
    (_, row) = listed(("Họ tên", "Đơn vị", "SĐT/Email"), ("Lê Văn A", "Ban X", "0912 345 638; a@example.vn"))
    assert (row.delegate.phone, row.delegate.email, row.warnings) == ("0912345638", "a@example.vn", [])


def test_a_list_of_names_alone_is_a_list():
    assert people(listed(("Họ và tên",), ("Lê Văn A",), ("Lê Văn B",))) == ["Lê Văn A", "Lê Văn B"]


def test_no_column_of_names_is_refused_with_what_to_do():
    with pytest.raises(Refused, match="No row of headings"):
        listed(("Mục", "Số tiền"), ("Bút", "12"))


def test_nothing_is_lost_every_filled_row_is_a_delegate_an_error_or_explained():
    for path in DATA.glob("*.xlsx"):
        book = sheets.read_here(path.read_bytes())
        filled = sum(any(cell.strip() for cell in row) for sheet in book.sheets for row in sheet.rows)
        rows = understand(book, GROUPS, UNITS).rows
        assert len(rows) == filled
        assert all(sum(map(bool, (row.delegate, row.error, row.skipped))) == 1 for row in rows)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1258"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_of_every_encoding_and_delimiter_reads_the_same(encoding, delimiter):
    text = delimiter.join(("Họ và tên", "Chức vụ", "Điện thoại")) + "\r\n"
    text += delimiter.join(("Đỗ Thị Ánh", '"Bí thư, ủy viên; khác"', "0912345678")) + "\r\n"
    if encoding == "cp1258":
        # As Windows writes it: shapes composed, tones apart.
        parts = []
        for character in text:
            tones = [
                mark for mark in unicodedata.normalize("NFD", character) if mark in "\u0300\u0301\u0303\u0309\u0323"
            ]
            bare = "".join(mark for mark in unicodedata.normalize("NFD", character) if mark not in tones)
            parts.append(unicodedata.normalize("NFC", bare) + "".join(tones))
        text = "".join(parts)
    book = sheets.read_here(text.encode(encoding))
    (row,) = [row for row in understand(book, GROUPS, UNITS).rows if row.delegate]
    assert (row.delegate.name, row.delegate.position) == ("Đỗ Thị Ánh", "Bí thư, ủy viên; khác")


DANGEROUS = ["=1+1", "+84 912", "-x", "@so", "\tx", "\rx"]


def test_a_csv_holds_no_formula_and_comes_back_as_it_was():
    content = sheets.comma_separated(["a", "b"], [[text, "x"] for text in DANGEROUS])
    cells = [row[0] for row in csv.reader(content.decode("utf-8-sig").splitlines()) if row]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)
    assert [row[0] for row in sheets.read_here(content).sheets[0].rows] == ["a", *DANGEROUS]


def test_a_workbook_holds_no_formula():
    content = sheets.workbook("Đại biểu", ["=a"], [[text] for text in DANGEROUS])
    cells = [row[0] for row in openpyxl.load_workbook(BytesIO(content)).worksheets[0].iter_rows()]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.value for cell in cells][1:5] == DANGEROUS[:4]


def test_control_characters_do_not_stop_a_workbook():
    content = sheets.workbook("a/b[c]", ["x"], [["a\x01b"], [None], [3]])
    assert sheets.read_here(content).sheets[0].rows == [["x"], ["ab"], [""], ["3"]]


def test_columns_have_letters():
    assert [sheets.column_letter(index) for index in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
