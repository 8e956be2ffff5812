"""The personal page: opened by the code, says whose it is, takes answer, proxy and paper; a GET changes nothing."""

from io import BytesIO

import pytest

from seminar.invitations import actions as inviting
from seminar.invitations.models import Answer, Invitation, Proxy, Rsvp
from seminar.lib.database import db
from seminar.lib.legacy import Legacy, encode
from seminar.papers.models import Rendition, Submission
from tests import cast, corpus


@pytest.fixture
def codes(app):
    """name -> code of three delegates: Bình (guest, any proxy), Dung (per unit, approval), Hà (of the closed list)."""
    with app.app_context():
        seminar = cast.find_seminar()
        people = [
            cast.add_delegate(
                seminar, "Nguyễn Thị Bình", "G1", honorific="Bà", position="Phó Bí thư", phone="0375469480"
            ),
            cast.add_delegate(seminar, "Đặng Văn Dung", "T2"),
            cast.add_delegate(seminar, "Lý Thu Hà", "T5"),
        ]
        inviting.issue_letters(seminar, people, cast.OFFICE, cast.NOW)
        db.session.commit()
        return {one.delegate.name.split()[-1]: one.code for one in db.session.scalars(db.select(Invitation))}


def test_the_page_greets_by_name_and_shows_time_place_and_code(visitor, codes):
    page = visitor.get(f"/i/{codes['Bình']}")
    assert page.status_code == 200
    for words in ("Bà", "Nguyễn Thị Bình", "08:00", "Thứ Sáu", "15/03/2024", "Hội trường A", "02740000000"):
        assert words in page.text
    assert "0375469480" not in page.text


def test_capitals_in_the_address_open_the_same_page(visitor, codes):
    assert "Nguyễn Thị Bình" in visitor.get(f"/I/{codes['Bình']}").text


@pytest.mark.parametrize("code", ["1" * 20, "abc", "1" * 19, "1" * 21, "１" * 20, "0"])
def test_a_stranger_gets_404_on_every_address(visitor, codes, code):
    for path in ("", "/letter.pdf", "/calendar.ics", "/qr.png"):
        assert visitor.get(f"/i/{code}{path}").status_code == 404
    for path in ("/answer", "/proxy", "/paper"):
        assert visitor.post(f"/i/{code}{path}").status_code == 404


def test_letter_calendar_and_qr_are_served(visitor, codes):
    base = f"/i/{codes['Bình']}"
    letter = visitor.get(f"{base}/letter.pdf")
    assert (letter.mimetype, letter.data[:5]) == ("application/pdf", b"%PDF-")
    calendar = visitor.get(f"{base}/calendar.ics")
    assert calendar.mimetype == "text/calendar"
    assert b"BEGIN:VEVENT" in calendar.data
    picture = visitor.get(f"{base}/qr.png")
    assert (picture.mimetype, picture.data[:4]) == ("image/png", b"\x89PNG")


def test_opening_all_pages_changes_no_row(app, visitor, codes):
    def rows():
        with app.app_context():
            return {
                t.name: db.session.scalar(db.select(db.func.count()).select_from(t)) for t in db.metadata.sorted_tables
            }

    before = rows()
    for path in ("", "/letter.pdf", "/calendar.ics", "/qr.png"):
        visitor.get(f"/i/{codes['Bình']}{path}")
    assert rows() == before


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true", "HX-Request-Type": "full"}])
def test_binh_answers_twice_and_the_last_answer_counts(app, visitor, codes, headers):
    address = f"/i/{codes['Bình']}/answer"
    assert visitor.get(address).status_code == 405
    assert (
        visitor.post(address, data={"answer": "declined", "reason": "Đi công tác"}, headers=headers).status_code == 303
    )
    assert visitor.post(address, data={"answer": "attending"}, headers=headers).status_code == 303
    assert "sẽ tham dự" in visitor.get(f"/i/{codes['Bình']}").text
    with app.app_context():
        given = db.session.scalars(db.select(Rsvp).order_by(Rsvp.id)).all()
        assert [one.answer for one in given] == [Answer.DECLINED, Answer.ATTENDING]
        assert given[0].reason == "Đi công tác"


def test_an_answer_without_a_choice_keeps_the_reason_typed(visitor, codes):
    page = visitor.post(f"/i/{codes['Bình']}/answer", data={"reason": "chưa rõ lịch"})
    assert page.status_code == 422
    assert "chưa rõ lịch" in page.text
    assert "Hãy chọn có tham dự hay không." in page.text


def test_a_guest_sends_somebody_else_and_the_old_code_ends(app, visitor, codes):
    values = {"name": "Phạm Văn Thay", "position": "Phó ban", "reason": "Bận họp"}
    answer = visitor.post(f"/i/{codes['Bình']}/proxy", data=values)
    assert answer.status_code == 303
    fresh = answer.location.split("#")[0]
    assert fresh != f"/i/{codes['Bình']}"
    page = visitor.get(fresh).text
    assert "Phạm Văn Thay" in page
    assert "dự thay Nguyễn Thị Bình" in page
    old = visitor.get(f"/i/{codes['Bình']}")
    assert old.status_code == 410
    assert "Nguyễn Thị Bình" not in old.text


