"""What check_upload finds in good files, and under which name it keeps them."""

import io
import zipfile

import docx
import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seminar.lib.errors import Message
from seminar.papers import checking
from tests import corpus


def test_a_word_file_is_kept_with_its_words_counted():
    checked = checking.check_upload("Bài tham luận.docx", corpus.word("Vì sao tôi vào Đảng", "Một hai ba"))
    assert (checked.filename, checked.extension, checked.word_count, checked.page_count, checked.remarks) == (
        "Bài tham luận.docx",
        "docx",
        8,
        None,
        (),
    )
    assert checked.media_type == "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    assert len(checked.sha256) == 64


def test_words_in_tables_and_broken_into_runs_are_counted_once():
    document = docx.Document()
    paragraph = document.add_paragraph("phát ")
    paragraph.add_run("tri").bold = True
    paragraph.add_run("ển Đảng")
    document.add_table(1, 2).cell(0, 0).text = "trong ô"
    content = io.BytesIO()
    document.save(content)
    assert checking.check_upload("a.docx", content.getvalue()).word_count == 5


def test_a_pdf_is_kept_with_its_pages_counted_and_a_scan_is_said_to_have_no_text():
    checked = checking.check_upload("bai.PDF", corpus.pdf(pages=3))
    assert (checked.filename, checked.media_type, checked.page_count, checked.word_count) == (
        "bai.pdf",
        "application/pdf",
        3,
        0,
    )
    assert checked.remarks == (checking.pdf.NO_TEXT,)


def test_the_content_decides_and_the_name_follows_it():
    assert checking.check_upload("bai.docx", corpus.pdf()).filename == "bai.pdf"
    assert checking.check_upload("bai.pdf", corpus.word("Một hai")).filename == "bai.docx"


def test_a_sheet_inside_a_document_is_remarked_and_not_refused():
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    content = corpus.rewritten(corpus.word("Một"), {"word/embeddings/sheet.xlsx": inner.getvalue()})
    assert checking.check_upload("a.docx", content).remarks == (checking.word.PACKS,)


def test_a_template_on_the_sender_s_own_disk_is_remarked_and_not_fetched():
    content = corpus.with_template(corpus.word("Một"), "file:///C:\\Users\\An\\Normal.dotm")
    assert checking.check_upload("a.docx", content).remarks == (checking.word.FETCHES,)


def test_a_link_in_the_text_is_nothing_to_remark():
    document = docx.Document()
    document.add_paragraph("Một hai")
    document.part.relate_to(
        "https://example.vn",
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink",
        is_external=True,
    )
    content = io.BytesIO()
    document.save(content)
    assert checking.check_upload("a.docx", content.getvalue()).remarks == ()


def test_a_pdf_that_opens_at_a_page_is_no_script():
    writer = pypdf.PdfWriter()
    page = writer.add_blank_page(200, 200)
    writer.open_destination = pypdf.generic.Destination("start", page.indirect_reference, pypdf.generic.Fit.fit())
    content = io.BytesIO()
    writer.write(content)
    assert checking.check_upload("a.pdf", content.getvalue()).page_count == 1


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("Tham luận.docx", "Tham luận.docx"),
        ("../../etc/passwd", "passwd.docx"),
        ("C:\\Users\\Nam\\bai.docx", "bai.docx"),
        ("CON.docx", "tham-luan-CON.docx"),
        ("", "tham-luan.docx"),
        ("...", "tham-luan.docx"),
        ("bai.docx.exe", "bai.docx.docx"),
        ("a\r\nSet-Cookie: x=1.docx", "a Set-Cookie x=1.docx"),
        ("\u202excod.exe", "xcod.docx"),
        ("Bài số 1. Đảng viên trẻ", "Bài số 1. Đảng viên trẻ.docx"),
        ("x" * 300 + ".docx", "x" * 120 + ".docx"),
        ("Tha\u0306m.docx", "Thăm.docx"),
        ('a"b<c>.docx', "abc.docx"),
    ],
)
def test_the_name_is_plain_on_any_system(given_name, kept):
    assert checking.safe_filename(given_name, "docx") == kept


@given(st.text())
def test_any_name_becomes_a_name(name):
    kept = checking.safe_filename(name, "pdf")
    assert kept.endswith(".pdf")
    assert not set(kept) & set('/\\<>:"|?*%\r\n\0')
    assert 5 <= len(kept) <= 140


def test_remarks_are_sentences():
    assert all(isinstance(one, Message) for one in (checking.word.FETCHES, checking.word.PACKS, checking.pdf.NO_TEXT))
