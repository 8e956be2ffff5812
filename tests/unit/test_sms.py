"""How long an SMS is (3GPP TS 23.038)."""

import pytest

from seminar.lib.sms import size_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", (0, 0, True)),
        ("a" * 160, (160, 1, True)),
        ("a" * 161, (161, 2, True)),
        ("a" * 306, (306, 2, True)),
        ("a" * 307, (307, 3, True)),
        ("{" * 80, (160, 1, True)),
        ("{" * 81, (162, 2, True)),
        ("ế" * 70, (70, 1, False)),
        ("ế" + "a" * 70, (71, 2, False)),
        ("ế" * 134, (134, 2, False)),
        ("ế" * 135, (135, 3, False)),
        ("🙂" * 35, (70, 1, False)),
        ("Kinh moi d/c du Toa dam", (23, 1, True)),
    ],
)
def test_the_length_is_counted_as_the_network_counts_it(text, expected):
    assert size_of(text) == expected
