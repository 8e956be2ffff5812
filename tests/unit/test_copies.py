"""How many copies a dispatch needs: a group of units is as many as the directory has (domain.md 2.2)."""

import pytest

from seminar.documents.rules import Recipient
from seminar.planning.models import UnitKind
from seminar.reports.rules.copies import Counted, counted_copies, kinds_named

OLD = {UnitKind.CITY: 4, UnitKind.TOWN: 1, UnitKind.DISTRICT: 4, UnitKind.AFFILIATED: 11}


@pytest.mark.parametrize(
    ("name", "copies"),
    [
        ("Ban Thường vụ các huyện, thị, thành Đoàn", 9),
        ("Ban Thường vụ các Huyện, Thị, Thành Đoàn và Đoàn trực thuộc", 20),
        ("Các Huyện ủy, Thị ủy, Thành ủy", 9),
        ("Ủy ban nhân dân các huyện, thị xã, thành phố", 9),
        ("Các cơ sở Đoàn trực thuộc Tỉnh Đoàn", 11),
        ("Đoàn các xã, phường, đặc khu", 1),
        ("Ban Thường vụ Huyện Đoàn Dầu Tiếng", 1),
        ("Các sở, ban, ngành tỉnh", 1),
        ("Các trường THPT trên địa bàn thành phố Thuận An", 1),
        ("Các đoàn thể và tổ chức chính trị - xã hội", 1),
        ("Các địa phương", 1),
        ("Sở Nội vụ", 1),
        ("", 1),
    ],
)
def test_a_group_counts_its_units_and_anybody_else_one(name, copies):
    [found] = counted_copies([name], [], OLD)
    assert found == Counted(name, copies, copies if copies > 1 else 0)


def test_communes_and_wards_are_groups_too():
    named = kinds_named("Đoàn các xã, phường, đặc khu và Đoàn trực thuộc")
    assert named == {UnitKind.COMMUNE, UnitKind.WARD, UnitKind.SPECIAL_ZONE, UnitKind.AFFILIATED}
    assert kinds_named("các thị xã") == {UnitKind.TOWN}


def test_the_lines_of_noi_nhan_count_what_they_say_and_like_above_nothing_more():
    rows = [Recipient("Như trên"), Recipient("Thường trực Tỉnh Đoàn", "để báo cáo", 3), Recipient("Lưu VP")]
    found = counted_copies(["Sở Nội vụ", "các Huyện Đoàn"], rows, OLD)
    assert [(one.to, one.copies) for one in found] == [
        ("Sở Nội vụ", 1),
        ("các Huyện Đoàn", 4),
        ("Thường trực Tỉnh Đoàn", 3),
        ("Lưu VP", 1),
    ]
