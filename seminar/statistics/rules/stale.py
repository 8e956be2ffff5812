"""Chosen for two years and not admitted: the person, where only years are known (domain.md 3.4, formula 8).

The program keeps no such persons; the units count them by this rule and return only the number.
"""

from collections.abc import Collection
from enum import StrEnum


class StaleMode(StrEnum):
    """The plan says "từ 2 năm trở lên" (L49) and "02 năm liên tiếp trở lên" (L109); domain.md Đ21."""

    CUMULATIVE = "cumulative"
    CONSECUTIVE = "consecutive"


class ClearsOn(StrEnum):
    """What ends it: "chưa được kết nạp" (L109), or also "công nhận là đối tượng Đảng" (L49); domain.md Đ22."""

    ADMISSION = "admission"
    ADMISSION_OR_RECOGNITION = "admission_or_recognition"


class PersonState(StrEnum):
    CHOSEN = "chosen"
    RECOGNISED = "recognised"
    """Đối tượng Đảng."""
    ADMITTED = "admitted"
    LEFT = "left"
    """Grown out of the Union, moved away, dead."""


def is_stale(
    years: Collection[int],
    state: PersonState,
    mode: StaleMode,
    clears_on: ClearsOn,
    latest: int | None = None,
) -> bool:
    """`years` of the choosing; `latest` is the year of the last choosing that a run must reach, the person's own if not
    given.
    """
    if state in (PersonState.ADMITTED, PersonState.LEFT):
        return False
    if state == PersonState.RECOGNISED and clears_on == ClearsOn.ADMISSION_OR_RECOGNITION:
        return False
    chosen = set(years)
    if mode == StaleMode.CUMULATIVE:
        return len(chosen) >= 2
    last = max(chosen, default=0) if latest is None else latest
    return last in chosen and last - 1 in chosen
