"""What else the cells of a person hold: addresses, years, gender."""

import re
from datetime import date, timedelta

from seminar.delegates.rules import email_of
from seminar.lib.text import fold


def split_emails(text: str) -> tuple[str, list[str]]:
    """(the first address, what else was written)."""
    email, others = "", []
    for piece in re.split(r"[;,\s]+|(?<=\w)/(?=\w)", text):
        if not piece:
            continue
        address = email_of(piece.strip("<>")) if "@" in piece else None
        if address and not email:
            email = address
        elif address is None or address != email:
            others.append(piece)
    return (email, others) if email else ("", [text] if text else [])


def birth_year(text: str) -> int | None:
    """1990, 01/02/1990, 01/02/90, or Excel's serial number of a day."""
    if re.fullmatch(r"\d{5}", text):
        text = str((date(1899, 12, 30) + timedelta(days=int(text))).year)
    if short := re.fullmatch(r"\d{1,2}[/.-]\d{1,2}[/.-](\d{2})", text):  # 01/02/92; 16 to 29 may be either century
        year = int(short[1])
        return 1900 + year if year >= 30 else 2000 + year if year <= 15 else None
    found = re.search(r"(?<!\d)(19[0-9]{2}|20[0-4][0-9])(?!\d)", text)
    return int(found[1]) if found else None


def gender(given: dict[str, str]) -> str:
    said = fold(given.get("gender", ""))
    if said in ("nam", "male", "m") or given.get("male") or given.get("birth_male"):
        return "Nam"
    if said in ("nu", "female", "f") or given.get("female") or given.get("birth_female"):
        return "Nữ"
    return ""
