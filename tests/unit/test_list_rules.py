"""How a list is arranged: sections, numbers, sums, columns; plain tables."""

import pytest

from seminar.lib.text import sort_key
from seminar.reports.rules import lists
from seminar.reports.rules.lists import Entry, Grouping, LineKind, Numbering, Order, Shape, arranged

GUESTS, SECRETARIES, EXEMPLARY = (10, "Khách mời"), (40, "Bí thư các đơn vị"), (50, "Đảng viên trẻ")
CITY, DISTRICT = (1, "Thành Đoàn Thử Một"), (2, "Huyện Đoàn Thử Hai")


def entry(number, name, *groups, **values):
    return Entry(number=number, name=name, sort_key=sort_key(name), groups=groups or (GUESTS,), **values)


PEOPLE = [
    entry(1, "Nguyễn Văn Dung", SECRETARIES, EXEMPLARY, unit=DISTRICT, gender="Nam", birth_year=1990),
    entry(2, "Lê Thị Ánh", SECRETARIES, unit=CITY, gender="Nữ", birth_year=1995),
    entry(3, "Trần Đạt", GUESTS, birth_year=1970),
    entry(4, "Hoàng Ân", EXEMPLARY, unit=CITY),
]


def shown(shape, people=PEOPLE):
    return [line.text or line.cells for line in arranged(people, shape).lines]


def of(**values):
    return Shape(**{"columns": ("ordinal", "name"), "has_total": False} | values)


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        (
            of(grouping=Grouping.NONE, order=Order.NAME),
            [(1, "Lê Thị Ánh"), (2, "Hoàng Ân"), (3, "Nguyễn Văn Dung"), (4, "Trần Đạt")],
        ),
        (
            of(grouping=Grouping.NONE, order=Order.PROTOCOL, has_total=True),
            [(1, "Trần Đạt"), (2, "Nguyễn Văn Dung"), (3, "Lê Thị Ánh"), (4, "Hoàng Ân"), "Tổng cộng: 4 đồng chí"],
        ),
        (
            of(grouping=Grouping.GROUP, numbering=Numbering.SECTION, has_subtotals=True, counted_as="đại biểu"),
            [
                "I. Khách mời",
                (1, "Trần Đạt"),
                "Cộng: 1 đại biểu",
                "II. Bí thư các đơn vị",
                (1, "Nguyễn Văn Dung"),
                (2, "Lê Thị Ánh"),
                "Cộng: 2 đại biểu",
                "III. Đảng viên trẻ",
                (1, "Hoàng Ân"),
                "Cộng: 1 đại biểu",
            ],
        ),
        (
            of(grouping=Grouping.GROUP, in_every_group=True, has_total=True),
            [
                "I. Khách mời",
                (1, "Trần Đạt"),
                "II. Bí thư các đơn vị",
                (2, "Nguyễn Văn Dung"),
                (3, "Lê Thị Ánh"),
                "III. Đảng viên trẻ",
                (4, "Nguyễn Văn Dung"),
                (5, "Hoàng Ân"),
                "Tổng cộng: 5 lượt (4 người)",
            ],
        ),
        (
            of(grouping=Grouping.UNIT, order=Order.NAME),
            [
                "I. Thành Đoàn Thử Một",
                (1, "Lê Thị Ánh"),
                (2, "Hoàng Ân"),
                "II. Huyện Đoàn Thử Hai",
                (3, "Nguyễn Văn Dung"),
                "III. Cơ quan, đơn vị khác",
                (4, "Trần Đạt"),
            ],
        ),
        (
            of(grouping=Grouping.GROUP_UNIT),
            [
                "I. Khách mời",
                "1. Cơ quan, đơn vị khác",
                (1, "Trần Đạt"),
                "II. Bí thư các đơn vị",
                "1. Thành Đoàn Thử Một",
                (2, "Lê Thị Ánh"),
                "2. Huyện Đoàn Thử Hai",
                (3, "Nguyễn Văn Dung"),
                "III. Đảng viên trẻ",
                "1. Thành Đoàn Thử Một",
                (4, "Hoàng Ân"),
            ],
        ),
        (
            of(grouping=Grouping.TABLE, tables=2, order=Order.PROTOCOL),
            [
                "Bàn 1: tên vần A – Â",
                (1, "Lê Thị Ánh"),
                (2, "Hoàng Ân"),
                "Bàn 2: tên vần D – Đ",
                (3, "Nguyễn Văn Dung"),
                (4, "Trần Đạt"),
            ],
        ),
    ],
)
def test_rows_stand_in_their_sections(shape, expected):
    assert shown(shape) == expected


