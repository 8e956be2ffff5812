"""The plan's page: details, venues, findings, milestones, new seminars."""

from datetime import date

import pytest

from seminar.audit.models import AuditEntry
from seminar.lib.database import db
from seminar.planning.models import Finding, Milestone, MilestoneRule, Seminar, Venue
from tests import cast

PLAN = f"/seminars/{cast.SLUG}/plan"
DETAILS = {
    "title": "Tọa đàm đổi tên",
    "theme": "Mới",
    "held_on": "2024-03-16",
    "starts_at": "08:00",
    "ends_at": "11:00",
}


@pytest.fixture
def finding(app):
    with app.app_context():
        seminar = cast.find_seminar()
        db.session.add(Finding(seminar_id=seminar.id, code="Đ1", text="Hai ngày khác nhau", proposal="Dùng 15/3/2024"))
        db.session.commit()
        return db.session.scalars(db.select(Finding.id)).one()


@pytest.fixture
def milestone(app):
    with app.app_context():
        seminar = cast.find_seminar()
        db.session.add(
            Milestone(
                seminar_id=seminar.id, position=1, code="papers", rule=MilestoneRule.UNTIL,
                due_on=date(2024, 3, 1), text="Nhận bài",
            )
        )  # fmt: skip
        db.session.commit()
        return db.session.scalars(db.select(Milestone.id)).one()


def test_the_office_reads_the_plan_with_the_weekday_derived(office):
    answer = office.get(PLAN)
    assert answer.status_code == 200
    assert "Thứ Sáu, 15/03/2024" in answer.text


def test_a_stranger_is_sent_to_sign_in_and_reception_may_not(visitor, staff):
    assert visitor.get(PLAN).location.startswith("/login")
    assert staff("tam").get(PLAN).status_code == 403
    assert staff("thu").post(PLAN, data=DETAILS).status_code == 403


def test_a_missing_seminar_is_404(office):
    assert office.get("/seminars/khong-co/plan").status_code == 404


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true", "HX-Request-Type": "full"}])
def test_changing_details_writes_what_changed_into_the_audit(app, office, headers):
    assert office.post(PLAN, data=DETAILS, headers=headers).status_code == 303
    with app.app_context():
        seminar = cast.find_seminar()
        assert (seminar.title, seminar.held_on) == ("Tọa đàm đổi tên", date(2024, 3, 16))
        entry = db.session.scalars(db.select(AuditEntry).where(AuditEntry.verb == "change")).one()
        assert entry.detail["held_on"] == ["2024-03-15", "2024-03-16"]


def test_bad_details_stay_in_the_form(app, office):
    answer = office.post(PLAN, data=DETAILS | {"title": "", "theme": "giữ lại"})
    assert answer.status_code == 422
    assert "giữ lại" in answer.text
    answer = office.post(PLAN, data=DETAILS | {"ends_at": "07:00"})
    assert answer.status_code == 422
    assert "Giờ kết thúc phải sau giờ bắt đầu" in answer.text
    with app.app_context():
        assert cast.find_seminar().theme == "Vì sao"


def test_confirming_the_other_venue_leaves_exactly_one_confirmed(app, office):
    with app.app_context():
        other = db.session.scalars(db.select(Venue.id).where(Venue.name == "Hội trường B")).one()
    address = f"/seminars/{cast.SLUG}/venues/{other}/confirmation"
    assert office.get(address).status_code == 405
    assert office.post(address).status_code == 303
    assert office.post(address).status_code == 303
    with app.app_context():
        assert cast.find_seminar().venue.name == "Hội trường B"
        assert db.session.query(Venue).where(Venue.confirmed_at.is_not(None)).count() == 1
        assert db.session.query(AuditEntry).where(AuditEntry.noun == "venue").count() == 1


def test_a_finding_is_settled_with_a_sentence(app, office, finding):
    address = f"/seminars/{cast.SLUG}/findings/{finding}/settlement"
    assert office.post(address, data={"settlement": " "}).status_code == 422
    assert office.post(address, data={"settlement": "Dùng 15/3/2024"}).status_code == 303
    with app.app_context():
        assert db.session.get(Finding, finding).settled_by == "Trần Thị Oanh"
    assert office.post(f"/seminars/{cast.SLUG}/findings/{finding + 1}/settlement").status_code == 404


def test_a_milestone_closes_and_opens_again(app, office, milestone):
    address = f"/seminars/{cast.SLUG}/milestones/{milestone}"
    assert office.post(f"{address}/closing").status_code == 303
    with app.app_context():
        assert db.session.get(Milestone, milestone).closed_by == "Trần Thị Oanh"
    assert office.post(f"{address}/reopening").status_code == 303
    with app.app_context():
        assert db.session.get(Milestone, milestone).closed_at is None


def test_a_new_seminar_takes_over_groups_and_is_unconfirmed(app, office):
    assert office.get("/seminars/new").status_code == 200
    values = {
        "title": "Tọa đàm 2025",
        "slug": "toa-dam-2025",
        "venues": "Hội trường X\n\nHội trường Y",
        "like": cast.SLUG,
    }
    assert office.post("/seminars/new", data=values).location == "/seminars/toa-dam-2025/plan"
    with app.app_context():
        seminar = cast.find_seminar("toa-dam-2025")
        assert seminar.venue is None
        assert [venue.name for venue in seminar.venues] == ["Hội trường X", "Hội trường Y"]
        assert [group.code for group in seminar.groups] == ["CT2", "G1", "G2", "T2", "T5", "KHAC"]
    again = office.post("/seminars/new", data=values)
    assert again.status_code == 422
    assert "Đã có tọa đàm dùng địa chỉ" in again.text
    assert office.post("/seminars/new", data=values | {"slug": "Có Dấu"}).status_code == 422


def test_a_seminar_is_announced_and_withdrawn(app, office, visitor):
    address = f"/seminars/{cast.SLUG}/announcement"
    assert office.post(address, data={"is_announced": "no"}).status_code == 303
    assert "Chưa công bố tọa đàm nào." in visitor.get("/").text
    assert office.post(address, data={"is_announced": "yes"}).status_code == 303
    assert "Tọa đàm thử" in visitor.get("/").text
    with app.app_context():
        assert db.session.query(Seminar).count() == 1
