"""The words of letters: forms of address, time, deadline, what lacks, who must say why."""

from datetime import date, time

import pytest

from seminar.invitations import rules
from seminar.invitations.models import Answer
from seminar.planning.models import Audience, Milestone, MilestoneRule


@pytest.mark.parametrize(
    ("honorific", "academic", "name", "expected"),
    [
        ("", "", "Nguyễn Văn A", "Đồng chí Nguyễn Văn A"),
        ("Ông", "PGS.TS.", "Trần B", "Ông PGS.TS. Trần B"),
        ("Bà", "", "Lê Thị C", "Bà Lê Thị C"),
        ("", "", "Đồng chí đại diện lãnh đạo", "Đồng chí đại diện lãnh đạo"),
    ],
)
def test_everybody_is_addressed_once_and_gender_is_never_guessed(honorific, academic, name, expected):
    assert rules.addressed(honorific, academic, name) == expected


def test_within_a_sentence_only_the_comrade_is_small():
    assert [rules.running_address(word) for word in ("", "Đồng chí", "Ông")] == ["đồng chí", "đồng chí", "Ông"]


def test_time_and_weekday_are_written_out_or_stay_open():
    assert rules.when(date(2024, 3, 15), time(8, 0)) == "08 giờ 00, ngày 15 tháng 3 năm 2024 (thứ Sáu)"
    assert rules.when(None, None) == "…………, ngày …………"


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (MilestoneRule.BEFORE, "trước ngày 08 tháng 3 năm 2024"),
        (MilestoneRule.UNTIL, "chậm nhất ngày 08 tháng 3 năm 2024"),
        (MilestoneRule.ON, "chậm nhất ngày 08 tháng 3 năm 2024"),
    ],
)
def test_the_deadline_is_said_as_the_plan_says_it(rule, expected):
    assert rules.deadline(Milestone(rule=rule, due_on=date(2024, 3, 8))) == expected


def test_a_deadline_nobody_set_stays_open():
    assert rules.deadline(None) == "trước ngày …………"


def test_a_letter_needs_venue_date_and_hour():
    assert rules.what_lacks(False, None, None) == ["venue", "date", "hour"]
    assert rules.what_lacks(True, date(2024, 3, 15), time(8)) == []


def test_co_chairs_are_asked_to_chair():
    assert rules.role_phrase(["Các ban", "Đồng chủ trì"]) == "tới dự và đồng chủ trì"
    assert rules.role_phrase(["Các ban"]) == "tới dự"


def test_only_the_summoned_must_say_why_they_cannot_come():
    assert rules.must_say_why(Audience.SUMMONED, Answer.DECLINED)
    assert not rules.must_say_why(Audience.GUEST, Answer.DECLINED)
    assert not rules.must_say_why(Audience.SUMMONED, Answer.ATTENDING)


def test_the_word_toa_dam_stands_once():
    assert rules.quoted_title("Tọa đàm Nâng cao chất lượng") == "Tọa đàm Nâng cao chất lượng"
    assert rules.quoted_title("Nâng cao chất lượng") == "Tọa đàm “Nâng cao chất lượng”"
