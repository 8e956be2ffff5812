"""Results of vetting: held or released, what senders read, told by mail and Zalo, printed."""

import io
import re

import docx
import pypdf
import pytest

from seminar.lib import files
from seminar.lib.database import db
from seminar.mail.models import Mail, MailStatus
from seminar.papers.models import Call, Decision, DecisionDelivery, Paper
from seminar.papers.queries import results as queries
from seminar.papers.rules import default_call
from seminar.planning.actions import issue_unit_link
from tests import cast, corpus
from tests.web import inviting, vetting
from tests.web.vetting import PAPERS

HTMX = {"HX-Request": "true", "HX-Request-Type": "full"}
RESULTS = f"{PAPERS}/results"


def hold_decisions():
    call = default_call()
    call.seminar_id, call.is_released_at_once = cast.find_seminar().id, False
    db.session.add(call)
    db.session.flush()


@pytest.fixture
def decided(app):
    """Two papers that were decided on and are held: of the unit (to be corrected) and of a delegate (both uses)."""
    with app.app_context():
        hold_decisions()
        unit = vetting.unit()
        unit.contact_email, unit.contact_name = "donvi@example.vn", "Ngô Văn Liên"
        person = inviting.invite(("Hồ Văn Ý", "G2", {"email": "y@example.vn"}))["Hồ Văn Ý"]
        from seminar.delegates.models import Delegate

        first = vetting.submit("Bài của đơn vị", unit=unit, authors="Ban Thường vụ")
        second = vetting.submit("Bài của chuyên gia", delegate=db.session.get(Delegate, person), authors="Hồ Văn Ý")
        vetting.decide(first, in_print=True, needs_correction=True, note="Thêm số liệu năm 2023")
        vetting.decide(second, in_print=True, on_stage=True, note="")
        third = vetting.submit("Không ai gửi", authors="Tập thể vô danh")
        vetting.decide(third, note="Ngoài chủ đề")
        link = issue_unit_link(cast.find_seminar(), unit, cast.OFFICE, cast.NOW)
        db.session.commit()
        return {
            "ids": [first.paper_id, second.paper_id, third.paper_id],
            "unit": f"/u/{link.code}",
            "person": f"/i/{inviting.in_force(person).code}",
        }


def released(app):
    with app.app_context():
        found = db.session.scalars(db.select(Decision).order_by(Decision.id))
        return [one.released_at is not None for one in found]


def test_a_decision_is_read_at_once_where_the_call_says_nothing_else(app):
    with app.app_context():
        sent = vetting.submit()
        vetting.decide(sent, in_print=True)
        assert queries.outcomes([db.session.get(Paper, sent.paper_id)])[sent.paper_id].version == 1


@pytest.mark.parametrize("headers", [None, HTMX])
def test_held_decisions_are_read_only_when_the_office_releases_them(app, office, visitor, decided, headers):
    assert "Thêm số liệu năm 2023" not in visitor.get(decided["unit"]).text
    assert released(app) == [False, False, False]
    page = office.get(f"{RESULTS}?which=held").text
    assert re.search(r'id="results".*?data-total="(\d)"', page)[1] == "3"
    answer = office.post(f"{RESULTS}/release", data={"paper": [str(decided["ids"][0])]}, headers=headers)
    assert (answer.status_code, answer.location) == (303, RESULTS)
    assert released(app) == [True, False, False]
    shown = visitor.get(decided["unit"]).text
    assert "Thêm số liệu năm 2023" in shown
    assert "Đề nghị chỉnh sửa và gửi bản mới" in shown
    assert "Kết quả thẩm định bài" not in visitor.get(decided["person"]).text
    office.post(f"{RESULTS}/release", data={"all": "yes"}, headers=headers)
    assert released(app) == [True, True, True]
    assert "in kỷ yếu" in visitor.get(decided["person"]).text


