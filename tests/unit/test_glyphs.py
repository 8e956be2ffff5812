"""The shipped font has every letter of Vietnamese; what it lacks is told before it vanishes from a PDF."""

import unicodedata

import pytest

from seminar.documents import glyphs
from seminar.lib.errors import Refused

TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
VOWELS = "aăâeêioôơuưy"
LETTERS = {
    case(unicodedata.normalize("NFC", vowel + tone))
    for vowel in VOWELS
    for tone in TONES
    for case in (str.lower, str.upper)
} | {"đ", "Đ"}


def test_the_font_has_the_146_letters_and_the_signs_of_documents():
    assert len(LETTERS) == 146
    assert glyphs.unprintable("".join(sorted(LETTERS))) == []
    assert glyphs.unprintable("“”‘’–—…•№≥≤→₫ 0123456789()[]/.,;:-+%&@*") == []


def test_a_character_that_would_vanish_is_named_with_its_text():
    assert glyphs.unprintable("Nguyễn ☐ 😀 ☐") == ["☐", "😀"]
    with pytest.raises(Refused, match="Nguyễn 😀"):
        glyphs.refuse_unprintable({"letters": [{"name": "Nguyễn 😀", "lines": ("x",)}]})


def test_plain_values_pass():
    glyphs.refuse_unprintable({"a": ["Nguyễn", 1, None], "b": True})


def test_without_the_font_nothing_is_called_missing(monkeypatch):
    monkeypatch.setattr(glyphs, "covered", frozenset)
    assert glyphs.unprintable("😀") == []
