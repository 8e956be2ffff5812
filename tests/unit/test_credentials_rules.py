"""The summary of the delegates in figures: what is not known is counted as such, and nothing is invented."""

import pytest

from seminar.reports.rules import credentials as rules
from seminar.reports.rules.credentials import Person, make_of, summed_up

YEAR = 2024


@pytest.mark.parametrize(
    ("birth_year", "band"),
    [
        (2010, "to-30"),
        (1994, "to-30"),
        (1993, "31-35"),
        (1989, "31-35"),
        (1988, "36-40"),
        (1984, "36-40"),
        (1983, "41-50"),
        (1974, "41-50"),
        (1973, "51-60"),
        (1964, "51-60"),
        (1963, "over-60"),
        (None, "unknown"),
        (2025, "unknown"),
        (1800, "unknown"),
    ],
)
def test_ages_are_of_the_year(birth_year, band):
    assert rules.band_of(birth_year, YEAR) == band
    if band != "unknown":
        first, last = rules.years_of(band, YEAR)
        assert first <= birth_year <= last


def test_bands_leave_no_age_out_and_none_is_in_two():
    assert [sum(first <= age <= last for first, last in rules.BANDS.values()) for age in range(120)] == [1] * 120
    assert list(rules.BAND_WORDS) == list(rules.BANDS)


def test_the_make_up_counts_what_is_not_known_apart():
    people = [
        Person(gender="Nam", birth_year=1990),
        Person(gender="Nữ"),
        Person(birth_year=2000),
        Person(gender="nam?"),
    ]
    made = make_of(people, YEAR)
    assert made.genders == {"male": 1, "female": 1, "unknown": 2}
    assert {key: count for key, count in made.bands.items() if count} == {"31-35": 1, "to-30": 1, "unknown": 2}
    assert (made.youngest, made.oldest, made.average_age) == (2000, 1990, 29.0)


def test_of_nobody_there_is_no_average_and_no_youngest():
    made = make_of([Person(), Person()], YEAR)
    assert (made.average_age, made.youngest, made.oldest, made.total) == (None, None, None, 2)
    assert rules.share(0, 0) == ""


def test_a_proxy_has_neither_the_gender_nor_the_age_of_the_delegate():
    principal = Person(gender="Nam", birth_year=1970, states=frozenset({"proxied", "invited"}), came=True)
    assert make_of([principal], YEAR).genders["male"] == 1
    present = make_of([principal], YEAR, of_those_present=True)
    assert (present.genders, present.bands["unknown"], present.ages) == (
        {"male": 0, "female": 0, "unknown": 1},
        1,
        [],
    )


def test_groups_units_and_audiences_add_up_to_the_whole():
    people = [
        Person("G1", "guest", None, states=frozenset({"invited", "attending"}), came=True),
        Person(
            "T2",
            "summoned",
            1,
            membership_count=2,
            states=frozenset({"invited", "declined", "excused"}),
            absence="excused",
        ),
        Person("T2", "summoned", 2, states=frozenset({"invited", "declined", "unexcused"}), absence="unexcused"),
        Person("T2", "summoned", 2, states=frozenset({"invited", "no_answer"}), absence="silent", has_position=False),
        Person("G1", "guest", None, states=frozenset({"invited", "proxied"}), came=True, is_proxy=True),
        Person("KHAC", "unassigned", None, states=frozenset({"no_invitation"}), absence="represented"),
    ]
    made = summed_up(people, YEAR)
    assert made.whole.counts == {
        "listed": 6,
        "invited": 5,
        "attending": 1,
        "proxied": 1,
        "excused": 1,
        "unexcused": 1,
        "no_answer": 1,
        "arrived": 2,
        "proxies": 1,
        "proxy_arrived": 1,
        "absent": 4,
        "absent_represented": 1,
        "absent_excused": 1,
        "absent_unexcused": 1,
        "absent_proxy_missing": 0,
        "absent_silent": 1,
    }
    for part in (made.audiences, made.groups, made.units):
        for column in rules.COLUMNS:
            assert sum(line[column] for line in part.values()) == made.whole[column]
    assert (made.whole["listed"], made.whole.memberships, made.several_groups, made.no_position) == (6, 7, 1, 1)
    assert made.unheard_units([1, 2, 3]) == [3]
    assert made.absent_units([1, 2, 3]) == [1, 2, 3]


def test_before_anybody_came_no_unit_is_said_to_have_sent_nobody():
    assert summed_up([Person("T2", "summoned", 1)], YEAR).absent_units([1, 2]) == []


@pytest.mark.parametrize(("part", "whole", "said"), [(1, 3, "33,3 %"), (3, 3, "100,0 %"), (0, 3, "0,0 %")])
def test_shares_are_written_with_a_comma(part, whole, said):
    assert rules.share(part, whole) == said
