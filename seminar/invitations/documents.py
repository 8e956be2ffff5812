"""What an invitation prints: the letter in the Union's form, the QR code. Always Vietnamese."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from seminar.delegates.models import Delegate
from seminar.documents import content, layout, merging, pdf
from seminar.documents import rules as forms
from seminar.documents.models import DocumentKind, IssuedDocument
from seminar.documents.queries import document_or_404, template_of
from seminar.invitations import queries, rules
from seminar.invitations.models import Invitation
from seminar.lib import files, qr
from seminar.lib.clock import local, short_date
from seminar.lib.errors import Refused
from seminar.lib.isolated import run_isolated
from seminar.lib.text import thousands
from seminar.planning import queries as plans
from seminar.planning.messages import contact_of as contact
from seminar.planning.messages import doubt_sentence
from seminar.planning.models import Group, Milestone, Seminar

if TYPE_CHECKING:
    from seminar.documents.word import WordDocument


def personal_url(base_url: str, code: str) -> str:
    return f"{base_url}/i/{code}"


def qr_payload(base_url: str, code: str) -> str:
    """The whole address in capitals: alphanumeric mode keeps the code small, and any phone opens it (recipes.md)."""
    return f"{base_url}/I/{code}".upper()


def bearer_name(invitation: Invitation) -> str:
    """Who comes with this invitation: the delegate, or the approved proxy."""
    return invitation.proxy.name if invitation.proxy else invitation.delegate.name


def bearer_email(invitation: Invitation) -> str:
    return invitation.proxy.email if invitation.proxy else invitation.delegate.email


def _addressed(invitation: Invitation) -> tuple[str, str, list[str]]:
    """(name with form of address, form of address within a sentence, position and body) of the bearer."""
    delegate = invitation.delegate
    body = delegate.body or (delegate.unit.name if delegate.unit else "")
    if invitation.proxy:
        proxy = invitation.proxy
        return rules.addressed("", "", proxy.name), rules.running_address(""), [proxy.position, body]
    name = rules.addressed(delegate.honorific, delegate.academic_title, delegate.name)
    if delegate.is_unnamed:  # "Đồng chí đại diện lãnh đạo" of which body?
        name, body = f"{name} {body}".strip(), ""
    return name, rules.running_address(delegate.honorific), [delegate.position, body]


def _instead_of(invitation: Invitation) -> str:
    """The delegate for whom a proxy comes, within a sentence: "đồng chí Nguyễn Văn A"."""
    delegate = invitation.delegate
    return delegate.name if delegate.is_unnamed else f"{rules.running_address(delegate.honorific)} {delegate.name}"


def _plan(seminar: Seminar) -> str:
    day = short_date(seminar.plan_issued_on) if seminar.plan_issued_on else forms.UNKNOWN
    return f"Kế hoạch số {seminar.plan_number or forms.UNKNOWN}, ngày {day}"


def _place(seminar: Seminar) -> str:
    venue = seminar.venue
    return ", ".join(part for part in (venue.name, venue.address) if part) if venue else forms.UNKNOWN


def _verification(base_url: str) -> str:
    return f"Kiểm tra văn bản theo số và ký hiệu tại {urlsplit(base_url).netloc}/verify."


def _points(seminar: Seminar, group: Group, kind: DocumentKind, answers: Milestone | None) -> list[dict[str, str]]:
    held = rules.when(seminar.held_on, seminar.starts_at)
    dress = seminar.dress or forms.UNKNOWN
    by = f"{rules.deadline(answers)}, theo mã QR hoặc đường dẫn in dưới đây, hoặc qua {contact(seminar)}."
    early = f"có mặt trước {rules.ARRIVE_BEFORE_MINUTES} phút"
    if kind == DocumentKind.INVITATION:
        content = f"chủ đề “{seminar.theme}”; " if seminar.theme else ""
        points = [
            ("Thời gian", f"{held}."),
            ("Địa điểm", f"{_place(seminar)}."),
            ("Nội dung, chương trình", f"{content}chương trình chi tiết tại trang thông tin theo mã QR dưới đây."),
            ("Trang phục", f"{dress}."),
            ("Xác nhận tham dự", f"{by} {rules.PROXY_SENTENCES[group.proxy_rule]}"),
        ]
    else:
        content = f"dự Tọa đàm, chủ đề “{seminar.theme}”" if seminar.theme else "dự Tọa đàm"
        points = [
            ("Nội dung", f"{content}."),
            ("Thời gian", f"{held}; {early} để điểm danh, nhận tài liệu."),
            ("Địa điểm", f"{_place(seminar)}."),
            ("Trang phục", f"{dress}; mang theo giấy này (mã QR)."),
            ("Xác nhận tham dự", f"{by} {rules.PROXY_SENTENCES[group.proxy_rule]}"),
        ]
    return [{"label": label, "text": text} for label, text in points]


def _body(invitation: Invitation, seminar: Seminar, kind: DocumentKind) -> dict[str, Any]:
    """Addressee, opening and closing of either letter."""
    delegate = invitation.delegate
    name, address, details = _addressed(invitation)
    instead = f" (thay {_instead_of(invitation)})" if invitation.proxy else ""
    issuer = seminar.issuer or forms.UNKNOWN
    if kind == DocumentKind.INVITATION:
        role = rules.role_phrase(membership.group.name for membership in delegate.memberships)
        return {
            "name": name,
            "lines": [", ".join(part for part in details if part)] if any(details) else [],
            "opening": f"Thực hiện {_plan(seminar)}, {issuer} trân trọng kính mời {address}{instead} {role} Tọa đàm.",
            "closing": [f"Sự có mặt của {address} góp phần vào thành công của Tọa đàm.", "Trân trọng./."],
        }
    lines = [f"Chức vụ: {details[0] or forms.UNKNOWN}", f"Đơn vị: {details[1] or forms.UNKNOWN}"]
    if invitation.proxy:
        lines.append(f"Dự thay: {rules.addressed(delegate.honorific, '', delegate.name)}")
    return {
        "name": name,
        "lines": [*lines, f"Thành phần: {delegate.group.name}"],
        "opening": f"Căn cứ {_plan(seminar)}, {issuer} triệu tập:",
        "closing": [f"Đề nghị cấp ủy, cơ quan, đơn vị tạo điều kiện để {address} tham dự./."],
    }


def _letter(
    invitation: Invitation, seminar: Seminar, answers: Milestone | None, base_url: str, is_draft: bool
) -> dict[str, Any]:
    settings = forms.settings_of(seminar.settings)
    document = invitation.document
    code = invitation.code
    day = None if is_draft else document.issued_on
    return {
        **content.head_data(settings, document.symbol, day, is_draft=is_draft, urgency=settings.urgency),
        **content.signature_data(settings, settings.rows_for(document.kind)),
        "kind": document.kind.value,
        "title": forms.TITLES[document.kind],
        "subject": f"Dự {rules.quoted_title(seminar.title)}",
        **_body(invitation, seminar, document.kind),
        "points": _points(seminar, invitation.delegate.group, document.kind, answers),
        "digits": ["•••••"] * 4 if is_draft else [code[i : i + 5] for i in range(0, 20, 5)],
        "qr": "" if is_draft else qr.svg(qr_payload(base_url, code)),
        "notes": [
            f"Trang thông tin và trả lời: {personal_url(base_url, '…' if is_draft else code)}",
            f"{_verification(base_url)} {doubt_sentence(seminar)}",
        ],
    }


def letters_pdf(invitations: Sequence[Invitation], base_url: str, *, is_draft: bool = False) -> bytes:
    """One page (or more) per invitation, in the order given. Drafts carry DỰ THẢO and no code that opens anything.

    The invitations are of one seminar, loaded with `queries.with_letter`. Slow for many: call it outside of a writing
    transaction.
    """
    seminar = invitations[0].delegate.seminar
    day: date = invitations[0].document.issued_on
    answers = plans.milestone(seminar, "answers")
    settings = forms.settings_of(seminar.settings)
    common = {**content.common_data(layout.rules_for(day), settings), "heading": seminar.title}
    letters = (_letter(invitation, seminar, answers, base_url, is_draft) for invitation in invitations)
    return pdf.compile_many("letter.typ", common, "letters", letters, fills_sheets=settings.is_double_sided)


MOST_WORD_LETTERS = 1_000
"""A longer file takes Word minutes to open: groups are then printed one by one, or as PDF."""
MANY_LETTERS = 20
CHILD_SECONDS = 240


def letters_docx(invitations: Sequence[Invitation], base_url: str, now: datetime, *, is_draft: bool = False) -> bytes:
    """One Word file of all the letters, each a section of its own with its code. Slow for many, as `letters_pdf`."""
    if len(invitations) > MOST_WORD_LETTERS:
        raise Refused(
            "A Word file takes at most %(most)s letters. Take the PDF, or issue the groups one by one.",
            most=thousands(MOST_WORD_LETTERS),
        )
    seminar = invitations[0].delegate.seminar
    answers = plans.milestone(seminar, "answers")
    settings = forms.settings_of(seminar.settings)
    day: date = invitations[0].document.issued_on
    template = template_of(seminar, invitations[0].document.kind)
    if template is not None:
        return merging.filled(
            files.read(template.sha256),
            [_values(one, seminar, _letter(one, seminar, answers, base_url, is_draft)) for one in invitations],
            [] if is_draft else [qr.png(qr_payload(base_url, one.code), box_pixels=4) for one in invitations],
            double_sided=settings.is_double_sided,
        )
    letters = [
        _letter(one, seminar, answers, base_url, is_draft)
        | {"qr": "", "payload": "" if is_draft else qr_payload(base_url, one.code)}
        for one in invitations
    ]
    order = (layout.rules_for(day), settings, seminar.title, letters, None if is_draft else day, now)
    if len(letters) <= MANY_LETTERS:
        return write_letters(*order)
    made: bytes = run_isolated(write_letters, *order, cpu_seconds=CHILD_SECONDS, wall_seconds=CHILD_SECONDS)
    return made


def _values(invitation: Invitation, seminar: Seminar, letter: dict[str, Any]) -> merging.Values:
    """The letter as the fields of the office's own template (documents/merging.py)."""
    delegate = invitation.delegate
    _name, _address, (position, body) = _addressed(invitation)
    return {
        **content.merge_values(
            forms.settings_of(seminar.settings),
            letter["kind"],
            symbol=letter["symbol"],
            date_line=letter["date_line"],
            subject=letter["subject"],
            is_draft=letter["draft"],
        ),
        **seminar_values(seminar),
        "kinh_gui": letter["name"],
        "chuc_vu": position,
        "don_vi": body,
        "thanh_phan": delegate.group.name,
        "mo_dau": letter["opening"],
        "cac_muc": [{"nhan": point["label"], "noi_dung": point["text"]} for point in letter["points"]],
        "ket_thuc": letter["closing"],
        "trang_phuc": seminar.dress,
        "ma_dai_bieu": " ".join(letter["digits"]),
        "duong_dan": letter["notes"][0].rpartition(" ")[2],
        "ghi_chu": letter["notes"],
    }


