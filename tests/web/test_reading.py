"""A version read in the browser: Word as clean HTML, a PDF as pictures, what changed, and what is refused."""

import io
import re
import subprocess
import sys
from threading import Thread

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from PIL import Image

from seminar.lib.database import db
from seminar.papers.models import Paper, Submission
from seminar.papers.reading import keeping, word
from tests import cast, corpus
from tests.web import vetting
from tests.web.vetting import PAPERS


def sent(app, content, title="Bài thử"):
    with app.app_context():
        one = vetting.submit(title, content)
        db.session.commit()
        return f"{PAPERS}/{one.paper_id}/versions/{one.version}"


def text_pdf(*pages):
    """A PDF with words on its pages."""
    import typst

    source = "#pagebreak()\n".join(f"{text}\n" for text in pages)
    return typst.compile(source.encode())


@pytest.mark.parametrize("login", ["oanh", "vinh", "thu"])
def test_a_word_paper_is_read_with_headings_tables_and_pictures(app, staff, login):
    address = sent(app, vetting.manuscript())
    page = staff(login).get(f"{address}/reading")
    assert page.status_code == 200
    assert "<h3>I. Thực trạng</h3>" in page.text
    assert '<td colspan="2"><p>Năm 2023</p></td>' in page.text
    assert "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>" in page.text
    assert '<img src="pictures/0" alt="" loading="lazy">' in page.text
    policy = page.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "img-src 'self' data:" in policy
    picture = staff(login).get(f"{address}/pictures/0")
    assert (picture.status_code, picture.mimetype) == (200, "image/png")
    assert picture.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert Image.open(io.BytesIO(picture.data)).size == (40, 20)
    assert staff(login).get(f"{address}/pictures/1").status_code == 404


@pytest.mark.parametrize("login", ["tam", "chung", "an"])
def test_others_read_no_paper(app, staff, login):
    address = sent(app, vetting.manuscript())
    for page in ("reading", "pictures/0", "pages/1", "changes"):
        assert staff(login).get(f"{address}/{page}").status_code == 403


def test_what_the_file_carries_beyond_text_does_not_pass(app, office):
    document = docx.Document()
    paragraph = document.add_paragraph("Xem ")
    for target in ("javascript:alert(1)", "https://example.vn/?a=1&b=2", "data:text/html,x", "file:///etc/passwd"):
        relation = paragraph.part.relate_to(
            target, "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink", is_external=True
        )
        link = parse_xml(
            f'<w:hyperlink {nsdecls("w", "r")} r:id="{relation}"><w:r><w:t>liên kết</w:t></w:r></w:hyperlink>'
        )
        paragraph._p.append(link)  # noqa: SLF001 - python-docx makes no links
    equation = '<m:oMath xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"><m:r><m:t>E=mc</m:t></m:r></m:oMath>'
    document.add_paragraph("Công thức ")._p.append(parse_xml(equation))  # noqa: SLF001
    out = io.BytesIO()
    document.save(out)
    page = office.get(f"{sent(app, out.getvalue())}/reading").text
    shown = re.search(r'<div class="manuscript" lang="vi">(.*?)</div>', page, re.S)[1]
    assert re.findall(r'href="([^"]*)"[^>]*>', shown) == ["https://example.vn/?a=1&amp;b=2"]
    assert 'rel="noopener noreferrer nofollow"' in shown
    assert shown.count("liên kết") == 4
    assert "E=mc" in shown
    assert "Công thức ở đây chỉ hiện bằng chữ thường" in page


HOSTILE = (
    '<p onclick="x()" style="color:red" id="main">a<script>alert(1)</script><svg><a href="#">b</a></svg></p>'
    '<a href="JaVaScRiPt:x">c</a><a href=" javascript:x">d</a><img src="data:image/svg+xml,x" onerror="x">'
    '<img src="//example.vn/x.png"><iframe src="x">e</iframe><td colspan="9999" rowspan="2">f</td></b></p>&lt;b&gt;'
)


