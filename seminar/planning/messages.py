"""What a unit's contact gets with the personal link: by mail, or as text for Zalo and SMS. Always Vietnamese.

The words of trust are domain.md 5.4: who sends it, whom to call in doubt, what is never asked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from flask import render_template

from seminar.lib.clock import short_date
from seminar.lib.text import clean, unaccented
from seminar.planning.models import Milestone, UnitLink
from seminar.planning.rules import UNKNOWN, asked_until, is_closed

ASKS = (
    ("nominations", "cử đại biểu trong chỉ tiêu được phân bổ"),
    ("papers", "gửi bài tham luận"),
    ("returns", "gửi biểu số liệu"),
)
"""What the unit does on its page, each by its own deadline."""


NOTHING_OPEN = "xem lại những gì đơn vị đã gửi"


@dataclass(frozen=True)
class LinkMessage:
    """One mail, composed but not yet in the outbox: plain values, so that composing needs no writing transaction."""

    link_id: int
    to_name: str
    to_address: str
    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class LinkFacts:
    """What the texts say of one link."""

    unit: str
    contact_name: str
    title: str
    issuer: str
    held: str
    asks: tuple[str, ...]
    url: str
    contact: str
    doubt: str
    needs: tuple[str, ...] = ()
    """What is still missing of the unit, where a reminder says so."""


class Contact(Protocol):
    """Whoever has name and telephone: the seminar, or what its letters said of it."""

    @property
    def contact_name(self) -> str: ...

    @property
    def contact_phone(self) -> str: ...


def contact_of(seminar: Contact) -> str:
    """ "Văn phòng Tỉnh Đoàn, điện thoại 0274 …"."""
    phone = seminar.contact_phone.replace(" ", "\N{NO-BREAK SPACE}") or UNKNOWN
    return f"{seminar.contact_name or UNKNOWN}, điện thoại {phone}"


def doubt_sentence(seminar: Contact) -> str:
    """Forged summons by link are a known fraud: name the office to call, and what is never asked (domain.md 5.4)."""
    return (
        f"Nếu nghi ngờ, gọi {contact_of(seminar)}. Ban Tổ chức không yêu cầu mật khẩu, mã OTP, ảnh căn cước, "
        "cài ứng dụng hay chuyển tiền."
    )


def facts_of(
    link: UnitLink,
    milestones: Sequence[Milestone],
    base_url: str,
    now: datetime,
    needs: Sequence[str] = (),
    own: Sequence[Milestone] = (),
) -> LinkFacts:
    """`milestones` are the seminar's, and `own` take their place for this unit; a thing without a deadline is asked for
    without a day, a closed one not at all.
    """
    seminar = link.seminar
    by_code = {one.code: one for one in (*milestones, *own) if one.code}
    asks = [
        f"{words} {asked_until(by_code.get(code), now)}".strip()
        for code, words in ASKS
        if not is_closed(by_code.get(code)) and (code != "returns" or code in by_code)
    ]
    return LinkFacts(
        unit=link.unit.name,
        contact_name=link.unit.contact_name,
        title=clean(seminar.title),
        issuer=seminar.issuer or UNKNOWN,
        held=f"ngày {short_date(seminar.held_on)}" if seminar.held_on else f"ngày {UNKNOWN}",
        asks=tuple(asks) or (NOTHING_OPEN,),
        url=f"{base_url}/u/{link.code}",
        contact=contact_of(seminar),
        doubt=doubt_sentence(seminar),
        needs=tuple(needs),
    )


def phone_text(facts: LinkFacts) -> str:
    """To be copied into Zalo or an SMS."""
    return render_template("planning/_link.txt", facts=facts).strip()


def bare_text(facts: LinkFacts) -> str:
    """The same without accents: an SMS of 160 characters instead of 70 (domain.md 5.3)."""
    return unaccented(phone_text(facts))


def composed(
    links: Sequence[UnitLink],
    milestones: Sequence[Milestone],
    base_url: str,
    now: datetime,
    needs: Mapping[int, Sequence[str]] | None = None,
    *,
    own: Mapping[int, Sequence[Milestone]],
) -> list[LinkMessage]:
    """A message for each of the links (of one seminar) whose unit has an e-mail address; the others are left out.

    `needs` says, by unit, what is still missing: the message is a reminder of it then. `own` are the deadlines of a unit
    that differ from those of all.
    """
    found = []
    for link in links:
        if not link.unit.contact_email:
            continue
        of_unit = own.get(link.unit_id, ())
        facts = facts_of(link, milestones, base_url, now, (needs or {}).get(link.unit_id, ()), of_unit)
        subject = f"{'Nhắc việc – trang' if facts.needs else 'Trang'} riêng của {link.unit.name}: {facts.title}"
        found.append(
            LinkMessage(
                link_id=link.id,
                to_name=link.unit.contact_name or link.unit.name,
                to_address=link.unit.contact_email,
                subject=subject[:300],
                text=render_template("planning/link_mail.txt", facts=facts),
                html=render_template("planning/link_mail.html", facts=facts),
            )
        )
    return found
