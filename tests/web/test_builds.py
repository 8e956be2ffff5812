"""Building the book: true page numbers, one at a time, broken papers left out, files kept, given out and taken down."""

import os
import re
from datetime import timedelta

import pypdfium2
import pytest

from seminar.lib import clock, files
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.papers import converting
from seminar.papers.actions import keep_rendition
from seminar.papers.models import Paper, Rendition, RenditionKind
from seminar.planning.actions import issue_unit_link
from seminar.reports import actions, worker
from seminar.reports.documents import book_pdf
from seminar.reports.documents.book import Made
from seminar.reports.documents.proceedings import EMPTY
from seminar.reports.models import Build, BuildState, Entry
from seminar.reports.queries import proceedings as queries
from seminar.reports.rules.proceedings import SILENT_FOR
from tests import cast, manuscript_pages, manuscripts
from tests.web.booking import accept, book_of, checked, word_file
from tests.web.inviting import in_force, invite

PAGE = f"/seminars/{cast.SLUG}/proceedings"
PUBLIC = f"/proceedings/{cast.SLUG}"
PDF = manuscripts.pdf_files.MEDIA_TYPE


@pytest.fixture
def without_libreoffice(monkeypatch):
    """A machine on which the program is not to be found."""
    monkeypatch.setenv("PATH", "/nowhere")
    converting.program.cache_clear()
    yield
    converting.program.cache_clear()


@pytest.fixture
def pdf_only(without_libreoffice, monkeypatch):
    """The Word book has tests of its own, and takes ten seconds."""
    monkeypatch.setattr(worker, "book_docx", lambda book: Made(b"PK\x03\x04 stands in"))


def pdf_file(*paragraphs: str, page: str = 'paper: "a4"'):
    content = manuscript_pages.typeset(list(paragraphs), page)
    return checked(content, "bai.pdf", PDF, manuscript_pages.pages_of(content))


def begin(*titles: str, **files_of: object) -> dict[str, int]:
    """A book of papers of three pages each, as PDF; ids by title."""
    seminar = cast.find_seminar()
    ids = {}
    for title in titles:
        body = [title.upper(), *[f"{title} đoạn {n}. " + "Nội dung của bài. " * 40 for n in range(16)]]
        ids[title] = accept(seminar, title, pdf_file(*body))
    actions.begin_proceedings(seminar, cast.OFFICE, cast.NOW)
    db.session.commit()
    return ids


def build() -> Build:
    """Builds here and now; the build with its entries."""
    build_id = worker.build_now(cast.find_seminar(), cast.OFFICE)
    return db.session.get_one(Build, build_id)


def pages_of(digest: str) -> list[tuple[str, str]]:
    """(printed number, text) of each page."""
    with pypdfium2.PdfDocument(files.read(digest)) as document:
        return [(document.get_page_label(n), page.get_textpage().get_text_range()) for n, page in enumerate(document)]


def entry_of(build: Build, paper_id: int) -> Entry:
    return next(one for one in build.entries if one.paper_id == paper_id)


def said(build: Build, paper_id: int) -> list[str]:
    return [queries.told(one) for one in entry_of(build, paper_id).problems]


def test_the_contents_name_the_pages_where_the_papers_begin(app, pdf_only):
    with app.app_context():
        ids = begin("Bài thứ nhất", "Bài thứ hai", "Bài thứ ba")
        made = build()
        assert made.state == BuildState.DONE
        assert {one["msgid"] for one in made.problems} == {EMPTY.msgid}, "other parts have nothing in them"
        pages = dict(pages_of(made.pdf_sha256))
        contents = " ".join(pages[label] for label in ("i", "ii") if label in pages)
        for title, paper_id in ids.items():
            entry = entry_of(made, paper_id)
            assert title.upper() in pages[str(entry.first_page)]
            last = str(entry.first_page + entry.page_count - 1)
            assert f"{title} đoạn 15" in pages[last]
            assert f"{title} đoạn 15" not in "".join(text for label, text in pages.items() if label != last)
            told = re.search(re.escape(title) + r".*?(\d+)\s*(?:\r|\n|$)", contents, re.DOTALL)
            assert told and int(told[1]) == entry.first_page
        assert [one.first_page for one in made.entries] == sorted(one.first_page for one in made.entries)


