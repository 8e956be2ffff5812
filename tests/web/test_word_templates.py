"""The office's own Word templates: uploaded as a stranger's file, used for letters, seen in red, taken back."""

import io

import pytest
import zxingcpp
from docx import Document
from docx.oxml.ns import qn
from PIL import Image

from seminar.documents import merging
from seminar.documents.models import WordTemplate
from seminar.lib.database import db
from tests import cast
from tests.web.inviting import HERE, in_force, invite

PAGE = f"{HERE}/settings/templates"
LINES = ("MẪU RIÊNG {{ so_ky_hieu }}", "Kính gửi: {{ kinh_gui }}", "{{ ma_qr }}", "{{ ma_dai_bieu }}")


def word(*lines: str) -> bytes:
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def upload(office, content: bytes, kind="invitation", name="mau.docx"):
    return office.post(f"{PAGE}/{kind}", data={"file": (io.BytesIO(content), name)})


def lines_of(content: bytes) -> list[str]:
    return [paragraph.text for paragraph in Document(io.BytesIO(content)).paragraphs if paragraph.text]


def test_letters_in_word_take_the_form_of_the_offices_template(app, office):
    assert upload(office, word(*LINES)).status_code == 303
    with app.app_context():
        ids = invite(("Nguyễn & Hạnh", "G2", {}), ("Trần Văn Ba", "G2", {}))
        codes = [in_force(one).code for one in ids.values()]
        document_id = in_force(ids["Nguyễn & Hạnh"]).document_id
    made = office.get(f"{HERE}/letters/{document_id}/print.docx").data
    lines = lines_of(made)
    assert lines.count("MẪU RIÊNG 01-TM/TĐTN-TCKT") == 2
    assert "Kính gửi: Đồng chí Nguyễn & Hạnh" in lines
    document = Document(io.BytesIO(made))
    read = {
        zxingcpp.read_barcodes(Image.open(io.BytesIO(document.part.related_parts[blip.get(qn("r:embed"))].blob)))[
            0
        ].text
        for blip in document.element.body.iter(qn("a:blip"))
    }
    assert read == {f"HTTP://LOCALHOST/I/{code}" for code in codes}
    assert "01-TM/TĐTN-TCKT" not in "".join(lines_of(office.get(f"{PAGE}/invitation/template.docx").data))


def test_the_preview_shows_in_red_what_nobody_knows(app, office):
    with app.app_context():
        cast.add_delegate(cast.find_seminar(), "Nguyễn Thị Hạnh", "G2")
        db.session.commit()
    answer = upload(office, word("{{ so_ky_hieu }} {{ sai_ten }} {{ chuc_vu }}"))
    assert answer.status_code == 303
    assert "không có các trường: sai_ten" in office.get(PAGE).text
    document = Document(io.BytesIO(office.get(f"{PAGE}/invitation/preview.docx").data))
    reds = [
        run.text
        for one in document.paragraphs
        for run in one.runs
        if run.font.color.rgb and str(run.font.color.rgb) == "C00000"
    ]
    assert reds == ["sai_ten", "…………"]


def test_a_programme_has_its_template_too(app, office):
    rows = ("{{ ten_loai }} {{ trich_yeu }}", "{%p for dong in noi_nhan %}", "{{ dong }}", "{%p endfor %}")
    assert upload(office, word(*rows), "programme").status_code == 303
    assert office.get(f"{PAGE}/programme/preview.docx").status_code == 200
    address = office.post(f"{HERE}/drafts", data={"purpose": "programme"}).location
    lines = lines_of(office.get(f"{address}/draft.docx").data)
    assert lines == ["CHƯƠNG TRÌNH Tọa đàm thử toa-dam-thu", "- Lưu VP, TCKT."]


def said(content: bytes) -> str:
    """Every letter of the document in its order, spaces aside."""
    body = Document(io.BytesIO(content)).element.body
    return "".join("".join(text.text or "" for text in body.iter(qn("w:t"))).split())


def begun_with(office, kind: str) -> bytes:
    answer = office.get(f"{PAGE}/{kind}/starter.docx")
    assert answer.status_code == 200
    return answer.data


