"""Numbers, date lines and weekdays as the Union writes them (domain.md 1.1, section 7 checks 2 and 3)."""

from datetime import date

import pytest

from seminar.documents.models import DocumentKind
from seminar.documents.rules import date_line, long_date, running_weekday, settings_of, symbol


@pytest.mark.parametrize(
    ("number", "kind", "settings", "expected"),
    [
        (1, DocumentKind.INVITATION, {}, "01-TM/TĐTN-TCKT"),
        (9, DocumentKind.SUMMONS, {}, "09-GTT/TĐTN-TCKT"),
        (10, DocumentKind.DISPATCH, {}, "10-CV/TĐTN-TCKT"),
        (245, DocumentKind.REPORT, {"agency": "", "drafting_unit": "BTC"}, "245-BC/BTC"),
        (1, DocumentKind.INVITATION, {"abbreviations": {"invitation": "GM"}, "drafting_unit": "VP"}, "01-GM/TĐTN-VP"),
        (None, DocumentKind.PROGRAMME, {}, "…-CTr/TĐTN-TCKT"),
    ],
)
def test_a_symbol_is_number_kind_agency_and_drafting_unit(number, kind, settings, expected):
    assert symbol(number, kind, settings_of(settings)) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2024, 1, 5), "ngày 05 tháng 01 năm 2024"),
        (date(2024, 2, 9), "ngày 09 tháng 02 năm 2024"),
        (date(2024, 3, 15), "ngày 15 tháng 3 năm 2024"),
        (date(2024, 12, 31), "ngày 31 tháng 12 năm 2024"),
    ],
)
def test_days_below_ten_and_the_months_one_and_two_take_a_zero(day, expected):
    assert long_date(day) == expected
    assert date_line("Bình Dương", day) == f"Bình Dương, {expected}"


def test_what_is_not_known_yet_stays_open_in_the_date_line():
    assert date_line("", None) == "…………, ngày … tháng … năm …"


def test_the_weekday_is_derived_and_only_its_day_word_has_a_capital():
    assert running_weekday(date(2023, 3, 15)) == "thứ Tư"
    assert running_weekday(date(2024, 3, 15)) == "thứ Sáu"
    assert running_weekday(date(2024, 3, 17)) == "Chủ nhật"


def test_settings_of_others_are_left_alone():
    assert settings_of({"reception": 1, "place": "Tây Ninh", "issuer_lines": ["A", "B"]}).issuer_lines == ("A", "B")
