"""Issued letters print what they said when they were issued, until the office lets them say something else."""

import io
import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
from docx import Document
from docx.oxml.ns import qn
from pypdf import PdfReader

from seminar.access.actor import Channel
from seminar.audit.models import AuditEntry
from seminar.invitations import actions, queries
from seminar.invitations.models import Invitation, LetterParticulars
from seminar.invitations.particulars import Particulars, differences, kept, particulars_of, read
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.mail.models import Mail
from tests import cast
from tests.web.inviting import HERE, in_force, invite, set_deadline
from tests.web.test_sendings import confirm

PEOPLE = (("Nguyễn Thị Hồng", "G2", {"email": "hong@example.vn"}), ("Trần Quốc Đạt", "T5", {}))
HONG, DAT = (person[0] for person in PEOPLE)


def words(pdf: bytes) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


def change_everything() -> None:
    seminar = cast.find_seminar()
    seminar.starts_at = time(14)
    seminar.plan_number, seminar.theme, seminar.dress = "99-KH/TĐTN", "Chủ đề khác", "Áo xanh"
    seminar.contact_phone = "0999 999 999"
    seminar.venue.name = "Hội trường Khác"
    seminar.settings = {"signer_name": "Người Ký Khác", "recipients": ["- Nơi khác;", "- Lưu."]}
    for group in seminar.groups:
        group.name = f"Khác {group.code}"
    set_deadline()


@pytest.fixture
def issued(app):
    with app.app_context():
        set_deadline()
        return invite(*PEOPLE)


def print_of(office, delegate_id: int) -> tuple[str, str, str]:
    """The letter as PDF for the office, as PDF on the personal page, as Word."""
    with office.application.app_context():
        one = in_force(delegate_id)
        code, document_id = one.code, one.document_id
    word = Document(io.BytesIO(office.get(f"{HERE}/delegates/{delegate_id}/letter.docx").data))
    return (
        words(office.get(f"{HERE}/letters/{document_id}/print.pdf").data),
        words(office.get(f"/i/{code}/letter.pdf").data),
        re.sub(r"\s+", " ", " ".join(node.text or "" for node in word.element.body.iter() if node.text)),
    )


def test_an_issued_letter_prints_the_same_whatever_becomes_of_the_plan(app, office, issued):
    before = {one: print_of(office, one) for one in issued.values()}
    assert "08 giờ 00" in before[issued[HONG]][0]
    with app.app_context():
        change_everything()
    note = "LƯU Ý: thời gian và địa điểm đã thay đổi so với văn bản này. Nay là: 14 giờ 00,"
    for one, texts in before.items():
        for old, new in zip(texts, print_of(office, one), strict=True):
            assert note in new
            assert "Hội trường Khác" in new.split(note)[1]
            for other in ("99-KH", "Chủ đề khác", "Áo xanh", "0999", "Người Ký Khác", "Nơi khác", "Khác T5"):
                assert other not in new, other
            rest = re.sub(r"LƯU Ý: .*?, Số 1 đường Thử\. ?", "", new)
            assert rest.split() == old.split()


def test_what_is_told_of_the_person_follows_the_list(app, office, issued):
    with app.app_context():
        in_force(issued[HONG]).delegate.name = "Nguyễn Thị Hường"
        db.session.commit()
    assert "Nguyễn Thị Hường" in print_of(office, issued[HONG])[0]


def test_a_plan_that_is_open_again_is_told_on_the_letter(app, office, issued):
    with app.app_context():
        cast.find_seminar().venue.confirmed_at = None
        db.session.commit()
    text = print_of(office, issued[HONG])[1]
    assert "Hội trường A" in text
    assert "đang được xem xét lại" in text


