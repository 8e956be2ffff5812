"""Tables wider than a page stand below each other in bands that can be read; what is very large is made in a child."""

import re
from io import BytesIO

import pytest
from docx import Document
from pypdf import PdfReader

from seminar.documents import pdf
from seminar.documents.content import Annex, Line, Table, abreast, annexes_data, common_data
from seminar.documents.layout import rules_for
from seminar.documents.rules import DocumentSettings
from seminar.statistics.documents import Filled, form_annex, form_docx, form_pdf, headings_of
from seminar.statistics.rules import Definition
from seminar.statistics.rules import consolidation as rules
from seminar.statistics.rules.consolidation import Asked, Consolidation
from seminar.statistics.rules.definitions import Column, ColumnKind, Layout, Row
from tests.cast import NOW

COLUMNS, ROWS = 40, 60


def sheet(groups, rows=3, *, is_landscape=False):
    """`groups`: how many columns under each heading; 0: one column without a heading."""
    columns = []
    for number, count in enumerate(groups):
        for _one in range(count or 1):
            at = len(columns)
            heading = f"Nhóm {number}" if count else ""
            columns.append(Column(key=f"c{at}", label=f"Cột {at}", kind=ColumnKind.FLOW, heading=heading))
    return Definition(
        code="to",
        title="Biểu to",
        layout=Layout(subject="Số liệu", row_heading="Nội dung", is_landscape=is_landscape),
        columns=tuple(columns),
        rows=tuple(Row(key=f"r{number}", label=f"Dòng {number}") for number in range(rows)),
    )


def filled(definition):
    cells = {
        f"{row.key}.{column.key}": str(10_000 + 100 * y + x)
        for y, row in enumerate(definition.rows)
        for x, column in enumerate(definition.columns)
    }
    return Filled(definition, DocumentSettings(), "kỳ thử", "Thành Đoàn Thử Một", cells)


def bands(table, before, most):
    return [block for block in abreast(table, before, most) if isinstance(block, Table)]


def test_a_table_that_finds_room_stays_one():
    [block] = form_annex(filled(sheet([0] * 10))).blocks
    assert len(block.shares) == 12


def test_columns_under_one_heading_stay_together_where_they_can():
    whole = Table(headings_of(sheet([0, 4, 4, 5, 0])), (("1", "Dòng", *map(str, range(15))),) * 2, (10, 20, *[18] * 15))
    blocks = list(abreast(whole, 2, 6))
    assert [block.strong for block in blocks if isinstance(block, Line)] == [
        "Cột 1 đến 5 (trong 15 cột)",
        "Cột 6 đến 9 (trong 15 cột)",
        "Cột 10 đến 15 (trong 15 cột)",
    ]
    first, second, third = bands(whole, 2, 6)
    assert first.headings == (
        (("TT", 1, 2), ("Nội dung", 1, 2), ("Cột 0", 1, 2), ("Nhóm 1", 4, 1)),
        tuple((f"Cột {number}", 1, 1) for number in range(1, 5)),
    )
    assert [row[2:] for row in (second.rows[0], third.rows[0])] == [
        ("5", "6", "7", "8"),
        ("9", "10", "11", "12", "13", "14"),
    ]
    assert third.headings[0][-1] == ("Cột 14", 1, 2)


def test_a_group_wider_than_the_page_is_cut_and_says_its_heading_again():
    whole = Table(headings_of(sheet([7])), (("1", "Dòng", *"1234567"),), (10, 20, *[18] * 7), centred=(0, *range(2, 9)))
    parts = bands(whole, 2, 3)
    assert [part.headings[0][2:] for part in parts] == [(("Nhóm 0", 3, 1),), (("Nhóm 0", 3, 1),), (("Nhóm 0", 1, 1),)]
    assert parts[2].centred == (0, 2)
    assert parts[2].rows == (("1", "Dòng", "7"),)


@pytest.mark.parametrize("is_landscape", [False, True])
def test_the_largest_form_prints_every_figure_whole(is_landscape):
    """40 columns beside each other stood over one another: "1.1901.190"."""
    form = filled(sheet([5] * 8, ROWS, is_landscape=is_landscape))
    wanted = {f"{number // 1000}.{number % 1000:03}" for number in (int(text) for text in form.cells.values())}
    tables = Document(BytesIO(form_docx(form, NOW))).tables
    ruled = [table for table in tables if table.rows[0].cells[0].text == "TT"]
    assert {len(table.columns) for table in ruled} == {12}
    assert {cell.text for table in ruled for row in table.rows[2:] for cell in row.cells[2:]} == wanted
    printed = "\n".join(page.extract_text() for page in PdfReader(BytesIO(form_pdf(form, NOW))).pages)
    assert wanted <= set(re.findall(r"(?<![\d.])\d{2}\.\d{3}(?![\d.])", printed))


def document(count, words="Dòng có nhiều chữ, số {}"):
    table = Table(
        ((("TT", 1, 1), ("Nội dung", 1, 1)),),
        tuple((str(number), words.format(number)) for number in range(count)),
        (10, 90),
    )
    layout = rules_for(NOW.date())
    data = {**common_data(layout, DocumentSettings()), **annexes_data([Annex("BIỂU", "", (table,))]), "heading": "Biểu"}
    return PdfReader(BytesIO(pdf.compile("form.typ", data)))


def test_what_is_very_large_is_made_in_a_child_without_tags():
    small, large = document(20), document(12_000)
    assert "/StructTreeRoot" in small.trailer["/Root"]
    assert "/StructTreeRoot" not in large.trailer["/Root"]
    assert "số 11999" in large.pages[-1].extract_text()


def test_a_row_stays_on_one_page_unless_no_page_can_hold_it():
    pages = [page.extract_text() for page in document(60, "đầu{0} " + "chữ " * 120 + "cuối{0}").pages]
    assert len(pages) > 5
    for number in range(60):
        [page] = [page for page in pages if f"đầu{number} " in page]
        assert f"cuối{number}\n" in f"{page}\n"
    tall = "".join(page.extract_text() for page in document(1, "chữ " * 9000).pages)
    assert tall.count("chữ") == 9000, "no word falls off the page"


def test_how_a_figure_is_made_is_found_once_for_all_units(monkeypatch):
    asked = []
    found = rules.reckoning_of
    monkeypatch.setattr(rules, "reckoning_of", lambda *given: asked.append(given) or found(*given))
    definition = sheet([0] * 3)
    values = {unit: {(row.key, "c0"): unit for row in definition.rows} for unit in range(20)}
    whole = Consolidation(definition, tuple(values), values)
    assert [whole.of_unit(unit, Asked("r1", "c0")) for unit in values] == list(values)
    assert whole.total(Asked("r1", "c0")).value == sum(values)
    assert len(asked) == 1
