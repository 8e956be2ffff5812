"""Letters: issued with numbers and codes, printed in the Union's form."""

import io
import re
import subprocess
import threading
from datetime import timedelta

import pytest
import zxingcpp
from docx import Document
from docx.oxml.ns import qn
from PIL import Image
from pypdf import PdfReader

from seminar.documents.actions import take_number
from seminar.documents.models import DocumentKind, IssuedDocument
from seminar.invitations import actions, documents, queries
from seminar.invitations.models import Invitation
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.planning.models import Venue
from tests import cast
from tests.web.inviting import HERE, in_force, invite

PEOPLE = (
    ("Nguyễn Thị Hồng Hạnh", "G2", {"position": "Phó Trưởng ban", "body": "Ban Tổ chức Tỉnh ủy"}),
    ("Trần Quốc Đạt", "T5", {"position": "Bí thư Chi đoàn", "body": "Trường THPT Thử"}),
)


def add_people(*people):
    for name, group, values in people or PEOPLE:
        cast.add_delegate(cast.find_seminar(), name, group, **values)
    db.session.commit()


def words(pdf: bytes) -> str:
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return re.sub(r"\s+", " ", text)


def test_the_office_issues_letters_and_each_kind_takes_one_number(app, office):
    with app.app_context():
        add_people(*PEOPLE, ("Lê Văn Ba", "T5", {}))
    assert office.get(f"{HERE}/letters").status_code == 200
    answer = office.post(f"{HERE}/letters", data={"groups": ["G2", "T5"]})
    assert (answer.status_code, answer.location) == (303, f"{HERE}/letters")
    with app.app_context():
        issued = db.session.scalars(db.select(IssuedDocument).order_by(IssuedDocument.id)).all()
        assert [(one.symbol, one.addressee_count) for one in issued] == [
            ("01-TM/TĐTN-TCKT", 1),
            ("01-GTT/TĐTN-TCKT", 2),
        ]
        codes = db.session.scalars(db.select(Invitation.code)).all()
        assert len(set(codes)) == 3
        assert all(re.fullmatch(r"[1-9]\d{19}", code) for code in codes)
        assert all(one.file_sha256 for one in issued)
    assert "01-GTT/TĐTN-TCKT" in office.get(f"{HERE}/letters").text


def test_issuing_twice_gives_nobody_a_second_letter_and_uses_no_number(app, office):
    with app.app_context():
        add_people()
    office.post(f"{HERE}/letters", data={"groups": ["G2", "T5"]})
    again = office.post(f"{HERE}/letters", data={"groups": ["G2", "T5"]})
    assert again.status_code == 422
    assert "Không còn ai để phát hành" in again.text
    with app.app_context():
        assert db.session.query(IssuedDocument).count() == 2
        assert db.session.query(Invitation).count() == 2


def test_the_unassigned_group_is_not_ticked_until_somebody_ticks_it(app, office):
    with app.app_context():
        add_people(("Phạm Thị Khác", "KHAC", {}), *PEOPLE)
    page = office.get(f"{HERE}/letters").text
    assert re.search(r'value="G2"\s+checked', page)
    assert not re.search(r'value="KHAC"\s+checked', page)
    assert "Chưa phân nhóm: hãy phân nhóm trước" in page
    office.post(f"{HERE}/letters", data={"groups": ["KHAC"]})
    with app.app_context():
        assert [one.symbol for one in db.session.scalars(db.select(IssuedDocument))] == ["01-TM/TĐTN-TCKT"]


@pytest.mark.parametrize(
    ("lacks", "sentence"),
    [("venue", "chưa xác nhận địa điểm"), ("held_on", "chưa có ngày tổ chức"), ("starts_at", "chưa có giờ bắt đầu")],
)
def test_no_letter_goes_out_before_venue_date_and_hour_are_settled(app, office, lacks, sentence):
    with app.app_context():
        add_people()
        if lacks == "venue":
            db.session.execute(db.update(Venue).values(confirmed_at=None))
        else:
            setattr(cast.find_seminar(), lacks, None)
        db.session.commit()
    assert sentence in office.get(f"{HERE}/letters").text
    answer = office.post(f"{HERE}/letters", data={"groups": ["G2"]})
    assert answer.status_code == 422
    assert sentence in answer.text
    with app.app_context():
        assert db.session.query(IssuedDocument).count() == 0


