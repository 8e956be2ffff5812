"""Sheets as data: what is wrong with one is said in sentences; the official one is that of the plan, word for word."""

import pytest

from seminar.lib.errors import Refused
from seminar.statistics.documents.tables import together_label
from seminar.statistics.rules import ColumnKind, Level, count_of, problems, ratio_of, read_count
from seminar.statistics.rules.consolidation import Asked, Consolidation
from seminar.statistics.rules.defining import (
    WrongDefinition,
    changed_structure,
    checked_definition,
    definition_file,
    definition_of_file,
)
from seminar.statistics.rules.heads import authority_of, issuer_line, place_of, province_of
from seminar.statistics.rules.periods import quarter_end, quarter_name, quarters_from, span_name
from seminar.statistics.rules.returns import read_cells
from seminar.statistics.rules.starters import ANNEX, OFFICIAL, QUARTERLY, starters, with_years_until
from seminar.statistics.rules.typed import definition_typed, typed_in, typed_sheet

FORM = starters()[OFFICIAL]
SMALL = {
    "code": "nho",
    "title": "Biểu nhỏ",
    "layout": {"subject": "Về {years}", "row_heading": "Năm"},
    "columns": [
        {"key": "a", "label": "Cột A", "kind": "stock"},
        {"key": "b", "label": "Cột B", "kind": "flow"},
    ],
    "rows": [{"key": "2022", "label": "Năm 2022", "year": 2022}, {"key": "2023", "label": "Năm 2023", "year": 2023}],
    "formulas": [{"key": "s", "label": "Cộng", "kind": "sum", "of": ["a", "b"]}],
    "checks": [{"kind": "at_most", "left": "b", "right": "a", "level": "error"}],
}


def small(**changed):
    return {**SMALL, **changed}


def test_the_official_form_has_the_columns_and_rows_of_the_plan():
    assert [(column.heading, column.label) for column in FORM.columns] == [
        ("", "Tổng số đoàn viên"),
        ("", "Số đoàn viên ưu tú"),
        ("", "Chỉ tiêu được giao kết nạp Đảng"),
        ("", "Số học sinh được kết nạp đảng"),
        ("", "Số sinh viên được kết nạp đảng"),
        ("Số TNCCN được kết nạp Đảng", "Khu vực nhà nước"),
        ("Số TNCCN được kết nạp Đảng", "Khu vực DN ngoài nhà nước"),
    ]
    assert [row.label for row in FORM.rows] == ["Năm 2021", "Năm 2022", "Năm 2023"]
    assert [column.kind for column in FORM.columns] == [ColumnKind.STOCK] * 2 + [ColumnKind.FLOW] * 5
    assert (FORM.layout.title, FORM.layout.number_heading, FORM.layout.row_heading) == ("BÁO CÁO", "TT", "Năm")


def test_the_forms_checks_are_those_of_the_specification():
    keys = [column.key for column in FORM.columns]
    values = {("2021", key): count for key, count in zip(keys, (100, 120, 0, 50, 40, 20, 30), strict=True)}
    found = [(one.level, one.keys) for one in problems(FORM, values)]
    assert found == [
        (Level.ERROR, ("outstanding", "members")),
        (Level.WARNING, ("admitted", "outstanding")),
        (Level.WARNING, ("quota", "admitted")),
    ]
    assert count_of(FORM, values, "2021", "admitted") == 140
    assert ratio_of(FORM, values, "2021", "completion") is None
    del values["2021", "pupils"]
    assert count_of(FORM, values, "2021", "admitted") is None


@pytest.mark.parametrize(
    ("typed", "level"),
    [
        ({"members": "9.000", "outstanding": "9.001"}, Level.ERROR),
        ({"members": "9.000", "outstanding": "9.000"}, None),
        (
            {"outstanding": "10", "pupils": "5", "students": "3", "workers_state": "2", "workers_private": "1"},
            "warning",
        ),
        ({"outstanding": "10", "pupils": "5", "students": "3", "workers_state": "2"}, None),
    ],
)
def test_worked_example_8_of_the_specification(typed, level):
    """ĐVƯT > đoàn viên is an error, Kq > ĐVƯT a warning, of a Kq that is whole; "9.000" is read as 9000."""
    reading = read_cells(FORM, {f"2021.{key}": text for key, text in typed.items()})
    assert [one.level for one in reading.problems] == ([] if level is None else [level])
    assert reading.values[("2021", "outstanding")] == int(typed["outstanding"].replace(".", ""))
    assert reading.is_right == (level != Level.ERROR)
    assert len(reading.blank) == 21 - len(typed)


