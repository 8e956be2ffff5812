"""Vietnamese text: NFC at the edge, folding for search, sort keys in ICU's `vi` order (domain.md 5.1)."""

import re
import unicodedata

ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
# Tones in the order of CLDR/ICU `vi`: ngang < huyền < hỏi < ngã < sắc < nặng.
TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
# Marks that make another letter of the alphabet, not a tone: breve, circumflex, horn.
SHAPES = {"\u0306", "\u0302", "\u031b"}
LETTER_RANK = {letter: rank for rank, letter in enumerate(ALPHABET, start=1)}

INVISIBLE = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
SPACES = re.compile(r"[\s\u00a0\u2007\u202f]+")


def clean(text: str | None) -> str:
    """One line as a person meant it: NFC, no control or invisible characters, single spaces, trimmed."""
    return SPACES.sub(" ", INVISIBLE.sub("", unicodedata.normalize("NFC", text or ""))).strip()


def clean_block(text: str | None) -> str:
    """Several lines: as `clean`, but line breaks are kept (and \\r\\n becomes \\n)."""
    lines = (text or "").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(clean(line) for line in lines).strip("\n")


def fold(text: str | None) -> str:
    """The text without case, accents and double spaces, đ as d: what search and matching compare."""
    bare = "".join(c for c in unicodedata.normalize("NFD", clean(text)) if not unicodedata.combining(c))
    return bare.replace("đ", "d").replace("Đ", "d").casefold()


def letter_key(character: str) -> tuple[int, int]:
    """(rank of the letter, tone) of one character; digits before letters, signs before digits."""
    parts = unicodedata.normalize("NFD", character.casefold())
    tone = next((TONES[mark] for mark in parts if mark in TONES), 0)
    letter = unicodedata.normalize("NFC", "".join(c for c in parts if c == parts[0] or c in SHAPES))
    if letter in LETTER_RANK:
        return 100 + LETTER_RANK[letter], tone
    if parts[0].isdigit():
        return 10 + int(unicodedata.digit(parts[0], 0)), 0
    return (100 + LETTER_RANK[parts[0]], tone) if parts[0] in LETTER_RANK else (1, 0)


def word_key(word: str) -> str:
    """A string that sorts bytewise as ICU `vi` sorts the word: all letters first, then all tones."""
    keys = [letter_key(character) for character in unicodedata.normalize("NFC", word)]
    letters = "".join(f"{rank:03d}" for rank, _ in keys)
    return f"{letters}.{''.join(str(tone) for _, tone in keys)}"


def given_name(full_name: str) -> str:
    """The tên by which a person is called: the last word."""
    words = clean(full_name).split(" ")
    return words[-1] if words else ""


def sort_key(full_name: str) -> str:
    """Orders people by tên, then đệm, then họ (domain.md 5.1); plain ASCII, so that every database sorts it alike."""
    words = clean(full_name).split(" ")
    family, middle, given = words[0], words[1:-1], words[-1]
    parts = [word_key(given), " ".join(word_key(word) for word in middle), word_key(family) if len(words) > 1 else ""]
    return "|".join(parts)[:400]


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters, with an ellipsis where something was left out."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def thousands(number: int) -> str:
    """9000 -> "9.000", as Vietnamese writes it."""
    return f"{number:,}".replace(",", ".")