def test_without_a_group_or_with_an_unknown_one_nothing_is_issued(app, office):
    with app.app_context():
        add_people()
    for groups in ([], ["X9"]):
        answer = office.post(f"{HERE}/letters", data={"groups": groups})
        assert answer.status_code == 422
        assert "Hãy chọn ít nhất một thành phần" in answer.text


def test_a_number_is_never_taken_twice_not_even_of_letters_that_are_revoked(app):
    with app.app_context():
        seminar = cast.find_seminar()
        other = cast.add_seminar("toa-dam-khac")
        db.session.flush()
        taken = [
            take_number(one, DocumentKind.SUMMONS, "x", cast.OFFICE, cast.NOW).number
            for one in (seminar, other, seminar)
        ]
        first_of_another_kind = take_number(seminar, DocumentKind.MINUTES, "x", cast.OFFICE, cast.NOW)
        seminar.settings = {"term": "2027-2032"}
        next_term = take_number(seminar, DocumentKind.SUMMONS, "x", cast.OFFICE, cast.NOW)
        next_year = take_number(other, DocumentKind.SUMMONS, "x", cast.OFFICE, cast.NOW + timedelta(days=400))
        assert taken == [1, 2, 3]
        assert (first_of_another_kind.symbol, next_term.number, next_year.number) == ("01-BB/TĐTN-TCKT", 1, 4)
        db.session.rollback()


def test_what_went_into_the_letter_comes_out_of_the_pdf(app, office):
    with app.app_context():
        ids = invite(*PEOPLE)
        documents = {one.kind: one.id for one in db.session.scalars(db.select(IssuedDocument))}
        code = in_force(ids["Trần Quốc Đạt"]).code
    letter = office.get(f"{HERE}/letters/{documents['invitation']}/print.pdf")
    assert letter.mimetype == "application/pdf"
    text = words(letter.data)
    for expected in (
        "ĐOÀN TNCS HỒ CHÍ MINH",
        "Số: 01-TM/TĐTN-TCKT",
        "Bình Dương, ngày 01 tháng 3 năm 2024",
        "THƯ MỜI",
        "Kính gửi: Đồng chí Nguyễn Thị Hồng Hạnh",
        "Phó Trưởng ban, Ban Tổ chức Tỉnh ủy",
        "trân trọng kính mời đồng chí tới dự Tọa đàm",
        "08 giờ 00, ngày 15 tháng 3 năm 2024 (thứ Sáu)",
        "Hội trường A, Số 1 đường Thử",
        "trước ngày …………",
        "Trân trọng./.",
        "TM. BAN THƯỜNG VỤ TỈNH ĐOÀN BÍ THƯ",
        "Nếu nghi ngờ, gọi Văn phòng",
    ):
        assert expected in text, expected
    summons = words(office.get(f"{HERE}/letters/{documents['summons']}/print.pdf").data)
    for expected in ("GIẤY TRIỆU TẬP", "triệu tập: Đồng chí Trần Quốc Đạt", "không cử người dự thay", code):
        assert expected in summons, expected


def test_a_preview_is_a_draft_without_number_and_code(app, staff):
    with app.app_context():
        add_people()
    text = words(staff("thu").get(f"{HERE}/letters/preview.pdf").data)
    assert text.count("DỰ THẢO") == 2
    assert "Số: …-TM/TĐTN-TCKT" in text
    with app.app_context():
        assert db.session.query(IssuedDocument).count() == 0
        assert db.session.query(Invitation).count() == 0