def test_worked_example_8_a_missing_unit_is_no_nought_in_the_totals():
    values = {("2021", "members"): 9000}
    whole = Consolidation(FORM, (1, 2), {1: values})
    total = whole.total(Asked("2021", "members"))
    assert (total.value, total.counted, total.lacking, total.is_whole) == (9000, (1,), (2,), False)
    assert whole.of_unit(2, Asked("2021", "members")) is None
    assert whole.total(Asked("2021", "quota")).value is None


@pytest.mark.parametrize(
    ("text", "count"),
    [("9.000", 9000), ("9,000", 9000), ("9 000", 9000), ("1.234.567", 1234567), ("0", 0), ("12,0", 12), (" ", None)],
)
def test_counts_are_read_as_people_write_them(text, count):
    assert read_count(text) == count


@pytest.mark.parametrize("text", ["0.123", "0,500", "00.123", "9.5", "1.2345", "-1", "–", "9.000,5", "1.000,000.000"])
def test_what_is_no_count_is_refused(text):
    with pytest.raises(Refused):
        read_count(text)


def test_the_annex_is_no_part_of_the_form_and_says_that_it_is_free():
    annex = starters()[ANNEX]
    assert "không bắt buộc" in annex.title
    assert not {column.key for column in annex.columns} & {column.key for column in FORM.columns}


@pytest.mark.parametrize("code", [OFFICIAL, ANNEX, QUARTERLY])
def test_a_sheet_travels_as_a_file_and_through_the_page_unchanged(code):
    definition = starters()[code]
    assert definition_of_file(definition_file(definition).encode()) == definition
    assert (
        definition_of_file(b"\xef\xbb\xbf" + definition_file(definition).replace("\n", "\r\n").encode()) == definition
    )
    assert definition_typed(typed_in(fields_of(typed_sheet(definition))), code) == definition


def fields_of(typed):
    fields = {"title": typed.title, "note": typed.note, "code": typed.code}
    fields |= {f"layout-{name}": text for name, text in typed.layout.items()}
    if typed.is_landscape:
        fields["layout-is_landscape"] = "y"
    for name in ("column", "row", "formula", "check"):
        for place, line in enumerate(getattr(typed, f"{name}s")):
            fields |= {f"{name}-{place}-{one}": text for one, text in line.items()}
    return fields


def test_texts_with_quotes_and_signs_travel_too():
    strange = 'Cột "A" \\ b {x}\nhàng hai'
    definition = checked_definition(small(note=strange))
    assert definition_of_file(definition_file(definition).encode()).note == strange


def test_signs_that_nobody_sees_are_taken_out_and_lengths_have_an_end():
    hidden = checked_definition(small(title="Biểu\u0000 nhỏ\u200b\u007f", note="a\u0000\nb"))
    assert (hidden.title, hidden.note) == ("Biểu nhỏ", "a\nb")
    with pytest.raises(WrongDefinition) as refusal:
        checked_definition(small(columns=[dict(SMALL["columns"][0], heading="x" * 301), SMALL["columns"][1]]))
    assert refusal.value.messages[0].values["most"] == 300


