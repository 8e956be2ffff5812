"""The list of delegates: finding, adding, changing, taking off, writing out."""

import csv
import re
import unicodedata
from io import BytesIO, StringIO
from urllib.parse import parse_qsl, urlencode

import openpyxl
import pytest

from seminar.audit.models import AuditEntry
from seminar.delegates import queries
from seminar.delegates.models import Delegate, Membership
from seminar.delegates.queries import Wanted
from seminar.lib.database import db
from seminar.planning.models import Unit, UnitAlias
from tests import cast

LIST = f"/seminars/{cast.SLUG}/delegates"
NAME = re.compile(r'<tr data-row>.*?class="strong"[^>]*>([^<]+)<', re.DOTALL)


@pytest.fixture
def few(app):
    """Four delegates; their numbers are 1 to 4."""
    with app.app_context():
        seminar = cast.find_seminar()
        unit = db.session.execute(db.text("SELECT id FROM unit ORDER BY position")).scalars().first()
        cast.add_delegate(seminar, "Nguyễn Thị Ánh", "G1", "CT2", body="Ban Tổ chức", phone="0912345678")
        cast.add_delegate(seminar, "Trần Văn Đạt", "T2", body="Thành Đoàn Thử Một", unit_id=unit, phone="0987654321")
        cast.add_delegate(seminar, "Lê Dung", "T5", position="Bí thư chi đoàn", email="dung@example.vn")
        cast.add_delegate(seminar, "Phạm An", "KHAC")
        db.session.commit()


def names(answer):
    return NAME.findall(answer.text)


def total(answer):
    return int(re.search(r'data-total="(\d+)"', answer.text)[1])


def typed(**values):
    return {"name": "Võ Thị Sáu", "group": "G1", "phone": "0900 000 001", "email": "sau@example.vn", **values}


def numbers(app):
    with app.app_context():
        return list(
            db.session.scalars(
                db.select(Delegate.number).where(Delegate.removed_at.is_(None)).order_by(Delegate.number)
            )
        )


def id_of(app, number):
    with app.app_context():
        return queries.by_number(cast.find_seminar(), number).id


def test_the_list_is_in_the_order_of_given_names(office, few):
    assert names(office.get(LIST)) == ["Phạm An", "Nguyễn Thị Ánh", "Lê Dung", "Trần Văn Đạt"]


def test_the_list_is_in_the_order_of_protocol(office, few):
    ordered = ["Nguyễn Thị Ánh", "Trần Văn Đạt", "Lê Dung", "Phạm An"]
    assert names(office.get(f"{LIST}?order=protocol")) == ordered
    assert names(office.get(f"{LIST}?order=number")) == ordered


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("search=nguyen+thi", ["Nguyễn Thị Ánh"]),
        ("search=ANH+ban+to", ["Nguyễn Thị Ánh"]),
        ("search=5678", ["Nguyễn Thị Ánh"]),
        ("search=0912+345+678", ["Nguyễn Thị Ánh"]),
        ("search=%2B84+912.345.678", ["Nguyễn Thị Ánh"]),
        ("search=4", ["Phạm An", "Nguyễn Thị Ánh", "Trần Văn Đạt"]),
        ("search=%25", []),
        ("search=_", []),
        ("search=%27%3B--", []),
        ("group=G1", ["Nguyễn Thị Ánh"]),
        ("group=CT2", []),
        ("group=CT2&secondary=1", ["Nguyễn Thị Ánh"]),
        ("group=khong-co", []),
        ("audience=summoned", ["Lê Dung", "Trần Văn Đạt"]),
        ("audience=x", ["Phạm An", "Nguyễn Thị Ánh", "Lê Dung", "Trần Văn Đạt"]),
        ("unit=1", ["Trần Văn Đạt"]),
        ("unit=99999999999999999999", []),
        ("search=dat&group=T2&unit=1&audience=summoned", ["Trần Văn Đạt"]),
    ],
)
def test_the_list_is_narrowed(office, few, query, found):
    answer = office.get(f"{LIST}?{query}")
    assert answer.status_code == 200
    assert names(answer) == found
    assert total(answer) == len(found)


