"""Rows that differ from somebody stored, or are like somebody: side by side, merged or kept, stored in one transaction."""

import re

import pytest

from seminar.audit.models import AuditEntry
from seminar.delegates import queries
from seminar.delegates.models import Delegate, Membership
from seminar.lib.database import db
from seminar.planning.models import Place
from tests import cast
from tests.web.test_imports import count, figures, imported, members, plan, read, workbook

__all__ = ["plan"]
HTMX = {"HX-Request": "true", "HX-Request-Type": "full"}
FIRST = (
    ["Lê An", "Bí thư", "Ban X", "0912345678", "an@example.vn"],
    ["Lê Bình", "Bí thư", "Ban X", "0912345679", "binh@example.vn"],
    ["Lê Châu", "Bí thư", "Ban X", "0912345670", "chau@example.vn"],
)
SECOND = (
    ["Lê An", "Bí thư", "Ban X", "0987000001", "an@example.vn"],
    ["Lê Bình", "Phó Bí thư", "Ban X", "0987000002", "binh@example.vn"],
    ["Lê Châu", "Bí thư", "Ban X", "0987000003", "chau@example.vn"],
    ["Lê An", "Giáo viên", "Trường Y", "0933333333", ""],
)


@pytest.fixture
def listed(office, plan):
    """The first list is stored, the second is read; the address of its preview."""
    office.post(f"{read(office, workbook(*FIRST))}/rows")
    return read(office, workbook(*SECOND))


def choose(client, address, **data):
    answer = client.post(f"{address}/choices", data=data)
    assert answer.status_code == 303, answer.text
    return client.get(answer.location)


def details(app, *names):
    with app.app_context():
        return [tuple(getattr(one, name) for name in names) for one in queries.everyone(cast.find_seminar())]


def key(row):
    return f"0.{row}.0"


def test_stored_and_list_stand_side_by_side(office, listed):
    preview = office.get(listed)
    assert (figures(preview)["differs"], figures(preview)["alike"]) == (3, 1)
    assert f'href="{listed}/choices"' in preview.text
    page = office.get(f"{listed}/choices")
    assert 'data-total="4"' in page.text
    assert page.text.count('<section class="card" data-row') == 4
    for text in ("0912 345 678", "0987 000 001", "Phó Bí thư", "Trường Y", "Đã lưu, số 1"):
        assert text in page.text
    assert "Lấy điện thoại theo danh sách cho 2 dòng chỉ khác chỗ đó" in page.text


def test_nothing_changes_before_it_is_stored_and_then_only_what_was_chosen(app, office, listed):
    choose(office, listed, row=key(3), **{f"phone-{key(3)}": "list", f"position-{key(3)}": "stored"})
    assert details(app, "position", "phone")[1] == ("Bí thư", "0912345679")
    page = office.get(listed)
    assert (figures(page)["changes"], figures(page)["differs"]) == (1, 2)
    assert "Lấy theo danh sách: điện thoại" in page.text
    office.post(f"{listed}/rows")
    assert details(app, "position", "phone", "email")[:2] == [
        ("Bí thư", "0912345678", "an@example.vn"),
        ("Bí thư", "0987000002", "binh@example.vn"),
    ]
    with app.app_context():
        entry = db.session.query(AuditEntry).filter_by(verb="change", noun="delegate").one()
        assert (entry.summary, entry.detail["fields"]) == ("Lê Bình", ["phone"])
        assert "0987000002" in db.session.query(Delegate).filter_by(number=2).one().folded


def test_one_choice_takes_the_telephone_of_all_that_differ_only_there(app, office, listed):
    page = choose(office, listed, bulk="phone")
    assert "Đã quyết định 2 dòng" in page.text
    office.post(f"{listed}/rows")
    assert [phone for (phone,) in details(app, "phone")][:3] == ["0987000001", "0912345679", "0987000003"]


def test_one_choice_keeps_what_is_stored(app, office, listed):
    choose(office, listed, bulk="keep")
    page = office.get(listed)
    assert (figures(page).get("differs"), figures(page)["known"]) == (None, 3)
    assert "Giữ như đã lưu theo lựa chọn" in page.text
    office.post(f"{listed}/rows")
    assert [phone for (phone,) in details(app, "phone")][:3] == ["0912345678", "0912345679", "0912345670"]


