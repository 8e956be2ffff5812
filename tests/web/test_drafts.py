"""Dispatches and the programme: begun from the plan, written on, checked, issued with a number, kept as issued."""

import io
import re
from datetime import UTC, date, datetime, time

import pytest
from docx import Document
from docx.oxml.ns import qn
from pypdf import PdfReader

from seminar.agenda.models import Item, ItemKind, Sitting
from seminar.documents.models import Draft, IssuedDocument
from seminar.lib import files
from seminar.lib.clock import local, now
from seminar.lib.database import db
from seminar.planning.models import Milestone, MilestoneRule, QuotaKind, Venue
from tests import cast
from tests.web.inviting import HERE

PAGE = f"{HERE}/drafts"
ROWS = {"to-0": "Như trên", "to-1": "Thường trực Tỉnh Đoàn", "purpose-1": "để báo cáo", "to-2": "Lưu VP, TCKT"}


def begin(office, purpose="summons") -> str:
    answer = office.post(PAGE, data={"purpose": purpose})
    assert answer.status_code == 303
    return answer.location


def typed(app, address: str, **values) -> dict[str, object]:
    """The form of the draft as the page shows it, with the values put in."""
    with app.app_context():
        draft = db.session.get(Draft, int(address.rsplit("/", 1)[1]))
        known = {
            name: getattr(draft, name) for name in ("subject", "body", "annexes", "urgency", "meeting_mark", "revision")
        }
        known["addressees"] = "\n".join(draft.addressees)
    return {**known, **ROWS, **values}


def words(pdf: bytes) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


def texts(content: bytes) -> list[str]:
    body = Document(io.BytesIO(content)).element.body
    return ["".join(t.text or "" for t in p.iter(qn("w:t"))) for p in body.iter(qn("w:p"))]


def add_programme():
    seminar = cast.find_seminar()
    sitting = Sitting(
        seminar_id=seminar.id,
        name="Buổi sáng",
        starts_at=datetime(2024, 3, 15, 1, 0, tzinfo=UTC),
        ends_at=datetime(2024, 3, 15, 4, 30, tzinfo=UTC),
    )
    sitting.items = [
        Item(position=1, kind=ItemKind.OPENING, title="Tuyên bố lý do", minutes=15, presenter="Ban Tổ chức"),
        Item(position=2, kind=ItemKind.CLOSING, title="Kết thúc", minutes=10),
    ]
    db.session.add(sitting)
    db.session.commit()


@pytest.mark.parametrize(
    ("purpose", "expected"),
    [
        (
            "summons",
            (
                "“V/v triệu tập đại biểu dự Tọa đàm thử",
                "Kính gửi: Ban Thường vụ các Huyện, Thị, Thành Đoàn",
                "Thực hiện Kế hoạch số 01-KH/TĐTN-TCKT, ngày 20/01/2024 của Tỉnh Đoàn thử",
                "Bí thư các đơn vị 01 đồng chí/đơn vị (02 đơn vị) 02",
                "Đảng viên trẻ tiêu biểu theo danh sách 03",
                "08 giờ 00, ngày 15 tháng 3 năm 2024 (thứ Sáu); có mặt trước 15 phút",
                "Hội trường A, Số 1 đường Thử",
                "Phân bổ đại biểu triệu tập",
                "Huyện Đoàn Thử Hai",
                "Đăng ký đại biểu dự Tọa đàm thử",
                "(Kèm theo Công văn số …-CV/TĐTN-TCKT, ngày … tháng … năm … của Tỉnh Đoàn thử)",
            ),
        ),
        (
            "papers",
            ("“V/v mời viết bài tham luận", "trân trọng kính mời", "- Thực trạng;", "- Giải pháp.", "Trân trọng./."),
        ),
        (
            "returns",
            (
                "cung cấp số liệu phát triển đảng",
                "giai đoạn 2021 - 2023",
                "Tổng số đoàn viên",
                "Khu vực DN ngoài nhà nước",
                "Năm 2022",
                "TM. BAN THƯỜNG VỤ …………",
            ),
        ),
        ("free", ("Thực hiện Kế hoạch số",)),
    ],
)
def test_a_dispatch_begins_with_the_words_of_the_plan(app, office, purpose, expected):
    address = begin(office, purpose)
    assert office.get(address).status_code == 200
    pdf = office.get(f"{address}/preview.pdf")
    assert pdf.mimetype == "application/pdf"
    text = words(pdf.data)
    for part in ("ĐOÀN TNCS HỒ CHÍ MINH", "DỰ THẢO", "Số: …-CV/TĐTN-TCKT", *expected):
        assert part in text, part
    together = re.sub(r"\s+", " ", " ".join(texts(office.get(f"{address}/draft.docx").data)))
    for part in ("DỰ THẢO", "Số: …-CV/TĐTN-TCKT", expected[0]):
        assert part in together, part


