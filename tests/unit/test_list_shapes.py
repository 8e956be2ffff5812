"""Lists as they come, uglier than the three of the plan; all people are invented (minh họa)."""

import unicodedata
from datetime import datetime
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Font

from seminar.delegates.importing import GroupNames, Options, SheetOptions, understand
from seminar.lib import sheets
from seminar.lib.errors import Refused
from seminar.lib.legacy import Legacy, encode

GROUPS = [
    GroupNames("G1", "Thường trực Tỉnh ủy", []),
    GroupNames("T2", "Bí thư các Huyện, Thị, Thành đoàn và Đoàn trực thuộc", []),
    GroupNames("T3", "Bí thư Đoàn trường THPT", []),
    GroupNames("T5", "Đảng viên trẻ tiêu biểu", []),
    GroupNames("KHAC", "Chưa phân nhóm", []),
]
UNITS = {
    "thanh doan thu dau mot": (1, "Thành Đoàn Thủ Dầu Một"),
    "thanh doan di an": (3, "Thành Đoàn Dĩ An"),
    "huyen doan bau bang": (6, "Huyện Đoàn Bàu Bàng"),
    "huyen doan dau tieng": (8, "Huyện Đoàn Dầu Tiếng"),
    "huyen doan phu giao": (9, "Huyện Đoàn Phú Giáo"),
    "doan truong dai hoc thu dau mot": (12, "Đoàn trường Đại học Thủ Dầu Một"),
}


def saved(book):
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def book_of(*rows, merged=(), name="Danh sách", font=None):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = name
    for row in rows:
        sheet.append(list(row))
    for cells in merged:
        sheet.merge_cells(cells)
    if font:
        for row in sheet.iter_rows():
            for cell in row:
                cell.font = Font(name=font)
    return book


def read(content, options=None):
    if not isinstance(content, bytes):
        content = saved(content)
    return understand(sheets.read_here(content), GROUPS, UNITS, options)


def people(found):
    return [row.delegate for row in found.rows if row.delegate]


def names(found):
    return [one.name for one in people(found)]


def errors(found):
    return [row for row in found.rows if row.error]


def skipped(found):
    return [row.skipped.msgid for row in found.rows if row.skipped]


HEAD = ["STT", "Họ và tên", "Chức vụ", "Đơn vị", "Điện thoại"]


def test_headings_in_row_nine_below_letterhead_and_merged_title():
    found = read(
        book_of(
            ["TỈNH ĐOÀN BÌNH DƯƠNG", None, None, "ĐOÀN TNCS HỒ CHÍ MINH"],
            ["BAN TỔ CHỨC", None, None, "Bình Dương, ngày 05 tháng 3 năm 2024"],
            [],
            ["DANH SÁCH"],
            ["Đại biểu dự tọa đàm (minh họa)"],
            [],
            ["Đơn vị tính: người"],
            [],
            HEAD,
            [1, "Lê Văn An", "Bí thư", "Thành đoàn Dĩ An", "0912 345 678"],
            merged=["A4:E4", "A5:E5"],
        )
    )
    assert names(found) == ["Lê Văn An"]
    assert (found.sheets[0].heading_row, people(found)[0].unit_id) == (9, 3)


def test_two_heading_rows_with_the_name_merged_over_its_parts():
    found = read(
        book_of(
            ["TT", "Họ và tên", None, "Ngày sinh", None, "Đơn vị"],
            [None, "Họ đệm", "Tên", "Nam", "Nữ", None],
            [1, "Lê Văn", "An", datetime(1990, 5, 2), None, "Thành Đoàn Dĩ An"],
            [2, "Trần Thị", "Bình", None, "12/8/1995", "Huyện Đoàn Phú Giáo"],
            merged=["A1:A2", "B1:C1", "D1:E1", "F1:F2"],
        )
    )
    assert [(one.name, one.gender, one.birth_year) for one in people(found)] == [
        ("Lê Văn An", "Nam", 1990),
        ("Trần Thị Bình", "Nữ", 1995),
    ]


def test_two_heading_rows_of_which_nothing_is_merged():
    found = read(
        book_of(
            ["STT", "Họ và tên", None, "Năm sinh", None, "Chức vụ"],
            [None, "Họ đệm", "Tên", "Nam", "Nữ", None],
            [1, "Lê Văn", "An", 1990, None, "Bí thư"],
            [2, "Trần Thị", "Bình", None, 1995, "Phó Bí thư"],
        )
    )
    assert [(one.name, one.gender, one.birth_year, one.position) for one in people(found)] == [
        ("Lê Văn An", "Nam", 1990, "Bí thư"),
        ("Trần Thị Bình", "Nữ", 1995, "Phó Bí thư"),
    ]


