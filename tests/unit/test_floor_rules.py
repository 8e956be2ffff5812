"""Rules of the floor: the clock, who may ask, the line."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from seminar.minutes import rules
from seminar.minutes.rules import Pace

NINE = datetime(2024, 3, 15, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "minutes", "expected"),
    [
        (0, 5, Pace.ON_TIME),
        (239, 5, Pace.ON_TIME),
        (240, 5, Pace.LAST_MINUTE),
        (299, 5, Pace.LAST_MINUTE),
        (300, 5, Pace.OVER),
        (29, 1, Pace.ON_TIME),
        (30, 1, Pace.LAST_MINUTE),
        (60, 1, Pace.OVER),
    ],
)
def test_the_clock_warns_in_the_last_minute_and_is_over_after_it(seconds, minutes, expected):
    assert rules.pace(seconds, minutes) == expected


def test_seconds_are_never_less_than_none():
    assert rules.spoken_seconds(NINE, None, NINE + timedelta(seconds=61.9)) == 61
    assert rules.spoken_seconds(NINE, NINE + timedelta(seconds=5), NINE + timedelta(hours=1)) == 5
    assert rules.spoken_seconds(NINE, None, NINE - timedelta(seconds=3)) == 0


@pytest.mark.parametrize(("seconds", "text"), [(0, "00:00"), (277, "04:37"), (3725, "1:02:05"), (-4, "00:00")])
def test_the_clock_as_figures(seconds, text):
    assert rules.clock_text(seconds) == text


@pytest.mark.parametrize(("usual", "offered"), [(5, [5, 3, 7]), (7, [7, 5, 10]), (3, [3, 5, 7]), (12, [12, 7, 10])])
def test_the_usual_minutes_come_first_and_the_nearest_beside_them(usual, offered):
    assert rules.offered_minutes(usual) == offered


@pytest.mark.parametrize(
    ("starts", "ended", "is_on", "expected"),
    [
        (NINE, None, False, True),
        (NINE, NINE, False, False),
        (NINE + timedelta(hours=14), None, False, True),
        (NINE + timedelta(hours=16), None, False, False),
        (NINE - timedelta(days=300), None, True, True),
        (NINE - timedelta(days=1), None, False, False),
    ],
)
def test_the_floor_is_open_while_a_sitting_is_on_or_on_its_day_in_vietnam(starts, ended, is_on, expected):
    assert rules.is_open([(starts, ended, is_on)], NINE) is expected


def test_why_somebody_cannot_ask_is_said_in_the_order_of_what_to_do():
    free = {"is_open": True, "is_paused": False, "is_present": True, "is_speaking": False}
    assert rules.why_not(**free) is None
    said = [
        rules.why_not(**free | changed).msgid
        for changed in ({"is_paused": True}, {"is_open": False}, {"is_present": False}, {"is_speaking": True})
    ]
    assert len(set(said)) == 4
    assert rules.why_not(**free | {"is_open": False, "is_present": False}).msgid == said[1]


def test_the_line_keeps_the_order_of_coming_and_what_the_chair_moved():
    a, b, c = (
        SimpleNamespace(id=number, position=0, asked_at=NINE + timedelta(seconds=number)) for number in (1, 2, 3)
    )
    assert rules.in_line([c, a, b]) == [a, b, c]
    assert rules.stepped([a, b, c], 3, -1) == [a, c, b]
    assert rules.stepped([a, b, c], 1, -1) == [a, b, c]
    assert rules.stepped([a, b, c], 3, 1) == [a, b, c]
    assert rules.stepped([a, b, c], 9, 1) == [a, b, c]


def test_the_name_stands_apart_from_position_and_body():
    assert rules.name_and_rest("Lê Văn Bê, Bí thư Huyện Đoàn Thử") == ("Lê Văn Bê", "Bí thư Huyện Đoàn Thử")
    assert rules.name_and_rest("Khách mời") == ("Khách mời", "")