def test_bookmarks_and_the_contents_lead_to_the_papers_and_each_paper_stands_alone(app, pdf_only):
    with app.app_context():
        ids = begin("Bài thứ nhất", "Bài thứ hai")
        made = build()
        with pypdfium2.PdfDocument(files.read(made.pdf_sha256)) as document:
            marks = {mark.get_title(): mark.get_dest().get_index() for mark in document.get_toc()}
            labels = [document.get_page_label(n) for n in range(len(document))]
        for title, paper_id in ids.items():
            entry = entry_of(made, paper_id)
            assert labels[marks[title]] == str(entry.first_page)
            alone = pages_of(entry.pdf_sha256)
            assert len(alone) == entry.page_count
            text = "".join(text for _label, text in alone)
            assert f"{title} đoạn 15" in text and str(entry.first_page) in alone[0][1]
            assert not any(other in text for other in ids if other != title)


def test_pages_of_any_size_are_whole_and_wide_ones_lie_on_a_turned_page(app, pdf_only):
    with app.app_context():
        seminar = cast.find_seminar()
        actions.begin_proceedings(seminar, cast.OFFICE, cast.NOW)
        ids = {}
        for number, kind in enumerate(manuscript_pages.KINDS, 1):
            paper = manuscripts.pdf(kind, number)
            file = checked(paper.content, paper.filename, PDF, paper.page_count)
            ids[kind] = accept(seminar, paper.title, file), paper
        db.session.commit()
        made = build()
        with pypdfium2.PdfDocument(files.read(made.pdf_sha256)) as document:
            sizes = {document.get_page_label(n): page.get_size() for n, page in enumerate(document)}
            text = "".join(page.get_textpage().get_text_range() for page in document)
        for kind, (paper_id, paper) in ids.items():
            entry = entry_of(made, paper_id)
            assert entry.page_count == paper.page_count, kind
            assert manuscripts.missing(paper.paragraphs, text) == [], kind
        wide = sizes[str(entry_of(made, ids["landscape"][0]).first_page)]
        assert wide[0] > wide[1]
        assert {tuple(sorted(map(round, size))) for size in sizes.values()} == {(595, 842)}
        assert made.unread_pages != [], "a scan has no text to search"


def test_text_of_people_is_never_markup(app, pdf_only):
    with app.app_context():
        sharp = "#panic() $x$ *đậm* <b> @a \\n [x]"
        ids = begin(sharp)
        book = book_of()
        words = {"title": "", "licence": "", "boards": f"{sharp}:\n{sharp}", "foreword": sharp}
        actions.keep_words(book, words, cast.OFFICE, cast.NOW)
        db.session.commit()
        made = build()
        text = manuscripts.squeezed("".join(text for _label, text in pages_of(made.pdf_sha256)))
        assert text.count(manuscripts.squeezed(sharp)) >= 3
        assert entry_of(made, ids[sharp]).first_page


