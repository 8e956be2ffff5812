"""Decisions about outgoing mail: what is an address, when to try again, which answer of a server is final (RFC 5321 4.2)."""

import re
from datetime import timedelta

from email_validator import EmailNotValidError, validate_email

from seminar.lib.errors import N_

NO_ADDRESS = N_("This is not an e-mail address: nothing was sent.")
OUTDATED = N_("It told a day, an hour or a place that changed since: it was not sent.")
OUR_WORDS = (NO_ADDRESS, OUTDATED)
"""Kept where the answer of a server stands, as msgids."""
LEASE = timedelta(minutes=5)
"""How long one message may be in flight: longer than all time limits of one SMTP transaction together."""
LONGEST_WAIT = timedelta(hours=4)
LONGEST_WAIT_FOR_SERVER = timedelta(minutes=8)
"""Where the server itself was away: it is not the message's fault, and it should leave soon after the server is back."""
MOST_TRIES = 14
"""A server that says "later" so often (about a day and a half) means no; a server that is away is tried for ever."""


def sendable(address: str) -> str | None:
    """The address as SMTP takes it (domains in ASCII), or None where no mail can go there."""
    try:
        found = validate_email(address.strip(), check_deliverability=False, allow_smtputf8=False, test_environment=True)
    except EmailNotValidError:
        return None
    return found.ascii_email


def has_line_break(*values: str) -> bool:
    """True where a value could smuggle a header of its own into the message."""
    return any(character in value for value in values for character in "\r\n\0\v\f\x1c\x1d\x1e\x85\u2028\u2029")


def wait_after(tries: int, *, server_away: bool) -> timedelta:
    """2, 4, 8 … minutes after the first, second, third try."""
    longest = LONGEST_WAIT_FOR_SERVER if server_away else LONGEST_WAIT
    return min(timedelta(minutes=2 ** min(tries, 20)), longest)


def is_final(code: int, tries: int) -> bool:
    """5xx means never; 4xx means later, but not for ever."""
    return 500 <= code < 600 or tries >= MOST_TRIES


# What the enhanced code of an answer (RFC 3463) says, the more precise first; then the plain code (RFC 5321 4.2.3).
MEANINGS: tuple[tuple[str, str], ...] = (
    (r"5\.1\.\d+", N_("there is no such address")),
    (r"[45]\.2\.2", N_("the mailbox is full")),
    (r"5\.2\.1", N_("the mailbox is closed")),
    (r"[45]\.3\.4|5\.2\.3", N_("the message is too large")),
    (r"[45]\.7\.\d+", N_("the server refuses our mail by its rules, perhaps as spam")),
)
PLAIN_MEANINGS = {
    "421": N_("the server is busy"),
    "450": N_("the mailbox cannot be reached just now"),
    "451": N_("the server asks to try again later"),
    "452": N_("the mailbox is full"),
    "550": N_("there is no such address"),
    "551": N_("there is no such address"),
    "552": N_("the message is too large"),
    "553": N_("there is no such address"),
    "554": N_("the server refuses our mail by its rules, perhaps as spam"),
}
SILENCE = N_("the server gave no answer")


def meaning_of(answer: str) -> str:
    """The answer of a server in words (a msgid); "" where it needs none."""
    if not answer or answer in OUR_WORDS:
        return ""
    code = re.match(r"([245]\d\d)(?:[ -]+([245]\.\d+\.\d+))?\b", answer)
    if code is None:
        return SILENCE
    if code[2]:
        for pattern, words in MEANINGS:
            if re.fullmatch(pattern, code[2]):
                return words
    return PLAIN_MEANINGS.get(code[1], "")
