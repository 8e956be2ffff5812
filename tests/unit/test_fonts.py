"""Old fonts in a Word file: found run by run and by words, converted with nothing else changed."""

import io
import re
import zipfile

import docx
import pytest

from seminar.lib.legacy import Legacy, encode
from seminar.papers.checking import fonts
from tests import corpus

SENTENCE = "Nghị quyết Đại hội Đoàn toàn quốc về phát triển đảng viên trẻ"


def texts(content):
    return [paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs]


def old(kind, sentence=SENTENCE):
    return encode(sentence, kind)


@pytest.mark.parametrize(
    ("font", "kind"), [(".VnTime", Legacy.TCVN3), ("VNI-Times", Legacy.VNI), (".VnArial", Legacy.TCVN3)]
)
def test_a_run_in_an_old_font_is_found_and_converted(font, kind):
    content = corpus.old_word((old(kind), font), ("Bài viết bằng Unicode", "Times New Roman"))
    found = fonts.examine(content)
    assert found.kinds == (kind.value,)
    assert found.samples == ((old(kind), SENTENCE),)
    made = fonts.convert(content)
    assert texts(made) == [SENTENCE, "Bài viết bằng Unicode"]
    assert not [name for name in corpus.fonts_of(made) if name.startswith((".Vn", "VNI"))]
    assert fonts.examine(made) == fonts.Fonts()


def test_the_font_of_capitals_draws_small_letters_as_capitals():
    content = corpus.old_word((encode("đoàn thanh niên tỉnh", Legacy.TCVN3), ".VnTimeH"))
    assert fonts.examine(content).kinds == (Legacy.TCVN3_CAPITALS.value,)
    assert texts(fonts.convert(content)) == ["ĐOÀN THANH NIÊN TỈNH"]


def test_the_font_may_be_only_the_style_s():
    content = corpus.old_word((old(Legacy.TCVN3), ""), style=".VnTime")
    assert fonts.examine(content).kinds == (Legacy.TCVN3.value,)
    made = fonts.convert(content)
    assert texts(made) == [SENTENCE]
    assert ".VnTime" not in corpus.fonts_of(made)


def test_old_letters_in_a_font_of_today_are_told_by_their_words():
    content = corpus.old_word((old(Legacy.TCVN3), "Times New Roman"), (old(Legacy.TCVN3, "Thực trạng"), "Arial"))
    assert fonts.examine(content).kinds == (Legacy.TCVN3.value,)
    assert texts(fonts.convert(content)) == [SENTENCE, "Thực trạng"]


def test_unicode_typed_in_an_old_font_keeps_its_letters():
    content = corpus.old_word((SENTENCE, ".VnTime"))
    assert fonts.examine(content) == fonts.Fonts()
    assert texts(fonts.convert(content)) == [SENTENCE]


@pytest.mark.parametrize("sentence", ["Café à la carte, São Paulo, Zürich", SENTENCE, "Plain words only", "5 µm ± 2°"])
def test_what_is_of_today_is_left_alone(sentence):
    content = corpus.old_word((sentence, "Times New Roman"))
    assert fonts.examine(content) == fonts.Fonts()
    assert texts(fonts.convert(content)) == [sentence]


@pytest.mark.parametrize("kind", [Legacy.VNI, Legacy.TCVN3])
def test_a_letter_that_word_cut_into_two_runs_is_one_letter(kind):
    """Spelling marks and edits cut runs anywhere, also between a letter and its mark."""
    whole, font = old(kind), {Legacy.VNI: "VNI-Times", Legacy.TCVN3: ".VnTime"}[kind]
    for at in range(1, len(whole), 3):
        document = docx.Document()
        paragraph = document.add_paragraph()
        for piece in (whole[:at], whole[at:]):
            paragraph.add_run(piece).font.name = font
        content = io.BytesIO()
        document.save(content)
        assert texts(fonts.convert(content.getvalue())) == [SENTENCE]


def test_tables_headers_and_footnotes_are_converted_and_every_other_part_is_the_same_byte_for_byte():
    document = docx.Document()
    document.add_table(1, 1).cell(0, 0).paragraphs[0].add_run(old(Legacy.TCVN3)).font.name = ".VnTime"
    document.sections[0].header.paragraphs[0].add_run(old(Legacy.TCVN3)).font.name = ".VnTime"
    content = io.BytesIO()
    document.save(content)
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    note = (
        f'<w:footnotes {space}><w:footnote w:id="1"><w:p><w:r><w:rPr><w:rFonts w:ascii=".VnTime" w:hAnsi=".VnTime"/></w:rPr>'
        f"<w:t>{old(Legacy.TCVN3)}</w:t></w:r></w:p></w:footnote></w:footnotes>"
    )
    before = corpus.rewritten(content.getvalue(), {"word/footnotes.xml": note.encode(), "word/media/a.bin": b"picture"})
    after = fonts.convert(before)
    made = docx.Document(io.BytesIO(after))
    assert made.tables[0].cell(0, 0).text == SENTENCE
    assert made.sections[0].header.paragraphs[0].text == SENTENCE
    assert SENTENCE in corpus.part_of(after, "word/footnotes.xml").decode()
    with zipfile.ZipFile(io.BytesIO(before)) as one, zipfile.ZipFile(io.BytesIO(after)) as two:
        assert one.namelist() == two.namelist()
        for name in one.namelist():
            if not fonts.TEXT_PART.fullmatch(name) and not fonts.FONT_PART.fullmatch(name):
                assert one.read(name) == two.read(name)


def test_the_numbering_is_text_too():
    document = docx.Document()
    document.add_paragraph("Một", style="List Number")
    content = io.BytesIO()
    document.save(content)
    numbering = corpus.part_of(content.getvalue(), "word/numbering.xml").decode()
    level = '<w:lvlText w:val="§iÒu %1."/><w:rPr><w:rFonts w:ascii=".VnTime" w:hAnsi=".VnTime"/></w:rPr>'
    numbering = re.sub(
        r'(<w:lvl w:ilvl="0"[^>]*>.*?)<w:lvlText [^>]*/>(.*?)</w:lvl>',
        lambda found: f"{found[1]}{level}</w:lvl>",
        numbering,
        count=1,
        flags=re.S,
    )
    made = fonts.convert(corpus.rewritten(content.getvalue(), {"word/numbering.xml": numbering.encode()}))
    assert "Điều %1." in corpus.part_of(made, "word/numbering.xml").decode()


def test_samples_are_whole_sentences_and_few():
    runs = [(old(Legacy.TCVN3, f"Đoạn thứ {number} của bài tham luận"), ".VnTime") for number in range(9)]
    found = fonts.examine(corpus.old_word(*runs))
    assert [after for _, after in found.samples] == [f"Đoạn thứ {number} của bài tham luận" for number in range(3)]
