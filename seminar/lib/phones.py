"""Vietnamese telephone numbers: one domestic form, lost zeros repaired, several numbers in a cell (domain.md 5.2)."""

import re

SEPARATORS = re.compile(r"[/;,\n|]|\s[-–]\s|\bhoặc\b|\bvà\b")
MOBILE = re.compile(r"0[35789]\d{8}", re.ASCII)
LANDLINE = re.compile(r"02\d{8,9}", re.ASCII)
LETTER_FOR_ZERO = re.compile(r"(?<![^\W\d])[Oo](?=[\d.])")
OF_11_DIGITS = dict(
    zip(
        [
            "0120",
            "0121",
            "0122",
            "0126",
            "0128",
            "0123",
            "0124",
            "0125",
            "0127",
            "0129",
            "0162",
            "0163",
            "0164",
            "0165",
            "0166",
            "0167",
            "0168",
            "0169",
            "0186",
            "0188",
            "0199",
        ],
        [
            "070",
            "079",
            "077",
            "076",
            "078",
            "083",
            "084",
            "085",
            "081",
            "082",
            "032",
            "033",
            "034",
            "035",
            "036",
            "037",
            "038",
            "039",
            "056",
            "058",
            "059",
        ],
        strict=True,
    )
)
"""Mobile numbers of eleven digits became ten in 2018; old lists still hold them."""
SEVERAL = re.compile(r"(?:\+?84|0)[2-9](?:[\s.]?\d){8,9}(?!\d)", re.ASCII)


def domestic(text: str) -> str | None:
    """One number as 0xxxxxxxxx, or None if it is none.

    "+84 725 972 486" and 375469480 (Excel dropped the zero) give ten digits, as does 01234567890 of before 2018;
    "0274 3932967" stays a landline.
    """
    digits = re.sub(r"[^0-9+]", "", LETTER_FOR_ZERO.sub("0", text.strip()))
    if digits.startswith("0084"):
        digits = "+" + digits[2:]
    if digits.startswith("+84"):
        digits = "0" + digits[3:].lstrip("0")
    elif digits.startswith("84") and len(digits) == 11:
        digits = "0" + digits[2:]
    elif len(digits) == 9 and digits[0] in "35789" or len(digits) == 10 and digits[0] == "2":
        digits = "0" + digits
    if len(digits) == 11 and digits[:4] in OF_11_DIGITS:
        digits = OF_11_DIGITS[digits[:4]] + digits[4:]
    return digits if MOBILE.fullmatch(digits) or LANDLINE.fullmatch(digits) else None


def split(text: str) -> tuple[list[str], list[str]]:
    """(numbers in domestic form, pieces that are no number) of a cell that may hold several."""
    good: list[str] = []
    bad: list[str] = []
    for piece in SEPARATORS.split(text):
        piece = piece.strip()
        if not piece:
            continue
        number = domestic(piece)
        if number is not None:
            found = [number]
        else:  # two numbers with only a space between them
            found = [one for one in map(domestic, SEVERAL.findall(piece)) if one]
            if len(found) < 2 or SEVERAL.sub("", piece).strip():
                found = []
                bad.append(piece)
        good.extend(one for one in found if one not in good)
    return list(dict.fromkeys(good)), bad


def spaced(number: str) -> str:
    """0375469480 -> "0375 469 480", for reading aloud."""
    if len(number) == 10:
        return f"{number[:4]} {number[4:7]} {number[7:]}"
    return f"{number[:4]} {number[4:]}"
