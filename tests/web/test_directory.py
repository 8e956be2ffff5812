"""The directory of units: added, changed, ended, read from a list; a name leads to one unit, and then to its successor."""

import io
from datetime import date

import pytest

from seminar.audit.models import AuditEntry
from seminar.delegates.queries import unit_names
from seminar.lib.database import db
from seminar.planning.models import Unit, UnitAlias, UnitKind
from seminar.planning.queries import units_by_folded_name, units_on
from tests import cast

PLAIN, HTMX = {}, {"HX-Request": "true", "HX-Request-Type": "full"}
NEW = {
    "name": "Đoàn phường Thuận Giao",
    "kind": "ward",
    "contact_name": "Chị Lan",
    "contact_phone": "912 345 678",
    "contact_email": "thuangiao@example.vn",
    "aliases": "Phường Thuận Giao\nP. Thuận Giao",
    "valid_from": "2025-07-01",
}


def unit(name):
    return db.session.scalars(db.select(Unit).where(Unit.name == name)).one()


def values_of(one, **changed):
    return {"name": one.name, "kind": one.kind.value} | changed


@pytest.mark.parametrize("headers", [PLAIN, HTMX])
def test_a_unit_is_added_with_its_other_names(app, office, headers):
    assert office.get("/units/new").status_code == 200
    assert office.post("/units", data=NEW, headers=headers).status_code == 303
    with app.app_context():
        one = unit(NEW["name"])
        assert (one.kind, one.contact_phone, one.position) == (UnitKind.WARD, "0912345678", 3)
        assert sorted(alias.folded for alias in one.aliases) == [
            "doan phuong thuan giao", "p. thuan giao", "phuong thuan giao",
        ]  # fmt: skip
        assert one not in units_on(date(2024, 3, 15))
        entry = db.session.scalars(db.select(AuditEntry).where(AuditEntry.noun == "unit")).one()
        assert "0912345678" not in str(entry.detail)
        address = f"/units/{one.id}"
    page = office.get(address).text
    assert "P. Thuận Giao\nPhường Thuận Giao" in page
    assert "Phường Thuận Giao" in office.get("/units").text
    assert office.post("/units", data=NEW, headers=headers).status_code == 422


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": ""}, "giữ lại"),
        ({"name": "Thành đoàn thử một"}, "Đã có đơn vị “Thành Đoàn Thử Một”."),
        ({"aliases": "Huyện đoàn Thử Hai"}, "Đã có đơn vị “Huyện Đoàn Thử Hai”."),
        ({"aliases": "Thử Hai"}, "“Thử Hai” là tên khác của “Huyện Đoàn Thử Hai”."),
        ({"contact_phone": "12"}, "Đây không phải"),
        ({"contact_email": "không"}, "Đây không phải"),
        ({"kind": "kingdom"}, "giữ lại"),
        ({"valid_to": "2025-06-01"}, "Ngày kết thúc của đơn vị phải sau ngày bắt đầu."),
        ({"successor_id": "1"}, "hãy ghi cả ngày cuối cùng"),
    ],
)
def test_what_is_wrong_is_said_and_stays_in_the_form(app, office, wrong, sentence):
    with app.app_context():
        db.session.add(UnitAlias(folded="thu hai", unit_id=unit("Huyện Đoàn Thử Hai").id))
        db.session.commit()
    answer = office.post("/units", data=NEW | {"contact_name": "giữ lại"} | wrong)
    assert answer.status_code == 422
    assert "giữ lại" in answer.text
    assert sentence in answer.text
    with app.app_context():
        assert db.session.query(Unit).count() == 2


def test_a_unit_changes_and_the_log_says_which_private_fields_not_what(app, office):
    with app.app_context():
        address = f"/units/{unit('Thành Đoàn Thử Một').id}"
    changed = {"name": "Thành Đoàn Thử Mới", "kind": "city", "contact_phone": "0912345678", "aliases": "TĐ Thử Một"}
    assert office.post(address, data=changed).status_code == 303
    assert office.post(address, data=changed).status_code == 303
    with app.app_context():
        entries = db.session.scalars(db.select(AuditEntry).where(AuditEntry.verb == "change")).all()
        assert len(entries) == 1
        assert entries[0].detail["name"] == ["Thành Đoàn Thử Một", "Thành Đoàn Thử Mới"]
        assert entries[0].detail["contact_phone"] == []
        assert set(units_by_folded_name()) == {"thanh doan thu moi", "td thu mot", "huyen doan thu hai"}


def test_who_came_from_a_seminar_goes_back_to_its_units(app, office):
    page = office.get(f"/units/1?of={cast.SLUG}").text
    assert f'action="/units/1?of={cast.SLUG}"' in page
    changed = {"name": "Thành Đoàn Thử Một", "kind": "city", "contact_email": "a@example.vn"}
    answer = office.post(f"/units/1?of={cast.SLUG}", data=changed)
    assert answer.location == f"/seminars/{cast.SLUG}/units"
    assert office.post("/units/1?of=//evil.example", data=changed).location == "/units#unit-1"


