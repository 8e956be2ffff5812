"""The lists of the plan: milestones, venues, legal bases, topics. Added, changed, ordered, removed; proposed from the day."""

from datetime import date

import pytest

from seminar.audit.models import AuditEntry
from seminar.lib.database import db
from seminar.papers.models import Paper
from seminar.planning.models import LegalBasis, Milestone, MilestoneRule, Seminar, Topic, Venue
from tests import cast
from tests.web.inviting import invite

HERE = f"/seminars/{cast.SLUG}"
PLAIN, HTMX = {}, {"HX-Request": "true", "HX-Request-Type": "full"}
PARTS = {
    "milestones": (
        Milestone,
        {"text": "Nhận bài", "rule": "until", "due_on": "2024-03-01", "code": "papers", "owner": "Ban Tổ chức"},
        {"text": "", "due_on": "2024-02-30", "rule": "never"},
    ),
    "venues": (
        Venue,
        {"name": "Hội trường C", "address": "Số 9", "capacity": "250", "note": "mới"},
        {"name": "", "capacity": "0"},
    ),
    "bases": (
        LegalBasis,
        {
            "kind": "Kế hoạch",
            "number": "18-KH/TU",
            "issued_on": "2021-04-22",
            "issuer": "Tỉnh ủy",
            "subject": "đảng viên",
        },
        {"kind": "", "issued_on": "hôm qua"},
    ),
    "topics": (Topic, {"title": "Mô hình hay", "text": "Cách làm hiệu quả"}, {"title": ""}),
}


def rows(kind):
    order = kind.id if kind is Venue else kind.position
    return db.session.scalars(db.select(kind).where(kind.seminar_id == cast.find_seminar().id).order_by(order)).all()


@pytest.mark.parametrize("noun", PARTS)
@pytest.mark.parametrize("headers", [PLAIN, HTMX])
def test_one_is_added_changed_and_removed(app, office, noun, headers):
    kind, values, _ = PARTS[noun]
    assert office.get(f"{HERE}/{noun}/new").status_code == 200
    answer = office.post(f"{HERE}/{noun}", data=values, headers=headers)
    assert (answer.status_code, answer.location) == (303, f"{HERE}/plan#{noun}")
    with app.app_context():
        one = rows(kind)[-1]
        address, first = f"{HERE}/{noun}/{one.id}", next(iter(values))
        assert getattr(one, first) == values[first]
    assert f'value="{values[first]}"' in office.get(address).text
    assert office.post(address, data=values | {first: "Tên khác"}, headers=headers).status_code == 303
    with app.app_context():
        assert getattr(rows(kind)[-1], first) == "Tên khác"
        entry = db.session.scalars(db.select(AuditEntry).where(AuditEntry.verb == "change")).one()
        assert entry.detail == {first: [values[first], "Tên khác"]}
    assert office.post(f"{address}/removal", headers=headers).status_code == 303
    assert office.post(f"{address}/removal", headers=headers).status_code == 404
    assert office.get(address).status_code == 404


@pytest.mark.parametrize("noun", PARTS)
def test_bad_input_stays_in_the_form_and_nothing_is_kept(app, office, noun):
    kind, values, wrong = PARTS[noun]
    kept = next(name for name in values if name not in wrong)
    with app.app_context():
        before = len(rows(kind))
    answer = office.post(
        f"{HERE}/{noun}", data=values | wrong | {kept: "giữ lại"} if kept != "code" else values | wrong
    )
    assert answer.status_code == 422
    assert 'class="errors"' in answer.text
    if kept != "code":
        assert "giữ lại" in answer.text
    with app.app_context():
        assert len(rows(kind)) == before


@pytest.mark.parametrize("noun", PARTS)
def test_who_may_not_and_what_is_not_there(app, office, visitor, staff, noun):
    kind, values, _ = PARTS[noun]
    office.post(f"{HERE}/{noun}", data=values)
    with app.app_context():
        one = rows(kind)[-1].id
        cast.add_seminar("khac")
        db.session.commit()
    address = f"{HERE}/{noun}/{one}"
    assert visitor.get(address).location.startswith("/login")
    assert staff("thu").get(address).status_code == 403
    assert staff("thu").post(f"{HERE}/{noun}", data=values).status_code == 403
    assert office.get(f"{address}/removal").status_code == 405
    assert office.get(f"{HERE}/{noun}/{one + 100}").status_code == 404
    assert office.post(f"/seminars/khac/{noun}/{one}", data=values).status_code == 404


