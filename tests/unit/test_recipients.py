"""Nơi nhận, forms of signing, and how a typed body prints (domain.md 1.1, 1.3, 2.2, Đ1)."""

from datetime import date

import pytest

from seminar.documents.content import Content, Line, Table, lacks_of, read_body, read_line, wrong_weekdays
from seminar.documents.layout import rules_for
from seminar.documents.models import DocumentKind, symbol_key
from seminar.documents.rules import (
    DocumentSettings,
    Recipient,
    Signing,
    authority_line,
    copies_of,
    printed_recipients,
    read_rows,
    recipient_of_line,
    require_copies,
    settings_of,
    shared_abbreviations,
    signing_of,
    signing_remarks,
)
from seminar.lib.errors import Refused

DAY = date(2024, 1, 25)


def lines(*rows: Recipient) -> list[tuple[str, str]]:
    return [line for block in printed_recipients(rows) for line in block.lines]


def test_lines_end_with_a_semicolon_and_the_last_with_a_stop():
    assert lines(
        Recipient("Như trên"), Recipient("Thường trực Tỉnh Đoàn", "để báo cáo"), Recipient("Lưu VP, TCKT")
    ) == [
        ("- Như trên;", ""),
        ("- Thường trực Tỉnh Đoàn (để báo cáo);", ""),
        ("- Lưu VP, TCKT.", ""),
    ]


def test_copies_are_raised_and_the_archive_names_all_of_them():
    assert lines(Recipient("Như trên"), Recipient("Sở GD&ĐT", "để p/h", 2), Recipient("Lưu TNNT, VT-LT")) == [
        ("- Như trên;", ""),
        ("- Sở GD&ĐT (để p/h);", "(2b)"),
        ("- Lưu TNNT, VT-LT.", "(4b)"),
    ]


def test_several_lines_with_one_purpose_share_a_rule():
    blocks = printed_recipients(
        [Recipient("Một", "để th/h"), Recipient("Hai", "để th/h", 1, True), Recipient("Lưu VT")]
    )
    assert [(block.lines, block.purpose) for block in blocks] == [
        ((("- Một;", ""), ("- Hai;", "")), "để th/h"),
        ((("- Lưu VT.", ""),), ""),
    ]


@pytest.mark.parametrize(
    ("line", "row"),
    [
        ("- Như trên;", Recipient("Như trên")),
        ("- Thường trực Tỉnh Đoàn (để báo cáo);", Recipient("Thường trực Tỉnh Đoàn", "để báo cáo")),
        ("- Lưu VP, TCKT.", Recipient("Lưu VP, TCKT")),
    ],
)
def test_older_settings_are_read_as_rows(line, row):
    assert recipient_of_line(line) == row


def test_what_addresses_nobody_is_not_like_above():
    settings = settings_of({"recipients": ["- Như trên;", "- Lưu VT."]})
    assert [row.to for row in settings.rows_for(DocumentKind.DISPATCH)] == ["Như trên", "Lưu VT"]
    assert [row.to for row in settings.rows_for(DocumentKind.PROGRAMME)] == ["Lưu VT"]
    own = settings_of({"recipients_of": {"programme": [{"to": "BTV", "purpose": "", "copies": 1, "is_joined": False}]}})
    assert [row.to for row in own.rows_for(DocumentKind.PROGRAMME)] == ["BTV"]


def test_rows_come_from_a_form_without_empty_ones():
    said = {
        "to-0": "- Như trên;",
        "copies-0": "x",
        "to-2": "Sở",
        "purpose-2": "(để p/h)",
        "copies-2": "3",
        "joined-2": "1",
    }
    assert read_rows(said, 40) == [Recipient("Như trên"), Recipient("Sở", "để p/h", 3, True)]
    assert read_rows({"to-0": "Một", "joined-0": "1"}, 40) == [Recipient("Một")]