@pytest.mark.parametrize(
    ("changed", "msgid"),
    [
        ({"columns": []}, "%(where)s: write at least one under “%(field)s”."),
        (
            {"code": "Mã Số"},
            "%(where)s: “%(field)s” has small letters without accents, digits, - and _ only, at most 40.",
        ),
        ({"columns": [{"key": "a", "label": " ", "kind": "stock"}]}, "%(where)s: “%(field)s” is missing."),
        ({"columns": [{"key": "a", "label": "A", "kind": "số"}]}, "%(where)s: “%(field)s” is one of: %(choices)s."),
        ({"colour": "red"}, "%(where)s: nothing here is called “%(field)s”."),
        ({"rows": [{"key": "x", "label": "X", "year": "năm"}]}, "%(where)s: “%(field)s” cannot be read."),
        ({"rows": 3}, "%(where)s: “%(field)s” cannot be read."),
        ({"title": "x" * 400}, "The title is too long: at most %(most)s characters."),
        (
            {"columns": [*SMALL["columns"], dict(SMALL["columns"][0], label="C")]},
            "Two columns or formulas have the key “%(key)s”: each has its own.",
        ),
        (
            {"rows": [*SMALL["rows"], {"key": "2022", "label": "Khác"}]},
            "Two rows have the key “%(key)s”: each has its own.",
        ),
        (
            {"columns": [*SMALL["columns"], {"key": "c", "label": "cột a", "kind": "flow"}]},
            "Two columns are called “%(label)s”: an Excel file could not tell them apart.",
        ),
        (
            {"rows": [SMALL["rows"][0], {"key": "x", "label": "Khác", "year": 2022}]},
            "Two rows are of the year %(year)s.",
        ),
        (
            {"rows": [{"key": "x", "label": "Năm 20", "year": 20}]},
            "Row “%(label)s”: write a year between 1900 and 2200.",
        ),
        (
            {"formulas": [{"key": "s", "label": "Cộng", "kind": "sum", "of": ["a", "t"]}]},
            "The formula “%(label)s” counts with “%(key)s”, which is no column and no formula before it.",
        ),
        (
            {"formulas": [{"key": "s", "label": "Cộng", "kind": "sum", "of": ["a", "s"]}]},
            "The formula “%(label)s” counts with “%(key)s”, which is no column and no formula before it.",
        ),
        (
            {"formulas": [{"key": "s", "label": "Cộng", "kind": "sum", "of": ["a"]}]},
            "%(where)s: name at least two parts.",
        ),
        (
            {"formulas": [{"key": "s", "label": "Tỷ lệ", "kind": "ratio", "of": ["a", "b", "a"]}], "checks": []},
            "The ratio “%(label)s” has exactly two parts, as 3 / 4.",
        ),
        (
            {"formulas": [{"key": "s", "label": "Cộng", "kind": "sum", "of": ["a", "a"]}]},
            "The formula “%(label)s” counts the same column twice.",
        ),
        (
            {"checks": [{"kind": "at_most", "left": "b", "level": "error"}]},
            "Check %(number)s compares with nothing: name the right side.",
        ),
        (
            {"checks": [{"kind": "at_most", "left": "b", "right": "x", "level": "error"}]},
            "Check %(number)s names “%(key)s”, which is no column and no sum.",
        ),
        (
            {"checks": [{"kind": "at_most", "left": "b", "right": "b", "level": "error"}]},
            "Check %(number)s compares “%(key)s” with itself.",
        ),
        (
            {"checks": [{"kind": "jump", "left": "b", "percent": 0, "level": "warning"}]},
            "Check %(number)s: write a percentage from 1 to 1000.",
        ),
        (
            {"rows": [{"key": "x", "label": "X"}], "checks": [{"kind": "jump", "left": "b", "level": "warning"}]},
            "Check %(number)s compares years, and no row has a year.",
        ),
        (
            {"layout": {"subject": "Về {nam}", "row_heading": "Năm"}},
            "In the subject only {province}, {years} and {period} stand in braces.",
        ),
        (
            {
                "columns": [
                    {"key": "a", "label": "A", "heading": "Chung", "kind": "flow"},
                    {"key": "b", "label": "B", "kind": "flow"},
                    {"key": "c", "label": "C", "heading": "Chung", "kind": "flow"},
                ]
            },
            "The columns under “%(heading)s” must stand beside each other.",
        ),
    ],
)
def test_every_wrong_definition_has_its_sentence(changed, msgid):
    with pytest.raises(WrongDefinition) as refusal:
        checked_definition(small(**changed))
    assert [message.msgid for message in refusal.value.messages] == [msgid]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"a = ", "no TOML"),
        (b"PK\x03\x04", "no TOML"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"a" * 300_000, "too large"),
        (b"x = " + b"[" * 100_000, "no TOML"),
        (b"x = " + b"9" * 5000, "no TOML"),
        (b".".join([b"a"] * 90_000) + b" = 1", "no TOML"),
        (b"x = {" + b" . ".join([b"'a'"] * 30_000) + b" = 1}", "no TOML"),
        (b"title = 1\n" + b"a" * 190_000, "no TOML"),
    ],
)
def test_a_file_that_is_none_is_said(content, words):
    with pytest.raises(WrongDefinition) as refusal:
        definition_of_file(content)
    assert words in refusal.value.messages[0].msgid


def test_sums_of_sums_count_each_column_once():
    """Else twenty of them would count half a million columns, for each row and check."""
    growing = [
        {
            "key": f"s{number}",
            "label": f"Tổng {number}",
            "kind": "sum",
            "of": ["a", "b", *(f"s{one}" for one in range(number))],
        }
        for number in range(20)
    ]
    with pytest.raises(WrongDefinition) as refusal:
        checked_definition(small(formulas=growing, checks=[]))
    said = [message.values["label"] for message in refusal.value.messages]
    assert said == [f"Tổng {number}" for number in range(1, 20)]


