"""The province's figures by the formulas of domain.md 3.4: what is missing is left out and named, stocks are not summed over years."""

import tomllib
from fractions import Fraction
from pathlib import Path

from seminar.statistics import rules
from seminar.statistics.rules.consolidation import (
    ALL_ROWS,
    Asked,
    Consolidation,
    Reading,
    is_percent,
    latest_row,
    reckoning_of,
    shares_of,
    shown_keys,
    shown_rows,
)

SHEETS = Path("seminar/statistics/sheets")


def sheet(name: str) -> rules.Definition:
    return rules.read_definition(tomllib.loads((SHEETS / f"{name}.toml").read_text(encoding="utf-8")))


PLAN = sheet("binh_duong_2024")
QUARTERLY = sheet("quarterly")
COLUMNS = [column.key for column in PLAN.columns]


def filled(year: str, *figures: int | None) -> dict[tuple[str, str], int]:
    return {(year, key): figure for key, figure in zip(COLUMNS, figures, strict=True) if figure is not None}


# members, outstanding, quota, pupils, students, state, private
ONE = {
    **filled("2021", 1000, 100, 20, 4, 6, 3, 2),
    **filled("2022", 1100, 120, 20, 5, 6, 4, 5),
    **filled("2023", 1200, 150, 25, 6, 8, 4, 7),
}
TWO = {
    **filled("2021", 500, 50, 10, 1, 0, 2, 2),
    **filled("2022", 400, 40, 10, 0, 0, 0, 5),
    **filled("2023", 450, None, 10, 3, None, 1, 1),
}
WHOLE = Consolidation(PLAN, (1, 2, 3), {1: ONE, 2: TWO})


def test_a_total_is_the_sum_of_the_units_that_have_it_and_names_the_others():
    total = WHOLE.total(Asked("2021", "members"))
    assert (total.value, total.counted, total.lacking) == (1500, (1, 2), (3,))


def test_a_blank_cell_leaves_the_unit_out_of_its_figure_and_is_no_nought():
    total = WHOLE.total(Asked("2023", "students"))
    assert (total.value, total.counted, total.lacking) == (8, (1,), (2, 3))
    assert WHOLE.of_unit(2, Asked("2023", "students")) is None


def test_a_sum_needs_all_its_parts():
    assert WHOLE.of_unit(1, Asked("2023", "admitted")) == 25
    assert WHOLE.of_unit(2, Asked("2023", "admitted")) is None
    assert WHOLE.total(Asked("2022", "admitted")).value == 20 + 5
    assert WHOLE.total(Asked("2023", "admitted")).value == 25


def test_a_ratio_compares_the_same_units_above_and_below():
    total = WHOLE.total(Asked("2023", "completion"))
    assert (total.value, total.counted) == (Fraction(25, 25), (1,))
    assert WHOLE.total(Asked("2021", "completion")).value == Fraction(15 + 5, 30)
    assert WHOLE.total(Asked("2021", "outstanding_share")).value == Fraction(150, 1500)


def test_flows_are_summed_over_the_years_and_stocks_never():
    assert WHOLE.of_unit(1, Asked(ALL_ROWS, "pupils")) == 4 + 5 + 6
    assert WHOLE.of_unit(1, Asked(ALL_ROWS, "admitted")) == 15 + 20 + 25
    assert WHOLE.of_unit(1, Asked(ALL_ROWS, "completion")) == Fraction(60, 65)
    for key in ("members", "outstanding", "outstanding_share", "admitted_share"):
        assert reckoning_of(PLAN, Asked(ALL_ROWS, key)) is None
        assert WHOLE.total(Asked(ALL_ROWS, key)).value is None


def test_over_the_years_a_unit_with_a_blank_year_is_left_out():
    total = WHOLE.total(Asked(ALL_ROWS, "students"))
    assert (total.value, total.counted) == (6 + 6 + 8, (1,))


def test_stocks_have_an_average_of_the_years():
    assert WHOLE.of_unit(1, Asked(ALL_ROWS, "members", Reading.AVERAGE)) == Fraction(3300, 3)
    assert WHOLE.total(Asked(ALL_ROWS, "members", Reading.AVERAGE)).value == Fraction(3300 + 1350, 3)


def test_growth_compares_the_units_that_have_both_years():
    assert WHOLE.total(Asked("2022", "members", Reading.GROWTH)).value == Fraction(1500 - 1500, 1500)
    total = WHOLE.total(Asked("2023", "outstanding", Reading.GROWTH))
    assert (total.value, total.counted) == (Fraction(30, 120), (1,))
    assert reckoning_of(PLAN, Asked("2021", "members", Reading.GROWTH)) is None


def test_growth_from_nothing_is_no_figure():
    assert WHOLE.of_unit(2, Asked("2023", "pupils", Reading.GROWTH)) is None


def test_shares_of_a_sum_add_up_to_one():
    shares = [
        WHOLE.total(Asked("2021", part, Reading.SHARE, of)).value for part, of in shares_of(PLAN) if of == "admitted"
    ]
    assert shares == [Fraction(5, 20), Fraction(6, 20), Fraction(5, 20), Fraction(4, 20)]
    assert reckoning_of(PLAN, Asked("2021", "quota", Reading.SHARE, "admitted")) is None


def test_nobody_accepted_is_missing_and_not_nought():
    nobody = Consolidation(PLAN, (1, 2), {})
    assert [nobody.total(Asked(row, key)).value for row in shown_rows(PLAN) for key in shown_keys(PLAN)] == [None] * 44


def test_sectors_of_one_quarter_are_summed_stocks_too():
    values = {(row.key, "members"): 100 for row in QUARTERLY.rows}
    quarter = Consolidation(QUARTERLY, (1,), {1: values})
    assert quarter.total(Asked(ALL_ROWS, "members")).value == 500


def test_beside_years_a_row_of_sums_counts_nothing_twice_and_the_latest_year_may_stand_first():
    rows = [{"key": "2022", "label": "Năm 2022", "year": 2022}, {"key": "2021", "label": "Năm 2021", "year": 2021}]
    rows.append({"key": "all", "label": "Tổng cộng"})
    own = rules.read_definition(PLAN.model_dump(mode="json") | {"rows": rows})
    values = {("2021", "pupils"): 4, ("2022", "pupils"): 5, ("all", "pupils"): 9}
    values |= {("2021", "members"): 10, ("2022", "members"): 20}
    whole = Consolidation(own, (1,), {1: values})
    assert whole.total(Asked(ALL_ROWS, "pupils")).value == 9
    assert whole.total(Asked(ALL_ROWS, "members", Reading.AVERAGE)).value == 15
    assert latest_row(own).key == "2022"


def test_what_there_is_not_has_no_figure():
    for asked in (Asked("2020", "members"), Asked("2021", "nonsense"), Asked("2021", "members", Reading.AVERAGE)):
        assert reckoning_of(PLAN, asked) is None
        assert WHOLE.total(asked).value is None


def test_ratios_growth_and_shares_are_percent():
    assert is_percent(PLAN, Asked("2021", "completion"))
    assert is_percent(PLAN, Asked("2022", "members", Reading.GROWTH))
    assert is_percent(PLAN, Asked("2022", "pupils", Reading.SHARE, "admitted"))
    assert not is_percent(PLAN, Asked(ALL_ROWS, "members", Reading.AVERAGE))