def test_the_programme_has_no_addressee_and_its_table_is_that_of_the_agenda(app, office):
    with app.app_context():
        add_programme()
    address = begin(office, "programme")
    text = words(office.get(f"{address}/preview.pdf").data)
    for part in (
        "CHƯƠNG TRÌNH Tọa đàm thử toa-dam-thu -------",
        "Số: …-CTr/TĐTN-TCKT",
        "1 08:00 - 08:15 Tuyên bố lý do Ban Tổ chức",
        "2 08:15 - 08:25 Kết thúc",
    ):
        assert part in text, part
    assert "Như trên" not in text
    assert "Kính gửi" not in text


def test_what_the_office_types_is_what_prints(app, office):
    address = begin(office, "free")
    sent = typed(
        app,
        address,
        subject="báo cáo  tiến độ",
        addressees="- Sở Giáo dục và Đào tạo;\nBan Tổ chức Tỉnh ủy",
        body="1. Thời hạn: trước ngày 10/02/2024 & <b>không</b> $x$ #panic\r\nTrân trọng./.",
        urgency="KHẨN",
        meeting_mark="Tài liệu Tọa đàm",
    )
    assert office.post(address, data=sent).status_code == 303
    text = words(office.get(f"{address}/preview.pdf").data)
    for part in (
        "“V/v báo cáo tiến độ”",
        "Tài liệu Tọa đàm",
        "KHẨN",
        "Kính gửi: - Sở Giáo dục và Đào tạo; - Ban Tổ chức Tỉnh ủy.",
        "1. Thời hạn: trước ngày 10/02/2024 & <b>không</b> $x$ #panic",
        "- Thường trực Tỉnh Đoàn (để báo cáo);",
        "- Lưu VP, TCKT.",
    ):
        assert part in text, part
    assert "1. Thời hạn: trước ngày 10/02/2024 & <b>không</b> $x$ #panic" in texts(
        office.get(f"{address}/draft.docx").data
    )


def test_a_dispatch_is_issued_with_the_next_number_and_kept_as_it_was(app, office):
    address = begin(office)
    assert "01-CV/TĐTN-TCKT" in office.get(address).text
    refused = office.post(f"{address}/issue", data={"revision": 1})
    assert refused.status_code == 422
    assert "Có lưu ý" in refused.text
    answer = office.post(f"{address}/issue", data={"revision": 1, "seen": "1"})
    assert (answer.status_code, answer.location) == (303, address)
    with app.app_context():
        [document] = db.session.scalars(db.select(IssuedDocument))
        assert (document.symbol, document.addressee_count, document.copies) == ("01-CV/TĐTN-TCKT", 1, 3)
        assert document.addressees.split("\n")[0].startswith("Ban Thường vụ các Huyện, Thị, Thành Đoàn")
        assert (document.drafted_by, document.is_outside) == ("Trần Thị Oanh", False)
        pdf, word = files.read(document.file_sha256), files.read(document.word_sha256)
        document_id = document.id
    assert "Số: 01-CV/TĐTN-TCKT" in words(pdf)
    assert "DỰ THẢO" not in words(pdf)
    assert "Số: 01-CV/TĐTN-TCKT" in texts(word)
    assert "01-CV/TĐTN-TCKT" in office.get(address).text
    assert office.get(f"{HERE}/register/{document_id}/issued.pdf").data == pdf
    assert office.get(f"{HERE}/register/{document_id}/issued.docx").data == word


