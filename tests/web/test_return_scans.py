"""The signed page beside a return: attached, shown, withdrawn; what is none is refused in words about signed pages."""

import re
from html import unescape
from io import BytesIO

import pytest

from seminar.lib.database import db
from seminar.planning.models import UnitLink
from seminar.statistics.models import SignedScan
from tests import cast
from tests.web.returning import add_period, cells, units


@pytest.fixture
def sent(app, office, visitor):
    """Address of the first unit's return, sent."""
    office.post(f"/seminars/{cast.SLUG}/units/links")
    with app.app_context():
        period = add_period(cast.find_seminar())
        db.session.commit()
        code = db.session.scalars(db.select(UnitLink.code).where(UnitLink.unit_id == units()[0].id)).one()
        here = f"/u/{code}/returns/{period.id}"
    visitor.post(f"{here}/draft", data={"revision": "0", "base": "{}", "remarks": ""} | cells(prefix="cell."))
    visitor.post(f"{here}/versions", data={"revision": "1"})
    return here


def photo() -> bytes:
    from PIL import Image

    out = BytesIO()
    Image.new("RGB", (60, 40), "white").save(out, "JPEG")
    return out.getvalue()


def test_the_signed_page_is_attached_shown_and_withdrawn(app, visitor, sent):
    at = f"{sent}/versions/1/scans"
    assert visitor.post(at, data={"file": (BytesIO(photo()), "ký.jpg")}).status_code == 303
    page = visitor.get(sent).text
    scan = re.search(rf'href="({re.escape(at)}/\d+)"', page)[1]
    shown = visitor.get(scan)
    assert (shown.status_code, shown.mimetype) == (200, "image/jpeg")
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert visitor.post(f"{scan}/withdrawal").status_code == 303
    assert visitor.get(scan).status_code == 404
    assert scan not in visitor.get(sent).text


def picture_of(width, height):
    """A PNG of so many pixels that takes a few kB."""
    from PIL import Image

    out = BytesIO()
    Image.new("1", (width, height), 1).save(out, "PNG")
    return out.getvalue()


def long_pdf(count):
    from pypdf import PdfWriter

    writer, out = PdfWriter(), BytesIO()
    for _page in range(count):
        writer.add_blank_page(100, 100)
    writer.write(out)
    return out.getvalue()


NO_SCANS = {
    "nothing": (lambda: b"", "Chưa nhận được tệp"),
    "a program": (lambda: b"MZ rac", "tệp PDF hoặc ảnh"),
    "a Word file": (lambda: b"PK\x03\x04 hong", "tệp PDF hoặc ảnh"),
    "half a PDF": (lambda: long_pdf(1)[:200], "Quét hoặc chụp lại trang đã ký"),
    "a PDF and an archive": (
        lambda: long_pdf(1) + b"PK\x05\x06" + bytes(18) + b"%%EOF",
        "Quét hoặc chụp lại trang đã ký",
    ),
    "a book": (lambda: long_pdf(61), "PDF có 61 trang: chỉ gửi các trang đã ký"),
    "half a picture": (lambda: photo()[:300], "Ảnh bị hỏng"),
    "110 million pixels": (lambda: picture_of(11_000, 10_000), "trên 89 triệu điểm ảnh"),
}


@pytest.mark.parametrize("kind", NO_SCANS)
def test_what_is_no_scan_is_refused_with_a_sentence_of_scans(app, visitor, sent, kind):
    content, why = NO_SCANS[kind]
    visitor.post(f"{sent}/versions/1/scans", data={"file": (BytesIO(content()), "a.pdf")})
    page = unescape(visitor.get(sent).text)
    assert why in page
    assert not re.search("tham luận|tệp Word|bản Word|ghi chép", page[page.index(why) - 200 : page.index(why) + 200])
    with app.app_context():
        assert db.session.query(SignedScan).count() == 0


def test_a_page_of_a3_at_600_dots_an_inch_is_kept(app, visitor, sent):
    visitor.post(f"{sent}/versions/1/scans", data={"file": (BytesIO(picture_of(7016, 9933)), "a3.png")})
    with app.app_context():
        assert db.session.query(SignedScan).count() == 1


def test_the_same_page_sent_again_says_under_which_name_it_is_there(app, visitor, sent):
    at = f"{sent}/versions/1/scans"

    def attach(name):
        visitor.post(at, data={"file": (BytesIO(photo()), name)})
        return visitor.get(sent).text

    assert "“ký.jpg” được lưu kèm" in attach("ký.jpg")
    again = attach("ký lại.jpg")
    assert "đã có sẵn với tên “ký.jpg”" in again
    assert "ký lại.jpg" not in again
    scan = re.search(rf'href="({re.escape(at)}/\d+)"', again)[1]
    visitor.post(f"{scan}/withdrawal")
    back = attach("ký lại.jpg")
    assert "“ký lại.jpg” được lưu kèm" in back
    assert ">ký lại.jpg</a>" in back