def test_the_page_of_letters_says_what_differs_and_rewords_with_a_reason(app, office, staff, issued):
    assert "Kế hoạch đã thay đổi" not in office.get(f"{HERE}/letters").text
    with app.app_context():
        change_everything()
        document_id, code = in_force(issued[HONG]).document_id, in_force(issued[HONG]).code
    page = office.get(f"{HERE}/letters").text
    assert page.count("Kế hoạch đã thay đổi sau khi phát hành: 1 thư vẫn ghi") == 2
    assert "<del>08 giờ 00, ngày 15 tháng 3 năm 2024 (thứ Sáu)</del> → <ins>14 giờ 00" in page
    for label in ("Chủ đề", "Người ký", "Thể thức văn bản, nơi nhận", "Tên thành phần", "Địa điểm"):
        assert f"<li>{label}" in page, label
    path = f"{HERE}/letters/{document_id}/reword"
    assert staff("thu").post(path, data={"reason": "x"}).status_code == 403
    refused = office.post(path, data={"reason": "  "})
    assert refused.status_code == 422
    assert "Hãy ghi lý do sửa nội dung thư" in refused.text
    assert office.post(path, data={"reason": "Đổi hội trường"}).status_code == 303
    text = print_of(office, issued[HONG])[0]
    assert "14 giờ 00" in text and "LƯU Ý" not in text and "Nơi khác" in text
    assert "08 giờ 00" in print_of(office, issued[DAT])[0]  # the other run has its own number and stays
    with app.app_context():
        assert in_force(issued[HONG]).code == code
        entry = db.session.scalars(db.select(AuditEntry).where(AuditEntry.verb == "rewrite")).one()
        assert entry.detail["reason"] == "Đổi hội trường"
        assert entry.detail["Time"][1].startswith("14 giờ 00")
    assert "viết lại các văn bản mời" in office.get(f"{HERE}/audit").text
    again = office.post(path, data={"reason": "nữa"})
    assert again.status_code == 422
    assert "đã đúng với kế hoạch" in again.text


def test_letters_are_not_reworded_while_the_venue_is_open(app, office, issued):
    with app.app_context():
        change_everything()
        cast.find_seminar().venue.confirmed_at = None
        db.session.commit()
        document_id = in_force(issued[HONG]).document_id
    answer = office.post(f"{HERE}/letters/{document_id}/reword", data={"reason": "x"})
    assert answer.status_code == 422
    assert "vì chưa xác nhận địa điểm" in answer.text
    assert "08 giờ 00" in print_of(office, issued[HONG])[0]


def test_a_letter_that_says_the_former_hour_is_not_sent_as_an_invitation(app, at, office, issued):
    at(cast.NOW + timedelta(hours=1))
    with app.app_context():
        change_everything()
        document_id = in_force(issued[HONG]).document_id
    refused = confirm(office, 1, 1)
    assert refused.status_code == 422
    assert "vẫn ghi như cũ" in refused.text
    assert office.get(f"{HERE}/sendings").status_code == 200
    office.post(f"{HERE}/letters/{document_id}/reword", data={"reason": "Đổi giờ"})
    assert confirm(office, 1, 0, group="G2").status_code == 303
    with app.app_context():
        [sent] = db.session.scalars(db.select(Mail))
        assert "14 giờ 00" in sent.text


def test_a_code_issued_anew_or_to_a_proxy_says_what_the_plan_says_now(app, issued):
    with app.app_context():
        change_everything()
        delegate = in_force(issued[HONG]).delegate
        actions.reissue(delegate, "mất thư", cast.OFFICE, cast.NOW)
        actions.propose_proxy(delegate, "Lê Thị Thay", "", "", "", "bận", cast.OFFICE, cast.NOW)
        said = {one.proxy_id: read(one.particulars.said) for one in db.session.scalars(db.select(Invitation))}
        assert len(said) == 2
        assert all(one.starts_at == time(14) for one in [read(in_force(issued[HONG]).particulars.said)])
        assert read(in_force(issued[DAT]).particulars.said).starts_at == time(8)


def test_all_letters_of_one_plan_share_one_row(app, issued):
    with app.app_context():
        invite(*((f"Đại biểu {n}", "G2", {}) for n in range(20)))
        assert db.session.query(LetterParticulars).count() == 1


