"""A generated Word file measured against HD 29-HD/TWĐTN-VP as domain.md 1.1 tables it; the figures are typed here again."""

import zipfile
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Pt

from seminar.documents.layout import rules_for
from seminar.documents.rules import DocumentSettings
from seminar.documents.word.document import WordDocument
from seminar.documents.word.frame import bold_width_pt
from seminar.documents.word.runs import Link, Strong

NOW = datetime(2024, 3, 15, 5, 0, tzinfo=UTC)
SETTINGS = DocumentSettings(superior_lines=("Tỉnh Đoàn thử",), signer_name="Trần Thị Mẫu", recipients=("- Như trên;",))


@pytest.fixture(scope="module")
def content() -> bytes:
    word = WordDocument(rules_for(date(2024, 3, 15)), title="Báo cáo thử", now=NOW, draft=True)
    word.head(SETTINGS, "01-BC/TĐTN-TCKT", date(2024, 3, 5))
    word.title("Báo cáo", "Kết quả tọa đàm")
    word.heading(1, "I. Tình hình")
    word.heading(2, "1. Thành phần")
    word.heading(3, "1.1. Khách mời")
    word.heading(4, "1.1.1. Có mặt")
    word.heading(5, "1.1.1.1. Đúng giờ")
    word.paragraph("Có ", Link("142", "http://localhost/rows"), " đại biểu, ", Strong("đủ"), ".\nĐoạn hai & <b>.")
    word.table(("TT", "Nội dung"), [(1, "Một"), (2, Link("Hai", "http://localhost/hai"))], (15, 145), centred=(0,))
    word.signature(SETTINGS.recipients, SETTINGS)
    word.appendix("Phụ lục 1", "Danh sách", landscape=True)
    return word.save()


@pytest.fixture(scope="module")
def document(content):
    return Document(BytesIO(content))


def everywhere(document):
    """Every paragraph of the body, also those in table cells, by its text."""
    found = {}
    for p in document.element.body.iter(qn("w:p")):
        text = "".join(t.text or "" for t in p.iter(qn("w:t")))
        found.setdefault(text, p)
    return found


def look_of(p):
    """(size in points, bold, italic) of the first run."""
    properties = p.find(".//" + qn("w:rPr"))
    return (
        int(properties.find(qn("w:sz")).get(qn("w:val"))) / 2,
        properties.find(qn("w:b")).get(qn("w:val")) == "1",
        properties.find(qn("w:i")).get(qn("w:val")) == "1",
    )


def aligned(p):
    return p.pPr.find(qn("w:jc")).get(qn("w:val"))


def test_the_page_is_a4_with_the_margins_of_the_guidance(document):
    section = document.sections[0]._sectPr
    assert {name: section.pgSz.get(qn(f"w:{name}")) for name in ("w", "h", "orient")} == {
        "w": "11906",
        "h": "16838",
        "orient": "portrait",
    }
    assert [section.pgMar.get(qn(f"w:{side}")) for side in ("top", "bottom", "left", "right")] == [
        "1134",
        "1134",
        "1701",
        "1134",
    ]


def test_an_appendix_on_its_side_keeps_the_paper_and_counts_its_pages_anew(document):
    section = document.sections[1]._sectPr
    assert {name: section.pgSz.get(qn(f"w:{name}")) for name in ("w", "h", "orient")} == {
        "w": "16838",
        "h": "11906",
        "orient": "landscape",
    }
    assert section.find(qn("w:pgNumType")).get(qn("w:start")) == "1"


def test_the_page_number_stands_centred_at_the_top_from_page_two(document):
    for section in document.sections:
        assert section.different_first_page_header_footer
        assert section.first_page_header.is_linked_to_previous or section.first_page_header.paragraphs[0].text == ""
        [paragraph] = section.header.paragraphs
        assert aligned(paragraph._p) == "center"
        assert [i.text for i in paragraph._p.iter(qn("w:instrText"))] == ["PAGE"]
        assert look_of(paragraph._p) == (14, False, False)


def test_times_new_roman_is_named_for_every_script_and_no_theme_overrides_it(content):
    with zipfile.ZipFile(BytesIO(content)) as parts:
        styles, body = parts.read("word/styles.xml").decode(), parts.read("word/document.xml").decode()
    document = Document(BytesIO(content))
    names = ("Normal", "Body Text", "Heading 1", "Heading 2", "Heading 3", "Heading 4", "Heading 5")
    for name in names:
        fonts = document.styles[name].element.rPr.rFonts
        assert {key.split("}")[1]: value for key, value in fonts.attrib.items()} == dict.fromkeys(
            ("ascii", "hAnsi", "cs", "eastAsia"), "Times New Roman"
        )
    assert "docDefaults" not in styles
    assert "Theme" not in body


