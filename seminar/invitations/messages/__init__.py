"""What is sent about an invitation: mails (text and HTML, QR inline, calendar, letter as PDF) and texts for telephones.

Always Vietnamese. Composing needs no writing transaction; what comes out is plain values.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from flask import render_template

from seminar.invitations import documents, queries, rules
from seminar.invitations.documents import Facts
from seminar.invitations.messages.calendar import Stand, calendar_ics
from seminar.invitations.models import Invitation, Proxy, Purpose
from seminar.invitations.rules import Told
from seminar.lib import clock, files, qr
from seminar.lib.codes import grouped
from seminar.lib.errors import Refused
from seminar.planning import queries as plans
from seminar.planning.rules import is_closed

MOST_LETTERS = 500
"""Each takes 15 ms and 55 kB, in the server's own process: its memory does not grow with many small files."""
LETTER_BYTES = 55_000


@dataclass(frozen=True)
class Message:
    """One mail, composed but not yet in the outbox."""

    invitation_id: int
    delegate_id: int
    to_name: str
    to_address: str
    subject: str
    text: str
    html: str
    inline_png: bytes
    calendar: str
    told: Told | None = None
    """Day, hour and place that it says; none where it says nothing of them."""
    attachment_sha256: str = ""
    attachment_name: str = ""


@dataclass(frozen=True)
class Wording:
    """The office's own subject and text, with fields in braces."""

    subject: str = ""
    body: str = ""


def composed(
    invitations: Sequence[Invitation],
    base_url: str,
    purpose: Purpose = queries.INVITES,
    *,
    wording: Wording | None = None,
    now: datetime | None = None,
) -> list[Message]:
    """A message for each of the invitations (of one seminar) whose bearer has an e-mail address; the others are left
    out. `wording` is that of an own message. `now` is when it leaves: by it a deadline is to come or past, and a
    cancellation is dated. Refuses unknown fields.
    """
    if not invitations:
        return []
    seminar = invitations[0].delegate.seminar
    answers = plans.milestone(seminar, "answers")
    if purpose == Purpose.CANCELLATION:
        addresses = queries.mailed_to(invitations)
        stand = Stand.of(seminar)
        return [
            _cancelled(one, base_url, addresses.get(one.id) or documents.bearer_email(one), stand, now)
            for one in invitations
            if addresses.get(one.id) or documents.bearer_email(one)
        ]
    if purpose == Purpose.INVITATION and (stale := queries.says_otherwise(invitations, seminar)):
        raise Refused(
            "Day, hour or place changed since %(count)d of these letters were issued, and they still say the former. "
            "On the page of the letters let them say what the plan says, then send; whoever has theirs already gets a change notice.",
            count=len(stale),
        )
    until = rules.answer_by(answers, now or clock.now())
    asks_answer = purpose in (Purpose.INVITATION, Purpose.REMINDER) and not is_closed(answers)
    told, before = queries.told_now(seminar), queries.last_told(invitations)
    stand = Stand.of(seminar)
    return [
        _composed(one, base_url, purpose, until, asks_answer, told, before.get(one.id), stand, wording or Wording())
        for one in invitations
        if documents.bearer_email(one)
    ]


def with_letters(messages: Sequence[Message], invitations: Sequence[Invitation], base_url: str) -> list[Message]:
    """The same with each letter as it is printed, kept as a file. Slow: not while writing. Refuses too many at once."""
    if len(messages) > MOST_LETTERS:
        raise Refused(
            "At most %(most)d messages at once carry the letter: choose fewer, group by group.", most=MOST_LETTERS
        )
    by_id = {one.id: one for one in invitations}
    found = []
    for message in messages:
        one = by_id[message.invitation_id]
        name = f"{one.document.kind.file_word}-{one.document.number:02d}-{one.delegate.number}.pdf"
        digest = files.keep(documents.letters_pdf([one], base_url))
        found.append(replace(message, attachment_sha256=digest, attachment_name=name))
    return found


def _lead(facts: Facts, purpose: Purpose, until: str, told: Told | None, before: Told | None) -> list[str]:
    """The paragraphs before time and place."""
    instead = f" (dự thay {facts.instead_of})" if facts.instead_of else ""
    theme = f", chủ đề “{facts.theme}”" if facts.theme else ""
    if purpose == Purpose.REMINDER:
        return [
            f"Ban Tổ chức chưa nhận được trả lời của {facts.address} về việc tham dự Tọa đàm. "
            f"Trân trọng đề nghị {facts.address} trả lời {until}".strip()
            + "."
        ]
    if purpose == Purpose.CHANGE and told and before:
        return [
            f"Ban Tổ chức trân trọng thông báo đến {facts.address}: {told.changed_from(before)} {facts.title} có thay đổi."
        ]
    if facts.kind == "Giấy triệu tập":
        return [f"{facts.issuer} triệu tập {facts.address}{instead} dự {facts.title}{theme}:"]
    return [f"{facts.issuer} trân trọng kính mời {facts.address}{instead} dự {facts.title}{theme}:"]


def what_changed(purpose: Purpose, told: Told | None, before: Told | None) -> str:
    """Whoever was told another day, hour or place reads so in every message that tells the new one; "" for the others."""
    if not told or not before or told == before:
        return ""
    notes = "" if purpose == Purpose.CHANGE else f"Xin lưu ý: {told.changed_from(before)} có thay đổi. "
    return f"{notes}Trước đây đã báo: {before.when}; {before.place}. Nay là:"