def test_the_archive_comes_last_wherever_it_was_typed():
    said = {"to-0": "Lưu VP", "to-1": "Sở", "to-2": "Ban Tổ chức", "joined-2": "1"}
    assert read_rows(said, 40) == [Recipient("Sở"), Recipient("Ban Tổ chức", is_joined=True), Recipient("Lưu VP")]


@pytest.mark.parametrize(
    ("copies", "is_right"), [("", True), ("2", True), ("0", False), ("nhiều", False), ("1000", False)]
)
def test_copies_are_a_number(copies, is_right):
    said = {"to-0": "Sở", "copies-0": copies, "copies-1": "x"}
    if is_right:
        require_copies(said, 40)
    else:
        with pytest.raises(Refused, match="number from 1"):
            require_copies(said, 40)


def test_each_who_is_addressed_gets_a_copy():
    rows = [Recipient("Như trên"), Recipient("Sở", "", 2), Recipient("Lưu VT")]
    assert copies_of(rows, 20) == 23


@pytest.mark.parametrize(
    ("line", "signing", "body"),
    [
        ("TM. BAN THƯỜNG VỤ TỈNH ĐOÀN", Signing.COLLECTIVE, "BAN THƯỜNG VỤ TỈNH ĐOÀN"),
        ("TL. BAN THƯỜNG VỤ TỈNH ĐOÀN", Signing.ORDER, "BAN THƯỜNG VỤ TỈNH ĐOÀN"),
        ("KT. TRƯỞNG BAN", Signing.DEPUTY, "TRƯỞNG BAN"),
        ("Q. TRƯỞNG BAN", Signing.ACTING, "TRƯỞNG BAN"),
        ("CHÁNH VĂN PHÒNG", Signing.HEAD, "CHÁNH VĂN PHÒNG"),
    ],
)
def test_the_form_of_signing_is_the_bold_line(line, signing, body):
    assert signing_of(line) == (signing, body)
    assert authority_line(signing, body) == line


@pytest.mark.parametrize(
    ("authority", "title", "name", "words"),
    [
        ("TM. BAN THƯỜNG VỤ TỈNH ĐOÀN", "BÍ THƯ", "Trần Thị Mẫu", []),
        ("TM. BAN CHẤP HÀNH TỈNH ĐOÀN", "BÍ THƯ", "", []),
        ("TL. BAN THƯỜNG VỤ TỈNH ĐOÀN", "CHÁNH VĂN PHÒNG", "", []),
        ("KT. TRƯỞNG BAN", "PHÓ TRƯỞNG BAN", "", []),
        ("Q. TRƯỞNG BAN", "", "", []),
        ("CHÁNH VĂN PHÒNG", "", "", []),
        ("KT. BÍ THƯ", "PHÓ BÍ THƯ", "", ["knows no “KT. BÍ THƯ”"]),
        ("TM. TRƯỞNG BAN", "BÍ THƯ", "", ["signs for a collective"]),
        ("TL. BAN THƯỜNG VỤ", "PHÓ BÍ THƯ", "", ["A secretary signs"]),
        ("KT. TRƯỞNG BAN", "TRƯỞNG BAN", "", ["begins with PHÓ"]),
        ("Q. TRƯỞNG BAN", "TRƯỞNG BAN", "", ["one bold line"]),
        ("TM. BAN THƯỜNG VỤ", "", "", ["title of the signer is missing"]),
        ("T/M BAN THƯỜNG VỤ", "", "", ["Party's way"]),
        ("TM. BAN THƯỜNG VỤ", "BÍ THƯ", "TS. Trần Mẫu", ["academic title"]),
    ],
)
def test_what_the_guidance_says_against_a_form_of_signing(authority, title, name, words):
    found = [message.msgid for message in signing_remarks(authority, title, name)]
    assert len(found) == len(words)
    assert all(word in sentence for word, sentence in zip(words, found, strict=True))


