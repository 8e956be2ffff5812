"""The words of a paper corrected, a paper withdrawn and taken back in, its receipt, its PDF beside, its old fonts."""

import io
from datetime import timedelta

import pytest

from seminar.access.actor import Channel
from seminar.audit.models import AuditEntry
from seminar.lib.database import db
from seminar.lib.legacy import Legacy, encode
from seminar.mail.models import Mail
from seminar.papers import converting, queries
from seminar.papers.models import Author, Paper, Rendition, RenditionKind, Submission
from seminar.planning.models import Milestone, MilestoneRule, Topic, UnitLink
from tests import cast, corpus
from tests.web.test_papers import HTMX, PAPERS, decide, paper, submit, unit, upload

__all__ = ["paper"]
DETAILS = {
    "title": "Tên đúng",
    "authors": "ThS. Nguyễn Văn Thử – Phó Bí thư – Thành Đoàn Thử\nBan Thường vụ Thành Đoàn Thử",
    "kind": "paper",
    "topic": "",
    "abstract": "Tóm tắt\nhai dòng",
    "keywords": "đảng viên trẻ, phát triển",
}
OLD = encode("Nghị quyết Đại hội Đoàn toàn quốc", Legacy.TCVN3)


@pytest.fixture
def links(app, office):
    """Codes of the two units' links."""
    office.post(f"/seminars/{cast.SLUG}/units/links")
    with app.app_context():
        return list(db.session.scalars(db.select(UnitLink.code).order_by(UnitLink.unit_id)))


def send(client, code, content=None, beside=None, **fields):
    values = {"title": "Bài của đơn vị", "authors": "Ban Thường vụ", "kind": "paper", "topic": ""} | fields
    values["file"] = (io.BytesIO(corpus.word("Một hai ba") if content is None else content), "bài.docx")
    if beside is not None:
        values["beside"] = (io.BytesIO(beside), "bài.pdf")
    return client.post(f"/u/{code}/paper", data=values, content_type="multipart/form-data")


# Words


@pytest.mark.parametrize("headers", [None, HTMX])
def test_the_office_corrects_the_words_and_reads_how_authors_were_understood(app, office, paper, headers):
    assert office.post(f"{paper}/details", data=DETAILS, headers=headers).status_code == 303
    page = office.get(paper).text
    for words in ("Tên đúng", "Phó Bí thư", "hai dòng", "đảng viên trẻ, phát triển", "tập thể"):
        assert words in page
    with app.app_context():
        found = db.session.scalars(db.select(Author).order_by(Author.position)).all()
        assert [(one.academic_title, one.name, one.duty, one.body, one.is_collective) for one in found] == [
            ("ThS.", "Nguyễn Văn Thử", "Phó Bí thư", "Thành Đoàn Thử", False),
            ("", "Ban Thường vụ Thành Đoàn Thử", "", "", True),
        ]
        assert db.session.get(Paper, found[0].paper_id).authors == (
            "ThS. Nguyễn Văn Thử, Phó Bí thư, Thành Đoàn Thử; Ban Thường vụ Thành Đoàn Thử"
        )
        entry = db.session.scalars(db.select(AuditEntry).where(AuditEntry.verb == "change")).one()
        assert entry.detail["title"] == ["Bài thử", "Tên đúng"]
    one_author = DETAILS | {"authors": "Lê Văn Một – Bí thư"}
    assert office.post(f"{paper}/details", data=one_author).status_code == 303
    with app.app_context():
        assert [one.name for one in db.session.scalars(db.select(Author))] == ["Lê Văn Một"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"title": " "}, "Hãy ghi tên tham luận."),
        ({"authors": " \n "}, "Hãy ghi tác giả."),
        ({"authors": "a" * 600}, "tối đa 500 ký tự"),
        ({"topic": "999"}, "errors"),
        ({"kind": "song"}, "errors"),
    ],
)
def test_words_that_cannot_be_are_kept_in_the_form(app, office, paper, change, sentence):
    answer = office.post(f"{paper}/details", data=DETAILS | change)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "hai dòng" in answer.text
    with app.app_context():
        assert db.session.scalars(db.select(Paper)).one().title == "Bài thử"


