"""Vietnamese text: order, folding, cleaning (domain.md 5.1)."""

import unicodedata

import pytest

from seminar.lib.text import clean, clean_block, fold, sort_key, thousands

ICU_ORDER = ["An", "Anh", "Ành", "Ảnh", "Ãnh", "Ánh", "Ạnh", "Ăn", "Ân", "Ẩn", "Dung", "Đạt"]


def in_order(names):
    return sorted(names, key=sort_key)


def test_given_names_sort_as_icu_sorts_vietnamese():
    assert in_order(ICU_ORDER[::-1]) == ICU_ORDER


def test_every_letter_of_the_alphabet_comes_in_its_place():
    alphabet = list("AĂÂBCDĐEÊGHIKLMNOÔƠPQRSTUƯVXY")
    assert in_order(alphabet[::-1]) == alphabet


def test_people_sort_by_given_then_middle_then_family_name():
    people = [
        "An",
        "Nguyễn An",
        "Trần An",
        "Nguyễn Thị An",
        "Lê Thị Kim An",
        "Nguyễn Thị Kim An",
        "Bùi Văn An",
        "Bùi Hoàng Anh",
        "Đặng Hoàng Ánh",
        "Cao Dung",
        "Phạm Đạt",
    ]
    assert in_order(people[::-1]) == people


def test_a_tone_decides_only_where_all_letters_are_equal():
    people = ["Lê Hoa Bình", "Lê Hoà Bình", "Lê Hoán Bình"]
    assert in_order(people[::-1]) == people


def test_the_key_is_digits_so_that_every_collation_agrees():
    assert sort_key("Đặng Thị Ngọc Ánh 2 (Ban B)").isascii()
    assert sort_key("Đặng Thị Ngọc Ánh 2 (Ban B)").isdecimal()


def test_case_and_composition_do_not_change_the_order():
    name = "Đỗ Thị Ánh"
    assert sort_key(name) == sort_key(name.upper()) == sort_key(unicodedata.normalize("NFD", name))


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Nguyễn  Thị", "nguyen thi"),
        (unicodedata.normalize("NFD", "Nguyễn Thị"), "nguyen thi"),
        ("ĐOÀN", "doan"),
        ("Ðoàn", "doan"),  # U+00D0, as old files write it
        ("Hòa", "hoa"),
        ("Hoà", "hoa"),
        ("Ơ hơ Ư", "o ho u"),
        (None, ""),
    ],
)
def test_folding_drops_case_and_accents(typed, folded):
    assert fold(typed) == folded


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("  DƯƠNG PHƯƠNG   DUYÊN ", "DƯƠNG PHƯƠNG DUYÊN"),
        ("Nguyễn\u00a0Văn\u200b A\x00", "Nguyễn Văn A"),
        (unicodedata.normalize("NFD", "Nguyễn"), "Nguyễn"),
        ("a\u200b\u0301", "á"),
        ("A\r\nB", "A B"),
    ],
)
def test_cleaning_keeps_what_was_meant(typed, cleaned):
    assert clean(typed) == cleaned
    assert unicodedata.is_normalized("NFC", clean(typed))


def test_a_block_keeps_its_lines():
    assert clean_block(" một \r\n  hai\rba ") == "một\nhai\nba"


def test_thousands_have_points():
    assert thousands(9000) == "9.000"


def test_a_text_for_an_sms_loses_its_accents_and_keeps_capitals_lines_and_the_link():
    from seminar.lib.text import unaccented

    text = "Đề nghị “đơn vị” gửi – trước\u00a001/3…\nhttps://a.vn/u/12"
    assert unaccented(text) == 'De nghi "don vi" gui - truoc 01/3.\nhttps://a.vn/u/12'
