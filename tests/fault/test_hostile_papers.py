"""Hostile files: each is refused with a sentence, by the check itself and on the page, and nothing of it stays."""

import io

import pytest

from seminar.lib import files
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.papers import actions
from seminar.papers.checking import check_upload
from seminar.papers.models import Paper, Submission
from tests import cast, corpus

CASES = corpus.hostile()
PAPERS = f"/seminars/{cast.SLUG}/papers"
# One of each way to fail goes through the page too: refused before, in, and by the death of the child.
ON_THE_PAGE = ("nothing", "far too large", "zip bomb", "entity bomb", "macros", "truncated PDF", "PDF that swells")


def kept() -> set[str]:
    return {path.name for path in files.folder().rglob("*") if path.is_file()} if files.folder().exists() else set()


@pytest.mark.parametrize("case", CASES)
def test_the_file_is_refused_with_a_sentence(case):
    with pytest.raises(Refused) as refusal:
        check_upload(*CASES[case])
    assert str(refusal.value).endswith(".")


@pytest.mark.parametrize("case", ON_THE_PAGE)
def test_the_page_says_so_and_no_file_or_row_is_left_behind(app, office, case):
    name, content = CASES[case]
    with app.app_context():
        before = kept()
    answer = office.post(
        f"{PAPERS}/new",
        data={"title": "Bài thử", "kind": "paper", "channel": "email", "file": (io.BytesIO(content), name)},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 422
    assert 'class="errors" id="file-errors"' in answer.text
    assert 'value="Bài thử"' in answer.text
    with app.app_context():
        assert kept() == before
        assert db.session.query(Paper).count() == db.session.query(Submission).count() == 0


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
