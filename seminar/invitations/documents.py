"""What an invitation prints: the letter in the Union's form, the QR code. Always Vietnamese."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import chain
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from seminar.delegates.models import Delegate
from seminar.documents import content, layout, merging, pdf
from seminar.documents import rules as forms
from seminar.documents.models import DocumentKind, IssuedDocument
from seminar.documents.queries import document_or_404, template_of
from seminar.invitations import particulars, queries, rules
from seminar.invitations.models import Invitation
from seminar.invitations.particulars import Particulars
from seminar.lib import files, qr
from seminar.lib.clock import local
from seminar.lib.errors import Refused
from seminar.lib.isolated import run_isolated
from seminar.lib.text import thousands
from seminar.planning.messages import contact_of as contact
from seminar.planning.messages import doubt_sentence
from seminar.planning.models import ProxyRule, Seminar

if TYPE_CHECKING:
    from seminar.documents.word.document import WordDocument


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


def _verification(base_url: str) -> str:
    return f"Kiểm tra văn bản theo số và ký hiệu tại {urlsplit(base_url).netloc}/verify."


def _points(said: Particulars, proxies: ProxyRule, kind: DocumentKind) -> list[dict[str, str]]:
    held = said.when
    place = f"{said.place or forms.UNKNOWN}."
    dress = said.dress or forms.UNKNOWN
    by = f"{said.deadline}, theo mã QR hoặc đường dẫn in dưới đây, hoặc qua {contact(said)}."
    answer = ("Xác nhận tham dự", f"{by} {rules.PROXY_SENTENCES[proxies]}")
    early = f"có mặt trước {rules.ARRIVE_BEFORE_MINUTES} phút"
    if kind == DocumentKind.INVITATION:
        content = f"chủ đề “{said.theme}”; " if said.theme else ""
        points = [
            ("Thời gian", f"{held}."),
            ("Địa điểm", place),
            ("Nội dung, chương trình", f"{content}chương trình chi tiết tại trang thông tin theo mã QR dưới đây."),
            ("Trang phục", f"{dress}."),
            answer,
        ]
    else:
        content = f"dự Tọa đàm, chủ đề “{said.theme}”" if said.theme else "dự Tọa đàm"
        points = [
            ("Nội dung", f"{content}."),
            ("Thời gian", f"{held}; {early} để điểm danh, nhận tài liệu."),
            ("Địa điểm", place),
            ("Trang phục", f"{dress}; mang theo giấy này (mã QR)."),
            answer,
        ]
    return [{"label": label, "text": text} for label, text in points]


def _body(invitation: Invitation, said: Particulars, group: str, kind: DocumentKind) -> dict[str, Any]:
    """Addressee, opening and closing of either letter."""
    delegate = invitation.delegate
    name, address, details = _addressed(invitation)
    instead = f" (thay {_instead_of(invitation)})" if invitation.proxy else ""
    issuer = said.issuer or forms.UNKNOWN
    if kind == DocumentKind.INVITATION:
        role = rules.role_phrase(said.group(membership.group)[0] for membership in delegate.memberships)
        return {
            "name": name,
            "lines": [", ".join(part for part in details if part)] if any(details) else [],
            "opening": f"Thực hiện {said.plan}, {issuer} trân trọng kính mời {address}{instead} {role} Tọa đàm.",
            "closing": [f"Sự có mặt của {address} góp phần vào thành công của Tọa đàm.", "Trân trọng./."],
        }
    lines = [f"Chức vụ: {details[0] or forms.UNKNOWN}", f"Đơn vị: {details[1] or forms.UNKNOWN}"]
    if invitation.proxy:
        lines.append(f"Dự thay: {rules.addressed(delegate.honorific, '', delegate.name)}")
    return {
        "name": name,
        "lines": [*lines, f"Thành phần: {group}"],
        "opening": f"Căn cứ {said.plan}, {issuer} triệu tập:",
        "closing": [f"Đề nghị cấp ủy, cơ quan, đơn vị tạo điều kiện để {address} tham dự./."],
    }


def _letter(invitation: Invitation, said: Particulars, now: Particulars, base_url: str) -> dict[str, Any]:
    """The letter by what it said when it was issued; where day, hour or place are others `now`, a note tells them."""
    settings = said.form
    document = invitation.document
    is_draft = not invitation.code
    group, proxies = said.group(invitation.delegate.group)
    code = invitation.code
    day = None if is_draft else document.issued_on
    link = personal_url(base_url, code or "…")
    return {
        **content.head_data(settings, document.symbol, day, is_draft=is_draft, urgency=settings.urgency),
        **content.signature_data(settings, settings.rows_for(document.kind), document.copies or 0),
        "kind": document.kind.value,
        "title": forms.TITLES[document.kind],
        "subject": f"Dự {rules.quoted_title(said.title)}",
        **_body(invitation, said, group, document.kind),
        "group": group,
        "copies": document.copies or 0,
        "points": _points(said, proxies, document.kind),
        "digits": ["•••••"] * 4 if is_draft else [code[i : i + 5] for i in range(0, 20, 5)],
        "qr": "" if is_draft else qr.svg(qr_payload(base_url, code)),
        "link": link,
        "notes": [
            *_change_note(said, now),
            f"Trang thông tin và trả lời: {link}",
            f"{_verification(base_url)} {doubt_sentence(said)}",
        ],
    }


def _change_note(said: Particulars, now: Particulars) -> list[str]:
    """What the bearer of a letter must know that does not say it: it was issued before day, hour or place changed."""
    if said.told == now.told or said.told is None:
        return []
    if now.told is None:
        return ["LƯU Ý: thời gian hoặc địa điểm in trên đây đang được xem xét lại; Ban Tổ chức sẽ thông báo."]
    changed = now.told.changed_from(said.told)
    return [f"LƯU Ý: {changed} đã thay đổi so với văn bản này. Nay là: {now.told.when}; {now.told.place}."]


def _letters(invitations: Sequence[Invitation], base_url: str) -> Iterator[tuple[dict[str, Any], Particulars]]:
    """Each letter with the particulars it was issued with; a draft says what it would say now."""
    now = queries.particulars_now(invitations[0].delegate.seminar)
    known: dict[int, Particulars] = {}
    for one in invitations:
        said = now
        if one.particulars_id is not None:
            said = known.get(one.particulars_id) or particulars.read(one.particulars.said)
            known[one.particulars_id] = said
        yield _letter(one, said, now, base_url), said


def letters_pdf(invitations: Sequence[Invitation], base_url: str) -> bytes:
    """One page (or more) per invitation, in the order given. Drafts carry DỰ THẢO and no code that opens anything.

    The invitations are of one seminar, loaded with `queries.with_letter`. Slow for many: call it outside of a writing
    transaction.
    """
    day: date = invitations[0].document.issued_on
    settings = forms.settings_of(invitations[0].delegate.seminar.settings)
    letters = _letters(invitations, base_url)
    first, said = next(letters)
    form = replace(said.form, is_double_sided=settings.is_double_sided)
    common = {**content.common_data(layout.rules_for(day), form), "heading": said.title}
    made = chain([first], (letter for letter, _said in letters))
    return pdf.compile_many("letter.typ", common, "letters", made, fills_sheets=settings.is_double_sided)


MOST_WORD_LETTERS = 1_000
"""A longer file takes Word minutes to open: groups are then printed one by one, or as PDF."""
MANY_LETTERS = 20
CHILD_SECONDS = 240


def letters_docx(invitations: Sequence[Invitation], base_url: str, now: datetime) -> bytes:
    """One Word file of all the letters, each a section of its own with its code. Slow for many, as `letters_pdf`."""
    if len(invitations) > MOST_WORD_LETTERS:
        raise Refused(
            "A Word file takes at most %(most)s letters. Take the PDF, or issue the groups one by one.",
            most=thousands(MOST_WORD_LETTERS),
        )
    seminar = invitations[0].delegate.seminar
    settings = forms.settings_of(seminar.settings)
    is_draft = not invitations[0].code
    day: date = invitations[0].document.issued_on
    letters = list(_letters(invitations, base_url))
    template = template_of(seminar, invitations[0].document.kind)
    if template is not None:
        return merging.filled(
            files.read(template.sha256),
            [_values(one, *made) for one, made in zip(invitations, letters, strict=True)],
            [] if is_draft else [qr.png(qr_payload(base_url, one.code), box_pixels=4) for one in invitations],
            double_sided=settings.is_double_sided,
        )
    plain = [
        (letter | {"qr": "", "payload": qr_payload(base_url, one.code) if one.code else ""}, said.form)
        for one, (letter, said) in zip(invitations, letters, strict=True)
    ]
    form = replace(letters[0][1].form, is_double_sided=settings.is_double_sided)
    order = (layout.rules_for(day), form, letters[0][1].title, plain, None if is_draft else day, now)
    if len(letters) <= MANY_LETTERS:
        return write_letters(*order)
    made: bytes = run_isolated(write_letters, *order, cpu_seconds=CHILD_SECONDS, wall_seconds=CHILD_SECONDS)
    return made


def _values(invitation: Invitation, letter: dict[str, Any], said: Particulars) -> merging.Values:
    """The letter as the fields of the office's own template (documents/merging.py)."""
    _name, _address, (position, body) = _addressed(invitation)
    return {
        **content.merge_values(
            said.form,
            letter["kind"],
            symbol=letter["symbol"],
            date_line=letter["date_line"],
            subject=letter["subject"],
            is_draft=letter["draft"],
            copies=letter["copies"],
        ),
        **_seminar_values(said),
        "kinh_gui": letter["name"],
        "chuc_vu": position,
        "don_vi": body,
        "thanh_phan": letter["group"],
        "mo_dau": letter["opening"],
        "cac_muc": [{"nhan": point["label"], "noi_dung": point["text"]} for point in letter["points"]],
        "ket_thuc": letter["closing"],
        "trang_phuc": said.dress,
        "ma_dai_bieu": " ".join(letter["digits"]),
        "duong_dan": letter["link"],
        "ghi_chu": letter["notes"],
    }