@pytest.mark.parametrize("noun", ["bases", "topics", "milestones"])
def test_one_moves_up_and_down_and_not_beyond_the_ends(app, office, noun):
    kind, values, _ = PARTS[noun]
    first = next(iter(values))
    for number in range(3):
        office.post(
            f"{HERE}/{noun}", data=values | {first: f"Số {number}"} | ({"code": ""} if "code" in values else {})
        )
    with app.app_context():
        *_, one, two, three = rows(kind)
        ids = [one.id, two.id, three.id]
    for number in range(4):
        headers = HTMX if number % 2 else PLAIN
        assert office.post(f"{HERE}/{noun}/{ids[1]}/order", data={"step": "down"}, headers=headers).status_code == 303
    with app.app_context():
        assert [row.id for row in rows(kind)][-3:] == [ids[0], ids[2], ids[1]]
        assert [row.position for row in rows(kind)] == list(range(1, len(rows(kind)) + 1))
    assert office.post(f"{HERE}/{noun}/{ids[1]}/order", data={"step": "out"}).status_code == 422


def test_a_deadline_is_given_once(app, office):
    values = PARTS["milestones"][1]
    assert office.post(f"{HERE}/milestones", data=values).status_code == 303
    answer = office.post(f"{HERE}/milestones", data=values | {"text": "Nhận bài lần hai"})
    assert answer.status_code == 422
    assert "“Nhận bài” đã là hạn đó" in answer.text
    assert "Nhận bài lần hai" in answer.text
    assert office.post(f"{HERE}/milestones", data=values | {"code": ""}).status_code == 303
    with app.app_context():
        second = rows(Milestone)[-1].id
    assert office.post(f"{HERE}/milestones/{second}", data=values).status_code == 422


def test_a_milestone_takes_its_place_by_its_day(app, office):
    values = PARTS["milestones"][1] | {"code": ""}
    for day in ("2024-03-05", "2024-01-05", "2024-02-05"):
        office.post(f"{HERE}/milestones", data=values | {"due_on": day})
    with app.app_context():
        assert [one.due_on.month for one in rows(Milestone)] == [1, 2, 3]


def test_milestones_are_proposed_from_the_day_and_dated_anew_only_while_they_are_the_software_s(app, office):
    assert office.get(f"{HERE}/milestones/proposal").status_code == 405
    assert office.post(f"{HERE}/milestones/proposal").status_code == 303
    with app.app_context():
        found = {one.code: one for one in rows(Milestone) if one.code}
        assert {code: (one.due_on, one.is_default) for code, one in found.items()} == {
            "returns": (date(2024, 2, 23), True),
            "papers": (date(2024, 3, 1), True),
            "nominations": (date(2024, 3, 1), True),
            "answers": (date(2024, 3, 8), True),  # the 10th is a Sunday
        }
        papers = found["papers"].id
    page = office.get(f"{HERE}/plan").text
    assert page.count("mặc định của phần mềm") >= 7
    office.post(f"{HERE}/milestones/{papers}", data=PARTS["milestones"][1] | {"due_on": "2024-02-28"})
    details = {"title": "Tọa đàm thử", "held_on": "2024-04-12"}
    moved = office.post(f"{HERE}/plan", data=details, follow_redirects=True).text
    assert "Đã đổi ngày tổ chức; 7 mốc vẫn giữ ngày cũ" in moved
    assert "không khớp ngày tổ chức" in moved
    with app.app_context():
        assert {one.due_on.month for one in rows(Milestone)} == {2, 3}
    assert office.post(f"{HERE}/milestones/proposal").status_code == 303
    with app.app_context():
        found = {one.code: one for one in rows(Milestone) if one.code}
        assert (found["papers"].due_on, found["papers"].is_default) == (date(2024, 2, 28), False)
        assert found["nominations"].due_on == date(2024, 3, 29)
        assert len(rows(Milestone)) == 7
    office.post(f"{HERE}/milestones/proposal")
    assert "Không có gì để đề xuất" in office.get(f"{HERE}/plan").text


def test_nothing_is_proposed_before_the_day_is_known(app, office):
    with app.app_context():
        cast.find_seminar().held_on = None
        db.session.commit()
    answer = office.post(f"{HERE}/milestones/proposal")
    assert answer.status_code == 422
    assert "Hãy ghi ngày tổ chức trước" in answer.text


