"""Who is the same person, and what a row means for the list (design.md "Import rules")."""

from time import process_time

import pytest

from seminar.delegates.rules import (
    DelegateRow,
    GroupFacts,
    ListRow,
    People,
    Person,
    UnitFinder,
    Verdict,
    derived,
    is_unnamed,
    judge,
    place_of,
)
from seminar.lib.text import fold

GROUPS = {
    "KHAC": GroupFacts("KHAC", "Chưa phân nhóm", "open", None, True),
    "CT2": GroupFacts("CT2", "Đồng chủ trì", "open", None),
    "T2": GroupFacts("T2", "Bí thư", "per_unit", 1, free={3: 1, 4: 1}, units={3: "Huyện Đoàn Ba", 5: "Đoàn Năm"}),
    "T5": GroupFacts("T5", "Đảng viên trẻ", "closed", 2, free={None: 1}),
}


def person(name, phone="", email="", body="", **more):
    return Person(
        name_folded=fold(name),
        phones=frozenset(phone.split()),
        email=email,
        place=place_of(more.get("unit_id"), body),
        is_unnamed=is_unnamed(name),
        **more,
    )


def row(name, phone="", email="", body="", group="", further=(), **more):
    given = DelegateRow(name, phone=phone, email=email, body=body, **more)
    return ListRow(0, 1, delegate=given, group=group, further=list(further), derived=derived(given))


def verdicts(rows, people=(), default=""):
    return [one.verdict for one in judge(rows, people, GROUPS, default)]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (person("Lê Anh", "0912345678"), person("LÊ ÁNH", "0912345678"), True),
        (person("Lê Anh", "0912345678 0274"), person("Lê Anh", "0274"), True),
        (person("Lê Anh", "0912345678", "a@x.vn"), person("Lê Anh", "0987654321", "a@x.vn"), True),
        (person("Lê Anh", "0912345678"), person("Lê Anh", "0987654321"), False),
        (person("Lê Anh", "0912345678"), person("Trần Anh", "0912345678"), False),
        (person("Lê Anh", body="Ban X"), person("Lê Anh", body="BAN X"), True),
        (person("Lê Anh", body="Ban X"), person("Lê Anh", body="Ban Y"), False),
        (person("Lê Anh", body="Ban X"), person("Lê Anh", "0912345678", body="Ban X"), False),
        (person("Lê Anh"), person("Lê Anh"), True),
        (person("Đại diện lãnh đạo", "0912", body="Ban X"), person("Đại diện lãnh đạo", "0912", body="Ban Y"), False),
        (person("Đại diện lãnh đạo", "0912", body="Ban X"), person("Đại diện lãnh đạo", "0912", body="Ban X"), True),
        (person("Đại diện lãnh đạo", "0912", body="Ban X"), person("Đại diện lãnh đạo", body="Ban X"), False),
    ],
)
def test_the_same_person(one, other, same):
    assert (People([one]).same_as(other) is one) is same
    assert (People([other]).same_as(one) is other) is same


@pytest.mark.parametrize(
    "rows",
    [
        [row("Nguyễn Văn An", phone=f"09{number:08}") for number in range(20_000)],
        [row("Nguyễn Văn An", body=f"Cơ quan {number}") for number in range(20_000)],
        [row("Đồng chí đại diện lãnh đạo", body="Sở X") for number in range(20_000)],
    ],
    ids=["telephones", "bodies", "unnamed"],
)
def test_a_list_of_one_name_costs_no_more_than_one_of_many(rows):
    began = process_time()
    assert len(judge(rows, (), GROUPS)) == len(rows)
    assert process_time() - began < 15  # minutes, where each is compared with each


@pytest.mark.parametrize(
    ("name", "unnamed"),
    [
        ("Đồng chí đại diện lãnh đạo", True),
        ("Đ/c đại diện lãnh đạo Ban Tổ chức", True),
        ("Các đồng chí lãnh đạo", True),
        ("Đại diện Ban Giám hiệu", True),
        ("Đồng chí Nguyễn Đại Diện", False),
        ("Nguyễn Đại Diện", False),
    ],
)
def test_an_unnamed_delegate_is_known_by_the_words(name, unnamed):
    assert is_unnamed(name) is unnamed


def test_a_new_row_goes_where_it_says_else_to_the_default_else_to_the_unassigned():
    judged = judge([row("A B", group="T2", unit_id=3), row("C D"), row("E F", further=["CT2"])], [], GROUPS, "")
    assert [one.groups for one in judged] == [("T2",), ("KHAC",), ("KHAC", "CT2")]
    assert judge([row("C D", unit_id=4)], [], GROUPS, "T2")[0].groups == ("T2",)


def test_the_position_never_decides_the_group():
    assert judge([row("A B", position="Bí thư Đoàn trường THPT")], [], GROUPS)[0].groups == ("KHAC",)


def test_reading_the_same_list_again_finds_everybody():
    rows = [row("A B", "0912345678"), row("Đồng chí đại diện lãnh đạo", body="X"), row("C D", body="Y")]
    there = [
        person(
            one.delegate.name,
            one.delegate.phone,
            body=one.delegate.body,
            id=1,
            groups=frozenset({"KHAC"}),
            primary="KHAC",
        )
        for one in rows
    ]
    assert verdicts(rows) == [Verdict.NEW] * 3
    assert verdicts(rows, there) == [Verdict.KNOWN] * 3


