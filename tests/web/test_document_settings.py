"""Form of the documents: term, issuer, signing, Nơi nhận and abbreviations by kind; the guidance warns, the office decides."""

import io
import re

import pytest
from docx import Document
from docx.oxml.ns import qn
from pypdf import PdfReader

from seminar.documents.models import DocumentKind
from seminar.documents.rules import Recipient, settings_of
from seminar.lib.database import db
from tests import cast
from tests.web.inviting import HERE, in_force, invite

PAGE = f"{HERE}/settings/documents"
FORM = {
    "term": "2022 – 2027",
    "agency": "TĐTN",
    "drafting_unit": "VP",
    "place": "Thủ Dầu Một",
    "superior_lines": "",
    "issuer_lines": "bch đoàn tỉnh bình dương",
    "signing": "TM",
    "authority": "ban thường vụ tỉnh đoàn",
    "signer_title": "phó bí thư",
    "signer_name": " Trần  Thị Mẫu ",
    "urgency": "KHẨN",
    "archive_mark": "TM-VP-2024",
    "is_double_sided": "y",
    "abbreviation-invitation": "GM",
    "abbreviation-dispatch": "CV",
}
ROWS = {
    "to-0": "Như trên",
    "to-1": "Thường trực Tỉnh ủy",
    "purpose-1": "để báo cáo",
    "to-2": "Sở GD&ĐT",
    "purpose-2": "để p/h",
    "copies-2": "2",
    "to-3": "Các trường",
    "purpose-3": "để p/h",
    "joined-3": "1",
    "to-4": "Lưu VT, TCKT",
}


def saved():
    return settings_of(cast.find_seminar().settings)


def test_what_the_office_sets_is_kept_as_it_prints(app, office):
    assert office.get(PAGE).status_code == 200
    assert office.post(PAGE, data=FORM).status_code == 303
    with app.app_context():
        settings = saved()
        assert (settings.term, settings.place, settings.authority) == (
            "2022-2027",
            "Thủ Dầu Một",
            "TM. BAN THƯỜNG VỤ TỈNH ĐOÀN",
        )
        assert (settings.signer_title, settings.signer_name) == ("PHÓ BÍ THƯ", "Trần Thị Mẫu")
        assert settings.abbreviations == {"invitation": "GM"}
        assert settings.is_double_sided
    page = office.get(PAGE).text
    assert "…-GM/TĐTN-VP" in page
    assert "Hướng dẫn 29-HD/TWĐTN-VP" in page


def test_kt_bi_thu_is_warned_of_and_kept_if_the_office_insists(app, office):
    sent = {**FORM, "signing": "KT", "authority": "BÍ THƯ", "signer_title": "PHÓ BÍ THƯ"}
    answer = office.post(PAGE, data=sent)
    assert answer.status_code == 422
    assert "Hướng dẫn không có “KT. BÍ THƯ”" in answer.text
    assert "Trần  Thị Mẫu" in answer.text
    with app.app_context():
        assert saved().authority == "TM. BAN THƯỜNG VỤ TỈNH ĐOÀN"
    assert office.post(PAGE, data={**sent, "insists": "y"}).status_code == 303
    with app.app_context():
        assert saved().authority == "KT. BÍ THƯ"
    assert "Hướng dẫn không có “KT. BÍ THƯ”" in office.get(PAGE).text


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"term": "nhiệm kỳ này"}, "Hãy ghi các năm của nhiệm kỳ"),
        ({"term": "2027-2022"}, "Hãy ghi các năm của nhiệm kỳ"),
        ({"agency": "", "drafting_unit": ""}, "thiếu cả hai thì văn bản không có ký hiệu"),
        ({"agency": "T ĐTN"}, "Không có dấu cách"),
        ({"issuer_lines": " "}, "Hãy điền mục này"),
        ({"abbreviation-summons": "CV"}, "trùng số và ký hiệu"),
        ({"abbreviation-summons": "G T/1"}, "“G T/1” không phải chữ viết tắt"),
    ],
)
def test_what_would_not_print_is_refused_in_a_sentence(app, office, values, sentence):
    answer = office.post(PAGE, data={**FORM, **values})
    assert answer.status_code == 422
    assert sentence in answer.text
    with app.app_context():
        assert cast.find_seminar().settings == {}


