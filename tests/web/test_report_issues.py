"""The result report is issued: a number of the register, a copy that stays, a second one with a reason; nothing half."""

import re
from io import BytesIO

import pypdfium2
import pytest
from docx import Document

from seminar.documents.models import DocumentKind, IssuedDocument
from seminar.lib import files
from seminar.lib.database import db
from seminar.minutes.models import MinutesVersion
from seminar.reports import actions
from seminar.reports.models import ReportIssue
from tests import cast
from tests.web.test_report import REPORT, all_text, hold
from tests.web.test_wordings import one_more_comes, write

ISSUES = f"{REPORT}/issues"
FIRST = {"issue_count": "0", "seen": "1"}


@pytest.fixture
def held(app):
    with app.app_context():
        hold(4)


def issued(app):
    with app.app_context():
        rows = db.session.scalars(db.select(ReportIssue).order_by(ReportIssue.number))
        return [(one.number, one.document.symbol, one.reason, one.facts["all.arrived"]) for one in rows]


def numbers(app):
    with app.app_context():
        query = db.select(IssuedDocument.symbol).where(IssuedDocument.kind == DocumentKind.REPORT)
        return list(db.session.scalars(query.order_by(IssuedDocument.number)))


def pdf_text(content):
    with pypdfium2.PdfDocument(content) as document:
        return "".join(page.get_textpage().get_text_range() for page in document)


def test_what_is_missing_is_told_and_must_be_read_but_does_not_forbid(app, held, office):
    page = office.get(REPORT).text
    for sentence in (
        "Chưa viết: Truyền thông; Thực trạng;",
        "Biên bản chưa được thông qua.",
        "Chưa có họ tên người ký",
    ):
        assert sentence in page
    answer = office.post(ISSUES, data={"issue_count": "0"})
    assert answer.status_code == 422
    assert numbers(app) == []
    assert office.post(ISSUES, data=FIRST).location == f"{REPORT}#issues"
    assert issued(app) == [(1, "01-BC/TĐTN-TCKT", "", 6)]
    assert numbers(app) == ["01-BC/TĐTN-TCKT"]


def test_adopted_minutes_are_no_longer_missed(app, held, office):
    with app.app_context():
        db.session.add(
            MinutesVersion(
                seminar_id=cast.find_seminar().id,
                number=1,
                opened_at=cast.NOW,
                opened_by="Thu",
                adopted_at=cast.NOW,
                docx_sha256="0" * 64,
            )
        )
        db.session.commit()
    assert "Biên bản chưa được thông qua." not in office.get(REPORT).text


def test_the_copy_has_number_day_and_figures_and_stays_as_it_was(app, held, office, visitor):
    write(office, "Có mặt {all.arrived} đại biểu.")
    office.post(ISSUES, data=FIRST)
    pdf, word = (office.get(f"{ISSUES}/1/report.{ending}") for ending in ("pdf", "docx"))
    assert (pdf.mimetype, word.status_code) == ("application/pdf", 200)
    for text in (re.sub(r"\s+", " ", pdf_text(pdf.data)), all_text(Document(BytesIO(word.data)))):
        for sentence in ("01-BC/TĐTN-TCKT", "Có mặt 6 đại biểu."):
            assert sentence in text
        assert "DỰ THẢO" not in text
        for annex in range(1, 6):
            assert f"phụ lục {annex}" in text.casefold()
    assert word.data.count(b"hyperlink") == 0, "figures of an issued copy are plain numbers"
    one_more_comes(app)
    assert office.get(f"{ISSUES}/1/report.docx").data == word.data
    assert visitor.get("/verify?number=01-BC/TĐTN-TCKT").status_code == 200
    with app.app_context():
        document = db.session.scalars(db.select(IssuedDocument).where(IssuedDocument.kind == DocumentKind.REPORT)).one()
        assert files.read(document.file_sha256) == pdf.data and files.read(document.word_sha256) == word.data
        register = f"/seminars/{cast.SLUG}/register/{document.id}/issued.pdf"
    assert office.get(register).data == pdf.data


def test_a_second_issue_needs_a_reason_and_says_what_it_replaces(app, held, office):
    office.post(ISSUES, data=FIRST)
    again = {"issue_count": "1", "seen": "1"}
    refused = office.post(ISSUES, data=again)
    assert refused.status_code == 422
    assert "Hãy ghi lý do phát hành lại" in refused.text
    assert numbers(app) == ["01-BC/TĐTN-TCKT"]
    one_more_comes(app)
    assert "Số liệu đã đổi từ khi phát hành: trong danh sách 8 → 9; có mặt 6 → 7" in office.get(REPORT).text
    assert office.post(ISSUES, data={**again, "reason": "Bổ sung điểm danh trên giấy."}).status_code == 303
    assert issued(app)[1] == (2, "02-BC/TĐTN-TCKT", "Bổ sung điểm danh trên giấy.", 7)
    text = all_text(Document(BytesIO(office.get(f"{ISSUES}/2/report.docx").data)))
    assert "Báo cáo này thay thế Báo cáo số 01-BC/TĐTN-TCKT" in text and "lý do: Bổ sung điểm danh trên giấy.)" in text
    page = office.get(REPORT).text
    assert "Bổ sung điểm danh trên giấy." in page and "Số liệu đã đổi từ khi phát hành" not in page


def test_who_looked_at_an_older_page_is_told_of_the_issue_that_came_between(app, held, office):
    office.post(ISSUES, data=FIRST)
    answer = office.post(ISSUES, data=FIRST)
    assert answer.status_code == 422
    assert "Trần Thị Oanh vừa phát hành báo cáo" in answer.text
    assert len(numbers(app)) == 1


@pytest.mark.parametrize("data", [{}, {"issue_count": "x"}, {"issue_count": "0", "reason": "a" * 501, "seen": "1"}])
def test_bad_input_is_a_sentence(app, held, office, data):
    answer = office.post(ISSUES, data=data)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert numbers(app) == []


def test_a_number_whose_files_were_not_made_is_used_by_the_next_try(app, held, office):
    with app.app_context():
        actions.take_report_number(cast.find_seminar(), "Kết quả", 0, "", cast.OFFICE, cast.NOW)
        db.session.commit()
    assert "Đã lấy số 01-BC/TĐTN-TCKT" in office.get(REPORT).text
    assert office.post(ISSUES, data=FIRST).status_code == 303
    assert numbers(app) == ["01-BC/TĐTN-TCKT"]
    assert [row[:2] for row in issued(app)] == [(1, "01-BC/TĐTN-TCKT")]
    assert "Đã lấy số" not in office.get(REPORT).text


def test_without_an_issuer_the_form_itself_forbids(app, held, office):
    with app.app_context():
        seminar = cast.find_seminar()
        seminar.settings = {**seminar.settings, "place": ""}
        db.session.commit()
    assert office.post(ISSUES, data=FIRST).status_code == 422
    assert numbers(app) == []


def test_the_secretary_reads_what_was_issued_and_does_not_issue(app, held, office, staff):
    secretary = staff("thu")
    assert secretary.post(ISSUES, data=FIRST).status_code == 403
    office.post(ISSUES, data=FIRST)
    assert [secretary.get(f"{ISSUES}/{n}/report.pdf").status_code for n in (1, 2)] == [200, 404]
    assert "Phát hành lại" not in secretary.get(REPORT).text