def test_a_sender_corrects_until_the_deadline_and_the_office_always(app, office, visitor, links):
    assert send(visitor, links[0]).status_code == 303
    assert visitor.post(f"/u/{links[0]}/papers/1/details", data=DETAILS).status_code == 303
    assert "Tên đúng" in visitor.get(f"/u/{links[0]}").text
    assert visitor.post(f"/u/{links[1]}/papers/1/details", data=DETAILS).status_code == 404
    with app.app_context():
        seminar = cast.find_seminar()
        day = cast.NOW.date()
        db.session.add(
            Milestone(
                seminar_id=seminar.id, position=1, code="papers", rule=MilestoneRule.UNTIL, due_on=day, text="Nhận bài"
            )
        )
        db.session.commit()
    late = visitor.post(f"/u/{links[0]}/papers/1/details", data=DETAILS | {"title": "Quá hạn"})
    assert late.status_code == 422
    assert "Đã qua hạn" in late.text
    assert office.post(f"{PAPERS}/1/details", data=DETAILS | {"title": "Văn phòng sửa"}).status_code == 303


def test_a_subtopic_may_be_chosen(app, office, paper):
    with app.app_context():
        seminar = cast.find_seminar()
        parent = seminar.topics[1]
        db.session.add(Topic(seminar_id=seminar.id, position=1, title="Mô hình hay", text="", parent_id=parent.id))
        db.session.commit()
        topic_id = db.session.scalars(db.select(Topic.id).where(Topic.title == "Mô hình hay")).one()
    assert "2.1. Mô hình hay" in office.get(paper).text
    assert office.post(f"{paper}/details", data=DETAILS | {"topic": str(topic_id)}).status_code == 303
    with app.app_context():
        assert db.session.scalars(db.select(Paper)).one().topic_id == topic_id


# Withdrawal


def test_a_withdrawn_paper_is_counted_nowhere_kept_and_taken_back_in(app, office, paper):
    office.post(f"{paper}/decision", data={"version": "1", "in_print": "y"})
    form = {"reason": "Tác giả xin rút", "told": "phone"}
    assert office.post(f"{paper}/withdrawal", data=form).status_code == 303
    assert office.post(f"{paper}/withdrawal", data=form).status_code == 303
    with app.app_context():
        seminar = cast.find_seminar()
        assert queries.count_papers(seminar) == queries.count_papers(seminar, queries.PaperState.IN_PRINT) == 0
        assert queries.board(seminar) == []
        (entry,) = db.session.scalars(db.select(AuditEntry).where(AuditEntry.verb == "withdraw"))
        assert (entry.channel, entry.on_behalf_of, entry.detail) == (
            Channel.PHONE,
            "Tập thể",
            {"reason": "Tác giả xin rút"},
        )
    assert "Tác giả xin rút" in office.get(PAPERS).text
    page = office.get(paper)
    assert page.status_code == 200
    assert f'action="{paper}/versions"' not in page.text
    answer = upload(office, f"{paper}/versions", corpus.word("Bản mới"))
    assert (answer.status_code, "Hãy nhận lại bài trước." in answer.text) == (422, True)
    assert office.post(f"{paper}/details", data=DETAILS).status_code == 422
    assert [office.post(f"{paper}/readmission").status_code for _ in range(2)] == [303, 303]
    with app.app_context():
        assert queries.count_papers(cast.find_seminar(), queries.PaperState.IN_PRINT) == 1


def test_a_withdrawal_says_why(office, paper):
    answer = office.post(f"{paper}/withdrawal", data={"reason": " ", "told": "page"})
    assert answer.status_code == 422
    assert "Hãy ghi lý do" in answer.text