def test_the_personal_page_says_that_time_or_place_changed(app, visitor, issued):
    with app.app_context():
        code = in_force(issued[HONG]).code
    assert "đã thay đổi so với giấy" not in visitor.get(f"/i/{code}").text
    with app.app_context():
        change_everything()
    assert "đã thay đổi so với giấy" in visitor.get(f"/i/{code}").text


def test_what_is_kept_is_read_back_the_same(app):
    with app.app_context():
        set_deadline()
        now = queries.particulars_now(cast.find_seminar())
        assert differences(read(kept(now)), now) == []
        assert kept(read(kept(now))) == kept(now)
        empty = Particulars()
        assert differences(read(kept(empty)), empty) == []
        assert read({}) == empty
        assert particulars_of(cast.find_seminar(), None).told == now.told


def test_rewording_twice_at_once_is_said(app, issued):
    with app.app_context():
        change_everything()
        document = in_force(issued[HONG]).document
        seminar = cast.find_seminar()
        assert actions.reword(document, seminar, "đổi", cast.OFFICE, cast.NOW) == 1
        with pytest.raises(Refused, match="say what the plan says"):
            actions.reword(document, seminar, "đổi", cast.OFFICE, cast.NOW)
        db.session.rollback()


def test_the_page_of_letters_says_how_many_are_in_peoples_hands_before_it_rewords(app, office, issued):
    with app.app_context():
        cast.find_seminar().starts_at = time(9)
        db.session.commit()
    assert "gửi hoặc trao cho người nhận" not in office.get(f"{HERE}/letters").text
    with app.app_context():
        actions.hand_over(in_force(issued[HONG]), Channel.LETTER, "", cast.OFFICE, cast.NOW)
        db.session.commit()
    assert office.get(f"{HERE}/letters").text.count("Đã có 1 thư gửi hoặc trao cho người nhận") == 1


def test_the_page_of_letters_names_the_next_numbers_and_a_deadline_that_is_past(app, at, office):
    with app.app_context():
        set_deadline(date(2024, 3, 8))
        cast.add_delegate(cast.find_seminar(), HONG, "G2")
        db.session.commit()
    page = office.get(f"{HERE}/letters").text
    assert "Số tiếp theo: 01-TM/TĐTN-TCKT, 01-GTT/TĐTN-TCKT." in page
    assert "đã qua, mà thư sẽ in đúng ngày ấy" not in page
    at(datetime(2024, 3, 9, 3, 0, tzinfo=UTC))
    assert "Ngày cuối nhận trả lời (08/03/2024) đã qua, mà thư sẽ in đúng ngày ấy" in office.get(f"{HERE}/letters").text
    at(datetime(2024, 3, 16, 3, 0, tzinfo=UTC))
    assert "Ngày tổ chức 15/03/2024 đã qua." in office.get(f"{HERE}/letters").text


def test_a_letter_tells_as_many_copies_as_the_register(app, office):
    rows = {"to-0": "Như trên", "to-1": "Thường trực Tỉnh ủy", "to-2": "Lưu VT", "copies-2": "2"}
    office.post(f"{HERE}/settings/documents/recipients/invitation", data=rows)
    with app.app_context():
        ids = invite((HONG, "G2", {}), (DAT, "G2", {}))
        document = in_force(ids[HONG]).document
        document_id, copies = document.id, document.copies
    assert copies == 5  # two letters, the standing committee, two in the archive
    pdf = words(office.get(f"{HERE}/letters/{document_id}/print.pdf").data)
    assert pdf.count("- Lưu VT.(5b)") == 2
    word = Document(io.BytesIO(office.get(f"{HERE}/letters/{document_id}/print.docx").data)).element.body
    assert [text.text for text in word.iter(qn("w:t")) if "b)" in (text.text or "")] == ["(5b)", "(5b)"]
