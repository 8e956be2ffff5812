"""The mails of an invitation: the invitation itself, the reminder, and that nobody may come instead. Vietnamese, text
and HTML; the first two with the QR code inline.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template

from seminar.invitations import documents, queries, rules
from seminar.invitations.models import Invitation, Proxy
from seminar.lib import qr
from seminar.lib.codes import grouped
from seminar.planning import queries as plans


@dataclass(frozen=True)
class Message:
    """One mail, composed but not yet in the outbox: plain values, so that composing needs no writing transaction."""

    invitation_id: int
    delegate_id: int
    to_name: str
    to_address: str
    subject: str
    text: str
    html: str
    inline_png: bytes
    calendar: str


def composed(invitations: Sequence[Invitation], base_url: str, purpose: str = queries.INVITES) -> list[Message]:
    """A message for each of the invitations (of one seminar) whose bearer has an e-mail address; the others are left out."""
    if not invitations:
        return []
    answers = plans.milestone(invitations[0].delegate.seminar, "answers")
    deadline = rules.deadline(answers) if answers else ""
    return [
        _composed(invitation, base_url, purpose, deadline)
        for invitation in invitations
        if documents.bearer_email(invitation)
    ]


def _composed(invitation: Invitation, base_url: str, purpose: str, deadline: str) -> Message:
    facts = documents.facts(invitation, base_url)
    values = {
        "facts": facts,
        "is_reminder": purpose == queries.REMINDS,
        "deadline": deadline,
        "code": grouped(invitation.code),
    }
    about = f"{facts.kind} số {facts.symbol}: dự {facts.title}"
    return Message(
        invitation_id=invitation.id,
        delegate_id=invitation.delegate_id,
        to_name=documents.bearer_name(invitation),
        to_address=documents.bearer_email(invitation),
        subject=(f"Nhắc trả lời – {about}" if purpose == queries.REMINDS else about)[:300],
        text=render_template("invitations/mail.txt", **values),
        html=render_template("invitations/mail.html", **values),
        inline_png=qr.png(documents.qr_payload(base_url, invitation.code), box_pixels=6),
        calendar=documents.calendar_ics(invitation, base_url),
    )


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
