"""Authors as a clerk types them, and how they print."""

import pytest

from seminar.lib.errors import Refused
from seminar.papers.rules import line_of, printed, read_authors
from seminar.papers.rules.authors import MOST


@pytest.mark.parametrize(
    ("line", "understood"),
    [
        (
            "ThS. Nguyễn Văn Thử – Phó Bí thư – Thành Đoàn Thử",
            ("ThS.", "Nguyễn Văn Thử", "Phó Bí thư", "Thành Đoàn Thử", False),
        ),
        (
            "PGS, TS. Trần Thị Mẫu - Trưởng khoa - Trường Đại học Mẫu",
            ("PGS, TS.", "Trần Thị Mẫu", "Trưởng khoa", "Trường Đại học Mẫu", False),
        ),
        ("Tiến sĩ Ngô Thị Bà", ("Tiến sĩ", "Ngô Thị Bà", "", "", False)),
        ("Ban Thường vụ Thành Đoàn Thử", ("", "Ban Thường vụ Thành Đoàn Thử", "", "", True)),
        ("Ban Thường vụ – Thành Đoàn Thử", ("", "Ban Thường vụ", "", "Thành Đoàn Thử", True)),
        ("Đoàn Khối các cơ quan", ("", "Đoàn Khối các cơ quan", "", "", True)),
        ("Đoàn Thị Mai", ("", "Đoàn Thị Mai", "", "", False)),
        ("Trương Văn Sở – Hội Sinh viên", ("", "Trương Văn Sở", "", "Hội Sinh viên", False)),
        ("Đồng chí Lê Văn Một – Bí thư", ("", "Lê Văn Một", "Bí thư", "", False)),
        ("Nguyễn Văn Thử, Phó Bí thư Thành Đoàn", ("", "Nguyễn Văn Thử", "Phó Bí thư Thành Đoàn", "", False)),
        ("Y Moan Êban", ("", "Y Moan Êban", "", "", False)),
        (
            "Lê Văn Một – Ủy viên Ban Chấp hành – Phó Bí thư – Huyện Đoàn Thử",
            ("", "Lê Văn Một", "Ủy viên Ban Chấp hành, Phó Bí thư", "Huyện Đoàn Thử", False),
        ),
        ("Lê Văn Một\tBí thư\tHuyện Đoàn Thử", ("", "Lê Văn Một", "Bí thư", "Huyện Đoàn Thử", False)),
    ],
)
def test_a_line_is_one_author(line, understood):
    (one,) = read_authors(line)
    assert (one.academic_title, one.name, one.duty, one.body, one.is_collective) == understood


def test_lines_semicolons_and_names_with_commas_are_several_authors_in_their_order():
    text = "1. Lê Văn Một\r\n- Bà Trần Thị Hai – Hội Phụ nữ\n\nNguyễn Văn Ba, Phạm Thị Bốn; Tập thể Chi đoàn Năm"
    found = read_authors(text)
    assert [one.name for one in found] == [
        "Lê Văn Một",
        "Trần Thị Hai",
        "Nguyễn Văn Ba",
        "Phạm Thị Bốn",
        "Tập thể Chi đoàn Năm",
    ]
    assert [one.position for one in found] == [1, 2, 3, 4, 5]


def test_what_is_shown_back_is_understood_the_same_again():
    text = "ThS. Nguyễn Văn Thử – Phó Bí thư – Thành Đoàn Thử\nBan Thường vụ Thành Đoàn Thử\nLê Văn Một – Hội Sinh viên"
    first = read_authors(text)
    again = read_authors("\n".join(map(line_of, first)))
    fields = ("academic_title", "name", "duty", "body", "is_collective", "position")
    assert [[getattr(one, name) for name in fields] for one in again] == [
        [getattr(one, name) for name in fields] for one in first
    ]


def test_the_printed_line_names_all_and_drops_duties_where_it_would_be_too_long():
    people = read_authors("ThS. Nguyễn Văn Thử – Phó Bí thư – Thành Đoàn Thử\nTập thể Chi đoàn Năm")
    assert printed(people, 500) == "ThS. Nguyễn Văn Thử, Phó Bí thư, Thành Đoàn Thử; Tập thể Chi đoàn Năm"
    assert printed(people, 50) == "ThS. Nguyễn Văn Thử; Tập thể Chi đoàn Năm"


def test_too_many_and_too_long_are_refused():
    with pytest.raises(Refused, match="at most"):
        read_authors("\n".join(f"Lê Văn Một{'a' * number}" for number in range(MOST + 1)))
    with pytest.raises(Refused, match="characters"):
        read_authors("a" * 501)


@pytest.mark.parametrize("text", ["", " \n \n", "-", "–", "ThS.", "; ; ;", "\t\t", "1.", "Ông"])
def test_odd_input_is_no_error(text):
    read_authors(text)