def test_an_ended_unit_leads_to_its_successor_from_the_day_on(app, office):
    """Bến Cát was a town until 30/4/2024 and a city from 1/5/2024 (domain.md 4.1)."""
    with app.app_context():
        old = unit("Huyện Đoàn Thử Hai")
        old_id = old.id
    office.post("/units", data={"name": "Đoàn xã Thử Hai", "kind": "commune", "valid_from": "2024-05-01"})
    with app.app_context():
        new = unit("Đoàn xã Thử Hai")
        new_id = new.id
    ends = {"name": "Huyện Đoàn Thử Hai", "kind": "district", "valid_to": "2024-04-30", "successor_id": str(new_id)}
    assert office.post(f"/units/{old_id}", data=ends).status_code == 303
    with app.app_context():
        assert units_by_folded_name(date(2024, 4, 30))["huyen doan thu hai"].id == old_id
        assert units_by_folded_name(date(2024, 5, 1))["huyen doan thu hai"].id == new_id
        assert units_by_folded_name()["huyen doan thu hai"].id == old_id
        seminar = cast.find_seminar()
        assert unit_names(seminar)["huyen doan thu hai"] == (old_id, "Huyện Đoàn Thử Hai")
        seminar.held_on = date(2024, 6, 1)
        db.session.commit()
    table = "Họ và tên,Chức vụ,Đơn vị\nNguyễn Văn Thử,Bí thư,Huyện Đoàn Thử Hai\n"
    here = f"/seminars/{cast.SLUG}"
    draft = office.post(f"{here}/imports", data={"file": (io.BytesIO(table.encode("utf-8-sig")), "a.csv")})
    assert draft.status_code == 303
    preview = office.get(draft.location)
    assert preview.status_code == 200
    assert "Nguyễn Văn Thử" in preview.text
    assert office.post(f"{draft.location}/storing").status_code in (303, 404)
    with app.app_context():
        assert unit_names(cast.find_seminar())["huyen doan thu hai"] == (new_id, "Đoàn xã Thử Hai")


def test_units_cannot_succeed_each_other_in_a_ring(app, office):
    with app.app_context():
        one, two = unit("Thành Đoàn Thử Một").id, unit("Huyện Đoàn Thử Hai").id
    ends = {"kind": "city", "valid_to": "2025-06-30"}
    first = ends | {"name": "Thành Đoàn Thử Một", "successor_id": str(two)}
    assert office.post(f"/units/{one}", data=first).status_code == 303
    answer = office.post(f"/units/{two}", data=ends | {"name": "Huyện Đoàn Thử Hai", "successor_id": str(one)})
    assert answer.status_code == 422
    assert "Một đơn vị không thể tự kế thừa mình" in answer.text
    assert (
        office.post(f"/units/{two}", data=ends | {"name": "Huyện Đoàn Thử Hai", "successor_id": str(two)}).status_code
        == 422
    )


@pytest.mark.parametrize("headers", [PLAIN, HTMX])
def test_several_units_end_on_one_day(app, office, headers):
    office.post("/units", data=NEW)
    ending = {"unit": ["1", "2"], "last_day": "2025-06-30", "successor": "3"}
    assert office.get("/units/endings").status_code == 405
    assert office.post("/units/endings", data=ending, headers=headers).status_code == 303
    assert office.post("/units/endings", data=ending | {"last_day": "2025-12-31"}, headers=headers).status_code == 303
    with app.app_context():
        assert [one.name for one in units_on(date(2025, 7, 1))] == [NEW["name"]]
        assert units_by_folded_name(date(2025, 7, 1))["thanh doan thu mot"].name == NEW["name"]
        assert db.session.query(AuditEntry).where(AuditEntry.verb == "end").count() == 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"unit": []}, "Hãy đánh dấu những đơn vị kết thúc."),
        ({"last_day": ""}, "Hãy điền mục này."),
        ({"successor": "1"}, "Một đơn vị không thể tự kế thừa mình"),
        ({"unit": ["3"], "last_day": "2025-06-01"}, "sẽ kết thúc trước khi bắt đầu"),
        ({"unit": ["1", "99"]}, ""),
    ],
)
def test_an_ending_that_cannot_be_ends_none(app, office, wrong, sentence):
    office.post("/units", data=NEW)
    answer = office.post("/units/endings", data={"unit": ["1", "2"], "last_day": "2025-06-30"} | wrong)
    assert answer.status_code == 422
    assert sentence in answer.text
    with app.app_context():
        assert [one.valid_to for one in units_on(None)] == [None] * 3