def test_recipients_are_rows_by_kind_and_print_in_the_order_of_the_guidance(app, office):
    path = f"{PAGE}/recipients/invitation"
    assert office.get(path).status_code == 200
    wrong = office.post(path, data={**ROWS, "copies-2": "nhiều"})
    assert (wrong.status_code, "hãy ghi một số từ 1 đến 999" in wrong.text, 'value="Sở GD&amp;ĐT"' in wrong.text) == (
        422,
        True,
        True,
    )
    assert office.post(path, data=ROWS).status_code == 303
    with app.app_context():
        rows = saved().rows_for(DocumentKind.INVITATION)
        assert rows[2:4] == (Recipient("Sở GD&ĐT", "để p/h", 2), Recipient("Các trường", "để p/h", 1, True))
        assert [row.to for row in saved().rows_for(DocumentKind.SUMMONS)] == ["Như trên", "Lưu VP, TCKT"]
        ids = invite(("Nguyễn Thị Hạnh", "G2", {}))
        document_id = in_force(ids["Nguyễn Thị Hạnh"]).document_id
    text = "".join(
        page.extract_text()
        for page in PdfReader(io.BytesIO(office.get(f"{HERE}/letters/{document_id}/print.pdf").data)).pages
    )
    text = re.sub(r"\s+", " ", text)
    for part in (
        "- Thường trực Tỉnh ủy (để báo cáo);",
        "- Sở GD&ĐT;(2b)",
        "- Các trường;",
        "để p/h",
        "- Lưu VT, TCKT.(6b)",
    ):
        assert part in text, part
    office.post(path, data={})
    with app.app_context():
        assert len(saved().rows_for(DocumentKind.INVITATION)) == 2


def test_settings_of_the_seminar_reach_letter_pdf_and_word(app, office):
    office.post(PAGE, data=FORM)
    with app.app_context():
        ids = invite(("Nguyễn Thị Hạnh", "G2", {}), ("Trần Văn Ba", "G2", {}))
        document_id = in_force(ids["Nguyễn Thị Hạnh"]).document_id
    reader = PdfReader(io.BytesIO(office.get(f"{HERE}/letters/{document_id}/print.pdf").data))
    assert len(reader.pages) == 3  # each letter on a sheet of its own
    text = re.sub(r"\s+", " ", reader.pages[0].extract_text())
    for part in ("Số: 01-GM/TĐTN-VP", "Thủ Dầu Một, ngày 01 tháng 3", "KHẨN", "PHÓ BÍ THƯ Trần Thị Mẫu", "TM-VP-2024"):
        assert part in text, part
    document = Document(io.BytesIO(office.get(f"{HERE}/letters/{document_id}/print.docx").data))
    assert document.settings.element.find(qn("w:mirrorMargins")) is not None
    margins = document.sections[0]._sectPr.pgMar
    assert [margins.get(qn(f"w:{name}")) for name in ("top", "bottom", "left", "right")] == [
        "1134",
        "1134",
        "1701",
        "1134",
    ]
    for footer in (document.sections[0].footer, document.sections[0].first_page_footer):
        [run] = footer.paragraphs[0].runs
        assert (run.text, run.font.size.pt, run.font.italic) == ("TM-VP-2024", 8, True)


def test_the_wide_margin_of_the_back_is_at_the_right(app, office):
    """Measured in the PDF: text of page 1 begins at 30 mm, text of page 2 at 20 mm."""
    office.post(PAGE, data=FORM)
    address = office.post(f"{HERE}/drafts", data={"purpose": "free"}).location
    body = "\n".join(f"- Dòng số {n} của văn bản này." for n in range(60))
    sent = {"subject": "x", "addressees": "Sở", "body": body, "revision": "1", "urgency": "", **ROWS}
    assert office.post(address, data=sent).status_code == 303
    reader = PdfReader(io.BytesIO(office.get(f"{address}/preview.pdf").data))
    found = []
    for page in reader.pages[:2]:
        places: list[float] = []

        def look(text, cm, tm, font, size, places=places):
            if text.strip().startswith("- Dòng"):
                places.append(cm[4] + tm[4] if cm[0] == 1 else tm[4])

        page.extract_text(visitor_text=look)
        found.append(round(min(places) / 72 * 25.4 - 12.7))
    assert found == [30, 20]


def test_who_may(app, office, staff, visitor):
    assert staff("thu").get(PAGE).status_code == 200
    assert staff("thu").post(PAGE, data=FORM).status_code == 403
    assert staff("chung").get(PAGE).status_code == 403
    assert visitor.get(PAGE).status_code == 302
    assert office.get(f"{PAGE}/recipients/khac").status_code == 404
    assert office.post(f"{PAGE}/recipients/khac", data=ROWS).status_code == 404


def test_what_is_issued_keeps_the_symbol_it_had(app, office):
    with app.app_context():
        document = invite(("Nguyễn Thị Hạnh", "G2", {}))
        db.session.commit()
        assert document
    office.post(PAGE, data=FORM)
    with app.app_context():
        assert "01-TM/TĐTN-TCKT" in office.get(f"{HERE}/register").text