def test_a_preview_of_an_empty_list_says_so(office):
    answer = office.get(f"{HERE}/letters/preview.pdf")
    assert answer.status_code == 422
    assert "Danh sách chưa có đại biểu nào" in answer.text


def test_three_hundred_letters_carry_three_hundred_codes_that_a_reader_reads(app, office, tmp_path):
    with app.app_context():
        ids = invite(*((f"Đại biểu thứ {n}", "G2", {}) for n in range(1, 301)))
        document = db.session.scalars(db.select(IssuedDocument)).one()
        codes = [one.code for one in queries.invitations_of_document(document, cast.find_seminar())]
        document_id = document.id
    assert len(set(codes)) == len(ids) == 300
    pdf = office.get(f"{HERE}/letters/{document_id}/print.pdf").data
    reader = PdfReader(io.BytesIO(pdf))
    assert len(reader.pages) == 300
    assert [
        re.sub(r"\s", "", page.extract_text()).count(code) for page, code in zip(reader.pages, codes, strict=True)
    ] == [2] * 300
    (tmp_path / "letters.pdf").write_bytes(pdf)
    read = []
    for first in range(1, 301, 50):  # as a plain printer or a scanner sees them: 100 dots to the inch
        subprocess.run(
            ["pdftoppm", "-r", "100", "-gray", "-f", str(first), "-l", str(first + 49), "letters.pdf", "page"],
            cwd=tmp_path,
            check=True,
            capture_output=True,
        )
        for page in range(first, first + 50):
            picture = tmp_path / f"page-{page:03d}.pgm"
            read.append([one.text for one in zxingcpp.read_barcodes(Image.open(picture))])
            picture.unlink()
    assert read == [[f"HTTP://LOCALHOST/I/{code}"] for code in codes]


def test_the_run_as_issued_is_kept_and_print_leaves_out_what_was_revoked(app, office):
    with app.app_context():
        add_people(("Lê Văn Ba", "T5", {}), ("Lê Văn Tư", "T5", {}))
    office.post(f"{HERE}/letters", data={"groups": ["T5"]})
    with app.app_context():
        document_id = db.session.scalars(db.select(IssuedDocument.id)).one()
        one = db.session.scalars(db.select(Invitation)).first()
        actions.revoke(one, "mất", cast.OFFICE, cast.NOW)
        db.session.commit()
    assert len(PdfReader(io.BytesIO(office.get(f"{HERE}/letters/{document_id}/issued.pdf").data)).pages) == 2
    assert len(PdfReader(io.BytesIO(office.get(f"{HERE}/letters/{document_id}/print.pdf").data)).pages) == 1


def test_a_letter_whose_delegates_were_cleared_has_none_in_force(app):
    with app.app_context():
        take_number(cast.find_seminar(), DocumentKind.INVITATION, "Thư mời", cast.OFFICE, cast.NOW, addressee_count=2)
        db.session.commit()
        assert [(run.issued_count, run.in_force_count) for run in queries.runs_of(cast.find_seminar())] == [(0, 0)]


def test_letters_print_for_the_office_alone_because_they_carry_codes(app, staff, visitor):
    with app.app_context():
        invite(*PEOPLE)
        document_id = db.session.scalars(db.select(IssuedDocument.id)).first()
    for login, status in (("oanh", 200), ("chung", 403), ("tam", 403), ("vinh", 403), ("thu", 403)):
        assert staff(login).get(f"{HERE}/letters/{document_id}/print.pdf").status_code == status
    assert visitor.get(f"{HERE}/letters/{document_id}/print.pdf").status_code == 302
    assert staff("thu").get(f"{HERE}/letters").status_code == 200
    assert staff("chung").get(f"{HERE}/letters").status_code == 403
    assert staff("thu").post(f"{HERE}/letters", data={"groups": ["G2"]}).status_code == 403


