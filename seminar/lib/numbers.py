"""Whole numbers as addresses and forms write them."""

LARGEST = 2**31 - 1
"""What a column of numbers holds on every database."""


def whole(text: str, most: int = LARGEST) -> int | None:
    """The number in ASCII digits, or None where it is none or larger than `most`; never more digits than `int` takes."""
    if not (text.isascii() and text.isdecimal()) or len(text) > len(str(most)):
        return None
    number = int(text)
    return number if number <= most else None
