"""The targets of the second plan: the worked examples of domain.md 7 (9) and every formula of 3.4, missing never zero."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seminar.statistics.rules import indicators, targets
from seminar.statistics.rules.indicators import AdmissionBase, IntroductionBase, PartyVerdict, Ratio
from seminar.statistics.rules.targets import Cut, Need, NeedKind, Span, Sum

SPAN = Span(2021, 1, 20)
SECTORS = ("residential", "schools", "enterprises", "officials", "armed_forces")
ONE = ("schools",)


def facts(*returns):
    """(unit, quarter, {column: value} of the schools)"""
    return {
        (unit, number): {("schools", key): value for key, value in cells.items()} for unit, number, cells in returns
    }


def cut(*units, until=1, sectors=ONE, since=1):
    return Cut(units, sectors, until, since)


def test_the_worked_example_of_pace_and_conversion():
    """ΣI = 4500, ΣA = 2500 at k = 10: pace 100 %/100 %, conversion 55,56 %."""
    known = facts(*((1, number, {"introduced": 450, "admitted": 250}) for number in range(1, 11)))
    ten = cut(1, until=10)
    introduced = targets.course_of(9000, targets.sum_of(known, "introduced", ten), 10, SPAN)
    admitted = targets.course_of(5000, targets.sum_of(known, "admitted", ten), 10, SPAN)
    assert (introduced.actual.value, admitted.actual.value) == (4500, 2500)
    assert (introduced.completion, admitted.completion) == (Fraction(1, 2), Fraction(1, 2))
    assert (introduced.expected, admitted.expected) == (4500, 2500)
    assert (introduced.pace, admitted.pace) == (1, 1)
    assert targets.percent(indicators.conversion(known, ten).value) == "55,56\N{NO-BREAK SPACE}%"
    assert (introduced.need.per_quarter, admitted.need.per_quarter) == (450, 250)


@pytest.mark.parametrize(
    ("members", "everybody", "verdict"),
    [
        (70, 100, PartyVerdict.MET),
        (69, 100, PartyVerdict.NOT_MET),
        (70, None, PartyVerdict.UNKNOWN),
        (70, 0, PartyVerdict.UNKNOWN),
    ],
)
def test_the_worked_example_of_the_party_ratio(members, everybody, verdict):
    cells = {"admitted_members": members} | ({} if everybody is None else {"new_party_members": everybody})
    assert indicators.party_ratio(facts((1, 1, cells)), cut(1), 70).verdict == verdict


def test_with_only_outstanding_members_known_the_party_ratio_is_a_lower_bound():
    """It may meet the share and never misses it."""
    met = indicators.party_ratio(facts((1, 1, {"admitted": 70, "new_party_members": 100})), cut(1), 70)
    open_ = indicators.party_ratio(facts((1, 1, {"admitted": 69, "new_party_members": 100})), cut(1), 70)
    assert (met.verdict, met.is_lower_bound) == (PartyVerdict.MET, True)
    assert (open_.verdict, open_.is_lower_bound) == (PartyVerdict.UNDECIDED, True)


def test_the_bound_takes_what_is_known_best_of_each_cell():
    known = facts(
        (1, 1, {"admitted": 5, "admitted_members": 8, "new_party_members": 10}),
        (2, 1, {"admitted": 6, "new_party_members": 10}),
        (3, 1, {"new_party_members": 5}),
        (4, 1, {"admitted_members": 40}),
    )
    found = indicators.party_ratio(known, cut(1, 2, 3, 4), 70)
    assert (found.ratio, found.verdict) == (Ratio(14, 25, 3, 1), PartyVerdict.UNDECIDED)


def test_quarters_are_counted_from_the_first_of_the_plan():
    assert [SPAN.at(1), SPAN.at(10), SPAN.at(20)] == [(2021, 1), (2023, 2), (2025, 4)]
    assert SPAN.years == [2021, 2022, 2023, 2024, 2025]
    late = Span(2021, 3, 18)
    assert [late.at(1), late.at(2), late.at(3), late.at(18)] == [(2021, 3), (2021, 4), (2022, 1), (2025, 4)]
    assert (late.number_of(2021, 3), late.number_of(2021, 2), late.number_of(2026, 1)) == (1, None, None)
    assert (late.quarters_in(2021, 18), late.quarters_in(2022, 18), late.quarters_in(2022, 3)) == (2, 4, 1)


@given(st.integers(2000, 2100), st.integers(1, 4), st.integers(1, 60))
def test_number_and_quarter_say_the_same(year, quarter, count):
    span = Span(year, quarter, count)
    assert [span.number_of(*span.at(number)) for number in range(1, count + 1)] == list(range(1, count + 1))
    assert sum(span.quarters_in(one, count) for one in span.years) == count


def test_the_linear_pace_of_both_starts():
    assert (targets.linear(9000, 1, 20), targets.linear(5000, 1, 20)) == (450, 250)
    assert (targets.linear(9000, 4, 20), targets.linear(5000, 4, 20)) == (1800, 1000)
    assert targets.linear(9000, 1, 18) == 500
    assert targets.short(targets.linear(5000, 1, 18)) == "277,8"


@pytest.mark.parametrize(
    ("value", "left", "need"),
    [
        (8000, 4, Need(NeedKind.PER_QUARTER, Fraction(250), 1000)),
        (9000, 4, Need(NeedKind.REACHED)),
        (9001, 0, Need(NeedKind.REACHED)),
        (8999, 0, Need(NeedKind.IMPOSSIBLE, None, 1)),
        (None, 4, Need(NeedKind.UNKNOWN)),
    ],
)
def test_what_each_quarter_left_must_bring(value, left, need):
    course = targets.course_of(9000, Sum(value), 20 - left, SPAN)
    assert course.need == need


def test_a_unit_is_paced_by_what_it_was_given_for_each_year():
    course = targets.course_of_unit({2021: 40, 2022: 80}, Sum(50, 5), 6, SPAN)
    assert (course.target, course.expected, course.completion) == (120, 80, Fraction(50, 120))
    assert course.pace == Fraction(5, 8)
    late = targets.course_of_unit({2021: 40}, Sum(30, 1), 1, Span(2021, 3, 18))
    assert late.expected == 20
    none = targets.course_of_unit({}, Sum(50, 5), 6, SPAN)
    assert (none.target, none.completion, none.pace, none.need.kind) == (None, None, None, NeedKind.UNKNOWN)


def test_a_unit_is_not_measured_by_the_shares_of_some_years_only():
    """What it reached in 2022 does not fulfil what it was given for 2021."""
    half = targets.course_of_unit({2021: 40}, Sum(60, 6), 6, SPAN)
    assert (half.completion, half.pace, half.need.kind, half.target) == (None, None, NeedKind.UNKNOWN, 40)
    first = targets.course_of_unit({2021: 40}, Sum(10, 2), 2, SPAN)
    assert (first.completion, first.pace, first.need.per_quarter) == (Fraction(1, 4), Fraction(1, 2), 15)
    ended = targets.course_of_unit({2021: 40}, Sum(8, 4), 4, SPAN)
    assert ended.need == Need(NeedKind.PER_QUARTER, Fraction(2), 32)
    last = targets.course_of_unit(dict.fromkeys(SPAN.years, 10), Sum(49, 20), 20, SPAN)
    assert last.need == Need(NeedKind.IMPOSSIBLE, None, 1)


def test_what_is_missing_is_not_zero():
    known = facts((1, 1, {"introduced": 5}), (1, 2, {}), (2, 1, {"introduced": 0}))
    assert targets.sum_of(known, "introduced", cut(1, 2, 3, until=2)) == Sum(5, 2, 1)
    assert targets.sum_of(known, "admitted", cut(1, 2, until=2)) == Sum(None, 0, 3)
    assert targets.sum_of(known, "introduced", cut(3, until=2)) == Sum(None, 0, 0)
    assert targets.course_of(9000, Sum(None), 2, SPAN).completion is None


def test_stocks_are_looked_at_in_one_quarter():
    known = facts((1, 1, {"outstanding": 40, "commented": 40}), (1, 2, {"outstanding": 50, "commented": 45}))
    assert indicators.comment_coverage(known, cut(1, until=2)) == Ratio(45, 50, 1)
    assert targets.sum_of(known, "outstanding", cut(1, until=2).at_its_end()).value == 50


def test_a_ratio_is_of_cells_known_on_both_sides():
    known = facts(
        (1, 1, {"introduced": 10, "admitted": 5}), (2, 1, {"introduced": 10}), (3, 1, {"admitted": 7}), (4, 1, {})
    )
    assert indicators.conversion(known, cut(1, 2, 3, 4)) == Ratio(5, 10, 1, 2)
    assert indicators.conversion(known, cut(2)).value is None
    assert indicators.conversion(facts((1, 1, {"introduced": 0, "admitted": 3})), cut(1)).value is None


def test_rates_by_both_denominators():
    known = facts(
        (1, 1, {"outstanding": 100, "members": 400, "introduced": 10, "admitted": 4}),
        (1, 2, {"outstanding": 999, "members": 999, "introduced": 30, "admitted": 16}),
    )
    two = cut(1, until=2)
    assert indicators.introduction_rate(known, two, IntroductionBase.OUTSTANDING).value == Fraction(40, 100)
    assert indicators.introduction_rate(known, two, IntroductionBase.MEMBERS).value == Fraction(40, 400)
    assert indicators.admission_rate(known, two, AdmissionBase.INTRODUCED).value == Fraction(20, 40)
    assert indicators.admission_rate(known, two, AdmissionBase.OUTSTANDING).value == Fraction(20, 100)


def test_the_list_at_the_start_is_that_of_the_first_return_that_has_it():
    known = facts((1, 1, {"introduced": 3}), (1, 2, {"outstanding": 20, "introduced": 5}), (1, 3, {"outstanding": 9}))
    found = indicators.introduction_rate(known, cut(1, until=3), IntroductionBase.OUTSTANDING)
    assert (found.above, found.below) == (8, 20)


def test_dissemination_is_by_cadres_and_members_together():
    known = facts(
        (1, 1, {"cadres": 20, "members": 180, "reached": 150}), (2, 1, {"members": 100, "reached": 100}), (3, 1, {})
    )
    assert indicators.dissemination(known, cut(1, 2, 3)) == Ratio(150, 200, 1, 1)


def test_shares_of_the_sectors():
    known = {(1, 1): {("schools", "admitted"): 30, ("enterprises", "admitted"): 10, ("officials", "admitted"): 0}}
    found = indicators.sector_shares(known, "admitted", cut(1, sectors=SECTORS))
    assert [found[sector][1] for sector in SECTORS] == [None, Fraction(3, 4), Fraction(1, 4), Fraction(0), None]


def test_figures_as_people_read_them():
    assert [targets.percent(Fraction(*pair)) for pair in ((5, 9), (1, 2), (7, 10), (1, 1), (0, 1))] == [
        *(
            "55,56\N{NO-BREAK SPACE}%",
            "50\N{NO-BREAK SPACE}%",
            "70\N{NO-BREAK SPACE}%",
            "100\N{NO-BREAK SPACE}%",
            "0\N{NO-BREAK SPACE}%",
        ),
    ]
    assert targets.percent(None) == ""
    assert (targets.percent(Fraction(69996, 100000)), targets.percent(Fraction(99999, 100000))) == (
        "69,99\N{NO-BREAK SPACE}%",
        "99,99\N{NO-BREAK SPACE}%",
    )
    assert (targets.short(Fraction(1800)), targets.short(Fraction(12345, 10))) == ("1.800", "1.234,5")


cells = st.dictionaries(st.sampled_from(["introduced", "admitted"]), st.integers(0, 50), max_size=2)


@given(st.dictionaries(st.tuples(st.integers(1, 4), st.integers(1, 3)), cells, max_size=12))
def test_the_sum_of_the_province_is_the_sum_of_its_units(returns):
    known = facts(*((unit, number, values) for (unit, number), values in returns.items()))
    whole = targets.sum_of(known, "introduced", cut(1, 2, 3, 4, until=3))
    parts = [targets.sum_of(known, "introduced", cut(unit, until=3)) for unit in (1, 2, 3, 4)]
    assert (whole.value or 0, whole.known, whole.blank) == (
        sum(part.value or 0 for part in parts),
        sum(part.known for part in parts),
        sum(part.blank for part in parts),
    )
    assert (whole.value is None) == all(part.value is None for part in parts)


COLUMNS = ("introduced", "admitted", "admitted_members", "new_party_members", "outstanding", "members", "stale")
anything = st.dictionaries(st.sampled_from(COLUMNS), st.integers(0, 9), max_size=7)


@given(st.dictionaries(st.tuples(st.integers(1, 3), st.integers(1, 3)), anything, max_size=9))
def test_the_cells_of_an_opened_figure_sum_up_to_it(returns):
    """Drill-down and figure are reckoned apart and must agree, whatever is blank."""
    known = facts(*((unit, number, values) for (unit, number), values in returns.items()))
    whole = cut(1, 2, 3, until=3)

    def sums(code, **by):
        chosen = (by.get("introduction", IntroductionBase.OUTSTANDING), by.get("admission", AdmissionBase.INTRODUCED))
        parts = indicators.parts_of(code, *chosen)
        return tuple(sum(part.values()) for part in indicators.used_cells(known, code, parts, whole))

    for base in IntroductionBase:
        found = indicators.introduction_rate(known, whole, base)
        assert sums("introduction-rate", introduction=base) == (found.above, found.below)
    for base in AdmissionBase:
        found = indicators.admission_rate(known, whole, base)
        assert sums("admission-rate", admission=base) == (found.above, found.below)
    party = indicators.party_ratio(known, whole, 70)
    members, stand_in, everybody = sums("party")
    assert (members + stand_in, everybody) == (party.ratio.above, party.ratio.below)
    assert sums("introduced") == (targets.sum_of(known, "introduced", whole).value or 0,)
    assert sums("stale") == (targets.sum_of(known, "stale", whole.at_its_end()).value or 0,)
    assert indicators.parts_of("nothing", IntroductionBase.MEMBERS, AdmissionBase.INTRODUCED) is None