def seminar_values(seminar: Seminar) -> dict[str, str]:
    """What every template may say of the seminar."""
    return {
        "ten_toa_dam": rules.quoted_title(seminar.title),
        "chu_de": seminar.theme,
        "thoi_gian": rules.when(seminar.held_on, seminar.starts_at),
        "dia_diem": _place(seminar),
        "dau_moi": contact(seminar),
    }


def template_preview(template: bytes, seminar: Seminar, invitation: Invitation, base_url: str) -> bytes:
    """The letter of a drafted invitation by the template; what is missing is red."""
    letter = _letter(invitation, seminar, plans.milestone(seminar, "answers"), base_url, True)
    return merging.filled(template, [_values(invitation, seminar, letter)], is_preview=True)


def write_letters(
    form: layout.Layout,
    settings: forms.DocumentSettings,
    title: str,
    letters: Sequence[dict[str, Any]],
    day: date | None,
    now: datetime,
) -> bytes:
    """The Word file from plain values, for the child process."""
    from seminar.documents.word import WordDocument

    word = WordDocument(
        form,
        title=title,
        now=now,
        draft=day is None,
        double_sided=settings.is_double_sided,
        archive_mark=settings.archive_mark,
        tight=True,
    )
    for number, letter in enumerate(letters):
        if number:
            word.next_letter()
        _write_letter(word, letter, settings, day)
    return word.save()


