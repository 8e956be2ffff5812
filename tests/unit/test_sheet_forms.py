"""The form as the plan prints it (domain.md S1.76 to S1.81), row for row, as PDF and Word; the Excel file of it."""

from datetime import UTC, date, datetime
from io import BytesIO

import openpyxl
import pytest
from docx import Document
from docx.oxml.ns import qn
from pypdf import PdfReader

from seminar.documents.rules import DocumentSettings
from seminar.lib.errors import Refused
from seminar.statistics.documents import Filled, form_docx, form_pdf, headings_of, sheet_workbook
from seminar.statistics.rules.starters import ANNEX, OFFICIAL, QUARTERLY, starters

NOW = datetime(2024, 2, 1, tzinfo=UTC)
FORM = starters()[OFFICIAL]
BLANK = Filled(FORM, DocumentSettings(), "giai đoạn 2021 - 2023", year=2024)
FILLED = Filled(
    FORM,
    DocumentSettings(),
    "giai đoạn 2021 - 2023",
    "Huyện Đoàn Bàu Bàng",
    {"2021.members": "9000", "2022.outstanding": "1.200", "2023.quota": "0"},
    year=2024,
)
DOWN = (
    "TT",
    "Năm",
    "Tổng số đoàn viên",
    "Số đoàn viên ưu tú",
    "Chỉ tiêu được giao kết nạp Đảng",
    "Số học sinh được kết nạp đảng",
    "Số sinh viên được kết nạp đảng",
)
ABOVE = [
    "BCH ĐOÀN TỈNH BÌNH DƯƠNG",
    "BCH …………",
    "ĐOÀN TNCS HỒ CHÍ MINH",
    "…………, ngày … tháng … năm 2024",
    "BÁO CÁO",
    "Kết quả công tác phát triển đảng trong học sinh, sinh viên, thanh niên công nhân tỉnh Bình Dương",
    "giai đoạn 2021 - 2023",
]


def paragraphs(content):
    """Texts of the Word file in the order in which they stand, without empty ones."""
    body = Document(BytesIO(content)).element.body
    texts = ["".join(t.text or "" for t in p.iter(qn("w:t"))) for p in body.iter(qn("w:p"))]
    return [text for text in texts if text.strip()]


def cells_of_table(content):
    """Rows of the form's table as python-docx sees them: a merged cell gives its text at each of its places."""
    return [[cell.text for cell in row.cells] for row in Document(BytesIO(content)).tables[1].rows]


def test_the_headings_stand_in_two_rows_as_in_the_plan():
    assert headings_of(FORM) == (
        (*((text, 1, 2) for text in DOWN), ("Số TNCCN được kết nạp Đảng", 2, 1)),
        (("Khu vực nhà nước", 1, 1), ("Khu vực DN ngoài nhà nước", 1, 1)),
    )


def test_the_blank_form_says_in_word_what_the_plan_prints_and_nothing_else():
    said = paragraphs(form_docx(BLANK, NOW))
    table = ["TT", *DOWN[1:], "Số TNCCN được kết nạp Đảng", "Khu vực nhà nước", "Khu vực DN ngoài nhà nước"]
    rows = ["1", "Năm 2021", "2", "Năm 2022", "3", "Năm 2023"]
    assert said == [*ABOVE, *table, *rows, "TM. BAN THƯỜNG VỤ …………", "…………"]


def test_the_table_of_the_word_file_is_merged_as_in_the_plan():
    first, second, *rows = cells_of_table(form_docx(FILLED, NOW))
    assert first == [*DOWN, "Số TNCCN được kết nạp Đảng", "Số TNCCN được kết nạp Đảng"]
    assert second == [*DOWN, "Khu vực nhà nước", "Khu vực DN ngoài nhà nước"]
    assert rows == [
        ["1", "Năm 2021", "9.000", "", "", "", "", "", ""],
        ["2", "Năm 2022", "", "1.200", "", "", "", "", ""],
        ["3", "Năm 2023", "", "", "0", "", "", "", ""],
    ]


def pdf_text(content):
    reader = PdfReader(BytesIO(content))
    return len(reader.pages), " ".join(reader.pages[0].extract_text().split()), reader.pages[0].mediabox


def test_the_pdf_is_one_a4_page_with_the_same_words():
    pages, text, box = pdf_text(form_pdf(BLANK, NOW))
    assert pages == 1
    assert (round(float(box.width)), round(float(box.height))) == (595, 842)
    for words in (*ABOVE, *DOWN, "Số TNCCN được kết nạp Đảng", "Khu vực DN ngoài nhà nước", "TM. BAN THƯỜNG VỤ …………"):
        assert "".join(words.split()) in text.replace(" ", ""), words
    assert "Số:" not in text
    assert "***" not in text


def test_a_unit_sees_its_name_its_place_and_its_figures():
    for text in (pdf_text(form_pdf(FILLED, NOW))[1], " ".join(paragraphs(form_docx(FILLED, NOW)))):
        for words in (
            "BCH ĐOÀN HUYỆN BÀU BÀNG",
            "Bàu Bàng, ngày … tháng … năm 2024",
            "9.000",
            "1.200",
            "TM. BAN THƯỜNG VỤ HUYỆN ĐOÀN",
        ):
            assert "".join(words.split()) in "".join(text.split())


def test_a_day_is_printed_where_it_is_known():
    filled = Filled(FORM, DocumentSettings(), unit="Thị Đoàn Bến Cát", signed_on=date(2024, 2, 5))
    assert "Bến Cát, ngày 05 tháng 02 năm 2024" in paragraphs(form_docx(filled, NOW))


@pytest.mark.parametrize("code", [ANNEX, QUARTERLY])
def test_a_sheet_on_its_side_keeps_to_one_page_and_bears_its_period(code):
    filled = Filled(starters()[code], DocumentSettings(), "quý III/2021", "Thành Đoàn Dĩ An", year=2021)
    pages, text, box = pdf_text(form_pdf(filled, NOW))
    assert pages == 1
    assert (round(float(box.width)), round(float(box.height))) == (842, 595)
    if code == QUARTERLY:
        assert "quý III/2021" in text
        assert "Số: …-BC/ĐTN" in text


def test_long_names_and_many_digits_do_not_break_the_page():
    filled = Filled(
        FORM,
        DocumentSettings(),
        unit="Đoàn trực thuộc có tên rất dài để xem trang in có giữ được một trang hay không " * 2,
        cells={f"{row.key}.{column.key}": "999999999" for row in FORM.rows for column in FORM.columns},
    )
    assert pdf_text(form_pdf(filled, NOW))[0] == 1


def test_a_sign_that_the_font_lacks_is_refused_with_a_sentence():
    with pytest.raises(Refused):
        form_pdf(Filled(FORM, DocumentSettings(), unit="Đoàn 🚀"), NOW)


def test_the_excel_file_has_figures_as_numbers_and_no_formula():
    strange = {"2021.members": "9.000", "2021.quota": "=1+1", "2021.pupils": "khoảng 5"}
    book = openpyxl.load_workbook(
        BytesIO(sheet_workbook(Filled(FORM, DocumentSettings(), unit="=CMD()", cells=strange), NOW))
    )
    page = book.active
    assert not [cell for row in page.iter_rows() for cell in row if cell.data_type == "f"]
    [row] = [row for row in page.iter_rows() if row[1].value == "Năm 2021"]
    assert [cell.value for cell in row] == [1, "Năm 2021", 9000, None, "=1+1", "khoảng 5", None, None, None]
    assert row[2].number_format == row[3].number_format == "#,##0"