def test_two_unnamed_delegates_of_one_body_are_two_people_the_first_and_the_second_time():
    rows = [row("Đồng chí đại diện lãnh đạo", body="X")] * 2
    assert verdicts(rows) == [Verdict.NEW, Verdict.NEW]
    there = person("Đồng chí đại diện lãnh đạo", body="X", id=1)
    assert verdicts(rows, [there]) == [Verdict.KNOWN, Verdict.NEW]


def test_a_likeness_is_stored_and_told():
    first, second = judge([row("A B", "0912345678"), row("A B", "0987654321")], [], GROUPS)
    assert (first.verdict, second.verdict) == (Verdict.NEW, Verdict.ALIKE)
    assert second.messages[0].values["where"].values == {"row": 1}
    (third,) = judge([row("C D", "0912345678")], [person("A B", "0912345678", id=1, number=7)], GROUPS)
    assert third.verdict == Verdict.ALIKE
    assert third.messages[0].values["where"].values == {"number": 7}


def test_the_one_more_of_a_closed_list_is_refused_and_the_others_are_not():
    there = person("X Y", "0900000001", id=1, groups=frozenset({"T5"}), primary="T5")
    judged = judge([row("A B", "0912345678", group="T5"), row("C D", "0987654321", group="T5")], [there], GROUPS)
    assert [one.verdict for one in judged] == [Verdict.NEW, Verdict.ERROR]
    assert judged[1].messages[0].values == {"group": "Đảng viên trẻ", "count": 2, "number": 3}


def test_a_second_of_a_unit_is_refused_and_that_of_another_is_not():
    """domain.md section 7, check 4."""
    rows = [
        row("A B", "0912345678", group="T2", unit_id=3),
        row("C D", "0987654321", group="T2", unit_id=3),
        row("E F", "0912345679", group="T2", unit_id=4),
        row("G H", "0912345670", group="T2", unit_id=5),
    ]
    judged = judge(rows, [], GROUPS)
    assert [one.verdict for one in judged] == [Verdict.NEW, Verdict.ERROR, Verdict.NEW, Verdict.ERROR]
    assert judged[1].messages[0].values == {"unit": "Huyện Đoàn Ba", "group": "Bí thư"}
    assert judged[3].messages[0].values == {"unit": "Đoàn Năm", "group": "Bí thư"}


def test_a_quota_per_unit_needs_the_unit():
    (one,) = judge([row("A B", "0912345678", group="T2")], [], GROUPS)
    assert one.verdict == Verdict.ERROR
    assert one.messages[0].values == {"group": "Bí thư"}


def test_somebody_there_already_joins_the_group_that_is_named():
    there = person("A B", "0912345678", id=1, groups=frozenset({"CT2"}), primary="CT2")
    (one,) = judge([row("A B", "0912345678", group="T5")], [there], GROUPS)
    assert (one.verdict, one.groups, one.becomes_primary) == (Verdict.JOINS, ("T5",), False)


def test_a_named_group_replaces_the_unassigned_one():
    there = person("A B", "0912345678", id=1, groups=frozenset({"KHAC"}), primary="KHAC")
    (one,) = judge([row("A B", "0912345678", group="T5")], [there], GROUPS)
    assert (one.verdict, one.groups, one.becomes_primary) == (Verdict.JOINS, ("T5",), True)


def test_whoever_stands_twice_in_a_list_is_one_person_in_both_groups():
    rows = [
        row("A B", "0912345678", group="T2", unit_id=3),
        row("A B", "0912345678", group="T5"),
        row("A B", "0912345678"),
    ]
    judged = judge(rows, [], GROUPS)
    assert [one.verdict for one in judged] == [Verdict.NEW, Verdict.JOINS, Verdict.KNOWN]
    assert judged[1].same.row == 0


def test_what_differs_is_told_and_kept():
    there = person("A B", "0912345678", body="X", position="Bí thư", id=1)
    (one,) = judge([row("A B", "0912345678", body="Y", position="Phó Bí thư")], [there], GROUPS)
    assert one.verdict == Verdict.DIFFERS
    assert one.differs == ("position", "body")


def test_an_error_and_a_skipped_row_stay_what_they_are():
    from seminar.lib.errors import Message

    rows = [ListRow(0, 1, error=Message("no")), ListRow(0, 2, skipped=Message("title"))]
    assert verdicts(rows) == [Verdict.ERROR, Verdict.SKIPPED]


DISTRICTS = UnitFinder(
    {
        "huyen doan dau tieng": (1, "Huyện Đoàn Dầu Tiếng"),
        "thanh doan di an": (2, "Thành Đoàn Dĩ An"),
        "doan truong dai hoc thu dau mot": (3, "Đoàn trường Đại học Thủ Dầu Một"),
    }
)


@pytest.mark.parametrize(
    ("text", "unit_id"),
    [
        ("h.đ Dầu Tiếng", 1),
        ("Đoàn TN huyện Dầu Tiếng", 1),
        ("Huyện Đoàn Dầu Tiếng, tỉnh Bình Dương", 1),
        ("Dầu Tiếng", 1),
        ("TP Dĩ An", 2),
        ("Đoàn trường ĐH Thủ Dầu Một", 3),
        ("Đoàn xã Dầu Tiếng", None),
        ("Đoàn phường Dĩ An", None),
        ("Trường THPT Dầu Tiếng", None),
    ],
)
def test_a_unit_is_proposed_for_a_name_near_its_own_but_not_a_district_for_a_commune(text, unit_id):
    assert DISTRICTS.like(text) == unit_id
