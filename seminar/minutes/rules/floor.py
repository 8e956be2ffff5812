"""Decisions about the floor: how the clock stands, who may ask, and the line of those who wait."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, TypeVar

from seminar.lib.clock import local
from seminar.lib.errors import Message

USUAL_MINUTES = 5
"""What somebody from the floor gets unless the chair says otherwise."""
MOST_MINUTES = 240
OTHER_MINUTES = (3, 5, 7, 10)
"""Offered beside the usual ones, for one press."""
LONGEST_SUBJECT = 300
LAST_SECONDS = 60
"""So long before the end the clock warns."""


class Pace(StrEnum):
    ON_TIME = "on_time"
    LAST_MINUTE = "last_minute"
    OVER = "over"


def spoken_seconds(began_at: datetime, ended_at: datetime | None, now: datetime) -> int:
    """Whole seconds; never less than none, also where a clock was set back."""
    return max(0, int(((ended_at or now) - began_at).total_seconds()))


def pace(seconds: int, minutes: int) -> Pace:
    """By the seconds spoken and the minutes given; the last minute of a turn of one minute is its second half."""
    given = minutes * 60
    if seconds >= given:
        return Pace.OVER
    return Pace.LAST_MINUTE if given - seconds <= min(LAST_SECONDS, given // 2) else Pace.ON_TIME


def clock_text(seconds: int) -> str:
    """04:37, and 1:02:05 from an hour on."""
    hours, rest = divmod(max(0, seconds), 3600)
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60:02d}:{rest % 60:02d}"


def name_and_rest(speaker: str) -> tuple[str, str]:
    """("Nguyễn Văn A", "Bí thư Huyện Đoàn B") of a speaker as printed."""
    name, _, rest = speaker.partition(", ")
    return name, rest


def offered_minutes(usual: int) -> list[int]:
    """The usual ones first, then the two nearest of the others."""
    others = sorted((one for one in OTHER_MINUTES if one != usual), key=lambda one: (abs(one - usual), one))
    return [usual, *sorted(others[:2])]


def is_open(sittings: Sequence[tuple[datetime, datetime | None, bool]], now: datetime) -> bool:
    """Whether people may ask for the floor: a sitting is on, or it is its day and it has not ended.

    A sitting is (planned start, when it really ended, whether it is on).
    """
    today = local(now).date()
    return any(is_on or (ended is None and local(starts).date() == today) for starts, ended, is_on in sittings)


def why_not(*, is_open: bool, is_paused: bool, is_present: bool, is_speaking: bool) -> Message | None:
    """Why somebody cannot ask for the floor now, and what to do; None where they can."""
    if is_paused:
        return Message("The chair takes no more requests for the moment. Please wait for the announcement in the hall.")
    if not is_open:
        return Message("The floor can be asked for on the day of the seminar, until the sitting ends.")
    if not is_present:
        return Message("You are not registered as present yet. Please show your code at the reception desk first.")
    if is_speaking:
        return Message("You have the floor now. Ask again when your turn has ended.")
    return None


class Placed(Protocol):
    @property
    def id(self) -> int: ...
    @property
    def position(self) -> int: ...
    @property
    def asked_at(self) -> datetime: ...


Row = TypeVar("Row", bound=Placed)


def in_line(requests: Sequence[Row]) -> list[Row]:
    """As the chair put them; equal ones in the order in which they came."""
    return sorted(requests, key=lambda one: (one.position, one.asked_at, one.id))


def stepped(line: Sequence[Row], request_id: int, step: int) -> list[Row]:
    """The line with one moved a step up (-1) or down (+1); at the ends nothing changes."""
    moved = list(line)
    at = next((number for number, one in enumerate(moved) if one.id == request_id), None)
    if at is not None and 0 <= at + step < len(moved):
        moved[at], moved[at + step] = moved[at + step], moved[at]
    return moved


def waited(asked_at: datetime, now: datetime) -> int:
    """Whole minutes."""
    return max(0, int((now - asked_at) / timedelta(minutes=1)))
