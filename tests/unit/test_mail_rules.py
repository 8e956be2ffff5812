"""Rules of outgoing mail, as tables."""

from datetime import timedelta

import pytest

from seminar.mail import rules


@pytest.mark.parametrize(
    ("typed", "sent_to"),
    [
        ("a@example.vn", "a@example.vn"),
        (" Anh.B@Example.VN ", "Anh.B@example.vn"),
        ("a@đoàn.vn", "a@xn--on-jia8q.vn"),
        ("ánh@example.vn", None),
        ("a@b", None),
        ("a b@example.vn", None),
        ("a@example..vn", None),
        ("a@example.vn, b@example.vn", None),
        ("a@example.vn\r\nBcc: x@example.vn", None),
        ("", None),
    ],
)
def test_what_is_an_address(typed, sent_to):
    assert rules.sendable(typed) == sent_to


@pytest.mark.parametrize("value", ["a\nb", "a\rb", "a\r\nb", "a\0b", "a\u2028b", "a\x85b"])
def test_a_line_break_in_a_header_is_seen(value):
    assert rules.has_line_break("fine", value)


def test_the_waits_double_and_end_at_a_longest():
    minutes = [rules.wait_after(tries, server_away=False) / timedelta(minutes=1) for tries in (1, 2, 3, 7, 8, 99)]
    assert minutes == [2, 4, 8, 128, 240, 240]
    assert rules.wait_after(99, server_away=True) == timedelta(minutes=8)


@pytest.mark.parametrize(
    ("code", "tries", "final"),
    [(550, 1, True), (554, 1, True), (450, 1, False), (451, 13, False), (452, 14, True), (421, 2, False)],
)
def test_which_answer_is_final(code, tries, final):
    assert rules.is_final(code, tries) == final
