"""The page of a unit: its quotas and names, its one paper, versions kept, closed when the office closes."""

from io import BytesIO

import pytest

from seminar.lib.database import db
from seminar.papers.models import Paper, Submission
from seminar.planning.models import Milestone, MilestoneRule, Unit, UnitLink
from tests import cast
from tests.web.test_personal_page import small_docx


@pytest.fixture
def link(app, office):
    """The code of the first unit's link; Đặng Văn Dung is its secretary."""
    office.post(f"/seminars/{cast.SLUG}/units/links")
    with app.app_context():
        seminar = cast.find_seminar()
        unit = db.session.scalars(db.select(Unit).order_by(Unit.position)).first()
        cast.add_delegate(seminar, "Đặng Văn Dung", "T2", unit_id=unit.id, phone="0912345678", email="dung@example.vn")
        db.session.commit()
        return db.session.scalars(db.select(UnitLink.code).where(UnitLink.unit_id == unit.id)).one()


def send(client, link, words="Bài của đơn vị", title="Giải pháp của đơn vị", **headers):
    values = {"title": title, "authors": "Ban Thường vụ", "topic": "", "file": (BytesIO(small_docx(words)), "bài.docx")}
    return client.post(f"/u/{link}/paper", data=values, headers=headers)


def test_the_page_names_the_unit_its_quota_and_who_is_named_without_contact_data(visitor, link):
    page = visitor.get(f"/u/{link}").text
    assert "Thành Đoàn Thử Một" in page
    assert "đã cử 1/1" in page
    assert "Đặng Văn Dung" in page
    assert "0912345678" not in page
    assert "dung@example.vn" not in page


def test_the_unit_sends_its_one_paper_and_a_better_version_of_it(app, visitor, link):
    assert visitor.get(f"/u/{link}/paper").status_code == 405
    assert send(visitor, link).status_code == 303
    assert (
        send(visitor, link, words="Bản tốt hơn", **{"HX-Request": "true", "HX-Request-Type": "full"}).status_code == 303
    )
    assert "bản số 2" in visitor.get(f"/u/{link}").text.lower()
    with app.app_context():
        assert db.session.query(Paper).count() == 1
        assert [one.version for one in db.session.scalars(db.select(Submission).order_by(Submission.version))] == [1, 2]
        assert {one.actor_name for one in db.session.scalars(db.select(Submission))} == {"Thành Đoàn Thử Một"}


def test_what_is_no_paper_is_refused_and_the_title_stays(app, visitor, link):
    values = {"title": "Giữ lại", "authors": "A", "file": (BytesIO(b"rac"), "a.docx")}
    page = visitor.post(f"/u/{link}/paper", data=values)
    assert page.status_code == 422
    assert "Giữ lại" in page.text
    with app.app_context():
        assert db.session.query(Submission).count() == 0


def test_after_the_office_closed_papers_nothing_more_comes_in(app, visitor, link):
    with app.app_context():
        seminar = cast.find_seminar()
        day = seminar.held_on
        seminar.milestones.append(
            Milestone(
                position=1, code="papers", rule=MilestoneRule.UNTIL, due_on=day, text="Nhận bài", closed_at=cast.NOW
            )
        )  # fmt: skip
        db.session.commit()
    assert send(visitor, link).status_code == 422
    assert "Đã ngừng nhận tham luận" in visitor.get(f"/u/{link}").text


def test_a_stranger_gets_404(visitor, link):
    assert send(visitor, "1" * 20).status_code == 404