def test_a_sum_of_sums_and_a_ratio_of_a_part_in_its_sum_are_right():
    columns = [{"key": key, "label": f"Cột {key}", "kind": "flow"} for key in "abc"]
    formulas = [
        {"key": "s", "label": "Cộng", "kind": "sum", "of": ["a", "b"]},
        {"key": "t", "label": "Tất cả", "kind": "sum", "of": ["s", "c"]},
        {"key": "r", "label": "Tỷ lệ", "kind": "ratio", "of": ["s", "t"]},
    ]
    assert len(checked_definition(small(columns=columns, formulas=formulas, checks=[])).formulas) == 3


@pytest.mark.parametrize("subject", ["{0.__class__}", "{ye{province}ars}", "{{province}", "{province!r}", "{}"])
def test_nothing_but_the_three_words_stands_in_braces(subject):
    with pytest.raises(WrongDefinition):
        checked_definition(small(layout={"subject": subject, "row_heading": "Năm"}))


def test_all_that_is_wrong_is_said_at_once():
    with pytest.raises(WrongDefinition) as refusal:
        checked_definition({"columns": [{}], "rows": []})
    assert len(refusal.value.messages) >= 6


def test_words_and_order_are_no_structure_and_kinds_are():
    renamed = small(
        title="Khác", columns=[dict(SMALL["columns"][1], label="B mới"), SMALL["columns"][0]], formulas=[], checks=[]
    )
    before = checked_definition(SMALL)
    assert not changed_structure(before, checked_definition(renamed))
    turned = small(columns=[dict(SMALL["columns"][0], kind="flow"), SMALL["columns"][1]])
    assert changed_structure(before, checked_definition(turned))
    assert changed_structure(before, checked_definition(small(rows=SMALL["rows"][:1])))


def test_a_sheet_is_made_on_a_page_without_keys_or_code():
    fields = {
        "title": "Số chi đoàn",
        "layout-subject": "Số chi đoàn {years}",
        "layout-row_heading": "Năm",
        "column-0-label": "Số chi đoàn",
        "column-0-kind": "stock",
        "column-1-label": "Số chi đoàn mạnh",
        "column-1-kind": "stock",
        "row-0-label": "Năm 2024",
        "row-1-label": "Năm 2023",
        "row-1-place": "1",
        "row-0-place": "2",
        "formula-0-label": "Tỷ lệ mạnh",
        "formula-0-of": "(2) / (1)",
        "check-0-left": "2",
        "check-0-right": "1",
        "check-0-kind": "at_most",
        "check-0-level": "error",
    }
    made = definition_typed(typed_in(fields))
    assert made.code == "so-chi-doan"
    assert [(column.key, column.label) for column in made.columns] == [
        ("so-chi-doan", "Số chi đoàn"),
        ("so-chi-doan-manh", "Số chi đoàn mạnh"),
    ]
    assert [(row.key, row.year) for row in made.rows] == [("2023", 2023), ("2024", 2024)]
    assert made.formulas[0].of == ("so-chi-doan-manh", "so-chi-doan")
    assert (made.checks[0].left, made.checks[0].right) == ("so-chi-doan-manh", "so-chi-doan")


def test_what_is_not_said_of_the_print_is_taken_from_the_title_and_the_rows():
    fields = {"title": "Số chi đoàn", "layout-subject": "", "layout-row_heading": "", "column-0-label": "Số chi đoàn"}
    fields |= {"column-0-kind": "stock", "row-0-label": "Trường học"}
    made = definition_typed(typed_in(fields)).layout
    assert (made.subject, made.row_heading) == ("Số chi đoàn\n{period}", "Nội dung")
    assert definition_typed(typed_in(fields | {"row-0-year": "2024"})).layout.row_heading == "Năm"


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("Tình hình chi đoàn trong doanh nghiệp", "tinh-hinh-chi-doan-trong-doanh"),
        ("Tình hình chi đoàn trong doanh nhân", "tinh-hinh-chi-doan-trong-doanh-nhan"),
        ("x" * 60, "x" * 36),
        ("???", "bieu"),
    ],
)
def test_a_short_name_is_of_whole_words(title, code):
    fields = {"title": title, "column-0-label": "A", "column-0-kind": "stock", "row-0-label": "B"}
    assert definition_typed(typed_in(fields)).code == code


