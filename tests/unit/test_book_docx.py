"""The Word book: every paragraph of every paper, in the book's looks, with true page numbers, and strict enough for Word."""

import io
import re
import zipfile
from collections import Counter
from datetime import date, datetime
from pathlib import Path

import docx
import pypdfium2
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from lxml import etree

from seminar.documents.layout import rules_for
from seminar.papers import converting
from seminar.reports.documents import book_papers, unlinked
from seminar.reports.documents.book import Book, BookPaper, BookPart, DelegateRow, Excerpt
from seminar.reports.documents.book_docx import NOT_COUNTED, book_docx
from seminar.reports.models import PartKind
from tests import corpus, manuscripts, strictness
from tests.manuscripts import W


def book_paper(manuscript: manuscripts.Manuscript, folder: Path, **values) -> BookPaper:
    path = folder / str(manuscript.number)
    path.write_bytes(manuscript.content)
    files = {"word": str(path)} if manuscript.is_word else {"pdf": str(path)}
    authors = (f"{manuscript.authors}, Bí thư, Đoàn cơ sở số {manuscript.number}",)
    return BookPaper(manuscript.number, manuscript.title, authors, **{**files, **values})


def book_of(*parts: BookPart) -> Book:
    return Book(
        layout=rules_for(date(2024, 3, 15)),
        now=datetime(2024, 4, 1),
        issuers=("BAN CHẤP HÀNH ĐOÀN TỈNH THỬ",),
        title=("Kỷ yếu", "Tọa đàm thử"),
        theme="Nâng cao chất lượng đảng viên trẻ",
        place="Bình Dương, tháng 03/2024",
        boards=("Ban Chỉ đạo:", "Đồng chí Trưởng ban"),
        foreword="Lời nói đầu thứ nhất.\nLời nói đầu thứ hai.",
        parts=parts,
    )


def of_papers(*papers: BookPaper, title: str = "Phần thứ hai. Tham luận") -> BookPart:
    return BookPart(title, PartKind.PAPERS, papers=papers)


EXCERPTS = BookPart(
    "Phần thứ năm. Ý kiến trao đổi",
    PartKind.EXCERPTS,
    excerpts=(Excerpt("Tống Quế Lam", "Bí thư Huyện Đoàn Thử", "Kết luận", "Giao mỗi chi bộ một việc.\nBáo cáo trước tháng 6."),),
)  # fmt: skip
DELEGATES = BookPart(
    "Phụ lục. Danh sách đại biểu",
    PartKind.DELEGATES,
    delegates=(
        DelegateRow("Mạc Hạ Vân", "Phó Bí thư", "Tỉnh Đoàn Thử", "Đồng chủ trì"),
        DelegateRow("Cù Sơn Nhiên", "Chuyên viên", "Sở Thử", "Khách mời"),
    ),
)


@pytest.fixture(autouse=True)
def machine(request, monkeypatch, tmp_path):
    """Small books are made as on a machine without LibreOffice, the forty papers with it."""
    if "forty" in request.fixturenames:
        yield
        return
    monkeypatch.setenv("PATH", str(tmp_path))
    converting.program.cache_clear()
    yield
    monkeypatch.undo()
    converting.program.cache_clear()


@pytest.fixture(scope="module")
def forty(tmp_path_factory):
    """(the forty papers, the whole book of them)"""
    folder = tmp_path_factory.mktemp("papers")
    papers = [book_paper(one, folder) for one in manuscripts.forty()]
    first = BookPart("Phần thứ nhất. Báo cáo", PartKind.PAPERS, text="Lời dẫn.", papers=tuple(papers[:10]))
    return manuscripts.forty(), book_docx(book_of(first, of_papers(*papers[10:]), EXCERPTS, DELEGATES))


def text_of(content: bytes) -> str:
    """All text of a Word file, in notes, text boxes and behind pictures too."""
    parts = []
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in ("word/document.xml", "word/footnotes.xml"):
            if name in archive.namelist():
                root = etree.fromstring(archive.read(name))
                parts += [unlinked.text_of(root), *(one.get("descr") or "" for one in root.iter(qn("wp:docPr")))]
    return "\n".join(parts)


