"""The second factor: six digits of an authenticator app (RFC 6238). No neighbouring steps, and each step only once."""

from datetime import datetime

import pyotp

STEP_SECONDS = 30
ISSUER = "Seminar"


def new_secret() -> str:
    return pyotp.random_base32()


def address(secret: str, email: str) -> str:
    """What the app reads from the QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The step that the code belongs to, if it is the present one; the caller sees to it that it is used once."""
    digits = "".join(code.split())
    if not (secret and digits.isascii() and digits.isdecimal() and len(digits) == 6):
        return None
    is_right = pyotp.TOTP(secret).verify(digits, for_time=now, valid_window=0)
    return int(now.timestamp()) // STEP_SECONDS if is_right else None