def test_a_letter_of_another_seminar_or_none_is_not_found(app, office):
    with app.app_context():
        other = cast.add_seminar("toa-dam-khac")
        db.session.flush()
        document_id = take_number(other, DocumentKind.SUMMONS, "x", cast.OFFICE, cast.NOW).id
        db.session.commit()
    for path in (f"{document_id}/print.pdf", f"{document_id}/issued.pdf", "99/print.pdf", f"{2**40}/print.pdf"):
        assert office.get(f"{HERE}/letters/{path}").status_code == 404
    assert office.get("/seminars/khong-co/letters").status_code == 404


def test_the_page_of_letters_costs_the_same_for_many(app, office, query_count):
    with app.app_context():
        invite(*PEOPLE)
    few = query_count(lambda: office.get(f"{HERE}/letters"))
    with app.app_context():
        invite(*((f"Đại biểu {n}", "G2", {}) for n in range(60)))
    assert query_count(lambda: office.get(f"{HERE}/letters")) == few


def test_an_action_that_is_refused_says_which_rule(app):
    with app.app_context():
        seminar = cast.find_seminar()
        with pytest.raises(Refused, match="Nobody is left"):
            actions.issue_letters(seminar, [], cast.OFFICE, cast.NOW)


def test_issuing_through_htmx_is_the_same_form(app, office):
    with app.app_context():
        add_people()
    headers = {"HX-Request": "true", "HX-Request-Type": "full"}
    assert office.post(f"{HERE}/letters", data={"groups": ["G2"]}, headers=headers).status_code == 303
    assert office.post(f"{HERE}/letters", data={"groups": []}, headers=headers).status_code == 422


def test_a_letter_for_a_proxy_names_both(app):
    with app.app_context():
        one = invite(PEOPLE[0])["Nguyễn Thị Hồng Hạnh"]
        delegate = in_force(one).delegate
        actions.propose_proxy(delegate, "Lê Thị Thay", "Chuyên viên", "", "", "bận", cast.OFFICE, cast.NOW)
        text = words(documents.letters_pdf([in_force(one)], "http://localhost"))
        assert "Kính gửi: Đồng chí Lê Thị Thay Chuyên viên, Ban Tổ chức Tỉnh ủy" in text
        assert "kính mời đồng chí (thay đồng chí Nguyễn Thị Hồng Hạnh) tới dự Tọa đàm" in text
        db.session.rollback()


def test_somebody_unnamed_is_addressed_by_the_body(app):
    with app.app_context():
        unnamed = ("Đồng chí đại diện lãnh đạo", "G2", {"body": "Huyện ủy Thử", "is_unnamed": True})
        one = invite(unnamed)["Đồng chí đại diện lãnh đạo"]
        text = words(documents.letters_pdf([in_force(one)], "http://localhost"))
        assert "Kính gửi: Đồng chí đại diện lãnh đạo Huyện ủy Thử Thực hiện" in text


def test_two_people_issuing_at_once_give_each_delegate_one_letter_and_each_run_an_own_number(app):
    with app.app_context():
        add_people(*((f"Đại biểu {n}", "G2", {}) for n in range(20)), *((f"Cán bộ {n}", "T5", {}) for n in range(20)))
    start = threading.Barrier(4)
    outcomes = []

    def issue(*groups):
        with app.app_context():
            start.wait()
            try:
                seminar = cast.find_seminar()
                chosen = queries.delegates_to_invite(seminar, groups)
                outcomes.append(len(actions.issue_letters(seminar, chosen, cast.OFFICE, cast.NOW)))
                db.session.commit()
            except Refused:
                outcomes.append(0)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=issue, args=groups) for groups in (["G2"], ["G2"], ["T5"], ["T5"])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [0, 0, 1, 1]
    with app.app_context():
        assert db.session.query(Invitation).count() == 40
        assert sorted((one.kind, one.number) for one in db.session.scalars(db.select(IssuedDocument))) == [
            (DocumentKind.INVITATION, 1),
            (DocumentKind.SUMMONS, 1),
        ]


