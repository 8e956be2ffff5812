"""Spreadsheets of units, as they come: moved, typed over, hidden, broken; and files that are something else."""

import zipfile
from datetime import UTC, date, datetime
from io import BytesIO

import openpyxl
import pytest

from seminar.documents.rules import DocumentSettings
from seminar.lib import legacy
from seminar.lib.errors import Refused
from seminar.statistics.documents import Filled, sheet_workbook
from seminar.statistics.reading import read_here
from seminar.statistics.reading import read_sheet as read_in_child
from seminar.statistics.rules import read_count
from seminar.statistics.rules.starters import ANNEX, OFFICIAL, QUARTERLY, starters

FORM = starters()[OFFICIAL]
NOW = datetime(2024, 2, 1, tzinfo=UTC)
KEYS = [column.key for column in FORM.columns]
LABELS = [column.label for column in FORM.columns]
FIGURES = {
    "2021": ("9.000", "1200", "150", "20", "30", "40", "50"),
    "2022": ("9100", "1300", "160", "21", "31", "41", "51"),
    "2023": ("9200", "1400", "0", "22", "32", "42", "0"),
}
CELLS = {f"{year}.{key}": text for year, texts in FIGURES.items() for key, text in zip(KEYS, texts, strict=True)}


def read_sheet(definition, content, unit="", period=""):
    """Without the child, which costs more than the reading."""
    return read_here(definition, content, unit, period)


def book_of(rows, merged=(), title="Sheet"):
    book = openpyxl.Workbook()
    page = book.active
    page.title = title
    for row in rows:
        page.append([None if value == "" else value for value in row])
    for cells in merged:
        page.merge_cells(cells)
    return book


def saved(book):
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def filled_in(rows, **more):
    return saved(book_of(rows, **more))


def simple_rows(labels=LABELS, years=("Năm 2021", "Năm 2022", "Năm 2023")):
    return [
        ["TT", "Năm", *labels],
        *([number, label, *FIGURES[label[-4:]]] for number, label in enumerate(years, 1)),
    ]


def messages(found):
    return [message.msgid for message in found.problems]


def values_of(found, msgid):
    [message] = [one for one in found.problems if one.msgid == msgid]
    return message.values


@pytest.mark.parametrize("code", [OFFICIAL, ANNEX, QUARTERLY])
def test_what_the_program_writes_it_reads_back_without_a_word(code):
    definition = starters()[code]
    cells = {
        f"{row.key}.{column.key}": str(1000 * at + place)
        for at, row in enumerate(definition.rows)
        for place, column in enumerate(definition.columns)
    }
    content = sheet_workbook(
        Filled(definition, DocumentSettings(), "quý I/2021", "Huyện Đoàn Bàu Bàng", cells, year=2024), NOW
    )
    found = read_sheet(definition, content, unit="Huyện Đoàn Bàu Bàng", period="quý I/2021")
    assert found.cells == cells
    assert found.problems == []


def test_the_child_that_opens_strangers_files_says_the_same():
    rows = [*simple_rows(), ["", "Tổng cộng", *[99] * 7]]
    assert read_in_child(FORM, filled_in(rows)) == read_sheet(FORM, filled_in(rows))


def test_a_blank_cell_is_not_there_and_zero_is():
    content = sheet_workbook(Filled(FORM, DocumentSettings(), cells={"2021.quota": "0"}), NOW)
    assert read_sheet(FORM, content).cells == {"2021.quota": "0"}


def test_figures_stay_as_they_were_typed():
    found = read_sheet(FORM, filled_in(simple_rows()))
    assert found.cells == CELLS
    assert found.problems == []


def test_columns_and_rows_are_found_where_they_were_moved_to():
    header, *rows = simple_rows()
    order = [0, 1, 8, 7, 2, 3, 6, 5, 4]
    moved = [[line[at] for at in order] for line in (header, *reversed(rows))]
    content = filled_in([["Kính gửi: Tỉnh Đoàn"], [], [], *([""] * 3 + line for line in moved)])
    found = read_sheet(FORM, content)
    assert found.cells == CELLS
    assert found.problems == []


