"""Fields of the office's own text, moments of reminders, sequences of calendars, answers of mail servers in words."""

from datetime import UTC, date, datetime, time

import pytest

from seminar.invitations import rules
from seminar.lib.errors import Refused
from seminar.mail.rules import meaning_of
from seminar.planning.models import Milestone, MilestoneRule


def test_fields_are_filled_in_whatever_accents_they_are_typed_with():
    facts = {"name": "Đồng chí {url}", "url": "https://x/i/1"}
    assert rules.merged("Gửi {họ tên}: {DUONG DAN}", facts) == "Gửi Đồng chí {url}: https://x/i/1"


def test_an_unknown_field_is_named():
    with pytest.raises(Refused, match="lương"):
        rules.merged("{họ tên} {lương}", {"name": "A"})
    assert rules.unknown_fields("{a} {họ tên} {b}") == ["a", "b"]


@pytest.mark.parametrize(
    ("rule", "days", "expected"),
    [
        (MilestoneRule.BEFORE, 3, datetime(2024, 3, 4, 1, tzinfo=UTC)),  # "trước ngày 08" ends with the 7th
        (MilestoneRule.UNTIL, 3, datetime(2024, 3, 5, 1, tzinfo=UTC)),
        (MilestoneRule.UNTIL, 0, datetime(2024, 3, 8, 1, tzinfo=UTC)),
    ],
)
def test_a_reminder_goes_so_many_days_before_the_last_day_in_time(rule, days, expected):
    milestone = Milestone(rule=rule, due_on=date(2024, 3, 8))
    assert rules.reminds_at(milestone, days, time(8)) == expected


def test_the_sequence_of_a_calendar_only_grows():
    told = [rules.calendar_sequence(7, changes) for changes in (1, 2, 50, 98, 500)]
    assert told == sorted(told)
    assert told[-1] < rules.cancelled_sequence(7) < rules.calendar_sequence(8, 1)


def test_what_changed_is_said_in_words():
    before = rules.Told(date(2024, 3, 15), time(8), "Hội trường A")
    assert rules.Told(date(2024, 3, 16), time(8), "Hội trường A").changed_from(before) == "thời gian"
    assert rules.Told(date(2024, 3, 15), time(8), "Hội trường B").changed_from(before) == "địa điểm"
    assert rules.Told(date(2024, 3, 15), time(9), "Hội trường B").changed_from(before) == "thời gian và địa điểm"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("", ""),
        ("550 5.1.1 no such user", "there is no such address"),
        ("550 no such user", "there is no such address"),
        ("452 4.2.2 over quota", "the mailbox is full"),
        ("554 5.7.1 spam", "the server refuses our mail by its rules, perhaps as spam"),
        ("451 try later", "the server asks to try again later"),
        ("421 busy", "the server is busy"),
        ("[Errno 111] Connection refused", "the server gave no answer"),
        ("599 nobody knows", ""),
    ],
)
def test_the_answer_of_a_server_in_words(answer, words):
    assert meaning_of(answer) == words
