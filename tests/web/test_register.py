"""The outgoing register: numbers by term, issuer and kind; documents made elsewhere; numbers not used."""

import io
from datetime import timedelta

from docx import Document
from openpyxl import load_workbook

from seminar.documents import actions
from seminar.documents.models import DocumentKind, IssuedDocument, NumberStart
from seminar.lib.clock import local, now
from seminar.lib.database import db
from tests import cast
from tests.web.inviting import HERE, invite

PAGE = f"{HERE}/register"
OUTSIDE = {
    "kind": "dispatch",
    "number": "",
    "subject": "Về việc mượn hội trường",
    "issued_on": "2024-01-10",
    "addressees": "Đảng ủy Trường\n\n Sở",
    "copies": "3",
    "note": "làm bằng tay",
}


def take(kind=DocumentKind.DISPATCH, subject="x"):
    return actions.take_number(cast.find_seminar(), kind, subject, cast.OFFICE, cast.NOW)


def test_a_document_made_elsewhere_takes_the_next_number_or_its_own(app, office):
    assert office.post(f"{PAGE}/outside", data=OUTSIDE).status_code == 303
    assert office.post(f"{PAGE}/outside", data={**OUTSIDE, "number": "7"}).status_code == 303
    with app.app_context():
        rows = db.session.scalars(db.select(IssuedDocument).order_by(IssuedDocument.id)).all()
        assert [(one.symbol, one.is_outside, one.copies) for one in rows] == [
            ("01-CV/TĐTN-TCKT", True, 3),
            ("07-CV/TĐTN-TCKT", True, 3),
        ]
        assert rows[0].addressees == "Đảng ủy Trường\nSở"
        assert take().number == 8
        db.session.rollback()
    page = office.get(PAGE).text
    assert "làm ngoài phần mềm" in page
    assert "Đảng ủy Trường; Sở" in page