def test_a_table_turned_by_ninety_degrees_is_read():
    turned = [list(line) for line in zip(*simple_rows(), strict=True)]
    assert read_sheet(FORM, filled_in(turned)).cells == CELLS


def test_two_rows_of_headings_are_read_merged_or_not():
    over = ["TT", "Năm", *LABELS[:5], "Số TNCCN được kết nạp Đảng", ""]
    under = ["", "", *[""] * 5, *LABELS[5:]]
    body = simple_rows()[1:]
    assert read_sheet(FORM, filled_in([over, under, *body])).cells == CELLS
    merged = ("A1:A2", "B1:B2", *(f"{letter}1:{letter}2" for letter in "CDEFG"), "H1:I1")
    assert read_sheet(FORM, filled_in([over, under, *body], merged=merged)).cells == CELLS


def test_the_same_label_is_told_apart_by_the_heading_over_it():
    annex = starters()[ANNEX]
    groups = ("Học sinh", "Sinh viên", "Thanh niên công nhân")
    rows = [
        ["Năm", "Số đoàn viên ưu tú", "", "", "Số đoàn viên", "", ""],
        ["", *groups, *groups],
        ["Năm 2021", 1, 2, 3, 10, 20, 30],
    ]
    found = read_sheet(annex, filled_in(rows, merged=("B1:D1", "E1:G1")))
    assert found.cells == {
        "2021.outstanding_pupils": "1",
        "2021.outstanding_students": "2",
        "2021.outstanding_workers": "3",
        "2021.members_pupils": "10",
        "2021.members_students": "20",
        "2021.members_workers": "30",
    }


def test_years_alone_name_their_rows_and_a_heading_is_known_in_capitals():
    labels = [label.upper() for label in LABELS]
    rows = [["STT", "NĂM", *labels], *([n, year, *FIGURES[str(year)]] for n, year in enumerate((2021, 2022, 2023), 1))]
    assert read_sheet(FORM, filled_in(rows)).cells == CELLS


def test_a_heading_with_a_slip_is_taken_for_the_nearest_and_it_is_said():
    labels = ["Tổng số đoàn viện", *LABELS[1:]]
    found = read_sheet(FORM, filled_in(simple_rows(labels)))
    assert found.cells == CELLS
    labels = ["Tổng số đoàn viênn ", *LABELS[1:]]
    found = read_sheet(FORM, filled_in(simple_rows(labels)))
    assert found.cells == CELLS
    assert messages(found) == ["The column “%(heading)s” was taken for “%(label)s”."]


def test_pupils_are_never_taken_for_students():
    labels = [*LABELS[:3], "Số học viên được kết nạp đảng", *LABELS[4:]]
    found = read_sheet(FORM, filled_in(simple_rows(labels)))
    assert "2021.pupils" not in found.cells
    assert found.cells["2021.students"] == "30"
    assert values_of(found, "The file has no column for: %(names)s.") == {"names": f"“{LABELS[3]}”"}
    assert values_of(found, "Column %(column)s (“%(text)s”) has no place here and was left out.")["column"] == "F"


def test_sums_strange_rows_and_remarks_are_left_out_and_said():
    header, *rows = simple_rows()
    content = filled_in(
        [
            [*header, "Ghi chú"],
            ["(1)", "(2)", *[f"({n})" for n in range(3, 10)], ""],
            [*rows[0], "ước tính"],
            *rows[1:],
            ["", "Tổng cộng", *range(1, 8)],
            ["", "Năm 2020", *[5] * 7],
            ["", "Năm 2021", *[7] * 7],
            ["", "", *[8] * 7],
            ["", "Người lập biểu"],
        ]
    )
    found = read_sheet(FORM, content)
    assert found.cells == CELLS
    assert messages(found) == [
        "Row %(row)s (“%(text)s”) is a sum and was left out: the program adds up itself.",
        "Row %(row)s (“%(text)s”) has no place here and was left out.",
        "Row %(row)s is “%(text)s” once more and was left out; row %(first)s was read.",
        "Row %(row)s has figures and no name, and was left out.",
        "Column %(column)s (“%(text)s”) has no place here and was left out.",
    ]
    assert found.problems[1].values == {"row": "7", "text": "Năm 2020"}


