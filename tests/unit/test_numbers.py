"""Whole numbers of addresses and forms."""

import pytest

from seminar.lib.numbers import LARGEST, whole


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("12", 12), ("007", 7), (str(LARGEST), LARGEST)])
def test_ascii_digits_are_a_number(text, number):
    assert whole(text) == number


@pytest.mark.parametrize("text", ["", "-1", "1.0", " 1", "١٢", "²", "1\0", str(LARGEST + 1), "9" * 5000])
def test_anything_else_is_none(text):
    assert whole(text) is None