def test_a_new_seminar_has_its_milestones_and_takes_over_what_lasts(app, office):
    with app.app_context():
        seminar = cast.find_seminar()
        seminar.settings = {"recipients": ["- Lưu VP."]}
        seminar.bases = [
            LegalBasis(position=1, kind="Kế hoạch", number="18-KH/TU", issuer="Tỉnh ủy", subject="đảng viên")
        ]
        db.session.commit()
    values = {"title": "Tọa đàm 2025", "slug": "toa-dam-2025", "held_on": "2025-03-14", "venues": "", "like": cast.SLUG}
    assert office.post("/seminars/new", data=values).status_code == 303
    with app.app_context():
        seminar = cast.find_seminar("toa-dam-2025")
        assert [(one.code, one.rule) for one in seminar.milestones] == [
            ("returns", MilestoneRule.UNTIL), ("papers", MilestoneRule.UNTIL), ("nominations", MilestoneRule.UNTIL),
            ("answers", MilestoneRule.UNTIL), ("", MilestoneRule.ON), ("", MilestoneRule.AFTER), ("", MilestoneRule.AFTER),
        ]  # fmt: skip
        assert [one.number for one in seminar.bases] == ["18-KH/TU"]
        assert [one.title for one in seminar.topics] == ["Thực trạng", "Giải pháp"]
        assert seminar.settings == {"recipients": ["- Lưu VP."]}
        assert len(cast.find_seminar().topics) == 2
    assert office.post("/seminars/new", data={"title": "Chưa có ngày", "slug": "chua-co-ngay"}).status_code == 303
    with app.app_context():
        assert cast.find_seminar("chua-co-ngay").milestones == []
        assert db.session.query(Seminar).count() == 3


def test_a_confirmed_venue_and_a_topic_in_use_are_not_removed(app, office):
    with app.app_context():
        venue, topic = rows(Venue)[0], rows(Topic)[0]
        db.session.add(
            Paper(
                seminar_id=venue.seminar_id, title="Bài", authors="Tập thể", kind="paper", topic_id=topic.id,
                created_at=cast.NOW, created_by="Oanh",
            )
        )  # fmt: skip
        db.session.commit()
        venue_id, topic_id = venue.id, topic.id
    answer = office.post(f"{HERE}/venues/{venue_id}/removal")
    assert answer.status_code == 422
    assert "“Hội trường A” là địa điểm đã xác nhận" in answer.text
    answer = office.post(f"{HERE}/topics/{topic_id}/removal")
    assert answer.status_code == 422
    assert "“Thực trạng” đang được dùng" in answer.text
    with app.app_context():
        assert (len(rows(Venue)), len(rows(Topic))) == (2, 2)


def test_another_venue_after_letters_warns_that_everybody_must_be_told_again(app, office):
    with app.app_context():
        first, second = (one.id for one in rows(Venue))
    assert "phải báo lại" not in office.post(f"{HERE}/venues/{second}/confirmation", follow_redirects=True).text
    with app.app_context():
        invite(("Nguyễn Thị Hồng", "G2", {"email": "hong@example.vn"}))
    page = office.post(f"{HERE}/venues/{first}/confirmation", follow_redirects=True).text
    assert "Văn bản ghi địa điểm cũ đã phát hành: phải báo lại cho tất cả" in page
    moved = office.post(f"{HERE}/plan", data={"title": "A", "held_on": "2024-03-18"}, follow_redirects=True).text
    assert "Văn bản ghi ngày cũ đã phát hành" in moved


def test_a_long_plan_costs_as_many_statements_as_a_short_one(app, office, query_count):
    office.post(f"{HERE}/bases", data=PARTS["bases"][1])
    office.get(f"{HERE}/plan")  # shows the message of the first one
    few = query_count(lambda: office.get(f"{HERE}/plan"))
    with app.app_context():
        seminar = cast.find_seminar()
        for number in range(2, 302):
            db.session.add(
                LegalBasis(seminar_id=seminar.id, position=number, kind="A", number="1", issuer="", subject="x")
            )
            db.session.add(Topic(seminar_id=seminar.id, position=number + 1, title="T", text=""))
            db.session.add(Venue(seminar_id=seminar.id, name="V"))
        db.session.commit()
    assert query_count(lambda: office.get(f"{HERE}/plan")) == few