def test_after_a_withdrawal_the_unit_owes_a_paper_and_two_never_count(app, office, visitor, links):
    send(visitor, links[0])
    office.post(f"{PAPERS}/1/withdrawal", data={"reason": "Nhầm bài", "told": "page"})
    with app.app_context():
        assert unit() in queries.units_without_paper(cast.find_seminar())
    assert "Bài của đơn vị" not in visitor.get(f"/u/{links[0]}").text
    assert send(visitor, links[0], corpus.word("Bài khác"), title="Bài khác").status_code == 303
    answer = office.post(f"{PAPERS}/1/readmission")
    assert answer.status_code == 422
    assert "đã gửi tham luận" in answer.text
    with app.app_context():
        assert [one.title for one in queries.papers_of_unit(cast.find_seminar(), unit())] == ["Bài khác"]


def test_the_programme_warns_of_a_withdrawn_paper_and_takes_none_in(app, office, paper):
    office.post(
        f"/seminars/{cast.SLUG}/programme/sittings", data={"name": "Sáng", "day": "2024-03-15", "begins": "08:00"}
    )
    office.post(f"{paper}/decision", data={"version": "1", "on_stage": "y"})
    with app.app_context():
        from seminar.agenda import actions as agenda
        from seminar.agenda.models import Sitting

        seminar = cast.find_seminar()
        if not db.session.query(Sitting).count():
            db.session.add(
                Sitting(seminar_id=seminar.id, name="Sáng", starts_at=cast.NOW, ends_at=cast.NOW + timedelta(hours=3))
            )
            db.session.flush()
        agenda.schedule_paper(db.session.scalars(db.select(Paper)).one(), cast.OFFICE, cast.NOW)
        other = submit("Bài hai", "Khác")
        decide(other, on_stage=True)
        db.session.commit()
        other_id = other.paper_id
    programme = f"/seminars/{cast.SLUG}/programme"
    assert "tham luận này đã rút" not in office.get(programme).text
    for address in (paper, f"{PAPERS}/{other_id}"):
        office.post(f"{address}/withdrawal", data={"reason": "Rút", "told": "page"})
    page = office.get(programme).text
    assert "tham luận này đã rút" in page
    assert "Bài hai" not in page
    office.post(f"{programme}/papers", data={"paper_id": other_id})
    assert "Hãy nhận lại bài trước." in office.get(programme).text


# Receipts


def test_a_receipt_says_what_arrived_and_goes_to_the_sender(app, office, visitor, links):
    with app.app_context():
        unit().contact_email = "lienhe@example.vn"
        db.session.commit()
    assert send(visitor, links[0]).status_code == 303
    assert send(visitor, links[0], None).status_code in (303,)
    page = visitor.get(f"/u/{links[0]}/papers/1/versions/1/receipt").text
    with app.app_context():
        digest = db.session.scalars(db.select(Submission.file_sha256).order_by(Submission.id)).first()
        first = db.session.scalars(db.select(Mail).order_by(Mail.id)).first()
        assert (first.to_address, first.purpose, first.status) == ("lienhe@example.vn", "receipt", "held")
        for text in (first.text, first.html, page):
            assert f"{digest[:4]} {digest[4:8]} {digest[8:12]}" in text
            assert "bài.docx" in text
            assert "Bài của đơn vị" in text
    assert visitor.get(f"/u/{links[1]}/papers/1/versions/1/receipt").status_code == 404
    assert visitor.get(f"/u/{links[0]}/papers/1/versions/9/receipt").status_code == 404
    staff_page = office.get(f"{PAPERS}/1/versions/1/receipt").text
    assert "lienhe@example.vn" in staff_page
    assert "Thành Đoàn Thử Một, trên trang" in staff_page


def test_the_same_file_again_sends_no_second_receipt(app, visitor, links):
    with app.app_context():
        unit().contact_email = "lienhe@example.vn"
        db.session.commit()
    content = corpus.word("Một hai ba")
    for _ in range(3):
        assert send(visitor, links[0], content).status_code == 303
    with app.app_context():
        assert db.session.query(Submission).count() == db.session.query(Mail).count() == 1


