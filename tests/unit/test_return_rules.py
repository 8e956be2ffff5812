"""What is typed into a return: merged where two type, read, marked, compared; sums and shares as shown."""

import tomllib
from fractions import Fraction
from pathlib import Path

import pytest

import seminar.statistics
from seminar.statistics.rules import Level, is_optional, read_definition
from seminar.statistics.rules.returns import (
    Difference,
    cells_of,
    differences,
    figures,
    marks,
    merged,
    merged_remarks,
    overlaid,
    place_label,
    read_cells,
    shown_percent,
    typed_cells,
)

FORM = read_definition(
    tomllib.loads((Path(seminar.statistics.__file__).parent / "sheets" / "binh_duong_2024.toml").read_text("utf-8"))
)


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "cells", "conflicts"),
    [
        ({}, {"a": "1"}, {}, {"a": "1"}, []),
        ({}, {}, {"a": "1"}, {"a": "1"}, []),
        ({}, {"a": "1"}, {"b": "2"}, {"a": "1", "b": "2"}, []),
        ({"a": "1"}, {}, {"a": "1"}, {}, []),  # I emptied it
        ({"a": "1"}, {"a": "1"}, {}, {}, []),  # they emptied it
        ({"a": "1"}, {}, {"a": "2"}, {}, ["a"]),
        ({"a": "1"}, {"a": "3"}, {"a": "2"}, {"a": "3"}, ["a"]),
        ({"a": "1"}, {"a": "2"}, {"a": "2"}, {"a": "2"}, []),  # both typed the same
        ({"a": "1", "b": "1"}, {"a": "2", "b": "1"}, {"a": "1", "b": "3"}, {"a": "2", "b": "3"}, []),
    ],
)
def test_two_who_type_are_merged_cell_by_cell(base, mine, theirs, cells, conflicts):
    assert merged(base, mine, theirs) == (cells, conflicts)


def test_only_cells_of_the_sheet_are_taken_and_none_is_endless():
    said = {
        "2021.members": " 12 ",
        "2021.quota": "  ",
        "2021.else": "1",
        "1999.members": "1",
        "2022.members": "9" * 500,
        "2022.quota": 0,
    }
    assert typed_cells(FORM, said) == {"2021.members": "12", "2022.members": "9" * 100, "2022.quota": "0"}


def test_blank_is_not_zero_and_what_is_no_count_is_said():
    reading = read_cells(FORM, {"2021.members": "9.000", "2021.quota": "0", "2021.pupils": "vài"})
    assert reading.values == {("2021", "members"): 9000, ("2021", "quota"): 0}
    assert list(reading.wrong) == ["2021.pupils"]
    assert len(reading.blank) == 18
    assert not reading.is_right


def test_a_problem_marks_its_cells_the_parts_of_a_sum_each_and_an_error_outweighs():
    typed = {"2021.members": "10", "2021.outstanding": "11", "2021.quota": "x"}
    typed |= {f"2021.{key}": "5" for key in ("pupils", "students", "workers_state", "workers_private")}
    found = marks(FORM, read_cells(FORM, typed))
    assert found == {
        "2021.quota": Level.ERROR,
        "2021.outstanding": Level.ERROR,
        "2021.members": Level.ERROR,
        "2021.pupils": Level.WARNING,
        "2021.students": Level.WARNING,
        "2021.workers_state": Level.WARNING,
        "2021.workers_private": Level.WARNING,
    }


@pytest.mark.parametrize(
    ("ratio", "text"),
    [
        (None, ""),
        (Fraction(0), "0 %"),
        (Fraction(5, 9), "55,56 %"),
        (Fraction(1, 2), "50 %"),
        (Fraction(7, 1000), "0,7 %"),
        (Fraction(12, 1), "1.200 %"),
        (Fraction(12345, 100_000), "12,35 %"),
        (Fraction(1, 80_000), "0 %"),
    ],
)
def test_shares_are_written_as_vietnamese_does(ratio, text):
    assert shown_percent(ratio) == text


def test_sums_and_shares_of_a_row_with_a_blank_are_not_shown():
    typed = {f"2021.{key}": "10" for key in ("pupils", "students", "workers_state", "workers_private", "quota")}
    typed |= {"2022.pupils": "10", "2022.quota": "0"}
    shown = {formula.key: texts for formula, texts in figures(FORM, read_cells(FORM, typed).values)}
    assert shown["admitted"] == ["40", "", ""]
    assert shown["completion"] == ["400 %", "", ""]


def test_a_file_changes_only_what_it_says_otherwise():
    before = {"2021.members": "9.000", "2021.quota": "5", "2021.pupils": "7", "2021.students": "vài"}
    found = {"2021.members": "9000", "2021.quota": "6", "2021.students": "vài", "2021.outstanding": "1,5", "x.y": "1"}
    assert overlaid(FORM, before, found) == before | {"2021.quota": "6", "2021.outstanding": "1,5"}


def test_differences_name_what_was_blank_and_what_became_so():
    before, after = {("2021", "members"): 1, ("2021", "quota"): 2}, {("2021", "members"): 1, ("2021", "pupils"): 3}
    assert differences(FORM, before, after) == [
        Difference("2021", "quota", 2, None),
        Difference("2021", "pupils", None, 3),
    ]


def test_figures_come_back_as_typed_and_places_have_names():
    assert cells_of(FORM, {("2021", "members"): 9000}) == {"2021.members": "9.000"}
    assert place_label(FORM, "2021.workers_state") == "Năm 2021, Số TNCCN được kết nạp Đảng: Khu vực nhà nước"


def test_a_sheet_is_optional_by_its_title():
    assert is_optional("Phụ lục bổ sung (không bắt buộc)")
    assert not is_optional(FORM.title)


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "kept"),
    [
        ("a", "a", "b", "b"),
        ("a", "b", "a", "b"),
        ("a\nb", "a", "a\nb", "a"),
        ("a\r\nb", "a\nb", "c", "c"),
        ("a", "", "a", ""),
        ("a", "", "ab", "ab"),
        ("", "b", "a", "a\nb"),
        (None, "", "a", "a"),
        (None, "b", "a", "a\nb"),
        (None, "ab", "a", "ab"),
    ],
)
def test_remarks_of_two_are_merged_and_what_one_deleted_is_gone(base, mine, theirs, kept):
    assert merged_remarks(base, mine, theirs) == kept