def test_a_year_in_words_is_said_once():
    fields = fields_of(typed_sheet(FORM)) | {"row-3-label": "Năm sau", "row-3-year": "năm sau"}
    with pytest.raises(WrongDefinition) as refusal:
        definition_typed(typed_in(fields), OFFICIAL)
    assert [one.msgid for one in refusal.value.messages] == ["Row “%(label)s”: write the year in digits, as 2021."]


def test_a_formula_that_names_a_column_taken_away_is_said():
    fields = fields_of(typed_sheet(FORM)) | {"column-1-label": ""}
    with pytest.raises(WrongDefinition) as refusal:
        definition_typed(typed_in(fields), OFFICIAL)
    formulas = [one.values for one in refusal.value.messages if "letter of a formula" in one.msgid][:2]
    assert formulas == [
        {"label": "Đoàn viên ưu tú trên tổng số đoàn viên", "part": "2"},
        {"label": "Kết nạp trên số đoàn viên ưu tú", "part": "2"},
    ]


def test_faults_of_formulas_and_of_the_rest_are_said_together():
    fields = {
        "title": "Biểu",
        "column-0-label": "A",
        "column-0-kind": "flow",
        "formula-0-label": "T",
        "formula-0-of": "1 + x",
        "check-0-left": "9",
    }
    with pytest.raises(WrongDefinition) as refusal:
        definition_typed(typed_in(fields))
    assert [one.msgid for one in refusal.value.messages] == [
        "Formula “%(label)s”: “%(part)s” is no number of a column and no letter of a formula.",
        "Check: “%(part)s” is no number of a column and no letter of a formula.",
        "%(where)s: write at least one under “%(field)s”.",
    ]


def test_a_seminar_of_another_year_is_asked_for_the_years_before_it():
    moved = with_years_until(FORM, 2025)
    assert [(row.key, row.label, row.year) for row in moved.rows] == [
        ("2023", "Năm 2023", 2023),
        ("2024", "Năm 2024", 2024),
        ("2025", "Năm 2025", 2025),
    ]
    assert span_name(moved) == "giai đoạn 2023 - 2025"
    assert with_years_until(FORM, 2023) is FORM
    quarterly = starters()[QUARTERLY]
    assert with_years_until(quarterly, 2030) is quarterly


def test_quarters_follow_each_other_over_the_turn_of_the_year():
    assert list(quarters_from(2021, 3, 4)) == [(2021, 3), (2021, 4), (2022, 1), (2022, 2)]
    assert [quarter_end(2024, quarter).strftime("%d/%m/%Y") for quarter in (1, 2, 3, 4)] == [
        "31/03/2024",
        "30/06/2024",
        "30/09/2024",
        "31/12/2024",
    ]
    assert quarter_name(2021, 3) == "quý III/2021"


@pytest.mark.parametrize(
    ("unit", "issuer", "authority", "place"),
    [
        ("Huyện Đoàn Bàu Bàng", "BCH ĐOÀN HUYỆN BÀU BÀNG", "HUYỆN ĐOÀN", "Bàu Bàng"),
        ("Thành Đoàn Thủ Dầu Một", "BCH ĐOÀN THÀNH PHỐ THỦ DẦU MỘT", "THÀNH ĐOÀN", "Thủ Dầu Một"),
        ("Thị Đoàn Bến Cát", "BCH ĐOÀN THỊ XÃ BẾN CÁT", "THỊ ĐOÀN", "Bến Cát"),
        (
            "Đoàn trường Đại học Thủ Dầu Một",
            "BCH ĐOÀN TRƯỜNG ĐẠI HỌC THỦ DẦU MỘT",
            "ĐOÀN TRƯỜNG ĐẠI HỌC THỦ DẦU MỘT",
            "Bình Dương",
        ),
    ],
)
def test_a_unit_stands_on_its_form_as_the_guidance_has_it(unit, issuer, authority, place):
    assert (issuer_line(unit), authority_of(unit), place_of(unit, "Bình Dương")) == (issuer, authority, place)


def test_the_province_is_read_off_the_issuer():
    assert province_of(["BCH ĐOÀN TỈNH BÌNH DƯƠNG"]) == "tỉnh Bình Dương"
    assert province_of(["ĐOÀN KHỐI"]) == ""


def test_years_are_summed_from_one_to_the_other_and_sectors_simply():
    assert together_label(FORM) == "Cộng: Năm 2021 – Năm 2023"
    assert together_label(starters()[QUARTERLY]) == "Cộng"