def _write_letter(
    word: "WordDocument", letter: dict[str, Any], settings: forms.DocumentSettings, day: date | None
) -> None:
    from seminar.documents.word import Strong

    kind = DocumentKind(letter["kind"])
    word.head(settings, letter["symbol"], day, urgency=settings.urgency)
    word.title(letter["title"], letter["subject"])
    if kind == DocumentKind.INVITATION:
        word.addressee("\n".join([letter["name"], *letter["lines"]]))
        word.paragraph(letter["opening"])
    else:
        word.paragraph(letter["opening"])
        word.paragraph(Strong(letter["name"]))
        for line in letter["lines"]:
            word.paragraph(line)
    for number, point in enumerate(letter["points"], 1):
        word.paragraph(Strong(f"{number}. {point['label']}: "), point["text"])
    for text in letter["closing"]:
        word.paragraph(text)
    digits = (" ".join(letter["digits"][:2]), " ".join(letter["digits"][2:]))
    picture = (qr.png(letter["payload"], box_pixels=4), "Mã đại biểu:", digits) if letter["payload"] else None
    word.signature(forms.printed_recipients(settings.rows_for(kind)), settings, picture)
    word.notes(letter["notes"])


@dataclass(frozen=True)
class Facts:
    """What a mail, a Zalo text or the personal page says of an invitation, ready to print."""

    kind: str
    symbol: str
    issued_on: str
    name: str
    address: str
    instead_of: str
    issuer: str
    title: str
    theme: str
    when: str
    place: str
    dress: str
    url: str
    contact: str
    doubt: str
    verification: str