@pytest.fixture
def alike(app):
    """Names that differ in their accents only, and two who are found by what is not their name."""
    with app.app_context():
        seminar = cast.find_seminar()
        for name in ("Trần Ẩn", "Trần Ân", "Trần An", "Trần Ấn"):
            cast.add_delegate(seminar, name)
        cast.add_delegate(seminar, "Vũ Văn Bắc", phone="0905551234")
        cast.add_delegate(seminar, "Vũ Thị Chi", phone="0912345678")
        unit = db.session.scalars(db.select(Unit).order_by(Unit.position)).first()
        unit.aliases.append(UnitAlias(folded="tdt1"))
        cast.add_delegate(seminar, "Lê Văn Đông", "T2", unit_id=unit.id)
        db.session.commit()


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize(
    ("typed", "first"), [("trần ân", "Trần Ân"), ("Ẩn", "Trần Ẩn"), ("TRẦN ẤN", "Trần Ấn"), ("an", "Trần An")]
)
def test_hits_with_the_very_accents_come_first_and_the_others_after(office, alike, form, typed, first):
    found = names(office.get(f"{LIST}?{urlencode({'search': unicodedata.normalize(form, typed)})}"))
    assert found[0] == first
    assert sorted(one for one in found if "Trần" in one) == sorted(["Trần An", "Trần Ân", "Trần Ấn", "Trần Ẩn"])


def test_a_search_finds_by_the_alias_of_the_unit_and_by_the_last_digits(office, alike):
    assert names(office.get(f"{LIST}?search=TDT1")) == ["Lê Văn Đông"]
    assert names(office.get(f"{LIST}?search=dong+tdt1")) == ["Lê Văn Đông"]
    assert names(office.get(f"{LIST}?search=5678")) == ["Vũ Thị Chi"]
    assert names(office.get(f"{LIST}?search=1234")) == ["Vũ Văn Bắc", "Vũ Thị Chi"]