def test_missing_rows_and_columns_are_named():
    rows = [line[:8] for line in simple_rows()[:3]]
    found = read_sheet(FORM, filled_in(rows))
    assert len(found.cells) == 12
    assert values_of(found, "The file has no row for: %(names)s.") == {"names": "“Năm 2023”"}
    assert values_of(found, "The file has no column for: %(names)s.") == {
        "names": "“Số TNCCN được kết nạp Đảng: Khu vực DN ngoài nhà nước”"
    }


def test_a_formula_gives_the_value_it_had_and_is_never_run():
    book = book_of(simple_rows())
    book.active["C2"] = "=1000+8000"
    book.active["D2"] = '=HYPERLINK("http://x","9")'
    content = saved(book)
    found = read_sheet(FORM, content)
    assert "2021.members" not in found.cells
    [message] = found.problems
    assert message.values == {"cells": "C2, D2"}
    with_value = _with(content, b"<f>1000+8000</f><v></v>", b"<f>1000+8000</f><v>9000</v>")
    found = read_sheet(FORM, with_value)
    assert found.cells["2021.members"] == "9000"
    assert found.problems[0].values == {"cells": "D2"}


def _with(content, before, after):
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name.endswith("sheet1.xml"):
                assert before in data.replace(b"<v />", b"<v></v>")
                data = data.replace(b"<v />", b"<v></v>").replace(before, after)
            new.writestr(name, data)
    return out.getvalue()


def test_an_error_in_a_formula_is_no_silent_blank():
    content = filled_in(simple_rows())
    book = openpyxl.load_workbook(BytesIO(content))
    book.active["C2"] = "=1/0"
    broken = _with(saved(book), b'<c r="C2"><f>1/0</f><v></v></c>', b'<c r="C2" t="e"><f>1/0</f><v>#DIV/0!</v></c>')
    found = read_sheet(FORM, broken)
    assert found.problems[0].values == {"cells": "C2"}


def test_merged_figures_count_once_and_it_is_said():
    book = book_of(simple_rows())
    book.active.merge_cells("C2:C4")
    found = read_sheet(FORM, saved(book))
    assert (found.cells.get("2021.members"), found.cells.get("2022.members")) == ("9.000", None)
    assert found.problems[0].values == {"cells": "C2:C4"}


def test_hidden_cells_are_read_and_hidden_worksheets_are_not():
    book = book_of(simple_rows())
    book.active.row_dimensions[3].hidden = True
    other = book.create_sheet("nháp")
    other.sheet_state = "hidden"
    other["A1"] = "x"
    found = read_sheet(FORM, saved(book))
    assert found.cells == CELLS
    assert messages(found) == [
        "Cells hidden in the file were read too: %(cells)s.",
        "Hidden worksheets were not read: %(names)s.",
    ]


def test_the_worksheet_with_the_table_is_read_wherever_it_stands():
    book = book_of([["Hướng dẫn"], ["Điền số liệu vào trang sau"]], title="HD")
    for name, keep in (("Bản cũ", 2), ("Bản mới", 4)):
        page = book.create_sheet(name)
        for row in simple_rows()[:keep]:
            page.append(row)
    found = read_sheet(FORM, saved(book))
    assert (found.page, found.cells) == ("Bản mới", CELLS)
    assert values_of(found, "Only the worksheet “%(name)s” was read; such a table also stands in: %(others)s.") == {
        "name": "Bản mới",
        "others": "“Bản cũ”",
    }


def test_of_a_worksheet_for_each_quarter_that_of_the_period_is_read():
    quarterly = starters()[QUARTERLY]
    book = openpyxl.Workbook()
    for number, name in enumerate(("Quý I/2021", "Quý II/2021", "Quý III/2021"), 1):
        page = book.create_sheet(name.replace("/", " năm "))
        for row in (["Khối", *(column.label for column in quarterly.columns)], ["Trường học", *[number] * 10]):
            page.append(row)
    found = read_sheet(quarterly, saved(book), period="quý II/2021")
    assert set(found.cells.values()) == {"2"}