def facts(invitation: Invitation, base_url: str) -> Facts:
    delegate, document = invitation.delegate, invitation.document
    seminar = delegate.seminar
    name, address, _ = _addressed(invitation)
    return Facts(
        kind=forms.TITLES[document.kind].capitalize(),
        symbol=document.symbol,
        issued_on=forms.long_date(document.issued_on),
        name=name,
        address=address,
        instead_of=_instead_of(invitation) if invitation.proxy else "",
        issuer=seminar.issuer or forms.UNKNOWN,
        title=rules.quoted_title(seminar.title),
        theme=seminar.theme,
        when=rules.when(seminar.held_on, seminar.starts_at),
        place=_place(seminar),
        dress=seminar.dress,
        url=personal_url(base_url, invitation.code),
        contact=contact(seminar),
        doubt=doubt_sentence(seminar),
        verification=_verification(base_url),
    )


def drafts(seminar: Seminar, delegates: Sequence[Delegate], now: datetime) -> list[Invitation]:
    """Invitations as they would be issued now, for a preview only: never stored, without number and code."""
    settings = forms.settings_of(seminar.settings)
    drafted = []
    for delegate in delegates:
        kind = rules.DOCUMENT_OF[delegate.group.letter_kind]
        document = IssuedDocument(
            kind=kind, symbol=forms.symbol(None, kind, settings), issued_on=local(now).date(), number=0
        )
        drafted.append(Invitation(delegate=delegate, document=document, code=""))
    return drafted


def kept_runs(seminar: Seminar, document_ids: Sequence[int], base_url: str) -> dict[int, str]:
    """Builds the letters of each run and keeps the file; sha256 by id of the document. Slow: not while writing."""
    kept = {}
    for document_id in document_ids:
        run = queries.invitations_of_document(document_or_404(seminar, document_id), seminar)
        kept[document_id] = files.keep(letters_pdf(run, base_url))
    return kept