def test_two_kinds_cannot_share_an_abbreviation():
    assert shared_abbreviations(DocumentSettings()) == []
    [(one, other, word)] = shared_abbreviations(DocumentSettings(abbreviations={"summons": "cv"}))
    assert {one, other} == {DocumentKind.SUMMONS, DocumentKind.DISPATCH}
    assert word.upper() == "CV"


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("1. Thời gian: 08 giờ 00.", Line("08 giờ 00.", strong="1. Thời gian:")),
        ("6. Yêu cầu:", Line("", strong="6. Yêu cầu:")),
        ("I. MỤC ĐÍCH", Line("I. MỤC ĐÍCH", style="section")),
        ("- Một;", Line("- Một;", style="item")),
        ("Trân trọng./.", Line("Trân trọng./.")),
        ("15/3/2024 là ngày: x", Line("15/3/2024 là ngày: x")),
    ],
)
def test_a_typed_line_prints_by_its_beginning(typed, line):
    assert read_line(typed) == line


def test_a_table_stands_where_its_name_is_in_brackets_whatever_the_case():
    table = Table(((("STT", 1, 1),),), (("1",),), (1,))
    assert read_body("Một\n\n[bảng Chỉ Tiêu]\n[Bảng khác]", {"Bảng chỉ tiêu": table}) == (
        Line("Một"),
        table,
        Line("[Bảng khác]"),
    )


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("ngày 15/3/2024 (thứ Sáu)", 0),
        ("Dự kiến ngày 15/3/2023 (Thứ sáu)", 1),
        ("31/02/2024 (thứ Hai)", 1),
        ("17/3/2024 (Chủ nhật)", 0),
        ("ngày 15/3/2024", 0),
    ],
)
def test_a_weekday_that_disagrees_with_its_date_is_told(text, count):
    assert len(wrong_weekdays(text)) == count


def content(**values) -> Content:
    known = {
        "kind": DocumentKind.DISPATCH,
        "symbol": "…",
        "subject": "mời viết bài",
        "day": None,
        "settings": DocumentSettings(signer_name="Trần Thị Mẫu"),
        "layout": rules_for(DAY),
        "addressees": ("Sở",),
        "blocks": (Line("Xin chào."),),
        "recipients": (Recipient("Như trên"), Recipient("Lưu VT")),
    }
    return Content(**{**known, **values})


def test_a_whole_dispatch_lacks_nothing():
    assert lacks_of(content()) == []


@pytest.mark.parametrize(
    ("values", "stops", "words"),
    [
        ({"subject": ""}, True, "no subject"),
        ({"addressees": ()}, True, "Nobody is addressed"),
        ({"blocks": ()}, True, "says nothing"),
        ({"blocks": (Line("[Bảng lạ]"),)}, True, "There is no table"),
        ({"recipients": ()}, True, "Nobody stands in Nơi nhận"),
        ({"blocks": (Line("hạn …………"),)}, False, "stands in"),
        ({"recipients": (Recipient("Như trên"), Recipient("Sở"))}, False, "names no archive"),
        ({"recipients": (Recipient("Lưu VT"),)}, False, "does not begin"),
        ({"settings": DocumentSettings()}, False, "name of the signer"),
        (
            {"settings": DocumentSettings(signer_name="A", authority="KT. BÍ THƯ", signer_title="PHÓ BÍ THƯ")},
            False,
            "KT.",
        ),
        ({"blocks": (Line("15/3/2023 (Thứ sáu)"),)}, False, "not a"),
    ],
)
def test_the_checker_names_what_is_missing(values, stops, words):
    lacks = lacks_of(content(**values))
    assert [lack.stops for lack in lacks if words in lack.message.msgid] == [stops]


def test_a_programme_needs_nobody_addressed():
    rows = (Recipient("Ban Thường vụ"), Recipient("Lưu VT"))
    assert lacks_of(content(kind=DocumentKind.PROGRAMME, addressees=(), recipients=rows)) == []


def test_a_symbol_is_found_as_it_is_typed():
    assert symbol_key("Số: 01 - CV/TĐTN - TCKT") == symbol_key("1-cv/tdtn-tckt")
