"""The office's own Word templates: filled by values only, in a sandbox, with what is missing in red."""

import io
import zipfile

import pytest
import zxingcpp
from docx import Document
from docx.oxml.ns import qn
from PIL import Image

from seminar.documents import merging
from seminar.documents.content import END, RAISED, STRONG
from seminar.documents.models import DocumentKind
from seminar.lib import qr
from seminar.lib.errors import Refused

VALUES = {
    "so_ky_hieu": "01-TM/A & B <c>",
    "kinh_gui": "Đồng chí Nguyễn & Văn </w:t> {{ x }}",
    "chuc_vu": "",
    "cac_muc": [{"nhan": "Thời gian", "noi_dung": "08 giờ & 00"}, {"nhan": "Địa điểm", "noi_dung": "Hội trường"}],
    "noi_nhan": ["- Như trên;", "- Lưu VT."],
}


def template(*lines: str, header: str = "") -> bytes:
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    if header:
        document.sections[0].header.paragraphs[0].text = header
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def words(content: bytes) -> list[str]:
    return [paragraph.text for paragraph in Document(io.BytesIO(content)).paragraphs if paragraph.text]


def reds(content: bytes) -> list[str]:
    runs = Document(io.BytesIO(content)).element.body.iter(qn("w:r"))
    return [
        "".join(text.text for text in run.iter(qn("w:t")))
        for run in runs
        if run.rPr is not None and any(one.get(qn("w:val")) == merging.RED for one in run.rPr.iter(qn("w:color")))
    ]


def test_values_are_text_and_never_markup_or_code():
    made = merging.filled(template("{{ so_ky_hieu }}", "Kính gửi: {{ kinh_gui }}"), [VALUES])
    assert words(made) == ["01-TM/A & B <c>", "Kính gửi: Đồng chí Nguyễn & Văn </w:t> {{ x }}"]


def test_lists_repeat_paragraphs():
    lines = ("{%p for muc in cac_muc %}", "{{ loop.index }}. {{ muc.nhan }}: {{ muc.noi_dung }}", "{%p endfor %}")
    assert words(merging.filled(template(*lines), [VALUES])) == ["1. Thời gian: 08 giờ & 00", "2. Địa điểm: Hội trường"]


def test_a_field_that_nobody_knows_is_refused_when_issued_and_red_in_the_preview():
    asks = template("{{ so_ky_hieu }} {{ sai_ten }} {{ sai.ten }}", "Chức vụ: {{ chuc_vu }}.")
    with pytest.raises(Refused, match="sai_ten"):
        merging.filled(asks, [VALUES])
    seen = merging.filled(asks, [VALUES], is_preview=True)
    assert reds(seen) == ["sai_ten", "sai", "…………"]
    assert words(seen)[1] == "Chức vụ: …………."
    assert merging.unknown_fields(merging.asked_fields(asks), DocumentKind.INVITATION) == ["sai", "sai_ten"]


def test_what_is_empty_prints_as_a_gap():
    made = merging.filled(template("Chức vụ: {{ chuc_vu }}."), [VALUES])
    assert (words(made), reds(made)) == (["Chức vụ: …………."], [])


@pytest.mark.parametrize(
    "line",
    [
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{{ kinh_gui.__class__.__mro__ }}",
        "{{ kinh_gui | safe }}",
        "{% for x in %}",
        "{% include 'x' %}",
    ],
)
def test_a_template_runs_nothing(line):
    with pytest.raises(Refused):
        merging.filled(template(line), [VALUES])


def test_a_template_that_never_ends_is_stopped(monkeypatch):
    monkeypatch.setattr(merging, "CHILD_SECONDS", 2)
    endless = "{% for x in range(99999) %}{% for y in range(99999) %}{% endfor %}{% endfor %}"
    with pytest.raises(Refused, match="too much memory or time"):
        merging.filled(template(endless), [VALUES])


def test_fields_in_header_or_footer_are_refused_at_once():
    with pytest.raises(Refused, match="header or footer"):
        merging.asked_fields(template("x", header="{{ kinh_gui }}"))


def test_each_copy_is_a_section_with_its_own_picture():
    people = [{**VALUES, "kinh_gui": f"Người {n}"} for n in range(3)]
    pictures = [qr.png(f"HTTP://LOCALHOST/I/{n}") for n in range(3)]
    made = merging.filled(template("{{ kinh_gui }}", "{{ ma_qr }}"), people, pictures)
    document = Document(io.BytesIO(made))
    assert words(made) == ["Người 0", "Người 1", "Người 2"]
    assert len(document.sections) == 3
    order = [
        document.part.related_parts[blip.get(qn("r:embed"))].blob for blip in document.element.body.iter(qn("a:blip"))
    ]
    read = [zxingcpp.read_barcodes(Image.open(io.BytesIO(one)))[0].text for one in order]
    assert read == [f"HTTP://LOCALHOST/I/{n}" for n in range(3)]


def test_no_mark_of_ours_stays_in_the_file():
    made = merging.filled(template("{{ ma_qr }}{{ sai }}"), [VALUES], [qr.png("A")], is_preview=True)
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        text = package.read("word/document.xml").decode()
    assert not any(mark in text for mark in (merging.MISSING, merging.END, merging.HERE))


def test_an_empty_value_counts_as_nothing_where_the_template_asks():
    asks = template("{% if chuc_vu %}Chức vụ: {{ chuc_vu }}{% else %}không có{% endif %} {{ chuc_vu }}")
    assert words(merging.filled(asks, [VALUES])) == ["không có …………"]
    assert words(merging.filled(asks, [VALUES], is_preview=True)) == ["không có …………"]


def test_first_words_in_bold_and_copies_raised_keep_the_look_of_their_line():
    document = Document(io.BytesIO(template("{{ so_ky_hieu }}")))
    document.paragraphs[0].runs[0].italic = True
    out = io.BytesIO()
    document.save(out)
    value = f"{STRONG}1. Thời gian:{END} 08 giờ{RAISED}(4b){END}"
    made = Document(io.BytesIO(merging.filled(out.getvalue(), [{"so_ky_hieu": value}])))
    runs = [(run.text, bool(run.bold), run.font.superscript, run.italic) for run in made.paragraphs[0].runs if run.text]
    assert runs == [
        ("1. Thời gian:", True, None, True),
        (" 08 giờ", False, None, True),
        ("(4b)", False, True, True),
    ]
