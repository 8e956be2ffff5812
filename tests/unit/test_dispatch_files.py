"""A dispatch and a programme as Word and PDF, measured against domain.md 1.1 and 1.3; the figures are typed here again."""

import io
import re
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from docx import Document
from docx.oxml.ns import qn
from pypdf import PdfReader

from seminar.documents.content import Annex, Content, Table, content_pdf, read_body
from seminar.documents.layout import rules_for
from seminar.documents.models import DocumentKind
from seminar.documents.rules import DocumentSettings, Recipient
from seminar.documents.word.document import content_docx

NOW = datetime(2024, 1, 25, 1, 0, tzinfo=UTC)
QUOTAS = Table(
    ((("STT", 1, 1), ("Thành phần", 1, 1), ("Số lượng", 1, 1)),),
    (("1", "Bí thư Đoàn trường THPT", "09"), ("", "Cộng", "09")),
    (12, 110, 38),
    centred=(0, 2),
    strong_rows=(1,),
)
FORM = Table(
    (
        (("TT", 1, 2), ("Năm", 1, 2), ("Số TNCCN được kết nạp Đảng", 2, 1)),
        (("Khu vực nhà nước", 1, 1), ("Khu vực DN ngoài nhà nước", 1, 1)),
    ),
    (("1", "Năm 2021", "", ""),),
    (10, 50, 50, 50),
    row_height_mm=10,
)
DISPATCH = Content(
    kind=DocumentKind.DISPATCH,
    symbol="01-CV/TĐTN-TCKT",
    subject="triệu tập đại biểu",
    day=date(2024, 1, 25),
    settings=DocumentSettings(signer_name="Trần Thị Mẫu", archive_mark="TCKT-2024"),
    layout=rules_for(date(2024, 1, 25)),
    addressees=("Sở Giáo dục & Đào tạo", "Ban Tổ chức Tỉnh ủy"),
    blocks=read_body("I. Yêu cầu\n1. Thành phần: như sau\n[Bảng]\nTrân trọng./.", {"Bảng": QUOTAS}),
    annexes=(
        Annex("BÁO CÁO", "Kết quả", (FORM,), head=(("BCH ĐOÀN TỈNH",), ("BCH …………",), "…-BC/ĐTN", "…………, ngày …")),
        Annex("DANH SÁCH", "Đại biểu", (QUOTAS,), is_landscape=True),
    ),
    recipients=(
        Recipient("Như trên"),
        Recipient("Sở GD&ĐT", "để p/h", 2),
        Recipient("Các trường", "để p/h", 1, True),
        Recipient("Lưu VP, TCKT"),
    ),
    is_draft=True,
    urgency="HỎA TỐC",
    meeting_mark="Tài liệu hội nghị",
)
PROGRAMME = replace(
    DISPATCH, kind=DocumentKind.PROGRAMME, symbol="01-CTr/TĐTN-TCKT", subject="Tọa đàm", addressees=(), annexes=()
)


@pytest.fixture(scope="module", params=[DISPATCH, PROGRAMME], ids=["dispatch", "programme"])
def written(request):
    content = content_docx(request.param, NOW)
    return request.param, content, Document(io.BytesIO(content))


def looks(document) -> dict[str, tuple[float, bool, bool]]:
    found: dict[str, tuple[float, bool, bool]] = {}
    for p in document.element.body.iter(qn("w:p")):
        run = p.find(qn("w:r"))
        text = "".join(t.text or "" for t in p.iter(qn("w:t")))
        if text and run is not None and run.rPr is not None:
            size, bold, italic = (run.rPr.find(qn(f"w:{name}")) for name in ("sz", "b", "i"))
            is_on = [one is not None and one.get(qn("w:val")) in (None, "1") for one in (bold, italic)]
            found.setdefault(text, (int(size.get(qn("w:val"))) / 2, *is_on))
    return found


def test_page_and_margins_are_those_of_the_guidance(written):
    _, _, document = written
    for section in document.sections:
        size, margins = section._sectPr.pgSz, section._sectPr.pgMar
        sides = sorted(int(size.get(qn(f"w:{name}"))) for name in ("w", "h"))
        assert sides == [11906, 16838]
        assert [margins.get(qn(f"w:{name}")) for name in ("top", "bottom", "left", "right")] == [
            "1134",
            "1134",
            "1701",
            "1134",
        ]
    assert document.settings.element.find(qn("w:mirrorMargins")) is None


