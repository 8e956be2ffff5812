"""Deadlines and weekdays as the plan means them (domain.md 3.1 g, 3.2)."""

from datetime import UTC, date, datetime

import pytest

from seminar.lib.clock import weekday_vi
from seminar.planning.models import Milestone, MilestoneRule
from seminar.planning.rules import (
    deadline_words,
    default_milestones,
    due_at,
    falls_on_holiday,
    is_late,
    is_misplaced,
    working_day,
)


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


@pytest.mark.parametrize("held_on", [date(2024, 3, 15), date(2026, 3, 6), date(2027, 1, 4), date(2025, 2, 14)])
def test_proposed_deadlines_are_working_days_before_the_seminar_in_their_order(held_on):
    proposed = default_milestones(held_on)
    deadlines = {one.code: one.due_on for one in proposed if one.code}
    assert set(deadlines) == {"returns", "papers", "nominations", "answers"}
    assert [falls_on_holiday(day) for day in deadlines.values()] == [""] * 4
    assert deadlines["returns"] <= deadlines["papers"] <= deadlines["answers"] < held_on
    assert all(one.is_default for one in proposed)
    assert [one.position for one in proposed] == list(range(1, len(proposed) + 1))
    assert [one for one in proposed if is_misplaced(one, held_on)] == []


def test_a_day_in_tet_goes_back_to_the_last_working_day():
    assert working_day(date(2026, 2, 18)) == date(2026, 2, 13)
    assert working_day(date(2024, 3, 15)) == date(2024, 3, 15)
    assert working_day(date(2027, 5, 1)) == date(2027, 4, 29)
    assert falls_on_holiday(date(2027, 4, 30)) == "Ngày Chiến thắng"


@pytest.mark.parametrize(
    ("rule", "code", "day", "is_default", "misplaced"),
    [
        (MilestoneRule.UNTIL, "papers", date(2024, 3, 16), False, True),
        (MilestoneRule.UNTIL, "papers", date(2024, 3, 15), False, False),
        (MilestoneRule.ON, "", date(2024, 3, 16), True, True),
        (MilestoneRule.ON, "", date(2024, 3, 16), False, False),
        (MilestoneRule.AFTER, "", date(2024, 3, 1), True, True),
        (MilestoneRule.BEFORE, "", date(2024, 5, 1), False, False),
    ],
)
def test_a_deadline_after_the_seminar_does_not_fit_its_day(rule, code, day, is_default, misplaced):
    milestone = Milestone(rule=rule, code=code, due_on=day, is_default=is_default)
    assert is_misplaced(milestone, date(2024, 3, 15)) is misplaced
    assert is_misplaced(milestone, None) is False


def test_deadlines_are_said_as_the_plan_says_them():
    assert deadline_words(Milestone(rule=MilestoneRule.BEFORE, due_on=date(2024, 2, 10))) == "trước ngày 10/02/2024"
    assert deadline_words(Milestone(rule=MilestoneRule.UNTIL, due_on=date(2024, 3, 1))) == "chậm nhất ngày 01/03/2024"
    assert deadline_words(None) == "trước ngày …………"