def test_a_unit_in_use_is_never_deleted(app, office):
    office.post("/units", data=NEW)
    with app.app_context():
        used, unused = unit("Thành Đoàn Thử Một").id, unit(NEW["name"]).id
    assert office.get(f"/units/{used}/removal").status_code == 405
    answer = office.post(f"/units/{used}/removal")
    assert answer.status_code == 422
    assert "“Thành Đoàn Thử Một” đang được dùng nên không xóa" in answer.text
    assert office.post(f"/units/{unused}/removal").status_code == 303
    assert office.post(f"/units/{unused}/removal").status_code == 404
    with app.app_context():
        assert db.session.query(Unit).count() == 2
        assert db.session.query(UnitAlias).count() == 2


def test_units_move_in_their_order(app, office):
    with app.app_context():
        second = unit("Huyện Đoàn Thử Hai").id
    for headers in (PLAIN, HTMX):
        assert office.post(f"/units/{second}/order", data={"step": "up"}, headers=headers).status_code == 303
    with app.app_context():
        assert [one.name for one in units_on(None)] == ["Huyện Đoàn Thử Hai", "Thành Đoàn Thử Một"]
    assert office.post(f"/units/{second}/order", data={"step": ""}).status_code == 422


LIST = """TT\tTên đơn vị
1\tĐoàn xã Bàu Bàng\txã\txabaubang@example.vn
2\tĐoàn phường Thuận Giao\tPhường Thuận Giao\t0274 3932967
Đoàn Công ty Cao su; trực thuộc; Cao su Dầu Tiếng
Thành Đoàn Thử Một
"""


def test_a_list_is_looked_at_and_then_kept_in_one_go(app, office):
    page = office.post("/units/list/preview", data={"text": LIST})
    assert page.status_code == 200
    assert "3 đơn vị mới" in page.text
    assert "1 đã có" in page.text
    with app.app_context():
        assert db.session.query(Unit).count() == 2
    assert office.post("/units/list", data={"text": LIST}).status_code == 303
    assert office.post("/units/list", data={"text": LIST}).status_code == 303
    with app.app_context():
        found = [(one.name, one.kind, one.contact_email, one.contact_phone) for one in units_on(None)][2:]
        assert found == [
            ("Đoàn xã Bàu Bàng", UnitKind.COMMUNE, "xabaubang@example.vn", ""),
            ("Đoàn phường Thuận Giao", UnitKind.WARD, "", "02743932967"),
            ("Đoàn Công ty Cao su", UnitKind.AFFILIATED, "", ""),
        ]
        assert units_by_folded_name()["cao su dau tieng"].name == "Đoàn Công ty Cao su"


def test_a_list_of_units_of_a_later_day_leaves_older_seminars_alone(app, office):
    text = {"text": "Đoàn xã A", "valid_from": "2025-07-01"}
    assert 'name="valid_from" value="2025-07-01"' in office.post("/units/list/preview", data=text).text
    assert office.post("/units/list", data=text).status_code == 303
    assert office.post("/units/list", data=text | {"valid_from": "mai"}).status_code == 422
    with app.app_context():
        assert [one.name for one in units_on(date(2024, 3, 15))] == ["Thành Đoàn Thử Một", "Huyện Đoàn Thử Hai"]
        assert [one.name for one in units_on(date(2025, 7, 1))][-1] == "Đoàn xã A"


def test_a_wrong_line_stops_the_whole_list(app, office):
    text = "Đoàn xã A; xã; Thành Đoàn Thử Một\nĐoàn xã B\nĐoàn xã B\n"
    page = office.post("/units/list/preview", data={"text": text}).text
    assert "2 dòng sai" in page
    assert "Đã có đơn vị “Thành Đoàn Thử Một”." in page
    assert "Đã có đơn vị “Đoàn xã B”." in page
    answer = office.post("/units/list", data={"text": text})
    assert answer.status_code == 422
    assert "Dòng 1 sai nên chưa lưu gì" in answer.text
    assert "Đoàn xã A; xã" in answer.text
    assert office.post("/units/list", data={"text": ""}).status_code == 422
    assert office.post("/units/list/preview", data={"text": ""}).status_code == 422
    with app.app_context():
        assert db.session.query(Unit).count() == 2


def test_who_may_not_and_what_is_not_there(visitor, staff, office):
    assert office.get("/units/list").status_code == 200
    for address in ("/units", "/units/1", "/units/list", "/units/new"):
        assert visitor.get(address).location.startswith("/login")
        assert staff("thu").get(address).status_code == 403
    assert staff("thu").post("/units", data=NEW).status_code == 403
    assert staff("an").get("/units").status_code == 200
    assert office.get("/units/99").status_code == 404
    assert office.post("/units/99", data=NEW).status_code == 404


def test_a_long_directory_costs_as_many_statements_as_a_short_one(app, office, query_count):
    few = query_count(lambda: office.get("/units"))
    office.post("/units/list", data={"text": "\n".join(f"Đoàn xã {number} X" for number in range(300))})
    office.get("/units")
    assert query_count(lambda: office.get("/units")) == few