def test_only_what_is_named_passes_the_cleaner():
    cleaner = word.Cleaner(["image/png"])
    cleaner.feed(HOSTILE)
    cleaner.close()
    assert cleaner.html() == (
        '<p>a</p><a>c</a><a>d</a><span class="muted">[…]</span><span class="muted">[…]</span>'
        '<td rowspan="2">f</td>&lt;b&gt;'
    )
    assert cleaner.paragraphs == ["a", "cd", "f", "<b>"]


@pytest.mark.parametrize(
    ("content", "kind"),
    [(b"not a picture", ""), (b"\x01\x00\x00\x00" + b"\0" * 100, ""), (b"", "")],
)
def test_a_picture_that_no_browser_shows_is_left_out(content, kind):
    assert word.picture_for_browsers(content) == (kind, b"")


def test_a_large_picture_is_made_smaller():
    out = io.BytesIO()
    Image.new("RGB", (5000, 50), "blue").save(out, "BMP")
    kind, content = word.picture_for_browsers(out.getvalue())
    assert kind == "image/png"
    assert Image.open(io.BytesIO(content)).size == (2000, 20)


def test_a_pdf_is_read_as_pictures_with_its_text(app, office):
    address = sent(app, text_pdf("Trang thứ nhất", "Trang thứ hai"))
    page = office.get(f"{address}/reading").text
    assert re.findall(r'src="([^"]+/pages/\d)"[^>]*?(loading="lazy")?>', page) == [
        (f"{address}/pages/1", ""),
        (f"{address}/pages/2", 'loading="lazy"'),
    ]
    assert '<p class="visually-hidden" lang="vi">Trang thứ hai' in page
    picture = office.get(f"{address}/pages/2")
    assert (picture.status_code, picture.mimetype) == (200, "image/jpeg")
    assert Image.open(io.BytesIO(picture.data)).width == 1200
    assert office.get(f"{address}/pages/3").status_code == 404
    assert office.get(f"{address}/pages/0").status_code == 404
    assert office.get(f"{address}/pictures/0").status_code == 404