def paragraphs(content: bytes) -> list[str]:
    body = Document(io.BytesIO(content)).element.body
    return ["".join(t.text or "" for t in p.iter(qn("w:t"))) for p in body.iter(qn("w:p"))]


def pictures(content: bytes) -> list[str]:
    """What a reader reads in the pictures of the Word file, in the order of the text."""
    document = Document(io.BytesIO(content))
    blips = document.element.body.iter(qn("a:blip"))
    parts = [document.part.related_parts[blip.get(qn("r:embed"))].blob for blip in blips]
    return [zxingcpp.read_barcodes(Image.open(io.BytesIO(part)))[0].text for part in parts]


def test_the_run_is_one_word_file_with_each_code_as_text_and_picture(app, office):
    with app.app_context():
        invite(*((f"Đại biểu {n}", "G2", {"position": "Ủy viên"}) for n in range(1, 31)))
        document = db.session.scalars(db.select(IssuedDocument)).one()
        run = queries.invitations_of_document(document, cast.find_seminar())
        codes, names = [one.code for one in run], [one.delegate.name for one in run]
        document_id = document.id
    answer = office.get(f"{HERE}/letters/{document_id}/print.docx")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="thu-moi-01.docx"'
    lines = paragraphs(answer.data)
    assert [line for line in lines if line.startswith("Đồng chí Đại biểu")] == [f"Đồng chí {name}" for name in names]
    assert lines.count("Số: 01-TM/TĐTN-TCKT") == lines.count("THƯ MỜI") == 30
    assert pictures(answer.data) == [f"HTTP://LOCALHOST/I/{code}" for code in codes]
    digits = re.sub(r"\s", "", "".join(lines))
    assert all(digits.count(code) == 2 for code in codes)
    document = Document(io.BytesIO(answer.data))
    assert len(document.sections) == 30
    assert {section._sectPr.pgMar.get(qn("w:left")) for section in document.sections} == {"1701"}


@pytest.mark.parametrize(("person", "title"), [(0, "THƯ MỜI"), (1, "GIẤY TRIỆU TẬP")])
def test_one_letter_in_word_has_the_measures_of_the_guidance(app, office, person, title):
    with app.app_context():
        [(_, delegate_id)] = invite(PEOPLE[person]).items()
        code = in_force(delegate_id).code
    content = office.get(f"{HERE}/delegates/{delegate_id}/letter.docx").data
    document = Document(io.BytesIO(content))
    section = document.sections[0]._sectPr
    assert [section.pgSz.get(qn(f"w:{name}")) for name in ("w", "h")] == ["11906", "16838"]
    margins = [section.pgMar.get(qn(f"w:{name}")) for name in ("top", "bottom", "left", "right")]
    assert margins == ["1134", "1134", "1701", "1134"]
    looks = {}
    for p in document.element.body.iter(qn("w:p")):
        text = "".join(t.text or "" for t in p.iter(qn("w:t")))
        run = p.find(qn("w:r"))
        if text and run is not None and run.rPr is not None:
            values = [run.rPr.find(qn(f"w:{name}")).get(qn("w:val")) for name in ("sz", "b", "i")]
            looks[text] = (int(values[0]) / 2, values[1] == "1", values[2] == "1")
    expected = {
        "ĐOÀN TNCS HỒ CHÍ MINH": (15, True, False),
        "BCH ĐOÀN TỈNH BÌNH DƯƠNG": (14, True, False),
        "***": (14, False, False),
        "Bình Dương, ngày 01 tháng 3 năm 2024": (13, False, True),
        title: (16, True, False),
        "Dự Tọa đàm thử toa-dam-thu": (14, True, False),
        "-------": (14, False, False),
        "Nơi nhận:": (13, True, False),
        "- Như trên;": (11, False, False),
        "TM. BAN THƯỜNG VỤ TỈNH ĐOÀN": (14, True, False),
        "BÍ THƯ": (14, False, False),
    }
    assert {text: looks.get(text) for text in expected} == expected
    if person == 0:
        assert looks["Kính gửi:"] == (14, True, True)
        assert looks["Đồng chí Nguyễn Thị Hồng Hạnh"] == (14, True, False)
    assert pictures(content) == [f"HTTP://LOCALHOST/I/{code}"]
    extent = next(document.element.body.iter(qn("wp:extent")))
    assert extent.get("cx") == extent.get("cy") == str(31 * 36_000)