@pytest.mark.parametrize(
    ("above", "left", "right"),
    [
        ("Chức vụ, đơn vị công tác", "Chức vụ", "Đơn vị"),
        ("Nơi công tác", "Chức danh", "Cơ quan"),
        ("Đơn vị", "Tên", "Số"),
    ],
)
def test_a_heading_over_two_columns_is_told_apart_by_what_stands_below(above, left, right):
    found = read(
        book_of(
            ["TT", "Họ và tên", above, None],
            [None, None, left, right],
            [1, "Nguyễn Văn Mẫu", "Bí thư" if left != "Tên" else "Huyện đoàn Bàu Bàng", "Huyện đoàn Bàu Bàng"],
            merged=["A1:A2", "B1:B2", "C1:D1"],
        )
    )
    [row] = people(found)
    assert row.name == "Nguyễn Văn Mẫu"
    assert (row.position, row.unit_id) == (("Bí thư", 6) if left != "Tên" else ("", None))
    assert row.body.startswith("Huyện đoàn Bàu Bàng")


def test_headings_without_accents():
    found = read(
        book_of(
            ["stt", "ho ten", "chuc vu", "don vi cong tac", "sdt", "thu dien tu", "ghi chu"],
            [1, "Lê Văn An", "Bí thư", "Thành Đoàn Dĩ An", "0912345678", "an@example.vn", "minh họa"],
        )
    )
    (one,) = people(found)
    assert (one.name, one.unit_id, one.phone, one.email, one.note) == (
        "Lê Văn An",
        3,
        "0912345678",
        "an@example.vn",
        "minh họa",
    )


def test_a_name_over_three_columns_under_one_merged_heading():
    found = read(
        book_of(
            ["STT", "HỌ VÀ TÊN", None, None, "ĐƠN VỊ"],
            [1, "Lê", "Văn", "An", "Ban X"],
            [2, "Trần", "Thị Thu", "Bình", "Ban Y"],
            merged=["B1:D1"],
        )
    )
    assert names(found) == ["Lê Văn An", "Trần Thị Thu Bình"]


def test_a_name_over_three_columns_whose_heading_stands_over_the_first_only():
    found = read(
        book_of(
            ["STT", "HỌ VÀ TÊN", None, None, "ĐƠN VỊ"],
            [1, "Lê", "Văn", "An", "Ban X"],
            [2, "Trần", "Thị Thu", "Bình", "Ban Y"],
            [3, "Phạm", None, "Châu", "Ban Y"],
            [4, "Đỗ", "Đức", "Ấn", "Ban Y"],
        )
    )
    assert names(found) == ["Lê Văn An", "Trần Thị Thu Bình", "Phạm Châu", "Đỗ Đức Ấn"]


def test_a_column_without_a_heading_that_holds_something_else_is_no_part_of_the_name():
    found = read(book_of(["Họ và tên", None, "Chức vụ"], ["Lê Văn An", "x", "Bí thư"], ["Lê Văn Bé", "x", "Bí thư"]))
    assert names(found) == ["Lê Văn An", "Lê Văn Bé"]


@pytest.mark.parametrize("position", ["Bí thư", "BÍ THƯ", "Chủ Tịch", "Nam"])
def test_a_position_without_a_heading_is_no_part_of_the_name(position):
    rows = [["Lê An", position, "Ban X"], ["Trần Thị Bình", position, "Ban Y"]]
    assert names(read(book_of(["Họ và tên", None, "Đơn vị"], *rows))) == ["Lê An", "Trần Thị Bình"]


def test_groups_as_unmerged_headings_with_roman_numbers():
    found = read(
        book_of(
            HEAD,
            ["I", "Thường trực Tỉnh ủy"],
            [1, "Lê Văn An", "Bí thư", "Tỉnh ủy", None],
            ["II", "Bí thư Đoàn trường THPT"],
            [1, "Trần Thị Bình", "Bí thư", "Trường THPT A (minh họa)", None],
        )
    )
    assert [(row.delegate.name, row.group) for row in found.rows if row.delegate] == [
        ("Lê Văn An", "G1"),
        ("Trần Thị Bình", "T3"),
    ]


def test_units_as_numbered_headings():
    found = read(
        book_of(
            ["STT", "Họ và tên", "Chức vụ", "Điện thoại"],
            ["1. Huyện Đoàn Phú Giáo"],
            [1, "Lê Văn An", "Bí thư", None],
            ["2. Huyện Đoàn Bàu Bàng (01 đồng chí)"],
            [1, "Trần Thị Bình", "Bí thư", None],
            [None, "3. Thành Đoàn Dĩ An:"],
            [1, "Phạm Văn Châu", "Bí thư", None],
        )
    )
    assert [(one.name, one.unit_id) for one in people(found)] == [
        ("Lê Văn An", 9),
        ("Trần Thị Bình", 6),
        ("Phạm Văn Châu", 3),
    ]


