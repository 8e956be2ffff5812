"""Vietnamese text: NFC at the edge, folding for search, sort keys in ICU's `vi` order (domain.md 5.1)."""

import re
import unicodedata
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from math import floor

ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
# Tones in the order of CLDR/ICU `vi`: ngang < huyền < hỏi < ngã < sắc < nặng.
TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
# Marks that make another letter of the alphabet, not a tone: breve, circumflex, horn.
SHAPES = {"\u0306", "\u0302", "\u031b"}
LETTER_RANK = {letter: rank for rank, letter in enumerate(ALPHABET, start=1)}

# Combining marks go; Đ does not decompose, Ð (eth) and Ɖ look like it and stand for it in older files.
BARE = dict.fromkeys((*range(0x300, 0x370), *range(0x1AB0, 0x1B00), *range(0x1DC0, 0x1E00), *range(0x20D0, 0x2100)))
BARE |= str.maketrans("đĐðÐɖƉ", "dddddd")

INVISIBLE = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
SPACES = re.compile(r"[\s\u00a0\u2007\u202f]+")


def clean(text: str | None) -> str:
    """One line as a person meant it: NFC, no control or invisible characters, single spaces, trimmed."""
    if not text:
        return ""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    return SPACES.sub(" ", unicodedata.normalize("NFC", INVISIBLE.sub("", text))).strip()


def clean_block(text: str | None) -> str:
    """Several lines: as `clean`, but line breaks are kept (and \\r\\n becomes \\n)."""
    lines = (text or "").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(clean(line) for line in lines).strip("\n")


def fold(text: str | None) -> str:
    """The text without case, accents and double spaces, đ as d: what search and matching compare."""
    return unicodedata.normalize("NFD", clean(text)).translate(BARE).casefold()


def unaccented(text: str) -> str:
    """The text in plain ASCII as far as it goes, capitals and line breaks kept: what an SMS carries in one piece."""
    bare = unicodedata.normalize("NFD", text).translate(BARE | str.maketrans("ĐÐƉ", "DDD"))
    return bare.translate(str.maketrans("“”‘’–—…\N{NO-BREAK SPACE}", "\"\"''--. "))


@lru_cache(maxsize=4096)
def letter_key(character: str) -> tuple[str, str]:
    """(two digits for the letter, one for its tone) of one character: signs, then digits, then the alphabet."""
    parts = unicodedata.normalize("NFD", character.casefold().replace("ð", "đ"))
    tone = str(next((TONES[mark] for mark in parts if mark in TONES), 0))
    letter = unicodedata.normalize("NFC", "".join(c for c in parts if c == parts[0] or c in SHAPES))
    if letter in LETTER_RANK:
        return f"{12 + LETTER_RANK[letter]:02d}", tone
    if parts[0].isdigit():
        return f"{3 + unicodedata.digit(parts[0]):02d}", "0"
    return (f"{12 + LETTER_RANK[parts[0]]:02d}", tone) if parts[0] in LETTER_RANK else ("02", "0")


def words_key(words: Sequence[str]) -> str:
    """Sorts as ICU `vi` sorts the words: all letters first, then all tones; what is a prefix of another comes before it.

    Digits only (00 ends the words, 01 stands between two), so that every collation of every database agrees.
    """
    keys = [[letter_key(character) for character in unicodedata.normalize("NFC", word)] for word in words]
    letters = "01".join("".join(letter for letter, _ in word) for word in keys)
    return f"{letters}00{''.join(tone for word in keys for _, tone in word)}"


def sort_key(full_name: str) -> str:
    """Orders people by tên, then đệm, then họ (domain.md 5.1); a single name comes before longer ones of that tên."""
    *before, given = clean(full_name).split(" ")
    return (words_key([given]) + words_key(before[1:]) + words_key(before[:1]))[:400]


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters, with an ellipsis where something was left out."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def thousands(number: int) -> str:
    """9000 -> "9.000", as Vietnamese writes it."""
    return f"{number:,}".replace(",", ".")


def decimal(number: int | Fraction, places: int) -> str:
    """12.5 -> "12,5", with exactly so many places, halves away from zero."""
    scaled = floor(abs(number) * 10**places + Fraction(1, 2))
    sign = "−" if number < 0 and scaled else ""
    whole, rest = divmod(scaled, 10**places)
    return f"{sign}{thousands(whole)}" + (f",{rest:0{places}d}" if places else "")


def percent(share: int | Fraction, places: int = 1) -> str:
    """5/9 -> "55,6 %", the sign held to the number."""
    return f"{decimal(share * 100, places)}\N{NO-BREAK SPACE}%"