def test_sixty_pages_asked_for_at_once_are_made_by_few_children(app, staff, monkeypatch):
    address = sent(app, text_pdf(*(f"Trang {number}" for number in range(1, 61))))
    started = []
    run = subprocess.Popen

    class Counted(run):
        def __init__(self, *arguments, **values):
            started.append(arguments)
            super().__init__(*arguments, **values)

    monkeypatch.setattr(subprocess, "Popen", Counted)
    answers = {}

    def ask(client, pages):
        for number in pages:
            answers[number] = client.get(f"{address}/pages/{number}").status_code

    clients = [staff("oanh") for _ in range(4)]
    threads = [Thread(target=ask, args=(client, range(1 + n, 61, 4))) for n, client in enumerate(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == dict.fromkeys(range(1, 61), 200)
    assert len(started) == 6
    assert all(arguments[0][0] == sys.executable for arguments in started)
    ask(clients[0], range(1, 61))
    assert len(started) == 6


def test_what_cannot_be_read_is_told_and_offered_for_download(app, office):
    address = sent(app, vetting.manuscript())
    with app.app_context():
        source = keeping.source_of(db.session.scalars(db.select(Submission)).one())
        from seminar.lib import files

        files.path_of(source.sha256).write_bytes(b"PK\x03\x04 broken")
    for page in ("reading", "changes"):
        answer = office.get(f"{address}/{page}")
        assert answer.status_code == (200 if page == "reading" else 404)
    page = office.get(f"{address}/reading").text
    assert "Hãy tải về và đọc bằng chương trình của tệp." in page
    assert f'href="{address}/file"' in page


def test_a_file_that_cannot_be_read_is_not_tried_again_at_once(app, office, monkeypatch):
    address = sent(app, vetting.manuscript())
    with app.app_context():
        from seminar.lib import files

        files.path_of(db.session.scalars(db.select(Submission)).one().file_sha256).write_bytes(b"PK\x03\x04 broken")
    assert office.get(f"{address}/pictures/0").status_code == 422
    monkeypatch.setattr(subprocess, "Popen", None)  # a second child would be an error here
    assert office.get(f"{address}/pictures/0").status_code == 422
    assert "Hãy tải về" in office.get(f"{address}/reading").text


def test_a_file_of_a_kind_that_is_not_shown_is_offered_for_download(app, office):
    address = sent(app, vetting.manuscript())
    with app.app_context():
        db.session.scalars(db.select(Submission)).one().media_type = "application/msword"
        db.session.commit()
    page = office.get(f"{address}/reading")
    assert page.status_code == 200
    assert "Không hiển thị được tệp này ở đây." in page.text
    assert office.get(f"{address}/pictures/0").status_code == 404


def test_what_changed_is_told_by_paragraph(app, office):
    address = sent(app, vetting.manuscript("Đoạn một của bài.", "Số liệu năm 2022 còn thấp.", "Kết luận."))
    with app.app_context():
        paper = db.session.scalars(db.select(Paper)).one()
        better = vetting.manuscript("Đoạn một của bài.", "Số liệu năm 2023 còn thấp.", "Kết luận.", "Kiến nghị thêm.")
        vetting.submit("", better, paper=paper)
        db.session.commit()
    page = office.get(f"{PAPERS}/1/versions/2/changes?since=1").text
    shown = " ".join(re.search(r'<div class="manuscript" lang="vi">(.*?)</div>', page, re.S)[1].split())
    assert "Số liệu năm <del>2022</del> <ins>2023</ins> còn thấp." in shown
    assert "<ins>Kiến nghị thêm.</ins>" in shown
    assert "3 đoạn không đổi" in shown
    assert office.get(f"{PAPERS}/1/versions/2/changes").text == page or "2022" in page
    assert office.get(f"{PAPERS}/1/versions/2/changes?since=2").status_code == 404
    assert office.get(f"{address}/changes").status_code == 404
    assert "Đây không phải bản mới nhất." in office.get(f"{address}/reading").text


def test_a_pdf_and_a_word_file_are_compared_too(app, office):
    sent(app, vetting.manuscript("Một đoạn.", with_more=False))
    with app.app_context():
        vetting.submit("", text_pdf("Hoàn toàn khác."), paper=db.session.scalars(db.select(Paper)).one())
        db.session.commit()
    assert "<ins>Hoàn toàn khác.</ins>" in office.get(f"{PAPERS}/1/versions/2/changes").text


def test_a_paper_of_another_seminar_is_not_found_here(app, office):
    address = sent(app, corpus.word("Một"))
    with app.app_context():
        cast.add_seminar("toa-dam-khac")
        db.session.commit()
    assert office.get(f"{address}/reading".replace(cast.SLUG, "toa-dam-khac")).status_code == 404
    assert office.get(f"{PAPERS}/1/versions/7/reading").status_code == 404


def paper_with_pictures(pictures):
    document = docx.Document()
    for picture in pictures:
        document.add_picture(io.BytesIO(picture))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def picture(colour):
    out = io.BytesIO()
    Image.new("RGB", (40, 40), colour).save(out, "PNG")
    return out.getvalue()


def test_a_picture_that_stands_in_a_paper_a_thousand_times_is_handed_over_once():
    red, blue = picture("red"), picture("blue")
    made = word.read(paper_with_pictures([red] * 1000 + [blue, red]))
    assert [content for _, content in made["pictures"]] == [red, blue]
    assert re.findall(r'src="pictures/(\d)"', made["html"]) == ["0"] * 1000 + ["1", "0"]


def test_pictures_beyond_what_a_server_takes_over_are_only_named(monkeypatch):
    red, blue, white = map(picture, ("red", "blue", "white"))
    monkeypatch.setattr(word, "PICTURE_BYTES", len(red) + 1)
    made = word.read(paper_with_pictures([red, blue, white, red]))
    assert [content for _, content in made["pictures"]] == [red, blue]
    assert re.findall(r'src="pictures/(\d)"', made["html"]) == ["0", "1", "0"]