def test_copies_are_counted_shown_and_may_be_corrected_before_it_is_issued(app, office):
    address = begin(office)
    sent = typed(app, address, addressees="Ban Thường vụ các Huyện, Thị, Thành Đoàn\nSở Nội vụ", **{"copies-1": "2"})
    assert office.post(address, data=sent).status_code == 303
    page = office.get(address).text
    assert "Số bản: 6, tính như sau" in page
    assert "(2 đơn vị theo danh mục)" in page
    assert re.search(r'name="copies"[^>]*value="6"', page)
    assert "- Lưu VP, TCKT.(6b)" in words(office.get(f"{address}/preview.pdf").data)
    for wrong in ("0", "x", "-3"):
        answer = office.post(f"{address}/issue", data={"revision": 2, "seen": "1", "copies": wrong})
        assert answer.status_code == 422
        assert "Hãy ghi số bản in: một số từ 1 trở lên." in answer.text
        assert f'value="{wrong}"' in answer.text
    assert office.post(f"{address}/issue", data={"revision": 2, "seen": "1", "copies": "25"}).status_code == 303
    with app.app_context():
        [document] = db.session.scalars(db.select(IssuedDocument))
        assert document.copies == 25
        assert "- Lưu VP, TCKT.(25b)" in words(files.read(document.file_sha256))
    assert "01-CV/TĐTN-TCKT, số bản: 25 (trước là 6)" in office.get(f"{HERE}/audit").text
    assert "Số bản: 25" in office.get(address).text


@pytest.mark.parametrize(
    ("values", "link"),
    [
        ({"subject": ""}, 'href="#subject">Sửa trích yếu'),
        ({"addressees": ""}, 'href="#addressees">Sửa Kính gửi'),
        ({"to-2": ""}, 'href="#recipients">Sửa Nơi nhận'),
        ({"body": "Kế hoạch số …………, ngày …………"}, f'href="{HERE}/plan#details">Mở kế hoạch'),
        ({}, f'href="{HERE}/settings/documents#form">Mở thể thức văn bản'),
        ({}, f'href="{HERE}/plan#venues">Mở địa điểm trong kế hoạch'),
    ],
)
def test_what_is_missing_is_linked_to_where_it_is_mended(app, office, values, link):
    with app.app_context():
        cast.find_seminar().plan_number = ""
        db.session.execute(db.update(Venue).values(confirmed_at=None))
        db.session.commit()
    address = begin(office)
    assert office.post(address, data=typed(app, address, **values)).status_code == 303
    page = office.get(address).text
    assert link in page
    target = link.split('"')[1]
    shown = page if target.startswith("#") else office.get(target.partition("#")[0]).text
    assert f'id="{target.partition("#")[2]}"' in shown


def test_issuing_twice_takes_one_number_and_what_is_issued_changes_no_more(app, office):
    address = begin(office)
    for _ in range(2):
        assert office.post(f"{address}/issue", data={"revision": 1, "seen": "1"}).status_code == 303
    assert office.post(address, data=typed(app, address, subject="khác")).status_code == 422
    assert office.post(f"{address}/removal").status_code == 422
    assert office.post(f"{address}/files").status_code == 303
    with app.app_context():
        assert db.session.query(IssuedDocument).count() == 1