def seminar_values(seminar: Seminar) -> dict[str, str]:
    """What every template may say of the seminar."""
    return _seminar_values(queries.particulars_now(seminar))


def _seminar_values(said: Particulars) -> dict[str, str]:
    return {
        "ten_toa_dam": rules.quoted_title(said.title),
        "chu_de": said.theme,
        "thoi_gian": said.when,
        "dia_diem": said.place or forms.UNKNOWN,
        "dau_moi": contact(said),
    }


def template_preview(template: bytes, invitation: Invitation, base_url: str) -> bytes:
    """The letter of a drafted invitation by the template; what is missing is red."""
    [(letter, said)] = _letters([invitation], base_url)
    return merging.filled(template, [_values(invitation, letter, said)], is_preview=True)


def write_letters(
    form: layout.Layout,
    settings: forms.DocumentSettings,
    title: str,
    letters: Sequence[tuple[dict[str, Any], forms.DocumentSettings]],
    day: date | None,
    now: datetime,
) -> bytes:
    """The Word file from plain values, for the child process. `settings` are of the file, each letter has its own."""
    from seminar.documents.word.document import WordDocument

    word = WordDocument(
        form,
        title=title,
        now=now,
        draft=day is None,
        double_sided=settings.is_double_sided,
        archive_mark=settings.archive_mark,
        tight=True,
    )
    for number, (letter, its_form) in enumerate(letters):
        if number:
            word.next_letter()
        _write_letter(word, letter, its_form, day)
    return word.save()


def _write_letter(
    word: "WordDocument", letter: dict[str, Any], settings: forms.DocumentSettings, day: date | None
) -> None:
    from seminar.documents.word.runs import Strong

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
    word.signature(forms.printed_recipients(settings.rows_for(kind), letter["copies"]), settings, picture)
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
        place=particulars.place_of(seminar) or forms.UNKNOWN,
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