def test_a_search_by_htmx_answers_the_region_alone_with_the_same_rows(office, few):
    part = office.get(f"{LIST}?search=an", headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert part.text.lstrip().startswith('<div id="delegates"')
    assert "HX-Request-Type" in part.headers["Vary"]
    assert names(part) == names(office.get(f"{LIST}?search=an"))


def test_the_list_pages_by_fifty(app, office):
    with app.app_context():
        for number in range(120):
            cast.add_delegate(cast.find_seminar(), f"Lê Văn Số {number}")
        db.session.commit()
    answer = office.get(f"{LIST}?search=le&page=3")
    assert (total(answer), len(names(answer))) == (120, 20)
    assert "search=le&amp;page=2" in answer.text
    for wild in ("0", "-1", "x", "9" * 30, "99"):
        assert office.get(f"{LIST}?page={wild}").status_code == 200


def test_one_row_and_three_hundred_cost_the_same_queries(app, office, query_count):
    with app.app_context():
        cast.add_delegate(cast.find_seminar(), "Lê Văn A", "G1", "CT2")
        db.session.commit()
    paths = (LIST, f"{LIST}?order=protocol", f"{LIST}.csv", f"{LIST}.xlsx")
    few = [query_count(lambda path=path: office.get(path)) for path in paths]
    with app.app_context():
        for number in range(300):
            cast.add_delegate(cast.find_seminar(), f"Lê Văn {number}", "G1", "CT2", unit_id=1)
        db.session.commit()
    assert [query_count(lambda path=path: office.get(path)) for path in paths] == few


def test_telephones_are_for_those_who_write_to_people(staff, few):
    assert "0912 345 678" in staff("oanh").get(LIST).text
    answer = staff("thu").get(LIST)
    assert answer.status_code == 200
    assert "0912 345 678" not in answer.text
    assert f"{LIST}/new" not in answer.text
    for stranger_to_lists in ("chung", "tam", "vinh"):
        assert staff(stranger_to_lists).get(LIST).status_code == 403


def test_a_stranger_and_a_wrong_role_are_kept_out(visitor, staff, few):
    for path in (LIST, f"{LIST}/new", f"{LIST}.csv", f"{LIST}.xlsx", f"{LIST}/1/details"):
        assert visitor.get(path).status_code == 302
    for path in (f"{LIST}/new", f"{LIST}.csv", f"{LIST}.xlsx", f"{LIST}/1/details"):
        assert staff("chung").get(path).status_code == 403
    assert staff("chung").post(LIST, data=typed()).status_code == 403
    assert staff("thu").post(f"{LIST}/1/removal").status_code == 403


def test_what_is_not_of_this_seminar_is_not_there(app, office, few):
    with app.app_context():
        cast.add_seminar("khac")
        db.session.commit()
        other = cast.find_seminar("khac")
        stranger = cast.add_delegate(other, "Người Khác", "G1")
        db.session.commit()
        stranger_id = stranger.id
    for number in (2**31, 2**70):
        assert office.get(f"{LIST}/{number}/details").status_code == 404
        assert office.post(f"{LIST}/{number}/removal").status_code == 404
    for number in (stranger_id, 999):
        assert office.get(f"{LIST}/{number}/details").status_code == 404
        assert office.post(f"{LIST}/{number}/details", data=typed()).status_code == 404
        assert office.post(f"{LIST}/{number}/removal").status_code == 404
    assert office.get("/seminars/khong-co/delegates").status_code == 404
    assert names(office.get("/seminars/khac/delegates")) == ["Người Khác"]


def test_a_delegate_is_added_with_the_next_number(app, office, few):
    assert office.get(f"{LIST}/new").status_code == 200
    answer = office.post(LIST, data=typed(name="  Võ   Thị Sáu ", unit="1", further=["CT2", "G1"], birth_year="1995"))
    assert answer.status_code == 303
    assert answer.location == f"{LIST}/{id_of(app, 5)}"
    with app.app_context():
        added = queries.by_number(cast.find_seminar(), 5)
        assert (added.name, added.phone, added.email) == ("Võ Thị Sáu", "0900000001", "sau@example.vn")
        assert (added.body, added.unit_id, added.birth_year) == ("Thành Đoàn Thử Một", 1, 1995)
        assert added.group.code == "G1"
        assert {one.group.code for one in added.memberships} == {"G1", "CT2"}
        assert db.session.query(AuditEntry).filter_by(verb="add", noun="delegate").count() == 1
    assert names(office.get(f"{LIST}?search=vo+thi+sau+thu+mot")) == ["Võ Thị Sáu"]


def test_adding_through_htmx_is_the_same(office, few):
    answer = office.post(LIST, data=typed(), headers={"HX-Request": "true", "HX-Request-Type": "full"})
    assert answer.status_code == 303


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": ""}, "Hãy điền mục này."),
        ({"name": "x"}, "Hãy ghi đầy đủ họ tên."),
        ({"name": "A" * 201}, "Tối đa 200 ký tự."),
        ({"phone": "12"}, "Đây không phải số điện thoại Việt Nam"),
        ({"phone_2": "abc"}, "Đây không phải số điện thoại Việt Nam"),
        ({"email": "khong-phai-email"}, "Đây không phải địa chỉ e-mail"),
        ({"birth_year": "95"}, "Hãy ghi năm bằng bốn chữ số"),
        ({"group": "XX"}, 'aria-invalid="true"'),
        ({"unit": "999"}, 'aria-invalid="true"'),
    ],
)
def test_bad_input_is_kept_in_the_form_with_a_sentence(app, office, few, wrong, sentence):
    for path in (LIST, f"{LIST}/{id_of(app, 1)}/details"):
        answer = office.post(path, data=typed(position="Trưởng ban giữ lại", **wrong))
        assert answer.status_code == 422
        assert sentence in answer.text
        assert 'value="Trưởng ban giữ lại"' in answer.text
    assert numbers(app) == [1, 2, 3, 4]


def test_somebody_who_is_there_already_is_not_added_twice(app, office, few):
    answer = office.post(LIST, data=typed(name="NGUYỄN THỊ ANH", phone="+84 912 345 678"))
    assert answer.status_code == 422
    assert "đã có trong danh sách, số 1" in answer.text
    assert 'value="NGUYỄN THỊ ANH"' in answer.text
    assert numbers(app) == [1, 2, 3, 4]


def test_a_closed_list_takes_no_one_more(app, office, few):
    assert office.post(LIST, data=typed(name="Một Hai", group="T5", phone="", email="")).status_code == 303
    assert (
        office.post(LIST, data=typed(name="Ba Bốn", group="G1", further=["T5"], phone="", email="")).status_code == 303
    )
    answer = office.post(LIST, data=typed(name="Năm Sáu", group="T5", phone="", email=""))
    assert answer.status_code == 422
    assert "chốt đúng 3 người: đây là người thứ 4" in answer.text
    moved = office.post(f"{LIST}/{id_of(app, 1)}/details", data=typed(group="T5"))
    assert moved.status_code == 422
    assert office.post(f"{LIST}/{id_of(app, 3)}/details", data=typed(name="Lê Dung", group="T5")).status_code == 303


