"""Conflicts of interest, sharing out, how a conclusion is said, and how late a paper is."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from seminar.papers.reading import changes
from seminar.papers.rules.results import conclusion_words
from seminar.papers.rules.senders import days_late
from seminar.papers.rules.vetting import Side, conflicts, shared_out


@pytest.mark.parametrize(
    ("reviewer", "paper", "found"),
    [
        (([1], ["Trần Thị Oanh"], [""]), ([2], ["Hồ Văn Ý"], []), []),
        (([1], ["Trần Thị Oanh"], [""]), ([1], ["Hồ Văn Ý"], []), ["unit"]),
        (([None], ["Trần Thị Oanh"], [""]), ([None], ["TS. TRẦN THỊ OANH, Trường Thử"], []), ["author"]),
        (([None], ["Trần Thị Oan"], [""]), ([None], ["Trần Thị Oanh"], []), []),
        (([None], ["An"], ["Trường Đại học Thử"]), ([None], ["Hồ Văn Ý"], ["trường đại học  thử"]), ["body"]),
        (([None], ["An"], [""]), ([None], [""], [""]), []),
    ],
)
def test_a_conflict_is_the_unit_the_name_or_the_body(reviewer, paper, found):
    assert conflicts(Side.of(*reviewer), Side.of(*paper)) == found


def test_papers_go_to_those_who_have_fewest_and_never_where_there_is_a_conflict():
    needs = {1: 1, 2: 1, 3: 1, 4: 1}
    assert shared_out(needs, [7, 8], {7: 2}, set()) == [(1, 8), (2, 8), (3, 7), (4, 8)]
    assert shared_out({1: 1, 2: 1}, [7, 8], {}, {(1, 7), (2, 7)}) == [(1, 8), (2, 8)]
    assert shared_out({1: 2, 2: 0, 3: -1}, [7, 8], {}, set()) == [(1, 7), (1, 8)]
    assert shared_out({1: 1}, [7], {}, {(1, 7)}) == []


@dataclass
class Said:
    in_print: bool = False
    on_stage: bool = False
    needs_correction: bool = False


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (Said(True, True), "Đạt; in kỷ yếu và trình bày tại Tọa đàm"),
        (Said(True), "Đạt; in kỷ yếu, không trình bày tại Tọa đàm"),
        (Said(False, True), "Đạt; trình bày tại Tọa đàm, không in kỷ yếu"),
        (Said(True, True, True), "Đạt, cần chỉnh sửa trước để in kỷ yếu và trình bày tại Tọa đàm"),
        (Said(needs_correction=True), "Cần chỉnh sửa, gửi lại để thẩm định"),
        (Said(), "Không đạt"),
    ],
)
def test_the_conclusion_in_words(said, words):
    assert conclusion_words(said) == words


def test_days_late_are_days_begun():
    due = datetime(2024, 3, 1, 16, 59, 59, tzinfo=UTC)
    for at, days in ((due, 0), (due.replace(second=0), 0), (datetime(2024, 3, 1, 17, 0, tzinfo=UTC), 1)):
        assert days_late(due, at) == days
    assert days_late(due, datetime(2024, 3, 2, 16, 59, 59, tzinfo=UTC)) == 1
    assert days_late(due, datetime(2024, 3, 2, 17, 0, 0, tzinfo=UTC)) == 2
    assert days_late(None, due) == 0


def test_changes_are_told_by_paragraph_and_word():
    before = ["Mở đầu", "Đoàn viên trẻ vào Đảng năm 2022", "Bỏ đi", "Kết luận"]
    after = ["Mở đầu", "Đoàn viên trẻ vào Đảng năm 2023", "Kết luận", "Thêm mới hẳn"]
    found = changes.compare(before, after)
    assert [(one["kind"], one.get("count")) for one in found] == [
        ("same", 1),
        ("changed", None),
        ("removed", None),
        ("same", 1),
        ("added", None),
    ]
    assert found[1]["parts"] == [
        ("same", "Đoàn viên trẻ vào Đảng năm"),
        ("removed", "2022"),
        ("added", "2023"),
    ]
    assert changes.compare(before, before) == [{"kind": "same", "count": 4}]


def test_lines_of_a_page_become_paragraphs():
    assert changes.paragraphs("Đoạn một còn\ntiếp ở đây.\nĐoạn hai.\n\nĐoạn ba\n\nĐoạn bốn") == [
        "Đoạn một còn tiếp ở đây.",
        "Đoạn hai.",
        "Đoạn ba",
        "Đoạn bốn",
    ]