def _composed(
    invitation: Invitation,
    base_url: str,
    purpose: Purpose,
    until: str,
    asks_answer: bool,
    told: Told | None,
    before: Told | None,
    stand: Stand,
    wording: Wording,
) -> Message:
    facts = documents.facts(invitation, base_url)
    about = f"{facts.kind} số {facts.symbol}: dự {facts.title}"
    lead = _lead(facts, purpose, until, told, before)
    subject = about
    if purpose == Purpose.REMINDER:
        subject = f"Nhắc trả lời – {about}"
    elif purpose == Purpose.CHANGE and told and before:
        subject = f"Thay đổi {told.changed_from(before)} – {about}"
    elif purpose == Purpose.MESSAGE:
        values = asdict(facts) | {"deadline": until}
        subject = rules.merged(wording.subject, values)
        lead = [part.strip() for part in rules.merged(wording.body, values).split("\n\n") if part.strip()]
    changed = what_changed(purpose, told, before)
    values = {
        "facts": facts,
        "lead": [*lead, changed] if changed else lead,
        "asks_answer": asks_answer,
        "deadline": "" if purpose == Purpose.REMINDER else until,
        "code": grouped(invitation.code),
    }
    return Message(
        invitation_id=invitation.id,
        delegate_id=invitation.delegate_id,
        to_name=documents.bearer_name(invitation),
        to_address=documents.bearer_email(invitation),
        subject=subject[:300],
        text=render_template("invitations/mail.txt", **values),
        html=render_template("invitations/mail.html", **values),
        inline_png=qr.png(documents.qr_payload(base_url, invitation.code), box_pixels=6),
        calendar=calendar_ics(invitation, base_url, stand=stand) if told else "",
        told=told,
    )


def _notice(
    invitation: Invitation, facts: Facts, address: str, subject: str, paragraphs: list[str], **more: str
) -> Message:
    """Without code, QR and calendar: nothing is to be answered."""
    values = {"facts": facts, "paragraphs": paragraphs, "link": more.get("link", ""), "button": more.get("button", "")}
    return Message(
        invitation_id=invitation.id,
        delegate_id=invitation.delegate_id,
        to_name=documents.bearer_name(invitation),
        to_address=address,
        subject=subject[:300],
        text=render_template("invitations/notice_mail.txt", **values),
        html=render_template("invitations/notice_mail.html", **values),
        inline_png=b"",
        calendar=more.get("calendar", ""),
    )


def _cancelled(invitation: Invitation, base_url: str, address: str, stand: Stand, now: datetime | None) -> Message:
    facts = documents.facts(invitation, base_url)
    moment = now or invitation.revoked_at or invitation.issued_at
    told = queries.told_now(invitation.delegate.seminar) or queries.last_told([invitation]).get(invitation.id)
    calendar = calendar_ics(invitation, base_url, stand=stand, cancelled_at=moment) if told else ""
    paragraphs = [
        f"Ban Tổ chức trân trọng thông báo: {facts.kind} số {facts.symbol} gửi {facts.address} không còn hiệu lực. "
        f"Theo văn bản này {facts.address} không phải dự {facts.title}; mã QR và đường dẫn đã gửi không còn dùng được.",
        f"Nếu {facts.address} cho rằng có nhầm lẫn, xin gọi {facts.contact}.",
    ]
    subject = f"Không còn hiệu lực – {facts.kind} số {facts.symbol}: dự {facts.title}"
    return _notice(invitation, facts, address, subject, paragraphs, calendar=calendar)


def thanked(invitations: Sequence[Invitation], base_url: str, proceedings_url: str = "") -> list[Message]:
    """Thanks to those who came, with where the proceedings are, or that they follow."""
    found = []
    for one in invitations:
        address = documents.bearer_email(one)
        if not address:
            continue
        facts = documents.facts(one, base_url)
        book = (
            "Kỷ yếu của Tọa đàm có tại đường dẫn dưới đây."
            if proceedings_url
            else "Kỷ yếu của Tọa đàm sẽ gửi sau, khi biên tập xong."
        )
        thanks = (
            f"Ban Tổ chức trân trọng cảm ơn {facts.address} đã dự {facts.title} và góp phần vào thành công của Tọa đàm."
        )
        found.append(
            _notice(
                one,
                facts,
                address,
                f"Thư cảm ơn – {facts.title}",
                [thanks, book],
                link=proceedings_url,
                button="Mở kỷ yếu" if proceedings_url else "",
            )
        )
    return found


def proxy_refusal(proxy: Proxy, invitation: Invitation, base_url: str) -> Message | None:
    """Tells the delegate, by the invitation in force, that the person proposed may not come instead; None without an
    address.
    """
    address = documents.bearer_email(invitation)
    if not address:
        return None
    facts = documents.facts(invitation, base_url)
    values = {"facts": facts, "proposed": proxy.name, "note": proxy.decision_note}
    return Message(
        invitation_id=invitation.id,
        delegate_id=invitation.delegate_id,
        to_name=documents.bearer_name(invitation),
        to_address=address,
        subject=f"Về đề nghị cử người dự thay – {facts.kind} số {facts.symbol}"[:300],
        text=render_template("invitations/refusal_mail.txt", **values),
        html=render_template("invitations/refusal_mail.html", **values),
        inline_png=b"",
        calendar="",
    )
