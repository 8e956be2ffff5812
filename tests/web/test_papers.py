"""The board of papers, one paper with its versions and decisions, uploads of the office."""

import io
import re

import pytest
from werkzeug.http import parse_options_header

from seminar.access.actor import ActorKind, Channel
from seminar.audit.models import AuditEntry
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.papers import actions, queries
from seminar.papers.checking import CheckedFile
from seminar.papers.models import Decision, Paper, PaperKind, Submission
from seminar.papers.queries import PAPER_STATE_LABELS, PaperState
from seminar.planning.models import Milestone, MilestoneRule, Unit
from tests import cast, corpus
from tests.web import vetting

PAPERS = f"/seminars/{cast.SLUG}/papers"
HTMX = {"HX-Request": "true", "HX-Request-Type": "full"}
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def checked(text="Một hai", name="bai.docx"):
    """A file that was checked, without the child: what the rows need of it."""
    from seminar.lib import files

    content = f"{name} {text}".encode()
    return CheckedFile(name, content, files.sha256(content), WORD, "docx", len(text.split()), None)


def submit(title="Bài thử", text="Một hai", seminar=None, **values):
    values = {"authors": "Tập thể", "by": cast.OFFICE, "now": cast.NOW} | values
    return actions.submit_paper(seminar or cast.find_seminar(), checked(text), title=title, **values)


def decide(submission, in_print=False, on_stage=False, needs_correction=False, note="Vì vậy"):
    return actions.decide_paper(
        db.session.get(Paper, submission.paper_id),
        version=submission.version,
        in_print=in_print,
        on_stage=on_stage,
        needs_correction=needs_correction,
        note=note,
        by=cast.OFFICE,
        now=cast.NOW,
    )


def unit(name="Thành Đoàn Thử Một"):
    return db.session.scalars(db.select(Unit).where(Unit.name == name)).one()


@pytest.fixture
def paper(app):
    """The address of a paper with one version."""
    with app.app_context():
        sent = submit()
        db.session.commit()
        return f"{PAPERS}/{sent.paper_id}"


def upload(client, address, content=None, name="Bài.docx", headers=None, **fields):
    fields = {"title": "Bài thử", "kind": "paper", "channel": "email", "authors": "Tập thể"} | fields
    fields["file"] = (io.BytesIO(corpus.word("Một hai ba") if content is None else content), name)
    return client.post(address, data=fields, content_type="multipart/form-data", headers=headers)


def rows_of(answer):
    return answer.text.count("data-row"), int(re.search(r'data-total="(\d+)"', answer.text)[1])


# Uploading


@pytest.mark.parametrize("headers", [None, HTMX])
def test_the_office_uploads_a_paper_for_a_unit_and_the_record_says_so(app, office, headers):
    with app.app_context():
        unit_id = unit().id
    answer = upload(office, f"{PAPERS}/new", unit=unit_id, authors="", headers=headers)
    assert answer.status_code == 303
    page = office.get(answer.location)
    assert "Đã nhận “Bài.docx” là bản số 1." in page.text
    with app.app_context():
        sent = db.session.scalars(db.select(Submission)).one()
        assert (sent.version, sent.filename, sent.media_type, sent.word_count) == (1, "Bài.docx", WORD, 3)
        assert (sent.actor_kind, sent.actor_name, sent.channel) == (ActorKind.STAFF, "Trần Thị Oanh", Channel.EMAIL)
        assert (sent.paper.authors, sent.paper.unit_id, sent.paper.delegate_id) == ("Thành Đoàn Thử Một", unit_id, None)
        entry = db.session.scalars(db.select(AuditEntry).where(AuditEntry.verb == "submit")).one()
        assert (entry.on_behalf_of, entry.channel) == ("Thành Đoàn Thử Một", Channel.EMAIL)


