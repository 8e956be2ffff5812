"""Numbers that no document bears, in parts with and without a reason."""

import pytest

from seminar.documents.models import DocumentKind
from seminar.documents.rules import Gap, explained

DISPATCH = DocumentKind.DISPATCH


def paper(first: int, last: int, issuer: str = "TĐTN", kind: DocumentKind = DISPATCH) -> Gap:
    return Gap(issuer, kind, first, last, "sổ giấy", "Oanh")


@pytest.mark.parametrize(
    ("given_out", "parts"),
    [
        ([], [(5, 8, "")]),
        ([paper(1, 20)], [(5, 8, "sổ giấy")]),
        ([paper(6, 7)], [(5, 5, ""), (6, 7, "sổ giấy"), (8, 8, "")]),
        ([paper(7, 9), paper(2, 5)], [(5, 5, "sổ giấy"), (6, 6, ""), (7, 8, "sổ giấy")]),
        ([paper(1, 4), paper(9, 12)], [(5, 8, "")]),
        ([paper(1, 20, issuer="BTC"), paper(1, 20, kind=DocumentKind.PLAN)], [(5, 8, "")]),
    ],
)
def test_a_hole_is_told_in_parts(given_out, parts):
    found = explained(Gap("TĐTN", DISPATCH, 5, 8), given_out)
    assert [(one.first, one.last, one.reason) for one in found] == parts


def test_one_number_and_several_are_named():
    assert (paper(5, 5).numbers, paper(5, 12).numbers) == ("Số 05", "Từ số 05 đến số 12")
