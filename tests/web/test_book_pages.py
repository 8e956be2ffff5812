"""Papers in the PDF book: those in Word in its looks, kept for the next build; others as their authors made them."""

import io
import zipfile

import pypdfium2
import pytest

from seminar.lib import files
from seminar.lib.database import db
from seminar.papers import converting
from seminar.papers import queries as papers
from seminar.papers.actions import keep_rendition
from seminar.papers.models import Paper, Rendition, RenditionKind
from seminar.reports import actions, worker
from seminar.reports.documents.book import Made
from tests import cast, manuscript_pages, manuscripts
from tests.web.booking import accept, checked, word_file
from tests.web.test_builds import build, entry_of, pages_of, pdf_file, said

WORD = manuscripts.word_files.MEDIA_TYPE
A4 = (595, 842)


@pytest.fixture(autouse=True)
def pdf_alone(app, monkeypatch):
    """The Word book has tests of its own."""
    monkeypatch.setattr(worker, "book_docx", lambda book: Made(b"PK\x03\x04 stands in"))
    with app.app_context():
        actions.begin_proceedings(cast.find_seminar(), cast.OFFICE, cast.NOW)
        db.session.commit()
        yield


def send(paper: manuscripts.Manuscript, title: str = "") -> int:
    file = checked(paper.content, paper.filename, paper.media_type, paper.page_count)
    paper_id = accept(cast.find_seminar(), title or paper.title, file)
    db.session.commit()
    return paper_id


def beside(paper_id: int, *paragraphs: str, made_by: str = "tests", is_sent: bool = True) -> None:
    submission = db.session.get_one(Paper, paper_id).submissions[0]
    content = manuscript_pages.typeset(list(paragraphs))
    keep_rendition(submission, RenditionKind.PDF, content, made_by=made_by, now=cast.NOW, is_sent=is_sent)
    db.session.commit()


def text_of(made, paper_id: int) -> str:
    return "\n".join(text for _label, text in pages_of(entry_of(made, paper_id).pdf_sha256))


def fonts_of(digest: str) -> set[str]:
    """Names of the fonts in which anything is written."""
    found = set()
    with pypdfium2.PdfDocument(files.read(digest)) as document:
        for page in document:
            for one in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT], max_depth=5):
                found.add(one.get_font().get_base_name().rpartition("+")[2].split("-")[0])
    return found


@pytest.mark.parametrize("kind", ["other-looks", "arial", "letter", "own-pages"])
def test_a_word_paper_stands_in_the_looks_of_the_book_under_its_title(kind):
    paper = manuscripts.word(kind, 3)
    paper_id = send(paper)
    made = build()
    entry = entry_of(made, paper_id)
    assert entry.problems == []
    with pypdfium2.PdfDocument(files.read(entry.pdf_sha256)) as document:
        sizes = {tuple(map(round, page.get_size())) for page in document}
    assert sizes == {A4}
    assert fonts_of(entry.pdf_sha256) <= {"Tinos", "OpenSymbol"}
    text = text_of(made, paper_id)
    assert manuscripts.missing(paper.paragraphs, text) == []
    first = pages_of(entry.pdf_sha256)[0][1].split("\r\n")
    assert manuscripts.squeezed(paper.title) in manuscripts.squeezed("".join(first[:3]))
    assert first[-1].strip() == str(entry.first_page) or first[0].strip() == str(entry.first_page)
    assert not [one for one in paper.absent if manuscripts.squeezed(one) in manuscripts.squeezed(text)]


def test_an_equation_is_drawn():
    paper_id = send(manuscripts.word("equations", 3))
    made = build()
    assert converting.draws_equations(), "make test installs libreoffice-math-nogui"
    lines = text_of(made, paper_id).split("Tỷ lệ kết nạp")[1].split("Nhận định")[0]
    signs = manuscripts.squeezed(lines)
    assert all(one in signs for one in ("t=", "k", "u"))