@pytest.mark.parametrize(
    ("text", "size", "bold", "italic", "align"),
    [
        ("ĐOÀN TNCS HỒ CHÍ MINH", 15, True, False, "center"),
        ("TỈNH ĐOÀN THỬ", 14, False, False, "center"),
        ("BCH ĐOÀN TỈNH BÌNH DƯƠNG", 14, True, False, "center"),
        ("***", 14, False, False, "center"),
        ("Số: 01-BC/TĐTN-TCKT", 14, False, False, "center"),
        ("DỰ THẢO", 13, True, False, "center"),
        ("Bình Dương, ngày 05 tháng 3 năm 2024", 13, False, True, "center"),
        ("BÁO CÁO", 16, True, False, "center"),
        ("Kết quả tọa đàm", 14, True, False, "center"),
        ("-------", 14, False, False, "center"),
        ("Nơi nhận:", 13, True, False, "left"),
        ("- Như trên;", 11, False, False, "left"),
        ("TM. BAN THƯỜNG VỤ TỈNH ĐOÀN", 14, True, False, "center"),
        ("BÍ THƯ", 14, False, False, "center"),
        ("Trần Thị Mẫu", 14, True, False, "center"),
    ],
)
def test_each_component_has_its_size_and_style(document, text, size, bold, italic, align):
    p = everywhere(document)[text]
    assert (*look_of(p), aligned(p)) == (size, bold, italic, align)


@pytest.mark.parametrize(
    ("style", "text", "bold", "italic"),
    [
        ("Heading 1", "I. TÌNH HÌNH", True, False),
        ("Heading 2", "1. Thành phần", True, False),
        ("Heading 3", "1.1. Khách mời", True, True),
        ("Heading 4", "1.1.1. Có mặt", False, True),
        ("Heading 5", "1.1.1.1. Đúng giờ", False, False),
    ],
)
def test_headings_follow_the_levels_of_the_guidance(document, style, text, bold, italic):
    [paragraph] = [paragraph for paragraph in document.paragraphs if paragraph.style.name == style]
    assert paragraph.text == text
    assert look_of(paragraph._p) == (14, bold, italic)


def test_running_text_is_14_justified_indented_and_at_most_six_points_apart(document):
    style = document.styles["Body Text"]
    assert style.font.size == Pt(14)
    properties = style.element.pPr
    assert properties.find(qn("w:jc")).get(qn("w:val")) == "both"
    assert properties.find(qn("w:ind")).get(qn("w:firstLine")) == "720"
    spacing = properties.find(qn("w:spacing"))
    assert int(spacing.get(qn("w:after"))) <= 120
    assert 240 <= int(spacing.get(qn("w:line"))) <= 288


def test_the_rule_under_the_heading_is_as_long_as_the_words(document):
    heading = everywhere(document)["ĐOÀN TNCS HỒ CHÍ MINH"]
    assert heading.pPr.find(qn("w:pBdr")).find(qn("w:bottom")).get(qn("w:val")) == "single"
    cell = heading.getparent()
    width = int(cell.tcPr.find(qn("w:tcW")).get(qn("w:w")))
    indent = heading.pPr.find(qn("w:ind"))
    rule = width - int(indent.get(qn("w:left"))) - int(indent.get(qn("w:right")))
    assert abs(rule - 20 * bold_width_pt("ĐOÀN TNCS HỒ CHÍ MINH", 15)) <= 2
    assert rule == 3867  # 193.3 points in Times New Roman Bold 15


def test_the_draft_mark_is_boxed(document):
    assert everywhere(document)["DỰ THẢO"].find(".//" + qn("w:bdr")).get(qn("w:val")) == "single"


def test_a_table_repeats_its_first_row_and_has_its_widths_on_the_grid(document):
    table = document.tables[1]._tbl
    assert [column.get(qn("w:w")) for column in table.tblGrid] == ["850", "8220"]
    first, *rest = table.tr_lst
    assert first.trPr.find(qn("w:tblHeader")) is not None
    assert [row.trPr.find(qn("w:tblHeader")) for row in rest] == [None, None]


def test_text_is_never_markup_and_lines_become_paragraphs(document):
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert "Có 142 đại biểu, đủ." in texts
    assert "Đoạn hai & <b>." in texts


def test_links_carry_their_addresses(document):
    links = document.element.body.iter(qn("w:hyperlink"))
    addresses = {
        "".join(t.text for t in link.iter(qn("w:t"))): document.part.rels[link.get(qn("r:id"))].target_ref
        for link in links
    }
    assert addresses == {"142": "http://localhost/rows", "Hai": "http://localhost/hai"}


def test_an_unknown_signer_prints_as_a_gap():
    word = WordDocument(rules_for(date(2024, 3, 15)), title="Thử", now=NOW)
    word.signature((), DocumentSettings())
    assert "…………" in everywhere(Document(BytesIO(word.save())))


def test_each_of_many_links_opens_its_address_and_a_long_title_is_no_error():
    word = WordDocument(rules_for(date(2024, 3, 15)), title="Biểu " * 100, now=NOW)
    rows = [(number, Link(str(number), f"http://localhost/{number % 50}")) for number in range(200)]
    word.table(("TT", "Số"), rows, (15, 145))
    read = Document(BytesIO(word.save()))
    links = list(read.element.body.iter(qn("w:hyperlink")))
    opened = [read.part.rels[link.get(qn("r:id"))].target_ref for link in links]
    assert opened == [f"http://localhost/{number % 50}" for number in range(200)]
    assert sum(one.is_external for one in read.part.rels.values()) == 50
    assert len(read.core_properties.title) == 255


def test_a_table_that_fills_its_page_is_followed_by_no_empty_one():
    word = WordDocument(rules_for(date(2024, 3, 15)), title="Thử", now=NOW)
    word.table(("TT", "Số"), [("1", "2")], (15, 145))
    spacing = Document(BytesIO(word.save())).paragraphs[-1]._p.pPr.find(qn("w:spacing"))
    assert (spacing.get(qn("w:line")), spacing.get(qn("w:lineRule"))) == ("20", "exact"), "one point high"