def test_signer_and_drafter_of_a_document_made_elsewhere_are_as_typed(app, office):
    page = office.get(PAGE).text
    assert 'value="BÍ THƯ"' in page  # offered from the settings
    said = {"signer": "Lê Thị Mẫu,  PHÓ BÍ THƯ", "drafted_by": "Ban Phong trào, Hồ Văn Thử"}
    assert office.post(f"{PAGE}/outside", data={**OUTSIDE, **said}).status_code == 303
    assert office.post(f"{PAGE}/outside", data={**OUTSIDE, "signer": "", "drafted_by": ""}).status_code == 303
    sheet = load_workbook(io.BytesIO(office.get(f"{HERE}/register.xlsx").data)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
    assert [(row[3], row[5]) for row in rows] == [
        ("Lê Thị Mẫu, PHÓ BÍ THƯ", "Ban Phong trào, Hồ Văn Thử"),
        (None, None),
    ]
    assert "Ban Phong trào, Hồ Văn Thử" in office.get(PAGE).text


def test_an_entry_is_corrected_and_the_log_keeps_what_stood_there(app, office):
    office.post(f"{PAGE}/outside", data=OUTSIDE)
    with app.app_context():
        taken_id = take().id
        db.session.commit()
        outside_id = db.session.scalar(db.select(IssuedDocument.id).where(IssuedDocument.is_outside))
    for _ in range(2):
        answer = office.post(f"{PAGE}/{taken_id}/correction", data={"copies": "20", "note": "in thêm"})
        assert (answer.status_code, answer.location) == (303, f"{PAGE}/{taken_id}")
    page = office.get(f"{PAGE}/{taken_id}").text
    assert page.count("số bản: 20 (trước là 2); ghi chú: in thêm (trước là chỗ trống)") == 1
    assert (
        "Trần Thị Oanh sửa dòng trong sổ văn bản đi: 02-CV/TĐTN-TCKT, số bản: 20 (trước là 2)"
        in office.get(f"{HERE}/audit").text
    )
    changed = {**OUTSIDE, "signer": "Ký Khác", "drafted_by": "VP", "issued_on": "2024-01-11", "addressees": "Một\nHai"}
    assert office.post(f"{PAGE}/{outside_id}/correction", data=changed).status_code == 303
    page = office.get(f"{PAGE}/{outside_id}").text
    assert "ngày: 11/01/2024 (trước là 10/01/2024)" in page
    assert "nơi nhận: Một; Hai (trước là Đảng ủy Trường; Sở)" in page
    assert "in thêm" in office.get(PAGE).text


def test_what_the_program_issued_is_not_rewritten(app, office):
    with app.app_context():
        document_id = take(subject="giữ nguyên").id
        db.session.commit()
    sent = {"copies": "4", "note": "", "subject": "khác", "signer": "khác", "issued_on": "2020-01-01"}
    assert office.post(f"{PAGE}/{document_id}/correction", data=sent).status_code == 303
    with app.app_context():
        document = db.session.get(IssuedDocument, document_id)
        assert (document.subject, document.copies, document.issued_on.year) == ("giữ nguyên", 4, 2024)


def test_bad_corrections_are_kept_in_the_form(app, office):
    office.post(f"{PAGE}/outside", data=OUTSIDE)
    with app.app_context():
        document_id = db.session.scalar(db.select(IssuedDocument.id))
    for values in ({"copies": "-1"}, {"copies": "x"}, {"subject": ""}, {"issued_on": "hôm qua"}):
        answer = office.post(f"{PAGE}/{document_id}/correction", data={**OUTSIDE, "note": "giữ lại", **values})
        assert answer.status_code == 422
        assert "giữ lại" in answer.text
    assert office.post(f"{PAGE}/99999/correction", data=OUTSIDE).status_code == 404


def test_numbers_that_are_missing_are_explained_and_never_left_out(app, office):
    for kind in ("dispatch", "plan"):
        sent = {"kind": kind, "next_number": "9", "reason": "Sổ giấy đã cấp đến số 08"}
        office.post(f"{PAGE}/start", data=sent)
    office.post(f"{PAGE}/outside", data={**OUTSIDE, "number": "4"})
    page = office.get(f"{PAGE}?kind=dispatch").text
    assert page.count("data-gap") == 2
    assert "Từ số 05 đến số 08" in page
    office.post(f"{PAGE}/outside", data={**OUTSIDE, "number": "9"})
    office.post(f"{PAGE}/outside", data={**OUTSIDE, "number": "11"})
    sheet = load_workbook(io.BytesIO(office.get(f"{HERE}/register.xlsx?kind=dispatch").data)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
    paper = "Công văn (TĐTN): ghi trong sổ giấy – Sổ giấy đã cấp đến số 08"
    assert [(row[0], row[2]) for row in rows] == [
        ("Từ số 01 đến số 03", paper),
        ("04-CV/TĐTN-TCKT", "Công văn: Về việc mượn hội trường"),
        ("Từ số 05 đến số 08", paper),
        ("09-CV/TĐTN-TCKT", "Công văn: Về việc mượn hội trường"),
        ("Số 10", "Công văn (TĐTN): không có trong sổ này, chưa ghi lý do"),
        ("11-CV/TĐTN-TCKT", "Công văn: Về việc mượn hội trường"),
    ]
    word = Document(io.BytesIO(office.get(f"{HERE}/register.docx").data)).tables[-1]
    column = [row.cells[0].text for row in word.rows]
    assert column[1:] == [row[0] for row in rows] + ["Từ số 01 đến số 08"]
    page = office.get(PAGE).text
    assert page.count("data-gap") == 4
    assert "chưa ghi lý do" in page


def test_a_number_that_is_taken_cannot_be_entered_again(app, office):
    office.post(f"{PAGE}/outside", data={**OUTSIDE, "number": "7"})
    answer = office.post(f"{PAGE}/outside", data={**OUTSIDE, "number": "7", "subject": "giữ lại"})
    assert answer.status_code == 422
    assert "Số 07-CV/TĐTN-TCKT đã được cấp" in answer.text
    assert "giữ lại" in answer.text


def test_bad_input_is_kept_in_the_form(app, office):
    for values in ({"subject": ""}, {"issued_on": "hôm qua"}, {"number": "0"}, {"kind": "x"}):
        assert office.post(f"{PAGE}/outside", data={**OUTSIDE, **values}).status_code == 422
    assert office.post(f"{PAGE}/start", data={"kind": "dispatch", "next_number": "", "reason": "x"}).status_code == 422


def test_a_document_of_a_day_to_come_is_not_entered(app, office):
    tomorrow = (local(now()) + timedelta(days=1)).date().isoformat()
    refused = office.post(f"{PAGE}/outside", data={**OUTSIDE, "issued_on": tomorrow})
    assert refused.status_code == 422
    assert "chưa tới: hãy ghi ngày văn bản đã được ban hành" in refused.text
    assert OUTSIDE["subject"] in refused.text
    office.post(f"{PAGE}/outside", data=OUTSIDE)
    with app.app_context():
        [document_id] = db.session.scalars(db.select(IssuedDocument.id))
    corrected = office.post(f"{PAGE}/{document_id}/correction", data={**OUTSIDE, "issued_on": tomorrow})
    assert corrected.status_code == 422
    assert "chưa tới" in corrected.text


def test_what_the_form_says_is_vietnamese(office):
    wrong = {"kind": "x", "number": "bảy", "issued_on": "2024-02-30", "note": "x" * 501}
    page = office.post(f"{PAGE}/outside", data={**OUTSIDE, **wrong}).text
    for sentence in (
        "Lựa chọn này không có trong danh sách.",
        "Hãy ghi một số nguyên, ví dụ 12.",
        "Hãy ghi ngày đúng: ngày, tháng, năm có trong lịch.",
        "Không dài quá 500 ký tự.",
    ):
        assert sentence in page
    assert "Not a valid" not in page


def test_the_next_number_is_set_upward_with_a_reason_and_never_down(app, office):
    sent = {"kind": "dispatch", "next_number": "12", "reason": "Sổ giấy đã cấp đến số 11"}
    assert office.post(f"{PAGE}/start", data=sent).status_code == 303
    again = office.post(f"{PAGE}/start", data={**sent, "next_number": "5"})
    assert again.status_code == 422
    assert "Số tiếp theo đã là 12" in again.text
    assert office.post(f"{PAGE}/start", data={**sent, "next_number": "20", "reason": " "}).status_code == 422
    page = office.get(PAGE).text
    assert "Từ số 01 đến số 11" in page
    assert "Sổ giấy đã cấp đến số 11" in page
    with app.app_context():
        assert db.session.query(NumberStart).count() == 1
        assert [take().number, take().number, take(DocumentKind.PLAN).number] == [12, 13, 1]
        db.session.rollback()


def test_a_number_not_used_stays_and_is_not_given_out_again(app, office, visitor):
    with app.app_context():
        document_id = take().id
        db.session.commit()
    for _ in range(2):
        answer = office.post(f"{PAGE}/{document_id}/unused", data={"reason": "Gộp vào công văn khác"})
        assert answer.status_code == 303
    assert office.post(f"{PAGE}/{document_id}/unused", data={"reason": ""}).status_code == 422
    assert "Gộp vào công văn khác" in office.get(f"{PAGE}/{document_id}").text
    said = "ghi là không sử dụng dòng trong sổ văn bản đi: 01-CV/TĐTN-TCKT, Gộp vào công văn khác"
    assert office.get(f"{HERE}/audit").text.count(said) == 1
    assert "Gộp vào công văn khác" in office.get(PAGE).text
    with app.app_context():
        assert take().number == 2
        db.session.rollback()
    page = visitor.get("/verify", query_string={"number": "01-CV/TĐTN-TCKT"})
    assert "không được sử dụng" in page.text
    assert "được ban hành" not in page.text


def test_the_number_of_personal_letters_is_not_called_unused(app, office):
    with app.app_context():
        invite(("Nguyễn Thị Hạnh", "G2", {}))
        document_id = db.session.scalars(db.select(IssuedDocument.id)).one()
    answer = office.post(f"{PAGE}/{document_id}/unused", data={"reason": "nhầm"})
    assert answer.status_code == 422
    assert "thu hồi từng thư" in answer.text


def test_one_register_serves_all_seminars_and_each_ban_has_its_own_numbers(app):
    with app.app_context():
        seminar, other = cast.find_seminar(), cast.add_seminar("toa-dam-khac")
        db.session.flush()
        other.settings = {"agency": "", "drafting_unit": "BTC"}
        kinds = [
            actions.take_number(one, DocumentKind.DISPATCH, "x", cast.OFFICE, cast.NOW).symbol
            for one in (seminar, other, seminar, other)
        ]
        assert kinds == ["01-CV/TĐTN-TCKT", "01-CV/BTC", "02-CV/TĐTN-TCKT", "02-CV/BTC"]
        db.session.rollback()


def test_the_register_is_narrowed_by_term_and_kind(app, office):
    with app.app_context():
        take(subject="công văn một")
        take(DocumentKind.PLAN, "kế hoạch một")
        cast.find_seminar().settings = {"term": "2027-2032"}
        take(subject="nhiệm kỳ mới")
        cast.find_seminar().settings = {}
        db.session.commit()
    page = office.get(PAGE).text
    assert "công văn một" in page
    assert "nhiệm kỳ mới" not in page
    assert "công văn một" not in office.get(f"{PAGE}?kind=plan").text
    assert "nhiệm kỳ mới" in office.get(f"{PAGE}?term=2027-2032").text
    assert office.get(f"{PAGE}?kind=x&page=abc&term=%20").status_code == 200


def test_the_register_comes_out_as_word_and_excel(app, office):
    with app.app_context():
        invite(("Nguyễn Thị Hạnh", "G2", {}))
        take(subject="=1+1 & <b>")
        db.session.commit()
    sheet = load_workbook(io.BytesIO(office.get(f"{HERE}/register.xlsx").data)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert rows[0][:3] == ["Số, ký hiệu", "Ngày tháng", "Tên loại và trích yếu"]
    assert {row[0] for row in rows[1:]} == {"01-TM/TĐTN-TCKT", "01-CV/TĐTN-TCKT"}
    assert "Công văn: =1+1 & <b>" in {row[2] for row in rows[1:]}
    assert {row[5] for row in rows[1:]} == {"Trần Thị Oanh"}
    assert {type(row[6]) for row in rows[1:]} <= {int, type(None)}
    assert next(row[6] for row in rows[1:] if row[0] == "01-TM/TĐTN-TCKT") == 2
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.print_title_rows) == (
        "landscape", 1, "$2:$2",
    )  # fmt: skip
    document = Document(io.BytesIO(office.get(f"{HERE}/register.docx").data))
    table = document.tables[-1]
    assert [cell.text for cell in table.rows[0].cells][0] == "Số, ký hiệu"
    assert len(table.rows) == 3
    assert document.sections[0].page_width > document.sections[0].page_height


def test_three_thousand_documents_cost_as_many_statements_as_three(app, office, visitor, query_count):
    def fill(first, last):
        with app.app_context():
            seminar_id = cast.find_seminar().id
            db.session.execute(
                db.insert(IssuedDocument),
                [
                    {
                        "seminar_id": seminar_id,
                        "term": "2022-2027",
                        "issuer": "TĐTN",
                        "kind": DocumentKind.DISPATCH,
                        "number": number,
                        "symbol": f"{number:02d}-CV/TĐTN-TCKT",
                        "subject": f"Công văn {number}",
                        "issued_on": cast.NOW.date(),
                        "issued_at": cast.NOW,
                        "issued_by": "Oanh",
                    }
                    for number in range(first, last)
                ],
            )
            db.session.commit()

    fill(1, 4)
    few = query_count(lambda: office.get(PAGE))
    verified = query_count(lambda: visitor.get("/verify?number=02-CV/TĐTN-TCKT"))
    fill(4, 3001)
    assert query_count(lambda: office.get(PAGE)) == few
    assert query_count(lambda: visitor.get("/verify?number=02-CV/TĐTN-TCKT")) == verified
    page = visitor.get("/verify?number=2999-CV/TĐTN-TCKT")
    assert page.status_code == 200
    assert "Công văn 2999" not in page.text
    assert office.get(PAGE).text.count("data-row") == 50
    assert "2.999" not in office.get(f"{PAGE}?page=61").text


def test_who_reads_and_who_writes(app, office, staff, visitor):
    with app.app_context():
        document_id = take().id
        db.session.commit()
    assert staff("thu").get(PAGE).status_code == 200
    assert staff("chung").get(PAGE).status_code == 403
    assert visitor.get(PAGE).status_code == 302
    for path, data in (
        ("outside", OUTSIDE),
        ("start", {}),
        (f"{document_id}/unused", {"reason": "x"}),
        (f"{document_id}/correction", {}),
    ):
        assert staff("thu").post(f"{PAGE}/{path}", data=data).status_code == 403
        assert office.get(f"{PAGE}/{path}").status_code == 405
    assert staff("thu").get(f"{PAGE}/{document_id}").status_code == 200
    assert "/correction" not in staff("thu").get(f"{PAGE}/{document_id}").text
    assert staff("thu").get(f"{PAGE}/{document_id}/issued.pdf").status_code == 403
    assert office.get(f"{PAGE}/{document_id}/issued.pdf").status_code == 404
    assert office.get(f"{PAGE}/{document_id}/issued.docx").status_code == 404
    assert office.get(f"{PAGE}/99999/issued.pdf").status_code == 404


def test_every_kind_is_verified_without_personal_data(app, visitor):
    with app.app_context():
        symbols = [take(kind, "Dự tọa đàm của Nguyễn Văn Kín").symbol for kind in DocumentKind]
        db.session.commit()
    for symbol in symbols:
        page = visitor.get("/verify", query_string={"number": symbol})
        assert page.status_code == 200
        assert "Tọa đàm thử" in page.text
        assert "02740000000" in page.text
        assert "Kín" not in page.text
