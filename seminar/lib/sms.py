"""How long an SMS is: 160 characters of GSM-7 or 70 of UCS-2 in one piece, 153 or 67 in each of several (3GPP TS 23.038)."""

from typing import NamedTuple

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
DOUBLE = frozenset("^{}\\[~]|€\f")
"""Of the extension table: each costs two."""


class Size(NamedTuple):
    characters: int
    """As the network counts them: some signs cost two."""
    pieces: int
    is_plain: bool
    """In GSM-7, so that 160 fit; with Vietnamese accents only 70 do."""


def size_of(text: str) -> Size:
    plain = all(character in BASIC or character in DOUBLE for character in text)
    if plain:
        count, whole, part = len(text) + sum(character in DOUBLE for character in text), 160, 153
    else:
        count, whole, part = len(text.encode("utf-16-le")) // 2, 70, 67
    return Size(count, (1 if count <= whole else -(-count // part)) if count else 0, plain)