def test_somebody_alike_is_merged_into_the_one_stored(app, office, listed):
    with app.app_context():
        first = db.session.query(Delegate).filter_by(number=1).one().id
    choose(office, listed, row=key(5), **{f"who-{key(5)}": str(first), f"position-{key(5)}": "list"})
    assert figures(office.get(listed))["changes"] == 1
    office.post(f"{listed}/rows")
    assert count(app) == 3
    assert details(app, "position", "body", "phone")[0] == ("Giáo viên", "Ban X", "0912345678")


def test_somebody_alike_is_somebody_else_as_chosen(app, office, listed):
    choose(office, listed, row=key(5), **{f"who-{key(5)}": "other"})
    page = office.get(listed)
    assert "Là người khác, theo lựa chọn" in page.text
    office.post(f"{listed}/rows")
    assert count(app) == 4


def test_a_decision_may_be_taken_back(office, listed):
    choose(office, listed, row=key(5), **{f"who-{key(5)}": "other"})
    choose(office, listed, row=key(5), **{f"who-{key(5)}": ""})
    assert figures(office.get(listed))["alike"] == 1


def test_two_rows_of_one_list_are_one_person_as_chosen(app, office, plan):
    content = workbook(["Lê An", "Bí thư", "Ban X", "0912345678"], ["Lê An", "", "Ban Y", "", "", "T5"])
    address = read(office, content)
    assert figures(office.get(address))["alike"] == 1
    page = office.get(f"{address}/choices")
    assert f'value="{key(2)}"' in page.text
    choose(office, address, row=key(3), **{f"who-{key(3)}": key(2)})
    office.post(f"{address}/rows")
    assert (count(app), members(app, "T5")) == (1, 1)
    assert figures(office.get(read(office, content)))["known"] == 2


def test_reading_the_same_list_again_afterwards_changes_nothing(app, office, listed, tmp_path):
    with app.app_context():
        first = db.session.query(Delegate).filter_by(number=1).one().id
    choose(office, listed, bulk="phone")
    choose(office, listed, row=key(5), **{f"who-{key(5)}": str(first)})
    choose(office, listed, row=key(3), **{f"phone-{key(3)}": "stored", f"position-{key(3)}": "stored"})
    office.post(f"{listed}/rows")
    before = details(app, "name", "position", "body", "phone", "phone_2", "email")
    assert len(before) == 3
    for content in (workbook(*SECOND), workbook(*reversed(SECOND), ["Thêm dòng"])):  # saved anew, sorted otherwise
        address = read(office, content)
        page = office.get(address)
        assert figures(page)["known"] == 4
        assert "Áp dụng lại các lựa chọn" in page.text
    office.post(f"{read(office, workbook(*SECOND))}/rows")
    path = tmp_path / "hai.xlsx"
    path.write_bytes(workbook(*reversed(SECOND)))
    answer = imported(app, path)
    assert answer.exit_code == 0
    assert "Áp dụng các lựa chọn" in answer.stderr
    assert details(app, "name", "position", "body", "phone", "phone_2", "email") == before


def test_what_was_taken_once_is_not_written_again_over_a_later_change(app, office, listed):
    choose(office, listed, bulk="phone")
    office.post(f"{listed}/rows")
    with app.app_context():
        db.session.query(Delegate).filter_by(number=1).one().phone = "0999999999"
        db.session.commit()
    address = read(office, workbook(*SECOND))
    assert figures(office.get(address)).get("changes") is None
    office.post(f"{address}/rows")
    assert details(app, "phone")[0] == ("0999999999",)


def test_ticked_rows_carry_their_decisions(app, office, listed):
    choose(office, listed, bulk="phone")
    ticked = re.findall(r'name="row" value="(\d+)"', office.get(f"{listed}?verdict=changes").text)
    assert len(ticked) == 2
    office.post(f"{listed}/rows", data={"only": "ticked", "row": ticked[1]})
    assert [phone for (phone,) in details(app, "phone")] == ["0912345678", "0912345679", "0987000003"]


def test_decisions_stay_with_their_rows_when_the_list_is_read_otherwise(office, listed):
    choose(office, listed, bulk="phone")
    office.post(f"{listed}/reading", data={"capitals": "repair"})
    assert figures(office.get(listed))["changes"] == 2