def test_each_component_has_its_size_and_style(written):
    content, _, document = written
    expected = {
        "ĐOÀN TNCS HỒ CHÍ MINH": (15, True, False),
        "BCH ĐOÀN TỈNH BÌNH DƯƠNG": (14, True, False),
        "***": (14, False, False),
        f"Số: {content.symbol}": (14, False, False),
        "Bình Dương, ngày 25 tháng 01 năm 2024": (13, False, True),
        "Tài liệu hội nghị": (12, False, True),
        "DỰ THẢO": (13, True, False),
        "HỎA TỐC": (13, True, False),
        "I. YÊU CẦU": (14, True, False),
        "1. Thành phần: như sau": (14, True, False),
        "Trân trọng./.": (14, False, False),
        "Nơi nhận:": (13, True, False),
        "- Như trên;": (11, False, False),
        "TM. BAN THƯỜNG VỤ TỈNH ĐOÀN": (14, True, False),
        "BÍ THƯ": (14, False, False),
        "Trần Thị Mẫu": (14, True, False),
    }
    if content.kind == DocumentKind.DISPATCH:
        expected |= {
            "“V/v triệu tập đại biểu”": (12, False, True),
            "Kính gửi:": (14, True, True),
            "- Sở Giáo dục & Đào tạo;": (14, True, False),
            "- Ban Tổ chức Tỉnh ủy.": (14, True, False),
            "BCH ĐOÀN TỈNH": (14, False, False),
            "BCH …………": (14, True, False),
        }
    else:
        expected |= {"CHƯƠNG TRÌNH": (16, True, False), "Tọa đàm": (14, True, False), "-------": (14, False, False)}
    seen = looks(document)
    assert {text: seen.get(text) for text in expected} == expected


def test_number_and_place_stand_in_one_row_and_marks_under_the_number(written):
    content, _, document = written
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert rows[0] == ["BCH ĐOÀN TỈNH BÌNH DƯƠNG\n***", "ĐOÀN TNCS HỒ CHÍ MINH"]
    assert rows[1] == [f"Số: {content.symbol}", "Bình Dương, ngày 25 tháng 01 năm 2024"]
    subject = "“V/v triệu tập đại biểu”\n" if content.kind == DocumentKind.DISPATCH else ""
    assert rows[2][0] == f"{subject}Tài liệu hội nghị\nDỰ THẢO\nHỎA TỐC"


def test_only_the_draft_mark_is_boxed(written):
    _, _, document = written
    boxed = [
        "".join(t.text or "" for t in run.iter(qn("w:t")))
        for run in document.element.body.iter(qn("w:r"))
        if run.rPr is not None and run.rPr.find(qn("w:bdr")) is not None
    ]
    assert boxed == ["DỰ THẢO"]


def test_copies_are_raised_and_a_shared_purpose_has_one_rule(written):
    _, _, document = written
    raised = [
        "".join(t.text or "" for t in run.iter(qn("w:t")))
        for run in document.element.body.iter(qn("w:r"))
        if run.rPr is not None and run.rPr.find(qn("w:vertAlign")) is not None
    ]
    assert raised == ["(2b)", "(5b)"]
    ruled = [tc for tc in document.element.body.iter(qn("w:tc")) if tc.tcPr.find(qn("w:tcBorders")) is not None]
    assert len(ruled) == 1
    assert [t.text for t in ruled[0].getnext().iter(qn("w:t"))] == ["để p/h"]


def test_annexes_are_numbered_on_their_own_and_may_lie_across():
    document = Document(io.BytesIO(content_docx(DISPATCH, NOW)))
    starts = [section._sectPr.find(qn("w:pgNumType")) for section in document.sections]
    assert [None if start is None else start.get(qn("w:start")) for start in starts] == [None, "1", "1"]
    assert [section.page_width > section.page_height for section in document.sections] == [False, False, True]


def test_no_two_tables_touch_and_every_cell_has_a_paragraph(written):
    """Word joins tables that touch, and calls a file damaged whose cell ends without a paragraph."""
    _, content, document = written
    for table in document.element.body.iter(qn("w:tbl")):
        following = table.getnext()
        assert following is None or following.tag != qn("w:tbl")
    for cell in document.element.body.iter(qn("w:tc")):
        assert cell[-1].tag == qn("w:p")
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert package.testzip() is None