def test_totals_footers_and_signatures_are_told_and_skipped():
    found = read(
        book_of(
            HEAD,
            [1, "Lê Văn An", "Bí thư", "Ban X", None],
            [2, "Trần Thị Bình", "Bí thư", "Ban X", None],
            [None, "Tổng cộng: 02 đồng chí"],
            [],
            [None, None, None, "Bình Dương, ngày 05 tháng 3 năm 2024"],
            [None, "NGƯỜI LẬP BIỂU", None, "TM. BAN THƯỜNG VỤ"],
            [None, None, None, "BÍ THƯ"],
            [None, "Phạm Văn Châu", None, "Đỗ Thị Dung"],
        )
    )
    assert names(found) == ["Lê Văn An", "Trần Thị Bình"]
    assert errors(found) == []


def test_one_sheet_for_each_unit_gives_the_unit_by_its_name():
    book = book_of(["STT", "Họ và tên", "Chức vụ"], [1, "Lê Văn An", "Bí thư"], name="Huyện Đoàn Phú Giáo")
    other = book.create_sheet("TĐ Dĩ An")
    for row in (["STT", "Họ và tên", "Chức vụ"], [1, "Trần Thị Bình", "Bí thư"]):
        other.append(row)
    found = read(book)
    assert [one.unit_id for one in people(found)] == [9, None]
    assert found.sheets[0].notes[0].msgid.startswith("The sheet's name is taken")
    assert [(one.text, one.unit_id) for one in found.unknown_units] == [("TĐ Dĩ An", 3)]
    told = read(book, Options(units={"td di an": 3}))
    assert [one.unit_id for one in people(told)] == [9, 3]


def test_the_unit_of_all_may_stand_above_the_list():
    found = read(
        book_of(["Đơn vị: Huyện Đoàn Dầu Tiếng"], [], ["STT", "Họ và tên", "Chức vụ"], [1, "Lê Văn An", "Bí thư"])
    )
    assert people(found)[0].unit_id == 8


def test_the_letterhead_of_one_unit_gives_the_unit_of_all_its_rows_and_says_so():
    list_ = (["STT", "Họ và tên", "Chức vụ"], [1, "Lê Văn An", "Bí thư"])
    found = read(book_of(["TỈNH ĐOÀN THỬ"], ["HUYỆN ĐOÀN PHÚ GIÁO"], ["DANH SÁCH"], *list_))
    assert people(found)[0].unit_id == 9
    assert found.sheets[0].notes[0].values == {"unit": "Huyện Đoàn Phú Giáo"}
    several = read(book_of(["HUYỆN ĐOÀN PHÚ GIÁO"], ["HUYỆN ĐOÀN BÀU BÀNG"], *list_))
    assert people(several)[0].unit_id is None
    like = read(book_of(["BCH ĐOÀN HUYỆN PHÚ GIÁO"], *list_))
    assert people(like)[0].unit_id is None
    assert [(one.text, one.unit_id) for one in like.unknown_units] == [("BCH ĐOÀN HUYỆN PHÚ GIÁO", 9)]
    told = read(book_of(["BCH ĐOÀN HUYỆN PHÚ GIÁO"], *list_), Options(units={"bch doan huyen phu giao": 9}))
    assert people(told)[0].unit_id == 9


def test_two_lists_side_by_side_are_read_one_after_the_other():
    found = read(
        book_of(
            ["STT", "Họ và tên", "Đơn vị", None, "STT", "Họ và tên", "Đơn vị"],
            [1, "Lê Văn An", "Ban X", None, 3, "Phạm Văn Châu", "Ban Y"],
            [2, "Trần Thị Bình", "Ban X", None, 4, "Đỗ Thị Dung", "Thành Đoàn Dĩ An"],
            [None, None, None, None, 5, "Võ Văn Em", "Ban Z"],
        )
    )
    assert [(one.name, one.body) for one in people(found)] == [
        ("Lê Văn An", "Ban X"),
        ("Trần Thị Bình", "Ban X"),
        ("Phạm Văn Châu", "Ban Y"),
        ("Đỗ Thị Dung", "Thành Đoàn Dĩ An"),
        ("Võ Văn Em", "Ban Z"),
    ]
    assert len({row.key for row in found.rows if row.delegate}) == 5


