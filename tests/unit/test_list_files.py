"""The files of lists, opened and measured: Word in twips against HD 29 (domain.md 1.1), Excel for formulas and for print."""

import zipfile
from datetime import UTC, datetime
from io import BytesIO

import openpyxl
import pytest
from docx import Document
from docx.oxml.ns import qn

from seminar.documents.layout import rulesets
from seminar.documents.rules import DocumentSettings
from seminar.lib.errors import Refused
from seminar.lib.text import sort_key
from seminar.reports.documents.lists import Paper, list_docx, list_workbook, write_docx, write_workbook
from seminar.reports.rules.lists import Entry, Grouping, Shape

NOW = datetime(2024, 3, 15, 5, 0, tzinfo=UTC)
SETTINGS = DocumentSettings(superior_lines=("Tỉnh Đoàn thử",), signer_name="Trần Thị Mẫu")
PAPER = Paper(rulesets()[0], SETTINGS, "Đại biểu triệu tập\ndự Tọa đàm thử", NOW)
DANGEROUS = ("=cmd|' /C calc'!A0", "+84912345678", "@x", "-1", "=1+1", '=HYPERLINK("http://x")')
SHAPE = Shape(
    title="Đại biểu triệu tập",
    columns=("ordinal", "split_name", "split_birth_year", "position", "phone", "note", "signature"),
    has_subtotals=True,
)


def entries(count):
    return [
        Entry(
            number=n,
            name=f"Nguyễn Văn {'ABCDĐ'[n % 5]}n",
            sort_key=sort_key(f"Nguyễn Văn {'ABCDĐ'[n % 5]}n"),
            groups=((n % 2, f"Nhóm {n % 2}"),),
            gender="Nam" if n % 2 else "Nữ",
            birth_year=1990 + n % 10,
            position="Bí thư & <Trưởng ban>",
            phones=("0912 345 678", "0274 000 0000"),
            note=DANGEROUS[n % len(DANGEROUS)],
        )
        for n in range(1, count + 1)
    ]


def word(shape=SHAPE, count=6):
    return Document(BytesIO(list_docx(PAPER, shape, entries(count))))


def sheet(shape=SHAPE, people=None):
    book = openpyxl.load_workbook(BytesIO(list_workbook(PAPER, shape, entries(6) if people is None else people)))
    return book.active


def text_of(element):
    return "\n".join("".join(t.text or "" for t in p.iter(qn("w:t"))) for p in element.iter(qn("w:p")))


def listed(document):
    """The table of the list: the second, after the head."""
    return document.tables[1]._tbl


@pytest.mark.parametrize(("landscape", "size"), [(False, ("11906", "16838")), (True, ("16838", "11906"))])
def test_the_page_and_its_margins_are_those_of_the_guidance(landscape, size):
    document = word(Shape(columns=SHAPE.columns, is_landscape=landscape))
    [section] = document.sections
    page = section._sectPr.pgSz
    assert (page.get(qn("w:w")), page.get(qn("w:h"))) == size
    margins = section._sectPr.pgMar
    assert [margins.get(qn(f"w:{side}")) for side in ("top", "bottom", "left", "right")] == [
        "1134",
        "1134",
        "1701",
        "1134",
    ]
    assert section.different_first_page_header_footer
    assert "PAGE" in section.header._element.xml


def test_the_grid_fills_the_text_and_no_column_is_too_narrow():
    for landscape, text in ((False, 9071), (True, 14003)):
        grid = listed(word(Shape(columns=SHAPE.columns, is_landscape=landscape))).tblGrid
        widths = [int(column.get(qn("w:w"))) for column in grid.findall(qn("w:gridCol"))]
        assert len(widths) == 9
        assert abs(sum(widths) - text) < 12
        assert min(widths) >= 680  # 12 mm: "STT" and a year in bold


def test_both_rows_of_the_headings_are_repeated_on_every_page():
    rows = listed(word()).findall(qn("w:tr"))
    headings = [row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for row in rows]
    assert headings[:3] == [True, True, False]
    assert headings.count(True) == 2
    first, second = rows[:2]
    assert text_of(first).split("\n") == ["STT", "Họ và tên", "Năm sinh", "Chức vụ", "Điện thoại", "Ghi chú", "Ký nhận"]
    assert [text for text in text_of(second).split("\n") if text] == ["Nam", "Nữ"]
    for row in rows:
        spans = [cell.tcPr.find(qn("w:gridSpan")) for cell in row.findall(qn("w:tc"))]
        assert sum(int(span.get(qn("w:val"))) if span is not None else 1 for span in spans) == 9


