"""Telephone numbers as lists write them (domain.md 5.2)."""

import pytest

from seminar.lib import phones


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0375469480", "0375469480"),
        ("375469480", "0375469480"),
        ("0906.724.214", "0906724214"),
        ("0912-345-678", "0912345678"),
        ("+84 725 972 486", "0725972486"),
        ("84725972486", "0725972486"),
        ("0084 725 972 486", "0725972486"),
        ("+84 (0) 725 972 486", "0725972486"),
        ("O912.345.678", "0912345678"),
        ("0912345678 (Zalo)", "0912345678"),
        ("0274 3932967", "02743932967"),
        ("(0274) 3932967", "02743932967"),
        ("@so", None),
        ("", None),
        ("09123456789", None),
        ("1900 1234", None),
        ("٠٩١٢٣٤٥٦٧٨", None),
    ],
)
def test_one_number_has_one_domestic_form(typed, number):
    assert phones.domestic(typed) == number


@pytest.mark.parametrize(
    ("typed", "good", "bad"),
    [
        ("0886579754 / 0274 3932967", ["0886579754", "02743932967"], []),
        ("0912345678 0987654321", ["0912345678", "0987654321"], []),
        ("0912345678; 912345678", ["0912345678"], []),
        ("0912345678\n0987654321", ["0912345678", "0987654321"], []),
        ("0912 345 678 - 0987 654 321", ["0912345678", "0987654321"], []),
        ("0912345678, hỏi sau", ["0912345678"], ["hỏi sau"]),
        ("không có", [], ["không có"]),
        ("", [], []),
    ],
)
def test_a_cell_may_hold_several_numbers(typed, good, bad):
    assert phones.split(typed) == (good, bad)


def test_a_number_is_spaced_for_reading():
    assert phones.spaced("0375469480") == "0375 469 480"
    assert phones.spaced("02743932967") == "0274 3932967"
