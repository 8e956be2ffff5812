"""Which units are looked at: thresholds in every mode, small numbers, unknown ones; and the stale in both readings."""

from fractions import Fraction

import pytest

from seminar.statistics.models import FlagKind
from seminar.statistics.rules.flags import (
    FlagState,
    TargetSettings,
    ThresholdMode,
    flags_of,
    low_flags,
    quartile,
    read_settings,
    stale_flag,
)
from seminar.statistics.rules.indicators import Ratio
from seminar.statistics.rules.stale import ClearsOn, PersonState, StaleMode, is_stale
from seminar.statistics.rules.targets import Cut, Sum

INTRODUCTION, ADMISSION, STALE = FlagKind
CONSECUTIVE, CUMULATIVE = StaleMode.CONSECUTIVE, StaleMode.CUMULATIVE
ONLY_ADMISSION, ALSO_RECOGNITION = ClearsOn.ADMISSION, ClearsOn.ADMISSION_OR_RECOGNITION


@pytest.mark.parametrize(
    ("years", "cumulative", "consecutive"),
    [
        ({2019, 2021}, True, False),
        ({2020, 2021}, True, True),
        ({2021}, False, False),
        (set(), False, False),
        ({2018, 2019, 2021}, True, False),
        ({2018, 2020, 2021}, True, True),
    ],
)
def test_the_worked_example_of_the_stale(years, cumulative, consecutive):
    assert is_stale(years, PersonState.CHOSEN, CUMULATIVE, ONLY_ADMISSION) is cumulative
    assert is_stale(years, PersonState.CHOSEN, CONSECUTIVE, ONLY_ADMISSION) is consecutive


def test_recognition_clears_where_the_office_reads_it_so():
    years = {2020, 2021}
    assert is_stale(years, PersonState.RECOGNISED, CONSECUTIVE, ONLY_ADMISSION) is True
    assert is_stale(years, PersonState.RECOGNISED, CONSECUTIVE, ALSO_RECOGNITION) is False
    for state in (PersonState.ADMITTED, PersonState.LEFT):
        for clears in ClearsOn:
            assert is_stale(years, state, CUMULATIVE, clears) is False


def test_a_run_must_reach_the_last_choosing():
    assert is_stale({2020, 2021}, PersonState.CHOSEN, CONSECUTIVE, ONLY_ADMISSION, latest=2023) is False
    assert is_stale({2022, 2023}, PersonState.CHOSEN, CONSECUTIVE, ONLY_ADMISSION, latest=2023) is True


def states(rates, whole, **changes):
    flags = low_flags(INTRODUCTION, rates, whole, TargetSettings(**changes))
    return {unit: flag.state for unit, flag in flags.items()}, {flag.threshold for flag in flags.values()}


RATES = {1: Ratio(10, 100, 1), 2: Ratio(8, 100, 1), 3: Ratio(7, 100, 1), 4: Ratio(0, 9, 1), 5: Ratio()}


def test_low_is_below_four_fifths_of_the_province_by_default():
    found, limits = states(RATES, Ratio(100, 1000, 5))
    assert limits == {Fraction(8, 100)}
    assert found == {
        1: FlagState.CLEAR,
        2: FlagState.CLEAR,
        3: FlagState.FLAGGED,
        4: FlagState.TOO_SMALL,
        5: FlagState.UNKNOWN,
    }


def test_low_by_a_fixed_threshold():
    found, limits = states(RATES, Ratio(), threshold_mode=ThresholdMode.ABSOLUTE, introduction_percent=10)
    assert limits == {Fraction(1, 10)}
    assert [unit for unit, state in found.items() if state == FlagState.FLAGGED] == [2, 3]


def test_the_lowest_quarter_of_twenty_units_is_five():
    rates = {unit: Ratio(unit, 100, 1) for unit in range(1, 21)}
    found, _ = states(rates, Ratio(), threshold_mode=ThresholdMode.QUARTILE)
    assert [unit for unit, state in found.items() if state == FlagState.FLAGGED] == [1, 2, 3, 4, 5]
    even, _ = states({unit: Ratio(5, 100, 1) for unit in range(4)}, Ratio(), threshold_mode=ThresholdMode.QUARTILE)
    assert set(even.values()) == {FlagState.CLEAR}
    assert quartile([Fraction(1)]) is None
    assert quartile([Fraction(n) for n in (4, 1, 3, 2, 5)]) == 2


def test_small_units_do_not_move_the_quartile():
    rates = {1: Ratio(50, 100, 1), 2: Ratio(60, 100, 1), **{unit: Ratio(0, 5, 1) for unit in range(3, 9)}}
    flags = low_flags(ADMISSION, rates, Ratio(), TargetSettings(threshold_mode=ThresholdMode.QUARTILE))
    assert flags[1].threshold == Fraction(525, 1000)
    assert [unit for unit, flag in flags.items() if flag.is_up] == [1]


def test_without_a_rate_of_the_province_nobody_is_judged():
    found, limits = states(RATES, Ratio())
    assert limits == {None}
    assert FlagState.FLAGGED not in found.values()


@pytest.mark.parametrize(
    ("stale", "share", "state"),
    [
        (Sum(5, 1), Ratio(5, 100, 1), FlagState.FLAGGED),
        (Sum(4, 1), Ratio(4, 100, 1), FlagState.CLEAR),
        (Sum(4, 1), Ratio(4, 20, 1), FlagState.FLAGGED),
        (Sum(3, 1), Ratio(3, 16, 1), FlagState.CLEAR),
        (Sum(5, 1), Ratio(), FlagState.FLAGGED),
        (Sum(4, 1), Ratio(), FlagState.UNKNOWN),
        (Sum(None), Ratio(), FlagState.UNKNOWN),
        (Sum(0, 1), Ratio(0, 0, 1), FlagState.CLEAR),
    ],
)
def test_many_stale_by_count_or_by_share(stale, share, state):
    assert stale_flag(stale, share, TargetSettings()).state == state


def test_flags_of_units_from_their_returns():
    def of(outstanding, introduced, admitted, stale):
        values = {"outstanding": outstanding, "introduced": introduced, "admitted": admitted, "stale": stale}
        return {("schools", key): value for key, value in values.items()}

    facts = {(1, 1): of(100, 40, 20, 1), (2, 1): of(100, 5, 4, 30)}
    found = flags_of(facts, Cut((1, 2, 3), ("schools",), 1), TargetSettings())
    assert {unit: [kind for kind, flag in flags.items() if flag.is_up] for unit, flags in found.items()} == {
        1: [],
        2: [INTRODUCTION, STALE],
        3: [],
    }
    assert found[2][ADMISSION].state == FlagState.TOO_SMALL
    assert {flag.state for flag in found[3].values()} == {FlagState.UNKNOWN}


def test_settings_are_read_with_their_defaults():
    assert read_settings({}) == TargetSettings()
    assert read_settings({"stale_mode": "cumulative", "unknown": 1}).stale_mode == CUMULATIVE
    with pytest.raises(ValueError, match="least_count"):
        read_settings({"least_count": 0})