def test_the_office_sends_a_receipt_or_reads_that_there_is_no_address(app, office, paper):
    address = f"{paper}/versions/1/receipt"
    assert office.post(address).status_code == 303
    assert "Chưa có địa chỉ thư điện tử" in office.get(address).text
    with app.app_context():
        found = db.session.scalars(db.select(Paper)).one()
        found.unit_id = unit().id
        unit().contact_email = "lienhe@example.vn"
        db.session.commit()
    assert office.post(address).status_code == 303
    with app.app_context():
        assert db.session.scalars(db.select(Mail)).one().to_address == "lienhe@example.vn"


# A PDF beside the Word file


def test_a_pdf_beside_is_kept_compared_and_printed_from(app, office, visitor, links):
    content, pdf = corpus.word("Một hai ba bốn năm"), corpus.printed("Một hai ba bốn năm")
    assert send(visitor, links[0], content, pdf).status_code == 303
    with app.app_context():
        submission = db.session.scalars(db.select(Submission)).one()
        made = queries.rendition(submission, RenditionKind.PDF)
        assert (made.is_sent, made.page_count, submission.remarks) == (True, 1, [])
        assert queries.pdf_sha256(submission) == made.file_sha256
    answer = office.get(f"{PAPERS}/1/versions/1/renditions/pdf")
    assert (answer.data, answer.mimetype) == (pdf, "application/pdf")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert office.get(f"{PAPERS}/1/versions/1/renditions/unicode").status_code == 404
    assert office.get(f"{PAPERS}/1/versions/1/renditions/exe").status_code == 404


def test_a_pdf_of_another_paper_is_remarked_and_a_right_one_takes_the_remark_away(app, office, paper):
    content = corpus.word("Một hai ba bốn năm")
    wrong, right = corpus.printed("Bài hoàn toàn khác hẳn"), corpus.printed("Một hai ba bốn năm")
    form = {"channel": "email", "file": (io.BytesIO(content), "a.docx"), "beside": (io.BytesIO(wrong), "a.pdf")}
    assert office.post(f"{paper}/versions", data=form, content_type="multipart/form-data").status_code == 303
    assert "có nội dung khác tệp Word" in office.get(paper).text
    alone = {"channel": "email", "beside": (io.BytesIO(right), "a.pdf")}
    assert office.post(f"{paper}/versions", data=alone, content_type="multipart/form-data").status_code == 303
    with app.app_context():
        assert [one.version for one in db.session.scalars(db.select(Submission))] == [1, 2]
        latest = db.session.scalars(db.select(Submission).where(Submission.version == 2)).one()
        assert latest.remarks == []
        assert db.session.query(Rendition).count() == 2


def test_a_pdf_beside_a_pdf_is_refused(app, office):
    answer = upload(office, f"{PAPERS}/new", corpus.pdf(), beside=(io.BytesIO(corpus.pdf()), "a.pdf"))
    assert answer.status_code == 422
    assert "hãy để trống ô thứ hai" in answer.text


# Old fonts