def words(content: Content) -> list[str]:
    return [re.sub(r"\s+", " ", page.extract_text()) for page in PdfReader(io.BytesIO(content_pdf(content))).pages]


def test_the_pdf_says_what_the_word_file_says():
    text = " ".join(words(DISPATCH))
    for part in (*looks(Document(io.BytesIO(content_docx(DISPATCH, NOW)))),):
        for word in part.split():
            assert word in text, part


def test_pages_of_the_pdf_are_numbered_from_the_second_and_anew_in_each_annex():
    long = replace(DISPATCH, blocks=read_body("\n".join(f"- Dòng {n} của văn bản." for n in range(70)), {}))
    pages = words(long)
    body = [page for page in pages if "Dòng" in page]
    assert len(body) == 3
    assert [page.split(" ")[0] for page in body[1:]] == ["2", "3"]
    assert not pages[0].startswith("1 ")
    assert [page.split(" ")[0] for page in pages[3:]] == ["BCH", "DANH"]


def test_both_sides_begin_each_annex_on_a_front_side():
    sides = replace(DISPATCH, settings=replace(DISPATCH.settings, is_double_sided=True))
    pages = [page.replace("TCKT-2024", "").strip() for page in words(sides)]
    assert len(pages) == 5
    assert pages[1] == pages[3] == ""
    document = Document(io.BytesIO(content_docx(sides, NOW)))
    assert document.settings.element.find(qn("w:mirrorMargins")) is not None
    kinds = [section._sectPr.find(qn("w:type")) for section in document.sections]
    assert [None if kind is None else kind.get(qn("w:val")) for kind in kinds][1:] == ["oddPage", "oddPage"]


def test_a_head_of_office_signs_in_one_bold_line():
    settings = DocumentSettings(authority="CHÁNH VĂN PHÒNG", signer_title="", signer_name="Trần Thị Mẫu")
    alone = replace(DISPATCH, settings=settings, annexes=())
    seen = looks(Document(io.BytesIO(content_docx(alone, NOW))))
    assert seen["CHÁNH VĂN PHÒNG"] == (14, True, False)
    assert "BÍ THƯ" not in seen
    assert "CHÁNH VĂN PHÒNG Trần Thị Mẫu" in " ".join(words(alone))


def addressed_in_word(*names: str) -> list[str]:
    body = Document(io.BytesIO(content_docx(replace(DISPATCH, addressees=names), NOW))).element.body
    tables = [table for table in body.iter(qn("w:tbl")) if "Kính gửi:" in [t.text for t in table.iter(qn("w:t"))]]
    if not tables:
        return ["in one line"]
    widths = [int(one.get(qn("w:w"))) for one in tables[0].iter(qn("w:gridCol"))]
    rows = ["|".join("".join(t.text for t in cell.iter(qn("w:t"))) for cell in row.tc_lst) for row in tables[0].tr_lst]
    assert tables[0].tblPr.find(qn("w:jc")).get(qn("w:val")) == "center"
    assert sum(widths) <= 7802  # 86 % of 160 mm
    return rows


def test_one_short_addressee_stands_in_one_line_and_others_hang_beside_the_label():
    assert addressed_in_word("Sở Nội vụ") == ["in one line"]
    long = "Ban Thường vụ các Huyện, Thị, Thành Đoàn và Đoàn trực thuộc; Ban Giám hiệu các trường"
    assert addressed_in_word(long) == [f"Kính gửi:|{long}"]
    assert addressed_in_word("Sở Nội vụ", "Ban Tổ chức") == ["Kính gửi:|- Sở Nội vụ;", "|- Ban Tổ chức."]
    assert addressed_in_word("Đồng chí A\nBí thư") == ["Kính gửi:|Đồng chí A", "|Bí thư"]


def test_an_annex_says_with_which_document_it_goes():
    said = "(Kèm theo Công văn số 01-CV/TĐTN-TCKT, ngày 01 tháng 3 năm 2024 của Tỉnh Đoàn thử)"
    attached = replace(DISPATCH, annexes=tuple(replace(one, attached_to=said) for one in DISPATCH.annexes))
    body = Document(io.BytesIO(content_docx(attached, NOW))).element.body
    word = "".join(t.text or "" for t in body.iter(qn("w:t")))
    pdf = " ".join(" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content_pdf(attached))).pages)
    assert word.count(said) == pdf.count(said) == len(DISPATCH.annexes) > 0