def test_the_office_uploads_a_pdf_for_a_delegate_by_the_number(app, office):
    with app.app_context():
        delegate_id = cast.add_delegate(cast.find_seminar(), "Hồ Văn Ý").id
        db.session.commit()
    assert upload(office, f"{PAPERS}/new", corpus.pdf(2), "bai.pdf", number="1", authors="").status_code == 303
    with app.app_context():
        sent = db.session.scalars(db.select(Submission)).one()
        assert (sent.media_type, sent.page_count, sent.paper.delegate_id, sent.paper.authors) == (
            "application/pdf",
            2,
            delegate_id,
            "Hồ Văn Ý",
        )


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"title": " "}, "Hãy ghi tên tham luận."),
        ({"number": "77"}, "Không có đại biểu mang số 77."),
        ({"number": "99999999999"}, "Hãy ghi số in trên thẻ của đại biểu."),
        ({"authors": ""}, "Hãy ghi tác giả hoặc chọn đơn vị."),
        ({"content": b""}, "Chưa nhận được tệp"),
        ({"content": corpus.word()}, "Tệp Word không có chữ nào."),
    ],
)
def test_bad_input_is_kept_in_the_form_and_nothing_is_stored(app, office, fields, sentence):
    answer = upload(office, f"{PAPERS}/new", **({"authors": "Nhóm “A”", "title": "Vì sao"} | fields))
    assert answer.status_code == 422
    assert sentence in answer.text
    if "authors" not in fields:
        assert "Nhóm “A”" in answer.text
    with app.app_context():
        assert db.session.query(Paper).count() == 0


def test_a_topic_of_another_seminar_is_refused(app, office):
    with app.app_context():
        other = cast.add_seminar("toa-dam-khac")
        db.session.commit()
        foreign = other.topics[0].id
    assert upload(office, f"{PAPERS}/new", topic=str(foreign)).status_code == 422


def test_the_second_click_of_one_upload_is_harmless(app, office):
    with app.app_context():
        unit_id = unit().id
    content = corpus.word("Một hai ba")
    first = upload(office, f"{PAPERS}/new", content, unit=unit_id)
    second = upload(office, f"{PAPERS}/new", content, unit=unit_id)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    with app.app_context():
        assert db.session.query(Submission).count() == 1


def test_a_unit_has_one_paper_and_sends_better_versions_of_it(app):
    with app.app_context():
        first = submit(unit=unit())
        with pytest.raises(Refused, match="has already sent its paper"):
            submit(text="Khác hẳn", unit=unit())
        second = submit(text="Bản sau", unit=unit(), paper=first.paper, title="Tên hay hơn", authors="Ban Thường vụ")
        report = submit(text="Thực trạng", unit=unit(), kind=PaperKind.SITUATION, title="Báo cáo")
        assert (second.version, second.paper.title, second.paper.authors) == (2, "Tên hay hơn", "Ban Thường vụ")
        assert report.paper_id != first.paper_id
        assert [one.kind for one in queries.papers_of_unit(cast.find_seminar(), unit())] == [
            PaperKind.PAPER,
            PaperKind.SITUATION,
        ]


def test_every_version_is_kept_and_the_same_bytes_are_no_new_one(app, office, paper):
    second, third = corpus.word("Bản hai"), corpus.word("Bản ba")
    for content in (second, second, third, third):
        assert upload(office, f"{paper}/versions", content).status_code == 303
    with app.app_context():
        assert [one.version for one in db.session.scalars(db.select(Submission).order_by(Submission.id))] == [1, 2, 3]
    assert office.get(f"{paper}/versions/2/file").data == second
    assert office.get(f"{paper}/versions/3/file").data == third


def test_a_version_after_the_deadline_is_marked_late_until_the_office_closes_it(app, office):
    with app.app_context():
        seminar = cast.find_seminar()
        deadline = Milestone(
            seminar_id=seminar.id,
            position=1,
            code="papers",
            rule=MilestoneRule.BEFORE,
            due_on=cast.NOW.date(),
            text="Nhận tham luận",
        )
        db.session.add(deadline)
        db.session.flush()
        sent = submit()
        assert sent.is_late
        db.session.commit()
    assert "trễ" in office.get(f"{PAPERS}/1").text
    with app.app_context():
        db.session.merge(deadline).closed_at = cast.NOW
        db.session.commit()
    answer = upload(office, f"{PAPERS}/1/versions")
    assert answer.status_code == 422
    assert "Đã ngừng nhận bài" in answer.text