def test_word_says_who_issues_it_what_it_is_and_who_drew_it_up():
    document = word()
    text = text_of(document.element.body)
    for words in (
        "TỈNH ĐOÀN THỬ",
        "BCH ĐOÀN TỈNH BÌNH DƯƠNG",
        "***",
        "ĐOÀN TNCS HỒ CHÍ MINH",
        "Bình Dương, ngày … tháng … năm …",
        "DANH SÁCH",
        "dự Tọa đàm thử",
        "(Kèm theo ………… số …………, ngày … tháng … năm … của …………)",
        "I. Nhóm 0",
        "Cộng: 3 đồng chí",
        "Tổng cộng: 6 đồng chí",
        "Bí thư & <Trưởng ban>",
        "NGƯỜI LẬP",
        "TM. BAN THƯỜNG VỤ TỈNH ĐOÀN",
        "Trần Thị Mẫu",
    ):
        assert words in text, words
    assert "Số: " not in text


def test_a_section_may_begin_a_page():
    document = word(Shape(columns=("ordinal", "name"), grouping=Grouping.TABLE, tables=2, starts_pages=True), 40)
    breaks = list(document.element.body.iter(qn("w:pageBreakBefore")))
    assert len(breaks) == 1


def test_rows_to_sign_are_nine_millimetres_high():
    rows = listed(word()).findall(qn("w:tr"))
    heights = {height.get(qn("w:val")) for row in rows for height in row.iter(qn("w:trHeight"))}
    assert heights == {"510"}
    assert not list(listed(word(Shape(columns=("name",)))).iter(qn("w:trHeight")))


def test_what_looks_like_a_formula_is_text_in_the_worksheet():
    people = [
        Entry(number=n, name=name, sort_key=str(n), groups=((1, name),), position=name, note=name, phones=(name,))
        for n, name in enumerate(DANGEROUS, 1)
    ]
    content = list_workbook(PAPER, Shape(title="=1+1", columns=("ordinal", "name", "phone", "note")), people)
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    made = openpyxl.load_workbook(BytesIO(content)).active
    cells = [cell for row in made.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    shown = [cell for cell in cells if cell.value in DANGEROUS]
    assert len(shown) >= 3 * len(DANGEROUS)
    assert all(cell.quotePrefix for cell in shown)
    assert {type(cell.value) for cell in cells if cell.data_type == "n"} == {int}


def test_the_worksheet_is_set_up_for_paper():
    made = sheet(Shape(columns=SHAPE.columns, is_landscape=True))
    setup = made.page_setup
    assert (setup.paperSize, setup.orientation, setup.fitToWidth, setup.fitToHeight) == (9, "landscape", 1, 0)
    assert made.sheet_properties.pageSetUpPr.fitToPage
    first = next(row for row in range(1, 30) if made.cell(row, 1).value == "STT")
    assert made.print_title_rows == f"${first}:${first + 1}"
    assert made.freeze_panes == f"A{first + 2}"
    assert made.HeaderFooter.differentFirst
    assert "&P" in str(made.HeaderFooter.oddHeader.center.text)
    merged = {str(cells) for cells in made.merged_cells.ranges}
    assert {f"A{first}:A{first + 1}", f"B{first}:C{first + 1}", f"D{first}:E{first}"} <= merged


def test_telephones_keep_their_nought_and_years_are_numbers():
    made = sheet()
    row = next(row for row in made.iter_rows(values_only=True) if row[0] == 1)
    assert row[:6] == (1, "Nguyễn Văn", "Cn", None, 1992, "Bí thư & <Trưởng ban>")
    assert row[6] == "0912 345 678\n0274 000 0000"
    texts = [one[0] for one in made.iter_rows(values_only=True) if isinstance(one[0], str)]
    assert texts[texts.index("STT") + 1 : -1] == [
        "I. Nhóm 0",
        "Cộng: 3 đồng chí",
        "II. Nhóm 1",
        "Cộng: 3 đồng chí",
        "Tổng cộng: 6 đồng chí",
        "NGƯỜI LẬP",
    ]


def test_a_list_with_one_column_or_nobody_can_be_written():
    for shape in (Shape(columns=("name",)), Shape(columns=tuple(SHAPE.columns), grouping=Grouping.NONE)):
        assert write_docx(PAPER, shape, []) and write_workbook(PAPER, shape, [])
    assert list_docx(PAPER, Shape(columns=("name",)), entries(1))
    assert list_workbook(PAPER, Shape(columns=("name",)), entries(1))


def test_a_long_list_is_written_by_a_child_and_is_the_same():
    people = entries(2_500)
    shape = Shape(columns=("ordinal", "name", "position"))
    rows = listed(Document(BytesIO(list_docx(PAPER, shape, people)))).findall(qn("w:tr"))
    assert len(rows) == 1 + 2 + 2_500 + 1
    made = openpyxl.load_workbook(BytesIO(list_workbook(PAPER, shape, people)), read_only=True).active
    assert sum(isinstance(row[0], int) for row in made.iter_rows(values_only=True)) == 2_500


def test_word_refuses_what_it_could_not_open():
    [one] = entries(1)
    with pytest.raises(Refused) as refusal:
        list_docx(PAPER, SHAPE, [one] * 20_001)
    assert refusal.value.message.values == {"most": "20.000"}
