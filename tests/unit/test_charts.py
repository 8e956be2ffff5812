"""Charts: valid drawings without styles, every figure as text, what is missing is a gap and never a zero."""

from fractions import Fraction
from xml.etree import ElementTree

import pytest

from seminar.lib.text import decimal, percent
from seminar.statistics.documents.charts import Chart, ChartKind, Mark, Measure, Series, chart_svg

SVG = "{http://www.w3.org/2000/svg}"
YEARS = ("Năm 2021", "Năm 2022", "Năm 2023")
PUPILS = Series("Học sinh", (120, 0, None))
STUDENTS = Series("Sinh viên", (1244, 301, 310))


def drawn(chart: Chart) -> ElementTree.Element:
    return ElementTree.fromstring(chart_svg(chart, "one"))


def texts(chart: Chart) -> list[str]:
    return [one.text or "" for one in drawn(chart).iter(f"{SVG}text")]


def bars(chart: Chart) -> list[ElementTree.Element]:
    defined = {id(one) for part in drawn(chart).iter(f"{SVG}defs") for one in part.iter()}
    return [one for one in drawn(chart).iter(f"{SVG}rect") if id(one) not in defined and one.get("x")]


@pytest.mark.parametrize("kind", ChartKind)
def test_every_figure_stands_there_as_text(kind):
    found = texts(Chart("Kết nạp", YEARS, (PUPILS, STUDENTS), kind))
    expected = ["120", "0", "1.244", "301", "310"] if kind != ChartKind.LINE else ["1.244", "310"]
    assert [one for one in expected if one not in found] == []


@pytest.mark.parametrize("kind", [ChartKind.BARS, ChartKind.COLUMNS])
def test_what_is_missing_is_no_bar_and_no_nought(kind):
    chart = Chart("Kết nạp", ("A",), (Series("Học sinh", (None,)),), kind)
    assert (len(bars(chart)), "…" in texts(chart)) == (0, True)


def test_a_line_breaks_where_a_value_is_missing():
    chart = Chart("Cộng dồn", ("I", "II", "III", "IV", "V"), (Series("a", (1, 2, None, 4, 5)),), ChartKind.LINE)
    assert len(list(drawn(chart).iter(f"{SVG}polyline"))) == 2


def test_who_does_not_see_it_hears_title_and_all_figures():
    svg = drawn(Chart("Kết nạp", YEARS, (PUPILS,), marks=(Mark("Chỉ tiêu", 90),)))
    named = {one.get("id"): one.text for one in svg if one.get("id")}
    assert svg.get("role") == "img"
    assert [named[name] for name in (svg.get("aria-labelledby") or "").split()] == [
        "Kết nạp",
        "Năm 2021: Học sinh 120; Năm 2022: Học sinh 0; Năm 2023: Học sinh chưa đủ số liệu; Chỉ tiêu: 90.",
    ]


@pytest.mark.parametrize("kind", ChartKind)
def test_no_style_and_no_script_that_the_policy_would_refuse(kind):
    svg = drawn(Chart("Kết nạp", YEARS, (PUPILS, STUDENTS), kind))
    assert [one.tag for one in svg.iter() if "style" in one.attrib or one.tag in (f"{SVG}style", f"{SVG}script")] == []


def test_words_are_escaped():
    assert "Thị Đoàn <Bến & Cát>" in texts(Chart("x", ("Thị Đoàn <Bến & Cát>",), (Series("a", (1,)),), ChartKind.BARS))


def test_series_differ_by_pattern_and_not_by_colour_alone():
    chart = Chart("Kết nạp", ("A",), tuple(Series(str(n), (n + 1,)) for n in range(4)))
    fills = {one.get("fill") for one in bars(chart)}
    assert fills == {"#2b66c4", "url(#one-1)", "url(#one-2)", "url(#one-3)"}


def test_shares_are_drawn_as_percent_with_the_mark_named():
    chart = Chart(
        "Tỷ lệ", ("A",), (Series("a", (Fraction(5, 9),)),), measure=Measure.PERCENT, marks=(Mark("Chỉ tiêu", 1),)
    )
    assert [one for one in texts(chart) if "%" in one and "Chỉ" not in one] == [
        "0\u00a0%", "20\u00a0%", "40\u00a0%", "60\u00a0%", "80\u00a0%", "100\u00a0%", "55,6\u00a0%",
    ]  # fmt: skip


def test_all_noughts_and_nothing_at_all_are_drawn():
    assert texts(Chart("x", YEARS, (Series("a", (0, 0, 0)),))).count("0") == 4
    assert drawn(Chart("x", (), (Series("a", ()),), ChartKind.BARS)) is not None


@pytest.mark.parametrize(
    ("share", "places", "said"),
    [
        (Fraction(5000, 9000), 2, "55,56\u00a0%"),
        (Fraction(7, 10), 0, "70\u00a0%"),
        (Fraction(1, 800), 1, "0,1\u00a0%"),
        (Fraction(-1, 3), 1, "−33,3\u00a0%"),
        (Fraction(-1, 10000), 1, "0,0\u00a0%"),
        (12, 1, "1.200,0\u00a0%"),
    ],
)
def test_percent_is_written_as_vietnamese_writes_it(share, places, said):
    assert percent(share, places) == said


def test_halves_go_away_from_zero():
    assert [decimal(Fraction(n, 2), 0) for n in (1, 3, -1, -3)] == ["1", "2", "−1", "−2"]


def places(chart: Chart) -> dict[str, tuple[float, float]]:
    """Text -> where it stands."""
    return {
        one.text or "": (float(one.get("x") or 0), float(one.get("y") or 0)) for one in drawn(chart).iter(f"{SVG}text")
    }


def axis(chart: Chart) -> tuple[float, float]:
    """(x of its left end, y) of the base line."""
    [line] = [one for one in drawn(chart).iter(f"{SVG}line") if one.get("stroke-opacity") == "1"]
    return float(line.get("x1") or 0), float(line.get("y1") or 0)


def test_the_first_figures_of_a_line_do_not_stand_on_the_axis():
    """An even course of 450 a quarter over what was reached: the lower words stood under the axis, on its labels."""
    even, reached = (450, 900, 1350, 9000), (37, 400, 1301, 8800)
    chart = Chart("Cộng dồn", ("I", "II", "III", "IV"), (Series("a", even), Series("b", reached)), ChartKind.LINE)
    found, base = places(chart), axis(chart)[1]
    said = {
        text: y
        for text, (_x, y) in found.items()
        if text in ("450", "37", "900", "400", "1.350", "1.301", "9.000", "8.800")
    }
    assert all(y < base - 2 for y in said.values())
    assert "37" not in said, "no room between the two lines and the axis; the words beside the drawing have it"
    assert said["1.301"] > said["1.350"]
    assert "I: a 450, b 37" in chart.description


def test_a_low_figure_stands_over_its_point_where_the_other_line_is_far():
    chart = Chart("Cộng dồn", ("I",), (Series("a", (9000,)), Series("b", (37,))), ChartKind.LINE)
    assert places(chart)["37"][1] < axis(chart)[1] - 2


def test_words_at_either_end_stay_inside_the_axis_and_the_drawing():
    labels = tuple(str(number) for number in range(20))
    for place in (0, 19):
        values = tuple(123456 if number == place else None for number in range(20))
        chart = Chart("Cộng dồn", labels, (Series("a", values),), ChartKind.LINE)
        x, half = places(chart)["123.456"][0], len("123.456") * 0.51 * 12 / 2
        assert axis(chart)[0] + 2 < x - half
        assert x + half < 500