def test_a_second_column_of_names_is_not_joined_to_the_first():
    found = read(book_of(["Họ và tên", "Full name", "Chức vụ"], ["Lê Văn An", "Le Van An", "Bí thư"]))
    assert names(found) == ["Lê Văn An"]


def test_hidden_rows_and_columns_are_read_and_told_a_hidden_sheet_is_not():
    book = book_of(
        HEAD, [1, "Lê Văn An", "Bí thư", "Ban X", "0912345678"], [2, "Trần Thị Bình", "Bí thư", "Ban X", None]
    )
    book.active.row_dimensions[3].hidden = True
    book.active.column_dimensions["E"].hidden = True
    book.create_sheet("Nháp").sheet_state = "hidden"
    found = read(book)
    assert names(found) == ["Lê Văn An", "Trần Thị Bình"]
    assert people(found)[0].phone == "0912345678"
    assert [note.values for note in found.sheets[0].notes] == [{"count": 1}, {"letters": "E"}]
    assert [row.warnings[0].msgid for row in found.rows if row.delegate and row.warnings] == [
        "This row is hidden in the file."
    ]
    assert found.hidden == ["Nháp"]


def test_rows_that_a_filter_hid_are_read_and_told():
    book = book_of(HEAD, [1, "Lê Văn An", "Bí thư", "Ban X", None], [2, "Trần Thị Bình", "Bí thư", "Ban Y", None])
    book.active.auto_filter.ref = "A1:E3"
    book.active.auto_filter.add_filter_column(3, ["Ban X"])
    book.active.row_dimensions[3].hidden = True
    assert names(read(book)) == ["Lê Văn An", "Trần Thị Bình"]


@pytest.mark.parametrize(
    ("cell", "phone", "phone_2"),
    [
        (912345678, "0912345678", ""),
        (912345678.0, "0912345678", ""),
        ("912.345.678", "0912345678", ""),
        ("+84 912 345 678", "0912345678", ""),
        ("ĐT: 0912345678", "0912345678", ""),
        ("0912345678 (Zalo)", "0912345678", ""),
        ("DĐ 0912.345.678", "0912345678", ""),
        ("0912345678 - 02743932967", "0912345678", "02743932967"),
        ("'0912345678", "0912345678", ""),
        ("0912345678/0987654321", "0912345678", "0987654321"),
    ],
)
def test_a_telephone_as_number_or_with_words_around(cell, phone, phone_2):
    found = read(book_of(HEAD, [1, "Lê Văn An", "Bí thư", "Ban X", cell]))
    (one,) = people(found)
    assert (one.phone, one.phone_2) == (phone, phone_2)


@pytest.mark.parametrize("cell", [datetime(1990, 1, 2), "02/01/1990", 32875, 1990, "1990.0", "Năm 1990", "02-01-1990"])
def test_a_date_of_birth_as_date_text_serial_or_year(cell):
    found = read(book_of(["Họ và tên", "Ngày sinh"], ["Lê Văn An", cell]))
    assert people(found)[0].birth_year == 1990


def test_five_empty_columns_at_the_left_and_empty_rows_between():
    found = read(
        book_of(
            [],
            [None] * 5 + HEAD,
            [None] * 5 + [1, "Lê Văn An", "Bí thư", "Thành Đoàn Dĩ An", "0912345678"],
            [],
            [],
            [None] * 5 + [2, "Trần Thị Bình", "Bí thư", "Ban X", None],
        )
    )
    assert names(found) == ["Lê Văn An", "Trần Thị Bình"]


def test_spaces_of_every_kind_and_decomposed_letters_are_cleaned():
    name = "  Lê\u00a0Văn\u200b  An\u00a0"
    found = read(
        book_of(["Họ\u00a0và\ntên ", " Đơn vị "], [unicodedata.normalize("NFD", name), "Thành  Đoàn\u00a0Dĩ An "])
    )
    (one,) = people(found)
    assert (one.name, one.unit_id) == ("Lê Văn An", 3)
    assert unicodedata.is_normalized("NFC", one.name)


def test_a_list_on_its_side_is_refused_with_what_to_do():
    with pytest.raises(Refused, match="lies on its side"):
        read(
            book_of(["Họ và tên", "Lê Văn An", "Trần Thị Bình"], ["Chức vụ", "Bí thư", "Phó"], ["Điện thoại", "1", "2"])
        )


