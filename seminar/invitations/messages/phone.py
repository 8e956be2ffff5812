"""The texts for Zalo and SMS: long with accents, short in one or two pieces, and one for the group of a unit.

A text goes from the telephone of somebody whom the person knows (domain.md 5.3, 5.4), so each says whom to call in doubt.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from seminar.invitations import documents, rules
from seminar.invitations.documents import Facts
from seminar.invitations.models import Invitation, Purpose
from seminar.invitations.rules import Told
from seminar.lib.clock import short_date
from seminar.lib.sms import Size, size_of
from seminar.lib.text import unaccented
from seminar.planning.models import Seminar

ZALO_MOST = 2_000
"""Characters of one message; a longer one Zalo does not send."""
SHORT_LEADS = {
    Purpose.REMINDER: "Nhắc trả lời: ",
    Purpose.CHANGE: "Báo thay đổi: ",
    Purpose.CANCELLATION: "Hết hiệu lực: ",
}


@dataclass(frozen=True)
class PhoneText:
    """One text as it is copied, and how long it is."""

    text: str
    size: Size

    @classmethod
    def of(cls, text: str) -> "PhoneText":
        return cls(text, size_of(text))


@dataclass(frozen=True)
class PhoneTexts:
    """What can be sent to one person: to Zalo as it is, by SMS shorter, without accents cheapest."""

    invitation_id: int
    delegate_id: int
    number: int
    name: str
    phone: str
    path: str
    """Of the personal page, on this server."""
    long: PhoneText
    short: PhoneText
    bare: PhoneText


def zalo_text(
    facts: Facts, purpose: Purpose, deadline: str = "", before: Told | None = None, now: Told | None = None
) -> str:
    """For Zalo: everything that the mail says, in lines."""
    head = [f"{facts.kind} số {facts.symbol}, {facts.issued_on}"]
    head += [f"Kính gửi: {facts.name}" + (f" (dự thay {facts.instead_of})" if facts.instead_of else ""), ""]
    place = [f"Thời gian: {facts.when}", f"Địa điểm: {facts.place}"]
    if purpose == Purpose.REMINDER:
        said = (
            f"Ban Tổ chức chưa nhận được trả lời của {facts.address} về việc dự {facts.title}. Trân trọng đề nghị trả lời {deadline}".strip()
            + "."
        )
    elif purpose == Purpose.CHANGE and before and now:
        said = f"Ban Tổ chức trân trọng thông báo thay đổi {now.changed_from(before)} {facts.title} (trước đây: {before.when}; {before.place}). Nay là:"
    elif purpose == Purpose.CANCELLATION:
        said = f"{facts.kind} này không còn hiệu lực: {facts.address} không phải dự {facts.title} theo văn bản trên."
        return "\n".join([*head, said, facts.doubt])
    else:
        verb = "triệu tập" if facts.kind == "Giấy triệu tập" else "trân trọng kính mời"
        said = f"{facts.issuer} {verb} {facts.address} dự {facts.title}."
    if purpose != Purpose.CHANGE and before and now and before != now:
        place.insert(
            0, f"Xin lưu ý: {now.changed_from(before)} có thay đổi (trước đây: {before.when}; {before.place}). Nay là:"
        )
    return "\n".join([*head, said, *place, f"Xem chương trình và trả lời: {facts.url}", facts.doubt])


def short_text(facts: Facts, seminar: Seminar, purpose: Purpose, is_changed: bool = False) -> str:
    """For SMS: who, what, when, where, the link, whom to call; nothing that the page of the link says as well.

    The kind of the letter, then the venue are left out where one SMS without accents could not hold them.
    """
    told = f"{seminar.starts_at:%H:%M} {short_date(seminar.held_on)}" if seminar.starts_at and seminar.held_on else ""
    venue = seminar.venue.name if seminar.venue else ""
    lead = SHORT_LEADS.get(Purpose.CHANGE if is_changed else purpose, "")
    text = ""
    for kind, place in ((f"{facts.kind} ", venue), ("", venue), ("", "")):
        what = f"{kind}{facts.symbol}: dự Tọa đàm " + ", ".join(part for part in (told, place) if part)
        parts = [lead + what] + ([facts.url] if purpose != Purpose.CANCELLATION else [])
        text = ". ".join(parts) + _doubt(seminar)
        if size_of(unaccented(text)).pieces == 1:
            break
    return text


def _doubt(seminar: Seminar) -> str:
    return f". Nghi ngờ gọi {seminar.contact_phone}" if seminar.contact_phone else ""


def own_texts(wording: str, facts: Facts, seminar: Seminar, deadline: str) -> tuple[str, str]:
    """(long, short): the office's own words with the fields filled in; the words of trust follow. Refuses unknown fields."""
    words = rules.merged(wording, asdict(facts) | {"deadline": deadline}).strip()
    return f"{words}\n{facts.doubt}", words.rstrip(".") + _doubt(seminar)


def texts_of(
    invitations: Sequence[Invitation],
    base_url: str,
    purpose: Purpose,
    deadline: str,
    before: Mapping[int, Told],
    now: Told | None,
    wording: str = "",
) -> list[PhoneTexts]:
    """For each of the invitations (of one seminar)."""
    found = []
    for one in invitations:
        facts = documents.facts(one, base_url)
        bearer = one.proxy or one.delegate
        if wording:
            long, short = own_texts(wording, facts, one.delegate.seminar, deadline)
        else:
            long = zalo_text(facts, purpose, deadline, before.get(one.id), now)
            is_changed = purpose in rules.TELLS_PLACE and one.id in before and before[one.id] != now
            short = short_text(facts, one.delegate.seminar, purpose, is_changed)
        found.append(
            PhoneTexts(
                one.id,
                one.delegate_id,
                one.delegate.number,
                documents.bearer_name(one),
                bearer.phone,
                f"/i/{one.code}",
                PhoneText.of(long),
                PhoneText.of(short),
                PhoneText.of(unaccented(short)),
            )
        )
    return found


def unit_text(unit_name: str, invitations: Sequence[Invitation], base_url: str) -> PhoneText:
    """One text for the unit's own Zalo group: each of its people with the own link."""
    facts = documents.facts(invitations[0], base_url)
    lines = [
        f"{facts.issuer} gửi {unit_name}: danh sách đại biểu dự {facts.title}.",
        f"Thời gian: {facts.when}",
        f"Địa điểm: {facts.place}",
        "Mỗi đồng chí mở đường dẫn của riêng mình để xem chương trình và trả lời:",
    ]
    for number, one in enumerate(invitations, 1):
        lines.append(f"{number}. {documents.bearer_name(one)}: {documents.personal_url(base_url, one.code)}")
    return PhoneText.of("\n".join([*lines, facts.doubt]))