# Downloading


@pytest.mark.parametrize("name", ["Tham luận số 1.docx", "a%22b;c\u202e%00.docx", "bài viết " + "ă" * 200 + ".docx"])
def test_a_version_is_only_ever_saved_never_opened_in_the_page(app, office, name):
    upload(office, f"{PAPERS}/new", name=name)
    answer = office.get(f"{PAPERS}/1/versions/1/file")
    assert answer.status_code == 200
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.mimetype == WORD
    disposition, options = parse_options_header(answer.headers["Content-Disposition"])
    with app.app_context():
        assert (disposition, options["filename"]) == (
            "attachment",
            db.session.scalars(db.select(Submission)).one().filename,
        )


# Deciding


@pytest.mark.parametrize("login", ["vinh", "oanh"])
@pytest.mark.parametrize("headers", [None, HTMX])
def test_a_reviewer_decides_and_the_record_names_the_version(app, staff, paper, login, headers):
    form = {"version": "1", "in_print": "y", "on_stage": "y", "note": "Bài tốt"}
    answer = staff(login).post(f"{paper}/decision", data=form, headers=headers)
    assert (answer.status_code, answer.location) == (303, paper)
    with app.app_context():
        one = db.session.scalars(db.select(Decision)).one()
        assert (one.in_print, one.on_stage, one.needs_correction, one.note, one.by) == (
            True,
            True,
            False,
            "Bài tốt",
            cast.STAFF[login][0],
        )


def test_deciding_the_same_again_changes_nothing_and_otherwise_keeps_both(app, office, paper):
    for form in ({"in_print": "y"}, {"in_print": "y"}, {"on_stage": "y"}):
        assert office.post(f"{paper}/decision", data={"version": "1"} | form).status_code == 303
    with app.app_context():
        both = db.session.scalars(db.select(Decision).order_by(Decision.id))
        assert [(one.in_print, one.on_stage) for one in both] == [(True, False), (False, True)]


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"version": "1", "needs_correction": "y"}, "Hãy ghi nội dung cần chỉnh sửa"),
        ({"version": "1"}, "Hãy ghi lý do không đạt"),
        ({"version": "2", "in_print": "y"}, "Vừa có bản mới hơn"),
        ({"version": "x", "in_print": "y"}, "Vừa có bản mới hơn"),
        ({"in_print": "y", "note": "dài" * 3000, "version": "1"}, "5000"),
    ],
)
def test_a_decision_that_says_too_little_is_refused_and_kept_in_the_form(app, office, paper, form, sentence):
    answer = office.post(f"{paper}/decision", data=form)
    assert answer.status_code == 422
    assert sentence in answer.text
    for box in ("in_print", "needs_correction"):
        assert bool(re.search(rf'<input checked id="{box}"', answer.text)) == (box in form)
    with app.app_context():
        assert db.session.query(Decision).count() == 0


def test_a_decision_on_a_version_that_is_no_longer_the_newest_is_refused(app, office, paper):
    upload(office, f"{paper}/versions")
    assert office.post(f"{paper}/decision", data={"version": "1", "in_print": "y"}).status_code == 422


# The board


@pytest.fixture
def board(app):
    """Papers in every state; how many are in each."""
    with app.app_context():
        seminar = cast.find_seminar()
        submit("chờ")
        decide(submit("in", "a"), in_print=True)
        decide(submit("cả hai", "b"), in_print=True, on_stage=True)
        decide(submit("không", "c"))
        decide(submit("sửa", "d"), in_print=True, needs_correction=True)
        vetting.assign(submit("đã giao", "h"))
        vetting.assign(submit("giao rồi lấy lại", "i"), "oanh").withdrawn_at = cast.NOW
        again = submit("sửa rồi", "e", unit=unit())
        decide(again, on_stage=True, needs_correction=True)
        submit("sửa rồi", "f", paper=again.paper)
        vetting.assign(again)
        other = cast.add_seminar("toa-dam-khac")
        db.session.flush()
        submit("của tọa đàm khác", "g", seminar=other)
        db.session.commit()
        assert seminar.id != other.id
    return {None: 8, "received": 2, "vetting": 2, "to-correct": 1, "in-print": 2, "on-stage": 1, "not-accepted": 1}