def test_a_summons_is_not_issued_before_the_venue_is_confirmed(app, office):
    address = begin(office)
    with app.app_context():
        db.session.execute(db.update(Venue).values(confirmed_at=None))
        db.session.commit()
    page = office.get(address).text
    assert "Chưa xác nhận địa điểm" in page
    assert "chưa phát hành được" in page
    answer = office.post(f"{address}/issue", data={"revision": 1, "seen": "1"})
    assert answer.status_code == 422
    assert "Chưa phát hành được" in answer.text
    with app.app_context():
        assert db.session.query(IssuedDocument).count() == 0


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"subject": ""}, "Chưa có trích yếu"),
        ({"addressees": ""}, "Chưa có nơi gửi"),
        ({"body": ""}, "Chưa có nội dung"),
        ({"body": "[Bảng lạ]"}, "Không có bảng “Bảng lạ”"),
        ({"body": "ngày 15/3/2023 (Thứ sáu)"}, "là Thứ Tư, không phải Thứ sáu"),
    ],
)
def test_the_page_says_what_is_missing(app, office, values, sentence):
    address = begin(office)
    assert office.post(address, data=typed(app, address, **values)).status_code == 303
    assert sentence in office.get(address).text


@pytest.mark.parametrize("purpose", ["summons", "programme"])
def test_a_text_that_kept_the_day_and_hour_of_before_is_told(app, office, purpose):
    address = begin(office, purpose)
    assert "như kế hoạch hiện nay" not in office.get(address).text
    with app.app_context():
        seminar = cast.find_seminar()
        seminar.held_on, seminar.starts_at = date(2024, 3, 22), time(7, 30)
        db.session.commit()
    page = office.get(address).text
    assert "Nội dung không ghi “ngày 22 tháng 3 năm 2024” như kế hoạch hiện nay." in page
    assert "Nội dung không ghi “07 giờ 30” như kế hoạch hiện nay." in page


@pytest.mark.parametrize("values", [{"body": "[Bảng chương trình]"}, {"annexes": ["programme"]}])
def test_a_programme_that_would_print_empty_is_told_in_every_document(app, office, values):
    address = begin(office, "free")
    office.post(address, data=typed(app, address, **values))
    assert "Chương trình chưa có mục nào." in office.get(address).text
    with app.app_context():
        add_programme()
    assert "Chương trình chưa có mục nào." not in office.get(address).text


def test_quotas_that_nobody_allotted_are_told(app, office):
    address = begin(office)
    sentence = "Chưa phân bổ chỉ tiêu đại biểu triệu tập"
    assert sentence not in office.get(address).text
    with app.app_context():
        for group in cast.find_seminar().groups:
            group.quota_kind, group.quota_count = QuotaKind.OPEN, 0
        db.session.commit()
    assert sentence in office.get(address).text


def test_an_issued_document_that_says_another_hour_than_the_plan_is_told(app, office):
    address = begin(office)
    office.post(f"{address}/issue", data={"revision": 1, "seen": "1"})
    assert "Kế hoạch đã thay đổi" not in office.get(address).text
    assert "kế hoạch đã thay đổi" not in office.get(PAGE).text
    with app.app_context():
        cast.find_seminar().starts_at = time(7, 30)
        db.session.commit()
    page = office.get(address).text
    assert "Kế hoạch đã thay đổi sau khi phát hành:" in page
    assert "Nội dung không ghi “07 giờ 30” như kế hoạch hiện nay." in page
    assert "kế hoạch đã thay đổi" in office.get(PAGE).text


def test_a_deadline_that_is_today_is_told(app, office):
    with app.app_context():
        seminar = cast.find_seminar()
        today = local(now()).date()
        row = Milestone(
            seminar_id=seminar.id, position=1, code="returns", rule=MilestoneRule.UNTIL, due_on=today, text="x"
        )
        db.session.add(row)
        db.session.commit()
    assert f"Thời hạn {today:%d/%m/%Y} là hôm nay" in office.get(begin(office, "returns")).text


