"""Shape of the page on which the list on paper is copied: ticks, times, numbers typed in one field."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID, uuid4

from werkzeug.datastructures import MultiDict

from seminar.lib.clock import from_local, short_time
from seminar.lib.errors import Refused
from seminar.lib.numbers import whole

TIME = re.compile(r"(\d{1,2})\s*(?:[:.hg]|giờ)\s*(\d{2})?", re.ASCII | re.IGNORECASE)
RANGE = re.compile(r"(\d{1,5})(?:\s*[-–]\s*(\d{1,5}))?", re.ASCII)
MOST_NUMBERS = 5000


@dataclass
class PaperForm:
    """What was sent, as it was typed, so that the page can show it again. `form_id` makes sending twice harmless."""

    form_id: str = ""
    time: str = ""
    numbers: str = ""
    groups: list[str] = field(default_factory=list)
    ticked: set[int] = field(default_factory=set)
    times: dict[int, str] = field(default_factory=dict)
    """Of delegates: what stands in the row's own field of time. A time written there is a tick too."""

    @classmethod
    def blank(cls, time: str) -> "PaperForm":
        return cls(form_id=str(uuid4()), time=time)

    @classmethod
    def sent(cls, form: MultiDict[str, str]) -> "PaperForm":
        times = {
            delegate_id: text.strip()
            for name, text in form.items()
            if name.startswith("time-") and (delegate_id := whole(name[5:])) is not None and text.strip()
        }
        return cls(
            form_id=form.get("form_id", ""),
            time=form.get("time", "").strip(),
            numbers=form.get("numbers", ""),
            groups=form.getlist("group"),
            ticked={found for text in form.getlist("tick") if (found := whole(text)) is not None} | set(times),
            times=times,
        )

    @property
    def is_marked(self) -> bool:
        """That something was ticked or written for somebody."""
        return bool(self.ticked or self.numbers.strip() or any(self.groups))

    @property
    def key(self) -> UUID:
        try:
            return UUID(self.form_id)
        except ValueError:
            raise Refused("This form is incomplete. Reload the page and tick again.") from None


def numbers_in(text: str) -> list[int]:
    """ "12, 15-18, 22" -> [12, 15, 16, 17, 18, 22]; refuses what is no number, naming it."""
    found: list[int] = []
    for part in re.split(r"[,;\n]+|(?<=\d)\s+(?=\d)", text):
        if not part.strip():
            continue
        match = RANGE.fullmatch(part.strip())
        if match is None:
            raise Refused("“%(part)s” is no number. Write for example: 12, 15-18, 22", part=part.strip()[:40])
        first, last = int(match[1]), int(match[2] or match[1])
        if last < first:
            raise Refused("“%(part)s” runs backwards. Write the smaller number first.", part=part.strip())
        if last - first >= MOST_NUMBERS:
            raise Refused("“%(part)s” is more than a list holds.", part=part.strip())
        found.extend(range(first, last + 1))
    return list(dict.fromkeys(found))


def time_of_day(text: str) -> tuple[int, int]:
    """(hour, minute) of "07:45", "7h45", "7 giờ"."""
    match = TIME.fullmatch(text.strip())
    hour, minute = (int(match[1]), int(match[2] or 0)) if match else (99, 0)
    if hour > 23 or minute > 59:
        raise Refused("“%(text)s” is no time. Write for example: 07:45", text=text[:40])
    return hour, minute


def time_on(text: str, day: date, now: datetime) -> datetime:
    """The moment of a time written on paper, of the hall's clock on the day of the sitting."""
    hour, minute = time_of_day(text)
    moment = from_local(day, hour, minute)
    if moment > now:
        raise Refused(
            "%(time)s on that day is still to come (it is %(now)s): nobody can have signed then.",
            time=f"{hour:02d}:{minute:02d}",
            now=short_time(now),
        )
    return moment


def moments_of(form: PaperForm, delegate_ids: list[int], day: date, now: datetime) -> Mapping[int, datetime]:
    """When each came: the row's own time, else the time of the page."""
    if not form.time and any(one not in form.times for one in delegate_ids):
        raise Refused("Give the time for those who have none of their own, for example 07:45.")
    return {one: time_on(form.times.get(one) or form.time, day, now) for one in delegate_ids}