def test_each_figure_opens_a_list_of_exactly_that_many_rows(app, office, board):
    page = office.get(PAPERS)
    figures = re.findall(r'<a class="figure" href="([^"]+)">(\d+)</a>', page.text)
    assert dict(figures) == {
        f"{PAPERS}?state={state}" if state else PAPERS: str(count) for state, count in board.items()
    } | {f"{PAPERS}/missing": "1"}
    for address, count in figures:
        assert rows_of(office.get(address)) == (int(count), int(count))


def test_the_state_in_sql_is_the_state_in_the_row(app, board):
    with app.app_context():
        seminar = cast.find_seminar()
        rows = queries.board(seminar)
        for state in PaperState:
            listed = [row.paper.id for row in queries.board(seminar, state)]
            assert listed == [row.paper.id for row in rows if state in row.states]
            assert queries.count_papers(seminar, state) == len(listed)


def test_every_page_says_the_same_of_where_a_paper_stands(app, office, board):
    with app.app_context():
        rows = [(row.paper.id, row.states) for row in queries.board(cast.find_seminar())]
    listing, assigning, senders = (office.get(f"{PAPERS}{page}").text for page in ("", "/assignments", "/board"))
    for paper_id, states in rows:
        said = [PAPER_STATE_LABELS[state] for state in states]
        words = {"waiting for vetting": "chờ thẩm định", "being vetted": "đang thẩm định"}
        for page in (listing, assigning, senders):
            row = next(one for one in page.split("<tr")[1:] if f'{PAPERS}/{paper_id}"' in one)
            assert [word in row for word in words.values()] == [one in said for one in words]
        header = office.get(f"{PAPERS}/{paper_id}").text.split('<dl class="facts"')[0]
        assert [word in header for word in words.values()] == [one in said for one in words]


def test_units_without_a_paper_are_listed_each_with_an_upload(app, office, board):
    page = office.get(f"{PAPERS}/missing")
    assert "Huyện Đoàn Thử Hai" in page.text
    assert "Thành Đoàn Thử Một" not in page.text
    with app.app_context():
        link = f"{PAPERS}/new?unit={unit('Huyện Đoàn Thử Hai').id}"
    assert link in page.text
    assert "selected" in office.get(link).text


def test_the_lists_cost_the_same_for_one_and_for_three_hundred_papers(app, office, query_count):
    with app.app_context():
        decide(submit("bài 0", "0", unit=unit()), on_stage=True)
        db.session.commit()
    office.get(PAPERS)
    one = query_count(lambda: office.get(PAPERS))
    with app.app_context():
        for number in range(1, 300):
            decide(submit(f"bài {number}", str(number)), in_print=True)
        db.session.commit()
    pages = [office.get(f"{PAPERS}?page={page}") for page in (1, 6, 99)]
    assert query_count(lambda: office.get(PAPERS)) == one
    assert [rows_of(page) for page in pages] == [(50, 300)] * 3
    assert rows_of(office.get(f"{PAPERS}?state=in-print&page=6")) == (49, 299)


def test_an_empty_board_says_so(office):
    assert "Chưa có tham luận nào" in office.get(PAPERS).text


def test_a_paper_that_was_withdrawn_is_not_decided_on(app, office, paper):
    office.post(f"{paper}/withdrawal", data={"reason": "nhầm", "told": "page"})
    answer = office.post(f"{paper}/decision", data={"version": "1", "in_print": "y"})
    assert answer.status_code == 422
    assert "Bài đã được rút" in answer.text
    with app.app_context():
        assert db.session.scalars(db.select(Decision)).all() == []