def test_a_list_without_headings_is_guessed_and_says_so():
    found = read(
        book_of(
            [1, "Lê Văn An", "Bí thư Đoàn xã", "Huyện Đoàn Phú Giáo", "0912345678", "an@example.vn"],
            [2, "Trần Thị Bình", "Phó Bí thư", "Huyện Đoàn Dầu Tiếng", "0987654321", None],
            [3, "H'Hen Niê", "Ủy viên Ban Chấp hành", "Thành Đoàn Dĩ An", None, None],
        )
    )
    assert [(one.name, one.position, one.unit_id, one.phone) for one in people(found)] == [
        ("Lê Văn An", "Bí thư Đoàn xã", 9, "0912345678"),
        ("Trần Thị Bình", "Phó Bí thư", 8, "0987654321"),
        ("H'Hen Niê", "Ủy viên Ban Chấp hành", 3, ""),
    ]
    assert found.sheets[0].is_guessed
    assert found.sheets[0].heading_row is None


def test_a_title_above_a_list_without_headings_is_no_person():
    found = read(book_of(["DANH SÁCH ĐẠI BIỂU"], [], ["Lê Văn An", "0912345678"], ["Trần Thị Bình", "0987654321"]))
    assert names(found) == ["Lê Văn An", "Trần Thị Bình"]
    assert skipped(found) == ["Above the list."]


def test_what_a_person_says_of_columns_goes_before_what_is_found():
    book = book_of(
        ["Danh sách"], ["Người", "Làm gì", "Ở đâu"], ["Lê Văn An", "Bí thư", "Ban X"], ["Ông Bình", "Phó", "Ban Y"]
    )
    options = Options(sheets={0: SheetOptions(heading_row=2, fields={0: "name", 1: "position", 2: "body"})})
    assert [(one.name, one.position, one.body) for one in people(read(book, options))] == [
        ("Lê Văn An", "Bí thư", "Ban X"),
        ("Ông Bình", "Phó", "Ban Y"),
    ]


def test_a_sheet_may_be_left_out():
    book = book_of(HEAD, [1, "Lê Văn An", None, None, None])
    book.create_sheet("Cũ").append(["Họ và tên"])
    book["Cũ"].append(["Trần Thị Bình"])
    assert names(read(book)) == ["Lê Văn An", "Trần Thị Bình"]
    assert names(read(book, Options(sheets={1: SheetOptions(is_read=False)}))) == ["Lê Văn An"]


# Units written once for a block


def units(found):
    return [(one.name, one.unit_id) for one in people(found)]


def test_a_unit_before_numbers_that_start_anew_holds_for_its_block():
    found = read(
        book_of(
            ["Đơn vị", "STT", "Họ và tên", "Chức vụ"],
            ["Thành Đoàn Dĩ An", 1, "Lê Văn An", "Bí thư"],
            [None, 2, "Trần Thị Bình", "Phó Bí thư"],
            [None, 3, "Phạm Văn Châu", "Ủy viên"],
            ["Huyện Đoàn Phú Giáo", 1, "Đỗ Thị Dung", "Bí thư"],
            [None, 2, "Võ Văn Em", "Phó Bí thư"],
        )
    )
    assert [unit for _, unit in units(found)] == [3, 3, 3, 9, 9]
    assert found.sheets[0].filled == 3
    warned = [row.warnings[0].values for row in found.rows if row.delegate and row.warnings]
    assert warned[0] == {"text": "Thành Đoàn Dĩ An", "row": 2}


def test_a_unit_numbered_once_holds_for_its_block():
    found = read(
        book_of(
            ["STT", "Đơn vị", "Họ và tên"],
            [1, "Thành Đoàn Dĩ An", "Lê Văn An"],
            [None, None, "Trần Thị Bình"],
            [2, "Huyện Đoàn Phú Giáo", "Phạm Văn Châu"],
            [None, None, "Đỗ Thị Dung"],
        )
    )
    assert [unit for _, unit in units(found)] == [3, 3, 9, 9]


def test_a_guest_list_that_misses_some_units_is_not_filled_and_may_be():
    book = book_of(
        ["STT", "Họ và tên", "Cơ quan"],
        [1, "Lê Văn An", "Sở Nội vụ"],
        [2, "Trần Thị Bình", None],
        [3, "Phạm Văn Châu", "Tỉnh ủy"],
        [4, "Đỗ Thị Dung", "Sở Y tế"],
        [5, "Võ Văn Em", None],
    )
    found = read(book)
    assert [one.body for one in people(found)] == ["Sở Nội vụ", "", "Tỉnh ủy", "Sở Y tế", ""]
    assert (found.sheets[0].gaps, found.sheets[0].filled) == (2, 0)
    told = read(book, Options(sheets={0: SheetOptions(fills=True)}))
    assert [one.body for one in people(told)] == ["Sở Nội vụ", "Sở Nội vụ", "Tỉnh ủy", "Sở Y tế", "Sở Y tế"]