@pytest.mark.parametrize(("kind", "group"), [("invitation", "G2"), ("summons", "T5")])
def test_a_letter_by_the_file_to_begin_with_says_what_our_own_form_says(app, office, kind, group):
    with app.app_context():
        people = {
            "Nguyễn & Hạnh": {"position": "Phó Trưởng ban", "body": "Ban <Tổ chức>"},
            "Trần Văn Ba": {"position": "Bí thư", "body": "Đoàn trường"},
        }
        invite(*((name, group, more) for name, more in people.items()))
        document_id = in_force(1).document_id
    own = office.get(f"{HERE}/letters/{document_id}/print.docx").data
    assert upload(office, begun_with(office, kind), kind).status_code == 303
    assert "không có các trường" not in office.get(PAGE).text
    made = office.get(f"{HERE}/letters/{document_id}/print.docx").data
    assert said(made) == said(own)
    assert "PhóTrưởngban" in said(made)
    preview = office.get(f"{PAGE}/{kind}/preview.docx")
    assert preview.status_code == 200


@pytest.mark.parametrize("purpose", ["summons", "papers", "returns", "programme"])
def test_a_document_by_the_file_to_begin_with_says_what_our_own_form_says(app, office, purpose):
    kind = "programme" if purpose == "programme" else "dispatch"
    address = office.post(f"{HERE}/drafts", data={"purpose": purpose}).location
    own = office.get(f"{address}/draft.docx").data
    assert upload(office, begun_with(office, kind), kind).status_code == 303
    made = office.get(f"{address}/draft.docx").data
    assert said(made) == said(own)
    assert len(Document(io.BytesIO(made)).sections) == len(Document(io.BytesIO(own)).sections)
    assert [one.page_width for one in Document(io.BytesIO(made)).sections] == [
        one.page_width for one in Document(io.BytesIO(own)).sections
    ]


def test_a_dispatch_issued_by_the_offices_template_is_kept_in_it(app, office):
    lines = ("MẪU CỦA VĂN PHÒNG {{ so_ky_hieu }}", "{%p for d in noi_dung %}", "{{ d }}", "{%p endfor %}")
    assert upload(office, word(*lines), "dispatch").status_code == 303
    assert office.get(f"{PAGE}/dispatch/preview.docx").status_code == 200
    address = office.post(f"{HERE}/drafts", data={"purpose": "summons"}).location
    assert office.post(f"{address}/issue", data={"revision": 1, "seen": "1"}).status_code == 303
    kept = office.get(f"{HERE}/register/1/issued.docx").data
    assert lines_of(kept)[0] == "MẪU CỦA VĂN PHÒNG 01-CV/TĐTN-TCKT"
    document = Document(io.BytesIO(kept))
    strong = [run.text for one in document.paragraphs for run in one.runs if run.bold]
    assert "1. Thành phần:" in strong
    assert any("Bí thư các đơn vị" in cell.text for table in document.tables for cell in table._cells)
    assert "Kèm theo Công văn số 01-CV/TĐTN-TCKT" in " ".join(lines_of(kept))


def test_a_dispatch_template_without_its_text_is_told(app, office):
    assert upload(office, word("{{ so_ky_hieu }}"), "dispatch").status_code == 303
    assert "Mẫu không có trường noi_dung" in office.get(PAGE).text


def test_a_letter_template_without_a_name_or_the_code_is_told(app, office):
    assert upload(office, word("{{ so_ky_hieu }}", "{{ dia_danh_ngay_thang }}", "{{ mo_dau }}")).status_code == 303
    assert "Mẫu không có trường kinh_gui, the_thuc_de_ky, ho_ten_nguoi_ky, ma_qr:" in office.get(PAGE).text
    whole = office.get(f"{PAGE}/invitation/starter.docx").data
    assert upload(office, whole).status_code == 303
    assert "Mẫu không có trường" not in office.get(PAGE).text


