"""Who is invited how, who may answer, and the words of a letter (domain.md 2.1, 2.2, 2.8, 5.4; design.md)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from seminar.access.actor import Channel
from seminar.documents.models import DocumentKind
from seminar.documents.rules import UNKNOWN, long_date, running_weekday
from seminar.invitations.models import Answer, Purpose
from seminar.lib.clock import from_local, local, short_date
from seminar.lib.errors import N_, Message, Refused
from seminar.lib.text import clean, fold
from seminar.planning.models import Audience, LetterKind, Milestone, MilestoneRule, ProxyRule
from seminar.planning.rules import due_at, is_closed

DOCUMENT_OF = {LetterKind.INVITATION: DocumentKind.INVITATION, LetterKind.SUMMONS: DocumentKind.SUMMONS}
LETTER_KINDS = (DocumentKind.INVITATION, DocumentKind.SUMMONS)
HANDED_OVER = (Channel.LETTER, Channel.ZALO)
"""How an invitation reaches somebody without the outbox: on paper, by Zalo or SMS."""
ARRIVE_BEFORE_MINUTES = 15
"""domain.md 2.2: có mặt trước 15 phút để điểm danh, nhận tài liệu."""
COMRADE = "Đồng chí"
"""Default form of address; Ông/Bà is the operator's choice and never inferred from the name (domain.md 2.8)."""


def what_lacks(has_venue: bool, held_on: date | None, starts_at: time | None) -> list[str]:
    """What must be settled before any letter may go out: venue, date, hour (domain.md Đ1, Đ2; section 7, check 12)."""
    lacks = []
    if not has_venue:
        lacks.append("venue")
    if held_on is None:
        lacks.append("date")
    if starts_at is None:
        lacks.append("hour")
    return lacks


def form_of_address(honorific: str) -> str:
    return clean(honorific) or COMRADE


def addressed(honorific: str, academic_title: str, name: str) -> str:
    """ "Đồng chí Nguyễn Văn A", "Ông PGS.TS. Trần B"; a name that begins with the address is not addressed twice."""
    address = form_of_address(honorific)
    if fold(name).startswith(fold(address)):
        return clean(name)
    return clean(f"{address} {academic_title} {name}")


def running_address(honorific: str) -> str:
    """Within a sentence: "đồng chí", but "Ông", "Bà" keep their capital in a letter."""
    address = form_of_address(honorific)
    return address.lower() if fold(address) == fold(COMRADE) else address


def role_phrase(group_names: Iterable[str]) -> str:
    """Co-chairs are asked to chair; everybody else to attend (domain.md 2.1, CT2)."""
    return "tới dự và đồng chủ trì" if any("dong chu tri" in fold(name) for name in group_names) else "tới dự"


def hour(at: time | None) -> str:
    return f"{at.hour:02d} giờ {at.minute:02d}" if at else UNKNOWN


def when(held_on: date | None, starts_at: time | None) -> str:
    """ "08 giờ 00, ngày 15 tháng 3 năm 2024 (thứ Sáu)": the weekday is derived (domain.md Đ1)."""
    day = f"{long_date(held_on)} ({running_weekday(held_on)})" if held_on else f"ngày {UNKNOWN}"
    return f"{hour(starts_at)}, {day}"


def until(rule: MilestoneRule | None, due_on: date | None) -> str:
    """As the plan says it: "trước ngày …", "chậm nhất ngày …"."""
    if due_on is None:
        return f"trước ngày {UNKNOWN}"
    word = "trước" if rule == MilestoneRule.BEFORE else "chậm nhất"
    return f"{word} {long_date(due_on)}"


def deadline(milestone: Milestone | None) -> str:
    return until(milestone.rule, milestone.due_on) if milestone else until(None, None)


def answer_by(milestone: Milestone | None, now: datetime) -> str:
    """Until when an answer is asked for, within a sentence of a message of that moment: no message asks for an answer
    before a day that is gone. "" without a deadline, and once the office closed the answers.
    """
    if milestone is None or is_closed(milestone):
        return ""
    last = local(due_at(milestone)).date()
    today = local(now).date()
    if today > last:
        return f"sớm (đã quá hạn trả lời là {deadline(milestone)}; Ban Tổ chức vẫn mong nhận được trả lời)"
    if today == last:
        return f"ngay trong hôm nay, {long_date(today)}"
    return deadline(milestone)


TELLS_PLACE = (Purpose.INVITATION, Purpose.REMINDER, Purpose.CHANGE)
"""What tells day and place so that people come: nothing of it leaves once the day is past."""


