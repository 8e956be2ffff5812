"""Word files before LibreOffice: changes accepted, comments out, everything else as it was."""

import io
import zipfile

from seminar.papers.settling import settled
from tests import manuscripts

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def packed(body: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>")
        file.writestr("word/media/image1.png", b"picture")
    return out.getvalue()


def text_of(content: bytes) -> list[str]:
    import re

    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert file.read("word/media/image1.png") == b"picture"
        xml = file.read("word/document.xml").decode()
    return ["".join(re.findall(r"<w:t[^>]*>([^<]*)", one)) for one in re.findall(r"<w:p[ >].*?</w:p>", xml, re.DOTALL)]


def run(text: str, tag: str = "t") -> str:
    return f"<w:r><w:{tag}>{text}</w:{tag}></w:r>"


def test_insertions_stay_and_deletions_go():
    body = f'<w:p>{run("a ")}<w:ins w:id="1">{run("b ")}<w:del w:id="2">{run("x", "delText")}</w:del></w:ins><w:moveFrom w:id="3">{run("y")}</w:moveFrom>{run("c")}</w:p>'
    assert text_of(settled(packed(body))) == ["a b c"]


def test_a_deleted_end_of_a_paragraph_joins_it_with_the_next():
    body = f'<w:p><w:pPr><w:rPr><w:del w:id="1"/></w:rPr></w:pPr>{run("một ")}</w:p><w:p>{run("hai")}</w:p><w:p>{run("ba")}</w:p>'
    assert text_of(settled(packed(body))) == ["một hai", "ba"]


def test_deleted_rows_and_their_empty_tables_go():
    row = f'<w:tr><w:trPr><w:del w:id="1"/></w:trPr><w:tc><w:p>{run("x")}</w:p></w:tc></w:tr>'
    kept = f"<w:tr><w:tc><w:p>{run('giữ')}</w:p></w:tc></w:tr>"
    assert text_of(settled(packed(f"<w:tbl>{row}{kept}</w:tbl><w:tbl>{row}</w:tbl>"))) == ["giữ"]


def test_comments_go_and_a_file_without_any_is_the_same_bytes():
    body = f'<w:p><w:commentRangeStart w:id="1"/>{run("a")}<w:commentRangeEnd w:id="1"/><w:r><w:commentReference w:id="1"/></w:r></w:p>'
    made = settled(packed(body))
    assert text_of(made) == ["a"] and b"comment" not in zipfile.ZipFile(io.BytesIO(made)).read("word/document.xml")
    plain = packed(f"<w:p>{run('a')}</w:p>")
    assert settled(plain) == plain
    paper = manuscripts.word("tables", 1).content
    assert settled(paper) == paper
