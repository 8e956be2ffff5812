"""Hostile files: each is refused with a sentence, by the check itself and on the page, and nothing of it stays."""

import io
import os
import re
import tempfile
from pathlib import Path

import pytest

from seminar.lib import files
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.papers import actions
from seminar.papers.checking import check_upload
from seminar.papers.models import Paper, Submission
from seminar.planning.models import UnitLink
from tests import cast, corpus

CASES = corpus.hostile()
PAPERS = f"/seminars/{cast.SLUG}/papers"


def left() -> set[str]:
    """Whatever may be left of an upload: kept files, claims on them, work of a conversion."""
    kept = {str(path) for path in files.folder().rglob("*") if path.is_file()} if files.folder().exists() else set()
    claims = {str(path) for path in (files.folder().parent / "claims").glob("*.*")}
    return kept | claims | {str(path) for path in Path(tempfile.gettempdir()).glob(f"seminar-office-{os.getpid()}-*")}


def post(client, address, name, content, beside=None):
    data = {"title": "Bài thử", "kind": "paper", "channel": "email", "file": (io.BytesIO(content), name)}
    if beside is not None:
        data["beside"] = (io.BytesIO(beside), "a.pdf")
    return client.post(address, data=data, content_type="multipart/form-data")


@pytest.mark.parametrize("case", CASES)
def test_the_page_says_why_and_no_file_or_row_is_left_behind(app, office, case):
    with app.app_context():
        before = left()
    answer = post(office, f"{PAPERS}/new", *CASES[case])
    assert answer.status_code == 422
    sentence = re.search(r'class="errors" id="file-errors"><li>([^<]+)</li>', answer.text)[1]
    assert sentence.endswith(".")
    assert 'value="Bài thử"' in answer.text
    with app.app_context():
        assert left() == before
        assert db.session.query(Paper).count() == db.session.query(Submission).count() == 0


@pytest.mark.parametrize(
    ("case", "sentence"),
    [
        ("macros", "contains macros"),
        ("macros under another name", "contains macros"),
        ("old Word file with macros", "old Word file .* contains macros"),
        ("OpenDocument with scripts", "contains macros or scripts"),
        ("document with a password", "locked with a password"),
        ("locked PDF", "locked with a password"),
        ("old Word file with a password", "locked with a password"),
        ("OpenDocument with a password", "locked with a password"),
        ("zip bomb that lies", "far too much|damaged"),
        ("OpenDocument bomb", "far too much"),
        ("archive in an archive in an archive", "Another archive"),
        ("entity bomb in UTF-16", "declares entities"),
        ("OpenDocument with entities", "declares entities"),
        ("template from another share", "from another machine"),
        ("PDF with a file inside", "attached to the PDF"),
        ("PDF that starts a program", "starts a program"),
        ("PDF of 61 pages", "61 pages"),
        ("PDF whose table is elsewhere", "damaged or was cut off"),
        ("PDF and archive in one", "two kinds of file"),
        ("picture named as a document", "is a picture"),
        ("page named as a PDF", "is a web page"),
        ("rich text", "rich-text"),
        ("far too large", "at most 20 MB"),
        ("nothing", "No file arrived"),
    ],
)
def test_each_way_to_be_wrong_has_its_own_sentence(case, sentence):
    with pytest.raises(Refused, match=sentence):
        check_upload(*CASES[case])


@pytest.mark.parametrize("case", ["PDF with a script", "locked PDF", "PDF of 61 pages", "picture named as a document"])
def test_a_hostile_pdf_beside_a_good_file_is_refused_with_all_of_it(app, office, case):
    with app.app_context():
        before = left()
    answer = post(office, f"{PAPERS}/new", "a.docx", corpus.word("Một hai ba"), CASES[case][1])
    assert answer.status_code == 422
    assert 'class="errors" id="beside-errors"' in answer.text
    with app.app_context():
        assert left() == before
        assert db.session.query(Paper).count() == 0


@pytest.mark.parametrize("case", ["zip bomb", "macros", "OpenDocument with macros", "old Word file with a password"])
def test_a_unit_reads_the_same_sentence_on_its_own_page(app, office, visitor, case):
    office.post(f"/seminars/{cast.SLUG}/units/links")
    with app.app_context():
        before, code = left(), db.session.scalars(db.select(UnitLink.code)).first()
    answer = post(visitor, f"/u/{code}/paper", *CASES[case])
    assert answer.status_code == 422
    assert 'id="send-paper-file-errors"' in answer.text
    with app.app_context():
        assert left() == before


@pytest.fixture
def paper(app):
    """A paper whose first version has come; its address."""
    with app.app_context():
        seminar = cast.find_seminar()
        checked = check_upload("ban-1.docx", corpus.word("Bản thứ nhất"))
        sent = actions.submit_paper(seminar, checked, title="Bài thử", authors="Tập thể", by=cast.OFFICE, now=cast.NOW)
        db.session.commit()
        return f"{PAPERS}/{sent.paper_id}"


def versions(app):
    with app.app_context():
        return [
            (one.version, one.filename, files.read(one.file_sha256) != b"")
            for one in db.session.scalars(db.select(Submission).order_by(Submission.version))
        ]


def test_a_hostile_version_leaves_the_one_before_standing(app, office, paper):
    name, content = CASES["zip bomb"]
    answer = office.post(
        f"{paper}/versions",
        data={"channel": "email", "file": (io.BytesIO(content), name)},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 422
    assert versions(app) == [(1, "ban-1.docx", True)]


@pytest.mark.parametrize("tenth", range(11))
def test_an_upload_cut_off_anywhere_leaves_the_version_before_standing(app, office, paper, tenth):
    body = (
        b'--b\r\nContent-Disposition: form-data; name="channel"\r\n\r\nemail\r\n'
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="ban-2.docx"\r\n\r\n'
        + corpus.word("Bản thứ hai")
        + b"\r\n--b--\r\n"
    )
    cut = body[: (len(body) - 8) * tenth // 10]  # at ten tenths only the closing boundary is missing
    answer = office.post(f"{paper}/versions", data=cut, content_type="multipart/form-data; boundary=b")
    assert answer.status_code == 422
    assert versions(app) == [(1, "ban-1.docx", True)]
    assert (
        office.post(f"{paper}/versions", data=body, content_type="multipart/form-data; boundary=b").status_code == 303
    )
    assert versions(app) == [(1, "ban-1.docx", True), (2, "ban-2.docx", True)]
