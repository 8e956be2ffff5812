"""Deadlines and weekdays as the plan means them (domain.md 3.1 g, 3.2)."""

from datetime import UTC, date, datetime

import pytest

from seminar.lib.clock import weekday_vi
from seminar.planning.models import Milestone, MilestoneRule
from seminar.planning.rules import due_at, falls_on_holiday, is_late


@pytest.mark.parametrize(
    ("rule", "day", "last_moment_in_vietnam"),
    [
        (MilestoneRule.BEFORE, date(2024, 2, 10), datetime(2024, 2, 9, 16, 59, 59, 999999, UTC)),
        (MilestoneRule.UNTIL, date(2024, 3, 1), datetime(2024, 3, 1, 16, 59, 59, 999999, UTC)),
        (MilestoneRule.ON, date(2024, 3, 15), datetime(2024, 3, 15, 16, 59, 59, 999999, UTC)),
    ],
)
def test_before_a_day_ends_with_the_day_before_and_until_a_day_with_that_day(rule, day, last_moment_in_vietnam):
    assert due_at(Milestone(rule=rule, due_on=day)) == last_moment_in_vietnam


def test_a_moment_after_the_last_one_is_late_and_nothing_is_late_without_a_deadline():
    milestone = Milestone(rule=MilestoneRule.UNTIL, due_on=date(2024, 3, 1))
    assert is_late(milestone, datetime(2024, 3, 1, 16, 59, tzinfo=UTC)) is False
    assert is_late(milestone, datetime(2024, 3, 1, 17, 0, tzinfo=UTC)) is True
    assert is_late(None, datetime(2030, 1, 1, tzinfo=UTC)) is False


def test_the_weekday_of_the_plan_is_wrong_for_2023_and_right_for_2024():
    assert weekday_vi(date(2023, 3, 15)) == "Thứ Tư"
    assert weekday_vi(date(2024, 3, 15)) == "Thứ Sáu"


def test_the_tenth_of_february_2024_is_a_saturday_in_tet():
    assert falls_on_holiday(date(2024, 2, 10)) == "Thứ Bảy, Tết Giáp Thìn"
    assert falls_on_holiday(date(2024, 3, 1)) == ""
