"""Decisions about signing in (security.md V6, V7)."""

import re
from datetime import datetime, timedelta

from seminar.lib.text import fold

SESSION_LASTS = timedelta(hours=12)
IDLE_LASTS = timedelta(minutes=30)
"""Kept by the signed cookie's own time stamp, renewed with each answer."""
WRONG_WITHIN = timedelta(minutes=15)
WRONG_PER_ACCOUNT = 5
WRONG_PER_ADDRESS = 20
LEAST_UNKNOWN = 6
"""So many characters of a password must be neither a name, a common word, a row of keys nor a repetition."""
COMMON_WORDS = (
    "doanthanhnien",
    "thanhnien",
    "doanvien",
    "dangvien",
    "tinhdoan",
    "matkhau",
    "password",
    "binhduong",
    "hochiminh",
    "vietnam",
    "toadam",
    "hoinghi",
    "vanphong",
    "quantri",
    "admin",
)
ROWS = ("01234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm")


def session_is_open(created_at: datetime, ended_at: datetime | None, now: datetime) -> bool:
    return ended_at is None and now < created_at + SESSION_LASTS


def may_try(wrong_on_account_and_address: int, wrong_on_address: int) -> bool:
    """No permanent lock: a right person at another address still gets in."""
    return wrong_on_account_and_address < WRONG_PER_ACCOUNT and wrong_on_address < WRONG_PER_ADDRESS


def is_guessable(password: str, about: tuple[str, ...] = ()) -> bool:
    """True where little is left of a password without the words of `about` (e-mail, name), common words, rows of keys
    and repetitions. No rules about kinds of characters: they make passwords worse (NIST SP 800-63B 3.1.1).
    """
    rest = _bare(password)
    own = {_bare(piece) for text in about for piece in (text, *re.split(r"[\s@.\-_]+", text))}
    for word in sorted({*own, *COMMON_WORDS}, key=len, reverse=True):
        if len(word) >= 4:
            rest = rest.replace(word, "")
    for row in ROWS:
        for keys in (row, row[::-1]):
            for length in range(len(keys), 3, -1):
                for start in range(len(keys) - length + 1):
                    rest = rest.replace(keys[start : start + length], "")
    while (shorter := re.sub(r"(.{1,4}?)\1{2,}", r"\1", rest)) != rest:
        rest = shorter
    return len(rest) < LEAST_UNKNOWN


def _bare(text: str) -> str:
    return re.sub(r"[\s.\-_]", "", fold(text))
