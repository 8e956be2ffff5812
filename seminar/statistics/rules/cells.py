"""What is typed into a cell of a sheet, read as people in Vietnam write it: "9.000" is nine thousand (domain.md 5.2)."""

import re

from seminar.lib.errors import Refused
from seminar.lib.text import clean, fold

SAYS_YES, SAYS_NO = frozenset({"co", "c", "x", "yes", "true", "1"}), frozenset({"khong", "ko", "k", "no", "false", "0"})
"""Folded; spreadsheets write TRUE and FALSE."""
MOST = 1_000_000_000
PLAIN = re.compile(r"[0-9]{1,15}")
GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:([.,  ])[0-9]{3})(?:\1[0-9]{3}){0,3}")
NO_FRACTION = re.compile(r"(?:,0{1,4}|(?<![0-9]{3})\.0{1,2})$")


def read_count(text: str) -> int | None:
    """The whole number, or None where the cell is blank; refuses everything else with a sentence that says what to type."""
    text = clean(text).replace("\u202f", " ")
    if not text:
        return None
    if text.lstrip("-\u2013\u2212 ") == "":
        raise Refused("“%(text)s” can mean none or unknown: type 0 for none, leave it blank if not known.", text=text)
    if text[0] in "-\u2212":
        raise Refused("“%(text)s” is below zero: a count is 0 or more.", text=shown(text))
    text = text.removeprefix("+")
    whole = text if GROUPED.fullmatch(text) else NO_FRACTION.sub("", text)
    if not (PLAIN.fullmatch(whole) or GROUPED.fullmatch(whole)):
        raise Refused("“%(text)s” is not a whole number: type digits only, as 9000 or 9.000.", text=shown(text))
    count = int(re.sub(r"[^0-9]", "", whole))
    if count > MOST:
        raise Refused("“%(text)s” is too large: at most one billion.", text=shown(text))
    return count


def read_answer(text: str) -> int | None:
    """1 for "có", 0 for "không", None where it is blank; refuses everything else."""
    folded = fold(text)
    if not folded:
        return None
    if folded in SAYS_YES:
        return 1
    if folded in SAYS_NO:
        return 0
    raise Refused(
        "“%(text)s” is neither “có” nor “không”: type one of them, leave it blank if not known.", text=shown(text)
    )


def shown(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"
