"""Passwords: argon2id at OWASP's minimum (t=2, m=19 MiB, p=1), so that a burst of sign-ins does not eat the memory."""

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
SHORTEST = 12
LONGEST = 128
# A hash to verify against when the user is unknown, so that the answer takes as long.
NOBODY = HASHER.hash(secrets.token_urlsafe(24))


def hashed(password: str) -> str:
    return HASHER.hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Takes the same time for an unknown user (None)."""
    try:
        return HASHER.verify(password_hash or NOBODY, password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def generated() -> str:
    """A password that can be read aloud: four groups of four from an alphabet without look-alikes (about 78 bits)."""
    alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(alphabet) for _ in range(4)) for _ in range(4))