def test_a_summoned_delegate_waits_for_the_office(app, visitor, codes):
    values = {"name": "Phạm Văn Thay", "reason": "Bận họp"}
    assert visitor.post(f"/i/{codes['Dung']}/proxy", data=values).location == f"/i/{codes['Dung']}#proxy"
    assert "Đã đề nghị Phạm Văn Thay dự thay" in visitor.get(f"/i/{codes['Dung']}").text
    with app.app_context():
        assert db.session.scalars(db.select(Proxy)).one().outcome is None


def test_the_closed_list_sends_nobody_else(app, visitor, codes):
    assert "Cử người dự thay" not in visitor.get(f"/i/{codes['Hà']}").text
    assert visitor.post(f"/i/{codes['Hà']}/proxy", data={"name": "Ai đó", "reason": "Bận"}).status_code == 422
    with app.app_context():
        assert db.session.query(Proxy).count() == 0


def small_docx(words: str = "Tham luận về công tác phát triển Đảng") -> bytes:
    from docx import Document

    document = Document()
    document.add_paragraph(words)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def test_a_paper_arrives_and_a_better_version_is_kept_beside_it(app, visitor, codes):
    address = f"/i/{codes['Bình']}/paper"
    for version, words in ((1, "Bản đầu"), (2, "Bản tốt hơn")):
        values = {"title": "Giải pháp", "authors": "Nguyễn Thị Bình", "file": (BytesIO(small_docx(words)), "bài.docx")}
        assert visitor.post(address, data=values).status_code == 303
        assert f"bản số {version}" in visitor.get(f"/i/{codes['Bình']}").text
    with app.app_context():
        kept = db.session.scalars(db.select(Submission).order_by(Submission.version)).all()
        assert [(one.version, one.filename) for one in kept] == [(1, "bài.docx"), (2, "bài.docx")]


def test_an_author_corrects_the_words_of_the_paper_and_takes_the_offer_of_unicode(app, visitor, codes):
    mine, stranger = f"/i/{codes['Bình']}", f"/i/{codes['Dung']}"
    content = corpus.old_word((encode("Nghị quyết Đại hội Đoàn toàn quốc", Legacy.TCVN3), ".VnTime"))
    values = {"title": "Giải pháp", "authors": "Nguyễn Thị Bình", "file": (BytesIO(content), "bài.docx")}
    assert visitor.post(f"{mine}/paper", data=values).status_code == 303
    words = {"title": "Giải pháp mới", "authors": "Nguyễn Thị Bình", "kind": "paper", "topic": ""}
    assert visitor.post(f"{stranger}/papers/1/details", data=words).status_code == 404
    assert visitor.post(f"{mine}/papers/1/details", data=words).status_code == 303
    assert "Giải pháp mới" in visitor.get(mine).text
    for step, made in (("unicode", 1), ("unicode/reversal", 0)):
        assert visitor.post(f"{stranger}/papers/1/{step}").status_code == 404
        assert visitor.post(f"{mine}/papers/1/{step}").status_code == 303
        with app.app_context():
            standing = db.session.query(Rendition).filter(Rendition.withdrawn_at.is_(None))
            assert standing.count() == made


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"", "rong.docx"), (b"khong phai", "a.docx"), (b"<svg/>", "a.pdf"), (b"PK\x03\x04rac", "b.docx")],
)
def test_what_is_no_paper_is_refused_with_a_sentence_and_nothing_is_kept(app, visitor, codes, content, name):
    values = {"title": "Giữ lại tên này", "authors": "A", "file": (BytesIO(content), name)}
    page = visitor.post(f"/i/{codes['Bình']}/paper", data=values)
    assert page.status_code == 422
    assert "Giữ lại tên này" in page.text
    with app.app_context():
        assert db.session.query(Submission).count() == 0


def test_wrong_codes_are_limited_but_a_hall_behind_one_address_is_not(visitor, codes):
    for _ in range(80):
        assert visitor.get(f"/i/{codes['Bình']}").status_code == 200
    statuses = [visitor.get(f"/i/{n:020d}").status_code for n in range(10**19, 10**19 + 70)]
    assert statuses[:60] == [404] * 60
    assert statuses[-1] == 429


def test_the_old_page_tells_the_delegate_that_the_proxy_was_accepted(app, visitor, codes):
    app.test_client().post(f"/i/{codes['Bình']}/proxy", data={"name": "Phạm Văn Thay", "reason": "Bận họp"})
    page = visitor.get(f"/i/{codes['Bình']}").text
    assert "Văn phòng đã đồng ý cử người dự thay" in page
    assert "Phạm Văn Thay" not in page