def test_word_and_pdf_say_the_same(app, office):
    with app.app_context():
        ids = invite(*PEOPLE)
        documents_of = {one.kind: one.id for one in db.session.scalars(db.select(IssuedDocument))}
    assert len(ids) == 2
    for kind in ("invitation", "summons"):
        pdf = words(office.get(f"{HERE}/letters/{documents_of[kind]}/print.pdf").data)
        for line in paragraphs(office.get(f"{HERE}/letters/{documents_of[kind]}/print.docx").data):
            for word in line.split():
                assert word in pdf, (line, word)


def test_a_draft_in_word_has_no_code(app, office):
    with app.app_context():
        add_people()
    content = office.get(f"{HERE}/letters/preview.docx").data
    assert "DỰ THẢO" in paragraphs(content)
    assert pictures(content) == []
    assert "Số: …-TM/TĐTN-TCKT" in paragraphs(content)


def test_every_letter_of_vietnamese_comes_out_of_the_pdf_as_it_went_in(app, office):
    """Names with all 146 letters, in NFC; what was typed decomposed is composed on the way in."""
    import unicodedata

    from tests.unit.test_glyphs import LETTERS

    letters = "".join(sorted(LETTERS))
    people = [(f"Nguyễn {letters[at : at + 24]}", "G2", {}) for at in range(0, len(letters), 24)]
    with app.app_context():
        invite(*people)
        document_id = db.session.scalars(db.select(IssuedDocument.id)).one()
    text = "".join(
        page.extract_text()
        for page in PdfReader(io.BytesIO(office.get(f"{HERE}/letters/{document_id}/print.pdf").data)).pages
    )
    assert unicodedata.is_normalized("NFC", text)
    packed = re.sub(r"\s", "", text)
    for name, _group, _values in people:
        assert f"Đồngchí{re.sub(' ', '', name)}" in packed, name


def test_a_name_that_cannot_be_printed_is_told_and_not_left_out(app, office):
    with app.app_context():
        ids = invite(("Nguyễn 😀 Hạnh", "G2", {}))
        document_id = in_force(ids["Nguyễn 😀 Hạnh"]).document_id
    answer = office.get(f"{HERE}/letters/{document_id}/print.pdf")
    assert answer.status_code == 422
    assert "Phông chữ không có ký tự “😀”" in answer.text


def test_what_the_letters_lack_is_told_before_they_go_out(app, office):
    page = office.get(f"{HERE}/letters").text
    assert "Chưa có họ tên người ký" in page
    with app.app_context():
        cast.find_seminar().settings = {"signer_name": "Trần Thị Mẫu"}
        db.session.commit()
    assert "Chưa có họ tên người ký" not in office.get(f"{HERE}/letters").text


def test_word_letters_are_for_those_who_may_issue_codes(app, staff, visitor):
    with app.app_context():
        ids = invite(PEOPLE[0])
        delegate_id = ids["Nguyễn Thị Hồng Hạnh"]
        document_id = in_force(delegate_id).document_id
        other = cast.add_delegate(cast.find_seminar(), "Không Thư", "G2").id
        db.session.commit()
    for path in (f"letters/{document_id}/print.docx", f"delegates/{delegate_id}/letter.docx"):
        assert staff("thu").get(f"{HERE}/{path}").status_code == 403
        assert visitor.get(f"{HERE}/{path}").status_code == 302
    assert staff("oanh").get(f"{HERE}/delegates/{other}/letter.docx").status_code == 404
