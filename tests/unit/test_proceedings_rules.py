"""In which part a paper stands by itself (domain.md 2.6, groups of 4.2), and what typed numbers mean."""

import pytest

from seminar.papers.models import PaperKind
from seminar.planning.models import Audience
from seminar.reports.rules.proceedings import PartRole, Sender, Wish, ordered, part_of

GUEST, SUMMONED = Audience.GUEST, Audience.SUMMONED


@pytest.mark.parametrize(
    ("kind", "sender", "role"),
    [
        (PaperKind.KEYNOTE, Sender(has_unit=True), PartRole.REPORTS),
        (PaperKind.SITUATION, Sender(), PartRole.REPORTS),
        (PaperKind.PAPER, Sender(has_unit=True), PartRole.UNITS),
        (PaperKind.PAPER, Sender(group="Thường trực Tỉnh ủy", audience=GUEST), PartRole.EXPERTS),
        (
            PaperKind.PAPER,
            Sender(group="Lãnh đạo các Ban xây dựng Đảng và Văn phòng Tỉnh ủy", audience=GUEST),
            PartRole.EXPERTS,
        ),
        (
            PaperKind.PAPER,
            Sender(group="Chuyên gia, nhà khoa học, giảng viên, tác giả tham luận", audience=GUEST),
            PartRole.EXPERTS,
        ),
        (PaperKind.PAPER, Sender(group="Ban Giám hiệu Trường Chính trị tỉnh", audience=GUEST), PartRole.AUTHORITIES),
        (
            PaperKind.PAPER,
            Sender(group="Sở GD&ĐT, Sở LĐ-TB&XH; Ban Giám hiệu các trường đại học, cao đẳng", audience=GUEST),
            PartRole.AUTHORITIES,
        ),
        (
            PaperKind.PAPER,
            Sender(group="Thường trực, Ban Tổ chức các Huyện, Thị, Thành ủy, Đảng ủy trực thuộc", audience=GUEST),
            PartRole.AUTHORITIES,
        ),
        (PaperKind.PAPER, Sender(group="Bí thư Đoàn trường THPT", audience=SUMMONED), PartRole.UNITS),
        (PaperKind.PAPER, Sender(group="Ủy viên Ban Chấp hành Tỉnh Đoàn", audience=SUMMONED), PartRole.UNITS),
        (
            PaperKind.PAPER,
            Sender(group="Đảng viên trẻ tiêu biểu được tuyên dương năm 2024", audience=SUMMONED),
            PartRole.STORIES,
        ),
        (PaperKind.PAPER, Sender(), PartRole.EXPERTS),
    ],
)
def test_the_usual_part_of_a_paper(kind, sender, role):
    assert part_of(kind, sender) == role


def wishes(**numbers: int) -> list[Wish]:
    """Papers 1 to 5 stand in part 1; `p3=1` wants paper 3 at place 1."""
    return [Wish(n, 1, numbers.get(f"p{n}", n), 1, n) for n in range(1, 6)]


@pytest.mark.parametrize(
    ("said", "order"),
    [
        ({}, [1, 2, 3, 4, 5]),
        ({"p4": 2}, [1, 4, 2, 3, 5]),
        ({"p2": 5}, [1, 3, 4, 5, 2]),
        ({"p1": 3}, [2, 3, 1, 4, 5]),
        ({"p1": 2, "p2": 1}, [2, 1, 3, 4, 5]),
        ({"p5": 0}, [5, 1, 2, 3, 4]),
        ({"p1": 9999}, [2, 3, 4, 5, 1]),
    ],
)
def test_who_is_given_a_number_stands_there(said, order):
    assert ordered(wishes(**said)) == {1: order}


def test_from_another_part_it_comes_before_the_one_that_has_the_number():
    those = [Wish(1, 1, 1, 1, 1), Wish(2, 1, 2, 1, 2), Wish(3, 1, 2, 2, 1)]
    assert ordered(those) == {1: [1, 3, 2]}