def test_a_deadline_on_a_day_off_or_past_is_told(app, office):
    with app.app_context():
        seminar = cast.find_seminar()
        db.session.add(
            Milestone(
                seminar_id=seminar.id,
                position=1,
                code="returns",
                rule=MilestoneRule.BEFORE,
                due_on=date(2024, 2, 10),
                text="Số liệu",
            )
        )
        db.session.commit()
    page = office.get(begin(office, "returns")).text
    assert "trước ngày 10 tháng 02 năm 2024" in page
    assert "Thời hạn 10/02/2024 rơi vào ngày nghỉ: Thứ Bảy, Tết Giáp Thìn" in page
    assert "Thời hạn 10/02/2024 đã qua." in page


def test_who_saves_an_older_text_is_told_instead_of_undoing_the_newer(app, office, staff):
    address = begin(office)
    old = typed(app, address, subject="bản của An")
    assert office.post(address, data=typed(app, address, subject="bản của Oanh")).status_code == 303
    answer = staff("an").post(address, data=old)
    assert answer.status_code == 422
    assert "Trần Thị Oanh đã lưu bản dự thảo này" in answer.text
    assert "bản của An" in answer.text
    late = office.post(f"{address}/issue", data={"revision": 1, "seen": "1"})
    assert late.status_code == 422
    with app.app_context():
        assert db.session.scalars(db.select(Draft.subject)).one() == "bản của Oanh"


def test_a_character_without_a_shape_stops_before_a_number_is_taken(app, office):
    address = begin(office)
    office.post(address, data=typed(app, address, subject="mời dự 😀"))
    assert "Phông chữ không có ký tự “😀”" in office.get(f"{address}/preview.pdf").text
    answer = office.post(f"{address}/issue", data={"revision": 2, "seen": "1"})
    assert answer.status_code == 422
    assert "Phông chữ không có ký tự" in answer.text
    with app.app_context():
        assert db.session.query(IssuedDocument).count() == 0


def test_a_draft_may_be_thrown_away(app, office):
    address = begin(office)
    assert office.post(f"{address}/removal").status_code == 303
    assert office.get(address).status_code == 404


def test_the_secretary_reads_and_only_the_office_writes(app, office, staff, visitor):
    address = begin(office)
    assert staff("thu").get(address).status_code == 200
    assert staff("thu").post(address, data={}).status_code == 403
    assert staff("thu").post(f"{address}/issue").status_code == 403
    assert staff("chung").get(address).status_code == 403
    assert visitor.get(address).status_code == 302


def test_a_draft_of_another_seminar_is_not_found(app, office):
    address = begin(office)
    with app.app_context():
        cast.add_seminar("toa-dam-khac")
        db.session.commit()
    other = address.replace(cast.SLUG, "toa-dam-khac")
    assert office.get(other).status_code == 404
    assert office.post(f"{other}/issue", data={"revision": 1, "seen": "1"}).status_code == 404


def test_a_purpose_that_does_not_exist_is_told(office):
    assert office.post(PAGE, data={"purpose": "x"}).status_code == 422
    assert office.post(PAGE, data={}).status_code == 422


def test_bad_input_is_kept_in_the_form(app, office):
    address = begin(office)
    answer = office.post(address, data=typed(app, address, meeting_mark="x" * 300, subject="giữ lại"))
    assert answer.status_code == 422
    assert "giữ lại" in answer.text


def test_through_htmx_it_is_the_same_form(app, office):
    headers = {"HX-Request": "true", "HX-Request-Type": "full"}
    assert office.post(PAGE, data={"purpose": "free"}, headers=headers).status_code == 303
    assert office.post(PAGE, data={}, headers=headers).status_code == 422


def test_the_list_of_drafts_costs_the_same_for_many(app, office, query_count):
    begin(office)
    few = query_count(lambda: office.get(PAGE))
    for _ in range(5):
        begin(office, "free")
    assert query_count(lambda: office.get(PAGE)) == few