def test_details_are_changed_and_the_audit_says_which(app, office, few):
    address = f"{LIST}/{id_of(app, 1)}/details"
    assert 'value="0912345678"' in office.get(address).text
    answer = office.post(
        address, data=typed(name="Nguyễn Thị Ánh", group="T2", further=["G1"], unit="2", alert="Đón tại xe")
    )
    assert answer.status_code == 303
    with app.app_context():
        changed = queries.by_number(cast.find_seminar(), 1)
        assert (changed.phone, changed.alert, changed.group.code) == ("0900000001", "Đón tại xe", "T2")
        assert {one.group.code for one in changed.memberships} == {"T2", "G1"}
        (entry,) = db.session.query(AuditEntry).filter_by(verb="change", noun="delegate")
        assert "0900000001" not in str(entry.detail)
        assert {"phone", "alert", "groups"} <= set(entry.detail["fields"])
    assert (
        office.post(
            address, data=typed(name="Nguyễn Thị Ánh", group="T2", further=["G1"], unit="2", alert="Đón tại xe")
        ).status_code
        == 303
    )
    with app.app_context():
        assert db.session.query(AuditEntry).filter_by(verb="change", noun="delegate").count() == 1


def test_a_unit_without_a_free_place_is_told_and_what_was_typed_stays(app, office, few):
    with app.app_context():
        cast.add_delegate(cast.find_seminar(), "Người Giữ Suất", "T2", unit_id=1)
        db.session.commit()
    address = f"{LIST}/{id_of(app, 1)}/details"
    for unit, sentence in (("1", "không còn suất"), ("", "hãy chọn đơn vị")):
        answer = office.post(address, data=typed(name="Nguyễn Thị Ánh", group="T2", unit=unit, alert="Đón tại xe"))
        assert answer.status_code == 422
        assert sentence in answer.text
        assert "Đón tại xe" in answer.text


def test_whoever_is_taken_off_the_list_gives_the_place_back(app, office, few):
    with app.app_context():
        held = cast.add_delegate(cast.find_seminar(), "Người Giữ Suất", "T2", unit_id=1).id
        db.session.commit()
    address = f"{LIST}/{id_of(app, 1)}/details"
    assert office.post(f"{LIST}/{held}/removal", data={"reason": "chuyển công tác"}).status_code == 303
    assert office.post(address, data=typed(name="Nguyễn Thị Ánh", group="T2", unit="1")).status_code == 303


def test_the_primary_group_may_change_places_with_a_further_one(app, office, few):
    address = f"{LIST}/{id_of(app, 1)}/details"
    assert office.post(address, data=typed(name="Nguyễn Thị Ánh", group="CT2", further=["G1"])).status_code == 303
    with app.app_context():
        changed = queries.by_number(cast.find_seminar(), 1)
        assert changed.group.code == "CT2"
        assert db.session.query(Membership).filter_by(delegate_id=changed.id).count() == 2


def test_a_removed_delegate_is_on_no_list_and_the_number_is_not_given_again(app, office, few):
    gone = id_of(app, 4)
    assert office.get(f"{LIST}/{gone}/removal").status_code == 405
    assert office.post(f"{LIST}/{gone}/removal", data={"reason": "xin rút"}).status_code == 303
    assert office.post(f"{LIST}/{gone}/removal").status_code == 404
    assert numbers(app) == [1, 2, 3]
    assert names(office.get(f"{LIST}?search=pham+an")) == []
    office.post(LIST, data=typed())
    assert numbers(app) == [1, 2, 3, 5]


def test_an_unnamed_delegate_may_be_added_twice(app, office):
    for _ in range(2):
        data = typed(name="Đồng chí đại diện lãnh đạo", body="Sở X", phone="", email="")
        assert office.post(LIST, data=data).status_code == 303
    assert numbers(app) == [1, 2]


def test_the_csv_has_its_columns_and_no_formula(app, office, few):
    office.post(LIST, data=typed(name="Võ Thị Sáu", position="=1+1", body="-Đơn vị", note="@so"))
    answer = office.get(f"{LIST}.csv?order=number")
    assert answer.content_type == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(StringIO(answer.data.decode("utf-8-sig"))))
    assert list(rows[0])[:7] == ["number", "name", "position", "unit", "group", "phone", "email"]
    assert [row["name"] for row in rows] == ["Nguyễn Thị Ánh", "Trần Văn Đạt", "Lê Dung", "Phạm An", "Võ Thị Sáu"]
    assert (rows[0]["group"], rows[0]["further_groups"]) == ("G1", "CT2")
    assert (rows[4]["position"], rows[4]["unit"], rows[4]["note"]) == ("'=1+1", "'-Đơn vị", "'@so")
    assert office.get(f"{LIST}.csv?group=T5").data.decode("utf-8-sig").count("\r\n") == 2


