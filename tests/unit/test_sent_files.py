""".doc, .odt and a PDF beside a Word file: what the check makes of them, with LibreOffice and without."""

import io

import docx
import pytest

from seminar.lib.errors import Refused
from seminar.lib.legacy import Legacy, encode
from seminar.papers import checking, converting
from tests import corpus


@pytest.fixture
def without(monkeypatch, tmp_path):
    """A machine without LibreOffice: nothing of that name on the way to programs."""
    monkeypatch.setenv("PATH", str(tmp_path))
    converting.program.cache_clear()
    yield
    converting.program.cache_clear()


def test_an_opendocument_text_is_kept_as_sent_and_turned_into_word_at_once():
    content = corpus.odt("Một hai ba", "bốn năm")
    checked = checking.check_upload("bài viết.odt", content)
    assert (checked.filename, checked.content, checked.word_count) == ("bài viết.odt", content, 5)
    assert [one.text for one in docx.Document(io.BytesIO(checked.docx)).paragraphs] == ["Một hai ba", "bốn năm"]
    assert checked.made_by.startswith("LibreOffice")
    assert [one.msgid for one in checked.remarks] == [checking.CONVERTED.msgid]


def test_an_old_word_file_too_and_its_old_fonts_are_found_in_what_was_made():
    sentence = "Nghị quyết Đại hội Đoàn toàn quốc về phát triển đảng"
    content = corpus.doc(encode(sentence, Legacy.TCVN3))
    checked = checking.check_upload("bai.docx", content)
    assert (checked.filename, checked.media_type, checked.legacy) == ("bai.doc", checking.doc.MEDIA_TYPE, "tcvn3")
    made = checking.in_unicode(checked.word_file)
    assert docx.Document(io.BytesIO(made)).paragraphs[0].text == sentence


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.odt", corpus.odt("Một hai")),
        ("a.doc", corpus.ole("WordDocument", "1Table", content=corpus.fib())),
    ],
)
def test_without_libreoffice_the_sentence_says_to_save_as_docx(without, name, content):
    with pytest.raises(Refused, match=r"Save it as \.docx"):
        checking.check_upload(name, content)


def test_without_libreoffice_word_and_pdf_come_as_ever(without):
    assert checking.check_upload("a.docx", corpus.word("Một hai")).word_count == 2
    assert checking.check_upload("a.pdf", corpus.printed("Một hai")).word_count == 2


def test_a_pdf_beside_is_compared_with_the_word_file():
    word = corpus.word("Phát triển đảng viên trẻ", "trong đoàn viên, thanh niên tỉnh")
    same = checking.check_beside(corpus.printed("Phát triển đảng viên trẻ", "trong đoàn viên, thanh niên tỉnh"), word)
    assert (same.page_count, same.remarks) == (1, ())
    other = checking.check_beside(corpus.printed("Một bài hoàn toàn khác"), word)
    assert other.remarks == (checking.OTHER_TEXT,)
    assert checking.check_beside(corpus.pdf(), word).remarks == (checking.NOT_COMPARED,)


@pytest.mark.parametrize("content", [b"x", corpus.word("Một"), b"%PDF-1.7 nothing"])
def test_what_is_no_pdf_is_not_kept_beside(content):
    with pytest.raises(Refused):
        checking.check_beside(content, corpus.word("Một"))


@pytest.mark.parametrize(
    ("file", "beside", "standing", "good", "wrong"),
    [
        (b"", b"", None, False, "file"),
        (b"", b"", b"word", False, "file"),
        (b"", b"pdf", None, False, "file"),
        (b"", b"pdf", b"word", True, ""),
        (b"word", b"", None, True, ""),
        (b"word", b"pdf", None, True, ""),
        (b"word", b"word", None, False, "beside"),
        (b"pdf", b"pdf", None, False, "beside"),
        (b"junk", b"pdf", None, False, "file"),
    ],
)
def test_what_came_with_the_form_is_good_or_says_which_field_is_wrong(file, beside, standing, good, wrong):
    contents = {b"word": corpus.word("Một hai"), b"pdf": corpus.printed("Một hai")}
    sent = checking.check_sent(
        "a", contents.get(file, file), contents.get(beside, beside), contents.get(standing, standing)
    )
    assert sent.is_good is good
    assert bool(sent.problem) == (wrong == "file")
    assert bool(sent.beside_problem) == (wrong == "beside")