def test_a_purpose_shared_by_several_lines_stands_before_their_marks(app, office):
    rows = {"to-0": "Thường trực Tỉnh ủy", "purpose-0": "để báo cáo", "to-1": "Ban Tổ chức", "joined-1": "1"}
    office.post(f"{HERE}/settings/documents/recipients/invitation", data=rows | {"to-2": "Lưu VT", "copies-2": "2"})
    upload(office, word("{{ kinh_gui }}", "{%p for dong in noi_nhan %}", "{{ dong }}", "{%p endfor %}"))
    with app.app_context():
        [delegate_id] = invite(("Nguyễn Thị Hạnh", "G2", {})).values()
    lines = lines_of(office.get(f"{HERE}/delegates/{delegate_id}/letter.docx").data)
    assert lines[1:3] == ["- Thường trực Tỉnh ủy (để báo cáo);", "- Ban Tổ chức (để báo cáo);"]


def test_a_newer_template_replaces_the_older_and_the_programs_form_comes_back(app, office):
    upload(office, word(*LINES))
    upload(office, word("MẪU HAI {{ kinh_gui }}"))
    with app.app_context():
        assert [
            one.removed_at is None for one in db.session.scalars(db.select(WordTemplate).order_by(WordTemplate.id))
        ] == [
            False,
            True,
        ]
    for _ in range(2):
        assert office.post(f"{PAGE}/invitation/removal").status_code == 303
    with app.app_context():
        ids = invite(("Nguyễn Thị Hạnh", "G2", {}))
        delegate_id = ids["Nguyễn Thị Hạnh"]
    assert "MẪU HAI" not in " ".join(lines_of(office.get(f"{HERE}/delegates/{delegate_id}/letter.docx").data))
    assert office.get(f"{PAGE}/invitation/preview.docx").status_code == 404


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Chưa nhận được tệp"),
        (b"%PDF-1.7 x", "PDF"),
        (b"khong phai word", "không phải"),
        (word("{{ kinh_gui | safe }}"), "Không đọc được mẫu"),
        (word("{% if %}"), "Không đọc được mẫu: “{% if … %}” viết sai, chưa đóng"),
        (word("{{ so_ky_hieu }}", "Kính gửi {{ kinh_gui, mời"), "“Kính gửi {{ kinh_gui, mời” viết sai, chưa đóng"),
        (word("{{ so_ky_hieu }}", "{% for x in cac_muc %} {{ x.nhan }}"), "“{% for … %}” viết sai, chưa đóng"),
        (word("{{ so_ky_hieu }}", "{% endfor %}"), "“{% endfor %}” viết sai, chưa đóng"),
        (word("{{ so_ky_hieu }} {% for x in range(10000000) %}{% endfor %}"), "không được phép"),
        (word("{{ so_ky_hieu + 1 }}"), "không được phép"),
        (word("Xin chào các bạn"), "Tệp không có trường nào trong danh sách"),
        (word("{{ ho_va_ten }}"), "Tệp không có trường nào trong danh sách"),
        (word("{{ kinh_gui.__class__.__mro__ }}"), "không được phép"),
        (word("{%p for dong in noi_nhan %}", "{{ dong.__class__.__mro__ }}", "{%p endfor %}"), "không được phép"),
    ],
)
def test_what_is_no_template_is_refused_in_a_sentence(app, office, content, sentence):
    answer = upload(office, content)
    assert answer.status_code == 422
    assert sentence in answer.text
    with app.app_context():
        assert db.session.query(WordTemplate).count() == 0


def test_a_template_that_never_ends_is_not_kept(app, office, monkeypatch):
    monkeypatch.setattr(merging, "TRIAL_SECONDS", 2)
    answer = upload(office, word("{% for x in range(99999) %}{% for y in range(99999) %}{% endfor %}{% endfor %}"))
    assert answer.status_code == 422
    with app.app_context():
        assert db.session.query(WordTemplate).count() == 0


def test_who_may(app, office, staff, visitor):
    assert staff("thu").get(PAGE).status_code == 403
    assert staff("thu").post(f"{PAGE}/invitation").status_code == 403
    assert visitor.get(PAGE).status_code == 302
    assert office.post(f"{PAGE}/minutes", data={}).status_code == 404
    assert office.get(f"{PAGE}/invitation/template.docx").status_code == 404
    assert office.get(f"{PAGE}/minutes/starter.docx").status_code == 404
    assert staff("thu").get(f"{PAGE}/invitation/starter.docx").status_code == 403
