"""Trích yếu of an official dispatch: the program sets "V/v" and the quotation marks, whatever was typed."""

import pytest

from seminar.documents.rules import dispatch_subject


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("mời viết tham luận", "“V/v mời viết tham luận”"),
        ("V/v mời viết tham luận", "“V/v mời viết tham luận”"),
        ("v/v: mời viết tham luận", "“V/v mời viết tham luận”"),
        ("về việc làm của thanh niên", "“V/v về việc làm của thanh niên”"),
    ],
)
def test_about_stands_once(typed, printed):
    assert dispatch_subject(typed) == printed