def test_the_workbook_has_the_same_rows_as_text(app, office, few):
    office.post(LIST, data=typed(name="Võ Thị Sáu", position="=1+1"))
    answer = office.get(f"{LIST}.xlsx?order=number")
    assert 'filename="dai-bieu-toa-dam-thu.xlsx"' in answer.headers["Content-Disposition"]
    sheet = openpyxl.load_workbook(BytesIO(answer.data)).active
    assert [cell.value for cell in sheet["B"]] == [
        "Họ và tên",
        "Nguyễn Thị Ánh",
        "Trần Văn Đạt",
        "Lê Dung",
        "Phạm An",
        "Võ Thị Sáu",
    ]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)} == {"s"}
    assert sheet["F2"].value == "0912345678"


def test_what_is_wanted_survives_its_address():
    wanted = Wanted(search="nguyễn & Sons", group="T2", audience="guest", unit_id=3, secondary=True, order="protocol")
    assert Wanted.from_args(dict(parse_qsl(wanted.to_query()))) == wanted
    assert Wanted().to_query() == ""


def test_a_number_of_thousands_of_digits_is_no_number_and_no_error(office):
    long = "9" * 5000
    assert office.get(f"/seminars/{cast.SLUG}/delegates?unit={long}").status_code == 200
    assert office.post(f"/seminars/{cast.SLUG}/programme/papers", data={"paper_id": long}).status_code == 404


def groups_of(app, number):
    with app.app_context():
        delegate = queries.by_number(cast.find_seminar(), number)
        return delegate.group.code, {one.group.code for one in delegate.memberships}


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true", "HX-Request-Type": "full"}])
def test_the_ticked_ones_move_into_one_group_and_keep_their_further_ones(app, office, few, headers):
    ticked = {"delegate": [str(id_of(app, 1)), str(id_of(app, 4))], "to": "G2"}
    answer = office.post(f"{LIST}/group?group=&page=1", data=ticked, headers=headers)
    assert (answer.status_code, answer.location) == (303, f"{LIST}?group=&page=1")
    assert "Đã chuyển 2 đại biểu" in office.get(LIST).text
    assert groups_of(app, 1) == ("G2", {"G2", "CT2"})
    assert groups_of(app, 4) == ("G2", {"G2"})
    office.post(f"{LIST}/group", data=ticked, headers=headers)
    assert "Đã chuyển 0 đại biểu" in office.get(LIST).text


def test_a_closed_list_takes_all_that_are_moved_or_none(app, office, few):
    with app.app_context():
        cast.add_delegate(cast.find_seminar(), "Lê Văn Năm", "T5")
        db.session.commit()
    ticked = {"delegate": [str(id_of(app, 1)), str(id_of(app, 2))], "to": "T5"}
    answer = office.post(f"{LIST}/group", data=ticked)
    assert answer.status_code == 422
    assert "đã chốt" in answer.text or "chốt" in answer.text
    assert groups_of(app, 1)[0] == "G1"
    assert office.post(f"{LIST}/group", data=ticked | {"delegate": ticked["delegate"][:1]}).status_code == 303
    assert groups_of(app, 1)[0] == "T5"


def test_nothing_ticked_no_group_and_people_of_another_seminar_move_nobody(app, office, staff, few):
    assert office.get(f"{LIST}/group").status_code == 405
    assert office.post(f"{LIST}/group", data={"to": "G2"}).status_code == 422
    assert office.post(f"{LIST}/group", data={"delegate": "1", "to": "XX"}).status_code == 422
    assert staff("thu").post(f"{LIST}/group", data={"delegate": "1", "to": "G2"}).status_code == 403
    with app.app_context():
        cast.add_seminar("khac")
        db.session.commit()
        stranger = cast.add_delegate(cast.find_seminar("khac"), "Người Khác", "G1").id
        db.session.commit()
    office.post(f"{LIST}/group", data={"delegate": [str(stranger), "9" * 30], "to": "G2"})
    with app.app_context():
        assert db.session.get(Delegate, stranger).group.code == "G1"