def test_another_unit_needs_a_place_of_its_own(app, office, plan):
    """T2 takes one of each unit: whoever moves to a unit whose place is taken is wrong, and else moves with the place."""
    one = ["Lê An", "Bí thư", "Thành Đoàn Dĩ An", "0912345678", "", "T2"]
    two = ["Lê Bình", "Bí thư", "Huyện Đoàn Phú Giáo", "0912345679", "", "T2"]
    office.post(f"{read(office, workbook(one, two))}/rows")
    for unit, verdict in (("Huyện Đoàn Phú Giáo", "error"), ("Huyện Đoàn Bàu Bàng", "changes")):
        address = read(office, workbook([*one[:2], unit, *one[3:]]))
        choose(office, address, row=key(2), **{f"body-{key(2)}": "list"})
        assert figures(office.get(address))[verdict] == 1
        office.post(f"{address}/rows")
    with app.app_context():
        delegate = db.session.query(Delegate).filter_by(number=1).one()
        place = db.session.get_one(
            Place, db.session.query(Membership).filter_by(delegate_id=delegate.id).one().place_id
        )
        assert place.unit_id == delegate.unit_id
        assert delegate.unit.name == "Huyện Đoàn Bàu Bàng"


def test_through_htmx_and_with_nonsense(office, listed):
    answer = office.post(f"{listed}/choices", data={"bulk": "phone"}, headers=HTMX)
    assert answer.status_code == 303
    nonsense = {"row": [key(5), "9.9.9", "x"], f"who-{key(5)}": "9" * 40, "bulk": "x", f"phone-{key(2)}": "list"}
    assert office.post(f"{listed}/choices", data=nonsense).status_code == 303
    assert office.get(listed).status_code == 200
    assert office.post(f"{listed}/rows").status_code == 303


@pytest.mark.parametrize("who", ["²", "٣", "9" * 5000, "99999999999", "-1", "1.1", "0.0.0.0"])
def test_what_is_no_number_of_a_delegate_decides_nothing(office, listed, who):
    choose(office, listed, row=key(5), **{f"who-{key(5)}": who})
    assert figures(office.get(listed))["alike"] == 1


def test_a_stored_list_is_decided_no_more(office, listed):
    office.post(f"{listed}/rows")
    assert office.post(f"{listed}/choices", data={"bulk": "phone"}).status_code == 422
    assert office.get(f"{listed}/choices").status_code == 200


def test_a_list_without_such_rows_says_so(office, plan):
    address = read(office, workbook(["Lê An", "", "Ban X", "0912345678"]))
    assert "Không có dòng nào khác" in office.get(f"{address}/choices").text


def test_strangers_wrong_roles_and_other_seminars_see_nothing(app, office, visitor, staff, listed):
    path = f"{listed}/choices"
    assert visitor.get(path).status_code == 302
    for way in ("get", "post"):
        assert getattr(staff("thu"), way)(path).status_code == 403
        assert getattr(office, way)(f"/seminars/{cast.SLUG}/imports/999/choices").status_code == 404
    with app.app_context():
        cast.add_seminar("khac")
        db.session.commit()
    assert office.get(path.replace(cast.SLUG, "khac")).status_code == 404


def test_one_and_three_hundred_cost_the_same_queries(office, plan, query_count):
    rows = [[f"Lê Văn {chr(65 + i // 26)}{chr(65 + i % 26)}", "Bí thư", "Ban X", f"09{i:08d}", f"a{i}@example.vn"] for i in range(300)]  # fmt: skip
    other = [[*row[:3], f"08{i:08d}", row[4]] for i, row in enumerate(rows)]
    office.post(f"{read(office, workbook(*rows))}/rows")
    one, many = read(office, workbook(other[0])), read(office, workbook(*other))
    assert query_count(lambda: office.get(f"{one}/choices")) == query_count(lambda: office.get(f"{many}/choices"))
    assert query_count(lambda: office.get(one)) == query_count(lambda: office.get(many))
    few = query_count(lambda: office.post(f"{one}/choices", data={"bulk": "phone"}))
    assert query_count(lambda: office.post(f"{many}/choices", data={"bulk": "phone"})) == few
    stored = query_count(lambda: office.post(f"{one}/rows"))
    assert query_count(lambda: office.post(f"{many}/rows")) <= stored + 4 + 299  # an entry of the log for each person


def test_the_command_keeps_what_is_stored_and_says_so(app, office, plan, tmp_path):
    office.post(f"{read(office, workbook(*FIRST))}/rows")
    path = tmp_path / "hai.xlsx"
    path.write_bytes(workbook(*SECOND[:3]))
    answer = imported(app, path)
    assert answer.exit_code == 0
    assert "Dòng 2: Khác với thông tin đang lưu (giữ nguyên thông tin đang lưu): điện thoại." in answer.stderr
    assert [phone for (phone,) in details(app, "phone")] == ["0912345678", "0912345679", "0912345670"]
