"""Forty real papers in one book: nothing of them is lost, and the contents are right. Prints how long it took."""

import time

import pypdfium2

from seminar.lib import files
from seminar.lib.database import db
from seminar.reports import actions, worker
from seminar.reports.documents import book_pdf
from seminar.reports.models import Build, BuildState
from tests import cast, manuscripts
from tests.web.booking import accept, checked

UNREADABLE = {"scan", "mixed"}


def test_forty_papers_stand_whole_in_the_book_at_the_pages_that_the_contents_say(app, capsys):
    with app.app_context():
        seminar = cast.find_seminar()
        actions.begin_proceedings(seminar, cast.OFFICE, cast.NOW)
        papers = {}
        for paper in manuscripts.forty():
            file = checked(paper.content, paper.filename, paper.media_type, paper.page_count)
            papers[accept(seminar, paper.title, file)] = paper
        db.session.commit()
        began = time.monotonic()
        made = db.session.get_one(Build, worker.build_now(seminar, cast.OFFICE))
        with capsys.disabled():
            print(f"\n40 papers, {made.page_count} pages, PDF and Word: {time.monotonic() - began:.0f} s")
        assert made.state == BuildState.DONE and made.docx_sha256
        with pypdfium2.PdfDocument(files.read(made.pdf_sha256)) as document:
            labels = [document.get_page_label(n) for n in range(len(document))]
            texts = [page.get_textpage().get_text_range() for page in document]
        at = {label: n for n, label in enumerate(labels)}
        contents = "".join(text for label, text in zip(labels, texts, strict=True) if label in ("i", "ii", "iii"))
        squeezed = manuscripts.squeezed(contents).replace(".", "")
        for entry in made.entries:
            paper = papers[entry.paper_id]
            assert not [one for one in entry.problems if one["msgid"] == book_pdf.LACKS.msgid], paper.filename
            assert entry.first_page, (paper.filename, entry.problems)
            pages = texts[at[str(entry.first_page)] : at[str(entry.first_page)] + entry.page_count]
            assert manuscripts.missing(paper.paragraphs, "\n".join(pages)) == [], paper.filename
            gone = [one for one in paper.absent if not one.startswith("Đầu trang riêng")]
            assert not [one for one in gone if manuscripts.squeezed(one) in manuscripts.squeezed("".join(pages))]
            authors = manuscripts.squeezed(entry.authors).replace(".", "")
            title = manuscripts.squeezed(entry.title).replace(".", "")
            assert f"{title}{authors}{entry.first_page}" in squeezed, entry.title
