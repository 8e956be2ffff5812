"""The receipt of a version: what arrived, as a page that prints and as a mail to whoever sent it."""

from dataclasses import dataclass

from flask import render_template
from flask_babel import force_locale, gettext

from seminar.access.actor import CHANNEL_LABELS
from seminar.lib.clock import short_moment
from seminar.lib.errors import Message
from seminar.lib.language import say
from seminar.lib.legacy import Legacy
from seminar.lib.text import clean, thousands
from seminar.papers import queries, rules
from seminar.papers.models import PAPER_KIND_LABELS, Call, RenditionKind, Submission
from seminar.planning.messages import contact_of
from seminar.planning.models import Seminar

OLD_FONTS = Message("It was typed in old fonts (%(fonts)s); the page offers to convert it.")
CONVERTED = Message("Its old fonts were converted to Unicode; the file as it was sent is kept.")
LEGACY_NAMES = {
    Legacy.TCVN3: "TCVN3 (.Vn…)",
    Legacy.TCVN3_CAPITALS: "TCVN3 (.Vn…H)",
    Legacy.VNI: "VNI",
    Legacy.MOJIBAKE: "UTF-8",
}


@dataclass(frozen=True)
class Receipt:
    """What is told of one version, in the reader's language."""

    rows: tuple[tuple[str, str], ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class ReceiptMail:
    to_name: str
    to_address: str
    subject: str
    text: str
    html: str


def fonts_said(submission: Submission) -> str:
    """The old encodings that were found: "TCVN3 (.Vn…), VNI"."""
    return ", ".join(LEGACY_NAMES[Legacy(one)] for one in submission.legacy.split(",") if one)


def code_of(submission: Submission) -> str:
    """The file's sha256 in short, in groups that can be read out: "3f2a 90b1 77cd"."""
    digest = submission.file_sha256
    return " ".join(digest[at : at + 4] for at in range(0, 12, 4))


def remarks_of(submission: Submission, call: Call) -> list[Message]:
    """All that should be known of a version and was no reason to refuse it."""
    found = remarks_on_form(submission, call)
    if submission.legacy:
        is_converted = queries.rendition(submission, RenditionKind.UNICODE) is not None
        found.append(CONVERTED if is_converted else Message(OLD_FONTS.msgid, fonts=fonts_said(submission)))
    return found


def remarks_on_form(submission: Submission, call: Call) -> list[Message]:
    """The same without old fonts, for a page that offers to convert them."""
    printed = queries.rendition(submission, RenditionKind.PDF)
    pages = printed.page_count if printed is not None and printed.is_sent else None
    found = rules.limit_remarks(call, submission, pages)
    return found + [Message(msgid, **values) for msgid, values in submission.remarks]


def receipt(seminar: Seminar, submission: Submission, call: Call) -> Receipt:
    paper = submission.paper
    beside = [one for one in submission.renditions if one.is_sent and one.withdrawn_at is None]
    size = gettext("%(size)s kB", size=thousands((submission.size_bytes + 1023) // 1024))
    rows = [
        (gettext("Seminar"), clean(seminar.title)),
        (gettext("Paper"), paper.title),
        (gettext("Kind"), gettext(PAPER_KIND_LABELS[paper.kind])),
        (gettext("Authors"), paper.authors),
        (gettext("Version"), str(submission.version)),
        (gettext("File"), f"{submission.filename} ({size})"),
    ]
    if submission.word_count is not None:
        rows.append((gettext("Number of words"), thousands(submission.word_count)))
    if submission.page_count is not None:
        rows.append((gettext("Number of pages"), str(submission.page_count)))
    for one in beside:
        pages = f", {one.page_count} {gettext('pages')}" if one.page_count else ""
        beside_size = gettext("%(size)s kB", size=thousands((one.size_bytes + 1023) // 1024))
        rows.append((gettext("PDF beside it"), f"{beside_size}{pages}"))
    arrived = short_moment(submission.at)
    late = gettext("after the deadline")
    rows += [
        (gettext("Received at"), f"{arrived} ({late})" if submission.is_late else arrived),
        (gettext("Sent by"), f"{submission.actor_name}, {gettext(CHANNEL_LABELS[submission.channel])}"),
        (gettext("Code of the file"), code_of(submission)),
    ]
    return Receipt(tuple(rows), tuple(map(say, remarks_of(submission, call))))


def address_of(submission: Submission) -> tuple[str, str]:
    """(name, e-mail) of whom the paper is, where an address is known; else two empty texts."""
    paper = submission.paper
    if paper.unit is not None:
        return (paper.unit.contact_name or paper.unit.name, paper.unit.contact_email)
    if paper.delegate is not None:
        return (paper.delegate.name, paper.delegate.email)
    return "", ""


def receipt_mail(seminar: Seminar, submission: Submission, call: Call) -> ReceiptMail | None:
    """None where the sender has no address. Always Vietnamese."""
    to_name, to_address = address_of(submission)
    if not to_address:
        return None
    with force_locale("vi"):
        made = receipt(seminar, submission, call)
    facts = {
        "receipt": made,
        "to_name": to_name,
        "issuer": seminar.issuer,
        "contact": contact_of(seminar),
        "version": submission.version,
    }
    return ReceiptMail(
        to_name,
        to_address,
        f"Đã nhận bài: {clean(submission.paper.title)} (bản số {submission.version})"[:300],
        render_template("papers/receipt_mail.txt", **facts),
        render_template("papers/receipt_mail.html", **facts),
    )
