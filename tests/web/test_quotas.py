"""The table of quotas: places of each unit, cell by cell; free places given on; what is held is never taken away."""

import pytest

from seminar.audit.models import AuditEntry
from seminar.lib.database import db
from seminar.lib.text import fold
from seminar.planning.actions import allot_places
from seminar.planning.models import Allotment, Group, Place, Unit, UnitAlias, UnitKind
from tests import cast
from tests.web.test_groups import HTMX, PLAIN, add_people, group, places

QUOTAS = f"/seminars/{cast.SLUG}/quotas"


@pytest.fixture
def save(app, office):
    """`save({(code, unit id): (before, after)})` posts these cells as the page would."""

    def post(cells, headers=PLAIN):
        data = {}
        with app.app_context():
            for (code, unit_id), (before, after) in cells.items():
                data[f"places-{group(code).id}-{unit_id}"] = str(after)
                data[f"was-{group(code).id}-{unit_id}"] = str(before)
        return office.post(QUOTAS, data=data, headers=headers)

    return post


def test_the_table_names_units_and_sums(app, office):
    page = office.get(QUOTAS).text
    assert "Thành Đoàn Thử Một" in page
    assert 'value="1" inputmode="numeric"' in page
    assert "số người mỗi đơn vị: 1" in page


@pytest.mark.parametrize("headers", [PLAIN, HTMX])
def test_a_unit_gets_two_and_another_none(app, office, save, headers):
    answer = save({("T2", 1): (1, 2), ("T2", 2): (1, 0)}, headers)
    assert (answer.status_code, answer.location) == (303, QUOTAS)
    page = office.get(QUOTAS).text
    assert "Đã lưu: Thành Đoàn Thử Một, T2: 1 → 2; Huyện Đoàn Thử Hai, T2: 1 → 0." in page
    with app.app_context():
        assert places("T2") == {1: 2}
        assert {one.unit_id: one.place_count for one in db.session.scalars(db.select(Allotment))} == {1: 2, 2: 0}
        assert allot_places(cast.find_seminar()) == 0
        entry = db.session.scalars(db.select(AuditEntry).where(AuditEntry.verb == "allot")).one()
        assert entry.detail["T2 · Thành Đoàn Thử Một"] == [1, 2]


def test_saving_twice_and_going_back_to_the_plan_leaves_nothing_over(app, office, save):
    assert save({("T2", 1): (1, 2)}).status_code == 303
    assert save({("T2", 1): (1, 2)}).status_code == 303  # the same page sent again
    assert "Không có gì thay đổi." in office.get(QUOTAS).text
    assert save({("T2", 1): (2, 1)}).status_code == 303
    with app.app_context():
        assert places("T2") == {1: 1, 2: 1}
        assert db.session.query(Allotment).count() == 0


def test_an_old_page_does_not_undo_what_somebody_else_changed(app, save):
    save({("T2", 1): (1, 3)})
    save({("T2", 1): (1, 1), ("T2", 2): (1, 2)})  # the page was opened before the first change
    with app.app_context():
        assert places("T2") == {1: 3, 2: 2}


def test_places_that_are_held_are_not_taken_away_and_what_was_typed_stays(app, save):
    add_people(app, ("Lý Văn Ba", "T2", 1))
    answer = save({("T2", 1): (1, 0), ("T2", 2): (1, 7)})
    assert answer.status_code == 422
    assert (
        "“Bí thư các đơn vị”, Thành Đoàn Thử Một, không giảm xuống 0 được: 1 suất đã có người (Lý Văn Ba)"
        in answer.text
    )
    assert 'value="7"' in answer.text
    assert answer.text.count('aria-invalid="true"') == 1
    with app.app_context():
        assert places("T2") == {1: 1, 2: 1}


@pytest.mark.parametrize("typed", ["", "-1", "hai", "1.5", "501", "९"])
def test_what_is_no_number_is_refused(app, save, typed):
    answer = save({("T2", 1): (1, typed)})
    assert answer.status_code == 422
    assert "Mỗi ô ghi một số nguyên từ 0 đến 500." in answer.text
    with app.app_context():
        assert places("T2") == {1: 1, 2: 1}


def test_cells_of_other_groups_units_or_seminars_change_nothing(app, office, save):
    with app.app_context():
        other = cast.add_seminar("khac")
        t2 = next(one.id for one in other.groups if one.code == "T2")
        db.session.commit()
    assert office.post(QUOTAS, data={f"places-{t2}-1": "9"}).status_code == 303
    assert save({("T5", 1): (0, 9), ("T2", 99): (0, 9)}).status_code == 303
    with app.app_context():
        assert db.session.query(Place).where(Place.group_id == t2).count() == 2
        assert db.session.query(Place).where(Place.unit_id == 1).count() == 2


def test_a_free_place_is_given_to_another_unit(app, office):
    with app.app_context():
        t2 = group("T2").id
    move = {"group": t2, "giver": 1, "taker": 2}
    assert office.get(f"{QUOTAS}/moves").status_code == 405
    assert office.post(f"{QUOTAS}/moves", data=move | {"taker": 1}).status_code == 422
    assert office.post(f"{QUOTAS}/moves", data=move).status_code == 303
    with app.app_context():
        assert places("T2") == {2: 2}
        assert allot_places(cast.find_seminar()) == 0
    answer = office.post(f"{QUOTAS}/moves", data=move)
    assert answer.status_code == 422
    assert "Thành Đoàn Thử Một không còn suất trống nào" in answer.text
    assert office.post(f"{QUOTAS}/moves", data=move | {"group": 999}).status_code == 404


def test_taking_a_given_place_away_again_does_not_bring_it_back_to_the_giver(app, office, save):
    with app.app_context():
        t2 = group("T2").id
    office.post(f"{QUOTAS}/moves", data={"group": t2, "giver": 1, "taker": 2})
    assert save({("T2", 2): (2, 0)}).status_code == 303
    with app.app_context():
        assert places("T2") == {}
        assert allot_places(cast.find_seminar()) == 0


def test_a_unit_that_came_later_gets_its_places_by_one_press(app, office):
    office.post("/units", data={"name": "Huyện Đoàn Thử Ba", "kind": "district"})
    page = office.get(QUOTAS).text
    assert "Còn thiếu 1 suất so với kế hoạch" in page
    assert office.post(f"{QUOTAS}/missing").status_code == 303
    assert office.post(f"{QUOTAS}/missing").status_code == 303
    with app.app_context():
        assert places("T2") == {1: 1, 2: 1, 3: 1}
    assert "so với kế hoạch" not in office.get(QUOTAS).text


def test_who_may_not(visitor, staff, office):
    assert visitor.get(QUOTAS).location.startswith("/login")
    assert staff("thu").get(QUOTAS).status_code == 403
    assert staff("tam").post(QUOTAS).status_code == 403
    assert office.get("/seminars/khong-co/quotas").status_code == 404


def test_three_hundred_units_cost_as_many_statements_as_two(app, office, query_count):
    few = query_count(lambda: office.get(QUOTAS))
    with app.app_context():
        for number in range(300):
            name = f"Đoàn xã {number}"
            unit = Unit(position=10 + number, name=name, kind=UnitKind.COMMUNE)
            unit.aliases = [UnitAlias(folded=fold(name))]
            db.session.add(unit)
        db.session.flush()
        allot_places(cast.find_seminar())
        db.session.commit()
        assert db.session.query(Group).count() == 6
    assert query_count(lambda: office.get(QUOTAS)) == few
