"""Random codes: twenty digits for links (66 bits, throttled), eight for pairing; only sha256 where reading back is not needed."""

import hashlib
import re
import secrets

LINK_DIGITS = 20
DIGITS = re.compile(r"(?<!\d)(\d{20})(?!\d)", re.ASCII)


def link_code() -> str:
    """Twenty digits, the first not zero (spreadsheets drop it)."""
    return str(secrets.randbelow(9 * 10**19) + 10**19)


def pairing_code() -> str:
    return f"{secrets.randbelow(10**8):08d}"


def token() -> str:
    return secrets.token_urlsafe(32)


def digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def found_in(text: str) -> str | None:
    """The one run of exactly 20 digits in what was read, whatever address stands around it; None if none or several."""
    found = set(DIGITS.findall(text))
    return found.pop() if len(found) == 1 else None


def grouped(code: str) -> str:
    """12345678901234567890 -> "12345 67890 12345 67890", for reading and typing."""
    return " ".join(code[i : i + 5] for i in range(0, len(code), 5))


def is_link_code(text: str) -> bool:
    return len(text) == LINK_DIGITS and text.isascii() and text.isdecimal()