def document_of(content: bytes):
    return docx.Document(io.BytesIO(content)).element.body


def told(made, number: int) -> set[str]:
    return {one.message.msgid for one in made.problems if one.paper_id == number}


def test_every_paragraph_of_every_paper_is_found(forty):
    papers, made = forty
    text = text_of(made.content)
    assert {one.number: manuscripts.missing(one.paragraphs, text) for one in papers} == {
        one.number: [] for one in papers
    }
    assert [one for one in made.problems if one.is_left_out] == []


def test_deleted_text_comments_and_own_headers_are_not_found(forty):
    papers, made = forty
    text = text_of(made.content)
    absent = [one for paper in papers for one in paper.absent]
    assert manuscripts.missing(absent, text) == absent
    assert unlinked.CHANGED.msgid in told(made, 13)
    assert told(made, 1) == set()


def test_notes_tables_pictures_equations_and_wide_pages_are_all_there(forty):
    papers, made = forty
    body = document_of(made.content)
    expected = sum((paper.counts for paper in papers), start=Counter())
    assert len(list(body.iter(qn("w:footnoteReference")))) == expected["footnotes"]
    assert len(list(body.iter(qn("w:tbl")))) == expected["tables"] + 1  # and the list of the delegates
    assert len(list(body.iter(qn("m:oMath")))) == expected["equations"]
    assert len(list(body.iter(qn("w:txbxContent")))) == expected["text boxes"]
    pages = sum(paper.page_count or 0 for paper in papers)
    assert len(list(body.iter(qn("pic:pic")))) == expected["pictures"] + pages
    wide = [one for one in body.iter(qn("w:sectPr")) if one.find(qn("w:pgSz")).get(qn("w:orient")) == "landscape"]
    wide_papers = [paper for paper in papers if paper.counts["landscape"]]
    assert len(wide) == len(wide_papers) + 1  # the page on its side in the mixed PDF


def test_word_finds_nothing_to_mend(forty):
    assert strictness.faults(forty[1].content) == []


def test_what_word_would_mend_is_seen():
    paper = next(one for one in manuscripts.forty() if "everything" in one.filename)
    found = strictness.faults(paper.content)
    assert {"document: ins was left", "document: commentReference was left"} <= set(found)
    assert any("reaches outside" in one for one in found)


def test_looks_are_the_books_whatever_the_paper_was_set_in(forty):
    body = document_of(forty[1].content)
    fonts = {one.get(qn("w:ascii")) for one in body.iter(qn("w:rFonts"))} - {None}
    assert fonts <= {"Times New Roman", "Cambria Math"}
    sizes = {int(one.get(qn("w:val"))) for one in body.iter(qn("w:sz")) if not list(one.iterancestors(qn("w:tbl")))}
    assert sizes <= {10 * 2, 12 * 2, 13 * 2, 14 * 2, 15 * 2, 16 * 2, 19 * 2, 34 * 2}
    styles = {one.get(qn("w:val")) for one in body.iter(qn("w:pStyle"))}
    assert styles <= {"PartTitle", "PaperTitle", "PaperAuthors", "TOC1", "TOC2", "BodyText", "Normal", "TableText"} | {
        "ListParagraph",
        "Heading3",
        "Heading4",
        "Heading5",
    }