def test_the_sender_reads_words_let_through_but_never_by_whom_or_those_for_the_office(
    app, office, staff, visitor, decided
):
    with app.app_context():
        vetting.assign(db.session.get(Paper, decided["ids"][0]).submissions[0])
        db.session.commit()
    data = {"advice": "correct", "for_author": "Xin bổ sung bảng số liệu", "for_office": "Bài yếu, nể mới nhận"}
    staff("vinh").post(f"{PAPERS}/{decided['ids'][0]}/versions/1/review", data=data)
    office.post(f"{PAPERS}/{decided['ids'][0]}/decision/release")
    assert "Xin bổ sung bảng số liệu" not in visitor.get(decided["unit"]).text
    office.post(f"{PAPERS}/{decided['ids'][0]}/reviews/1/release")
    notices = [
        visitor.get(decided["unit"]).text,
        text_of(office.get(f"{PAPERS}/{decided['ids'][0]}/result.docx").data),
        re.search(r"<textarea id=\"zalo\".*?</textarea>", office.get(f"{PAPERS}/{decided['ids'][0]}").text, re.S)[0],
    ]
    for shown in notices:
        assert "Xin bổ sung bảng số liệu" in shown
        assert "Phạm Quang Vinh" not in shown
        assert "nể mới nhận" not in shown


def test_a_newer_decision_that_is_held_leaves_the_released_one_to_be_read(app, office, visitor, decided):
    office.post(f"{PAPERS}/{decided['ids'][0]}/decision/release")
    with app.app_context():
        paper = db.session.get(Paper, decided["ids"][0])
        vetting.decide(vetting.submit("", corpus.word("Bản sửa"), paper=paper), in_print=True, note="Ghi chú mới")
        db.session.commit()
    shown = visitor.get(decided["unit"]).text
    assert "Thêm số liệu năm 2023" in shown
    assert "Đã nhận bản chỉnh sửa" in shown
    assert "Ghi chú mới" not in shown


def test_a_release_is_taken_back_until_the_sender_was_told(app, office, visitor, decided):
    here = f"{PAPERS}/{decided['ids'][0]}/decision"
    office.post(f"{here}/release")
    assert office.post(f"{here}/release/reversal").status_code == 303
    assert "Thêm số liệu năm 2023" not in visitor.get(decided["unit"]).text
    office.post(f"{here}/deliveries", data={"channel": "zalo"})
    with app.app_context():
        assert db.session.query(DecisionDelivery).count() == 0
    office.post(f"{here}/release")
    office.post(f"{here}/deliveries", data={"channel": "email"})
    office.post(f"{here}/deliveries", data={"channel": "x"})
    assert office.post(f"{here}/deliveries", data={"channel": "zalo"}).status_code == 303
    with app.app_context():
        assert [one.channel for one in db.session.scalars(db.select(DecisionDelivery))] == ["zalo"]
    office.post(f"{here}/release/reversal")
    assert released(app)[0]
    assert "Đã báo kết quả cho nơi gửi" in office.get(RESULTS).text


@pytest.mark.parametrize("login", ["vinh", "thu", "chung"])
def test_only_the_office_releases_and_tells(staff, decided, login):
    client = staff(login)
    for address in (
        f"{RESULTS}/release",
        f"{RESULTS}/mails",
        *(f"{PAPERS}/{decided['ids'][0]}/decision/{end}" for end in ("release", "release/reversal", "deliveries")),
    ):
        assert client.post(address).status_code == 403
    assert client.get(f"{RESULTS}/mails").status_code == 403
    assert client.get(RESULTS).status_code == (200 if login == "vinh" else 403)


def test_a_paper_without_a_decision_has_no_result(app, office):
    with app.app_context():
        paper_id = vetting.submit().paper_id
        db.session.commit()
    for way in ("result.pdf", "result.docx"):
        assert office.get(f"{PAPERS}/{paper_id}/{way}").status_code == 404
    assert office.post(f"{PAPERS}/{paper_id}/decision/release").status_code == 404
    assert office.get(f"{RESULTS}?which=x").status_code == 404


# Told by mail


def tell(client, count, without, who="untold"):
    return client.post(f"{RESULTS}/mails", data={"who": who, "seen_count": count, "seen_without": without})