def test_pages_are_kept_until_title_or_authors_are_others():
    paper_id = send(manuscripts.word("plain", 3))
    first, second = build(), build()
    [kept] = db.session.scalars(db.select(Rendition))
    assert kept.kind == RenditionKind.BOOK
    assert entry_of(second, paper_id).first_page and text_of(first, paper_id) == text_of(second, paper_id)
    db.session.get_one(Paper, paper_id).title = "Một tên khác hẳn"
    db.session.commit()
    third = build()
    assert "Một tên khác hẳn" in pages_of(entry_of(third, paper_id).pdf_sha256)[0][1]
    assert len(list(db.session.scalars(db.select(Rendition)))) == 2


def test_word_comes_before_a_pdf_beside_it_which_stands_where_word_cannot(monkeypatch):
    whole = accept(cast.find_seminar(), "Bài lành", word_file("Lời trong tệp Word của bài lành."))
    content = macro_type(word_file("Lời trong tệp Word của bài hỏng.").content)
    broken = accept(cast.find_seminar(), "Bài hỏng", checked(content, "b.docx", WORD))
    for paper_id in (whole, broken):
        beside(paper_id, "Lời trong bản PDF.")
    made = build()
    assert "Lời trong tệp Word" in text_of(made, whole) and said(made, whole) == []
    assert "Lời trong bản PDF" in text_of(made, broken)
    assert said(made, broken)[0].startswith("Không đưa được tệp Word của bài về thể thức chung")


def test_what_cannot_be_made_uniform_is_printed_as_its_author_set_it():
    content = macro_type(word_file("Lời trong tệp Word của bài hỏng.").content)
    paper_id = accept(cast.find_seminar(), "Bài hỏng", checked(content, "b.docx", WORD))
    db.session.commit()
    made = build()
    assert "Lời trong tệp Word" in text_of(made, paper_id)
    [sentence] = said(made, paper_id)
    assert sentence.startswith("Không đưa được tệp Word của bài về thể thức chung")
    assert entry_of(made, paper_id).first_page


def macro_type(content: bytes) -> bytes:
    """A type that LibreOffice opens and python-docx does not."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as packed, zipfile.ZipFile(out, "w") as changed:
        for name in packed.namelist():
            part = packed.read(name)
            if name == "[Content_Types].xml":
                plain = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
                assert plain in part
                part = part.replace(plain, b"application/vnd.ms-word.document.macroEnabled.main+xml")
            changed.writestr(name, part)
    return out.getvalue()


def test_a_pdf_gets_the_books_title_unless_its_own_is_on_it():
    seminar = cast.find_seminar()
    own = accept(seminar, "Bài có tên trên trang", pdf_file("BÀI CÓ TÊN TRÊN TRANG", "Lời của bài."))
    bare = accept(seminar, "Bài không tên", pdf_file("Lời của bài kia."))
    db.session.commit()
    made = build()
    assert text_of(made, own).casefold().count("bài có tên trên trang") == 1
    first = pages_of(entry_of(made, bare).pdf_sha256)[0][1]
    assert "Bài không tên" in first and "Tập thể thử" in first and "Lời của bài kia" in first


def test_a_pdf_made_by_older_rules_is_forgotten_and_one_that_was_sent_is_not():
    paper_id = send(manuscripts.word("plain", 3))
    submission = db.session.get_one(Paper, paper_id).submissions[0]
    beside(paper_id, "Như cũ", made_by="LibreOffice 7.4.7.2", is_sent=False)
    assert papers.rendition(submission, RenditionKind.PDF) is None
    beside(paper_id, "Như mới", made_by=converting.made_by(), is_sent=False)
    assert papers.rendition(submission, RenditionKind.PDF) is not None


def test_the_page_says_how_many_papers_are_set_anew(office):
    send(manuscripts.word("plain", 3))
    assert "1 bài Word sẽ được đưa về thể thức chung" in office.get(f"/seminars/{cast.SLUG}/proceedings").text
    build()
    assert "sẽ được đưa về thể thức chung" not in office.get(f"/seminars/{cast.SLUG}/proceedings").text