def test_people_and_memberships_are_told_apart():
    both = arranged(PEOPLE, of(grouping=Grouping.GROUP, in_every_group=True))
    assert (both.people_count, both.row_count) == (4, 5)
    people = arranged(PEOPLE, of(grouping=Grouping.UNIT, in_every_group=True, has_total=True))
    assert (people.people_count, people.row_count, people.lines[-1].text) == (4, 4, "Tổng cộng: 4 đồng chí")


def test_of_nobody_the_total_is_nought():
    for grouping in Grouping:
        made = arranged([], of(grouping=grouping, has_total=True))
        assert [line.text for line in made.lines if line.kind == LineKind.TOTAL] == ["Tổng cộng: 0 đồng chí"]


def test_no_letter_stands_at_two_tables_and_nobody_is_left_out():
    people = [entry(n, f"Nguyễn {'ABCDĐEGHKLMNPQSTUVXY'[n % 20]}n") for n in range(1, 301)]
    for tables in (1, 2, 3, 7, 20):
        made = lists._sections(people, of(grouping=Grouping.TABLE, tables=tables))
        letters = [{lists.initial(one.name) for one in section.entries} for section in made]
        assert len(made) == tables
        assert sum(len(section.entries) for section in made) == 300
        assert sum(map(len, letters)) == 20
    assert max(len(section.entries) for section in lists._sections(people, of(grouping=Grouping.TABLE, tables=3))) < 120


@pytest.mark.parametrize(
    ("name", "letter"),
    [("Lê Ánh", "A"), ("Hồ Ẩn", "Â"), ("Lý Đạt", "Đ"), ("Vũ Ước", "Ư"), ("Mai Ỷ", "Y"), ("Y", "Y"), ("", "")],
)
def test_a_tone_makes_no_other_letter(name, letter):
    assert lists.initial(name) == letter


@pytest.mark.parametrize(("number", "said"), [(1, "I"), (4, "IV"), (9, "IX"), (14, "XIV"), (40, "XL"), (99, "XCIX")])
def test_sections_have_roman_numbers(number, said):
    assert lists.roman(number) == said


def test_the_year_stands_under_man_or_woman_and_is_guessed_for_nobody():
    columns = ("split_name", "split_birth_year")
    assert [lists.cells_of(one, columns, 1) for one in PEOPLE] == [
        ("Nguyễn Văn", "Dung", 1990, None),
        ("Lê Thị", "Ánh", None, 1995),
        ("Trần", "Đạt", None, None),
        ("Hoàng", "Ân", None, None),
    ]
    assert lists.years_left_out(PEOPLE, Shape(columns=columns)) == 1
    assert lists.years_left_out(PEOPLE, Shape(columns=("birth_year",))) == 0


def test_headings_take_two_rows_only_where_a_column_has_parts():
    plain = Shape(columns=("ordinal", "name")).printed
    assert lists.heading_rows(plain) == [[("STT", 1, 1), ("Họ và tên", 1, 1)]]
    two = Shape(columns=("ordinal", "split_name", "split_birth_year")).printed
    assert lists.heading_rows(two) == [
        [("STT", 1, 2), ("Họ và tên", 2, 2), ("Năm sinh", 2, 1)],
        [("Nam", 1, 1), ("Nữ", 1, 1)],
    ]
    assert lists.heading_rows(Shape(columns=("ordinal", "split_name")).printed) == [
        [("STT", 1, 1), ("Họ và tên", 2, 1)]
    ]


def test_a_column_moves_and_stays_at_the_ends():
    shape = Shape(columns=("ordinal", "name", "note"))
    assert shape.moved("note", -1).columns == ("ordinal", "note", "name")
    assert shape.moved("ordinal", -1).columns == ("ordinal", "name", "note")
    assert shape.moved("note", 1).columns == ("ordinal", "name", "note")
    assert shape.moved("email", 1) == shape


def test_what_is_unknown_of_a_shape_is_as_if_not_said():
    shape = Shape.of({"columns": ["name", "x", "name"], "grouping": "y", "tables": "900", "counted_as": "z"})
    assert (shape.columns, shape.grouping, shape.tables, shape.counted_as) == (
        ("name",),
        Grouping.GROUP,
        20,
        "đồng chí",
    )
    assert Shape.of({}).columns == Shape().columns


def test_telephone_and_e_mail_can_be_left_out():
    assert Shape(columns=("name", "phone", "email")).without_private().columns == ("name",)
    assert Shape(columns=("phone",)).without_private().columns == ("ordinal", "name")


def test_ready_made_shapes_name_only_columns_that_exist():
    for one in lists.READY_MADE.values():
        assert set(one.shape.columns) <= set(lists.COLUMNS), one.key
