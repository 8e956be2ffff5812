"""Badges, table signs and labels: measured on the page, read by a reader, without a telephone number."""

import subprocess
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from seminar.invitations import actions
from seminar.lib.database import db
from tests import cast
from tests.web.inviting import HERE, in_force, invite

PAGE = f"{HERE}/pack"
LONG = "Nguyễn Phước Bảo Quý Hoàng Thị Thiên Trang Mỹ Phương Trâm Anh"


@pytest.fixture
def people(app):
    with app.app_context():
        return invite(
            ("Lê Thị Chủ", "CT2", {"position": "Bí thư", "body": "Tỉnh Đoàn thử", "phone": "0911222333"}),
            (LONG, "G1", {"position": "Phó Trưởng Ban Thường trực " * 6, "body": "Ban Tổ chức"}),
            ("Trần Quốc Đạt", "T5", {"body": "Công ty <b>A & B</b>"}),
            ("Võ Ba", "T5", {"seat": "B12"}),
            ("Ngô Năm", "T2", {}),
        )


def pages(office, query: str) -> list[str]:
    answer = office.get(f"{PAGE}.pdf?{query}")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    reader = PdfReader(BytesIO(answer.data))
    for page in reader.pages:
        assert [round(float(side) / 72 * 25.4) for side in page.mediabox[2:]] == [210, 297]
    return [" ".join(page.extract_text().split()) for page in reader.pages]


@pytest.mark.parametrize(
    ("kind", "sheets"), [("badge-a6", 2), ("badge-a5", 3), ("sign", 5), ("seat", 1), ("envelope", 1), ("unit-sign", 5)]
)
def test_every_kind_prints_everybody_on_a4(app, office, people, kind, sheets):
    found = pages(office, f"kind={kind}")
    assert len(found) == sheets
    text = " ".join(found)
    assert "0911222333" not in text and "0911 222 333" not in text
    if kind.startswith("badge"):
        for word in ("CHỦ TRÌ", "KHÁCH MỜI", "ĐẠI BIỂU", "LÊ THỊ CHỦ", "Công ty <b>A & B</b>", "Ghế B12"):
            assert word in text, word
        assert LONG.upper() in text
    if kind == "sign":
        assert all(page.count(name) == 2 for page, name in zip(found[:1], ["LÊ THỊ CHỦ"], strict=True))
        assert "KHÁCH MỜI" not in text
    if kind == "unit-sign":
        assert text.count("BAN TỔ CHỨC") == 2


def test_the_code_on_a_badge_is_the_one_in_force_also_for_a_proxy(app, office, people, tmp_path):
    with app.app_context():
        delegate = in_force(people["Lê Thị Chủ"]).delegate
        actions.propose_proxy(delegate, "Người Thay", "Phó Bí thư", "", "", "bận", cast.OFFICE, cast.NOW)
        db.session.commit()
        code = in_force(people["Lê Thị Chủ"]).code
    content = office.get(f"{PAGE}.pdf?kind=badge-a5&group=CT2").data
    text = PdfReader(BytesIO(content)).pages[0].extract_text()
    assert "NGƯỜI THAY" in text and "LÊ THỊ CHỦ" not in text

    picture = drawn(content, tmp_path)
    assert [one.text for one in zxingcpp.read_barcodes(picture)] == [f"HTTP://LOCALHOST/I/{code}"]


def drawn(content: bytes, folder) -> Image.Image:
    """The first page as a picture; `make test` sees to it that pdftoppm is there."""
    (folder / "pack.pdf").write_bytes(content)
    subprocess.run(["pdftoppm", "-r", "150", "-png", "-singlefile", "pack.pdf", "page"], cwd=folder, check=True)
    return Image.open(folder / "page.png").convert("L")


def test_groups_states_and_units_narrow_it_and_the_page_counts_the_sheets(app, office, people):
    assert len(pages(office, "kind=badge-a6&group=T5")) == 1
    page = office.get(f"{PAGE}?kind=badge-a6").text
    assert "5 người · 2 tờ" in page
    assert "1 người · 1 tờ" in office.get(f"{PAGE}?kind=badge-a6&group=CT2").text
    nobody = office.get(f"{PAGE}.pdf?group=KHAC")
    assert nobody.status_code == 422


def test_many_are_made_in_batches_that_fill_their_sheets(app, office):
    with app.app_context():
        invite(*((f"Đại biểu {n}", "G2", {}) for n in range(250)))
    assert len(pages(office, "kind=seat")) == 11


def test_only_the_office_prints_codes(staff, people):
    for login in ("thu", "chung", "tam", "vinh"):
        assert staff(login).get(PAGE).status_code == 403
        assert staff(login).get(f"{PAGE}.pdf").status_code == 403