def test_filling_may_be_switched_off_and_never_passes_a_heading():
    book = book_of(
        ["STT", "Họ và tên", "Đơn vị"],
        ["I", "Thường trực Tỉnh ủy"],
        [1, "Lê Văn An", "Thành Đoàn Dĩ An"],
        [2, "Trần Thị Bình", None],
        ["II", "Bí thư Đoàn trường THPT"],
        [1, "Phạm Văn Châu", None],
    )
    assert [one.body for one in people(read(book, Options(sheets={0: SheetOptions(fills=True)})))] == [
        "Thành Đoàn Dĩ An",
        "Thành Đoàn Dĩ An",
        "",
    ]
    assert [one.body for one in people(read(book, Options(sheets={0: SheetOptions(fills=False)})))][1] == ""


# Old fonts

LEGACY_HEAD = ("STT", "Họ và tên", "Chức vụ", "Đơn vị")
LEGACY_ROWS = (
    ("1", "Nguyễn Văn An", "Bí thư", "Huyện Đoàn Phú Giáo"),
    ("2", "Trần Thị Ngô", "Ủy viên", "Thành Đoàn Dĩ An"),
    ("3", "Lê Võ", "Phó Bí thư", "Huyện Đoàn Bàu Bàng"),
    ("4", "Ngô Bé", "Cán bộ", "Sở Nội vụ"),
)


def in_old_font(kind, rows=(LEGACY_HEAD, *LEGACY_ROWS)):
    return [[encode(cell, kind) for cell in row] for row in rows]


@pytest.mark.parametrize("kind", [Legacy.TCVN3, Legacy.VNI, Legacy.MOJIBAKE])
def test_a_list_in_an_old_font_waits_for_a_decision_and_is_converted(kind):
    book = book_of(*in_old_font(kind))
    waits = read(book)
    assert names(waits) == []
    assert len(errors(waits)) == 4
    (offer,) = waits.old_text
    assert (offer.kind, offer.rows) == (kind.value, 4)
    assert (encode("Nguyễn Văn An", kind), "Nguyễn Văn An") in [tuple(pair) for pair in offer.examples]
    for encoding in ("convert", kind.value):
        found = read(book, Options(encoding=encoding))
        assert [(one.name, one.position, one.body) for one in people(found)] == [row[1:] for row in LEGACY_ROWS]
        assert [one.unit_id for one in people(found)] == [9, 3, 6, None]
    left = read(book, Options(encoding="leave"))
    assert names(left)[0] == encode("Nguyễn Văn An", kind)
    assert {warning.msgid for row in left.rows for warning in row.warnings} == {
        "Text in an old font is left as it was typed."
    }


def test_a_capital_font_means_capitals():
    book = book_of(["Họ và tên", "Chức vụ"], ["nguyÔn v¨n an", "BÝ th\u00ad"])
    book.active["A2"].font = Font(name=".VnTimeH")
    book.active["B2"].font = Font(name=".VnTime")
    (one,) = people(read(book, Options(encoding="convert")))
    assert (one.name, one.position) == ("NGUYỄN VĂN AN", "Bí thư")


def test_an_old_xls_in_the_fonts_of_tcvn3():
    """Written by another program (xlwt) in .VnTime, the last name in .VnTimeH."""
    content = (Path(__file__).parents[1] / "data" / "phong-tcvn3.xls").read_bytes()
    assert len(errors(read(content))) == 3
    found = people(read(content, Options(encoding="convert")))
    assert [(one.name, one.position, one.unit_id) for one in found] == [
        ("Nguyễn Văn Ảnh", "Bí thư", 9),
        ("Trần Thị Ngô", "Phó Bí thư", 3),
        ("LÊ VĂN MINH HỌA", "Ủy viên", None),
    ]


@pytest.mark.parametrize("cut", [200, 1500, 3000, 5000])
def test_a_damaged_old_xls_is_a_sentence(cut):
    content = (Path(__file__).parents[1] / "data" / "phong-tcvn3.xls").read_bytes()
    with pytest.raises(Refused):
        read(content[:cut])


def test_a_name_that_only_its_font_tells():
    book = book_of(["Họ và tên", "Chức vụ"], [encode("Võ Tô", Legacy.TCVN3), ""])
    assert names(read(book)) == []  # «Vâ T«» has a sign that no name has
    book = book_of(["Họ và tên", "Chức vụ"], ["Lý Vâ", "Bí thư"])
    assert names(read(book)) == ["Lý Vâ"]
    book.active["A2"].font = Font(name=".VnTime")
    assert len(errors(read(book))) == 1


def test_unicode_pasted_into_cells_with_an_old_font_stays():
    found = read(book_of(LEGACY_HEAD, *LEGACY_ROWS, font=".VnTime"))
    assert names(found) == [row[1] for row in LEGACY_ROWS]
    assert found.old_text == []