def test_another_units_file_and_another_quarter_are_said():
    quarterly = starters()[QUARTERLY]
    content = sheet_workbook(
        Filled(quarterly, DocumentSettings(), "quý III/2021", "Thành Đoàn Dĩ An", {"schools.admitted": "3"}), NOW
    )
    found = read_sheet(quarterly, content, unit="Huyện Đoàn Bàu Bàng", period="quý IV/2021")
    assert found.cells == {"schools.admitted": "3"}
    assert [message.values["text"] for message in found.problems] == ["BCH ĐOÀN THÀNH PHỐ DĨ AN", "quý III/2021"]
    blank = sheet_workbook(Filled(quarterly, DocumentSettings(), "quý 3 năm 2021"), NOW)
    assert read_sheet(quarterly, blank, unit="Thành Đoàn Dĩ An", period="quý III/2021").problems == []


def test_old_letters_and_comma_separated_files_are_read():
    lines = "\r\n".join(";".join(map(str, line)) for line in simple_rows())
    assert read_sheet(FORM, lines.encode("utf-8-sig")).cells == CELLS
    old = legacy.encode(lines, legacy.Legacy.TCVN3).encode("cp1252", "replace")
    assert read_sheet(FORM, old).cells == CELLS


def test_what_is_no_figure_is_kept_to_be_seen_and_mended():
    rows = simple_rows()
    rows[1][2:6] = ["khoảng 9000", date(2021, 5, 1), 12.5, "-"]
    found = read_sheet(FORM, filled_in(rows))
    assert [found.cells[f"2021.{key}"] for key in KEYS[:4]] == ["khoảng 9000", "01/05/2021", "12.5", "-"]


def test_a_number_with_three_decimals_is_never_taken_for_thousands():
    rows = simple_rows()
    rows[1][2:5] = [1.234, "1.234", 1234.0]
    found = read_sheet(FORM, filled_in(rows))
    assert [found.cells[f"2021.{key}"] for key in KEYS[:3]] == ["1,2340", "1.234", "1234"]
    with pytest.raises(Refused):
        read_count(found.cells["2021.members"])
    assert found.problems[0].values == {"cells": "C2 (1,234)"}


def test_numbers_and_remarks_beside_a_heading_do_not_hide_it():
    labels = [f"({n}) {label} (người)" for n, label in enumerate(LABELS, 1)]
    rows = simple_rows(labels)
    rows[1][1] = "Năm 2021 (ước)"
    found = read_sheet(FORM, filled_in(rows))
    assert found.cells == CELLS
    assert found.problems == []


def test_a_far_cell_or_a_bomb_does_not_end_the_server():
    book = book_of(simple_rows())
    book.active["ZZZ900000"] = "x"
    with pytest.raises(Refused, match="too far out"):
        read_in_child(FORM, saved(book))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"%PDF-1.7 x", "not a spreadsheet"),
        (b"PK\x03\x04 broken", "could not be opened"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not a spreadsheet"),
        ("Tên;Tuổi\nAn;20\n".encode(), "is not in this file"),
    ],
)
def test_what_is_no_such_table_is_refused_with_a_sentence(content, words):
    with pytest.raises(Refused, match=words):
        read_in_child(FORM, content)


def test_another_sheets_form_is_refused_by_name():
    content = sheet_workbook(Filled(starters()[QUARTERLY], DocumentSettings(), "quý I/2021"), NOW)
    with pytest.raises(Refused) as refusal:
        read_sheet(FORM, content)
    assert refusal.value.message.values["title"] == FORM.title
    with pytest.raises(Refused):
        read_sheet(FORM, sheet_workbook(Filled(starters()[ANNEX], DocumentSettings()), NOW))


def test_only_hidden_worksheets_are_refused_with_a_sentence():
    book = book_of(simple_rows())
    book.create_sheet("trống")
    book["Sheet"].sheet_state = "hidden"
    content = saved(book)
    with pytest.raises(Refused, match="is not in this file"):
        read_sheet(FORM, content)