def is_over(held_on: date | None, now: datetime) -> bool:
    return held_on is not None and local(now).date() > held_on


def late_remarks(held_on: date | None, answers_due_on: date | None, now: datetime) -> list[Message]:
    """What letters issued now would say too late; no rule stops them."""
    found, today = [], local(now).date()
    if is_over(held_on, now) and held_on:
        found.append(Message("The day of the seminar, %(day)s, is past.", day=short_date(held_on)))
    elif answers_due_on and answers_due_on < today:
        found.append(
            Message(
                "The last day for answers, %(day)s, is past: the letters would print it so. Set another one first.",
                day=short_date(answers_due_on),
            )
        )
    return found


PROXY_SENTENCES = {
    ProxyRule.FREE: "Trường hợp không thể dự, xin báo lại và giới thiệu người dự thay.",
    ProxyRule.APPROVAL: "Trường hợp vắng phải báo cáo lý do; người dự thay phải được Ban Tổ chức đồng ý trước.",
    ProxyRule.NONE: "Trường hợp vắng phải báo cáo lý do; không cử người dự thay.",
}


def quoted_title(title: str) -> str:
    """ "Tọa đàm “…”": the word once, the rest in quotation marks where the title is only a name."""
    return title if fold(title).startswith("toa dam") else f"Tọa đàm “{title}”"


LACK_SENTENCES = {
    "venue": N_("No letter can be issued before the venue is confirmed: confirm it on the page of the plan."),
    "date": N_("No letter can be issued before the date is set: set it on the page of the plan."),
    "hour": N_("No letter can be issued before the hour is set: set it on the page of the plan."),
}


def must_say_why(audience: Audience, answer: Answer) -> bool:
    """Who is summoned reports why they cannot come (domain.md 2.2, 6); a guest need not."""
    return answer == Answer.DECLINED and audience == Audience.SUMMONED


@dataclass(frozen=True)
class Told:
    """Day, hour and place as a message says them."""

    held_on: date
    starts_at: time
    place: str

    @property
    def when(self) -> str:
        return when(self.held_on, self.starts_at)

    def changed_from(self, before: "Told") -> str:
        """What is not as it was, within a Vietnamese sentence."""
        time_moved = (self.held_on, self.starts_at) != (before.held_on, before.starts_at)
        place_moved = self.place != before.place
        return " và ".join(word for word, moved in (("thời gian", time_moved), ("địa điểm", place_moved)) if moved)


MERGE = re.compile(r"\{([^{}\n]{1,40})\}")
MERGE_FIELDS: dict[str, str] = {
    "họ tên": "name",
    "xưng hô": "address",
    "tọa đàm": "title",
    "thời gian": "when",
    "địa điểm": "place",
    "đường dẫn": "url",
    "hạn trả lời": "deadline",
    "số văn bản": "symbol",
    "liên hệ": "contact",
}
"""What stands in braces in a text of the office, and the fact of the invitation that takes its place."""
_FIELD_KEYS = {fold(name): fact for name, fact in MERGE_FIELDS.items()}


def unknown_fields(text: str) -> list[str]:
    """The words in braces that name nothing."""
    return [name for name in MERGE.findall(text) if fold(name) not in _FIELD_KEYS]


def merged(text: str, facts: Mapping[str, str]) -> str:
    """The text with each field's value; a value that itself holds braces stays as it is. Refuses unknown fields."""
    for name in unknown_fields(text):
        raise Refused("“{%(name)s}” is no field: take one of the list.", name=name)
    return MERGE.sub(lambda found: facts.get(_FIELD_KEYS[fold(found[1])], ""), text)


def reminds_at(deadline: Milestone, days_before: int, at: time) -> datetime:
    """When a rule reminds: so many days before the last day that is in time, at the hour of Vietnam's clock."""
    last = local(due_at(deadline)).date()
    return from_local(last - timedelta(days=days_before), at.hour, at.minute)


CHANGES_MOST = 100


def calendar_sequence(invitation_id: int, changes: int) -> int:
    """Grows with each letter of a delegate and, within it, with each change of day, hour or place that people were told."""
    return invitation_id * CHANGES_MOST + min(changes, CHANGES_MOST - 2)


def cancelled_sequence(invitation_id: int) -> int:
    """After all that this invitation's calendar ever said, and before the next invitation's."""
    return invitation_id * CHANGES_MOST + CHANGES_MOST - 1