def test_in_a_mixed_file_only_the_old_cells_are_converted():
    old = in_old_font(Legacy.TCVN3, LEGACY_ROWS[:2])
    found = read(book_of(LEGACY_HEAD, *old, *LEGACY_ROWS[2:]), Options(encoding="convert"))
    assert names(found) == [row[1] for row in LEGACY_ROWS]
    assert len(errors(read(book_of(LEGACY_HEAD, *old, *LEGACY_ROWS[2:])))) == 2


@pytest.mark.parametrize(
    "name",
    [
        "René François",
        "José Núñez",
        "Loïc Noël",
        "Müller Jürgen",
        "Hà Mã",
        "Lê Võ Ngô",
        "H'Hen Niê",
        "Y Moan Êban",
        "An",
    ],
)
def test_western_and_correct_names_are_no_old_font(name):
    assert names(read(book_of(["Họ và tên", "Chức vụ"], [name, "Giảng viên"]))) == [name]


@pytest.mark.parametrize("kind", [Legacy.TCVN3, Legacy.VNI])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_whose_bytes_are_of_an_old_font(kind, delimiter):
    content = "\r\n".join(delimiter.join(row) for row in in_old_font(kind)).encode("cp1252")
    assert len(errors(read(content))) == 4
    assert names(read(content, Options(encoding="convert"))) == [row[1] for row in LEGACY_ROWS]


# Text files


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16", "utf-8", "utf-8-sig"])
def test_utf_16_is_known_without_its_mark(encoding):
    text = "\r\n".join(";".join(row) for row in (LEGACY_HEAD, *LEGACY_ROWS))
    assert names(read(text.encode(encoding))) == [row[1] for row in LEGACY_ROWS]


def test_sep_quotes_over_lines_and_decimals():
    text = (
        'sep=;\r\nHọ và tên;Ghi chú;Số tiền\r\n"Lê Văn An";"hai\r\ndòng; có ""ngoặc""";1,5\r\nTrần Thị Bình;x;2,25\r\n'
    )
    found = read(text.encode())
    assert [(one.name, one.note) for one in people(found)] == [
        ("Lê Văn An", 'hai dòng; có "ngoặc"'),
        ("Trần Thị Bình", "x"),
    ]
    assert found.sheets[0].heading_row == 1


# Units written otherwise, capitals


@pytest.mark.parametrize(
    ("written", "unit_id"),
    [
        ("TĐ Thủ Dầu Một", 1),
        ("Tp. Thủ Dầu Một", 1),
        ("TDM", 1),
        ("Huyện đoàn Phú Giáp", 9),
        ("BCH Đoàn huyện Bàu Bàng", 6),
        ("H. Dầu Tiếng", 8),
        ("Ban Thường vụ Huyện Đoàn Dầu Tiếng", 8),
        ("Dĩ An", 3),
        ("Đoàn Trường ĐH Thủ Dầu Một", 12),
        ("Đoàn xã Bàu Bàng", None),
        ("Huyện ủy Phú Giáo", None),
        ("UBND huyện Phú Giáo", None),
        ("Trường THPT Bàu Bàng", None),
        ("Sở Nội vụ", None),
        ("Tỉnh Đoàn", None),
        ("Công ty Dầu Tiếng", None),
    ],
)
def test_a_unit_written_otherwise_is_proposed_and_not_taken(written, unit_id):
    found = read(book_of(["Họ và tên", "Đơn vị"], ["Lê Văn An", written]))
    assert people(found)[0].unit_id is None
    assert [one.unit_id for one in found.unknown_units] == ([unit_id] if unit_id else [])


def test_a_name_said_to_be_no_unit_is_kept_so():
    book = book_of(["Họ và tên", "Đơn vị"], ["Lê Văn An", "H. Dầu Tiếng"])
    (one,) = read(book, Options(units={"h. dau tieng": 0})).unknown_units
    assert (one.unit_id, one.is_chosen) == (0, True)
    assert people(read(book, Options(units={"h. dau tieng": 8})))[0].unit_id == 8


def test_capitals_are_kept_and_counted_and_repaired_when_chosen():
    rows = [["NGUYỄN VĂN AN"], ["trần thị bình"], ["Lê Văn Châu"], ["Y MOAN ÊBAN"], ["ĐẠI DIỆN LÃNH ĐẠO"]]
    book = book_of(["Họ và tên", "Chức vụ"], *[[*row, "x"] for row in rows])
    found = read(book)
    assert names(found) == [row[0] for row in rows]
    assert (found.capitals.upper, found.capitals.lower) == (2, 1)
    assert names(read(book, Options(capitals="repair"))) == [
        "Nguyễn Văn An",
        "Trần Thị Bình",
        "Lê Văn Châu",
        "Y Moan Êban",
        "ĐẠI DIỆN LÃNH ĐẠO",
    ]