def test_the_contents_list_parts_and_papers_only(forty):
    papers, made = forty
    body = document_of(made.content)
    listed = [
        re.sub(r"\d+$", "", "".join(piece.text or "" for piece in one.iter(qn("w:t"))))
        for one in body.iter(qn("w:p"))
        if (style := one.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")) is not None
        and style.get(qn("w:val"), "").startswith("TOC")
    ]
    titles = [paper.title.rstrip("0123456789") for paper in papers]
    assert listed == [
        "Phần thứ nhất. Báo cáo",
        *titles[:10],
        "Phần thứ hai. Tham luận",
        *titles[10:],
        "Phần thứ năm. Ý kiến trao đổi",
        "Phụ lục. Danh sách đại biểu",
    ]


def test_lists_count_from_one_in_each_paper_and_keep_their_signs(forty):
    content = forty[1].content
    body = document_of(content)
    numbering = docx.Document(io.BytesIO(content)).part.numbering_part.element
    abstract_of = {
        one.get(qn("w:numId")): one.find(qn("w:abstractNumId")).get(qn("w:val"))
        for one in numbering.findall(qn("w:num"))
    }
    form_of = {
        one.get(qn("w:abstractNumId")): one.find(f"{qn('w:lvl')}/{qn('w:numFmt')}").get(qn("w:val"))
        for one in numbering.findall(qn("w:abstractNum"))
    }
    used: dict[str, set[str]] = {}
    for one in body.iter(qn("w:p")):
        text, number = unlinked.text_of(one), one.find(f".//{qn('w:numPr')}/{qn('w:numId')}")
        if found := re.match(r"(Bước thứ|Gạch đầu dòng thứ|Giải pháp chữ cái) .*bài (\d+)$", text):
            abstract = abstract_of[number.get(qn("w:val"))]
            expected = {"Bước thứ": "decimal", "Gạch đầu dòng thứ": "bullet", "Giải pháp chữ cái": "lowerLetter"}
            assert form_of[abstract] == expected[found[1]], text
            used.setdefault(found[1], set()).add(number.get(qn("w:val")))
    assert len(used["Bước thứ"]) == len({paper.number for paper in manuscripts.forty() if paper.counts["lists"] >= 3})


def test_libreoffice_reads_it_whole_and_the_contents_tell_true_pages(forty):
    papers, made = forty
    pages = converting.convert({"book": made.content}, "pdf")["book"]
    document = pypdfium2.PdfDocument(pages)
    texts = [page.get_textpage().get_text_range() for page in document]
    whole = "\n".join(texts)
    word_papers = [paper for paper in papers if paper.is_word]
    assert {one.number: manuscripts.missing(one.paragraphs, whole) for one in word_papers} == {
        one.number: [] for one in word_papers
    }
    assert {tuple(sorted(map(round, page.get_size()))) for page in document} == {(595, 842)}
    first = next(n for n, mark in enumerate(texts) if "Lời dẫn." in mark)
    contents = "\n".join(texts[:first])
    for mark in document.get_toc(max_depth=2):
        page = mark.get_dest().get_index() - first + 1
        assert re.search(re.escape(mark.get_title()) + r"[ .]*\s?(\d+)\r?\n", contents + "\n")[1] == str(page)
        assert re.search(rf"(?m)^{page}\s*$", texts[page + first - 1]), "the page's own number"


def test_a_broken_paper_is_named_and_left_out(tmp_path):
    good, other = manuscripts.word("plain", 1), manuscripts.word("lists", 2)
    broken = tmp_path / "broken"
    broken.write_bytes(good.content[:3000])
    made = book_docx(
        book_of(
            of_papers(
                book_paper(good, tmp_path),
                BookPaper(7, "Bài hỏng", (), word=str(broken)),
                BookPaper(8, "Bài không có tệp", ()),
                book_paper(other, tmp_path),
            )
        )
    )
    left_out = {one.paper_id: one.message for one in made.problems if one.is_left_out}
    assert left_out == {7: book_papers.NOT_BOUND, 8: book_papers.NO_FILE}
    text = text_of(made.content)
    assert manuscripts.missing([*good.paragraphs, *other.paragraphs], text) == []
    assert "Bài hỏng" not in text
    assert strictness.faults(made.content) == []


def test_a_broken_word_file_is_replaced_by_its_pdf(tmp_path):
    paper = manuscripts.pdf("upright", 5)
    broken = tmp_path / "broken"
    broken.write_bytes(b"PK\x03\x04 nothing")
    made = book_docx(book_of(of_papers(book_paper(paper, tmp_path, word=str(broken)))))
    assert told(made, 5) == {book_papers.WORD_BROKEN.msgid}
    assert [one for one in made.problems if one.is_left_out] == []
    assert manuscripts.missing(paper.paragraphs, text_of(made.content)) == []


def test_a_paper_that_brings_the_child_down_takes_no_other_with_it(tmp_path):
    good, other = manuscripts.word("plain", 1), manuscripts.word("tables", 2)
    deep = b"<w:smartTag>" * 200_000
    document = corpus.part_of(good.content, "word/document.xml")
    bomb = corpus.rewritten(good.content, {"word/document.xml": document.replace(b"<w:body>", b"<w:body>" + deep, 1)})
    path = tmp_path / "deep"
    path.write_bytes(bomb)
    papers = (book_paper(good, tmp_path), BookPaper(9, "Bài lồng sâu", (), word=str(path)), book_paper(other, tmp_path))
    made = book_docx(book_of(of_papers(*papers)))
    assert [one.paper_id for one in made.problems if one.is_left_out] == [9]
    assert manuscripts.missing([*good.paragraphs, *other.paragraphs], text_of(made.content)) == []


def test_without_libreoffice_word_counts_the_pages_itself(tmp_path):
    made = book_docx(book_of(of_papers(book_paper(manuscripts.word("plain", 1), tmp_path))))
    assert [one.message for one in made.problems] == [NOT_COUNTED]
    assert "PAGE-OF" not in text_of(made.content)
    settings = corpus.part_of(made.content, "word/settings.xml")
    assert b'<w:updateFields w:val="true"/>' in settings


def test_a_book_without_papers_says_so():
    made = book_docx(book_of())
    assert made.problems == ()
    assert "Chưa có tham luận nào được chọn in kỷ yếu." in text_of(made.content)
    assert strictness.faults(made.content) == []


def test_what_the_book_says_of_itself_is_in_it(forty):
    text = text_of(forty[1].content)
    for words in (
        "BAN CHẤP HÀNH ĐOÀN TỈNH THỬ",
        "KỶ YẾU",
        "“Nâng cao chất lượng đảng viên trẻ”",
        "Tài liệu lưu hành nội bộ",
    ):
        assert words in text
    for words in (
        "BAN CHỈ ĐẠO",
        "Lời nói đầu thứ hai.",
        "Tống Quế Lam, Bí thư Huyện Đoàn Thử (Kết luận)",
        "Báo cáo trước tháng 6.",
    ):
        assert words in text
    for words in ("Mạc Hạ Vân", "Sở Thử", "Khách mời"):
        assert words in text


def test_changes_are_accepted_before_a_paper_is_turned_into_a_pdf(monkeypatch):
    monkeypatch.undo()
    converting.program.cache_clear()
    paper, plain = manuscripts.word("changes", 3), manuscripts.word("everything", 4)
    made = converting.convert({"a": paper.content, "b": plain.content}, "pdf")
    for key, one in (("a", paper), ("b", plain)):
        text = "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(made[key]))
        assert manuscripts.missing(one.paragraphs, text) == []
        deleted = [text for text in one.absent if "đã xóa" in text]
        assert deleted and manuscripts.missing(deleted, text) == deleted


# One file with what strangers' programs leave in it


def paper_with(*elements: str, parts: dict[str, bytes] | None = None) -> bytes:
    """A Word file whose body ends with these elements."""
    document = docx.Document()
    document.add_paragraph("Đoạn mở đầu của bài.")
    names = (
        f'{W} xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml" '
        'xmlns:o="urn:schemas-microsoft-com:office:office" '
        'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
        'xmlns:w16x="http://schemas.microsoft.com/office/word/2030/unknown"'
    )
    for one in elements:
        document.element.body.insert_element_before(parse_xml(one.replace(">", f" {names}>", 1)), "w:sectPr")
    content = io.BytesIO()
    document.save(content)
    return corpus.rewritten(content.getvalue(), parts or {})


def bound(content: bytes, tmp_path: Path, title: str = "Bài lạ"):
    path = tmp_path / "strange.docx"
    path.write_bytes(content)
    made = book_docx(book_of(of_papers(BookPaper(3, title, ("Một tác giả",), word=str(path)))))
    assert strictness.faults(made.content) == []
    assert [one for one in made.problems if one.is_left_out] == []
    return made


def test_fields_keep_what_they_show_and_count_nothing_in_the_book(tmp_path):
    field = "".join(
        f"<w:r>{part}</w:r>"
        for part in (
            '<w:fldChar w:fldCharType="begin"/>',
            '<w:instrText xml:space="preserve"> INCLUDETEXT "/etc/passwd" </w:instrText>',
            '<w:fldChar w:fldCharType="separate"/>',
            "<w:t>Chữ của trường</w:t>",
            '<w:fldChar w:fldCharType="end"/>',
        )
    )
    simple = '<w:fldSimple w:instr=" SEQ Hình "><w:r><w:t>Hình 4</w:t></w:r></w:fldSimple>'
    made = bound(paper_with(f"<w:p>{field}{simple}</w:p>"), tmp_path)
    assert "Chữ của trườngHình 4" in text_of(made.content)
    document = corpus.part_of(made.content, "word/document.xml")
    assert b"INCLUDETEXT" not in document and b"SEQ" not in document


def test_content_controls_and_smart_tags_give_up_their_text(tmp_path):
    made = bound(
        paper_with(
            "<w:sdt><w:sdtPr><w:id w:val='1'/></w:sdtPr><w:sdtContent><w:p><w:smartTag w:element='x'><w:r>"
            "<w:t>Chữ trong ô nhập</w:t></w:r></w:smartTag></w:p></w:sdtContent></w:sdt>"
        ),
        tmp_path,
    )
    assert "Chữ trong ô nhập" in text_of(made.content)
    assert unlinked.LOST.msgid not in told(made, 3)


def test_a_deleted_end_of_a_paragraph_joins_it_with_the_next(tmp_path):
    mark = "<w:del w:id='1' w:author='a'/>"
    made = bound(
        paper_with(
            f"<w:p><w:pPr><w:rPr>{mark}</w:rPr></w:pPr><w:r><w:t>Nửa đầu </w:t></w:r></w:p>",
            "<w:p><w:r><w:t>và nửa sau.</w:t></w:r></w:p>",
        ),
        tmp_path,
    )
    assert "Nửa đầu và nửa sau." in [unlinked.text_of(one) for one in document_of(made.content).iter(qn("w:p"))]


def test_markup_of_a_newer_word_is_taken_in_its_plain_form(tmp_path):
    made = bound(
        paper_with(
            "<w:p><w:r><mc:AlternateContent><mc:Choice Requires='w16x'><w16x:thing/></mc:Choice><mc:Fallback>"
            "<w:t>Chữ thay thế</w:t></mc:Fallback></mc:AlternateContent></w:r>"
            "<w:r w14:something='1'><w:rPr><w14:glow w14:rad='1'/></w:rPr><w:t>Chữ phát sáng</w:t></w:r></w:p>"
        ),
        tmp_path,
    )
    text = text_of(made.content)
    assert "Chữ thay thế" in text and "Chữ phát sáng" in text


def test_a_file_inserted_by_a_link_and_a_linked_picture_are_named(tmp_path):
    made = bound(
        paper_with(
            "<w:altChunk r:id='rId99'></w:altChunk>",
            "<w:p><w:r><w:pict><v:shape id='a'><v:imagedata r:id='rId98' o:href='http://example.vn/a.png'/></v:shape></w:pict></w:r></w:p>",
        ),
        tmp_path,
    )
    assert told(made, 3) == {unlinked.INSERTED.msgid, unlinked.LINKED.msgid}


def test_endnotes_become_footnotes(tmp_path):
    content = paper_with(
        "<w:p><w:r><w:t>Câu có chú thích cuối bài</w:t></w:r><w:r><w:endnoteReference w:id='2'/></w:r></w:p>"
    )
    notes = (
        f"<w:endnotes {W}><w:endnote w:id='2'><w:p><w:r><w:endnoteRef/></w:r><w:r><w:t>Nguồn cuối bài</w:t></w:r></w:p>"
        "</w:endnote></w:endnotes>"
    )
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/endnotes"
    rels = corpus.part_of(content, "word/_rels/document.xml.rels")
    relation = f'<Relationship Id="rId77" Type="{kind}" Target="endnotes.xml"/></Relationships>'
    types = corpus.types_of(content).replace(
        b"</Types>",
        b'<Override PartName="/word/endnotes.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        b'wordprocessingml.endnotes+xml"/></Types>',
    )
    made = bound(
        corpus.rewritten(
            content,
            {
                "word/endnotes.xml": notes.encode(),
                "word/_rels/document.xml.rels": rels.replace(b"</Relationships>", relation.encode()),
                "[Content_Types].xml": types,
            },
        ),
        tmp_path,
    )
    assert "Nguồn cuối bài" in corpus.part_of(made.content, "word/footnotes.xml").decode()


def test_the_title_is_not_printed_twice(tmp_path):
    made = bound(
        paper_with("<w:p><w:r><w:t>THAM LUẬN</w:t></w:r></w:p>", "<w:p><w:r><w:t>TÊN BÀI DÀI</w:t></w:r></w:p>", "<w:p><w:r><w:t>Viết làm hai dòng</w:t></w:r></w:p>"),
        tmp_path,
        title="Tên bài dài viết làm hai dòng",
    )  # fmt: skip
    lines = [unlinked.text_of(one) for one in document_of(made.content).iter(qn("w:p"))]
    assert "TÊN BÀI DÀI" not in lines and "THAM LUẬN" in lines
    assert lines.count("Tên bài dài viết làm hai dòng") == 2  # in the contents and over the paper


def test_text_in_an_old_font_keeps_it_and_is_named(tmp_path):
    paper = manuscripts.word("legacy", 3)
    made = bound(paper.content, tmp_path)
    assert book_papers.OLD_FONT.msgid in told(made, 3)
    fonts = {one.get(qn("w:ascii")) for one in document_of(made.content).iter(qn("w:rFonts"))}
    assert ".VnTime" in fonts


def test_a_table_wider_than_the_page_is_drawn_together(tmp_path):
    cells = "".join("<w:tc><w:tcPr><w:tcW w:w='4000' w:type='dxa'/></w:tcPr><w:p/></w:tc>" for _ in range(4))
    grid = "<w:gridCol w:w='4000'/>" * 4
    made = bound(
        paper_with(f"<w:tbl><w:tblPr><w:tblW w:w='16000' w:type='dxa'/></w:tblPr><w:tblGrid>{grid}</w:tblGrid><w:tr>{cells}</w:tr></w:tbl>"),
        tmp_path,
    )  # fmt: skip
    table = next(document_of(made.content).iter(qn("w:tbl")))
    assert sum(int(one.get(qn("w:w"))) for one in table.iter(qn("w:gridCol"))) <= 9071
    assert int(table.find(f"{qn('w:tblPr')}/{qn('w:tblW')}").get(qn("w:w"))) <= 9071


def test_a_picture_that_floats_at_a_place_of_the_page_stands_in_the_text(tmp_path):
    document = docx.Document()
    document.add_paragraph("Đoạn có ảnh nổi.")
    inline = document.add_paragraph().add_run().add_picture(io.BytesIO(manuscripts.picture()), width=9_000_000)._inline
    anchor = parse_xml(
        etree.tostring(inline)
        .decode()
        .replace("wp:inline", "wp:anchor")
        .replace(
            "<wp:extent",
            '<wp:positionV relativeFrom="page"><wp:posOffset>100</wp:posOffset></wp:positionV><wp:extent',
            1,
        )
    )
    inline.getparent().replace(inline, anchor)
    content = io.BytesIO()
    document.save(content)
    made = bound(content.getvalue(), tmp_path)
    body = document_of(made.content)
    assert list(body.iter(qn("wp:anchor"))) == []
    [frame] = body.iter(qn("wp:inline"))
    assert int(frame.find(qn("wp:extent")).get("cx")) <= 9071 * 635


@pytest.mark.parametrize("kind", ["rotated", "landscape"])
def test_pages_on_their_side_stay_so(tmp_path, kind):
    made = book_docx(book_of(of_papers(book_paper(manuscripts.pdf(kind, 5), tmp_path))))
    sizes = [one.find(qn("w:pgSz")).get(qn("w:orient")) for one in document_of(made.content).iter(qn("w:sectPr"))]
    assert sizes.count("landscape") == 1


def test_a_scan_says_that_it_cannot_be_searched(tmp_path):
    made = book_docx(book_of(of_papers(book_paper(manuscripts.pdf("scan", 5), tmp_path))))
    assert told(made, 5) == {book_papers.AS_PICTURES.msgid, book_papers.SCAN.msgid}