def test_senders_are_told_by_mail_with_the_notice_and_only_once(app, office, decided):
    assert tell(office, 0, 0).status_code == 422
    office.post(f"{RESULTS}/release", data={"all": "yes"})
    page = office.get(f"{RESULTS}/mails").text
    assert "Gửi 2 thư; 1 nơi không có thư điện tử" in page
    assert "Ngô Văn Liên" not in re.search(r'<p class="pre wrap" lang="vi">(.*?)</p>', page, re.S)[1]
    assert tell(office, 3, 0).status_code == 422
    answer = tell(office, 2, 1)
    assert answer.status_code == 303
    with app.app_context():
        mails = db.session.scalars(db.select(Mail).order_by(Mail.id)).all()
        assert [(one.to_address, one.purpose, one.status) for one in mails] == [
            ("donvi@example.vn", "paper result", MailStatus.HELD),
            ("y@example.vn", "paper result", MailStatus.HELD),
        ]
        assert "Thêm số liệu năm 2023" in mails[0].text
        assert "Đạt, cần chỉnh sửa trước để in kỷ yếu" in mails[0].text
        assert "Đạt; in kỷ yếu và trình bày tại Tọa đàm" in mails[1].html
        said = pypdf.PdfReader(io.BytesIO(files.read(mails[0].attachment_sha256))).pages[0].extract_text()
        assert "THÔNG BÁO" in said
        assert "Bài của đơn vị" in said
    assert office.get(answer.location).status_code == 200
    assert "Không còn nơi nào chờ báo" not in office.get(f"{RESULTS}/mails").text
    assert tell(office, 2, 1).status_code == 422
    assert tell(office, 2, 1, who="all").status_code == 303
    assert re.search(r'id="results".*?data-total="(\d)"', office.get(f"{RESULTS}?which=told").text)[1] == "2"


def test_nothing_is_sent_when_a_decision_changed_while_the_office_looked(app, office, decided):
    office.post(f"{RESULTS}/release", data={"all": "yes"})
    with app.app_context():
        paper = db.session.get(Paper, decided["ids"][1])
        vetting.decide(paper.submissions[0], in_print=True, note="Chỉ in")
        db.session.commit()
    answer = tell(office, 2, 1)
    assert answer.status_code == 422
    assert "Gửi 1 thư; 1 nơi" in answer.text
    with app.app_context():
        assert db.session.query(Mail).count() == 0


# Printed


def text_of(content):
    document = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)


def test_the_notice_prints_as_word_and_pdf(office, decided):
    here = f"{PAPERS}/{decided['ids'][0]}/result"
    word = text_of(office.get(f"{here}.docx").data)
    pdf = "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(office.get(f"{here}.pdf").data)).pages)
    for said in (word, " ".join(pdf.split())):
        for part in ("Bài của đơn vị", "Ban Thường vụ", "Thêm số liệu năm 2023", "Thành Đoàn Thử Một"):
            assert part in said


def test_the_list_of_results_names_only_what_was_released(office, decided):
    office.post(f"{PAPERS}/{decided['ids'][1]}/decision/release")
    said = text_of(office.get(f"{RESULTS}.docx").data)
    assert "Bài của chuyên gia" in said
    assert "Bài của đơn vị" not in said
    assert "01 bài tham luận" in said
    assert "cần chỉnh sửa" not in said
    assert office.get(f"{RESULTS}.pdf").data.startswith(b"%PDF-")
    office.post(f"{RESULTS}/release", data={"all": "yes"})
    said = text_of(office.get(f"{RESULTS}.docx").data)
    assert "01 bài in kỷ yếu, 01 bài trình bày tại Tọa đàm, 01 bài cần chỉnh sửa." in said
    assert "đề nghị tác giả hoàn thiện và gửi lại" in said


def test_the_results_cost_the_same_for_three_and_for_thirty_papers(app, office, decided, query_count):
    office.get(RESULTS)
    three = query_count(lambda: office.get(RESULTS))
    with app.app_context():
        for number in range(27):
            vetting.decide(vetting.submit(f"Bài {number}"), in_print=True)
        db.session.commit()
    assert query_count(lambda: office.get(RESULTS)) == three


def test_the_call_row_decides(app, decided):
    with app.app_context():
        assert not queries.is_released_at_once(cast.find_seminar().id)
        db.session.scalars(db.select(Call)).one().is_released_at_once = True
        assert queries.is_released_at_once(cast.find_seminar().id)