# Cells that hold more than they should


@pytest.mark.parametrize(
    ("cell", "name", "position", "gender"),
    [
        ("1. Lê Văn An", "Lê Văn An", "", ""),
        ("02/ Đ/c Lê Văn An", "Lê Văn An", "", ""),
        ("- Lê Văn An", "Lê Văn An", "", ""),
        ("Lê Văn An - Bí thư Đoàn xã", "Lê Văn An", "Bí thư Đoàn xã", ""),
        ("Lê Văn An, Phó Chủ tịch", "Lê Văn An", "Phó Chủ tịch", ""),
        ("Lê Văn An\nBí thư Đoàn xã", "Lê Văn An", "Bí thư Đoàn xã", ""),
        ("Lê Thị Bé (nữ)", "Lê Thị Bé", "", "Nữ"),
        ("Lê Văn An (thay đ/c Bình)", "Lê Văn An", "", ""),
        ("Lê Văn An (Tư)", "Lê Văn An (Tư)", "", ""),
        ("Nguyễn-Lê Văn An", "Nguyễn-Lê Văn An", "", ""),
    ],
)
def test_a_number_a_position_or_the_gender_in_the_cell_of_the_name(cell, name, position, gender):
    (one,) = people(read(book_of(["Họ và tên", "Đơn vị"], [cell, "Ban X"])))
    assert (one.name, one.position, one.gender) == (name, position, gender)


def test_a_unit_behind_the_position_in_one_column():
    head = ["Họ và tên", "Chức vụ, đơn vị công tác"]
    rows = [["Lê Văn An", "Bí thư, Huyện Đoàn Phú Giáo"], ["Trần Thị Bình", "Phó phòng, Sở Nội vụ"]]
    assert [(one.position, one.body) for one in people(read(book_of(head, *rows)))] == [
        ("Bí thư", "Huyện Đoàn Phú Giáo"),
        ("Phó phòng, Sở Nội vụ", ""),
    ]


def test_crosses_or_years_under_men_and_women():
    head = ["Họ và tên", "Nam", "Nữ", "Đơn vị"]
    rows = [["Lê Văn An", "x", None, "X"], ["Trần Thị Bình", None, 1991, "X"]]
    assert [(one.gender, one.birth_year) for one in people(read(book_of(head, *rows)))] == [("Nam", None), ("Nữ", 1991)]


def test_a_cell_that_says_there_is_none_is_empty():
    (row,) = [row for row in read(book_of(HEAD, [1, "Lê Văn An", None, None, "chưa có"])).rows if row.delegate]
    assert (row.delegate.phone, row.delegate.note, row.warnings) == ("", "", [])


def test_a_remark_below_a_heading_does_not_end_its_group():
    found = read(
        book_of(
            HEAD,
            ["I. Thường trực Tỉnh ủy"],
            [1, "Lê Văn An", "Bí thư", "Tỉnh ủy", None],
            ["* Ghi chú: báo trước khi vắng"],
            [2, "Trần Thị Bình", "Phó Bí thư", "Tỉnh ủy", None],
        )
    )
    assert [row.group for row in found.rows if row.delegate] == ["G1", "G1"]


def test_lists_below_each_other_each_with_its_own_headings():
    found = read(
        book_of(
            ["I. Thường trực Tỉnh ủy"],
            ["STT", "Họ tên", "Chức vụ"],
            [1, "Lê Văn An", "Bí thư"],
            [],
            ["II. Bí thư Đoàn trường THPT"],
            ["STT", "Đơn vị", "Họ tên", "SĐT"],
            [1, "Thành Đoàn Dĩ An", "Trần Thị Bình", "0912345678"],
        )
    )
    assert [(row.delegate.name, row.group, row.delegate.phone) for row in found.rows if row.delegate] == [
        ("Lê Văn An", "G1", ""),
        ("Trần Thị Bình", "T3", "0912345678"),
    ]


def test_answers_of_a_web_form():
    head = ["Dấu thời gian", "Địa chỉ email", "Họ và tên đồng chí", "Đơn vị công tác", "Số điện thoại liên hệ (Zalo)"]
    row = [datetime(2024, 3, 1, 8, 5, 3), "an@example.vn", "Lê Văn An", "Huyện Đoàn Phú Giáo", 912345678]
    (one,) = people(read(book_of(head, row)))
    assert (one.name, one.email, one.unit_id, one.phone) == ("Lê Văn An", "an@example.vn", 9, "0912345678")