def test_the_sender_sees_before_and_after_converts_and_undoes(app, office, visitor, links):
    content = corpus.old_word((OLD, ".VnTime"))
    assert send(visitor, links[0], content).status_code == 303
    page = visitor.get(f"/u/{links[0]}").text
    assert "Nghị quyết Đại hội Đoàn toàn quốc" in page
    assert OLD in page
    assert visitor.post(f"/u/{links[1]}/papers/1/unicode").status_code == 404
    assert [visitor.post(f"/u/{links[0]}/papers/1/unicode").status_code for _ in range(2)] == [303, 303]
    with app.app_context():
        submission = db.session.scalars(db.select(Submission)).one()
        assert (submission.legacy, db.session.query(Rendition).count()) == ("tcvn3", 1)
        made = queries.rendition(submission, RenditionKind.UNICODE)
        assert queries.word_sha256(submission) == made.file_sha256 != submission.file_sha256
        db.session.add(
            Rendition(
                submission=submission,
                kind=RenditionKind.PDF,
                file_sha256="0" * 64,
                size_bytes=1,
                made_by=converting.made_by(),
                at=cast.NOW,
            )
        )
        db.session.commit()
        assert queries.pdf_sha256(submission) == "0" * 64
    assert "đã chuyển sang Unicode" in visitor.get(f"/u/{links[0]}").text
    assert [visitor.post(f"/u/{links[0]}/papers/1/unicode/reversal").status_code for _ in range(2)] == [303, 303]
    with app.app_context():
        submission = db.session.scalars(db.select(Submission)).one()
        assert queries.word_sha256(submission) == submission.file_sha256
        assert queries.pdf_sha256(submission) is None
        assert db.session.query(Rendition).count() == 2


def test_the_office_converts_downloads_and_undoes(app, office):
    upload(
        office, f"{PAPERS}/new", corpus.old_word((encode("Đại hội", Legacy.VNI), "VNI-Times"), ("Bài viết", "Arial"))
    )
    at = f"{PAPERS}/1/versions/1"
    page = office.get(f"{PAPERS}/1").text
    assert "Phông chữ cũ" in page
    assert office.post(f"{at}/unicode").status_code == 303
    made = office.get(f"{at}/renditions/unicode")
    assert made.status_code == 200
    assert "-unicode.docx" in made.headers["Content-Disposition"]
    assert office.post(f"{at}/unicode/reversal").status_code == 303
    assert office.get(f"{at}/renditions/unicode").status_code == 404
    with app.app_context():
        verbs = db.session.scalars(db.select(AuditEntry.verb).where(AuditEntry.noun == "old fonts"))
        assert list(verbs) == ["convert", "undo"]


def test_what_is_of_today_has_nothing_to_convert(office, paper):
    assert office.post(f"{paper}/versions/1/unicode").status_code == 404
    assert "Phông chữ cũ" not in office.get(paper).text


# The unit's two kinds


def test_a_unit_sends_its_paper_and_besides_its_report_on_the_situation(app, visitor, links):
    assert send(visitor, links[0]).status_code == 303
    report = send(visitor, links[0], corpus.word("Thực trạng"), title="Báo cáo thực trạng", kind="situation")
    assert report.status_code == 303
    assert (
        send(visitor, links[0], corpus.word("Bản hai của báo cáo"), title="Báo cáo", kind="situation").status_code
        == 303
    )
    with app.app_context():
        found = {one.kind.value: len(one.submissions) for one in db.session.scalars(db.select(Paper))}
        assert found == {"paper": 1, "situation": 2}


# Who may


@pytest.mark.parametrize(
    ("path", "ok"),
    [
        ("/details", 422),
        ("/withdrawal", 422),
        ("/readmission", 303),
        ("/versions/1/receipt", 303),
        ("/versions/1/unicode", 404),
        ("/versions/1/unicode/reversal", 303),
    ],
)
@pytest.mark.parametrize("login", ["oanh", "vinh", "thu", "tam", "chung", "an"])
def test_only_the_office_changes_a_paper(staff, paper, path, ok, login):
    assert staff(login).post(f"{paper}{path}").status_code == (ok if login == "oanh" else 403)


@pytest.mark.parametrize(
    "path", ["/details", "/withdrawal", "/readmission", "/versions/1/receipt", "/versions/1/unicode"]
)
def test_a_paper_of_another_seminar_is_not_changed(app, office, paper, path):
    with app.app_context():
        cast.add_seminar("toa-dam-khac")
        db.session.commit()
    address = paper.replace(cast.SLUG, "toa-dam-khac")
    assert office.post(f"{address}{path}", data=DETAILS | {"reason": "x", "told": "page"}).status_code == 404