def test_a_newer_version_after_the_decision_is_pointed_out(app, office, paper):
    office.post(f"{paper}/decision", data={"version": "1", "in_print": "y"})
    assert "Có bản mới gửi sau khi kết luận" not in office.get(paper).text
    upload(office, f"{paper}/versions")
    assert "Có bản mới gửi sau khi kết luận" in office.get(paper).text


def test_what_strangers_write_is_only_ever_text(app, office):
    canary = "\"><svg onload=x>'&{{7*7}}"
    upload(office, f"{PAPERS}/new", title=canary, authors=canary, name="'><svg onload=x>&{{7*7}}.docx")
    office.post(f"{PAPERS}/1/decision", data={"version": "1", "note": canary})
    for address in (PAPERS, f"{PAPERS}/1"):
        page = office.get(address).text
        assert "<svg onload" not in page
        assert "{{7*7}}" in page


# Who may


READ = ["", "/missing", "/1", "/1/versions/1/file"]
ASKED = [("GET", path) for path in [*READ, "/new"]] + [("POST", p) for p in ("/new", "/1/versions", "/1/decision")]
ALLOWED = {
    "oanh": ASKED,
    "vinh": [*[("GET", path) for path in READ], ("POST", "/1/decision")],
    "thu": [("GET", path) for path in READ],
    "tam": [],
    "chung": [],
    "an": [],
}


@pytest.mark.parametrize("login", ALLOWED)
@pytest.mark.parametrize(("method", "path"), ASKED)
def test_each_role_does_what_it_may_and_no_more(app, staff, paper, login, method, path):
    answer = staff(login).open(PAPERS + path.replace("/1", paper.removeprefix(PAPERS), 1), method=method)
    assert answer.status_code == (403 if (method, path) not in ALLOWED[login] else 422 if method == "POST" else 200)


@pytest.mark.parametrize(("method", "path"), ASKED)
def test_a_visitor_is_sent_to_sign_in(visitor, paper, method, path):
    answer = visitor.open(PAPERS + path, method=method)
    assert (answer.status_code, answer.location.split("?")[0]) == (302, "/login")


@pytest.mark.parametrize("path", ["/1/versions", "/1/decision"])
def test_what_changes_something_refuses_get(office, paper, path):
    assert office.get(PAPERS + path).status_code == 405


@pytest.mark.parametrize(("method", "path"), [one for one in ASKED if "/1" in one[1]])
def test_a_paper_of_another_seminar_does_not_exist(app, office, paper, method, path):
    with app.app_context():
        cast.add_seminar("toa-dam-khac")
        db.session.commit()
    address = "/seminars/toa-dam-khac/papers" + path.replace("/1", paper.removeprefix(PAPERS), 1)
    assert office.open(address, method=method).status_code == 404


@pytest.mark.parametrize(
    "path", ["/999", "/1/versions/9/file", "/99999999999", "/1/versions/99999999999/file", "?state=lost"]
)
def test_what_is_not_there_is_not_found(office, paper, path):
    assert office.get(PAPERS + path).status_code == 404


def test_every_page_is_english_when_asked(app, office, paper):
    office.set_cookie("language", "en")
    assert "Versions" in office.get(paper).text


def test_a_personal_link_does_not_fill_the_disk_with_versions(app):
    from seminar.access.actor import Actor
    from seminar.papers.rules import VERSIONS

    with app.app_context():
        seminar, sender = cast.find_seminar(), unit()
        by = Actor(ActorKind.UNIT, sender.name, sender.id)
        first = submit(seminar=seminar, unit=sender, by=by)
        paper = db.session.get(Paper, first.paper_id)
        for number in range(2, VERSIONS + 1):
            assert submit(text=f"bản {number}", seminar=seminar, unit=sender, paper=paper, by=by).version == number
        with pytest.raises(Refused, match="office"):
            submit(text="một bản nữa", seminar=seminar, unit=sender, paper=paper, by=by)
        again = submit(text=f"bản {VERSIONS}", seminar=seminar, unit=sender, paper=paper, by=by)
        assert again.version == VERSIONS
        assert submit(text="một bản nữa", seminar=seminar, paper=paper).version == VERSIONS + 1
        db.session.commit()