def test_broken_papers_are_named_and_left_out_and_the_rest_is_built(app, pdf_only):
    with app.app_context():
        ids = begin("Bài lành")
        seminar = cast.find_seminar()
        good = manuscript_pages.typeset(["Bài cụt"])
        cut = accept(seminar, "Bài cụt", checked(good[: len(good) // 3], "cut.pdf", PDF, 1))
        word = accept(seminar, "Bài Word", word_file("Chỉ có Word"))
        odd = accept(seminar, "Bài 😀", pdf_file("Bài lạ"))
        correct = accept(seminar, "Bài sửa", pdf_file("Bài sửa"), needs_correction=True)
        db.session.commit()
        made = build()
        assert made.state == BuildState.DONE
        assert entry_of(made, ids["Bài lành"]).first_page and said(made, ids["Bài lành"]) == []
        for paper_id, sentence in (
            (cut, "PDF của bài không đưa được vào kỷ yếu"),
            (word, "Bài chưa có PDF và máy này không có LibreOffice"),
            (odd, "Phông chữ không có ký tự “😀”"),
            (correct, "Bài còn phải chỉnh sửa nên chưa in."),
        ):
            entry = entry_of(made, paper_id)
            assert (entry.first_page, entry.pdf_sha256) == (None, "")
            assert any(one.startswith(sentence) for one in said(made, paper_id)), said(made, paper_id)
        text = "".join(text for _label, text in pages_of(made.pdf_sha256))
        assert "Bài lành" in text and not any(title in text for title in ("Bài cụt", "Bài Word", "Bài sửa"))


def dies(folder: str, papers: list[int]) -> dict[int, str]:
    """In the child: paper 3 brings the whole process down."""
    if 3 in papers:
        os.abort()
    return dict.fromkeys(papers, folder)


def test_a_paper_that_brings_the_child_down_is_found_among_the_others():
    assert book_pdf.halving(dies, "x", [1, 2, 3, 4, 5]) == dict.fromkeys([1, 2, 4, 5], "x")


def test_a_paper_that_cannot_be_embedded_is_found_by_trying_each_alone(tmp_path):
    page = [{"number": 1, "width": 210, "height": 297, "covers": []}]
    (tmp_path / "1.pdf").write_bytes(manuscript_pages.typeset(["Lành"]))
    (tmp_path / "2.pdf").write_bytes(b"%PDF-1.7 rubbish")
    assert book_pdf.trial(str(tmp_path), [(1, page), (2, page)]) == {1: True}


def test_a_word_file_is_turned_into_pdf_once_and_its_second_build_needs_no_libreoffice(app, monkeypatch):
    with app.app_context():
        monkeypatch.setattr(worker, "book_docx", lambda book: Made(b"PK\x03\x04 stands in"))
        seminar = cast.find_seminar()
        actions.begin_proceedings(seminar, cast.OFFICE, cast.NOW)
        paper = manuscripts.word("everything", 7)
        paper_id = accept(
            seminar, paper.title, checked(paper.content, paper.filename, manuscripts.word_files.MEDIA_TYPE)
        )
        db.session.commit()
        first = build()
        [kept] = db.session.scalars(db.select(Rendition))
        assert (kept.page_count, kept.made_by.startswith("LibreOffice")) == (entry_of(first, paper_id).page_count, True)
        text = "".join(text for _label, text in pages_of(first.pdf_sha256))
        assert manuscripts.missing(paper.paragraphs, text) == []
        with monkeypatch.context() as elsewhere:
            elsewhere.setenv("PATH", "/nowhere")
            converting.program.cache_clear()
            second = build()
        converting.program.cache_clear()
        assert entry_of(second, paper_id).first_page
        assert len(list(db.session.scalars(db.select(Rendition)))) == 1
        assert {one.id for one in queries.builds_of(book_of())} == {first.id, second.id}
        assert files.path_of(first.pdf_sha256).exists()


def test_a_pdf_that_lacks_text_of_its_word_file_is_told(app, pdf_only):
    with app.app_context():
        seminar = cast.find_seminar()
        actions.begin_proceedings(seminar, cast.OFFICE, cast.NOW)
        paragraphs = [f"Đoạn thứ {n} của bài nói về công tác phát triển đảng viên." for n in range(1, 4)]
        ids = []
        for title, sent in (("Bài đủ", paragraphs), ("Bài thiếu", paragraphs[:2])):
            paper_id = accept(seminar, title, word_file(*paragraphs))
            submission = db.session.get_one(Paper, paper_id).submissions[0]
            content = manuscript_pages.typeset(list(sent))
            keep_rendition(submission, RenditionKind.PDF, content, made_by="tests", now=cast.NOW, is_sent=True)
            ids.append(paper_id)
        db.session.commit()
        made = build()
        assert said(made, ids[0]) == []
        [sentence] = said(made, ids[1])
        assert sentence.startswith("PDF của bài thiếu một số chữ so với tệp Word, bắt đầu từ “Đoạn thứ 3")
        assert entry_of(made, ids[1]).first_page, "told, not left out"


def test_an_empty_book_is_a_book_with_its_cover(app, pdf_only):
    with app.app_context():
        made = build()
        assert made.state == BuildState.DONE
        assert "Chưa có tham luận nào" in "".join(text for _label, text in pages_of(made.pdf_sha256))


# -- one at a time -------------------------------------------------------------------------------------------------


def test_a_second_press_is_the_same_build_and_never_two_are_under_way(app, office):
    with app.app_context():
        begin("Bài một")
    for _ in range(2):
        assert office.post(f"{PAGE}/builds").status_code == 303
    with app.app_context():
        [waiting] = db.session.scalars(db.select(Build))
        assert waiting.state == BuildState.WAITING
        db.session.add(
            Build(
                proceedings_id=waiting.proceedings_id,
                state=BuildState.RUNNING,
                asked_at=cast.NOW,
                asked_by="x",
            )
        )
        with pytest.raises(Exception, match="(?i)unique"):
            db.session.flush()
        db.session.rollback()
    page = office.get(f"{PAGE}/builds", headers={"HX-Request-Type": "partial", "HX-Request": "true"})
    assert page.status_code == 200 and 'hx-trigger="every 2s"' in page.text
    assert office.get(f"{PAGE}/builds").status_code == 303


def test_a_build_is_claimed_once_and_taken_up_again_when_its_builder_is_silent(app, pdf_only):
    with app.app_context():
        begin("Bài một")
        asked = actions.ask_build(book_of(), cast.OFFICE, clock.now()).id
        db.session.commit()
        moment = clock.now()
        assert actions.take_up_build("một", moment) == asked
        db.session.commit()
        assert actions.take_up_build("hai", moment + SILENT_FOR / 2) is None
        assert actions.tell(asked, "một", moment + SILENT_FOR / 2)
        db.session.commit()
        later = moment + SILENT_FOR * 2
        assert actions.take_up_build("hai", later) == asked
        db.session.commit()
        assert not actions.tell(asked, "một", later), "whoever was thought dead lets it go"
        assert not actions.finish_build(asked, "một", [], later)
        db.session.commit()
        with pytest.raises(Refused, match="being built at this moment"):
            worker.build_now(cast.find_seminar(), cast.OFFICE)
        db.session.rollback()
        db.session.get_one(Build, asked).told_at = clock.now() - SILENT_FOR - timedelta(seconds=1)
        db.session.commit()
        assert worker.build_next("ba")
        assert db.session.get_one(Build, asked).state == BuildState.DONE
        assert not worker.build_next("ba")


def test_an_error_of_ours_ends_the_build_with_a_sentence_and_the_next_may_begin(app, office, monkeypatch):
    def breaks(*_: object) -> None:
        raise RuntimeError("x")

    with app.app_context():
        begin("Bài một")
        monkeypatch.setattr(worker, "book_pdf", breaks)
        made = build()
        assert (made.state, made.failure) == (BuildState.FAILED, worker.BROKE.msgid)
        build_id = made.id
    assert "Có lỗi khi dựng kỷ yếu" in office.get(PAGE).text
    assert office.get(f"{PAGE}/builds/{build_id}/book.pdf").status_code == 404
    assert office.post(f"{PAGE}/builds/{build_id}/publication").status_code == 422
    assert office.post(f"{PAGE}/builds").status_code == 303


# -- given out -----------------------------------------------------------------------------------------------------


@pytest.fixture
def made_book(app, pdf_only):
    """A build of two papers, one with a telephone number and an e-mail address in it."""
    with app.app_context():
        seminar = cast.find_seminar()
        actions.begin_proceedings(seminar, cast.OFFICE, cast.NOW)
        clean = accept(seminar, "Bài sạch", pdf_file("BÀI SẠCH", "Không có số nào, chỉ có 9.000 đoàn viên."))
        told = accept(
            seminar,
            "Bài có số",
            pdf_file("BÀI CÓ SỐ", "Liên hệ đồng chí Ba, điện thoại 0912 345 678, ba@thu.example.vn."),
        )
        db.session.commit()
        return {"id": build().id, "clean": clean, "told": told}


def test_numbers_and_addresses_are_named_with_page_and_paper_and_must_be_settled_first(app, office, made_book):
    here = f"{PAGE}/builds/{made_book['id']}"
    page = office.get(here)
    assert "0912 345 678" in page.text and "ba@thu.example.vn" in page.text and "Bài có số" in page.text
    refused = office.post(f"{here}/publication", data={"seen": "2"})
    assert refused.status_code == 422 and "Hãy xem các số điện thoại" in refused.text
    assert office.post(f"{here}/publication", data={"seen": "0", "confirmed": "1"}).status_code == 422
    with app.app_context():
        made = db.session.get_one(Build, made_book["id"])
        assert {one["paper_id"] for one in made.contacts} == {made_book["told"]}
        assert {one["page"] for one in made.contacts} == {str(entry_of(made, made_book["told"]).first_page)}
        assert made.published_at is None
    assert office.post(f"{here}/publication", data={"seen": "2", "confirmed": "1"}).status_code == 303
    assert office.post(f"{here}/publication", data={"seen": "2", "confirmed": "1"}).status_code == 303, "twice"


def publish(office, made_book, *, is_open: bool) -> None:
    office.post(f"{PAGE}/readers", data={"is_open": "1" if is_open else "0"})
    said = {"seen": "2", "confirmed": "1"}
    assert office.post(f"{PAGE}/builds/{made_book['id']}/publication", data=said).status_code == 303


def test_an_open_book_is_read_by_everybody_until_it_is_taken_down(app, office, visitor, made_book):
    assert visitor.get(PUBLIC).status_code == 404
    assert "chưa được công bố" in visitor.get(PUBLIC).text
    publish(office, made_book, is_open=True)
    page = visitor.get(PUBLIC)
    assert page.status_code == 200 and "Bài sạch" in page.text and "Bài có số" in page.text
    assert not cast.tells(page.text, "0912345678") and "ba@thu" not in page.text
    book = visitor.get(f"{PUBLIC}/book.pdf")
    assert (book.status_code, book.data[:5], book.mimetype) == (200, b"%PDF-", "application/pdf")
    paper = visitor.get(f"{PUBLIC}/papers/{made_book['clean']}.pdf")
    assert paper.status_code == 200 and paper.data[:5] == b"%PDF-"
    assert visitor.get(f"{PUBLIC}/papers/999.pdf").status_code == 404
    assert f'href="{PUBLIC}"' in visitor.get("/").text
    assert f'value="http://localhost{PUBLIC}"' in office.get(f"/seminars/{cast.SLUG}/thanks").text
    for _ in range(2):
        assert office.post(f"{PAGE}/builds/{made_book['id']}/withdrawal").status_code == 303
    for path in ("", "/book.pdf", f"/papers/{made_book['clean']}.pdf"):
        assert visitor.get(PUBLIC + path).status_code == 404
    assert f'href="{PUBLIC}"' not in visitor.get("/").text


def test_what_changed_since_is_told_and_a_withdrawn_paper_in_the_published_book_is_named(app, office, made_book):
    publish(office, made_book, is_open=True)
    page = office.get(PAGE).text
    assert "đã thay đổi từ khi dựng" not in page and "vẫn còn trong kỷ yếu đã công bố" not in page
    with app.app_context():
        db.session.get_one(Paper, made_book["clean"]).withdrawn_at = cast.NOW
        db.session.commit()
    page = office.get(PAGE).text
    assert "đã thay đổi từ khi dựng" in page
    assert re.search("Các bài sau không còn được in nhưng vẫn còn trong kỷ yếu đã công bố.*Bài sạch", page, re.DOTALL)


def test_a_later_build_takes_the_place_of_the_published_one(app, office, visitor, made_book):
    publish(office, made_book, is_open=True)
    with app.app_context():
        second = build().id
    said = {"seen": "2", "confirmed": "1"}
    assert office.post(f"{PAGE}/builds/{second}/publication", data=said).status_code == 303
    with app.app_context():
        out = db.session.scalars(db.select(Build.id).where(Build.published_at.is_not(None))).all()
        assert out == [second]
    assert office.get(f"{PAGE}/builds/{made_book['id']}/book.pdf").status_code == 200, "each build is kept"


def test_a_book_for_internal_use_asks_for_a_code_and_a_revoked_one_opens_nothing(app, office, visitor, made_book):
    publish(office, made_book, is_open=False)
    with app.app_context():
        people = invite(("Lê Thị Mai", "G1", {}))
        code = in_force(people["Lê Thị Mai"]).code
    gate = visitor.get(PUBLIC)
    assert gate.status_code == 200 and "Bài sạch" not in gate.text and "20 chữ số" in gate.text
    assert visitor.get(f"{PUBLIC}/book.pdf").status_code == 404
    wrong = visitor.post(f"{PUBLIC}/entry", data={"code": "1" * 20})
    assert wrong.status_code == 403 and "không mở được" in wrong.text
    spaced = " ".join(code[n : n + 5] for n in range(0, 20, 5))
    assert visitor.post(f"{PUBLIC}/entry", data={"code": spaced}).status_code == 303
    assert "Bài sạch" in visitor.get(PUBLIC).text
    assert visitor.get(f"{PUBLIC}/book.pdf").status_code == 200
    assert office.get(PUBLIC).status_code == 200 and "Bài sạch" in office.get(PUBLIC).text
    with app.app_context():
        found = in_force(people["Lê Thị Mai"])
        found.revoked_at = clock.now()
        db.session.commit()
    assert "Bài sạch" not in visitor.get(PUBLIC).text
    assert visitor.get(f"{PUBLIC}/papers/{made_book['clean']}.pdf").status_code == 404


def test_delegates_and_units_open_it_from_their_own_pages(app, office, made_book):
    with app.app_context():
        people = invite(("Lê Thị Mai", "G1", {}))
        code = in_force(people["Lê Thị Mai"]).code
        unit = db.session.scalars(db.select(cast.Unit)).first()
        unit_code = issue_unit_link(cast.find_seminar(), unit, cast.OFFICE, clock.now()).code
        db.session.commit()
    for door in (f"/i/{code}", f"/u/{unit_code}"):
        client = app.test_client()
        assert f"{door}/proceedings" not in client.get(door).text
    publish(office, made_book, is_open=False)
    for door in (f"/i/{code}", f"/u/{unit_code}"):
        client = app.test_client()
        assert f'href="{door}/proceedings"' in client.get(door).text
        answer = client.get(f"{door}/proceedings", follow_redirects=True)
        assert answer.status_code == 200 and "Bài sạch" in answer.text
    assert app.test_client().get(f"/i/{'2' * 20}/proceedings").status_code == 404


def test_files_and_qr_are_for_those_who_make_the_book(app, office, staff, visitor, made_book):
    here = f"{PAGE}/builds/{made_book['id']}"
    for path in (f"{here}/book.pdf", f"{here}/papers/{made_book['clean']}.pdf", f"{PAGE}/qr", here):
        assert office.get(path).status_code == 200
        assert staff("thu").get(path).status_code == 200
        assert staff("chung").get(path).status_code == 403
        assert visitor.get(path).status_code in (302, 303)
    assert office.get(f"{here}/book.docx").status_code == 200
    assert f"http://localhost{PUBLIC}" in office.get(f"{PAGE}/qr").text
    assert office.get(f"{here}/papers/999.pdf").status_code == 404
    assert office.get(f"{PAGE}/builds/999").status_code == 404
    assert staff("thu").post(f"{here}/publication").status_code == 403
    assert staff("thu").post(f"{here}/withdrawal").status_code == 403


def test_the_command_writes_either_form_and_says_what_it_left_out(app, without_libreoffice, tmp_path):
    runner = app.test_cli_runner()
    with app.app_context():
        begin("Bài có PDF")
        accept(cast.find_seminar(), "Bài chỉ có Word", word_file("Chỉ có Word"))
        db.session.commit()
    for ending, start in (("pdf", b"%PDF-"), ("docx", b"PK\x03\x04")):
        out = tmp_path / f"ky-yeu.{ending}"
        answer = runner.invoke(args=["report", "proceedings", "--seminar", cast.SLUG, "--out", str(out)])
        assert (answer.exit_code, answer.stdout) == (0, ""), answer.stderr
        assert out.read_bytes().startswith(start)
        assert "Bài chỉ có Word: Không đưa vào: Bài chưa có PDF" in answer.stderr
    wrong = runner.invoke(args=["report", "proceedings", "--seminar", cast.SLUG, "--out", str(tmp_path / "x.txt")])
    assert wrong.exit_code == 1 and "phải kết thúc bằng .docx hoặc .pdf" in wrong.stderr


def test_the_public_page_costs_the_same_for_any_number_of_papers(app, office, visitor, made_book, query_count):
    publish(office, made_book, is_open=True)
    few = query_count(lambda: visitor.get(PUBLIC))
    with app.app_context():
        for n in range(5):
            accept(cast.find_seminar(), f"Bài {n}", pdf_file(f"BÀI {n}"))
        db.session.commit()
        second = build().id
    office.post(f"{PAGE}/builds/{second}/publication", data={"seen": "2", "confirmed": "1"})
    assert query_count(lambda: visitor.get(PUBLIC)) == few
    assert "Bài 4" in visitor.get(PUBLIC).text


def test_an_own_page_number_on_white_is_covered_and_any_other_figure_is_not(tmp_path):
    import typst

    def drawn(name: str, body: str) -> list:
        (tmp_path / "x.typ").write_text(body)
        (tmp_path / name).write_bytes(typst.compile(str(tmp_path / "x.typ")))
        number = int(name.split(".")[0])
        return book_pdf.look(str(tmp_path), [(number, "Bài", None)])[number]["pages"]

    text = "#lorem(900)"
    counted = drawn("1.pdf", f'#set page(numbering: "1")\n{text}')
    assert len(counted) > 1 and all(len(page["covers"]) == 1 for page in counted)
    same = drawn("2.pdf", f"#set page(footer: align(center)[2024])\n{text}")
    assert not any(page["covers"] for page in same), "a year is no page number"
    grey = drawn("3.pdf", f'#set page(numbering: "1", fill: luma(200))\n{text}')
    assert not any(page["covers"] for page in grey)
    worded = drawn("4.pdf", f"#set page(footer: context align(center)[Kết quả #counter(page).display()])\n{text}")
    assert not any(page["covers"] for page in worded)
